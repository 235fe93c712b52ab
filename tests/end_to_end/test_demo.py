"""The demo as CI and users run it, and what it leaves in the log."""

from __future__ import annotations

import re
import subprocess
import sys
from pathlib import Path


def test_inspect_lists_both_runs_of_the_demo_with_the_same_tags_and_every_step(
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
            # How many bins there are depends on how the training went.
            tags[list(tags)[-1]].append(re.sub(r" in \d+ bins", "", line).split("  ")[1:])
        else:
            tags[line] = []
    shapes = {
        "weights/dense/kernel": "512×28×28 (unit, height, width)",
        "weights/dense/bias": "1×512 (height, width)",
        "weights/dense_1/kernel": "512×256 (height, width)",
        "weights/dense_1/bias": "1×256 (height, width)",
        "weights/dense_2/kernel": "256×10 (height, width)",
        "weights/dense_2/bias": "1×10 (height, width)",
    }
    counts = {"dense": (401_408, 512), "dense_1": (131_072, 256), "dense_2": (2_560, 10)}
    shapes |= {
        f"histograms/{layer}/{role}": f"histogram of {count:,} values"
        for layer, both in counts.items()
        for role, count in zip(("kernel", "bias"), both, strict=True)
    }
    # Training begins at step 0 and has 8 epochs.
    lines = [[tag, shape, "9 steps: 0…8"] for tag, shape in shapes.items()]
    assert tags == {"mlp-4000": lines, "mlp-500": lines}
