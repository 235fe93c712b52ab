"""The graph of a model: its layers and operations, and what flows between them, as a record."""

from __future__ import annotations

import hashlib
import json
from typing import Any

from tb_nnviz.model.building import check_is_model, is_built
from tb_nnviz.model.layer_graph import LayerNode, describe_layer, read_layer_graph
from tb_nnviz.records import Graph, GraphEdge, GraphNode, Source
from tb_nnviz.records.graph_codec import graph_fields

VIEW = "graph"
TAG = "graph"
# Moment, ordinal and what frames a record in an event file.
_HEADER_BYTES = 400


def read_model_graph(model: Any, samples: Any = None) -> Graph:
    """The graph of a built model, exactly as the model is.

    Of a functional or Sequential model, nodes and edges are those that ``model.get_config()``
    has; of any other, what its code was seen to call in one pass on shapes alone. Nothing of the
    model changes, and nothing is computed.

    Args:
        model: any Keras model that is built.
        samples: an array, or a list, tuple or dict of arrays, as the model takes them, from whose
            shapes and types a subclassed model is called; None for the shapes that it was built
            for.

    Returns:
        The record. A model whose code cannot be followed has nodes without edges, and a note that
        says why.

    Raises:
        TypeError: the model is no Keras model.
        ValueError: the model is not built.
    """
    check_is_model(model)
    if not is_built(model):
        raise ValueError(
            "The `model` has no weights yet, so that its layers have no shapes. Add an Input to "
            "it, call model.build, or call it on a sample."
        )
    found = read_layer_graph(model, samples)
    trained = frozenset(id(variable) for variable in model.trainable_variables)
    return Graph(
        nodes=tuple(_node(node, trained) for node in found.nodes),
        edges=tuple(
            GraphEdge(one.source, one.target, one.source_call, one.source_output, one.target_call)
            for one in found.connections
        ),
        inputs=found.inputs,
        outputs=found.outputs,
        notes=found.notes,
        source=Source(layer_type=type(model).__name__),
    )


def estimate_graph_bytes(graph: Graph) -> int:
    """About the size of the record in the log."""
    return len(_text_of(graph)) + _HEADER_BYTES


def digest_graph(graph: Graph) -> str:
    """Equal for equal graphs only."""
    return hashlib.sha256(_text_of(graph)).hexdigest()


def _text_of(graph: Graph) -> bytes:
    return json.dumps(graph_fields(graph), ensure_ascii=False, separators=(",", ":")).encode()


def _node(node: LayerNode, trained: frozenset[int]) -> GraphNode:
    facts = describe_layer(node.operation, trained)
    return GraphNode(
        path=node.path,
        name=node.name,
        layer_type=facts.layer_type,
        category=facts.category,
        output_shapes=node.output_shapes,
        num_parameters=facts.num_parameters,
        num_trainable=facts.num_trainable,
        trainable=facts.trainable,
        dtype=facts.dtype,
        activation=facts.activation,
        num_calls=node.num_calls,
        parent=node.parent,
        layer_index=node.index,
        inputs=node.inputs,
        outputs=node.outputs,
    )
