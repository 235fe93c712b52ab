"""Numbers about each tile, in float64.

Knows arrays of shape ``(tiles, cells)``; works block by block, so that no float64 copy
of a whole array is made.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from tb_nnviz.numerics.quantization import Float64Array, blocks_of_tiles

BASIC_STATISTICS = ("min", "max", "mean", "l2_norm")
NONFINITE_COUNTS = ("nan_count", "posinf_count", "neginf_count")


def compute_tile_statistics(values: NDArray[np.float32]) -> dict[str, Float64Array]:
    """Statistics over the finite cells of each tile, and counts of the others.

    Args:
        values: ``(tiles, cells)``; the cells of a color tile are those of all its channels.

    Returns:
        ``min``, ``max``, ``mean`` (NaN where a tile has no finite cell) and
        ``l2_norm`` (0 there), then, only if any cell is not finite, ``nan_count``,
        ``posinf_count`` and ``neginf_count``; each ``(tiles,)`` float64. A count that is
        absent is zero for every tile.
    """
    tiles, cells = values.shape
    basic = {name: np.full(tiles, np.nan) for name in BASIC_STATISTICS}
    basic["l2_norm"][:] = 0.0
    counts = {name: np.zeros(tiles) for name in NONFINITE_COUNTS}
    if cells == 0:
        return basic
    for block in blocks_of_tiles(values.shape):
        exact = values[block].astype(np.float64)
        finite = np.isfinite(exact)
        if finite.all():
            basic["min"][block] = exact.min(axis=1)
            basic["max"][block] = exact.max(axis=1)
            basic["mean"][block] = exact.mean(axis=1)
        else:
            counts["nan_count"][block] = np.isnan(exact).sum(axis=1)
            counts["posinf_count"][block] = np.isposinf(exact).sum(axis=1)
            counts["neginf_count"][block] = np.isneginf(exact).sum(axis=1)
            some = finite.any(axis=1)
            lowest = exact.min(axis=1, where=finite, initial=np.inf)
            highest = exact.max(axis=1, where=finite, initial=-np.inf)
            exact[~finite] = 0.0
            means = exact.sum(axis=1) / np.maximum(1, finite.sum(axis=1))
            basic["min"][block] = np.where(some, lowest, np.nan)
            basic["max"][block] = np.where(some, highest, np.nan)
            basic["mean"][block] = np.where(some, means, np.nan)
        basic["l2_norm"][block] = _row_norms(exact)
    if any(count.any() for count in counts.values()):
        return {**basic, **counts}
    return basic


def compute_change_norms(
    values: NDArray[np.float32], reference: NDArray[np.float32]
) -> Float64Array:
    """L2 norm of each tile's difference to a reference, over cells finite in both.

    Args:
        values: ``(tiles, cells)``.
        reference: ``(tiles, cells)``.

    Returns:
        ``(tiles,)`` float64.
    """
    norms = np.zeros(values.shape[0])
    for block in blocks_of_tiles(values.shape):
        with np.errstate(invalid="ignore"):
            difference = values[block].astype(np.float64) - reference[block]
        finite = np.isfinite(difference)
        if not finite.all():
            difference[~finite] = 0.0
        norms[block] = _row_norms(difference)
    return norms


def _row_norms(rows: Float64Array) -> Float64Array:
    norms: Float64Array = np.sqrt(np.einsum("ij,ij->i", rows, rows))
    return norms
