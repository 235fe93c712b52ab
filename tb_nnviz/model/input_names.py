"""What a model's inputs are called: the same for the same architecture, however often it was built.

One way for everything that is shown of an input, so that samples and templates of one input have
one name. Knows how Keras names inputs and takes them; knows no graph.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from tb_nnviz.model.paths import canonical_names
from tb_nnviz.model.sample_panel import named_inputs


def input_tensors(model: Any) -> list[Any]:
    """The symbolic inputs of a functional or Sequential model; [] for any other."""
    try:
        return list(model.inputs or [])
    except (AttributeError, ValueError, TypeError):  # early versions of Keras raise
        return []


def name_inputs(model: Any) -> tuple[str, ...]:
    """A name for each input of a model, in its own order; () for a model without known inputs.

    Args:
        model: any model.

    Returns:
        The keys where the model was made of a dict of inputs, else the names that the user gave
        to them. Names that Keras made up are numbered within the model.
    """
    tensors = input_tensors(model)
    keys = _keys(model)
    operations = [_operation_of(tensor) for tensor in tensors]
    names = [
        keys.get(id(tensor)) or str(getattr(operation, "name", tensor.name))
        for tensor, operation in zip(tensors, operations, strict=True)
    ]
    return tuple(canonical_names(names, [type(operation).__name__ for operation in operations]))


def name_given_inputs(model: Any, inputs: Any) -> tuple[str, ...]:
    """A name for each array that is given to a model, in the order of `named_inputs`.

    Args:
        model: any model.
        inputs: an array, or a list or dict of arrays, as the model takes them.

    Returns:
        The model's names of them; where it does not say, the keys of a dict, else places.
    """
    given = tuple(name for name, _ in named_inputs(inputs))
    own = name_inputs(model)
    if not isinstance(inputs, Mapping):
        return own if len(own) == len(given) else given
    known: dict[str, str] = {}
    keys = _keys(model)
    for tensor, name in zip(input_tensors(model), own, strict=True):
        known[str(tensor.name)] = name
        known[keys.get(id(tensor), name)] = name
    named = tuple(known.get(name, name) for name in given)
    return named if len(set(named)) == len(named) else given


def arrange_inputs(model: Any, inputs: Any) -> list[Any]:
    """The arrays given to a model in the order of its own inputs.

    Args:
        model: any model.
        inputs: an array, or a list or dict of arrays, as the model takes them.
    """
    arrays = [array for _, array in named_inputs(inputs)]
    by_name = dict(zip(name_given_inputs(model, inputs), arrays, strict=True))
    own = name_inputs(model)
    return [by_name[name] for name in own] if own and set(own) <= set(by_name) else arrays


def _keys(model: Any) -> dict[int, str]:
    """The keys of the dict of inputs that a model was made of, by the identity of the tensors."""
    holder = getattr(model, "_functional", None) or model
    structure = getattr(holder, "_inputs_struct", None)
    if not isinstance(structure, Mapping):
        return {}
    return {id(tensor): str(key) for key, tensor in structure.items()}


def _operation_of(tensor: Any) -> Any:
    history = getattr(tensor, "_keras_history", None)
    return getattr(history, "operation", None)
