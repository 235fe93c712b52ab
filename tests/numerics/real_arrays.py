"""Arrays of real numbers of every dtype, and their bins counted in whole numbers."""

from __future__ import annotations

from collections import Counter
from typing import Any

import ml_dtypes
import numpy as np
from hypothesis import strategies as st
from hypothesis.extra import numpy as hnp
from numpy.typing import NDArray

_INTEGERS = ["int8", "uint8", "int16", "uint16", "int32", "uint32", "int64", "uint64"]


@st.composite
def real_arrays(draw: st.DrawFn, max_size: int = 40) -> NDArray[Any]:
    """Any numbers of any dtype; or numbers close to one another, far from 0 or not."""
    shape = draw(hnp.array_shapes(min_dims=0, max_dims=2, min_side=0, max_side=max_size // 6))
    kind = draw(st.sampled_from(["any", "close", "bfloat16", "integers"]))
    if kind == "integers":
        return draw(hnp.arrays(draw(st.sampled_from([*_INTEGERS, "bool"])), shape))
    if kind == "bfloat16":
        values = draw(hnp.arrays(np.float32, shape, elements=st.floats(width=32)))
        with np.errstate(all="ignore"):
            return values.astype(ml_dtypes.bfloat16)
    dtype = draw(st.sampled_from([np.float16, np.float32, np.float64]))
    if kind == "any":
        width = 8 * np.dtype(dtype).itemsize
        return draw(hnp.arrays(dtype, shape, elements=st.floats(width=width)))  # type: ignore[arg-type]
    random = np.random.default_rng(draw(st.integers(0, 2**32 - 1)))
    centre = draw(st.floats(-1e4, 1e4))
    spread = 2.0 ** draw(st.integers(-60, 10))
    with np.errstate(all="ignore"):
        return np.asarray(centre + spread * random.normal(size=shape)).astype(dtype)


def finite_values(values: NDArray[Any]) -> list[float]:
    """The finite values as Python's floats."""
    with np.errstate(all="ignore"):
        exact = values.reshape(-1).astype(np.float64)
    return [float(value) for value in exact[np.isfinite(exact)]]


def index_of(value: float, exponent: int) -> int:
    """floor(value / 2**exponent), in whole numbers."""
    numerator, denominator = value.as_integer_ratio()
    return (numerator << max(0, -exponent)) // (denominator << max(0, exponent))


def count_directly(values: list[float], exponent: int) -> dict[int, int]:
    """By index of bin, how many values floor(value / 2**exponent) puts there."""
    return dict(Counter(index_of(value, exponent) for value in values))
