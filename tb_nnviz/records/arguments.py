"""Checks of what users pass: an error says what was given, what is accepted, how to mend it.

Whatever passes can be encoded, so that no mistake surfaces later, on the writing thread.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import asdict
from typing import Any

import numpy as np
from numpy.typing import NDArray

from tb_nnviz.records.axes import COLOR_CHANNELS, are_tile_axes
from tb_nnviz.records.source import Source


def check_option(name: str, value: object, accepted: Sequence[str]) -> None:
    """Raises `ValueError` unless ``value`` is one of the accepted strings."""
    if value not in accepted:
        choices = ", ".join(repr(choice) for choice in accepted)
        raise ValueError(f"The `{name}` argument must be one of {choices}; got {value!r}.")


def check_positive_int(name: str, value: object) -> int:
    """The number; raises, naming the argument, if it is no whole number from 1."""
    if isinstance(value, bool) or not isinstance(value, (int, np.integer)):
        raise TypeError(f"The `{name}` argument must be an integer; got {value!r}.")
    if value < 1:
        raise ValueError(f"The `{name}` argument must be 1 or more; got {value!r}.")
    return int(value)


def check_share(name: str, value: object) -> float:
    """The number; raises, naming the argument, if it is none from 0 to 1."""
    if isinstance(value, bool) or not isinstance(value, (int, float, np.number)):
        raise TypeError(f"The `{name}` argument must be a number; got {value!r}.")
    if not 0 <= float(value) <= 1:
        raise ValueError(f"The `{name}` argument must be from 0 to 1; got {value!r}.")
    return float(value)


def check_text(name: str, text: str) -> str:
    """The text; raises `ValueError`, naming the argument, if UTF-8 cannot hold it."""
    try:
        text.encode()
    except UnicodeEncodeError as error:
        raise ValueError(
            f"The `{name}` argument must be text that UTF-8 can hold; got {text!r}, which has "
            f"half of a surrogate pair at {error.start}."
        ) from error
    return text


def check_real_numbers(name: str, array: NDArray[Any]) -> NDArray[Any]:
    """The array; raises `TypeError`, naming the argument, unless it holds real numbers."""
    if array.dtype.kind not in "biuf" and array.dtype.name != "bfloat16":
        raise TypeError(
            f"The `{name}` argument must hold real numbers; got dtype {array.dtype}. "
            "Convert them, for example with .astype(numpy.float32)."
        )
    return array


def check_axes(array: NDArray[Any], axes: Sequence[str]) -> tuple[str, ...]:
    """The names of the axes as a tuple, after checking them against the array."""
    check_real_numbers("array", array)
    if isinstance(axes, str) or not all(_is_name(name) for name in axes):
        raise TypeError(f"The `axes` argument must be a sequence of names; got {axes!r}.")
    names = tuple(check_text("axes", name) for name in axes)
    if not are_tile_axes(names):
        raise ValueError(
            "The `axes` argument must hold distinct names that end in 'height', 'width' or in "
            f"'height', 'width', 'color'; got {names}."
        )
    if len(names) != array.ndim:
        raise ValueError(
            f"The `axes` argument must name each axis of the array; got {len(names)} names "
            f"{names} for an array of shape {array.shape}."
        )
    if names[-1] == "color" and array.shape[-1] != COLOR_CHANNELS:
        raise ValueError(
            f"The 'color' axis must have {COLOR_CHANNELS} channels; got an array of shape "
            f"{array.shape}. Name the axis 'channel' and put it before 'height' instead."
        )
    return names


def check_labels(
    labels: Mapping[str, Sequence[str]], axes: tuple[str, ...], shape: tuple[int, ...]
) -> dict[str, tuple[str, ...]]:
    """Texts by axis, after checking that there is one for each index of the array's axis."""
    checked = {}
    for name, texts in labels.items():
        if name not in axes:
            raise ValueError(f"The `labels` argument names axis {name!r}; the axes are {axes}.")
        length = shape[axes.index(name)]
        if len(texts) != length:
            raise ValueError(
                f"The `labels` argument must have one text for each index of axis {name!r}; "
                f"got {len(texts)} for {length}."
            )
        checked[name] = tuple(check_text("labels", str(text)) for text in texts)
    return checked


def check_represents(represents: Mapping[str, str], axes: tuple[str, ...]) -> dict[str, str]:
    """What rows and columns are, after checking that the axes are there."""
    for name, text in represents.items():
        if name not in axes:
            raise ValueError(f"The `represents` argument names axis {name!r}; the axes are {axes}.")
        if not _is_name(text):
            raise TypeError(
                "The `represents` argument must say in a word what an axis stands for, such as "
                f"{{'height': 'input'}}; got {text!r} for {name!r}."
            )
        check_text("represents", text)
    return dict(represents)


def check_notes(notes: Iterable[str]) -> tuple[str, ...]:
    """The sentences as a tuple."""
    if isinstance(notes, str):
        raise TypeError(
            f"The `notes` argument must be a sequence of sentences; got {notes!r}. Pass a list."
        )
    return tuple(check_text("notes", str(note)) for note in notes)


def check_source(source: Source) -> Source:
    """The source, after checking its texts."""
    for value in asdict(source).values():
        if isinstance(value, str):
            check_text("source", value)
    return source


def _is_name(value: object) -> bool:
    return isinstance(value, str) and bool(value)
