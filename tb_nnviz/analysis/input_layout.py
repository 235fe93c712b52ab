"""How what has the shape of a model's input is laid out as tiles: pictures, sequences, vectors.

One rule for the samples and for whatever is logged of them cell by cell, so that each cell stands
where its sample's does. Knows shapes and arrays; knows no limits.
"""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from tb_nnviz.records import Meaning
from tb_nnviz.records.axes import COLOR_CHANNELS

_VECTOR, _MATRIX, _VOLUME = 1, 2, 4


@dataclass(frozen=True)
class InputLayout:
    """Axes of an input as tiles.

    Attributes:
        shape: of the input, without the axis over samples.
        axes: of the laid out array; ``sample`` is the first.
        represents: what rows and columns are where they are no places in a picture.
        meaning: of the input's own values.
        channels_first: whether channels come before height and width in the input.
    """

    shape: tuple[int, ...]
    axes: tuple[str, ...]
    represents: Mapping[str, str]
    meaning: Meaning
    channels_first: bool

    @property
    def is_strip(self) -> bool:
        """Whether each sample is one row."""
        return len(self.shape) <= _VECTOR

    def lay_out(self, array: NDArray[Any]) -> NDArray[Any]:
        """An array of the input's shape with one axis for each of `axes`.

        Args:
            array: ``(samples, *shape)``.
        """
        if self.is_strip:
            return array.reshape(len(array), 1, math.prod(self.shape))
        if len(self.shape) == _MATRIX:
            return array
        if self.channels_first:
            array = np.moveaxis(array, 1, -1)
        if self.axes[-1] == "color":
            return array
        return np.moveaxis(array, -1, 1) if "channel" in self.axes else array[..., 0]


def find_input_layout(
    shape: tuple[int, ...], *, is_sequence: bool = False, channels_first: bool = False
) -> InputLayout:
    """The layout of an input.

    Args:
        shape: without the axis over samples; at most four axes.
        is_sequence: whether two axes are ``(step, channel)`` rather than a gray picture.
        channels_first: whether channels come before height and width.
    """
    axes: tuple[str, ...] = ("sample", "height", "width")
    if len(shape) <= _VECTOR:
        return InputLayout(shape, axes, {"width": "input"}, "signed", channels_first=False)
    if len(shape) == _MATRIX:
        represents = {"height": "step", "width": "channel"} if is_sequence else {}
        meaning: Meaning = "signed" if is_sequence else "image"
        return InputLayout(shape, axes, represents, meaning, channels_first=False)
    num_channels = shape[0] if channels_first else shape[-1]
    depth = ("depth",) if len(shape) == _VOLUME else ()
    if num_channels == COLOR_CHANNELS:
        axes = ("sample", *depth, "height", "width", "color")
    elif num_channels == 1:
        axes = ("sample", *depth, "height", "width")
    else:
        axes = ("sample", "channel", *depth, "height", "width")
    meaning = "image" if num_channels <= COLOR_CHANNELS + 1 else "signed"
    return InputLayout(shape, axes, {}, meaning, channels_first)


def find_layout_obstacle(array: NDArray[Any]) -> str:
    """Why samples of an input are no tiles, in words; "" where they are.

    Args:
        array: ``(samples, …)``.
    """
    if array.dtype.kind == "c":
        return (
            "they hold complex numbers, of which there is no picture. Give real and imaginary "
            "parts as two channels to see them"
        )
    if array.dtype.kind not in "biuf" and array.dtype.name != "bfloat16":
        return "they hold text or objects, no numbers"
    if array.ndim - 1 > _VOLUME:
        shape = "×".join(str(length) for length in array.shape[1:])
        return f"a sample has {array.ndim - 1} axes ({shape}), more than a volume with channels"
    return ""
