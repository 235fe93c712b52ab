"""The graph of a model that keeps none is found on every backend."""

from __future__ import annotations

import importlib
from typing import Any

import keras
import numpy as np
from keras import layers, ops

from tb_nnviz.analysis.model_graph import read_model_graph


class Residual(keras.Model):
    def __init__(self) -> None:
        super().__init__()
        self.widen = layers.Dense(6, "relu", name="widen")
        self.narrow = layers.Dense(4, name="narrow")
        self.scores = layers.Dense(2, name="scores")

    def call(self, inputs: Any) -> Any:
        return self.scores(inputs + ops.tanh(self.narrow(self.widen(inputs))))


class OfTheBackend(Residual):
    """What lies between its layers is the backend's own."""

    def call(self, inputs: Any) -> Any:
        name = keras.backend.backend()
        if name == "jax":
            tanh = importlib.import_module("jax").numpy.tanh
        else:
            tanh = importlib.import_module(name).tanh
        hidden = self.widen(inputs)
        return self.scores(tanh(self.narrow(hidden)))


def edges_of(model: Any) -> list[tuple[str, str]]:
    return sorted((one.source, one.target) for one in read_model_graph(model).edges)


def test_calls_of_a_subclassed_model_are_joined() -> None:
    model = Residual()
    model(np.zeros((2, 4), np.float32))
    assert edges_of(model) == [
        ("add", "scores"),
        ("narrow", "tanh"),
        ("tanh", "add"),
        ("widen", "narrow"),
    ]


def test_code_of_the_backend_is_followed_or_a_note_says_that_it_is_not() -> None:
    model = OfTheBackend()
    model(np.zeros((2, 4), np.float32))
    graph = read_model_graph(model)
    assert [node.path for node in graph.nodes] == ["widen", "narrow", "scores"]
    assert len(graph.notes) == 1
    if keras.backend.backend() == "torch":
        assert graph.notes[0].startswith("What the layers of the model give to one another")
        assert graph.edges == ()
    else:
        assert edges_of(model) == [("narrow", "scores"), ("widen", "narrow")]


def test_weights_are_as_they_were() -> None:
    model = Residual()
    model(np.zeros((2, 4), np.float32))
    before = [ops.convert_to_numpy(variable).tolist() for variable in model.variables]
    read_model_graph(model)
    assert [ops.convert_to_numpy(variable).tolist() for variable in model.variables] == before
