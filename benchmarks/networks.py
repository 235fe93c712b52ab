"""The networks that are trained while their logging is timed, with data to train them on."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import keras
import numpy as np
from keras import layers
from numpy.typing import NDArray

from tb_nnviz.demo import load_digits, make_mlp


@dataclass(frozen=True)
class Network:
    """A network and a training of it.

    Attributes:
        description: as printed.
        make_model: a compiled model.
        make_data: inputs and labels.
        batch_size: of the training.
    """

    description: str
    make_model: Callable[[], Any]
    make_data: Callable[[], tuple[NDArray[Any], NDArray[Any]]]
    batch_size: int


def make_all_convolutional() -> Any:
    """Nine convolutions of 128 filters on 32x32 colour images, 1.2 million parameters."""
    model = keras.Sequential([keras.Input((32, 32, 3))])
    for layer in range(9):
        if layer in (3, 6):
            model.add(layers.AveragePooling2D(2))
        model.add(layers.Conv2D(128, 3, padding="same", activation="elu"))
    model.add(layers.GlobalAveragePooling2D())
    model.add(layers.Dense(10, activation="softmax"))
    return _compiled(model)


def make_resnet50() -> Any:
    """ResNet50 at 224x224, 25.6 million parameters."""
    return _compiled(keras.applications.ResNet50(weights=None))


def _compiled(model: Any) -> Any:
    model.compile(optimizer="sgd", loss="sparse_categorical_crossentropy")
    return model


def _digits() -> tuple[NDArray[Any], NDArray[Any]]:
    images, labels = load_digits()
    return images[:2000], labels[:2000]


def _noise(count: int, side: int) -> tuple[NDArray[Any], NDArray[Any]]:
    generator = np.random.default_rng(0)
    images = generator.random((count, side, side, 3), np.float32)
    return images, generator.integers(0, 10, count)


NETWORKS = {
    "mlp": Network("784-512-256-10 on 2,000 digits", make_mlp, _digits, batch_size=32),
    "conv9": Network(
        "nine convolutions, 1.2 M parameters, on 256 images of 32×32",
        make_all_convolutional,
        lambda: _noise(256, 32),
        batch_size=32,
    ),
    "resnet50": Network(
        "ResNet50, 25.6 M parameters, on 8 images of 224×224",
        make_resnet50,
        lambda: _noise(8, 224),
        batch_size=4,
    ),
}
