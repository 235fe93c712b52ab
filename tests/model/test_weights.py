"""Which weights a layer has, what they are called, and how they are read."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import keras
import numpy as np
import pytest
from keras import layers

from tb_nnviz.model.layers import list_layers, own_random_states, whole_model
from tb_nnviz.model.variables import WeightValues, copy_values
from tb_nnviz.model.weight_families import has_weights_when_built
from tb_nnviz.model.weights import find_weights
from tests.model.layout_helpers import built, tiles_of, weights_of


def test_weights_of_a_subclassed_model_are_found() -> None:
    class Subclassed(keras.Model):
        def __init__(self) -> None:
            super().__init__()
            self.flatten = layers.Flatten()
            self.dense = layers.Dense(4)

        def call(self, inputs: Any) -> Any:
            return self.dense(self.flatten(inputs))

    model = Subclassed()
    model(np.zeros((1, 6, 5), np.float32))
    assert tiles_of(model, model.dense)[1].size == 6 * 5 * 4
    assert set(weights_of(model, model.dense)) == {"kernel", "bias"}


# Keras warns of the layer it cannot build, and goes on.
@pytest.mark.filterwarnings("ignore:`build\\(\\)` was called on layer:UserWarning")
@pytest.mark.parametrize("make", [lambda: layers.Dense(3), lambda: layers.Conv2D(3, 3)])
def test_a_layer_that_is_never_called_has_no_weights_but_would_have(
    make: Callable[[], Any],
) -> None:
    class WithUnused(keras.Model):
        def __init__(self) -> None:
            super().__init__()
            self.dense = layers.Dense(4)
            self.unused = make()

        def call(self, inputs: Any) -> Any:
            return self.dense(inputs)

    model = WithUnused()
    model(np.zeros((1, 6), np.float32))
    assert weights_of(model, model.unused) == {}
    assert has_weights_when_built(model.unused)
    assert len(weights_of(model, model.dense)) == 2


@pytest.mark.parametrize(
    "make", [layers.Flatten, layers.Add, lambda: layers.Dropout(0.1), keras.Sequential]
)
def test_a_layer_that_never_has_weights_is_known_not_to(make: Callable[[], Any]) -> None:
    assert not has_weights_when_built(make())


def test_weights_of_one_name_get_roles_of_their_own() -> None:
    class TwoOfAName(keras.layers.Layer):
        def build(self, input_shape: Any) -> None:
            for length in (2, 3):
                self.add_weight(shape=(length,), name="w")
            self.unnamed = keras.Variable(np.zeros(4, np.float32))
            self.built = True

        def call(self, inputs: Any) -> Any:
            return inputs

    for _ in range(2):  # Keras numbers unnamed variables over the whole process
        layer = TwoOfAName()
        found = weights_of(built(layer, 5), layer)
        assert {role: weight.shape for role, weight in found.items()} == {
            "w": (2,),
            "w_1": (3,),
            "variable": (4,),
        }


def test_the_kernel_of_a_layer_with_lora_is_what_the_layer_uses() -> None:
    layer = layers.Dense(3)
    model = built(layer, 4)
    layer.enable_lora(2)
    found = weights_of(model, layer)
    assert set(found) == {"kernel", "bias", "lora_kernel_a", "lora_kernel_b"}
    assert found["lora_kernel_a"].layout.represents == {"height": "input", "width": "rank"}
    assert found["lora_kernel_b"].layout.represents == {"height": "rank", "width": "unit"}
    assert "LoRA" in found["kernel"].notes[0]
    before = copy_values(found["kernel"].read())
    layer.lora_kernel_b.assign(np.ones((2, 3)))
    after = copy_values(found["kernel"].read())
    product = copy_values(layer.lora_kernel_a) @ np.ones((2, 3))
    np.testing.assert_allclose(after - before, product, rtol=0, atol=1e-6)


def test_an_embedding_with_lora_is_read_as_it_is_used() -> None:
    layer = layers.Embedding(6, 3)
    model = built(layer, 4)
    layer.enable_lora(2)
    found = weights_of(model, layer)
    assert set(found) == {"embeddings", "lora_embeddings_a", "lora_embeddings_b"}
    layer.lora_embeddings_b.assign(np.ones((2, 3)))
    np.testing.assert_array_equal(
        copy_values(found["embeddings"].read()), copy_values(layer.embeddings)
    )


@pytest.mark.parametrize("mode", ["int8", "int4"])
def test_quantized_kernels_are_codes_in_the_shape_of_the_kernel(mode: str) -> None:
    layer = layers.Dense(3)
    model = built(layer, 4)
    try:
        layer.quantize(mode)
    except (AttributeError, NotImplementedError, ValueError):
        pytest.skip(f"this version of Keras has no {mode}")
    found = weights_of(model, layer)
    assert found["kernel"].shape == (4, 3)
    assert found["kernel"].notes == ("int8 codes of a quantized kernel, before scaling",)
    assert found["kernel_scale"].layout.represents["width"] == "unit"
    assert tiles_of(model, layer)[1].dtype == np.int8
    for weight in found.values():
        assert "index" not in weight.layout.represents.values()
        assert weight.layout.apply(copy_values(weight.read())).shape == weight.layout.shape


def quantized(layer: Any, mode: str) -> Any:
    """The layer, quantized; skips the test where this version of Keras cannot."""
    try:
        layer.quantize(mode)
    except (AttributeError, NotImplementedError, ValueError):
        pytest.skip(f"this version of Keras has no {mode}")
    return layer


@pytest.mark.parametrize("mode", ["int8", "int4"])
@pytest.mark.parametrize("make", [lambda: layers.Dense(5), lambda: layers.Embedding(7, 5)])
def test_lora_on_codes_leaves_them_codes(make: Callable[[], Any], mode: str) -> None:
    layer = make()
    model = built(layer, 4)
    name = "kernel" if isinstance(layer, layers.Dense) else "embeddings"
    quantized(layer, mode)
    codes = copy_values(weights_of(model, layer)[name].read())
    try:
        layer.enable_lora(2)
    except (NotImplementedError, ValueError):
        pytest.skip(f"this version of Keras has no LoRA on {mode}")
    getattr(layer, f"lora_{name}_b").assign(np.ones((2, 5)))
    weight = weights_of(model, layer)[name]
    np.testing.assert_array_equal(copy_values(weight.read()), codes)
    assert weight.dtype == "int8"
    assert weight.shape == codes.shape
    assert "codes of" in weight.notes[0]
    assert weight.notes[1] == "without the product of its LoRA matrices"
    assert layer.lora_enabled


def test_scales_of_an_einsum_dense_without_groups_are_units() -> None:
    layer = layers.EinsumDense("ab,bc->ac", 3)
    model = built(layer, 4)
    quantized(layer, "int8")
    scale = weights_of(model, layer)["kernel_scale"].layout
    assert (scale.shape, scale.represents) == ((1, 3), {"width": "unit"})
    assert scale.is_vector


def test_codes_of_embeddings_are_not_called_a_kernels() -> None:
    layer = layers.Embedding(7, 3)
    model = built(layer, 4)
    quantized(layer, "int8")
    note = "int8 codes of quantized embeddings, before scaling"
    assert weights_of(model, layer)["embeddings"].notes == (note,)


def test_a_kernel_that_a_class_of_the_users_own_computes_is_not_asked_for() -> None:
    class Own(layers.Dense):
        num_asked = 0

        @property
        def kernel(self) -> Any:
            self.num_asked += 1
            return self._kernel + 1

    layer = Own(3)
    model = built(layer, 4)
    layer.num_asked = 0
    weight = weights_of(model, layer)["kernel"]
    np.testing.assert_array_equal(copy_values(weight.read()), copy_values(weight.variable))
    assert weight.notes == ()
    assert layer.num_asked == 0


def test_a_kernel_that_cannot_be_computed_says_why_and_spares_the_others() -> None:
    layer = layers.Dense(3)
    model = built(layer, 4)
    layer.lora_enabled = True  # without the matrices that belong to it
    found = weights_of(model, layer)
    assert "it cannot be read (" in str(found["kernel"].obstacle)
    assert found["bias"].obstacle is None


def test_a_layout_that_cannot_be_chosen_says_why_and_spares_the_others() -> None:
    layer = layers.EinsumDense("ab,bc->ac", 3, bias_axes="c")
    model = built(layer, 4)
    layer.equation = None
    found = weights_of(model, layer)
    assert "it cannot be read (" in str(found["kernel"].obstacle)
    assert found["bias"].obstacle is None


def test_variances_are_never_negative_and_means_may_be() -> None:
    for layer, names in (
        (layers.BatchNormalization(), {"moving_variance"}),
        (layers.Normalization(), {"variance"}),
    ):
        found = weights_of(built(layer, 4), layer).values()
        assert {weight.role for weight in found if weight.is_non_negative} == names


def test_states_of_random_generators_are_no_weights() -> None:
    model = keras.Sequential([layers.Input((4,)), layers.Dropout(0.5), layers.Dense(3)])
    dropout = model.layers[0]
    assert weights_of(model, dropout) == {}
    assert own_random_states(dropout) == dropout.variables


def test_weights_that_the_model_itself_holds_are_found() -> None:
    class Scaled(keras.Model):
        def __init__(self) -> None:
            super().__init__()
            self.dense = layers.Dense(3)
            self.scale = self.add_weight(shape=(3,), name="scale")

        def call(self, inputs: Any) -> Any:
            return self.dense(inputs) * self.scale

    model = Scaled()
    model(np.zeros((1, 4), np.float32))
    entries = list_layers(model)
    entry = whole_model(model, entries)
    assert [weight.role for weight in find_weights(entry, {})] == ["scale"]
    assert entry.index == len(entries)


def test_values_are_copied_once_and_nobody_can_change_them() -> None:
    variable = keras.Variable(np.arange(6, dtype=np.float32).reshape(2, 3))
    reads = []

    def read() -> Any:
        reads.append(1)
        return variable

    values = WeightValues()
    assert values.get("dense/kernel") is None
    first = values.values_of("dense/kernel", read)
    variable.assign(np.zeros((2, 3)))
    assert values.values_of("dense/kernel", read) is first
    assert values.get("dense/kernel") is first
    assert len(reads) == 1
    assert first.tolist() == [[0, 1, 2], [3, 4, 5]]
    assert first.flags.owndata
    with pytest.raises(ValueError, match="read-only"):
        first[0, 0] = 1
    other = WeightValues().values_of("dense/kernel", read)
    assert other.sum() == 0
