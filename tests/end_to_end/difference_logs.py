"""A log of runs that can be compared, and of runs that cannot, made of formulas and seeds."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from tb_nnviz import Source
from tb_nnviz.records import Record, build_tile_array
from tests.end_to_end.run_writer import UNIT, source, written_run

Values = NDArray[Any]

KERNEL = "weights/dense/kernel"
BIAS = "weights/dense/bias"
SCALAR = "weights/scale/value"
EXTRA = "weights/extra/kernel"
TEMPLATES = "templates/dense"
ACTIVATIONS = "activations/dense"
#: Run ``twin`` has the values of ``base``, ``wide`` has more units; ``other`` lacks a step.
STEPS = {"base": (0, 1, 2, 3), "other": (0, 1, 3), "twin": (0, 1, 2, 3), "wide": (0, 1, 2, 3)}
UNITS = {"base": 8, "other": 8, "twin": 8, "wide": 12}
_SEEDS = {"base": 1, "other": 2, "twin": 1, "wide": 3}
_CLASSES = {"other": ("ant", "eel", "cat")}
_SAMPLES = {"other": "others"}


def write_differences(logdir: Path) -> None:
    """Four runs: weights of a layer, templates, activations, and a layer of ``other`` alone."""
    for run, steps in STEPS.items():
        with written_run(logdir / run) as writer:
            for step in steps:
                writer.at_epoch(_records(run, step), step)


def _records(run: str, step: int) -> dict[str, Record]:
    rng = np.random.default_rng(_SEEDS[run])

    def walk(*shape: int) -> Values:
        start, drift = rng.normal(0, 0.2, (2, *shape))
        moved: Values = (start + 0.1 * step * drift).astype(np.float32)
        return moved

    units, dense = UNITS[run], ("Dense", 0, "dense")
    records: dict[str, Record] = {
        KERNEL: build_tile_array(
            walk(units, 6, 5), UNIT, source=source(dense, "kernel", (30, units))
        ),
        BIAS: build_tile_array(
            walk(1, units),
            ("height", "width"),
            represents={"width": "unit"},
            precision="float32",
            source=source(dense, "bias", (units,)),
        ),
        SCALAR: build_tile_array(
            walk(1, 1),
            ("height", "width"),
            precision="float32",
            source=source(("Scale", 1, "scale"), "value", ()),
        ),
        TEMPLATES: build_tile_array(
            walk(3, 6, 5),
            ("class", "height", "width"),
            labels={"class": _CLASSES.get(run, ("ant", "bee", "cat"))},
            source=Source(layer_path="dense", layer_index=0, layer_type="Dense", role="template"),
        ),
        ACTIVATIONS: build_tile_array(
            walk(4, 1, 8),
            ("sample", "height", "width"),
            represents={"width": "unit"},
            source=Source(
                layer_path="dense",
                layer_index=0,
                layer_type="Dense",
                role="output",
                samples_digest=_SAMPLES.get(run, "same"),
            ),
        ),
    }
    if run == "other":
        records[EXTRA] = build_tile_array(
            walk(8, 6, 5), UNIT, source=source(("Dense", 2, "extra"), "kernel", (30, 8))
        )
    return records
