"""What the routes answer, as plain data; see `http_api.md`. Knows nothing of HTTP."""

from __future__ import annotations

import contextlib
import math
from collections.abc import Callable
from dataclasses import dataclass
from importlib.metadata import version
from pathlib import Path
from typing import Any, TypeVar

from tb_nnviz.plugin.arguments import RecordItem, RequestError
from tb_nnviz.plugin.record_source import Header, RecordSource, StoredRecord
from tb_nnviz.records import NOTICES_TAG, RecordError, TagMetadata
from tb_nnviz.records.codec import header_moment
from tb_nnviz.records.fields import require
from tb_nnviz.records.payload import BlobDescription, verify_blob
from tb_nnviz.records.run_names import display_names

API_VERSION = 1

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


class Queries:
    """Answers from one record source.

    Args:
        source: where records are.
        logdir: what TensorBoard was started at, for names of runs.
    """

    def __init__(self, source: RecordSource, logdir: str) -> None:
        self._source = source
        self._logdir = logdir

    def index(self, context: Any, experiment: str) -> dict[str, Any]:
        """Runs, tags, steps and notices."""
        contents = self._source.list_contents(context, experiment)
        series = self._source.read_series(context, experiment)
        names = display_names(contents, self._logdir)
        runs = [
            self._describe_run(context, run, names[run], contents[run], series.get(run, {}))
            for run in sorted(contents, key=lambda run: names[run])
        ]
        return {
            "version": API_VERSION,
            "log": Path(self._logdir).absolute().name if self._logdir else "",
            "tb_nnviz": version("tb-nnviz"),
            "runs": runs,
        }

    def timeline(self, context: Any, experiment: str, run: str) -> dict[str, Any]:
        """When in training each step of a run was taken.

        Raises:
            RequestError: there is no such run.
        """
        by_tag = self._source.read_series(context, experiment, runs=[run]).get(run)
        if not by_tag:
            raise RequestError(404, "run", run, "not a run of index")
        by_step: dict[int, list[StoredRecord]] = {}
        for tag, records in by_tag.items():
            if tag != NOTICES_TAG:
                for record in records:
                    by_step.setdefault(record.step, []).append(record)

        def read_moment(records: list[StoredRecord]) -> dict[str, Any] | None:
            for record in records:
                # Another tag may have the step; index names what is skipped.
                with contextlib.suppress(RecordError):
                    header = self._source.read_header(context, record)
                    return header_moment(header.fields).to_json()
            return None

        in_order = [by_step[step] for step in sorted(by_step)]
        moments = self._source.read_at_once(read_moment, in_order)
        return {"run": run, "moments": [moment for moment in moments if moment is not None]}

    def records(
        self, context: Any, experiment: str, items: list[RecordItem], part: str
    ) -> list[RecordAnswer]:
        """The records asked for.

        Args:
            context: of the request.
            experiment: its experiment.
            items: which records.
            part: which of their payload blobs.

        Raises:
            RequestError: none of the items is known.
        """
        series = self._source.read_series(
            context,
            experiment,
            runs=sorted({item.run for item in items}),
            tags=sorted({item.tag for item in items}),
        )
        found = [_find(series, item) for item in items]
        if None in found and not any(found):
            raise self._unknown(context, experiment, items[0])
        # First all headers, then what they list: two waits for a batch, however many records.
        headers = self._source.read_at_once(
            lambda record: _attempt(lambda: self._source.read_header(context, record)),
            [record for record in found if record is not None],
        )
        opened = iter(headers)
        pairs = [(record, None if record is None else next(opened)) for record in found]
        return self._answer_all(context, pairs, part)

    def _unknown(self, context: Any, experiment: str, item: RecordItem) -> RequestError:
        tags = self._source.list_contents(context, experiment).get(item.run)
        if tags is None:
            return RequestError(404, "run", item.run, "not a run of index")
        if item.tag not in tags:
            return RequestError(404, "tag", item.tag, f"not a tag of run {item.run!r} in index")
        return RequestError(404, "step", item.step, f"not a step of tag {item.tag!r} in index")

    def _answer_all(
        self,
        context: Any,
        pairs: list[tuple[StoredRecord | None, Header | RecordError | None]],
        part: str,
    ) -> list[RecordAnswer]:
        """The answer for each record and its header, or the failure to read it."""
        wanted = [
            (record, index, description)
            for record, header in pairs
            if record is not None and isinstance(header, Header)
            for index, description in _payloads_of(header, part)
        ]
        blobs = iter(
            self._source.read_at_once(
                lambda item: _attempt(lambda: self._read_verified(context, *item)), wanted
            )
        )
        return [
            _answer(header, [next(blobs) for _ in _payloads_of(header, part)])
            for _, header in pairs
        ]

    def _read_verified(
        self, context: Any, record: StoredRecord, index: int, description: BlobDescription
    ) -> bytes:
        stored = self._source.read_blob(context, record, index)
        verify_blob(description, stored)
        return stored

    def _describe_run(
        self,
        context: Any,
        run: str,
        name: str,
        contents: dict[str, bytes],
        series: dict[str, list[StoredRecord]],
    ) -> dict[str, Any]:
        tags: list[dict[str, Any]] = []
        skipped: list[dict[str, str]] = []
        distinct: dict[tuple[int, ...], int] = {}
        described: list[dict[str, Any]] = []
        for tag, content in contents.items():
            try:
                metadata = TagMetadata.from_bytes(content)
            except RecordError as error:
                skipped.append({"tag": tag, "reason": str(error)})
                continue
            records = series.get(tag, [])
            if metadata.kind == "notice" or not records:
                continue
            steps = tuple(record.step for record in records)
            if steps not in distinct:
                distinct[steps] = len(described)
                described.append(self._describe_series(context, records))
            tags.append(
                {
                    "tag": tag,
                    "kind": metadata.kind,
                    "view": metadata.view,
                    "series": distinct[steps],
                    "source": metadata.source.to_json(),
                }
            )
        notices = self._read_notices(context, series.get(NOTICES_TAG, []), skipped)
        return {
            "run": run,
            "name": name,
            "tags": sorted(tags, key=_network_order),
            "series": described,
            "notices": notices,
            "skipped": skipped,
        }

    def _describe_series(self, context: Any, records: list[StoredRecord]) -> dict[str, Any]:
        logged = None
        # Null says that it is not known; asking for the record names the reason.
        with contextlib.suppress(RecordError):
            logged = int(self._source.read_header(context, records[-1]).fields["ordinal"])
        return {
            "steps": [record.step for record in records],
            "wall_times": [record.wall_time for record in records],
            "logged": logged,
        }

    def _read_notices(
        self, context: Any, records: list[StoredRecord], skipped: list[dict[str, str]]
    ) -> list[dict[str, Any]]:
        notices = []
        headers = self._source.read_at_once(
            lambda record: _attempt(lambda: self._source.read_header(context, record)), records
        )
        for read in headers:
            try:
                header = _unwrap(read).fields
                notices.append(
                    {
                        "view": require(header, "view", str),
                        "layer": require(header, "layer", str),
                        "message": require(header, "message", str),
                        "step": require(header, "step", int),
                    }
                )
            except RecordError as error:
                skipped.append({"tag": NOTICES_TAG, "reason": str(error)})
        return notices


def _attempt(read: Callable[[], _Result]) -> _Result | RecordError:
    """What is read, or the error: one bad record must not hide the others of its batch."""
    try:
        return read()
    except RecordError as error:
        return error


def _unwrap(read: _Result | RecordError) -> _Result:
    if isinstance(read, RecordError):
        raise read
    return read


def _payloads_of(
    header: Header | RecordError | None, part: str
) -> list[tuple[int, BlobDescription]]:
    """Index and description of the payload blobs that belong to a part."""
    if not isinstance(header, Header):
        return []
    payloads = enumerate(header.payloads, start=1)
    if part == "statistics":
        return [(index, payload) for index, payload in payloads if payload.name == part]
    return [(index, payload) for index, payload in payloads if payload.part == part]


def _answer(
    header: Header | RecordError | None, payloads: list[bytes | RecordError]
) -> RecordAnswer:
    if header is None:
        return RecordAnswer(404, message="no such record; index lists those there are")
    failures = [read for read in (header, *payloads) if isinstance(read, RecordError)]
    if failures or isinstance(header, RecordError):
        return RecordAnswer(422, message=str(failures[0]))
    return RecordAnswer(
        200, (header.stored, *(read for read in payloads if isinstance(read, bytes)))
    )


def _find(
    series: dict[str, dict[str, list[StoredRecord]]], item: RecordItem
) -> StoredRecord | None:
    records = series.get(item.run, {}).get(item.tag, [])
    return next((record for record in records if record.step == item.step), None)


def _network_order(tag: dict[str, Any]) -> tuple[float, str]:
    index = tag["source"].get("layer_index")
    return (math.inf if index is None else float(index)), tag["tag"]
