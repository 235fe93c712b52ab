"""Which layer, and which call of it, a user's name means; and which models there are names in."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import keras

from tb_nnviz.model.layers import LayerEntry, list_layers, named_layers
from tb_nnviz.model.linear.graph import Graph, Step, find_functional
from tb_nnviz.model.linear.path import NotLinearError


def check_model(model: object) -> None:
    """Raises `TypeError` if something is no Keras model."""
    if not isinstance(model, keras.Model):
        raise TypeError(
            "The `model` argument must be a Keras model (keras.Model or keras.Sequential); got "
            f"{model if isinstance(model, str) else type(model).__name__!r}."
        )


def why_not_called(entry: LayerEntry, entries: Sequence[LayerEntry]) -> str:
    """Why a graph holds no call of a layer."""
    if find_functional(entry.layer) is not None:
        return f"layer {entry.path!r} is a model of its own: name one of its layers"
    holder = next((one for one in entries if one.layer is entry.parent), None)
    if holder is None or find_functional(holder.layer) is not None:
        return "the model does not call it"
    return f"it is inside layer {holder.path!r} ({holder.layer_type}), which is not looked into"


def one_layer(model: Any, layer: str) -> LayerEntry:
    """The layer that a name means; raises `ValueError` where there is none, or are several."""
    found = named_layers(list_layers(model), [layer])
    if len(found) > 1:
        named = ", ".join(repr(entry.path) for entry in found)
        raise ValueError(
            f"The `layer` argument must name one layer; {layer!r} names {len(found)}: {named}."
        )
    return found[0]


def named_step(model: Any, graph: Graph, layer: str) -> Step:
    """The call that a name means.

    Raises:
        ValueError: there is no such layer or call.
        NotLinearError: the graph does not call the layer.
    """
    name, number = split_call(layer)
    found = [step for step in graph.steps if step.path == name]
    if not found:
        entry = one_layer(model, name)
        found = [step for step in graph.steps if step.operation is entry.layer]
        if not found:
            raise NotLinearError(entry.path, why_not_called(entry, list_layers(model)))
    if number >= len(found):
        raise ValueError(no_such_call(number, name, len(found)))
    return found[number]


def split_call(layer: str) -> tuple[str, int]:
    """The name of a layer, and how many of its calls come before the one that is named."""
    name, hash_sign, call = layer.partition("#")
    if not hash_sign:
        return name, 0
    if not (call.isascii() and call.isdigit() and int(call) >= 1):
        raise ValueError(
            f"The `layer` argument {layer!r} must have the number of a call after '#', such as "
            f"{name + '#2'!r} for the second one; got {call!r}."
        )
    return name, int(call) - 1


def no_such_call(number: int, name: str, count: int) -> str:
    """What to say of a call that the model does not make."""
    return (
        f"The `layer` argument asks for call {number + 1} of layer {name!r}; the model calls it "
        f"{count} times."
    )
