"""Logs of attributions for the browser tests, made of formulas and seeds: nothing is explained.

Runs ``first`` and ``second`` were shown the same gray samples, ``others`` colour samples of its
own. Knows what the records hold; needs no model and computes no gradient.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from tb_nnviz import Source
from tb_nnviz.records import Record, TileArray, build_tile_array
from tests.end_to_end.logs import patterns
from tests.end_to_end.run_writer import written_run

Values = NDArray[Any]

MAPS = "attributions/integrated_gradients"
INTERIOR = "attributions/interior_gradients"
PATH = "attributions/path_outputs"
SCORES = "attributions/scores"
BASELINES = "attributions/baselines"
SPREAD = "attributions/spread"

RUNS = ("first", "second", "others")
STEPS = (0, 1, 2, 3)
ALPHAS = (0.0625, 0.125, 0.25, 0.5, 0.75, 1.0)
SAMPLES = 6
CLASSES = ("ant", "bee", "cat", "dog")
NOTES = ("logit of the label", "baseline zero", "tolerance 5 %")
#: The sample of ``first`` some of whose cells are not finite.
SPOILED = 5
#: Of each sample of the gray runs, by its place.
LABELS = ("ant", "bee", "cat", "dog", "ant", "bee")
#: The flags of each sample: none, then one after the other, then two at once.
FLAGS = (0, 0, 1, 2, 4, 8 + 2)


@dataclass(frozen=True)
class Shown:
    """What attributions are of.

    Attributes:
        digest: of the samples.
        labels: of the samples.
        shape: of a sample, as the tag ``samples`` has it.
        axes: of that shape.
        seed: of the values.
        input_name: of the model's input; empty for models with one.
        represents: what rows and columns are, where the input is no picture.
    """

    digest: str
    labels: tuple[str, ...]
    shape: tuple[int, ...]
    axes: tuple[str, ...]
    seed: int = 0
    input_name: str = ""
    represents: tuple[tuple[str, str], ...] = ()

    def tag(self, tag: str) -> str:
        """The tag of this input."""
        return f"{tag}/{self.input_name}" if self.input_name else tag

    def source(self, tag: str) -> Source:
        """Where the records of a tag come from."""
        return Source(role=tag.rsplit("/", maxsplit=1)[-1], samples_digest=self.digest)


GRAY = Shown("gray", LABELS, (14, 14), ("height", "width"))
COLOUR = Shown("colour", LABELS[:4], (12, 16, 3), ("height", "width", "color"), seed=3)


def write_attributions(logdir: Path) -> None:
    """Gray samples explained in two runs, colour samples in a third: 4 steps.

    Run ``second`` lacks the last step.
    """
    for seed, run in enumerate(RUNS):
        shown = COLOUR if run == "others" else GRAY
        with written_run(logdir / run) as writer:
            for step in STEPS[: -1 if run == "second" else None]:
                records = attribution_records(shown, step, seed, spoiled=run == "first")
                if step == 0:
                    records[shown.tag("samples")] = sample_record(shown)
                writer.at_epoch(records, step)


def write_baselines(logdir: Path) -> None:
    """One run whose maps are means over two baselines, with their pictures and spread."""
    with written_run(logdir / "averaged") as writer:
        for step in STEPS[:2]:
            records = attribution_records(GRAY, step, 5)
            spread = np.abs(_maps(GRAY, step, 9)) / 3
            records[SPREAD] = build_tile_array(
                spread,
                ("sample", *GRAY.axes),
                labels={"sample": GRAY.labels},
                meaning="non_negative",
                source=GRAY.source(SPREAD),
            )
            if step == 0:
                pictures = _pictures(GRAY)
                mean = np.broadcast_to(pictures.mean(axis=0), pictures.shape)
                blurred = (
                    pictures + np.roll(pictures, 2, axis=1) + np.roll(pictures, 2, axis=2)
                ) / 3
                records["samples"] = sample_record(GRAY)
                records[BASELINES] = build_tile_array(
                    np.stack([mean, blurred]),
                    ("baseline", "sample", *GRAY.axes),
                    labels={"baseline": ("mean", "blur"), "sample": GRAY.labels},
                    meaning="image",
                    precision="uint8",
                    source=GRAY.source(BASELINES),
                )
            writer.at_epoch(records, step)


VECTOR = Shown("two", LABELS, (1, 24), ("height", "width"), 7, "numbers", (("width", "input"),))
PICTURE = Shown("two", LABELS, (14, 14), ("height", "width"), 8, "image")
CHANNELS = Shown("channels", LABELS[:3], (4, 10, 10), ("channel", "height", "width"), 11)
SEQUENCE = Shown(
    "sequence",
    LABELS[:3],
    (20, 6),
    ("height", "width"),
    13,
    "",
    (("height", "step"), ("width", "channel")),
)


def write_inputs(logdir: Path) -> None:
    """A model of two inputs, a picture and a vector; one of four channels; one of sequences."""
    runs = {"two-inputs": (PICTURE, VECTOR), "channels": (CHANNELS,), "sequence": (SEQUENCE,)}
    for run, inputs in runs.items():
        with written_run(logdir / run) as writer:
            for step in STEPS[:2]:
                records: dict[str, Record] = {}
                for shown in inputs:
                    records |= attribution_records(shown, step, shown.seed)
                    if step == 0:
                        records[shown.tag("samples")] = sample_record(shown)
                writer.at_epoch(records, step)


def write_many_samples(logdir: Path) -> None:
    """Three runs on the same 64 samples of 28x28, two steps."""
    shown = Shown("many", tuple(CLASSES[index % 4] for index in range(64)), (28, 28), GRAY.axes)
    for seed in range(3):
        with written_run(logdir / f"run-{seed}") as writer:
            for step in range(2):
                records = attribution_records(shown, step, seed)
                if step == 0:
                    records["samples"] = sample_record(shown)
                writer.at_epoch(records, step)


def write_sparse(logdir: Path) -> None:
    """60 steps of one run, for a TensorBoard that keeps 10 of each tag; no samples."""
    with written_run(logdir / "long") as writer:
        for step in range(60):
            writer.at_epoch(attribution_records(GRAY, step, 0), step)


def write_parts(logdir: Path) -> None:
    """Run ``whole`` has everything; ``bare`` has maps alone, and is shown no samples' pictures."""
    for run in ("whole", "bare"):
        with written_run(logdir / run) as writer:
            for step in STEPS[:2]:
                records = attribution_records(GRAY, step, 2)
                if run == "bare":
                    records = {MAPS: records[MAPS]}
                elif step == 0:
                    records["samples"] = sample_record(GRAY)
                writer.at_epoch(records, step)


def attribution_records(
    shown: Shown, step: int, seed: int, *, spoiled: bool = False
) -> dict[str, Record]:
    """Maps, interior gradients, outputs along the path and scores, as at one step."""
    samples = len(shown.labels)
    maps = _maps(shown, step, seed)
    if spoiled:
        maps[SPOILED, 3, 4], maps[SPOILED, 5, 6], maps[SPOILED, 8, 2] = np.nan, np.inf, -np.inf
    interior = np.stack(
        [maps * (0.4 + 1.2 * alpha) + 0.15 * np.roll(maps, 1, axis=-1) for alpha in ALPHAS], axis=1
    )
    interior[~np.isfinite(interior)] = 0
    labels = {"sample": shown.labels}
    axes = ("sample", *shown.axes)
    represents = dict(shown.represents)
    statistics = _proofs(shown, step, seed, maps)
    grid = samples if "channel" not in shown.axes else (samples, shown.shape[0])
    explained = build_tile_array(
        maps, axes, labels=labels, notes=NOTES, source=shown.source(MAPS), represents=represents
    )
    at_alphas = build_tile_array(
        interior,
        ("sample", "alpha", *shown.axes),
        labels={**labels, "alpha": tuple(str(alpha) for alpha in ALPHAS)},
        source=shown.source(INTERIOR),
        represents=represents,
    )
    return {
        shown.tag(MAPS): replace(
            explained,
            statistics={name: _over_grid(row, grid) for name, row in statistics.items()},
        ),
        shown.tag(INTERIOR): at_alphas,
        PATH: _path(shown, statistics, seed),
        SCORES: _scores(shown, statistics, step, seed),
    }


def sample_record(shown: Shown) -> TileArray:
    """The samples themselves."""
    return build_tile_array(
        _pictures(shown),
        ("sample", *shown.axes),
        labels={"sample": shown.labels},
        represents=dict(shown.represents),
        meaning="signed" if shown.represents else "image",
        precision="uint8",
        source=Source(role=shown.input_name or "samples", samples_digest=shown.digest),
    )


def _pictures(shown: Shown) -> Values:
    samples = len(shown.labels)
    if shown.represents or "channel" in shown.axes:
        rng = np.random.default_rng(500 + shown.seed)
        return rng.normal(0, 1, (samples, *shown.shape)).astype(np.float32)
    side = max(shown.shape[:2])
    waves = patterns(samples, 5, 510 + shown.seed, side=side)[:, : shown.shape[0], : shown.shape[1]]
    gray = np.round(255 * np.abs(waves) / np.abs(waves).max(axis=(1, 2), keepdims=True))
    if "color" in shown.axes:
        gray = np.stack([gray, np.roll(gray, 2, axis=2), 255 - gray], axis=-1)
    pictures: Values = gray.astype(np.float32)
    return pictures


def _maps(shown: Shown, step: int, seed: int) -> Values:
    """Stripes where the samples are bright, which grow and turn with the steps."""
    samples = len(shown.labels)
    strength = 0.1 * (1 + step) * (1 + 0.3 * seed)
    if shown.represents or "channel" in shown.axes:
        rng = np.random.default_rng(520 + shown.seed)
        start, turn = rng.normal(0, 1, (2, samples, *shown.shape))
        maps = strength * (start + 0.3 * (step + seed) * turn)
    else:
        side, (height, width) = max(shown.shape[:2]), shown.shape[:2]
        waves = patterns(samples, 8, 520 + shown.seed, side=side)
        turned = patterns(samples, 8, 521 + shown.seed + seed, side=side)
        signed = (waves + 0.2 * step * turned)[:, :height, :width]
        pictures = _pictures(shown) / 255
        weights = signed[..., None] * (0.2, 1, 0.5) if "color" in shown.axes else signed
        maps = strength * (0.15 + pictures) * weights
    float32: Values = maps.astype(np.float32)
    return float32


def _proofs(shown: Shown, step: int, seed: int, maps: Values) -> dict[str, Values]:
    samples = len(shown.labels)
    rng = np.random.default_rng(530 + seed + 7 * step)
    target = np.array([CLASSES.index(label) for label in shown.labels], float)
    prediction = np.where(np.arange(samples) % 3 == 2, (target + 1) % 4, target)
    target[samples - 1] = np.nan if shown.digest == "colour" else target[samples - 1]
    flags = np.array((FLAGS * samples)[:samples], float)
    total = np.where(np.isfinite(maps), maps, 0).reshape(samples, -1).sum(axis=1)
    miss = np.where(flags > 0, 0.4, 0.003) * rng.uniform(0.3, 1, samples)
    baseline = rng.normal(0, 0.2, samples)
    refinement = np.where(flags > 0, 0.08, 0.012) * rng.uniform(0.5, 1, samples)
    refinement[flags >= 8], miss[flags == 4] = np.nan, np.inf
    return {
        "target": target,
        "prediction": prediction,
        "probability": np.where(np.isnan(target), np.nan, rng.uniform(0.3, 0.999, samples)),
        "output_at_input": baseline + total / (1 + np.where(np.isfinite(miss), miss, 0)),
        "output_at_baseline": baseline,
        "attribution_sum": total,
        "completeness_error": miss,
        "refinement_error": refinement,
        "num_evaluations": np.where(flags > 0, 129.0, 17.0),
        "converged": (flags <= 1).astype(float) * (miss < 0.05),
        "flags": flags,
    }


def _path(shown: Shown, proof: dict[str, Values], seed: int) -> TileArray:
    alphas = np.linspace(0, 1, 17)
    bend = 1 + 0.5 * seed
    low, high = (proof[name][:, None] for name in ("output_at_baseline", "output_at_input"))
    outputs = low + (high - low) * alphas[None, :] ** bend
    return build_tile_array(
        outputs[:, None, :].astype(np.float32),
        ("sample", "height", "width"),
        labels={"sample": shown.labels, "width": tuple(str(alpha) for alpha in alphas)},
        represents={"width": "alpha"},
        precision="float32",
        source=shown.source(PATH),
    )


def _scores(shown: Shown, proof: dict[str, Values], step: int, seed: int) -> TileArray:
    rng = np.random.default_rng(540 + seed + step)
    scores = rng.uniform(0, 0.2, (len(shown.labels), len(CLASSES)))
    for sample, (target, prediction) in enumerate(
        zip(proof["target"], proof["prediction"], strict=True)
    ):
        if not np.isnan(target):
            scores[sample, int(target)] = proof["probability"][sample]
        scores[sample, int(prediction)] = max(scores[sample].max(), 0.5)
    return build_tile_array(
        scores[:, None, :].astype(np.float32),
        ("sample", "height", "width"),
        labels={"sample": shown.labels, "width": CLASSES},
        represents={"width": "class"},
        meaning="non_negative",
        precision="float32",
        source=shown.source(SCORES),
    )


def _over_grid(row: Values, grid: int | tuple[int, ...]) -> Values:
    """A number a sample, for all tiles of the sample."""
    if isinstance(grid, int):
        return row
    whole: Values = np.broadcast_to(row.reshape(-1, *(1,) * (len(grid) - 1)), grid).copy()
    return whole
