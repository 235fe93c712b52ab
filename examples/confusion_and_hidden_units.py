"""Which classes a network takes for which, and what its few units look for.

The networks of "Looking inside neural nets": one layer on digits and on the colour pictures of
CIFAR-10, whose weights are one template for each class; and ten hidden units on digits, each with
a template of its own and, under it, the weight of every class onto it. All of them make mistakes:
the confusion matrix counts them, and shows the samples that are most confidently right and wrong.

    python examples/confusion_and_hidden_units.py
    tensorboard --logdir logs/examples/confusion_and_hidden_units
"""

from __future__ import annotations

from pathlib import Path
from typing import Any

import keras
from keras import layers

from example_data import Images, Options, load_cifar10, load_digits, load_file, read_options
from tb_nnviz import NNViz

Data = tuple[Images, Images]

HIDDEN_UNITS = 10
LEARNING_RATE = 1e-3
# Of a picture in colour every pixel is bright, so the same steps move its score much further.
LEARNING_RATE_IN_COLOUR = 1e-4


def make_one_layer(images: Images, learning_rate: float = LEARNING_RATE) -> Any:
    """A score for each class: a sum of the pixels with weights of its own.

    It has one best solution, so it may start from zero; then pixels that are never bright, in the
    corners, keep weights of zero instead of noise.
    """
    scores = layers.Dense(
        len(images.class_names), "softmax", kernel_initializer="zeros", name="scores"
    )
    model = keras.Sequential([keras.Input(images.x.shape[1:]), layers.Flatten(), scores])
    optimizer = keras.optimizers.Adam(learning_rate)
    model.compile(optimizer, "sparse_categorical_crossentropy", metrics=["accuracy"])
    return model


def make_ten_hidden_units(images: Images) -> Any:
    """Ten units of the pixels, and a score for each class of the ten units."""
    model = keras.Sequential(
        [
            keras.Input(images.x.shape[1:]),
            layers.Flatten(),
            layers.Dense(HIDDEN_UNITS, "relu", name="hidden"),
            layers.Dense(len(images.class_names), "softmax", name="scores"),
        ]
    )
    optimizer = keras.optimizers.Adam(LEARNING_RATE)
    model.compile(optimizer, "sparse_categorical_crossentropy", metrics=["accuracy"])
    return model


def train(model: Any, data: Data, log_dir: Path, epochs: int, samples: str | None = None) -> None:
    """Trains a model on the first part of the data, and logs what it makes of the second.

    Args:
        model: compiled.
        data: pictures to train on, and others.
        log_dir: of the run.
        epochs: how often it sees the pictures.
        samples: which of the others are explained: `None` for a few of each class, or
            `"mistakes"` for those that the model is wrong about most confidently before this
            training.
    """
    images, held_out = data
    validation_data = (held_out.x, held_out.y)
    history = model.fit(
        images.x,
        images.y,
        validation_data=validation_data,
        epochs=epochs,
        verbose=0,
        callbacks=[
            NNViz(
                log_dir,
                validation_data=validation_data,
                samples=samples,
                class_names=images.class_names,
            )
        ],
    )
    accuracy = history.history["val_accuracy"][-1]
    print(f"{log_dir.name}: of {len(held_out)} other pictures {accuracy:.1%} are right")


def load_colour(options: Options) -> Data | None:
    """Pictures in colour: those of the file, or CIFAR-10 unless it has to be quick."""
    if options.data is None:
        return None if options.quick else load_cifar10()
    data = load_file(options.data)
    if data[0].x.ndim != 4:
        raise SystemExit(
            "--data must have pictures in colour here, x of shape (image, height, width, 3); "
            f"{options.data} has {data[0].x.shape[1:]} for each."
        )
    return data


def main() -> None:
    """Trains the networks, and says what to look at."""
    options = read_options("confusion_and_hidden_units", __doc__)
    digits, colour = load_digits(), load_colour(options)
    epochs = 3 if options.quick else 15

    keras.utils.set_random_seed(0)
    model = make_one_layer(digits[0])
    train(model, digits, options.logdir / "one-layer", epochs)
    # The same network once more, from the weights that it has now, to see what it gets wrong.
    train(model, digits, options.logdir / "one-layer-mistakes", 2, samples="mistakes")

    model = make_ten_hidden_units(digits[0])
    train(model, digits, options.logdir / "ten-hidden-units", epochs)

    if colour is None:
        print("one-layer-colour: left out, since --quick downloads nothing; pass --data FILE.npz")
    else:
        model = make_one_layer(colour[0], LEARNING_RATE_IN_COLOUR)
        train(model, colour, options.logdir / "one-layer-colour", epochs)

    print(f"""
See it in TensorBoard:

  tensorboard --logdir {options.logdir}

Open the tab NN VIZ, and set the timeline to the last epoch.
- Templates, panel scores: one picture for each class, in gray and, in the run one-layer-colour, in
  colour. Each is what speaks for its class, and against it. Set Scale to "each run".
- Templates, panel hidden, run ten-hidden-units: ten pictures, and under each the weights of the ten
  classes onto this unit as bars: which digits the unit speaks for, and which against. Click a digit
  to sort the units by it.
- Confusion: a row for each true class, a column for each predicted one. Hover over a cell to see
  the samples that are most confidently in it, click it to keep them, or choose "samples" to see one
  in every cell.
- Attributions, run one-layer-mistakes: which pixels speak for the true class of the worst mistakes,
  and which against it. Set Scale to "tile".""")


if __name__ == "__main__":
    main()
