"""What a `LogWriter` says of what it could not log: once in the terminal and once in the tab."""

from __future__ import annotations

import logging

from tb_nnviz.records import Notice
from tb_nnviz.writing.failure import Failure, warn
from tb_nnviz.writing.run_log import RunLog

_logger = logging.getLogger("tb_nnviz")
# The caller of the method of `LogWriter`, as `warn` counts.
_STACK_LEVEL = 5


class Complaints:
    """The first failure of a log, and whether it has been said; likewise that it is full.

    Args:
        budget_bytes: how large the log may become.

    Attributes:
        failure: the first one; None while there is none.
    """

    def __init__(self, budget_bytes: int) -> None:
        self.failure: Failure | None = None
        self._budget_bytes = budget_bytes
        self._is_over_budget = False

    def keep(self, error: Exception) -> None:
        """Keeps an error, if it is the first."""
        self.failure = self.failure or Failure(error)

    def say_over_budget(self, log: RunLog, tag: str, step: int) -> None:
        """Says that the log is full, the first time."""
        if self._is_over_budget:
            return
        self._is_over_budget = True
        message = (
            f"The log has reached its budget of {self._budget_bytes:,} bytes: {tag!r} at step "
            f"{step} and what follows is not logged. Raise budget_bytes, log less often, or "
            "lower max_tiles."
        )
        _leave_notice(log, Notice(tag.split("/", maxsplit=1)[0], "", message, step))
        warn(message, stacklevel=_STACK_LEVEL)

    def say_failure(self, log: RunLog, tag: str, step: int) -> None:
        """Says that the log cannot be written, the first time."""
        failure = self.failure
        if failure is None or failure.is_warned:
            return
        failure.is_warned = True
        self.leave_failure_notice(log)
        warn(
            f"The log {str(log.directory)!r} could not be written: {failure.cause}. "
            f"{tag!r} at step {step} and what follows is not logged.",
            stacklevel=_STACK_LEVEL,
        )

    def leave_failure_notice(self, log: RunLog) -> None:
        """Says in the tab what is missing: there may be room for a sentence."""
        failure = self.failure
        if failure is None or failure.is_noticed:
            return
        failure.is_noticed = True
        message = f"A record could not be written, and none follows: {failure.cause}"
        _leave_notice(log, Notice("timeline", "", message, log.last_step or 0))

    def raise_failure(self) -> None:
        """Raises the failure, the first time."""
        if self.failure is not None and not self.failure.is_raised:
            self.failure.is_raised = True
            raise self.failure.error


def _leave_notice(log: RunLog, notice: Notice) -> None:
    try:
        log.log_notice(notice, lambda _: None)
    except RuntimeError:  # no thread can be started: the warning must do
        _logger.debug("nnviz: a notice could not be logged", exc_info=True)
