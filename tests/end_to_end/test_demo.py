"""The demo as CI and users run it, and what it leaves in the log."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path


def test_inspect_lists_both_runs_of_the_demo_with_the_same_kernels_and_every_step(
    demo_log: Path,
) -> None:
    completed = subprocess.run(
        [sys.executable, "-m", "tb_nnviz", "inspect", str(demo_log)],
        check=True,
        capture_output=True,
        text=True,
        encoding="utf-8",
    )
    tags: dict[str, list[list[str]]] = {}
    for line in completed.stdout.splitlines():
        if line.startswith("  "):
            tags[list(tags)[-1]].append(line.split("  ")[1:])
        else:
            tags[line] = []
    # Training begins at step 0 and has 8 epochs.
    kernels = [
        ["weights/dense/kernel", "512×28×28 (unit, height, width)", "9 steps: 0…8"],
        ["weights/dense_1/kernel", "512×256 (height, width)", "9 steps: 0…8"],
        ["weights/dense_2/kernel", "256×10 (height, width)", "9 steps: 0…8"],
    ]
    assert tags == {"mlp-4000": kernels, "mlp-500": kernels}
