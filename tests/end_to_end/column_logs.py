"""Logs of many runs that stand side by side, made of formulas and seeds.

Knows what to write; needs no model and trains nothing.
"""

from __future__ import annotations

from pathlib import Path

import numpy as np

from tb_nnviz.records import Record, build_histogram, build_tile_array
from tests.end_to_end.logs import patterns
from tests.end_to_end.run_writer import UNIT, source, written_run

NUM_RUNS = 20
RUNS = tuple(f"seed-{index:02d}" for index in range(NUM_RUNS))
EPOCHS = 3

KERNEL = "weights/dense/kernel"
BIAS = "weights/dense/bias"
# Of the first and the last run alone.
EXTRA = "weights/extra/kernel"
HISTOGRAM = "histograms/dense/kernel"

DEEP_LAYERS = 150


def write_twenty_runs(logdir: Path) -> None:
    """Twenty runs of four moments, the last of which lacks the last moment; its values are largest.

    A layer more in the first and in the last run.
    """
    for index, run in enumerate(RUNS):
        is_last = index == NUM_RUNS - 1
        with written_run(logdir / run) as writer:
            for epoch in range(EPOCHS if is_last else EPOCHS + 1):
                kernel = patterns(24, epoch, index, side=12) * (1 + index)
                dense = ("Dense", 0, "dense")
                records: dict[str, Record] = {
                    KERNEL: build_tile_array(
                        kernel, UNIT, source=source(dense, "kernel", (144, 24))
                    ),
                    BIAS: build_tile_array(
                        kernel[:, 5, 5].reshape(1, 24),
                        ("height", "width"),
                        represents={"width": "unit"},
                        precision="float32",
                        source=source(dense, "bias", (24,)),
                    ),
                    HISTOGRAM: build_histogram(kernel, source=source(dense, "kernel", (144, 24))),
                }
                if index in {0, NUM_RUNS - 1}:
                    extra = source(("Dense", 1, "extra"), "kernel", (144, 8))
                    records[EXTRA] = build_tile_array(kernel[:8], UNIT, source=extra)
                writer.at_epoch(records, epoch)


def write_three_runs(logdir: Path) -> None:
    """Three runs of one moment; the first alone has one layer more, the last one too."""
    for index, run in enumerate(("a", "b", "c")):
        with written_run(logdir / run) as writer:
            paths = {0: ("dense", "only_a"), 1: ("dense",), 2: ("dense", "only_c")}[index]
            writer.at_epoch(
                {
                    f"weights/{path}/kernel": build_tile_array(
                        patterns(24, 1, index, side=12),
                        UNIT,
                        source=source(("Dense", at, path), "kernel", (144, 24)),
                    )
                    for at, path in enumerate(paths)
                },
                0,
            )


def write_deep_runs(logdir: Path) -> None:
    """Twenty runs of 150 layers, once each."""
    rng = np.random.default_rng(0)
    for run in RUNS:
        kernel = rng.normal(size=(16, 8, 3, 3))
        axes = ("filter", "in_channel", "height", "width")
        with written_run(logdir / run) as writer:
            records: dict[str, Record] = {}
            for index in range(DEEP_LAYERS):
                path = f"stage_{index // 10}/conv2d_{index}"
                layer = source(("Conv2D", index, path), "kernel", (3, 3, 8, 16))
                records[f"weights/{path}/kernel"] = build_tile_array(kernel, axes, source=layer)
            writer.at_epoch(records, 0)


def write_large_runs(logdir: Path) -> None:
    """Four runs of two layers of 2,000 tiles."""
    for index, run in enumerate(RUNS[:4]):
        with written_run(logdir / run) as writer:
            writer.at_epoch(
                {
                    f"weights/{path}/kernel": build_tile_array(
                        patterns(2000, 1, index, side=8),
                        UNIT,
                        source=source(("Dense", at, path), "kernel", (64, 2000)),
                    )
                    for at, path in enumerate(("wide", "wider"))
                },
                0,
            )
