"""The cards of the view Attributions as the tests see them, and what they ought to show of records
that `LogReader` has read. Computed with NumPy alone."""

from __future__ import annotations

import math
from collections.abc import Iterable, Mapping
from typing import Any

import numpy as np
from numpy.typing import NDArray
from playwright.sync_api import Locator, expect

from tb_nnviz import TileArray
from tests.end_to_end.tab import Tab, canvas_image, table_differences

Values = NDArray[Any]

#: Entries of the diverging tables that stand for the signs in an overlay, and its grays.
_SIGNS = (30, 225)
_GRAYS = {"light": (190, 255), "dark": (24, 128)}


def canvas_of(tab: Tab, part: str, run: str, sample: int) -> Locator:
    """A canvas of a card, such as ``input``, ``map``, ``overlay``, ``interior``."""
    return tab.frame.locator(
        f"canvas[data-testid='attribution'][data-part='{part}'][data-run='{run}']"
        f"[data-sample='{sample}']"
    )


def painted_at(tab: Tab, part: str, run: str, sample: int, step: int) -> Locator:
    """The same, once it shows a step."""
    canvas = canvas_of(tab, part, run, sample)
    expect(canvas).to_have_attribute("data-step", str(step))
    return canvas


def proof_of(tab: Tab, run: str, sample: int) -> Locator:
    """What is said beside a map."""
    return tab.frame.locator(f"[data-testid='proof'][data-run='{run}'][data-sample='{sample}']")


def summed(record: TileArray) -> Values:
    """``(sample[, alpha], height, width)``: over colours and channels, in float64."""
    kept = ("sample", "alpha", "height", "width")
    over = tuple(place for place, name in enumerate(record.axes) if name not in kept)
    total: Values = record.values.astype(np.float64).sum(axis=over)
    return total


def common_range(records: Iterable[TileArray]) -> tuple[float, float]:
    """About zero, over all finite sums."""
    sums = [summed(record) for record in records]
    largest = max(float(np.abs(values[np.isfinite(values)]).max()) for values in sums)
    return -largest, largest


def assert_map(
    canvas: Locator,
    record: TileArray,
    colour_tables: Mapping[str, Any],
    bounds: tuple[float, float],
) -> None:
    """A canvas has the colours of the sums that were read; each cell within one entry of its own.

    Painting knows the high bytes of values alone: see `assert_painted_as_read`. Sums are painted
    from all bytes.
    """
    values = summed(record)
    tiles = values.reshape(-1, values.shape[-2] * values.shape[-1])
    differences = table_differences(canvas, tiles, dict(colour_tables), bounds)
    assert (differences.min(axis=0) <= 1).all()
    assert (differences[1] <= 1).mean() > 0.5


def overlaid(
    picture: Values,
    attributions: Values,
    most: float,
    kind: str,
    colour_tables: Mapping[str, Any],
    theme: str = "light",
) -> tuple[Values, Values]:
    """A picture of 0 to 255 under attributions of the same size, ``(height, width, 3)`` twice.

    Painting knows the high byte of an attribution alone, whose middle is off by at most 1/508 of
    the tile's range: the colours where the attribution is as weak as that leaves open, and as
    strong.
    """
    rgb = picture if picture.ndim == 3 else np.repeat(picture[..., None], 3, axis=-1)
    table = np.array(colour_tables[f"red_blue_{theme}"], float)
    below, above = (table[entry] for entry in _SIGNS)
    black, white = _GRAYS[theme]
    gray = black + (white - black) / 255 * (rgb @ (0.2126, 0.7152, 0.0722))[..., None]
    colour = np.where(attributions[..., None] < 0, below, above)
    bound = np.ptp(attributions) / 508

    def at(sizes: Values) -> Values:
        share = np.clip(sizes / most, 0, 1)[..., None] ** 0.6
        mixed: Values = rgb * share if kind == "mask" else gray + share * (colour - gray)
        return mixed

    sizes = np.abs(attributions)
    return at(np.where(sizes <= 2 * bound, 0, sizes - bound)), at(sizes + bound)


def assert_overlay(canvas: Locator, wanted: tuple[Values, Values]) -> None:
    """A canvas has colours between these, but for rounding."""
    shown = canvas_image(canvas)
    assert (shown[..., 3] == 255).all()
    assert shown.shape[:2] == wanted[0].shape[:2]
    assert (shown[..., :3] >= np.minimum(*wanted) - 1).all()
    assert (shown[..., :3] <= np.maximum(*wanted) + 1).all()


def percent(share: float) -> str:
    """An error as the screen writes it, of those that the synthetic logs hold."""
    if np.isnan(share):
        return "unknown"
    if np.isinf(share):
        return "∞"
    digits = 0 if share >= 0.0995 else 1 if share >= 0.00995 else 2
    return f"{100 * share:.{digits}f} %"


def signed(value: float) -> str:
    """A number with its sign and always four digits, of those that the synthetic logs hold."""
    size = float(f"{abs(value):.3e}")
    decimals = max(0, 3 - math.floor(math.log10(size)))
    return f"{'−' if value < 0 else '+'}{size:.{decimals}f}"
