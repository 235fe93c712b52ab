"""Reading fields of untrusted JSON objects, with errors that name the field."""

from __future__ import annotations

import json
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
        RecordError: it is no JSON object or not ours.
    """
    try:
        value = json.loads(data)
    except ValueError as error:
        raise RecordError(f"the {what} is not JSON: {error}") from error
    if not isinstance(value, dict) or value.get("format") != FORMAT_NAME:
        raise RecordError(f"the {what} is not that of an nnviz record")
    version = require(value, "version", int)
    if version > FORMAT_VERSION:
        raise NewerRecordError(
            f"written by a newer tb_nnviz (record version {version}; this one reads up to "
            f"{FORMAT_VERSION}): update tb-nnviz to see it"
        )
    return value


def require(value: dict[str, Any], name: str, types: type | tuple[type, ...]) -> Any:
    """``value[name]``, which must have one of the types (a bool is no number)."""
    found = value.get(name)
    if not isinstance(found, types) or (isinstance(found, bool) and types is not bool):
        raise RecordError(f"field {name!r} is missing or of the wrong type: {found!r}")
    return found


def optional_number(value: dict[str, Any], name: str) -> float | None:
    """``value[name]``, a number or None."""
    found = value.get(name)
    if found is None:
        return None
    return float(require(value, name, (int, float)))


def strings(value: dict[str, Any], name: str) -> tuple[str, ...]:
    """``value[name]``, a list of strings; () where there is none."""
    found = value.get(name, [])
    if not isinstance(found, list) or not all(isinstance(item, str) for item in found):
        raise RecordError(f"field {name!r} is not a list of strings: {found!r}")
    return tuple(found)
