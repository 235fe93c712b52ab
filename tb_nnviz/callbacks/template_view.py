"""The view of what each unit looks for in the model's input."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from itertools import chain
from typing import Any

from tb_nnviz.analysis.class_weights import ClassWeightsPlan, plan_class_weights
from tb_nnviz.analysis.model_weights import PlannedWeight
from tb_nnviz.analysis.template_choice import VIEW as TEMPLATES
from tb_nnviz.analysis.template_planning import plan_templates
from tb_nnviz.analysis.template_tiles import TemplateOptions, TemplateTilesPlan
from tb_nnviz.callbacks.views import BuildRecords
from tb_nnviz.model.layers import check_layers
from tb_nnviz.model.sample_panel import SamplePanel
from tb_nnviz.model.variables import WeightValues
from tb_nnviz.records import Notice


class TemplatesView:
    """Templates of units, composed of the weights, and what each class makes of hidden units.

    Args:
        layers: names or globs, or None.
        options: limits, and whether samples decide.
    """

    name = TEMPLATES
    is_logged_once = False
    content_key = None

    def __init__(self, layers: tuple[str, ...] | None, options: TemplateOptions) -> None:
        self._layers = layers
        self._options = options
        self._class_names: tuple[str, ...] | None = None
        self._plan = TemplateTilesPlan()
        self._class_weights = ClassWeightsPlan()

    def __getstate__(self) -> dict[str, Any]:
        """Without the plans, which are of one model and hold its layers and the samples."""
        plans = {"_plan": TemplateTilesPlan(), "_class_weights": ClassWeightsPlan()}
        return {**self.__dict__, **plans}

    @property
    def max_tiles(self) -> int:
        """See `View.max_tiles`."""
        return self._options.max_units

    @property
    def needs_samples(self) -> bool:
        """See `View.needs_samples`."""
        return self._options.is_gated

    def name_classes(self, class_names: tuple[str, ...] | None) -> None:
        """Tells the names of the classes where there may be no panel that knows them."""
        self._class_names = class_names

    def check(self, model: Any, panel: SamplePanel | None) -> None:  # noqa: ARG002
        """See `View.check`."""
        check_layers(model, self._layers)

    def plan(self, model: Any, panel: SamplePanel | None) -> tuple[Notice, ...]:
        """See `View.plan`."""
        self.reset()
        names = self._class_names
        if panel is not None and panel.class_names is not None:
            names = panel.class_names
        self._plan = plan_templates(model, self._layers, self._options, panel, names)
        self._class_weights = plan_class_weights(model, self._plan, panel, names)
        return (*self._plan.notices, *self._class_weights.notices)

    def drop_tags(self, tags: Collection[str]) -> None:
        """See `View.drop_tags`."""
        self._plan = self._plan.without(tags)
        self._class_weights = self._class_weights.without(tags)

    def estimate_bytes(self, max_tiles: int) -> int:
        """See `View.estimate_bytes`."""
        of_classes = self._class_weights.estimate_bytes(max_tiles)
        return self._plan.estimate_bytes(max_tiles) + of_classes

    def limit_tiles(self, max_tiles: int) -> None:
        """See `View.limit_tiles`."""
        self._plan = self._plan.limited(max_tiles)
        self._class_weights = self._class_weights.limited(max_tiles)

    def warm_up(self) -> None:
        """See `View.warm_up`: the first run of a compiled function takes longest."""
        self._plan.warm_up()

    def tags(self) -> tuple[str, ...]:
        """See `View.tags`."""
        return (*self._plan.tags, *self._class_weights.tags)

    def weights(self) -> Sequence[PlannedWeight]:
        """See `View.weights`."""
        weights = (*self._plan.weights, *self._class_weights.weights)
        return tuple({weight.key: weight for weight in weights}.values())

    def collect(self, values: WeightValues, previous: WeightValues | None) -> BuildRecords:  # noqa: ARG002
        """See `View.collect`: gradients are computed here, products of copies later."""
        plan, class_weights = self._plan, self._class_weights
        computed, copied = plan.collect(values), class_weights.collect(values)
        return lambda: chain(plan.build_records(computed), class_weights.build_records(copied))

    def reset(self) -> None:
        """See `View.reset`."""
        self._plan = TemplateTilesPlan()
        self._class_weights = ClassWeightsPlan()
