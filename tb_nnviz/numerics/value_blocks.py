"""An array's values in pieces that stay in a core's cache, as floats that hold them."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import numpy as np
from numpy.typing import NDArray

AnyFloats = NDArray[np.floating[Any]]

# Also how many values are looked at between two chances for another thread.
VALUES_PER_BLOCK = 1 << 16


def value_blocks(values: NDArray[Any]) -> Iterator[AnyFloats]:
    """The values in C order, one-dimensional pieces of them.

    Args:
        values: real numbers of any shape and dtype.

    Yields:
        float32 where that holds every value of the dtype, else float64, to which 64-bit
        integers beyond 2**53 are rounded. Not to be written to: it may be the array itself.
    """
    flat = values.reshape(-1)
    dtype = np.float32 if _fits_float32(values.dtype) else np.float64
    for start in range(0, flat.size, VALUES_PER_BLOCK):
        yield flat[start : start + VALUES_PER_BLOCK].astype(dtype, copy=False)


def _fits_float32(dtype: np.dtype[Any]) -> bool:
    if dtype.kind in "biu":
        return dtype.itemsize <= 2  # noqa: PLR2004 - 16 bits, of float32's 24
    return dtype.itemsize <= 4  # noqa: PLR2004 - float16, bfloat16 and float32 itself
