"""How true integrated gradients are, what is said of their error, and how many gradients they take.

Each network is trained for seconds; of its samples that it has not seen, the maps of
`integrated_gradients` are compared with the midpoint rule on 1,000 points. Prints for each network
the bar and what was measured, and how many gradients the midpoint rule takes for the same error;
fails where a bar is missed.

Run: ``make bench``, or ``python -m benchmarks.attribution_accuracy [--colour-data FILE.npz]``, a
file with ``x`` (images, 32, 32, 3) and ``y``; without it, `keras.datasets.cifar10`.
"""

from __future__ import annotations

import argparse
import os
from bisect import bisect_left
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any

os.environ.setdefault("TF_CPP_MIN_LOG_LEVEL", "3")

import numpy as np
from numpy.typing import NDArray

from benchmarks.attribution_networks import (
    CASES,
    NUM_SAMPLES,
    Float32,
    Output,
    load_colour,
    split_digits,
    train,
)
from tb_nnviz import integrated_gradients, interior_gradients

Float64 = NDArray[np.float64]

TOLERANCE = 0.02
REFERENCE_POINTS = 1000
# Points of the midpoint rule that are tried, until its error is no greater than ours.
MIDPOINT_POINTS = (*range(12, 64, 2), 64, 72, 80, 96, 112, 128, 160, 192, 224, 256)
_SAMPLES_AT_ONCE = 10


@dataclass(frozen=True, eq=False)
class Accuracy:
    """What was measured; arrays are over samples, errors are shares of a map's L2 norm.

    Attributes:
        true_errors: of the maps, against the reference.
        told_errors: what `integrated_gradients` says of them.
        converged: whether it says that they are within the tolerance.
        num_evaluations: gradients.
        midpoint_points: with how many the midpoint rule has a 95th percentile no greater.
    """

    true_errors: Float64
    told_errors: Float64
    converged: NDArray[np.bool_]
    num_evaluations: NDArray[np.int64]
    midpoint_points: int

    @property
    def p95(self) -> float:
        """95th percentile of the true errors."""
        return float(np.percentile(self.true_errors, 95))

    @property
    def share_bounded(self) -> float:
        """Of the converged samples, those whose true error is no more than what is told."""
        bounded = self.true_errors <= self.told_errors
        return float(bounded[self.converged].mean())

    def missed(self, max_mean_evaluations: float) -> list[str]:
        """The bars that are missed, in words."""
        bars = {
            f"p95 of the true error {self.p95:.2%} > {TOLERANCE:.0%}": self.p95 > TOLERANCE,
            f"bounded {self.share_bounded:.1%} < 95 %": self.share_bounded < 0.95,  # noqa: PLR2004
            f"converged {self.converged.mean():.1%} < 95 %": self.converged.mean() < 0.95,  # noqa: PLR2004
            f"evaluations {self.num_evaluations.mean():.1f} > {max_mean_evaluations:g}": (
                self.num_evaluations.mean() > max_mean_evaluations
            ),
            f"the midpoint rule takes {self.midpoint_points}": (
                self.midpoint_points <= self.num_evaluations.mean()
            ),
        }
        return [words for words, is_missed in bars.items() if is_missed]


def measure_accuracy(
    model: Any, images: Float32, targets: NDArray[np.int64], output: Output
) -> Accuracy:
    """Explains samples, and compares the maps with the reference.

    Args:
        model: trained.
        images: the samples.
        targets: class of each.
        output: what is explained.
    """
    result = integrated_gradients(
        model, images, targets=targets, output=output, tolerance=TOLERANCE, progress=False
    )
    reference = _midpoint_maps(model, images, targets, output, REFERENCE_POINTS)
    true_errors = relative_errors(result.attributions, reference)
    ours = np.percentile(true_errors, 95)

    def is_enough(num_points: int) -> bool:
        maps = _midpoint_maps(model, images, targets, output, num_points)
        return bool(np.percentile(relative_errors(maps, reference), 95) <= ours)

    # The errors fall with the points, so that few of them need be tried.
    place = bisect_left(MIDPOINT_POINTS, 1, key=lambda points: int(is_enough(points)))
    needed = MIDPOINT_POINTS[place] if place < len(MIDPOINT_POINTS) else 2 * MIDPOINT_POINTS[-1]
    return Accuracy(
        true_errors, result.refinement_error, result.converged, result.num_evaluations, needed
    )


def relative_errors(maps: NDArray[Any], reference: Float64) -> Float64:
    """``(samples,)`` L2 norm of the difference ÷ that of the reference."""
    away = (maps - reference).reshape(len(maps), -1)
    sizes = np.linalg.norm(reference.reshape(len(maps), -1), axis=1)
    errors: Float64 = np.linalg.norm(away, axis=1) / sizes
    return errors


def _midpoint_maps(
    model: Any, images: Float32, targets: NDArray[np.int64], output: Output, num_points: int
) -> Float64:
    alphas = (np.arange(num_points) + 0.5) / num_points
    return np.concatenate(
        [
            interior_gradients(
                model,
                images[part],
                alphas,
                targets=targets[part],
                output=output,
                batch_size=100,
                times_difference=True,
            ).mean(axis=1, dtype=np.float64)
            for part in _parts(len(images))
        ]
    )


def _parts(count: int) -> Iterator[slice]:
    for start in range(0, count, _SAMPLES_AT_ONCE):
        yield slice(start, start + _SAMPLES_AT_ONCE)


def _run(names: Sequence[str], colour_data: str | None) -> list[str]:
    missed = []
    print(
        f"integrated gradients at tolerance {TOLERANCE:.0%}, {NUM_SAMPLES} samples a network, "
        f"beside the midpoint rule on {REFERENCE_POINTS:,} points"
    )
    for name in names:
        case = CASES[name]
        x, y, x_new, y_new = split_digits() if case.data == "digits" else load_colour(colour_data)
        model = train(case, x, y)
        _, right = model.evaluate(x_new, y_new, verbose=0)
        found = measure_accuracy(model, x_new, y_new, case.output)
        print(
            f"{case.description:47} {right:4.0%} right | evaluations mean "
            f"{found.num_evaluations.mean():5.1f} (bar {case.max_mean_evaluations:g}), p95 "
            f"{np.percentile(found.num_evaluations, 95):3.0f} | true error p95 {found.p95:.2%} | "
            f"bounded {found.share_bounded:.0%}, converged {found.converged.mean():.0%} | midpoint "
            f"rule {found.midpoint_points}",
            flush=True,
        )
        missed += [
            f"{case.description}: {words}" for words in found.missed(case.max_mean_evaluations)
        ]
    return missed


def main() -> None:
    """Parses the command line, measures and prints; fails where a bar is missed."""
    parser = argparse.ArgumentParser(description="How true integrated gradients are.")
    parser.add_argument("--cases", nargs="+", choices=list(CASES), default=list(CASES))
    parser.add_argument("--colour-data", help="an .npz file with x and y instead of CIFAR-10")
    options = parser.parse_args()
    missed = _run(options.cases, options.colour_data)
    if missed:
        raise SystemExit("missed: " + "; ".join(missed))


if __name__ == "__main__":
    main()
