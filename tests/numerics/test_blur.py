"""Blurring pictures by a Gaussian."""

from __future__ import annotations

import numpy as np
import pytest

from tb_nnviz.numerics.blur import blur_pictures


def test_a_constant_picture_stays_what_it_is_up_to_the_border() -> None:
    picture = np.full((2, 9, 13, 3), 0.7)
    np.testing.assert_allclose(blur_pictures(picture, 2.5), picture, rtol=1e-14)


def test_a_point_far_from_the_border_becomes_a_gaussian() -> None:
    picture = np.zeros((1, 41, 41))
    picture[0, 20, 20] = 1
    rows, columns = np.mgrid[-20:21, -20:21]
    expected = np.exp(-(rows**2 + columns**2) / (2 * 2.0**2)) / (2 * np.pi * 2.0**2)
    # Sums of samples of a Gaussian of σ = 2 differ from its integral by 2·exp(−2π²σ²) ≈ 1e-34.
    np.testing.assert_allclose(blur_pictures(picture, 2.0)[0], expected, atol=1e-12)


def test_rows_and_columns_are_not_taken_for_each_other() -> None:
    picture = np.zeros((1, 8, 30))
    picture[0, :, 15] = 1
    blurred = blur_pictures(picture, 1.5)[0]
    np.testing.assert_allclose(blurred, np.tile(blurred[0], (8, 1)), rtol=1e-12)
    assert blurred[0, 15] == pytest.approx(1 / (np.sqrt(2 * np.pi) * 1.5), rel=1e-6)


def test_channels_are_blurred_each_by_itself() -> None:
    rng = np.random.default_rng(0)
    picture = rng.random((2, 6, 7, 4))
    whole = blur_pictures(picture, 1.0)
    for channel in range(4):
        np.testing.assert_allclose(whole[..., channel], blur_pictures(picture[..., channel], 1.0))
