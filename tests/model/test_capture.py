"""What is captured of a model equals what sub-models of it give, and nothing of it changes."""

from __future__ import annotations

import warnings
from collections.abc import Callable
from pathlib import Path
from typing import Any

import keras
import numpy as np
import pytest
from keras import layers
from numpy.typing import NDArray

from tb_nnviz.analysis.layer_activations import layer_activations
from tb_nnviz.model.capture import Capture
from tb_nnviz.model.interception import Replacement, intercept
from tb_nnviz.model.layers import list_layers
from tb_nnviz.model.probe_inputs import read_inputs

MODELS = Path(__file__).parents[1] / "data" / "models"
# The same operations in float32, in another order where TensorFlow joins some of them.
CLOSE: dict[str, Any] = {"rtol": 1e-4, "atol": 1e-5}


def functional() -> Any:
    inputs = layers.Input((10, 10, 3))
    left = layers.Conv2D(4, 3, padding="same", activation="relu")(inputs)
    right = layers.BatchNormalization()(layers.Conv2D(4, 1)(inputs))
    joined = layers.MaxPooling2D()(layers.Add()([left, right]))
    flat = layers.Dropout(0.5)(layers.Flatten()(joined))
    return keras.Model(inputs, layers.Dense(3, "softmax")(flat))


def sequential() -> Any:
    return keras.Sequential(
        [
            layers.Input((6, 5)),
            layers.Flatten(),
            layers.Dense(8, "elu"),
            layers.LayerNormalization(),
            layers.Dense(1, "sigmoid"),
        ]
    )


def two_inputs() -> Any:
    pictures, numbers = layers.Input((8, 8, 1), name="pictures"), layers.Input((4,), name="numbers")
    maps = layers.GlobalAveragePooling2D()(layers.Conv2D(3, 3)(pictures))
    joined = layers.Concatenate()([maps, layers.Dense(3, "tanh")(numbers)])
    return keras.Model({"pictures": pictures, "numbers": numbers}, layers.Dense(2)(joined))


def three_outputs() -> Any:
    inputs = layers.Input((5,))
    hidden = layers.Dense(6, "relu")(inputs)
    outputs = [layers.Dense(2, "softmax")(hidden), layers.Dense(1, "sigmoid")(hidden)]
    return keras.Model(inputs, [*outputs, layers.Dense(3)(hidden)])


def mixed() -> Any:
    policy = keras.DTypePolicy("mixed_float16")
    inputs = layers.Input((8, 8, 3))
    maps = layers.Conv2D(4, 3, activation="relu", dtype=policy)(inputs)
    flat = layers.Dense(6, dtype=policy)(layers.Flatten(dtype=policy)(maps))
    return keras.Model(inputs, layers.Activation("softmax", dtype="float32")(flat))


def mini_xception() -> Any:
    return keras.saving.load_model(MODELS / "fer_emotion_mini_xception.h5", compile=False)


def onet() -> Any:
    return keras.saving.load_model(MODELS / "mtcnn_onet.keras", compile=False)


def make_inputs(model: Any, num_samples: int = 5) -> Any:
    generator = np.random.default_rng(0)
    arrays = [
        generator.random((num_samples, *tensor.shape[1:]), np.float32) for tensor in model.inputs
    ]
    if isinstance(getattr(model, "_inputs_struct", None), dict):
        return {tensor.name: array for tensor, array in zip(model.inputs, arrays, strict=True)}
    return arrays[0] if len(arrays) == 1 else arrays


@pytest.mark.parametrize(
    "make", [functional, sequential, two_inputs, three_outputs, mixed, mini_xception, onet]
)
def test_activations_of_every_layer_equal_a_submodels(make: Callable[[], Any]) -> None:
    model = make()
    inputs = make_inputs(model)
    found = layer_activations(model, inputs, batch_size=2)
    computing = [
        entry for entry in list_layers(model) if not isinstance(entry.layer, layers.InputLayer)
    ]
    assert list(found) == [entry.path for entry in computing]
    submodel = keras.Model(model.inputs, [entry.layer.output for entry in computing])
    expected = submodel.predict(inputs, batch_size=2, verbose=0)
    for entry, values in zip(computing, expected, strict=True):
        is_half = entry.layer.compute_dtype == "float16"
        assert found[entry.path].dtype == np.float32
        # float16 has 11 bits; sums within a layer may round differently by a bit or two.
        tolerance = {"rtol": 2e-3, "atol": 2e-3} if is_half else CLOSE
        np.testing.assert_allclose(found[entry.path], values, **tolerance, err_msg=entry.path)


def test_nested_models_are_read_call_by_call() -> None:
    shared = layers.Dense(4, "relu")
    inner = keras.Sequential([layers.Input((4,)), shared, layers.Dense(4)])
    inputs = layers.Input((4,))
    once = inner(inputs)
    model = keras.Model(inputs, layers.Add()([once, inner(shared(once))]))
    samples = make_inputs(model)
    found = layer_activations(model, samples)

    first = shared(samples)
    once_values = inner.layers[-1](first)
    second = shared(once_values)
    third = shared(second)
    last = inner.layers[-1](third)
    expected = {
        "sequential": once_values,
        "sequential#2": last,
        "sequential/dense": first,
        "sequential/dense#2": second,
        "sequential/dense#3": third,
        "sequential/dense_1": once_values,
        "sequential/dense_1#2": last,
        "add": once_values + last,
    }
    assert list(found) == list(expected)
    for key, values in expected.items():
        np.testing.assert_allclose(found[key], values, **CLOSE, err_msg=key)


class Subclassed(keras.Model):
    """Keeps, where it is told to, what each layer gave when it was called."""

    def __init__(self) -> None:
        super().__init__()
        self.first = layers.Dense(5, "relu")
        self.stack = [layers.Dense(5), layers.Dense(3)]
        self.unused = layers.Dense(2)
        self.by_hand: dict[str, NDArray[Any]] | None = None

    def call(self, inputs: Any, *, training: bool = False) -> Any:
        first = self.first(inputs)
        second = self.stack[0](first)
        third = self.stack[0](second + first)
        scores = self.stack[1](third)
        if self.by_hand is not None:
            names = ("dense", "dense_1", "dense_1#2", "dense_2")
            values = (first, second, third, scores)
            self.by_hand.update({n: np.asarray(v) for n, v in zip(names, values, strict=True)})
        return {"scores": keras.ops.sigmoid(scores), "raw": scores}


def test_activations_of_a_subclassed_model_equal_those_of_its_own_call() -> None:
    model = Subclassed()
    model.unused.build((None, 4))
    samples = np.random.default_rng(0).random((5, 4), np.float32)
    found = layer_activations(model, samples)
    model.by_hand = {}
    model(samples)
    by_hand, model.by_hand = dict(model.by_hand), None
    assert list(found) == list(by_hand)
    for key, values in by_hand.items():
        np.testing.assert_allclose(found[key], values, **CLOSE, err_msg=key)
    # A dict's outputs come in the order of its keys.
    capture = Capture(model, read_inputs(samples), logits=True)
    assert [each.activation for each in capture.logits] == [None, "sigmoid"]
    logits = capture.run(read_inputs(samples))[-1]
    np.testing.assert_allclose(logits, by_hand["dense_2"], **CLOSE)
    assert capture.skipped["dense_3"] == "the model never calls it"


def softmax_layer(scores: Any) -> Any:
    return layers.Softmax()(scores)


def activation_layer(scores: Any) -> Any:
    return layers.Activation("sigmoid")(scores)


def operation(scores: Any) -> Any:
    return keras.ops.softmax(scores)


@pytest.mark.parametrize(
    ("finish", "name"),
    [
        (softmax_layer, "softmax"),
        (activation_layer, "sigmoid"),
        (operation, "softmax"),
        (keras.activations.sigmoid, "sigmoid"),
        (lambda scores: scores, None),
        (keras.ops.tanh, None),
    ],
)
def test_logits_are_what_a_final_softmax_or_sigmoid_is_applied_to(
    finish: Callable[[Any], Any], name: str | None
) -> None:
    inputs = layers.Input((4,))
    dense = layers.Dense(3)
    output = finish(dense(inputs))
    model = keras.Model(inputs, output)
    samples = make_inputs(model)
    capture = Capture(model, read_inputs(samples), layers=(), logits=True)
    (logits,) = capture.run(read_inputs(samples))
    assert [each.activation for each in capture.logits] == [name]
    expected = dense(samples) if name else model(samples)
    np.testing.assert_allclose(logits, expected, **CLOSE)


def test_each_output_of_a_model_has_logits_of_its_own() -> None:
    model = three_outputs()
    samples = make_inputs(model)
    capture = Capture(model, read_inputs(samples), layers=(), logits=True)
    assert [(each.output, each.activation) for each in capture.logits] == [
        (0, "softmax"),
        (1, "sigmoid"),
        (2, None),
    ]
    before = [each[1] for each in layer_activations(model, samples).items()]
    assert [array.shape for array in capture.run(read_inputs(samples))] == [
        array.shape for array in before[1:]
    ]


class Doubling(layers.Layer):
    """Applies its activation to what is not its output, and gives two."""

    def __init__(self, times: int) -> None:
        super().__init__()
        self.activation = keras.activations.relu
        self.times = times

    def call(self, inputs: Any) -> Any:
        """Applies it so many times."""
        for _ in range(self.times):
            inputs = self.activation(inputs)
        return inputs if self.times > 1 else (inputs, inputs + 1)


@pytest.mark.parametrize(("times", "keys"), [(1, ["doubling:0", "doubling:1"]), (2, ["doubling"])])
def test_only_what_makes_the_output_at_once_has_a_pre_activation(
    times: int, keys: list[str]
) -> None:
    inputs = layers.Input((4,))
    model = keras.Model(inputs, Doubling(times)(inputs))
    assert list(layer_activations(model, make_inputs(model), pre_activations=True)) == keys


def test_a_linear_activation_has_no_pre_activation() -> None:
    model = keras.Sequential([layers.Input((3,)), layers.Dense(2), layers.Activation("linear")])
    found = layer_activations(model, make_inputs(model), pre_activations=True)
    assert list(found) == ["dense", "activation"]


def test_the_model_is_as_it_was_after_an_error_within_it() -> None:
    class Failing(layers.Layer):
        def call(self, inputs: Any) -> Any:
            raise RuntimeError("no")

    model = sequential()
    failing = Failing()
    failing.built = True
    entries = list_layers(model)
    before = [dict(vars(entry.layer)) for entry in entries]

    def around(call: Any, args: Any, kwargs: Any) -> Any:
        return failing(*args)

    with (
        intercept(calls=[Replacement(entries[-1].layer, around)]),
        pytest.raises(
            ValueError, match=r"does not accept the inputs: got samples of shape"
        ) as info,
    ):
        layer_activations(model, make_inputs(model))
    assert isinstance(info.value.__cause__, RuntimeError)
    for entry, attributes in zip(entries, before, strict=True):
        after = {name: value for name, value in vars(entry.layer).items() if name != "_called"}
        attributes.pop("_called", None)
        assert after == attributes


def test_a_model_is_traced_once_however_many_batches_there_are() -> None:
    model = sequential()
    calls = []

    def around(call: Any, args: Any, kwargs: Any) -> Any:
        calls.append(args)
        return call(*args, **kwargs)

    with warnings.catch_warnings(), intercept(calls=[Replacement(model.layers[1], around)]):
        warnings.simplefilter("error")
        found = layer_activations(model, make_inputs(model, 23), batch_size=4)
    assert len(calls) == 1
    assert {len(array) for array in found.values()} == {23}


def test_a_quantized_layer_is_read_as_it_computes() -> None:
    model = keras.Sequential([layers.Input((16,)), layers.Dense(8, "relu"), layers.Dense(3)])
    samples = make_inputs(model)
    exact = layer_activations(model, samples)["dense"]
    for layer in model.layers:
        layer.quantize("int8")
    found = layer_activations(model, samples, pre_activations=True)
    np.testing.assert_allclose(found["dense"], model.layers[0](samples), **CLOSE)
    np.testing.assert_array_equal(found["dense"], np.maximum(found["dense/pre_activation"], 0))
    assert 0 < np.abs(found["dense"] - exact).max() < 0.1


def test_outputs_without_samples_text_and_nothing_are_skipped_with_a_reason() -> None:
    class Table(layers.Layer):
        def call(self, inputs: Any) -> Any:
            return keras.ops.ones((7, 2))

    class Nothing(layers.Layer):
        def call(self, inputs: Any) -> Any:
            return None

    class Holder(keras.Model):
        def __init__(self) -> None:
            super().__init__()
            self.table, self.nothing, self.dense = Table(), Nothing(), layers.Dense(2)

        def call(self, inputs: Any) -> Any:
            self.nothing(inputs)
            return self.dense(inputs) + keras.ops.sum(self.table(inputs))

    model = Holder()
    samples = np.ones((5, 4), np.float32)
    assert list(layer_activations(model, samples)) == ["dense"]
    skipped = Capture(model, read_inputs(samples)).skipped
    assert skipped == {
        "table": "its output of shape (7, 2) has no axis over samples",
        "nothing": "it returns something that is no dense tensor",
    }


def test_text_goes_in_and_is_not_brought_out() -> None:
    lookup = layers.StringLookup(vocabulary=["a", "b"])
    inputs = layers.Input((2,), dtype="string")
    model = keras.Model(inputs, layers.Embedding(3, 4)(lookup(inputs)))
    found = layer_activations(model, np.array([["a", "b"], ["b", "c"]]))
    assert found["string_lookup"].tolist() == [[1, 2], [2, 0]]
    assert found["embedding"].shape == (2, 2, 4)


def test_a_model_made_for_one_batch_size_is_run_with_that() -> None:
    inputs = layers.Input(batch_shape=(4, 3, 2))
    lstm = layers.LSTM(2, stateful=True)
    model = keras.Model(inputs, lstm(inputs))
    before = [keras.ops.convert_to_numpy(each).copy() for each in model.variables]
    found = layer_activations(model, make_inputs(model, 6))
    assert found["lstm"].shape == (6, 2)
    for variable, values in zip(model.variables, before, strict=True):
        np.testing.assert_array_equal(keras.ops.convert_to_numpy(variable), values)
