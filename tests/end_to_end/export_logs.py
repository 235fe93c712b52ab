"""Logs that are hard to export: records within an epoch, growing captions, other shapes."""

from __future__ import annotations

from pathlib import Path

import numpy as np

from tb_nnviz.records import Record, build_tile_array
from tests.end_to_end.run_writer import UNIT, source, written_run

KERNEL, BIAS = "weights/hidden/kernel", "weights/hidden/bias"
# Batches of a thousand an epoch: two of them are the same share of it, to two decimals.
BATCHES = (0, 501, 504, 1000)
EPOCHS = (0, 1, 2)
# Logged at the ends alone, so that its caption says more in between.
SPARSE_RUNS = ("b-with-a-name", "c-with-a-name", "d-with-a-name")
NUM_RUNS = 22
SIZES = {"narrow": 8, "wide": 9}


def write_batches(logdir: Path) -> None:
    """A run that is logged within an epoch."""
    with written_run(logdir / "fine") as writer:
        for batch in BATCHES:
            writer.write(
                {KERNEL: kernel(8, batch / 1000)}, step=batch, epoch=batch / 1000, batch=batch
            )


def write_sparse(logdir: Path) -> None:
    """Single numbers of four runs, of which three have none at the epoch in the middle."""
    for run in ("a", *SPARSE_RUNS):
        with written_run(logdir / run) as writer:
            for epoch in EPOCHS if run == "a" else (EPOCHS[0], EPOCHS[-1]):
                number = np.full((1, 1), epoch + 1, np.float32)
                writer.at_epoch(
                    {BIAS: build_tile_array(number, UNIT[1:], precision="float32")}, epoch
                )


def write_many_runs(logdir: Path) -> None:
    """A single number of more runs than a canvas has room for at four times their size."""
    for number in range(NUM_RUNS):
        with written_run(logdir / f"run-{number:02}") as writer:
            value = np.full((1, 1), number, np.float32)
            writer.at_epoch({BIAS: build_tile_array(value, UNIT[1:], precision="float32")}, 0)


def write_sizes(logdir: Path) -> None:
    """Two runs whose kernels have other sizes, and biases that are alike."""
    for run, width in SIZES.items():
        with written_run(logdir / run) as writer:
            for epoch in EPOCHS:
                bias = build_tile_array(np.full((1, 4), float(epoch), np.float32), UNIT[1:])
                writer.at_epoch({KERNEL: kernel(width, epoch), BIAS: bias}, epoch)


def kernel(width: int, moved: float) -> Record:
    """``(6, 5, width)``, another one whenever it has moved."""
    values = np.random.default_rng(7).normal(0, 1, (6, 5, width)) * (1 + moved)
    return build_tile_array(
        values.astype(np.float32),
        UNIT,
        precision="float32",
        source=source(("Dense", 0, "hidden"), "kernel", (5 * width, 6)),
    )
