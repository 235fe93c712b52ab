"""The notices a log holds: how many, and which sentences have been said already."""

from __future__ import annotations

from collections.abc import Iterable

from tb_nnviz.event_files.directory import IndexedRecord, read_event
from tb_nnviz.event_files.events import EventError
from tb_nnviz.event_files.framing import FramingError
from tb_nnviz.records import Notice, RecordError, decode_record


class NoticeBook:
    """Counts notices and remembers them, so that a fit in a loop says each thing once.

    Args:
        records: the notices that an earlier process or fit has logged.
    """

    def __init__(self, records: Iterable[IndexedRecord]) -> None:
        self.count = 0
        self._said: set[tuple[str, str, str]] = set()
        for record in records:
            self.count += 1
            try:
                found = decode_record(read_event(record).blobs)
            except (FramingError, EventError, RecordError, OSError):
                continue  # one that cannot be read may be said again
            if isinstance(found, Notice):
                self._said.add(_sentence(found))

    def has_said(self, notice: Notice) -> bool:
        """Whether the log says this already, about whatever step."""
        return _sentence(notice) in self._said

    def note(self, notice: Notice) -> None:
        """Counts a notice that is being logged."""
        self.count += 1
        self._said.add(_sentence(notice))


def _sentence(notice: Notice) -> tuple[str, str, str]:
    return notice.view, notice.layer, notice.message
