from __future__ import annotations

import math
from typing import Any

import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from numpy.typing import NDArray

from tb_nnviz.numerics.bins import Binning, choose_bins, common_exponent, rebin
from tb_nnviz.numerics.histograms import compute_histogram
from tb_nnviz.numerics.value_blocks import VALUES_PER_BLOCK
from tests.numerics.real_arrays import count_directly, finite_values, index_of, real_arrays

FLOAT64_MAX = float(np.finfo(np.float64).max)
FLOAT16_MAX = 65504.0
LEAST = 5e-324  # 2**-1074

thorough = settings(deadline=None, max_examples=300, suppress_health_check=[HealthCheck.too_slow])


def counts_by_index(binning: Binning) -> dict[int, int]:
    counts = binning.counts.tolist()
    return {binning.first + place: count for place, count in enumerate(counts) if count}


def bin_values(values: Any) -> Binning:
    return compute_histogram(np.asarray(values))[0]


@thorough
@given(values=real_arrays())
def test_each_finite_value_is_counted_in_the_bin_it_lies_in(values: NDArray[Any]) -> None:
    binning = bin_values(values)
    finite = finite_values(values)
    assert counts_by_index(binning) == count_directly(finite, binning.exponent)
    assert int(binning.counts.sum()) == len(finite)
    assert binning.counts.dtype == np.int64
    edges = binning.edges
    for value in finite:
        place = index_of(value, binning.exponent) - binning.first
        assert edges[place] <= value < edges[place + 1] or value == FLOAT64_MAX


@thorough
@given(values=real_arrays(), others=real_arrays(), coarser=st.integers(0, 80))
def test_any_two_histograms_rebin_exactly_onto_one_another(
    values: NDArray[Any], others: NDArray[Any], coarser: int
) -> None:
    binnings = [bin_values(values), bin_values(others)]
    exponent = common_exponent(binnings)
    for wanted in (exponent, exponent + coarser):
        for binning, array in zip(binnings, (values, others), strict=True):
            found = rebin(binning, wanted)
            assert found.exponent == wanted
            assert counts_by_index(found) == count_directly(finite_values(array), wanted)


@thorough
@given(values=real_arrays(), others=real_arrays(), max_bins=st.sampled_from([2, 3, 100, 512]))
def test_the_common_exponent_is_the_finest_that_keeps_to_the_bins(
    values: NDArray[Any], others: NDArray[Any], max_bins: int
) -> None:
    binnings = [bin_values(values), bin_values(others)]
    filled = [binning for binning in binnings if len(binning.counts)]
    exponent = common_exponent(binnings, max_bins)
    if not filled:
        assert exponent == 0
        return

    def num_bins(at: int) -> int:
        indices = [
            index >> (at - binning.exponent)
            for binning in filled
            for index in (binning.first, binning.first + len(binning.counts) - 1)
        ]
        return max(indices) - min(indices) + 1

    assert num_bins(exponent) <= max_bins
    is_finest = exponent == max(binning.exponent for binning in filled)
    assert is_finest or num_bins(exponent - 1) > max_bins


@thorough
@given(values=real_arrays())
def test_bins_are_257_to_512_or_of_the_finest_width(values: NDArray[Any]) -> None:
    # One exponent less and there were 513 or more: first and last index f, l with l - f >= 512.
    # Halved and rounded down they are still floor(l/2) - floor(f/2) >= 256 apart (l - f = 512:
    # both are rounded or neither is), which makes 257 bins.
    finite = finite_values(values)
    binning = bin_values(values)
    if not finite:
        assert (binning.exponent, binning.first, len(binning.counts)) == (0, 0, 0)
        return
    largest = max(abs(value) for value in finite)
    finest = max(-1074, math.frexp(largest)[1] - 53) if largest else -1074
    assert binning.exponent >= finest
    assert 257 <= len(binning.counts) <= 512 or (
        binning.exponent == finest and 1 <= len(binning.counts) <= 512
    )
    assert binning.counts[0] > 0
    assert binning.counts[-1] > 0
    assert -(2**53) <= binning.first <= binning.first + len(binning.counts) <= 2**53


@pytest.mark.parametrize(
    ("values", "exponent", "first", "counts"),
    [
        # Indices of 0 to 511 at width 1; at width 1/2 they would be 0 to 1022.
        (list(range(512)), 0, 0, [1] * 512),
        # One more value makes 513 bins of width 1, so the width is 2: pairs, and 512 alone.
        (list(range(513)), 1, 0, [2] * 256 + [1]),
        # At width 1/2: floor(-256 / 0.5) = -512 and floor(255 / 0.5) = 510, 1023 bins; at
        # width 1: -256 to 255.
        ([-256, -0.5, 0, 255], 0, -256, [1] + [0] * 254 + [1, 1] + [0] * 254 + [1]),
        # One value: 1 < 2**1, so the finest width is 2**(1 - 53), of which 1 is 2**52.
        ([1.0], -52, 2**52, [1]),
        # -1 = floor(-1 / 2**-52) * 2**-52.
        ([-1.0] * 3, -52, -(2**52), [3]),
        ([0.0, -0.0], -1074, 0, [2]),
        # Least denormals: 0 and ±1 of 2**-1074.
        ([LEAST, -LEAST, 0.0, LEAST], -1074, -1, [1, 1, 2]),
        # Two float32 neighbours of 1 are 2**-23 apart. Their finest width is 2**-52, at which
        # they are 2**29 bins apart: 512 bins at most need 21 joins (2**29 / 2**21 = 256, 257
        # bins), 20 would give 513.
        (np.array([1, 1 + 2**-23], np.float32), -31, 2**31, [1] + [0] * 255 + [1]),
        # float16's greatest, ±65504: width 2**8 = 256: floor(65504 / 256) = 255 and
        # floor(-65504 / 256) = -256, 512 bins; width 128 gives 511 and -512, 1024 bins.
        (np.array([65504, -65504], np.float16), 8, -256, [1] + [0] * 510 + [1]),
        # ±(2**1024 - 2**971): likewise, 2**1016 wide.
        ([FLOAT64_MAX, -FLOAT64_MAX], 1016, -256, [1] + [0] * 510 + [1]),
        # -5e-324 / 2**1015 vanishes in float64; it is still below 0, in the bin before that of 0.
        ([FLOAT64_MAX, -LEAST, 0.0], 1016, -1, [1, 1] + [0] * 254 + [1]),
        # Likewise in float32, where 512 / 2**1 is bin 256 and -1e-45 the one below 0.
        (np.array([512, -1e-45, 1e-45], np.float32), 1, -1, [1, 1] + [0] * 255 + [1]),
        ([True, False, True], -8, 0, [1] + [0] * 255 + [2]),
        ([], 0, 0, []),
        ([np.nan, np.inf, -np.inf], 0, 0, []),
        ([np.nan, 2.0, np.inf, 2.0], -51, 2**52, [2]),
    ],
)
def test_bins_are_the_derived_ones(
    values: Any, exponent: int, first: int, counts: list[int]
) -> None:
    binning = bin_values(values)
    assert (binning.exponent, binning.first) == (exponent, first)
    assert binning.counts.tolist() == counts


def test_equal_values_do_not_coarsen_what_they_are_compared_with() -> None:
    kernel = bin_values(np.random.default_rng(0).normal(0, 0.05, 4000).astype(np.float32))
    for constant in (np.zeros(16), np.ones(16), np.full(16, 0.1, np.float32)):
        binnings = [kernel, bin_values(constant)]
        assert common_exponent(binnings, max_bins=2**16) == kernel.exponent


def test_edges_are_exact_and_infinite_beyond_float64() -> None:
    assert bin_values([0.25, 0.5, 1.0]).edges.tolist() == [k / 512 for k in range(128, 514)]
    edges = bin_values([FLOAT64_MAX, -FLOAT64_MAX]).edges
    # 256 * 2**1016 is 2**1024.
    assert edges[[0, 1, -2, -1]].tolist() == [
        -math.inf,
        -(2.0**1023) / 128 * 255,
        2.0**1023 / 128 * 255,
        math.inf,
    ]
    assert bin_values([]).edges.tolist() == [0.0]


def test_narrower_bins_cannot_be_had() -> None:
    with pytest.raises(ValueError, match=r"`exponent` argument must be -52 or more.*got -53"):
        rebin(bin_values([1.0]), -53)


@pytest.mark.parametrize("max_bins", [1, 0])
def test_values_on_both_sides_of_0_need_two_bins(max_bins: int) -> None:
    with pytest.raises(ValueError, match="`max_bins` argument must be 2 or more"):
        common_exponent([bin_values([-1.0, 1.0])], max_bins)


def test_bins_of_nothing_rebin_to_nothing() -> None:
    found = rebin(bin_values([]), -700)
    assert (found.exponent, found.first, found.counts.tolist()) == (-700, 0, [])


@pytest.mark.parametrize("lowest", [-1.0, 0.0, 1.0, 1e300, -1e300, LEAST])
def test_bins_chosen_cover_both_ends(lowest: float) -> None:
    for span in (0.0, LEAST, 1e-9, 1.0, 1e9, 1e308):
        highest = lowest + span
        exponent, first, num_bins = choose_bins(lowest, highest)
        assert index_of(lowest, exponent) == first
        assert index_of(highest, exponent) == first + num_bins - 1


def exact_statistics(finite: list[float]) -> dict[str, float]:
    """By sums that round once, of numbers scaled so that no square is beyond float64."""
    largest = max((abs(value) for value in finite), default=0.0)
    exponent = math.frexp(largest)[1]
    scaled = [math.ldexp(value, -exponent) for value in finite]
    mean = math.fsum(scaled) / len(scaled)
    std = math.sqrt(math.fsum((value - mean) ** 2 for value in scaled) / len(scaled))
    norm = math.sqrt(math.fsum(value * value for value in scaled))
    return {"mean": mean, "std": std, "l2_norm": norm, "exponent": exponent}


def assert_statistics_are_exact(values: NDArray[Any]) -> None:
    _, found = compute_histogram(values)
    with np.errstate(all="ignore"):
        exact = values.reshape(-1).astype(np.float64)
    finite = finite_values(values)
    assert found.count == values.size
    assert found.nan_count == np.isnan(exact).sum()
    assert found.posinf_count == np.isposinf(exact).sum()
    assert found.neginf_count == np.isneginf(exact).sum()
    zeros = int((exact == 0).sum())
    assert found.zero_fraction == (zeros / values.size if values.size else 0)
    if not finite:
        assert all(np.isnan([found.mean, found.std, found.min, found.max]))
        assert found.l2_norm == 0
        return
    assert (found.min, found.max) == (min(finite), max(finite))
    assert found.min <= found.mean <= found.max
    expected = exact_statistics(finite)
    for name in ("mean", "std", "l2_norm"):
        with np.errstate(all="ignore"):
            wanted = float(np.ldexp(expected[name], int(expected["exponent"])))
            # Sums in another order: 1e-12 of the largest magnitude is far above the error of so
            # few additions; a denormal result is rounded to 2**-1074.
            slack = float(np.ldexp(1e-12, int(expected["exponent"]))) + LEAST
        number = getattr(found, name)
        # Within rounding of the end of float64 either may be beyond it.
        is_at_the_end = (
            max(wanted, number) == math.inf and min(wanted, number) > 0.999 * FLOAT64_MAX
        )
        assert is_at_the_end or abs(number - wanted) <= slack, name


@thorough
@given(values=real_arrays())
def test_statistics_are_those_of_the_finite_values(values: NDArray[Any]) -> None:
    assert_statistics_are_exact(values)


@pytest.mark.parametrize("dtype", [np.float16, np.float32, np.float64])
@pytest.mark.parametrize("scale", [1e-4, 1.0, 1e4])
def test_statistics_over_several_blocks_equal_numpys(dtype: Any, scale: float) -> None:
    random = np.random.default_rng(2)
    values = (random.normal(0.3, 1, (2, VALUES_PER_BLOCK + 5)) * scale).astype(dtype)
    for nonfinite in (False, True):
        if nonfinite:
            values[0, ::9] = np.nan
            values[1, 3] = np.inf
            values[1, VALUES_PER_BLOCK:] = np.nan  # a block of nothing else
        binning, found = compute_histogram(values)
        exact = values.astype(np.float64)
        finite = exact[np.isfinite(exact)]
        assert int(binning.counts.sum()) == finite.size
        assert found.mean == pytest.approx(np.mean(finite), rel=1e-6)
        assert found.std == pytest.approx(np.std(finite), rel=1e-6)
        assert found.l2_norm == pytest.approx(np.linalg.norm(finite), rel=1e-6)
        assert (found.min, found.max) == (finite.min(), finite.max())
        assert found.nan_count == np.isnan(exact).sum()
        direct = np.floor(finite / 2.0**binning.exponent).astype(int) - binning.first
        np.testing.assert_array_equal(binning.counts, np.bincount(direct))


def test_a_small_spread_far_from_0_is_not_lost_in_rounding() -> None:
    # 1e6 + k * 2**-20, exact in float64 (1e6 has 20 bits); the spread of 0, 1, 2, 3 is
    # sqrt(5) / 2 of the step.
    values = 1e6 + np.tile(np.arange(4), VALUES_PER_BLOCK) * 2.0**-20
    _, found = compute_histogram(values)
    assert found.std == pytest.approx(math.sqrt(1.25) * 2**-20, rel=1e-6)


@pytest.mark.parametrize("value", [0.1, -3.3, FLOAT64_MAX, LEAST, 0.0, 1e-200])
def test_equal_values_have_their_own_mean_and_no_spread(value: float) -> None:
    _, found = compute_histogram(np.full(1000, value))
    assert (found.mean, found.std, found.min, found.max) == (value, 0, value, value)
    norm = abs(value) * math.sqrt(1000)
    assert found.l2_norm == pytest.approx(norm, rel=1e-6, abs=0)


def test_magnitudes_whose_squares_float64_cannot_hold_have_a_norm() -> None:
    for unit in (1e-300, 1e300, 1e-320):
        _, found = compute_histogram(np.array([3 * unit, -4 * unit]))
        # 1e-320 is 2024 times 2**-1074, so all are rounded in their fourth digit.
        assert found.l2_norm == pytest.approx(5 * unit, rel=1e-3)
        assert found.std == pytest.approx(3.5 * unit, rel=1e-3)


def test_the_order_of_the_values_in_memory_does_not_matter() -> None:
    values = np.random.default_rng(3).normal(size=(30, 40)).astype(">f4")
    expected = compute_histogram(np.ascontiguousarray(values, "<f4"))
    for view in (values, np.asfortranarray(values), values[:, ::-1][:, ::-1]):
        binning, statistics = compute_histogram(view)
        assert statistics == expected[1]
        np.testing.assert_array_equal(binning.counts, expected[0].counts)


def test_the_values_are_left_as_they_were() -> None:
    values = np.array([1.0, -2.0, np.nan, np.inf, 1e-45], np.float32)
    before = values.copy()
    compute_histogram(values)
    np.testing.assert_array_equal(values, before)


def test_memory_stays_small_beside_the_array() -> None:
    import tracemalloc

    values = np.random.default_rng(4).normal(size=5_000_000).astype(np.float32)
    tracemalloc.start()
    compute_histogram(values)
    _, peak = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    # A handful of blocks of 64 Ki float64; a float64 copy would be 40 MB.
    assert peak < 6 * 8 * VALUES_PER_BLOCK
