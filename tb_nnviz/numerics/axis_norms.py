"""L2 norms along one axis of a large array, in little memory."""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray

from tb_nnviz.numerics.quantization import Float64Array

# Cells that are squared at a time: 1 MiB of float64.
_CELLS_PER_BLOCK = 1 << 17


def compute_l2_norms(values: NDArray[Any], axis: int) -> Float64Array:
    """Square root of the sum of squares along an axis.

    Squares and sums are float64, of a bounded part of the array at a time. A NaN or an infinity
    makes the norms it takes part in NaN or infinite, and no others.

    Args:
        values: real numbers of any shape.
        axis: which axis goes.

    Returns:
        The norms, in the shape that is left.
    """
    lines = np.moveaxis(values, axis, 0)
    sums: Float64Array = np.zeros(lines.shape[1:])
    per_block = max(1, _CELLS_PER_BLOCK // max(1, sums.size))
    for start in range(0, len(lines), per_block):
        block = lines[start : start + per_block].astype(np.float64)
        with np.errstate(over="ignore"):  # what float64 cannot hold is infinite
            sums += np.square(block, out=block).sum(axis=0)
    norms: Float64Array = np.sqrt(sums)
    return norms
