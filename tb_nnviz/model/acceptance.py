"""Whether a model without known input shapes takes samples: tried on shapes alone.

A subclassed model says what it accepts only by its ``call``. Nothing is computed, and neither
state nor nodes of a graph are left behind.
"""

from __future__ import annotations

from collections.abc import Mapping
from inspect import signature
from typing import Any

import keras

from tb_nnviz.model.backends.isolation import isolate
from tb_nnviz.model.building import first_words
from tb_nnviz.model.layers import list_layers
from tb_nnviz.model.samples import leaf_shapes, without_batch

# These trace what they train, so what cannot be traced cannot be trained either.
_TRACING_BACKENDS = ("tensorflow", "jax")


def check_accepted(model: Any, inputs: Any) -> None:
    """Raises `ValueError` if a built model without known input shapes refuses samples.

    Args:
        model: any built model; one that is run eagerly, or that keeps a state for each sample of
            a batch, accepts all samples.
        inputs: an array, or a list or dict of arrays.
    """
    if _has_known_inputs(model) or keras.backend.backend() not in _TRACING_BACKENDS:
        return
    if getattr(model, "run_eagerly", False) or _is_stateful(model):
        return
    try:
        with isolate():
            model.compute_output_spec(_symbolic(inputs), **_inference(model))
    except Exception as error:
        built_for = _built_shapes(model)
        accepts = f"; the model was built for {built_for}" if built_for else ""
        raise ValueError(
            "The samples (or validation_data) do not fit the model: got samples of shape "
            f"{without_batch(leaf_shapes(inputs))}{accepts} ({first_words(error)}). Pass x as to "
            "model.fit, with a first axis over samples."
        ) from error


def _inference(model: Any) -> dict[str, bool]:
    return {"training": False} if "training" in signature(model.call).parameters else {}


def _has_known_inputs(model: Any) -> bool:
    try:
        return bool(model.inputs)
    except (AttributeError, ValueError):  # early versions of Keras raise
        return False


def _is_stateful(model: Any) -> bool:
    return any(getattr(entry.layer, "stateful", False) is True for entry in list_layers(model))


def _built_shapes(model: Any) -> str:
    shapes = getattr(model, "_build_shapes_dict", None) or {}
    values = list(shapes.values())
    if len(values) == 1 and isinstance(values[0], (list, Mapping)):
        inner = values[0]
        values = list(inner.values()) if isinstance(inner, Mapping) else list(inner)
    if not all(isinstance(shape, tuple) and shape for shape in values):
        return ""
    return without_batch(values)


def _symbolic(inputs: Any) -> Any:
    if isinstance(inputs, Mapping):
        return {name: _symbolic(array) for name, array in inputs.items()}
    if isinstance(inputs, list):
        return [_symbolic(array) for array in inputs]
    dtype = "string" if inputs.dtype.kind in "OSU" else inputs.dtype.name
    return keras.KerasTensor(inputs.shape, dtype=dtype)
