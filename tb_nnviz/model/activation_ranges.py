"""Whether a layer's output can be negative at all: known from the layers, never from values.

Values would give another answer at another step, or in another run.
"""

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


# Of values that are not negative these make others that are not. User's own subclasses may do
# anything, so that the type itself is looked at.
_KEEPING_NAMES = (
    *(
        f"{kind}{rank}D"
        for rank in (1, 2, 3)
        for kind in (
            "AdaptiveAveragePooling",
            "AdaptiveMaxPooling",
            "AveragePooling",
            "Cropping",
            "GlobalAveragePooling",
            "GlobalMaxPooling",
            "MaxPooling",
            "SpatialDropout",
            "ZeroPadding",
        )
    ),
    "Add",
    "Average",
    "Concatenate",
    "Dot",
    "Dropout",
    "Flatten",
    "Masking",
    "Maximum",
    "Minimum",
    "Multiply",
    "Permute",
    "RepeatVector",
    "Reshape",
    "UpSampling1D",
    "UpSampling3D",
)
_KEEPING = frozenset(getattr(layers, name) for name in _KEEPING_NAMES if hasattr(layers, name))
# Weights of other interpolations may be negative.
_INTERPOLATING = frozenset((layers.Resizing, layers.UpSampling2D))
_KEEPING_INTERPOLATIONS = ("nearest", "bilinear")


def is_non_negative(layer: Any, activation: Any) -> bool:
    """Whether a layer guarantees that its output is never negative.

    Args:
        layer: any layer.
        activation: the function that makes its output, if that is the last thing it does.
    """
    if any(activation is known for known in _NON_NEGATIVE):
        return True
    return any(_is_guarantor(each) for each in (layer, activation))


def keeps_non_negative(layer: Any) -> bool:
    """Whether a layer's output is never negative where none of its inputs ever is.

    Args:
        layer: any layer.
    """
    if type(layer) in _INTERPOLATING:
        return layer.interpolation in _KEEPING_INTERPOLATIONS
    return type(layer) in _KEEPING


def _is_guarantor(layer: Any) -> bool:
    if isinstance(layer, layers.ReLU):
        return not layer.negative_slope and (layer.threshold or 0) >= 0
    return isinstance(layer, layers.Softmax)
