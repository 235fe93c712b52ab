"""Some of the tiles that are shown: those at one position of some grid axes."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace

from tb_nnviz.export.arrangement import choose_positions, describe_positions, take_positions
from tb_nnviz.export.tag_records import ShownTiles


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
    is_unresolved = shown.is_unresolved
    if is_unresolved is not None:
        axes = record.axes[: len(record.grid_shape)]
        kept = tuple(positions.get(axis, slice(None)) for axis in axes)
        cell_shape = is_unresolved.shape[1:]
        by_axis = is_unresolved.reshape(*record.grid_shape, *cell_shape)
        is_unresolved = by_axis[kept].reshape(-1, *cell_shape)
    return SelectedTiles(
        replace(shown, record=take_positions(record, positions), is_unresolved=is_unresolved),
        describe_positions(record, positions),
    )
