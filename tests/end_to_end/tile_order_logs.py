"""The log on which tiles are sorted, hidden and found: two runs, units dead in one or in both."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from tb_nnviz.records import Record, build_tile_array
from tests.end_to_end.run_writer import UNIT, source, written_run

Values = NDArray[Any]

RUNS = ("seed-1", "seed-2")
STEPS = (0, 1, 2, 3)
DENSE = "weights/dense/kernel"
CONV = "weights/conv/kernel"
GATES = "weights/lstm/kernel"
WIDE = "weights/wide/kernel"
UNITS, WIDE_UNITS = 24, 90
# Unit 5 dies at step 2 of both runs, units 9 and 17 are dead from the start, 12 in one run alone.
DEAD, DYING, DEAD_IN_FIRST = (9, 17), 5, 12


def write_tile_order(logdir: Path) -> None:
    for seed, run in enumerate(RUNS):
        with written_run(logdir / run) as writer:
            for step in STEPS:
                writer.at_epoch(_records(seed, step), step)


def _records(seed: int, step: int) -> dict[str, Record]:
    rng = np.random.default_rng(40 + seed)

    def walk(*shape: int) -> Values:
        start, drift = rng.normal(0, 0.2, (2, *shape))
        # Most tiles move by the root of the step; some first slowly, then fast.
        late = np.arange(shape[0]).reshape(-1, *[1] * (len(shape) - 1)) % 5 == 0
        moved: Values = start + drift * np.where(late, step**3 / 20, np.sqrt(step))
        return moved.astype(np.float32)

    dense = walk(UNITS, 8, 8)
    dense[list(DEAD)] = 0
    if step >= 2:
        dense[DYING] = 0
    if seed == 0:
        dense[DEAD_IN_FIRST] = 0
    conv = walk(6, 4, 3, 3)
    conv[2] = 0
    return {
        DENSE: build_tile_array(
            dense, UNIT, source=source(("Dense", 0, "dense"), "kernel", (64, UNITS))
        ),
        CONV: build_tile_array(
            conv,
            ("filter", "in_channel", "height", "width"),
            source=source(("Conv2D", 1, "conv"), "kernel", (3, 3, 4, 6)),
        ),
        GATES: build_tile_array(
            walk(4, 6, 6),
            ("gate", "height", "width"),
            labels={"gate": ("input", "forget", "cell", "output")},
            source=source(("LSTM", 2, "lstm"), "kernel", (36, 4)),
        ),
        WIDE: build_tile_array(
            walk(WIDE_UNITS, 14, 14),
            UNIT,
            source=source(("Dense", 3, "wide"), "kernel", (196, WIDE_UNITS)),
        ),
    }
