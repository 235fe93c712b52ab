"""What the routes answer, as plain data; see `http_api.md`. Knows nothing of HTTP."""

from __future__ import annotations

import contextlib
import math
from importlib.metadata import version
from pathlib import Path
from typing import Any

from tb_nnviz.plugin.arguments import RecordItem, RequestError
from tb_nnviz.plugin.record_batches import (
    NOT_FOUND,
    RecordAnswer,
    RecordBatches,
    attempt,
    unwrap,
)
from tb_nnviz.plugin.record_places import StoredRecord
from tb_nnviz.plugin.record_source import RecordSource
from tb_nnviz.records import NOTICES_TAG, RecordError, TagMetadata
from tb_nnviz.records.codec import header_moment
from tb_nnviz.records.fields import require
from tb_nnviz.records.run_names import display_names

API_VERSION = 1


class Queries:
    """Answers from one record source.

    Args:
        source: where records are.
        logdir: what TensorBoard was started at, for names of runs.
    """

    def __init__(self, source: RecordSource, logdir: str) -> None:
        self._source = source
        self._batches = RecordBatches(source)
        self._logdir = logdir

    def index(self, context: Any, experiment: str) -> dict[str, Any]:
        """Runs, tags, steps and notices."""
        contents, series = self._source.read_everything(context, experiment)
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
        by_tag = self._source.read_series(context, experiment, run)
        if not by_tag:
            raise RequestError(NOT_FOUND, "run", run, "not a run of index")
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
        answers = self._batches.read(context, experiment, items, part)
        if all(answer.status == NOT_FOUND for answer in answers):
            raise self._unknown(context, experiment, items[0])
        return answers

    def _unknown(self, context: Any, experiment: str, item: RecordItem) -> RequestError:
        tags = self._source.list_contents(context, experiment).get(item.run)
        if tags is None:
            return RequestError(NOT_FOUND, "run", item.run, "not a run of index")
        if item.tag not in tags:
            message = f"not a tag of run {item.run!r} in index"
            return RequestError(NOT_FOUND, "tag", item.tag, message)
        message = f"not a step of tag {item.tag!r} in index"
        return RequestError(NOT_FOUND, "step", item.step, message)

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
            lambda record: attempt(lambda: self._source.read_header(context, record)), records
        )
        for read in headers:
            try:
                header = unwrap(read).fields
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


def _network_order(tag: dict[str, Any]) -> tuple[float, str]:
    index = tag["source"].get("layer_index")
    return (math.inf if index is None else float(index)), tag["tag"]
