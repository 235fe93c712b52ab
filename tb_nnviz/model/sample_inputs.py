"""What a model calls its inputs, and what it takes a sample for: a picture or a sequence."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import keras
from keras import layers

from tb_nnviz.model.layers import list_layers
from tb_nnviz.model.sample_panel import named_inputs

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
    layers.Attention,
    layers.AdditiveAttention,
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
    layers.Identity,
)


def input_names(model: Any, inputs: Any) -> tuple[str, ...]:
    """A name for each input, in the order of `named_inputs`.

    Args:
        model: any model.
        inputs: an array, or a list or dict of arrays.

    Returns:
        The keys of a dict; else the model's own names where it has as many; else places.
    """
    names = tuple(name for name, _ in named_inputs(inputs))
    if isinstance(inputs, Mapping):
        return names
    tensors = _input_tensors(model)
    own = tuple(str(tensor.name) for tensor in tensors)
    return own if len(own) == len(names) == len(set(own)) else names


def are_sequences(model: Any, inputs: Any) -> tuple[bool, ...]:
    """For each input, whether its two axes are ``(step, channel)`` to the model.

    The first layers that an input goes to say so; in a model without a graph, the first layer.

    Args:
        model: a built model.
        inputs: an array, or a list or dict of arrays.
    """
    entries = [entry.layer for entry in list_layers(model)]
    named = dict(zip(input_names(model, inputs), named_inputs(inputs), strict=True))
    tensors = {str(tensor.name): tensor for tensor in _input_tensors(model)}
    if len(tensors) == len(named) == 1:
        tensors = dict(zip(named, tensors.values(), strict=True))
    return tuple(
        _is_sequence(tensors[name], entries) if name in tensors else _begins_as_sequence(entries)
        for name in named
    )


def has_channels_first() -> bool:
    """Whether pictures have their channels before height and width."""
    return bool(keras.config.image_data_format() == "channels_first")


def _input_tensors(model: Any) -> list[Any]:
    try:
        return list(model.inputs or [])
    except (AttributeError, ValueError, TypeError):  # early versions of Keras raise
        return []


def _is_sequence(tensor: Any, entries: list[Any]) -> bool:
    consumers = _consumers(tensor, entries)
    return any(
        any(_is_sequence(output, entries) for output in node.output_tensors)
        if isinstance(layer, _NEUTRAL_LAYERS)
        else isinstance(layer, _SEQUENCE_LAYERS)
        for layer, node in consumers
    )


def _consumers(tensor: Any, entries: list[Any]) -> list[tuple[Any, Any]]:
    return [
        (layer, node)
        for layer in entries
        for node in getattr(layer, "_inbound_nodes", [])
        if any(one is tensor for one in node.input_tensors)
    ]


def _begins_as_sequence(entries: list[Any]) -> bool:
    first = next((layer for layer in entries if not isinstance(layer, _NEUTRAL_LAYERS)), None)
    return isinstance(first, _SEQUENCE_LAYERS)
