"""Which names of axes make tiles: the rule that arrays given and records read both obey."""

from __future__ import annotations

from collections.abc import Sequence

COLOR_CHANNELS = 3
_TILE_AXES = (("height", "width"), ("height", "width", "color"))


def are_tile_axes(names: Sequence[str]) -> bool:
    """Whether the names are distinct and end in height, width and perhaps color."""
    tail = tuple(names[names.index("height") :]) if "height" in names else ()
    return tail in _TILE_AXES and len(set(names)) == len(names)
