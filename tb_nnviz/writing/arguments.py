"""Checks of what users pass to whatever logs: each returns its value or raises at once."""

from __future__ import annotations

import os
import re
from typing import Any

import numpy as np
from numpy.typing import ArrayLike, NDArray

from tb_nnviz.records import NOTICES_TAG
from tb_nnviz.records.arguments import check_real_numbers, check_text

# Tags are read from the first bytes of a record when a log is indexed.
MAX_TAG_BYTES = 1024
# A scheme has more letters than a drive of Windows; pathlib makes one slash of two.
_ELSEWHERE = re.compile(r"[a-z][a-z0-9+.-]+://|(gs|s3|hdfs):/", re.IGNORECASE)


def copy_array(name: str, values: ArrayLike) -> NDArray[Any]:
    """A copy of what is to be logged; raises, naming the argument, if it is no plain array."""
    return np.array(read_array(name, values), copy=True)


def read_array(name: str, values: ArrayLike) -> NDArray[Any]:
    """The values, perhaps where they are; raises, naming the argument, if it is no plain array."""
    if isinstance(values, np.ma.MaskedArray):
        raise TypeError(
            f"The `{name}` argument must not be a masked array, for a log keeps no mask. Pass "
            f"{name}.filled(numpy.nan)."
        )
    try:
        return np.asarray(values)
    except ValueError as error:
        raise ValueError(f"The `{name}` argument must be an array: {error}") from error


def check_log_dir(log_dir: object) -> str:
    """The directory as a string; raises if it is no path to a directory on this machine."""
    if not isinstance(log_dir, (str, os.PathLike)) or not os.fspath(log_dir):
        raise TypeError(
            f"The `log_dir` argument must be a path such as 'logs/my-run'; got {log_dir!r}."
        )
    path = os.fsdecode(log_dir)
    if _ELSEWHERE.match(path):
        raise ValueError(
            "The `log_dir` argument must name a directory on this machine, such as "
            f"'logs/my-run'; got {path!r}. Mount the bucket or server and pass the directory it "
            "is mounted at, or log to a local directory and copy it there."
        )
    return path


def check_tag(tag: object) -> str:
    """The tag; raises if it is no text of a sensible length."""
    if not isinstance(tag, str):
        raise TypeError(f"The `tag` argument must be a string; got {tag!r}.")
    if not 0 < len(check_text("tag", tag).encode()) <= MAX_TAG_BYTES or tag == NOTICES_TAG:
        raise ValueError(
            f"The `tag` argument must be 1 to {MAX_TAG_BYTES} bytes of text such as "
            f"'weights/hidden', other than {NOTICES_TAG!r}; got {tag!r}."
        )
    return tag


def check_pictures(samples: NDArray[Any], num_samples: int) -> tuple[str, ...]:
    """The names of the axes of samples that are pictures; raises if they are none.

    Args:
        samples: ``(sample, height, width)``, or with a last axis of 1 or 3 channels.
        num_samples: how many there must be.
    """
    check_real_numbers("samples", samples)
    shape = samples.shape
    channels = shape[3] if len(shape) == 4 else 1  # noqa: PLR2004 - sample, height, width, channel
    if len(shape) not in (3, 4) or channels not in (1, 3) or len(samples) != num_samples:
        raise ValueError(
            "The `samples` argument must have shape (sample, height, width) or (sample, height, "
            f"width, 1 or 3), with {num_samples} samples; got {shape}. Reshape them."
        )
    axes = ("sample", "height", "width")
    return (*axes, "color") if channels > 1 else axes


def check_natural_step(step: object) -> int:
    """The step; raises if it is no whole number from 0."""
    if isinstance(step, bool) or not isinstance(step, (int, np.integer)):
        raise TypeError(f"The `step` argument must be an integer; got {step!r}.")
    if step < 0:
        raise ValueError(f"The `step` argument must be 0 or more; got {step!r}.")
    return int(step)
