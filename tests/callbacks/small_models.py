"""Models that several files of these tests train."""

from __future__ import annotations

from typing import Any

import keras

layers = keras.layers


def make_conv_net() -> Any:
    """One convolution of 32 filters on 28x28 digits, and a layer of scores."""
    model = keras.Sequential(
        [
            keras.Input((28, 28)),
            layers.Reshape((28, 28, 1)),
            layers.Conv2D(32, 5, strides=2, activation="relu", name="convolution"),
            layers.Flatten(),
            layers.Dense(10, "softmax"),
        ]
    )
    model.compile("sgd", "sparse_categorical_crossentropy")
    return model
