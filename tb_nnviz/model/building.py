"""Samples: whether they fit a model, and building a model from one before training.

A subclassed model, or a Sequential without Input, has no weights until it first sees
data. Building it one step early, from a sample, draws the same initial weights as
training would: the same layers are built in the same order.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import keras
import numpy as np


def take_first_sample(data: Any) -> Any:
    """The first sample of a data argument, with a batch axis of 1.

    Args:
        data: a tuple ``(x, y)`` or ``(x, y, sample_weight)``, or x alone: an array, a list
            or dict of arrays, or a dataset that yields batches of such.

    Raises:
        TypeError: it is none of these.
        ValueError: it is empty.
    """
    inputs = data[0] if isinstance(data, tuple) else data
    if isinstance(inputs, keras.utils.PyDataset):
        return take_first_sample(inputs[0])
    if hasattr(inputs, "element_spec"):  # a tf.data.Dataset, without importing TensorFlow
        for batch in inputs.take(1).as_numpy_iterator():
            return take_first_sample(batch)
        raise ValueError("The dataset given for samples or validation_data is empty.")
    return keras.tree.map_structure(_first, inputs)


def check_sample(model: Any, sample: Any) -> None:
    """Raises `ValueError` if a sample has not the shape of a built model's inputs.

    Args:
        model: any model; one without known input shapes accepts every sample.
        sample: as `take_first_sample` gives it.
    """
    inputs = getattr(model, "inputs", None)
    if not inputs:
        return
    given = _named_leaves(sample)
    expected = [tuple(tensor.shape) for tensor in inputs]
    shapes = [tuple(array.shape) for _, array in given]
    fits = len(shapes) == len(expected) and all(
        _fits(shape, wanted) for shape, wanted in zip(shapes, expected, strict=True)
    )
    if isinstance(sample, Mapping):
        by_name = {tensor.name: tuple(tensor.shape) for tensor in inputs}
        fits = len(given) == len(by_name) and all(
            name in by_name and _fits(tuple(array.shape), by_name[name]) for name, array in given
        )
    if not fits:
        raise ValueError(
            "The samples (or validation_data) do not fit the model: got samples of shape "
            f"{_without_batch(shapes)}; the model accepts {_without_batch(expected)}. Pass x as "
            "to model.fit, with a first axis over samples."
        )


def build_model(model: Any, sample: Any | None, input_shape: tuple[int, ...] | None) -> bool:
    """Builds a model that is not built yet, if there is something to build it from.

    Args:
        model: any model.
        sample: as `take_first_sample` gives it, or None.
        input_shape: shape of one sample without the batch axis, or None.

    Returns:
        Whether the model is built now.

    Raises:
        ValueError: the model cannot be called on the sample.
    """
    if is_built(model):
        return True
    if sample is None and input_shape is None:
        return False
    if sample is None:
        sample = np.zeros((1, *(input_shape or ())), dtype="float32")
    try:
        if isinstance(model, keras.Sequential):
            # A call would fix the batch size to that of the sample.
            model.build((None, *np.shape(sample)[1:]))
        else:
            model(sample, training=False)
    except Exception as error:
        shapes = [array.shape for _, array in _named_leaves(sample)]
        raise ValueError(
            "The model is not built yet and could not be built from one of the samples (or "
            f"input_shape): got shape {_without_batch(shapes)}. Pass samples as to model.fit. "
            f"Keras says: {error}"
        ) from error
    return is_built(model)


def is_built(model: Any) -> bool:
    """Whether a model has all its weights."""
    return bool(model.built) and bool(model.layers) and all(layer.built for layer in model.layers)


def _first(array: Any) -> Any:
    if not hasattr(array, "shape") or not hasattr(array, "__getitem__"):
        raise TypeError(
            "Samples must be an array, a list or dict of arrays, a tuple (x, y) or (x, y, "
            f"sample_weight), a tf.data.Dataset or a PyDataset; got {type(array).__name__}."
        )
    first = array[:1] if len(array.shape) else array
    if not len(array.shape) or not first.shape[0]:
        raise ValueError(
            "Samples must have a first axis over at least one sample; got shape "
            f"{tuple(array.shape)}."
        )
    return keras.ops.convert_to_numpy(first)


def _named_leaves(sample: Any) -> list[tuple[str, Any]]:
    if isinstance(sample, Mapping):
        return [(str(name), array) for name, array in sample.items()]
    return [("", array) for array in keras.tree.flatten(sample)]


def _fits(shape: tuple[int, ...], wanted: tuple[int | None, ...]) -> bool:
    # Keras itself adds a missing last axis of 1, or drops one.
    candidates = [shape, (*shape, 1)] + ([shape[:-1]] if shape[-1:] == (1,) else [])
    return any(
        len(candidate) == len(wanted)
        and all(b is None or a == b for a, b in zip(candidate[1:], wanted[1:], strict=True))
        for candidate in candidates
    )


def _without_batch(shapes: list[Any]) -> str:
    return ", ".join(str(tuple(shape[1:])) for shape in shapes)
