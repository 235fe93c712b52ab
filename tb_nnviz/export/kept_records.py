"""Some of the records of a log, as TensorBoard's data provider would give them.

So that what the plugin answers of a log can be had without TensorBoard. Knows event files and the
calls of a provider; must not know what is chosen, nor what records mean.
"""

from __future__ import annotations

import os
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from tb_nnviz.event_files.directory import (
    EventDirectory,
    IndexedRecord,
    list_event_files,
    read_event,
)
from tb_nnviz.event_files.events import BlobEvent, EventError
from tb_nnviz.event_files.framing import FramingError
from tb_nnviz.records import PLUGIN_NAME


@dataclass(frozen=True)
class Log:
    """All records of a log, by TensorBoard's name of the run and by tag, steps ascending.

    Attributes:
        records: of each run and tag.
        contents: what was stored once for each of these tags.
        problems: sentences about what cannot be read.
    """

    records: dict[str, dict[str, list[IndexedRecord]]]
    contents: dict[str, dict[str, bytes]]
    problems: list[str]


def read_log(logdir: Path) -> Log:
    """Looks through the event files below a directory, and reads one event of each tag."""
    log = Log({}, {}, [])
    for path, directories, _ in os.walk(logdir):
        directories.sort()
        directory = EventDirectory(Path(path))
        if not list_event_files(directory.path):
            continue
        directory.refresh()
        log.problems.extend(directory.problems)
        by_tag: dict[str, dict[int, IndexedRecord]] = {}
        for record in directory.records:
            # What was logged again replaces what was there.
            by_tag.setdefault(record.tag, {})[record.step] = record
        run = directory.path.relative_to(logdir).as_posix()
        for tag, by_step in by_tag.items():
            records = [by_step[step] for step in sorted(by_step)]
            content = _read_content(records)
            if content is None:
                log.problems.append(f"{run}: tag {tag} is left out: no record of it can be read")
                continue
            log.records.setdefault(run, {})[tag] = records
            log.contents.setdefault(run, {})[tag] = content
    return log


def _read_content(records: Sequence[IndexedRecord]) -> bytes | None:
    """What was stored once for a tag; every record holds it."""
    for record in records:
        event = try_event(record)
        if isinstance(event, BlobEvent) and event.plugin_name == PLUGIN_NAME:
            return event.content
    return None


def try_event(record: IndexedRecord) -> BlobEvent | str:
    """The event of a record, or why it cannot be read."""
    try:
        return read_event(record)
    except (FramingError, EventError) as error:
        return str(error)


@dataclass(frozen=True)
class _Reference:
    blob_key: str


@dataclass(frozen=True)
class _Datum:
    step: int
    wall_time: float
    values: tuple[_Reference, ...]


@dataclass(frozen=True)
class _Series:
    plugin_content: bytes


@dataclass
class KeptRecords:
    """Chosen records behind the calls of a data provider that `RecordSource` makes.

    Attributes:
        contents: run → tag → what was stored once for the tag.
        records: run → tag → record and its wall time, steps ascending.
    """

    contents: Mapping[str, Mapping[str, bytes]]
    records: Mapping[str, Mapping[str, Sequence[tuple[IndexedRecord, float]]]]
    _by_key: dict[str, IndexedRecord] = field(default_factory=dict)

    def list_blob_sequences(self, _context: Any, **_: object) -> dict[str, dict[str, _Series]]:
        """Run → tag → what was stored once for the tag."""
        return {
            run: {tag: _Series(content) for tag, content in tags.items()}
            for run, tags in self.contents.items()
        }

    def read_blob_sequences(
        self, _context: Any, *, run_tag_filter: Any, **_: object
    ) -> dict[str, dict[str, list[_Datum]]]:
        """Run → tag → its records."""
        runs, tags = run_tag_filter.runs, run_tag_filter.tags
        return {
            run: {
                tag: [self._datum(record, wall_time) for record, wall_time in series]
                for tag, series in by_tag.items()
                if tags is None or tag in tags
            }
            for run, by_tag in self.records.items()
            if runs is None or run in runs
        }

    def read_blob(self, _context: Any, *, blob_key: str) -> bytes:
        """The header of a record: nothing else is asked for by a key."""
        return read_event(self._by_key[blob_key]).blobs[0]

    def _datum(self, record: IndexedRecord, wall_time: float) -> _Datum:
        key = f"{record.path}:{record.span.offset}"
        self._by_key[key] = record
        return _Datum(record.step, wall_time, (_Reference(key),))
