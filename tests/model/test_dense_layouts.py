"""Kernels of Dense layers: which pictures their tiles are."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import keras
import numpy as np
import pytest
from keras import layers

from tb_nnviz.model.variables import copy_values
from tests.model.layout_helpers import (
    Array,
    set_whole_kernels,
    tiles_of,
    weights_of,
    whole_numbers,
)


def dense_after(*before: Any, units: int = 5) -> tuple[Any, Any]:
    """A Sequential of the given layers and a Dense without bias, and that Dense."""
    dense = layers.Dense(units, use_bias=False)
    return keras.Sequential([*before, dense]), dense


def assert_tiles_times_picture_are_the_outputs(
    model: Any,
    dense: Any,
    axes: tuple[str, ...],
    picture: Callable[[Array], Array],
    *,
    tolerance: float = 0.0,
) -> None:
    """The tile of unit j times the picture, summed, is the output of unit j.

    ``picture`` makes of the model's input what the tiles lie over, with the tile's axes.
    """
    set_whole_kernels(model)
    inputs = whole_numbers(99, (2, *model.input_shape[1:]))
    found, tiles = tiles_of(model, dense)
    assert found.layout.axes == axes
    assert found.layout.represents == {}
    expected = keras.ops.convert_to_numpy(model(inputs))
    pictures = picture(inputs)
    assert pictures.shape[1:] == tiles.shape[1:]
    sums = np.tensordot(pictures, tiles, (range(1, tiles.ndim), range(1, tiles.ndim)))
    np.testing.assert_allclose(sums, expected, rtol=0, atol=tolerance)


def as_it_is(inputs: Array) -> Array:
    return inputs


def test_a_dense_layer_on_a_flattened_picture_has_pictures_as_tiles() -> None:
    model, dense = dense_after(layers.Input((28, 20)), layers.Flatten())
    assert_tiles_times_picture_are_the_outputs(model, dense, ("unit", "height", "width"), as_it_is)


def test_a_picture_with_one_channel_is_a_picture() -> None:
    model, dense = dense_after(layers.Input((9, 7, 1)), layers.Flatten())
    assert_tiles_times_picture_are_the_outputs(
        model, dense, ("unit", "height", "width"), lambda inputs: inputs[..., 0]
    )


def test_the_three_channels_of_the_input_are_colors() -> None:
    model, dense = dense_after(layers.Input((8, 6, 3)), layers.Flatten())
    axes = ("unit", "height", "width", "color")
    assert_tiles_times_picture_are_the_outputs(model, dense, axes, as_it_is)


def test_two_channels_are_in_channels() -> None:
    model, dense = dense_after(layers.Input((8, 6, 2)), layers.Flatten())
    assert_tiles_times_picture_are_the_outputs(
        model,
        dense,
        ("unit", "in_channel", "height", "width"),
        lambda inputs: inputs.transpose(0, 3, 1, 2),
    )


@pytest.mark.parametrize("filters", [3, 4])
def test_feature_maps_are_in_channels_also_where_they_are_three(filters: int) -> None:
    convolution = layers.Conv2D(filters, 3, use_bias=False)
    model, dense = dense_after(layers.Input((8, 7, 2)), convolution, layers.Flatten())

    def feature_maps(inputs: Array) -> Array:
        maps: Array = keras.ops.convert_to_numpy(convolution(inputs))
        return maps.transpose(0, 3, 1, 2)

    axes = ("unit", "in_channel", "height", "width")
    assert_tiles_times_picture_are_the_outputs(model, dense, axes, feature_maps)


def test_layers_that_leave_values_in_place_are_seen_through() -> None:
    # With so small an epsilon a new BatchNormalization changes nothing but the last bits: of
    # 30 products up to 8 * 4 the sum is off by at most 30 * 32 * 1.2e-7; a value in a wrong
    # place is off by 1 or more.
    model, dense = dense_after(
        layers.Input((6, 5)),
        layers.Rescaling(2.0),
        layers.Dropout(0.5),
        layers.Flatten(),
        layers.BatchNormalization(epsilon=1e-12),
        layers.GaussianNoise(1.0),
        layers.Dropout(0.5),
    )
    assert_tiles_times_picture_are_the_outputs(
        model, dense, ("unit", "height", "width"), lambda inputs: 2 * inputs, tolerance=2e-4
    )


def test_reshape_is_seen_through_and_the_nearest_picture_counts() -> None:
    model, dense = dense_after(
        layers.Input((48,)), layers.Reshape((8, 6)), layers.Reshape((48,)), layers.Dropout(0.1)
    )
    assert_tiles_times_picture_are_the_outputs(
        model, dense, ("unit", "height", "width"), lambda inputs: inputs.reshape(-1, 8, 6)
    )


def test_flatten_channels_first_is_undone() -> None:
    model, dense = dense_after(layers.Input((2, 6, 5)), layers.Flatten("channels_first"))
    assert_tiles_times_picture_are_the_outputs(
        model, dense, ("unit", "in_channel", "height", "width"), as_it_is
    )


def test_colors_that_come_first_are_colors() -> None:
    model, dense = dense_after(layers.Input((3, 6, 5)), layers.Flatten("channels_first"))
    assert_tiles_times_picture_are_the_outputs(
        model,
        dense,
        ("unit", "height", "width", "color"),
        lambda inputs: inputs.transpose(0, 2, 3, 1),
    )


def test_flatten_channels_first_of_a_picture_without_channels_is_undone() -> None:
    # Keras takes the first of two axes for the channels as well, and moves it last.
    model, dense = dense_after(layers.Input((6, 5)), layers.Flatten("channels_first"))
    set_whole_kernels(model)
    inputs = whole_numbers(99, (2, 6, 5))
    _, tiles = tiles_of(model, dense)
    pictures = inputs if tiles.shape[1:] == (6, 5) else inputs.transpose(0, 2, 1)
    np.testing.assert_array_equal(
        np.tensordot(pictures, tiles, ((1, 2), (1, 2))), keras.ops.convert_to_numpy(model(inputs))
    )


def test_a_picture_flattened_by_columns_stands_upright() -> None:
    model, dense = dense_after(layers.Input((6, 5)), layers.Flatten("channels_first"))
    assert_tiles_times_picture_are_the_outputs(model, dense, ("unit", "height", "width"), as_it_is)


@pytest.mark.parametrize(
    "make",
    [
        lambda: layers.ReLU(negative_slope=1.0),
        lambda: layers.LeakyReLU(negative_slope=1.0),
        lambda: layers.PReLU(alpha_initializer="ones"),
        lambda: layers.Activation("linear"),
    ],
)
def test_activations_are_seen_through(make: Callable[[], Any]) -> None:
    # With these slopes they change nothing, so that the product is that of the input.
    for before in ([make(), layers.Flatten()], [layers.Flatten(), make()]):
        model, dense = dense_after(layers.Input((6, 5)), *before)
        assert_tiles_times_picture_are_the_outputs(
            model, dense, ("unit", "height", "width"), as_it_is
        )


def test_elu_is_seen_through_and_softmax_is_not() -> None:
    model, dense = dense_after(layers.Input((6, 5)), layers.Flatten(), layers.ELU())
    assert tiles_of(model, dense)[0].layout.axes == ("unit", "height", "width")
    assert_is_matrix(*dense_after(layers.Input((6, 5)), layers.Flatten(), layers.Softmax()))


def test_two_flattens_after_a_split_are_not_mistaken_for_one() -> None:
    model, dense = dense_after(
        layers.Input((6, 4)), layers.Reshape((2, 3, 2, 2)), layers.Flatten("channels_first")
    )
    set_whole_kernels(model)
    inputs = whole_numbers(99, (2, 6, 4))
    found, tiles = tiles_of(model, dense)
    if found.layout.represents:
        return  # one matrix: nothing is claimed about a picture
    np.testing.assert_array_equal(
        np.tensordot(inputs, tiles, ((1, 2), (1, 2))), keras.ops.convert_to_numpy(model(inputs))
    )


def assert_is_matrix(model: Any, dense: Any) -> None:
    set_whole_kernels(model)
    found, tiles = tiles_of(model, dense)
    assert found.layout.axes == ("height", "width")
    assert found.layout.represents == {"height": "input", "width": "unit"}
    np.testing.assert_array_equal(tiles, copy_values(dense.kernel))


def test_without_a_picture_the_kernel_is_one_matrix() -> None:
    assert_is_matrix(*dense_after(layers.Input((7,))))


def test_a_dense_layer_behind_another_is_one_matrix() -> None:
    model, dense = dense_after(layers.Input((6, 5)), layers.Flatten(), layers.Dense(4))
    assert_is_matrix(model, dense)


def test_a_dense_layer_on_the_last_axis_of_a_sequence_is_one_matrix() -> None:
    assert_is_matrix(*dense_after(layers.Input((10, 6))))
    assert_is_matrix(*dense_after(layers.Input((10, 6, 3))))


def test_a_flattened_volume_is_one_matrix() -> None:
    assert_is_matrix(*dense_after(layers.Input((2, 3, 4, 2)), layers.Flatten()))


def test_pooling_ends_the_search_at_its_own_output() -> None:
    assert_is_matrix(*dense_after(layers.Input((8, 6, 3)), layers.GlobalAveragePooling2D()))


def test_a_picture_of_unknown_size_is_none() -> None:
    inputs = layers.Input((None, 4))
    dense = layers.Dense(3)
    model = keras.Model(inputs, dense(layers.GlobalAveragePooling1D()(inputs)))
    assert_is_matrix(model, dense)


def test_calls_on_different_pictures_give_one_matrix() -> None:
    dense = layers.Dense(3, use_bias=False)
    one, other = layers.Input((6, 4)), layers.Input((4, 6))
    outputs = [dense(layers.Flatten()(tensor)) for tensor in (one, other)]
    assert_is_matrix(keras.Model([one, other], outputs), dense)


@pytest.mark.parametrize("inner_is_sequential", [True, False])
@pytest.mark.parametrize("outer_is_sequential", [True, False])
def test_a_nested_model_gets_its_picture_from_the_outer_one(
    inner_is_sequential: bool,
    outer_is_sequential: bool,
) -> None:
    dense = layers.Dense(5, use_bias=False)
    if inner_is_sequential:
        inner = keras.Sequential([layers.Input((48,)), layers.Dropout(0.1), dense])
    else:
        inner_inputs = layers.Input((48,))
        inner = keras.Model(inner_inputs, dense(layers.Dropout(0.1)(inner_inputs)))
    if outer_is_sequential:
        model = keras.Sequential([layers.Input((8, 6)), layers.Flatten(), inner])
    else:
        inputs = layers.Input((8, 6))
        model = keras.Model(inputs, inner(layers.Flatten()(inputs)))
    assert_tiles_times_picture_are_the_outputs(model, dense, ("unit", "height", "width"), as_it_is)


def test_colors_are_known_through_a_nested_model() -> None:
    dense = layers.Dense(5, use_bias=False)
    inner = keras.Sequential([layers.Input((8, 6, 3)), layers.Flatten(), dense])
    model = keras.Sequential([layers.Input((8, 6, 3)), layers.Dropout(0.1), inner])
    axes = ("unit", "height", "width", "color")
    assert_tiles_times_picture_are_the_outputs(model, dense, axes, as_it_is)


def test_feature_maps_of_the_outer_model_are_no_colors_of_the_inner() -> None:
    convolution = layers.Conv2D(3, 3, use_bias=False)
    dense = layers.Dense(5, use_bias=False)
    inner = keras.Sequential([layers.Input((6, 4, 3)), layers.Flatten(), dense])
    model = keras.Sequential([layers.Input((8, 6, 1)), convolution, inner])

    def feature_maps(inputs: Array) -> Array:
        maps: Array = keras.ops.convert_to_numpy(convolution(inputs))
        return maps.transpose(0, 3, 1, 2)

    axes = ("unit", "in_channel", "height", "width")
    assert_tiles_times_picture_are_the_outputs(model, dense, axes, feature_maps)


@pytest.mark.parametrize("inner_is_sequential", [True, False])
def test_a_nested_model_that_flattens_is_seen_through(*, inner_is_sequential: bool) -> None:
    if inner_is_sequential:
        inner = keras.Sequential([layers.Input((8, 6, 3)), layers.Flatten(), layers.Dropout(0.1)])
    else:
        inner_inputs = layers.Input((8, 6, 3))
        inner = keras.Model(inner_inputs, layers.Flatten()(inner_inputs))
    model, dense = dense_after(layers.Input((8, 6, 3)), inner, layers.Dropout(0.1))
    axes = ("unit", "height", "width", "color")
    assert_tiles_times_picture_are_the_outputs(model, dense, axes, as_it_is)


def test_the_right_output_of_a_nested_model_is_seen_through() -> None:
    one, other = layers.Input((8, 6)), layers.Input((6, 8))
    inner = keras.Model([one, other], [layers.Flatten()(one), layers.Flatten()(other)])
    dense = layers.Dense(5, use_bias=False)
    inputs = layers.Input((8, 6)), layers.Input((6, 8))
    model = keras.Model(list(inputs), dense(inner(list(inputs))[1]))
    assert tiles_of(model, dense)[1].shape == (5, 6, 8)


def test_a_nested_model_called_twice_claims_no_colors() -> None:
    dense = layers.Dense(5, use_bias=False)
    inner = keras.Sequential([layers.Input((8, 6, 3)), layers.Flatten(), dense])
    one, other = layers.Input((8, 6, 3)), layers.Input((8, 6, 1))
    maps = layers.Conv2D(3, 3, padding="same")(other)
    model = keras.Model([one, other], [inner(one), inner(maps)])
    assert tiles_of(model, dense)[0].layout.axes == ("unit", "in_channel", "height", "width")


def test_a_sequential_made_layer_by_layer_is_as_one_made_at_once() -> None:
    # Each `add` calls all the layers anew: the earlier calls are no further uses of the model.
    dense = layers.Dense(5, use_bias=False)
    inner = keras.Sequential([layers.Input((48,)), layers.Dropout(0.1), dense])
    model = keras.Sequential()
    for layer in (layers.Input((8, 6)), layers.Flatten(), inner, layers.Dropout(0.1)):
        model.add(layer)
    assert_tiles_times_picture_are_the_outputs(model, dense, ("unit", "height", "width"), as_it_is)


def test_a_model_nested_twice_on_different_pictures_claims_none() -> None:
    dense = layers.Dense(5, use_bias=False)
    inner = keras.Sequential([layers.Input((48,)), dense])
    one, other = layers.Input((8, 6)), layers.Input((6, 8))
    model = keras.Model([one, other], [inner(layers.Flatten()(tensor)) for tensor in (one, other)])
    assert_is_matrix(model, dense)


def test_a_picture_whose_axes_were_permuted_is_not_taken_for_one() -> None:
    dense = layers.Dense(4)
    model = keras.Sequential(
        [keras.Input((8, 6, 3)), layers.Permute((3, 1, 2)), layers.Flatten(), dense]
    )
    kernel = weights_of(model, dense)["kernel"]
    assert kernel.layout.axes == ("height", "width")
    assert kernel.layout.shape == (144, 4)
