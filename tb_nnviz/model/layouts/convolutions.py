"""Layouts of the kernels of convolutions. Kernels of one position are one matrix."""

from __future__ import annotations

import math

from tb_nnviz.model.layouts.layout import WeightLayout, layout_matrix, layout_positions


def layout_convolution(
    shape: tuple[int, ...], *, groups: int = 1, outputs: str = "filter"
) -> WeightLayout:
    """Layout of a kernel ``(…positions, in_channels, filters)`` of 1 to 3 dimensions.

    Args:
        shape: of the kernel.
        groups: of the convolution; in_channels are those of one group.
        outputs: what the last axis is.
    """
    *positions, in_channels, filters = shape
    notes = () if groups == 1 else (f"in_channels are those of one of {groups} groups",)
    if math.prod(positions) == 1:
        return layout_matrix((in_channels, filters), "in_channel", outputs, notes)
    rank = len(positions)
    grid_axes = {outputs: rank + 1, "in_channel": rank}
    return layout_positions(shape, range(rank), grid_axes, notes)


def layout_transposed_convolution(shape: tuple[int, ...]) -> WeightLayout:
    """Layout of a kernel ``(…positions, filters, in_channels)`` of 1 to 3 dimensions."""
    *positions, filters, in_channels = shape
    if math.prod(positions) == 1:
        represents = {"height": "in_channel", "width": "filter"}
        matrix = (in_channels, filters)
        return WeightLayout((filters, in_channels), (1, 0), matrix, ("height", "width"), represents)
    rank = len(positions)
    return layout_positions(shape, range(rank), {"filter": rank, "in_channel": rank + 1})


def layout_depthwise(shape: tuple[int, ...]) -> WeightLayout:
    """Layout of a kernel ``(…positions, in_channels, multiplier)``."""
    rank = len(shape) - 2
    return layout_positions(shape, range(rank), {"in_channel": rank, "multiplier": rank + 1})
