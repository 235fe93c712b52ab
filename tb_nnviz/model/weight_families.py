"""Which weight of which Keras layer has which layout.

One function a family of layers; it answers by the name and rank of a weight, and None for what
it does not know, which is then laid out by its shape. docs/weights.md has the whole table.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import keras
from keras import layers

from tb_nnviz.model.input_pictures import find_input_picture
from tb_nnviz.model.layers import quantization_mode
from tb_nnviz.model.layouts import WeightLayout
from tb_nnviz.model.layouts.attention import (
    layout_head_bias,
    layout_head_output,
    layout_head_projection,
)
from tb_nnviz.model.layouts.convolutions import (
    layout_convolution,
    layout_depthwise,
    layout_transposed_convolution,
)
from tb_nnviz.model.layouts.dense import layout_dense
from tb_nnviz.model.layouts.layout import (
    is_flat,
    layout_by_shape,
    layout_matrix,
    layout_strip,
)
from tb_nnviz.model.layouts.per_channel import layout_per_channel
from tb_nnviz.model.layouts.recurrent import (
    GRU_GATES,
    LSTM_GATES,
    layout_gated_bias,
    layout_gated_convolution,
    layout_gated_kernel,
)
from tb_nnviz.model.plain_weights import (
    CHANNELS,
    DENSE,
    EMBEDDING,
    FILTERS,
    WeightPlace,
    layout_plain,
)

Family = Callable[[WeightPlace], WeightLayout | None]


def _named(*names: str) -> tuple[type, ...]:
    """Those of Keras' layers that this version of Keras has."""
    return tuple(getattr(layers, name) for name in names if hasattr(layers, name))


_ATTENTION = _named("MultiHeadAttention", "GroupQueryAttention")
_CONV_LSTM = _named("ConvLSTM1D", "ConvLSTM2D", "ConvLSTM3D")


def choose_layout(place: WeightPlace) -> WeightLayout:
    """The layout of a weight: that of the layer's family, else one by its shape alone."""
    for types, family in _FAMILIES:
        if isinstance(place.layer, types) and (layout := family(place)) is not None:
            return layout
    if isinstance(place.parent, _CONV_LSTM) and (layout := _conv_lstm_cell(place)) is not None:
        return layout
    return layout_by_shape(place.shape)


def has_weights_when_built(layer: Any) -> bool:
    """Whether a layer that is not built would have weights of its own, as far as can be told.

    Keras' own layers are known; of others those that say how they are built.
    """
    if isinstance(layer, (*(one for types, _ in _FAMILIES for one in types), *_ATTENTION)):
        return True
    is_own = type(layer).__module__.partition(".")[0] == "keras" or isinstance(layer, keras.Model)
    return not is_own and type(layer).build is not keras.layers.Layer.build


def _dense(place: WeightPlace) -> WeightLayout | None:
    if place.key == ("kernel", 2):
        picture = find_input_picture(place.layer, place.outer_inputs)
        return layout_dense(place.shape, picture)
    return layout_plain(place, DENSE)


def _convolution(place: WeightPlace) -> WeightLayout | None:
    rank = place.layer.rank + 2
    if place.key == ("kernel", rank):
        return layout_convolution(place.shape, groups=place.layer.groups)
    if place.key == ("lora_kernel_a", rank):
        return layout_convolution(place.shape, groups=place.layer.groups, outputs="rank")
    return layout_plain(place, FILTERS)


def _transposed_convolution(place: WeightPlace) -> WeightLayout | None:
    if place.key == ("kernel", place.layer.rank + 2):
        return layout_transposed_convolution(place.shape)
    return layout_plain(place, FILTERS)


def _depthwise(place: WeightPlace) -> WeightLayout | None:
    if place.key == ("kernel", place.layer.rank + 2):
        return layout_depthwise(place.shape)
    return layout_plain(place, CHANNELS)


def _separable(place: WeightPlace) -> WeightLayout | None:
    if place.key == ("depthwise_kernel", place.layer.rank + 2):
        return layout_depthwise(place.shape)
    if place.key == ("pointwise_kernel", place.layer.rank + 2):
        return layout_convolution(place.shape)
    return layout_plain(place, FILTERS)


def _embedding(place: WeightPlace) -> WeightLayout | None:
    return layout_plain(place, EMBEDDING)


def _einsum(place: WeightPlace) -> WeightLayout | None:
    if isinstance(place.parent, _ATTENTION):
        return _attention_projection(place)
    if place.key == ("kernel", 2):
        operands, _, output = place.layer.equation.partition("->")
        rows, columns = ("unit" if letter in output else "input" for letter in operands[-2:])
        return layout_matrix(place.shape, rows, columns) if rows != columns else None
    if place.name == "kernel_scale" and place.shape and is_flat(place.shape):
        return layout_strip(place.shape, "unit")
    if place.name == "kernel_scale" and quantization_mode(place.layer) == "int8":
        return None  # one for each output, in the axes of the kernel: there are no groups
    return layout_plain(place, DENSE)


def _attention_projection(place: WeightPlace) -> WeightLayout | None:
    columns = "key" if place.layer.name in ("query", "key") else "value"
    is_output = place.layer.name == "attention_output"
    match place.key:
        case "kernel", rank if is_output and rank > 2:  # noqa: PLR2004 - heads, size, outputs
            return layout_head_output(place.shape)
        case "bias", 1 if is_output:
            return layout_strip(place.shape, "output")
        case "kernel", 3:
            return layout_head_projection(place.shape, columns)
        case "bias", 2 if not is_output:
            return layout_head_bias(place.shape, columns)
    return None


def _cell_family(gates: tuple[str, ...]) -> Family:
    """The family of a recurrent cell with such gates."""

    def family(place: WeightPlace) -> WeightLayout | None:
        if place.shape and place.shape[-1] % max(1, len(gates)):
            return None
        match place.key:
            case "kernel", 2:
                return layout_gated_kernel(place.shape, gates, "input")
            case "recurrent_kernel", 2:
                return layout_gated_kernel(place.shape, gates, "state")
            case "bias", rank if rank == 1 or (gates == GRU_GATES and place.shape[0] == 2):  # noqa: PLR2004
                return layout_gated_bias(place.shape, gates)
        return None

    return family


def _conv_lstm_cell(place: WeightPlace) -> WeightLayout | None:
    if place.shape and place.shape[-1] % len(LSTM_GATES):
        return None
    rank = place.parent.cell.rank + 2
    if place.key in {("kernel", rank), ("recurrent_kernel", rank)}:
        return layout_gated_convolution(place.shape)
    if place.key == ("bias", 1):
        return layout_gated_bias(place.shape, LSTM_GATES, "filter")
    return None


def _normalization(place: WeightPlace) -> WeightLayout | None:
    if len(place.shape) == 1:
        return layout_strip(place.shape, "channel")
    if _is_over_whole_input(place):
        return layout_per_channel(place.shape, is_channels_first=_is_channels_first())
    return None


def _is_over_whole_input(place: WeightPlace) -> bool:
    """Whether a normalisation has a parameter for each value of its input, in their order."""
    axes = getattr(place.layer, "_keep_axis", None) or getattr(place.layer, "axis", None)
    if not isinstance(axes, (list, tuple)):
        return False
    built_with = [*(getattr(place.layer, "_build_shapes_dict", None) or {}).values()]
    rank = len(built_with[0]) if built_with else 1 + len(place.shape)
    return [axis % rank for axis in axes] == list(range(1, rank))


def _spectral_normalization(place: WeightPlace) -> WeightLayout | None:
    return layout_strip(place.shape, "output") if place.key == ("vector_u", 2) else None


def _prelu(place: WeightPlace) -> WeightLayout | None:
    if place.name != "alpha":
        return None
    return layout_per_channel(place.shape, is_channels_first=_is_channels_first())


def _additive_attention(place: WeightPlace) -> WeightLayout | None:
    return layout_strip(place.shape, "channel") if place.key == ("scale", 1) else None


def _spectrogram(place: WeightPlace) -> WeightLayout | None:
    is_kernel = place.name in {"real_kernel", "imag_kernel"}
    return layout_convolution(place.shape) if is_kernel and len(place.shape) == 3 else None  # noqa: PLR2004


def _is_channels_first() -> bool:
    return bool(keras.config.image_data_format() == "channels_first")


_FAMILIES: tuple[tuple[tuple[type, ...], Family], ...] = (
    (_named("Dense"), _dense),
    (_named("Conv1D", "Conv2D", "Conv3D"), _convolution),
    (_named("Conv1DTranspose", "Conv2DTranspose", "Conv3DTranspose"), _transposed_convolution),
    (_named("DepthwiseConv1D", "DepthwiseConv2D"), _depthwise),
    (_named("SeparableConv1D", "SeparableConv2D"), _separable),
    (_named("Embedding", "ReversibleEmbedding"), _embedding),
    (_named("EinsumDense"), _einsum),
    (_named("LSTMCell"), _cell_family(LSTM_GATES)),
    (_named("GRUCell"), _cell_family(GRU_GATES)),
    (_named("SimpleRNNCell"), _cell_family(())),
    (
        _named(
            "BatchNormalization",
            "GroupNormalization",
            "LayerNormalization",
            "Normalization",
            "RMSNormalization",
        ),
        _normalization,
    ),
    (_named("SpectralNormalization"), _spectral_normalization),
    (_named("PReLU"), _prelu),
    (_named("AdditiveAttention"), _additive_attention),
    (_named("STFTSpectrogram"), _spectrogram),
)
