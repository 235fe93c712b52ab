"""Outputs as probabilities: whether they are, and what logits are as such. Knows numbers alone."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

# How far sums of probabilities are from 1: as float16 rounds a thousand of them.
SUM_TOLERANCE = 2e-2


def are_probabilities(values: NDArray[np.float64]) -> bool:
    """Whether each row is of shares of one."""
    return are_shares(values) and np.allclose(values.sum(axis=1), 1, atol=SUM_TOLERANCE)


def are_shares(values: NDArray[np.float64]) -> bool:
    """Whether all are from 0 to 1, as sigmoids are."""
    return bool((values >= 0).all() and (values <= 1 + SUM_TOLERANCE).all())


def as_probability(
    values: NDArray[np.float64], *, from_logits: bool | None
) -> tuple[NDArray[np.float64], tuple[str, ...]]:
    """Each value by itself as a probability, and notes; None to tell logits by their values."""
    notes: tuple[str, ...] = ()
    if from_logits is None:
        from_logits = bool(((values < 0) | (values > 1)).any())
        if from_logits:
            notes = ("confidences are the sigmoid of outputs that are no probabilities",)
    if not from_logits:
        return values.clip(0, 1), notes
    with np.errstate(over="ignore"):
        return 1 / (1 + np.exp(-values)), notes


def softmax(values: NDArray[np.float64]) -> NDArray[np.float64]:
    """The shares of each row."""
    greatest = values.max(axis=1, keepdims=True)
    with np.errstate(invalid="ignore"):
        shares = np.exp(values - greatest)
    # Infinity less itself is NaN: an infinite logit takes all.
    shares = np.where(np.isposinf(greatest), np.isposinf(values), shares)
    return np.asarray(shares / shares.sum(axis=1, keepdims=True), np.float64)
