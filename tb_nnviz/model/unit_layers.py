"""Which layers make units of their own: features that samples can excite."""

from __future__ import annotations

from typing import Any

from keras import layers

# These scale, or look up, what others made.
_WITHOUT_UNITS = (
    layers.BatchNormalization,
    layers.Embedding,
    layers.GroupNormalization,
    layers.LayerNormalization,
    layers.Normalization,
    layers.PReLU,
    layers.UnitNormalization,
)


def has_units(layer: Any) -> bool:
    """Whether a layer has weights that make each of its units a feature of its own.

    Args:
        layer: any layer.
    """
    return bool(layer.weights) and not isinstance(layer, _WITHOUT_UNITS)
