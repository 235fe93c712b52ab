"""Logs of the samples that excite units most, by formula: nobody trains."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from tb_nnviz import Source
from tb_nnviz.records import TileArray, build_tile_array
from tests.end_to_end.run_writer import written_run

Values = NDArray[Any]

MAPS, DENSE = "top_samples/conv2d", "top_samples/dense"
UNITS, RANKS, SIDE = 6, 5, 24
#: None of the samples excites these.
DEAD = (1, 4)
STEPS = (0, 1)


def write_top_samples(logdir: Path) -> None:
    """Two runs with feature maps, which have places, and a Dense layer, which has none."""
    for seed, run in enumerate(("first", "second")):
        with written_run(logdir / run) as writer:
            for step in STEPS:
                rng = np.random.default_rng(10 * seed + step)
                pictures = blobs(rng, (UNITS, RANKS))
                writer.at_epoch({MAPS: _maps(pictures), DENSE: _dense(pictures)}, step)


def activations() -> Values:
    """``(6, 5)`` falling along the ranks; of the dead ones not above 0, one of them NaN."""
    values = np.linspace(4, 0.5, RANKS)[None] * np.linspace(1, 2, UNITS)[:, None]
    values[DEAD[0]] = 0
    values[DEAD[1]] = np.nan
    return values


def sample_indices() -> Values:
    """``(6, 5)``: which samples they are."""
    return 100.0 * np.arange(UNITS)[:, None] + np.arange(RANKS)[None]


def places() -> Values:
    """``(4, 6, 5)`` top, left, bottom, right: those of channel 5 are whole pictures."""
    top = np.broadcast_to(np.linspace(0, 0.5, RANKS), (UNITS, RANKS))
    left = np.broadcast_to(np.linspace(0, 0.5, UNITS)[:, None], (UNITS, RANKS))
    found = np.stack([top, left, top + 0.25, left + 0.5])
    found[:, -1] = np.array([0, 0, 1, 1])[:, None]
    return found


def blobs(rng: np.random.Generator, shape: tuple[int, int]) -> Values:
    """``(*shape, 24, 24)`` uint8-like pictures."""
    down, across = np.mgrid[0:SIDE, 0:SIDE]
    middles = rng.uniform(6, SIDE - 6, (2, *shape, 1, 1))
    spread = rng.uniform(8, 30, (*shape, 1, 1))
    distance = (down - middles[0]) ** 2 + (across - middles[1]) ** 2
    values: Values = 255 * np.exp(-distance / spread)
    return values.astype(np.float32)


def _maps(pictures: Values) -> TileArray:
    return _ranked(pictures, "channel", ("Conv2D", 0, "conv2d"), places())


def _dense(pictures: Values) -> TileArray:
    return _ranked(pictures, "unit", ("Dense", 3, "dense"), np.full((4, UNITS, RANKS), np.nan))


def _ranked(pictures: Values, unit: str, layer: tuple[str, int, str], parts: Values) -> TileArray:
    layer_type, index, path = layer
    source = Source(layer_path=path, layer_index=index, layer_type=layer_type, role="top_samples")
    record = build_tile_array(
        pictures,
        (unit, "rank", "height", "width"),
        meaning="image",
        precision="uint8",
        source=source,
    )
    names = ("place_top", "place_left", "place_bottom", "place_right")
    ranked = {"activation": activations(), "sample_index": sample_indices()}
    ranked |= dict(zip(names, parts, strict=True))
    return replace(record, statistics={**record.statistics, **ranked})
