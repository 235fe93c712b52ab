"""Our records as TensorBoard's data provider gives them, in either of its loaders.

Knows the provider's calls and their differences; nothing of HTTP.
"""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Callable, Collection, Iterable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from threading import Lock
from typing import Any, TypeVar

from tensorboard.data import provider

from tb_nnviz.records import PLUGIN_NAME, RecordError
from tb_nnviz.records.codec import blob_descriptions, parse_header
from tb_nnviz.records.payload import BlobDescription

# Above any number of steps: the loader has sampled already, where it was told to.
_ALL_STEPS = 2**31 - 1
_MAX_CACHED_HEADERS = 10_000
# The data server takes about 40 ms a blob, nearly all of it waiting; a batch has dozens.
_MAX_READS_AT_ONCE = 32

_Item = TypeVar("_Item")
_Result = TypeVar("_Result")


@dataclass(frozen=True)
class StoredRecord:
    """One record where the provider has it.

    Attributes:
        run: TensorBoard's name of the run.
        tag: the tag.
        step: its step.
        wall_time: seconds since the Unix epoch.
        blob_keys: handles for `RecordSource.read_blob`, valid for this request.
    """

    run: str
    tag: str
    step: int
    wall_time: float
    blob_keys: tuple[str, ...]


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
    """Reads through the data provider, and remembers headers, which never change.

    Args:
        data_provider: TensorBoard's.
    """

    def __init__(self, data_provider: Any) -> None:
        self._provider = data_provider
        self._headers: OrderedDict[tuple[str, str, int, float], Header] = OrderedDict()
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

    def read_series(
        self,
        context: Any,
        experiment: str,
        runs: Collection[str] | None = None,
        tags: Collection[str] | None = None,
    ) -> dict[str, dict[str, list[StoredRecord]]]:
        """Run → tag → records, steps ascending.

        Args:
            context: of the request.
            experiment: its experiment.
            runs: only these; None for all.
            tags: only these; None for all.
        """
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
        key = (record.run, record.tag, record.step, record.wall_time)
        with self._lock:
            if key in self._headers:
                self._headers.move_to_end(key)
                return self._headers[key]
        stored = self.read_blob(context, record, 0)
        fields = parse_header(stored)
        header = Header(stored, fields, tuple(blob_descriptions(fields)))
        with self._lock:
            self._headers[key] = header
            if len(self._headers) > _MAX_CACHED_HEADERS:
                self._headers.popitem(last=False)
        return header
