"""Writes a log of many runs over many steps by formula: nobody trains for it.

Twenty runs of one small network by default, each logged before training and after every one of a
hundred epochs: weights, histograms, activations on a panel of samples, and a confusion. The runs
differ in their seed and in how fast they learn; the last one has only every tenth epoch, so that
it shows its nearest earlier one in between. It is what the benchmarks of the tab look at, and some
of its tests.

Run: ``python -m benchmarks.many_runs_log LOGDIR [--runs 20] [--epochs 100] [--units 64]``.
"""

from __future__ import annotations

import argparse
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray
from tqdm import tqdm

from tb_nnviz.records import Record, build_histogram, build_tile_array
from tb_nnviz.records.confusion_building import build_confusion
from tests.end_to_end.run_writer import UNIT, source, written_run

Values = NDArray[Any]

RUNS = 20
EPOCHS = 100
UNITS = 64
SIDE = 28
CLASSES = 10
SAMPLES = 4
CHANNELS = 8
# Epochs between two records of the run that is logged more rarely.
RARE = 10


def run_name(index: int) -> str:
    """The name of the index-th run; in the order of the list of runs."""
    return f"seed-{index:02d}"


def write(logdir: Path, *, runs: int = RUNS, epochs: int = EPOCHS, units: int = UNITS) -> None:
    """Writes the log.

    Args:
        logdir: under which every run gets a directory.
        runs: how many.
        epochs: after each of which a run is logged, besides once before training.
        units: of the first layer, each a tile of 28×28.
    """
    for index in tqdm(range(runs), desc="runs", disable=None):
        network = _Network(index, units)
        is_rare = runs > 1 and index == runs - 1
        with written_run(logdir / run_name(index)) as writer:
            for epoch in range(0, epochs + 1, RARE if is_rare else 1):
                writer.at_epoch(network.records(epoch, epochs), epoch)


class _Network:
    """784-``units``-10 whose weights go from noise to stripes, the faster the higher the index."""

    def __init__(self, index: int, units: int) -> None:
        rng = np.random.default_rng(index)
        self._rate = 1 + index / 4
        self._noise = rng.normal(0, 0.1, (units, SIDE, SIDE)).astype(np.float32)
        self._stripes = _stripes(units, np.random.default_rng(1000 + index % 4))
        self._output = rng.normal(0, 0.3, (CLASSES, units)).astype(np.float32)
        self._labels = np.arange(200) % CLASSES
        self._guesses = rng.random(200)
        self._previous: dict[str, Values] = {}

    def records(self, epoch: int, epochs: int) -> dict[str, Record]:
        """By tag, after an epoch of ``epochs``."""
        learned = 1 - float(np.exp(-3 * self._rate * epoch / max(1, epochs)))
        weights = {
            "dense/kernel": self._noise + learned * self._stripes,
            "dense/bias": 0.1 * learned * self._noise[:, 0, 0],
            "output/kernel": self._output * (1 + learned),
            "output/bias": 0.1 * learned * self._output[:, 0],
        }
        records: dict[str, Record] = {}
        for place, (path, values) in enumerate(weights.items()):
            records |= self._of_variable(path, values, place // 2)
        records["activations/dense"] = build_tile_array(
            np.maximum(0, self._noise[None, :CHANNELS, ::4, ::4] + learned * _samples()),
            ("sample", "channel", "height", "width"),
            source=source(("Dense", 0, "dense"), "activation", (CHANNELS, 7, 7)),
        )
        records["confusion/output"] = self._confusion(learned)
        return records

    def _of_variable(self, path: str, values: Values, layer_index: int) -> dict[str, Record]:
        layer, role = path.split("/")
        is_kernel = role == "kernel"
        inputs = values.size // len(values)
        shape = (inputs, len(values)) if is_kernel else (len(values),)
        variable = source(("Dense", layer_index, layer), role, shape)
        previous = self._previous.get(path)
        self._previous[path] = values
        histogram = build_histogram(values, previous=previous, source=variable)
        if is_kernel:
            # Of inputs without a shape of their own, a strip.
            tiles = values.reshape(len(values), -1, values.shape[-1])
            record = build_tile_array(tiles, UNIT, source=variable)
        else:
            record = build_tile_array(
                values[None],
                ("height", "width"),
                represents={"width": "unit"},
                precision="float32",
                source=variable,
            )
        return {f"weights/{path}": record, f"histograms/{path}": histogram}

    def _confusion(self, learned: float) -> Record:
        wrong = self._guesses > 0.1 + 0.85 * learned
        predicted = np.where(wrong, (self._labels + 1) % CLASSES, self._labels)
        scores = np.full((len(predicted), CLASSES), 0.05 / (CLASSES - 1))
        scores[np.arange(len(predicted)), predicted] = 0.95
        return build_confusion(self._labels, scores, top_k=2)


def _stripes(units: int, rng: np.random.Generator) -> Values:
    grid = np.linspace(-1, 1, SIDE)
    angle, frequency, phase = (
        rng.uniform(low, high, (units, 1, 1)) for low, high in ((0, np.pi), (1, 3), (0, 2 * np.pi))
    )
    along = np.cos(angle) * grid[None, None, :] + np.sin(angle) * grid[None, :, None]
    stripes: Values = (0.5 * np.cos(np.pi * frequency * along + phase)).astype(np.float32)
    return stripes


def _samples() -> Values:
    grid = np.linspace(0, np.pi, 7)
    waves = np.sin(np.arange(1, SAMPLES + 1)[:, None, None] * grid[None, :, None])
    return (waves * np.cos(grid))[:, None].astype(np.float32)


def main() -> None:
    """Parses the command line and writes the log."""
    parser = argparse.ArgumentParser(description="A log of many runs over many steps.")
    parser.add_argument("logdir", type=Path)
    parser.add_argument("--runs", type=int, default=RUNS)
    parser.add_argument("--epochs", type=int, default=EPOCHS)
    parser.add_argument("--units", type=int, default=UNITS, help="of the first layer")
    options = parser.parse_args()
    if min(options.runs, options.epochs, options.units) < 1:
        parser.error("--runs, --epochs and --units must be 1 or more")
    write(options.logdir, runs=options.runs, epochs=options.epochs, units=options.units)


if __name__ == "__main__":
    main()
