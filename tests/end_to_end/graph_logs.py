"""Logs of graphs, written by hand: nobody trains the models that they are of."""

from __future__ import annotations

from itertools import pairwise
from pathlib import Path
from typing import Any

import numpy as np

from tb_nnviz.records import Graph, GraphEdge, GraphNode, Record, build_tile_array
from tests.end_to_end.run_writer import UNIT, source, written_run

IMAGE = ((None, 28, 28, 1),)
MAPS = ((None, 28, 28, 16),)
ENCODER = "encoder"
# Layers of the twins of which weights and activations are logged.
LOGGED = ("refine", "head", f"{ENCODER}/dense", f"{ENCODER}/code")
STEPS = (0, 1, 2)


def write_graphs(logdir: Path) -> None:
    """Two runs of one model with a shared model inside it, with weights and activations."""
    for seed, run in enumerate(("first", "second")):
        with written_run(logdir / run) as writer:
            for step in STEPS:
                records = _records_of_layers(step, seed)
                writer.at_epoch({**({"graph": twins()} if step == 0 else {}), **records}, step)


def write_two_models(logdir: Path) -> None:
    """Runs of two models, one of which could not be traced, and one without a graph."""
    for run, graph in (("plain", chain()), ("untraced", untraced())):
        with written_run(logdir / run) as writer:
            writer.at_epoch({"graph": graph}, 0)
    with written_run(logdir / "weights-only") as writer:
        writer.at_epoch(_records_of_layers(0, 0), 0)


def write_deep_graph(logdir: Path) -> None:
    """A run of a residual network of 50 blocks."""
    with written_run(logdir / "residual") as writer:
        writer.at_epoch({"graph": residual(50)}, 0)


def twins() -> Graph:
    """Two inputs go through one encoder; a layer is called twice in a row."""
    inner = f"{ENCODER}/"
    nodes = (
        _node("left", "InputLayer", "input", IMAGE, index=0),
        _node("right", "InputLayer", "input", IMAGE, index=1),
        _node(
            ENCODER,
            "Functional",
            "model",
            ((None, 32),),
            index=2,
            parameters=25_664,
            trainable="some",
            num_calls=2,
            inputs=(f"{inner}image",),
            outputs=(f"{inner}code",),
        ),
        _node(f"{inner}image", "InputLayer", "input", IMAGE, index=0, parent=ENCODER),
        _node(
            f"{inner}flatten",
            "Flatten",
            "reshaping",
            ((None, 784),),
            index=1,
            parent=ENCODER,
            dtype="float32",
        ),
        _node(
            f"{inner}dense",
            "Dense",
            "dense",
            ((None, 32),),
            index=2,
            parent=ENCODER,
            parameters=24_608,
            trainable="none",
            activation="relu",
            dtype="mixed_bfloat16",
        ),
        _node(
            f"{inner}code",
            "Dense",
            "dense",
            ((None, 32),),
            index=3,
            parent=ENCODER,
            parameters=1_056,
            trainable="all",
        ),
        _node("subtract", "Subtract", "operation", ((None, 32),), index=None, name="subtract"),
        _node("distance", "Concatenate", "merging", ((None, 96),), index=3),
        _node(
            "refine",
            "Dense",
            "dense",
            ((None, 96),),
            index=4,
            parameters=9_312,
            trainable="all",
            activation="tanh",
            num_calls=2,
        ),
        _node("dropout", "Dropout", "regularization", ((None, 96),), index=5),
        _node(
            "head",
            "Dense",
            "dense",
            ((None, 2),),
            index=6,
            parameters=194,
            trainable="all",
            activation="softmax",
        ),
    )
    edges = (
        GraphEdge("left", ENCODER, target_call=0),
        GraphEdge("right", ENCODER, target_call=1),
        GraphEdge(f"{inner}image", f"{inner}flatten"),
        GraphEdge(f"{inner}flatten", f"{inner}dense"),
        GraphEdge(f"{inner}dense", f"{inner}code"),
        GraphEdge(ENCODER, "subtract", source_call=0),
        GraphEdge(ENCODER, "subtract", source_call=1),
        GraphEdge("subtract", "distance"),
        GraphEdge(ENCODER, "distance", source_call=0),
        GraphEdge(ENCODER, "distance", source_call=1),
        GraphEdge("distance", "refine", target_call=0),
        GraphEdge("refine", "refine", source_call=0, target_call=1),
        GraphEdge("refine", "dropout", source_call=1),
        GraphEdge("dropout", "head"),
    )
    return Graph(nodes=nodes, edges=edges, inputs=("left", "right"), outputs=("head",))


def chain() -> Graph:
    """A sequential convolutional network with layers of many categories."""
    layers = (
        _node("image", "InputLayer", "input", IMAGE, index=0),
        _node("rescaling", "Rescaling", "preprocessing", IMAGE, index=1),
        _conv("conv2d", 2, 160),
        _node(
            "batch_normalization",
            "BatchNormalization",
            "normalization",
            MAPS,
            index=3,
            parameters=64,
            trainable="all",
        ),
        _node("re_lu", "ReLU", "activation", MAPS, index=4),
        _node("max_pooling2d", "MaxPooling2D", "pooling", ((None, 14, 14, 16),), index=5),
        _node("flatten", "Flatten", "reshaping", ((None, 3136),), index=6),
        _node(
            "digit",
            "Dense",
            "dense",
            ((None, 10),),
            index=7,
            parameters=31_370,
            trainable="all",
            activation="softmax",
        ),
    )
    edges = tuple(GraphEdge(before.path, after.path) for before, after in pairwise(layers))
    return Graph(nodes=layers, edges=edges, inputs=("image",), outputs=("digit",))


def untraced() -> Graph:
    """A model of which only the layers are known."""
    nodes = (
        _node("tokens", "Embedding", "embedding", (), index=0, parameters=64_000, trainable="all"),
        _node("memory", "LSTM", "recurrent", (), index=1, parameters=33_024, trainable="all"),
        _node(
            "looking",
            "MultiHeadAttention",
            "attention",
            (),
            index=2,
            parameters=16_640,
            trainable="some",
        ),
        _node("rotary", "Rotary", "other", (), index=3),
    )
    note = "no edges: the model's pass could not be traced (ValueError: mask is missing)"
    return Graph(nodes=nodes, notes=(note,))


def residual(blocks: int) -> Graph:
    """``1 + 6 blocks + 2`` layers: every block adds its input to what it makes of it."""
    nodes = [_node("image", "InputLayer", "input", IMAGE, index=0), _conv("stem", 1, 160)]
    edges = [GraphEdge("image", "stem")]
    last = "stem"
    for block in range(blocks):
        made = [
            _conv(f"conv_{block}_a", 6 * block + 2, 2320),
            _node(
                f"norm_{block}_a",
                "BatchNormalization",
                "normalization",
                MAPS,
                index=6 * block + 3,
                parameters=64,
                trainable="all",
            ),
            _node(f"relu_{block}_a", "ReLU", "activation", MAPS, index=6 * block + 4),
            _conv(f"conv_{block}_b", 6 * block + 5, 2320),
            _node(f"add_{block}", "Add", "merging", MAPS, index=6 * block + 6),
            _node(f"relu_{block}", "ReLU", "activation", MAPS, index=6 * block + 7),
        ]
        paths = [last, *(node.path for node in made)]
        edges += [GraphEdge(before, after) for before, after in pairwise(paths)]
        edges.append(GraphEdge(last, f"add_{block}"))
        nodes += made
        last = made[-1].path
    nodes.append(
        _node("pool", "GlobalAveragePooling2D", "pooling", ((None, 16),), index=6 * blocks + 2)
    )
    nodes.append(
        _node(
            "digit",
            "Dense",
            "dense",
            ((None, 10),),
            index=6 * blocks + 3,
            parameters=170,
            trainable="all",
        )
    )
    edges += [GraphEdge(last, "pool"), GraphEdge("pool", "digit")]
    return Graph(nodes=tuple(nodes), edges=tuple(edges), inputs=("image",), outputs=("digit",))


def _conv(name: str, index: int, parameters: int) -> GraphNode:
    return _node(
        name, "Conv2D", "convolution", MAPS, index=index, parameters=parameters, trainable="all"
    )


def _node(
    path: str,
    layer_type: str,
    category: Any,
    output_shapes: Any,
    *,
    index: int | None,
    parameters: int = 0,
    **fields: Any,
) -> GraphNode:
    name = path.rpartition("/")[2]
    given = {"path": path, "name": name, "dtype": "float32", **fields}
    return GraphNode(
        layer_type=layer_type,
        category=category,
        output_shapes=output_shapes,
        layer_index=index,
        num_parameters=parameters,
        num_trainable=parameters if fields.get("trainable") == "all" else 0,
        **given,
    )


def _records_of_layers(step: int, seed: int) -> dict[str, Record]:
    records: dict[str, Record] = {}
    for index, path in enumerate(LOGGED):
        rng = np.random.default_rng(10 * index + seed)
        values = (rng.normal(0, 0.1, (6, 8, 8)) * (1 + 0.2 * step)).astype(np.float32)
        layer = ("Dense", index, path)
        records[f"weights/{path}/kernel"] = build_tile_array(
            values, UNIT, source=source(layer, "kernel", (64, 6))
        )
        records[f"activations/{path}"] = build_tile_array(
            np.abs(values[:4]),
            ("sample", "height", "width"),
            meaning="non_negative",
            source=source(layer, "output", (4, 8, 8)),
        )
    return records
