"""What the screen ought to show of records that `LogReader` has read, computed with NumPy alone."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from tb_nnviz import Histogram, LogReader, TileArray

# Steps of the finite codes of 16 and of 8 bits; see `tb_nnviz.numerics.quantization`.
_CODE_STEPS = {"uint16": 254 * 256 - 1, "uint8": 252}


def read_tiles(logdir: Path, run: str, tag: str, step: int) -> TileArray:
    record = LogReader(logdir).read(run, tag, step)
    assert isinstance(record, TileArray)
    return record


def read_histogram(logdir: Path, run: str, tag: str, step: int) -> Histogram:
    record = LogReader(logdir).read(run, tag, step)
    assert isinstance(record, Histogram)
    return record


@dataclass(frozen=True, eq=False)
class Change:
    """The change between two records: ``(tiles, cells)``, and where precision cannot tell it."""

    values: NDArray[np.float32]
    unresolved: NDArray[np.bool_]


def change_between(shown: TileArray, reference: TileArray) -> Change:
    """``shown - reference`` in float64, rounded once; unresolved where both errors may make it."""
    values = (shown.tiles().astype(np.float64) - reference.tiles()).astype(np.float32)
    bounds = (error_bounds(shown) + error_bounds(reference))[:, None]
    return Change(values, (np.abs(values) <= bounds) & (bounds > 0))


def error_bounds(record: TileArray) -> NDArray[np.float64]:
    """``(tiles,)`` largest error of a cell: half a step of the codes, and rounding to float32."""
    low, high = (record.statistics[name].reshape(-1) for name in ("min", "max"))
    if record.precision == "float32":
        return np.zeros_like(low)
    bounds = (high - low) / _CODE_STEPS[record.precision] / 2
    bounds += 2.0**-24 * np.maximum(np.abs(low), np.abs(high))
    return np.where(high > low, bounds, 0.0)


def symmetric(arrays: Iterable[NDArray[Any]]) -> tuple[float, float]:
    """The range about zero that holds all of some arrays."""
    largest = max(float(np.nanmax(np.abs(array))) for array in arrays)
    return -largest, largest


def sorted_tiles(record: TileArray, sort: str) -> list[int]:
    """Order of the tiles of an array with one grid axis, by its logged statistics.

    Norm, change and variance: the largest first; dead: tiles whose values are all equal, then
    by norm, the least first. Equals stay in the order of the index.
    """
    statistics = {name: values.reshape(-1) for name, values in record.statistics.items()}
    norm = statistics["l2_norm"]
    if sort == "dead":
        is_dead = statistics["min"] == statistics["max"]
        keys = np.where(is_dead, -1.0, norm**2)
    elif sort == "variance":
        cells = record.tiles().shape[1]
        keys = -(norm**2 / cells - statistics["mean"] ** 2)
    else:
        keys = -((norm if sort == "norm" else statistics["change_since_start"]) ** 2)
    return [int(tile) for tile in np.argsort(keys, kind="stable")]


def rebinned(histogram: Histogram, exponent: int, first: int, bins: int) -> list[int]:
    """Counts of a histogram in given bins of width ``2**exponent``, added as whole numbers."""
    counts = [0] * bins
    shift = exponent - histogram.exponent
    for index, count in enumerate(histogram.counts.tolist()):
        if count:
            counts[((histogram.first + index) >> shift) - first] += count
    return counts
