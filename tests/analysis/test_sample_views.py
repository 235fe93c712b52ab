"""What of a sample is shown where it is no gray or colour picture."""

from __future__ import annotations

import keras
import numpy as np

from tb_nnviz.analysis.sample_views import SampleViews
from tb_nnviz.model.sample_panel import address_inputs
from tb_nnviz.model.validation_set import read_validation_set

layers = keras.layers


def make_model(*shapes: tuple[int, ...]) -> keras.Model:
    inputs = [keras.Input(shape) for shape in shapes]
    flat = [layers.Flatten()(one) for one in inputs]
    joined = layers.Concatenate()(flat) if len(flat) > 1 else flat[0]
    return keras.Model(inputs, layers.Dense(2)(joined))


def test_channels_that_are_no_colours_are_averaged_and_it_is_said() -> None:
    x = np.random.default_rng(1).normal(size=(4, 6, 5, 7)).astype(np.float32)
    views = SampleViews(make_model((6, 5, 7)), read_validation_set(x, max_samples=9))
    laid_out = views.lay_out(np.array([2, 0]))
    assert laid_out.axes == ("sample", "height", "width")
    np.testing.assert_allclose(laid_out.values, x[[2, 0]].mean(axis=-1), rtol=1e-5, atol=1e-6)
    assert views.notes == ("pictures are the mean over channels",)
    assert views.shape == (6, 5)
    assert views.picture_axes == (0, 1)


def test_slices_of_volumes_are_averaged_and_it_is_said() -> None:
    x = np.random.default_rng(1).normal(size=(3, 4, 6, 5, 1)).astype(np.float32)
    views = SampleViews(make_model((4, 6, 5, 1)), read_validation_set(x, max_samples=9))
    laid_out = views.lay_out(np.array([1]))
    np.testing.assert_allclose(
        laid_out.values[0], x[1, :, :, :, 0].mean(axis=0), rtol=1e-5, atol=1e-6
    )
    assert views.notes == ("pictures are the mean over slices",)
    assert views.picture_axes == (1, 2)


def test_a_vector_is_one_row() -> None:
    x = np.arange(12.0).reshape(4, 3)
    views = SampleViews(make_model((3,)), read_validation_set(x, max_samples=9))
    laid_out = views.lay_out(np.array([3]))
    np.testing.assert_array_equal(laid_out.values, x[3][None, None])
    assert laid_out.represents == {"width": "input"}


def test_of_several_inputs_the_first_that_can_be_shown_is_and_addresses_are_of_all() -> None:
    x = [np.zeros((3, 1, 2, 3, 4, 5)), np.random.default_rng(1).uniform(size=(3, 6, 5))]
    model = make_model((1, 2, 3, 4, 5), (6, 5))
    samples = read_validation_set(x, max_samples=9)
    views = SampleViews(model, samples)
    assert views.shape == (6, 5)
    assert views.input_place == 1
    assert views.notes == ("pictures are of one of 2 inputs",)
    expected = address_inputs(samples.take(np.arange(3)))
    assert views.address(np.array([2, 1])) == [expected[2], expected[1]]


def test_pictures_are_found_by_the_index_in_the_data() -> None:
    x = np.random.default_rng(1).uniform(size=(40, 6, 5)).astype(np.float32)
    views = SampleViews(make_model((6, 5)), read_validation_set(x, max_samples=10))
    np.testing.assert_array_equal(views.lay_out(np.array([36, 4])).values, x[[36, 4]])
