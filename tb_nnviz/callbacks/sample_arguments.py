"""The arguments `samples` and `validation_data`: which data makes the panel, and how much of it."""

from __future__ import annotations

from dataclasses import dataclass
from numbers import Integral
from typing import Any

from tb_nnviz.callbacks.session_settings import MAX_SAMPLES

DEFAULT_NUM_SAMPLES = 16

_ACCEPTED = "an array, a list or dict of arrays, a tuple (x, y), a tf.data.Dataset or a PyDataset"


@dataclass(frozen=True)
class SampleArguments:
    """Which data makes the panel.

    Attributes:
        data: samples, as `tb_nnviz.model.samples.describe_samples` accepts them; or None.
        max_samples: how many of them the panel has at most.
    """

    data: Any
    max_samples: int


def check_sample_arguments(samples: Any, validation_data: Any) -> SampleArguments:
    """What the two arguments say together.

    Args:
        samples: data of its own, all of which is used up to `MAX_SAMPLES`; or how many samples of
            ``validation_data``; or None for `DEFAULT_NUM_SAMPLES` of them.
        validation_data: as for `model.fit`, or None.

    Raises:
        TypeError, ValueError: they do not fit.
    """
    if isinstance(validation_data, list) and len(validation_data) in (2, 3):
        validation_data = tuple(validation_data)  # as model.fit reads it
    if samples is None:
        return SampleArguments(validation_data, DEFAULT_NUM_SAMPLES)
    if isinstance(samples, bool) or not isinstance(samples, Integral):
        return SampleArguments(samples, MAX_SAMPLES)
    if not 1 <= int(samples) <= MAX_SAMPLES:
        raise ValueError(
            f"The `samples` argument must be data, or a number from 1 to {MAX_SAMPLES}; got "
            f"{samples!r}."
        )
    if validation_data is None:
        raise ValueError(
            f"The `samples` argument says how many samples of validation_data to show; got "
            f"{samples!r} and no validation_data. Pass validation_data=(x, y) too, or pass the "
            "samples themselves."
        )
    return SampleArguments(validation_data, int(samples))


def check_samples_given(samples: Any) -> None:
    """Raises `TypeError` where an argument that must be data is None or a number."""
    if samples is None or isinstance(samples, (Integral, float)):
        raise TypeError(f"The `samples` argument must be {_ACCEPTED}; got {samples!r}.")
