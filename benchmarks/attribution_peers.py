"""Integrated gradients by four libraries: how long they take, and how wrong they are.

`saliency`, `xplique` and `tf-explain`, at their defaults and at as many steps as ours took in
the mean, beside `tb_nnviz.integrated_gradients`: in one run, on the same trained networks, of
the same classes at the same samples, from a baseline of zero. A map's true error is its relative
L2 distance from the midpoint rule with 1,000 points, summed in float64. Prints Markdown, as it
stands in `benchmarks/RESULTS.md`.

The others explain what a network puts out, so for logits they are given the network without its
softmax; ours is given the network as it was trained.

Times are of all samples together: of the first call, in which everything is compiled, and of the
fastest later call, in which the others keep what they compiled and ours compiles again.

Run: ``make bench-peers`` or ``python -m benchmarks.attribution_peers [--samples 64]``.
"""

from __future__ import annotations

import argparse
import os
import time
from dataclasses import replace
from importlib import metadata

os.environ.setdefault("TF_CPP_MIN_LOG_LEVEL", "3")

import tensorflow as tf

from benchmarks.attribution_peers_measures import (
    completeness_errors,
    map_errors,
    median_and_p95,
    share_bounded,
)
from benchmarks.attribution_peers_methods import Explanation, Method, our_methods, peer_methods
from benchmarks.attribution_peers_problems import REFERENCE_POINTS, Problem, make_problems

HEADER = (
    "| library | settings | gradients a sample | first call | later call | of ours "
    "| map error, median | 95th percentile | sum error, median | 95th percentile "
    "| tells its error |\n" + "|---" * 11 + "|"
)


def timed(
    method: Method, problem: Problem, num_repetitions: int
) -> tuple[list[float], Explanation]:
    """Seconds of the first call and of later ones, and what is answered."""
    seconds = []
    began = time.perf_counter()
    explain = method.prepare(problem)
    for _ in range(1 + num_repetitions):
        explanation = explain()
        seconds.append(time.perf_counter() - began)
        began = time.perf_counter()
    return seconds, explanation


def row(
    name: tuple[str, str],
    problem: Problem,
    seconds: list[float],
    ours: float,
    explanation: Explanation,
) -> str:
    """A line of the table.

    Args:
        name: of the distribution, and its settings.
        problem: what was explained.
        seconds: of the first call and of later ones.
        ours: of our fastest later call at our defaults.
        explanation: what was answered.
    """
    package, settings = name
    later = min(seconds[1:])
    errors = map_errors(explanation.attributions, problem.truth)
    told = "no"
    if explanation.told_errors is not None and explanation.converged is not None:
        told = (
            f"yes: no less than the true one in {share_bounded(explanation.told_errors, errors)}, "
            f"{explanation.converged.sum()} called converged"
        )
    sums = completeness_errors(explanation.attributions, problem.output_changes)
    return (
        f"| {package} {metadata.version(package)} | {settings} "
        f"| {explanation.num_evaluations.mean():.1f} | {seconds[0]:.2f} s | {later:.2f} s "
        f"| {later / ours:.2f} | {median_and_p95(errors)} | {median_and_p95(sums)} | {told} |"
    )


def measure(problem: Problem, num_repetitions: int, *, with_peers: bool) -> None:
    """Explains a problem by every library and prints the table.

    Args:
        problem: what is explained.
        num_repetitions: calls after the first.
        with_peers: whether there are other libraries.
    """
    print(f"\n### {problem.description}, {len(problem.images)} samples\n\n{HEADER}")
    ours, steps = 0.0, 0
    for method in our_methods():
        seconds, explanation = timed(method, problem, num_repetitions)
        ours = ours or min(seconds[1:])
        steps = steps or round(explanation.num_evaluations.mean())
        name = method.package, method.settings
        print(row(name, problem, seconds, ours, explanation), flush=True)
    for method in peer_methods(steps) if with_peers else []:
        seconds, explanation = timed(method, problem, num_repetitions)
        name = method.package, method.settings
        print(row(name, problem, seconds, ours, explanation), flush=True)
        if method.lacks_difference:
            multiplied = replace(
                explanation, attributions=explanation.attributions * problem.images
            )
            name = method.package, f"{method.settings}, then × (x − x′) by us"
            print(row(name, problem, seconds, ours, multiplied), flush=True)
    print()


def main() -> None:
    """Parses the command line, measures and prints."""
    parser = argparse.ArgumentParser(description="Integrated gradients by four libraries.")
    parser.add_argument("--samples", type=int, default=64)
    parser.add_argument("--repetitions", type=int, default=5, help="calls after the first")
    parser.add_argument("--epochs", type=int, default=5, help="of each training")
    parser.add_argument("--no-peers", action="store_true", help="tb_nnviz only, in any environment")
    options = parser.parse_args()
    for name in ("samples", "repetitions", "epochs"):
        if getattr(options, name) < 1:
            parser.error(f"--{name} must be 1 or more; got {getattr(options, name)}")
    tf.get_logger().setLevel("ERROR")  # tf-explain compiles anew for each class
    versions = ", ".join(f"{name} {metadata.version(name)}" for name in ("keras", "numpy"))
    print(f"TensorFlow {tf.__version__}, {versions}; {os.cpu_count()} cores")
    print(f"truth: midpoint rule with {REFERENCE_POINTS:,} points, summed in float64")
    for problem in make_problems(options.samples, options.epochs):
        measure(problem, options.repetitions, with_peers=not options.no_peers)


if __name__ == "__main__":
    main()
