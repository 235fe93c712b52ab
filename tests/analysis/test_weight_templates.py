"""Templates are what they say: the network's own numbers where exact, with notes where not."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import keras
import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from keras import layers, ops

from tb_nnviz import weight_templates
from tb_nnviz.model.linearization import NotLinearError
from tests.model.linear_models import LINEAR, explained, functional, randomize

MODELS = Path(__file__).parents[1] / "data" / "models"
# Of the largest value: rounding of float32 over sums of a few hundred products.
RELATIVE = 1e-5


def random_inputs(model: Any, samples: int = 5) -> Any:
    shape = tuple(model.inputs[0].shape)[1:]
    return np.random.default_rng(1).normal(size=(samples, *shape)).astype(np.float32)


def assert_explains(result: Any, x: Any, outputs: Any) -> None:
    outputs = np.asarray(outputs, np.float64)
    assert explained(result, x).shape == outputs.shape
    assert np.abs(explained(result, x) - outputs).max() <= RELATIVE * np.abs(outputs).max()


def dense_chain(**arguments: Any) -> Any:
    return randomize(
        keras.Sequential(
            [
                layers.Input((4, 5)),
                layers.Flatten(),
                layers.Dense(8, **arguments),
                layers.Dense(6, **arguments),
                layers.Dense(3, "softmax"),
            ]
        )
    )


def test_a_template_of_dense_layers_is_a_column_of_the_product_of_their_matrices() -> None:
    model = dense_chain()
    kernels = [layer.kernel.numpy().astype(np.float64) for layer in model.layers[1:]]
    biases = [layer.bias.numpy().astype(np.float64) for layer in model.layers[1:]]
    product = kernels[0] @ kernels[1] @ kernels[2]
    offsets = (biases[0] @ kernels[1] + biases[1]) @ kernels[2] + biases[2]
    result = weight_templates(model)
    assert result.templates.shape == (3, 4, 5)
    assert np.abs(result.templates - product.T.reshape(3, 4, 5)).max() <= 1e-6
    assert np.abs(result.offsets - offsets).max() <= 1e-6
    assert result.exact
    assert result.notes == ("exact", "before softmax")
    assert result.layer == "dense_2"
    assert result.units == (0, 1, 2)


@pytest.mark.parametrize("name", LINEAR)
def test_templates_and_offsets_give_the_output_of_a_linear_network(name: str) -> None:
    model = randomize(LINEAR[name]())
    x = random_inputs(model)
    result = weight_templates(model)
    assert_explains(result, x, model.predict(x, verbose=0).reshape(len(x), -1))
    assert result.exact
    assert result.notes[0] == "exact"


def test_vectors_with_batch_normalization_and_scales_compose_in_float64() -> None:
    model = randomize(
        keras.Sequential(
            [
                layers.Input((4, 3)),
                layers.Rescaling([1.0, 2.0, 3.0], 0.5),
                layers.BatchNormalization(axis=1),
                layers.Permute((2, 1)),
                layers.Flatten(),
                layers.Dense(5, use_bias=False),
                layers.BatchNormalization(scale=False),
                layers.Dense(2),
            ]
        )
    )
    x = random_inputs(model)
    result = weight_templates(model)
    assert result.templates.dtype == np.float64
    assert_explains(result, x, model.predict(x, verbose=0))


def test_a_flatten_that_moves_channels_last_is_followed() -> None:
    model = randomize(
        keras.Sequential(
            [
                layers.Input((3, 4, 5)),
                layers.Flatten(data_format="channels_first"),
                layers.Dense(2),
            ]
        )
    )
    x = random_inputs(model)
    assert_explains(weight_templates(model), x, model.predict(x, verbose=0))


ACTIVATIONS = {
    "celu": "CELU",
    "elu": "ELU",
    "exponential": "exponential",
    "gelu": "GELU",
    "hard_sigmoid": "hard sigmoid",
    "hard_silu": "hard SiLU",
    "leaky_relu": "leaky ReLU",
    "log_softmax": "log-softmax",
    "mish": "mish",
    "relu": "ReLU",
    "relu6": "ReLU6",
    "selu": "SELU",
    "sigmoid": "sigmoid",
    "silu": "SiLU",
    "softmax": "softmax",
    "softplus": "softplus",
    "softsign": "softsign",
    "swish": "SiLU",
    "tanh": "tanh",
}


def known(name: str) -> bool:
    return hasattr(keras.activations, name)


FORMS = [
    (name, form)
    for name in ACTIVATIONS
    for form in ("fused", "layer", "function")
    # Keras itself cannot call this function in a graph.
    if known(name) and (name, form) != ("mish", "function")
]


@pytest.mark.parametrize(("name", "form"), FORMS)
def test_an_activation_on_the_path_is_replaced_and_counted_by_name(name: str, form: str) -> None:
    function = getattr(ops, name, getattr(keras.activations, name))
    model = randomize(
        functional(
            (6,),
            layers.Dense(4, name if form == "fused" else None),
            *([layers.Activation(name)] if form == "layer" else []),
            *([function] if form == "function" else []),
            layers.Dense(2),
        )()
    )
    linear = randomize(functional((6,), layers.Dense(4), layers.Dense(2))())
    result = weight_templates(model)
    assert not result.exact
    assert result.notes == (f"ignores 1 {ACTIVATIONS[name]}",)
    assert np.allclose(result.templates, weight_templates(linear).templates, atol=1e-12)


@pytest.mark.parametrize(
    ("layer", "name"),
    [(layers.ReLU, "ReLU"), (layers.LeakyReLU, "leaky ReLU"), (layers.ELU, "ELU")],
)
def test_a_layer_that_is_an_activation_is_replaced_fused_or_not(layer: Any, name: str) -> None:
    for steps in ([layers.Dense(4, activation=layer())], [layers.Dense(4), layer()]):
        result = weight_templates(functional((6,), *steps, layers.Dense(2))())
        assert result.notes == (f"ignores 1 {name}",)
        assert not result.exact


def test_replaced_operations_are_counted_in_the_order_of_the_path() -> None:
    steps = [layers.Dense(4, "tanh"), layers.Dense(4, "relu"), layers.Dense(4), layers.ReLU()]
    result = weight_templates(functional((6,), *steps, layers.Dense(2, "softmax"))())
    assert result.notes == ("ignores 1 tanh, 2 ReLU", "before softmax")


POOLING = [
    ((7, 2), layers.MaxPooling1D, layers.AveragePooling1D),
    ((7, 8, 2), layers.MaxPooling2D, layers.AveragePooling2D),
    ((5, 4, 5, 2), layers.MaxPooling3D, layers.AveragePooling3D),
]


@pytest.mark.parametrize(("shape", "maximum", "average"), POOLING)
@pytest.mark.parametrize("padding", ["valid", "same"])
def test_max_pooling_becomes_average_pooling_over_the_same_windows(
    shape: tuple[int, ...], maximum: Any, average: Any, padding: str
) -> None:
    arguments = {"pool_size": 3, "strides": 2, "padding": padding}
    of_maximum = weight_templates(functional(shape, maximum(**arguments), layers.Flatten)())
    of_average = weight_templates(functional(shape, average(**arguments), layers.Flatten)())
    assert np.array_equal(of_maximum.templates, of_average.templates)
    assert not of_maximum.exact
    assert of_maximum.notes == ("max pooling is replaced by average pooling",)
    assert of_average.exact


def test_global_max_pooling_and_its_function_become_averages() -> None:
    for step in (layers.GlobalMaxPooling2D(), lambda x: ops.max_pool(x, 2, 2)):
        result = weight_templates(functional((4, 4, 2), step, layers.Flatten)())
        assert not result.exact
        assert result.templates.sum() == pytest.approx(len(result.templates))


def test_only_the_activations_before_the_units_count() -> None:
    model = dense_chain(activation="relu")
    assert weight_templates(model, "dense").notes == ("exact", "before ReLU")
    assert weight_templates(model, "dense").exact
    assert weight_templates(model, "dense_1").notes == ("ignores 1 ReLU", "before ReLU")


def test_an_activation_layer_stands_for_what_it_is_applied_to() -> None:
    model = functional((6,), layers.Dense(3), layers.Softmax())()
    by_layer = weight_templates(model, "softmax")
    assert by_layer.exact
    assert "before softmax" in by_layer.notes
    assert np.allclose(by_layer.templates, weight_templates(model).templates, atol=1e-6)
    assert weight_templates(model).layer == "dense"
    assert weight_templates(model).notes == ("exact", "before softmax")


def test_pooling_gives_the_scores_where_nothing_but_a_softmax_follows() -> None:
    model = randomize(
        functional((6, 6, 3), layers.Conv2D(4, 3), layers.GlobalAveragePooling2D(), ops.softmax)()
    )
    result = weight_templates(model)
    assert result.layer == "global_average_pooling2d"
    assert result.notes == ("exact", "before softmax")


def test_a_convolution_has_the_template_of_its_central_position_in_its_receptive_field() -> None:
    model = randomize(
        functional((12, 10, 3), layers.Conv2D(4, 3, strides=2), layers.Conv2D(5, 3))()
    )
    result = weight_templates(model, "conv2d_1")
    # 12×10 → 5×4 → 3×2, whose centre (1, 1) reads 3×3 from (1, 1), which reads 7×7 from (2, 2).
    assert result.templates.shape == (5, 7, 7, 3)
    assert result.window == (slice(2, 9), slice(2, 9), slice(0, 3))
    position = "of the central position (1, 1), cropped to its receptive field 7×7 from (2, 2)"
    assert result.notes == ("exact", position)
    x = random_inputs(model)
    assert_explains(result, x, model.predict(x, verbose=0)[:, 1, 1])


def test_a_convolution_with_channels_first_has_units_on_its_first_axis() -> None:
    model = functional((3, 9, 9), layers.ZeroPadding2D(1, data_format="channels_first"))()
    result = weight_templates(model, "zero_padding2d")
    assert len(result.templates) == 3
    assert result.window == (slice(0, 3), slice(4, 5), slice(4, 5))


def test_units_that_depend_on_two_inputs_have_a_template_on_each() -> None:
    left, right = layers.Input((4,), name="left"), layers.Input((2, 3), name="right")
    alone = layers.Dense(2, name="alone")(left)
    both = layers.Concatenate()([alone, layers.Flatten()(right)])
    model = randomize(keras.Model([left, right], layers.Dense(3)(both)))
    result = weight_templates(model)
    x = [np.random.default_rng(0).normal(size=(4, *shape)) for shape in ((4,), (2, 3))]
    said = sum(
        values.reshape(4, -1) @ result.templates[name].reshape(3, -1).T
        for name, values in zip(("left", "right"), x, strict=True)
    )
    assert np.allclose(said + result.offsets, model.predict(x, verbose=0), atol=1e-5)
    assert weight_templates(model, "alone").templates.shape == (2, 4)


def test_an_unlisted_operation_off_the_path_is_no_obstacle() -> None:
    inputs = layers.Input((4, 3))
    kept = layers.Dense(2, name="kept")(layers.Flatten()(inputs))
    ended = layers.Dense(2, name="ended")(layers.LSTM(3)(inputs))
    model = keras.Model(inputs, [kept, ended])
    assert weight_templates(model, "kept").exact
    with pytest.raises(NotLinearError, match=r"ends at layer 'lstm' \(LSTM\): a recurrence"):
        weight_templates(model, "ended")
    with pytest.raises(ValueError, match=r"must name a layer.*'kept', 'ended'"):
        weight_templates(model)


class Squared(keras.layers.Layer):
    def call(self, inputs: Any) -> Any:
        return inputs * inputs


class MyDense(keras.layers.Dense):
    pass


@pytest.mark.parametrize(
    ("step", "words"),
    [
        (Squared(), r"'squared' \(Squared\): a layer of one's own"),
        (MyDense(3), r"'my_dense' \(MyDense\): a layer of one's own"),
        (layers.LayerNormalization(), r"\(LayerNormalization\): it divides"),
        (layers.PReLU(), r"\(PReLU\): its learnt slopes"),
        (layers.Lambda(lambda x: x), r"\(Lambda\): it may compute anything"),
        (lambda x: layers.Multiply()([x, x]), r"\(Multiply\): it multiplies"),
        (lambda x: x * x, r"operation 'multiply' \(Multiply\): it multiplies"),
        (lambda x: 1.0 / x, r"\(TrueDivide\): it divides by one of its inputs"),
        (lambda x: ops.mean(x, axis=0, keepdims=True) + x, r"\(Mean\): it does not keep the axis"),
        (lambda x: ops.reshape(x, (-1, 2)), r"\(Reshape\): it does not keep the axis"),
        (ops.square, r"operation 'square' \(Square\): not known to be linear"),
        (layers.Dense(3, activation=lambda x: x), r"its activation '<lambda>' is not known"),
    ],
)
def test_any_other_operation_ends_the_composition_and_is_named(step: Any, words: str) -> None:
    model = functional((4,), step, layers.Dense(2))()
    with pytest.raises(NotLinearError, match=words):
        weight_templates(model)


def test_integers_and_inputs_without_a_fixed_shape_have_no_templates() -> None:
    integers = layers.Input((4,), dtype="int32", name="tokens")
    model = keras.Model(integers, layers.Dense(2)(ops.cast(integers, "float32")))
    with pytest.raises(NotLinearError, match="'tokens' holds int32"):
        weight_templates(model)
    open_shape = layers.Input((None, None, 3), name="picture")
    model = keras.Model(open_shape, layers.GlobalAveragePooling2D()(open_shape))
    with pytest.raises(NotLinearError, match=r"'picture' has no fixed shape: \(None, None, 3\)"):
        weight_templates(model)


class Subclassed(keras.Model):
    def __init__(self, end: Any = None) -> None:
        super().__init__()
        self.conv = layers.Conv2D(4, 3, activation="relu")
        self.pool = layers.MaxPooling2D()
        self.flatten = layers.Flatten()
        self.dense = layers.Dense(3, activation="softmax")
        self.end = end

    def call(self, inputs: Any, training: bool = False) -> Any:
        tensor = self.flatten(self.pool(self.conv(inputs)))
        return self.dense(tensor if self.end is None else self.end(tensor))


def test_a_subclassed_model_is_run_with_its_layers_replaced() -> None:
    model = Subclassed()
    model(np.zeros((1, 8, 8, 2), np.float32))
    randomize(model)
    same = functional((8, 8, 2), model.conv, model.pool, model.flatten, model.dense)()
    for layer in (None, "dense", "conv2d"):
        ours, theirs = weight_templates(model, layer), weight_templates(same, layer)
        whole = np.zeros_like(ours.templates)
        whole[(slice(None), *(theirs.window or ()))] = theirs.templates
        assert np.allclose(ours.templates, whole, atol=1e-6)
        assert np.allclose(ours.offsets, theirs.offsets, atol=1e-6)
        assert not ours.exact
        assert "linear as far as tried" in ours.notes
        assert [note.split(",")[0] for note in ours.notes if not note.startswith("linear")] == [
            note.split(",")[0] for note in theirs.notes if note != "exact"
        ]


@pytest.mark.parametrize("end", [ops.relu, ops.square, lambda x: x - ops.mean(x, axis=0)])
def test_a_subclassed_model_whose_own_code_is_not_linear_is_refused_by_trial(end: Any) -> None:
    model = Subclassed(end)
    model(np.zeros((1, 8, 8, 2), np.float32))
    randomize(model)
    with pytest.raises(NotLinearError, match="Subclassed, a subclassed model, is not linear"):
        weight_templates(model)


def test_a_subclassed_model_with_an_unlisted_layer_is_refused_by_name() -> None:
    model = Subclassed(layers.LayerNormalization())
    model(np.zeros((1, 8, 8, 2), np.float32))
    with pytest.raises(NotLinearError, match=r"'layer_normalization' \(LayerNormalization\)"):
        weight_templates(model)


def test_the_gate_averages_the_jacobian_of_the_network_as_it_is() -> None:
    model = dense_chain(activation="tanh")
    x = random_inputs(model, 6)
    classes = np.array([0, 1, 2, 2, 1, 2])
    result = weight_templates(model, gate="samples", samples=(x, classes))
    first, second, last = (layer for layer in model.layers[1:])

    def jacobian_and_rest(sample: Any, unit: int) -> tuple[Any, Any]:
        hidden = np.tanh(sample.reshape(-1) @ first.kernel.numpy() + first.bias.numpy())
        deeper = np.tanh(hidden @ second.kernel.numpy() + second.bias.numpy())
        slope = (1 - deeper**2) * last.kernel.numpy()[:, unit]
        gradient = first.kernel.numpy() @ ((1 - hidden**2) * (second.kernel.numpy() @ slope))
        score = deeper @ last.kernel.numpy()[:, unit] + last.bias.numpy()[unit]
        return gradient, score - gradient @ sample.reshape(-1)

    for unit in range(3):
        pairs = [jacobian_and_rest(sample, unit) for sample in x[classes == unit]]
        expected = np.mean([gradient for gradient, _ in pairs], axis=0).reshape(4, 5)
        assert np.allclose(result.templates[unit], expected, atol=1e-5)
        assert result.offsets[unit] == pytest.approx(np.mean([rest for _, rest in pairs]), abs=1e-4)
    assert not result.exact
    assert result.notes == (
        "mean Jacobian over the 1 to 3 samples of each class",
        "before softmax",
    )
    without = weight_templates(model, gate="samples", samples=x)
    assert without.notes[0] == "mean Jacobian over 6 samples"


def test_the_gate_sees_through_operations_that_end_a_composition() -> None:
    model = functional((4, 3), layers.LSTM(5), layers.LayerNormalization(), layers.Dense(2))()
    result = weight_templates(model, gate="samples", samples=random_inputs(model))
    assert result.templates.shape == (2, 4, 3)
    assert np.isfinite(result.templates).all()


@pytest.mark.parametrize(
    ("arguments", "error", "words"),
    [
        ({"layer": "dens"}, ValueError, "Did you mean 'dense'"),
        ({"layer": 3}, TypeError, "name of a layer or None; got 3"),
        ({"layer": "dense#2"}, ValueError, "calls it 1 times"),
        ({"units": [3]}, ValueError, r"has 3 \(0 to 2\); got \[3\]"),
        ({"units": []}, ValueError, "must name units"),
        ({"units": "0"}, TypeError, "list of indices"),
        ({"units": [0.5]}, TypeError, "list of indices"),
        ({"gate": "classes"}, ValueError, "None or 'samples'; got 'classes'"),
        ({"gate": "samples"}, ValueError, "pass samples=x"),
        ({"samples": np.zeros((2, 4, 5))}, ValueError, "with gate='samples' only"),
        ({"gate": "samples", "samples": np.zeros((2, 4, 6))}, ValueError, "do not fit the model"),
        ({"gate": "samples", "samples": 5}, TypeError, "must be an array.*got int"),
        ({"gate": "samples", "samples": "abc"}, TypeError, "must be an array.*got str"),
        ({"gate": "samples", "samples": ()}, ValueError, r"at least one array.*got \(\)"),
        ({"gate": "samples", "samples": []}, ValueError, r"at least one array.*got \[\]"),
        ({"layer": "dense*"}, ValueError, "'dense.' names 3: 'dense', 'dense_1', 'dense_2'"),
        ({"layer": "dense#x"}, ValueError, "'dense#2' for the second one; got 'x'"),
        ({"layer": "dense#²"}, ValueError, "'dense#2' for the second one; got '²'"),
        ({"layer": "dense#0"}, ValueError, "'dense#2' for the second one; got '0'"),
    ],
)
def test_mistakes_in_arguments_say_what_is_accepted(
    arguments: dict[str, Any], error: type[Exception], words: str
) -> None:
    with pytest.raises(error, match=words):
        weight_templates(dense_chain(), **arguments)


def test_a_model_that_is_not_built_says_how_to_build_it() -> None:
    with pytest.raises(ValueError, match=r"no weights yet.*Add an Input"):
        weight_templates(keras.Sequential([layers.Dense(3)]))


def test_units_are_chosen_by_index_from_either_end() -> None:
    model = dense_chain()
    every, some = weight_templates(model), weight_templates(model, units=[2, -3])
    # Products of two columns and of three may be summed in another order: sums of 8 float64 differ
    # by at most 2 · 8 · 2**-53 < 2e-15 of the sum of sizes, at each of the two products.
    error = np.abs(some.templates - every.templates[[2, 0]]).max()
    assert error <= 1e-13 * np.abs(every.templates).max()
    assert some.units == (2, 0)


def test_more_units_than_one_batch_holds_are_all_computed() -> None:
    model = randomize(
        functional((5, 4, 2), layers.Conv2D(150, 2), layers.GlobalAveragePooling2D())()
    )
    x = random_inputs(model)
    assert_explains(weight_templates(model), x, model.predict(x, verbose=0))


def test_a_second_call_of_a_shared_layer_has_templates_of_its_own() -> None:
    shared = layers.Dense(4)
    model = randomize(functional((4,), shared, shared)())
    kernel = shared.kernel.numpy().astype(np.float64)
    assert np.allclose(weight_templates(model, "dense#2").templates, (kernel @ kernel).T)
    assert np.allclose(weight_templates(model, "dense").templates, kernel.T)
    assert weight_templates(model).layer == "dense#2"


def test_a_layer_of_a_nested_model_has_templates_and_the_model_itself_has_not() -> None:
    inner = keras.Sequential([layers.Input((4,)), layers.Dense(5, "relu")], name="inner")
    wrapped = layers.TimeDistributed(layers.Dense(2), name="wrapped")
    inputs = layers.Input((4,))
    outputs = wrapped(layers.Reshape((5, 1))(inner(inputs)))
    model = keras.Model(inputs, outputs)
    assert weight_templates(model, "inner/dense").exact
    with pytest.raises(NotLinearError, match="'inner' is a model of its own: name one of its"):
        weight_templates(model, "inner")
    with pytest.raises(NotLinearError, match=r"inside layer 'wrapped' \(TimeDistributed\)"):
        weight_templates(model, "wrapped/dense")


def test_half_precision_networks_have_templates_to_their_own_precision() -> None:
    with_policy = keras.dtype_policies.DTypePolicy("mixed_float16")
    model = randomize(
        functional(
            (6, 6, 2),
            layers.Conv2D(3, 3, dtype=with_policy),
            layers.BatchNormalization(dtype=with_policy),
            layers.Flatten(dtype=with_policy),
            layers.Dense(4, dtype=with_policy),
        )()
    )
    x = random_inputs(model)
    outputs = model.predict(x, verbose=0).astype(np.float64)
    error = np.abs(explained(weight_templates(model), x) - outputs).max()
    assert error <= 2**-8 * np.abs(outputs).max()  # float16 has 11 bits; a few roundings add up


def half_precision_twins(policy: str) -> tuple[Any, Any]:
    """A network in few bits, and the same weights in float32."""

    def make(name: str) -> Any:
        policy = keras.DTypePolicy(name)
        inputs = layers.Input((6, 6, 2))
        tensor = layers.Conv2D(3, 3, dtype=policy)(inputs)
        tensor = layers.BatchNormalization(dtype=policy)(tensor)
        sequence = layers.Reshape((16, 3), dtype=policy)(tensor)
        tensor = layers.Flatten(dtype=policy)(tensor)
        recurrent = layers.LSTM(4, dtype=policy)(sequence)
        linear = keras.Model(inputs, layers.Dense(4, dtype=policy)(tensor))
        return linear, keras.Model(inputs, layers.Dense(4, dtype=policy)(recurrent))

    few, twin = make(policy), make("float32")
    for one, other in zip(few, twin, strict=True):
        randomize(one)
        other.set_weights(one.get_weights())
    return few, twin


@pytest.mark.parametrize("policy", ["mixed_float16", "mixed_bfloat16"])
def test_templates_of_half_precision_networks_are_computed_in_float32(policy: str) -> None:
    (few, recurrent), (twin, recurrent_twin) = half_precision_twins(policy)
    found, wanted = weight_templates(few), weight_templates(twin)
    np.testing.assert_allclose(found.templates, wanted.templates, rtol=1e-5, atol=1e-6)
    np.testing.assert_allclose(found.offsets, wanted.offsets, rtol=1e-5, atol=1e-6)
    assert found.exact
    x = random_inputs(few)
    gated, gated_wanted = (
        weight_templates(model, gate="samples", samples=x) for model in (recurrent, recurrent_twin)
    )
    np.testing.assert_allclose(gated.templates, gated_wanted.templates, rtol=1e-4, atol=1e-6)
    assert {layer.compute_dtype for layer in few.layers[1:]} == {policy.removeprefix("mixed_")}


def next_number() -> int:
    """The number that Keras gives the next layer of some class, which takes it."""
    suffix = layers.Conv3D(1, 1).name.removeprefix("conv3d").removeprefix("_")
    return int(suffix or 0)


def test_nothing_of_a_model_changes() -> None:
    model = dense_chain(activation="relu")
    model.add(layers.Dropout(0.5))
    before = [ops.convert_to_numpy(variable).copy() for variable in model.variables]
    number = next_number()
    weight_templates(model)
    weight_templates(model, gate="samples", samples=random_inputs(model))
    weight_templates(LINEAR["nested and shared"]())
    assert next_number() == number + 1
    for old, variable in zip(before, model.variables, strict=True):
        assert np.array_equal(old, ops.convert_to_numpy(variable))
    assert model.losses == []


def test_models_of_other_people_have_templates_or_say_where_they_end() -> None:
    faces = keras.saving.load_model(MODELS / "fer_emotion_mini_xception.h5", compile=False)
    result = weight_templates(faces, units=[0])
    assert result.layer == "global_average_pooling2d"
    assert result.notes == (
        "ignores 6 ReLU",
        "max pooling is replaced by average pooling",
        "before softmax",
    )
    detector = keras.saving.load_model(MODELS / "mtcnn_onet.keras", compile=False)
    with pytest.raises(NotLinearError, match=r"ends at layer 'prelu1' \(PReLU\)"):
        weight_templates(detector, "fc5")


def class_correlations(templates: Any, images: Any, labels: Any) -> Any:
    """Which class-mean image each mean-removed template correlates most with."""
    means = np.stack([images[labels == digit].mean(axis=0).reshape(-1) for digit in range(10)])
    flat = np.asarray(templates, np.float64).reshape(10, -1)
    together = np.concatenate([flat - flat.mean(axis=0), means - means.mean(axis=0)])
    return np.corrcoef(together)[:10, 10:].argmax(axis=1)


@pytest.mark.parametrize("hidden", [(), (64, 32)])
def test_templates_of_trained_digits_look_most_like_their_own_digit(
    digits: Any, hidden: tuple[int, ...]
) -> None:
    images, labels = digits
    keras.utils.set_random_seed(0)
    dense = [layers.Dense(units, "relu") for units in hidden]
    model = keras.Sequential(
        [layers.Input((28, 28)), layers.Flatten(), *dense, layers.Dense(10, "softmax")]
    )
    model.compile("adam", "sparse_categorical_crossentropy")
    model.fit(images[1000:], labels[1000:], epochs=5, verbose=0)
    found = class_correlations(weight_templates(model).templates, images, labels)
    assert (found == np.arange(10)).sum() >= 9


STEPS: dict[str, Callable[[], Any]] = {
    "conv": lambda: layers.Conv2D(3, 2, padding="same"),
    "strided": lambda: layers.Conv2D(2, 3, strides=2, padding="same"),
    "normalized": layers.BatchNormalization,
    "pooled": lambda: layers.AveragePooling2D(2, 1, padding="same"),
    "added": lambda: lambda x: layers.Add()([x, layers.Conv2D(x.shape[-1], 1)(x)]),
    "joined": lambda: lambda x: layers.Concatenate()([x, layers.Conv2D(1, 1)(x)]),
    "dense": lambda: layers.Dense(3),
    "scaled": lambda: lambda x: x * 0.5 + 1.0,
    "padded": lambda: layers.ZeroPadding2D(1),
}


@settings(max_examples=12, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(st.lists(st.sampled_from(sorted(STEPS)), min_size=1, max_size=5), st.integers(0, 100))
def test_any_chain_of_linear_operations_is_explained(names: list[str], seed: int) -> None:
    model = randomize(
        functional((5, 6, 2), *(STEPS[name]() for name in names), layers.Flatten)(), seed
    )
    x = random_inputs(model)
    assert_explains(weight_templates(model), x, model.predict(x, verbose=0))
