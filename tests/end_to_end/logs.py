"""Logs for the browser tests, made of formulas and seeds: the same on every machine.

Knows what to write and at which moments of a training; needs no model and trains nothing.
"""

from __future__ import annotations

import contextlib
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from tb_nnviz import LogWriter, Source
from tb_nnviz.records import Phase, Record, build_histogram, build_tile_array
from tb_nnviz.writing.open_logs import open_writable_run_log
from tb_nnviz.writing.step_job import StepJob

Values = NDArray[Any]

UNIT = ("unit", "height", "width")
GATES = ("input", "forget", "cell", "output")
# Of the workbench: run "second" lacks the record of epoch 3.
WORKBENCH_STEPS = {"first": (0, 1, 2, 3, 4, 5), "second": (0, 1, 2, 4, 5)}
HISTOGRAM_STEPS = range(30)
LAYERED_STEPS = (0, 10, 29)
DEEP_LAYERS = 150


class RunWriter:
    """Writes the records of a run at moments of a training, as a callback does.

    Args:
        log_dir: of the run.
    """

    def __init__(self, log_dir: Path) -> None:
        self._log = open_writable_run_log(log_dir)
        self._failures: list[Exception] = []

    def write(
        self,
        records: Mapping[str, Record],
        *,
        step: int,
        epoch: float | None = None,
        batch: int | None = None,
        fit: int = 1,
        phase: Phase = "during",
    ) -> None:
        """Logs records by tag at one moment; see `tb_nnviz.Moment`."""
        job = StepJob(tuple(records), lambda: list(records.items()), self._failures.append)
        self._log.log_step(job, natural_step=step, epoch=epoch, batch=batch, fit=fit, phase=phase)

    def at_epoch(self, records: Mapping[str, Record], epoch: int) -> None:
        """Logs records by tag after an epoch, or before training."""
        self.write(records, step=epoch, epoch=float(epoch), phase="during" if epoch else "before")

    def flush(self) -> None:
        """Returns when all that was logged is on disk."""
        self._log.flush()

    def close(self) -> None:
        """Flushes and lets go of the file."""
        self._log.release()
        if self._failures:
            raise self._failures[0]


@contextlib.contextmanager
def written_run(log_dir: Path) -> Iterator[RunWriter]:
    writer = RunWriter(log_dir)
    yield writer
    writer.close()


def layer(path: str, index: int, kind: str, role: str, shape: tuple[int, ...]) -> Source:
    """The source of a variable of a layer."""
    return Source(
        variable_path=f"{path}/{role}",
        layer_path=path,
        layer_index=index,
        layer_type=kind,
        role=role,
        variable_shape=shape,
    )


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
            hidden_kernel(step, seed), UNIT, source=_source(dense, "kernel", (120, 40))
        ),
        "weights/hidden/bias": build_tile_array(
            walk(1, 40),
            ("height", "width"),
            represents={"width": "unit"},
            precision="float32",
            source=_source(dense, "bias", (40,)),
        ),
        "weights/conv/kernel": build_tile_array(
            walk(6, 4, 5, 5),
            ("filter", "in_channel", "height", "width"),
            source=_source(("Conv2D", 1, "conv"), "kernel", (5, 5, 4, 6)),
        ),
        "weights/mixer/kernel": build_tile_array(
            walk(3, 4, 9, 9),
            ("head", "gate", "height", "width"),
            labels=gates,
            source=_source(("Mixer", 2, "mixer"), "kernel", (81, 12)),
        ),
        "weights/lstm/bias": build_tile_array(
            walk(4, 1, 24),
            ("gate", "height", "width"),
            labels=gates,
            represents={"width": "unit"},
            precision="float32",
            source=_source(("LSTM", 3, "lstm"), "bias", (96,)),
        ),
        "weights/temperature/value": build_tile_array(
            walk(1, 1),
            ("height", "width"),
            precision="float32",
            source=_source(("Scale", 4, "temperature"), "value", ()),
        ),
        "weights/counts/table": build_tile_array(
            np.abs(walk(5, 10, 10)),
            UNIT,
            meaning="non_negative",
            precision="uint8",
            source=_source(("Counter", 5, "counts"), "table", (100, 5)),
        ),
    }


def _source(kind: tuple[str, int, str], role: str, shape: tuple[int, ...]) -> Source:
    layer_type, index, path = kind
    return layer(path, index, layer_type, role, shape)


def _workbench_histograms(step: int, seed: int) -> dict[str, Record]:
    names = ("kernel", "constant", "zeros", "spoiled", "all_nan")
    now, before = (_histogram_values(max(0, at), seed) for at in (step, step - 1))
    return {
        f"histograms/hidden/{name}": build_histogram(
            now[name],
            previous=before[name] if step else None,
            source=_source(("Dense", 0, "hidden"), name, (now[name].size,)),
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
                source=_source(("Conv2D", index + 10, f"conv2d_{index}"), role, (size,)),
            )
    return records


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
                source = ("Conv2D", index, f"stage_{index // 10}/conv2d_{index}")
                path = source[2]
                records[f"weights/{path}/kernel"] = build_tile_array(
                    kernel * (1 + 0.1 * epoch),
                    ("filter", "in_channel", "height", "width"),
                    source=_source(source, "kernel", (3, 3, 8, 16)),
                )
                records[f"weights/{path}/bias"] = build_tile_array(
                    bias * epoch,
                    ("height", "width"),
                    represents={"width": "filter"},
                    precision="float32",
                    source=_source(source, "bias", (16,)),
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
                    source = _source(
                        ("Dense", index, path.split("/", maxsplit=1)[0]),
                        "kernel",
                        (values[0].size, len(values)),
                    )
                    records[f"weights/{path}"] = build_tile_array(values, UNIT, source=source)
                    records[f"histograms/{path}"] = build_histogram(
                        values, previous=before.get(path), source=source
                    )
                writer.at_epoch(records, epoch)
                before = now


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
                    source=_source(
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
