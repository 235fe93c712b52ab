"""Records to blobs and back, as `record_schema.json` describes.

Blob 0 is a JSON header; the others are payloads that the header lists. Knows which
payloads a record has; knows neither event files nor the screen.
"""

from __future__ import annotations

import json
from collections.abc import Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray

from tb_nnviz.numerics.quantization import UINT8, UINT16, CodeArray, dequantize, quantize
from tb_nnviz.records.confusion import Confusion
from tb_nnviz.records.confusion_codec import (
    confusion_fields,
    confusion_payloads,
    decode_confusion,
)
from tb_nnviz.records.errors import RecordError
from tb_nnviz.records.fields import (
    FORMAT_NAME,
    FORMAT_VERSION,
    parse_object,
    require,
    require_count,
)
from tb_nnviz.records.graph import Graph
from tb_nnviz.records.graph_codec import decode_graph, graph_fields
from tb_nnviz.records.histogram import Histogram
from tb_nnviz.records.histogram_codec import (
    decode_histogram,
    histogram_fields,
    histogram_payloads,
)
from tb_nnviz.records.moment import Moment
from tb_nnviz.records.notice import Notice
from tb_nnviz.records.payload import (
    BlobDescription,
    BlobName,
    Part,
    Payloads,
    pack_blob,
    require_payload,
    unpack_blob,
)
from tb_nnviz.records.tile_array import TileArray, with_statistics
from tb_nnviz.records.tiles_header import TilesHeader, parse_tiles_header, tiles_fields

Record = TileArray | Histogram | Confusion | Graph | Notice
KINDS = ("tiles", "histogram", "confusion", "graph", "notice")

_CODE_PLANES: tuple[BlobName, BlobName] = ("high", "low")


def encode_record(record: Record, moment: Moment, ordinal: int) -> list[bytes]:
    """The blobs of a record: header, then payloads.

    Args:
        record: what to store. Tiles without their basic statistics get them here.
        moment: when it was taken.
        ordinal: 1 for the first record of its tag.
    """
    fields, payloads = _describe_record(record)
    packed = [pack_blob(name, part, array) for name, part, array in payloads]
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
            step=require_count(header, "step"),
        )
    payloads = {
        description.name: unpack_blob(description, stored)
        for description, stored in zip(descriptions, blobs[1:], strict=True)
    }
    moment, ordinal = header_moment(header), header["ordinal"]
    if header["kind"] == "graph":
        return decode_graph(header, moment, ordinal)
    if header["kind"] == "confusion":
        return decode_confusion(header, payloads, moment, ordinal)
    if header["kind"] == "histogram":
        return decode_histogram(header, payloads, moment, ordinal)
    return _decode_tiles(header, payloads)


def parse_header(data: bytes) -> dict[str, Any]:
    """The header in blob 0; its kind, moment and ordinal are checked."""
    header = parse_object(data, "header")
    if require(header, "kind", str) not in KINDS:
        raise RecordError(f"unknown kind of record {header['kind']!r}")
    header_moment(header)
    require_count(header, "ordinal", least=1)
    return header


def header_moment(header: dict[str, Any]) -> Moment:
    """When the record of a header was taken."""
    return Moment.from_json(require(header, "moment", dict))


def blob_descriptions(header: dict[str, Any]) -> list[BlobDescription]:
    """What the header says of its payload blobs, in order."""
    return [BlobDescription.from_json(item) for item in require(header, "blobs", list)]


def _describe_record(
    record: Record,
) -> tuple[dict[str, Any], list[tuple[BlobName, Part, NDArray[Any]]]]:
    """The fields of a record's header that its kind has, and its payloads."""
    if isinstance(record, Notice):
        return {
            "kind": "notice",
            "view": record.view,
            "layer": record.layer,
            "message": record.message,
            "step": record.step,
        }, []
    if isinstance(record, Graph):
        return graph_fields(record), []
    if isinstance(record, Confusion):
        return confusion_fields(record), confusion_payloads(record)
    if isinstance(record, Histogram):
        return histogram_fields(record), histogram_payloads(record)
    if "min" not in record.statistics:
        record = with_statistics(record, None, None)
    return tiles_fields(record), _tiles_payloads(record)


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


def _decode_tiles(header: dict[str, Any], payloads: Payloads) -> TileArray:
    parsed = parse_tiles_header(header)
    statistics = _decode_statistics(parsed, payloads)
    values = _decode_values(parsed, payloads, statistics)
    return TileArray(
        values=values.reshape(parsed.shape),
        axes=parsed.axes,
        labels=parsed.labels,
        represents=parsed.represents,
        addresses=parsed.addresses,
        meaning=parsed.meaning,
        precision=parsed.precision,
        dtype=parsed.dtype,
        full_shape=parsed.full_shape,
        omitted=parsed.omitted,
        notes=parsed.notes,
        source=parsed.source,
        statistics=statistics,
        moment=header_moment(header),
        ordinal=header["ordinal"],
    )


def _decode_statistics(parsed: TilesHeader, payloads: Payloads) -> dict[str, NDArray[np.float64]]:
    names = parsed.statistics
    table = require_payload(payloads, "statistics", "float64", (len(names), parsed.tiles_shape[0]))
    return {name: row.reshape(parsed.grid_shape) for name, row in zip(names, table, strict=True)}


def _decode_values(
    parsed: TilesHeader, payloads: Payloads, statistics: dict[str, NDArray[np.float64]]
) -> NDArray[np.float32]:
    if parsed.precision == "float32":
        return require_payload(payloads, "values", "float32", parsed.shape).astype(np.float32)
    if not {"min", "max"} <= statistics.keys():
        raise RecordError(f"corrupt: no min and max among the statistics {parsed.statistics}")
    minima, maxima = (statistics[name].reshape(-1) for name in ("min", "max"))
    if parsed.precision == "uint8":
        codes: CodeArray = require_payload(payloads, "codes", "uint8", parsed.shape)
        return dequantize(codes.reshape(parsed.tiles_shape), minima, maxima, UINT8)
    high, low = (require_payload(payloads, name, "uint8", parsed.shape) for name in _CODE_PLANES)
    codes = (high.astype(np.uint16) << 8) | low
    return dequantize(codes.reshape(parsed.tiles_shape), minima, maxima, UINT16)
