"""The log of one run: one a directory and process, however many callbacks share it.

Joins step bookkeeping, the background thread and the event file. Knows records as things
to be encoded; knows no model.
"""

from __future__ import annotations

import os
import time
import weakref
from collections.abc import Callable, Hashable, Iterable
from dataclasses import dataclass
from pathlib import Path

from tb_nnviz.event_files.directory import EventDirectory, IndexedRecord, read_event
from tb_nnviz.event_files.events import BlobEvent, EventError
from tb_nnviz.event_files.framing import FramingError
from tb_nnviz.records import (
    NOTICES_TAG,
    PLUGIN_NAME,
    Moment,
    Notice,
    Phase,
    Record,
    RecordError,
    describe_tag,
    encode_record,
)
from tb_nnviz.records.codec import header_moment, parse_header
from tb_nnviz.records.run_names import RUN_DIRECTORY
from tb_nnviz.writing.event_file_writer import EventFileWriter
from tb_nnviz.writing.step_counter import StepCounter
from tb_nnviz.writing.step_queue import StepQueue
from tb_nnviz.writing.tag_history import TagHistory


@dataclass(frozen=True)
class StepJob:
    """What is to be logged at one moment of training.

    Attributes:
        tags: the tags it will log.
        build: makes the records, on the background thread: pairs of tag and record.
        failed: called there with the error if building or writing fails.
    """

    tags: tuple[str, ...]
    build: Callable[[], Iterable[tuple[str, Record]]]
    failed: Callable[[Exception], None]


class RunLog:
    """The event file of ``<log_dir>/nnviz`` and all that must be known to append to it.

    Use `open_run_log`, which gives every caller in this process the same one.

    Attributes:
        directory: ``<log_dir>/nnviz``.
        bytes_written: size of the run's event files.
    """

    def __init__(self, directory: Path) -> None:
        self.directory = directory
        self._queue = StepQueue()
        self._files: list[EventFileWriter] = []
        self._histories: dict[str, TagHistory] = {}
        self._fit_owners: weakref.WeakSet[object] = weakref.WeakSet()
        self._fit_has_progressed = False
        self._num_holders = 0
        # Also runs at exit, so that what was queued is written.
        self._shut_down = weakref.finalize(self, _shut_down, self._queue, self._files, os.getpid())
        index = EventDirectory(directory)
        index.refresh()
        for record in index.records:
            if record.tag != NOTICES_TAG:
                self._history(record.tag).note_indexed(record)
        self._num_notices = sum(record.tag == NOTICES_TAG for record in index.records)
        timed = [record for record in index.records if record.tag != NOTICES_TAG]
        self._steps = StepCounter(max((record.step for record in timed), default=None))
        self._fit = _last_fit(timed)
        self.bytes_written = index.size_in_bytes()

    @property
    def last_step(self) -> int | None:
        """The last step handed out or found, or None."""
        return self._steps.last_step

    def hold(self) -> RunLog:
        """Says that somebody will log here; goes with one `release`."""
        self._num_holders += 1
        return self

    def release(self) -> None:
        """Writes what is queued; the last holder's release closes the file."""
        self._queue.drain()
        self._num_holders -= 1
        if self._num_holders <= 0:
            _shut_down(self._queue, self._files, os.getpid())

    def open_file(self) -> EventFileWriter:
        """The file to append to, made if there is none yet.

        Raises:
            OSError: the directory cannot be written.
        """
        if not self._files:
            self._files.append(EventFileWriter(self.directory))
            self.bytes_written += self._files[0].size
        return self._files[0]

    def begin_fit(self, owner: object) -> int:
        """Says that a callback begins a fit.

        Args:
            owner: the callback. Those of one fit begin before any of them logs progress.

        Returns:
            Ordinal of the fit in this log, from 1.
        """
        if owner in self._fit_owners or not self._fit_owners or self._fit_has_progressed:
            self._fit += 1
            self._fit_owners.clear()
            self._fit_has_progressed = False
        self._fit_owners.add(owner)
        return self._fit

    def end_fit(self, owner: object) -> None:
        """Says that a callback's fit has ended."""
        self._fit_owners.discard(owner)

    def log_step(
        self,
        job: StepJob,
        *,
        natural_step: int,
        epoch: float | None = None,
        batch: int | None = None,
        fit: int = 0,
        phase: Phase = "during",
    ) -> int:
        """Queues a job and returns the step its records get.

        Args:
            job: what to log.
            natural_step: epochs completed or train batches seen.
            epoch: see `Moment`.
            batch: see `Moment`.
            fit: see `Moment`.
            phase: see `Moment`.
        """
        same_moment: Hashable = (natural_step, epoch, batch, fit, phase)
        step = self._steps.step_for(natural_step, same_moment, job.tags)
        self._fit_has_progressed = self._fit_has_progressed or phase != "before"
        moment = Moment(step, epoch, batch, fit, phase, time.time())
        self._queue.submit(step, lambda: self._write_job(job, moment))
        return step

    def log_notice(self, notice: Notice, failed: Callable[[Exception], None]) -> None:
        """Queues a notice. Notices count their own steps; they are about `Notice.step`."""
        moment = Moment(self._num_notices, wall_time=time.time())
        self._num_notices += 1
        job = StepJob((NOTICES_TAG,), lambda: [(NOTICES_TAG, notice)], failed)
        self._queue.submit(notice.step, lambda: self._write_job(job, moment))

    def flush(self) -> None:
        """Returns when all that was queued is written or has failed."""
        self._queue.drain()

    def waits(self) -> tuple[int, float]:
        """How often a caller waited for an earlier step to be written, and seconds in all."""
        return self._queue.num_waits, self._queue.seconds_waited

    def _write_job(self, job: StepJob, moment: Moment) -> None:
        try:
            file = self.open_file()
            for tag, record in job.build():
                self._write_record(file, tag, record, moment)
        except Exception as error:  # noqa: BLE001 - the owner decides; the thread lives on
            job.failed(error)

    def _write_record(
        self, file: EventFileWriter, tag: str, record: Record, moment: Moment
    ) -> None:
        history = self._history(tag)
        record = history.complete(record)
        ordinal = moment.step + 1 if tag == NOTICES_TAG else history.count + 1
        event = BlobEvent(
            tag=tag,
            step=moment.step,
            wall_time=moment.wall_time,
            blobs=tuple(encode_record(record, moment, ordinal)),
            plugin_name=PLUGIN_NAME,
            content=describe_tag(tag, record).to_bytes(),
        )
        size_before = file.size
        file.write(event)
        self.bytes_written += file.size - size_before
        history.note_written(record)

    def _history(self, tag: str) -> TagHistory:
        return self._histories.setdefault(tag, TagHistory())


_open_logs: weakref.WeakValueDictionary[str, RunLog] = weakref.WeakValueDictionary()


def open_run_log(log_dir: str | os.PathLike[str]) -> RunLog:
    """The run log of a directory: the same object for all who hold it in this process.

    Args:
        log_dir: what the user gave; events go to ``<log_dir>/nnviz``.

    Raises:
        OSError: an earlier log there cannot be read.
    """
    directory = Path(log_dir).resolve() / RUN_DIRECTORY
    key = str(directory)
    log = _open_logs.get(key)
    if log is None:
        log = _open_logs[key] = RunLog(directory)
    return log


def _shut_down(queue: StepQueue, files: list[EventFileWriter], process: int) -> None:
    if os.getpid() != process:
        return  # a forked child has neither the thread nor the right to write
    queue.close()
    for file in files:
        file.close()
    files.clear()


def _last_fit(records: list[IndexedRecord]) -> int:
    """Ordinal of the last fit in an earlier log; 0 where it cannot be told."""
    if not records:
        return 0
    try:
        return header_moment(parse_header(read_event(records[-1]).blobs[0])).fit
    except (FramingError, EventError, RecordError, IndexError):
        return 0
