"""`LogWriter`: logging from any training loop, with any framework or none.

Checks its arguments at the call, copies the values, and leaves the rest to the run's log.
"""

from __future__ import annotations

import logging
import os
from collections.abc import Callable, Mapping, Sequence
from types import TracebackType
from typing import TYPE_CHECKING, Any

from numpy.typing import ArrayLike, NDArray

from tb_nnviz.records import (
    Meaning,
    Notice,
    Precision,
    Record,
    Source,
    build_histogram,
    build_tile_array,
)
from tb_nnviz.records.arguments import (
    check_notes,
    check_positive_int,
    check_real_numbers,
    check_source,
)
from tb_nnviz.records.tile_array import DEFAULT_MAX_TILE_SIDE, DEFAULT_MAX_TILES
from tb_nnviz.writing.arguments import (
    check_log_dir,
    check_natural_step,
    check_tag,
    copy_array,
)
from tb_nnviz.writing.failure import Failure, describe_error, warn
from tb_nnviz.writing.open_logs import open_writable_run_log
from tb_nnviz.writing.run_log import RunLog
from tb_nnviz.writing.step_job import StepJob

if TYPE_CHECKING:
    from typing_extensions import Self

DEFAULT_BUDGET_BYTES = 200_000_000

_logger = logging.getLogger("tb_nnviz")


class LogWriter:
    """Logs arrays to ``<log_dir>/nnviz`` for the NN VIZ tab of TensorBoard.

    Values are copied at the call; encoding and writing happen on a background thread, and
    every step is on disk soon after it was logged. Nothing is opened before the first
    record. A log that fails later, as on a full disk, does not end the loop: one warning
    and, if possible, a notice in the tab say so, what follows is skipped until the writer is
    closed, and `flush` or `close` raises the cause.

    Args:
        log_dir: directory of the run, on this machine; the run is shown under its name.
        budget_bytes: how large the run's log may become. TensorBoard holds in memory what
            a log keeps. What comes after that is not logged, which a warning and a
            notice in the tab say.

    Example:
        >>> with LogWriter("logs/by-hand") as writer:
        ...     for epoch in range(10):
        ...         writer.tiles(
        ...             "weights/hidden", weights.T.reshape(64, 28, 28),
        ...             axes=("unit", "height", "width"), step=epoch,
        ...         )
    """

    def __init__(
        self, log_dir: str | os.PathLike[str], *, budget_bytes: int = DEFAULT_BUDGET_BYTES
    ) -> None:
        self._log_dir = check_log_dir(log_dir)
        self._budget_bytes = check_positive_int("budget_bytes", budget_bytes)
        self._log: RunLog | None = None
        self._is_over_budget = False
        self._failure: Failure | None = None
        self._kinds: dict[str, str] = {}
        # The last values of each tag of histograms, to compare the next with.
        self._last_values: dict[str, NDArray[Any]] = {}

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        error_type: type[BaseException] | None,
        error: BaseException | None,
        traceback: TracebackType | None,
    ) -> None:
        try:
            self.close()
        except Exception as failure:
            if error is None:
                raise
            # The user's own exception is under way and matters more.
            warn(f"The log could not be finished: {describe_error(failure)}", stacklevel=2)

    def tiles(
        self,
        tag: str,
        array: ArrayLike,
        *,
        axes: Sequence[str],
        step: int,
        labels: Mapping[str, Sequence[str]] | None = None,
        represents: Mapping[str, str] | None = None,
        meaning: Meaning = "signed",
        precision: Precision = "uint16",
        max_tiles: int = DEFAULT_MAX_TILES,
        max_tile_side: int = DEFAULT_MAX_TILE_SIDE,
        notes: Sequence[str] = (),
        source: Source | None = None,
    ) -> int:
        """Logs an array with named axes.

        Args:
            tag: what it is, such as ``"weights/hidden"``; its first part names the view.
            array: real numbers, one axis for each name.
            axes: grid axes first (``"unit"``, ``"filter"``, …), then ``"height"``,
                ``"width"`` and perhaps ``"color"``.
            step: epochs completed or batches seen; see Returns.
            labels: for some axes, a text for each index.
            represents: what rows and columns are where a tile is a matrix.
            meaning: ``"signed"``, ``"non_negative"`` or ``"image"``.
            precision: ``"uint16"``, ``"uint8"`` or ``"float32"``.
            max_tiles: how many tiles are kept.
            max_tile_side: longer sides are averaged down.
            notes: sentences to show with it.
            source: where it comes from.

        Returns:
            The step in the log: ``step``, or one more than the last where a tag already has
            that step or the log is further, so that nothing logged earlier disappears.
            A record that is skipped gets ``step``.

        Raises:
            TypeError, ValueError: an argument does not fit, the writer has logged histograms
                under this tag, or ``log_dir`` cannot be written.
            RuntimeError: the writer has logged in the process that this one was forked from.
        """
        check_tag(tag)
        self._check_kind(tag, "tiles")
        natural_step = check_natural_step(step)
        record = build_tile_array(
            copy_array("array", array),
            axes,
            labels=labels,
            represents=represents,
            meaning=meaning,
            precision=precision,
            max_tiles=max_tiles,
            max_tile_side=max_tile_side,
            notes=notes,
            source=source,
        )
        logged_step = self._log_record(tag, "tiles", lambda: record, natural_step)
        return natural_step if logged_step is None else logged_step

    def histogram(
        self,
        tag: str,
        values: ArrayLike,
        *,
        step: int,
        notes: Sequence[str] = (),
        source: Source | None = None,
    ) -> int:
        """Logs how the values of an array are distributed, and how much they changed.

        The change is that since the last values that this writer logged under the tag; it keeps
        them until it is closed. Values of another shape are compared with nothing, which a note
        says.

        Args:
            tag: what it is, such as ``"histograms/hidden"``; its first part names the view.
            values: real numbers, any shape. NaN and infinities are counted apart.
            step: epochs completed or batches seen; see Returns.
            notes: sentences to show with it.
            source: where it comes from.

        Returns:
            The step in the log, as of `tiles`.

        Raises:
            TypeError, ValueError: an argument does not fit, the writer has logged tiles under
                this tag, or ``log_dir`` cannot be written.
            RuntimeError: as for `tiles`.
        """
        check_tag(tag)
        self._check_kind(tag, "histogram")
        natural_step = check_natural_step(step)
        copy = check_real_numbers("values", copy_array("values", values))
        texts, checked_source = check_notes(notes), check_source(source or Source())
        previous = self._last_values.get(tag)
        if previous is not None and previous.shape != copy.shape:
            texts = (*texts, f"no change is known: the values before had shape {previous.shape}")
            previous = None
        logged_step = self._log_record(
            tag,
            "histogram",
            lambda: build_histogram(copy, previous=previous, notes=texts, source=checked_source),
            natural_step,
        )
        if logged_step is None:
            return natural_step
        self._last_values[tag] = copy
        return logged_step

    def flush(self) -> None:
        """Returns when all that was logged is on disk.

        Raises:
            OSError: it could not be written; said once.
            RuntimeError: no thread can be started to write it, or as for `tiles`.
        """
        if self._log is not None:
            self._log.flush()
            self._leave_failure_notice(self._log)
        self._raise_failure()

    def close(self) -> None:
        """Flushes and lets go of the file; a second call does nothing.

        Raises:
            OSError, RuntimeError: as `flush` does.
        """
        log, self._log = self._log, None
        self._last_values.clear()
        if log is not None:
            log.flush()
            self._leave_failure_notice(log)
            log.release()
        try:
            self._raise_failure()
        finally:
            # What is logged from here on opens the log anew.
            self._failure = None

    def _check_kind(self, tag: str, kind: str) -> None:
        logged = self._kinds.get(tag, kind)
        if logged != kind:
            raise ValueError(
                f"The `tag` argument must name records of one kind; got {tag!r} for a record of "
                f"kind {kind!r}, and the writer has logged {logged!r} under it. Give it a tag of "
                "its own."
            )

    def _log_record(
        self, tag: str, kind: str, build: Callable[[], Record], step: int
    ) -> int | None:
        """Has a record built and written in the background; None where it is skipped."""
        if self._log is None:
            self._log = open_writable_run_log(self._log_dir)
        log = self._log
        log.check_process()
        if self._failure is None and log.bytes_written >= self._budget_bytes:
            self._say_over_budget(log, tag, step)
            return None
        if self._failure is None:
            job = StepJob((tag,), lambda: [(tag, build())], self._keep_failure)
            try:
                logged_step = log.log_step(job, natural_step=step)
            except RuntimeError as error:  # no thread can be started
                self._keep_failure(error)
            else:
                self._kinds[tag] = kind
                return logged_step
        self._say_failure(log, tag, step)
        return None

    def _say_over_budget(self, log: RunLog, tag: str, step: int) -> None:
        if self._is_over_budget:
            return
        self._is_over_budget = True
        message = (
            f"The log has reached its budget of {self._budget_bytes:,} bytes: {tag!r} at step "
            f"{step} and what follows is not logged. Raise budget_bytes, log less often, or "
            "lower max_tiles."
        )
        self._leave_notice(log, Notice(tag.split("/", maxsplit=1)[0], "", message, step))
        warn(message, stacklevel=4)

    def _say_failure(self, log: RunLog, tag: str, step: int) -> None:
        failure = self._failure
        if failure is None or failure.is_warned:
            return
        failure.is_warned = True
        self._leave_failure_notice(log)
        warn(
            f"The log {str(log.directory)!r} could not be written: {failure.cause}. "
            f"{tag!r} at step {step} and what follows is not logged.",
            stacklevel=4,
        )

    def _leave_failure_notice(self, log: RunLog) -> None:
        """Says in the tab what is missing: there may be room for a sentence."""
        failure = self._failure
        if failure is None or failure.is_noticed:
            return
        failure.is_noticed = True
        message = f"A record could not be written, and none follows: {failure.cause}"
        self._leave_notice(log, Notice("timeline", "", message, log.last_step or 0))

    def _leave_notice(self, log: RunLog, notice: Notice) -> None:
        try:
            log.log_notice(notice, lambda _: None)
        except RuntimeError:  # no thread can be started: the warning must do
            _logger.debug("nnviz: a notice could not be logged", exc_info=True)

    def _keep_failure(self, error: Exception) -> None:
        self._failure = self._failure or Failure(error)

    def _raise_failure(self) -> None:
        if self._failure is not None and not self._failure.is_raised:
            self._failure.is_raised = True
            raise self._failure.error
