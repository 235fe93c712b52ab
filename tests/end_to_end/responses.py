"""What the screen ought to show of activations that `LogReader` has read: their colours, and what
is dead. Computed with NumPy alone."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray
from playwright.sync_api import Locator

from tb_nnviz import TileArray
from tests.end_to_end.expected import symmetric
from tests.end_to_end.tab import (
    painted_cells,
    painted_order,
    shown_range,
    table_differences,
)


def dead_channels(record: TileArray) -> NDArray[np.bool_]:
    """By channel of maps, or by column of strips and sequences: all values of it are 0."""
    axis = record.axes.index("channel" if "channel" in record.axes else "width")
    others = tuple(each for each in range(record.values.ndim) if each != axis)
    dead: NDArray[np.bool_] = (record.values == 0).all(axis=others)
    return dead


def dead_cells(record: TileArray) -> NDArray[np.bool_]:
    """``(tiles, cells)``: which cells are of a dead channel or unit; of pictures none."""
    if record.meaning == "image":
        return np.zeros(record.tiles().shape, np.bool_)
    axis = record.axes.index("channel" if "channel" in record.axes else "width")
    shape = [-1 if each == axis else 1 for each in range(record.values.ndim)]
    dead = np.broadcast_to(dead_channels(record).reshape(shape), record.values.shape)
    return dead.reshape(record.tiles().shape)


def wanted_range(records: Sequence[TileArray]) -> tuple[float, float]:
    """What the colours of a panel span that shows these records side by side."""
    if records[0].meaning == "signed":
        return symmetric(record.values for record in records)
    lows, highs = zip(*((r.values.min(), r.values.max()) for r in records), strict=True)
    return float(min(lows)), float(max(highs))


def assert_painted(
    canvas: Locator,
    record: TileArray,
    bundle_colours: dict[str, Any],
    *,
    beside: Sequence[TileArray] = (),
    theme: str = "light",
) -> None:
    """A canvas has the gray of the dead where a channel is, and else the colours of the values.

    Args:
        canvas: painted.
        record: as `LogReader` read it.
        bundle_colours: of the bundle.
        beside: what the other runs of the panel show.
        theme: of the screen.
    """
    low, high = wanted_range([record, *beside])
    shown = shown_range(canvas)
    assert np.allclose(shown, (low, high), rtol=1e-6, atol=0)
    assert canvas.get_attribute("data-colours") == _table(record, theme)
    order = painted_order(canvas, len(record.tiles()))
    dead = dead_cells(record)[order]
    painted = painted_cells(canvas, len(record.tiles()))
    if record.meaning != "image":
        gray = bundle_colours["dead"][theme]
        assert np.array_equal((painted[..., :3] == gray).all(axis=-1), dead)
    differences = table_differences(canvas, record.tiles(), bundle_colours["tables"], shown)
    assert (differences.min(axis=0)[~dead] == 0).all()
    # And not by chance: most entries are the value's own.
    assert (differences[1][~dead] == 0).mean() > 0.5


def _table(record: TileArray, theme: str) -> str:
    return {
        "signed": f"red_blue_{theme}",
        "non_negative": "viridis",
        "image": "gray",
    }[record.meaning]
