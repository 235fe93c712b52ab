"""How the kernels of each type of layer are laid out as tiles.

A layout is data: reshape, transpose, reshape, and the names of the resulting axes. The
rule for shapes: two-dimensional kernels are tiles of height and width; one-dimensional
ones are strips of height 1; three-dimensional ones get a grid axis ``depth``. Kernels of
a single position (1x1) and Dense kernels without a picture before them are one matrix.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from functools import partial
from typing import Any

from keras import layers
from numpy.typing import NDArray

from tb_nnviz.model.input_pictures import Picture, find_input_picture
from tb_nnviz.model.layers import LayerEntry

# The rank of the kernels of each type: positions, in_channels, and filters or multiplier.
_CONVOLUTIONS = {layers.Conv1D: 3, layers.Conv2D: 4, layers.Conv3D: 5}
_DEPTHWISE = {layers.DepthwiseConv1D: 3, layers.DepthwiseConv2D: 4}
_SEPARABLE = {layers.SeparableConv1D: 3, layers.SeparableConv2D: 4}


@dataclass(frozen=True)
class KernelLayout:
    """How a kernel becomes an array with named axes.

    Attributes:
        split_shape: the kernel is reshaped to this first.
        order: then its axes are transposed so.
        shape: then it is reshaped to this.
        axes: names of the axes of ``shape``.
        represents: what height and width are where they are no places in a picture.
        notes: sentences to show.
    """

    split_shape: tuple[int, ...]
    order: tuple[int, ...]
    shape: tuple[int, ...]
    axes: tuple[str, ...]
    represents: Mapping[str, str] = field(default_factory=dict)
    notes: tuple[str, ...] = ()

    def apply(self, kernel: NDArray[Any]) -> NDArray[Any]:
        """The kernel laid out; a view where NumPy allows."""
        return kernel.reshape(self.split_shape).transpose(self.order).reshape(self.shape)


@dataclass(frozen=True)
class Kernel:
    """A kernel of a layer and its layout.

    Attributes:
        role: its name in the layer.
        path: Keras' own path of it.
        shape: its shape there.
        layout: how it is laid out.
    """

    role: str
    path: str
    shape: tuple[int, ...]
    layout: KernelLayout


def find_kernels(entry: LayerEntry, outer_inputs: Mapping[int, Any]) -> list[Kernel]:
    """The kernels of a layer; [] where it has none that can be laid out.

    Args:
        entry: any layer; one that the model never calls is not built and has none.
        outer_inputs: see `tb_nnviz.model.input_pictures.map_nested_inputs`.
    """
    layer = entry.layer
    if not layer.built:
        return []
    if isinstance(layer, layers.Dense):
        return _kernel(
            layer,
            "kernel",
            2,
            lambda shape: layout_dense(shape, find_input_picture(layer, outer_inputs)),
        )
    for layer_type, rank in _CONVOLUTIONS.items():
        if isinstance(layer, layer_type):
            lay_out = partial(layout_convolution, groups=layer.groups)
            return _kernel(layer, "kernel", rank, lay_out)
    for layer_type, rank in _DEPTHWISE.items():
        if isinstance(layer, layer_type):
            return _kernel(layer, "kernel", rank, layout_depthwise)
    for layer_type, rank in _SEPARABLE.items():
        if isinstance(layer, layer_type):
            return [
                *_kernel(layer, "depthwise_kernel", rank, layout_depthwise),
                *_kernel(layer, "pointwise_kernel", rank, layout_convolution),
            ]
    return []


def layout_dense(shape: tuple[int, ...], picture: Picture | None) -> KernelLayout:
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
        return _layout_matrix(inputs, units, {"height": "input", "width": "unit"})
    axes: tuple[str, ...]
    height, width, channels = picture.height, picture.width, picture.channels
    if picture.is_by_columns:
        axes = ("unit", "height", "width")
        return KernelLayout((width, height, units), (2, 1, 0), (units, height, width), axes)
    split = (height, width, channels, units)
    if picture.is_color:
        axes = ("unit", "height", "width", "color")
        return KernelLayout(split, (3, 0, 1, 2), (units, height, width, channels), axes)
    if channels == 1:
        axes = ("unit", "height", "width")
        return KernelLayout(split, (3, 2, 0, 1), (units, height, width), axes)
    axes = ("unit", "in_channel", "height", "width")
    return KernelLayout(split, (3, 2, 0, 1), (units, channels, height, width), axes)


def layout_convolution(shape: tuple[int, ...], *, groups: int = 1) -> KernelLayout:
    """Layout of a kernel ``(…positions, in_channels, filters)`` of 1 to 3 dimensions.

    Args:
        shape: of the kernel.
        groups: of the convolution; in_channels are those of one group.
    """
    *positions, in_channels, filters = shape
    notes = () if groups == 1 else (f"in_channels are those of one of {groups} groups",)
    if math.prod(positions) == 1:
        represents = {"height": "in_channel", "width": "filter"}
        return _layout_matrix(in_channels, filters, represents, notes)
    rank = len(positions)
    return _layout_positions(shape, {"filter": rank + 1, "in_channel": rank}, notes)


def layout_depthwise(shape: tuple[int, ...]) -> KernelLayout:
    """Layout of a kernel ``(…positions, in_channels, multiplier)``."""
    rank = len(shape) - 2
    return _layout_positions(shape, {"in_channel": rank, "multiplier": rank + 1}, ())


def _layout_positions(
    shape: tuple[int, ...], grid_axes: Mapping[str, int], notes: tuple[str, ...]
) -> KernelLayout:
    """Layout of a kernel whose first axes are positions.

    Args:
        shape: of the kernel.
        grid_axes: names of the grid axes, and which axis of the kernel each is.
        notes: see `KernelLayout`.
    """
    rank = len(shape) - len(grid_axes)
    order = (*grid_axes.values(), *range(rank))
    grid_shape = tuple(shape[axis] for axis in grid_axes.values())
    if rank == 1:
        strip = (*grid_shape, 1, shape[0])
        axes = (*grid_axes, "height", "width")
        return KernelLayout(shape, order, strip, axes, {"width": "position"}, notes)
    axes = (*grid_axes, *("depth", "height", "width")[-rank:])
    return KernelLayout(shape, order, (*grid_shape, *shape[:rank]), axes, {}, notes)


def _layout_matrix(
    rows: int, columns: int, represents: Mapping[str, str], notes: tuple[str, ...] = ()
) -> KernelLayout:
    shape = (rows, columns)
    return KernelLayout(shape, (0, 1), shape, ("height", "width"), represents, notes)


def _kernel(
    layer: Any, role: str, rank: int, lay_out: Callable[[tuple[int, ...]], KernelLayout]
) -> list[Kernel]:
    """The kernel of that name; [] where a subclass of the layer keeps no such one."""
    kernel = getattr(layer, role, None)
    shape = tuple(getattr(kernel, "shape", ()))
    if len(shape) != rank:
        return []
    # With LoRA it is a tensor, which has no path.
    path = getattr(kernel, "path", f"{layer.name}/{role}")
    return [Kernel(role, path, shape, lay_out(shape))]
