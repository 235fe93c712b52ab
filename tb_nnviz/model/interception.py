"""Standing between a model and what its layers do, while the model is called.

A layer's `call` and its fused `activation` are attributes that Keras looks up at each call. Here
they are replaced on the layer itself, beside Keras' own tracking, and put back whatever happens;
no layer is made, and no graph of the model changes. Knows nothing of what is done in between.
"""

from __future__ import annotations

import functools
import inspect
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any

from tb_nnviz.model.layers import quantization_mode

# Gets what is replaced, its positional and its keyword arguments; gives the result in its place.
Around = Callable[[Callable[..., Any], tuple[Any, ...], dict[str, Any]], Any]

_ABSENT = object()


@dataclass(frozen=True)
class Replacement:
    """What stands in for something a layer does.

    Attributes:
        layer: a layer, or an operation of a functional model's graph.
        around: is called instead. It may call what it replaces, or not.
    """

    layer: Any
    around: Around


@contextmanager
def intercept(
    *, calls: Iterable[Replacement] = (), activations: Iterable[Replacement] = ()
) -> Iterator[None]:
    """Puts functions around what layers do, for as long as the scope lasts.

    Scopes may be nested: the inner one stands around the outer one.

    Args:
        calls: around each call of a layer, whether quantized or not. What a layer does to save
            memory in training (`keras.RematScope`) is left out, since its results could not
            leave it.
        activations: around the function that a layer has fused, such as the ReLU of a
            ``Dense(8, "relu")``; layers without one are passed over.
    """
    with replacing_attributes() as replace:
        for each in calls:
            replace(each.layer, "call", wrap_function(each.layer.call, each.around))
            if quantization_mode(each.layer) is not None:
                quantized = each.layer.quantized_call
                replace(each.layer, "quantized_call", wrap_function(quantized, each.around))
            if getattr(each.layer, "_remat_mode", None) is not None:
                replace(each.layer, "_remat_mode", None)
        for each in activations:
            activation = fused_activation(each.layer)
            if activation is not None:
                replace(each.layer, "activation", wrap_function(activation, each.around))
        yield


@contextmanager
def replacing_attributes() -> Iterator[Callable[[Any, str, Any], None]]:
    """Gives a function that sets an attribute of an object until the scope ends.

    It sets it where Python looks first, beside whatever the object does when it is set.
    """
    undo: list[tuple[dict[str, Any], str, Any]] = []

    def replace(holder: Any, name: str, value: Any) -> None:
        attributes = vars(holder)
        undo.append((attributes, name, attributes.get(name, _ABSENT)))
        attributes[name] = value

    try:
        yield replace
    finally:
        for attributes, name, value in reversed(undo):
            if value is _ABSENT:
                del attributes[name]
            else:
                attributes[name] = value


def wrap_function(original: Callable[..., Any], around: Around) -> Callable[..., Any]:
    """A function that calls another one's replacement, and has its name and signature."""

    def wrapped(*args: Any, **kwargs: Any) -> Any:
        return around(original, args, kwargs)

    # Keras shows the signature in its errors. What is wrapped may be a layer, without a name.
    return functools.update_wrapper(
        wrapped, original, assigned=("__name__", "__qualname__", "__doc__"), updated=()
    )


def fused_activation(layer: Any) -> Callable[..., Any] | None:
    """The function that a layer applies to its result; None where it has none.

    None also where the layer only hands on another's, as recurrent layers do with their cell's.
    """
    if isinstance(inspect.getattr_static(type(layer), "activation", None), property):
        return None
    activation = getattr(layer, "activation", None)
    return activation if callable(activation) else None
