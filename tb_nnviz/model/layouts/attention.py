"""Layouts of the projections of attention layers, a tile for each head."""

from __future__ import annotations

import math

from tb_nnviz.model.layouts.layout import WeightLayout


def layout_head_projection(shape: tuple[int, ...], columns: str) -> WeightLayout:
    """Layout of a kernel ``(inputs, heads, size)`` that projects the input onto each head.

    Args:
        shape: of the kernel.
        columns: what a column of a head's matrix is: ``key`` or ``value``.
    """
    inputs, heads, size = shape
    represents = {"height": "input", "width": columns}
    axes = ("head", "height", "width")
    return WeightLayout(shape, (1, 0, 2), (heads, inputs, size), axes, represents)


def layout_head_output(shape: tuple[int, ...]) -> WeightLayout:
    """Layout of a kernel ``(heads, size, …outputs)`` that joins the heads."""
    heads, size, *outputs = shape
    tiles = (heads, size, math.prod(outputs))
    represents = {"height": "value", "width": "output"}
    axes = ("head", "height", "width")
    return WeightLayout(tiles, (0, 1, 2), tiles, axes, represents)


def layout_head_bias(shape: tuple[int, ...], columns: str) -> WeightLayout:
    """Layout of a bias ``(heads, size)``: a strip for each head.

    Args:
        shape: of the bias.
        columns: what a place in the strip is: ``key`` or ``value``.
    """
    heads, size = shape
    axes = ("head", "height", "width")
    represents = {"width": columns}
    return WeightLayout(shape, (0, 1), (heads, 1, size), axes, represents, is_vector=True)
