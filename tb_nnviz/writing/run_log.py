"""The log of one run: one a directory and process, however many callbacks share it.

Joins bookkeeping of steps and fits, the background thread and the event file. Knows
records as things to be encoded; knows no model.
"""

from __future__ import annotations

import os
import threading
import time
import weakref
from collections.abc import Callable, Collection, Hashable
from pathlib import Path

from tb_nnviz.event_files.directory import EventDirectory, IndexedRecord, list_event_files
from tb_nnviz.event_files.events import BlobEvent
from tb_nnviz.records import (
    NOTICES_TAG,
    PLUGIN_NAME,
    Moment,
    Notice,
    Phase,
    Record,
    describe_tag,
    encode_record,
)
from tb_nnviz.writing.event_file_writer import EventFileWriter
from tb_nnviz.writing.fit_ledger import FitLedger, find_last_fit
from tb_nnviz.writing.notice_book import NoticeBook
from tb_nnviz.writing.step_counter import StepCounter
from tb_nnviz.writing.step_job import StepJob
from tb_nnviz.writing.step_queue import StepQueue
from tb_nnviz.writing.tag_history import TagHistory


class RunLog:
    """The event file of ``<log_dir>/nnviz`` and all that must be known to append to it.

    Use `open_run_log`, which gives every caller in this process the same one.

    Attributes:
        directory: ``<log_dir>/nnviz``.
        bytes_written: size of the run's event files.
    """

    def __init__(self, directory: Path) -> None:
        self.directory = directory
        self.bytes_written = 0
        self._process = os.getpid()
        self._queue = StepQueue()
        # The caller's thread opens the file as well as the background thread.
        self._file_lock = threading.RLock()
        self._files: list[EventFileWriter] = []
        self._known_paths: set[Path] = set()
        self._histories: dict[str, TagHistory] = {}
        self._num_holders = 0
        # Also runs at exit, so that what was queued is written.
        self._shut_down = weakref.finalize(
            self, _shut_down, self._queue, self._files, self._process
        )
        records = self._read_index()
        timed = [record for record in records if record.tag != NOTICES_TAG]
        self._notices = NoticeBook(record for record in records if record.tag == NOTICES_TAG)
        self._steps = StepCounter(max((record.step for record in timed), default=None))
        self._fits = FitLedger(find_last_fit(timed))

    @property
    def last_step(self) -> int | None:
        """The last step handed out or found, or None."""
        return self._steps.last_step

    def is_current(self) -> bool:
        """Whether this process may go on with it: not in a forked child, nor once it is deleted."""
        if os.getpid() != self._process:
            return False
        with self._file_lock:
            if self._files:
                return self._files[0].is_in_place()
            return all(path.exists() for path in self._known_paths)

    def check_process(self) -> None:
        """Raises in a forked child, which has not inherited the background thread.

        Raises:
            RuntimeError: this is another process than the one that opened the log.
        """
        if os.getpid() != self._process:
            raise RuntimeError(
                f"The log {str(self.directory)!r} belongs to process {self._process}; this is its "
                f"child {os.getpid()}: make a new LogWriter in the child, or a new callback."
            )

    def hold(self) -> RunLog:
        """Says that somebody will log here; goes with one `release`."""
        self._num_holders += 1
        return self

    def release(self) -> None:
        """Writes what is queued; the last holder's release closes the file.

        Raises:
            RuntimeError: see `check_process`.
        """
        self.flush()
        self._num_holders -= 1
        if self._num_holders <= 0:
            _shut_down(self._queue, self._files, self._process)

    def open_file(self) -> EventFileWriter:
        """The file to append to: made if there is none yet, or made again if it was deleted.

        Raises:
            OSError: the directory cannot be written.
            RuntimeError: see `check_process`.
        """
        self.check_process()
        with self._file_lock:
            if self._files and not self._files[0].is_in_place():
                # A deleted file takes all that is written to it, and nobody can ever read it.
                self._files.pop().close()
                self._read_index()
            if not self._files:
                file = EventFileWriter(self.directory)
                self._files.append(file)
                self._known_paths.add(file.path)
                self.bytes_written += file.size
            return self._files[0]

    def begin_fit(self, owner: object, fit_key: object = None) -> int:
        """See `FitLedger.begin_fit`."""
        return self._fits.begin_fit(owner, fit_key)

    def end_fit(self, owner: object) -> None:
        """See `FitLedger.end_fit`."""
        self._fits.end_fit(owner)

    def claim_tags(self, owner: object, tags: Collection[str]) -> tuple[str, ...]:
        """See `FitLedger.claim_tags`."""
        return self._fits.claim_tags(owner, tags)

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

        Raises:
            RuntimeError: the job is not queued, because no thread can be started; or see
                `check_process`.
        """
        self.check_process()
        same_moment: Hashable = (natural_step, epoch, batch, fit, phase)
        step = self._steps.step_for(natural_step, same_moment, job.tags)
        if phase != "before":
            self._fits.note_progress()
        moment = Moment(step, epoch, batch, fit, phase, time.time())
        self._queue.submit(step, lambda: self._write_job(job, moment))
        return step

    def log_notice(self, notice: Notice, failed: Callable[[Exception], None]) -> None:
        """Queues a notice that the log does not hold yet.

        Notices count their own steps; they are about `Notice.step`.

        Raises:
            RuntimeError: as `log_step` does.
        """
        self.check_process()
        if self._notices.has_said(notice):
            return
        moment = Moment(self._notices.count, wall_time=time.time())
        job = StepJob((NOTICES_TAG,), lambda: [(NOTICES_TAG, notice)], failed)
        self._queue.submit(notice.step, lambda: self._write_job(job, moment))
        self._notices.note(notice)

    def flush(self) -> None:
        """Returns when all that was queued is written or has failed.

        Raises:
            RuntimeError: see `check_process`.
        """
        self.check_process()
        self._queue.drain()

    def waits(self) -> tuple[int, float]:
        """How often a caller waited for an earlier step to be written, and seconds in all."""
        return self._queue.num_waits, self._queue.seconds_waited

    def _write_job(self, job: StepJob, moment: Moment) -> None:
        try:
            self.open_file()  # first, for building may be costly
            for tag, record in job.build():
                with self._file_lock:
                    self._write_record(tag, record, moment)
        except Exception as error:  # noqa: BLE001 - the owner decides; the thread lives on
            job.failed(error)

    def _write_record(self, tag: str, record: Record, moment: Moment) -> None:
        # First the file: where it has to be made again, the tag's history begins again too.
        file = self.open_file()
        history = self._history(tag)
        record = history.complete(record)
        event = BlobEvent(
            tag=tag,
            step=moment.step,
            wall_time=moment.wall_time,
            blobs=tuple(encode_record(record, moment, history.count + 1)),
            plugin_name=PLUGIN_NAME,
            content=describe_tag(tag, record).to_bytes(),
        )
        size_before = file.size
        file.write(event)
        self.bytes_written += file.size - size_before
        history.note_written(record)

    def _history(self, tag: str) -> TagHistory:
        return self._histories.setdefault(tag, TagHistory())

    def _read_index(self) -> list[IndexedRecord]:
        """Takes stock of what the directory holds."""
        index = EventDirectory(self.directory)
        index.refresh()
        records = index.records
        self._histories.clear()
        for record in records:
            self._history(record.tag).note_indexed(record)
        self._known_paths = set(list_event_files(self.directory))
        self.bytes_written = index.size_in_bytes()
        return records


def _shut_down(queue: StepQueue, files: list[EventFileWriter], process: int) -> None:
    if os.getpid() != process:
        return  # a forked child has neither the thread nor the right to write
    queue.close()
    for file in files:
        file.close()
    files.clear()
