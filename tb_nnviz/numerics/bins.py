"""Bins that all histograms share: widths are powers of two, edges whole multiples of them.

So any two histograms, of whatever values, become comparable by adding neighbouring bins;
no state, no agreement between them is needed. Knows numbers and nothing of models or files.
"""

from __future__ import annotations

import math
from collections.abc import Iterable
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from tb_nnviz.numerics.quantization import Float64Array
from tb_nnviz.numerics.value_blocks import AnyFloats

MAX_BINS = 512
# The least positive float64 is 2**-1074: no two values are closer.
FINEST_EXPONENT = -1074
# Whole numbers up to 2**53 are exact in float64, in Python and in a browser.
INDEX_BITS = 53


@dataclass(frozen=True, eq=False)
class Binning:
    """Counts in bins of one width.

    Bin ``i`` holds the values v with ``floor(v / 2**exponent) == first + i``: an edge belongs
    to the bin above it, also the last one.

    Attributes:
        exponent: bins are ``2**exponent`` wide, in the unit of the values.
        first: index of the first bin; its lower edge is ``first * 2**exponent``. No index is
            beyond 2**53.
        counts: ``(bins,)`` int64; neither the first nor the last is 0 where there is any.
    """

    exponent: int
    first: int
    counts: NDArray[np.int64]

    @property
    def edges(self) -> Float64Array:
        """``(bins + 1,)`` exact; an outermost one that float64 cannot hold is infinite."""
        indices = np.arange(len(self.counts) + 1, dtype=np.float64) + self.first
        with np.errstate(over="ignore"):
            edges: Float64Array = np.ldexp(indices, self.exponent)
        return edges


def choose_bins(lowest: float, highest: float) -> tuple[int, int, int]:
    """The bins of values from ``lowest`` to ``highest``.

    The exponent is the least with which at most 512 bins cover the range, so they are 257 to
    512; but indices stay below 2**53, so it is at least ``E - 53`` for a largest magnitude below
    ``2**E``, and at least -1074. Hence equal values have one bin of the finest width, and do not
    coarsen what they are compared with.

    Args:
        lowest: finite.
        highest: finite, not below ``lowest``.

    Returns:
        ``(exponent, first, bins)``; see `Binning`.
    """
    largest = max(abs(lowest), abs(highest))
    exponent = FINEST_EXPONENT
    if largest > 0:
        exponent = max(exponent, math.frexp(largest)[1] - INDEX_BITS)
    first, last = _bin_index(lowest, exponent), _bin_index(highest, exponent)
    shift = _shift_to_fit(first, last, MAX_BINS)
    first, last = first >> shift, last >> shift
    return exponent + shift, first, last - first + 1


def rebin(binning: Binning, exponent: int) -> Binning:
    """The same values in wider bins, exactly: floor(floor(x) / 2) is floor(x / 2).

    Args:
        binning: of any values.
        exponent: at least that of the binning.

    Raises:
        ValueError: the bins asked for are narrower.
    """
    if len(binning.counts) == 0:
        return Binning(exponent, 0, binning.counts)
    if exponent < binning.exponent:
        raise ValueError(
            f"The `exponent` argument must be {binning.exponent} or more, that of the binning: "
            f"bins can be joined, not split; got {exponent}."
        )
    shift = exponent - binning.exponent
    first = binning.first >> shift
    # int64 cannot be shifted further, and is all sign by then.
    wide = (binning.first + np.arange(len(binning.counts))) >> min(shift, 63)
    counts = np.zeros(int(wide[-1]) - first + 1, np.int64)
    np.add.at(counts, wide - first, binning.counts)
    return Binning(exponent, first, counts)


def common_exponent(binnings: Iterable[Binning], max_bins: int = MAX_BINS) -> int:
    """The finest exponent that all the binnings can have together.

    Args:
        binnings: those without bins do not matter; 0 is returned if there is no other.
        max_bins: how many bins may cover all of them together; at least 2, for no bin
            is on both sides of 0.

    Raises:
        ValueError: ``max_bins`` is below 2.
    """
    if max_bins < 2:  # noqa: PLR2004 - see above
        raise ValueError(f"The `max_bins` argument must be 2 or more; got {max_bins}.")
    filled = [binning for binning in binnings if len(binning.counts)]
    if not filled:
        return 0
    exponent = max(binning.exponent for binning in filled)
    first = min(binning.first >> (exponent - binning.exponent) for binning in filled)
    last = max(
        (binning.first + len(binning.counts) - 1) >> (exponent - binning.exponent)
        for binning in filled
    )
    return exponent + _shift_to_fit(first, last, max_bins)


def bin_indices(values: AnyFloats, exponent: int, first: int) -> NDArray[np.intp]:
    """For each value, which bin it is in, counted from the first.

    Exact in the values' own precision: a power of two changes no digit, and the difference of
    two whole numbers that is below 512 needs no rounding.
    """
    precision = np.finfo(values.dtype)
    if precision.minexp <= -exponent < precision.maxexp:
        scaled = values * values.dtype.type(math.ldexp(1.0, -exponent))
    else:
        scaled = np.ldexp(values.astype(np.float64), -exponent)
    np.floor(scaled, out=scaled)
    if exponent > 0:
        # What vanished when it was scaled down is still below 0.
        scaled[(scaled == 0) & (values < 0)] = -1
    scaled -= scaled.dtype.type(first)
    indices: NDArray[np.intp] = scaled.astype(np.intp)
    return indices


def _bin_index(value: float, exponent: int) -> int:
    """``floor(value / 2**exponent)`` in whole numbers, which nothing overflows."""
    numerator, denominator = value.as_integer_ratio()
    if exponent < 0:
        return (numerator << -exponent) // denominator
    return numerator // (denominator << exponent)


def _shift_to_fit(first: int, last: int, max_bins: int) -> int:
    """How often pairs of bins must be joined until at most ``max_bins`` are left."""
    shift = max(0, (last - first).bit_length() - max_bins.bit_length())
    while (last >> shift) - (first >> shift) >= max_bins:
        shift += 1
    return shift
