"""Which values the colours span, from the minimum and maximum of each tile as logged.

Knows statistics only: no cells and no colours.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from tb_nnviz.records import TileArray


@dataclass(frozen=True)
class ValueRange:
    """Ends of a scale, in the unit of the values; both 0 where no value is finite."""

    lowest: float
    highest: float


@dataclass(frozen=True)
class Extremes:
    """The least and the greatest finite value; NaN where there is none."""

    min: float
    max: float


def extremes_of(record: TileArray) -> Extremes:
    """Over all tiles of a record with statistics."""
    minima, maxima = record.statistics["min"], record.statistics["max"]
    if not np.isfinite(minima).any():
        return Extremes(np.nan, np.nan)
    return Extremes(float(np.nanmin(minima)), float(np.nanmax(maxima)))


def join_extremes(all_extremes: Iterable[Extremes]) -> Extremes:
    """Of everything that has any of these extremes."""
    finite = [each for each in all_extremes if np.isfinite(each.min)]
    if not finite:
        return Extremes(np.nan, np.nan)
    return Extremes(min(each.min for each in finite), max(each.max for each in finite))


def range_of(extremes: Extremes, *, is_symmetric: bool) -> ValueRange:
    """The range for all values between the extremes; about zero where it is symmetric."""
    if not np.isfinite(extremes.min):
        return ValueRange(0.0, 0.0)
    if not is_symmetric:
        return ValueRange(extremes.min, extremes.max)
    magnitude = max(abs(extremes.min), abs(extremes.max))
    return ValueRange(-magnitude, magnitude)


def tile_limits(
    record: TileArray, common: ValueRange | None, *, is_symmetric: bool
) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """Ends of the scale of each tile, each ``(tiles,)``.

    Args:
        record: with statistics.
        common: the range of all tiles; None for each tile's own.
        is_symmetric: whether a tile's own range is about zero.
    """
    minima = record.statistics["min"].ravel()
    if common is not None:
        return np.full(minima.shape, common.lowest), np.full(minima.shape, common.highest)
    lowest = np.where(np.isfinite(minima), minima, 0.0)
    highest = np.where(np.isfinite(minima), record.statistics["max"].ravel(), 0.0)
    if not is_symmetric:
        return lowest, highest
    magnitudes = np.maximum(np.abs(lowest), np.abs(highest))
    return -magnitudes, magnitudes
