"""How much of an array an update has changed.

Knows two arrays of one shape. Works block by block: no float64 copy of a whole array is made.
"""

from __future__ import annotations

import math
from typing import Any

import numpy as np
from numpy.typing import NDArray

from tb_nnviz.numerics.quantization import Float64Array
from tb_nnviz.numerics.value_blocks import value_blocks

# Sums of squares in between have lost nothing to overflow or underflow.
_LEAST_SQUARES, _MOST_SQUARES = 2.0**-900, 2.0**900


def compute_update_ratio(values: NDArray[Any], previous: NDArray[Any]) -> float:
    """L2 norm of the change ÷ L2 norm of the values, over values finite in both arrays.

    Args:
        values: real numbers of any shape and dtype.
        previous: what they were before; the same shape.

    Returns:
        0 where nothing changed, zeros included; infinite where all values are 0 and were not;
        NaN where no value is finite in both.
    """
    change, size = _SumOfSquares(), _SumOfSquares()
    num_compared = 0
    with np.errstate(all="ignore"):  # of what is not finite or beyond float64, told apart below
        for block, earlier_block in zip(value_blocks(values), value_blocks(previous), strict=True):
            now, earlier = block.astype(np.float64), earlier_block.astype(np.float64)
            difference = now - earlier
            if not math.isfinite(np.einsum("i,i->", difference, difference)):
                both = np.isfinite(now) & np.isfinite(earlier)
                now, earlier = now[both], earlier[both]
                difference = now - earlier
            num_compared += now.size
            size.add(now)
            if np.isfinite(difference).all():
                change.add(difference)
            else:
                change.add(now / 4 - earlier / 4, factor_exponent=2)
    if num_compared == 0:
        return math.nan
    return change.root_of_ratio_to(size)


class _SumOfSquares:
    """A sum of squares that may itself be beyond float64: ``mantissa * 4**exponent``."""

    def __init__(self) -> None:
        self._mantissa = 0.0
        self._exponent = 0

    def add(self, numbers: Float64Array, factor_exponent: int = 0) -> None:
        """Adds the squares of ``numbers * 2**factor_exponent``."""
        squares, exponent = float(np.einsum("i,i->", numbers, numbers)), 0
        if not _LEAST_SQUARES < squares < _MOST_SQUARES:
            largest = float(np.abs(numbers).max(initial=0.0))
            if largest == 0:
                return
            exponent = math.frexp(largest)[1]
            scaled = np.ldexp(numbers, -exponent)
            squares = float(np.einsum("i,i->", scaled, scaled))
        exponent += factor_exponent
        if self._mantissa == 0:
            self._exponent = exponent
        top = max(self._exponent, exponent)
        self._mantissa = math.ldexp(self._mantissa, 2 * (self._exponent - top))
        self._mantissa += math.ldexp(squares, 2 * (exponent - top))
        self._exponent = top

    def root_of_ratio_to(self, other: _SumOfSquares) -> float:
        """Square root of this sum ÷ the other; 0 for 0 ÷ 0."""
        if self._mantissa == 0:
            return 0.0
        if other._mantissa == 0:
            return math.inf
        root = math.sqrt(self._mantissa) / math.sqrt(other._mantissa)
        with np.errstate(over="ignore", under="ignore"):
            return float(np.ldexp(root, self._exponent - other._exponent))
