"""L2 norms along an axis of a large array."""

from __future__ import annotations

import hypothesis.strategies as st
import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis.extra.numpy import array_shapes, arrays
from numpy.typing import NDArray

from tb_nnviz.numerics import axis_norms
from tb_nnviz.numerics.axis_norms import compute_l2_norms

FLOATS = st.floats(-(2.0**100), 2.0**100, width=32)


@settings(deadline=None)
@given(arrays(np.float32, array_shapes(min_dims=2, max_dims=4, max_side=5), elements=FLOATS))
def test_norms_are_those_of_linear_algebra(values: NDArray[np.float32]) -> None:
    for axis in range(values.ndim):
        expected = np.linalg.norm(values.astype(np.float64), axis=axis)
        np.testing.assert_allclose(compute_l2_norms(values, axis), expected, rtol=1e-12)


def test_norms_do_not_depend_on_how_many_lines_are_squared_at_a_time(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    values = np.random.default_rng(1).normal(size=(4, 7, 3)).astype(np.float32)
    expected = compute_l2_norms(values, 1)
    # 12 cells of each line: one line, then two at a time, the last block being shorter.
    for cells in (1, 24):
        monkeypatch.setattr(axis_norms, "_CELLS_PER_BLOCK", cells)
        np.testing.assert_allclose(compute_l2_norms(values, 1), expected, rtol=1e-15)


def test_squares_that_float32_cannot_hold_are_exact_enough() -> None:
    # 3e30² + 4e30² = (5e30)², far beyond the 3.4e38 of float32.
    values = np.array([[3e30, 4e30]], np.float32)
    np.testing.assert_allclose(compute_l2_norms(values, 1), [5e30], rtol=1e-7)


def test_what_is_not_finite_stays_in_its_own_cell() -> None:
    values = np.array([[1, np.nan, 2], [3, 4, np.inf]])
    np.testing.assert_array_equal(compute_l2_norms(values, 1), [np.nan, np.inf])
    np.testing.assert_allclose(compute_l2_norms(values, 0)[0], np.sqrt(10))


def test_codes_of_small_integers_do_not_overflow() -> None:
    np.testing.assert_allclose(compute_l2_norms(np.full((2, 3), 100, np.int8), 1), np.sqrt(3) * 100)


def test_an_axis_without_entries_gives_zeros() -> None:
    assert compute_l2_norms(np.zeros((3, 0, 2)), 1).tolist() == [[0, 0]] * 3
    assert compute_l2_norms(np.zeros((0, 4)), 1).shape == (0,)
