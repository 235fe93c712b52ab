"""Tiles to colours, cell by cell as the screen paints them.

The screen looks colours up by the byte that is stored of a cell, not by its value; so does
this, so that both give the same picture to the last entry of a table. Knows values, ranges
and tables. Must not know where tiles go.
"""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from tb_nnviz.export.colours import Colouring, ColourTables, Rgb
from tb_nnviz.numerics.quantization import UINT8, UINT16, Float64Array, quantize
from tb_nnviz.records import TileArray
from tb_nnviz.records.axes import COLOR_CHANNELS

ENTRIES = 256

# The high byte of a two-byte code stands for 256 codes; its middle is that far from the first.
_CODES_PER_HIGH_BYTE = 256
_MIDDLE_OF_HIGH_BYTE = 127.5


@dataclass(frozen=True)
class PaintedTiles:
    """Tiles as colours.

    Attributes:
        colours: ``(tiles, height, width, 3)`` uint8.
        nan: ``(tiles, height, width)`` bool, cells that hold NaN; of a colour cell one
            channel is enough, and NaN outweighs an infinity.
        posinf: likewise +inf.
        neginf: likewise -inf.
        dead: likewise cells of channels that do not respond; None where there are none.
    """

    colours: NDArray[np.uint8]
    nan: NDArray[np.bool_]
    posinf: NDArray[np.bool_]
    neginf: NDArray[np.bool_]
    dead: NDArray[np.bool_] | None = None


def paint_tiles(
    record: TileArray,
    limits: tuple[Float64Array, Float64Array],
    colouring: Colouring,
    tables: ColourTables,
    is_unresolved: NDArray[np.bool_] | None = None,
) -> PaintedTiles:
    """Colours of every cell.

    Args:
        record: with statistics; changes have precision float32.
        limits: ends of the scale of each tile, each ``(tiles,)``.
        colouring: which table.
        tables: the colours of the screen.
        is_unresolved: ``(tiles, height, width)``, cells whose change is below precision.
    """
    height_axis = record.axes.index("height")
    height, width = record.values.shape[height_axis : height_axis + 2]
    channels = COLOR_CHANNELS if "color" in record.axes else 1
    values = record.tiles()
    entries = _table_entries(record, values, *limits)
    cells = (len(values), height, width, channels)
    if colouring.table is None:
        colours = entries.reshape(cells)
    else:
        colours = tables.tables[colouring.table][entries].reshape(*cells[:3], 3)
    if is_unresolved is not None:
        colours[is_unresolved] = tables.unresolved_of(colouring)
    nan, posinf, neginf = _special_cells(values.reshape(cells))
    colours[posinf] = tables.posinf
    colours[neginf] = tables.neginf
    colours[nan] = tables.nan
    return PaintedTiles(colours, nan, posinf, neginf)


def mark_dead(painted: PaintedTiles, cells: NDArray[np.bool_], colour: Rgb) -> PaintedTiles:
    """The tiles with the cells of dead channels in one colour, which is none of a table."""
    colours = painted.colours.copy()
    colours[cells] = colour
    return replace(painted, colours=colours, dead=cells)


def _table_entries(
    record: TileArray, values: NDArray[np.float32], lowest: Float64Array, highest: Float64Array
) -> NDArray[np.uint8]:
    """``(tiles, cells)`` entries of a table; those of cells without a finite value mean nothing."""
    minima, maxima = record.statistics["min"].ravel(), record.statistics["max"].ravel()
    spans, widths = maxima - minima, highest - lowest
    with np.errstate(divide="ignore", invalid="ignore", over="ignore"):
        # A range without width has one colour, the middle one.
        scales = np.where(widths > 0, ENTRIES / widths, 0.0)
        if record.precision == "float32":
            places = (values.astype(np.float64) - lowest[:, None]) * scales[:, None]
            places[widths <= 0] = ENTRIES // 2
            return _cut(places)
        if record.precision == "uint16":
            stored = quantize(values, minima, maxima, UINT16).astype(np.uint16) >> 8
            first = _MIDDLE_OF_HIGH_BYTE / UINT16.last_level
            step = _CODES_PER_HIGH_BYTE / UINT16.last_level
        else:
            stored = quantize(values, minima, maxima, UINT8).astype(np.uint16)
            first, step = 0.0, 1 / UINT8.last_level
        starts = np.where(widths > 0, scales * (minima - lowest + first * spans), ENTRIES // 2)
        return _cut(starts[:, None] + (scales * step * spans)[:, None] * stored)


def _cut(places: Float64Array) -> NDArray[np.uint8]:
    return np.clip(np.nan_to_num(places, nan=0.0), 0, ENTRIES - 1).astype(np.uint8)


def _special_cells(values: NDArray[np.float32]) -> tuple[NDArray[np.bool_], ...]:
    """Which cells hold NaN, +inf and -inf, each ``(tiles, height, width)``."""
    if np.isfinite(values).all():
        none = np.zeros(values.shape[:3], np.bool_)
        return none, none, none
    nan = np.asarray(np.isnan(values).any(axis=3))
    is_positive, is_negative = np.isposinf(values), np.isneginf(values)
    # Of a cell that holds both, the first channel that is infinite tells.
    first = np.argmax(is_positive | is_negative, axis=3)[..., None]
    posinf = np.take_along_axis(is_positive, first, axis=3)[..., 0]
    neginf = np.take_along_axis(is_negative, first, axis=3)[..., 0]
    return nan, posinf & ~nan, neginf & ~nan
