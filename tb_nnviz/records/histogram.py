"""The record of how an array's values are distributed.

Knows what the record holds and how it is made of an array. Knows neither models nor files.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass, field

import numpy as np
from numpy.typing import ArrayLike, NDArray

from tb_nnviz.numerics.bins import Binning
from tb_nnviz.numerics.histograms import compute_histogram
from tb_nnviz.numerics.update_ratio import compute_update_ratio
from tb_nnviz.records.arguments import check_notes, check_real_numbers, check_source
from tb_nnviz.records.moment import Moment
from tb_nnviz.records.source import Source

# In a record's statistics, in the order in which they are stored.
HISTOGRAM_STATISTICS = (
    "count",
    "mean",
    "std",
    "min",
    "max",
    "l2_norm",
    "zero_fraction",
    "nan_count",
    "posinf_count",
    "neginf_count",
    "update_ratio",
)

_ROUNDED_TO_FLOAT64 = "values are rounded to float64"

# Header, metadata and framing; and what compressed counts take more for ten times the values,
# as measured from 10 to 10 million normal and uniform values.
_HEADER_BYTES = 1150
_BYTES_PER_DECADE = 150


@dataclass(frozen=True, eq=False)
class Histogram:
    """Counts of values in bins that any two histograms share, and numbers about the values.

    Bins are as `tb_nnviz.numerics.bins.choose_bins` says: `tb_nnviz.numerics.bins.rebin` of
    `binning` brings histograms to one width, exactly. All but the counts are over the finite
    values, in the unit of the values where they have one.

    Attributes:
        exponent: bins are ``2**exponent`` wide.
        first: the first bin begins at ``first * 2**exponent``.
        counts: ``(n,)`` int64, how many finite values are in each bin, its lower edge
            included; 0 to 512 bins.
        count: number of all values, finite or not.
        mean: NaN where no value is finite, as are the next three.
        std: population standard deviation.
        min: least finite value.
        max: greatest finite value.
        l2_norm: square root of the sum of squares; 0 where no value is finite.
        zero_fraction: share of all values that are 0, in [0, 1].
        nan_count: number of NaNs.
        posinf_count: number of +inf.
        neginf_count: number of -inf.
        update_ratio: L2 norm of the change since the previous values ÷ L2 norm of the values,
            over those finite in both; NaN where there is nothing to compare with, +inf where all
            values became 0.
        dtype: the dtype the values had.
        notes: what a reader must know.
        source: where the values come from.
        moment: when it was taken; set on records that were read from a log.
        ordinal: 1 for the first record of its tag; set likewise.
    """

    exponent: int
    first: int
    counts: NDArray[np.int64]
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
    update_ratio: float = math.nan
    dtype: str = "float32"
    notes: tuple[str, ...] = ()
    source: Source = field(default_factory=Source)
    moment: Moment | None = None
    ordinal: int | None = None

    @property
    def binning(self) -> Binning:
        """The bins and their counts, to be joined to wider ones."""
        return Binning(self.exponent, self.first, self.counts)

    @property
    def edges(self) -> NDArray[np.float64]:
        """``(n + 1,)`` exact; an outermost one that float64 cannot hold is infinite."""
        return self.binning.edges


def build_histogram(
    values: ArrayLike,
    *,
    previous: ArrayLike | None = None,
    notes: Sequence[str] = (),
    source: Source | None = None,
) -> Histogram:
    """The histogram of an array.

    Args:
        values: real numbers, any shape; a lone number will do.
        previous: the values before the update, the same shape; None where there are none.
        notes: sentences to show with the record.
        source: where the values come from.

    Raises:
        TypeError: an array does not hold real numbers, or an argument has another type.
        ValueError: the arrays have different shapes, or a text is none that UTF-8 can hold.
    """
    given = check_real_numbers("values", np.asarray(values))
    texts = check_notes(notes)
    if given.dtype.kind == "f" and not np.can_cast(given.dtype, np.float64):
        texts = (*texts, _ROUNDED_TO_FLOAT64)
    update_ratio = math.nan
    if previous is not None:
        earlier = check_real_numbers("previous", np.asarray(previous))
        if earlier.shape != given.shape:
            raise ValueError(
                "The `previous` argument must have the shape of the values; got "
                f"{earlier.shape} for values of shape {given.shape}."
            )
        update_ratio = compute_update_ratio(given, earlier)
    binning, statistics = compute_histogram(given)
    return Histogram(
        exponent=binning.exponent,
        first=binning.first,
        counts=binning.counts,
        **vars(statistics),
        update_ratio=update_ratio,
        dtype=str(given.dtype),
        notes=texts,
        source=check_source(source or Source()),
    )


def estimate_histogram_bytes(num_values: int) -> int:
    """About how many bytes the histogram of so many different values comes to in the log."""
    return _HEADER_BYTES + round(_BYTES_PER_DECADE * math.log10(max(1, num_values)))
