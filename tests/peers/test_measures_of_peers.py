"""The benchmark of attributions by several libraries measures what it says."""

from __future__ import annotations

import re
import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest

from benchmarks.attribution_peers_measures import completeness_errors, map_errors

PROJECT = Path(__file__).parents[2]


def test_errors_are_shares_of_the_truth_of_each_sample() -> None:
    truth = np.array([[[3.0, 0.0], [0.0, 4.0]], [[1.0, 1.0], [1.0, 1.0]]])
    maps = truth + np.array([[[0.3, 0.0], [0.0, 0.4]], [[0.0, 0.0], [0.0, -2.0]]])
    # 0.5 of 5, and 2 of 2.
    np.testing.assert_allclose(map_errors(maps, truth), [0.1, 1.0])
    # Sums of 7.7 and 2 where outputs change by 7 and -4.
    np.testing.assert_allclose(completeness_errors(maps, np.array([7.0, -4.0])), [0.1, 1.5])


def test_the_reference_is_the_integral_of_a_cube_to_within_its_rule() -> None:
    pytest.importorskip("tensorflow", reason="the benchmark's networks are on TensorFlow")
    from benchmarks.attribution_peers_problems import midpoint_rule

    # F = Σ x³ ÷ 3: the midpoint rule misses the integral of α², 1 ÷ 3, by 1 ÷ (12 points²).
    image = np.array([[1.0, -2.0]], np.float32)
    found = midpoint_rule(lambda points: points**2, image, 1000)
    # float32 has 24 bits.
    np.testing.assert_allclose(found, [[1 / 3, -8 / 3]], rtol=1e-6)


def test_it_runs_without_the_other_libraries() -> None:
    pytest.importorskip("tensorflow", reason="the benchmark's networks are on TensorFlow")
    command = [sys.executable, "-m", "benchmarks.attribution_peers", "--no-peers"]
    command += ["--samples", "2", "--repetitions", "1", "--epochs", "1"]
    completed = subprocess.run(command, cwd=PROJECT, check=False, capture_output=True, text=True)
    assert completed.returncode == 0, completed.stderr
    rows = re.findall(r"^\| tb_nnviz .* ([\d.]+)% \| yes", completed.stdout, re.MULTILINE)
    assert len(rows) == 6
