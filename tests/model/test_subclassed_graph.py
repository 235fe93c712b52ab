"""The graph of a model that keeps none is what its code was seen to call."""

from __future__ import annotations

import random
from collections.abc import Callable
from typing import Any

import keras
import numpy as np
import pytest
from keras import layers, ops

from tb_nnviz.analysis.model_graph import read_model_graph
from tb_nnviz.records import Graph
from tests.model.graph_models import OfTensorFlow, Refusing, Residual, Subclassed

PICTURES = np.zeros((2, 3, 2), np.float32)
VECTORS = np.zeros((2, 4), np.float32)


def built(model: Any, *inputs: Any) -> Any:
    model(*inputs)
    return model


def edges_of(graph: Graph) -> list[tuple[str, str]]:
    return sorted((one.source, one.target) for one in graph.edges)


def test_layers_are_joined_as_the_code_calls_them() -> None:
    graph = read_model_graph(built(Subclassed(), PICTURES))
    assert [node.path for node in graph.nodes] == [
        "flatten",
        "residual",
        "residual/dense",
        "residual/dense_1",
        "residual/dropout",
        "residual/add",
        "residual_1",
        "residual_1/dense",
        "residual_1/dense_1",
        "residual_1/dropout",
        "residual_1/add",
        "dense",
        "scores",
        "never",
    ]
    assert edges_of(graph) == [
        ("dense", "dense"),
        ("dense", "scores"),
        ("flatten", "residual"),
        ("residual", "residual_1"),
        ("residual/dense", "residual/dense_1"),
        ("residual/dense_1", "residual/dropout"),
        ("residual/dropout", "residual/add"),
        ("residual_1", "dense"),
        ("residual_1/dense", "residual_1/dense_1"),
        ("residual_1/dense_1", "residual_1/dropout"),
        ("residual_1/dropout", "residual_1/add"),
    ]
    assert (graph.inputs, graph.outputs, graph.notes) == (("flatten",), ("scores",), ())


def test_a_layer_called_on_its_own_output_has_an_edge_to_itself() -> None:
    graph = read_model_graph(built(Subclassed(), PICTURES))
    (edge,) = [one for one in graph.edges if one.source == one.target]
    assert (edge.source_call, edge.target_call) == (0, 1)
    assert graph.node("dense").num_calls == 2


def test_a_residual_connection_is_an_operation_that_takes_the_inputs_of_its_block() -> None:
    graph = read_model_graph(built(Subclassed(), PICTURES))
    addition = graph.node("residual/add")
    assert (addition.category, addition.layer_type) == ("operation", "Add")
    assert addition.output_shapes == ((None, 6),)
    assert graph.node("residual").inputs == ("residual/dense", "residual/add")
    assert graph.node("residual").outputs == ("residual/add",)


def test_a_layer_that_is_never_called_stands_alone() -> None:
    never = read_model_graph(built(Subclassed(), PICTURES)).node("never")
    assert (never.num_calls, never.output_shapes, never.layer_index) == (0, (), 11)


def test_code_of_tensorflow_is_followed_without_names() -> None:
    graph = read_model_graph(built(OfTensorFlow(), VECTORS))
    assert edges_of(graph) == [
        ("dropout", "second"),
        ("first", "dropout"),
        ("first", "scores"),
        ("second", "scores"),
    ]
    assert (graph.inputs, graph.outputs) == (("first",), ("scores",))
    assert graph.node("second").output_shapes == ((None, 4),)
    (note,) = graph.notes
    assert "what lies between the layers has no names" in note


def test_a_part_of_tensorflows_in_a_functional_model_is_followed_too() -> None:
    inputs = layers.Input((4,))
    graph = read_model_graph(keras.Model(inputs, layers.Dense(2)(OfTensorFlow()(inputs))))
    assert ("of_tensor_flow", "dense") in edges_of(graph)
    assert ("of_tensor_flow/first", "of_tensor_flow/dropout") in edges_of(graph)
    assert graph.node("of_tensor_flow").outputs == ("of_tensor_flow/scores",)


def test_a_model_that_cannot_be_followed_has_its_layers_and_a_note_that_says_why() -> None:
    graph = read_model_graph(built(Refusing(), VECTORS))
    assert [node.path for node in graph.nodes if node.parent is None] == ["sequential", "scores"]
    assert graph.node("scores").num_parameters == 3 * 2 + 2
    # What Keras keeps a graph of is known all the same.
    assert edges_of(graph) == [("sequential/input_layer", "sequential/hidden")]
    (note,) = graph.notes
    assert note.startswith("What the layers of the model give to one another is not known: ")
    assert "shapes of its inputs" not in note


def test_a_model_that_joins_others_and_is_never_called_shows_these() -> None:
    class Adversarial(keras.Model):
        def __init__(self) -> None:
            super().__init__()
            self.generator = keras.Sequential(
                [layers.Input((3,)), layers.Dense(4)], name="generator"
            )
            self.judge = keras.Sequential([layers.Input((4,)), layers.Dense(1)], name="judge")

    graph = read_model_graph(Adversarial())
    assert edges_of(graph) == [
        ("generator/input_layer", "generator/dense"),
        ("judge/input_layer", "judge/dense"),
    ]
    (note,) = graph.notes
    assert note.endswith("is not known: the shapes of its inputs are not known.")


def test_inputs_and_outputs_may_be_dicts() -> None:
    class ByName(keras.Model):
        def __init__(self) -> None:
            super().__init__()
            self.query = layers.Dense(4, name="query")
            self.history = layers.GRU(4, name="history")
            self.scores = layers.Dense(2, name="scores")

        def call(self, inputs: Any) -> Any:
            query, history = self.query(inputs["query"]), self.history(inputs["history"])
            return {"scores": self.scores(query * history), "history": history}

    data = {"query": VECTORS, "history": np.zeros((2, 5, 3), np.float32)}
    graph = read_model_graph(built(ByName(), data))
    assert graph.inputs == ("query", "history")
    assert sorted(graph.outputs) == ["history", "scores"]
    assert edges_of(graph) == [
        ("history", "multiply"),
        ("multiply", "scores"),
        ("query", "multiply"),
    ]


def test_what_code_computes_of_no_input_is_joined_too() -> None:
    class Positions(layers.Layer):
        def __init__(self) -> None:
            super().__init__()
            self.tokens = layers.Embedding(20, 4, name="tokens")
            self.places = layers.Embedding(7, 4, name="places")

        def call(self, inputs: Any) -> Any:
            places = self.places(ops.arange(0, ops.shape(inputs)[-1]))
            return self.tokens(inputs) + places

    inputs = layers.Input((7,), dtype="int32")
    graph = read_model_graph(keras.Model(inputs, layers.Dense(2)(Positions()(inputs))))
    assert ("positions/places", "positions/add") in edges_of(graph)
    assert ("positions/tokens", "positions/add") in edges_of(graph)
    assert graph.node("positions").inputs == ("positions/tokens",)


def test_whole_numbers_are_given_where_code_asks_for_them() -> None:
    class Tokens(keras.Model):
        def __init__(self) -> None:
            super().__init__()
            self.scores = layers.Dense(2, name="scores")

        def call(self, inputs: Any) -> Any:
            return self.scores(ops.one_hot(ops.bitwise_and(inputs, 3), 4))

    model = built(Tokens(), np.zeros((2, 5), np.int32))
    assert read_model_graph(model).outputs == ("scores",)
    assert read_model_graph(model, np.zeros((2, 5), np.int32)).outputs == ("scores",)


class ClassToken(layers.Layer):
    """Puts a learnt token before the others, as vision transformers do."""

    def build(self, input_shape: Any) -> None:
        self.token = self.add_weight(shape=(1, 1, input_shape[-1]), name="token")
        self.projection = layers.Dense(4, name="projection")
        self.projection.build(input_shape)

    def call(self, inputs: Any) -> Any:
        batch_size = ops.shape(inputs)[0]
        tokens = ops.broadcast_to(self.token, (batch_size, 1, 4))
        return ops.concatenate([tokens, self.projection(inputs)], axis=1)


class WithClassToken(keras.Model):
    def __init__(self) -> None:
        super().__init__()
        self.token = ClassToken(name="token")
        self.scores = layers.Dense(2, name="scores")

    def call(self, inputs: Any) -> Any:
        return self.scores(self.token(inputs)[:, 0])


def test_code_that_asks_for_the_number_of_samples_is_followed() -> None:
    graph = read_model_graph(built(WithClassToken(), np.zeros((2, 6, 4), np.float32)))
    assert edges_of(graph) == [
        ("get_item", "scores"),
        ("token", "get_item"),
        ("token/projection", "token/concatenate"),
    ]
    assert graph.node("token/concatenate").output_shapes == ((None, 7, 4),)
    assert graph.notes == ()


def test_a_recurrent_state_of_so_many_samples_is_followed() -> None:
    class Stateful(keras.Model):
        def __init__(self) -> None:
            super().__init__()
            self.recurrent = layers.LSTM(4, stateful=True, name="recurrent")
            self.scores = layers.Dense(2, name="scores")

        def call(self, inputs: Any) -> Any:
            return self.scores(self.recurrent(inputs))

    data = np.zeros((3, 6, 5), np.float32)
    graph = read_model_graph(built(Stateful(), data), data[:2])
    assert edges_of(graph) == [("recurrent", "scores")]
    assert graph.node("scores").output_shapes == ((None, 2),)


def test_a_layer_that_another_one_holds_is_told_where_the_model_calls_it_itself() -> None:
    class Borrowing(keras.Model):
        def __init__(self) -> None:
            super().__init__()
            self.block = Residual(4, name="block")

        def call(self, inputs: Any) -> Any:
            return self.block.narrow(self.block(inputs))

    graph = read_model_graph(built(Borrowing(), VECTORS))
    assert edges_of(graph)[:1] == [("block", "dense")]
    (note,) = graph.notes
    assert note == "'dense' is the layer 'block/dense_1', which stands where it comes first."


def everything_of(model: Any) -> Any:
    """What Keras notes at layers when they are called, and what the code has set."""
    return [
        (len(one._inbound_nodes), len(one._outbound_nodes), len(one.losses), sorted(vars(one)))
        for one in (model, *model._flatten_layers(include_self=False))
    ]


@pytest.mark.parametrize(
    ("make_model", "data"),
    [(Subclassed, PICTURES), (OfTensorFlow, VECTORS), (Refusing, VECTORS)],
)
def test_reading_leaves_nothing_behind(make_model: Callable[[], Any], data: Any) -> None:
    model = built(make_model(), data)
    before, states = everything_of(model), random_states()
    names = made_up_names()
    read_model_graph(model)
    assert everything_of(model) == before
    assert random_states() == states
    pairs = zip(names, made_up_names(), strict=True)
    assert [number_of(after) - number_of(name) for name, after in pairs] == [1, 1, 1]


def random_states() -> Any:
    return random.getstate(), repr(np.random.get_state())  # noqa: NPY002 - the user's own


def made_up_names() -> list[str]:
    """As Keras numbers them over the whole process; neither draws a number."""
    return [layers.Flatten().name, keras.KerasTensor((1,)).name, layers.Add().name]


def number_of(name: str) -> int:
    last = name.rpartition("_")[2]
    return int(last) if last.isdigit() else 0
