"""The log that the questions of ``docs/questions.md`` are asked of, with answers known beforehand.

Two runs, ``run-a`` and ``run-b``, of a small network over six epochs, made of formulas and seeds:
nothing is trained. Everything a question asks for is a name of this module.
"""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from tb_nnviz import Source
from tb_nnviz.records import Record, TileArray, build_histogram, build_tile_array
from tests.end_to_end.confusion_logs import (
    CLASSES,
    ConfusionLog,
    labels_of,
    pictures_of,
)
from tests.end_to_end.logs import patterns
from tests.end_to_end.run_writer import UNIT, source, written_run

Values = NDArray[Any]

RUNS = ("run-a", "run-b")
EPOCHS = 6
UNITS = 32
FILTERS = 8
SAMPLES = 300
SIDE = 14
KERNEL = "weights/dense/kernel"
FILTER_KERNEL = "weights/conv2d/kernel"
TOP = "top_samples/dense"
TEMPLATES = "templates/output"

#: Units of ``dense`` that change most between epoch 3 and 4 in run-a, the most first.
MOVED = (17, 5, 11)
MOVED_AT = 4
#: Filters of ``conv2d`` that the two runs do not have in common.
OTHER_FILTERS = (2, 6)
#: The unit of ``dense`` that is most like `CHOSEN`.
CHOSEN, TWIN = 3, 26
#: Units of ``dense`` without any weight.
DEAD_UNITS = (8, 30)
#: From this epoch on no unit of a layer responds in run-b; others live on.
DEAD_FROM = {"dense_2": 3, "dense_1": 5}
#: At the end run-b takes this class for the other one; at epoch `BEST` it did not.
UNLEARNED, TAKEN_FOR = "dog", "fox"
BEST = 3
#: The layer that moves most, for its size, at the last epoch of run-a.
RESTLESS = "output"


def write_questions(logdir: Path) -> None:
    """Writes both runs."""
    truth, pictures = labels_of(SAMPLES, len(CLASSES)), pictures_of(SAMPLES)
    for run in RUNS:
        with written_run(logdir / run) as writer:
            log = ConfusionLog(writer, pictures)
            before: dict[str, Values] = {}
            for epoch in range(EPOCHS + 1):
                weights = weights_of(run, epoch)
                others = _of_weights(weights, before)
                others |= _of_samples(run, epoch, pictures)
                before = weights
                log.write(epoch, truth, outputs_of(run, epoch), CLASSES, others=others)


def weights_of(run: str, epoch: int) -> dict[str, Values]:
    """Kernels by layer, a tile for each filter or unit."""
    is_a = run == "run-a"
    rng = np.random.default_rng(700 if is_a else 701)
    # Both runs begin alike in all filters but some.
    filters = patterns(FILTERS, epoch, 710, side=5)
    if not is_a:
        filters[list(OTHER_FILTERS)] = patterns(FILTERS, epoch, 711, side=5)[list(OTHER_FILTERS)]
    noise = rng.normal(0, 0.05, (UNITS, SIDE, SIDE)).astype(np.float32)
    dense = noise + 0.5 * patterns(UNITS, epoch, 720 if is_a else 721, side=SIDE)
    if epoch >= MOVED_AT:
        jump = np.random.default_rng(730).normal(0, 0.4, (len(MOVED), SIDE, SIDE))
        dense[list(MOVED)] += jump * np.array([1.0, 0.8, 0.6])[:, None, None]
    dense[TWIN] = 0.7 * dense[CHOSEN] + 0.2 * noise[TWIN]
    dense[list(DEAD_UNITS)] = 0
    output = rng.normal(0, 0.2, (len(CLASSES), 1, UNITS)) * (1 + 0.5 * epoch)
    return {"conv2d": filters, "dense": dense, "output": output.astype(np.float32)}


def outputs_of(run: str, epoch: int) -> Values:
    """``(sample, class)`` probabilities."""
    truth = labels_of(SAMPLES, len(CLASSES))
    rng = np.random.default_rng(740 + RUNS.index(run))
    scores = 1.2 * rng.normal(size=(SAMPLES, len(CLASSES)))
    scores[np.arange(SAMPLES), truth] += 0.5 + 0.7 * epoch
    if run == "run-b" and epoch > BEST:
        lost = truth == CLASSES.index(UNLEARNED)
        scores[lost, CLASSES.index(TAKEN_FOR)] += 6.0
    powers = np.exp(scores)
    shares: Values = powers / powers.sum(axis=1, keepdims=True)
    return shares


def _of_weights(weights: dict[str, Values], before: dict[str, Values]) -> dict[str, Record]:
    records: dict[str, Record] = {}
    for index, (layer, values) in enumerate(weights.items()):
        kind = "Conv2D" if layer == "conv2d" else "Dense"
        variable = source((kind, index, layer), "kernel", (values[0].size, len(values)))
        records[f"weights/{layer}/kernel"] = build_tile_array(values, UNIT, source=variable)
        records[f"histograms/{layer}/kernel"] = build_histogram(
            values, previous=before.get(layer), source=variable
        )
    templates = np.einsum("cou,uhw->chw", weights["output"], weights["dense"])
    records[TEMPLATES] = build_tile_array(
        templates.astype(np.float32),
        ("class", "height", "width"),
        labels={"class": CLASSES},
        source=source(("Dense", 2, "output"), "template", (196, 10)),
    )
    return records


def _of_samples(run: str, epoch: int, pictures: Values) -> dict[str, Record]:
    panel = pictures[:6]
    labels = [CLASSES[int(label)] for label in labels_of(6, len(CLASSES))]
    records: dict[str, Record] = {}
    for index, layer in enumerate(("dense_1", "dense_2", "dense_3")):
        rng = np.random.default_rng(750 + index)
        responses = np.maximum(0, rng.normal(0.3, 1, (len(panel), 1, 24)) * (1 + 0.2 * epoch))
        if run == "run-b" and epoch >= DEAD_FROM.get(layer, EPOCHS + 1):
            responses[:] = 0
        records[f"activations/{layer}"] = _response(layer, 3 + index, responses, labels)
    records[TOP] = _top_samples(pictures)
    if epoch == 0:
        records["samples"] = build_tile_array(
            (255 * panel).astype(np.float32),
            ("sample", "height", "width"),
            labels={"sample": labels},
            meaning="image",
            precision="uint8",
            source=Source(role="samples", samples_digest="panel"),
        )
    return records


def _response(layer: str, index: int, values: Values, labels: list[str]) -> TileArray:
    record = build_tile_array(
        values.astype(np.float32),
        ("sample", "height", "width"),
        labels={"sample": labels},
        represents={"width": "unit"},
        meaning="non_negative",
        precision="uint8",
        source=Source(
            layer_path=layer,
            layer_index=index,
            layer_type="Dense",
            role="output",
            samples_digest="panel",
        ),
    )
    share = (values == 0).mean(axis=(1, 2))
    return replace(record, statistics={**record.statistics, "zero_fraction": share})


def _top_samples(pictures: Values) -> TileArray:
    """The five samples that excite a unit most: of unit ``k`` those from ``5 k`` on."""
    ranks = 5
    indices = (ranks * np.arange(UNITS)[:, None] + np.arange(ranks)) % len(pictures)
    record = build_tile_array(
        (255 * pictures[indices]).astype(np.float32),
        ("unit", "rank", "height", "width"),
        meaning="image",
        precision="uint8",
        source=Source(layer_path="dense", layer_index=1, layer_type="Dense", role="top_samples"),
    )
    whole = {
        f"place_{side}": np.full((UNITS, ranks), np.nan)
        for side in ("top", "left", "bottom", "right")
    }
    activation = np.linspace(4, 1, ranks)[None] * np.ones((UNITS, 1))
    ranked = {"activation": activation, "sample_index": indices.astype(float), **whole}
    return replace(record, statistics={**record.statistics, **ranked})
