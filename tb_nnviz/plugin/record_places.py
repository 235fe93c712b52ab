"""Where in TensorBoard's data provider records are, remembered. Knows no provider."""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from threading import Lock

# Some 600 bytes each.
MAX_PLACES = 20_000

_SeriesKey = tuple[str, str, str]


@dataclass(frozen=True)
class StoredRecord:
    """One record where the provider has it.

    Attributes:
        run: TensorBoard's name of the run.
        tag: the tag.
        step: its step.
        wall_time: seconds since the Unix epoch.
        blob_keys: handles for `RecordSource.read_blob`.
    """

    run: str
    tag: str
    step: int
    wall_time: float
    blob_keys: tuple[str, ...]


class RecordPlaces:
    """The records of series as they were read last, of the most recently used series.

    A series of more than ``max_places`` records is not remembered.

    Args:
        max_places: how many records are remembered at most.
    """

    def __init__(self, max_places: int = MAX_PLACES) -> None:
        self._max_places = max_places
        self._series: OrderedDict[_SeriesKey, dict[int, StoredRecord]] = OrderedDict()
        self._num_places = 0
        self._lock = Lock()

    def remember(
        self,
        experiment: str,
        series: Mapping[str, Mapping[str, Sequence[StoredRecord]]],
        *,
        make_room: bool,
    ) -> None:
        """Takes down run → tag → records, in place of what was known of those series.

        Args:
            experiment: whose runs they are.
            series: the records.
            make_room: whether others are forgotten for those that are new. Without it, as for a
                whole log, new ones are taken down as far as there is room.
        """
        with self._lock:
            for run, by_tag in series.items():
                for tag, records in by_tag.items():
                    self._take_down((experiment, run, tag), records, make_room=make_room)

    def find(self, experiment: str, run: str, tag: str, step: int) -> StoredRecord | None:
        """The record as it was read last; None where it was not, or is forgotten."""
        key = (experiment, run, tag)
        with self._lock:
            if key not in self._series:
                return None
            self._series.move_to_end(key)
            return self._series[key].get(step)

    def _take_down(
        self, key: _SeriesKey, records: Sequence[StoredRecord], *, make_room: bool
    ) -> None:
        known = key in self._series
        if len(records) > self._max_places:  # making room would forget all others, and then it too
            if known:
                self._forget(key)
            return
        self._num_places += len(records) - len(self._series.get(key, {}))
        self._series[key] = {record.step: record for record in records}
        if not known and not make_room and self._num_places > self._max_places:
            self._forget(key)
        while self._num_places > self._max_places:
            self._forget(next(iter(self._series)))

    def _forget(self, key: _SeriesKey) -> None:
        self._num_places -= len(self._series.pop(key))
