"""The view of the samples themselves, which goes with every view of what a model does to them."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import replace
from typing import Any

from tb_nnviz.analysis.model_weights import PlannedWeight
from tb_nnviz.analysis.sample_tiles import VIEW as SAMPLES
from tb_nnviz.analysis.sample_tiles import SampleTilesPlan, plan_sample_tiles
from tb_nnviz.callbacks.views import BuildRecords
from tb_nnviz.model.input_names import name_given_inputs
from tb_nnviz.model.sample_inputs import are_sequences, have_channels_first
from tb_nnviz.model.sample_panel import SamplePanel
from tb_nnviz.model.variables import WeightValues
from tb_nnviz.records import Notice


class SamplesView:
    """The panel of samples, logged once a fit."""

    name = SAMPLES
    max_tiles = 1
    needs_samples = True
    is_logged_once = True

    def __init__(self) -> None:
        self._plan = SampleTilesPlan()

    def __getstate__(self) -> dict[str, Any]:
        """Without the plan, which holds the samples."""
        return {**self.__dict__, "_plan": SampleTilesPlan()}

    @property
    def content_key(self) -> str | None:
        """See `View.content_key`."""
        panel = self._plan.panel
        return None if panel is None else f"{SAMPLES} {panel.digest}"

    def check(self, model: Any, panel: SamplePanel | None) -> None:
        """See `View.check`."""

    def plan(self, model: Any, panel: SamplePanel | None) -> tuple[Notice, ...]:
        """See `View.plan`."""
        self.reset()
        if panel is not None:
            self._plan = plan_sample_tiles(
                panel,
                name_given_inputs(model, panel.inputs),
                sequences=are_sequences(model, panel.inputs),
                channels_first=have_channels_first(model),
            )
        return self._plan.notices

    def drop_tags(self, tags: Collection[str]) -> None:
        """See `View.drop_tags`."""
        kept = tuple(one for one in self._plan.inputs if one[0] not in tags)
        self._plan = replace(self._plan, inputs=kept)

    def estimate_bytes(self, max_tiles: int) -> int:  # noqa: ARG002 - samples are never cut
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
        return ()

    def collect(self, values: WeightValues, previous: WeightValues | None) -> BuildRecords:  # noqa: ARG002
        """See `View.collect`."""
        return self._plan.build_records

    def reset(self) -> None:
        """See `View.reset`."""
        self._plan = SampleTilesPlan()
