"""The view of what each layer responds to the panel of samples."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from typing import Any

from tb_nnviz.analysis.activation_tiles import VIEW as ACTIVATIONS
from tb_nnviz.analysis.activation_tiles import (
    ActivationOptions,
    ActivationTilesPlan,
    plan_activations,
)
from tb_nnviz.analysis.model_weights import PlannedWeight, plan_weights
from tb_nnviz.callbacks.views import BuildRecords
from tb_nnviz.model.acceptance import find_obstacle
from tb_nnviz.model.error_text import first_words
from tb_nnviz.model.layers import check_layers
from tb_nnviz.model.sample_panel import SamplePanel
from tb_nnviz.model.variables import WeightValues
from tb_nnviz.records import Notice

# Fewer channels say little of a layer; steps are thinned instead.
MIN_CHANNELS = 4


class ActivationsView:
    """Outputs of layers for the panel, as tiles of sample and channel.

    Args:
        layers: names or globs, or None.
        options: limits.
    """

    name = ACTIVATIONS
    needs_samples = True
    is_logged_once = False
    content_key = None

    def __init__(self, layers: tuple[str, ...] | None, options: ActivationOptions) -> None:
        self._layers = layers
        self._options = options
        self._plan: ActivationTilesPlan | None = None
        self._weights: tuple[PlannedWeight, ...] = ()
        self._num_samples = 1

    def __getstate__(self) -> dict[str, Any]:
        """Without the plan, which is of one model and holds its variables and the samples."""
        return {**self.__dict__, "_plan": None, "_weights": ()}

    @property
    def max_tiles(self) -> int:
        """See `View.max_tiles`: each sample has a tile for each channel."""
        return self._num_samples * self._options.max_channels

    def check(self, model: Any, panel: SamplePanel | None) -> None:  # noqa: ARG002
        """See `View.check`."""
        check_layers(model, self._layers)

    def plan(self, model: Any, panel: SamplePanel | None) -> tuple[Notice, ...]:
        """See `View.plan`."""
        self.reset()
        if panel is None:
            return ()
        obstacle = find_obstacle(model, panel.inputs)
        if obstacle is not None:
            cause = first_words(obstacle) or type(obstacle).__name__
            message = (
                "Activations are not shown: the model cannot be called on the samples at "
                f"inference ({cause})."
            )
            return (Notice(ACTIVATIONS, "", message),)
        self._num_samples = panel.num_samples
        self._plan = plan_activations(model, panel, self._layers, self._options)
        self._weights, _ = plan_weights(model, None)
        return tuple(self._plan.notices)

    def drop_tags(self, tags: Collection[str]) -> None:
        """See `View.drop_tags`."""
        if self._plan is not None:
            self._plan = self._plan.without(tags)

    def estimate_bytes(self, max_tiles: int) -> int:
        """See `View.estimate_bytes`."""
        return 0 if self._plan is None else self._plan.estimate_bytes(self._channels_of(max_tiles))

    def limit_tiles(self, max_tiles: int) -> None:
        """See `View.limit_tiles`: channels are cut, samples never."""
        if self._plan is not None:
            self._plan = self._plan.with_max_channels(self._channels_of(max_tiles))

    def warm_up(self) -> None:
        """See `View.warm_up`: what is run first is compiled first."""
        if self._plan is not None and self._plan.tags:
            self._plan.collect()

    def tags(self) -> tuple[str, ...]:
        """See `View.tags`."""
        return () if self._plan is None else tuple(self._plan.tags)

    def weights(self) -> Sequence[PlannedWeight]:
        """See `View.weights`: any weight of a model may matter to any of its layers."""
        return self._weights

    def collect(self, values: WeightValues, previous: WeightValues | None) -> BuildRecords:  # noqa: ARG002
        """See `View.collect`: the model is run here, on the thread that trains."""
        plan = self._plan
        if plan is None:
            return lambda: ()
        arrays = plan.collect()
        return lambda: plan.build_records(arrays)

    def reset(self) -> None:
        """See `View.reset`."""
        self._plan = None
        self._weights = ()
        self._num_samples = 1

    def _channels_of(self, max_tiles: int) -> int:
        most = self._options.max_channels
        return min(most, max(MIN_CHANNELS, max_tiles // self._num_samples))
