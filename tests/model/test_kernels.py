from __future__ import annotations

from collections.abc import Callable
from typing import Any

import keras
import numpy as np
import pytest
from keras import layers
from numpy.typing import NDArray

from tb_nnviz.model.input_pictures import map_nested_inputs
from tb_nnviz.model.kernels import Kernel, find_kernels
from tb_nnviz.model.layers import list_layers
from tb_nnviz.model.variables import copy_values

Array = NDArray[np.float32]


def whole_numbers(seed: int, shape: tuple[int, ...]) -> Array:
    """Numbers of which float32 holds all sums made here exactly, whatever their order."""
    return np.random.default_rng(seed).integers(-4, 5, shape).astype(np.float32)


def kernels_of(model: Any, layer: Any) -> list[Kernel]:
    (entry,) = (entry for entry in list_layers(model) if entry.layer is layer)
    return find_kernels(entry, map_nested_inputs(model))


def tiles_of(model: Any, layer: Any) -> tuple[Kernel, Array]:
    (found,) = kernels_of(model, layer)
    tiles = found.layout.apply(copy_values(getattr(layer, found.role)))
    assert tiles.shape == found.layout.shape
    assert len(found.layout.axes) == tiles.ndim
    return found, tiles


def set_whole_kernels(model: Any) -> None:
    for seed, variable in enumerate(model.trainable_variables):
        if variable.name in {"kernel", "depthwise_kernel", "pointwise_kernel"}:
            variable.assign(whole_numbers(seed, tuple(variable.shape)))


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


def built(layer: Any, *input_shape: int) -> Any:
    model = keras.Sequential([layers.Input(input_shape), layer])
    set_whole_kernels(model)
    return model


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
    depthwise, pointwise = kernels_of(model, convolution)
    assert (depthwise.role, pointwise.role) == ("depthwise_kernel", "pointwise_kernel")
    assert depthwise.layout.axes == ("in_channel", "multiplier", "height", "width")
    assert pointwise.layout.represents == {"height": "in_channel", "width": "filter"}
    tiles, matrix = (
        kernel.layout.apply(copy_values(getattr(convolution, kernel.role)))
        for kernel in (depthwise, pointwise)
    )
    inputs = whole_numbers(7, (1, *input_shape))
    maps = np.moveaxis(inputs, -1, 0).reshape(4, 1, *tiles.shape[2:])
    sums = (tiles * maps).sum(axis=(2, 3)).reshape(-1)
    np.testing.assert_array_equal(
        sums @ matrix, keras.ops.convert_to_numpy(model(inputs)).reshape(-1)
    )


@pytest.mark.parametrize(
    ("make", "input_shape"),
    [
        (lambda: layers.LSTM(3), (5, 2)),
        (layers.BatchNormalization, (5,)),
        (layers.Flatten, (5, 2)),
        (lambda: layers.Conv2DTranspose(3, 2), (4, 4, 2)),
    ],
)
def test_other_layers_have_no_kernels_that_are_shown(
    make: Any, input_shape: tuple[int, ...]
) -> None:
    layer = make()
    assert kernels_of(built(layer, *input_shape), layer) == []


def test_kernels_of_a_subclassed_model_are_found() -> None:
    class Subclassed(keras.Model):
        def __init__(self) -> None:
            super().__init__()
            self.flatten = layers.Flatten()
            self.dense = layers.Dense(4)

        def call(self, inputs: Any) -> Any:
            return self.dense(self.flatten(inputs))

    model = Subclassed()
    model(np.zeros((1, 6, 5), np.float32))
    found, tiles = tiles_of(model, model.dense)
    assert tiles.size == 6 * 5 * 4
    assert found.role == "kernel"


# Keras warns of the layer it cannot build, and goes on.
@pytest.mark.filterwarnings("ignore:`build\\(\\)` was called on layer:UserWarning")
@pytest.mark.parametrize("make", [lambda: layers.Dense(3), lambda: layers.Conv2D(3, 3)])
def test_a_layer_that_is_never_called_has_no_kernels(make: Callable[[], Any]) -> None:
    class WithUnused(keras.Model):
        def __init__(self) -> None:
            super().__init__()
            self.dense = layers.Dense(4)
            self.unused = make()

        def call(self, inputs: Any) -> Any:
            return self.dense(inputs)

    model = WithUnused()
    model(np.zeros((1, 6), np.float32))
    assert kernels_of(model, model.unused) == []
    assert len(kernels_of(model, model.dense)) == 1


def test_a_picture_whose_axes_were_permuted_is_not_taken_for_one() -> None:
    dense = layers.Dense(4)
    model = keras.Sequential(
        [keras.Input((8, 6, 3)), layers.Permute((3, 1, 2)), layers.Flatten(), dense]
    )
    (kernel,) = kernels_of(model, dense)
    assert kernel.layout.axes == ("height", "width")
    assert kernel.layout.shape == (144, 4)
