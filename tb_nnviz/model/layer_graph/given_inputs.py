"""What a model without known inputs may be called with: symbolic tensors of likely shapes.

Knows how Keras remembers the shapes that a model was built for; calls nothing.
"""

from __future__ import annotations

import inspect
from collections.abc import Callable, Mapping
from typing import Any

import keras

from tb_nnviz.model.backends.isolation import keep_tensor_names
from tb_nnviz.model.layer_graph.calls import Given
from tb_nnviz.model.sample_arrays import map_arrays

_SUFFIX = "_shape"


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
    batches = (False, True)
    with keep_tensor_names():
        by_samples = [
            Given((map_arrays(samples, _symbol_of(keeps_batch=keeps_batch)),))
            for keeps_batch in (() if samples is None else batches)
        ]
        by_shapes = [
            _given_of_shapes(model, shapes, dtype, keeps_batch=keeps_batch)
            for dtype in dtypes
            for keeps_batch in batches
        ]
    return by_samples + by_shapes


def refresh(given: Given) -> Given:
    """The same with new symbolic tensors, which no other call has made or taken."""

    def renew(value: Any) -> Any:
        is_symbol = isinstance(value, keras.KerasTensor)
        return keras.KerasTensor(value.shape, dtype=value.dtype) if is_symbol else value

    args, kwargs = keras.tree.map_structure(renew, (given.args, dict(given.kwargs or {})))
    return Given(tuple(args), kwargs)


def _given_of_shapes(
    model: Any, shapes: Mapping[str, Any], dtype: str, *, keeps_batch: bool
) -> Given:
    made = {name: _symbols(shape, dtype, keeps_batch=keeps_batch) for name, shape in shapes.items()}
    if len(made) == 1:
        return Given(tuple(made.values()))
    accepted = inspect.signature(model.call).parameters
    named = {name.removesuffix(_SUFFIX): one for name, one in made.items()}
    return Given((), {name: one for name, one in named.items() if name in accepted})


def _symbols(shapes: Any, dtype: str, *, keeps_batch: bool) -> Any:
    """Symbolic tensors in the structure of shapes: nested lists, tuples and dicts of them."""
    if isinstance(shapes, Mapping):
        return {name: _symbols(one, dtype, keeps_batch=keeps_batch) for name, one in shapes.items()}
    if shapes is None:
        return None
    if all(isinstance(one, int) or one is None for one in shapes):
        sizes = tuple(shapes)
        return keras.KerasTensor(sizes if keeps_batch else (None, *sizes[1:]), dtype=dtype)
    return [_symbols(one, dtype, keeps_batch=keeps_batch) for one in shapes]


def _symbol_of(*, keeps_batch: bool) -> Callable[[Any], Any]:
    def make(array: Any) -> Any:
        dtype = "string" if array.dtype.kind in "OSU" else array.dtype.name
        shape = tuple(array.shape) if keeps_batch else (None, *array.shape[1:])
        return keras.KerasTensor(shape, dtype=dtype)

    return make
