"""The log of a loop: opened with the first record, written in the background.

Knows jobs, budgets and failures: one that happens later does not end the loop. Must not know
what records are of.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence

from tb_nnviz.records import Record
from tb_nnviz.writing.complaints import Complaints
from tb_nnviz.writing.open_logs import open_writable_run_log
from tb_nnviz.writing.run_log import RunLog
from tb_nnviz.writing.step_job import StepJob


class BackgroundLog:
    """What is logged from a loop.

    Args:
        log_dir: directory of the run.
        budget_bytes: how large the log may become; what comes after that is skipped.
    """

    def __init__(self, log_dir: str, budget_bytes: int) -> None:
        self._log_dir = log_dir
        self._budget_bytes = budget_bytes
        self._log: RunLog | None = None
        self._complaints = Complaints(budget_bytes)

    def log_records(
        self, records: Sequence[tuple[str, Callable[[], Record]]], step: int
    ) -> int | None:
        """Has records built and written in the background; None where they are skipped.

        Args:
            records: tag, and what builds the record.
            step: as the user gave it.
        """
        if self._log is None:
            self._log = open_writable_run_log(self._log_dir)
        log, tags = self._log, tuple(tag for tag, _ in records)
        log.check_process()
        complaints = self._complaints
        if complaints.failure is None and log.bytes_written >= self._budget_bytes:
            complaints.say_over_budget(log, tags[0], step)
            return None
        if complaints.failure is None:
            job = StepJob(tags, lambda: ((tag, build()) for tag, build in records), complaints.keep)
            try:
                return log.log_step(job, natural_step=step)
            except RuntimeError as error:  # no thread can be started
                complaints.keep(error)
        complaints.say_failure(log, tags[0], step)
        return None

    def flush(self) -> None:
        """Returns when all that was logged is on disk; raises the failure, once."""
        if self._log is not None:
            self._log.flush()
            self._complaints.leave_failure_notice(self._log)
        self._complaints.raise_failure()

    def close(self) -> None:
        """Flushes and lets go of the file; what is logged later opens the log anew."""
        log, self._log = self._log, None
        if log is not None:
            log.flush()
            self._complaints.leave_failure_notice(log)
            log.release()
        try:
            self._complaints.raise_failure()
        finally:
            self._complaints.failure = None
