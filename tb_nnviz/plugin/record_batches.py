"""Many records of a log at once, each with its own failure; waits on the data provider are few."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from typing import Any, Final, TypeVar

from tb_nnviz.plugin.arguments import RecordItem
from tb_nnviz.plugin.record_places import StoredRecord
from tb_nnviz.plugin.record_source import Header, RecordSource
from tb_nnviz.records import RecordError
from tb_nnviz.records.payload import verify_blob

FOUND: Final = 200
NOT_FOUND: Final = 404
UNREADABLE: Final = 422

# The statistics and the values of tiles, which most records are: asked for along with a header that
# has not been read before. What it lists besides is asked for afterwards.
_LIKELY_PAYLOADS = {"paint": (1, 2), "statistics": (1,)}

_Result = TypeVar("_Result")


@dataclass(frozen=True)
class RecordAnswer:
    """What is answered for one item: blobs, or a message in their place.

    Attributes:
        status: 200, 404 or 422.
        blobs: header and payload blobs if status is 200.
        message: what is wrong, otherwise.
    """

    status: int
    blobs: tuple[bytes, ...] = ()
    message: str = ""


class RecordBatches:
    """Reads batches from one record source.

    Args:
        source: where records are.
    """

    def __init__(self, source: RecordSource) -> None:
        self._source = source

    def read(
        self, context: Any, experiment: str, items: Sequence[RecordItem], part: str
    ) -> list[RecordAnswer]:
        """The records asked for, in order.

        Args:
            context: of the request.
            experiment: its experiment.
            items: which records.
            part: which of their payload blobs.
        """
        records = self._source.find_records(context, experiment, items)
        answers = self._read_all(context, records, part)
        if all(answer.status == FOUND for answer in answers):
            return answers
        # A log that was replaced has fewer records, or more blobs, than the places remembered say.
        places = self._source.find_records(context, experiment, items, afresh=True)
        moved = [index for index, record in enumerate(records) if places[index] != record]
        again = self._read_all(context, [places[index] for index in moved], part)
        for index, answer in zip(moved, again, strict=True):
            answers[index] = answer
        return answers

    def _read_all(
        self, context: Any, records: Sequence[StoredRecord | None], part: str
    ) -> list[RecordAnswer]:
        readings = [
            None if record is None else _Reading(self._source, record, part) for record in records
        ]
        under_way = [reading for reading in readings if reading is not None]
        for wanted in (_Reading.first_blobs, _Reading.other_blobs):
            blobs = [(reading, index) for reading in under_way for index in wanted(reading)]
            self._source.read_at_once(lambda blob: blob[0].read(context, blob[1]), blobs)
        return [
            RecordAnswer(NOT_FOUND, message="no such record; index lists those there are")
            if reading is None
            else reading.answer()
            for reading in readings
        ]


class _Reading:
    """One record on its way: its header and the payload blobs of one part."""

    def __init__(self, source: RecordSource, record: StoredRecord, part: str) -> None:
        self._source = source
        self._record = record
        self._part = part
        # What it was when it was read before: only a hint at what to read along with that of now,
        # since a log that was replaced has other headers under the same keys, and payloads of
        # equal checksums, or none, would not tell.
        self._header: Header | RecordError | None = source.known_header(record)
        self._blobs: dict[int, bytes | RecordError] = {}  # by index

    def first_blobs(self) -> Iterable[int]:
        """Indices of the blobs to be read first: the header, and what it probably lists."""
        if self._header is not None:
            return [0, *self._payloads()]
        likely = _LIKELY_PAYLOADS.get(self._part, ())
        return [0, *(index for index in likely if index < len(self._record.blob_keys))]

    def other_blobs(self) -> Iterable[int]:
        """Those that the header, now here, lists besides."""
        stored = self._blobs[0]
        self._header = attempt(lambda: self._source.keep_header(self._record, unwrap(stored)))
        return [index for index in self._payloads() if index not in self._blobs]

    def read(self, context: Any, index: int) -> None:
        """Reads one blob."""
        self._blobs[index] = attempt(lambda: self._source.read_blob(context, self._record, index))

    def answer(self) -> RecordAnswer:
        """What is answered, once all blobs have been read."""
        try:
            return RecordAnswer(FOUND, tuple(self._verified()))
        except RecordError as error:
            return RecordAnswer(UNREADABLE, message=str(error))

    def _verified(self) -> Iterable[bytes]:
        header = unwrap(self._header or RecordError("corrupt: blob 0 is missing"))
        yield header.stored
        for index in self._payloads():
            stored = unwrap(self._blobs[index])
            verify_blob(header.payloads[index - 1], stored)
            yield stored

    def _payloads(self) -> list[int]:
        if not isinstance(self._header, Header):
            return []
        described = enumerate(self._header.payloads, start=1)
        if self._part == "statistics":
            return [index for index, description in described if description.name == self._part]
        return [index for index, description in described if description.part == self._part]


def attempt(read: Callable[[], _Result]) -> _Result | RecordError:
    """What is read, or the error: one bad record must not hide the others of its batch."""
    try:
        return read()
    except RecordError as error:
        return error


def unwrap(read: _Result | RecordError) -> _Result:
    """What was read; raises the error in its place."""
    if isinstance(read, RecordError):
        raise read
    return read
