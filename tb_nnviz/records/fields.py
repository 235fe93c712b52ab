"""Reading fields of untrusted JSON objects, with errors that name the field."""

from __future__ import annotations

import json
import math
from collections.abc import Sequence
from typing import Any

from tb_nnviz.records.errors import NewerRecordError, RecordError

FORMAT_NAME = "nnviz"
FORMAT_VERSION = 1


def parse_object(data: bytes, what: str) -> dict[str, Any]:
    """The JSON object in ``data``; its format and version are ones this reader knows.

    Args:
        data: UTF-8 JSON.
        what: how errors call it, such as ``"header"``.

    Raises:
        NewerRecordError: the object says it has a version above `FORMAT_VERSION`.
        RecordError: it is no JSON object, not ours, or holds a text that UTF-8 cannot hold.
    """
    try:
        value = json.loads(data.decode())
    except (ValueError, RecursionError) as error:
        raise RecordError(f"the {what} is not JSON: {error}") from error
    if not isinstance(value, dict) or value.get("format") != FORMAT_NAME:
        raise RecordError(f"the {what} is not that of an nnviz record")
    version = require(value, "version", int)
    if version > FORMAT_VERSION:
        raise NewerRecordError(
            f"written by a newer tb_nnviz (record version {version}; this one reads up to "
            f"{FORMAT_VERSION}): update tb-nnviz to see it"
        )
    _refuse_lone_surrogates(value, what)
    return value


def require(value: dict[str, Any], name: str, types: type | tuple[type, ...]) -> Any:
    """``value[name]``, which must have one of the types (a bool is no number)."""
    found = value.get(name)
    if not isinstance(found, types) or (isinstance(found, bool) and types is not bool):
        raise RecordError(f"field {name!r} is missing or of the wrong type: {found!r}")
    return found


def require_number(value: dict[str, Any], name: str) -> float:
    """``value[name]``, a finite number that a float can hold."""
    found = require(value, name, (int, float))
    try:
        number = float(found)
    except OverflowError:
        number = math.inf
    if not math.isfinite(number):
        raise RecordError(f"field {name!r} is no finite number")
    return number


def require_count(value: dict[str, Any], name: str, *, least: int = 0) -> int:
    """``value[name]``, a whole number of ``least`` or more."""
    found: int = require(value, name, int)
    if found < least:
        raise RecordError(f"field {name!r} is {found!r}, not {least} or more")
    return found


def require_counts(value: dict[str, Any], name: str) -> tuple[int, ...]:
    """``value[name]``, a list of whole numbers from 0, such as a shape."""
    found = require(value, name, list)
    if not all(type(item) is int and item >= 0 for item in found):
        raise RecordError(f"field {name!r} is not a list of whole numbers from 0: {found!r}")
    return tuple(found)


def require_one_of(value: dict[str, Any], name: str, accepted: Sequence[str]) -> Any:
    """``value[name]``, one of the accepted strings."""
    found = value.get(name)
    if found not in accepted:
        raise RecordError(f"field {name!r} is {found!r}, not one of {tuple(accepted)}")
    return found


def optional_number(value: dict[str, Any], name: str) -> float | None:
    """``value[name]``, a finite number or None."""
    return None if value.get(name) is None else require_number(value, name)


def optional_count(value: dict[str, Any], name: str) -> int | None:
    """``value[name]``, a whole number from 0 or None."""
    return None if value.get(name) is None else require_count(value, name)


def optional_text(value: dict[str, Any], name: str) -> str | None:
    """``value[name]``, a string or None."""
    return None if value.get(name) is None else str(require(value, name, str))


def optional_counts(value: dict[str, Any], name: str) -> tuple[int, ...] | None:
    """``value[name]``, a list of whole numbers from 0 or None."""
    return None if value.get(name) is None else require_counts(value, name)


def strings(value: dict[str, Any], name: str) -> tuple[str, ...]:
    """``value[name]``, a list of strings; () where there is none."""
    found = value.get(name, [])
    if not isinstance(found, list) or not all(isinstance(item, str) for item in found):
        raise RecordError(f"field {name!r} is not a list of strings: {found!r}")
    return tuple(found)


def _refuse_lone_surrogates(value: dict[str, Any], what: str) -> None:
    """Raises `RecordError` for half of a surrogate pair, which JSON can escape and UTF-8 not hold.

    Such a text could be neither printed nor sent on.
    """
    for name, field in value.items():
        try:
            json.dumps({name: field}, ensure_ascii=False).encode()
        except UnicodeEncodeError as error:
            raise RecordError(
                f"field {name!r} of the {what} has half of a surrogate pair, which UTF-8 cannot "
                "hold"
            ) from error
        except RecursionError as error:
            raise RecordError(f"field {name!r} of the {what} is nested too deeply") from error
