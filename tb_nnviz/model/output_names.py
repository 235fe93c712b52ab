"""Which of a model's outputs the targets of samples are of.

Knows how Keras takes targets: a dict by the outputs' names or keys, or a list in their order.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any


def find_output(model: Any, name: str) -> int | None:
    """The place of an output among a model's; None where it cannot be told.

    Args:
        model: any built model.
        name: key of the targets in a dict, place in a list, or "" for a single array.
    """
    named = find_named_output(model, name)
    if named is not None:
        return named
    names = _output_names(model)
    count = max((len(known) for known in names), default=1)
    if count == 1:
        return 0
    is_place = name.isascii() and name.isdigit() and int(name) < count
    return int(name) if is_place else None


def _output_names(model: Any) -> list[list[str]]:
    """The names of all outputs in their order, in each way that Keras knows."""
    holder = getattr(model, "_functional", None) or model
    structure = getattr(holder, "_outputs_struct", None)
    try:
        outputs = list(model.outputs or [])
    except (AttributeError, ValueError, TypeError):  # early versions of Keras raise
        outputs = []
    found = []
    if isinstance(structure, Mapping) and len(structure) == len(outputs):
        places = {id(tensor): place for place, tensor in enumerate(outputs)}
        named = {places.get(id(tensor)): str(key) for key, tensor in structure.items()}
        if set(named) == set(range(len(outputs))):
            found.append([named[place] for place in range(len(outputs))])
    makers = [getattr(getattr(one, "_keras_history", None), "operation", None) for one in outputs]
    found.append([str(getattr(one, "name", "")) for one in makers])
    found.append([str(name) for name in getattr(model, "output_names", None) or []])
    return [known for known in found if known]


def find_named_output(model: Any, name: str) -> int | None:
    """The place of the output that a model calls so; None where it calls none so.

    Args:
        model: any built model.
        name: as Keras knows it, in any of its ways.
    """
    known = next((known for known in _output_names(model) if name in known), None)
    return None if known is None else known.index(name)


def name_output(model: Any, place: int) -> str:
    """What a model calls one of its outputs; its place where it has no name for it.

    Args:
        model: any built model.
        place: from 0.
    """
    return next(
        (known[place] for known in _output_names(model) if place < len(known) and known[place]),
        str(place),
    )
