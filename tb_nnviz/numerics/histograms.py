"""Histograms of arrays, and numbers about them, in two passes over the values.

Knows arrays of real numbers and nothing of models or files; `tb_nnviz.numerics.bins` has the
rule of the bins. Works block by block: no float64 copy of a whole array is made.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from tb_nnviz.numerics.bins import Binning, bin_indices, choose_bins
from tb_nnviz.numerics.value_blocks import AnyFloats, value_blocks

# Squares of values between these powers of two neither overflow nor vanish.
_UNSCALED_EXPONENTS = (-450, 450)


@dataclass(frozen=True)
class ValueStatistics:
    """Numbers about an array, all but the counts over its finite values.

    Attributes:
        count: number of all values, finite or not.
        mean: NaN where no value is finite.
        std: population standard deviation (divisor n); likewise.
        min: likewise.
        max: likewise.
        l2_norm: square root of the sum of squares; 0 where no value is finite.
        zero_fraction: values equal to 0 ÷ ``count``, in [0, 1]; 0 for no values.
        nan_count: number of NaNs.
        posinf_count: number of +inf.
        neginf_count: number of -inf.
    """

    count: int
    mean: float
    std: float
    min: float
    max: float
    l2_norm: float
    zero_fraction: float
    nan_count: int
    posinf_count: int
    neginf_count: int


def compute_histogram(values: NDArray[Any]) -> tuple[Binning, ValueStatistics]:
    """The histogram of the finite values of an array, and its statistics.

    Bins are as `choose_bins` says. Where no value is finite there are no bins, exponent 0.

    Args:
        values: real numbers of any shape and dtype; those that float64 cannot hold exactly
            (64-bit integers beyond 2**53) are rounded to it.
    """
    with np.errstate(all="ignore"):  # of signalling NaNs, and of what is scaled to nothing
        extent = _measure_extent(values)
        if extent.num_finite == 0:
            nothing = Binning(0, 0, np.zeros(0, np.int64))
            return nothing, _statistics(extent, math.nan, math.nan, 0.0)
        exponent, first, num_bins = choose_bins(extent.min, extent.max)
        if extent.min == extent.max:
            counts = np.array([extent.num_finite], np.int64)
            norm = abs(extent.min) * math.sqrt(extent.num_finite)
            return Binning(exponent, first, counts), _statistics(extent, extent.min, 0.0, norm)
        counts = np.zeros(num_bins, np.int64)
        moments = _Moments(extent)
        for block in value_blocks(values):
            finite = block if extent.is_all_finite else block[np.isfinite(block)]
            indices = bin_indices(finite, exponent, first)
            counts += np.bincount(indices, minlength=num_bins)
            moments.add(finite)
        return Binning(exponent, first, counts), _statistics(extent, *moments.mean_std_norm())


@dataclass(frozen=True)
class _Extent:
    """What must be known of an array before it can be binned."""

    count: int
    num_finite: int
    nan_count: int
    posinf_count: int
    neginf_count: int
    num_zeros: int
    min: float
    max: float

    @property
    def is_all_finite(self) -> bool:
        return self.num_finite == self.count


class _Moments:
    """Mean and squares over blocks, joined without cancellation.

    Chan, Golub, LeVeque 1983: the squares about the joint mean are those about the mean of
    either part, and those of the distance between the two means.
    """

    def __init__(self, extent: _Extent) -> None:
        exponent = math.frexp(max(abs(extent.min), abs(extent.max)))[1]
        is_ordinary = _UNSCALED_EXPONENTS[0] <= exponent <= _UNSCALED_EXPONENTS[1]
        self._exponent = 0 if is_ordinary else exponent
        self._count = 0
        self._mean = 0.0
        self._squares = 0.0  # about the mean

    def add(self, block: AnyFloats) -> None:
        if block.size == 0:
            return
        exact = block.astype(np.float64)
        if self._exponent:
            exact = np.ldexp(exact, -self._exponent)
        mean = float(exact.sum()) / exact.size
        exact -= mean
        distance, count = mean - self._mean, self._count + exact.size
        share = exact.size / count
        self._squares += float(np.einsum("i,i->", exact, exact))
        self._squares += distance * distance * self._count * share
        self._mean += distance * share
        self._count = count

    def mean_std_norm(self) -> tuple[float, float, float]:
        """In the unit of the values; the norm is infinite where float64 cannot hold it."""
        std = math.sqrt(self._squares / self._count)
        norm = math.sqrt(self._squares + self._count * self._mean * self._mean)
        mean, std, norm = (
            float(np.ldexp(number, self._exponent)) for number in (self._mean, std, norm)
        )
        return mean, std, norm


def _measure_extent(values: NDArray[Any]) -> _Extent:
    nan_count = posinf_count = neginf_count = num_zeros = 0
    lowest, highest = math.inf, -math.inf
    for block in value_blocks(values):
        low, high = float(block.min()), float(block.max())
        if not (math.isfinite(low) and math.isfinite(high)):
            nan_count += int(np.count_nonzero(np.isnan(block)))
            posinf_count += int(np.count_nonzero(block == np.inf))
            neginf_count += int(np.count_nonzero(block == -np.inf))
            is_finite = np.isfinite(block)
            low = float(block.min(where=is_finite, initial=np.inf))
            high = float(block.max(where=is_finite, initial=-np.inf))
        if low <= 0 <= high:
            num_zeros += int(np.count_nonzero(block == 0))
        lowest, highest = min(lowest, low), max(highest, high)
    num_finite = values.size - nan_count - posinf_count - neginf_count
    if num_finite == 0:
        lowest = highest = math.nan
    return _Extent(
        count=values.size,
        num_finite=num_finite,
        nan_count=nan_count,
        posinf_count=posinf_count,
        neginf_count=neginf_count,
        num_zeros=num_zeros,
        min=lowest,
        max=highest,
    )


def _statistics(extent: _Extent, mean: float, std: float, l2_norm: float) -> ValueStatistics:
    return ValueStatistics(
        count=extent.count,
        # Rounding may carry the mean of nearly equal values past the last of them.
        mean=mean if math.isnan(mean) else min(max(mean, extent.min), extent.max),
        std=std,
        min=extent.min,
        max=extent.max,
        l2_norm=l2_norm,
        zero_fraction=extent.num_zeros / extent.count if extent.count else 0.0,
        nan_count=extent.nan_count,
        posinf_count=extent.posinf_count,
        neginf_count=extent.neginf_count,
    )
