"""The event files of one directory: their names, and an index of what they hold.

Reads record framing and the first bytes of each record only, so that gigabytes of log
are indexed in moments. Knows step and tag of each record, not its meaning.
"""

from __future__ import annotations

import os
import socket
import time
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import BinaryIO

from tb_nnviz.event_files.events import (
    PEEK_SIZE,
    BlobEvent,
    EventError,
    decode_blob_event,
    is_our_first_event,
    peek_step_and_tag,
)
from tb_nnviz.event_files.framing import FramingError, RecordSpan, read_record, scan_records

_FILE_PREFIX = "events.out.tfevents."
_FILE_SUFFIX = ".nnviz"


@dataclass(frozen=True)
class IndexedRecord:
    """Where the record of one tag and step lies."""

    path: Path
    span: RecordSpan
    tag: str
    step: int


class EventDirectory:
    """An index of our event files in one directory, brought up to date on demand.

    Args:
        path: the directory; it need not exist.

    Attributes:
        path: the directory.
        records: what was found, in the order of the files and in them.
        problems: sentences about what could not be read.
    """

    def __init__(self, path: Path) -> None:
        self.path = path
        self.records: list[IndexedRecord] = []
        self.problems: list[str] = []
        self._scanned_until: dict[Path, int] = {}
        self._given_up: set[Path] = set()

    def refresh(self) -> None:
        """Indexes what was written since the last call."""
        for path in list_event_files(self.path):
            if path not in self._given_up:
                self._scan_file(path)

    def size_in_bytes(self) -> int:
        """Size of the event files together."""
        return sum(path.stat().st_size for path in list_event_files(self.path))

    def _scan_file(self, path: Path) -> None:
        size = path.stat().st_size
        if size == self._scanned_until.get(path, 0):
            return
        with path.open("rb") as file:
            try:
                for span in scan_records(file, self._scanned_until.get(path, 0), size):
                    is_first = path not in self._scanned_until
                    if is_first and not is_our_first_event(read_record(file, span)):
                        self._given_up.add(path)
                        return
                    self._scanned_until[path] = span.end
                    if not is_first:
                        self._index(path, span, _peek(file, span))
            except FramingError as error:
                self._given_up.add(path)
                self.problems.append(f"{path}: {error}; nothing behind it can be read")

    def _index(self, path: Path, span: RecordSpan, prefix: bytes) -> None:
        try:
            found = peek_step_and_tag(prefix)
        except EventError as error:
            self.problems.append(f"{path}: the record at byte {span.offset} is skipped: {error}")
            return
        if found is not None:
            step, tag = found
            self.records.append(IndexedRecord(path, span, tag, step))


def read_event(record: IndexedRecord) -> BlobEvent:
    """The event of an indexed record.

    Raises:
        FramingError, EventError: it is corrupt.
    """
    with record.path.open("rb") as file:
        return decode_blob_event(read_record(file, record.span))


def list_event_files(directory: Path) -> list[Path]:
    """The event files of a directory in the order TensorBoard reads them; [] if none."""
    if not directory.is_dir():
        return []
    return sorted(path for path in directory.iterdir() if "tfevents" in path.name)


def new_event_file_name(directory: Path) -> str:
    """A name for a new event file, as TensorBoard writes them.

    TensorBoard's Python reader follows only the file that comes last by name, so the name
    sorts behind all that are there, even where the clock has gone back or two files
    are opened within a second.
    """
    timestamps = [
        timestamp for path in list_event_files(directory) for timestamp in _timestamps(path)
    ]
    timestamp = max([int(time.time()), *(latest + 1 for latest in timestamps)])
    return f"{_FILE_PREFIX}{timestamp:010d}.{socket.gethostname()}.{os.getpid()}{_FILE_SUFFIX}"


def _timestamps(path: Path) -> Iterator[int]:
    digits = path.name.removeprefix(_FILE_PREFIX).split(".")[0]
    if digits.isdigit():
        yield int(digits)


def _peek(file: BinaryIO, span: RecordSpan) -> bytes:
    file.seek(span.offset)
    return file.read(min(span.length, PEEK_SIZE))
