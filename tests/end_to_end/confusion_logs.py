"""Logs of confusions for the browser tests, made of formulas and seeds: nothing is trained.

Knows what the records hold. A sample is a picture that is its own: it is told apart by its pixels.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from tb_nnviz import Source
from tb_nnviz.records import Record, build_tile_array
from tb_nnviz.records.addresses import address_samples
from tb_nnviz.records.confusion_building import build_confusion
from tb_nnviz.records.sample_pictures import ArrayPictures, PictureBook, PictureLimits
from tests.end_to_end.logs import patterns
from tests.end_to_end.run_writer import RunWriter, written_run

Values = NDArray[Any]

TAG = "confusion"
PICTURES = "confusion/samples"
RUNS = ("first", "second")
STEPS = (0, 1, 2, 3)
CLASSES = ("ant", "bee", "cat", "dog", "elk", "fox", "gnu", "hen", "ibis", "jay")
SAMPLES = 600
SIDE = 14
LABELS = ("sky", "water", "tree", "person", "car")
MANY = 1000
#: Of those in the panel of the activations and attributions: these places of the data.
IN_PANEL = tuple(range(0, 600, 40))
#: Other places, of which the samples of another run's panel are.
IN_OTHER_PANEL = tuple(range(5, 600, 40))


def labels_of(samples: int, classes: int) -> Values:
    """Every class as often, in turn."""
    return np.arange(samples) % classes


def pictures_of(samples: int, classes: int = 10, side: int = SIDE) -> Values:
    """``(sample, side, side)`` from 0 to 1: the pattern of the class, and a mark of its own."""
    waves = np.abs(patterns(classes, 5, 610, side=side))[labels_of(samples, classes)]
    pictures = 0.8 * waves / waves.max(axis=(1, 2), keepdims=True)
    marks = np.random.default_rng(611).uniform(0, 1, (samples, 3, 3))
    pictures[:, -3:, -3:] = marks
    float32: Values = pictures.astype(np.float32)
    return float32


def outputs_of(samples: int, classes: int, step: int, seed: int) -> Values:
    """``(sample, class)`` probabilities that get better with the steps."""
    rng = np.random.default_rng(620 + seed)
    truth = np.eye(classes)[labels_of(samples, classes)]
    # Neighbours are taken for one another more than others are.
    near = np.roll(truth, 1, axis=1) * 1.4 + np.roll(truth, -3, axis=1) * 0.7
    noise = rng.normal(0, 1, (samples, classes))
    scores = 1.3 * noise + 0.45 * near + (0.4 + 0.9 * step) * truth
    powers = np.exp(scores)
    shares: Values = powers / powers.sum(axis=1, keepdims=True)
    return shares


class ConfusionLog:
    """Writes confusions of one set of samples with their pictures, each once.

    Args:
        writer: of the run.
        pictures: of all samples; None where these are no pictures.
    """

    def __init__(self, writer: RunWriter, pictures: Values | None) -> None:
        self._writer = writer
        self._pictures = None
        if pictures is not None:
            self._pictures = ArrayPictures(pictures, ("sample", "height", "width"))
            limits = PictureLimits.of(pictures.shape[1:], ("height", "width"), len(pictures))
            self._book = PictureBook(limits)

    def write(
        self,
        step: int,
        truth: Values,
        outputs: Values,
        names: Sequence[str],
        *,
        tag: str = TAG,
        others: dict[str, Record] | None = None,
        **options: Any,
    ) -> None:
        """Logs the confusion at a step, and records of other tags beside it."""
        options.setdefault("source", Source(layer_path="dense_1", samples_digest="validation"))
        record = build_confusion(truth, outputs, class_names=names, **options)
        records: dict[str, Record] = dict(others or {})
        if self._pictures is not None:
            record, build = self._book.illustrate(record, self._pictures)
            if build is not None:
                records[f"{tag}/samples"] = build()
        records[tag] = record
        self._writer.at_epoch(records, step)


def write_confusion(logdir: Path) -> None:
    """Two runs on the same samples, 4 steps; the second lacks the last one.

    ``first`` has activations and attributions too, of some of the samples.
    """
    truth, pictures = labels_of(SAMPLES, len(CLASSES)), pictures_of(SAMPLES)
    for seed, run in enumerate(RUNS):
        with written_run(logdir / run) as writer:
            log = ConfusionLog(writer, pictures)
            for step in STEPS[: -1 if run == "second" else None]:
                outputs = outputs_of(SAMPLES, len(CLASSES), step, seed)
                others = _other_views(pictures, step) if run == "first" else {}
                log.write(
                    step,
                    truth,
                    outputs,
                    CLASSES,
                    num_available=6_000,
                    notes=("600 of 6,000 samples, evenly chosen",),
                    others=others,
                )


def write_other_panels(logdir: Path) -> None:
    """Two runs with confusions of the same samples, and panels of other ones."""
    truth, pictures = labels_of(SAMPLES, len(CLASSES)), pictures_of(SAMPLES)
    panels = (("panel", IN_PANEL), ("other panel", IN_OTHER_PANEL))
    for seed, (run, (digest, places)) in enumerate(zip(RUNS, panels, strict=True)):
        with written_run(logdir / run) as writer:
            outputs = outputs_of(SAMPLES, len(CLASSES), 0, seed)
            others = _other_views(pictures, 0, places, digest)
            ConfusionLog(writer, pictures).write(0, truth, outputs, CLASSES, others=others)


def write_unequal_notes(logdir: Path) -> None:
    """Two runs at one step, the second with notes of its own."""
    truth, pictures = labels_of(SAMPLES, len(CLASSES)), pictures_of(SAMPLES)
    for seed, run in enumerate(RUNS):
        notes = tuple(f"note {number}, of this run alone" for number in range(6))
        with written_run(logdir / run) as writer:
            outputs = outputs_of(SAMPLES, len(CLASSES), 0, seed)
            ConfusionLog(writer, pictures).write(
                0, truth, outputs, CLASSES, notes=notes if run == "second" else ()
            )


def write_sparse(logdir: Path) -> None:
    """One run of 12 steps with new mistakes at each, for a TensorBoard that keeps 3 of a tag."""
    truth, pictures = labels_of(SAMPLES, len(CLASSES)), pictures_of(SAMPLES)
    with written_run(logdir / "long") as writer:
        log = ConfusionLog(writer, pictures)
        for step in range(12):
            outputs = outputs_of(SAMPLES, len(CLASSES), step % 3, seed=step)
            log.write(step, truth, outputs, CLASSES, top_k=3)


def write_many_classes(logdir: Path) -> None:
    """A thousand classes, two steps, without pictures."""
    truth = labels_of(10_000, MANY)
    names = [f"class {index}" for index in range(MANY)]
    with written_run(logdir / "thousand") as writer:
        log = ConfusionLog(writer, None)
        for step in (0, 1):
            log.write(step, truth, outputs_of(10_000, MANY, 4 + 2 * step, 3), names)


def write_twenty_classes(logdir: Path) -> None:
    """Twenty classes with long names, of which some are never mistaken; weights of the samples."""
    names = [f"kind of animal {index}" for index in range(20)]
    truth = labels_of(1_000, 20)
    outputs = outputs_of(1_000, 20, 3, 5)
    # The last five are always right.
    sure = truth >= 15
    outputs[:, 15:] = np.where(sure[:, None], np.eye(20)[truth][:, 15:], 0)
    outputs[sure, :15] = 0
    weights = 0.5 + (np.arange(1_000) % 4) / 2
    with written_run(logdir / "weighted") as writer:
        log = ConfusionLog(writer, pictures_of(1_000, 20))
        for step in (0, 1):
            log.write(step, truth, outputs, names, sample_weight=weights)


def write_labels(logdir: Path) -> None:
    """Several labels a sample, two steps, with outputs that are NaN."""
    rng = np.random.default_rng(640)
    truth = (rng.uniform(0, 1, (400, len(LABELS))) < (0.6, 0.3, 0.4, 0.15, 0.1)).astype(int)
    with written_run(logdir / "labels") as writer:
        log = ConfusionLog(writer, pictures_of(400))
        for step in (0, 1):
            noise = rng.normal(0, 1.2, truth.shape)
            outputs = 1 / (1 + np.exp(-(noise + (1 + step) * (2 * truth - 1))))
            outputs[7, 2] = np.nan
            log.write(step, truth, outputs, LABELS)


def write_binary(logdir: Path) -> None:
    """Two classes, with a threshold of 0.3; one run without confidences and pictures."""
    truth = labels_of(300, 2)
    with written_run(logdir / "churn") as writer:
        log = ConfusionLog(writer, pictures_of(300, 2))
        for step in (0, 1):
            outputs = outputs_of(300, 2, step, 7)[:, 1]
            log.write(step, truth, outputs, ("stays", "leaves"), threshold=0.3)
    with written_run(logdir / "labels-only") as writer:
        bare = ConfusionLog(writer, None)
        for step in (0, 1):
            outputs = outputs_of(300, 2, step, 8)[:, 1]
            bare.write(step, truth, (outputs > 0.5).astype(int), ("stays", "leaves"))


def long_name(index: int) -> str:
    """Of 60 letters, of which the last alone tells the classes apart."""
    return f"a_class_of_birds_that_breed_in_the_north_of_the_continent__{index}"


def write_long_names(logdir: Path) -> None:
    """Two runs with classes whose names are long and begin alike."""
    truth, pictures = labels_of(300, 10), pictures_of(300)
    for seed, run in enumerate(RUNS):
        with written_run(logdir / run) as writer:
            names = [long_name(index) for index in range(10)]
            ConfusionLog(writer, pictures).write(0, truth, outputs_of(300, 10, 0, seed), names)


def write_two_classes(logdir: Path) -> None:
    """Two classes of a softmax over both; another run has nothing but NaN."""
    truth = labels_of(300, 2)
    outputs = outputs_of(300, 2, 1, 7)
    for run, shown in (("both", outputs), ("undecided", np.full_like(outputs, np.nan))):
        with written_run(logdir / run) as writer:
            ConfusionLog(writer, None).write(0, truth, shown, ("stays", "leaves"))


def write_other_classes(logdir: Path) -> None:
    """A run whose classes change between its steps, and one that has others from the start."""
    with written_run(logdir / "renamed") as writer:
        log = ConfusionLog(writer, None)
        for step, names in enumerate((CLASSES[:4], (*CLASSES[:3], "doe"))):
            log.write(step, labels_of(200, 4), outputs_of(200, 4, 2, 9), names)
    with written_run(logdir / "fewer") as writer:
        log = ConfusionLog(writer, None)
        for step in (0, 1):
            source = Source(samples_digest="others")
            log.write(
                step, labels_of(150, 3), outputs_of(150, 3, 2, 10), CLASSES[:3], source=source
            )


def write_steady(logdir: Path) -> None:
    """The same confusion at two steps, and one without samples."""
    with written_run(logdir / "steady") as writer:
        log = ConfusionLog(writer, None)
        for step in (0, 1):
            log.write(step, labels_of(100, 4), outputs_of(100, 4, 2, 11), CLASSES[:4])
    with written_run(logdir / "nothing") as writer:
        log = ConfusionLog(writer, None)
        for step in (0, 1):
            log.write(step, np.zeros(0, int), np.zeros((0, 4)), CLASSES[:4])


def _other_views(
    pictures: Values, step: int, places: Sequence[int] = IN_PANEL, digest: str = "panel"
) -> dict[str, Record]:
    """Some of the samples as the activations and attributions have them, and what these are of."""
    chosen = pictures[list(places)]
    names = [CLASSES[label] for label in labels_of(SAMPLES, len(CLASSES))[list(places)]]
    source = Source(role="samples", samples_digest=digest)
    samples = replace(
        build_tile_array(
            chosen,
            ("sample", "height", "width"),
            labels={"sample": names},
            meaning="image",
            precision="uint8",
            source=source,
        ),
        addresses={"sample": address_samples([chosen])},
    )
    layer = Source(
        layer_path="conv2d",
        layer_index=1,
        layer_type="Conv2D",
        role="output",
        samples_digest=digest,
    )
    maps = chosen[:, None] * np.linspace(0.2, 1, 4)[None, :, None, None] * (1 + step)
    activations = build_tile_array(
        maps,
        ("sample", "channel", "height", "width"),
        labels={"sample": names},
        meaning="non_negative",
        precision="uint8",
        source=layer,
    )
    attributions = build_tile_array(
        (chosen - 0.3) * (1 + step),
        ("sample", "height", "width"),
        labels={"sample": names},
        source=replace(source, role="integrated_gradients"),
    )
    return {
        **({"samples": samples} if step == 0 else {}),
        "activations/conv2d": activations,
        "attributions/integrated_gradients": attributions,
    }
