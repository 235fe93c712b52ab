"""Weight tiles: the weights of a model as records.

Planned once a training from `tb_nnviz.analysis.model_weights`; then each step's copies become
records, which may happen on another thread.
"""

from __future__ import annotations

import math
from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass, replace
from typing import Any

from numpy.typing import NDArray

from tb_nnviz.analysis.model_weights import NOTICE_VIEW, PlannedWeight
from tb_nnviz.analysis.real_numbers import as_real_numbers
from tb_nnviz.model.layouts import WeightLayout
from tb_nnviz.numerics.axis_norms import compute_l2_norms
from tb_nnviz.numerics.tile_limits import kept_grid_shape
from tb_nnviz.records import Precision, TileArray, build_tile_array
from tb_nnviz.records.omissions import describe_omitted
from tb_nnviz.records.tile_array import (
    DEFAULT_MAX_TILE_SIDE,
    DEFAULT_MAX_TILES,
    estimate_record_bytes,
)

VIEW = NOTICE_VIEW
# A vector of so many values is kept whole, whatever the limits: 256 KiB.
MAX_VECTOR_VALUES = 65_536


@dataclass(frozen=True)
class WeightTileOptions:
    """Limits of what is logged; see `tb_nnviz.records.build_tile_array`."""

    max_tiles: int = DEFAULT_MAX_TILES
    max_tile_side: int = DEFAULT_MAX_TILE_SIDE
    precision: Precision = "uint16"


@dataclass(frozen=True)
class WeightTilesPlan:
    """What of a model is shown as weight tiles.

    Attributes:
        planned: all weights, in the order of the model.
        left_out: tags that are not logged.
    """

    planned: tuple[PlannedWeight, ...] = ()
    left_out: frozenset[str] = frozenset()

    @property
    def weights(self) -> tuple[PlannedWeight, ...]:
        """The weights whose values a step needs."""
        return tuple(planned for planned in self.planned if tile_tag(planned) not in self.left_out)

    def tags(self, options: WeightTileOptions) -> tuple[str, ...]:
        """The tags that are logged under such limits."""
        return tuple(
            tag
            for planned in self.weights
            for tag in (tile_tag(planned), *self._l2_tags(planned, options))
        )

    def without(self, tags: Collection[str]) -> WeightTilesPlan:
        """The plan without some of its tags; norms go with the kernel they belong to."""
        return replace(self, left_out=self.left_out.union(tags))

    def build_records(
        self, copies: Sequence[NDArray[Any]], options: WeightTileOptions
    ) -> Iterator[tuple[str, TileArray]]:
        """Tag and record of each weight, made one after the other as they are asked for.

        Args:
            copies: values of the `weights`, in their order.
            options: limits.
        """
        for planned, values in zip(self.weights, copies, strict=True):
            yield tile_tag(planned), build_weight_record(planned, values, options)
            for tag in self._l2_tags(planned, options):
                yield tag, build_l2_record(planned, values, options)

    def estimate_bytes(self, options: WeightTileOptions) -> int:
        """About the size of the records of one step."""
        total = 0
        for planned in self.weights:
            layout = planned.weight.layout
            total += _estimate_bytes(layout, layout.shape, layout.axes, options)
            axis = _summed_axis(layout)
            if axis is not None and self._l2_tags(planned, options):
                shape, axes = _without_axis(layout.shape, axis), _without_axis(layout.axes, axis)
                total += _estimate_bytes(layout, shape, axes, options)
        return total

    def _l2_tags(self, planned: PlannedWeight, options: WeightTileOptions) -> tuple[str, ...]:
        """The tag of the norms where the limits cut in_channels, else none."""
        layout, tag = planned.weight.layout, l2_tag(planned)
        axis = _summed_axis(layout)
        if axis is None or tag in self.left_out:
            return ()
        kept = kept_grid_shape(layout.shape[: layout.axes.index("height")], options.max_tiles)
        return (tag,) if kept[axis] < layout.shape[axis] else ()


def plan_weight_tiles(weights: Sequence[PlannedWeight]) -> WeightTilesPlan:
    """The plan to show all these weights.

    Args:
        weights: as `tb_nnviz.analysis.model_weights.plan_weights` found them.
    """
    return WeightTilesPlan(tuple(weights))


def tile_tag(planned: PlannedWeight) -> str:
    """The tag of a weight's tiles."""
    return f"{VIEW}/{planned.key}"


def l2_tag(planned: PlannedWeight) -> str:
    """The tag of the norms of a kernel's filters over all in_channels."""
    return f"{tile_tag(planned)}/l2_norm"


def build_weight_record(
    planned: PlannedWeight, values: NDArray[Any], options: WeightTileOptions
) -> TileArray:
    """The record of a weight's values.

    Args:
        planned: which weight.
        values: its values, in the shape of the variable.
        options: limits; a scalar or vector is kept whole and exact up to `MAX_VECTOR_VALUES`.
    """
    layout = planned.weight.layout
    limits = _limits_of(layout, options)
    record = build_tile_array(
        layout.apply(as_real_numbers(values)),
        layout.axes,
        labels=layout.labels,
        represents=layout.represents,
        meaning="non_negative" if planned.weight.is_non_negative else "signed",
        precision=limits.precision,
        max_tiles=limits.max_tiles,
        max_tile_side=limits.max_tile_side,
        notes=(*layout.notes, *planned.weight.notes),
        source=planned.source,
    )
    return replace(record, dtype=str(values.dtype))


def build_l2_record(
    planned: PlannedWeight, values: NDArray[Any], options: WeightTileOptions
) -> TileArray:
    """The record of what the limits cut off a kernel: norms over all its in_channels.

    Args:
        planned: a weight with in_channels on an axis after its filters or units.
        values: its values, in the shape of the variable.
        options: limits, which hold for filters and sides.

    Returns:
        The kernel's axes without ``in_channel``; each value is the L2 norm over all in_channels
        of one cell of one filter.
    """
    layout = planned.weight.layout
    axis = _summed_axis(layout)
    if axis is None:
        raise ValueError(f"The weight {planned.key!r} of axes {layout.axes} has no in_channels.")
    shape, axes = _without_axis(layout.shape, axis), _without_axis(layout.axes, axis)
    # Filters that are not shown need no norms.
    kept = kept_grid_shape(shape[: axes.index("height")], options.max_tiles)
    kept = (*kept[:axis], layout.shape[axis], *kept[axis:])
    laid_out = layout.apply(as_real_numbers(values))[tuple(slice(length) for length in kept)]
    record = build_tile_array(
        compute_l2_norms(laid_out, axis),
        axes,
        labels={
            name: texts[: kept[layout.axes.index(name)]]
            for name, texts in layout.labels.items()
            if name in axes
        },
        represents=layout.represents,
        meaning="non_negative",
        precision=options.precision,
        max_tiles=options.max_tiles,
        max_tile_side=options.max_tile_side,
        notes=(
            f"L2 norm over all {layout.shape[axis]} in_channels of each {axes[axis - 1]}",
            *layout.notes,
            *planned.weight.notes,
        ),
        source=planned.source,
    )
    omitted = describe_omitted(axes, shape, record.values.shape)
    return replace(record, dtype=str(values.dtype), full_shape=shape, omitted=omitted)


def _summed_axis(layout: WeightLayout) -> int | None:
    """The axis of in_channels whose tiles together make a filter or unit.

    Those of a depthwise kernel come first: each makes channels of its own.
    """
    axis = layout.axes.index("in_channel") if "in_channel" in layout.axes else 0
    return axis or None


def _limits_of(layout: WeightLayout, options: WeightTileOptions) -> WeightTileOptions:
    """The limits that hold for a weight."""
    if not layout.is_vector:
        return options
    max_tiles = options.max_tiles
    if math.prod(layout.shape) <= MAX_VECTOR_VALUES:
        max_tiles = max(max_tiles, math.prod(layout.shape))
    return WeightTileOptions(max_tiles, MAX_VECTOR_VALUES, "float32")


def _estimate_bytes(
    layout: WeightLayout, shape: tuple[int, ...], axes: tuple[str, ...], options: WeightTileOptions
) -> int:
    limits = _limits_of(layout, options)
    return estimate_record_bytes(
        shape,
        axes,
        is_picture=not layout.represents,
        precision=limits.precision,
        max_tiles=limits.max_tiles,
        max_tile_side=limits.max_tile_side,
    )


def _without_axis(of_axes: tuple[Any, ...], axis: int) -> tuple[Any, ...]:
    return of_axes[:axis] + of_axes[axis + 1 :]
