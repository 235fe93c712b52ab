"""Layouts of parameters that a layer has for each value or each channel of its input."""

from __future__ import annotations

import math

from tb_nnviz.model.layouts.layout import (
    WeightLayout,
    layout_by_shape,
    layout_matrix,
    layout_positions,
    layout_scalar,
    layout_strip,
)

_MAX_POSITION_AXES = 3


def layout_per_channel(shape: tuple[int, ...], *, is_channels_first: bool = False) -> WeightLayout:
    """Layout of parameters in the shape of a layer's input, without the batch.

    Args:
        shape: of the parameter, such as ``(height, width, channels)``; axes over which it is
            shared have length 1.
        is_channels_first: the channels are the first axis, else the last.

    Returns:
        One cell, one strip over the channels where nothing else varies, else a tile for each
        channel; a matrix of positions and channels for sequences.
    """
    if not shape:
        return layout_scalar(shape)
    rank = len(shape)
    channel_axis = 0 if is_channels_first else rank - 1
    positions = [axis for axis in range(rank) if axis != channel_axis]
    if math.prod(shape[axis] for axis in positions) == 1:
        return layout_strip(shape, "channel")
    if len(positions) == 1:
        return layout_matrix(shape, *_swapped("position", "channel", swap=is_channels_first))
    if len(positions) > _MAX_POSITION_AXES:
        return layout_by_shape(shape)
    return layout_positions(shape, positions, {"channel": channel_axis})


def _swapped(first: str, second: str, *, swap: bool) -> tuple[str, str]:
    return (second, first) if swap else (first, second)
