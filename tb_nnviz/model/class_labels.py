"""What targets say of samples: a class where they say one, and a short text in any case.

Knows arrays of targets and names of classes; nothing of models or of where samples come from.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from collections.abc import Set as AbstractSet
from typing import Any

import numpy as np
from numpy.typing import NDArray

_MAX_VALUES = 4
_MAX_CHARACTERS = 60
_MATRIX = 2
_MINUS = "\N{MINUS SIGN}"
# Whole numbers of a floating-point dtype are classes below this; larger ones measure something.
_MAX_FLOAT_CLASSES = 100


def check_class_names(class_names: object) -> tuple[str, ...] | None:
    """The `class_names` argument as a tuple; None where there are none.

    Raises:
        TypeError: it is no sequence of strings.
        ValueError: it is empty.
    """
    if class_names is None:
        return None
    accepted = (
        "The `class_names` argument must be a list of strings, one for each class in the order of "
        f"their indices, such as ['cat', 'dog']; got {class_names!r}."
    )
    # Neither the keys of a dict nor the members of a set say which index they are for.
    is_one = isinstance(class_names, (str, bytes, Mapping, AbstractSet))
    if is_one or not isinstance(class_names, Iterable):
        raise TypeError(accepted)
    names = tuple(class_names)
    if not all(isinstance(name, str) for name in names):
        raise TypeError(accepted)
    if not names:
        raise ValueError(accepted)
    return tuple(str(name) for name in names)


def read_classes(
    targets: NDArray[Any], class_names: Sequence[str] | None = None
) -> NDArray[np.int64] | None:
    """The class of each sample; None where the targets say none.

    Classes are whole numbers from 0 of an integer dtype, True and False, whole numbers from 0 to
    99 of any dtype (or more, where so many are named), or one-hot rows. Rows of 0 and 1 that do
    not sum to 1 (several labels), and any other numbers, say no class.

    Args:
        targets: ``(samples,)``, ``(samples, 1)`` or ``(samples, classes)``; others say no class.
        class_names: names of the classes, or None.
    """
    if targets.ndim == _MATRIX and targets.shape[1] == 1:
        targets = targets[:, 0]
    if targets.dtype.kind not in "biuf":
        return None
    if targets.ndim == 1:
        return _classes_of_numbers(targets, max(_MAX_FLOAT_CLASSES, len(class_names or ())))
    if targets.ndim == _MATRIX:
        return _classes_of_rows(targets)
    return None


def are_values(targets: NDArray[Any]) -> bool:
    """Whether targets measure something: numbers that are neither classes nor several labels.

    Args:
        targets: of which `read_classes` reads no class.
    """
    return targets.dtype.kind in "iuf" and not np.isin(targets, (0, 1)).all()


def count_classes(targets: NDArray[Any], class_names: Sequence[str] | None) -> int | None:
    """How many classes there are, where that is sure from some of the targets; else None."""
    if targets.ndim == _MATRIX and targets.shape[1] > 1:
        return int(targets.shape[1])
    return len(class_names) if class_names and targets.dtype.kind in "iuf" else None


def check_enough_names(
    classes: NDArray[np.int64], num_known: int | None, class_names: Sequence[str] | None
) -> None:
    """Raises `ValueError` if there are fewer names than classes."""
    needed = max(num_known or 0, int(classes.max(initial=-1)) + 1)
    if class_names is not None and len(class_names) < needed:
        raise ValueError(
            f"The `class_names` argument must name every class; got {len(class_names)} names "
            f"{list(class_names)!r} for at least {needed} classes."
        )


def describe_target(target: Any, class_index: int | None, class_names: Sequence[str] | None) -> str:
    """A short text for one sample.

    Args:
        target: its targets, without the axis over samples.
        class_index: its class, where there is one.
        class_names: names of the classes, or None.
    """
    if class_index is not None:
        return describe_class(class_index, class_names)
    values = np.asarray(target)
    if values.ndim > 1:
        return "values of shape " + "×".join(str(length) for length in values.shape)
    if class_names and values.shape == (len(class_names),) and np.isin(values, (0, 1)).all():
        named = [name for name, value in zip(class_names, values, strict=True) if value]
        return _cut(", ".join(named) or "none")
    texts = [_describe_value(value) for value in values.reshape(-1)[:_MAX_VALUES]]
    if values.size > _MAX_VALUES:
        return f"{', '.join(texts[:-1])}, … ({values.size} values)"
    return _cut(", ".join(texts))


def describe_class(index: int, class_names: Sequence[str] | None) -> str:
    """A short text for a class: its name, else its index."""
    return _cut(class_names[index] if class_names else str(index))


def _classes_of_numbers(targets: NDArray[Any], num_most: int) -> NDArray[np.int64] | None:
    is_class = targets >= 0
    if targets.dtype.kind == "f":
        is_class &= (targets == np.floor(targets)) & (targets < num_most)
    return targets.astype(np.int64) if is_class.all() else None


def _classes_of_rows(targets: NDArray[Any]) -> NDArray[np.int64] | None:
    is_binary = (targets == 0) | (targets == 1)
    is_one_hot = is_binary.all() and (np.count_nonzero(targets, axis=1) == 1).all()
    return targets.argmax(axis=1).astype(np.int64) if is_one_hot else None


def _describe_value(value: Any) -> str:
    if isinstance(value, bytes):
        return value.decode(errors="replace")
    if isinstance(value, (float, np.floating)):
        return f"{value:.4g}".replace("-", _MINUS)
    if isinstance(value, (int, np.integer)):
        return str(value).replace("-", _MINUS)
    return str(value)


def _cut(text: str) -> str:
    return text if len(text) <= _MAX_CHARACTERS else text[: _MAX_CHARACTERS - 1] + "…"
