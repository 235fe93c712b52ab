"""A sentence the screen shows about something that could not be shown as asked."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class Notice:
    """What was not shown, and why.

    Attributes:
        view: the view it concerns, such as ``weights``; ``timeline`` for the steps.
        layer: canonical path of the layer, or "" where it concerns no single layer.
        message: what happened and what to do.
        step: the step it is about.
    """

    view: str
    layer: str
    message: str
    step: int = 0
