"""Embeddings, normalisations, activations with weights, and weights known by shape alone."""

from __future__ import annotations

from typing import Any

import hypothesis.strategies as st
import keras
import numpy as np
import pytest
from hypothesis import given, settings
from keras import layers

from tb_nnviz.model.layouts.layout import layout_by_shape
from tb_nnviz.model.layouts.per_channel import layout_per_channel
from tests.model.layout_helpers import built, numbered, tiles_of, weights_of


def test_an_embedding_is_a_matrix_of_tokens_and_units() -> None:
    layer = layers.Embedding(9, 4)
    model = numbered(built(layer, 3))
    weight, tiles = tiles_of(model, layer, "embeddings")
    assert weight.layout.represents == {"height": "token", "width": "unit"}
    assert tiles.tolist() == np.arange(36).reshape(9, 4).tolist()


@pytest.mark.parametrize(
    ("make", "roles"),
    [
        (layers.BatchNormalization, {"gamma", "beta", "moving_mean", "moving_variance"}),
        (layers.LayerNormalization, {"gamma", "beta"}),
        (lambda: layers.GroupNormalization(3), {"gamma", "beta"}),
        (layers.Normalization, {"mean", "variance", "count"}),
    ],
)
def test_normalisations_have_a_strip_of_channels_for_each_parameter(
    make: Any, roles: set[str]
) -> None:
    layer = make()
    model = numbered(built(layer, 5, 4, 6))
    found = weights_of(model, layer)
    assert set(found) == roles
    for role in roles - {"count"}:
        weight, tiles = tiles_of(model, layer, role)
        assert weight.layout.axes == ("height", "width")
        assert weight.layout.represents == {"width": "channel"}
        assert weight.layout.is_vector
        assert tiles.tolist() == [list(range(6))]


def test_a_scalar_is_one_cell() -> None:
    layer = layers.Normalization()
    model = built(layer, 5)
    weight, tiles = tiles_of(model, layer, "count")
    assert tiles.shape == (1, 1)
    assert weight.layout.is_vector
    assert weight.notes[0].endswith(" values")
    assert weight.notes[0].startswith("int")


def test_a_slope_for_each_place_of_a_feature_map_is_a_tile_for_each_channel() -> None:
    layer = layers.PReLU()
    model = numbered(built(layer, 2, 3, 4))
    weight, tiles = tiles_of(model, layer, "alpha")
    assert weight.layout.axes == ("channel", "height", "width")
    # Keras keeps (height 2, width 3, channels 4).
    for channel, row, column in np.ndindex(4, 2, 3):
        assert tiles[channel, row, column] == (row * 3 + column) * 4 + channel


@pytest.mark.parametrize(
    ("input_shape", "shared_axes", "axes", "represents"),
    [
        ((2, 3, 4), [1, 2], ("height", "width"), {"width": "channel"}),
        ((5,), None, ("height", "width"), {"width": "channel"}),
        ((6, 5), None, ("height", "width"), {"height": "position", "width": "channel"}),
        ((2, 2, 3, 4), None, ("channel", "depth", "height", "width"), {}),
    ],
)
def test_slopes_follow_the_shape_of_the_input(
    input_shape: tuple[int, ...], shared_axes: Any, axes: Any, represents: Any
) -> None:
    layer = layers.PReLU(shared_axes=shared_axes)
    weight = weights_of(built(layer, *input_shape), layer)["alpha"]
    assert weight.layout.axes == axes
    assert weight.layout.represents == represents
    assert weight.layout.is_vector == (represents == {"width": "channel"})


def test_channels_that_come_first_are_the_channels() -> None:
    layout = layout_per_channel((4, 2, 3), is_channels_first=True)
    values = np.arange(24).reshape(4, 2, 3)
    assert layout.axes == ("channel", "height", "width")
    np.testing.assert_array_equal(layout.apply(values), values)
    assert layout_per_channel((4, 6), is_channels_first=True).represents == {
        "height": "channel",
        "width": "position",
    }


def test_a_layer_normalised_over_the_whole_picture_has_a_tile_for_each_channel() -> None:
    layer = layers.LayerNormalization(axis=(1, 2, 3))
    model = numbered(built(layer, 2, 3, 4))
    weight, tiles = tiles_of(model, layer, "gamma")
    assert weight.layout.axes == ("channel", "height", "width")
    assert tiles[3, 1, 2] == (1 * 3 + 2) * 4 + 3


@pytest.mark.parametrize(
    "make",
    [
        lambda: layers.LayerNormalization(axis=(1, 2)),
        lambda: layers.LayerNormalization(axis=(-2, -1)),
        lambda: layers.Normalization(axis=(1, 2)),
    ],
)
def test_a_sequence_normalised_as_a_whole_has_a_matrix_of_positions_and_channels(make: Any) -> None:
    layer = make()
    weights = weights_of(built(layer, 6, 4), layer)
    weight = weights.get("gamma") or weights["mean"]
    assert weight.shape == (6, 4)
    assert weight.layout.represents == {"height": "position", "width": "channel"}


def test_a_normalisation_over_some_axes_of_a_picture_claims_no_positions() -> None:
    layer = layers.LayerNormalization(axis=(1, 2))
    weight = weights_of(built(layer, 6, 5, 4), layer)["gamma"]
    assert weight.layout.represents == {"height": "axis_0", "width": "axis_1"}


def test_spectral_normalisation_has_its_vector_beside_the_kernel_of_the_layer_within() -> None:
    inner = layers.Conv2D(4, 3)
    layer = layers.SpectralNormalization(inner)
    model = built(layer, 5, 5, 2)
    assert set(weights_of(model, layer)) == {"vector_u"}
    assert tiles_of(model, layer, "vector_u")[1].shape == (1, 4)
    assert set(weights_of(model, inner)) == {"kernel", "bias"}


class Custom(keras.layers.Layer):
    """A layer with weights of any shapes and dtypes."""

    def __init__(self, shapes: list[tuple[int, ...]], dtype: str = "float32") -> None:
        super().__init__()
        self._shapes, self._weights_dtype = shapes, dtype

    def build(self, input_shape: Any) -> None:
        for number, shape in enumerate(self._shapes):
            self.add_weight(
                shape=shape,
                dtype=self._weights_dtype,
                initializer="zeros",
                trainable=False,
                name=f"w{number}",
            )
        self.built = True

    def call(self, inputs: Any) -> Any:
        return inputs


def test_weights_of_a_custom_layer_are_laid_out_by_shape() -> None:
    layer = Custom([(), (3,), (3, 4), (2, 3, 4), (5, 2, 3, 4)])
    model = numbered(built(layer, 6))
    found = weights_of(model, layer)
    assert [found[f"w{number}"].layout.axes for number in range(5)] == [
        ("height", "width"),
        ("height", "width"),
        ("height", "width"),
        ("axis_0", "height", "width"),
        ("axis_0", "axis_1", "height", "width"),
    ]
    assert [found[f"w{number}"].layout.is_vector for number in range(5)] == [True, True] + [
        False
    ] * 3
    assert found["w1"].layout.represents == {"width": "index"}
    assert found["w2"].layout.represents == {"height": "axis_0", "width": "axis_1"}
    assert found["w4"].layout.represents == {"height": "axis_2", "width": "axis_3"}
    tiles = tiles_of(model, layer, "w4")[1]
    assert tiles[4, 1, 2, 3] == ((4 * 2 + 1) * 3 + 2) * 4 + 3


@pytest.mark.parametrize("shape", [(5, 1), (1, 5), (1, 1, 5), (1, 5, 1, 1)])
def test_a_vector_is_a_strip_whatever_its_rank(shape: tuple[int, ...]) -> None:
    layout = layout_by_shape(shape)
    assert layout.is_vector
    assert layout.represents == {"width": "index"}
    assert layout.apply(np.arange(5).reshape(shape)).tolist() == [[0, 1, 2, 3, 4]]


@pytest.mark.parametrize("shape", [(), (1, 1), (1, 1, 1)])
def test_a_single_value_is_one_cell_whatever_its_rank(shape: tuple[int, ...]) -> None:
    layout = layout_by_shape(shape)
    assert layout.is_vector
    assert (layout.shape, layout.represents) == ((1, 1), {})


@pytest.mark.parametrize("dtype", ["bool", "uint8", "int32"])
def test_the_dtype_of_what_is_no_floating_point_number_is_noted(dtype: str) -> None:
    layer = Custom([(3,)], dtype)
    weight = weights_of(built(layer, 6), layer)["w0"]
    assert (weight.dtype, weight.notes) == (dtype, (f"{dtype} values",))
    assert weight.obstacle is None


@pytest.mark.parametrize("dtype", ["float16", "bfloat16", "float64"])
def test_floating_point_numbers_of_any_size_are_read(dtype: str) -> None:
    layer = Custom([(3,)], dtype)
    weight, tiles = tiles_of(built(layer, 6), layer, "w0")
    assert (weight.dtype, weight.notes) == (dtype, ())
    assert tiles.dtype.name == dtype


def test_what_is_no_number_says_why_it_cannot_be_shown() -> None:
    layer = Custom([(3,)], "complex64")
    try:
        model = built(layer, 6)
    except (TypeError, ValueError):
        pytest.skip("this version of Keras has no complex variables")
    assert "complex64" in str(weights_of(model, layer)["w0"].obstacle)


@settings(deadline=None)
@given(st.lists(st.integers(0, 4), max_size=5))
def test_a_layout_by_shape_keeps_the_order_of_all_values(shape: list[int]) -> None:
    values = np.arange(int(np.prod(shape))).reshape(shape)
    layout = layout_by_shape(tuple(shape))
    tiles = layout.apply(values)
    assert tiles.shape == layout.shape
    assert len(set(layout.axes)) == tiles.ndim
    assert tiles.reshape(-1).tolist() == values.reshape(-1).tolist()


@settings(deadline=None)
@given(st.lists(st.integers(0, 4), max_size=5), st.booleans())
def test_a_layout_by_channel_has_every_value_once(shape: list[int], is_first: bool) -> None:
    values = np.arange(int(np.prod(shape))).reshape(shape)
    layout = layout_per_channel(tuple(shape), is_channels_first=is_first)
    tiles = layout.apply(values)
    assert len(layout.axes) == tiles.ndim
    assert sorted(tiles.reshape(-1).tolist()) == list(range(values.size))
