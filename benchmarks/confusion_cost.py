"""What a step of `ConfusionMatrix` holds up a training for, beside one bare prediction.

60,000 samples of 28×28 in 10 classes: the hook of the callback, which predicts all of them, counts,
ranks the samples of every cell and copies the pictures that are new, against `Model.predict` of
the same model and samples, with Keras' own batches of 32 and with ours of 128, whichever is faster.
All in one process, in turn, with other weights each time; prints the medians and fails where the
ratio misses its bar.

Run: ``make bench`` or ``python -m benchmarks.confusion_cost [--repetitions 5]``.
"""

from __future__ import annotations

import argparse
import gc
import os
import statistics
import tempfile
import time
from collections.abc import Callable
from typing import Any

os.environ.setdefault("TF_CPP_MIN_LOG_LEVEL", "3")

import keras
import numpy as np
from keras import layers

from tb_nnviz import ConfusionMatrix
from tb_nnviz.demo import load_digits

BAR = 1.1
NUM_SAMPLES = 60_000
BATCH_SIZES = (32, 128)


def make_mlp() -> Any:
    """784-512-10."""
    return keras.Sequential(
        [
            keras.Input((28, 28)),
            layers.Flatten(),
            layers.Dense(512, "relu"),
            layers.Dense(10, "softmax"),
        ]
    )


def make_conv_net() -> Any:
    """One convolution of 8 filters and a layer of scores: little to compute a sample."""
    return keras.Sequential(
        [
            keras.Input((28, 28)),
            layers.Reshape((28, 28, 1)),
            layers.Conv2D(8, 5, strides=2, activation="relu"),
            layers.Flatten(),
            layers.Dense(10, "softmax"),
        ]
    )


NETWORKS: dict[str, Callable[[], Any]] = {"mlp": make_mlp, "conv": make_conv_net}


class HookTimer(ConfusionMatrix):
    """Times the hooks that log; the log is flushed outside, as the training does not wait."""

    def __init__(self, *arguments: Any, **options: Any) -> None:
        super().__init__(*arguments, **options)
        self.seconds: list[float] = []

    def on_epoch_end(self, epoch: int, logs: Any = None) -> None:
        """Times the step."""
        gc.collect()
        began = time.perf_counter()
        super().on_epoch_end(epoch, logs)
        self.seconds.append(time.perf_counter() - began)


class Prediction(keras.callbacks.Callback):
    """Predicts the same samples after each epoch, bare."""

    def __init__(self, samples: Any, batch_size: int) -> None:
        super().__init__()
        self.samples = samples
        self.batch_size = batch_size
        self.seconds: list[float] = []

    def on_epoch_end(self, epoch: int, logs: Any = None) -> None:  # noqa: ARG002
        """Times the prediction."""
        gc.collect()
        began = time.perf_counter()
        self.model.predict(self.samples, batch_size=self.batch_size, verbose=0)
        self.seconds.append(time.perf_counter() - began)


def measure(name: str, num_repetitions: int, num_samples: int) -> float:
    """Measures and prints.

    Args:
        name: of the network.
        num_repetitions: of both, after one that is not counted.
        num_samples: that are predicted.

    Returns:
        The ratio of the medians.
    """
    keras.utils.set_random_seed(0)
    images, labels = load_digits()
    chosen = np.random.default_rng(0).integers(0, len(images), num_samples)
    noise = np.random.default_rng(1).normal(0, 0.05, (num_samples, 28, 28)).astype(np.float32)
    samples, classes = images[chosen] + noise, labels[chosen].astype(np.int64)
    model = NETWORKS[name]()
    model.compile("adam", "sparse_categorical_crossentropy")
    with tempfile.TemporaryDirectory() as log_dir:
        ours = HookTimer(log_dir, (samples, classes), max_samples=num_samples)
        theirs = [Prediction(samples, batch_size) for batch_size in BATCH_SIZES]
        model.fit(
            images[:1000],
            labels[:1000],
            epochs=num_repetitions + 1,
            verbose=0,
            callbacks=[ours, *theirs],
        )
    held = statistics.median(ours.seconds[1:])
    bare = [statistics.median(one.seconds[1:]) for one in theirs]
    ratio = held / min(bare)
    print(f"confusion: {name}, {num_samples:,} samples, {num_repetitions} repetitions")
    print(f"{'ConfusionMatrix, a step':28} median {held:6.2f} s")
    for batch_size, seconds in zip(BATCH_SIZES, bare, strict=True):
        print(f"{f'predict, batches of {batch_size}':28} median {seconds:6.2f} s")
    print(f"ratio {ratio:.2f}, bar {BAR:.2f}: {'kept' if ratio <= BAR else 'MISSED'}", flush=True)
    return ratio


def main() -> None:
    """Parses the command line, measures and prints; fails where the bar is missed."""
    parser = argparse.ArgumentParser(description="What a confusion matrix costs a training.")
    parser.add_argument("--repetitions", type=int, default=5)
    parser.add_argument("--samples", type=int, default=NUM_SAMPLES)
    parser.add_argument("--networks", nargs="*", choices=sorted(NETWORKS), default=sorted(NETWORKS))
    options = parser.parse_args()
    if options.repetitions < 1 or options.samples < 1:
        parser.error("--repetitions and --samples must be 1 or more")
    ratios = [measure(name, options.repetitions, options.samples) for name in options.networks]
    if max(ratios) > BAR:
        raise SystemExit("a confusion matrix costs more than its bar")


if __name__ == "__main__":
    main()
