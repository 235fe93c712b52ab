from __future__ import annotations

import math
from fractions import Fraction
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra import numpy as hnp
from numpy.typing import NDArray

from tb_nnviz.numerics.update_ratio import compute_update_ratio
from tb_nnviz.numerics.value_blocks import VALUES_PER_BLOCK

MAX = float(np.finfo(np.float64).max)
LEAST = 5e-324


def exact_ratio(values: NDArray[Any], previous: NDArray[Any]) -> float:
    """The ratio by fractions, which neither round nor overflow."""
    pairs = [
        (Fraction(now), Fraction(before))
        for now, before in zip(values.ravel().tolist(), previous.ravel().tolist(), strict=True)
        if math.isfinite(now) and math.isfinite(before)
    ]
    if not pairs:
        return math.nan
    change = sum((now - before) ** 2 for now, before in pairs)
    size = sum(now**2 for now, _ in pairs)
    if change == 0:
        return 0.0
    if size == 0:
        return math.inf
    square = Fraction(change, size)
    # Digits enough for a root: 4**shift times the square is near 2**200.
    shift = 100 - (square.numerator.bit_length() - square.denominator.bit_length()) // 2
    scaled = square * Fraction(4) ** shift
    root = math.isqrt(scaled.numerator // scaled.denominator)
    with np.errstate(all="ignore"):
        return float(np.ldexp(float(root), -shift))


@settings(deadline=None, max_examples=300)
@given(data=st.data(), dtype=st.sampled_from([np.float16, np.float32, np.float64]))
def test_the_ratio_is_exact_to_rounding_for_any_two_arrays(
    data: st.DataObject, dtype: type[np.floating[Any]]
) -> None:
    width = 8 * np.dtype(dtype).itemsize
    arrays = hnp.arrays(dtype, (3, 2), elements=st.floats(width=width))  # type: ignore[arg-type]
    values, previous = data.draw(arrays), data.draw(arrays)
    expected = exact_ratio(values, previous)
    # Eight roundings of 1.1e-16; a ratio among the denormals is rounded to 2**-1074.
    assert compute_update_ratio(values, previous) == pytest.approx(
        expected, rel=1e-14, abs=2 * LEAST, nan_ok=True
    )


@pytest.mark.parametrize(
    ("values", "previous", "ratio"),
    [
        # |(3, 4)| = 5, |(3, 4) - (3, 3)| = 1.
        ([3.0, 4.0], [3.0, 3.0], 0.2),
        ([1.0, 1.0], [1.0, 1.0], 0.0),
        ([0.0, 0.0], [0.0, 0.0], 0.0),
        ([0.0, 0.0], [0.0, 1.0], math.inf),
        ([0.0, 0.0], [0.0, LEAST], math.inf),
        # All of it is new.
        ([0.0, 2.0], [0.0, 0.0], 1.0),
        ([1.0, np.nan, 5.0], [2.0, 1.0, np.inf], 1.0),
        ([np.nan, 1.0], [1.0, np.nan], math.nan),
        ([], [], math.nan),
        # Squares, and the change itself, are beyond float64.
        ([MAX, 0.0], [-MAX, 0.0], 2.0),
        ([LEAST, LEAST], [0.0, 0.0], 1.0),
        ([1e-200], [1e200], math.inf),
        ([1e200], [1e200 * (1 - 2**-30)], 2**-30),
    ],
)
def test_the_ratio_is_the_derived_one(
    values: list[float], previous: list[float], ratio: float
) -> None:
    found = compute_update_ratio(np.array(values), np.array(previous))
    assert found == pytest.approx(ratio, rel=1e-12, nan_ok=True)


@pytest.mark.parametrize("dtype", [np.float32, np.float64])
def test_several_blocks_are_joined(dtype: Any) -> None:
    random = np.random.default_rng(5)
    values = random.normal(size=3 * VALUES_PER_BLOCK + 7).astype(dtype)
    previous = (values + 0.01 * random.normal(size=values.size)).astype(dtype)
    values[VALUES_PER_BLOCK : 2 * VALUES_PER_BLOCK] = np.nan
    finite = np.isfinite(values)
    now, before = values[finite].astype(np.float64), previous[finite].astype(np.float64)
    expected = np.linalg.norm(now - before) / np.linalg.norm(now)
    assert compute_update_ratio(values, previous) == pytest.approx(expected, rel=1e-9)


def test_dtypes_may_differ() -> None:
    # In float16 0.1 is 0.0999755859375.
    found = compute_update_ratio(np.array([0.1, 1]), np.array([0.1, 1], np.float16))
    expected = (0.1 - 0.0999755859375) / math.hypot(0.1, 1)
    assert found == pytest.approx(expected, rel=1e-9)
