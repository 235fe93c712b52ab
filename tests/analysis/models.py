"""Models of many kinds of layers, which train nothing."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import keras
import numpy as np
from keras import layers


def mlp() -> Any:
    """Dense layers on a flattened picture."""
    return keras.Sequential(
        [
            layers.Input((6, 5)),
            layers.Flatten(),
            layers.Dense(8),
            layers.Dropout(0.1),
            layers.Dense(3),
        ]
    )


def convolutional() -> Any:
    """Convolutions, normalisation, and a Dense layer on feature maps."""
    return keras.Sequential(
        [
            layers.Input((12, 12, 3)),
            layers.Conv2D(6, 3),
            layers.BatchNormalization(),
            layers.PReLU(shared_axes=[1, 2]),
            layers.SeparableConv2D(5, 3),
            layers.Conv2D(4, 1),
            layers.Conv2DTranspose(3, 2, strides=2),
            layers.Flatten(),
            layers.Dense(7),
        ]
    )


def transformer() -> Any:
    """A block of a Transformer on tokens, whose embedding is one layer's only."""
    tokens = layers.Input((9,))
    embedded = layers.Embedding(20, 8)(tokens)
    attended = layers.MultiHeadAttention(2, 4, dropout=0.1)(embedded, embedded)
    residual = layers.LayerNormalization()(layers.Add()([embedded, attended]))
    dense = layers.Dense(8)(layers.Dense(16, "gelu")(residual))
    pooled = layers.GlobalAveragePooling1D()(layers.Add()([residual, dense]))
    return keras.Model(tokens, layers.Dense(3)(layers.Dropout(0.1)(pooled)))


def recurrent() -> Any:
    """Recurrent layers of all kinds."""
    return keras.Sequential(
        [
            layers.Input((7, 4)),
            layers.Bidirectional(layers.LSTM(3, return_sequences=True)),
            layers.GRU(5, return_sequences=True, dropout=0.1),
            layers.RNN([layers.LSTMCell(3), layers.SimpleRNNCell(2)], return_sequences=True),
            layers.TimeDistributed(layers.Dense(4)),
            layers.SimpleRNN(3),
        ]
    )


def video() -> Any:
    """A convolutional LSTM."""
    return keras.Sequential([layers.Input((3, 6, 6, 2)), layers.ConvLSTM2D(4, 3)])


def nested() -> Any:
    """A model that is used twice within another, and a layer it shares with that one."""
    shared = layers.Dense(4)
    inner = keras.Sequential([layers.Input((4,)), shared, layers.BatchNormalization()])
    inputs = layers.Input((4,))
    return keras.Model(inputs, layers.Add()([inner(inputs), inner(shared(inputs))]))


class Subclassed(keras.Model):
    """A model that holds a weight itself, and another that two of its layers hold."""

    def __init__(self) -> None:
        super().__init__()
        self.embed = layers.Embedding(6, 4)
        self.unembed = Tied(self.embed)
        self.temperature = self.add_weight(shape=(), initializer="ones", name="temperature")

    def call(self, inputs: Any) -> Any:
        """Scores of tokens."""
        return self.unembed(self.embed(inputs)) * self.temperature


class Tied(keras.layers.Layer):
    """Uses another layer's embeddings, so that Keras counts them among its variables."""

    def __init__(self, embedding: Any) -> None:
        super().__init__()
        embedding.build((None, None))
        self.table = embedding.embeddings
        self.bias = self.add_weight(shape=(6,), name="bias")

    def call(self, inputs: Any) -> Any:
        """Products with each token's embedding."""
        return keras.ops.matmul(inputs, keras.ops.transpose(self.table)) + self.bias


def subclassed() -> Any:
    """A built `Subclassed`."""
    model = Subclassed()
    model(np.zeros((1, 3), np.int32))
    return model


MODELS: dict[str, Callable[[], Any]] = {
    make.__name__: make
    for make in (mlp, convolutional, transformer, recurrent, video, nested, subclassed)
}
