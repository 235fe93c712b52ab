"""What logging costs a training: time held per logged step, and slow-down.

Prints, in one run and on one machine, `NNViz` beside
`keras.callbacks.TensorBoard(histogram_freq=1, write_images=True)` for the 784-512-256-10
network on the embedded digits:

* milliseconds that each callback holds the training thread per logged step (median over
  epochs of the time its hooks take),
* the time of an epoch of a training loop while records are being written, relative to the
  same loop without a callback (median over repetitions in turn).

Run: ``make bench`` or ``python benchmarks/training_cost.py``.
"""

from __future__ import annotations

import argparse
import os
import statistics
import tempfile
import time
from collections.abc import Callable
from typing import Any

os.environ.setdefault("TF_CPP_MIN_LOG_LEVEL", "3")

import keras

from tb_nnviz import NNViz
from tb_nnviz.demo import load_digits, make_mlp
from tb_nnviz.model.variables import copy_values

NUM_IMAGES = 2000


class Stopwatch(keras.callbacks.Callback):
    """Times the hooks of another callback, and the epochs with them."""

    def __init__(self, timed: keras.callbacks.Callback | None) -> None:
        super().__init__()
        self.timed = timed
        self.seconds_held: list[float] = []
        self.seconds_of_epochs: list[float] = []

    def set_model(self, model: Any) -> None:
        """Hands the model on."""
        super().set_model(model)
        self._hand_on("set_model", model)

    def set_params(self, params: Any) -> None:
        """Hands the parameters on."""
        super().set_params(params)
        self._hand_on("set_params", params)

    def on_train_begin(self, logs: Any = None) -> None:
        """Hands on."""
        self._hand_on("on_train_begin", logs)

    def on_epoch_begin(self, epoch: int, logs: Any = None) -> None:
        """Hands on; begins the clock of the epoch."""
        self._epoch_began = time.perf_counter()
        self._hand_on("on_epoch_begin", epoch, logs)

    def on_train_batch_begin(self, batch: int, logs: Any = None) -> None:
        """Hands on."""
        self._hand_on("on_train_batch_begin", batch, logs)

    def on_train_batch_end(self, batch: int, logs: Any = None) -> None:
        """Hands on."""
        self._hand_on("on_train_batch_end", batch, logs)

    def on_epoch_end(self, epoch: int, logs: Any = None) -> None:
        """Hands on, and times it."""
        began = time.perf_counter()
        self._hand_on("on_epoch_end", epoch, logs)
        ended = time.perf_counter()
        self.seconds_held.append(ended - began)
        self.seconds_of_epochs.append(ended - self._epoch_began)

    def on_train_end(self, logs: Any = None) -> None:
        """Hands on."""
        self._hand_on("on_train_end", logs)

    def _hand_on(self, hook: str, *arguments: Any) -> None:
        if self.timed is not None:
            getattr(self.timed, hook)(*arguments)


def train(make_callback: Callable[[str], Any] | None, epochs: int) -> Stopwatch:
    """Trains the network with a callback and returns its stopwatch."""
    images, labels = load_digits()
    keras.utils.set_random_seed(0)
    model = make_mlp()
    with tempfile.TemporaryDirectory() as directory:
        stopwatch = Stopwatch(None if make_callback is None else make_callback(directory))
        model.fit(
            images[:NUM_IMAGES],
            labels[:NUM_IMAGES],
            epochs=epochs,
            verbose=0,
            callbacks=[stopwatch],
        )
    return stopwatch


def median_ms(seconds: list[float]) -> float:
    """Median in milliseconds; the first epoch, which traces, is left out."""
    return 1000 * statistics.median(seconds[1:])


def time_one_copy() -> float:
    """Milliseconds that one copy of the weights takes."""
    model = make_mlp()
    seconds = []
    for _ in range(50):
        began = time.perf_counter()
        for variable in model.variables:
            copy_values(variable)
        seconds.append(time.perf_counter() - began)
    return median_ms(seconds)


def main() -> None:
    """Parses the command line, measures and prints."""
    parser = argparse.ArgumentParser(description="What logging costs a training.")
    parser.add_argument("--epochs", type=int, default=12, help="of each training; at least 2")
    parser.add_argument("--repetitions", type=int, default=5, help="of each training")
    options = parser.parse_args()
    if options.epochs < 2:  # noqa: PLR2004 - the first is left out
        parser.error(f"--epochs must be 2 or more, as the first is left out; got {options.epochs}")
    if options.repetitions < 1:
        parser.error(f"--repetitions must be 1 or more; got {options.repetitions}")
    measure(options.epochs, options.repetitions)


def measure(num_epochs: int, num_repetitions: int) -> None:
    """Measures and prints.

    Args:
        num_epochs: of each training, at least 2.
        num_repetitions: of each training.
    """
    callbacks: dict[str, Callable[[str], Any] | None] = {
        "no callback": None,
        "NNViz": NNViz,
        "keras TensorBoard": lambda directory: keras.callbacks.TensorBoard(
            directory, histogram_freq=1, write_images=True
        ),
    }
    held: dict[str, list[float]] = {name: [] for name in callbacks}
    epochs: dict[str, list[float]] = {name: [] for name in callbacks}
    for _ in range(num_repetitions):
        for name, make_callback in callbacks.items():
            stopwatch = train(make_callback, num_epochs)
            held[name].append(median_ms(stopwatch.seconds_held))
            epochs[name].append(median_ms(stopwatch.seconds_of_epochs))

    bare = statistics.median(epochs["no callback"])
    keras_held = statistics.median(held["keras TensorBoard"])
    print(
        f"784-512-256-10, {NUM_IMAGES} images, {num_epochs} epochs, {num_repetitions} repetitions"
    )
    print(f"{'':20} {'held per step':>14} {'of Keras':>9} {'epoch':>10} {'of bare':>8}")
    for name in callbacks:
        step, epoch = statistics.median(held[name]), statistics.median(epochs[name])
        print(
            f"{name:20} {step:11.2f} ms {step / keras_held:8.1%}"
            f" {epoch:7.1f} ms {epoch / bare:8.2f}"
        )
    print(f"one copy of the weights: {time_one_copy():.2f} ms")


if __name__ == "__main__":
    main()
