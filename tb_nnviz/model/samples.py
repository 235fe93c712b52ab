"""What the samples given to a callback look like, and whether they fit a model.

Shapes and types only: data is never iterated where they can be had without, since reading
a pipeline may move random states that training depends on.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import keras
import numpy as np

from tb_nnviz.model.sample_arrays import map_arrays
from tb_nnviz.model.sample_panel import named_inputs
from tb_nnviz.model.user_random_states import random_states_kept


@dataclass(frozen=True)
class SampleSpec:
    """One input of the samples.

    Attributes:
        shape: with the batch axis, which is None, as is any other that varies.
        dtype: name of the dtype.
    """

    shape: tuple[int | None, ...]
    dtype: str


def describe_samples(data: Any, *, may_read: bool = True) -> Any:
    """The shapes and types of samples: a `SampleSpec`, or a list, tuple or dict of such.

    Args:
        data: a tuple ``(x, y)`` or ``(x, y, sample_weight)``, or x alone: an array, a list
            or dict of arrays, or a dataset that yields batches of such. A tuple of inputs is
            x alone where it stands in a tuple itself: ``((x1, x2),)``.
        may_read: whether a batch of a `PyDataset` may be read, which says its shapes no other
            way. Random generators that it draws from are put back after it.

    Returns:
        The description; None where it could only be had by reading.

    Raises:
        TypeError: it is none of these.
        ValueError: there is no sample.
    """
    inputs = data[0] if isinstance(data, tuple) else data
    if isinstance(inputs, keras.utils.PyDataset):
        if not may_read:
            return None
        batch = _read_first_batch(inputs)
        return describe_samples(tuple(batch) if isinstance(batch, list) else batch)
    if hasattr(inputs, "element_spec"):  # a tf.data.Dataset, without importing TensorFlow
        spec = inputs.element_spec
        spec = spec[0] if isinstance(spec, tuple) else spec
        return _describe(spec) if _has_known_ranks(spec) else None
    return _describe(inputs)


def check_samples(model: Any, samples: Any) -> None:
    """Raises `ValueError` if samples have not the shape of a built model's inputs.

    Args:
        model: any model; one without known input shapes accepts all samples.
        samples: as `describe_samples` gives them.
    """
    try:
        inputs = model.inputs
    except (AttributeError, ValueError):  # early versions of Keras raise before building
        inputs = None
    if not inputs:
        return
    expected = [tuple(tensor.shape) for tensor in inputs]
    if isinstance(samples, Mapping):
        by_name = dict(named_inputs(samples))
        ways = _named_input_shapes(model)
        missing = [[name for name in shapes if name not in by_name] for shapes in ways]
        if all(missing):
            raise ValueError(
                f"The samples (or validation_data) do not fit the model: got arrays for the inputs "
                f"{list(by_name)}; the model asks for {list(ways[0])}. Pass a dict with "
                "these keys, or a list in their order."
            )
        fits = any(_fit_by_name(by_name, shapes) for shapes in ways)
    else:
        shapes = leaf_shapes(samples)
        fits = fit_each_other(shapes, expected)
    if not fits:
        raise ValueError(
            "The samples (or validation_data) do not fit the model: got samples of shape "
            f"{without_batch(leaf_shapes(samples))}; the model accepts "
            f"{without_batch(expected)}. Pass x as "
            "to model.fit, with a first axis over samples."
        )


def fit_each_other(
    shapes: list[tuple[int | None, ...]], wanted: list[tuple[int | None, ...]]
) -> bool:
    """Whether inputs of some shapes can be given, in this order, where others are wanted."""
    return len(shapes) == len(wanted) and all(map(_fits, shapes, wanted))


def leaf_shapes(samples: Any) -> list[tuple[int | None, ...]]:
    """The shapes of all inputs, in order."""
    return [tuple(spec.shape) for _, spec in named_inputs(samples)]


def without_batch(shapes: list[Any]) -> str:
    """Shapes in words, without the batch axis."""
    return ", ".join(str(tuple(shape[1:])) for shape in shapes)


def _has_known_ranks(spec: Any) -> bool:
    """Whether a dataset knows how many axes its elements have: not after a Python function."""
    leaves = [one for _, one in named_inputs(spec)]
    return all(getattr(getattr(one, "shape", None), "rank", 0) is not None for one in leaves)


def _describe(inputs: Any) -> Any:
    if not named_inputs(inputs):
        raise ValueError(
            f"Samples must hold at least one array; got an empty {type(inputs).__name__}. Pass x "
            "as to model.fit."
        )
    return map_arrays(inputs, _describe_array)


def _describe_array(array: Any) -> SampleSpec:
    if not hasattr(array, "shape") or not hasattr(array, "dtype"):
        raise TypeError(
            "Samples must be an array, a list or dict of arrays, a tuple (x, y) or (x, y, "
            f"sample_weight), a tf.data.Dataset or a PyDataset; got {type(array).__name__}."
        )
    if hasattr(array, "row_splits"):
        raise TypeError(
            f"Samples must be arrays of one shape; got a {type(array).__name__}. Pass "
            "x.to_tensor(), which fills its rows up to one length."
        )
    shape = tuple(array.shape)
    if not shape or shape[0] == 0:
        raise ValueError(
            f"Samples must have a first axis over at least one sample; got shape {shape}."
        )
    if getattr(array.dtype, "kind", "") in "OSU" and isinstance(array, np.ndarray):
        return SampleSpec((None, *shape[1:]), "string")
    dtype = keras.backend.standardize_dtype(array.dtype)
    # As model.fit does with arrays of Python's own floats.
    return SampleSpec((None, *shape[1:]), keras.config.floatx() if dtype == "float64" else dtype)


def _read_first_batch(dataset: Any) -> Any:
    with random_states_kept(dataset):
        return dataset[0]


def _named_input_shapes(model: Any) -> list[dict[str, tuple[int | None, ...]]]:
    """The shapes of a model's inputs by the names that Keras knows them by, in each way."""
    by_tensor = {tensor.name: tuple(tensor.shape) for tensor in model.inputs}
    # The model may have been made of a dict, whose keys need not be the names of its tensors.
    structure = getattr(model, "_inputs_struct", None)
    if not isinstance(structure, Mapping):
        return [by_tensor]
    return [{key: tuple(tensor.shape) for key, tensor in named_inputs(structure)}, by_tensor]


def _fit_by_name(sample: Mapping[Any, Any], shapes: Mapping[str, tuple[int | None, ...]]) -> bool:
    """Whether each input has its array; Keras lets go of arrays that no input asks for."""
    return all(
        name in sample and _fits(tuple(sample[name].shape), shape) for name, shape in shapes.items()
    )


def _fits(shape: tuple[int | None, ...], wanted: tuple[int | None, ...]) -> bool:
    # Keras itself adds a missing last axis of 1, or drops one.
    candidates = [shape, (*shape, 1)] + ([shape[:-1]] if shape[-1:] == (1,) else [])
    return any(
        len(candidate) == len(wanted)
        and all(
            b is None or a is None or a == b for a, b in zip(candidate[1:], wanted[1:], strict=True)
        )
        for candidate in candidates
    )
