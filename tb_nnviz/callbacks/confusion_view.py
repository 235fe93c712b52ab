"""The view of which classes a model takes for which."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray

from tb_nnviz.analysis.confusion_matrix import VIEW as CONFUSION
from tb_nnviz.analysis.confusion_matrix import (
    ConfusionOptions,
    ConfusionPlan,
    find_class_targets,
    plan_confusion,
)
from tb_nnviz.analysis.mistakes import choose_mistakes
from tb_nnviz.analysis.model_weights import PlannedWeight, plan_weights
from tb_nnviz.callbacks.validation_source import ValidationSource
from tb_nnviz.callbacks.views import BuildRecords
from tb_nnviz.model.acceptance import check_accepted, find_obstacle
from tb_nnviz.model.building import is_built
from tb_nnviz.model.error_text import first_words
from tb_nnviz.model.sample_panel import SamplePanel
from tb_nnviz.model.samples import check_samples, describe_samples
from tb_nnviz.model.validation_set import ValidationSet
from tb_nnviz.model.variables import WeightValues
from tb_nnviz.records import Notice


class MistakesPanel:
    """The panel of the worst mistakes of a model as it is at train begin.

    Args:
        source: of the samples.
        options: how predictions are told to be mistakes.
        limit: how many samples at most.
    """

    def __init__(self, source: ValidationSource, options: ConfusionOptions, limit: int) -> None:
        self._source = source
        self._options = options
        self._limit = limit

    def __call__(self, model: Any, panel: SamplePanel) -> tuple[SamplePanel, str]:
        """See `SessionSettings.choose_panel`.

        Raises:
            ValueError: the targets say no classes, or do not fit the model.
        """
        obstacle = find_obstacle(model, panel.inputs)
        if obstacle is not None:
            return panel, first_words(obstacle) or type(obstacle).__name__
        samples = self._source.read(model)
        chosen = choose_mistakes(model, samples, self._options, limit=self._limit)
        if chosen is None:
            return panel, f"there is none among {samples.num_samples:,} samples"
        return chosen, ""


class ConfusionView:
    """Counts of validation samples by true and predicted class.

    Args:
        source: of the samples.
        options: how the confusions are made.
    """

    name = CONFUSION
    max_tiles = 1
    needs_samples = False
    is_logged_once = False
    content_key = None

    def __init__(self, source: ValidationSource, options: ConfusionOptions) -> None:
        self._source = source
        self._options = options
        self._plan: ConfusionPlan | None = None
        # That of the check, where the model was built by then.
        self._checked: tuple[Any, ConfusionPlan] | None = None
        self._weights: tuple[PlannedWeight, ...] = ()

    def __getstate__(self) -> dict[str, Any]:
        """Without the plan, which is of one model and holds its variables and the samples."""
        return {**self.__dict__, "_plan": None, "_checked": None, "_weights": ()}

    def check(self, model: Any, panel: SamplePanel | None) -> None:  # noqa: ARG002
        """See `View.check`."""
        if self._options.max_seconds is not None:
            return  # these are the options of `NNViz`, which nobody has mistaken
        samples = self._source.read(model)
        if not is_built(model):
            find_class_targets(model, samples, self._options)
            return
        _check_inputs(model, samples)
        if find_obstacle(model, samples.take(_first())) is None:
            self._checked = model, plan_confusion(model, samples, self._options)

    def plan(self, model: Any, panel: SamplePanel | None) -> tuple[Notice, ...]:  # noqa: ARG002
        """See `View.plan`."""
        checked, self._checked = self._checked, None
        self._plan, self._weights = None, ()
        if checked is not None and checked[0] is model:
            self._plan = checked[1]
            self._weights, _ = plan_weights(model, None)
            return ()
        try:
            samples = self._source.read(model)
            obstacle = find_obstacle(model, samples.take(_first()))
            if obstacle is not None:
                cause = first_words(obstacle) or type(obstacle).__name__
                message = (
                    "The confusion matrix is not shown: the model cannot be called on the samples "
                    f"at inference ({cause})."
                )
                return (Notice(CONFUSION, "", message),)
            self._plan = plan_confusion(model, samples, self._options)
        except (TypeError, ValueError) as error:
            if self._options.max_seconds is None:
                raise
            message = f"The confusion matrix is not shown: {first_words(error).rstrip('.')}."
            return (Notice(CONFUSION, "", message),)
        self._weights, _ = plan_weights(model, None)
        return ()

    def drop_tags(self, tags: Collection[str]) -> None:
        """See `View.drop_tags`."""
        if self._plan is not None:
            self._plan = self._plan.without(tags)

    def estimate_bytes(self, max_tiles: int) -> int:  # noqa: ARG002 - there are none
        """See `View.estimate_bytes`."""
        return 0 if self._plan is None else self._plan.estimate_bytes()

    def limit_tiles(self, max_tiles: int) -> None:
        """See `View.limit_tiles`."""

    def warm_up(self) -> None:
        """See `View.warm_up`: what is run first is compiled first."""
        if self._plan is not None:
            self._plan.warm_up()

    def tags(self) -> tuple[str, ...]:
        """See `View.tags`."""
        return () if self._plan is None else self._plan.tags

    def weights(self) -> Sequence[PlannedWeight]:
        """See `View.weights`: any weight of a model may matter to its predictions."""
        return self._weights

    def collect(self, values: WeightValues, previous: WeightValues | None) -> BuildRecords:  # noqa: ARG002
        """See `View.collect`: the samples are predicted here, on the thread that trains."""
        return (lambda: ()) if self._plan is None else self._plan.collect()

    def reset(self) -> None:
        """See `View.reset`."""
        self._plan, self._checked, self._weights = None, None, ()
        self._source.reset()


def _first() -> NDArray[np.int64]:
    return np.arange(1, dtype=np.int64)


def _check_inputs(model: Any, samples: ValidationSet) -> None:
    first = samples.take(_first())
    check_samples(model, describe_samples((first,)))
    check_accepted(model, first)
