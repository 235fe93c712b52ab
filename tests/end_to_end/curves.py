"""Curves of histograms: their bins as the screen says, their heights as they are drawn."""

from __future__ import annotations

import json
import re
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from playwright.sync_api import Locator

_READ = """curves => curves.map((curve) => ({
  ...curve.dataset,
  path: curve.getAttribute("d"),
  width: Number(curve.parentElement.querySelector("line.base")?.getAttribute("x2")
    ?? curve.ownerSVGElement.getAttribute("width")),
}))"""


@dataclass(frozen=True, eq=False)
class DrawnCurve:
    """A curve of a plot.

    Attributes:
        run: its run.
        tag: its tag.
        step: its step.
        role: ``reference``, ``current`` or ``other``.
        exponent: bins are ``2**exponent`` wide.
        first: index of the first bin.
        counts: of each bin, as the curve was made from.
        heights: of each bin in CSS pixels, as the path is drawn; below zero for a difference.
        reference: run and step that it is the difference to; None for values.
        reference_counts: of these; empty for values.
    """

    run: str
    tag: str
    step: int
    role: str
    exponent: int
    first: int
    counts: list[int]
    heights: NDArray[np.float64]
    reference: tuple[str, int] | None
    reference_counts: list[int]


def drawn_curves(within: Locator) -> list[DrawnCurve]:
    """The curves inside an element, from the back to the front."""
    found = within.locator("[data-testid='histogram-curve']").evaluate_all(_READ)
    curves = []
    for data in found:
        counts = json.loads(data["counts"])
        width = data["width"] / len(counts)
        heights = _heights(data["path"], width, len(counts))
        heights += _heights(data.get("below", ""), width, len(counts))
        other = data.get("referenceRun")
        curves.append(
            DrawnCurve(
                run=data["run"],
                tag=data["tag"],
                step=int(data["step"]),
                role=data["role"],
                exponent=int(data["exponent"]),
                first=int(data["first"]),
                counts=counts,
                heights=heights,
                reference=None if other is None else (other, int(data["referenceStep"])),
                reference_counts=json.loads(data.get("referenceCounts", "[]")),
            )
        )
    return curves


def _heights(path: str, bin_width: float, bins: int) -> NDArray[np.float64]:
    """Height of each bin: of a bar ``V y H right``, or of a line's point ``L middle y``."""
    heights = np.zeros(bins)
    base = y = 0.0
    for command, text in re.findall(r"([MLVH])([^MLVH]*)", path):
        numbers = [float(number) for number in text.split()]
        if command == "M":
            base = numbers[1]
        elif command == "V":
            y = numbers[0]
        elif command == "H":
            heights[min(bins - 1, round(numbers[0] / bin_width) - 1)] = base - y
        elif numbers[1] != base:
            heights[round(numbers[0] / bin_width - 0.5)] = base - numbers[1]
    return heights
