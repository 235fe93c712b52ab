"""What the loss that a model is compiled with says of its outputs."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any


def takes_logits(model: Any, output_name: str) -> bool | None:
    """Whether the loss of an output is told that it gets logits; None where it says nothing.

    Args:
        model: any model; one that is not compiled says nothing.
        output_name: of the output; a single loss is that of all outputs.
    """
    loss = getattr(model, "loss", None)
    if isinstance(loss, Mapping):
        loss = loss.get(output_name)
    if isinstance(loss, (list, tuple)):
        loss = loss[0] if len(loss) == 1 else None
    said = getattr(loss, "from_logits", None)
    return said if isinstance(said, bool) else None
