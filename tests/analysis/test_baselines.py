"""Baselines in the space of the inputs, and the spread over several."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest
from numpy.typing import NDArray

from tb_nnviz import integrated_gradients
from tb_nnviz.analysis.baselines import check_baselines, make_baseline
from tb_nnviz.model.probe_inputs import read_inputs
from tests.analysis import attribution_models as models

RNG = np.random.default_rng(1)
PICTURES = RNG.random((5, 10, 8, 3)).astype(np.float32)


def made(value: Any, inputs: Any = PICTURES, **options: Any) -> NDArray[Any]:
    """The values of a baseline for one input."""
    (baseline,) = check_baselines(value)
    return make_baseline(baseline, read_inputs(inputs), ["picture"], **options).arrays[0]


def test_zero_and_numbers_are_the_same_everywhere() -> None:
    assert not made("zero").any()
    assert (made(0.25) == 0.25).all()
    assert (made(np.float64(-1)) == -1).all()
    assert made("zero").shape == PICTURES.shape


def test_the_mean_is_over_the_samples() -> None:
    np.testing.assert_allclose(made("mean")[3], PICTURES.mean(axis=0), rtol=1e-6)


def test_the_blur_keeps_what_is_light_and_loses_what_is_fine() -> None:
    blurred = made("blur")
    np.testing.assert_allclose(blurred.mean(axis=(1, 2)), PICTURES.mean(axis=(1, 2)), atol=0.06)
    assert (blurred.std(axis=(1, 2)) < 0.35 * PICTURES.std(axis=(1, 2))).all()
    first = made("blur", PICTURES.transpose(0, 3, 1, 2), channels_first=True)
    np.testing.assert_allclose(first.transpose(0, 2, 3, 1), blurred, rtol=1e-6)


def test_uniform_noise_is_within_the_range_of_the_samples_and_the_same_each_time() -> None:
    noise = made("uniform", 3 * PICTURES - 1)
    assert noise.min() >= (3 * PICTURES - 1).min()
    assert noise.max() <= (3 * PICTURES - 1).max()
    assert noise[0].std() == pytest.approx(3 / np.sqrt(12), rel=0.1)
    np.testing.assert_array_equal(noise, made("uniform", 3 * PICTURES - 1))
    np.testing.assert_array_equal(noise[0], noise[4])


def test_arrays_are_for_one_sample_or_for_all_and_may_leave_out_axes_of_length_one() -> None:
    np.testing.assert_array_equal(made(PICTURES[1])[3], PICTURES[1])
    np.testing.assert_array_equal(made(PICTURES[::-1]), PICTURES[::-1])
    gray = PICTURES[..., :1]
    np.testing.assert_array_equal(made(gray[2, ..., 0], gray)[4], gray[2])


def test_whole_numbers_stay_whole_and_within_the_range_of_their_type() -> None:
    images = RNG.integers(0, 256, (4, 6, 6, 1)).astype(np.uint8)
    for value in ("mean", "blur", "uniform", 128):
        assert made(value, images).dtype == np.uint8
    wrong: list[Any] = [300, -1, 0.5, np.full((6, 6, 1), 0.9)]
    for one in wrong:
        with pytest.raises(ValueError, match="must be what uint8 can hold"):
            made(one, images)


def test_bytes_that_a_model_takes_as_floats_have_baselines_between_them() -> None:
    images = RNG.integers(0, 256, (4, 10, 8, 3)).astype(np.uint8)
    model = models.convolutional()
    halves = integrated_gradients(model, images, targets=0, baselines=0.5)
    floats = integrated_gradients(model, images.astype(np.float32), targets=0, baselines=0.5)
    np.testing.assert_array_equal(halves.output_at_baselines, floats.output_at_baselines)


def test_a_sample_that_is_not_finite_leaves_the_mean_to_the_others() -> None:
    pictures = PICTURES.copy()
    pictures[1, 2, 3, 0] = np.nan
    found = made("mean", pictures)
    assert np.isfinite(found).all()
    np.testing.assert_allclose(found[0, 2, 3, 0], PICTURES[[0, 2, 3, 4], 2, 3, 0].mean(), rtol=1e-6)


def test_indices_of_an_embedding_have_no_mean() -> None:
    tokens = RNG.integers(1, 30, (6, 9)).astype(np.int32)
    for value in ("mean", "blur", "uniform"):
        with pytest.raises(ValueError, match="makes no sense: it holds indices"):
            integrated_gradients(models.tokens(), tokens, baselines=value)
    found = integrated_gradients(models.tokens(), tokens, baselines=7, targets=0)
    assert not found.attributions[tokens == 7].any()


def test_only_pictures_are_blurred() -> None:
    with pytest.raises(ValueError, match=r"needs pictures; got samples of shape \(6,\)"):
        made("blur", RNG.random((4, 6)))


def test_several_baselines_give_the_mean_map_and_its_spread() -> None:
    model = models.convolutional()
    several = ["zero", "mean", 0.5, PICTURES[0]]
    together = integrated_gradients(
        model, PICTURES, targets=1, baselines=several, tolerance=0.005, max_evaluations=513
    )
    alone = [
        integrated_gradients(model, PICTURES, targets=1, baselines=one, tolerance=1e-4)
        for one in several
    ]
    maps = np.stack([one.attributions for one in alone]).astype(np.float64)
    away = (together.attributions - maps.mean(axis=0)).reshape(5, -1)
    norms = np.linalg.norm(maps.mean(axis=0).reshape(5, -1), axis=1)
    assert (np.linalg.norm(away, axis=1) <= 0.005 * norms).all()
    # Each map is known to about the tolerance of the mean's norm, which is half of theirs.
    np.testing.assert_allclose(together.spread, maps.std(axis=0), atol=0.02 * maps.std())
    starts = np.mean([one.output_at_baselines for one in alone], axis=0)
    np.testing.assert_allclose(together.output_at_baselines, starts, atol=1e-6)
    paths = np.mean([one.path_outputs for one in alone], axis=0)
    np.testing.assert_allclose(together.path_outputs, paths, atol=1e-6)
    assert (together.num_evaluations % 4 == 0).all()
    assert together.notes[1] == "mean over baselines zero, mean, 0.5, given"
    assert together.converged.all()


def test_the_error_told_of_a_mean_over_baselines_bounds_the_true_one() -> None:
    model = models.convolutional()
    several: list[Any] = ["zero", "mean", "blur", "uniform"]
    result = integrated_gradients(model, PICTURES, targets=1, baselines=several)
    fine = integrated_gradients(
        model, PICTURES, targets=1, baselines=several, tolerance=1e-4, max_evaluations=1025
    )
    away = (result.attributions - fine.attributions).reshape(5, -1)
    norms = np.linalg.norm(fine.attributions.reshape(5, -1), axis=1)
    assert (np.linalg.norm(away, axis=1) / norms <= result.refinement_error).all()


def test_equal_baselines_are_told_apart_by_number() -> None:
    labels = [one.label for one in check_baselines([PICTURES[0], "zero", PICTURES[1]])]
    assert labels == ["given 1", "zero", "given 3"]


def test_baselines_of_several_inputs_are_named_as_the_inputs_are() -> None:
    model = models.two_inputs()
    inputs = {"picture": RNG.random((3, 6, 6, 1)), "abacus": RNG.normal(size=(3, 4))}
    start = {"picture": np.full((6, 6, 1), 0.5), "abacus": np.ones(4)}
    result = integrated_gradients(model, inputs, baselines=start)
    at_start = model.predict({name: one[None] for name, one in start.items()}, verbose=0)[0]
    np.testing.assert_allclose(result.output_at_baselines, at_start[result.targets], atol=1e-5)
    for wrong in ({"picture": start["picture"]}, {**start, "other": np.ones(4)}):
        with pytest.raises(ValueError, match=r"each of 2 inputs named \['abacus', 'picture'\]"):
            integrated_gradients(model, inputs, baselines=wrong)
    with pytest.raises(ValueError, match="must name its arrays as the inputs do; got tuple"):
        integrated_gradients(model, inputs, baselines=tuple(start.values()))
