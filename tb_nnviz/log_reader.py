"""Logged records back as NumPy arrays: for notebooks, tests and export.

Reads event files itself: no TensorBoard server, no TensorFlow. Knows where records lie
and what they mean; loads each only when asked.
"""

from __future__ import annotations

import os
from collections.abc import Iterator
from pathlib import Path

from tb_nnviz.event_files.directory import (
    EventDirectory,
    IndexedRecord,
    list_event_files,
    read_event,
)
from tb_nnviz.event_files.events import EventError
from tb_nnviz.event_files.framing import FramingError
from tb_nnviz.records import (
    PLUGIN_NAME,
    NewerRecordError,
    Record,
    RecordError,
    TagMetadata,
    decode_record,
)
from tb_nnviz.records.run_names import display_names


class LogReader:
    """The records below a log directory.

    Each call sees what has been written by then, also while a training goes on.

    Args:
        logdir: what is given to ``tensorboard --logdir``.

    Example:
        >>> reader = LogReader("logs")
        >>> reader.read("mlp-512", "weights/dense/kernel", step=3).values.shape
        (512, 28, 28)
    """

    def __init__(self, logdir: str | os.PathLike[str]) -> None:
        self._logdir = Path(logdir)
        if not self._logdir.is_dir():
            raise ValueError(
                f"The `logdir` argument must be a directory that exists; got {str(logdir)!r}. "
                "Pass the directory given to `tensorboard --logdir`."
            )
        self._directories: dict[str, EventDirectory] = {}
        # Of each directory and tag. Only what was understood: another try may succeed.
        self._metadata: dict[Path, dict[str, TagMetadata]] = {}

    def runs(self) -> list[str]:
        """Names of the runs, as on screen."""
        return sorted(self._refresh())

    def tags(self, run: str) -> dict[str, str]:
        """The kind of each tag of a run in the order logged: tiles, histogram or notice."""
        directory = self._directory(run)
        return {
            tag: metadata.kind
            for tag, records in _records_by_tag(directory).items()
            if isinstance(metadata := self._read_metadata(directory, tag, records), TagMetadata)
        }

    def steps(self, run: str, tag: str) -> list[int]:
        """The steps of a tag, in the order logged."""
        return [record.step for record in self._records_of_tag(run, tag)]

    def read(self, run: str, tag: str, step: int) -> Record:
        """The record of a tag at a step.

        Raises:
            ValueError: there is no such run, tag or step.
            RecordError: the record is corrupt or written by a newer tb_nnviz.
        """
        for record in self._records_of_tag(run, tag):
            if record.step == step:
                return self._decode(run, record)
        raise ValueError(
            f"Tag {tag!r} of run {run!r} has no step {step!r}; it has {self.steps(run, tag)}."
        )

    def read_each(self, run: str, tag: str) -> Iterator[tuple[int, Record | RecordError]]:
        """Step and record of each record of a tag, in the order logged, read one by one.

        A record that cannot be read is given as the error that says why.

        Raises:
            ValueError: there is no such run or tag.
        """
        for record in self._records_of_tag(run, tag):
            try:
                yield record.step, self._decode(run, record)
            except RecordError as error:
                yield record.step, error

    def skipped(self, run: str) -> list[str]:
        """Sentences about tags and bytes of a run that cannot be read."""
        directory = self._directory(run)
        reasons = [
            f"{tag}: {metadata}"
            for tag, records in _records_by_tag(directory).items()
            if isinstance(metadata := self._read_metadata(directory, tag, records), str)
        ]
        return [*directory.problems, *reasons]

    def _decode(self, run: str, record: IndexedRecord) -> Record:
        try:
            return decode_record(read_event(record).blobs)
        except (FramingError, EventError, RecordError) as error:
            kind = type(error) if isinstance(error, RecordError) else RecordError
            raise kind(
                f"Run {run!r}, tag {record.tag!r}, step {record.step} in {record.path}: {error}"
            ) from error

    def _read_metadata(
        self, directory: EventDirectory, tag: str, records: list[IndexedRecord]
    ) -> TagMetadata | str:
        understood = self._metadata.setdefault(directory.path, {})
        if tag in understood:
            return understood[tag]
        metadata = _load_metadata(records)
        if isinstance(metadata, TagMetadata):
            understood[tag] = metadata
        return metadata

    def _records_of_tag(self, run: str, tag: str) -> list[IndexedRecord]:
        records = _records_by_tag(self._directory(run))
        if tag not in records:
            raise ValueError(f"Run {run!r} has no tag {tag!r}; it has {sorted(records)}.")
        return records[tag]

    def _directory(self, run: str) -> EventDirectory:
        directories = self._refresh()
        if run not in directories:
            raise ValueError(
                f"There is no run {run!r} below {str(self._logdir)!r}; there are "
                f"{sorted(directories)}."
            )
        return directories[run]

    def _refresh(self) -> dict[str, EventDirectory]:
        for path, _, _ in os.walk(self._logdir):
            directory = Path(path)
            name = directory.relative_to(self._logdir).as_posix()
            if name not in self._directories and list_event_files(directory):
                self._directories[name] = EventDirectory(directory)
        for indexed in self._directories.values():
            if indexed.refresh():  # something was deleted; the same tag may come anew
                self._metadata.pop(indexed.path, None)
        ours = {name: found for name, found in self._directories.items() if found.records}
        names = display_names(ours, str(self._logdir.resolve()))
        return {names[run]: directory for run, directory in ours.items()}


def _records_by_tag(directory: EventDirectory) -> dict[str, list[IndexedRecord]]:
    by_tag: dict[str, list[IndexedRecord]] = {}
    for record in directory.records:
        by_tag.setdefault(record.tag, []).append(record)
    return by_tag


def _load_metadata(records: list[IndexedRecord]) -> TagMetadata | str:
    """The metadata of a tag, or why it cannot be read; every record of a tag holds it."""
    reason = ""
    for record in records:
        try:
            event = read_event(record)
            if event.plugin_name == PLUGIN_NAME:
                return TagMetadata.from_bytes(event.content)
            reason = reason or f"written for the plugin {event.plugin_name!r}"
        except NewerRecordError as error:
            return str(error)
        except (FramingError, EventError, RecordError) as error:
            reason = reason or str(error)
    return reason
