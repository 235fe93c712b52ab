"""Which tiles of a record stand in a row, and what is written beside them.

Knows axes and labels. Must not know sizes in pixels.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace

import numpy as np

from tb_nnviz.records import TileArray

SAMPLE = "sample"
# Of the samples that excite a unit, counted from 1 as on the screen.
RANK = "rank"

# Of all that a layer makes of a sample, more tiles than this do not stand in a row beside it.
_MOST_IN_ROW = 16


@dataclass(frozen=True)
class Arrangement:
    """Tiles in the order of the array, row by row.

    Attributes:
        tiles: how many.
        row_length: tiles in a row; None where rows may be of any length.
        row_labels: a text for each row; None where there are none.
        tile_labels: a text for each column, or for each tile where rows may be of any length.
    """

    tiles: int
    row_length: int | None
    row_labels: tuple[str, ...] | None
    tile_labels: tuple[str, ...] | None


def choose_positions(
    record: TileArray, where: Mapping[str, int | str], *, is_picture: bool
) -> dict[str, int]:
    """Which grid axes stand at one position, and at which.

    Args:
        record: whose axes.
        where: axis → index or label, as asked for.
        is_picture: samples with many tiles each are shown one at a time, as on the screen:
            the first one, unless another is asked for.

    Raises:
        ValueError: there is no such axis, index or label.
    """
    sizes = dict(zip(record.axes, record.grid_shape, strict=False))
    positions = {axis: _position(record, sizes, axis, given) for axis, given in where.items()}
    if is_picture and SAMPLE in sizes and SAMPLE not in positions and sizes[SAMPLE] > 1:
        others = [size for axis, size in sizes.items() if axis not in {SAMPLE, *positions}]
        if np.prod(others) > _MOST_IN_ROW:
            positions[SAMPLE] = 0
    return positions


def _position(record: TileArray, sizes: Mapping[str, int], axis: str, given: int | str) -> int:
    if axis not in sizes:
        raise ValueError(
            f"There is no grid axis {axis!r} to choose from; the axes are "
            f"{', '.join(record.axes)}, and all before `height` can be chosen from."
        )
    labels = record.labels.get(axis, ())
    if isinstance(given, str) and given in labels:
        return labels.index(given)
    try:
        index = int(given)
    except ValueError:
        index = -1
    if not 0 <= index < sizes[axis]:
        listed = f", or one of the labels {', '.join(labels[:20])}" if labels else ""
        raise ValueError(
            f"The axis {axis!r} has positions 0 to {sizes[axis] - 1}{listed}; got {given!r}."
        )
    return index


def take_positions(record: TileArray, positions: Mapping[str, int]) -> TileArray:
    """The record at these positions of its grid axes, without those axes."""
    for axis, position in positions.items():
        place = record.axes.index(axis)
        record = replace(
            record,
            values=np.take(record.values, [position], axis=place).squeeze(place),
            axes=tuple(name for name in record.axes if name != axis),
            labels={name: texts for name, texts in record.labels.items() if name != axis},
            addresses={name: texts for name, texts in record.addresses.items() if name != axis},
            statistics={
                name: np.take(numbers, [position], axis=place).squeeze(place)
                for name, numbers in record.statistics.items()
            },
        )
    return record


def describe_positions(record: TileArray, positions: Mapping[str, int]) -> str:
    """Such as "sample 0 (seven) · input channel 2"; empty where there are none."""
    words = []
    for axis, position in positions.items():
        labels = record.labels.get(axis)
        label = f" ({labels[position]})" if labels else ""
        words.append(f"{axis_word(axis)} {position}{label}")
    return " · ".join(words)


def axis_word(name: str) -> str:
    """An axis name as a word: ``in_channel`` is "input channel"."""
    return "input channel" if name == "in_channel" else name.replace("_", " ")


def arrange(record: TileArray) -> Arrangement:
    """The rows of a record: the last grid axis runs along them, all before it down the grid.

    A lone axis may be broken into rows of any length. An axis of length 1 needs no place.
    """
    sizes = dict(zip(record.axes, record.grid_shape, strict=False))
    if RANK in sizes:
        record = replace(record, labels={**_number_ranked(sizes), **record.labels})
    extended = [axis for axis, size in sizes.items() if size != 1]
    row_axes, along = extended[:-1], extended[-1:]
    return Arrangement(
        tiles=int(np.prod(record.grid_shape)),
        row_length=sizes[along[0]] if row_axes else None,
        row_labels=_join_labels(record, row_axes, sizes),
        tile_labels=_join_labels(record, along, sizes),
    )


def _number_ranked(sizes: Mapping[str, int]) -> dict[str, tuple[str, ...]]:
    """Texts for units and ranks, which have numbers alone."""
    return {
        axis: tuple(f"{axis_word(axis)} {index + (axis == RANK)}" for index in range(size))
        for axis, size in sizes.items()
    }


def _join_labels(
    record: TileArray, axes: list[str], sizes: Mapping[str, int]
) -> tuple[str, ...] | None:
    """A text for each position on several axes, the last one fastest."""
    if not any(axis in record.labels for axis in axes):
        return None
    texts: list[list[str]] = [[]]
    for axis in axes:
        labels = record.labels.get(axis)
        texts = [
            [*words, labels[position]] if labels else words
            for words in texts
            for position in range(sizes[axis])
        ]
    return tuple(" · ".join(words) for words in texts)
