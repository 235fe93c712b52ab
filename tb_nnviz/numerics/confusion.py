"""Counting true against predicted classes, and the most confident samples of every cell.

A cell is a pair of true and predicted class, numbered row by row. Ties are broken by the order
of the samples.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray


@dataclass(frozen=True)
class RankedCells:
    """Samples of every cell that has any, the most confident first.

    Attributes:
        cells: ``(n,)`` int64, ascending: those that have samples.
        counts: ``(n,)`` int64, how many samples each has.
        sizes: ``(n,)`` int64, how many of them are listed.
        positions: ``(sum of sizes,)`` int64, places of the listed samples in what was given, cell
            after cell.
    """

    cells: NDArray[np.int64]
    counts: NDArray[np.int64]
    sizes: NDArray[np.int64]
    positions: NDArray[np.int64]


def rank_samples_in_cells(
    cells: NDArray[np.int64], confidences: NDArray[np.float64], top_k: int
) -> RankedCells:
    """The ``top_k`` most confident samples of each cell.

    Args:
        cells: ``(sample,)``, the cell of each.
        confidences: ``(sample,)``; NaN is less than any number.
        top_k: how many of each cell are listed at most, from 0.
    """
    order = np.lexsort((_descending(confidences), cells))
    found, starts, counts = np.unique(cells[order], return_index=True, return_counts=True)
    rank = np.arange(len(order)) - np.repeat(starts, counts)
    return RankedCells(
        cells=found.astype(np.int64),
        counts=counts.astype(np.int64),
        sizes=np.minimum(counts, top_k).astype(np.int64),
        positions=order[rank < top_k].astype(np.int64),
    )


def rank_by_confidence(
    chosen: NDArray[np.bool_], confidences: NDArray[np.float64], most: int
) -> NDArray[np.int64]:
    """Places of the ``most`` most confident of the chosen samples, the most confident first."""
    places = np.flatnonzero(chosen)
    order = np.argsort(_descending(confidences[places]), kind="stable")
    return places[order[:most]].astype(np.int64)


def sum_in_cells(
    cells: NDArray[np.int64], weights: NDArray[np.float64], found: NDArray[np.int64]
) -> NDArray[np.float64]:
    """The sum of the weights of each cell's samples.

    Args:
        cells: ``(sample,)``, the cell of each.
        weights: ``(sample,)``.
        found: the cells to sum in, ascending; every one of ``cells`` is one of them.
    """
    places = np.searchsorted(found, cells)
    return np.bincount(places, weights=weights, minlength=len(found)).astype(np.float64)


def _descending(confidences: NDArray[np.float64]) -> NDArray[np.float64]:
    """Keys that sort from the greatest to the least, then NaN."""
    return np.where(np.isnan(confidences), np.inf, -confidences)
