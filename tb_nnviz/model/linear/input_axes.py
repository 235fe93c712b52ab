"""What the axes of a model's inputs are: said by the first layers that they go to.

Seen through layers that leave the axes as they are. Knows layers and graphs; knows no values.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

import keras
from keras import layers

from tb_nnviz.model.layers import list_layers
from tb_nnviz.model.linear.graph import Graph
from tb_nnviz.model.linear.operations import treat

_SEQUENCE_LAYERS = (
    layers.RNN,
    layers.Bidirectional,
    layers.TimeDistributed,
    layers.Conv1D,
    layers.Conv1DTranspose,
    layers.SeparableConv1D,
    layers.DepthwiseConv1D,
    layers.AveragePooling1D,
    layers.MaxPooling1D,
    layers.GlobalAveragePooling1D,
    layers.GlobalMaxPooling1D,
    layers.ZeroPadding1D,
    layers.Cropping1D,
    layers.UpSampling1D,
    layers.AdditiveAttention,
    layers.Attention,
    layers.MultiHeadAttention,
    layers.Masking,
)
# These say nothing of what the axes are; the layers after them may.
_NEUTRAL_LAYERS = (
    layers.InputLayer,
    layers.Dropout,
    layers.GaussianNoise,
    layers.GaussianDropout,
    layers.Normalization,
    layers.BatchNormalization,
    layers.LayerNormalization,
    layers.Rescaling,
    layers.Resizing,
    layers.Identity,
)


def takes_steps(graph: Graph, place: int) -> bool:
    """Whether the two axes of an input are ``(step, channel)`` to the model.

    Args:
        graph: of the model.
        place: of the input.
    """
    return any(isinstance(one, _SEQUENCE_LAYERS) for one in _consumers(graph, place))


def takes_channels_first(graph: Graph, place: int) -> bool:
    """Whether the first axis of an input counts channels; Keras' setting where no layer says it.

    Args:
        graph: of the model.
        place: of the input.
    """
    found = [getattr(one, "data_format", None) for one in _consumers(graph, place)]
    formats = {one for one in found if isinstance(one, str)}
    return "channels_first" in formats if formats else has_channels_first()


def begins_with_steps(model: Any) -> bool:
    """Whether the first layer of a model without a graph takes ``(step, channel)``."""
    return isinstance(_first_telling(entry.layer for entry in list_layers(model)), _SEQUENCE_LAYERS)


def has_channels_first() -> bool:
    """Whether pictures have their channels before height and width by Keras' setting."""
    return bool(keras.config.image_data_format() == "channels_first")


def _first_telling(every: Iterable[Any]) -> Any:
    return next((layer for layer in every if not isinstance(layer, _NEUTRAL_LAYERS)), None)


def _consumers(graph: Graph, place: int) -> list[Any]:
    """The operations that take an input, seen through those that keep its axes."""
    reached, found = {graph.inputs[place]}, []
    for step in graph.steps:
        if reached.isdisjoint(step.inputs):
            continue
        keeps_axes = isinstance(step.operation, _NEUTRAL_LAYERS)
        if keeps_axes or treat(step.operation, step.node).kind in ("pass", "replace"):
            reached.update(step.outputs)
        else:
            found.append(step.operation)
    return found
