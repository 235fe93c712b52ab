"""Templates of a model's layers as records.

Planned once a training by `tb_nnviz.analysis.template_planning`; then each step takes the
numbers from the model, or copies of its weights, and makes records of them, which may happen on
another thread.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterator, Sequence
from dataclasses import dataclass, replace
from typing import Any

import numpy as np
from numpy.typing import NDArray

from tb_nnviz.analysis.model_weights import PlannedWeight
from tb_nnviz.analysis.template_choice import VIEW
from tb_nnviz.analysis.template_layout import layout_templates
from tb_nnviz.analysis.template_values import (
    SampleGate,
    TemplateValues,
    compose_chain,
    copy_weights,
    differentiate,
    differentiate_at_samples,
)
from tb_nnviz.model.linear.units import InputSpec, LinearUnits
from tb_nnviz.model.variables import WeightValues
from tb_nnviz.records import Notice, Source, TileArray, build_tile_array
from tb_nnviz.records.tile_array import DEFAULT_MAX_TILE_SIDE, estimate_record_bytes

DEFAULT_MAX_UNITS = 512
# Inputs that are vectors are kept whole up to here: a mean of unrelated features says little.
_MAX_VECTOR_VALUES = 4096

# How the tag of the offsets ends.
_OFFSET = "offset"

# Makes the numbers of a layer; runs on any thread.
ComputeValues = Callable[[], TemplateValues]


@dataclass(frozen=True)
class TemplateOptions:
    """Limits of what is logged, and whether samples decide.

    Attributes:
        max_units: units a layer.
        max_tile_side: see `tb_nnviz.records.build_tile_array`.
        is_gated: whether the network's own Jacobian is averaged over samples.
        is_bounded: whether layers and units are left out where a step would cost too much.
    """

    max_units: int = DEFAULT_MAX_UNITS
    max_tile_side: int = DEFAULT_MAX_TILE_SIDE
    is_gated: bool = False
    is_bounded: bool = True


@dataclass(frozen=True, eq=False)
class PlannedTemplates:
    """One layer whose templates are logged.

    Attributes:
        units: of the layer.
        count: how many of them, the first ones.
        labels: a text for each of the layer's units, or ().
        gate: the samples, or None.
        notes: to show with the records.
    """

    units: LinearUnits
    count: int
    labels: tuple[str, ...]
    gate: SampleGate | None
    notes: tuple[str, ...]

    @property
    def offset_tag(self) -> str:
        """The tag of the offsets."""
        return f"{VIEW}/{self.units.key}/{_OFFSET}"

    @property
    def template_tags(self) -> tuple[str, ...]:
        """The tag of the templates, one for each input."""
        tag = f"{VIEW}/{self.units.key}"
        if len(self.units.inputs) == 1:
            return (tag,)
        return tuple(f"{tag}/{name}" for name in self._input_tags())

    @property
    def renamed_inputs(self) -> tuple[tuple[str, str], ...]:
        """Inputs whose tag ends otherwise than with their name, and how."""
        if len(self.units.inputs) == 1:
            return ()
        pairs = zip(self.units.inputs, self._input_tags(), strict=True)
        return tuple((spec.name, tag) for spec, tag in pairs if spec.name != tag)

    def _input_tags(self) -> list[str]:
        """How each input's tag ends: its name, but for that which ends the offsets' own."""
        names = {spec.name for spec in self.units.inputs}
        other = next(
            name
            for number in range(1, len(names) + 2)
            for name in [f"{_OFFSET}_input" + (f"_{number}" if number > 1 else "")]
            if name not in names
        )
        return [other if spec.name == _OFFSET else spec.name for spec in self.units.inputs]


@dataclass(frozen=True, eq=False)
class TemplateTilesPlan:
    """What of a model is shown as templates.

    Attributes:
        planned: the layers.
        weights: all weights that the templates depend on.
        options: limits.
        max_tiles: tiles a tag.
        left_out: tags that are not logged.
        notices: what is not shown, and why.
    """

    planned: tuple[PlannedTemplates, ...] = ()
    weights: tuple[PlannedWeight, ...] = ()
    options: TemplateOptions = TemplateOptions()
    max_tiles: int = DEFAULT_MAX_UNITS
    left_out: frozenset[str] = frozenset()
    notices: tuple[Notice, ...] = ()

    @property
    def tags(self) -> tuple[str, ...]:
        """The tags that are logged."""
        tags = (tag for one in self.planned for tag in (*one.template_tags, one.offset_tag))
        return tuple(tag for tag in tags if tag not in self.left_out)

    def without(self, tags: Collection[str]) -> TemplateTilesPlan:
        """The plan without some of its tags."""
        return replace(self, left_out=self.left_out.union(tags))

    def limited(self, max_tiles: int) -> TemplateTilesPlan:
        """The plan with at most so many tiles a tag."""
        return replace(self, max_tiles=max_tiles)

    def estimate_bytes(self, max_tiles: int) -> int:
        """About the size of the records of one step."""
        total = 0
        for one in self.planned:
            count = min(one.count, max_tiles)
            for tag, spec in zip(one.template_tags, one.units.inputs, strict=True):
                if tag in self.left_out:
                    continue
                layout = layout_templates(count, spec)
                total += estimate_record_bytes(
                    layout.shape,
                    layout.axes,
                    is_picture=not layout.represents,
                    precision="uint16",
                    max_tiles=max_tiles,
                    max_tile_side=_tile_side(spec, self.options),
                )
            if one.offset_tag not in self.left_out:
                total += _estimate_offsets(count, max_tiles)
        return total

    def warm_up(self) -> None:
        """Runs what was compiled once, for a single unit of each layer."""
        for one in self.planned:
            is_product = one.units.chain is not None and one.gate is None
            if not is_product and not self._is_left_out(one):
                one.units.jacobian.at_zero([0])

    def collect(self, values: WeightValues) -> list[ComputeValues]:
        """What a step needs of the model, on the thread that trains.

        Args:
            values: copies of the weights; those that a chain needs are taken from there.

        Returns:
            For each layer, what makes its numbers: of copies of weights they are left to be made.
        """
        return [self._collect(one, values) for one in self.planned]

    def build_records(self, computed: Sequence[ComputeValues]) -> Iterator[tuple[str, TileArray]]:
        """Tag and record of each layer's templates and offsets."""
        for one, compute in zip(self.planned, computed, strict=True):
            found = compute()
            named = zip(one.template_tags, one.units.inputs, found.templates, strict=True)
            for tag, spec, templates in named:
                if tag not in self.left_out:
                    yield tag, self._template_record(one, spec, templates)
            if one.offset_tag not in self.left_out:
                yield one.offset_tag, self._offset_record(one, found.offsets)

    def _collect(self, one: PlannedTemplates, values: WeightValues) -> ComputeValues:
        chosen = range(min(one.count, self.max_tiles))
        if self._is_left_out(one):
            nothing = TemplateValues(
                tuple(np.zeros((0, *spec.window_shape)) for spec in one.units.inputs), np.zeros(0)
            )
            return lambda: nothing
        if one.gate is not None:
            found = differentiate_at_samples(one.units, one.gate, chosen)
            return lambda: found
        chain = one.units.chain
        if chain is None:
            found = differentiate(one.units, chosen)
            return lambda: found
        needed = [(layer, one.units.places[id(layer)], role) for layer, role in chain.weights()]
        copies = copy_weights(needed, self.weights, values)
        return lambda: compose_chain(one.units, copies, chosen)

    def _is_left_out(self, one: PlannedTemplates) -> bool:
        return all(tag in self.left_out for tag in (*one.template_tags, one.offset_tag))

    def _template_record(
        self, one: PlannedTemplates, spec: InputSpec, templates: NDArray[Any]
    ) -> TileArray:
        layout = layout_templates(len(templates), spec)
        record = build_tile_array(
            layout.apply(_as_float32(templates)),
            layout.axes,
            labels={"unit": one.labels[: len(templates)]} if one.labels else {},
            represents=layout.represents,
            max_tiles=self.max_tiles,
            max_tile_side=_tile_side(spec, self.options),
            notes=one.notes,
            source=_source(one, "template"),
        )
        return say_cut(record, "unit", len(templates), one.units.num_units)

    def _offset_record(self, one: PlannedTemplates, offsets: NDArray[Any]) -> TileArray:
        record = build_tile_array(
            _as_float32(offsets)[None],
            ("height", "width"),
            labels={"width": one.labels[: len(offsets)]} if one.labels else {},
            represents={"width": "unit"},
            precision="float32",
            max_tiles=max(1, len(offsets)),
            source=_source(one, "offset"),
        )
        return say_cut(record, "width", len(offsets), one.units.num_units)


def _as_float32(values: NDArray[Any]) -> NDArray[np.float32]:
    """The values, infinite where float32 holds no such number, as where a training diverges."""
    with np.errstate(over="ignore"):
        return values.astype(np.float32, copy=False)


def _tile_side(spec: InputSpec, options: TemplateOptions) -> int:
    is_vector = len(spec.window_shape) == 1
    return max(_MAX_VECTOR_VALUES, options.max_tile_side) if is_vector else options.max_tile_side


def _estimate_offsets(count: int, max_tiles: int) -> int:
    return estimate_record_bytes(
        (1, count),
        ("height", "width"),
        is_picture=False,
        precision="float32",
        max_tiles=max_tiles,
        max_tile_side=max_tiles,
    )


def _source(one: PlannedTemplates, role: str) -> Source:
    return Source(
        layer_path=one.units.layer_path or None,
        layer_index=one.units.layer_index,
        layer_type=one.units.layer_type,
        role=role,
        samples_digest=None if one.gate is None else one.gate.panel.digest,
    )


def say_cut(record: TileArray, axis: str, shown: int, full: int) -> TileArray:
    """The record of the first ones of some units, which says how many there are.

    Args:
        record: of those that are shown.
        axis: that counts units.
        shown: how many of them.
        full: how many there are.
    """
    if shown == full:
        return record
    place = record.axes.index(axis)
    full_shape = (*record.full_shape[:place], full, *record.full_shape[place + 1 :])
    omitted = (f"{shown} of {full} units", *record.omitted)
    return replace(record, full_shape=full_shape, omitted=omitted)
