"""The view of the samples that excite units most."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from typing import Any

import numpy as np

from tb_nnviz.analysis.model_weights import PlannedWeight, plan_weights
from tb_nnviz.analysis.top_sample_planning import plan_top_samples
from tb_nnviz.analysis.top_samples import VIEW as TOP_SAMPLES
from tb_nnviz.analysis.top_samples import TopSampleOptions, TopSamplesPlan
from tb_nnviz.callbacks.validation_source import ValidationSource
from tb_nnviz.callbacks.views import BuildRecords
from tb_nnviz.model.acceptance import check_accepted, find_obstacle
from tb_nnviz.model.building import is_built
from tb_nnviz.model.error_text import first_words
from tb_nnviz.model.layers import check_layers
from tb_nnviz.model.sample_panel import SamplePanel
from tb_nnviz.model.samples import check_samples, describe_samples
from tb_nnviz.model.variables import WeightValues
from tb_nnviz.records import Notice


class TopSamplesView:
    """Of each unit, the validation samples that excite it most.

    Args:
        source: of the samples.
        layers: names or globs, or None.
        options: limits.
    """

    name = TOP_SAMPLES
    needs_samples = False
    is_logged_once = False
    content_key = None

    def __init__(
        self, source: ValidationSource, layers: tuple[str, ...] | None, options: TopSampleOptions
    ) -> None:
        self._source = source
        self._layers = layers
        self._options = options
        self._plan: TopSamplesPlan | None = None
        self._weights: tuple[PlannedWeight, ...] = ()

    def __getstate__(self) -> dict[str, Any]:
        """Without the plan, which is of one model and holds its variables and the samples."""
        return {**self.__dict__, "_plan": None, "_weights": ()}

    @property
    def max_tiles(self) -> int:
        """See `View.max_tiles`: each unit has a tile for each rank."""
        return self._options.max_units * self._options.top_k

    def check(self, model: Any, panel: SamplePanel | None) -> None:  # noqa: ARG002
        """See `View.check`."""
        check_layers(model, self._layers)
        if self._options.max_seconds is not None or not is_built(model):
            return  # these are the options of `NNViz`, which nobody has mistaken
        first = self._source.read(model).take(np.arange(1))
        check_samples(model, describe_samples((first,)))
        check_accepted(model, first)

    def plan(self, model: Any, panel: SamplePanel | None) -> tuple[Notice, ...]:  # noqa: ARG002
        """See `View.plan`."""
        self._plan, self._weights = None, ()
        try:
            samples = self._source.read(model)
            obstacle = find_obstacle(model, samples.take(np.arange(1)))
            if obstacle is not None:
                cause = first_words(obstacle) or type(obstacle).__name__
                message = (
                    "Samples that excite units are not shown: the model cannot be called on them "
                    f"at inference ({cause})."
                )
                return (Notice(TOP_SAMPLES, "", message),)
            self._plan = plan_top_samples(model, samples, self._layers, self._options)
        except (TypeError, ValueError) as error:
            if self._options.max_seconds is None:
                raise
            message = f"Samples that excite units are not shown: {first_words(error).rstrip('.')}."
            return (Notice(TOP_SAMPLES, "", message),)
        self._weights, _ = plan_weights(model, None)
        return self._plan.notices

    def drop_tags(self, tags: Collection[str]) -> None:
        """See `View.drop_tags`."""
        if self._plan is not None:
            self._plan = self._plan.without(tags)

    def estimate_bytes(self, max_tiles: int) -> int:
        """See `View.estimate_bytes`."""
        return 0 if self._plan is None else self._plan.estimate_bytes(self._units_of(max_tiles))

    def limit_tiles(self, max_tiles: int) -> None:
        """See `View.limit_tiles`: units are left out, ranks never."""
        if self._plan is not None:
            self._plan = self._plan.with_max_units(self._units_of(max_tiles))

    def warm_up(self) -> None:
        """See `View.warm_up`: what is run first is compiled first."""
        if self._plan is not None and self._plan.tags:
            self._plan.warm_up()

    def tags(self) -> tuple[str, ...]:
        """See `View.tags`."""
        return () if self._plan is None else self._plan.tags

    def weights(self) -> Sequence[PlannedWeight]:
        """See `View.weights`: any weight of a model may matter to any of its units."""
        return self._weights

    def collect(self, values: WeightValues, previous: WeightValues | None) -> BuildRecords:  # noqa: ARG002
        """See `View.collect`: the model is run here, on the thread that trains."""
        plan = self._plan
        return (lambda: ()) if plan is None or not plan.tags else plan.collect()

    def reset(self) -> None:
        """See `View.reset`."""
        self._plan, self._weights = None, ()
        self._source.reset()

    def _units_of(self, max_tiles: int) -> int:
        return max(1, max_tiles // self._options.top_k)
