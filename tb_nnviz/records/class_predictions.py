"""Labels and outputs of a model read as true and predicted classes, with confidences.

Knows the forms in which Keras gives outputs, and which go with which labels. Knows no model.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from tb_nnviz.records.arguments import check_real_numbers
from tb_nnviz.records.confusion import Task
from tb_nnviz.records.label_forms import MATRIX, are_rows_of_one, drop_last, read_classes
from tb_nnviz.records.probabilities import are_probabilities, are_shares, as_probability, softmax

DEFAULT_THRESHOLD = 0.5
_TWO_CLASSES = 2


@dataclass(frozen=True, eq=False)
class ClassPredictions:
    """What is true of samples and what was predicted.

    Attributes:
        task: ``multi_class``, ``binary`` or ``multi_label``.
        true: ``(sample,)`` int64 class of each; ``(sample, label)`` 0 or 1 for ``multi_label``.
        predicted: likewise.
        confidence: likewise, float64: the probability of what was predicted; NaN where not known.
        is_decided: likewise: False where an output is NaN, so that nothing was predicted.
        num_classes: how many classes, or labels, there are.
        notes: what a reader must know.
        threshold: what the probability of class 1, or of a label, had to exceed; None where the
            greatest output decides.
    """

    task: Task
    true: NDArray[np.int64]
    predicted: NDArray[np.int64]
    confidence: NDArray[np.float64]
    is_decided: NDArray[np.bool_]
    num_classes: int
    notes: tuple[str, ...]
    threshold: float | None = None


def read_class_predictions(
    y_true: NDArray[Any],
    y_pred: NDArray[Any],
    *,
    threshold: float = DEFAULT_THRESHOLD,
    from_logits: bool | None = None,
    num_classes: int | None = None,
) -> ClassPredictions:
    """Reads labels and outputs.

    Args:
        y_true: ``(sample,)`` or ``(sample, 1)`` classes from 0; ``(sample, class)`` one-hot rows or
            probabilities; ``(sample, label)`` of 0 and 1, several to a sample.
        y_pred: ``(sample,)`` classes of an integer dtype; ``(sample,)`` or ``(sample, 1)`` floats,
            one value for class 1; ``(sample, class)`` one value for each class or label.
        threshold: what the probability of class 1 of two, or of a label, must exceed. Of two
            classes with a value each, the greater one decides at the default.
        from_logits: whether the outputs are logits; None to tell by their values. Where they are
            none, what is beyond 0 and 1 counts as these; of several classes, the softmax counts.
        num_classes: how many classes there are, where it is known.

    Raises:
        TypeError: an array does not hold real numbers.
        ValueError: the arrays do not fit each other, or a threshold is given that nothing is
            compared with.
    """
    labels = drop_last(check_real_numbers("y_true", y_true))
    outputs = drop_last(check_real_numbers("y_pred", y_pred))
    _check_shapes(labels, outputs)
    if outputs.ndim == 1 and outputs.dtype.kind in "iub":
        _refuse_threshold(threshold, "the predicted classes themselves")
        return _read_predicted_classes(labels, outputs, num_classes)
    values = outputs.astype(np.float64)
    is_decided = ~np.isnan(values)
    if outputs.ndim == 1:
        return _read_binary(
            labels, values, is_decided, threshold=threshold, from_logits=from_logits
        )
    if labels.ndim == MATRIX and not are_rows_of_one(labels):
        return _read_labels(
            labels, values, is_decided, threshold=threshold, from_logits=from_logits
        )
    return _read_multi_class(
        labels,
        values,
        np.asarray(is_decided.all(axis=1)),
        threshold=threshold,
        from_logits=from_logits,
    )


def _read_predicted_classes(
    labels: NDArray[Any], outputs: NDArray[Any], num_classes: int | None
) -> ClassPredictions:
    true, notes = read_classes(labels)
    predicted = outputs.astype(np.int64)
    if (predicted < 0).any():
        raise ValueError(
            f"The `y_pred` argument must hold classes from 0; got {predicted.min()} among them."
        )
    found = int(max(true.max(initial=-1), predicted.max(initial=-1))) + 1
    width = labels.shape[1] if labels.ndim == MATRIX else 0
    count = max(found, width, num_classes or 0, 1)
    unknown = np.full(len(true), np.nan)
    decided = np.ones(len(true), bool)
    return ClassPredictions("multi_class", true, predicted, unknown, decided, count, notes)


def _read_binary(
    labels: NDArray[Any],
    values: NDArray[np.float64],
    is_decided: NDArray[np.bool_],
    *,
    threshold: float,
    from_logits: bool | None,
) -> ClassPredictions:
    true, notes = read_classes(labels)
    _check_classes(true, _TWO_CLASSES)
    probability, more = as_probability(values, from_logits=from_logits)
    predicted = probability > threshold
    confidence = np.where(predicted, probability, 1 - probability)
    return ClassPredictions(
        "binary",
        true,
        predicted.astype(np.int64),
        confidence,
        is_decided,
        _TWO_CLASSES,
        (*notes, *more),
        threshold,
    )


def _read_labels(
    labels: NDArray[Any],
    values: NDArray[np.float64],
    is_decided: NDArray[np.bool_],
    *,
    threshold: float,
    from_logits: bool | None,
) -> ClassPredictions:
    if not np.isin(labels, (0, 1)).all():
        raise ValueError(
            "The `y_true` argument must hold classes, one-hot rows, probabilities that sum to 1, "
            f"or rows of 0 and 1 for several labels; got values from {labels.min()} to "
            f"{labels.max()} in shape {labels.shape}."
        )
    probability, notes = as_probability(values, from_logits=from_logits)
    predicted = probability > threshold
    confidence = np.where(predicted, probability, 1 - probability)
    return ClassPredictions(
        "multi_label",
        labels.astype(np.int64),
        predicted.astype(np.int64),
        confidence,
        is_decided,
        labels.shape[1],
        notes,
        threshold,
    )


def _read_multi_class(
    labels: NDArray[Any],
    values: NDArray[np.float64],
    is_decided: NDArray[np.bool_],
    *,
    threshold: float,
    from_logits: bool | None,
) -> ClassPredictions:
    true, notes = read_classes(labels)
    count = values.shape[1]
    _check_classes(true, count)
    if count != _TWO_CLASSES:
        _refuse_threshold(threshold, f"{count} classes, of which the greatest output decides")
    # NaN is the greatest to argmax; such rows are in no cell.
    predicted = values.argmax(axis=1)
    if not from_logits:
        # Sigmoids of several classes are probabilities too, though their sums are not 1.
        is_like = are_probabilities if from_logits is None else are_shares
        from_logits = not is_like(values[is_decided])
        if from_logits and is_decided.any():
            notes = (*notes, "confidences are the softmax of outputs that are no probabilities")
    if from_logits:
        values = softmax(values)
    is_default = threshold == DEFAULT_THRESHOLD
    if not is_default:
        predicted = (values[:, 1] > threshold).astype(np.int64)
    confidence = np.take_along_axis(values, predicted[:, None], axis=1)[:, 0].clip(0, 1)
    return ClassPredictions(
        "multi_class",
        true,
        predicted.astype(np.int64),
        confidence,
        is_decided,
        count,
        notes,
        None if is_default else threshold,
    )


def _refuse_threshold(threshold: float, what: str) -> None:
    if threshold != DEFAULT_THRESHOLD:
        raise ValueError(
            "The `threshold` argument is for two classes, or for several labels a sample; got "
            f"{threshold:g} for {what}. Leave it out."
        )


def _check_shapes(labels: NDArray[Any], outputs: NDArray[Any]) -> None:
    for name, array in (("y_true", labels), ("y_pred", outputs)):
        if array.ndim not in (1, MATRIX):
            raise ValueError(
                f"The `{name}` argument must have one value, or one row, a sample; got shape "
                f"{array.shape}."
            )
    if len(labels) != len(outputs):
        raise ValueError(
            "The `y_true` and `y_pred` arguments must be of the same samples; got "
            f"{len(labels)} and {len(outputs)}."
        )
    width = outputs.shape[1] if outputs.ndim == MATRIX else None
    if labels.ndim == MATRIX and width is not None and labels.shape[1] != width:
        raise ValueError(
            "The `y_true` argument must have as many columns as `y_pred`; got shapes "
            f"{labels.shape} and {outputs.shape}."
        )


def _check_classes(true: NDArray[np.int64], count: int) -> None:
    if (true >= count).any():
        raise ValueError(
            f"The `y_true` argument must hold classes from 0 to {count - 1}, for which `y_pred` "
            f"has values; got {int(true.max())}."
        )
