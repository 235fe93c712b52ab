"""Inside a network of nine convolutions that learns CIFAR-10.

The network of "Inside the mind of a neural network": nothing but convolutions with ELU, mean
pooling, and a softmax over ten classes. Its weights before and after training as histograms; the
first 27 of 128 channels after layers 3, 6 and 9, played from the picture to the last of them; and
why a picture gets its score, by interior and integrated gradients. Keras logs accuracy and cost
beside it.

    python examples/all_conv_cifar10.py
    tensorboard --logdir logs/examples/all_conv_cifar10
"""

from __future__ import annotations

from pathlib import Path
from typing import Any

import keras
import numpy as np
from keras import layers

from example_data import (
    Images,
    Options,
    load_cifar10,
    load_coloured_digits,
    load_file,
    read_options,
)
from tb_nnviz import ActivationChannels, IntegratedGradients, ModelGraph, WeightHistograms

RUN = "all_conv"
SHOWN_LAYERS = ("conv3", "conv6", "conv9")
SHOWN_CHANNELS = 27
# About twenty minutes on two cores; all 50,000 pictures learn more, in five times as long.
IMAGES, HELD_OUT, EPOCHS = 10_000, 1000, 10


def make_model(input_shape: tuple[int, ...], num_classes: int) -> Any:
    """Three times three convolutions, with mean pooling between and after them.

    Args:
        input_shape: `(height, width, color)` of a picture.
        num_classes: how many scores it gives.
    """

    def conv(number: int, filters: int, size: int = 3) -> Any:
        return layers.Conv2D(
            filters,
            size,
            padding="same",
            activation="elu",
            kernel_initializer="he_normal",
            name=f"conv{number}",
        )

    model = keras.Sequential(
        [
            keras.Input(input_shape),
            conv(1, 32),
            conv(2, 32),
            conv(3, 128),
            layers.AveragePooling2D(2, name="mean1"),
            conv(4, 64),
            conv(5, 64),
            conv(6, 128),
            layers.AveragePooling2D(2, name="mean2"),
            conv(7, 128),
            conv(8, 128, 1),
            conv(9, 128, 1),
            layers.GlobalAveragePooling2D(name="mean3"),
            layers.Dense(num_classes, activation="softmax", name="class"),
        ]
    )
    model.compile("adam", "sparse_categorical_crossentropy", metrics=["accuracy"])
    return model


def train(log_dir: Path, images: Images, held_out: Images, *, epochs: int, samples: int) -> float:
    """Trains, logs at every epoch, and gives the share of the other pictures it gets right.

    Args:
        log_dir: of the run; Keras logs into it too.
        images: to train on.
        held_out: the others.
        epochs: how often each picture is learned from.
        samples: how many classes are looked into, by one picture of each.
    """
    chosen = np.unique(held_out.y, return_index=True)[1][:samples]
    looked_at = held_out.x[chosen], held_out.y[chosen]
    names = images.class_names

    keras.utils.set_random_seed(0)
    model = make_model(images.x.shape[1:], len(names))
    history = model.fit(
        images.x,
        images.y,
        batch_size=32,
        epochs=epochs,
        validation_data=(held_out.x, held_out.y),
        verbose=2,
        callbacks=[
            WeightHistograms(log_dir, layers="conv*"),
            ActivationChannels(
                log_dir,
                looked_at,
                layers=SHOWN_LAYERS,
                max_channels=SHOWN_CHANNELS,
                class_names=names,
            ),
            IntegratedGradients(log_dir, looked_at, class_names=names),
            ModelGraph(log_dir),
            keras.callbacks.TensorBoard(log_dir),
        ],
    )
    return float(history.history["val_accuracy"][-1])


def load(options: Options) -> tuple[Images, Images]:
    """CIFAR-10, or what is in the file, to train on, and others.

    To be quick without a file it is digits in colour, for which nothing is downloaded.
    """
    if options.data is not None:
        images, held_out = load_file(options.data)
    else:
        images, held_out = load_coloured_digits() if options.quick else load_cifar10()
    if images.x.ndim != 4 or min(images.x.shape[1:3]) < 4:
        raise SystemExit(
            "--data must have pictures in colour, x of shape (image, height, width, color), of "
            f"4×4 pixels at least; {options.data} has pictures of shape {images.x.shape[1:]}."
        )
    if options.quick:
        return images.first(256), held_out.first(64)
    return images.first(IMAGES), held_out.first(HELD_OUT)


def main() -> None:
    """Trains, and says what to look at."""
    options = read_options("all_conv_cifar10", __doc__)
    images, held_out = load(options)
    log_dir = options.logdir / RUN
    if options.quick and options.data is None:
        print("With --quick it learns coloured digits, since nothing is downloaded, not CIFAR-10.")
    print(f"Training on {len(images)} pictures, logging to {log_dir}")
    epochs, samples = (2, 3) if options.quick else (EPOCHS, 10)
    accuracy = train(log_dir, images, held_out, epochs=epochs, samples=samples)
    chance = 1 / len(images.class_names)
    print(f"""
{accuracy:.1%} of {len(held_out)} other pictures are right; guessing gives {chance:.1%}.

  tensorboard --logdir {options.logdir}

Open the tab NN VIZ.
- Histograms: the weights before training in gray, after it in colour. Set Layers to 3, Height to
  density, and filter the layers by "kernel": nine layers in three groups. Play the timeline.
- Activations: {SHOWN_CHANNELS} of 128 channels after layers 3, 6 and 9. Press "Play through the
  layers": from the picture over conv3 and conv6 to conv9.
- Attributions: why each picture gets the score of its class. Set Scale to tile. Beside the map are
  the interior gradients along the path, for one α or all, and how true the map is.
- The tabs Scalars and Time Series: accuracy and cost, as {RUN}/train and {RUN}/validation.""")


if __name__ == "__main__":
    main()
