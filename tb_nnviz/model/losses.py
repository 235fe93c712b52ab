"""What the loss that a model is compiled with says of its outputs."""

from __future__ import annotations

import inspect
from collections.abc import Mapping
from typing import Any

from keras import losses

# By these an output is to be near its label, of 0 or 1, itself.
_NEAR_LABELS = (
    losses.huber,
    losses.log_cosh,
    losses.mean_absolute_error,
    losses.mean_squared_error,
)


def takes_logits(model: Any, output_name: str, place: int) -> bool | None:
    """Whether the loss of an output takes it for logits; None where that is not known.

    Args:
        model: any model; one that is not compiled says nothing.
        output_name: of the output; a single loss is that of all outputs.
        place: of the output, where there is a list of losses.
    """
    loss = getattr(model, "loss", None)
    if isinstance(loss, Mapping):
        loss = loss.get(output_name)
    if isinstance(loss, (list, tuple)):
        loss = loss[place] if place < len(loss) else None
    said = getattr(loss, "from_logits", None)
    return said if isinstance(said, bool) else _said_by_function(_function_of(loss))


def _function_of(loss: Any) -> Any:
    """The function that a loss is the mean of, or that it is itself."""
    if isinstance(loss, str):
        try:
            loss = losses.get(loss)
        except ValueError:  # a name that only `compile` knows
            return None
    return getattr(loss, "fn", loss)


def _said_by_function(function: Any) -> bool | None:
    if function in _NEAR_LABELS:
        return False
    if not inspect.isroutine(function):
        return None
    try:
        parameter = inspect.signature(function).parameters.get("from_logits")
    except ValueError:  # one that says nothing of its arguments
        return None
    default = None if parameter is None else parameter.default
    return default if isinstance(default, bool) else None
