"""The arguments `samples` and `validation_data`: which data makes the panel, and how much of it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from numbers import Integral
from typing import Any

import keras

from tb_nnviz.callbacks.session_settings import MAX_SAMPLES

DEFAULT_NUM_SAMPLES = 16
MISTAKES = "mistakes"
# Inputs, targets, sample weights.
_MAX_PARTS = 3

_ACCEPTED = "an array, a list or dict of arrays, a tuple (x, y), a tf.data.Dataset or a PyDataset"


@dataclass(frozen=True)
class SampleArguments:
    """Which data makes the panel.

    Attributes:
        data: samples, as `tb_nnviz.model.samples.describe_samples` accepts them; or None.
        max_samples: how many of them the panel has at most.
        are_mistakes: whether they are to be the worst mistakes of the model.
    """

    data: Any
    max_samples: int
    are_mistakes: bool = False


def check_sample_arguments(samples: Any, validation_data: Any) -> SampleArguments:
    """What the two arguments say together.

    Args:
        samples: data of its own, all of which is used up to `MAX_SAMPLES`; or how many samples of
            ``validation_data``; or ``"mistakes"`` for the worst ones of the model on it; or None
            for `DEFAULT_NUM_SAMPLES` of them.
        validation_data: as for `model.fit`, or None.

    Raises:
        TypeError, ValueError: they do not fit.
    """
    if validation_data is not None:
        validation_data = check_validation_data(validation_data)
    if samples is None:
        return SampleArguments(validation_data, DEFAULT_NUM_SAMPLES)
    if isinstance(samples, str) and samples == MISTAKES:
        if validation_data is None:
            raise ValueError(
                "The `samples` argument asks for the worst mistakes on validation_data; got none. "
                "Pass validation_data=(x, y) too."
            )
        return SampleArguments(validation_data, DEFAULT_NUM_SAMPLES, are_mistakes=True)
    if isinstance(samples, str):
        raise TypeError(
            f"The `samples` argument must be {_ACCEPTED}, a number from 1 to {MAX_SAMPLES}, or "
            f"{MISTAKES!r}; got {samples!r}."
        )
    if isinstance(samples, bool) or not isinstance(samples, Integral):
        check_samples_given(samples)
        return SampleArguments(samples, MAX_SAMPLES)
    if not 1 <= int(samples) <= MAX_SAMPLES:
        raise ValueError(
            f"The `samples` argument must be data, {MISTAKES!r}, or a number from 1 to "
            f"{MAX_SAMPLES}; got {samples!r}."
        )
    if validation_data is None:
        raise ValueError(
            f"The `samples` argument says how many samples of validation_data to show; got "
            f"{samples!r} and no validation_data. Pass validation_data=(x, y) too, or pass the "
            "samples themselves."
        )
    return SampleArguments(validation_data, int(samples))


def check_validation_data(validation_data: Any) -> Any:
    """The argument, with ``[x, y]`` as a tuple; raises `TypeError` or `ValueError` if it is none.

    Args:
        validation_data: as the user gave it.
    """
    if isinstance(validation_data, list) and len(validation_data) in (2, 3):
        validation_data = tuple(validation_data)  # as model.fit reads it
    _check_data("validation_data", validation_data)
    return validation_data


def check_samples_given(samples: Any) -> None:
    """Raises `TypeError` or `ValueError` where an argument that must be data can be none."""
    _check_data("samples", samples)


def _check_data(name: str, data: Any) -> None:
    accepted = f"The `{name}` argument must be {_ACCEPTED}"
    if data is None or isinstance(data, (Integral, float, str, bytes)):
        raise TypeError(f"{accepted}; got {data!r}.")
    if not isinstance(data, tuple):
        if isinstance(data, (list, Mapping)) and not data:
            raise ValueError(f"{accepted}; got an empty {type(data).__name__}.")
        return
    if not 1 <= len(data) <= _MAX_PARTS:
        raise ValueError(
            f"{accepted}, or (x, y, sample_weight); got a tuple of {len(data)}. Several inputs are "
            "a tuple of their own: ((x1, x2), y)."
        )
    for part, value in zip(("x", "y"), data, strict=False):
        if not _is_many(value) and not (part == "y" and value is None):
            raise TypeError(
                f"{accepted}; got {type(value).__name__} for {part}. Pass an array with a first "
                "axis over samples."
            )


def _is_many(value: Any) -> bool:
    """Whether a value can be many samples, or a dataset of such."""
    shape = getattr(value, "shape", None)
    if shape is not None:
        return not hasattr(shape, "__len__") or len(shape) > 0
    has_members = hasattr(value, "__len__") or hasattr(value, "element_spec")
    return (has_members and not isinstance(value, (str, bytes))) or isinstance(
        value, keras.utils.PyDataset
    )
