"""A layout as data, and the layouts of weights of which nothing but the shape is known.

Knows shapes and names of axes; knows neither Keras nor layers.
"""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from numpy.typing import NDArray

_TILE_RANK = 2


@dataclass(frozen=True)
class WeightLayout:
    """How a weight becomes an array with named axes. Every value has one place in it.

    Attributes:
        split_shape: the weight is reshaped to this first.
        order: then its axes are transposed so.
        shape: then it is reshaped to this.
        axes: names of the axes of ``shape``.
        represents: what height and width are where they are no places in a picture.
        labels: for some axes, a text for each index, such as the names of gates.
        notes: sentences to show.
        is_vector: a scalar, or strips of one value for each unit or channel: few enough to be
            kept whole and exact.
    """

    split_shape: tuple[int, ...]
    order: tuple[int, ...]
    shape: tuple[int, ...]
    axes: tuple[str, ...]
    represents: Mapping[str, str] = field(default_factory=dict)
    labels: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    notes: tuple[str, ...] = ()
    is_vector: bool = False

    def apply(self, weight: NDArray[Any]) -> NDArray[Any]:
        """The weight laid out; a view where NumPy allows."""
        return weight.reshape(self.split_shape).transpose(self.order).reshape(self.shape)


def layout_scalar(shape: tuple[int, ...]) -> WeightLayout:
    """Layout of a single value, whatever its rank: one tile of one cell."""
    order = tuple(range(len(shape)))
    return WeightLayout(shape, order, (1, 1), ("height", "width"), is_vector=True)


def layout_strip(shape: tuple[int, ...], represents: str) -> WeightLayout:
    """Layout of a vector: one strip of height 1.

    Args:
        shape: of the weight; all its values come in their order.
        represents: what a place in the strip is, such as ``unit``.
    """
    strip = (1, math.prod(shape))
    order = tuple(range(len(shape)))
    axes = ("height", "width")
    return WeightLayout(shape, order, strip, axes, {"width": represents}, is_vector=True)


def layout_matrix(
    shape: tuple[int, ...], rows: str, columns: str, notes: tuple[str, ...] = ()
) -> WeightLayout:
    """Layout of a matrix: one tile, with a row and a column for each index.

    Args:
        shape: of the weight, of rank 2.
        rows: what a row is.
        columns: what a column is.
        notes: see `WeightLayout`.
    """
    represents = {"height": rows, "width": columns}
    return WeightLayout(shape, (0, 1), shape, ("height", "width"), represents, notes=notes)


def layout_positions(
    shape: tuple[int, ...],
    positions: Sequence[int],
    grid_axes: Mapping[str, int],
    notes: tuple[str, ...] = (),
) -> WeightLayout:
    """Layout of a weight some of whose axes are places in a picture, a sequence or a volume.

    Two such axes are height and width; one is the width of strips of height 1; of three the first
    is a grid axis ``depth``.

    Args:
        shape: of the weight.
        positions: which of its axes are places, 1 to 3 of them.
        grid_axes: names of the grid axes, and which axis of the weight each is.
        notes: see `WeightLayout`.
    """
    order = (*grid_axes.values(), *positions)
    tile = tuple(shape[axis] for axis in positions)
    grid = tuple(shape[axis] for axis in grid_axes.values())
    if len(positions) == 1:
        axes = (*grid_axes, "height", "width")
        strips = (*grid, 1, *tile)
        return WeightLayout(shape, order, strips, axes, {"width": "position"}, notes=notes)
    axes = (*grid_axes, *("depth", "height", "width")[-len(positions) :])
    return WeightLayout(shape, order, (*grid, *tile), axes, notes=notes)


def is_flat(shape: tuple[int, ...]) -> bool:
    """Whether a shape is that of a vector or scalar: all axes but one, or all, have length 1."""
    return len(shape) <= 1 or sum(length != 1 for length in shape) <= 1


def layout_by_shape(shape: tuple[int, ...]) -> WeightLayout:
    """Layout of a weight of which only the shape is known.

    Args:
        shape: of the weight.

    Returns:
        One cell for a single value, a strip for a vector, of whatever rank; a matrix for two axes;
        of more, the last two are height and width, the others grid axes ``axis_0``, ``axis_1``, ….
    """
    if is_flat(shape):
        is_single = math.prod(shape) == 1 and len(shape) != 1
        return layout_scalar(shape) if is_single else layout_strip(shape, "index")
    names = [f"axis_{axis}" for axis in range(len(shape))]
    axes = (*names[:-_TILE_RANK], "height", "width")
    represents = {"height": names[-2], "width": names[-1]}
    return WeightLayout(shape, tuple(range(len(shape))), shape, axes, represents)
