"""What logging costs a training: time held per logged step, and slow-down.

Prints for each network, in one run and on one machine, `NNViz` with every weight as tiles and as
histograms (what `keras.callbacks.TensorBoard(histogram_freq=1, write_images=True)` stands
beside), with the templates that `NNViz(directory)` adds, and with all views, which compute
activations of 16 samples too:

* milliseconds that each callback holds the training thread per logged step (median over
  epochs of the time its hooks take), waiting for an earlier step to be written included,
* the time of an epoch while records are being written, relative to the same training
  without a callback (median over repetitions in turn),
* one copy of the weights, and whether the time held for weights keeps to its bar: a tenth of
  Keras' callback or one and a half copies, whichever is more. Templates and activations are
  computed by the model itself, so what they cost depends on it; they have no bar.

Run: ``make bench`` or ``python -m benchmarks.training_cost [--networks mlp ...]``.
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

from benchmarks.networks import NETWORKS, Network
from benchmarks.stopwatch import Stopwatch
from tb_nnviz import NNViz
from tb_nnviz.model.variables import copy_values

SHARE_OF_KERAS = 0.10
NUM_COPIES = 1.5

WEIGHTS = "NNViz, weights"
MakeCallback = Callable[[str, tuple[Any, Any]], Any]

# Each takes the directory and data to choose samples of.
CALLBACKS: dict[str, MakeCallback | None] = {
    "no callback": None,
    WEIGHTS: lambda directory, _: NNViz(directory, views=["weights", "histograms"]),
    "NNViz, no samples": lambda directory, _: NNViz(directory),
    "NNViz, all views": lambda directory, data: NNViz(directory, validation_data=data),
    "keras TensorBoard": lambda directory, _: keras.callbacks.TensorBoard(
        directory, histogram_freq=1, write_images=True
    ),
}


def train(network: Network, make_callback: MakeCallback | None, epochs: int) -> Stopwatch:
    """Trains a network with a callback and returns its stopwatch."""
    inputs, labels = network.make_data()
    keras.utils.set_random_seed(0)
    model = network.make_model()
    with tempfile.TemporaryDirectory() as directory:
        callback = None if make_callback is None else make_callback(directory, (inputs, labels))
        stopwatch = Stopwatch(callback)
        model.fit(
            inputs,
            labels,
            batch_size=network.batch_size,
            epochs=epochs,
            verbose=0,
            callbacks=[stopwatch],
        )
    return stopwatch


def median_ms(seconds: list[float]) -> float:
    """Median in milliseconds; the first epoch, which traces, is left out."""
    return 1000 * statistics.median(seconds[1:])


def time_one_copy(network: Network) -> float:
    """Milliseconds that one copy of the weights takes."""
    model = network.make_model()
    seconds = []
    for _ in range(11):
        began = time.perf_counter()
        copies = [copy_values(variable) for variable in model.variables]
        seconds.append(time.perf_counter() - began)
        del copies
    return median_ms(seconds)


def measure(network: Network, num_epochs: int, num_repetitions: int) -> bool:
    """Measures and prints.

    Args:
        network: what is trained.
        num_epochs: of each training, at least 2.
        num_repetitions: of each training.

    Returns:
        Whether the views of weights keep to their bar.
    """
    held: dict[str, list[float]] = {name: [] for name in CALLBACKS}
    epochs: dict[str, list[float]] = {name: [] for name in CALLBACKS}
    for _ in range(num_repetitions):
        for name, make_callback in CALLBACKS.items():
            stopwatch = train(network, make_callback, num_epochs)
            held[name].append(median_ms(stopwatch.seconds_held))
            epochs[name].append(median_ms(stopwatch.seconds_of_epochs))

    bare = statistics.median(epochs["no callback"])
    keras_held = statistics.median(held["keras TensorBoard"])
    print(f"{network.description}: {num_epochs} epochs, {num_repetitions} repetitions")
    print(f"{'':20} {'held per step':>14} {'of Keras':>9} {'epoch':>10} {'of bare':>8}")
    for name in CALLBACKS:
        step, epoch = statistics.median(held[name]), statistics.median(epochs[name])
        print(
            f"{name:20} {step:11.2f} ms {step / keras_held:8.1%}"
            f" {epoch:7.1f} ms {epoch / bare:8.2f}"
        )
    copy = time_one_copy(network)
    bar = max(SHARE_OF_KERAS * keras_held, NUM_COPIES * copy)
    ours = statistics.median(held[WEIGHTS])
    verdict = "kept" if ours <= bar else "MISSED"
    print(f"one copy of the weights: {copy:.2f} ms; bar of {bar:.1f} ms {verdict}\n", flush=True)
    return ours <= bar


def main() -> None:
    """Parses the command line, measures and prints."""
    parser = argparse.ArgumentParser(description="What logging costs a training.")
    parser.add_argument("--epochs", type=int, default=5, help="of each training; at least 2")
    parser.add_argument("--repetitions", type=int, default=2, help="of each training")
    parser.add_argument("--networks", nargs="+", choices=NETWORKS, default=list(NETWORKS))
    options = parser.parse_args()
    if options.epochs < 2:  # noqa: PLR2004 - the first is left out
        parser.error(f"--epochs must be 2 or more, as the first is left out; got {options.epochs}")
    if options.repetitions < 1:
        parser.error(f"--repetitions must be 1 or more; got {options.repetitions}")
    kept = [
        measure(NETWORKS[name], options.epochs, options.repetitions) for name in options.networks
    ]
    if not all(kept):
        raise SystemExit("NNViz holds the training thread for longer than its bar")


if __name__ == "__main__":
    main()
