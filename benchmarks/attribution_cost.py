"""What one gradient costs within integrated gradients, beside a bare forward and backward pass.

The bare one is a `tf.function` of the network's logits and their gradients with respect to a batch
of the same size, given an array and asked for one. Ours is all of the integration: points,
gradients, products, sums and the judgement of errors. Both in one process, in turn; prints the
medians of their ratios, and fails where one misses its bar. Of networks that are done with a
gradient in less than a millisecond the ratio is printed without a bar: there the time of Python
itself shows, some 30 to 50 microseconds a gradient.

Run: ``make bench`` or ``python -m benchmarks.attribution_cost [--repetitions 9]``.
"""

from __future__ import annotations

import argparse
import os
import statistics
import time
from collections.abc import Callable
from dataclasses import dataclass
from functools import partial
from typing import Any

os.environ.setdefault("TF_CPP_MIN_LOG_LEVEL", "3")

import keras
import numpy as np
import tensorflow as tf
from numpy.typing import NDArray

from benchmarks.attribution_networks import make_batch_normalized, make_elu_all_convolutional
from tb_nnviz.analysis.baselines import check_baselines
from tb_nnviz.analysis.path_attributions import PathAttributions
from tb_nnviz.demo import make_convolutional
from tb_nnviz.model.explained_output import OutputChoice
from tb_nnviz.model.probe_inputs import read_inputs

BAR = 1.05
BATCH = 32
TOLERANCE = 0.02


@dataclass(frozen=True)
class Case:
    """A network.

    Attributes:
        description: as printed.
        make_model: compiled, its last layer a Dense one with a softmax.
        shape: of a sample.
        has_bar: whether its gradient takes long enough for the bar to mean anything.
    """

    description: str
    make_model: Callable[[], Any]
    shape: tuple[int, int, int]
    has_bar: bool


CASES = (
    Case(
        "nine convolutions of 128, 32×32",
        partial(make_elu_all_convolutional, filters=128),
        (32, 32, 3),
        has_bar=True,
    ),
    Case("nine convolutions of 32, 32×32", make_elu_all_convolutional, (32, 32, 3), has_bar=False),
    Case("four convolutions, 32×32", make_batch_normalized, (32, 32, 3), has_bar=False),
    Case("three convolutions, 28×28", make_convolutional, (28, 28, 1), has_bar=False),
)


def make_bare(model: Any) -> Callable[[NDArray[Any], NDArray[Any]], NDArray[Any]]:
    """Gradients of the logits, weighted, with respect to a batch, in the plainest way."""
    last = model.layers[-1]
    scores = keras.layers.Dense(last.units)
    logits = keras.Model(model.inputs, scores(model.layers[-2].output))
    scores.set_weights(last.get_weights())

    def run(points: Any, weights: Any) -> Any:
        with tf.GradientTape(watch_accessed_variables=False) as tape:
            tape.watch(points)
            outputs = logits(points, training=False)
        return outputs, tape.gradient(outputs, points, output_gradients=weights)

    compiled = tf.function(run, autograph=False)

    def gradients(points: NDArray[Any], weights: NDArray[Any]) -> NDArray[Any]:
        _, found = compiled(tf.constant(points), tf.constant(weights))
        array: NDArray[Any] = found.numpy()
        return array

    return gradients


def measure(case: Case, num_repetitions: int) -> float:
    """Measures and prints a case; returns the median of the ratios."""
    keras.utils.set_random_seed(0)
    model = case.make_model()
    samples = np.random.default_rng(0).random((BATCH, *case.shape), np.float32)
    attributions = PathAttributions(
        model, read_inputs(samples), check_baselines("zero"), OutputChoice(), batch_size=BATCH
    )
    explained, paths = attributions.explain("prediction"), attributions.find_paths()
    weights = np.eye(10, dtype=np.float32)[explained.targets]
    bare = make_bare(model)

    def ours() -> int:
        done = attributions.integrate(paths, explained, tolerance=TOLERANCE, max_evaluations=257)
        return sum(one.figures.num_evaluations for one in done)

    count = ours()
    num_batches = max(1, count // BATCH)
    bare(samples, weights)
    ratios, ours_each, bare_each = [], [], []
    for _ in range(num_repetitions):
        began = time.perf_counter()
        ours()
        between = time.perf_counter()
        for _ in range(num_batches):
            bare(samples, weights)
        ended = time.perf_counter()
        ours_each.append((between - began) / count)
        bare_each.append((ended - between) / (num_batches * BATCH))
        ratios.append(ours_each[-1] / bare_each[-1])
    ratio = statistics.median(ratios)
    says = f"bar {BAR}: {'kept' if ratio <= BAR else 'MISSED'}" if case.has_bar else "no bar"
    print(
        f"{case.description:34} bare {1e3 * statistics.median(bare_each):7.3f} ms a gradient, ours "
        f"{1e3 * statistics.median(ours_each):7.3f} ms, ratio {ratio:.2f} ({says})",
        flush=True,
    )
    return ratio


def main() -> None:
    """Parses the command line, measures and prints; fails where a bar is missed."""
    parser = argparse.ArgumentParser(description="What a gradient costs within attributions.")
    parser.add_argument("--repetitions", type=int, default=9)
    options = parser.parse_args()
    if options.repetitions < 1:
        parser.error(f"--repetitions must be 1 or more; got {options.repetitions}")
    print(f"one gradient of {BATCH} that are computed at once, {options.repetitions} repetitions")
    missed = [
        case.description
        for case in CASES
        if measure(case, options.repetitions) > BAR and case.has_bar
    ]
    if missed:
        raise SystemExit(f"missed its bar: {', '.join(missed)}")


if __name__ == "__main__":
    main()
