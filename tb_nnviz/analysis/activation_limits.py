"""What the limits leave of a layer's output: one rule, by its shape alone.

So it is the same at every step and in every run. Knows no model and no values.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass

from tb_nnviz.analysis.weight_tiles import MAX_VECTOR_VALUES
from tb_nnviz.model.activation_layouts import ActivationLayout
from tb_nnviz.numerics.tile_limits import averaging_factors, kept_grid_shape
from tb_nnviz.records.omissions import describe_omitted
from tb_nnviz.records.tile_array import DEFAULT_MAX_TILE_SIDE

DEFAULT_MAX_CHANNELS = 64


@dataclass(frozen=True)
class ActivationOptions:
    """Limits of what is logged of each layer.

    Attributes:
        max_channels: the first so many channels (or heads) are kept; depth slices or steps
            count as well, and are kept before channels.
        max_tile_side: longer sides are averaged over whole blocks of cells.
    """

    max_channels: int = DEFAULT_MAX_CHANNELS
    max_tile_side: int = DEFAULT_MAX_TILE_SIDE


@dataclass(frozen=True)
class ActivationCut:
    """What is left of an output.

    Attributes:
        lengths: how many values of each axis are kept.
        factors: for each axis, how many of them become one by averaging.
        omitted: what is not shown, in words.
    """

    lengths: tuple[int, ...]
    factors: tuple[int, ...]
    omitted: tuple[str, ...]

    @property
    def shape(self) -> tuple[int, ...]:
        """Lengths of the axes that come out."""
        pairs = zip(self.lengths, self.factors, strict=True)
        return tuple(math.ceil(length / factor) for length, factor in pairs)


def cut_activation(
    shape: Sequence[int], layout: ActivationLayout, options: ActivationOptions
) -> ActivationCut:
    """What the limits leave of an output of this shape.

    Args:
        shape: of the output, its samples included; all of them are kept.
        layout: what its axes are.
        options: limits. A vector is kept whole up to `MAX_VECTOR_VALUES`.
    """
    lengths, factors = list(shape), [1] * len(shape)
    if layout.is_vector:
        width = layout.order[-1]
        if width is not None:
            factors[width] = math.ceil(shape[width] / MAX_VECTOR_VALUES) or 1
    if layout.channel is not None:
        slices = 1 if layout.slices is None else shape[layout.slices]
        kept = kept_grid_shape((slices, shape[layout.channel]), options.max_channels)
        lengths[layout.channel] = kept[1]
        if layout.slices is not None:
            lengths[layout.slices] = kept[0]
    sides = [shape[axis] for axis in layout.averaged]
    if sides:
        rows, columns = averaging_factors(
            sides[0], sides[-1], options.max_tile_side, keep_aspect=not layout.represents
        )
        for axis, factor in zip(layout.averaged, (rows, columns), strict=False):
            factors[axis] = factor
    cut = ActivationCut(tuple(lengths), tuple(factors), ())
    return ActivationCut(cut.lengths, cut.factors, _describe(shape, cut, layout))


def _describe(
    shape: Sequence[int], cut: ActivationCut, layout: ActivationLayout
) -> tuple[str, ...]:
    """Sentences on what is left out; channels that are columns of a matrix by their number."""
    full, shown = layout.lay_out(shape), layout.lay_out(cut.shape)
    axes = layout.axes
    if layout.channel is None or layout.order[-1] != layout.channel:
        return describe_omitted(axes, full, shown)
    kept, channels = cut.lengths[layout.channel], shape[layout.channel]
    rows = describe_omitted(axes, (*full[:-1], kept), shown)
    return (*describe_omitted(("channel", "height"), (channels, 1), (kept, 1)), *rows)
