"""Which fit of a log is under way, and which callback logs which tags in it.

Pure bookkeeping: knows callbacks as owners, weakly, and no files but what an index found.
"""

from __future__ import annotations

import weakref
from collections.abc import Collection, Sequence

from tb_nnviz.event_files.directory import IndexedRecord, read_event
from tb_nnviz.event_files.events import EventError
from tb_nnviz.event_files.framing import FramingError
from tb_nnviz.records import RecordError
from tb_nnviz.records.codec import header_moment, parse_header


class FitLedger:
    """Counts the fits of one log.

    Args:
        last_fit: ordinal of the last fit in an earlier log, 0 if there is none.
    """

    def __init__(self, last_fit: int) -> None:
        self._fit = last_fit
        self._key: object = None
        self._owners: weakref.WeakSet[object] = weakref.WeakSet()
        self._has_progressed = False
        self._claims: weakref.WeakValueDictionary[str, object] = weakref.WeakValueDictionary()

    def begin_fit(self, owner: object, fit_key: object = None) -> int:
        """Says that a callback begins a fit.

        Args:
            owner: the callback. Those of one fit begin before any of them logs progress.
            fit_key: an object that the callbacks of one fit share and those of another do not,
                such as the ``params`` that Keras hands them. It tells apart a fit that was
                interrupted before it logged progress from the next one. None if unknown.

        Returns:
            Ordinal of the fit in this log, from 1.
        """
        is_other_key = fit_key is not None and self._key is not None and fit_key is not self._key
        if is_other_key or owner in self._owners or not self._owners or self._has_progressed:
            self._fit += 1
            self._key = None
            self._owners.clear()
            self._claims.clear()
            self._has_progressed = False
        # Held strongly, so that no other object gets its identity.
        self._key = fit_key if fit_key is not None else self._key
        self._owners.add(owner)
        return self._fit

    def end_fit(self, owner: object) -> None:
        """Says that a callback's fit has ended."""
        self._owners.discard(owner)
        if not self._owners:
            self._key = None

    def note_progress(self) -> None:
        """Says that the fit has logged more than its state before training."""
        self._has_progressed = True

    def claim_tags(self, owner: object, tags: Collection[str]) -> tuple[str, ...]:
        """Makes an owner the only one to log some tags until the next fit begins.

        Two callbacks that log one tag would double its steps, and its change since the
        previous record would be 0.

        Args:
            owner: the callback; a claim ends with it.
            tags: what it is going to log.

        Returns:
            Those of the tags that another owner has claimed already, and keeps.
        """
        taken = tuple(tag for tag in tags if self._claims.get(tag, owner) is not owner)
        self._claims.update((tag, owner) for tag in tags if tag not in taken)
        return taken


def find_last_fit(records: Sequence[IndexedRecord]) -> int:
    """Ordinal of the last fit in an earlier log; 0 where it cannot be told."""
    if not records:
        return 0
    try:
        return header_moment(parse_header(read_event(records[-1]).blobs[0])).fit
    except (FramingError, EventError, RecordError, IndexError):
        return 0
