"""Values of weights in a dtype that the numerics and the records know."""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray

_NUMERIC_KINDS = "biuf"
_BUILT_IN = 1


def as_real_numbers(values: NDArray[Any]) -> NDArray[Any]:
    """The values as they are, or in float32 where their dtype is none of NumPy's own.

    The floats and integers of 8 and fewer bits, which other packages add to NumPy, are numbers
    to it in name only; float32 holds all of them exactly.

    Args:
        values: real numbers of any dtype.
    """
    is_built_in = values.dtype.isbuiltin == _BUILT_IN and values.dtype.kind in _NUMERIC_KINDS
    return values if is_built_in or values.dtype.name == "bfloat16" else values.astype(np.float32)
