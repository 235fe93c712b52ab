"""Logs of hidden units with the weights of classes onto them, by formula: nobody trains."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from tb_nnviz import Source
from tb_nnviz.records import TileArray, build_tile_array
from tests.end_to_end.run_writer import UNIT, written_run

Values = NDArray[Any]

HIDDEN = "hidden"
TEMPLATES = f"templates/{HIDDEN}"
WEIGHTS = f"{TEMPLATES}/class_weights"
CLASSES = ("zero", "one", "two", "three", "four")
UNITS = 12
STEPS = (0, 1, 2)
SIDE = 14


def write_class_bars(logdir: Path) -> None:
    """Two runs with templates of 12 units and the weights of 5 classes, of 3 steps."""
    for seed, run in enumerate(("first", "second")):
        with written_run(logdir / run) as writer:
            for step in STEPS:
                records = {TEMPLATES: _templates(UNITS, step, seed), WEIGHTS: _class(step, seed)}
                writer.at_epoch(records, step)


def write_many_classes(logdir: Path) -> None:
    """A run with 40 units and 60 classes without names, and one that has no class weights."""
    rng = np.random.default_rng(5)
    many = rng.normal(0, 0.1, (40, 60)) * np.linspace(1, 2, 60)
    with written_run(logdir / "many") as writer:
        writer.at_epoch({TEMPLATES: _templates(40, 0, 2), WEIGHTS: _weights(many, ())}, 0)
    with written_run(logdir / "without") as writer:
        writer.at_epoch({TEMPLATES: _templates(40, 0, 3)}, 0)


def class_weights(step: int, seed: int) -> Values:
    """``(12, 5)``: of both signs, with a zero and one that is not a number in run ``second``."""
    rng = np.random.default_rng(seed)
    start, drift = rng.normal(0, 0.3, (2, UNITS, len(CLASSES)))
    values: Values = (start + 0.2 * step * drift).astype(np.float32)
    values[2, 1] = 0
    if seed == 1:
        values[3, 0] = np.nan
    return values


def _class(step: int, seed: int) -> TileArray:
    return _weights(class_weights(step, seed), CLASSES)


def _weights(values: Values, labels: tuple[str, ...]) -> TileArray:
    return build_tile_array(
        values[..., None].astype(np.float32),
        UNIT,
        labels={"height": labels} if labels else None,
        represents={"height": "class"},
        precision="float32",
        source=_source("class_weight"),
    )


def _templates(units: int, step: int, seed: int) -> TileArray:
    across, down = np.meshgrid(np.linspace(-1, 1, SIDE), np.linspace(-1, 1, SIDE))
    number = np.arange(units)[:, None, None] + 10 * seed
    turned = across * np.cos(number) + down * np.sin(number)
    waves = np.sin((3 + number % 4) * turned + 0.3 * step) * np.exp(-(across**2 + down**2))
    return build_tile_array(
        (0.1 * waves).astype(np.float32), UNIT, notes=("exact",), source=_source("template")
    )


def _source(role: str) -> Source:
    return Source(layer_path=HIDDEN, layer_index=1, layer_type="Dense", role=role)
