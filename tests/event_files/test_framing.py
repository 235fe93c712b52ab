from __future__ import annotations

import io
import struct

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from tensorboard.summary.writer import record_writer

from tb_nnviz.event_files.framing import (
    FOOTER_SIZE,
    HEADER_SIZE,
    FramingError,
    RecordSpan,
    frame,
    masked_crc32c,
    read_record,
    scan_records,
)


def unmask(masked: int) -> int:
    """The inverse of TFRecord's mask; tensorflow/core/lib/hash/crc32c.h, `Unmask`."""
    rotated = (masked - 0xA282EAD8) & 0xFFFFFFFF
    return (rotated >> 17 | rotated << 15) & 0xFFFFFFFF


@pytest.mark.parametrize(
    ("data", "crc"),
    [
        # RFC 3720, appendix B.4.
        (bytes(32), 0x8A9136AA),
        (b"\xff" * 32, 0x62A8AB43),
        (bytes(range(32)), 0x46DD794E),
        (bytes(reversed(range(32))), 0x113FDB5C),
        # The check value of CRC-32C in every catalogue of CRCs.
        (b"123456789", 0xE3069283),
        (b"", 0),
    ],
)
def test_the_checksum_is_the_published_one_masked(data: bytes, crc: int) -> None:
    assert unmask(masked_crc32c(data)) == crc


def test_the_mask_rotates_by_15_and_adds_a_constant() -> None:
    # CRC 0xE3069283 rotated right by 15 bits: low 15 bits 0x1283 go to the top (0x1283 << 17 =
    # 0x25060000), the others down (0xE3069283 >> 15 = 0x1C60D): 0x2507C60D; plus 0xA282EAD8.
    assert masked_crc32c(b"123456789") == 0xC78AB0E5


@settings(deadline=None)
@given(data=st.binary(max_size=200))
def test_a_frame_is_what_tensorboards_own_writer_writes(data: bytes) -> None:
    written = io.BytesIO()
    record_writer.RecordWriter(written).write(data)
    assert frame(data) == written.getvalue()


def spans_of(log: bytes, start: int = 0) -> list[RecordSpan]:
    return list(scan_records(io.BytesIO(log), start, len(log)))


@settings(deadline=None)
@given(records=st.lists(st.binary(max_size=40), max_size=5))
def test_framed_records_come_back(records: list[bytes]) -> None:
    log = b"".join(map(frame, records))
    spans = spans_of(log)
    assert [read_record(io.BytesIO(log), span) for span in spans] == records
    assert (spans[-1].end if spans else 0) == len(log)


@settings(deadline=None)
@given(records=st.lists(st.binary(max_size=20), min_size=1, max_size=3), data=st.data())
def test_a_torn_record_is_not_yet_there_and_is_found_when_complete(
    records: list[bytes], data: st.DataObject
) -> None:
    whole = b"".join(map(frame, records))
    last = len(frame(records[-1]))
    torn = whole[: len(whole) - data.draw(st.integers(1, last))]
    spans = spans_of(torn)
    assert len(spans) == len(records) - 1
    start = spans[-1].end if spans else 0
    assert [read_record(io.BytesIO(whole), span) for span in spans_of(whole, start)] == records[-1:]


@settings(deadline=None)
@given(flip=st.integers(1, 255), position=st.integers(0, HEADER_SIZE - 1))
def test_a_corrupt_length_is_said_and_where(flip: int, position: int) -> None:
    log = bytearray(frame(b"first") + frame(b"second"))
    offset = len(frame(b"first"))
    log[offset + position] ^= flip
    spans = scan_records(io.BytesIO(bytes(log)), 0, len(log))
    assert next(spans).length == 5
    with pytest.raises(FramingError, match=f"length of the record at byte {offset} is corrupt"):
        next(spans)


@settings(deadline=None)
@given(flip=st.integers(1, 255), data=st.data())
def test_corrupt_data_is_said_and_the_next_record_is_intact(flip: int, data: st.DataObject) -> None:
    log = bytearray(frame(b"first") + frame(b"second"))
    log[data.draw(st.integers(HEADER_SIZE, HEADER_SIZE + 5 + FOOTER_SIZE - 1))] ^= flip
    file = io.BytesIO(bytes(log))
    first, second = scan_records(file, 0, len(log))
    with pytest.raises(FramingError, match="record at byte 0 is corrupt"):
        read_record(file, first)
    assert read_record(file, second) == b"second"


@settings(deadline=None)
@given(log=st.binary(max_size=100))
def test_arbitrary_bytes_raise_nothing_but_a_framing_error(log: bytes) -> None:
    try:
        for span in spans_of(log):
            read_record(io.BytesIO(log), span)
    except FramingError:
        pass


def test_a_length_beyond_the_file_with_a_right_checksum_ends_the_scan() -> None:
    length = struct.pack("<Q", 2**63)
    log = length + struct.pack("<I", masked_crc32c(length)) + b"data"
    assert spans_of(log) == []
