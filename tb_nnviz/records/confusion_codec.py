"""Header fields and payloads of a confusion, and back; see ``record_schema.json``.

Parsing trusts nothing: counts that cannot be are a corrupt record, not a picture.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import Any, get_args

import numpy as np
from numpy.typing import NDArray

from tb_nnviz.records.addresses import ADDRESS_BYTES
from tb_nnviz.records.confusion import Cell, CellSample, Confusion, Mistake, Task
from tb_nnviz.records.errors import RecordError
from tb_nnviz.records.fields import (
    optional_count,
    optional_number,
    require,
    require_count,
    require_one_of,
    strings,
)
from tb_nnviz.records.moment import Moment
from tb_nnviz.records.payload import BlobName, Part, Payloads, require_payload
from tb_nnviz.records.source import Source

_MOST_SAMPLES = 2**53
# A matrix of counts must fit in memory before it is allocated: 8 bytes a cell.
_MOST_CLASSES = 10_000


def confusion_shape(task: Task, num_names: int) -> tuple[int, ...]:
    """The shape of the counts for so many classes, or labels."""
    return (num_names, 2, 2) if task == "multi_label" else (num_names, num_names)


def confusion_fields(record: Confusion) -> dict[str, Any]:
    """The fields of a record's header that only confusions have, and its kind."""
    return {
        "kind": "confusion",
        "task": record.task,
        "class_names": list(record.class_names),
        "threshold": record.threshold,
        "top_k": record.top_k,
        "num_samples": record.num_samples,
        "num_available": record.num_available,
        "num_undecided": record.num_undecided,
        "notes": list(record.notes),
        "source": record.source.to_json(),
    }


def confusion_payloads(record: Confusion) -> list[tuple[BlobName, Part, NDArray[Any]]]:
    """Cells that have samples, the samples they list, mistakes, and addresses of pictures."""
    shape = record.counts.shape
    flat = record.counts.reshape(-1)
    cells = np.flatnonzero(flat)
    listed = [record.cell_samples.get(_unravel(cell, shape), ()) for cell in cells]
    samples = [sample for several in listed for sample in several]
    mistakes = [
        (mistake.index, np.ravel_multi_index(mistake.cell, shape)) for mistake in record.mistakes
    ]
    payloads: list[tuple[BlobName, NDArray[Any]]] = [
        ("cells", cells.astype(np.uint32)),
        ("counts", flat[cells].astype(np.float64)),
        ("sizes", np.array([len(several) for several in listed], np.uint32)),
        ("indices", np.array([sample.index for sample in samples], np.uint32)),
        ("confidences", np.array([sample.confidence for sample in samples], np.float32)),
        ("mistakes", np.array(mistakes, np.uint32).reshape(-1, 2)),
        (
            "mistake_confidences",
            np.array([mistake.confidence for mistake in record.mistakes], np.float32),
        ),
    ]
    if record.weighted_counts is not None:
        payloads.append(("weights", record.weighted_counts.reshape(-1)[cells].astype(np.float64)))
    if record.addresses:
        named = sorted(record.addresses)
        text = "".join(record.addresses[index] for index in named)
        payloads += [
            ("samples", np.array(named, np.uint32)),
            ("addresses", np.frombuffer(bytes.fromhex(text), np.uint8).reshape(-1, ADDRESS_BYTES)),
        ]
    return [(name, "paint", array) for name, array in payloads]


def decode_confusion(
    header: dict[str, Any], payloads: Payloads, moment: Moment, ordinal: int
) -> Confusion:
    """The confusion of a header and its payloads; raises `RecordError` naming what is wrong."""
    task: Task = require_one_of(header, "task", get_args(Task))
    names = strings(header, "class_names")
    if len(names) > _MOST_CLASSES:
        raise RecordError(f"field 'class_names' has {len(names)}, more than {_MOST_CLASSES}")
    shape = confusion_shape(task, len(names))
    rows = _decode_rows(payloads, math.prod(shape))
    counts = np.zeros(math.prod(shape), np.int64)
    counts[rows.cells] = rows.counts
    return Confusion(
        counts=counts.reshape(shape),
        class_names=names,
        task=task,
        cell_samples=_decode_cell_samples(payloads, rows, shape),
        mistakes=_decode_mistakes(payloads, shape),
        weighted_counts=_decode_weights(payloads, rows, shape),
        threshold=optional_number(header, "threshold"),
        top_k=require_count(header, "top_k"),
        num_samples=require_count(header, "num_samples"),
        num_available=optional_count(header, "num_available"),
        num_undecided=require_count(header, "num_undecided"),
        addresses=_decode_addresses(payloads),
        notes=strings(header, "notes"),
        source=Source.from_json(require(header, "source", dict)),
        moment=moment,
        ordinal=ordinal,
    )


@dataclass(frozen=True)
class _Rows:
    """The cells that have samples, as decoded."""

    cells: NDArray[np.int64]
    counts: NDArray[np.int64]
    sizes: NDArray[np.int64]


def _decode_rows(payloads: Payloads, num_cells: int) -> _Rows:
    length = _length(payloads, "cells")
    cells = require_payload(payloads, "cells", "uint32", (length,)).astype(np.int64)
    if length and not ((np.diff(cells) > 0).all() and cells[-1] < num_cells):
        raise RecordError(f"corrupt: blob 'cells' is not ascending below {num_cells}")
    counts = require_payload(payloads, "counts", "float64", (length,))
    # NaN is in no range.
    if not ((counts >= 1) & (counts <= _MOST_SAMPLES) & (np.floor(counts) == counts)).all():
        raise RecordError("corrupt: blob 'counts' holds what is no whole number from 1 to 2**53")
    sizes = require_payload(payloads, "sizes", "uint32", (length,)).astype(np.int64)
    if (sizes > counts).any():
        raise RecordError("corrupt: blob 'sizes' lists more samples than a cell has")
    return _Rows(cells, counts.astype(np.int64), sizes)


def _decode_cell_samples(
    payloads: Payloads, rows: _Rows, shape: tuple[int, ...]
) -> dict[Cell, tuple[CellSample, ...]]:
    num_listed = int(rows.sizes.sum())
    indices = require_payload(payloads, "indices", "uint32", (num_listed,)).tolist()
    confidences = require_payload(payloads, "confidences", "float32", (num_listed,)).tolist()
    samples = [
        CellSample(index, confidence)
        for index, confidence in zip(indices, confidences, strict=True)
    ]
    ends = np.cumsum(rows.sizes).tolist()
    return {
        _unravel(cell, shape): tuple(samples[end - size : end])
        for cell, size, end in zip(rows.cells, rows.sizes.tolist(), ends, strict=True)
        if size
    }


def _decode_mistakes(payloads: Payloads, shape: tuple[int, ...]) -> tuple[Mistake, ...]:
    length = _length(payloads, "mistake_confidences")
    pairs = require_payload(payloads, "mistakes", "uint32", (length, 2))
    confidences = require_payload(payloads, "mistake_confidences", "float32", (length,))
    if (pairs[:, 1] >= math.prod(shape)).any():
        raise RecordError(f"corrupt: blob 'mistakes' names a cell beyond {shape}")
    return tuple(
        Mistake(int(index), _unravel(cell, shape), float(confidence))
        for (index, cell), confidence in zip(pairs, confidences, strict=True)
    )


def _decode_weights(
    payloads: Payloads, rows: _Rows, shape: tuple[int, ...]
) -> NDArray[np.float64] | None:
    if "weights" not in payloads:
        return None
    weights = np.zeros(math.prod(shape))
    weights[rows.cells] = require_payload(payloads, "weights", "float64", rows.cells.shape)
    return weights.reshape(shape)


def _decode_addresses(payloads: Payloads) -> dict[int, str]:
    if "samples" not in payloads:
        return {}
    length = _length(payloads, "samples")
    samples = require_payload(payloads, "samples", "uint32", (length,))
    addresses = require_payload(payloads, "addresses", "uint8", (length, ADDRESS_BYTES))
    return {
        int(sample): address.tobytes().hex()
        for sample, address in zip(samples, addresses, strict=True)
    }


def _length(payloads: Payloads, name: BlobName) -> int:
    return payloads[name].size if name in payloads else 0


def _unravel(cell: Any, shape: tuple[int, ...]) -> Cell:
    return tuple(int(index) for index in np.unravel_index(int(cell), shape))
