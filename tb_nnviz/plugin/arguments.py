"""Untrusted query arguments into typed values, with errors that name the argument."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

MAX_ITEMS = 128
PARTS = ("paint", "fine", "statistics")
MAX_STEP = 2**63 - 1


class RequestError(ValueError):
    """A request that is answered with 400 or 404.

    Args:
        code: the HTTP status.
        argument: which argument is wrong.
        value: what was given, or None where it is missing.
        message: what is accepted.
    """

    def __init__(self, code: Literal[400, 404], argument: str, value: object, message: str) -> None:
        super().__init__(message)
        self.code = code
        self.argument = argument
        self.value = value


@dataclass(frozen=True)
class RecordItem:
    """One record that is asked for."""

    run: str
    tag: str
    step: int


def parse_run(values: Sequence[str]) -> str:
    """The argument ``run``, given once."""
    if len(values) != 1 or not values[0] or not _is_utf8(values[0]):
        raise RequestError(
            400, "run", list(values) or None, "give `run` once: a run's `run` in index"
        )
    return values[0]


def parse_items(values: Sequence[str]) -> list[RecordItem]:
    """The arguments ``item``."""
    if not 1 <= len(values) <= MAX_ITEMS:
        raise RequestError(
            400, "item", f"{len(values)} items", f"give `item` 1 to {MAX_ITEMS} times"
        )
    return [_parse_item(value) for value in values]


def parse_part(values: Sequence[str]) -> str:
    """The argument ``parts``; ``paint`` where it is not given."""
    if not values:
        return "paint"
    if len(values) > 1 or values[0] not in PARTS:
        raise RequestError(400, "parts", list(values), "`parts` is 'paint', 'fine' or 'statistics'")
    return values[0]


def _parse_item(value: str) -> RecordItem:
    accepted = (
        "`item` is a JSON array [run, tag, step] of two strings, without half of a surrogate "
        "pair, and a whole number from 0"
    )
    try:
        item = json.loads(value)
    except (ValueError, RecursionError):
        raise RequestError(400, "item", value, accepted) from None
    if not isinstance(item, list) or [type(field) for field in item] != [str, str, int]:
        raise RequestError(400, "item", value, accepted)
    run, tag, step = item
    if not 0 <= step <= MAX_STEP or not _is_utf8(run + "\n" + tag):
        raise RequestError(400, "item", value, accepted)
    return RecordItem(run, tag, step)


def _is_utf8(text: str) -> bool:
    """Whether UTF-8, in which TensorBoard is asked, can hold the text."""
    try:
        text.encode()
    except UnicodeEncodeError:
        return False
    return True
