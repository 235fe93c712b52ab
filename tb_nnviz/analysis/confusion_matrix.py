"""Confusions of a training: what the model takes its validation samples for, as records.

Planned once a training; then each step predicts all samples, on the thread that trains, and
encodes on another one.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterator
from dataclasses import dataclass, field, replace
from typing import Any

import numpy as np
from numpy.typing import NDArray

from tb_nnviz.analysis.sample_timing import afford_samples
from tb_nnviz.analysis.sample_views import SampleViews
from tb_nnviz.model.explained_output import ExplainedOutput, OutputChoice
from tb_nnviz.model.losses import takes_logits
from tb_nnviz.model.output_names import find_output
from tb_nnviz.model.predictions import Predictions
from tb_nnviz.model.probe_inputs import read_inputs
from tb_nnviz.model.validation_set import ValidationSet
from tb_nnviz.records import Confusion, Record, Source, TileArray
from tb_nnviz.records.class_predictions import DEFAULT_THRESHOLD
from tb_nnviz.records.confusion_building import DEFAULT_TOP_K, MAX_MISTAKES, build_confusion
from tb_nnviz.records.label_forms import are_labels
from tb_nnviz.records.sample_pictures import SUFFIX, PictureBook, PictureLimits

VIEW = "confusion"
DEFAULT_MAX_SAMPLES = 10_000

# Header, metadata and framing; a cell, and a listed sample with its address.
_HEADER_BYTES = 1600
_CELL_BYTES, _SAMPLE_BYTES = 16, 20
# Of the pictures that a step may ask for, most were logged at an earlier one.
_NEW_SHARE = 0.4
_BLOCK = 2048
# What the arguments of who logs a confusion by hand are to who trains a model.
_WORDS = {
    "The `y_true` argument": "The labels in validation_data",
    "The `y_pred` argument": "The outputs of the model",
    "`y_pred`": "the output of the model",
    "The `sample_weight` argument": "The sample weights in validation_data",
}


@dataclass(frozen=True)
class ConfusionOptions:
    """How confusions are made.

    Attributes:
        class_names: names of the classes, or None.
        top_k: samples of each cell.
        threshold: what the probability of class 1 of two, or of a label, must exceed.
        output_name: which output, by name or place; None for the first whose targets are classes.
        max_seconds: how long the samples of a step may take, about; None for as long as needed.
    """

    class_names: tuple[str, ...] | None = None
    top_k: int = DEFAULT_TOP_K
    threshold: float = DEFAULT_THRESHOLD
    output_name: str | int | None = None
    max_seconds: float | None = None


@dataclass(frozen=True, eq=False)
class ConfusionPlan:
    """What is predicted, and how it is logged.

    Attributes:
        samples: that are predicted.
        targets: of them.
        weights: likewise, or None.
        predictions: compiled.
        views: pictures of the samples; None where there are none.
        limits: of the pictures.
        options: as asked for.
        from_logits: whether the outputs are logits; None to tell by their values.
        tag: of the confusions.
        left_out: tags that somebody else logs.
        notes: sentences to show.
        source: of the records.
    """

    samples: ValidationSet
    targets: NDArray[Any]
    weights: NDArray[Any] | None
    predictions: Predictions
    views: SampleViews | None
    limits: PictureLimits | None
    options: ConfusionOptions
    from_logits: bool | None
    tag: str
    notes: tuple[str, ...]
    source: Source
    left_out: frozenset[str] = frozenset()
    _book: list[PictureBook] = field(default_factory=list)

    @property
    def tags(self) -> tuple[str, ...]:
        """The tags that are logged."""
        every = (self.tag,) if self.views is None else (self.tag, f"{self.tag}/{SUFFIX}")
        return tuple(tag for tag in every if tag not in self.left_out)

    def without(self, tags: Collection[str]) -> ConfusionPlan:
        """The plan without some of its tags."""
        return replace(self, left_out=self.left_out.union(tags))

    def estimate_bytes(self) -> int:
        """About the size of the records of one step."""
        num_samples = self.samples.num_samples
        num_classes = max(2, self.predictions.output.num_values)
        num_cells = min(num_samples, num_classes**2)
        listed = min(num_samples, num_cells * self.options.top_k + MAX_MISTAKES)
        size = _HEADER_BYTES + num_cells * _CELL_BYTES + listed * _SAMPLE_BYTES
        if self.limits is not None and len(self.tags) > 1:
            pictures = min(listed, self.limits.per_step) * _NEW_SHARE
            size += _HEADER_BYTES + round(pictures * self.limits.bytes_per_picture)
        return size

    def warm_up(self) -> None:
        """Compiles what the first step would have to."""
        self.predictions.run(read_inputs(self.samples.take(np.arange(1))))

    def compute(self) -> Confusion:
        """What the model takes the samples for now, without addresses of pictures."""
        outputs = [
            self.predictions.run(read_inputs(block)) for block in self.samples.blocks(_BLOCK)
        ]
        return build_confusion(
            self.targets,
            np.concatenate(outputs),
            class_names=self.options.class_names,
            sample_weight=self.weights,
            threshold=self.options.threshold,
            from_logits=self.from_logits,
            top_k=self.options.top_k,
            indices=self.samples.indices,
            num_available=self.samples.num_available,
            notes=self.notes,
            source=self.source,
        )

    def collect(self) -> Callable[[], Iterator[tuple[str, Record]]]:
        """Predicts the samples; what makes the records of that, on another thread."""
        confusion = self.compute()
        pictures: Callable[[], TileArray] | None = None
        if self.views is not None and self.limits is not None:
            if not self._book:
                self._book.append(PictureBook(self.limits))
            confusion, pictures = self._book[0].illustrate(confusion, self.views)

        def build() -> Iterator[tuple[str, Record]]:
            if self.tag in self.tags:
                yield self.tag, confusion
            if pictures is not None and f"{self.tag}/{SUFFIX}" in self.tags:
                yield f"{self.tag}/{SUFFIX}", pictures()

        return build


def plan_confusion(model: Any, samples: ValidationSet, options: ConfusionOptions) -> ConfusionPlan:
    """The plan to log what a model takes samples for.

    Args:
        model: a built model.
        samples: with targets.
        options: as asked for.

    Raises:
        ValueError: the targets say no classes, or do not fit the model.
    """
    name, targets = find_class_targets(model, samples, options)
    choice = OutputChoice(name=options.output_name, label_output=name)
    predictions = Predictions(model, read_inputs(samples.take(np.arange(1))), choice)
    output = predictions.output
    if len(output.shape) > 1:
        raise ValueError(
            "A confusion matrix is of one class, or one row of labels, a sample; the model's "
            f"output {output.name!r} has values of shape {output.shape} for each."
        )
    is_as_it_is = output.activation is None
    logits = takes_logits(model, output.name, output.place) if is_as_it_is else False
    if options.max_seconds is not None:
        samples = _keep_to_time(samples, predictions, options.max_seconds)
        name, targets = find_class_targets(model, samples, options)
    views = SampleViews(model, samples)
    plan = ConfusionPlan(
        samples=samples,
        targets=targets,
        weights=samples.weights.get(name, samples.weights.get("")),
        predictions=predictions,
        views=None if views.obstacle else views,
        limits=None if views.obstacle else _limit_pictures(views, samples, output, options),
        options=options,
        from_logits=logits,
        tag=VIEW if options.output_name is None else f"{VIEW}/{options.output_name}",
        notes=(*_describe(output, views, samples), *views.notes),
        source=Source(role="output", samples_digest=samples.compute_digest()),
    )
    _check_fit(plan)
    return plan


def _check_fit(plan: ConfusionPlan) -> None:
    """Raises where labels and outputs do not fit, in words for who gave no such arguments."""
    # One sample is enough for the outputs; all labels are looked at.
    first = plan.predictions.run(read_inputs(plan.samples.take(np.arange(1))))
    try:
        build_confusion(
            plan.targets,
            np.broadcast_to(first, (len(plan.targets), first.shape[1])),
            class_names=plan.options.class_names,
            sample_weight=plan.weights,
            threshold=plan.options.threshold,
            from_logits=plan.from_logits,
            top_k=0,
        )
    except (TypeError, ValueError) as error:
        message = str(error)
        for argument, words in _WORDS.items():
            message = message.replace(argument, words)
        raise type(error)(message) from error


def find_class_targets(
    model: Any, samples: ValidationSet, options: ConfusionOptions
) -> tuple[str, NDArray[Any]]:
    """Name and targets of the output that is looked at.

    Raises:
        ValueError: there are none that say classes.
    """
    every = samples.targets
    if not every:
        raise ValueError(
            "A confusion matrix needs the labels of the samples: pass validation_data=(x, y)."
        )
    if options.output_name is not None:
        wanted = find_output(model, str(options.output_name))
        names = [name for name in every if find_output(model, name) == wanted]
        if wanted is None or not names:
            raise ValueError(
                "The `output_name` argument must name an output whose targets are in "
                f"validation_data, of {sorted(every)}; got {options.output_name!r}."
            )
        return names[0], every[names[0]]
    found = next((name for name, array in every.items() if are_labels(array)), None)
    if found is None:
        given = "; ".join(_describe_targets(array) for array in every.values())
        raise ValueError(
            "A confusion matrix needs targets that are classes (whole numbers from 0, or one-hot "
            f"rows) or labels (rows of 0 and 1); got {given}."
        )
    return found, every[found]


def _describe_targets(targets: NDArray[Any]) -> str:
    """Such as "-1 among them" or "float32 of shape samples×3 from 0.5 to 9"."""
    is_ordered = targets.dtype.kind in "biuf" and targets.size > 0
    if is_ordered and targets.dtype.kind in "iu" and targets.min() < 0:
        return f"{targets.min()} among them"
    shape = "×".join(("samples", *map(str, targets.shape[1:])))
    span = f" from {targets.min():.4g} to {targets.max():.4g}" if is_ordered else ""
    return f"{targets.dtype} of shape {shape}{span}"


def _keep_to_time(
    samples: ValidationSet, predictions: Predictions, max_seconds: float
) -> ValidationSet:
    batch = min(predictions.batch_size, samples.num_samples)
    inputs = read_inputs(samples.take(np.arange(batch)))
    return samples.thinned(
        afford_samples(samples.num_samples, batch, lambda: predictions.run(inputs), max_seconds)
    )


def _limit_pictures(
    views: SampleViews, samples: ValidationSet, output: ExplainedOutput, options: ConfusionOptions
) -> PictureLimits:
    num_cells = max(2, output.num_values) ** 2
    wanted = min(samples.num_samples, num_cells * options.top_k + MAX_MISTAKES)
    return PictureLimits.of(views.shape, views.axes[1:], wanted)


def _describe(
    output: ExplainedOutput, views: SampleViews, samples: ValidationSet
) -> tuple[str, ...]:
    notes = []
    if output.num_outputs > 1:
        notes.append(f"of output {output.name!r}, one of {output.num_outputs}")
    if samples.num_available is None:
        notes.append(f"the first {samples.num_samples:,} samples of the dataset")
    if views.obstacle:
        notes.append(f"samples have no pictures: {views.obstacle}")
    return tuple(notes)
