"""Making a tensor small before it leaves the compiled function, so that little is copied.

The same rules as `tb_nnviz.numerics.tile_limits` has for arrays, in the backend's operations.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from typing import Any

import keras
import numpy as np


def as_float32(tensor: Any) -> Any:
    """The tensor in float32."""
    is_float32 = keras.backend.standardize_dtype(tensor.dtype) == "float32"
    return tensor if is_float32 else keras.ops.cast(tensor, "float32")


def keep_leading(tensor: Any, lengths: Sequence[int]) -> Any:
    """The first values along each axis.

    Args:
        tensor: any.
        lengths: how many to keep of each axis; as many as there are keeps the axis.
    """
    if all(length >= has for length, has in zip(lengths, tensor.shape, strict=True)):
        return tensor
    return tensor[tuple(slice(length) for length in lengths)]


def average_blocks(tensor: Any, factors: Sequence[int]) -> Any:
    """Mean of each block of so many values along each axis.

    The last block of an axis holds what is left and is averaged over its own values. NaN and
    infinities do not spread beyond their block.

    Args:
        tensor: of a float dtype.
        factors: for each axis, how many values become one; 1 leaves the axis as it is.
    """
    for axis, factor in enumerate(factors):
        if factor > 1:
            tensor = _average_axis(tensor, axis, factor)
    return tensor


def share_of_zeros(tensor: Any, axes: Sequence[int]) -> Any:
    """The share of values that are 0, over some axes, in float32."""
    is_zero = keras.ops.cast(keras.ops.equal(tensor, 0), "float32")
    return keras.ops.mean(is_zero, axis=tuple(axes)) if axes else is_zero


def _average_axis(tensor: Any, axis: int, factor: int) -> Any:
    length = int(tensor.shape[axis])
    num_blocks = math.ceil(length / factor)
    if num_blocks * factor > length:
        padding = [(0, 0)] * len(tensor.shape)
        padding[axis] = (0, num_blocks * factor - length)
        tensor = keras.ops.pad(tensor, padding)
    shape = tuple(tensor.shape)
    blocks = keras.ops.reshape(tensor, (*shape[:axis], num_blocks, factor, *shape[axis + 1 :]))
    starts = np.arange(0, length, factor)
    counts = (np.minimum(starts + factor, length) - starts).astype(np.float32)
    counts = counts.reshape([-1 if place == axis else 1 for place in range(len(shape))])
    return keras.ops.sum(blocks, axis=axis + 1) / keras.ops.convert_to_tensor(
        counts, dtype=tensor.dtype
    )
