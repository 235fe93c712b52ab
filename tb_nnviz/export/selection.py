"""Some of the tiles that are shown: those at one position of some grid axes."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from tb_nnviz.export.arrangement import choose_positions, describe_positions, take_positions
from tb_nnviz.export.tag_records import ShownTiles
from tb_nnviz.records import TileArray


@dataclass(frozen=True)
class SelectedTiles:
    """What is shown at a step, and at which positions, in words."""

    shown: ShownTiles
    positions: str


def select_tiles(
    shown: ShownTiles, where: Mapping[str, int | str], *, is_picture: bool
) -> SelectedTiles:
    """The tiles at the positions asked for, without the axes that stand at them.

    Args:
        shown: what is shown of a tag at a step.
        where: grid axis → index or label.
        is_picture: whether samples with many tiles each are to be shown one at a time.

    Raises:
        ValueError: there is no such axis, index or label.
    """
    record = shown.record
    positions = choose_positions(record, where, is_picture=is_picture)
    selected = replace(shown, record=take_positions(record, positions))
    if shown.is_unresolved is not None:
        unresolved = _take_cells(shown.is_unresolved, record, positions)
        selected = replace(selected, is_unresolved=unresolved)
    if shown.dead is not None:
        dead = replace(shown.dead, cells=_take_cells(shown.dead.cells, record, positions))
        selected = replace(selected, dead=dead)
    return SelectedTiles(selected, describe_positions(record, positions))


def _take_cells(
    cells: NDArray[np.bool_], record: TileArray, positions: Mapping[str, int]
) -> NDArray[np.bool_]:
    """Of ``(tiles, height, width)``, the tiles at the positions."""
    axes = record.axes[: len(record.grid_shape)]
    kept = tuple(positions.get(axis, slice(None)) for axis in axes)
    by_axis = cells.reshape(*record.grid_shape, *cells.shape[1:])
    return by_axis[kept].reshape(-1, *cells.shape[1:])
