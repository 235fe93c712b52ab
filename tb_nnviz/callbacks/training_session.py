"""What happens between train begin and train end, for all views of one callback.

Joins schedule, views, budget and the run's log, and keeps the promises: mistakes in
arguments raise before training; a failure during training switches its view off and is
said once, in the terminal and in the tab.
"""

from __future__ import annotations

import contextlib
import logging
import time
from collections.abc import Callable, Sequence
from functools import partial
from typing import Any

from tb_nnviz.callbacks.announcement import announce, announce_cost
from tb_nnviz.callbacks.budget import plan_budget
from tb_nnviz.callbacks.failures import Failures
from tb_nnviz.callbacks.preparation import how_to_build_early, prepare_model
from tb_nnviz.callbacks.session_settings import Progress, SessionSettings
from tb_nnviz.callbacks.views import View
from tb_nnviz.model.building import is_built
from tb_nnviz.model.variables import WeightValues, are_identical
from tb_nnviz.records import Notice
from tb_nnviz.writing import RunLog, StepJob, open_writable_run_log
from tb_nnviz.writing.failure import describe_error, warn

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
        TypeError, ValueError: samples or layers do not fit the model, or ``log_dir`` cannot be
            written.
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
        self._all_views = tuple(views)
        self._views = list(views)
        self._params = params
        self._failures = Failures(self._views, settings.on_error, self._say, self._settle)
        self._initial_epoch = 0
        self._is_planned = False
        self._is_announced = False
        self._is_over_budget = False
        self._bytes_per_step = self._bytes_once = 0
        self._seconds_once = 0.0
        self._num_steps: int | None = None
        self._cuts = ""
        self._last_values: WeightValues | None = None
        self._logged_once: set[View] = set()

        started = time.perf_counter()
        self._panel, why_unbuilt = prepare_model(model, settings, self._views)
        self._seconds_once += time.perf_counter() - started
        self._log: RunLog = open_writable_run_log(settings.log_dir)
        self._fit = self._log.begin_fit(owner, fit_key=params)
        if why_unbuilt is not None:
            self._say(
                TIMELINE,
                "Before training is not available: the model had no weights yet when training "
                f"began, and {why_unbuilt}. {how_to_build_early(settings)}",
            )

    def log(self, model: Callable[[], Any], progress: Progress) -> bool:
        """Logs every view that is still on.

        Args:
            model: gives the model; called only on steps that log, for Keras may have to bring
                its state up to date first.
            progress: where the fit is.

        Returns:
            Whether anything was logged.
        """
        self._failures.handle()
        if progress.phase == "before":
            self._initial_epoch = int(progress.epoch or 0)
        if self._is_spent(progress) or not self._views:
            return False
        self._failures.guard(partial(self._log_views, model, progress), *self._views)
        self._failures.handle()
        return self._is_planned

    def finish(self, model: Callable[[], Any], progress: Progress) -> None:
        """Logs the last step if there is news, whatever the budget, and lets go of the log.

        Args:
            model: gives the model.
            progress: where the fit has ended.
        """
        try:
            self._failures.guard(partial(self._log_changed, model, progress), *self._views)
            self._failures.guard(self._log.flush, *self._views)
            self._failures.handle()
            self._report_waits()
        finally:
            self.abandon()

    def abandon(self) -> None:
        """Lets go of the log of a fit that has ended, or ended by an exception."""
        self._last_values = self._panel = None
        for view in self._all_views:
            view.reset()
        self._log.end_fit(self._owner)
        try:
            self._log.release()
        except RuntimeError as error:  # in a forked child, which has nothing to let go of
            warn(str(error), stacklevel=2)

    def _plan(self, model: Any) -> None:
        self._is_planned = True
        for view in list(self._views):
            self._failures.guard(partial(self._plan_view, view, model), view)
        self._failures.handle()
        self._keep_to_budget()

    def _plan_view(self, view: View, model: Any) -> None:
        for notice in view.plan(model, self._panel):
            self._log_notice(notice)
        taken = self._log.claim_tags(self._owner, view.tags())
        # What its tags hold is claimed beside them: whoever has that logs the very same.
        key = view.content_key
        is_the_same = key is not None and bool(self._log.claim_tags(self._owner, (key,)))
        view.drop_tags(taken)
        if taken and not is_the_same:
            self._say(view.name, f"Another callback on this directory logs {', '.join(taken)}.")

    def _keep_to_budget(self) -> None:
        settings = self._settings
        num_steps = self.schedule.num_steps(
            self._params.get("epochs"), self._params.get("steps"), self._initial_epoch
        )
        repeated = [view for view in self._views if not view.is_logged_once]
        bytes_once = sum(
            view.estimate_bytes(view.max_tiles) for view in self._views if view.is_logged_once
        )
        asked = max((view.max_tiles for view in repeated), default=1)
        plan = plan_budget(
            lambda tiles: sum(view.estimate_bytes(min(tiles, view.max_tiles)) for view in repeated),
            max_tiles=asked,
            num_steps=num_steps,
            budget_bytes=settings.budget_bytes,
            bytes_in_log=self._log.bytes_written,
            bytes_once=bytes_once,
        )
        self._bytes_per_step = plan.bytes_per_step if repeated else 0
        self._num_steps = plan.num_steps
        self._bytes_once = bytes_once
        for view in repeated:
            view.limit_tiles(min(plan.max_tiles, view.max_tiles))
            self._failures.guard(view.warm_up, view)
        self._failures.handle()
        self.schedule = self.schedule.thinned(plan.keep_every)
        self._cuts = plan.describe_cuts(asked)
        if self._cuts:
            message = f"To stay within budget_bytes={settings.budget_bytes:,}, {self._cuts}."
            self._say(TIMELINE, message)

    def _log_views(self, get_model: Callable[[], Any], progress: Progress) -> None:
        model = get_model()
        if not self._is_planned:
            if not is_built(model):
                return
            started = time.perf_counter()
            self._plan(model)
            self._seconds_once += time.perf_counter() - started
        started = time.perf_counter()
        self._log_values(WeightValues(), progress)
        if not self._is_announced:
            self._log.flush()
            self._announce(time.perf_counter() - started)

    def _log_changed(self, get_model: Callable[[], Any], progress: Progress) -> None:
        model = get_model()
        if not self._is_planned and is_built(model):
            self._plan(model)
        values = WeightValues()
        if self._is_changed(values):
            self._log_values(values, progress)

    def _log_values(self, values: WeightValues, progress: Progress) -> None:
        for view in list(self._views):
            if view not in self._logged_once:
                self._failures.guard(partial(self._log_view, view, values, progress), view)
        for view in list(self._views):
            # Also those that no view copies, but that what was logged depends on.
            self._failures.guard(partial(_copy_weights, view, values), view)
        self._last_values = values

    def _is_changed(self, values: WeightValues) -> bool:
        """Whether any weight differs from the last logged one; also where none is logged yet."""
        last = self._last_values
        return last is None or any(
            not are_identical(values.values_of(weight.key, weight.weight.read), logged)
            for view in self._views
            for weight in view.weights()
            if (logged := last.get(weight.key)) is not None
        )

    def _log_view(self, view: View, values: WeightValues, progress: Progress) -> None:
        if not view.tags():
            return
        job = StepJob(
            tags=view.tags(),
            build=view.collect(values, self._last_values),
            failed=partial(self._failures.add, view),
        )
        self._log.log_step(
            job,
            natural_step=progress.natural_step,
            epoch=progress.epoch,
            batch=progress.batch,
            fit=self._fit,
            phase=progress.phase,
        )
        if view.is_logged_once:
            self._logged_once.add(view)

    def _is_spent(self, progress: Progress) -> bool:
        """Whether the budget is used up, which is said once."""
        budget = self._settings.budget_bytes
        if budget is None or progress.phase == "before" or self._log.bytes_written < budget:
            return False
        if not self._is_over_budget:
            self._is_over_budget = True
            message = f"The log has reached budget_bytes={budget:,}: only the last step follows."
            self._say(TIMELINE, message)
            warn(message, stacklevel=2)
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
            bytes_once=self._bytes_once,
            seconds_per_step=seconds_per_step,
            seconds_once=self._seconds_once,
            num_steps=self._num_steps,
            directory=str(self._log.directory),
            cuts=self._cuts,
        )
        _logger.info(message)
        if self._params.get("verbose", 1):
            announce(message)

    def _settle(self) -> None:
        with contextlib.suppress(RuntimeError):  # in a forked child nothing is under way
            self._log.flush()

    def _say(self, view: str, message: str) -> None:
        self._log_notice(Notice(view, "", message, self._log.last_step or 0))

    def _log_notice(self, notice: Notice) -> None:
        try:
            self._log.log_notice(notice, partial(self._failures.add, None))
        except Exception as error:  # noqa: BLE001 - a lost notice must not end a training
            cause = describe_error(error)
            warn(f"A notice could not be logged ({cause}): {notice.message}", stacklevel=2)


def _copy_weights(view: View, values: WeightValues) -> None:
    if view.tags():
        for weight in view.weights():
            values.values_of(weight.key, weight.weight.read)
