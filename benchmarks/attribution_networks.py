"""The networks whose attributions are measured, with the bars and the data to train them on."""

from __future__ import annotations

import os
from collections.abc import Callable
from dataclasses import dataclass
from functools import partial
from typing import Any, Literal

os.environ.setdefault("TF_CPP_MIN_LOG_LEVEL", "3")

import keras
import numpy as np
from keras import layers
from numpy.typing import NDArray

from tb_nnviz.demo import load_digits, make_convolutional

Float32 = NDArray[np.float32]
Output = Literal["logits", "probability"]

# Of each network, of those that it has not been trained on.
NUM_SAMPLES = 100


@dataclass(frozen=True)
class Case:
    """A network, what of it is explained, and the bars.

    Attributes:
        description: as printed.
        make_model: compiled.
        data: of what it is trained on: ``digits`` or ``colour``.
        output: what is explained.
        epochs: of the training.
        max_mean_evaluations: the bar.
    """

    description: str
    make_model: Callable[[], Any]
    data: Literal["digits", "colour"]
    output: Output
    epochs: int
    max_mean_evaluations: float


def make_elu_all_convolutional(
    input_shape: tuple[int, int, int] = (32, 32, 3), filters: int = 32
) -> Any:
    """Nine convolutions with ELU in three groups, mean pooling, and a softmax."""
    model = keras.Sequential([keras.Input(input_shape)])
    for layer in range(9):
        if layer in (3, 6):
            model.add(layers.AveragePooling2D(2))
        model.add(layers.Conv2D(filters, 3, padding="same", activation="elu"))
    model.add(layers.GlobalAveragePooling2D())
    model.add(layers.Dense(10, activation="softmax"))
    return _compiled(model)


def make_elu_for_digits() -> Any:
    """Four convolutions with ELU, two of which halve the picture, and the mean of ten maps."""
    model = keras.Sequential([keras.Input((28, 28, 1))])
    for filters, strides in ((16, 1), (16, 2), (32, 1), (32, 2)):
        model.add(layers.Conv2D(filters, 3, strides=strides, padding="same", activation="elu"))
    model.add(layers.Conv2D(10, 1))
    model.add(layers.GlobalAveragePooling2D())
    model.add(layers.Softmax())
    return _compiled(model)


def make_batch_normalized(input_shape: tuple[int, int, int] = (32, 32, 3)) -> Any:
    """Four convolutions with BatchNormalization and ReLU."""
    model = keras.Sequential([keras.Input(input_shape)])
    for filters, strides in ((16, 1), (32, 2), (32, 1), (64, 2)):
        model.add(layers.Conv2D(filters, 3, strides=strides, padding="same", use_bias=False))
        model.add(layers.BatchNormalization())
        model.add(layers.ReLU())
    model.add(layers.GlobalAveragePooling2D())
    model.add(layers.Dense(10, activation="softmax"))
    return _compiled(model)


CASES = {
    "relu": Case("ReLU conv net on digits, logits", make_convolutional, "digits", "logits", 4, 24),
    "softmax": Case(
        "ReLU conv net on digits, softmax", make_convolutional, "digits", "probability", 4, 50
    ),
    "elu": Case(
        "ELU all-conv net on CIFAR-10, logits",
        make_elu_all_convolutional,
        "colour",
        "logits",
        6,
        24,
    ),
    "normalized": Case(
        "BatchNormalization ReLU net on CIFAR-10, logits",
        make_batch_normalized,
        "colour",
        "logits",
        12,
        80,
    ),
    # Gradients change fast near the black baseline, for which the first 17 places are too few.
    "elu digits": Case(
        "ELU all-conv net on digits, logits", make_elu_for_digits, "digits", "logits", 6, 40
    ),
    "normalized digits": Case(
        "BatchNormalization ReLU net on digits, logits",
        partial(make_batch_normalized, (28, 28, 1)),
        "digits",
        "logits",
        3,
        80,
    ),
}


def train(
    case: Case, images: Float32, labels: NDArray[np.int64], *, epochs: int | None = None
) -> Any:
    """A network of a case, trained."""
    keras.utils.set_random_seed(0)
    model = case.make_model()
    model.fit(images, labels, epochs=epochs or case.epochs, verbose=0)
    return model


def split_digits() -> tuple[Float32, NDArray[np.int64], Float32, NDArray[np.int64]]:
    """Digits to train on, and the others."""
    images, labels = load_digits()
    x, y = images[..., None], labels.astype(np.int64)
    return x[NUM_SAMPLES:], y[NUM_SAMPLES:], x[:NUM_SAMPLES], y[:NUM_SAMPLES]


def load_colour(path: str | None) -> tuple[Float32, NDArray[np.int64], Float32, NDArray[np.int64]]:
    """Pictures in colour to train on, and others.

    Args:
        path: an .npz file with ``x`` and ``y``; None for CIFAR-10 as Keras downloads it.
    """
    if path is None:
        (images, labels), _ = keras.datasets.cifar10.load_data()
    else:
        with np.load(path) as file:
            images, labels = file["x"], file["y"]
    order = np.random.default_rng(0).permutation(len(images))[:5000]
    x, y = (images[order] / 255).astype(np.float32), labels.reshape(-1)[order].astype(np.int64)
    return x[NUM_SAMPLES:], y[NUM_SAMPLES:], x[:NUM_SAMPLES], y[:NUM_SAMPLES]


def _compiled(model: Any) -> Any:
    model.compile("adam", "sparse_categorical_crossentropy", metrics=["accuracy"])
    return model
