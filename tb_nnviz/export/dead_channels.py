"""Channels and units that do not respond, as the screen finds them: 0 everywhere, for all samples.

Knows records of activations. Must not know how they are painted.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from tb_nnviz.export.arrangement import SAMPLE
from tb_nnviz.numerics.tile_statistics import NONFINITE_COUNTS
from tb_nnviz.records import TileArray

_CHANNEL = "channel"


@dataclass(frozen=True)
class DeadChannels:
    """Where dead channels are.

    Attributes:
        cells: ``(tiles, height, width)``, true where a cell belongs to one.
        text: such as "3 of 64 channels dead".
    """

    cells: NDArray[np.bool_]
    text: str


def find_dead_channels(record: TileArray) -> DeadChannels | None:
    """The channels of a record that are 0 for every sample; None where there are none.

    Args:
        record: with statistics. Channels have tiles of their own, or a column in every tile.
    """
    grid_axes = record.axes[: len(record.grid_shape)]
    if SAMPLE not in grid_axes or record.values.size == 0:
        return None
    height_axis = len(grid_axes)
    if _CHANNEL in grid_axes:
        axis, word = grid_axes.index(_CHANNEL), _CHANNEL
        others = tuple(other for other in range(height_axis) if other != axis)
        is_dead = np.asarray(_is_zero(record).all(axis=others))
    elif "width" in record.represents:
        axis, word = height_axis + 1, record.represents["width"]
        others = tuple(other for other in range(record.values.ndim) if other != axis)
        is_dead = np.asarray((record.values == 0).all(axis=others))
    else:
        return None
    if not is_dead.any():
        return None
    shape = record.values.shape[: height_axis + 2]
    spread = is_dead.reshape([-1 if other == axis else 1 for other in range(len(shape))])
    cells = np.broadcast_to(spread, shape).reshape(-1, *shape[height_axis:])
    words = word.replace("_", " ") + ("" if len(is_dead) == 1 else "s")
    return DeadChannels(cells, f"{is_dead.sum():,} of {len(is_dead):,} {words} dead")


def _is_zero(record: TileArray) -> NDArray[np.bool_]:
    """Which tiles hold nothing but zeros, over the grid axes."""
    counts = [record.statistics.get(name, 0) for name in NONFINITE_COUNTS]
    finite = np.equal(sum(counts), 0)
    return np.asarray((record.statistics["min"] == 0) & (record.statistics["max"] == 0) & finite)
