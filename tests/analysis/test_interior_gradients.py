"""`interior_gradients`: the gradients on the way, and what they are to the attributions."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest
import tensorflow as tf

from tb_nnviz import integrated_gradients, interior_gradients
from tests.analysis import attribution_models as models

RNG = np.random.default_rng(2)
PICTURES = RNG.random((3, 10, 8, 3)).astype(np.float32)
TOKENS = RNG.integers(1, 30, (4, 9)).astype(np.int32)


def test_gradients_are_those_of_the_framework_at_the_points_of_the_path() -> None:
    model = models.convolutional("elu")
    alphas = (0.0, 0.3, 1.0)
    found = interior_gradients(model, PICTURES, alphas, targets=2, output="probability")
    assert found.shape == (3, 3, 10, 8, 3)
    for place, alpha in enumerate(alphas):
        points = tf.constant(alpha * PICTURES)
        with tf.GradientTape() as tape:
            tape.watch(points)
            outputs = model(points, training=False)[:, 2]
        np.testing.assert_allclose(found[:, place], tape.gradient(outputs, points), atol=1e-6)


def test_the_mean_of_the_integrand_over_the_path_is_the_attribution() -> None:
    model = models.convolutional("elu")
    alphas = (np.arange(200) + 0.5) / 200
    integrands = interior_gradients(
        model, PICTURES, alphas, targets=2, baselines=0.3, times_difference=True
    )
    result = integrated_gradients(
        model, PICTURES, targets=2, baselines=0.3, tolerance=1e-3, max_evaluations=513
    )
    away = integrands.mean(axis=1) - result.attributions
    assert np.linalg.norm(away) / np.linalg.norm(result.attributions) < 1e-3


def test_the_integrand_is_the_gradient_times_the_difference() -> None:
    model = models.convolutional()
    plain = interior_gradients(model, PICTURES, [0.25, 1], targets=0, baselines=0.5)
    times = interior_gradients(
        model, PICTURES, [0.25, 1], targets=0, baselines=0.5, times_difference=True
    )
    np.testing.assert_allclose(times, plain * (PICTURES - 0.5)[:, None], atol=1e-6)


def test_gradients_of_tokens_are_vectors_and_the_integrand_sums_them() -> None:
    model = models.tokens()
    plain = interior_gradients(model, TOKENS, [0.5, 1], targets=0)
    times = interior_gradients(model, TOKENS, [0.5, 1], targets=0, times_difference=True)
    assert (plain.shape, times.shape) == ((4, 2, 9, 5), (4, 2, 9))
    table = model.layers[0].get_weights()[0]
    differences = (table[TOKENS] - table[0])[:, None]
    np.testing.assert_allclose(times, (plain * differences).sum(axis=-1), atol=1e-6)


def test_several_inputs_and_baselines_keep_their_structure() -> None:
    model = models.two_inputs()
    inputs = {"picture": RNG.random((3, 6, 6, 1)), "abacus": RNG.normal(size=(3, 4))}
    found = interior_gradients(model, inputs, 1.0, baselines=["zero", "mean"])
    assert {name: one.shape for name, one in found.items()} == {
        "picture": (3, 1, 6, 6, 1),
        "abacus": (3, 1, 4),
    }
    # At alpha = 1 all paths have come to the sample.
    alone = interior_gradients(model, inputs, 1.0)
    np.testing.assert_allclose(found["abacus"], alone["abacus"], atol=1e-6)


@pytest.mark.parametrize(
    ("alphas", "error"),
    [
        ([], ValueError),
        ([0.5, 1.5], ValueError),
        (-0.1, ValueError),
        ("half", TypeError),
        (None, TypeError),
        ([True], TypeError),
        ([float("nan")], ValueError),
    ],
)
def test_places_that_are_not_on_the_path_are_refused(alphas: Any, error: type[Exception]) -> None:
    with pytest.raises(error, match="`alphas` argument must be a number from 0 to 1"):
        interior_gradients(models.convolutional(), PICTURES, alphas)
