"""Signs that the font of Pillow lacks and the captions need, as lines.

In units of the plus sign of the font: (0, 0) is its centre, 1 half its width, and y grows
downwards; letters stand at about 1.26. Knows no pixels.
"""

from __future__ import annotations

from dataclasses import dataclass

Point = tuple[float, float]


@dataclass(frozen=True)
class Sign:
    """Lines through points, and how far the pen moves on; the sign is in the middle of that."""

    lines: tuple[tuple[Point, ...], ...]
    advance: float


_BAR = ((-1.0, 0.0), (1.0, 0.0))
_INFINITY = (
    *((0.0, 0.0), (-0.5, -0.5), (-0.9, -0.5), (-1.2, -0.2), (-1.2, 0.2), (-0.9, 0.5), (-0.5, 0.5)),
    *((0.0, 0.0), (0.5, -0.5), (0.9, -0.5), (1.2, -0.2), (1.2, 0.2), (0.9, 0.5), (0.5, 0.5)),
    (0.0, 0.0),
)
_ALPHA = (
    *((0.9, -0.6), (0.55, 0.4), (0.2, 1.0), (-0.2, 1.2), (-0.6, 1.1), (-0.9, 0.6), (-0.9, 0.0)),
    *((-0.6, -0.5), (-0.2, -0.65), (0.2, -0.45), (0.45, 0.1), (0.7, 0.9), (1.0, 1.2)),
)

SIGNS: dict[str, Sign] = {
    "−": Sign((_BAR,), 2.6),
    "–": Sign((_BAR,), 2.4),
    "×": Sign((((-0.75, -0.75), (0.75, 0.75)), ((-0.75, 0.75), (0.75, -0.75))), 2.4),
    "÷": Sign((_BAR, ((0.0, -0.8), (0.0, -0.6)), ((0.0, 0.6), (0.0, 0.8))), 2.6),
    "→": Sign((((-1.4, 0.0), (1.4, 0.0)), ((0.7, -0.7), (1.4, 0.0), (0.7, 0.7))), 3.6),
    "↓": Sign((((0.0, -1.2), (0.0, 1.2)), ((-0.7, 0.5), (0.0, 1.2), (0.7, 0.5))), 2.4),
    "∞": Sign((_INFINITY,), 3.2),
    "α": Sign((_ALPHA,), 2.6),
    "Δ": Sign((((-1.1, 1.2), (0.0, -1.3), (1.1, 1.2), (-1.1, 1.2)),), 2.9),
    "′": Sign((((0.15, -1.35), (-0.15, -0.6)),), 1.0),
    "‖": Sign((((-0.3, -1.4), (-0.3, 1.5)), ((0.3, -1.4), (0.3, 1.5))), 1.8),
}
