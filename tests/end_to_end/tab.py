"""The NN VIZ tab as the tests see it: its controls, and what its canvases show."""

from __future__ import annotations

import base64
import io
import json
from typing import Any

import numpy as np
from numpy.typing import NDArray
from PIL import Image
from playwright.sync_api import FrameLocator, Locator, Page, expect

from tb_nnviz import TileArray


class Tab:
    """The tab on a page.

    Args:
        page: where TensorBoard is open at ``#nnviz``.
    """

    def __init__(self, page: Page) -> None:
        self.page = page
        self.frame: FrameLocator = page.frame_locator("iframe[src*='name=nnviz']")

    def by_id(self, test_id: str) -> Locator:
        """Elements by their ``data-testid``."""
        return self.frame.locator(f"[data-testid='{test_id}']")

    def grid(self, run: str, tag: str) -> Locator:
        """The canvas of a run in the panel of a tag."""
        return self.frame.locator(f"canvas[data-testid='grid'][data-run='{run}'][data-tag='{tag}']")

    def wait_until_painted(self, run: str, tag: str, step: int) -> Locator:
        """The canvas, once it shows a step with the present settings."""
        canvas = self.grid(run, tag)
        expect(canvas).to_have_attribute("data-step", str(step), timeout=20_000)
        expect(canvas).to_have_attribute("data-painted", "true", timeout=20_000)
        return canvas

    def go_to_step_index(self, index: int) -> None:
        """Moves the slider to the index-th step that exists."""
        self.by_id("step-slider").fill(str(index))

    def last_step_index(self) -> int:
        """Index of the last step that exists."""
        return int(self.by_id("step-slider").get_attribute("max") or -1)


def painted_tiles(canvas: Locator) -> NDArray[np.uint8]:
    """What a canvas shows: ``(tiles, height, width, 4)`` RGBA, by its data attributes."""
    data_url = str(canvas.evaluate("canvas => canvas.toDataURL('image/png')"))
    png = base64.b64decode(data_url.split(",", 1)[1])
    image = np.array(Image.open(io.BytesIO(png)).convert("RGBA"))
    number = {
        name: int(canvas.get_attribute(f"data-{name}") or 0)
        for name in ("columns", "tile-height", "tile-width", "gap", "tiles")
    }
    height, width, gap = number["tile-height"], number["tile-width"], number["gap"]
    tiles = []
    for tile in range(number["tiles"]):
        row, column = divmod(tile, number["columns"])
        top, left = row * (height + gap), column * (width + gap)
        tiles.append(image[top : top + height, left : left + width])
    return np.stack(tiles)


def shown_range(canvas: Locator) -> tuple[float, float]:
    """The range that all tiles share."""
    low, high = json.loads(canvas.get_attribute("data-range") or "")
    return low, high


def assert_painted_as_read(
    canvas: Locator, record: TileArray, colour_tables: dict[str, Any], ranges: Any
) -> None:
    """The colours on a canvas are those of the values that were read.

    Painting knows the high byte of a value alone, whose middle is off by at most 1/508 of the
    tile's range. That is at most half an entry of the 256 of a table that spans at least this
    range, so the painted entry is the value's own or a neighbour.

    Args:
        canvas: painted.
        record: as `LogReader` read it.
        colour_tables: of the bundle.
        ranges: what the colours span: ``(low, high)`` arrays that broadcast over tiles.
    """
    painted = painted_tiles(canvas)
    table = np.array(colour_tables[canvas.get_attribute("data-colours") or ""], np.int16)
    values = record.values.reshape(-1, *record.values.shape[-2:]).astype(np.float64)
    assert painted.shape[:3] == values.shape
    low, high = (np.asarray(bound, np.float64).reshape(-1, 1, 1) for bound in ranges)
    entries = np.clip(np.floor(256 * (values - low) / (high - low)), 0, 255).astype(int)
    differences = np.stack(
        [
            np.abs(painted[..., :3] - table[np.clip(entries + offset, 0, 255)]).max(axis=-1)
            for offset in (-1, 0, 1)
        ]
    )
    assert (painted[..., 3] == 255).all()
    assert (differences.min(axis=0) == 0).all()
    # And not by chance: most entries are the value's own.
    assert (differences[1] == 0).mean() > 0.5
