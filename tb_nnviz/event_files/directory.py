"""The event files of one directory: their names, and an index of what they hold.

Reads record framing and the first bytes of each record only, so that gigabytes of log
are indexed in moments. Knows step and tag of each record, not its meaning.
"""

from __future__ import annotations

import os
import socket
import time
from collections.abc import Iterator
from dataclasses import dataclass, field
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


@dataclass
class _ScannedFile:
    """What is known of one event file.

    Attributes:
        inode: of the file, as the file system counts.
        head: its first event, framed, which says when it was made; b"" before it is whole.
        scanned_until: where the next record begins.
        is_given_up: it is not ours, or nothing further in it can be found.
        records: what was found.
        problems: sentences about what could not be read.
    """

    inode: int
    head: bytes = b""
    scanned_until: int = 0
    is_given_up: bool = False
    records: list[IndexedRecord] = field(default_factory=list)
    problems: list[str] = field(default_factory=list)


class EventDirectory:
    """An index of our event files in one directory, brought up to date on demand.

    Args:
        path: the directory; it need not exist.

    Attributes:
        path: the directory.
    """

    def __init__(self, path: Path) -> None:
        self.path = path
        self._files: dict[Path, _ScannedFile] = {}

    @property
    def records(self) -> list[IndexedRecord]:
        """What was found, in the order of the files and in them."""
        return [record for _, file in sorted(self._files.items()) for record in file.records]

    @property
    def problems(self) -> list[str]:
        """Sentences about what could not be read."""
        return [problem for _, file in sorted(self._files.items()) for problem in file.problems]

    def refresh(self) -> bool:
        """Indexes what was written since the last call, and forgets what was deleted.

        Returns:
            Whether anything was forgotten: a file is gone, or another is in its place.
        """
        paths = list_event_files(self.path)
        gone = self._files.keys() - set(paths)
        for path in gone:
            del self._files[path]
        replaced = [path for path in paths if self._refresh_file(path)]
        return bool(gone or replaced)

    def size_in_bytes(self) -> int:
        """Size of the event files together."""
        return sum(path.stat().st_size for path in list_event_files(self.path))

    def _refresh_file(self, path: Path) -> bool:
        known = self._files.get(path)
        try:
            with path.open("rb") as file:
                stat = os.fstat(file.fileno())
                is_same = known is not None and _is_same_file(known, file, stat)
                scanned = known if known is not None and is_same else _ScannedFile(stat.st_ino)
                self._files[path] = scanned
                if not scanned.is_given_up:
                    _scan_file(path, file, stat.st_size, scanned)
        except FileNotFoundError:  # deleted since the directory was listed
            return self._files.pop(path, None) is not None
        return known is not None and not is_same


def read_event(record: IndexedRecord) -> BlobEvent:
    """The event of an indexed record.

    Raises:
        FramingError, EventError: it is corrupt.
    """
    with record.path.open("rb") as file:
        return decode_blob_event(read_record(file, record.span))


def list_event_files(directory: Path) -> list[Path]:
    """The event files of a directory in the order TensorBoard reads them; [] if none."""
    try:
        return sorted(path for path in directory.iterdir() if "tfevents" in path.name)
    except (FileNotFoundError, NotADirectoryError):
        return []


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


def _is_same_file(known: _ScannedFile, file: BinaryIO, stat: os.stat_result) -> bool:
    """Whether an open file is the one that was scanned, perhaps with more behind it.

    A new file may get the name and the inode of one that was just deleted; its first event
    has another time.
    """
    if stat.st_ino != known.inode or stat.st_size < known.scanned_until:
        return False
    return file.read(len(known.head)) == known.head


def _scan_file(path: Path, file: BinaryIO, size: int, scanned: _ScannedFile) -> None:
    try:
        for span in scan_records(file, scanned.scanned_until, size):
            if scanned.head:
                _index(path, file, span, scanned)
            elif is_our_first_event(read_record(file, span)):
                file.seek(0)
                scanned.head = file.read(span.end)
            else:
                scanned.is_given_up = True
                return
            scanned.scanned_until = span.end
    except FramingError as error:
        scanned.is_given_up = True
        scanned.problems.append(f"{path}: {error}; nothing behind it can be read")


def _index(path: Path, file: BinaryIO, span: RecordSpan, scanned: _ScannedFile) -> None:
    file.seek(span.offset)
    try:
        found = peek_step_and_tag(file.read(min(span.length, PEEK_SIZE)))
    except EventError as error:
        scanned.problems.append(f"{path}: the record at byte {span.offset} is skipped: {error}")
        return
    if found is not None:
        step, tag = found
        scanned.records.append(IndexedRecord(path, span, tag, step))
