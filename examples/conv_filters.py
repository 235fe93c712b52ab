"""What a small convolutional network is made of, and what its layers make of a digit.

The pictures of "How can neural networks be visualized?": the kernel of every filter and input
channel in gray, what each layer responds to a digit, the weights of a Dense layer as a matrix, and
the architecture as a graph of typed nodes; and for every channel the digits that excite it most.
Two networks learn the same, one with ReLU and one with tanh, to be seen side by side.

    python examples/conv_filters.py
    tensorboard --logdir logs/examples/conv_filters
"""

from __future__ import annotations

from pathlib import Path
from typing import Any

import keras
import numpy as np
from keras import layers

from example_data import Images, Options, load_digits, load_file, read_options
from tb_nnviz import ActivationChannels, ModelGraph, TopSamples, WeightTiles

ACTIVATIONS = ("relu", "tanh")
BATCH_SIZE = 32


def make_model(input_shape: tuple[int, ...], num_classes: int, activation: str) -> Any:
    """A network of two branches that are joined, a shortcut around a layer, and two Dense layers.

    Args:
        input_shape: `(height, width, color)` of a picture.
        num_classes: how many scores it gives.
        activation: of the layers before the scores.
    """

    def conv(filters: int, size: int, name: str) -> Any:
        return layers.Conv2D(filters, size, padding="same", activation=activation, name=name)

    inputs = keras.Input(input_shape, name="image")
    maps = layers.MaxPooling2D(2, name="pool1")(conv(8, 5, "conv1")(inputs))

    coarse = conv(8, 5, "conv2_coarse")(maps)
    fine = conv(8, 3, "conv2_fine")(maps)
    joined = layers.Concatenate(name="join")([coarse, fine])
    normalized = layers.BatchNormalization(name="normalize")(joined)

    more = conv(16, 3, "conv3")(normalized)
    added = layers.Add(name="shortcut")([normalized, more])
    pooled = layers.AveragePooling2D(2, name="pool2")(added)

    flat = layers.Flatten(name="flatten")(pooled)
    hidden = layers.Dense(32, activation=activation, name="hidden")(flat)
    kept = layers.Dropout(0.3, name="dropout")(hidden)
    scores = layers.Dense(num_classes, activation="softmax", name="class")(kept)

    model = keras.Model(inputs, scores)
    model.compile("adam", "sparse_categorical_crossentropy", metrics=["accuracy"])
    return model


def train(activation: str, log_dir: Path, data: tuple[Images, Images], epochs: int) -> float:
    """Trains one network, logs it at every epoch, and gives the share of others it gets right."""
    images, held_out = data
    x, x_held_out = add_color_axis(images.x), add_color_axis(held_out.x)
    one_of_each_class = np.unique(held_out.y, return_index=True)[1]
    samples = x_held_out[one_of_each_class], held_out.y[one_of_each_class]

    keras.utils.set_random_seed(0)
    model = make_model(x.shape[1:], len(images.class_names), activation)
    history = model.fit(
        x,
        images.y,
        batch_size=BATCH_SIZE,
        epochs=epochs,
        validation_data=(x_held_out, held_out.y),
        verbose=2,
        callbacks=[
            WeightTiles(log_dir),
            ActivationChannels(log_dir, samples, class_names=images.class_names),
            TopSamples(log_dir, x_held_out, layers="conv*"),
            ModelGraph(log_dir),
            keras.callbacks.TensorBoard(log_dir),
        ],
    )
    return float(history.history["val_accuracy"][-1])


def add_color_axis(x: np.ndarray[Any, Any]) -> np.ndarray[Any, Any]:
    """Gray pictures with the axis that convolutions want."""
    return x if x.ndim == 4 else x[..., np.newaxis]


def load(options: Options) -> tuple[Images, Images]:
    """Digits, or what is in the file, to train on, and others."""
    images, held_out = load_digits() if options.data is None else load_file(options.data)
    return (images.first(1000), held_out.first(250)) if options.quick else (images, held_out)


def main() -> None:
    """Trains, and says what to look at."""
    options = read_options("conv_filters", __doc__)
    data = load(options)
    for activation in ACTIVATIONS:
        print(f"\nTraining with {activation}, logging to {options.logdir / activation}")
        accuracy = train(activation, options.logdir / activation, data, 2 if options.quick else 8)
        print(f"{activation}: {accuracy:.1%} of {len(data[1])} other images are right")
    print(f"""
  tensorboard --logdir {options.logdir}

Open the tab NN VIZ; both runs are side by side.
- Weights, Colours "gray": panel conv2_fine has a row for each filter and a column for each of its
  8 input channels. Panel class is the weights of a Dense layer, a matrix. Set Show to "change since
  start" and play the timeline to see them being learned.
- Activations, Colours "viridis": what every channel responds to one digit of each class. Press
  "Play through the layers" to go from the image to the scores.
- Graph: the branches, where they join, and the shortcut. Click a layer: every other view then shows
  that layer alone.
- Top samples: the digits that excite each channel most, with a frame around where they do.""")


if __name__ == "__main__":
    main()
