"""How the templates on one input are laid out as tiles: pictures, colour, strips, matrices.

Knows shapes and what their axes are; knows no values.
"""

from __future__ import annotations

from tb_nnviz.model.layouts import WeightLayout
from tb_nnviz.model.linear.units import InputSpec
from tb_nnviz.records.axes import COLOR_CHANNELS

_VECTOR, _MATRIX, _PICTURE, _VOLUME = 1, 2, 3, 4


def layout_templates(num_units: int, spec: InputSpec) -> WeightLayout:
    """Layout of templates ``(unit, *shape of the input)``.

    Args:
        num_units: how many there are.
        spec: the input.

    Returns:
        ``(unit, height, width)`` for gray pictures, with ``color`` for three channels, with
        ``channel`` before height for others, and ``depth`` before it for volumes; ``(unit, 1,
        width)`` for vectors; a matrix of steps and channels for sequences; of more axes, the last
        two are height and width.
    """
    shape = (num_units, *spec.window_shape)
    rank = len(shape) - 1
    if rank == _VECTOR:
        strips = (num_units, 1, shape[1])
        return _layout(shape, (0, 1), strips, ("unit", "height", "width"), {"width": "input"})
    if rank == _MATRIX:
        represents = {"height": "step", "width": "channel"} if spec.is_sequence else {}
        return _layout(shape, (0, 1, 2), shape, ("unit", "height", "width"), represents)
    if rank in (_PICTURE, _VOLUME):
        return _layout_channels(shape, is_first=spec.is_channels_first)
    names = tuple(f"axis_{axis}" for axis in range(1, rank - 1))
    represents = {"height": f"axis_{rank - 1}", "width": f"axis_{rank}"}
    axes = ("unit", *names, "height", "width")
    return _layout(shape, tuple(range(rank + 1)), shape, axes, represents)


def _layout_channels(shape: tuple[int, ...], *, is_first: bool) -> WeightLayout:
    rank = len(shape) - 1
    channel = 1 if is_first else rank
    places = tuple(axis for axis in range(1, rank + 1) if axis != channel)
    names = ("depth", "height", "width")[-len(places) :]
    sizes = tuple(shape[axis] for axis in places)
    if shape[channel] == COLOR_CHANNELS:
        order = (0, *places, channel)
        return _layout(shape, order, (shape[0], *sizes, COLOR_CHANNELS), ("unit", *names, "color"))
    order = (0, channel, *places)
    if shape[channel] == 1:
        return _layout(shape, order, (shape[0], *sizes), ("unit", *names))
    laid_out = (shape[0], shape[channel], *sizes)
    return _layout(shape, order, laid_out, ("unit", "channel", *names))


def _layout(
    shape: tuple[int, ...],
    order: tuple[int, ...],
    laid_out: tuple[int, ...],
    axes: tuple[str, ...],
    represents: dict[str, str] | None = None,
) -> WeightLayout:
    return WeightLayout(shape, order, laid_out, axes, represents or {})
