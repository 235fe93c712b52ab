"""A log of activations of every shape for the browser tests, made of formulas and seeds.

Runs ``first`` and ``second`` were shown the same gray samples, ``others`` colour samples of its
own. Knows what to write; needs no model and computes nothing that a network would.
"""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from tb_nnviz import Source
from tb_nnviz.records import Record, TileArray, build_tile_array
from tests.end_to_end.logs import patterns
from tests.end_to_end.run_writer import written_run

Values = NDArray[Any]

RUNS = ("first", "second", "others")
STEPS = (0, 1, 2)
SAMPLES = 5
LABELS = ("ant", "bee", "cat", "dog", "eel")
OTHER_LABELS = ("oak", "elm", "fir", "yew", "ash")
MAPS = ("sample", "channel", "height", "width")
MATRIX = ("sample", "height", "width")

#: Of the runs, at each step: which channels of ``conv2d`` are 0 for every sample.
DEAD = {"first": ((1,), (1, 4), (1, 4)), "second": ((), (), (3,)), "others": ((), (), ())}
#: Of ``dense`` and ``gru``, in all runs and at every step; by chance others are as well.
DEAD_UNITS = (5, 17)
DEAD_STEP_CHANNELS = (2,)
#: Of ``conv2d``: 0 for all samples but the last.
SELDOM = 2


def write_activations(logdir: Path) -> None:
    """Maps with few and with many channels, a strip, a sequence, and the samples: 3 steps."""
    for seed, run in enumerate(RUNS):
        with written_run(logdir / run) as writer:
            for step in STEPS:
                records = _responses(run, seed, step)
                if step == 0:
                    records["samples"] = _samples(run)
                writer.at_epoch(records, step)


def write_noted_samples(logdir: Path) -> None:
    """The samples alone, with the note that says how they were chosen."""
    note = "16 of 1,000 samples, as many of each class as can be"
    with written_run(logdir / "noted") as writer:
        writer.at_epoch({"samples": replace(_samples("first"), notes=(note,))}, 0)


def digest(run: str) -> str:
    """What the samples of a run are known by."""
    return "colour" if run == "others" else "gray"


def labels(run: str) -> tuple[str, ...]:
    """What the samples of a run are called."""
    return OTHER_LABELS if run == "others" else LABELS


def _samples(run: str) -> TileArray:
    pictures = patterns(SAMPLES, 5, 80, side=12)
    gray = np.round(127.5 + 127.5 * pictures / np.abs(pictures).max(axis=(1, 2), keepdims=True))
    height, width = np.mgrid[:10, :14]
    colour = np.stack(
        [
            np.stack([25 * height, 18 * width, np.full_like(width, 60 * sample)], axis=-1)
            for sample in range(SAMPLES)
        ]
    )
    is_colour = run == "others"
    return build_tile_array(
        (colour if is_colour else gray).astype(np.float32),
        (*MATRIX, "color") if is_colour else MATRIX,
        labels={"sample": labels(run)},
        meaning="image",
        precision="uint8",
        source=Source(role="samples", samples_digest=digest(run)),
    )


def _responses(run: str, seed: int, step: int) -> dict[str, Record]:
    rng = np.random.default_rng(400 + seed)

    def walk(*shape: int) -> Values:
        start, drift = rng.normal(0, 1, (2, SAMPLES, *shape))
        moved: Values = (start + 0.4 * step * drift).astype(np.float32)
        return moved

    before = patterns(SAMPLES * 6, step, 410 + seed, side=9).reshape(SAMPLES, 6, 9, 9)
    before[:, list(DEAD[run][step])] = -np.abs(before[:, list(DEAD[run][step])])
    before[:-1, SELDOM] = -np.abs(before[:-1, SELDOM])
    after = np.maximum(before, 0)
    units, sequence = np.maximum(walk(1, 24), 0), np.maximum(walk(9, 8), 0)
    units[..., list(DEAD_UNITS)] = 0
    sequence[..., list(DEAD_STEP_CHANNELS)] = 0
    by_unit = {"width": "unit"}
    by_step = {"height": "step", "width": "channel"}
    return {
        "activations/conv2d/pre_activation": _response(run, "conv2d", before, MAPS, signed=True),
        "activations/conv2d": _response(run, "conv2d", after, MAPS),
        "activations/wide": _response(run, "wide", np.maximum(walk(64, 4, 4), 0), MAPS),
        "activations/gru": _response(run, "gru", sequence, MATRIX, represents=by_step),
        "activations/dense": _response(run, "dense", units, MATRIX, represents=by_unit),
    }


_LAYERS = {"conv2d": "Conv2D", "wide": "Conv2D", "gru": "GRU", "dense": "Dense"}


def _response(
    run: str,
    layer: str,
    values: Values,
    axes: tuple[str, ...],
    *,
    signed: bool = False,
    represents: dict[str, str] | None = None,
) -> TileArray:
    record = build_tile_array(
        values,
        axes,
        labels={"sample": labels(run)},
        represents=represents,
        meaning="signed" if signed else "non_negative",
        precision="uint8",
        source=Source(
            layer_path=layer,
            layer_index=list(_LAYERS).index(layer),
            layer_type=_LAYERS[layer],
            role="pre_activation" if signed else "output",
            samples_digest=digest(run),
        ),
    )
    share = (values == 0).mean(axis=tuple(range(axes.index("height"), values.ndim)))
    return replace(record, statistics={"zero_fraction": share})
