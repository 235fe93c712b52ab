"""The records of a file that opens without a server, as they are stored. Must not know the page."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from tb_nnviz.event_files.directory import IndexedRecord
from tb_nnviz.event_files.events import BlobEvent
from tb_nnviz.export.kept_records import try_event
from tb_nnviz.records import RecordError
from tb_nnviz.records.codec import blob_descriptions, parse_header
from tb_nnviz.records.payload import verify_blob

# As the route of the records says it of one that is corrupt.
_READ, _UNREADABLE = 200, 422


@dataclass(frozen=True)
class OfflineItem:
    """A record on its way into the file.

    Attributes:
        run: TensorBoard's name of it.
        record: where it lies.
        wall_time: seconds since the Unix epoch.
        paint: index and length of the blobs that are needed to paint, the header first.
        fine: index and length of those that make values exact.
        message: why it cannot be read; empty where it can.
    """

    run: str
    record: IndexedRecord
    wall_time: float
    paint: tuple[tuple[int, int], ...]
    fine: tuple[tuple[int, int], ...] = ()
    message: str = ""

    def read(self) -> bytes:
        """The blobs, one after the other; of a record that cannot be read, what is wrong.

        Raises:
            OSError: the log has changed meanwhile.
        """
        if self.message:
            return _encode_message(self.message)
        event = try_event(self.record)
        if isinstance(event, str):
            raise OSError(f"{self.record.path} has changed meanwhile: {event}")
        return b"".join(event.blobs[index] for index, _ in (*self.paint, *self.fine))

    def to_json(self) -> dict[str, Any]:
        """The record as the contents of the file list it."""
        return {
            "run": self.run,
            "tag": self.record.tag,
            "step": self.record.step,
            "status": _UNREADABLE if self.message else _READ,
            "paint": [length for _, length in self.paint],
            "fine": [length for _, length in self.fine],
        }


def look_through(
    records: Iterable[tuple[str, IndexedRecord]], names: Mapping[str, str], problems: list[str]
) -> Iterator[OfflineItem]:
    """What each record has, by its header.

    Args:
        records: with TensorBoard's names of their runs.
        names: of runs on screen, for sentences.
        problems: gets a sentence for every record that cannot be read.
    """
    for run, record in records:
        event = try_event(record)
        where = f"{names[run]}: {record.tag} at step {record.step}"
        if isinstance(event, str):
            # Of such a record it is not even known when it was taken.
            problems.append(f"{where} is left out: {event}")
            continue
        try:
            yield _describe(run, record, event)
        except RecordError as error:
            problems.append(f"{where} cannot be read: {error}")
            length = len(_encode_message(str(error)))
            yield OfflineItem(run, record, event.wall_time, ((0, length),), message=str(error))


def _describe(run: str, record: IndexedRecord, event: BlobEvent) -> OfflineItem:
    if not event.blobs:
        raise RecordError("corrupt: it has no header")
    parts: dict[str, list[tuple[int, int]]] = {"paint": [(0, len(event.blobs[0]))], "fine": []}
    for index, description in enumerate(blob_descriptions(parse_header(event.blobs[0])), start=1):
        if index >= len(event.blobs):
            raise RecordError(f"corrupt: blob {index} is missing")
        verify_blob(description, event.blobs[index])
        parts[description.part].append((index, description.size))
    paint, fine = tuple(parts["paint"]), tuple(parts["fine"])
    return OfflineItem(run, record, event.wall_time, paint, fine)


def _encode_message(message: str) -> bytes:
    return json.dumps({"message": message}).encode()
