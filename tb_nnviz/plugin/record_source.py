"""Our records as TensorBoard's data provider gives them, in either of its loaders.

The Rust data server takes about 40 ms for a call, nearly all of it waiting, whatever its size: what
can be asked for at once is, and what it has said is remembered.

Knows the provider's calls and their differences; nothing of HTTP.
"""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Callable, Iterable, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from threading import Lock
from typing import Any, TypeVar

from tensorboard.data import provider

from tb_nnviz.plugin.arguments import RecordItem
from tb_nnviz.plugin.record_places import RecordPlaces, StoredRecord
from tb_nnviz.records import PLUGIN_NAME, RecordError
from tb_nnviz.records.codec import blob_descriptions, header_moment, parse_header
from tb_nnviz.records.payload import BlobDescription

# Above any number of steps: the loader has sampled already, where it was told to.
_ALL_STEPS = 2**31 - 1
_MAX_CACHED_HEADERS = 10_000
_MAX_READS_AT_ONCE = 96  # a batch of 32 records with three blobs each

_Item = TypeVar("_Item")
_Result = TypeVar("_Result")


@dataclass(frozen=True)
class Header:
    """The header of a record.

    Attributes:
        stored: blob 0 as it is in the log.
        fields: what it says.
        payloads: what it says of the blobs after it.
    """

    stored: bytes
    fields: dict[str, Any]
    payloads: tuple[BlobDescription, ...]


class RecordSource:
    """Reads through the data provider, and remembers headers and where records are.

    Args:
        data_provider: TensorBoard's.
    """

    def __init__(self, data_provider: Any) -> None:
        self._provider = data_provider
        self._headers: OrderedDict[tuple[str, str, int, float], Header] = OrderedDict()
        self._places = RecordPlaces()
        self._lock = Lock()
        # Threads are started when they are first needed.
        self._pool = ThreadPoolExecutor(_MAX_READS_AT_ONCE, thread_name_prefix="nnviz-read")

    def list_contents(self, context: Any, experiment: str) -> dict[str, dict[str, bytes]]:
        """Run → tag → what was stored once for the tag."""
        listed = self._provider.list_blob_sequences(
            context, experiment_id=experiment, plugin_name=PLUGIN_NAME
        )
        return {
            run: {tag: series.plugin_content for tag, series in tags.items()}
            for run, tags in listed.items()
        }

    def read_everything(
        self, context: Any, experiment: str
    ) -> tuple[dict[str, dict[str, bytes]], dict[str, dict[str, list[StoredRecord]]]]:
        """What `list_contents` and `read_series` say of all runs, asked for at once."""
        contents = self._pool.submit(self.list_contents, context, experiment)
        series = self._read_series(context, experiment, None, None)
        self._places.remember(experiment, series, make_room=False)
        return contents.result(), series

    def read_series(self, context: Any, experiment: str, run: str) -> dict[str, list[StoredRecord]]:
        """Tag → records of a run, steps ascending; empty where there is no such run."""
        series = self._read_series(context, experiment, [run], None)
        self._places.remember(experiment, series, make_room=False)
        return series.get(run, {})

    def find_records(
        self, context: Any, experiment: str, items: Sequence[RecordItem], *, afresh: bool = False
    ) -> list[StoredRecord | None]:
        """Where the records are, None for those that are not there.

        Args:
            context: of the request.
            experiment: its experiment.
            items: the records.
            afresh: whether what is remembered does not count.
        """
        find = self._places.find
        found = [
            None if afresh else find(experiment, item.run, item.tag, item.step) for item in items
        ]
        missing = [item for item, record in zip(items, found, strict=True) if record is None]
        if not missing:
            return found
        runs = sorted({item.run for item in missing})
        tags = sorted({item.tag for item in missing})
        series = self._read_series(context, experiment, runs, tags)
        self._places.remember(experiment, series, make_room=True)
        read = {
            (run, tag, record.step): record
            for run, by_tag in series.items()
            for tag, records in by_tag.items()
            for record in records
        }
        return [
            record or read.get((item.run, item.tag, item.step))
            for item, record in zip(items, found, strict=True)
        ]

    def _read_series(
        self,
        context: Any,
        experiment: str,
        runs: Sequence[str] | None,
        tags: Sequence[str] | None,
    ) -> dict[str, dict[str, list[StoredRecord]]]:
        """Run → tag → records, steps ascending; only of those runs and tags, None for all."""
        found = self._provider.read_blob_sequences(
            context,
            experiment_id=experiment,
            plugin_name=PLUGIN_NAME,
            downsample=_ALL_STEPS,
            run_tag_filter=provider.RunTagFilter(runs=runs, tags=tags),
        )
        return {
            run: {
                tag: [
                    StoredRecord(
                        run,
                        tag,
                        datum.step,
                        datum.wall_time,
                        tuple(value.blob_key for value in datum.values),
                    )
                    for datum in series
                ]
                for tag, series in by_tag.items()
            }
            for run, by_tag in found.items()
        }

    def read_blob(self, context: Any, record: StoredRecord, index: int) -> bytes:
        """One blob of a record.

        Raises:
            RecordError: there is none of that index, or TensorBoard no longer has it.
        """
        if index >= len(record.blob_keys):
            raise RecordError(f"corrupt: blob {index} is missing")
        try:
            data: bytes = self._provider.read_blob(context, blob_key=record.blob_keys[index])
        except Exception as error:  # the provider raises what it likes: errors of its own, of gRPC
            raise RecordError(f"TensorBoard could not read it: {error}") from error
        return data

    def read_at_once(
        self, read: Callable[[_Item], _Result], items: Iterable[_Item]
    ) -> list[_Result]:
        """``read`` of every item, in their order, while many of them wait at once."""
        return list(self._pool.map(read, items))

    def read_header(self, context: Any, record: StoredRecord) -> Header:
        """The header of a record; raises `RecordError` if it cannot be read."""
        known = self.known_header(record)
        return known or self.keep_header(record, self.read_blob(context, record, 0))

    def known_header(self, record: StoredRecord) -> Header | None:
        """The header of a record that has been read before."""
        key = _header_key(record)
        with self._lock:
            if key in self._headers:
                self._headers.move_to_end(key)
            return self._headers.get(key)

    def keep_header(self, record: StoredRecord, stored: bytes) -> Header:
        """Parses the header that was read at the place of a record, and remembers it if it is its.

        Raises:
            RecordError: it is corrupt, or of a newer version.
        """
        known = self.known_header(record)
        if known is not None and known.stored == stored:
            return known
        fields = parse_header(stored)
        header = Header(stored, fields, tuple(blob_descriptions(fields)))
        if header_moment(fields).wall_time != record.wall_time:
            return header  # of a log that has taken the place of the record's
        with self._lock:
            self._headers[_header_key(record)] = header
            if len(self._headers) > _MAX_CACHED_HEADERS:
                self._headers.popitem(last=False)
        return header


def _header_key(record: StoredRecord) -> tuple[str, str, int, float]:
    return (record.run, record.tag, record.step, record.wall_time)
