"""The base of all callbacks: Keras' hooks translated into the progress of a session.

Knows Keras' hooks and their arguments. Between fits it holds no thread, lock or file; after one
that ended by an exception it keeps the log until the next begins. It can be copied and pickled at
any time: a copy has its settings, and nothing of a fit or a model.
"""

from __future__ import annotations

import os
from collections.abc import Callable, Sequence
from dataclasses import replace
from numbers import Integral
from typing import Any

import keras

from tb_nnviz.callbacks.last_in_line import call_after_other_callbacks, restores_weights
from tb_nnviz.callbacks.schedule import check_schedule
from tb_nnviz.callbacks.session_settings import (
    MAX_SAMPLES,
    OnError,
    Progress,
    SessionSettings,
)
from tb_nnviz.callbacks.training_session import TrainingSession
from tb_nnviz.callbacks.views import View
from tb_nnviz.model.class_labels import check_class_names
from tb_nnviz.model.sample_panel import SamplePanel
from tb_nnviz.model.variables import is_chief
from tb_nnviz.records import Phase
from tb_nnviz.records.arguments import check_option, check_positive_int
from tb_nnviz.writing.arguments import check_log_dir


class LoggingCallback(keras.callbacks.Callback):
    """Logs views before training, on a schedule, and at the end if there is news.

    Args:
        log_dir: directory of the run.
        views: what to log.
        update_freq: ``"epoch"`` or a number of train batches.
        every: log each n-th of those.
        on_error: ``"warn"`` or ``"raise"``, for failures during training.
        samples: data of the panel, and to build a late-built model from, or None.
        max_samples: how many of them the panel has at most.
        class_names: names of the classes of the samples, or None.
        input_shape: shape of one sample, or None.
        budget_bytes: bytes of the run's log, or None.
        choose_panel: see `SessionSettings`.
    """

    def __init__(
        self,
        log_dir: str | os.PathLike[str],
        views: Sequence[View],
        *,
        update_freq: str | int,
        every: int,
        on_error: OnError,
        samples: Any = None,
        max_samples: int = MAX_SAMPLES,
        class_names: Sequence[str] | None = None,
        input_shape: Sequence[int] | None = None,
        budget_bytes: int | None = None,
        choose_panel: Callable[[Any, SamplePanel], tuple[SamplePanel, str]] | None = None,
    ) -> None:
        super().__init__()
        check_option("on_error", on_error, ("warn", "raise"))
        if budget_bytes is not None:
            check_positive_int("budget_bytes", budget_bytes)
        self._settings = SessionSettings(
            log_dir=check_log_dir(log_dir),
            schedule=check_schedule(update_freq, every),
            on_error=on_error,
            samples=samples,
            max_samples=max_samples,
            class_names=check_class_names(class_names),
            input_shape=_check_input_shape(input_shape),
            budget_bytes=budget_bytes,
            choose_panel=choose_panel,
        )
        self._views = tuple(views)
        self._session: TrainingSession | None = None
        self._counter = _FitCounter()
        self._last_logged: Progress | None = None
        if not self._settings.schedule.is_by_epoch:
            # Keras calls a batch hook only where there is one, and pays for the call.
            self.on_train_batch_end = self._count_batch

    def __getstate__(self) -> dict[str, Any]:
        return {**self.__dict__, "_session": None, "_model": None}

    def on_train_begin(self, logs: object = None) -> None:  # noqa: ARG002 - Keras' signature
        """Checks arguments against the model and opens the log."""
        if self._session is not None:  # the last fit ended by an exception
            session, self._session = self._session, None
            session.abandon()
        self._counter = _FitCounter()
        self._last_logged = None
        model = self.model
        if is_chief(model):
            params = self.params or {}
            self._session = TrainingSession(self, self._settings, self._views, model, params)

    def on_epoch_begin(self, epoch: int, logs: object = None) -> None:  # noqa: ARG002
        """Logs the weights before training.

        Not in ``on_train_begin``: only now is ``initial_epoch`` known, and callbacks that
        restore weights (`BackupAndRestore`) have done so.
        """
        is_first = self._counter.epoch is None
        self._counter.begin_epoch(epoch)
        if is_first:
            self._log(self._progress("before"))

    def on_epoch_end(self, epoch: int, logs: object = None) -> None:  # noqa: ARG002
        """Logs, if the schedule says so."""
        self._counter.end_epoch(epoch, (self.params or {}).get("steps"))
        if self._session is not None and self._session.schedule.logs_epoch(epoch + 1):
            self._log(self._progress("during"))

    def on_train_end(self, logs: object = None) -> None:  # noqa: ARG002
        """Logs once more if the weights differ from the last logged ones, then lets go."""
        call_after_other_callbacks(self, self._finish)

    def _count_batch(self, batch: int, logs: object = None) -> None:  # noqa: ARG002
        seen_before = self._counter.batches_seen or 0
        seen = self._counter.end_batch(batch)
        if self._session is not None and self._session.schedule.logs_batch(seen_before, seen):
            self._log(self._progress("during"))

    def _finish(self, callbacks: Sequence[object]) -> None:
        if self._session is None:
            return
        session, self._session = self._session, None
        progress = self._progress("during")
        has_stood_still = self._last_logged is not None and self._last_logged.is_at(progress)
        if has_stood_still or restores_weights(callbacks):
            progress = replace(progress, phase="restored")
        if self._counter.epoch is None:  # a fit without an epoch has nothing to say
            session.abandon()
        else:
            session.finish(lambda: self.model, progress)

    def _log(self, progress: Progress) -> None:
        if self._session is not None and self._session.log(lambda: self.model, progress):
            self._last_logged = progress

    def _progress(self, phase: Phase) -> Progress:
        counter = self._counter
        by_epoch = self._settings.schedule.is_by_epoch
        return Progress(
            epoch=counter.epochs_completed((self.params or {}).get("steps")),
            batch=counter.batches_seen,
            natural_step=(counter.epoch if by_epoch else counter.batches_seen) or 0,
            phase=phase,
        )


class _FitCounter:
    """Epochs and batches of one fit, as Keras' hooks tell them."""

    def __init__(self) -> None:
        self.epoch: int | None = None
        self.batches_seen: int | None = 0
        self._batches_before_epoch = 0

    def begin_epoch(self, epoch: int) -> None:
        self.epoch = epoch
        self._batches_before_epoch = self.batches_seen or 0

    def end_batch(self, batch: int) -> int:
        self.batches_seen = self._batches_before_epoch + batch + 1
        return self.batches_seen

    def end_epoch(self, epoch: int, batches_per_epoch: int | None) -> None:
        if self.batches_seen == self._batches_before_epoch:  # batches were not counted
            self.batches_seen = (
                None
                if batches_per_epoch is None
                else self._batches_before_epoch + batches_per_epoch
            )
        self.epoch = epoch + 1
        self._batches_before_epoch = self.batches_seen or 0

    def epochs_completed(self, batches_per_epoch: int | None) -> float | None:
        """Epochs completed with the fraction of the one under way; None where not known."""
        if self.epoch is None:
            return None
        batches = (self.batches_seen or 0) - self._batches_before_epoch
        if not batches:
            return float(self.epoch)
        return self.epoch + batches / batches_per_epoch if batches_per_epoch else None


def _check_input_shape(input_shape: object) -> tuple[int, ...] | None:
    if input_shape is None:
        return None
    accepted = (
        "The `input_shape` argument must be the shape of one sample without the batch axis, such "
        f"as (28, 28, 1); got {input_shape!r}."
    )
    if isinstance(input_shape, str) or not isinstance(input_shape, Sequence):
        raise TypeError(accepted)
    sizes = tuple(input_shape)
    if not all(isinstance(size, Integral) and not isinstance(size, bool) for size in sizes):
        raise TypeError(accepted)
    if not sizes or min(sizes) < 1:
        raise ValueError(accepted)
    return tuple(int(size) for size in sizes)
