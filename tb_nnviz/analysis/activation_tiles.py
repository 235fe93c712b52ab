"""Activation tiles: what layers compute for a panel of samples, as records.

Planned once a training; then each step runs the model on the panel and brings out what the
limits leave, on the thread that trains. Records are made of that on another one.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any

import numpy as np
from numpy.typing import NDArray

from tb_nnviz.analysis.activation_choice import (
    VIEW,
    choose_activations,
    notice_passing,
    notice_skipped,
)
from tb_nnviz.analysis.activation_limits import ActivationOptions, cut_activation
from tb_nnviz.analysis.activation_probe import ActivationProbe
from tb_nnviz.analysis.planned_activation import PlannedActivation, plan_calls
from tb_nnviz.model.activation_layouts import (
    ActivationLayout,
    find_habits,
    passes_values_on,
)
from tb_nnviz.model.layers import list_layers, select_layers
from tb_nnviz.model.probe_inputs import read_inputs
from tb_nnviz.model.sample_panel import SamplePanel
from tb_nnviz.model.selection import CapturedCall
from tb_nnviz.records import Notice, Precision, TileArray, build_tile_array
from tb_nnviz.records.tile_array import estimate_record_bytes

__all__ = ["VIEW", "ActivationOptions", "ActivationTilesPlan", "plan_activations"]


@dataclass(frozen=True, eq=False)
class ActivationTilesPlan:
    """What of a model's activations is logged.

    Attributes:
        activations: in the order of the model.
        notices: what is not shown, and why.
        options: limits.
        probe: runs the model.
        labels: of the samples, by axis.
    """

    activations: tuple[PlannedActivation, ...]
    notices: tuple[Notice, ...]
    options: ActivationOptions
    probe: ActivationProbe
    labels: Mapping[str, tuple[str, ...]] = field(default_factory=dict)

    @property
    def tags(self) -> tuple[str, ...]:
        """The tags that are logged."""
        return tuple(planned.tag for planned in self.activations)

    def without(self, tags: Collection[str]) -> ActivationTilesPlan:
        """The plan without some of its tags."""
        kept = tuple(planned for planned in self.activations if planned.tag not in tags)
        return replace(self, activations=kept)

    def with_max_channels(self, max_channels: int) -> ActivationTilesPlan:
        """The plan with another limit of channels."""
        return replace(self, options=replace(self.options, max_channels=max_channels))

    def estimate_bytes(self, max_channels: int) -> int:
        """About the size of the records of one step with such a limit of channels."""
        options = replace(self.options, max_channels=max_channels)
        total = 0
        for planned in self.activations:
            layout = planned.layout
            shape = layout.lay_out(cut_activation(planned.shape, layout, options).shape)
            total += estimate_record_bytes(
                shape,
                layout.axes,
                is_picture=True,
                precision=_precision_of(layout),
                max_tiles=_all_tiles(shape),
                max_tile_side=_longest_side(shape),
            )
        return total

    def collect(self) -> list[NDArray[Any]]:
        """Runs the model on the panel; what `build_records` needs, in memory of its own."""
        return self.probe.run(self.activations, self.options)

    def build_records(self, arrays: Sequence[NDArray[Any]]) -> Iterator[tuple[str, TileArray]]:
        """Tag and record of each tensor, made one after the other as they are asked for.

        Args:
            arrays: as `collect` gave them.
        """
        pairs = zip(arrays[::2], arrays[1::2], strict=True)
        for planned, (values, zeros) in zip(self.activations, pairs, strict=True):
            yield planned.tag, self._build_record(planned, values, zeros)

    def _build_record(
        self, planned: PlannedActivation, values: NDArray[Any], zeros: NDArray[Any]
    ) -> TileArray:
        layout = planned.layout
        laid_out = _transpose(values, layout.order)
        record = build_tile_array(
            laid_out,
            layout.axes,
            labels=self.labels,
            represents=layout.represents,
            meaning=planned.meaning,
            precision=_precision_of(layout),
            # What the limits leave is all that came out of the model.
            max_tiles=_all_tiles(laid_out.shape),
            max_tile_side=_longest_side(laid_out.shape),
            source=planned.source,
        )
        shares = _transpose(zeros, layout.order[: layout.axes.index("height")])
        return replace(
            record,
            dtype=planned.dtype,
            full_shape=layout.lay_out(planned.shape),
            omitted=cut_activation(planned.shape, layout, self.options).omitted,
            statistics={"zero_fraction": shares.astype(np.float64)},
        )


def plan_activations(
    model: Any,
    panel: SamplePanel,
    layers: Sequence[str] | None,
    options: ActivationOptions,
) -> ActivationTilesPlan:
    """The plan to log what layers compute for a panel of samples.

    The model is traced here, and run at each `ActivationTilesPlan.collect` only.

    Args:
        model: a built model.
        panel: the samples.
        layers: names or globs; None for all that show something new.
        options: limits.

    Raises:
        ValueError: a name matches no layer, or the model does not accept the samples.
    """
    entries = list_layers(model)
    chosen = select_layers(entries, layers)
    habits = find_habits(entries)
    planned: list[PlannedActivation] = []
    notices: list[Notice] = []

    def plan(calls: Sequence[CapturedCall]) -> list[PlannedActivation]:
        shown, left_out = choose_activations(calls) if layers is None else (calls, ())
        found, obstacles = plan_calls(shown, habits, panel)
        planned[:] = found
        notices[:] = [*left_out, *obstacles]
        return planned

    probe = ActivationProbe(model, read_inputs(panel.inputs), chosen)
    skipped = probe.trace(plan, options)
    planned = [each for each in planned if each.key in probe.keys]
    if layers is None:
        notices += notice_passing(chosen)
        chosen = [entry for entry in chosen if not passes_values_on(entry.layer)]
    notices += notice_skipped(skipped, chosen)
    if not planned:
        what = "this model" if layers is None else f"layers={list(layers)!r}"
        notices.append(Notice(VIEW, "", f"There are no activations to show of {what}."))
    return ActivationTilesPlan(
        tuple(planned),
        tuple(notices),
        options,
        probe,
        {} if panel.labels is None else {"sample": tuple(panel.labels)},
    )


def _precision_of(layout: ActivationLayout) -> Precision:
    """Vectors are exact, so that a unit that is nearly zero is not taken for a dead one."""
    return "float32" if layout.is_vector else "uint8"


def _transpose(values: NDArray[Any], order: Sequence[int | None]) -> NDArray[Any]:
    """The values with their axes in another order; an axis of length 1 for each None."""
    existing = sorted(axis for axis in order if axis is not None)
    places = [existing.index(axis) for axis in order if axis is not None]
    new = tuple(place for place, axis in enumerate(order) if axis is None)
    return np.expand_dims(values.transpose(places), new)


def _all_tiles(shape: Sequence[int]) -> int:
    return max(1, int(np.prod(shape[:-2])))


def _longest_side(shape: Sequence[int]) -> int:
    return max(1, *shape[-2:])
