"""Arrays of samples and targets, in whatever they are held: as NumPy's, and some rows of them."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Any

import keras
import numpy as np
from numpy.typing import NDArray

from tb_nnviz.model.sample_panel import named_inputs


def split(data: Any) -> tuple[Any, Any]:
    """The inputs and the targets in ``(x, y)``, ``(x, y, sample_weight)`` or x alone."""
    if not isinstance(data, tuple):
        return data, None
    return data[0], data[1] if len(data) > 1 else None


def named_targets(targets: Any) -> list[tuple[str, Any]]:
    """The targets of each output by name; "" where there is one."""
    if targets is None:
        return []
    if isinstance(targets, (list, tuple)) and not any(hasattr(one, "shape") for one in targets):
        targets = np.asarray(targets)
    pairs = named_inputs(targets)
    return [("", pairs[0][1])] if len(pairs) == 1 else pairs


def map_arrays(structure: Any, function: Callable[[Any], Any]) -> Any:
    """The same structure with each of its arrays made into another, in the order of `named_inputs`.

    Lists stay lists and tuples tuples, for a model may ask for either.
    """
    if isinstance(structure, Mapping):
        return {name: map_arrays(member, function) for name, member in structure.items()}
    if isinstance(structure, (list, tuple)):
        members = [map_arrays(member, function) for member in structure]
        if hasattr(structure, "_fields"):  # a named tuple
            return type(structure)(*members)
        return tuple(members) if isinstance(structure, tuple) else members
    return function(structure)


def take(array: Any, indices: Sequence[int]) -> NDArray[Any]:
    """A copy of some rows of anything that can be sliced."""
    if isinstance(array, np.ndarray):
        return np.asarray(array[list(indices)])
    return stack([np.asarray(as_numpy(array[index : index + 1])[0]) for index in indices])


def stack(rows: Sequence[NDArray[Any]]) -> NDArray[Any]:
    """Samples as one array; raises `ValueError` unless they have one shape."""
    shapes = {row.shape for row in rows}
    if len(shapes) > 1:
        raise ValueError(
            f"Samples must have one shape, for they are shown as one batch; got {sorted(shapes)}. "
            "Pad or resize them, or pass samples of one shape as `samples`."
        )
    return np.stack(rows)


def as_numpy(array: Any) -> NDArray[Any]:
    """The values; raises `TypeError` where NumPy cannot read them."""
    if hasattr(array, "toarray"):  # sparse matrices of SciPy
        array = array.toarray()
    try:
        if keras.ops.is_tensor(array) and "string" not in str(getattr(array, "dtype", "")):
            return np.asarray(keras.ops.convert_to_numpy(array))
        return np.asarray(array)
    except Exception as error:
        raise TypeError(
            f"Samples must be arrays that NumPy can read; got {type(array).__name__}, which it "
            f"cannot ({error}). Pass NumPy arrays as `samples`."
        ) from error


def standardized(array: NDArray[Any]) -> NDArray[Any]:
    """As model.fit hands arrays on: floating-point numbers in Keras' own precision."""
    is_float = array.dtype.kind == "f" or array.dtype.name == "bfloat16"
    return array.astype(keras.config.floatx(), copy=False) if is_float else array
