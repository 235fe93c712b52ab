"""What is read inside a model is the same on every backend of Keras.

One small network, against the same network in NumPy. Runs on whichever backend the environment
variable KERAS_BACKEND names, and needs none of the others: `make test-backends`.
"""

from __future__ import annotations

import importlib
import random
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import keras
import numpy as np
import pytest
from keras import layers
from numpy.typing import NDArray

from tb_nnviz import (
    LogReader,
    NNViz,
    integrated_gradients,
    layer_activations,
    weight_templates,
)
from tb_nnviz.model.backends import TensorSpec, load_backend
from tb_nnviz.model.capture import Capture
from tb_nnviz.model.layers import list_layers
from tb_nnviz.model.probe_inputs import read_inputs
from tb_nnviz.model.recording import record

Float64 = NDArray[np.float64]

# float32 has 24 bits; sums of a few hundred products of size 1 lose about two digits of them.
CLOSE: dict[str, Any] = {"rtol": 1e-4, "atol": 1e-5}
EPSILON = 1e-3


@dataclass(frozen=True)
class Reference:
    """A convolution, a normalisation and two Dense layers in NumPy, in float64."""

    weights: dict[str, Float64]

    def activations(self, inputs: Float64) -> dict[str, Float64]:
        """What each layer computes, under the keys of a capture."""
        weights = self.weights
        before = sum_over_kernel(inputs, weights["kernel"]) + weights["bias"]
        maps = np.maximum(before, 0)
        normal = (maps - weights["mean"]) * self.normal_factor() + weights["beta"]
        flat = normal.reshape(len(inputs), -1)
        hidden_before = flat @ weights["hidden"]
        hidden = np.tanh(hidden_before)
        scores = hidden @ weights["last"] + weights["last_bias"]
        exponentials = np.exp(scores - scores.max(axis=1, keepdims=True))
        return {
            "conv2d/pre_activation": before,
            "conv2d": maps,
            "batch_normalization": normal,
            "flatten": flat,
            "dropout": flat,
            "dense/pre_activation": hidden_before,
            "dense": hidden,
            "dense_1/pre_activation": scores,
            "dense_1": exponentials / exponentials.sum(axis=1, keepdims=True),
        }

    def normal_factor(self) -> Float64:
        """What the normalisation multiplies with."""
        factor: Float64 = self.weights["gamma"] / np.sqrt(self.weights["variance"] + EPSILON)
        return factor

    def gradients(self, inputs: Float64, cotangent: Float64) -> Float64:
        """The gradient of the sum of cotangent × scores with respect to the inputs."""
        computed, weights = self.activations(inputs), self.weights
        hidden = (cotangent @ weights["last"].T) * (1 - computed["dense"] ** 2)
        maps = (hidden @ weights["hidden"].T).reshape(computed["conv2d"].shape)
        before = maps * self.normal_factor() * (computed["conv2d/pre_activation"] > 0)
        result = np.zeros_like(inputs)
        height, width = before.shape[1:3]
        for row in range(3):
            for column in range(3):
                kernel = weights["kernel"][row, column]
                result[:, row : row + height, column : column + width] += before @ kernel.T
        return result


def sum_over_kernel(inputs: Float64, kernel: Float64) -> Float64:
    height, width = inputs.shape[1] - 2, inputs.shape[2] - 2
    total: Float64 = np.zeros((len(inputs), height, width, kernel.shape[-1]))
    for row in range(3):
        for column in range(3):
            total += inputs[:, row : row + height, column : column + width] @ kernel[row, column]
    return total


def make_reference() -> Reference:
    generator = np.random.default_rng(7)
    shapes: dict[str, tuple[int, ...]] = {
        "kernel": (3, 3, 2, 4),
        "bias": (4,),
        "gamma": (4,),
        "beta": (4,),
        "mean": (4,),
        "variance": (4,),
        "hidden": (64, 6),
        "last": (6, 3),
        "last_bias": (3,),
    }
    weights = {name: generator.normal(size=shape) * 0.3 for name, shape in shapes.items()}
    weights["variance"] = np.abs(weights["variance"]) + 0.5
    return Reference(weights)


def make_model(reference: Reference) -> Any:
    convolution = layers.Conv2D(4, 3, activation="relu", data_format="channels_last")
    normal = layers.BatchNormalization(epsilon=EPSILON)
    hidden = layers.Dense(6, activation="tanh", use_bias=False)
    last = layers.Dense(3, activation="softmax")
    model = keras.Sequential(
        [
            layers.Input((6, 6, 2)),
            convolution,
            normal,
            layers.Flatten(data_format="channels_last"),
            layers.Dropout(0.5),
            hidden,
            last,
        ]
    )
    weights = reference.weights
    convolution.set_weights([weights["kernel"], weights["bias"]])
    normal.set_weights([weights[name] for name in ("gamma", "beta", "mean", "variance")])
    hidden.set_weights([weights["hidden"]])
    last.set_weights([weights["last"], weights["last_bias"]])
    return model


def make_inputs(num_samples: int = 5) -> Float64:
    return np.random.default_rng(8).normal(size=(num_samples, 6, 6, 2))


@pytest.mark.parametrize("batch_size", [1, 2, 5, 8])
def test_activations_and_pre_activations_equal_numpys(batch_size: int) -> None:
    reference, inputs = make_reference(), make_inputs()
    found = layer_activations(
        make_model(reference), inputs, batch_size=batch_size, pre_activations=True
    )
    expected = reference.activations(inputs)
    assert list(found) == list(expected)
    for key, values in expected.items():
        np.testing.assert_allclose(found[key], values, **CLOSE, err_msg=key)
        assert found[key].dtype == np.float32
        assert found[key].flags.owndata


def test_logits_are_the_input_of_the_final_softmax() -> None:
    reference, inputs = make_reference(), make_inputs()
    capture = Capture(make_model(reference), read_inputs(inputs), layers=(), logits=True)
    (logits,) = capture.run(read_inputs(inputs))
    assert [each.activation for each in capture.logits] == ["softmax"]
    np.testing.assert_allclose(
        logits, reference.activations(inputs)["dense_1/pre_activation"], **CLOSE
    )


def test_gradients_of_logits_with_respect_to_inputs_equal_numpys() -> None:
    reference, inputs = make_reference(), make_inputs()
    model, backend = make_model(reference), load_backend()
    cotangent = np.random.default_rng(9).normal(size=(5, 3))

    def scores(tensors: list[Any]) -> Any:
        with record(model, (), backend, tensors[0]) as recording:
            output = model(tensors[0], training=False)
        return recording.logits_of(output).tensor

    # The second input has no part in the result, and whole numbers have no gradient.
    specs = [TensorSpec((5, 6, 6, 2), "float32"), TensorSpec((5, 2), "int32")]
    run = backend.compile_vjp(scores, specs, model.variables)
    output, (gradient, none) = run([inputs, np.zeros((5, 2), np.int32)], cotangent)
    assert gradient is not None
    assert none is None
    np.testing.assert_allclose(
        output, reference.activations(inputs)["dense_1/pre_activation"], **CLOSE
    )
    np.testing.assert_allclose(gradient, reference.gradients(inputs, cotangent), **CLOSE)


def test_templates_and_offsets_equal_what_the_network_computes() -> None:
    # Strides, padding, dilation, a normalisation, a branch, and what does nothing at inference.
    inputs = layers.Input((8, 8, 2))
    left = layers.Conv2D(4, 3, strides=2, padding="same", data_format="channels_last")(inputs)
    left = layers.BatchNormalization(epsilon=EPSILON)(left)
    right = layers.AveragePooling2D(2, data_format="channels_last")(inputs)
    right = layers.Conv2D(
        4, 2, dilation_rate=2, padding="same", data_format="channels_last", use_bias=False
    )(right)
    joined = layers.Flatten(data_format="channels_last")(layers.Add()([left, right]))
    model = keras.Model(inputs, layers.Dense(3)(layers.Dropout(0.5)(joined)))
    generator = np.random.default_rng(10)
    for variable in model.weights:
        values = generator.normal(size=tuple(variable.shape))
        is_variance = variable.path.endswith("moving_variance")
        variable.assign(np.abs(values) + 0.5 if is_variance else values)
    before = [np.array(values) for values in model.get_weights()]
    result = weight_templates(model)
    assert result.exact
    assert result.notes == ("exact",)
    samples = generator.normal(size=(6, 8, 8, 2))
    explained = samples.reshape(6, -1) @ result.templates.reshape(3, -1).T.astype(np.float64)
    outputs = keras.ops.convert_to_numpy(model(samples.astype(np.float32), training=False))
    # Relative to the largest output, since rounding of float32 grows with what is summed.
    tolerance = 1e-5 * np.abs(outputs).max()
    np.testing.assert_allclose(explained + result.offsets, outputs, rtol=0, atol=tolerance)
    for values, old in zip(model.get_weights(), before, strict=True):
        np.testing.assert_array_equal(values, old)


def test_an_input_that_has_no_part_in_the_output_has_no_gradient_or_zeros() -> None:
    specs = [TensorSpec((2,), "float32")] * 2
    run = load_backend().compile_vjp(lambda tensors: tensors[0] * 3.0, specs, ())
    output, (first, second) = run([np.ones(2), np.ones(2)], np.array([1.0, 2.0]))
    np.testing.assert_array_equal(output, [3, 3])
    assert first is not None
    np.testing.assert_array_equal(first, [3, 6])
    assert second is None or not second.any()


def test_a_compiled_function_reads_the_weights_of_each_run() -> None:
    dense = layers.Dense(1, use_bias=False)
    model = keras.Sequential([layers.Input((2,)), dense])
    inputs = read_inputs(np.ones((3, 2)))
    capture = Capture(model, inputs)
    for value in (1.0, 2.5):
        dense.set_weights([np.full((2, 1), value)])
        np.testing.assert_array_equal(capture.run(inputs)[0], np.full((3, 1), 2 * value))


def test_what_was_brought_out_is_not_overwritten_by_the_next_run() -> None:
    model = keras.Sequential([layers.Input((2,)), layers.Activation("linear")])
    first_inputs, second_inputs = read_inputs(np.zeros((3, 2))), read_inputs(np.ones((3, 2)))
    capture = Capture(model, first_inputs)
    first = capture.run(first_inputs)[0]
    second = capture.run(second_inputs)[0]
    assert not first.any()
    assert second.all()
    backend = load_backend()
    compiled = backend.compile(lambda tensors: tensors, [TensorSpec((2,), "float32")], ())
    given = np.zeros(2, np.float32)
    (result,) = compiled([given])
    given[:] = 1
    assert not result.any()
    assert compiled.output_specs == (TensorSpec((2,), "float32"),)


class Restless(layers.Layer):
    """Draws random numbers, counts and adds a loss whenever it is called."""

    def __init__(self) -> None:
        super().__init__()
        self.seed = keras.random.SeedGenerator(3)
        self.count = self.add_weight(shape=(), initializer="zeros", trainable=False)
        self.metric = keras.metrics.Mean()

    def call(self, inputs: Any) -> Any:
        """The inputs with noise."""
        random.random()
        np.random.random()  # noqa: NPY002
        self.count.assign_add(1.0)
        self.metric.update_state(inputs)
        self.add_loss(keras.ops.mean(inputs))
        return inputs + keras.random.normal(keras.ops.shape(inputs), seed=self.seed)


def test_nothing_of_a_model_or_of_a_random_state_changes() -> None:
    restless = Restless()
    model = keras.Sequential(
        [
            layers.Input((4,)),
            layers.Dense(3, "relu"),
            layers.BatchNormalization(),
            restless,
            layers.Dropout(0.5),
            layers.Dense(2, "softmax"),
        ]
    )
    inputs = np.random.default_rng(0).normal(size=(5, 4))
    entries = list_layers(model)
    variables = [*model.variables, *restless.metric.variables]

    def state() -> list[Any]:
        return [
            [np.array(keras.ops.convert_to_numpy(each)).tobytes() for each in variables],
            [sorted(vars(entry.layer)) for entry in entries],
            [entry.layer.__dict__.get("activation") for entry in entries],
            [len(entry.layer._inbound_nodes) for entry in entries],
            [len(entry.layer._outbound_nodes) for entry in entries],
            list(model.losses),
            random.getstate(),
            str(np.random.get_state()),  # noqa: NPY002
        ]

    number = int(layers.Dense(1).name.split("_")[-1])
    tensor_number = int(keras.KerasTensor((1,)).name.split("_")[-1])
    before = state()
    first = layer_activations(model, inputs)
    second = layer_activations(model, inputs, batch_size=2)
    assert state() == before
    assert int(layers.Dense(1).name.split("_")[-1]) == number + 1
    assert int(keras.KerasTensor((1,)).name.split("_")[-1]) == tensor_number + 1
    # The random numbers are those of the same state, so they are the same again.
    np.testing.assert_array_equal(first["restless"].shape, second["restless"].shape)
    again = layer_activations(model, inputs)
    np.testing.assert_array_equal(first["restless"], again["restless"])
    assert np.abs(first["restless"] - first["batch_normalization"]).max() > 0.1


def test_gradients_that_training_left_are_not_touched() -> None:
    dense = layers.Dense(2, use_bias=False)
    model = keras.Sequential([layers.Input((3,)), dense])
    if keras.backend.backend() != "torch":
        assert not hasattr(dense.kernel.value, "grad")
        return
    torch = importlib.import_module("torch")
    dense.kernel.value.grad = torch.full((3, 2), 7.0)
    run = load_backend().compile_vjp(
        lambda tensors: model(tensors[0], training=False),
        [TensorSpec((4, 3), "float32")],
        model.variables,
    )
    run([np.ones((4, 3))], np.ones((4, 2)))
    assert dense.kernel.value.grad.tolist() == [[7.0, 7.0]] * 3
    assert dense.kernel.value.requires_grad


class Mapping(layers.Layer):
    """Calls a layer for each sample by itself."""

    def __init__(self) -> None:
        super().__init__()
        self.inner = layers.Dense(2)

    def build(self, input_shape: Any) -> None:
        """Builds the inner layer."""
        self.inner.build((1, input_shape[-1]))

    def call(self, inputs: Any) -> Any:
        """Calls it within a function of its own."""
        return keras.ops.vectorized_map(lambda row: self.inner(row[None])[0], inputs)


def test_layers_in_loops_and_inner_functions_are_skipped_with_a_reason() -> None:
    model = keras.Sequential(
        [
            layers.Input((4, 3)),
            layers.TimeDistributed(layers.Dense(3)),
            layers.SimpleRNN(3),
            Mapping(),
        ]
    )
    inputs = read_inputs(np.ones((5, 4, 3)))
    capture = Capture(model, inputs)
    keys = ["time_distributed", "simple_rnn", "mapping"]
    assert [call.key for call in capture.calls] == keys
    assert [array.shape for array in capture.run(inputs)] == [(5, 4, 3), (5, 3), (5, 2)]
    step = "it is called for each step of another layer, which shows them"
    assert capture.skipped == {
        "time_distributed/dense": step,
        "simple_rnn/simple_rnn_cell": step,
        "mapping/dense": "its values cannot leave the loop or the inner function it is called in",
    }
    with pytest.raises(ValueError, match="names 'mapping/dense', whose output cannot be had"):
        layer_activations(model, np.ones((5, 4, 3)), layers="mapping/dense")


def test_rematerialised_layers_are_read_as_others_are() -> None:
    inputs = np.random.default_rng(0).normal(size=(3, 4))
    with keras.RematScope(mode="full"):
        dense = layers.Dense(2, "relu")
    model = keras.Sequential([layers.Input((4,)), dense, layers.Dense(2)])
    found = layer_activations(model, inputs, pre_activations=True)
    kernel = keras.ops.convert_to_numpy(dense.kernel)
    np.testing.assert_allclose(found["dense/pre_activation"], inputs @ kernel, **CLOSE)
    assert dense._remat_mode is not None


def test_half_precision_comes_back_as_float32() -> None:
    policy = keras.DTypePolicy("mixed_bfloat16")
    dense = layers.Dense(2, "relu", dtype=policy)
    model = keras.Sequential([layers.Input((4,)), dense])
    inputs = read_inputs(np.random.default_rng(0).normal(size=(3, 4)))
    capture = Capture(model, inputs)
    assert [call.dtype for call in capture.calls] == ["bfloat16", "bfloat16"]
    assert {array.dtype for array in capture.run(inputs)} == {np.dtype(np.float32)}


def train(log_dir: Path | None) -> dict[str, Any]:
    """All that a training leaves behind: weights, states, history, draws, and the next names."""
    keras.utils.clear_session()
    keras.utils.set_random_seed(11)
    model = make_model(make_reference())
    model.compile(keras.optimizers.Adam(0.01), "sparse_categorical_crossentropy")
    inputs = make_inputs(24).astype(np.float32)
    targets = np.arange(24) % 3
    callbacks = []
    if log_dir is not None:
        data = (inputs[:8], targets[:8])
        callbacks = [NNViz(log_dir, validation_data=data, on_error="raise")]
    history = model.fit(inputs, targets, epochs=2, batch_size=8, verbose=0, callbacks=callbacks)
    variables = [*model.variables, *model.optimizer.variables]
    return {
        "variables": [keras.ops.convert_to_numpy(each).tobytes() for each in variables],
        "history": history.history,
        "draws": [
            random.random(),
            float(np.random.random()),  # noqa: NPY002 - the user's own generator
            keras.ops.convert_to_numpy(keras.random.normal((3,))).tolist(),
        ],
        "names": [layers.Dense(1).name, keras.KerasTensor((1,)).name],
    }


def test_a_training_with_all_views_is_bit_identical_to_one_without(tmp_path: Path) -> None:
    bare = train(None)
    assert train(None) == bare, "two bare runs differ: nothing to compare"
    assert train(tmp_path / "run") == bare
    tags = LogReader(tmp_path).tags("run")
    views = {tag.partition("/")[0] for tag in tags}
    assert views >= {
        "weights",
        "histograms",
        "samples",
        "activations",
        "templates",
        "attributions",
    }
    assert {"templates/dense_1", "templates/conv2d", "activations/conv2d"} <= set(tags)


def test_integrated_gradients_equal_numpys_to_what_they_say_of_themselves() -> None:
    reference, inputs = make_reference(), make_inputs()
    targets = np.array([0, 1, 2, 0, 1])
    result = integrated_gradients(
        make_model(reference), inputs, targets=targets, baselines=0.2, batch_size=7
    )
    alphas = (np.arange(1000) + 0.5) / 1000
    one_hot = np.eye(3)[targets]
    for index, sample in enumerate(inputs):
        points = 0.2 + alphas[:, None, None, None] * (sample - 0.2)
        gradients = reference.gradients(points, np.repeat(one_hot[index][None], 1000, axis=0))
        expected = (sample - 0.2) * gradients.mean(axis=0)
        away = np.linalg.norm(result.attributions[index] - expected) / np.linalg.norm(expected)
        assert away <= result.refinement_error[index] <= 0.02
    np.testing.assert_allclose(
        result.output_at_inputs,
        reference.activations(inputs)["dense_1/pre_activation"][np.arange(5), targets],
        **CLOSE,
    )
    assert result.converged.all()


def test_tokens_are_explained_at_their_embedding_and_functions_of_the_output_too() -> None:
    model = keras.Sequential(
        [
            layers.Input((7,), dtype="int32"),
            layers.Embedding(20, 4),
            layers.Conv1D(5, 3, activation="elu", data_format="channels_last"),
            layers.GlobalAveragePooling1D(data_format="channels_last"),
            layers.Dense(1, activation="sigmoid"),
        ]
    )
    tokens = np.random.default_rng(1).integers(1, 20, (6, 7)).astype(np.int32)
    result = integrated_gradients(model, tokens, targets=1, output="probability")
    again = integrated_gradients(
        model, tokens, targets=lambda shares: shares[:, 0], output="probability"
    )
    shares = keras.ops.convert_to_numpy(model(tokens))[:, 0]
    assert result.attributions.shape == tokens.shape
    np.testing.assert_allclose(result.output_at_inputs, shares, **CLOSE)
    np.testing.assert_allclose(result.attributions, again.attributions, **CLOSE)
    np.testing.assert_allclose(
        result.attributions.sum(axis=1),
        result.output_at_inputs - result.output_at_baselines,
        atol=0.02 * np.abs(shares).max(),
    )
