"""The views of why samples of the panel get their scores, and of what they are compared with."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from typing import Any

from tb_nnviz.analysis.attribution_options import AttributionOptions
from tb_nnviz.analysis.attribution_planning import check_attributions, plan_attributions
from tb_nnviz.analysis.attribution_tiles import VIEW as ATTRIBUTIONS
from tb_nnviz.analysis.attribution_tiles import AttributionTilesPlan
from tb_nnviz.analysis.baseline_tiles import (
    baseline_tags,
    build_baseline_records,
    estimate_baseline_bytes,
)
from tb_nnviz.analysis.model_weights import PlannedWeight, plan_weights
from tb_nnviz.callbacks.views import BuildRecords
from tb_nnviz.model.acceptance import find_obstacle
from tb_nnviz.model.building import is_built
from tb_nnviz.model.error_text import first_words
from tb_nnviz.model.sample_panel import SamplePanel
from tb_nnviz.model.variables import WeightValues
from tb_nnviz.records import Notice


class AttributionsView:
    """Integrated gradients of the panel, with the integrand and the path.

    Args:
        options: what is explained, and how it is logged.
    """

    name = ATTRIBUTIONS
    needs_samples = True
    is_logged_once = False
    content_key = None

    def __init__(self, options: AttributionOptions) -> None:
        self._options = options
        self._class_names: tuple[str, ...] | None = None
        self._weights: tuple[PlannedWeight, ...] = ()
        self.attributions: AttributionTilesPlan | None = None

    def __getstate__(self) -> dict[str, Any]:
        """Without the plan, which is of one model and holds its variables and the samples."""
        return {**self.__dict__, "attributions": None, "_weights": ()}

    @property
    def max_tiles(self) -> int:
        """See `View.max_tiles`: each sample has a tile for each place on its path."""
        return self._num_samples * max(1, len(self._options.alphas))

    def name_classes(self, class_names: tuple[str, ...] | None) -> None:
        """Tells the names of the classes where the panel may not know them."""
        self._class_names = class_names

    def check(self, model: Any, panel: SamplePanel | None) -> None:
        """See `View.check`."""
        if self._options.max_seconds is not None:
            return  # these are the options of `NNViz`, which nobody has mistaken
        if panel is not None and is_built(model) and find_obstacle(model, panel.inputs) is None:
            check_attributions(model, panel, self._options)

    def plan(self, model: Any, panel: SamplePanel | None) -> tuple[Notice, ...]:
        """See `View.plan`."""
        self.reset()
        if panel is None:
            return ()
        obstacle = find_obstacle(model, panel.inputs)
        if obstacle is not None:
            cause = first_words(obstacle) or type(obstacle).__name__
            message = (
                "Attributions are not shown: the model cannot be called on the samples at "
                f"inference ({cause})."
            )
            return (Notice(ATTRIBUTIONS, "", message),)
        names = self._class_names if panel.class_names is None else panel.class_names
        try:
            self.attributions = plan_attributions(model, panel, self._options, names)
        except (TypeError, ValueError) as error:
            if self._options.max_seconds is None:
                raise
            message = f"Attributions are not shown: {first_words(error).rstrip('.')}."
            return (Notice(ATTRIBUTIONS, "", message),)
        self._weights, _ = plan_weights(model, None)
        return self.attributions.notices

    def drop_tags(self, tags: Collection[str]) -> None:
        """See `View.drop_tags`."""
        if self.attributions is not None:
            self.attributions = self.attributions.without(tags)

    def estimate_bytes(self, max_tiles: int) -> int:
        """See `View.estimate_bytes`."""
        plan = self.attributions
        return 0 if plan is None else plan.estimate_bytes(self._alphas_of(max_tiles))

    def limit_tiles(self, max_tiles: int) -> None:
        """See `View.limit_tiles`: places on the path are left out, samples never."""
        if self.attributions is not None:
            self.attributions = self.attributions.with_max_alphas(self._alphas_of(max_tiles))

    def warm_up(self) -> None:
        """See `View.warm_up`: what is run first is compiled first."""
        if self.attributions is not None:
            self.attributions.warm_up()

    def tags(self) -> tuple[str, ...]:
        """See `View.tags`."""
        return () if self.attributions is None else self.attributions.tags

    def weights(self) -> Sequence[PlannedWeight]:
        """See `View.weights`: any weight of a model may matter to any of its scores."""
        return self._weights

    def collect(self, values: WeightValues, previous: WeightValues | None) -> BuildRecords:  # noqa: ARG002
        """See `View.collect`: gradients are computed here, on the thread that trains."""
        plan = self.attributions
        computed = None if plan is None else plan.collect()
        if plan is None or computed is None:
            return lambda: ()
        return lambda: plan.build_records(computed)

    def reset(self) -> None:
        """See `View.reset`."""
        self.attributions = None
        self._weights = ()

    @property
    def _num_samples(self) -> int:
        return 1 if self.attributions is None else max(1, self.attributions.num_samples)

    def _alphas_of(self, max_tiles: int) -> int:
        return max(1, max_tiles // self._num_samples)


class BaselinesView:
    """What attributions are told from, as pictures, logged once a fit.

    Args:
        attributions: the view of the attributions, planned before this one.
    """

    name = "baselines"
    max_tiles = 1
    needs_samples = True
    is_logged_once = True
    content_key = None

    def __init__(self, attributions: AttributionsView) -> None:
        self._attributions = attributions
        self._left_out: frozenset[str] = frozenset()

    def check(self, model: Any, panel: SamplePanel | None) -> None:
        """See `View.check`."""

    def plan(self, model: Any, panel: SamplePanel | None) -> tuple[Notice, ...]:  # noqa: ARG002
        """See `View.plan`."""
        self._left_out = frozenset()
        return ()

    def drop_tags(self, tags: Collection[str]) -> None:
        """See `View.drop_tags`."""
        self._left_out = self._left_out.union(tags)

    def estimate_bytes(self, max_tiles: int) -> int:  # noqa: ARG002 - baselines are never cut
        """See `View.estimate_bytes`."""
        plan = self._attributions.attributions
        return estimate_baseline_bytes(plan) if plan is not None and self.tags() else 0

    def limit_tiles(self, max_tiles: int) -> None:
        """See `View.limit_tiles`."""

    def warm_up(self) -> None:
        """See `View.warm_up`."""

    def tags(self) -> tuple[str, ...]:
        """See `View.tags`."""
        plan = self._attributions.attributions
        every = () if plan is None else baseline_tags(plan)
        return tuple(tag for tag in every if tag not in self._left_out)

    def weights(self) -> Sequence[PlannedWeight]:
        """See `View.weights`."""
        return ()

    def collect(self, values: WeightValues, previous: WeightValues | None) -> BuildRecords:  # noqa: ARG002
        """See `View.collect`."""
        plan, tags = self._attributions.attributions, self.tags()
        if plan is None:
            return lambda: ()
        return lambda: (one for one in build_baseline_records(plan) if one[0] in tags)

    def reset(self) -> None:
        """See `View.reset`."""
        self._left_out = frozenset()
