"""The panel of the samples that a model takes for another class most confidently."""

from __future__ import annotations

from typing import Any

import numpy as np

from tb_nnviz.analysis.confusion_matrix import ConfusionOptions, plan_confusion
from tb_nnviz.model.class_labels import describe_target, read_classes
from tb_nnviz.model.sample_panel import SamplePanel, compute_digest
from tb_nnviz.model.validation_set import ValidationSet


def choose_mistakes(
    model: Any, samples: ValidationSet, options: ConfusionOptions, *, limit: int
) -> SamplePanel | None:
    """The worst mistakes of a model as they are now, sorted by class; None where there are none.

    Args:
        model: a built model.
        samples: with targets.
        options: how predictions are told to be mistakes.
        limit: how many samples at most, up to 64.

    Raises:
        ValueError: the targets say no classes, or do not fit the model.
    """
    plan = plan_confusion(model, samples, options)
    confusion = plan.compute()
    indices = list(dict.fromkeys(mistake.index for mistake in confusion.mistakes))[:limit]
    if not indices:
        return None
    place_of = {int(index): place for place, index in enumerate(plan.samples.indices)}
    places = np.array([place_of[index] for index in indices], np.int64)
    classes = read_classes(plan.targets, options.class_names)
    if classes is not None:
        places = places[np.argsort(classes[places], kind="stable")]
    inputs = plan.samples.take(places)
    labels = tuple(
        describe_target(
            plan.targets[place],
            None if classes is None else int(classes[place]),
            options.class_names,
        )
        for place in places
    )
    num = f"{plan.samples.num_samples:,}"
    return SamplePanel(
        inputs=inputs,
        labels=labels,
        classes=None if classes is None else classes[places],
        class_names=options.class_names,
        digest=compute_digest(inputs),
        notes=(f"{len(places)} worst mistakes on {num} samples at the first step", *plan.notes),
    )
