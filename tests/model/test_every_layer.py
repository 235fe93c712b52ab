"""Every layer of Keras that has weights: none is left out, and no value is lost."""

from __future__ import annotations

import contextlib
import warnings
from collections.abc import Callable
from typing import Any

import keras
import numpy as np
import pytest
from keras import layers

from tb_nnviz.model.input_pictures import map_nested_inputs
from tb_nnviz.model.layers import list_layers, own_random_states
from tb_nnviz.model.variables import copy_values
from tb_nnviz.model.weights import find_weights

Make = Callable[[], Any]
PICTURE, SEQUENCE, VECTOR, VOLUME = (6, 5, 4), (6, 4), (5,), (3, 4, 3, 2)

# How to make each, and the shape of an input.
WITH_WEIGHTS: dict[str, tuple[Make, tuple[int, ...]]] = {
    "AdditiveAttention": (layers.AdditiveAttention, SEQUENCE),
    "Attention": (lambda: layers.Attention(use_scale=True, score_mode="concat"), SEQUENCE),
    "BatchNormalization": (layers.BatchNormalization, PICTURE),
    "Bidirectional": (lambda: layers.Bidirectional(layers.GRU(3)), SEQUENCE),
    "Conv1D": (lambda: layers.Conv1D(3, 2), SEQUENCE),
    "Conv1DTranspose": (lambda: layers.Conv1DTranspose(3, 2), SEQUENCE),
    "Conv2D": (lambda: layers.Conv2D(4, (2, 3), groups=2), PICTURE),
    "Conv2DTranspose": (lambda: layers.Conv2DTranspose(3, (2, 3)), PICTURE),
    "Conv3D": (lambda: layers.Conv3D(3, (2, 3, 1)), VOLUME),
    "Conv3DTranspose": (lambda: layers.Conv3DTranspose(3, (2, 3, 1)), VOLUME),
    "ConvLSTM1D": (lambda: layers.ConvLSTM1D(3, 2), (2, 6, 4)),
    "ConvLSTM2D": (lambda: layers.ConvLSTM2D(3, (2, 3)), (2, 6, 5, 4)),
    "ConvLSTM3D": (lambda: layers.ConvLSTM3D(3, (2, 3, 1)), (2, 3, 4, 3, 2)),
    "Dense": (lambda: layers.Dense(3), VECTOR),
    "DepthwiseConv1D": (lambda: layers.DepthwiseConv1D(2, depth_multiplier=3), SEQUENCE),
    "DepthwiseConv2D": (lambda: layers.DepthwiseConv2D((2, 3), depth_multiplier=3), PICTURE),
    "EinsumDense": (
        lambda: layers.EinsumDense("abc,cde->abde", (None, 2, 3), bias_axes="de"),
        SEQUENCE,
    ),
    "Embedding": (lambda: layers.Embedding(7, 3), VECTOR),
    "GRU": (lambda: layers.GRU(3), SEQUENCE),
    "GroupNormalization": (lambda: layers.GroupNormalization(2), PICTURE),
    "GroupQueryAttention": (
        lambda: Twice(layers.GroupQueryAttention(3, num_query_heads=4, num_key_value_heads=2)),
        SEQUENCE,
    ),
    "LSTM": (lambda: layers.LSTM(3), SEQUENCE),
    "LayerNormalization": (lambda: layers.LayerNormalization(axis=(1, 2, 3)), PICTURE),
    "MultiHeadAttention": (lambda: Twice(layers.MultiHeadAttention(2, 3)), SEQUENCE),
    "Normalization": (layers.Normalization, PICTURE),
    "PReLU": (layers.PReLU, PICTURE),
    "RMSNormalization": (lambda: layers.RMSNormalization(), PICTURE),  # noqa: PLW0108 - not there yet in Keras 3.0
    "RNN": (lambda: layers.RNN([layers.LSTMCell(3), layers.SimpleRNNCell(2)]), SEQUENCE),
    "ReversibleEmbedding": (
        lambda: layers.ReversibleEmbedding(7, 3, tie_weights=False),
        VECTOR,
    ),
    "STFTSpectrogram": (
        lambda: layers.STFTSpectrogram(frame_length=4, frame_step=2, fft_length=4, window=None),
        (12, 1),
    ),
    "SeparableConv1D": (lambda: layers.SeparableConv1D(3, 2, depth_multiplier=2), SEQUENCE),
    "SeparableConv2D": (lambda: layers.SeparableConv2D(3, (2, 3), depth_multiplier=2), PICTURE),
    "SimpleRNN": (lambda: layers.SimpleRNN(3), SEQUENCE),
    "SpectralNormalization": (
        lambda: layers.SpectralNormalization(layers.Conv2D(3, 2)),
        PICTURE,
    ),
    "TimeDistributed": (lambda: layers.TimeDistributed(layers.Dense(3)), SEQUENCE),
}
# Cells are layers, too, which work inside others only; the others need a framework's own models.
INSIDE_OTHERS = {"GRUCell", "LSTMCell", "SimpleRNNCell", "StackedRNNCells"}
FOREIGN = {"FlaxLayer", "JaxLayer", "TFSMLayer", "TorchModuleWrapper"}
# These take the query and the value, or what attends to itself, as two inputs.
TWO_INPUTS = {"AdditiveAttention", "Attention"}

HERE = sorted(name for name in WITH_WEIGHTS if hasattr(layers, name))


class Twice(keras.layers.Layer):
    """Gives its input twice to a layer that takes a query and a value."""

    def __init__(self, layer: Any) -> None:
        super().__init__()
        self.layer = layer

    def build(self, input_shape: Any) -> None:
        self.layer.build(input_shape, input_shape)
        self.built = True

    def call(self, inputs: Any) -> Any:
        return self.layer(inputs, inputs)


def model_with(name: str) -> Any:
    make, input_shape = WITH_WEIGHTS[name]
    inputs = layers.Input(input_shape)
    layer = make()
    model = keras.Model(inputs, layer([inputs, inputs] if name in TWO_INPUTS else inputs))
    for variable in model.variables:
        if not variable.path.endswith("seed_generator_state"):
            size = int(np.prod(variable.shape))
            variable.assign(np.arange(size).reshape(variable.shape))
    return model


@pytest.mark.parametrize("name", HERE)
def test_every_variable_is_found_once_and_every_value_has_one_place(name: str) -> None:
    model = model_with(name)
    entries = list_layers(model)
    outer_inputs = map_nested_inputs(model)
    found = [weight for entry in entries for weight in find_weights(entry, outer_inputs)]
    states = [state for entry in entries for state in own_random_states(entry.layer)]
    assert found
    everything = [weight.variable for weight in found] + states
    assert sorted(map(id, everything)) == sorted(map(id, model.variables))
    for weight in found:
        values = copy_values(weight.read())
        layout = weight.layout
        tiles = layout.apply(values)
        assert weight.obstacle is None
        assert tiles.shape == layout.shape
        assert len(set(layout.axes)) == tiles.ndim
        assert layout.axes[-2:] == ("height", "width")
        assert set(layout.represents) <= {"height", "width"}
        for axis, texts in layout.labels.items():
            assert len(texts) == tiles.shape[layout.axes.index(axis)]
        assert sorted(tiles.reshape(-1).tolist()) == list(range(values.size))


@pytest.mark.parametrize("name", HERE)
def test_no_weight_of_a_layer_of_keras_is_laid_out_by_its_shape_alone(name: str) -> None:
    model = model_with(name)
    outer_inputs = map_nested_inputs(model)
    unknown = [
        f"{entry.layer_type}.{weight.role} {weight.shape}"
        for entry in list_layers(model)
        for weight in find_weights(entry, outer_inputs)
        if "index" in weight.layout.represents.values()
        or any("axis_" in text for text in weight.layout.represents.values())
    ]
    # Of an EinsumDense of one's own nobody knows which axes are heads.
    assert name == "EinsumDense" or unknown == []


def test_no_layer_of_keras_that_has_weights_is_missing_here() -> None:
    missing = []
    for name in dir(layers):
        one = getattr(layers, name)
        is_layer = isinstance(one, type) and issubclass(one, keras.layers.Layer)
        if not is_layer or one.__name__ in {*WITH_WEIGHTS, *INSIDE_OTHERS, *FOREIGN}:
            continue
        for input_shape in (VECTOR, SEQUENCE, PICTURE, VOLUME):
            with warnings.catch_warnings(), contextlib.suppress(Exception):
                # Many cannot be made without arguments, or take another input.
                warnings.simplefilter("ignore")
                layer = one()
                layer(layers.Input(input_shape))
                if [v for v in layer.variables if not v.path.endswith("seed_generator_state")]:
                    missing.append(name)
    assert missing == []
