"""What the header of a tile array says beside its payloads: to JSON, and parsed.

Parsing checks all of it and allocates nothing, so that a corrupt header costs nothing.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import Any, get_args

from tb_nnviz.records.axes import COLOR_CHANNELS, are_tile_axes
from tb_nnviz.records.errors import RecordError
from tb_nnviz.records.fields import require, require_count, require_one_of, strings
from tb_nnviz.records.source import Source
from tb_nnviz.records.tile_array import Meaning, Precision, TileArray

_MAX_CELLS = 2**48


@dataclass(frozen=True)
class TilesHeader:
    """The parsed fields; those of the same name are as in `TileArray`.

    Attributes:
        shape: of the values.
        statistics: names of the rows of the blob of that name.
    """

    axes: tuple[str, ...]
    shape: tuple[int, ...]
    full_shape: tuple[int, ...]
    labels: dict[str, tuple[str, ...]]
    represents: dict[str, str]
    addresses: dict[str, tuple[str, ...]]
    meaning: Meaning
    precision: Precision
    dtype: str
    statistics: tuple[str, ...]
    omitted: tuple[str, ...]
    notes: tuple[str, ...]
    source: Source

    @property
    def grid_shape(self) -> tuple[int, ...]:
        """Lengths of the grid axes."""
        return self.shape[: self.axes.index("height")]

    @property
    def tiles_shape(self) -> tuple[int, int]:
        """Number of tiles, and of cells of each."""
        cells = math.prod(self.shape[self.axes.index("height") :])
        return math.prod(self.grid_shape), cells


def tiles_fields(record: TileArray) -> dict[str, Any]:
    """The fields of a record's header that only tile arrays have, and its kind."""
    axes = []
    for name, size, full_size in zip(
        record.axes, record.values.shape, record.full_shape or record.values.shape, strict=True
    ):
        axis: dict[str, Any] = {"name": name, "size": size, "full_size": full_size}
        if name in record.labels:
            axis["labels"] = list(record.labels[name])
        if name in record.represents:
            axis["represents"] = record.represents[name]
        if name in record.addresses:
            axis["addresses"] = list(record.addresses[name])
        axes.append(axis)
    return {
        "kind": "tiles",
        "axes": axes,
        "meaning": record.meaning,
        "dtype": record.dtype,
        "precision": record.precision,
        "statistics": list(record.statistics),
        "omitted": list(record.omitted),
        "notes": list(record.notes),
        "source": record.source.to_json(),
    }


def parse_tiles_header(header: dict[str, Any]) -> TilesHeader:
    """The fields of a header of kind ``tiles``; raises `RecordError` naming what is wrong."""
    axes = require(header, "axes", list)
    for axis in axes:
        _check_axis(axis)
    names = tuple(axis["name"] for axis in axes)
    shape = tuple(axis["size"] for axis in axes)
    if not are_tile_axes(names) or (names[-1] == "color" and shape[-1] != COLOR_CHANNELS):
        raise RecordError(
            f"field 'axes' is {names} of sizes {shape}, not distinct names that end in height, "
            f"width or in height, width and a color of size {COLOR_CHANNELS}"
        )
    # Of an array without cells, too, each axis must be one that NumPy can make.
    if math.prod(max(1, size) for size in shape) > _MAX_CELLS:
        raise RecordError(f"field 'axes' has sizes {shape}, more cells than there can be")
    statistics = strings(header, "statistics")
    if len(set(statistics)) < len(statistics):
        raise RecordError(f"field 'statistics' names one twice: {statistics}")
    return TilesHeader(
        axes=names,
        shape=shape,
        full_shape=tuple(axis["full_size"] for axis in axes),
        labels={axis["name"]: tuple(axis["labels"]) for axis in axes if "labels" in axis},
        represents={axis["name"]: axis["represents"] for axis in axes if "represents" in axis},
        addresses={axis["name"]: tuple(axis["addresses"]) for axis in axes if "addresses" in axis},
        meaning=require_one_of(header, "meaning", get_args(Meaning)),
        precision=require_one_of(header, "precision", get_args(Precision)),
        dtype=require(header, "dtype", str),
        statistics=statistics,
        omitted=strings(header, "omitted"),
        notes=strings(header, "notes"),
        source=Source.from_json(require(header, "source", dict)),
    )


def _check_axis(axis: Any) -> None:
    if not isinstance(axis, dict):
        raise RecordError(f"field 'axes' holds {axis!r}, not an object")
    require(axis, "name", str)
    size = require_count(axis, "size")
    require_count(axis, "full_size")
    for name in ("labels", "addresses"):
        if name in axis and len(strings(axis, name)) != size:
            raise RecordError(
                f"axis {axis['name']!r} has not one of its {name} for each of {size} indices"
            )
    if "represents" in axis:
        require(axis, "represents", str)
