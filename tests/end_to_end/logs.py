"""Logs for the browser tests, made of formulas and seeds: the same on every machine.

Knows what to write and at which moments of a training; needs no model and trains nothing.
"""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from tb_nnviz import LogWriter
from tb_nnviz.records import Record, build_histogram, build_tile_array
from tests.end_to_end.run_writer import UNIT, source, written_run

Values = NDArray[Any]

DEEP_LAYERS = 150


def write_moments(logdir: Path) -> None:
    """One run logged by epoch, of ten batches each, and one by batch: 4 epochs."""
    rng = np.random.default_rng(5)
    start, drift = rng.normal(size=(2, 6, 9, 9))
    for run, batches in (("by-epoch", (0, 10, 20, 30, 40)), ("by-batch", range(0, 41, 4))):
        with written_run(logdir / run) as writer:
            for batch in batches:
                record = build_tile_array(start + 0.01 * batch * drift, UNIT)
                writer.write(
                    {"weights/dense/kernel": record},
                    step=batch // 10 if run == "by-epoch" else batch,
                    epoch=batch / 10,
                    batch=batch,
                    phase="during" if batch else "before",
                )


def write_deep(logdir: Path) -> None:
    """150 convolutions of one run, two epochs: 300 panels."""
    with written_run(logdir / "deep") as writer:
        for epoch in range(3):
            records: dict[str, Record] = {}
            for index in range(DEEP_LAYERS):
                rng = np.random.default_rng(index)
                kernel, bias = rng.normal(size=(16, 8, 3, 3)), rng.normal(size=(1, 16))
                path = f"stage_{index // 10}/conv2d_{index}"
                layer = ("Conv2D", index, path)
                records[f"weights/{path}/kernel"] = build_tile_array(
                    kernel * (1 + 0.1 * epoch),
                    ("filter", "in_channel", "height", "width"),
                    source=source(layer, "kernel", (3, 3, 8, 16)),
                )
                records[f"weights/{path}/bias"] = build_tile_array(
                    bias * epoch,
                    ("height", "width"),
                    represents={"width": "filter"},
                    precision="float32",
                    source=source(layer, "bias", (16,)),
                )
            writer.at_epoch(records, epoch)


def patterns(units: int, step: float, seed: int, side: int = 28) -> Values:
    """``(units, side, side)`` stripes under a bell that grow with ``step``: smooth, so that
    pictures of them are small files."""
    rng = np.random.default_rng(seed)
    angle, frequency, phase = (
        rng.uniform(low, high, (units, 1, 1)) for low, high in ((0, np.pi), (1, 3), (0, 2 * np.pi))
    )
    centre = rng.uniform(-0.4, 0.4, (2, units, 1, 1))
    grid = np.linspace(-1, 1, side)
    x, y = grid[None, None, :], grid[None, :, None]
    along = np.cos(angle) * x + np.sin(angle) * y
    bell = np.exp(-3 * ((x - centre[0]) ** 2 + (y - centre[1]) ** 2))
    strength = 0.2 + step * rng.uniform(0, 0.1, (units, 1, 1))
    stripes: Values = strength * bell * np.cos(np.pi * frequency * along + phase)
    float32: Values = stripes.astype(np.float32)
    return float32


def write_large(logdir: Path, *, units: int = 512, epochs: int = 4) -> None:
    """Two runs of ``units`` tiles of 28x28 and a smaller layer, with histograms."""
    for seed, run in enumerate(("mlp-4000", "mlp-500")):
        with written_run(logdir / run) as writer:
            before: dict[str, Values] = {}
            for epoch in range(epochs + 1):
                now = {
                    "dense/kernel": patterns(units, epoch / (1 + seed), 10 + seed),
                    "dense_1/kernel": patterns(16, epoch / (1 + seed), 20 + seed, side=12),
                }
                records: dict[str, Record] = {}
                for index, (path, values) in enumerate(now.items()):
                    layer = ("Dense", index, path.split("/", maxsplit=1)[0])
                    kernel = source(layer, "kernel", (values[0].size, len(values)))
                    records[f"weights/{path}"] = build_tile_array(values, UNIT, source=kernel)
                    records[f"histograms/{path}"] = build_histogram(
                        values, previous=before.get(path), source=kernel
                    )
                writer.at_epoch(records, epoch)
                before = now


def write_2000_tiles(logdir: Path) -> None:
    """One run of a layer of 2,000 units."""
    with written_run(logdir / "wide") as writer:
        for epoch in range(2):
            record = build_tile_array(patterns(2000, epoch, 33, side=14), UNIT)
            writer.at_epoch({"weights/dense/kernel": record}, epoch)


def write_six_runs(logdir: Path) -> None:
    for seed in range(6):
        with written_run(logdir / f"rate-0.{seed + 1}") as writer:
            for epoch in range(3):
                record = build_tile_array(patterns(24, epoch * (1 + seed), 30, side=14), UNIT)
                writer.at_epoch({"weights/dense/kernel": record}, epoch)


def write_not_finite(logdir: Path) -> None:
    """NaN and infinities in single cells, a tile of NaN only, and a histogram of such."""
    values = patterns(12, 2, 40, side=12)
    values[1, 3, 4], values[2, 5, 5:8], values[3, 6, 2] = np.nan, np.inf, -np.inf
    values[5], values[8] = np.nan, 0.125
    with written_run(logdir / "diverged") as writer:
        for epoch in range(2):
            writer.at_epoch(
                {
                    "weights/dense/kernel": build_tile_array(values, UNIT),
                    "histograms/dense/kernel": build_histogram(values),
                },
                epoch,
            )


LONG_RUN = "resnet50-imagenet-augmented-cosine-schedule-warmup-5-epochs-seed-2026-repeat-3"
LONG_LAYER = "encoder/stage_4/block_12/squeeze_and_excitation/depthwise_separable_convolution_2"


def write_long_names(logdir: Path) -> None:
    for seed, run in enumerate((LONG_RUN, f"{LONG_RUN}-without-label-smoothing")):
        with written_run(logdir / run) as writer:
            for epoch in range(2):
                record = build_tile_array(
                    patterns(10, epoch, 50 + seed, side=16),
                    UNIT,
                    labels={"unit": [f"a rather long name of class {unit}" for unit in range(10)]},
                    notes=("averaged over 4×4 cells because the input is larger than a tile",),
                    source=source(
                        ("SeparableConvolutionWithALongName", 117, LONG_LAYER),
                        "depthwise_kernel",
                        (3, 3, 1536, 1),
                    ),
                )
                writer.at_epoch({f"weights/{LONG_LAYER}/depthwise_kernel": record}, epoch)


def write_one_tile(logdir: Path) -> None:
    with LogWriter(logdir / "single") as writer:
        for step in range(3):
            writer.tiles(
                "weights/dense/kernel",
                patterns(1, step, 60, side=24)[0],
                axes=("height", "width"),
                represents={"height": "input", "width": "unit"},
                step=step,
            )


def write_sampled(logdir: Path) -> None:
    """60 steps, for a TensorBoard that keeps 10 of them."""
    with written_run(logdir / "long") as writer:
        for epoch in range(60):
            record = build_tile_array(patterns(20, epoch / 10, 70, side=14), UNIT)
            writer.at_epoch({"weights/dense/kernel": record}, epoch)
