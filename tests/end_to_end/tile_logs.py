"""Logs of one layer with all that may be logged of its units, by formula: nobody trains."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from tb_nnviz import Source
from tb_nnviz.records import Record, TileArray, build_tile_array
from tests.end_to_end.logs import patterns
from tests.end_to_end.run_writer import UNIT, source, written_run
from tests.end_to_end.top_samples_logs import blobs

Values = NDArray[Any]

LAYER = ("Dense", 0, "dense")
KERNEL, TEMPLATES = "weights/dense/kernel", "templates/dense"
TOP_SAMPLES, WEIGHTS = "top_samples/dense", "templates/dense/class_weights"
ACTIVATIONS, SAMPLES = "activations/conv", "samples"
UNITS, SIDE = 8, 24
#: So many units have samples that excite them.
EXCITED = 5
CLASSES = ("cat", "dog", "owl")
#: Of the runs; the second one lacks epoch 3.
STEPS = {"first": (0, 1, 2, 3, 4, 5), "second": (0, 1, 2, 4, 5)}
CONV_KERNEL = "weights/conv/kernel"
#: Input channels of the runs of `write_gray_and_colour`; 4 filters of 3 × 3 each.
CHANNELS = {"colour": 3, "gray": 1}
MANY_RUNS = tuple(f"run-{index:02}" for index in range(20))
MANY_STEPS = 100


def kernel(step: int, seed: int) -> Values:
    """``(8, 24, 24)`` stripes that grow with the step; unit 5 is dead."""
    values = patterns(UNITS, 1.5 * step, 30 + seed, SIDE)
    values[5] = 0
    return values


def class_weights(step: int, seed: int) -> Values:
    """``(8, 3)`` of both signs."""
    start, drift = np.random.default_rng(40 + seed).normal(0, 0.3, (2, UNITS, len(CLASSES)))
    values: Values = (start + 0.1 * step * drift).astype(np.float32)
    return values


def write_tiles(logdir: Path) -> None:
    """Two runs whose one Dense layer has weights, templates, class weights and top samples."""
    for seed, (run, steps) in enumerate(STEPS.items()):
        with written_run(logdir / run) as writer:
            writer.at_epoch({SAMPLES: _samples()}, 0)
            for step in steps:
                records: dict[str, Record] = {
                    KERNEL: build_tile_array(
                        kernel(step, seed), UNIT, source=source(LAYER, "kernel", (576, UNITS))
                    ),
                    TEMPLATES: build_tile_array(
                        2 * kernel(step, seed), UNIT, source=_source("template")
                    ),
                    WEIGHTS: _class_weights(step, seed),
                    TOP_SAMPLES: _top_samples(step, seed),
                    ACTIVATIONS: _activations(step, seed),
                }
                writer.at_epoch(records, step)


def write_many(logdir: Path) -> None:
    """Twenty runs of a hundred epochs of one small kernel."""
    for seed, run in enumerate(MANY_RUNS):
        with written_run(logdir / run) as writer:
            for step in range(MANY_STEPS):
                values = patterns(6, 0.1 * step, seed, 12)
                record = build_tile_array(values, UNIT, source=source(LAYER, "kernel", (144, 6)))
                writer.at_epoch({KERNEL: record}, step)


def write_gray_and_colour(logdir: Path) -> None:
    """Two runs of a convolution of pictures: three channels in one of them."""
    for seed, (run, channels) in enumerate(CHANNELS.items()):
        with written_run(logdir / run) as writer:
            for step in range(3):
                values = np.random.default_rng(80 + seed).normal(0, 1 + step, (4, channels, 3, 3))
                record = build_tile_array(
                    values.astype(np.float32),
                    ("filter", "in_channel", "height", "width"),
                    source=source(("Conv2D", 0, "conv"), "kernel", (3, 3, channels, 4)),
                )
                writer.at_epoch({CONV_KERNEL: record}, step)


def _source(role: str, samples: str | None = None) -> Source:
    layer_type, index, path = LAYER
    return Source(
        layer_path=path,
        layer_index=index,
        layer_type=layer_type,
        role=role,
        samples_digest=samples,
    )


def _class_weights(step: int, seed: int) -> TileArray:
    return build_tile_array(
        class_weights(step, seed)[:, :, None],
        UNIT,
        labels={"height": CLASSES},
        represents={"height": "class"},
        precision="float32",
        source=_source("class_weight"),
    )


def _top_samples(step: int, seed: int) -> TileArray:
    shape = (EXCITED, 4)
    pictures = blobs(np.random.default_rng(50 + 10 * seed + step), shape)
    record = build_tile_array(
        pictures,
        ("unit", "rank", "height", "width"),
        meaning="image",
        precision="uint8",
        source=_source("output"),
    )
    whole = np.broadcast_to(np.array([0.0, 0.0, 1.0, 1.0])[:, None, None], (4, *shape))
    names = ("place_top", "place_left", "place_bottom", "place_right")
    ranked = {
        "activation": np.linspace(4, 1, shape[0] * shape[1]).reshape(shape),
        "sample_index": np.arange(shape[0] * shape[1], dtype=np.float64).reshape(shape),
        **dict(zip(names, whole, strict=True)),
    }
    return replace(record, statistics={**record.statistics, **ranked})


def _samples() -> TileArray:
    return build_tile_array(
        blobs(np.random.default_rng(60), (3, 1))[:, 0],
        ("sample", "height", "width"),
        labels={"sample": CLASSES},
        meaning="image",
        precision="uint8",
        source=Source(role="samples", samples_digest="5a3d9e01"),
    )


def _activations(step: int, seed: int) -> TileArray:
    values = np.maximum(0, patterns(3 * 4, 1.5 * step, 70 + seed, 10)).reshape(3, 4, 10, 10)
    record = build_tile_array(
        values,
        ("sample", "channel", "height", "width"),
        labels={"sample": CLASSES},
        meaning="non_negative",
        source=Source(
            layer_path="conv",
            layer_index=1,
            layer_type="Conv2D",
            role="output",
            samples_digest="5a3d9e01",
        ),
    )
    zeros = (values == 0).mean(axis=(2, 3))
    return replace(record, statistics={**record.statistics, "zero_fraction": zeros})
