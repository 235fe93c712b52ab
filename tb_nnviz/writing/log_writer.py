"""`LogWriter`: logging from any training loop, with any framework or none.

Checks its arguments at the call, copies the values, and leaves the rest to the run's log.
"""

from __future__ import annotations

import os
from collections.abc import Callable, Mapping, Sequence
from types import TracebackType
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import ArrayLike

from tb_nnviz.records import (
    Meaning,
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
from tb_nnviz.records.class_predictions import DEFAULT_THRESHOLD
from tb_nnviz.records.confusion_building import DEFAULT_TOP_K, build_confusion
from tb_nnviz.records.sample_pictures import SUFFIX as PICTURES
from tb_nnviz.records.tile_array import DEFAULT_MAX_TILE_SIDE, DEFAULT_MAX_TILES
from tb_nnviz.writing.arguments import (
    check_log_dir,
    check_natural_step,
    check_tag,
    copy_array,
    read_array,
)
from tb_nnviz.writing.background_log import BackgroundLog
from tb_nnviz.writing.failure import describe_error, warn
from tb_nnviz.writing.tag_memory import TagMemory

if TYPE_CHECKING:
    from typing_extensions import Self

DEFAULT_BUDGET_BYTES = 200_000_000


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
        self._log = BackgroundLog(
            check_log_dir(log_dir), check_positive_int("budget_bytes", budget_bytes)
        )
        self._tags = TagMemory()

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
        self._tags.check_kind(tag, "tiles")
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
        logged_step = self._log_records([(tag, lambda: record)], "tiles", natural_step)
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
        self._tags.check_kind(tag, "histogram")
        natural_step = check_natural_step(step)
        copy = check_real_numbers("values", copy_array("values", values))
        texts, checked_source = check_notes(notes), check_source(source or Source())
        previous = self._tags.last_values.get(tag)
        if previous is not None and previous.shape != copy.shape:
            texts = (*texts, f"no change is known: the values before had shape {previous.shape}")
            previous = None

        def build() -> Record:
            return build_histogram(copy, previous=previous, notes=texts, source=checked_source)

        logged_step = self._log_records([(tag, build)], "histogram", natural_step)
        if logged_step is None:
            return natural_step
        self._tags.last_values[tag] = copy
        return logged_step

    def confusion(
        self,
        tag: str,
        y_true: ArrayLike,
        y_pred: ArrayLike,
        *,
        step: int,
        class_names: Sequence[str] | None = None,
        sample_weight: ArrayLike | None = None,
        samples: ArrayLike | None = None,
        threshold: float = DEFAULT_THRESHOLD,
        from_logits: bool | None = None,
        top_k: int = DEFAULT_TOP_K,
        notes: Sequence[str] = (),
        source: Source | None = None,
    ) -> int:
        """Logs which classes are taken for which, with the most confident samples of each pair.

        Args:
            tag: what it is, such as ``"confusion"``; its first part names the view.
            y_true: ``(sample,)`` classes from 0, ``(sample, class)`` one-hot rows, or
                ``(sample, label)`` of 0 and 1 where a sample has several labels.
            y_pred: ``(sample, class)`` probabilities or logits; ``(sample,)`` those of class 1; or
                ``(sample,)`` classes of an integer dtype, which have no confidences.
            step: epochs completed or batches seen; see Returns.
            class_names: a name for each class, or label.
            sample_weight: ``(sample,)``; weighted counts are logged beside the others.
            samples: ``(sample, height, width)`` or ``(sample, height, width, 1 or 3)``: their
                pictures, logged under ``tag/samples``, each once.
            threshold: what the probability of class 1 of two, or of a label, must exceed.
            from_logits: whether ``y_pred`` are logits; None to tell by their values.
            top_k: how many samples are kept of each pair of classes.
            notes: sentences to show with it.
            source: where the predictions come from.

        Returns:
            The step in the log, as of `tiles`.

        Raises:
            TypeError, ValueError: an argument does not fit, the writer has logged another kind of
                record under this tag, or ``log_dir`` cannot be written.
            RuntimeError: as for `tiles`.
        """
        check_tag(tag)
        self._tags.check_kind(tag, "confusion")
        natural_step = check_natural_step(step)
        labels = read_array("y_true", y_true)
        record = build_confusion(
            labels,
            read_array("y_pred", y_pred),
            class_names=class_names,
            sample_weight=(
                None if sample_weight is None else read_array("sample_weight", sample_weight)
            ),
            threshold=threshold,
            from_logits=from_logits,
            top_k=check_positive_int("top_k", top_k),
            num_available=len(np.atleast_1d(labels)),
            notes=notes,
            source=source,
        )
        pictures = None
        if samples is not None:
            self._tags.check_kind(check_tag(f"{tag}/{PICTURES}"), "pictures")
            record, pictures = self._tags.illustrate(tag, record, copy_array("samples", samples))
        records: list[tuple[str, Callable[[], Record]]] = [(tag, lambda: record)]
        if pictures is not None:
            self._tags.kinds[f"{tag}/{PICTURES}"] = "pictures"
            records.append((f"{tag}/{PICTURES}", pictures))
        logged_step = self._log_records(records, "confusion", natural_step)
        return natural_step if logged_step is None else logged_step

    def flush(self) -> None:
        """Returns when all that was logged is on disk.

        Raises:
            OSError: it could not be written; said once.
            RuntimeError: no thread can be started to write it, or as for `tiles`.
        """
        self._log.flush()

    def close(self) -> None:
        """Flushes and lets go of the file; a second call does nothing.

        Raises:
            OSError, RuntimeError: as `flush` does.
        """
        self._tags.let_go()
        self._log.close()

    def _log_records(
        self, records: Sequence[tuple[str, Callable[[], Record]]], kind: str, step: int
    ) -> int | None:
        """The step in the log; None where they are skipped. The first one's tag is of ``kind``."""
        logged_step = self._log.log_records(records, step)
        if logged_step is not None:
            self._tags.kinds[records[0][0]] = kind
        return logged_step
