"""What has changed between two records of one tag, as the screen computes it.

Knows records and their precision. Must not know which records are compared.
"""

from __future__ import annotations

from dataclasses import replace

import numpy as np
from numpy.typing import NDArray

from tb_nnviz.numerics.quantization import UINT8, UINT16, Float64Array
from tb_nnviz.numerics.tile_statistics import compute_tile_statistics
from tb_nnviz.records import TileArray
from tb_nnviz.records.tile_array import are_of_same_samples

# Half a unit in the last place of a float32, as a share of the value.
_FLOAT32_ROUNDING = 2.0**-24


def compute_change(
    shown: TileArray, reference: TileArray
) -> tuple[TileArray, NDArray[np.bool_] | None]:
    """``shown - reference``, cell by cell.

    Args:
        shown: with statistics.
        reference: likewise; the same object for a change that is zero everywhere.

    Returns:
        A record of precision float32 with statistics of its own, NaN where either value is not
        finite; where one record has fewer tiles, those that both have, which a note says. And
        ``(tiles, height, width)``, true where the precision of the records cannot tell the
        change from zero; None for records that are exact.

    Raises:
        ValueError: the tiles of the records are not alike, or show other samples.
    """
    if not are_of_same_samples(shown, reference):
        raise ValueError(
            "There is no change to show: each step has samples of its own, so that their "
            "differences mean nothing. Export the values instead."
        )
    common = _common_grid(shown, reference)
    left_out = int(np.prod(shown.grid_shape)) - int(np.prod(common))
    shown_tiles, reference_tiles = _crop(shown, common), _crop(reference, common)
    with np.errstate(invalid="ignore", over="ignore"):
        exact = shown_tiles.values.astype(np.float64) - reference_tiles.values
        values = exact.astype(np.float32)
    values[~np.isfinite(values)] = np.nan
    notes = shown.notes
    if left_out:
        word = "tile" if np.prod(common) == 1 else "tiles"
        notes = (
            *notes,
            f"changes of {np.prod(common):,} {word}: the record compared with lacks {left_out}",
        )
    change = replace(shown_tiles, values=values, meaning="signed", precision="float32", notes=notes)
    statistics = {
        name: numbers.reshape(common)
        for name, numbers in compute_tile_statistics(change.tiles()).items()
    }
    change = replace(change, statistics=statistics)
    if shown is reference:
        return change, None
    bounds = _error_bounds(shown_tiles) + _error_bounds(reference_tiles)
    return change, _unresolved(change, bounds)


def _common_grid(shown: TileArray, reference: TileArray) -> tuple[int, ...]:
    grid = len(shown.grid_shape)
    same_tiles = shown.values.shape[grid:] == reference.values.shape[len(reference.grid_shape) :]
    if shown.axes != reference.axes or not same_tiles:
        raise ValueError(
            f"There is no change to show: the shapes differ, {_shape(shown)} now and "
            f"{_shape(reference)} in the record to compare with. Export the values instead."
        )
    return tuple(min(pair) for pair in zip(shown.grid_shape, reference.grid_shape, strict=True))


def _shape(record: TileArray) -> str:
    return "×".join(str(length) for length in record.values.shape)


def _crop(record: TileArray, grid_shape: tuple[int, ...]) -> TileArray:
    kept = tuple(slice(length) for length in grid_shape)
    return replace(
        record,
        values=record.values[kept],
        labels={
            name: texts[: dict(zip(record.axes, grid_shape, strict=False)).get(name, len(texts))]
            for name, texts in record.labels.items()
        },
        statistics={name: numbers[kept] for name, numbers in record.statistics.items()},
    )


def _error_bounds(record: TileArray) -> Float64Array:
    """``(tiles,)`` how far a stored value may be from the one that was logged."""
    minima, maxima = record.statistics["min"].ravel(), record.statistics["max"].ravel()
    if record.precision == "float32":
        return np.zeros(minima.shape)
    code_book = UINT16 if record.precision == "uint16" else UINT8
    rounding = _FLOAT32_ROUNDING * np.maximum(np.abs(minima), np.abs(maxima))
    bounds: Float64Array = np.where(
        maxima > minima, (maxima - minima) / code_book.last_level / 2 + rounding, 0.0
    )
    return bounds


def _unresolved(change: TileArray, bounds: Float64Array) -> NDArray[np.bool_] | None:
    if not (bounds > 0).any():
        return None
    height_axis = change.axes.index("height")
    tile_shape = change.values.shape[height_axis:]
    limits = np.where(bounds > 0, bounds, -1.0)
    is_small = np.abs(change.tiles()) <= limits[:, None]
    by_cell = is_small.reshape(len(bounds), tile_shape[0], tile_shape[1], -1)
    return np.asarray(by_cell.all(axis=3))
