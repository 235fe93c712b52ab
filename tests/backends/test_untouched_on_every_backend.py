"""Models that set attributes, or compile their own calls, are as they were on every backend."""

from __future__ import annotations

import functools
import importlib
from collections.abc import Callable
from typing import Any

import keras
import numpy as np
from keras import layers

from tb_nnviz import layer_activations, weight_templates


def compile_method(method: Callable[..., Any]) -> Any:
    """A method compiled with the backend's own means."""
    backend = keras.backend.backend()
    module = importlib.import_module(backend)
    if backend == "tensorflow":
        return module.function(method)
    if backend == "jax":
        return functools.partial(module.jit, static_argnums=0)(method)
    return module.compile(method, backend="eager")


class SetsAttributes(keras.Model):
    def __init__(self) -> None:
        super().__init__()
        self.scores = layers.Dense(3)
        self.steps = 0
        self.seen: list[Any] = []

    def call(self, inputs: Any) -> Any:
        self.steps += 1
        self.features = self.scores(inputs)
        self.seen.append(self.features)
        return self.features


class Compiled(keras.Model):
    def __init__(self) -> None:
        super().__init__()
        self.hidden = layers.Dense(6, "relu")
        self.scores = layers.Dense(3)

    @compile_method
    def call(self, inputs: Any) -> Any:
        return self.scores(self.hidden(inputs))


def make_inputs() -> Any:
    return np.random.default_rng(0).normal(size=(8, 5)).astype(np.float32)


def test_attributes_that_a_call_sets_are_put_back() -> None:
    model, inputs = SetsAttributes(), make_inputs()
    features = model(inputs)
    steps, seen = model.steps, list(model.seen)
    layer_activations(model, inputs, batch_size=3)
    weight_templates(model)
    assert model.steps == steps
    assert model.features is features
    assert len(model.seen) == len(seen)
    assert all(one is other for one, other in zip(model.seen, seen, strict=True))


def test_a_call_that_is_compiled_computes_the_same_afterwards() -> None:
    model, inputs = Compiled(), make_inputs()
    model(inputs[:3])
    weight_templates(model)
    found = layer_activations(model, inputs)
    assert list(found) == ["dense", "dense_1"]
    hidden, scores = model.hidden.get_weights(), model.scores.get_weights()
    inner = np.maximum(inputs @ hidden[0] + hidden[1], 0)
    expected = inner @ scores[0] + scores[1]
    np.testing.assert_allclose(found["dense"], inner, rtol=1e-4, atol=1e-5)
    for count in range(1, 9):
        outputs = keras.ops.convert_to_numpy(model(inputs[:count]))
        np.testing.assert_allclose(outputs, expected[:count], rtol=1e-4, atol=1e-5)
