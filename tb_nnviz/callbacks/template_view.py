"""The view of what each unit looks for in the model's input."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from typing import Any

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
    """Templates of units, composed of the weights.

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

    def __getstate__(self) -> dict[str, Any]:
        """Without the plan, which is of one model and holds its layers and the samples."""
        return {**self.__dict__, "_plan": TemplateTilesPlan()}

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
        return self._plan.notices

    def drop_tags(self, tags: Collection[str]) -> None:
        """See `View.drop_tags`."""
        self._plan = self._plan.without(tags)

    def estimate_bytes(self, max_tiles: int) -> int:
        """See `View.estimate_bytes`."""
        return self._plan.estimate_bytes(max_tiles)

    def limit_tiles(self, max_tiles: int) -> None:
        """See `View.limit_tiles`."""
        self._plan = self._plan.limited(max_tiles)

    def warm_up(self) -> None:
        """See `View.warm_up`: the first run of a compiled function takes longest."""
        self._plan.warm_up()

    def tags(self) -> tuple[str, ...]:
        """See `View.tags`."""
        return self._plan.tags

    def weights(self) -> Sequence[PlannedWeight]:
        """See `View.weights`."""
        return self._plan.weights

    def collect(self, values: WeightValues, previous: WeightValues | None) -> BuildRecords:  # noqa: ARG002
        """See `View.collect`: gradients are computed here, products of copies later."""
        plan = self._plan
        computed = plan.collect(values)
        return lambda: plan.build_records(computed)

    def reset(self) -> None:
        """See `View.reset`."""
        self._plan = TemplateTilesPlan()
