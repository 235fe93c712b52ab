"""What a log already holds of each tag: how many records, the first and the last.

Changes of tiles since the start and since the previous record are computed from them; records
of other kinds are counted. Knows records in memory and, for what an earlier process wrote,
where to read them.
"""

from __future__ import annotations

from dataclasses import dataclass

from tb_nnviz.event_files.directory import IndexedRecord, read_event
from tb_nnviz.event_files.events import EventError
from tb_nnviz.event_files.framing import FramingError
from tb_nnviz.records import Record, RecordError, TileArray, decode_record
from tb_nnviz.records.tile_array import with_statistics


@dataclass
class TagHistory:
    """Records of one tag so far; in the worker's hands alone.

    Attributes:
        count: how many were logged.
        start: the first, or where an earlier process left it; None where it is corrupt, for
            no other record may stand in for it.
        previous: the last, likewise.
    """

    count: int = 0
    start: TileArray | IndexedRecord | None = None
    previous: TileArray | IndexedRecord | None = None
    _kind: type[Record] | None = None

    def note_indexed(self, record: IndexedRecord) -> None:
        """Counts a record that was found in the log."""
        if self.count == 0:
            self.start = record
        self.previous = record
        self.count += 1

    def complete(self, record: Record) -> Record:
        """The record with the statistics that need earlier tiles; counts nothing.

        Raises:
            ValueError: the tag holds records of another kind.
        """
        if self._kind is None and isinstance(self.start, IndexedRecord):
            found = _decode(self.start)
            self._kind = None if found is None else type(found)
        if self._kind not in {None, type(record)}:
            raise ValueError(
                "a tag holds records of one kind, and earlier ones in this log are of another: "
                "give these a tag of their own"
            )
        if not isinstance(record, TileArray):
            return record
        self.start = _load(self.start)
        self.previous = _load(self.previous)
        return with_statistics(record, self.start, self.previous)

    def note_written(self, record: Record) -> None:
        """Counts a record that was written and keeps what later ones are compared with."""
        if isinstance(record, TileArray):
            if self.count == 0:
                self.start = record
            self.previous = record
        self._kind = type(record)
        self.count += 1


def _load(found: TileArray | IndexedRecord | None) -> TileArray | None:
    if not isinstance(found, IndexedRecord):
        return found
    record = _decode(found)
    return record if isinstance(record, TileArray) else None


def _decode(found: IndexedRecord) -> Record | None:
    try:
        return decode_record(read_event(found).blobs)
    except (OSError, FramingError, EventError, RecordError):
        return None  # deleted or corrupt: no change to show, and LogReader says why
