"""Canonical paths: the same for the same architecture, however often it was built.

Keras numbers unnamed layers over the whole process (``dense_7``), so the same notebook
cell run twice gives other names. Here such names are numbered anew within their model.
Pure functions on names.
"""

from __future__ import annotations

import re
from collections.abc import Sequence


def canonical_names(names: Sequence[str], class_names: Sequence[str]) -> list[str]:
    """Names of sibling layers (or variables), unique among them.

    Args:
        names: the names Keras gives, in the order of the model.
        class_names: for each, the name of its class.

    Returns:
        A name that looks like Keras' own (``dense``, ``dense_7`` for a ``Dense``) is numbered
        in order: ``dense``, ``dense_1``, …; so are those of the two layers in a Bidirectional,
        ``forward_lstm`` and ``backward_lstm``. Any other is kept. What is then taken already
        is numbered on.
    """
    taken: set[str] = set()
    result = []
    kept = [_auto_prefix(name, cls) or name for name, cls in zip(names, class_names, strict=True)]
    for wanted in kept:
        name, number = wanted.replace("/", "_"), 0
        while name in taken:
            number += 1
            name = f"{wanted.replace('/', '_')}_{number}"
        taken.add(name)
        result.append(name)
    return result


def _auto_prefix(name: str, class_name: str) -> str | None:
    """The prefix of a name that Keras may have made for an object of this class."""
    prefix = re.escape(_to_snake_case(class_name))
    found = re.fullmatch(rf"((?:(?:forward|backward)_)?{prefix})(?:_\d+)?", name)
    return found and found[1]


def _to_snake_case(class_name: str) -> str:
    """How Keras makes a name from a class: ``Conv2DTranspose`` → ``conv2d_transpose``."""
    name = re.sub(r"\W+", "", class_name)
    name = re.sub(r"(.)([A-Z][a-z]+)", r"\1_\2", name)
    return re.sub(r"([a-z])([A-Z])", r"\1_\2", name).lower()
