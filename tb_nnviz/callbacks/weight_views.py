"""The views of a model's weights: as tiles, and as histograms."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import replace
from typing import Any

from numpy.typing import NDArray

from tb_nnviz.analysis.model_weights import PlannedWeight, plan_weights
from tb_nnviz.analysis.weight_histograms import VIEW as HISTOGRAMS
from tb_nnviz.analysis.weight_histograms import WeightHistogramsPlan
from tb_nnviz.analysis.weight_tiles import VIEW as WEIGHTS
from tb_nnviz.analysis.weight_tiles import WeightTileOptions, WeightTilesPlan, plan_weight_tiles
from tb_nnviz.callbacks.views import BuildRecords
from tb_nnviz.model.layers import check_layers
from tb_nnviz.model.sample_panel import SamplePanel
from tb_nnviz.model.variables import WeightValues
from tb_nnviz.records import Notice


class WeightTilesView:
    """Weights as tiles.

    Args:
        layers: names or globs, or None.
        options: limits.
    """

    name = WEIGHTS
    needs_samples = False
    is_logged_once = False
    content_key = None

    def __init__(self, layers: tuple[str, ...] | None, options: WeightTileOptions) -> None:
        self._layers = layers
        self._options = self._options_in_use = options
        self._plan = WeightTilesPlan(())

    def __getstate__(self) -> dict[str, Any]:
        """Without the plan, which is of one model and holds its variables."""
        plan = WeightTilesPlan(())
        return {**self.__dict__, "_plan": plan, "_options_in_use": self._options}

    @property
    def max_tiles(self) -> int:
        """See `View.max_tiles`."""
        return self._options.max_tiles

    def check(self, model: Any, panel: SamplePanel | None) -> None:  # noqa: ARG002
        """See `View.check`."""
        check_layers(model, self._layers)

    def plan(self, model: Any, panel: SamplePanel | None) -> tuple[Notice, ...]:  # noqa: ARG002
        """See `View.plan`."""
        self.reset()
        weights, notices = plan_weights(model, self._layers)
        self._plan = plan_weight_tiles(weights)
        return notices

    def drop_tags(self, tags: Collection[str]) -> None:
        """See `View.drop_tags`."""
        self._plan = self._plan.without(tags)

    def estimate_bytes(self, max_tiles: int) -> int:
        """See `View.estimate_bytes`."""
        return self._plan.estimate_bytes(replace(self._options, max_tiles=max_tiles))

    def limit_tiles(self, max_tiles: int) -> None:
        """See `View.limit_tiles`."""
        self._options_in_use = replace(self._options, max_tiles=max_tiles)

    def warm_up(self) -> None:
        """See `View.warm_up`."""

    def tags(self) -> tuple[str, ...]:
        """See `View.tags`."""
        return self._plan.tags(self._options_in_use)

    def weights(self) -> Sequence[PlannedWeight]:
        """See `View.weights`."""
        return self._plan.weights

    def collect(self, values: WeightValues, previous: WeightValues | None) -> BuildRecords:  # noqa: ARG002
        """See `View.collect`."""
        plan, options = self._plan, self._options_in_use
        copies = _copies(plan.weights, values)
        return lambda: plan.build_records(copies, options)

    def reset(self) -> None:
        """See `View.reset`."""
        self._options_in_use = self._options
        self._plan = WeightTilesPlan(())


class WeightHistogramsView:
    """Weights as histograms.

    Args:
        layers: names or globs, or None.
    """

    name = HISTOGRAMS
    max_tiles = 1
    needs_samples = False
    is_logged_once = False
    content_key = None

    def __init__(self, layers: tuple[str, ...] | None) -> None:
        self._layers = layers
        self._plan = WeightHistogramsPlan()

    def __getstate__(self) -> dict[str, Any]:
        """Without the plan, which is of one model and holds its variables."""
        return {**self.__dict__, "_plan": WeightHistogramsPlan()}

    def check(self, model: Any, panel: SamplePanel | None) -> None:  # noqa: ARG002
        """See `View.check`."""
        check_layers(model, self._layers)

    def plan(self, model: Any, panel: SamplePanel | None) -> tuple[Notice, ...]:  # noqa: ARG002
        """See `View.plan`."""
        weights, notices = plan_weights(model, self._layers)
        self._plan = WeightHistogramsPlan(weights)
        return notices

    def drop_tags(self, tags: Collection[str]) -> None:
        """See `View.drop_tags`."""
        self._plan = self._plan.without(tags)

    def estimate_bytes(self, max_tiles: int) -> int:  # noqa: ARG002 - there are none
        """See `View.estimate_bytes`."""
        return self._plan.estimate_bytes()

    def limit_tiles(self, max_tiles: int) -> None:
        """See `View.limit_tiles`."""

    def warm_up(self) -> None:
        """See `View.warm_up`."""

    def tags(self) -> tuple[str, ...]:
        """See `View.tags`."""
        return self._plan.tags

    def weights(self) -> Sequence[PlannedWeight]:
        """See `View.weights`."""
        return self._plan.weights

    def collect(self, values: WeightValues, previous: WeightValues | None) -> BuildRecords:
        """See `View.collect`."""
        plan = self._plan
        copies = _copies(plan.weights, values)
        before = [None if previous is None else previous.get(weight.key) for weight in plan.weights]
        return lambda: plan.build_records(copies, before)

    def reset(self) -> None:
        """See `View.reset`."""
        self._plan = WeightHistogramsPlan()


def _copies(weights: Sequence[PlannedWeight], values: WeightValues) -> list[NDArray[Any]]:
    return [values.values_of(weight.key, weight.weight.read) for weight in weights]
