"""Records to blobs and back, as `record_schema.json` describes.

Blob 0 is a JSON header; the others are payloads that the header lists. Knows neither
event files nor the screen.
"""

from __future__ import annotations

import json
import math
from collections.abc import Sequence
from dataclasses import replace
from typing import Any, get_args

import numpy as np
from numpy.typing import NDArray

from tb_nnviz.numerics.quantization import UINT8, UINT16, CodeArray, dequantize, quantize
from tb_nnviz.records.errors import RecordError
from tb_nnviz.records.fields import FORMAT_NAME, FORMAT_VERSION, parse_object, require, strings
from tb_nnviz.records.moment import Moment
from tb_nnviz.records.notice import Notice
from tb_nnviz.records.payload import BlobDescription, BlobName, Part, pack_blob, unpack_blob
from tb_nnviz.records.source import Source
from tb_nnviz.records.tile_array import Meaning, Precision, TileArray, with_statistics

Record = TileArray | Notice


def encode_record(record: Record, moment: Moment, ordinal: int) -> list[bytes]:
    """The blobs of a record: header, then payloads.

    Args:
        record: what to store. Tiles without statistics get them here.
        moment: when it was taken.
        ordinal: 1 for the first record of its tag.
    """
    if isinstance(record, Notice):
        fields: dict[str, Any] = {
            "kind": "notice",
            "view": record.view,
            "layer": record.layer,
            "message": record.message,
            "step": record.step,
        }
        packed: list[tuple[BlobDescription, bytes]] = []
    else:
        if not record.statistics:
            record = with_statistics(record, None, None)
        fields = _tiles_fields(record)
        packed = [pack_blob(name, part, array) for name, part, array in _tiles_payloads(record)]
    header = {
        "format": FORMAT_NAME,
        "version": FORMAT_VERSION,
        **fields,
        "moment": moment.to_json(),
        "ordinal": ordinal,
        "blobs": [description.to_json() for description, _ in packed],
    }
    text = json.dumps(header, ensure_ascii=False, allow_nan=False, separators=(",", ":"))
    return [text.encode(), *(stored for _, stored in packed)]


def decode_record(blobs: Sequence[bytes]) -> Record:
    """The record in blobs, its checksums verified.

    Raises:
        NewerRecordError: a newer tb_nnviz wrote it.
        RecordError: it is corrupt.
    """
    if not blobs:
        raise RecordError("corrupt: the record is empty")
    header = parse_header(blobs[0])
    descriptions = blob_descriptions(header)
    if len(blobs) != len(descriptions) + 1:
        raise RecordError(
            f"corrupt: {len(blobs) - 1} payload blobs where the header lists {len(descriptions)}"
        )
    if header["kind"] == "notice":
        return Notice(
            view=require(header, "view", str),
            layer=require(header, "layer", str),
            message=require(header, "message", str),
            step=require(header, "step", int),
        )
    payloads = {
        description.name: unpack_blob(description, stored)
        for description, stored in zip(descriptions, blobs[1:], strict=True)
    }
    return _decode_tiles(header, payloads)


def parse_header(data: bytes) -> dict[str, Any]:
    """The header in blob 0; its kind, moment and ordinal are checked."""
    header = parse_object(data, "header")
    if require(header, "kind", str) not in {"tiles", "notice"}:
        raise RecordError(f"unknown kind of record {header['kind']!r}")
    header_moment(header)
    require(header, "ordinal", int)
    return header


def header_moment(header: dict[str, Any]) -> Moment:
    """When the record of a header was taken."""
    return Moment.from_json(require(header, "moment", dict))


def blob_descriptions(header: dict[str, Any]) -> list[BlobDescription]:
    """What the header says of its payload blobs, in order."""
    return [BlobDescription.from_json(item) for item in require(header, "blobs", list)]


def _tiles_fields(record: TileArray) -> dict[str, Any]:
    axes = []
    for name, size, full_size in zip(
        record.axes, record.values.shape, record.full_shape or record.values.shape, strict=True
    ):
        axis: dict[str, Any] = {"name": name, "size": size, "full_size": full_size}
        if name in record.labels:
            axis["labels"] = list(record.labels[name])
        if name in record.represents:
            axis["represents"] = record.represents[name]
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


def _tiles_payloads(record: TileArray) -> list[tuple[BlobName, Part, NDArray[Any]]]:
    table = np.stack([numbers.reshape(-1) for numbers in record.statistics.values()])
    payloads: list[tuple[BlobName, Part, NDArray[Any]]] = [("statistics", "paint", table)]
    if record.precision == "float32":
        return [*payloads, ("values", "paint", record.values)]
    minima, maxima = (record.statistics[name].reshape(-1) for name in ("min", "max"))
    shape = record.values.shape
    if record.precision == "uint8":
        codes = quantize(record.tiles(), minima, maxima, UINT8)
        return [*payloads, ("codes", "paint", codes.reshape(shape))]
    codes = quantize(record.tiles(), minima, maxima, UINT16)
    high = (codes >> 8).astype(np.uint8)
    low = codes.astype(np.uint8)
    return [
        *payloads,
        ("high", "paint", high.reshape(shape)),
        ("low", "fine", low.reshape(shape)),
    ]


def _decode_tiles(header: dict[str, Any], payloads: dict[BlobName, NDArray[Any]]) -> TileArray:
    axes = require(header, "axes", list)
    names = tuple(require(axis, "name", str) for axis in axes)
    shape = tuple(require(axis, "size", int) for axis in axes)
    if names[-1:] != ("color",) and names[-2:] != ("height", "width"):
        raise RecordError(f"field 'axes' does not end in height and width: {names}")
    for name, accepted in (("meaning", get_args(Meaning)), ("precision", get_args(Precision))):
        if header.get(name) not in accepted:
            raise RecordError(f"field {name!r} is {header.get(name)!r}, not one of {accepted}")
    record = TileArray(
        values=np.empty(shape, dtype=np.float32),
        axes=names,
        labels={axis["name"]: strings(axis, "labels") for axis in axes if "labels" in axis},
        represents={
            axis["name"]: require(axis, "represents", str) for axis in axes if "represents" in axis
        },
        meaning=header["meaning"],
        precision=header["precision"],
        dtype=require(header, "dtype", str),
        full_shape=tuple(require(axis, "full_size", int) for axis in axes),
        omitted=strings(header, "omitted"),
        notes=strings(header, "notes"),
        source=Source.from_json(require(header, "source", dict)),
        moment=header_moment(header),
        ordinal=header["ordinal"],
    )
    statistics = _decode_statistics(header, payloads, record.grid_shape)
    values = _decode_values(record.precision, payloads, statistics, record.tiles().shape)
    return replace(record, values=values.reshape(shape), statistics=statistics)


def _decode_statistics(
    header: dict[str, Any], payloads: dict[BlobName, NDArray[Any]], grid_shape: tuple[int, ...]
) -> dict[str, NDArray[np.float64]]:
    names = strings(header, "statistics")
    table = _payload(payloads, "statistics")
    if table.shape != (len(names), math.prod(grid_shape)):
        raise RecordError(f"corrupt: statistics of shape {table.shape} for a grid of {grid_shape}")
    return {name: row.reshape(grid_shape) for name, row in zip(names, table, strict=True)}


def _decode_values(
    precision: Precision,
    payloads: dict[BlobName, NDArray[Any]],
    statistics: dict[str, NDArray[np.float64]],
    shape: tuple[int, ...],
) -> NDArray[np.float32]:
    try:
        if precision == "float32":
            return _payload(payloads, "values").astype(np.float32).reshape(shape)
        minima, maxima = (statistics[name].reshape(-1) for name in ("min", "max"))
        if precision == "uint8":
            return dequantize(_payload(payloads, "codes").reshape(shape), minima, maxima, UINT8)
        high, low = (_payload(payloads, name).reshape(shape) for name in ("high", "low"))
        codes: CodeArray = (high.astype(np.uint16) << 8) | low
        return dequantize(codes, minima, maxima, UINT16)
    except (KeyError, ValueError) as error:
        raise RecordError(f"corrupt: the payloads do not fit the header: {error}") from error


def _payload(payloads: dict[BlobName, NDArray[Any]], name: BlobName) -> NDArray[Any]:
    if name not in payloads:
        raise RecordError(f"corrupt: blob {name!r} is missing")
    return payloads[name]
