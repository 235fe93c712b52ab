"""The inputs that a model is looked into with: flat arrays, and how the model takes them.

Knows arrays, lists and dicts; knows no backend.
"""

from __future__ import annotations

import math
import warnings
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

import keras
import numpy as np
from numpy.typing import NDArray

from tb_nnviz.model.backends import TensorSpec
from tb_nnviz.model.error_text import first_words

_TEXT_KINDS = "OSU"


@dataclass(frozen=True)
class ProbeInputs:
    """Samples, as a model takes them.

    Attributes:
        arrays: one for each input, the first axis over samples.
        structure: the list, tuple or dict, or the one array, that they came in.
    """

    arrays: tuple[NDArray[Any], ...]
    structure: Any

    @property
    def num_samples(self) -> int:
        """How many samples there are, at least 1."""
        return len(self.arrays[0])

    def describe(self) -> str:
        """Shapes without the axis over samples, and dtypes, in words."""
        return ", ".join(f"{array.shape[1:]} {_dtype_name(array)}" for array in self.arrays)

    def specs(self, batch_size: int) -> tuple[TensorSpec, ...]:
        """Shapes and types of a batch."""
        return tuple(
            TensorSpec((batch_size, *array.shape[1:]), _dtype_name(array)) for array in self.arrays
        )

    def batches(self, batch_size: int) -> Iterator[tuple[slice, list[NDArray[Any]]]]:
        """Which samples, and a batch of them; the last is filled up with its last sample."""
        for number in range(math.ceil(self.num_samples / batch_size)):
            chosen = slice(number * batch_size, min((number + 1) * batch_size, self.num_samples))
            yield chosen, [_fill_up(array[chosen], batch_size) for array in self.arrays]

    def pack(self, tensors: list[Any]) -> Any:
        """Tensors in the structure of the inputs."""
        return keras.tree.pack_sequence_as(self.structure, tensors)


def read_inputs(inputs: Any) -> ProbeInputs:
    """The inputs as flat arrays, in the types that `Model.predict` gives to the model.

    Args:
        inputs: an array, or a list, tuple or dict of arrays, as the model takes them; the first
            axis is over samples.

    Raises:
        TypeError: they are none of these.
        ValueError: there is no sample, or not as many for each input.
    """
    structure: Any = dict(inputs) if isinstance(inputs, Mapping) else inputs
    flat = flatten_inputs(structure)
    if not flat or not all(hasattr(each, "shape") and hasattr(each, "dtype") for each in flat):
        kinds = ", ".join(sorted({type(each).__name__ for each in flat})) or "nothing"
        raise TypeError(
            "The `inputs` argument must be an array, or a list or dict of arrays, as the model "
            f"takes them; got {type(inputs).__name__} of {kinds}."
        )
    arrays = tuple(_as_array(each) for each in flat)
    lengths = {array.shape[:1] for array in arrays}
    if len(lengths) > 1 or lengths <= {(), (0,)}:
        shapes = ", ".join(str(array.shape) for array in arrays)
        raise ValueError(
            "The `inputs` argument must have a first axis over at least one sample, as many for "
            f"each input; got shapes {shapes}."
        )
    return ProbeInputs(arrays, structure)


def flatten_inputs(structure: Any) -> list[Any]:
    """What is in a list, tuple or dict, which may be nested, in the order of `ProbeInputs.arrays`.

    Args:
        structure: of arrays, or an array alone.
    """
    if not isinstance(structure, (Mapping, list, tuple)):
        return [structure]
    flat: list[Any] = keras.tree.flatten(
        dict(structure) if isinstance(structure, Mapping) else structure
    )
    return flat


def call_model(model: Any, inputs: ProbeInputs, tensors: list[Any]) -> Any:
    """What a model makes of tensors at inference.

    Args:
        model: a built model.
        inputs: what the tensors stand for.
        tensors: one for each of its arrays.

    Raises:
        ValueError: the model raises, whatever it raises.
    """
    try:
        with warnings.catch_warnings():
            # A list of one array for a model of one input, and the like: training says it too.
            warnings.filterwarnings("ignore", "The structure of `inputs` doesn't match")
            return model(inputs.pack(tensors), training=False)
    except Exception as error:
        raise ValueError(_not_accepted(model, inputs, error)) from error


def _as_array(values: Any) -> NDArray[Any]:
    array = values if isinstance(values, np.ndarray) else keras.ops.convert_to_numpy(values)
    is_float = array.dtype.kind == "f" or array.dtype.name == "bfloat16"
    return np.asarray(array, keras.config.floatx()) if is_float else np.asarray(array)


def _dtype_name(array: NDArray[Any]) -> str:
    return "string" if array.dtype.kind in _TEXT_KINDS else array.dtype.name


def _fill_up(array: NDArray[Any], length: int) -> NDArray[Any]:
    missing = length - len(array)
    return np.concatenate([array, np.repeat(array[-1:], missing, axis=0)]) if missing else array


def _not_accepted(model: Any, inputs: ProbeInputs, error: Exception) -> str:
    try:
        accepted = [
            f"{tuple(tensor.shape)[1:]} {keras.backend.standardize_dtype(tensor.dtype)}"
            for tensor in model.inputs or ()
        ]
    except (AttributeError, ValueError):  # early versions of Keras raise where there are none
        accepted = []
    says = f"; it accepts {', '.join(accepted)}" if accepted else ""
    return (
        f"The model {model.name!r} does not accept the inputs: got samples of shape "
        f"{inputs.describe()}{says}. {type(error).__name__}: {first_words(error)}"
    )
