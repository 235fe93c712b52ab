"""Payload blobs: bytes of one array, with what is needed to read and trust them.

Knows compression and checksums; nothing of what the numbers mean.
"""

from __future__ import annotations

import gzip
import math
import zlib
from dataclasses import dataclass
from typing import Any, Literal, get_args

import numpy as np
from numpy.typing import NDArray

from tb_nnviz.records.errors import RecordError
from tb_nnviz.records.fields import require_count, require_counts, require_one_of

Part = Literal["paint", "fine"]
BlobName = Literal[
    "statistics",
    "values",
    "codes",
    "high",
    "low",
    "counts",
    "cells",
    "sizes",
    "indices",
    "confidences",
    "mistakes",
    "mistake_confidences",
    "weights",
    "samples",
    "addresses",
]
Payloads = dict[BlobName, NDArray[Any]]
_DTYPES = {"float64": "<f8", "float32": "<f4", "uint32": "<u4", "uint8": "u1"}

# Quantised weights do not shrink, and finding that out on 64 KiB was half the cost of logging
# them: slices from all over the payload tell as much.
_PROBE_SLICES = 8
_PROBE_SLICE_BYTES = 1 << 10
_PROBE_RATIO = 0.8
_KEPT_RATIO = 0.95


@dataclass(frozen=True)
class BlobDescription:
    """What the header says of one payload blob; see ``record_schema.json``."""

    name: BlobName
    part: Part
    dtype: str
    shape: tuple[int, ...]
    size: int
    crc32: int
    compression: Literal["none", "gzip"]

    def to_json(self) -> dict[str, Any]:
        """The description as it stands in a header."""
        return {
            "name": self.name,
            "part": self.part,
            "dtype": self.dtype,
            "shape": list(self.shape),
            "size": self.size,
            "crc32": self.crc32,
            "compression": self.compression,
        }

    @classmethod
    def from_json(cls, value: Any) -> BlobDescription:
        """The description in a header; raises `RecordError` naming what is wrong."""
        if not isinstance(value, dict):
            raise RecordError(f"field 'blobs' holds {value!r}, not an object")
        try:
            return cls(
                name=require_one_of(value, "name", get_args(BlobName)),
                part=require_one_of(value, "part", get_args(Part)),
                dtype=require_one_of(value, "dtype", tuple(_DTYPES)),
                shape=require_counts(value, "shape"),
                size=require_count(value, "size"),
                crc32=require_count(value, "crc32"),
                compression=require_one_of(value, "compression", ("none", "gzip")),
            )
        except RecordError as error:
            raise RecordError(f"field 'blobs' is malformed: {error}") from error


def pack_blob(name: BlobName, part: Part, array: NDArray[Any]) -> tuple[BlobDescription, bytes]:
    """The stored bytes of an array, compressed only where that saves more than 5 %."""
    raw = np.ascontiguousarray(array, dtype=_DTYPES[array.dtype.name]).tobytes()
    stored, compression = _compress_if_worthwhile(raw)
    description = BlobDescription(
        name=name,
        part=part,
        dtype=array.dtype.name,
        shape=array.shape,
        size=len(stored),
        crc32=zlib.crc32(stored),
        compression=compression,
    )
    return description, stored


def verify_blob(description: BlobDescription, stored: bytes) -> None:
    """Raises `RecordError` unless the stored bytes are those that were written."""
    if len(stored) != description.size or zlib.crc32(stored) != description.crc32:
        raise RecordError(f"corrupt: the checksum of blob {description.name!r} does not match")


def unpack_blob(description: BlobDescription, stored: bytes) -> NDArray[Any]:
    """The array in a stored blob; raises `RecordError` if it is not as described."""
    verify_blob(description, stored)
    raw = stored
    if description.compression == "gzip":
        try:
            raw = gzip.decompress(stored)
        except (OSError, EOFError, zlib.error) as error:
            raise RecordError(f"corrupt: blob {description.name!r} does not unpack") from error
    dtype = np.dtype(_DTYPES[description.dtype])
    if len(raw) != math.prod(description.shape) * dtype.itemsize:
        raise RecordError(f"corrupt: blob {description.name!r} has not the size of its shape")
    try:
        return np.frombuffer(raw, dtype=dtype).reshape(description.shape)
    except (ValueError, OverflowError) as error:  # no cells, but axes longer than NumPy's longest
        raise RecordError(f"corrupt: blob {description.name!r} has no shape that can be") from error


def require_payload(
    payloads: Payloads, name: BlobName, dtype: str, shape: tuple[int, ...]
) -> NDArray[Any]:
    """``payloads[name]``; raises `RecordError` unless it is as the header says."""
    if name not in payloads:
        raise RecordError(f"corrupt: blob {name!r} is missing")
    found = payloads[name]
    if found.shape != shape or found.dtype.name != dtype:
        raise RecordError(
            f"corrupt: blob {name!r} is {found.dtype.name} of shape {found.shape}, where the "
            f"header asks for {dtype} of shape {shape}"
        )
    return found


def _compress_if_worthwhile(raw: bytes) -> tuple[bytes, Literal["none", "gzip"]]:
    probe = _sample(raw)
    if len(zlib.compress(probe, 1)) >= _PROBE_RATIO * len(probe):
        return raw, "none"
    packed = gzip.compress(raw, compresslevel=1, mtime=0)
    if len(packed) >= _KEPT_RATIO * len(raw):
        return raw, "none"
    return packed, "gzip"


def _sample(raw: bytes) -> bytes:
    """Slices spread evenly over the bytes; all of them where they are few."""
    if len(raw) <= _PROBE_SLICES * _PROBE_SLICE_BYTES:
        return raw
    stride = (len(raw) - _PROBE_SLICE_BYTES) // (_PROBE_SLICES - 1)
    starts = [index * stride for index in range(_PROBE_SLICES)]
    return b"".join(raw[start : start + _PROBE_SLICE_BYTES] for start in starts)
