"""What happens between train begin and train end, for all views of one callback.

Joins schedule, views, budget and the run's log, and keeps the promises: mistakes in
arguments raise before training; a failure during training switches its view off and is
said once, in the terminal and in the tab.
"""

from __future__ import annotations

import logging
import time
import warnings
from collections.abc import Callable, Sequence
from functools import partial
from typing import Any

from tb_nnviz.callbacks.announcement import announce_cost
from tb_nnviz.callbacks.budget import plan_budget
from tb_nnviz.callbacks.session_settings import Progress, SessionSettings
from tb_nnviz.callbacks.views import View
from tb_nnviz.model.building import build_model, check_sample, is_built, take_first_sample
from tb_nnviz.records import Notice
from tb_nnviz.writing import RunLog, StepJob, open_run_log

TIMELINE = "timeline"

_logger = logging.getLogger("tb_nnviz")


class TrainingSession:
    """One fit, as seen by one callback.

    Args:
        owner: the callback.
        settings: what it was told.
        views: what it logs.
        model: the model that is fitted.
        params: Keras' parameters of the fit: ``epochs``, ``steps``, ``verbose``.

    Raises:
        ValueError: samples or layers do not fit the model, or ``log_dir`` cannot be written.
    """

    def __init__(
        self,
        owner: object,
        settings: SessionSettings,
        views: Sequence[View],
        model: Any,
        params: dict[str, Any],
    ) -> None:
        self.schedule = settings.schedule
        self._owner = owner
        self._settings = settings
        self._views = list(views)
        self._params = params
        self._failures: list[tuple[View | None, Exception]] = []
        self._is_planned = False
        self._is_announced = False
        self._is_over_budget = False
        self._bytes_per_step = 0
        self._num_steps: int | None = None

        notices = self._prepare(model)
        self._log = _open_log(settings.log_dir)
        self._fit = self._log.begin_fit(owner)
        for notice in notices:
            self._say(notice)
        if self._is_planned:
            self._keep_to_budget()

    def log(self, model: Callable[[], Any], progress: Progress) -> bool:
        """Logs every view that is still on.

        Args:
            model: gives the model; called only if it is needed.
            progress: where the fit is.

        Returns:
            Whether anything was logged.
        """
        self._handle_failures()
        if self._is_spent(progress) or not (self._is_planned or self._plan_late(model())):
            return False
        self._log_views(progress)
        self._handle_failures()
        return True

    def finish(self, model: Callable[[], Any], progress: Progress) -> None:
        """Logs the last step if there is news, whatever the budget, and lets go of the log.

        Args:
            model: gives the model.
            progress: where the fit has ended.
        """
        try:
            if self._is_planned or self._plan_late(model()):
                for view in list(self._views):
                    self._guard(view, partial(self._log_if_changed, view, progress))
            self._log.flush()
            self._handle_failures()
            self._report_waits()
        finally:
            self.abandon()

    def abandon(self) -> None:
        """Lets go of the log of a fit that has ended, or ended by an exception."""
        self._log.end_fit(self._owner)
        self._log.release()

    def _prepare(self, model: Any) -> list[Notice]:
        """Builds the model if need and means be, and plans; returns what is to be said."""
        sample = None
        if self._settings.samples is not None:
            sample = take_first_sample(self._settings.samples)
            check_sample(model, sample)
        if build_model(model, sample, self._settings.input_shape):
            return self._plan(model)
        return [
            Notice(
                TIMELINE,
                "",
                "Before training is not available: the model had no weights yet when training "
                "began. Pass validation_data or input_shape to NNViz, or add an Input to the "
                "model.",
            )
        ]

    def _plan(self, model: Any) -> list[Notice]:
        self._is_planned = True
        return [notice for view in self._views for notice in view.plan(model)]

    def _plan_late(self, model: Any) -> bool:
        """Plans a model that was built by training; its mistakes no longer raise."""
        if not is_built(model):
            return False
        self._is_planned = True
        for view in list(self._views):
            self._guard(view, partial(self._plan_view, view, model))
        self._keep_to_budget()
        return True

    def _plan_view(self, view: View, model: Any) -> None:
        for notice in view.plan(model):
            self._say(notice)

    def _keep_to_budget(self) -> None:
        settings = self._settings
        num_steps = self.schedule.num_steps(self._params.get("epochs"), self._params.get("steps"))
        asked = max((view.max_tiles for view in self._views), default=1)
        plan = plan_budget(
            lambda tiles: sum(
                view.estimate_bytes(min(tiles, view.max_tiles)) for view in self._views
            ),
            max_tiles=asked,
            num_steps=num_steps,
            budget_bytes=settings.budget_bytes,
            bytes_in_log=self._log.bytes_written,
        )
        self._bytes_per_step, self._num_steps = plan.bytes_per_step, plan.num_steps
        for view in self._views:
            view.limit_tiles(min(plan.max_tiles, view.max_tiles))
        self.schedule = self.schedule.thinned(plan.keep_every)
        if cuts := plan.describe_cuts(asked):
            self._say(
                Notice(
                    TIMELINE,
                    "",
                    f"To stay within budget_bytes={settings.budget_bytes:,}, {cuts}.",
                    self._log.last_step or 0,
                )
            )

    def _log_views(self, progress: Progress) -> None:
        started = time.perf_counter()
        for view in list(self._views):
            self._guard(view, partial(self._log_view, view, progress))
        if not self._is_announced:
            self._log.flush()
            self._announce(time.perf_counter() - started)

    def _log_if_changed(self, view: View, progress: Progress) -> None:
        if view.has_changed():
            self._log_view(view, progress)

    def _log_view(self, view: View, progress: Progress) -> None:
        if not view.tags():
            return
        job = StepJob(
            tags=view.tags(),
            build=view.collect(),
            failed=lambda error: self._failures.append((view, error)),
        )
        self._log.log_step(
            job,
            natural_step=progress.natural_step,
            epoch=progress.epoch,
            batch=progress.batch,
            fit=self._fit,
            phase=progress.phase,
        )

    def _is_spent(self, progress: Progress) -> bool:
        """Whether the budget is used up, which is said once."""
        budget = self._settings.budget_bytes
        if budget is None or progress.phase == "before" or self._log.bytes_written < budget:
            return False
        if not self._is_over_budget:
            self._is_over_budget = True
            message = f"The log has reached budget_bytes={budget:,}: only the last step follows."
            self._say(Notice(TIMELINE, "", message, self._log.last_step or 0))
            _warn(message)
        return True

    def _report_waits(self) -> None:
        waits, seconds = self._log.waits()
        if waits:
            _logger.info(
                "nnviz: training waited %d times, %.2f s in all, for a step to be written",
                waits,
                seconds,
            )

    def _announce(self, seconds_per_step: float) -> None:
        self._is_announced = True
        message = announce_cost(
            {view.name: len(view.tags()) for view in self._views},
            bytes_per_step=self._bytes_per_step,
            seconds_per_step=seconds_per_step,
            num_steps=self._num_steps,
            directory=str(self._log.directory),
        )
        _logger.info(message)
        if self._params.get("verbose", 1):
            print(message, flush=True)  # noqa: T201 - beside Keras' own progress

    def _say(self, notice: Notice) -> None:
        self._log.log_notice(notice, lambda error: self._failures.append((None, error)))

    def _guard(self, view: View, action: Callable[[], object]) -> None:
        try:
            action()
        except Exception as error:  # noqa: BLE001 - a visualisation never ends a training
            self._failures.append((view, error))

    def _handle_failures(self) -> None:
        """Raises or says what has failed since the last call; each view fails once."""
        failures, self._failures = self._failures, []
        for view, error in failures:
            if self._settings.on_error == "raise":
                raise error
            if view is not None and view not in self._views:
                continue
            cause = f"{type(error).__name__}: {error}"
            if view is None:
                _warn(f"A notice could not be logged: {cause}")
                continue
            self._views.remove(view)
            message = f"The view {view.name!r} is switched off, because logging it failed: {cause}"
            _warn(message)
            self._say(Notice(view.name, "", message, self._log.last_step or 0))


def _open_log(log_dir: str) -> RunLog:
    try:
        log = open_run_log(log_dir)
        log.open_file()
    except OSError as error:
        raise ValueError(
            f"The `log_dir` argument names a directory that cannot be written: got {log_dir!r} "
            f"({error}). Pass one that exists or can be made."
        ) from error
    return log.hold()


def _warn(message: str) -> None:
    _logger.warning(message)
    try:
        warnings.warn(f"nnviz: {message}", RuntimeWarning, stacklevel=2)
    except RuntimeWarning:
        # Warnings are turned into errors: the log line must do.
        return
