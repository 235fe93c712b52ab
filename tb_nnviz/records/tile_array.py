"""The record that carries nearly everything: an array with named axes.

Knows how an array is cut to the limits and what the record of it holds. Knows neither
models nor files.
"""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any, Literal, get_args

import numpy as np
from numpy.typing import ArrayLike, NDArray

from tb_nnviz.numerics.tile_limits import average_over_blocks, limit_shape
from tb_nnviz.numerics.tile_statistics import compute_change_norms, compute_tile_statistics
from tb_nnviz.records.arguments import (
    check_axes,
    check_labels,
    check_notes,
    check_option,
    check_positive_int,
    check_represents,
    check_source,
)
from tb_nnviz.records.moment import Moment
from tb_nnviz.records.omissions import describe_omitted, labels_of_blocks
from tb_nnviz.records.source import Source

Meaning = Literal["signed", "non_negative", "image"]
Precision = Literal["uint16", "uint8", "float32"]

# Below this a tile's range costs as much as exact values would.
MIN_QUANTIZED_CELLS = 64
DEFAULT_MAX_TILES = 512
DEFAULT_MAX_TILE_SIDE = 64

_BYTES_PER_CELL: dict[Precision, int] = {"uint16": 2, "uint8": 1, "float32": 4}
# Six float64 numbers a tile, of which gzip takes a quarter off: all came from float32.
_STATISTICS_BYTES = 36
# Header, metadata and framing of a record.
_HEADER_BYTES = 1500

_BEYOND_FLOAT32 = "values beyond the range of float32 are shown as infinite"
_ROUNDED_TO_FLOAT32 = "whole numbers beyond 2^24 are rounded to float32"
_EXACT_IN_FLOAT32 = 2**24


@dataclass(frozen=True, eq=False)
class TileArray:
    """Values on named axes: grid axes first, then height, width and perhaps color (size 3).

    A tile is what lies over height, width and color: its statistics are over all three.

    Attributes:
        values: float32, one axis for each of ``axes``.
        axes: names, such as ``("unit", "height", "width")``.
        labels: for some axes, a text for each index.
        represents: what a row or column is where it is no place in a picture, such as
            ``{"height": "input", "width": "unit"}`` for a matrix.
        addresses: for some axes, a text for each index that is the same for equal samples only,
            in any record: what is shown of a sample is found by it.
        meaning: ``signed``, ``non_negative`` or ``image``.
        precision: how the values are stored.
        dtype: the dtype they had.
        full_shape: shape before anything was left out or averaged.
        omitted: what is not in ``values``, in words.
        notes: anything else a reader must know.
        source: where the values come from.
        statistics: by name, an array over the grid axes; see
            `tb_nnviz.numerics.tile_statistics`. ``change_since_start`` and
            ``change_since_previous`` are there from a tag's second record on. A count
            that is absent is zero. ``zero_fraction``, the share of zeros before any cells were
            averaged, is there where the writer gave it.
        moment: when it was taken; set on records that were read from a log.
        ordinal: 1 for the first record of its tag; set likewise.
    """

    values: NDArray[np.float32]
    axes: tuple[str, ...]
    labels: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    represents: Mapping[str, str] = field(default_factory=dict)
    addresses: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    meaning: Meaning = "signed"
    precision: Precision = "float32"
    dtype: str = "float32"
    full_shape: tuple[int, ...] = ()
    omitted: tuple[str, ...] = ()
    notes: tuple[str, ...] = ()
    source: Source = field(default_factory=Source)
    statistics: Mapping[str, NDArray[np.float64]] = field(default_factory=dict)
    moment: Moment | None = None
    ordinal: int | None = None

    @property
    def grid_shape(self) -> tuple[int, ...]:
        """Lengths of the grid axes; () for a single tile."""
        return self.values.shape[: self.axes.index("height")]

    def tiles(self) -> NDArray[np.float32]:
        """The values as ``(tiles, cells)``."""
        cells = self.values.shape[self.axes.index("height") :]
        return self.values.reshape(math.prod(self.grid_shape), math.prod(cells))


def build_tile_array(
    array: ArrayLike,
    axes: Sequence[str],
    *,
    labels: Mapping[str, Sequence[str]] | None = None,
    represents: Mapping[str, str] | None = None,
    meaning: Meaning = "signed",
    precision: Precision = "uint16",
    max_tiles: int = DEFAULT_MAX_TILES,
    max_tile_side: int = DEFAULT_MAX_TILE_SIDE,
    notes: Sequence[str] = (),
    source: Source | None = None,
) -> TileArray:
    """The record of an array: checked, cut to the limits, in float32.

    Args:
        array: real numbers; one axis for each of ``axes``. What float32 cannot hold
            becomes infinite, which a note says.
        axes: names: grid axes first, then ``height``, ``width`` and perhaps ``color``
            (three channels).
        labels: for some axes, one text for each index of the array's axis. Rows or
            columns that are averaged get the first and last text of their block.
        represents: what rows and columns are where the tile is a matrix and no picture.
        meaning: ``signed``, ``non_negative`` or ``image``.
        precision: ``uint16`` (error of at most range / 130,000), ``uint8`` (range / 500)
            or ``float32`` (exact). Tiles of fewer than 64 cells are always float32.
        max_tiles: how many tiles to keep, at least 1; later grid axes are cut before
            earlier ones.
        max_tile_side: longer sides are averaged over whole blocks of cells. A matrix
            (``represents`` given) is averaged only beyond ``max_tiles`` rows or columns.
        notes: sentences to show with the record.
        source: where the values come from.

    Raises:
        TypeError: the array does not hold real numbers, or an argument has another type.
        ValueError: axes, labels, represents, limits or an option do not fit, or a text is
            none that UTF-8 can hold.
    """
    given = np.asarray(array)
    names = check_axes(given, axes)
    texts = check_labels(labels or {}, names, given.shape)
    represents = check_represents(represents or {}, names)
    check_option("meaning", meaning, get_args(Meaning))
    check_option("precision", precision, get_args(Precision))
    height_axis = names.index("height")

    limited = limit_shape(
        given.shape,
        height_axis,
        max_tiles=check_positive_int("max_tiles", max_tiles),
        max_tile_side=check_positive_int("max_tile_side", max_tile_side),
        is_picture=not represents,
    )
    kept, range_notes = _to_float32(given[tuple(slice(length) for length in limited.grid_shape)])
    values = average_over_blocks(kept, limited.row_factor, limited.column_factor, height_axis)
    factors = {"height": limited.row_factor, "width": limited.column_factor}
    return TileArray(
        values=np.ascontiguousarray(values),
        axes=names,
        labels={
            name: labels_of_blocks(texts[name], factors.get(name, 1))[:length]
            for name, length in zip(names, values.shape, strict=True)
            if name in texts
        },
        represents=represents,
        meaning=meaning,
        precision=stored_precision(precision, math.prod(values.shape[height_axis:])),
        dtype=str(given.dtype),
        full_shape=given.shape,
        omitted=describe_omitted(names, given.shape, values.shape),
        notes=(*check_notes(notes), *range_notes),
        source=check_source(source or Source()),
    )


def stored_precision(precision: Precision, cells_per_tile: int) -> Precision:
    """How values are stored that were asked for in ``precision``."""
    return "float32" if cells_per_tile < MIN_QUANTIZED_CELLS else precision


def estimate_record_bytes(
    shape: tuple[int, ...],
    axes: Sequence[str],
    *,
    is_picture: bool,
    precision: Precision,
    max_tiles: int,
    max_tile_side: int,
) -> int:
    """About how many bytes `build_tile_array` of such an array comes to in the log."""
    height_axis = list(axes).index("height")
    limited = limit_shape(
        shape,
        height_axis,
        max_tiles=max_tiles,
        max_tile_side=max_tile_side,
        is_picture=is_picture,
    )
    cells = math.prod(limited.shape[height_axis:])
    bytes_per_tile = cells * _BYTES_PER_CELL[stored_precision(precision, cells)]
    return math.prod(limited.grid_shape) * (bytes_per_tile + _STATISTICS_BYTES) + _HEADER_BYTES


def with_statistics(
    record: TileArray, start: TileArray | None, previous: TileArray | None
) -> TileArray:
    """The record with its per-tile statistics, beside those it has.

    Args:
        record: what is to be logged.
        start: the first record of the same tag, or None if this is it.
        previous: the last record of the same tag, likewise.
    """
    tiles = record.tiles()
    statistics = compute_tile_statistics(tiles)
    for name, reference in (("change_since_start", start), ("change_since_previous", previous)):
        compared = None if reference is None else _leading_tiles(reference, record)
        if compared is not None:
            statistics[name] = compute_change_norms(tiles, compared)
    shaped = {name: numbers.reshape(record.grid_shape) for name, numbers in statistics.items()}
    return replace(record, statistics={**shaped, **record.statistics})


def are_of_same_samples(one: TileArray, other: TileArray) -> bool:
    """Whether tiles can be compared: not where each record has samples of its own.

    Args:
        one: a record of a tag.
        other: another one of the tag.
    """
    has_own = any("sample_index" in record.statistics for record in (one, other))
    return not has_own and one.addresses == other.addresses


def _to_float32(values: NDArray[Any]) -> tuple[NDArray[np.float32], tuple[str, ...]]:
    """The values in float32, and a note where that made them infinite or whole numbers others."""
    with np.errstate(over="ignore"):
        converted = values.astype(np.float32, copy=False)
    if values.dtype.kind in "iu" and values.dtype.itemsize > 2 and values.size:  # noqa: PLR2004
        is_exact = values.min() >= -_EXACT_IN_FLOAT32 and values.max() <= _EXACT_IN_FLOAT32
        return converted, () if is_exact else (_ROUNDED_TO_FLOAT32,)
    if values.dtype.kind != "f" or np.can_cast(values.dtype, np.float32):
        return converted, ()
    is_beyond = np.isinf(converted) & np.isfinite(values)
    return converted, (_BEYOND_FLOAT32,) if is_beyond.any() else ()


def _leading_tiles(reference: TileArray, record: TileArray) -> NDArray[np.float32] | None:
    """The reference's tiles that the record has too; None where the record has others.

    A later fit may log fewer tiles of a tag, to keep to its budget; those are the first ones.
    Tiles of other samples are compared with nothing.
    """
    grid, shape = record.grid_shape, record.values.shape
    reference_shape = reference.values.shape
    if not are_of_same_samples(reference, record):
        return None
    if reference_shape[len(grid) :] != shape[len(grid) :] or reference.axes != record.axes:
        return None
    if any(has < needs for has, needs in zip(reference.grid_shape, grid, strict=True)):
        return None
    kept = reference.values[tuple(slice(length) for length in grid)]
    return kept.reshape(record.tiles().shape)
