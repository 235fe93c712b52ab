"""Whether a model without known input shapes takes samples: tried on shapes alone.

A subclassed model says what it accepts only by its ``call``. That may refuse samples of the wrong
shape, which is a mistake in an argument, or be none to run at inference at all, which is not.
Nothing is computed, and neither state nor nodes of a graph are left behind.
"""

from __future__ import annotations

from collections.abc import Mapping
from inspect import signature
from typing import Any

import keras

from tb_nnviz.model.backends import call_plainly
from tb_nnviz.model.backends.isolation import isolate
from tb_nnviz.model.error_text import first_words
from tb_nnviz.model.layers import list_layers
from tb_nnviz.model.sample_arrays import map_arrays
from tb_nnviz.model.samples import fit_each_other, leaf_shapes, without_batch
from tb_nnviz.model.untouched import untouched

# These trace what they train, so what cannot be traced cannot be trained either.
_TRACING_BACKENDS = ("tensorflow", "jax")


def check_accepted(model: Any, inputs: Any) -> None:
    """Raises `ValueError` if a model refuses samples of other shapes than it was built for.

    Args:
        model: any built model, see `find_obstacle`.
        inputs: an array, or a list, tuple or dict of arrays.
    """
    error = find_obstacle(model, inputs)
    built_for = _built_shapes(model)
    shapes = leaf_shapes(inputs)
    if error is None or built_for is None or fit_each_other(shapes, built_for):
        return
    raise ValueError(
        "The samples (or validation_data) do not fit the model: got samples of shape "
        f"{without_batch(shapes)}; the model was built for {without_batch(built_for)} "
        f"({first_words(error)}). Pass x as to model.fit, with a first axis over samples."
    ) from error


def find_obstacle(model: Any, inputs: Any) -> Exception | None:
    """What a model without known input shapes raises when it is called on samples at inference.

    Args:
        model: any built model; one that is run eagerly, or that keeps a state for each sample of
            a batch, is not asked.
        inputs: an array, or a list, tuple or dict of arrays.
    """
    if _has_known_inputs(model) or keras.backend.backend() not in _TRACING_BACKENDS:
        return None
    if getattr(model, "run_eagerly", False) or _is_stateful(model):
        return None
    try:
        with isolate(), call_plainly(), untouched([model]):
            model.compute_output_spec(map_arrays(inputs, _symbolic), **_inference(model))
    except Exception as error:  # noqa: BLE001 - the code of a model may raise anything
        return error
    return None


def _inference(model: Any) -> dict[str, bool]:
    return {"training": False} if "training" in signature(model.call).parameters else {}


def _has_known_inputs(model: Any) -> bool:
    try:
        return bool(model.inputs)
    except (AttributeError, ValueError):  # early versions of Keras raise
        return False


def _is_stateful(model: Any) -> bool:
    return any(getattr(entry.layer, "stateful", False) is True for entry in list_layers(model))


def _built_shapes(model: Any) -> list[tuple[int | None, ...]] | None:
    """The shapes of the inputs that Keras built a model for; None where it does not say."""
    found = _shapes_in(list((getattr(model, "_build_shapes_dict", None) or {}).values()))
    return found if found and all(found) else None


def _shapes_in(structure: Any) -> list[tuple[int | None, ...]]:
    """All shapes in nested lists, tuples and dicts: tuples or lists of lengths and None."""
    members = list(structure.values()) if isinstance(structure, Mapping) else structure
    if not isinstance(members, (list, tuple)):
        return [()]
    if members and all(isinstance(one, int) or one is None for one in members):
        return [tuple(members)]
    return [shape for member in members for shape in _shapes_in(member)]


def _symbolic(array: Any) -> Any:
    dtype = "string" if array.dtype.kind in "OSU" else array.dtype.name
    return keras.KerasTensor(array.shape, dtype=dtype)
