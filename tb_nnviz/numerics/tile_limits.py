"""Which tiles are kept, and how large ones are averaged down.

Knows shapes and arrays only. One rule that depends on the shape alone, so it is the
same at every step and in every run: grid axes are cut from their ends, tiles are
averaged over blocks of whole cells.
"""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from tb_nnviz.numerics.quantization import Float64Array


@dataclass(frozen=True)
class LimitedShape:
    """What is left of an array after the limits.

    Attributes:
        grid_shape: lengths of the grid axes that are kept.
        row_factor: how many rows become one.
        column_factor: how many columns become one.
        shape: of the whole result.
    """

    grid_shape: tuple[int, ...]
    row_factor: int
    column_factor: int
    shape: tuple[int, ...]


def limit_shape(
    shape: tuple[int, ...],
    height_axis: int,
    *,
    max_tiles: int,
    max_tile_side: int,
    is_picture: bool,
) -> LimitedShape:
    """What the limits leave of an array of this shape.

    Args:
        shape: of the array.
        height_axis: which axis is height; axes before it are grid axes, width is next.
        max_tiles: how many tiles are kept.
        max_tile_side: how long a side may be.
        is_picture: rows and columns are places in a picture. A matrix has a row or column
            for each unit, so its sides may be as long as there may be tiles.
    """
    grid_shape = kept_grid_shape(shape[:height_axis], max_tiles)
    height, width = shape[height_axis : height_axis + 2]
    side = max_tile_side if is_picture else max(max_tile_side, max_tiles)
    row_factor, column_factor = averaging_factors(height, width, side, keep_aspect=is_picture)
    tile = (math.ceil(height / row_factor), math.ceil(width / column_factor))
    limited = (*grid_shape, *tile, *shape[height_axis + 2 :])
    return LimitedShape(grid_shape, row_factor, column_factor, limited)


def kept_grid_shape(grid_shape: tuple[int, ...], max_tiles: int) -> tuple[int, ...]:
    """Lengths of the grid axes such that at most ``max_tiles`` tiles are kept.

    The first axis (units, filters) is kept before the second (in_channels), and so on:
    a later axis gets what the earlier ones leave, at least 1.

    Args:
        grid_shape: lengths of the grid axes.
        max_tiles: at least 1.

    Returns:
        The lengths to keep, none longer than given.
    """
    kept = []
    remaining = max_tiles
    for length in grid_shape:
        keep = min(length, max(1, remaining))
        kept.append(keep)
        remaining //= max(1, keep)
    return tuple(kept)


def averaging_factors(
    height: int, width: int, max_side: int, *, keep_aspect: bool
) -> tuple[int, int]:
    """How many rows and columns become one, so that no side exceeds ``max_side``.

    Args:
        height: rows of the tile.
        width: columns of the tile.
        max_side: at least 1.
        keep_aspect: use one factor for both sides (pictures), else each side its own
            (matrices, whose sides are different things).

    Returns:
        ``(row_factor, column_factor)``; 224x224 with ``max_side=64`` gives (4, 4), which
        leaves 56x56.
    """
    row_factor = max(1, math.ceil(height / max_side))
    column_factor = max(1, math.ceil(width / max_side))
    if keep_aspect:
        row_factor = column_factor = max(row_factor, column_factor)
    return row_factor, column_factor


def average_over_blocks(
    values: NDArray[np.float32],
    row_factor: int,
    column_factor: int,
    height_axis: int,
) -> NDArray[np.float32]:
    """Mean of each block of ``row_factor`` rows and ``column_factor`` columns.

    The last block of a side holds what is left and is averaged over its own cells. A block
    with a NaN is NaN; NaN and infinities do not spread beyond their block.

    Args:
        values: ``(..., height, width[, color])``.
        row_factor: at least 1.
        column_factor: at least 1.
        height_axis: which axis is height; width is the next one.

    Returns:
        ``(..., ceil(height / row_factor), ceil(width / column_factor)[, color])``; the
        values themselves where both factors are 1.
    """
    if row_factor == 1 and column_factor == 1:
        return values
    with np.errstate(invalid="ignore"):
        averaged = _average_axis(values, row_factor, height_axis)
        averaged = _average_axis(averaged, column_factor, height_axis + 1)
    return averaged.astype(np.float32)


def _average_axis(
    values: NDArray[np.float32] | Float64Array, factor: int, axis: int
) -> Float64Array:
    length = values.shape[axis]
    starts = np.arange(0, length, factor)
    sums = np.add.reduceat(values, starts, axis=axis, dtype=np.float64)
    counts = np.minimum(starts + factor, length) - starts
    shape = [1] * values.ndim
    shape[axis] = len(counts)
    means: Float64Array = sums / counts.reshape(shape)
    return means
