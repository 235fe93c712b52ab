"""What a model does in its own Python, or compiles on its own, is as if it was never seen."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import keras
import numpy as np
import pytest
import tensorflow as tf
from keras import layers

from tb_nnviz import LogReader, NNViz, layer_activations, weight_templates
from tb_nnviz.model.backends import TensorSpec, call_plainly, load_backend
from tb_nnviz.model.building import build_model
from tb_nnviz.model.samples import describe_samples


def compiled(function: Callable[..., Any]) -> Any:
    return tf.function(function)


class CompiledModel(keras.Model):
    def __init__(self) -> None:
        super().__init__()
        self.hidden = layers.Dense(6, "relu")
        self.normal = layers.BatchNormalization()
        self.dropout = layers.Dropout(0.5)
        self.scores = layers.Dense(3)

    @compiled
    def call(self, inputs: Any, training: bool = False) -> Any:
        hidden = self.normal(self.hidden(inputs), training=training)
        return self.scores(self.dropout(hidden, training=training))


class CompiledLayer(layers.Layer):
    def __init__(self) -> None:
        super().__init__()
        self.inner = layers.Dense(6, "relu")

    @compiled
    def call(self, inputs: Any) -> Any:
        return self.helper(inputs)

    @compiled
    def helper(self, inputs: Any) -> Any:
        return self.inner(inputs)


class Branching(layers.Layer):
    """Python statements on tensors, which only AutoGraph can make operations of."""

    @compiled
    def call(self, inputs: Any) -> Any:
        if tf.reduce_sum(inputs) > 0:
            return self.twice(inputs)
        return -inputs

    def twice(self, inputs: Any) -> Any:
        result = inputs
        for _ in tf.range(1):
            if tf.reduce_sum(result) > 0:
                result = result * 2
        return result


class HoldsCompiled(keras.Model):
    def __init__(self) -> None:
        super().__init__()
        self.hidden = CompiledLayer()
        self.scores = layers.Dense(3)

    def call(self, inputs: Any) -> Any:
        return self.scores(self.hidden(inputs))


def make_inputs(num_samples: int = 16) -> Any:
    return np.random.default_rng(0).normal(size=(num_samples, 5)).astype(np.float32)


def train(make: Callable[[], Any], batch_size: int, log_dir: Path | None) -> dict[str, Any]:
    keras.utils.clear_session()
    keras.utils.set_random_seed(3)
    model, inputs = make(), make_inputs(20)
    model(inputs[:2])  # Keras itself cannot train such a model that it builds in `fit`
    targets = np.arange(20) % 3
    loss = keras.losses.SparseCategoricalCrossentropy(from_logits=True)
    model.compile("adam", loss)
    callbacks = []
    if log_dir is not None:
        data = (inputs, targets)
        callbacks = [NNViz(log_dir, validation_data=data, samples=10, on_error="raise")]
    history = model.fit(
        inputs, targets, batch_size=batch_size, epochs=2, verbose=0, callbacks=callbacks
    )
    return {
        "history": history.history,
        "weights": [values.tobytes() for values in model.get_weights()],
        "outputs": model.predict(inputs, batch_size=batch_size, verbose=0).tobytes(),
    }


@pytest.mark.parametrize("batch_size", [1, 4, 10])
@pytest.mark.parametrize("make", [CompiledModel, HoldsCompiled])
def test_training_a_model_that_is_compiled_on_its_own_is_bit_identical(
    make: Callable[[], Any], batch_size: int, tmp_path: Path
) -> None:
    bare = train(make, batch_size, None)
    assert train(make, batch_size, None) == bare, "two bare runs differ: nothing to compare"
    assert train(make, batch_size, tmp_path / "run") == bare
    views = {tag.partition("/")[0] for tag in LogReader(tmp_path).tags("run")}
    assert views >= {"weights", "activations", "templates"}


@pytest.mark.parametrize("make", [CompiledModel, HoldsCompiled])
def test_a_compiled_model_computes_the_same_after_it_was_looked_into(
    make: Callable[[], Any],
) -> None:
    inputs = make_inputs()

    def outputs(*, is_looked_into: bool) -> list[Any]:
        keras.utils.set_random_seed(3)
        model = make()
        model(inputs[:3])
        if is_looked_into:
            weight_templates(model)
            for count in (1, 5, 16):
                layer_activations(model, inputs, batch_size=count)
        return [model(inputs[:count]).numpy() for count in range(1, 17)]

    for one, other in zip(outputs(is_looked_into=True), outputs(is_looked_into=False), strict=True):
        np.testing.assert_array_equal(one, other)


def test_layers_within_compiled_functions_are_captured() -> None:
    model, inputs = HoldsCompiled(), make_inputs()
    model(inputs)
    found = layer_activations(model, inputs)
    assert {"compiled_layer", "compiled_layer/dense", "dense"} <= set(found)
    inner = model.hidden.inner
    expected = np.maximum(inputs @ inner.kernel.numpy() + inner.bias.numpy(), 0)
    np.testing.assert_allclose(found["compiled_layer/dense"], expected, rtol=1e-5, atol=1e-6)


@pytest.mark.parametrize("sign", [1, -1])
def test_statements_of_a_compiled_function_become_operations(sign: int) -> None:
    model = keras.Sequential([layers.Input((5,)), layers.Dense(4), Branching()])
    model.layers[0].set_weights([np.ones((5, 4)), np.zeros(4)])
    inputs = np.full((3, 5), sign, np.float32)
    found = layer_activations(model, inputs)
    np.testing.assert_array_equal(found["branching"], np.full((3, 4), 10 if sign > 0 else 5))


def test_building_a_model_leaves_nothing_in_its_compiled_function() -> None:
    class Counting(keras.Model):
        def __init__(self) -> None:
            super().__init__()
            self.scores = layers.Dense(3)
            self.calls = self.add_weight(shape=(), initializer="zeros", trainable=False)

        @compiled
        def call(self, inputs: Any) -> Any:
            self.calls.assign_add(1.0)
            return self.scores(inputs)

    model, inputs = Counting(), make_inputs()
    assert build_model(model, describe_samples(inputs)) is None
    # A function traced while the model was built would count nothing.
    model(inputs)
    model(inputs[:2])
    assert float(model.calls) == 2


def test_compiled_functions_of_the_user_are_cached_again_afterwards() -> None:
    traced = []

    @compiled
    def double(tensor: Any) -> Any:
        traced.append(tensor)
        return tensor * 2

    call_before = type(double).__call__
    run = load_backend().compile(
        lambda given: [double(given[0])], [TensorSpec((2,), "float32")], ()
    )
    np.testing.assert_array_equal(run([np.ones(2)])[0], [2, 2])
    assert double.experimental_get_tracing_count() == 0
    with call_plainly():
        double(tf.ones(3))  # eagerly, it is called as ever
    assert double.experimental_get_tracing_count() == 1
    assert type(double).__call__ is call_before


class SetsAttributes(keras.Model):
    def __init__(self) -> None:
        super().__init__()
        self.scores = layers.Dense(3)
        self.steps = 0
        self.seen: list[Any] = []
        self.by_name: dict[str, Any] = {}
        self.sizes: set[int] = set()

    def call(self, inputs: Any) -> Any:
        self.steps += 1
        self.features = self.scores(inputs)
        self.seen.append(self.features)
        self.by_name["last"] = self.features
        self.sizes.add(len(self.seen))
        self.scores.note = self.steps
        return self.features


def test_attributes_that_a_call_sets_are_put_back() -> None:
    model, inputs = SetsAttributes(), make_inputs()
    features = model(inputs)
    steps = model.steps
    layer_activations(model, inputs)
    weight_templates(model)
    assert model.steps == steps
    assert model.scores.note == steps
    assert model.features is features
    assert len(model.seen) == steps
    assert model.seen[-1] is features
    assert model.by_name["last"] is features
    assert set(model.sizes) == set(range(1, steps + 1))
    model(inputs)
    assert model.steps == steps + 1


class OwnVariables(layers.Layer):
    """Variables of TensorFlow itself, written to directly, in a branch and by drawing."""

    def __init__(self) -> None:
        super().__init__()
        self.calls = tf.Variable(0.0, trainable=False)
        self.positive = tf.Variable(0.0, trainable=False)
        self.only_read = tf.Variable(3.0, trainable=False)
        self.generator = tf.random.Generator.from_seed(1)

    def call(self, inputs: Any) -> Any:
        self.calls.assign_add(1.0)
        tf.cond(
            tf.reduce_sum(inputs) > 0,
            lambda: self.positive.assign_add(1.0),
            lambda: tf.identity(self.positive),
        )
        noise = self.generator.normal(tf.shape(inputs))
        return inputs * self.only_read + 0 * self.calls + 0 * noise


def test_variables_of_tensorflow_that_a_call_writes_to_are_put_back() -> None:
    layer = OwnVariables()
    model = keras.Sequential([layers.Input((5,)), layer, layers.Dense(2)])
    inputs = np.abs(make_inputs())
    model(inputs)
    state = layer.generator.state.numpy().tolist()
    before = float(layer.calls), float(layer.positive)
    found = layer_activations(model, inputs, batch_size=4)
    np.testing.assert_array_equal(found["own_variables"], inputs * 3)
    assert (float(layer.calls), float(layer.positive)) == before
    assert layer.generator.state.numpy().tolist() == state
    model(inputs)
    assert float(layer.calls) == before[0] + 1
    assert layer.generator.state.numpy().tolist() != state
