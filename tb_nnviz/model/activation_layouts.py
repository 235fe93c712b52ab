"""What the axes of a layer's output are: samples, channels, places, steps, heads.

Decided from the kind of layer and the rank of its output, never from values. Knows no limits
and no records.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

import keras
from keras import layers

from tb_nnviz.model.layers import LayerEntry

# Ranks with the axis over samples.
_SCALAR, _VECTOR, _SEQUENCE, _MAPS, _VOLUMES = 1, 2, 3, 4, 5
# Convolutional recurrent layers, and how many axes the places of their pictures have.
_STEPPING_PICTURES = {layers.ConvLSTM1D: 1, layers.ConvLSTM2D: 2, layers.ConvLSTM3D: 3}
_PASSING = (
    layers.ActivityRegularization,
    layers.AlphaDropout,
    layers.Dropout,
    layers.Flatten,
    layers.GaussianDropout,
    layers.GaussianNoise,
    layers.Identity,
    layers.InputLayer,
    layers.Reshape,
    layers.SpatialDropout1D,
    layers.SpatialDropout2D,
    layers.SpatialDropout3D,
)
_OF_VOLUMES = (
    layers.Conv3D,
    layers.Conv3DTranspose,
    layers.AveragePooling3D,
    layers.MaxPooling3D,
    layers.UpSampling3D,
)


@dataclass(frozen=True)
class ActivationLayout:
    """How an output is laid out as tiles.

    Attributes:
        axes: of the record: ``sample``, other grid axes, ``height``, ``width``.
        order: for each of them, the axis of the output; None for one of length 1 that it has
            not.
        represents: what rows and columns are where they are no places in a picture.
        channel: which axis of the output has the channels (or heads), of which the first are
            kept; None where all values are kept.
        slices: which axis of the output has depth slices or steps beside channels, or None.
        averaged: axes of the output that are averaged where they are too long.
        is_vector: one row of values that are all kept.
    """

    axes: tuple[str, ...]
    order: tuple[int | None, ...]
    represents: Mapping[str, str] = field(default_factory=dict)
    channel: int | None = None
    slices: int | None = None
    averaged: tuple[int, ...] = ()
    is_vector: bool = False

    def lay_out(self, lengths: Sequence[int]) -> tuple[int, ...]:
        """Lengths of the record's axes for the lengths of the output's."""
        return tuple(1 if axis is None else lengths[axis] for axis in self.order)


@dataclass(frozen=True)
class ModelHabits:
    """What the layers of a model say of those that say nothing themselves.

    Attributes:
        data_format: where the channels are.
        has_steps: five axes are steps of pictures rather than volumes.
    """

    data_format: str
    has_steps: bool


def find_habits(entries: Sequence[LayerEntry]) -> ModelHabits:
    """The habits of a model.

    Args:
        entries: all its layers.
    """
    formats = {
        entry.layer.data_format
        for entry in entries
        if isinstance(getattr(entry.layer, "data_format", None), str)
        and not isinstance(entry.layer, layers.Flatten)
    }
    default = keras.config.image_data_format()
    stepping = (layers.TimeDistributed, *_STEPPING_PICTURES)
    steps = any(isinstance(entry.layer, stepping) for entry in entries)
    volumes = any(isinstance(entry.layer, _OF_VOLUMES) for entry in entries)
    return ModelHabits(
        formats.pop() if len(formats) == 1 else default, has_steps=steps and not volumes
    )


def find_activation_layout(
    entry: LayerEntry, rank: int, habits: ModelHabits
) -> ActivationLayout | None:
    """The layout of a layer's output; None where there is no picture of it.

    Args:
        entry: the layer.
        rank: axes of the output, that over samples included.
        habits: of the model.
    """
    if rank in (_SCALAR, _VECTOR):
        width = 1 if rank == _VECTOR else None
        return ActivationLayout(
            ("sample", "height", "width"), (0, None, width), {"width": "unit"}, is_vector=True
        )
    if _is_in_attention(entry) and rank >= _MAPS:
        return _attention_layout(entry) if rank == _MAPS else None
    channel = _channel_axis(entry.layer, rank, habits)
    places = tuple(axis for axis in range(1, rank) if axis != channel)
    steps_first = _has_steps_first(entry.layer, rank)
    if rank == _SEQUENCE:
        represents = {"height": "step", "width": "channel"}
        axes: tuple[str, ...] = ("sample", "height", "width")
        return ActivationLayout(axes, (0, *places, channel), represents, channel, averaged=places)
    if rank == _MAPS:
        represents = {"height": "step", "width": "position"} if steps_first else {}
        axes = ("sample", "channel", "height", "width")
        return ActivationLayout(axes, (0, channel, *places), represents, channel, averaged=places)
    if rank == _VOLUMES:
        is_volume = isinstance(entry.layer, (*_OF_VOLUMES, *_STEPPING_PICTURES))
        has_steps = steps_first or (habits.has_steps and not is_volume)
        axes = ("sample", "channel", "step" if has_steps else "depth", "height", "width")
        return ActivationLayout(
            axes,
            (0, channel, *places),
            channel=channel,
            slices=places[0],
            averaged=places[1:],
        )
    return None


def _attention_layout(entry: LayerEntry) -> ActivationLayout:
    """Scores ``(sample, head, query, key)``, or projections ``(sample, step, head, channel)``."""
    axes = ("sample", "head", "height", "width")
    if isinstance(entry.layer, (layers.Softmax, layers.Dropout)):
        represents = {"height": "query", "width": "key"}
        return ActivationLayout(axes, (0, 1, 2, 3), represents, channel=1, averaged=(2, 3))
    represents = {"height": "step", "width": "channel"}
    return ActivationLayout(axes, (0, 2, 1, 3), represents, channel=2, averaged=(1, 3))


def _is_in_attention(entry: LayerEntry) -> bool:
    return isinstance(entry.parent, (layers.MultiHeadAttention, layers.GroupQueryAttention))


def _has_steps_first(layer: Any, rank: int) -> bool:
    """Whether the axis after the samples counts steps, each with a picture of its own."""
    if isinstance(layer, layers.TimeDistributed):
        return True
    num_places = next(
        (number for kind, number in _STEPPING_PICTURES.items() if isinstance(layer, kind)), None
    )
    # A sample, a step and a channel axis beside the places.
    return num_places is not None and rank == num_places + 3


def _channel_axis(layer: Any, rank: int, habits: ModelHabits) -> int:
    inner = layer.layer if isinstance(layer, layers.TimeDistributed) else layer
    data_format = getattr(inner, "data_format", None)
    if isinstance(inner, layers.BatchNormalization) and inner is layer:
        return int(inner.axis) % rank
    if not isinstance(data_format, str) or isinstance(inner, layers.Flatten):
        # Where no layer says it, a sequence has its channels last, whatever pictures do.
        data_format = habits.data_format if rank > _SEQUENCE else "channels_last"
    if data_format != "channels_first" or (rank == _SEQUENCE and inner is not layer):
        return rank - 1
    return 2 if _has_steps_first(layer, rank) else 1


def passes_values_on(layer: Any) -> bool:
    """Whether a layer's output holds, at inference, just the values of its input."""
    return isinstance(layer, _PASSING)
