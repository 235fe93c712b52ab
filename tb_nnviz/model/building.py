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
    if isinstance(inputs, Mapping):
        return {name: _first(array) for name, array in inputs.items()}
    if isinstance(inputs, (list, tuple)):
        return [_first(array) for array in inputs]
    return _first(inputs)


def check_sample(model: Any, sample: Any) -> None:
    """Raises `ValueError` if a sample has not the shape of a built model's inputs.

    Args:
        model: any model; one without known input shapes accepts every sample.
        sample: as `take_first_sample` gives it.
    """
    try:
        inputs = model.inputs
    except (AttributeError, ValueError):  # early versions of Keras raise before building
        inputs = None
    if not inputs:
        return
    expected = [tuple(tensor.shape) for tensor in inputs]
    if isinstance(sample, Mapping):
        fits = any(_fit_by_name(sample, shapes) for shapes in _named_input_shapes(model))
    else:
        shapes = _leaf_shapes(sample)
        fits = len(shapes) == len(expected) and all(map(_fits, shapes, expected))
    if not fits:
        raise ValueError(
            "The samples (or validation_data) do not fit the model: got samples of shape "
            f"{_without_batch(_leaf_shapes(sample))}; the model accepts "
            f"{_without_batch(expected)}. Pass x as "
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
        raise ValueError(
            "The model is not built yet and could not be built from one of the samples (or "
            f"input_shape): got shape {_without_batch(_leaf_shapes(sample))}. Pass samples as to "
            f"model.fit. Keras says: {error}"
        ) from error
    return is_built(model)


def is_built(model: Any) -> bool:
    """Whether a model has its weights; a layer that it never calls has none and may not."""
    return bool(model.built) and (bool(model.weights) or all(layer.built for layer in model.layers))


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


def _named_input_shapes(model: Any) -> list[dict[str, tuple[int | None, ...]]]:
    """The shapes of a model's inputs by the names that Keras knows them by, in each way."""
    by_tensor = {tensor.name: tuple(tensor.shape) for tensor in model.inputs}
    # The model may have been made of a dict, whose keys need not be the names of its tensors.
    structure = getattr(model, "_inputs_struct", None)
    if not isinstance(structure, Mapping):
        return [by_tensor]
    if not all(hasattr(tensor, "shape") for tensor in structure.values()):
        return [by_tensor]
    return [{str(key): tuple(tensor.shape) for key, tensor in structure.items()}, by_tensor]


def _fit_by_name(sample: Mapping[Any, Any], shapes: Mapping[str, tuple[int | None, ...]]) -> bool:
    """Whether each input has its array; Keras lets go of arrays that no input asks for."""
    return all(
        name in sample and _fits(tuple(sample[name].shape), shape) for name, shape in shapes.items()
    )


def _leaf_shapes(sample: Any) -> list[tuple[int, ...]]:
    if isinstance(sample, Mapping):
        sample = list(sample.values())
    arrays = sample if isinstance(sample, list) else [sample]
    return [tuple(array.shape) for array in arrays]


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
