"""The forms in which Keras takes labels: classes, one-hot rows, probabilities, several labels.

Knows labels alone, no outputs.
"""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray

from tb_nnviz.records.probabilities import SUM_TOLERANCE

MATRIX = 2
# Whole numbers of a floating-point dtype are classes below this; larger ones measure something.
_MOST_FLOAT_CLASSES = 100

_SOFT_LABELS = "labels are probabilities: the greatest of a sample is taken for its class"


def are_labels(targets: NDArray[Any]) -> bool:
    """Whether targets can be classes, or several labels a sample.

    Args:
        targets: as ``y_true`` of `read_class_predictions`.
    """
    if targets.dtype.kind not in "biuf" or targets.ndim not in (1, MATRIX):
        return False
    labels = drop_last(targets)
    if labels.ndim == MATRIX:
        return bool(np.isin(labels, (0, 1)).all()) or are_rows_of_one(labels)
    is_few = labels.dtype.kind != "f" or (labels < _MOST_FLOAT_CLASSES).all()
    return bool(is_few and (labels >= 0).all() and (labels == np.floor(labels)).all())


def drop_last(array: NDArray[Any]) -> NDArray[Any]:
    """Without a last axis of one."""
    return array[:, 0] if array.ndim == MATRIX and array.shape[1] == 1 else array


def read_classes(labels: NDArray[Any]) -> tuple[NDArray[np.int64], tuple[str, ...]]:
    """The class of each sample, and notes."""
    if labels.ndim == MATRIX:
        is_soft = not np.isin(labels, (0, 1)).all()
        return labels.argmax(axis=1).astype(np.int64), (_SOFT_LABELS,) if is_soft else ()
    is_whole = np.isfinite(labels) & (labels >= 0)
    is_whole &= labels == np.floor(np.where(is_whole, labels, 0))
    if not is_whole.all():
        wrong = labels[~is_whole][0]
        raise ValueError(
            f"The `y_true` argument must hold classes, whole numbers from 0; got {wrong}."
        )
    return labels.astype(np.int64), ()


def are_rows_of_one(labels: NDArray[Any]) -> bool:
    """Whether each row says one class: one-hot, or probabilities that sum to 1."""
    return bool((labels >= 0).all() and np.allclose(labels.sum(axis=1), 1, atol=SUM_TOLERANCE))
