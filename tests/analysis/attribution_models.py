"""Models that attributions are computed of; weights are drawn, not trained."""

from __future__ import annotations

from typing import Any

import keras
import numpy as np
from keras import layers, ops


def linear(num_inputs: int = 6, num_classes: int = 3) -> Any:
    """One Dense layer with a softmax, whose biases are not 0."""
    return keras.Sequential(
        [keras.Input((num_inputs,)), layers.Dense(num_classes, "softmax", bias_initializer="ones")]
    )


def convolutional(activation: str = "relu") -> Any:
    """Two convolutions on colour pictures, and scores of four classes."""
    keras.utils.set_random_seed(3)
    return keras.Sequential(
        [
            keras.Input((10, 8, 3)),
            layers.Conv2D(6, 3, activation=activation, bias_initializer="random_normal"),
            layers.Conv2D(8, 3, activation=activation, bias_initializer="random_normal"),
            layers.Flatten(),
            layers.Dense(4, "softmax"),
        ]
    )


def two_inputs() -> Any:
    """A vector and a gray picture, named out of the order of the alphabet."""
    keras.utils.set_random_seed(4)
    picture, vector = keras.Input((6, 6, 1), name="picture"), keras.Input((4,), name="abacus")
    maps = layers.Flatten()(layers.Conv2D(3, 3, activation="elu")(picture))
    hidden = layers.Concatenate()([maps, layers.Dense(5, "elu")(vector)])
    return keras.Model({"picture": picture, "abacus": vector}, layers.Dense(2)(hidden))


def three_outputs() -> Any:
    """Probabilities, a box, and one sigmoid, as the last stages of a face detector give."""
    keras.utils.set_random_seed(5)
    inputs = keras.Input((6,))
    hidden = layers.Dense(8, "tanh")(inputs)
    return keras.Model(
        inputs,
        [
            layers.Dense(3, "softmax", name="kind")(hidden),
            layers.Dense(4, name="box")(hidden),
            layers.Dense(1, "sigmoid", name="smiles")(hidden),
        ],
    )


def tokens(*, dtype: str = "int32", mask: bool = False) -> Any:
    """Embedded tokens, a recurrent layer, and scores."""
    keras.utils.set_random_seed(6)
    return keras.Sequential(
        [
            keras.Input((9,), dtype=dtype),
            layers.Embedding(30, 5, mask_zero=mask, embeddings_initializer="random_normal"),
            layers.GRU(4),
            layers.Dense(3, "softmax"),
        ]
    )


class Transformer(keras.Model):
    """Embedded tokens and positions, attention with a residual, and the mean over positions."""

    def __init__(self) -> None:
        super().__init__()
        self.token = layers.Embedding(30, 6)
        self.position = layers.Embedding(9, 6)
        self.attention = layers.MultiHeadAttention(2, 3)
        self.scores = layers.Dense(4)

    def call(self, inputs: Any) -> Any:
        """Scores of four classes."""
        embedded = self.token(inputs) + self.position(ops.arange(9))
        attended = embedded + self.attention(embedded, embedded)
        return self.scores(ops.mean(attended, axis=1))


def transformer() -> Any:
    """A built `Transformer`."""
    keras.utils.set_random_seed(7)
    model = Transformer()
    model(np.zeros((1, 9), np.int32))
    return model


def bytes_rescaled() -> Any:
    """Takes bytes, as it says, and makes floats of them itself."""
    keras.utils.set_random_seed(8)
    return keras.Sequential(
        [
            keras.Input((6, 6, 1), dtype="uint8"),
            layers.Rescaling(1 / 127.5, offset=-1),
            layers.Conv2D(3, 3, activation="elu"),
            layers.Flatten(),
            layers.Dense(3),
        ]
    )


def half_precision() -> Any:
    """Computes in float16, with a softmax in float32."""
    keras.utils.set_random_seed(9)
    before = keras.config.dtype_policy()
    keras.config.set_dtype_policy("mixed_float16")
    try:
        return keras.Sequential(
            [
                keras.Input((6, 6, 1)),
                layers.Conv2D(4, 3, activation="relu"),
                layers.Flatten(),
                layers.Dense(3),
                layers.Activation("softmax", dtype="float32"),
            ]
        )
    finally:
        keras.config.set_dtype_policy(before)


def through_argmax() -> Any:
    """No gradient passes the choice of the greatest score."""
    inputs = keras.Input((4,))
    chosen = ops.one_hot(ops.argmax(layers.Dense(4)(inputs), axis=1), 4)
    return keras.Model(inputs, layers.Dense(3)(chosen))
