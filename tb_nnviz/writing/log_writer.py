"""`LogWriter`: logging from any training loop, with any framework or none.

Checks its arguments at the call, copies the values, and leaves the rest to the run's log.
"""

from __future__ import annotations

import os
import warnings
from collections.abc import Mapping, Sequence
from types import TracebackType
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import ArrayLike

from tb_nnviz.records import (
    NOTICES_TAG,
    Meaning,
    Notice,
    Precision,
    Record,
    Source,
    build_tile_array,
)
from tb_nnviz.records.arguments import check_positive_int, check_text
from tb_nnviz.records.tile_array import DEFAULT_MAX_TILE_SIDE, DEFAULT_MAX_TILES
from tb_nnviz.writing.run_log import RunLog, StepJob, open_run_log

if TYPE_CHECKING:
    from typing_extensions import Self

__all__ = [
    "DEFAULT_BUDGET_BYTES",
    "LogWriter",
    "check_log_dir",
    "check_natural_step",
    "check_positive_int",
    "check_tag",
]

DEFAULT_BUDGET_BYTES = 200_000_000
# Tags are read from the first bytes of a record when a log is indexed.
MAX_TAG_BYTES = 1024


class LogWriter:
    """Logs arrays to ``<log_dir>/nnviz`` for the NN VIZ tab of TensorBoard.

    Values are copied at the call; encoding and writing happen on a background thread, and
    every step is on disk soon after it was logged. Nothing is opened before the first
    record.

    Args:
        log_dir: directory of the run; the run is shown under its name.
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
        self._error: Exception | None = None

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        error_type: type[BaseException] | None,
        error: BaseException | None,
        traceback: TracebackType | None,
    ) -> None:
        self.close()

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

        Raises:
            TypeError, ValueError: an argument does not fit, or the writer's log failed.
        """
        check_tag(tag)
        natural_step = check_natural_step(step)
        record = build_tile_array(
            np.array(array, copy=True),
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
        return self._log_record(tag, record, natural_step)

    def flush(self) -> None:
        """Returns when all that was logged is on disk.

        Raises:
            OSError: it could not be written.
        """
        if self._log is not None:
            self._log.flush()
        self._raise_error()

    def close(self) -> None:
        """Flushes and lets go of the file; a second call does nothing."""
        if self._log is not None:
            log, self._log = self._log, None
            log.release()
        self._raise_error()

    def _log_record(self, tag: str, record: Record, step: int) -> int:
        self._raise_error()
        if self._log is None:
            self._log = open_run_log(self._log_dir).hold()
        job = StepJob((tag,), lambda: [(tag, record)], self._keep_error)
        if self._log.bytes_written >= self._budget_bytes:
            self._say_over_budget(self._log, tag, step)
            return step
        return self._log.log_step(job, natural_step=step)

    def _say_over_budget(self, log: RunLog, tag: str, step: int) -> None:
        if self._is_over_budget:
            return
        self._is_over_budget = True
        message = (
            f"The log has reached its budget of {self._budget_bytes:,} bytes: {tag!r} at step "
            f"{step} and what follows is not logged. Raise budget_bytes, log less often, or "
            "lower max_tiles."
        )
        log.log_notice(Notice(tag.split("/", maxsplit=1)[0], "", message, step), self._keep_error)
        warnings.warn(f"nnviz: {message}", RuntimeWarning, stacklevel=4)

    def _keep_error(self, error: Exception) -> None:
        self._error = self._error or error

    def _raise_error(self) -> None:
        if self._error is not None:
            error, self._error = self._error, None
            raise error


def check_log_dir(log_dir: object) -> str:
    """The directory as a string; raises `TypeError` if it is no path."""
    if not isinstance(log_dir, (str, os.PathLike)) or not os.fspath(log_dir):
        raise TypeError(
            f"The `log_dir` argument must be a path such as 'logs/my-run'; got {log_dir!r}."
        )
    return os.fsdecode(log_dir)


def check_tag(tag: object) -> str:
    """The tag; raises if it is no text of a sensible length."""
    if not isinstance(tag, str):
        raise TypeError(f"The `tag` argument must be a string; got {tag!r}.")
    if not 0 < len(check_text("tag", tag).encode()) <= MAX_TAG_BYTES or tag == NOTICES_TAG:
        raise ValueError(
            f"The `tag` argument must be 1 to {MAX_TAG_BYTES} bytes of text such as "
            f"'weights/hidden', other than {NOTICES_TAG!r}; got {tag!r}."
        )
    return tag


def check_natural_step(step: object) -> int:
    """The step; raises if it is no whole number from 0."""
    if isinstance(step, bool) or not isinstance(step, (int, np.integer)):
        raise TypeError(f"The `step` argument must be an integer; got {step!r}.")
    if step < 0:
        raise ValueError(f"The `step` argument must be 0 or more; got {step!r}.")
    return int(step)
