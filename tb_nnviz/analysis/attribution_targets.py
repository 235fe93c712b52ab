"""Which class of each sample is explained. Knows scores as arrays; knows no model."""

from __future__ import annotations

from collections.abc import Callable
from numbers import Integral
from typing import Any

import numpy as np
from numpy.typing import NDArray

from tb_nnviz.model.explained_output import ExplainedOutput
from tb_nnviz.model.score_gradients import Scores

PREDICTION = "prediction"
LABEL = "label"

_ACCEPTED = (
    "None or 'prediction' (the predicted class), the index of a class, a list of indices (one for "
    "each sample), or a function of the model's output that gives one value a sample"
)

# What is explained: the prediction, one class, one for each sample, or a function.
Targets = str | int | NDArray[np.int64] | Callable[[Any], Any]


def check_targets(targets: Any, *, may_be_label: bool = False) -> Targets:
    """The argument `targets`, as far as it can be checked without a model.

    Args:
        targets: as the user gave it.
        may_be_label: whether the samples may have labels.

    Raises:
        TypeError, ValueError: it is none of what is accepted.
    """
    accepted = f"The `targets` argument must be {_ACCEPTED}"
    if may_be_label:
        accepted = f"{accepted}, or 'label'"
    if targets is None:
        return PREDICTION
    if isinstance(targets, str):
        if targets == PREDICTION or (may_be_label and targets == LABEL):
            return targets
        raise ValueError(f"{accepted}; got {targets!r}.")
    if isinstance(targets, Integral) and not isinstance(targets, bool):
        return int(targets)
    if callable(targets):
        found: Callable[[Any], Any] = targets
        return found
    try:
        indices = np.asarray(targets)
    except ValueError:
        indices = np.array([None])
    if indices.dtype.kind not in "iu" or indices.ndim != 1 or not indices.size:
        shape = f"{type(targets).__name__} of {indices.dtype} with shape {indices.shape}"
        given = shape if indices.ndim else repr(targets)
        raise TypeError(
            f"{accepted}; got {given}. Pass y.astype(int), or y.argmax(axis=1) of one-hot rows."
        )
    return indices.astype(np.int64)


def is_label(targets: Targets) -> bool:
    """Whether the labels of the samples are asked for."""
    return isinstance(targets, str) and targets == LABEL


def resolve_targets(
    targets: Targets, scores: Scores, output: ExplainedOutput, *, num_samples: int
) -> NDArray[np.intp]:
    """``(samples,)`` the class of each sample; 0 where a function is explained.

    Args:
        targets: as `check_targets` gave them; labels as their indices.
        scores: of the samples.
        output: what is explained.
        num_samples: how many there are.

    Raises:
        ValueError: there are not as many as samples, or the model has no such class.
    """
    if output.kind == "function":
        return np.zeros(num_samples, np.intp)
    if isinstance(targets, str):
        return scores.predictions
    if isinstance(targets, np.ndarray) and targets.shape != (num_samples,):
        raise ValueError(
            f"The `targets` argument must have one index for each of {num_samples} samples; got "
            f"{len(targets)}."
        )
    indices = np.broadcast_to(np.asarray(targets), (num_samples,)).astype(np.intp)
    wrong = indices[(indices < 0) | (indices >= output.num_classes)]
    if len(wrong):
        raise ValueError(
            f"The `targets` argument must hold indices from 0 to {output.num_classes - 1}: the "
            f"output that is explained has {_describe_values(output)}; got {int(wrong[0])}."
        )
    return indices


def _describe_values(output: ExplainedOutput) -> str:
    if output.is_two_sided:
        return "one sigmoid unit, which tells class 0 from class 1"
    shape = "×".join(str(length) for length in output.shape) or "1"
    return f"{shape} value{'' if output.num_values == 1 else 's'} a sample"
