"""The log on which the controls are tried: two runs with an array of every kind, and histograms."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from tb_nnviz.records import Record, build_histogram, build_tile_array
from tests.end_to_end.run_writer import UNIT, source, written_run

Values = NDArray[Any]

GATES = ("input", "forget", "cell", "output")
# Of the workbench: run "second" lacks the record of epoch 3.
WORKBENCH_STEPS = {"first": (0, 1, 2, 3, 4, 5), "second": (0, 1, 2, 4, 5)}
HISTOGRAM_STEPS = range(30)
LAYERED_STEPS = (0, 10, 29)


def write_workbench(logdir: Path) -> None:
    """Two runs with an array of every kind, and histograms over 30 steps."""
    for seed, (run, steps) in enumerate(WORKBENCH_STEPS.items()):
        with written_run(logdir / run) as writer:
            for step in HISTOGRAM_STEPS:
                records = dict(_workbench_histograms(step, seed))
                if step in steps:
                    records |= _workbench_tiles(step, seed)
                if step in LAYERED_STEPS:
                    records |= _layered_histograms(step, seed)
                writer.at_epoch(records, step)


def hidden_kernel(step: int, seed: int) -> Values:
    """``(40, 12, 10)``: units move at paces of their own, only their left halves.

    Units 7 and 11 are dead, the right halves never change.
    """
    rng = np.random.default_rng(100 + seed)
    start = rng.normal(0, 0.1, (40, 12, 10))
    drift = rng.normal(0, 0.02, start.shape) * rng.permutation(40)[:, None, None] / 20
    drift[:, :, 5:] = 0
    values = start + step * drift
    values[7], values[11] = 0.25, 0
    float32: Values = values.astype(np.float32)
    return float32


def _workbench_tiles(step: int, seed: int) -> dict[str, Record]:
    rng = np.random.default_rng(200 + seed)

    def walk(*shape: int) -> Values:
        start, drift = rng.normal(0, 0.2, (2, *shape))
        moved: Values = (start + 0.1 * step * drift).astype(np.float32)
        return moved

    gates = {"gate": GATES}
    dense = ("Dense", 0, "hidden")
    return {
        "weights/hidden/kernel": build_tile_array(
            hidden_kernel(step, seed), UNIT, source=source(dense, "kernel", (120, 40))
        ),
        "weights/hidden/bias": build_tile_array(
            walk(1, 40),
            ("height", "width"),
            represents={"width": "unit"},
            precision="float32",
            source=source(dense, "bias", (40,)),
        ),
        "weights/conv/kernel": build_tile_array(
            walk(6, 4, 5, 5),
            ("filter", "in_channel", "height", "width"),
            source=source(("Conv2D", 1, "conv"), "kernel", (5, 5, 4, 6)),
        ),
        "weights/mixer/kernel": build_tile_array(
            walk(3, 4, 9, 9),
            ("head", "gate", "height", "width"),
            labels=gates,
            source=source(("Mixer", 2, "mixer"), "kernel", (81, 12)),
        ),
        "weights/lstm/bias": build_tile_array(
            walk(4, 1, 24),
            ("gate", "height", "width"),
            labels=gates,
            represents={"width": "unit"},
            precision="float32",
            source=source(("LSTM", 3, "lstm"), "bias", (96,)),
        ),
        "weights/temperature/value": build_tile_array(
            walk(1, 1),
            ("height", "width"),
            precision="float32",
            source=source(("Scale", 4, "temperature"), "value", ()),
        ),
        "weights/counts/table": build_tile_array(
            np.abs(walk(5, 10, 10)),
            UNIT,
            meaning="non_negative",
            precision="uint8",
            source=source(("Counter", 5, "counts"), "table", (100, 5)),
        ),
    }


def _workbench_histograms(step: int, seed: int) -> dict[str, Record]:
    names = ("kernel", "constant", "zeros", "spoiled", "all_nan")
    now, before = (_histogram_values(max(0, at), seed) for at in (step, step - 1))
    return {
        f"histograms/hidden/{name}": build_histogram(
            now[name],
            previous=before[name] if step else None,
            source=source(("Dense", 0, "hidden"), name, (now[name].size,)),
        )
        for name in names
    }


def _histogram_values(step: int, seed: int) -> dict[str, Values]:
    """Run "second" (seed 1) has four times as many values."""
    rng = np.random.default_rng(300 + seed)
    kernel = rng.normal(0, 0.05, 2000 * (1 + 3 * seed)).astype(np.float32)
    kernel = kernel * np.float32(1 + 0.05 * step) + np.float32(0.002 * step)
    spoiled = rng.normal(0, 1 + seed, 300).astype(np.float32)
    spoiled[: step + 1], spoiled[50], spoiled[60:63] = np.nan, np.inf, -np.inf
    return {
        "kernel": kernel,
        "constant": np.full(64, 0.1 * (1 + step // 10), np.float32),
        "zeros": np.zeros(32, np.float32),
        "spoiled": spoiled,
        "all_nan": np.full(16, np.nan, np.float32),
    }


def _layered_histograms(step: int, seed: int) -> dict[str, Record]:
    """Nine convolutions with kernels and biases, for plots of three layers each."""
    records: dict[str, Record] = {}
    for index in range(9):
        rng = np.random.default_rng(1000 + 10 * index + seed)
        for role, size in (("kernel", 900), ("bias", 24)):
            values = rng.normal(0, 0.02 * (index + 1), size) * (1 + step / 30)
            records[f"histograms/conv2d_{index}/{role}"] = build_histogram(
                values.astype(np.float32),
                source=source(("Conv2D", index + 10, f"conv2d_{index}"), role, (size,)),
            )
    return records
