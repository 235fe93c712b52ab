"""The benchmark of the README runs, and says that NNViz costs less than Keras' own callback."""

from __future__ import annotations

import re
import subprocess
import sys
from pathlib import Path

import pytest

PROJECT = Path(__file__).parents[2]


def run_benchmark(*arguments: str) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, "-m", "benchmarks.training_cost", *arguments]
    return subprocess.run(command, cwd=PROJECT, check=False, capture_output=True, text=True)


def test_nnviz_holds_a_training_for_at_most_half_the_time_that_keras_tensorboard_does() -> None:
    completed = run_benchmark("--networks", "mlp", "--epochs", "2", "--repetitions", "1")
    assert completed.returncode == 0, completed.stderr
    rows = re.findall(
        r"^(\S.*?) +([\d.]+) ms +([\d.]+)% +[\d.]+ ms", completed.stdout, re.MULTILINE
    )
    held = {name: float(milliseconds) for name, milliseconds, _ in rows}
    assert list(held) == [
        "no callback",
        "NNViz, weights",
        "NNViz, no samples",
        "NNViz, all views",
        "keras TensorBoard",
    ]
    # About 1 % where nothing else runs. One measured step on a busy machine is noisy, so the
    # bar is loose; both times are of the same process, so that the machine's speed cancels.
    assert held["NNViz, weights"] <= 0.5 * held["keras TensorBoard"]


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (("--epochs", "1"), "--epochs must be 2 or more"),
        (("--repetitions", "0"), "--repetitions must be 1 or more"),
    ],
)
def test_too_few_to_measure_is_refused(arguments: tuple[str, str], words: str) -> None:
    completed = run_benchmark(*arguments)
    assert completed.returncode == 2
    assert words in completed.stderr
