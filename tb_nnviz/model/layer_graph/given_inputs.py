"""What a model without known inputs may be called with: symbolic tensors of likely shapes.

Knows how Keras remembers the shapes that a model was built for; calls nothing.
"""

from __future__ import annotations

import inspect
from collections.abc import Callable, Iterable, Mapping
from typing import Any

import keras

from tb_nnviz.model.backends.isolation import keep_tensor_names
from tb_nnviz.model.batch_size import find_fixed_batch_size
from tb_nnviz.model.layer_graph.calls import Given
from tb_nnviz.model.sample_arrays import map_arrays

_SUFFIX = "_shape"
# No length that an axis is likely to have: by it the axis over samples is known again.
_BATCH_SIZE = 61


def list_given(model: Any, samples: Any = None) -> list[Given]:
    """What to try in turn, the likeliest first; nothing where no shapes are known.

    Args:
        model: any built model.
        samples: an array, or a list, tuple or dict of arrays, as the model takes them, or None.
    """
    shapes = dict(getattr(model, "_build_shapes_dict", None) or {})
    # Whole numbers, as of tokens, are taken by layers that ask for them from numbers of any type;
    # what is done with them beside layers may ask for integers.
    dtypes = (keras.config.floatx(), "int32") if shapes else ()
    with keep_tensor_names():
        by_samples = [] if samples is None else [Given((map_arrays(samples, _symbol_like),))]
        by_shapes = [_given_of_shapes(model, shapes, dtype) for dtype in dtypes]
        return vary_batch([*by_samples, *by_shapes], find_fixed_batch_size(model))


def vary_batch(given: Iterable[Given], batch_size: int | None) -> list[Given]:
    """Each for any number of samples, and then for one number, which some code asks for.

    Args:
        given: what a model may be called with.
        batch_size: the only number that the model takes, or None.
    """

    def numbered(value: Any) -> Any:
        is_open = isinstance(value, keras.KerasTensor) and value.shape and value.shape[0] is None
        shape = (batch_size or _BATCH_SIZE, *value.shape[1:]) if is_open else ()
        return keras.KerasTensor(shape, dtype=value.dtype) if is_open else value

    with keep_tensor_names():
        return [form for one in given for form in (one, _map_tensors(numbered, one))]


def refresh(given: Given) -> Given:
    """The same with new symbolic tensors, which no other call has made or taken."""

    def renew(value: Any) -> Any:
        is_symbol = isinstance(value, keras.KerasTensor)
        return keras.KerasTensor(value.shape, dtype=value.dtype) if is_symbol else value

    return _map_tensors(renew, given)


def _map_tensors(function: Callable[[Any], Any], given: Given) -> Given:
    args, kwargs = keras.tree.map_structure(function, (given.args, dict(given.kwargs or {})))
    return Given(tuple(args), kwargs)


def _given_of_shapes(model: Any, shapes: Mapping[str, Any], dtype: str) -> Given:
    made = {name: _symbols(shape, dtype) for name, shape in shapes.items()}
    if len(made) == 1:
        return Given(tuple(made.values()))
    accepted = inspect.signature(model.call).parameters
    named = {name.removesuffix(_SUFFIX): one for name, one in made.items()}
    return Given((), {name: one for name, one in named.items() if name in accepted})


def _symbols(shapes: Any, dtype: str) -> Any:
    """Symbolic tensors in the structure of shapes: nested lists, tuples and dicts of them."""
    if isinstance(shapes, Mapping):
        return {name: _symbols(one, dtype) for name, one in shapes.items()}
    if shapes is None:
        return None
    if all(isinstance(one, int) or one is None for one in shapes):
        return keras.KerasTensor((None, *tuple(shapes)[1:]), dtype=dtype)
    return [_symbols(one, dtype) for one in shapes]


def _symbol_like(array: Any) -> Any:
    dtype = "string" if array.dtype.kind in "OSU" else array.dtype.name
    return keras.KerasTensor((None, *array.shape[1:]), dtype=dtype)
