"""The graph of a functional or Sequential model is exactly the one of its config."""

from __future__ import annotations

import itertools
import math
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import keras
import numpy as np
import pytest
from keras import layers

from tb_nnviz.analysis.model_graph import read_model_graph
from tb_nnviz.model.layers import list_layers
from tb_nnviz.records import Graph
from tests.model.graph_models import (
    FUNCTIONAL,
    Residual,
    nested,
    operations,
    several_outputs,
    shared,
    sharing_with_others,
)

MODELS = Path(__file__).parents[1] / "data" / "models"

# The name of a source, its call and its output; the name of a target, and its call.
Edge = tuple[str, int, int, str, int]


def tensors_in(config: Any) -> Iterator[list[Any]]:
    """All that a config says of where tensors come from: name, call, output."""
    if isinstance(config, dict):
        if config.get("class_name") == "__keras_tensor__":
            yield config["config"]["keras_history"]
            return
        config = list(config.values())
    if isinstance(config, (list, tuple)):
        for member in config:
            yield from tensors_in(member)


def names_in(config: Any) -> list[str]:
    """The names of layers in ``input_layers`` or ``output_layers``, however nested."""
    if isinstance(config, (list, tuple)) and config and isinstance(config[0], str):
        return [config[0]]
    members = config.values() if isinstance(config, dict) else config
    return [name for member in members for name in names_in(member)]


def edges_of_config(config: dict[str, Any]) -> list[Edge]:
    return [
        (source, source_call, output, layer["name"], call)
        for layer in config["layers"]
        for call, node in enumerate(layer["inbound_nodes"])
        for source, source_call, output in tensors_in([node["args"], node["kwargs"]])
    ]


def edges_inside(graph: Graph, parent: str | None) -> list[Edge]:
    """The edges between the nodes inside of one model, by names."""
    names = {node.path: node.name for node in graph.nodes if node.parent == parent}
    return [
        (names[one.source], one.source_call, one.source_output, names[one.target], one.target_call)
        for one in graph.edges
        if one.target in names
    ]


def assert_is_as_configured(graph: Graph, config: dict[str, Any], parent: str | None) -> None:
    """Compares one model's nodes and edges, and those of all models inside it."""
    nodes = {node.name: node for node in graph.nodes if node.parent == parent}
    if all("inbound_nodes" not in layer for layer in config["layers"]):  # a Sequential
        order = [layer["config"]["name"] for layer in config["layers"]]
        inputs, outputs = order[:1], order[-1:]
        expected = [(one, 0, 0, other, 0) for one, other in itertools.pairwise(order)]
    else:
        order = [layer["name"] for layer in config["layers"]]
        inputs, outputs = names_in(config["input_layers"]), names_in(config["output_layers"])
        expected = edges_of_config(config)
        for layer in config["layers"]:
            is_input = layer["class_name"] == "InputLayer"
            assert nodes[layer["name"]].num_calls == (
                1 if is_input else len(layer["inbound_nodes"])
            )
    assert [node.name for node in graph.nodes if node.parent == parent] == order
    assert sorted(edges_inside(graph, parent)) == sorted(expected)
    holder = graph if parent is None else graph.node(parent)
    paths = {node.path: node.name for node in nodes.values()}
    assert sorted({paths[path] for path in holder.inputs}) == sorted(set(inputs))
    assert sorted({paths[path] for path in holder.outputs}) == sorted(set(outputs))
    for layer in config["layers"]:
        if layer["class_name"] in ("Functional", "Sequential"):
            name = layer.get("name") or layer["config"]["name"]
            assert_is_as_configured(graph, layer["config"], nodes[name].path)


def sequential() -> Any:
    return keras.Sequential(
        [layers.Input((4, 4)), layers.Flatten(), layers.Dense(5, "relu"), layers.Dense(2)]
    )


def functional_in_sequential() -> Any:
    inputs = layers.Input((4,))
    inner = keras.Model(inputs, layers.Dense(4)(inputs) + inputs)
    return keras.Sequential([layers.Input((4,)), layers.Dense(4), inner, layers.Dense(1)])


def mini_xception() -> Any:
    return keras.saving.load_model(MODELS / "fer_emotion_mini_xception.h5", compile=False)


def onet() -> Any:
    return keras.saving.load_model(MODELS / "mtcnn_onet.keras", compile=False)


def mobile_net() -> Any:
    return keras.applications.MobileNetV2((32, 32, 3), weights=None, classes=5)


@pytest.mark.parametrize(
    "make_model",
    [*FUNCTIONAL, sequential, functional_in_sequential, mini_xception, onet, mobile_net],
)
def test_nodes_and_edges_are_those_of_the_config(make_model: Callable[[], Any]) -> None:
    model = make_model()
    graph = read_model_graph(model)
    assert_is_as_configured(graph, model.get_config(), None)
    assert graph.edges
    assert graph.notes == ()


@pytest.mark.parametrize("make_model", [*FUNCTIONAL, sequential, mini_xception, onet])
def test_layers_have_the_paths_and_places_that_all_records_use(
    make_model: Callable[[], Any],
) -> None:
    model = make_model()
    entries = {entry.path: entry for entry in list_layers(model)}
    nodes = read_model_graph(model).nodes
    assert len({node.path for node in nodes}) == len(nodes)
    for node in nodes:
        if node.path in entries:
            entry = entries[node.path]
            assert (node.layer_index, node.layer_type) == (entry.index, entry.layer_type)
            assert node.num_parameters == entry.layer.count_params()
            trained = {id(one): one for one in entry.layer.trainable_weights}
            assert node.num_trainable == sum(math.prod(one.shape) for one in trained.values())
        else:
            assert node.layer_index is None
            assert node.category in ("operation", "input")
    # Of what Keras makes of several layers, such as attention, it is the whole that is a node.
    whole = {path for path in entries if "attention/" not in path and "cell" not in path}
    assert whole == {node.path for node in nodes if node.path in entries}


def test_a_shared_layer_is_one_node_and_its_edges_say_which_call() -> None:
    graph = read_model_graph(shared())
    assert graph.node("hidden").num_calls == 3
    assert graph.node("hidden").num_parameters == 6 * 6 + 6
    assert ("hidden", 0, 0, "hidden", 1) in edges_inside(graph, None)
    assert graph.inputs == ("first", "second")


def test_calls_by_other_models_do_not_count() -> None:
    graph = read_model_graph(sharing_with_others())
    assert graph.node("hidden").num_calls == 2
    assert {(one.source_call, one.target_call) for one in graph.edges} == {(0, 0), (0, 1), (1, 0)}


def test_a_nested_model_called_twice_has_what_is_inside_it_once() -> None:
    graph = read_model_graph(nested())
    assert graph.node("encoder").num_calls == 2
    assert graph.node("encoder").category == "model"
    inside = [node.path for node in graph.nodes if node.path.startswith("encoder/")]
    assert inside == [
        "encoder/input_layer",
        "encoder/dense",
        "encoder/core",
        "encoder/core/input_layer",
        "encoder/core/stack",
        "encoder/core/stack/input_layer",
        "encoder/core/stack/dense",
        "encoder/core/stack/re_lu",
        "encoder/core/add",
    ]
    assert graph.node("encoder/core/add").parent == "encoder/core"
    assert graph.node("encoder/core").inputs == ("encoder/core/input_layer",)
    assert graph.node("encoder/core").outputs == ("encoder/core/add",)


def test_a_tensor_that_is_given_twice_has_two_edges() -> None:
    graph = read_model_graph(operations())
    assert [one.source for one in graph.edges if one.target == "stack"] == ["add", "dense", "add"]


def test_outputs_of_a_layer_are_told_apart() -> None:
    graph = read_model_graph(several_outputs())
    taken = {(one.source_output, one.target) for one in graph.edges if one.source == "recurrent"}
    assert taken == {(0, "again"), (1, "again"), (2, "again")}
    assert graph.node("recurrent").output_shapes == ((None, 5, 4), (None, 4), (None, 4))
    assert graph.outputs == ("class", "recurrent")
    assert "unused" in graph.inputs


def test_a_layer_and_an_operation_of_one_name_are_two_nodes() -> None:
    inputs = layers.Input((3,))
    hidden = layers.Dense(3, name="subtract")(inputs)
    graph = read_model_graph(keras.Model(inputs, layers.Add()([hidden + inputs, inputs]) - 1.0))
    kinds = {node.path: node.category for node in graph.nodes}
    assert kinds == {
        "input_layer": "input",
        "subtract": "dense",
        "add": "merging",
        "add_1": "operation",
        "subtract_1": "operation",
    }


def test_a_layer_of_the_model_and_of_one_inside_it_stands_twice_and_a_note_says_so() -> None:
    hidden = layers.Dense(4, name="hidden")
    inner_inputs = layers.Input((4,))
    inner = keras.Model(inner_inputs, hidden(inner_inputs), name="inner")
    inputs = layers.Input((4,))
    graph = read_model_graph(keras.Model(inputs, inner(hidden(inputs))))
    assert graph.node("hidden").parent is None
    assert graph.node("inner/hidden").parent == "inner"
    assert graph.node("inner/hidden").layer_index is None
    note = "'inner/hidden' is the layer 'hidden', which stands where it comes first."
    assert graph.notes == (note,)
    assert edges_inside(graph, "inner")[0][3] == "hidden"


def test_a_fixed_number_of_samples_is_no_length_of_an_output() -> None:
    inputs = layers.Input((5, 3), batch_size=4)
    model = keras.Model(inputs, layers.Dense(2)(layers.LSTM(4, stateful=True)(inputs)))
    shapes = [node.output_shapes for node in read_model_graph(model).nodes]
    assert shapes == [((None, 5, 3),), ((None, 4),), ((None, 2),)]


def test_a_sequential_model_without_input_has_the_one_that_keras_gave_it() -> None:
    model = keras.Sequential([layers.Dense(3), layers.ReLU()])
    model(np.zeros((2, 4), np.float32))
    graph = read_model_graph(model)
    assert [node.category for node in graph.nodes] == ["input", "dense", "activation"]
    assert graph.node("input_layer").output_shapes == ((None, 4),)
    assert [(one.source, one.target) for one in graph.edges] == [
        ("input_layer", "dense"),
        ("dense", "re_lu"),
    ]


def test_two_models_of_one_architecture_have_one_graph_but_for_names() -> None:
    def paths(graph: Graph) -> Any:
        return [node.path for node in graph.nodes], graph.edges, graph.inputs, graph.outputs

    assert paths(read_model_graph(nested())) == paths(read_model_graph(nested()))


def test_a_block_of_ones_own_in_a_functional_model_is_looked_into() -> None:
    inputs = layers.Input((6,))
    block = Residual(6, name="block")
    graph = read_model_graph(keras.Model(inputs, layers.Dense(2)(block(block(inputs)))))
    assert graph.node("block").category == "model"
    assert graph.node("block").num_calls == 2
    assert sorted((one.source, one.target) for one in graph.edges) == [
        ("block", "block"),
        ("block", "dense"),
        ("block/dense", "block/dense_1"),
        ("block/dense_1", "block/dropout"),
        ("block/dropout", "block/add"),
        ("input_layer", "block"),
    ]
    assert graph.node("block").inputs == ("block/dense", "block/add")
    assert graph.node("block").outputs == ("block/add",)


def test_what_is_no_built_model_is_refused() -> None:
    with pytest.raises(TypeError, match="must be a Keras model"):
        read_model_graph([layers.Dense(2)])
    with pytest.raises(ValueError, match="has no weights yet"):
        read_model_graph(keras.Sequential([layers.Dense(2)]))
