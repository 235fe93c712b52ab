"""Whether a layer's output can be negative at all: known from the layer, never from values."""

from __future__ import annotations

from typing import Any

from keras import activations, layers

_NON_NEGATIVE_NAMES = (
    "exponential",
    "hard_sigmoid",
    "relu6",
    "sigmoid",
    "softmax",
    "softplus",
    "sparse_plus",
    "sparse_sigmoid",
    "sparsemax",
    "squareplus",
)
# `relu` itself may be given a slope by those who call it, but as a fused activation has none.
_NON_NEGATIVE = tuple(
    getattr(activations, name)
    for name in ("relu", *_NON_NEGATIVE_NAMES)
    if hasattr(activations, name)  # later versions of Keras have more
)


def is_non_negative(layer: Any, activation: Any) -> bool:
    """Whether a layer guarantees that its output is never negative.

    Args:
        layer: any layer.
        activation: the function that makes its output, if that is the last thing it does.
    """
    if any(activation is known for known in _NON_NEGATIVE):
        return True
    return any(_is_guarantor(each) for each in (layer, activation))


def _is_guarantor(layer: Any) -> bool:
    if isinstance(layer, layers.ReLU):
        return not layer.negative_slope and (layer.threshold or 0) >= 0
    return isinstance(layer, layers.Softmax)
