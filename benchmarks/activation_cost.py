"""What reading the activations of all layers costs, beside one prediction that gives them all.

On ResNet50 at 224x224 with 16 samples: `layer_activations`, traced anew each time as it is for
its callers, against `Model.predict` of a model whose outputs are those of all layers, traced
anew likewise, and one copy of what it gives. Both in one process, in turn; prints the medians
and fails where the ratio misses its bar.

Run: ``make bench`` or ``python -m benchmarks.activation_cost [--repetitions 5]``.
"""

from __future__ import annotations

import argparse
import gc
import os
import statistics
import time
from collections.abc import Callable
from functools import partial
from typing import Any

os.environ.setdefault("TF_CPP_MIN_LOG_LEVEL", "3")

import keras
import numpy as np
from keras import layers
from numpy.typing import NDArray

from tb_nnviz.analysis.layer_activations import layer_activations

BAR = 1.1
NUM_SAMPLES = 16
# Large enough that nothing is computed in parts, small enough for a few GB.
BATCH_SIZE = 16


def timed(function: Callable[[], Any]) -> tuple[float, Any]:
    """Seconds a function takes, and what it gives."""
    gc.collect()
    began = time.perf_counter()
    result = function()
    return time.perf_counter() - began, result


def measure(num_repetitions: int, side: int) -> float:
    """Measures and prints.

    Args:
        num_repetitions: of both, after one that is not counted.
        side: of the pictures.

    Returns:
        The ratio of the medians.
    """
    keras.utils.set_random_seed(0)
    model = keras.applications.ResNet50(weights=None, input_shape=(side, side, 3))
    computing = [each for each in model.layers if not isinstance(each, layers.InputLayer)]
    images = np.random.default_rng(0).random((NUM_SAMPLES, side, side, 3), np.float32)

    def copy(arrays: list[NDArray[Any]]) -> list[NDArray[Any]]:
        return [array.copy() for array in arrays]

    def predict() -> list[NDArray[Any]]:
        every = keras.Model(model.inputs, [layer.output for layer in computing])
        return list(every.predict(images, batch_size=BATCH_SIZE, verbose=0))

    ours: list[float] = []
    theirs: list[float] = []
    copies: list[float] = []
    for repetition in range(num_repetitions + 1):
        seconds, activations = timed(
            lambda: layer_activations(model, images, batch_size=BATCH_SIZE)
        )
        num_bytes = sum(array.nbytes for array in activations.values())
        del activations
        seconds_of_predict, outputs = timed(predict)
        seconds_of_copy, copied = timed(partial(copy, outputs))
        del outputs, copied
        if repetition:
            ours.append(seconds)
            theirs.append(seconds_of_predict)
            copies.append(seconds_of_copy)
    together = [one + other for one, other in zip(theirs, copies, strict=True)]
    ratio = statistics.median(ours) / statistics.median(together)
    print(
        f"activations: ResNet50, {NUM_SAMPLES} samples of {side}×{side}, "
        f"{len(computing)} layers, {num_bytes / 1e9:.2f} GB, {num_repetitions} repetitions"
    )
    for name, times in (
        ("layer_activations", ours),
        ("predict with all outputs", theirs),
        ("one copy of them", copies),
    ):
        print(f"{name:28} median {statistics.median(times):6.2f} s")
    print(f"ratio {ratio:.2f}, bar {BAR:.2f}: {'kept' if ratio <= BAR else 'MISSED'}", flush=True)
    return ratio


def main() -> None:
    """Parses the command line, measures and prints; fails where the bar is missed."""
    parser = argparse.ArgumentParser(description="What reading all activations costs.")
    parser.add_argument("--repetitions", type=int, default=5)
    parser.add_argument("--side", type=int, default=224, help="of the pictures")
    options = parser.parse_args()
    if options.repetitions < 1:
        parser.error(f"--repetitions must be 1 or more; got {options.repetitions}")
    if measure(options.repetitions, options.side) > BAR:
        raise SystemExit("reading activations costs more than its bar")


if __name__ == "__main__":
    main()
