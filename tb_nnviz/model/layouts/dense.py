"""Layout of the kernels of Dense layers."""

from __future__ import annotations

from tb_nnviz.model.input_pictures import Picture
from tb_nnviz.model.layouts.layout import WeightLayout, layout_matrix


def layout_dense(shape: tuple[int, ...], picture: Picture | None) -> WeightLayout:
    """Layout of a Dense kernel ``(inputs, units)``.

    Args:
        shape: of the kernel.
        picture: what the inputs are, or None.

    Returns:
        ``(unit, height, width)`` for a picture of one channel, with ``color`` for the
        model's own three channels, ``(unit, in_channel, height, width)`` for feature maps;
        else one matrix, a row for each input and a column for each unit.
    """
    inputs, units = shape
    if picture is None or picture.num_values != inputs:
        return layout_matrix(shape, "input", "unit")
    axes: tuple[str, ...]
    height, width, channels = picture.height, picture.width, picture.channels
    if picture.is_by_columns:
        axes = ("unit", "height", "width")
        return WeightLayout((width, height, units), (2, 1, 0), (units, height, width), axes)
    split = (height, width, channels, units)
    if picture.is_color:
        axes = ("unit", "height", "width", "color")
        return WeightLayout(split, (3, 0, 1, 2), (units, height, width, channels), axes)
    if channels == 1:
        axes = ("unit", "height", "width")
        return WeightLayout(split, (3, 2, 0, 1), (units, height, width), axes)
    axes = ("unit", "in_channel", "height", "width")
    return WeightLayout(split, (3, 2, 0, 1), (units, channels, height, width), axes)
