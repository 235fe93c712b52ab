"""Kernels of convolutions, against what the layers compute with them."""

from __future__ import annotations

from typing import Any

import keras
import numpy as np
import pytest
from keras import layers

from tb_nnviz.model.variables import copy_values
from tests.model.layout_helpers import (
    built,
    numbered,
    tiles_of,
    weights_of,
    whole_numbers,
)


def test_a_conv2d_tile_is_a_filter_and_in_channel() -> None:
    convolution = layers.Conv2D(4, (3, 2), use_bias=False)
    model = built(convolution, 3, 2, 5)
    found, tiles = tiles_of(model, convolution)
    assert found.layout.axes == ("filter", "in_channel", "height", "width")
    kernel = copy_values(convolution.kernel)
    for index in range(4):
        for channel in range(5):
            np.testing.assert_array_equal(tiles[index, channel], kernel[:, :, channel, index])
    # The input is as large as the kernel: each filter gives one number.
    inputs = whole_numbers(7, (1, 3, 2, 5))
    sums = (tiles * inputs.transpose(0, 3, 1, 2)).sum(axis=(1, 2, 3))
    np.testing.assert_array_equal(sums, keras.ops.convert_to_numpy(model(inputs))[0, 0, 0])


def test_a_conv1d_kernel_is_strips_of_height_one() -> None:
    convolution = layers.Conv1D(4, 5, use_bias=False)
    model = built(convolution, 5, 3)
    found, tiles = tiles_of(model, convolution)
    assert found.layout.axes == ("filter", "in_channel", "height", "width")
    assert tiles.shape == (4, 3, 1, 5)
    assert "width" in found.layout.represents
    inputs = whole_numbers(7, (1, 5, 3))
    sums = (tiles[:, :, 0] * inputs.transpose(0, 2, 1)).sum(axis=(1, 2))
    np.testing.assert_array_equal(sums, keras.ops.convert_to_numpy(model(inputs))[0, 0])


def test_a_conv3d_kernel_has_a_depth_axis() -> None:
    convolution = layers.Conv3D(4, (2, 3, 1), use_bias=False)
    model = built(convolution, 2, 3, 1, 5)
    found, tiles = tiles_of(model, convolution)
    assert found.layout.axes == ("filter", "in_channel", "depth", "height", "width")
    assert tiles.shape == (4, 5, 2, 3, 1)
    inputs = whole_numbers(7, (1, 2, 3, 1, 5))
    sums = (tiles * inputs.transpose(0, 4, 1, 2, 3)).sum(axis=(1, 2, 3, 4))
    np.testing.assert_array_equal(sums, keras.ops.convert_to_numpy(model(inputs)).reshape(-1))


@pytest.mark.parametrize(
    ("convolution", "input_shape"),
    [
        (lambda: layers.Conv1D(4, 1, use_bias=False), (6, 5)),
        (lambda: layers.Conv2D(4, 1, use_bias=False), (3, 2, 5)),
        (lambda: layers.Conv3D(4, 1, use_bias=False), (2, 2, 2, 5)),
    ],
)
def test_a_kernel_of_one_position_is_one_matrix(
    convolution: Any, input_shape: tuple[int, ...]
) -> None:
    layer = convolution()
    model = built(layer, *input_shape)
    found, tiles = tiles_of(model, layer)
    assert found.layout.axes == ("height", "width")
    assert found.layout.represents == {"height": "in_channel", "width": "filter"}
    inputs = whole_numbers(7, (2, *input_shape))
    np.testing.assert_array_equal(inputs @ tiles, keras.ops.convert_to_numpy(model(inputs)))


def test_a_grouped_convolution_says_so() -> None:
    convolution = layers.Conv2D(6, 3, groups=2, use_bias=False)
    model = built(convolution, 8, 8, 4)
    found, tiles = tiles_of(model, convolution)
    assert tiles.shape == (6, 2, 3, 3)
    assert found.layout.notes == ("in_channels are those of one of 2 groups",)
    plain = layers.Conv2D(6, 3)
    assert tiles_of(built(plain, 8, 8, 4), plain)[0].layout.notes == ()


def test_a_depthwise_conv2d_tile_is_an_in_channel_and_multiplier() -> None:
    convolution = layers.DepthwiseConv2D((3, 2), depth_multiplier=2, use_bias=False)
    model = built(convolution, 3, 2, 4)
    found, tiles = tiles_of(model, convolution)
    assert found.layout.axes == ("in_channel", "multiplier", "height", "width")
    assert tiles.shape == (4, 2, 3, 2)
    inputs = whole_numbers(7, (1, 3, 2, 4))
    sums = (tiles * inputs.transpose(3, 0, 1, 2)).sum(axis=(2, 3))
    # Keras puts the outputs of an in_channel side by side.
    np.testing.assert_array_equal(
        sums.reshape(-1), keras.ops.convert_to_numpy(model(inputs)).reshape(-1)
    )


def test_a_depthwise_conv1d_kernel_is_strips() -> None:
    convolution = layers.DepthwiseConv1D(5, depth_multiplier=2, use_bias=False)
    model = built(convolution, 5, 3)
    found, tiles = tiles_of(model, convolution)
    assert found.layout.axes == ("in_channel", "multiplier", "height", "width")
    assert tiles.shape == (3, 2, 1, 5)
    inputs = whole_numbers(7, (1, 5, 3))
    sums = (tiles[:, :, 0] * inputs.transpose(2, 0, 1)).sum(axis=2)
    np.testing.assert_array_equal(
        sums.reshape(-1), keras.ops.convert_to_numpy(model(inputs)).reshape(-1)
    )


@pytest.mark.parametrize(
    ("make", "input_shape"),
    [
        (lambda: layers.SeparableConv2D(6, (3, 2), depth_multiplier=2, use_bias=False), (3, 2, 4)),
        (lambda: layers.SeparableConv1D(6, 5, depth_multiplier=2, use_bias=False), (5, 4)),
    ],
)
def test_a_separable_convolution_has_a_depthwise_and_a_pointwise_kernel(
    make: Any, input_shape: tuple[int, ...]
) -> None:
    convolution = make()
    model = built(convolution, *input_shape)
    depthwise, tiles = tiles_of(model, convolution, "depthwise_kernel")
    pointwise, matrix = tiles_of(model, convolution, "pointwise_kernel")
    assert depthwise.layout.axes == ("in_channel", "multiplier", "height", "width")
    assert pointwise.layout.represents == {"height": "in_channel", "width": "filter"}
    inputs = whole_numbers(7, (1, *input_shape))
    maps = np.moveaxis(inputs, -1, 0).reshape(4, 1, *tiles.shape[2:])
    sums = (tiles * maps).sum(axis=(2, 3)).reshape(-1)
    np.testing.assert_array_equal(
        sums @ matrix, keras.ops.convert_to_numpy(model(inputs)).reshape(-1)
    )


@pytest.mark.parametrize(
    ("make", "input_shape"),
    [
        (lambda: layers.Conv1DTranspose(4, 5, use_bias=False), (1, 3)),
        (lambda: layers.Conv2DTranspose(4, (3, 2), use_bias=False), (1, 1, 3)),
        (lambda: layers.Conv3DTranspose(4, (2, 3, 1), use_bias=False), (1, 1, 1, 3)),
    ],
)
def test_a_transposed_convolution_paints_its_tiles(make: Any, input_shape: tuple[int, ...]) -> None:
    # Of an input of one position the output is the sum of the tiles of each filter, weighted
    # with the in_channels.
    layer = make()
    model = built(layer, *input_shape)
    found, tiles = tiles_of(model, layer)
    assert found.layout.axes[:2] == ("filter", "in_channel")
    assert tiles.shape[:2] == (4, 3)
    inputs = whole_numbers(7, (1, *input_shape))
    outputs = keras.ops.convert_to_numpy(model(inputs))[0]
    sums = np.tensordot(inputs.reshape(3), tiles, (0, 1))
    painted = sums.reshape(4, *outputs.shape[:-1])
    np.testing.assert_array_equal(np.moveaxis(painted, 0, -1), outputs)


def test_a_transposed_kernel_of_one_position_is_a_matrix_of_in_channels_and_filters() -> None:
    layer = layers.Conv2DTranspose(4, 1, use_bias=False)
    model = built(layer, 3, 2, 5)
    found, tiles = tiles_of(model, layer)
    assert found.layout.represents == {"height": "in_channel", "width": "filter"}
    inputs = whole_numbers(7, (2, 3, 2, 5))
    np.testing.assert_array_equal(inputs @ tiles, keras.ops.convert_to_numpy(model(inputs)))


def test_the_entries_of_a_transposed_kernel_stand_at_filter_in_channel_row_column() -> None:
    layer = layers.Conv2DTranspose(4, (2, 3))
    model = numbered(built(layer, 3, 3, 5))
    tiles = tiles_of(model, layer)[1]
    # Keras keeps (height 2, width 3, filters 4, in_channels 5).
    for place in np.ndindex(4, 5, 2, 3):
        index, channel, row, column = place
        assert tiles[place] == ((row * 3 + column) * 4 + index) * 5 + channel


@pytest.mark.parametrize(
    ("make", "input_shape", "outputs", "length"),
    [
        (lambda: layers.Conv2D(4, 3), (5, 5, 2), "filter", 4),
        (lambda: layers.Conv1DTranspose(4, 3), (5, 2), "filter", 4),
        (lambda: layers.SeparableConv2D(4, 3), (5, 5, 2), "filter", 4),
        (lambda: layers.DepthwiseConv2D(3, depth_multiplier=3), (5, 5, 2), "channel", 6),
    ],
)
def test_a_bias_is_a_strip_of_the_outputs(
    make: Any, input_shape: tuple[int, ...], outputs: str, length: int
) -> None:
    layer = make()
    model = numbered(built(layer, *input_shape))
    weight, tiles = tiles_of(model, layer, "bias")
    assert weight.layout.axes == ("height", "width")
    assert weight.layout.represents == {"width": outputs}
    assert weight.layout.is_vector
    assert tiles.tolist() == [list(range(length))]


def test_the_low_rank_matrices_of_a_convolution_with_lora_have_layouts() -> None:
    layer = layers.Conv2D(4, 3)
    model = built(layer, 5, 5, 2)
    if not hasattr(layer, "enable_lora"):
        pytest.skip("this version of Keras has no LoRA for convolutions")
    layer.enable_lora(2)
    found = weights_of(model, layer)
    assert found["lora_kernel_a"].layout.axes == ("rank", "in_channel", "height", "width")
    assert found["lora_kernel_b"].layout.represents == {"height": "rank", "width": "filter"}
    assert found["kernel"].layout.axes == ("filter", "in_channel", "height", "width")
    assert "LoRA" in found["kernel"].notes[0]
    layer.lora_kernel_b.assign(np.ones(layer.lora_kernel_b.shape))
    tiles = tiles_of(model, layer)[1]
    used = copy_values(layer.kernel)
    np.testing.assert_array_equal(tiles, used.transpose(3, 2, 0, 1))
