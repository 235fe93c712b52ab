"""What each unit of a network of Dense layers looks for in a digit, seen as a picture.

The networks of "Visualization of a Basic Neural Network in Python": 784-512-256-10, and 784-10
without a hidden layer, each trained on 500 digits and on all of them. A unit of the first layer
has a weight for every pixel, so its weights are a picture. A unit of a later layer gets one as
well: its column of the product of the matrices, 784×512 · 512×256 · 256×10, leads back to the
pixels.

    python examples/weight_templates.py
    tensorboard --logdir logs/examples/weight_templates
"""

from __future__ import annotations

from pathlib import Path

import keras

from example_data import Images, load_digits, load_file, read_options
from tb_nnviz import NNViz

FEW = 500


def make_mlp(train: Images) -> keras.Model:
    """Two hidden layers, of 512 and 256 units, and a score for each class."""
    return keras.Sequential(
        [
            keras.Input(train.x.shape[1:]),
            keras.layers.Flatten(),
            keras.layers.Dense(512, activation="relu", name="hidden_1"),
            keras.layers.Dense(256, activation="relu", name="hidden_2"),
            keras.layers.Dense(len(train.class_names), activation="softmax", name="scores"),
        ],
        name="mlp",
    )


def make_linear(train: Images) -> keras.Model:
    """A score for each class, of the pixels themselves."""
    return keras.Sequential(
        [
            keras.Input(train.x.shape[1:]),
            keras.layers.Flatten(),
            keras.layers.Dense(len(train.class_names), activation="softmax", name="scores"),
        ],
        name="linear",
    )


def train_model(
    model: keras.Model, train: Images, held_out: Images, log_dir: Path, epochs: int
) -> float:
    """Trains a model, logs what is in it at every epoch, and returns its accuracy on others."""
    model.compile("adam", "sparse_categorical_crossentropy", metrics=["accuracy"])
    history = model.fit(
        train.x,
        train.y,
        validation_data=(held_out.x, held_out.y),
        epochs=epochs,
        verbose=0,
        callbacks=[
            NNViz(
                log_dir,
                views=["weights", "histograms", "templates"],
                class_names=train.class_names,
            )
        ],
    )
    return float(history.history["val_accuracy"][-1])


def main() -> None:
    """Trains the four networks, and says what to look at."""
    options = read_options("weight_templates", __doc__)
    train, held_out = load_digits() if options.data is None else load_file(options.data)
    epochs = 3 if options.quick else 12
    for size, part in (("500", train.first(FEW)), ("all", train)):
        for make_model in (make_mlp, make_linear):
            # The same weights before training, whatever it is trained on.
            keras.utils.set_random_seed(0)
            model = make_model(train)
            log_dir = options.logdir / f"{model.name}-{size}"
            accuracy = train_model(model, part, held_out, log_dir, epochs)
            print(f"{log_dir.name}: of {len(held_out)} other pictures {accuracy:.1%} are right")
    print(f"""
See it in TensorBoard:

  tensorboard --logdir {options.logdir}

Open the tab NN VIZ, and set the timeline to the last epoch.
- Weights, panel hidden_1/kernel: 512 pictures of the pixels' weights. Set Show to "change since
  start": what was noise at epoch 0 is gone, and strokes are left.
- Templates, panel hidden_2: 256 pictures, the products of two matrices, and under each the weights
  of the ten classes onto this unit.
- Templates, panel scores, in all four runs: a picture for each class, red where ink speaks for it,
  blue where it speaks against. Set Scale to "each run", since those of mlp are larger, and Show to
  "change since start", since 500 pictures leave much of the noise; play the timeline.""")


if __name__ == "__main__":
    main()
