"""TFRecord framing: how records follow one another in an event file.

Each record is its length (uint64), the masked CRC-32C of these eight bytes (uint32), the
data, and the masked CRC-32C of the data; all little-endian. Source: TensorFlow,
``tensorflow/core/lib/io/record_writer.h``. TensorBoard's own writer computes the
checksum in pure Python, at 11 MB/s and holding the interpreter lock.
"""

from __future__ import annotations

import struct
from collections.abc import Iterator
from dataclasses import dataclass
from typing import BinaryIO

import google_crc32c

_LENGTH = struct.Struct("<Q")
_CRC = struct.Struct("<I")
HEADER_SIZE = _LENGTH.size + _CRC.size
FOOTER_SIZE = _CRC.size
_MASK_DELTA = 0xA282EAD8


class FramingError(ValueError):
    """Bytes that are no intact record."""


@dataclass(frozen=True)
class RecordSpan:
    """Where the data of one record lies in its file, in bytes."""

    offset: int
    length: int

    @property
    def end(self) -> int:
        """Where the next record begins."""
        return self.offset + self.length + FOOTER_SIZE


def masked_crc32c(data: bytes) -> int:
    """CRC-32C of the data, rotated and offset as TFRecord wants it."""
    crc: int = google_crc32c.value(data)
    return ((crc >> 15 | crc << 17) + _MASK_DELTA) & 0xFFFFFFFF


def frame(data: bytes) -> bytes:
    """The record that holds the data, ready to append to a file."""
    length = _LENGTH.pack(len(data))
    return b"".join(
        (length, _CRC.pack(masked_crc32c(length)), data, _CRC.pack(masked_crc32c(data)))
    )


def scan_records(file: BinaryIO, start: int, size: int) -> Iterator[RecordSpan]:
    """Spans of the complete records from ``start``; reads the framing alone.

    Args:
        file: an event file, open for reading.
        start: where a record begins.
        size: length of the file.

    Yields:
        A span for each record that is whole; a record still being written ends the scan.

    Raises:
        FramingError: a length does not match its checksum; nothing behind it can be found.
    """
    position = start
    while position + HEADER_SIZE <= size:
        file.seek(position)
        header = file.read(HEADER_SIZE)
        length_bytes, crc = header[: _LENGTH.size], _CRC.unpack(header[_LENGTH.size :])[0]
        if crc != masked_crc32c(length_bytes):
            raise FramingError(f"the length of the record at byte {position} is corrupt")
        span = RecordSpan(position + HEADER_SIZE, _LENGTH.unpack(length_bytes)[0])
        if span.end > size:
            return
        yield span
        position = span.end


def read_record(file: BinaryIO, span: RecordSpan) -> bytes:
    """The data of a record; raises `FramingError` if its checksum does not match."""
    file.seek(span.offset)
    data = file.read(span.length)
    footer = file.read(FOOTER_SIZE)
    if len(footer) < FOOTER_SIZE or _CRC.unpack(footer)[0] != masked_crc32c(data):
        raise FramingError(f"the record at byte {span.offset - HEADER_SIZE} is corrupt")
    return data
