"""What 64 hidden units learn to look for, in a network of plain NumPy.

The network of "Looking inside a neural network": 784 pixels, one hidden layer of 64 sigmoid units,
10 sigmoid outputs, trained by backpropagation on the quadratic cost, in mini-batches of 10 with
learning rate 3. A hidden unit has a weight for every pixel, so its weights are a picture: noise
before training, strokes and blobs after it. No Keras: all is logged through `LogWriter`.

    python examples/numpy_hidden_units.py
    tensorboard --logdir logs/examples
"""

from __future__ import annotations

import argparse
from importlib import resources
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from tb_nnviz import LogWriter
from tb_nnviz.export import PictureOptions, export_tag

FloatArray = NDArray[np.float64]

HIDDEN_UNITS = 64
BATCH_SIZE = 10
LEARNING_RATE = 3.0
LOGGED_STEPS = 32


class Network:
    """A network with one hidden layer of sigmoid units, and sigmoid outputs.

    Weights start as N(0, 1) divided by the square root of the number of inputs, so that no sum of
    inputs saturates a sigmoid from the start; biases as N(0, 1).
    """

    def __init__(
        self, inputs: int, hidden_units: int, outputs: int, random: np.random.Generator
    ) -> None:
        self.hidden_weights = random.normal(0, 1, (hidden_units, inputs)) / np.sqrt(inputs)
        self.hidden_biases = random.normal(0, 1, hidden_units)
        self.output_weights = random.normal(0, 1, (outputs, hidden_units)) / np.sqrt(hidden_units)
        self.output_biases = random.normal(0, 1, outputs)

    def forward(self, images: FloatArray) -> tuple[FloatArray, FloatArray]:
        """Activations of the hidden units `(image, unit)` and of the outputs `(image, class)`."""
        hidden = sigmoid(images @ self.hidden_weights.T + self.hidden_biases)
        return hidden, sigmoid(hidden @ self.output_weights.T + self.output_biases)

    def train_on_batch(self, images: FloatArray, targets: FloatArray, learning_rate: float) -> None:
        """One step down the gradient of the mean of ½‖output − target‖²."""
        hidden, outputs = self.forward(images)
        # The derivative of a sigmoid with activation a is a · (1 − a).
        output_deltas = (outputs - targets) * outputs * (1 - outputs)
        hidden_deltas = (output_deltas @ self.output_weights) * hidden * (1 - hidden)

        rate = learning_rate / len(images)
        self.output_weights -= rate * output_deltas.T @ hidden
        self.output_biases -= rate * output_deltas.sum(axis=0)
        self.hidden_weights -= rate * hidden_deltas.T @ images
        self.hidden_biases -= rate * hidden_deltas.sum(axis=0)

    def accuracy(self, images: FloatArray, labels: NDArray[np.integer]) -> float:
        """The share of images whose largest output is that of their class."""
        _, outputs = self.forward(images)
        return float((outputs.argmax(axis=1) == labels).mean())


def sigmoid(values: FloatArray) -> FloatArray:
    """1 / (1 + e^-v), written so that no value overflows."""
    return 0.5 * (1 + np.tanh(0.5 * values))


def load_images(path: str | None) -> tuple[FloatArray, NDArray[np.int64]]:
    """Gray images `(image, height, width)` from 0 to 1 and their classes, in random order."""
    if path is None:
        with (resources.files("tb_nnviz") / "data" / "mnist_5k.npz").open("rb") as file:
            data = np.load(file)
            images, labels = data["images"], data["labels"]
    else:
        with np.load(path) as data:
            images, labels = data["x"], data["y"].ravel()
    if images.ndim == 4:  # colours
        images = images.mean(axis=3)
    order = np.random.default_rng(0).permutation(len(labels))
    return images[order] / images.max(), labels[order].astype(np.int64)


def log_weights(
    writer: LogWriter, network: Network, image_shape: tuple[int, int], batches: int
) -> None:
    """Logs the hidden units' weights as pictures, and what the outputs make of the units."""
    height, width = image_shape
    writer.tiles(
        "weights/hidden",
        network.hidden_weights.reshape(HIDDEN_UNITS, height, width),
        axes=("unit", "height", "width"),
        step=batches,
    )
    # What each class makes of the 64 units, placed as these are in their 8×8 grid.
    classes = len(network.output_weights)
    writer.tiles(
        "weights/output",
        network.output_weights.reshape(classes, 8, 8),
        axes=("class", "height", "width"),
        labels={"class": [str(digit) for digit in range(classes)]},
        step=batches,
    )
    writer.histogram("histograms/hidden", network.hidden_weights, step=batches)
    writer.histogram("histograms/output", network.output_weights, step=batches)


def train(logdir: Path, data: str | None, epochs: int) -> None:
    """Trains on four fifths of the images, tests on the others, and logs as it goes."""
    images, labels = load_images(data)
    image_shape = images.shape[1], images.shape[2]
    inputs = images.reshape(len(images), -1)
    targets = np.eye(labels.max() + 1)[labels]
    held_out = len(images) // 5
    train_inputs, train_targets = inputs[held_out:], targets[held_out:]

    random = np.random.default_rng(1)
    network = Network(inputs.shape[1], HIDDEN_UNITS, targets.shape[1], random)
    batches_per_epoch = len(train_inputs) // BATCH_SIZE
    # Much changes at first and little later, so each step is a fifth or so further than the last.
    last = epochs * batches_per_epoch
    logged = set(np.geomspace(10, last, LOGGED_STEPS).round().astype(int).tolist())

    batches = 0
    with LogWriter(logdir) as writer:
        log_weights(writer, network, image_shape, batches)
        for epoch in range(1, epochs + 1):
            order = random.permutation(len(train_inputs))
            for start in range(0, batches_per_epoch * BATCH_SIZE, BATCH_SIZE):
                batch = order[start : start + BATCH_SIZE]
                network.train_on_batch(train_inputs[batch], train_targets[batch], LEARNING_RATE)
                batches += 1
                if batches in logged:
                    log_weights(writer, network, image_shape, batches)
            accuracy = network.accuracy(inputs[:held_out], labels[:held_out])
            print(f"epoch {epoch} of {epochs}: {accuracy:.1%} of {held_out} other images are right")


def export_pictures(logdir: Path) -> None:
    """Writes the units before and after training, and how they came to be, beside the log.

    A picture has its own scale, in its legend; the animation one scale for all of its frames.
    """
    tag = "weights/hidden"
    change = PictureOptions(show="change-since-start")
    export_tag(logdir, logdir / "hidden_units_before.png", tag=tag, step="first")
    export_tag(logdir, logdir / "hidden_units_after.png", tag=tag, step="last")
    export_tag(logdir, logdir / "hidden_units_change.png", tag=tag, options=change)
    export_tag(logdir, logdir / "hidden_units.gif", tag=tag, has_progress=True)


def main() -> None:
    """Trains, exports, and says what to look at."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else None)
    parser.add_argument("--logdir", type=Path, default=Path("logs/examples/numpy_hidden_units"))
    parser.add_argument("--data", metavar="FILE.npz", help="images x and classes y instead")
    parser.add_argument("--quick", action="store_true", help="3 epochs instead of 10")
    options = parser.parse_args()
    if options.logdir.exists() and any(options.logdir.iterdir()):
        parser.error(f"--logdir must be new or empty; {options.logdir} holds an earlier log.")

    train(options.logdir, options.data, epochs=3 if options.quick else 10)
    export_pictures(options.logdir)
    export = f"tb-nnviz export {options.logdir} --tag weights/hidden"
    output = f"--output {options.logdir}/hidden_units"
    print(f"""
Play {options.logdir}/hidden_units.gif, and see the whole of it in TensorBoard:

  tensorboard --logdir {options.logdir.parent}

Open the tab NN VIZ. Weights, panel hidden: 64 pictures of noise at step 0; play the timeline. Set
Show to "change since start": the noise is gone, and what was learned is left. Panel output: what
each class makes of the 64 units, in the same 8×8 places. The pictures were written as by

  {export} --step first {output}_before.png
  {export} --step last {output}_after.png
  {export} --show change-since-start {output}_change.png
  {export} {output}.gif""")


if __name__ == "__main__":
    main()
