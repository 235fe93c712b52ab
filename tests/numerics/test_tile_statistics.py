from __future__ import annotations

import math
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra import numpy as hnp
from numpy.typing import NDArray

from tb_nnviz.numerics.quantization import CELLS_PER_BLOCK
from tb_nnviz.numerics.tile_statistics import compute_change_norms, compute_tile_statistics

# Sums of float64 in another order than the oracle's: relative to the sum of magnitudes, the
# error of n additions is at most n * 1.1e-16, far below this for the n used here.
RELATIVE = 1e-12

any_tiles = st.tuples(st.integers(0, 4), st.integers(0, 12)).flatmap(
    lambda shape: hnp.arrays(np.float32, shape, elements=st.floats(width=32))
)


def assert_statistics_are_exact(values: NDArray[np.float32]) -> None:
    found = compute_tile_statistics(values)
    assert all(numbers.shape == (len(values),) for numbers in found.values())
    assert all(numbers.dtype == np.float64 for numbers in found.values())
    for index, tile in enumerate(values.astype(np.float64)):
        finite = tile[np.isfinite(tile)]
        norm = math.sqrt(math.fsum(finite * finite))
        assert found["l2_norm"][index] == pytest.approx(norm, rel=RELATIVE, abs=0)
        if finite.size:
            assert found["min"][index] == finite.min()
            assert found["max"][index] == finite.max()
            mean = math.fsum(finite) / finite.size
            magnitude = math.fsum(np.abs(finite)) / finite.size
            assert abs(found["mean"][index] - mean) <= RELATIVE * magnitude
        else:
            assert all(np.isnan(found[name][index]) for name in ("min", "max", "mean"))


@settings(deadline=None)
@given(values=any_tiles)
def test_statistics_are_those_of_the_finite_cells(values: NDArray[np.float32]) -> None:
    assert_statistics_are_exact(values)


@pytest.mark.parametrize("scale", [1e-44, 1e-3, 1e38])
def test_large_tiles_are_summed_in_float64(scale: float) -> None:
    # One tile more than a block, one block of several tiles: both ways through the blocks.
    random = np.random.default_rng(1)
    for shape in [(2, CELLS_PER_BLOCK + 3), (300, 500)]:
        values = (random.uniform(-1, 1, shape) * scale).astype(np.float32)
        assert_statistics_are_exact(values)
        values[0, ::7] = np.nan
        values[-1, 1] = np.inf
        assert_statistics_are_exact(values)


@settings(deadline=None)
@given(values=any_tiles)
def test_cells_that_are_not_finite_are_counted_and_only_then(values: NDArray[np.float32]) -> None:
    found = compute_tile_statistics(values)
    counted: dict[str, Any] = {
        "nan_count": np.isnan,
        "posinf_count": np.isposinf,
        "neginf_count": np.isneginf,
    }
    if np.isfinite(values).all():
        assert list(found) == ["min", "max", "mean", "l2_norm"]
    else:
        for name, kind in counted.items():
            np.testing.assert_array_equal(found[name], kind(values).sum(axis=1))


def test_a_norm_beyond_float32_is_finite() -> None:
    largest = float(np.finfo(np.float32).max)
    found = compute_tile_statistics(np.full((1, 4), largest, np.float32))
    # sqrt(4 * largest**2); squares and sum are exact but for a last-place rounding.
    assert found["l2_norm"][0] == pytest.approx(2 * largest, rel=1e-15)


@settings(deadline=None)
@given(data=st.data(), values=any_tiles)
def test_change_norms_are_over_the_cells_finite_in_both(
    data: st.DataObject, values: NDArray[np.float32]
) -> None:
    reference = data.draw(hnp.arrays(np.float32, values.shape, elements=st.floats(width=32)))
    found = compute_change_norms(values, reference)
    assert found.shape == (len(values),)
    for index, (after, before) in enumerate(zip(values, reference, strict=True)):
        both = np.isfinite(after) & np.isfinite(before)
        difference = after[both].astype(np.float64) - before[both]
        norm = math.sqrt(math.fsum(difference * difference))
        assert found[index] == pytest.approx(norm, rel=RELATIVE, abs=0)


def test_no_change_is_a_norm_of_zero() -> None:
    values = np.array([[1.0, np.nan, np.inf, -np.inf]], np.float32)
    assert compute_change_norms(values, values).tolist() == [0.0]
