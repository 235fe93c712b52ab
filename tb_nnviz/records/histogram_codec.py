"""Header fields and payloads of a histogram, and back; see ``record_schema.json``.

Parsing trusts nothing: counts that cannot be are a corrupt record, not a picture.
"""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray

from tb_nnviz.numerics.bins import FINEST_EXPONENT, INDEX_BITS, MAX_BINS
from tb_nnviz.records.errors import RecordError
from tb_nnviz.records.fields import require, strings
from tb_nnviz.records.histogram import HISTOGRAM_STATISTICS, Histogram
from tb_nnviz.records.moment import Moment
from tb_nnviz.records.payload import BlobName, Part, Payloads, require_payload
from tb_nnviz.records.source import Source

_COUNTS = ("count", "nan_count", "posinf_count", "neginf_count")
_COARSEST_EXPONENT = 1023
_MOST = 2**INDEX_BITS


def histogram_fields(record: Histogram) -> dict[str, Any]:
    """The fields of a record's header that only histograms have, and its kind."""
    return {
        "kind": "histogram",
        "exponent": record.exponent,
        "first": record.first,
        "dtype": record.dtype,
        "statistics": list(HISTOGRAM_STATISTICS),
        "notes": list(record.notes),
        "source": record.source.to_json(),
    }


def histogram_payloads(record: Histogram) -> list[tuple[BlobName, Part, NDArray[Any]]]:
    """Numbers about the values, then counts: as float64, which browsers read, exact to 2**53."""
    statistics = np.array([getattr(record, name) for name in HISTOGRAM_STATISTICS], np.float64)
    return [
        ("statistics", "paint", statistics),
        ("counts", "paint", record.counts.astype(np.float64)),
    ]


def decode_histogram(
    header: dict[str, Any], payloads: Payloads, moment: Moment, ordinal: int
) -> Histogram:
    """The histogram of a header and its payloads; raises `RecordError` naming what is wrong."""
    exponent = _require_between(header, "exponent", FINEST_EXPONENT, _COARSEST_EXPONENT)
    counts = _decode_counts(payloads)
    first = _require_between(header, "first", -_MOST, _MOST - len(counts))
    names = strings(header, "statistics")
    if sorted(names) != sorted(HISTOGRAM_STATISTICS):
        raise RecordError(f"field 'statistics' is {names}, not each of {HISTOGRAM_STATISTICS} once")
    row = require_payload(payloads, "statistics", "float64", (len(names),))
    statistics: dict[str, Any] = {
        name: float(number) for name, number in zip(names, row, strict=True)
    }
    for name in _COUNTS:
        statistics[name] = int(_whole_numbers(f"statistic {name!r}", row[names.index(name)]))
    num_finite = statistics["count"] - sum(statistics[name] for name in _COUNTS[1:])
    if int(counts.sum()) != num_finite:
        raise RecordError(
            f"corrupt: the counts sum to {counts.sum()} where {num_finite} values are finite"
        )
    return Histogram(
        exponent=exponent,
        first=first,
        counts=counts,
        **statistics,
        dtype=require(header, "dtype", str),
        notes=strings(header, "notes"),
        source=Source.from_json(require(header, "source", dict)),
        moment=moment,
        ordinal=ordinal,
    )


def _decode_counts(payloads: Payloads) -> NDArray[np.int64]:
    num_bins = payloads["counts"].size if "counts" in payloads else 0
    if num_bins > MAX_BINS:
        raise RecordError(f"corrupt: {num_bins} bins, more than {MAX_BINS}")
    counts = require_payload(payloads, "counts", "float64", (num_bins,))
    return _whole_numbers("blob 'counts'", counts)


def _whole_numbers(what: str, numbers: NDArray[np.float64]) -> NDArray[np.int64]:
    # NaN is in no range.
    if not ((numbers >= 0) & (numbers <= _MOST) & (np.floor(numbers) == numbers)).all():
        raise RecordError(f"corrupt: {what} holds what is no whole number from 0 to 2**53")
    return np.asarray(numbers).astype(np.int64)


def _require_between(header: dict[str, Any], name: str, least: int, most: int) -> int:
    found: int = require(header, name, int)
    if not least <= found <= most:
        raise RecordError(f"field {name!r} is {found!r}, not a whole number {least} to {most}")
    return found
