"""The NN VIZ tab as the tests see it: its controls, and what its canvases show."""

from __future__ import annotations

import base64
import io
import json
import time
from typing import Any
from urllib.parse import parse_qs, quote, unquote

import numpy as np
from numpy.typing import NDArray
from PIL import Image
from playwright.sync_api import Error, FrameLocator, Locator, Page, expect

from tb_nnviz import TileArray

FRAME = "iframe[src*='name=nnviz']"
_GO_TO = """async (hashes) => {
  for (const hash of hashes) {
    if (window.location.hash === `#${hash}`) continue;
    const changed = new Promise((resolve) =>
      window.addEventListener("hashchange", resolve, { once: true }));
    window.location.hash = hash;
    await changed;
  }
  for (let turn = 0; turn < 2; turn++)
    await new Promise((resolve) => requestAnimationFrame(resolve));
}"""
# Requests of a document, counted from its beginning: the browser's own account of a page's idle
# network is of its first load alone, and may wait for ever for a request that has gone astray.
COUNT_REQUESTS = """(() => {
  const own = window.fetch;
  const requests = { begun: 0, open: 0 };
  window.countedRequests = requests;
  window.fetch = (...given) => {
    requests.begun++;
    requests.open++;
    return own(...given).finally(() => requests.open--);
  };
})()"""
_QUIET_SECONDS = 20
_STATE = """() => {
  const app = document.querySelector("nnviz-app");
  if (app === null) return "there is no screen";
  const { session } = app;
  const { state, derived, place } = session;
  const { display, position, inSight, opened, tabVisible, held, playing, index } = state.value;
  const area = app.renderRoot.querySelector("nnviz-main-area");
  return JSON.stringify({
    index: index.status, view: derived.view, runs: derived.runs.map(({ name }) => name), position,
    display, opened, place: place.value, tabVisible, held, playing,
    inSight: [...inSight], there: [...(area?.rendered ?? [])],
    scrolled: area && [area.scrollTop, area.clientHeight, area.scrollHeight],
    requests: window.countedRequests,
  }, null, 1);
}"""
# Of the focus, and of every place that is scrolled, in every shadow root.
_LET_GO = """() => {
  let focused = document.activeElement;
  while (focused?.shadowRoot?.activeElement) focused = focused.shadowRoot.activeElement;
  focused?.blur();
  const restore = (root) => {
    for (const each of root.querySelectorAll("*")) {
      if (each.scrollTop > 0 || each.scrollLeft > 0) each.scrollTo(0, 0);
      if (each.shadowRoot) restore(each.shadowRoot);
    }
  };
  restore(document);
}"""


class Tab:
    """The tab on a page.

    Args:
        page: where TensorBoard is open at ``#nnviz``.
    """

    def __init__(self, page: Page) -> None:
        self.page = page
        self.frame: FrameLocator = page.frame_locator(FRAME)

    def by_id(self, test_id: str) -> Locator:
        """Elements by their ``data-testid``."""
        return self.frame.locator(f"[data-testid='{test_id}']")

    def grid(self, run: str, tag: str) -> Locator:
        """The canvas of a run in the panel of a tag."""
        return self.frame.locator(f"canvas[data-testid='grid'][data-run='{run}'][data-tag='{tag}']")

    def panel(self, tag: str) -> Locator:
        """The panel of a tag."""
        return self.frame.locator(f"[data-testid='panel'][data-tag='{tag}']")

    def run_entry(self, run: str) -> Locator:
        """A run in the list of the rail."""
        return self.frame.locator(f"[data-testid='run'][data-run='{run}']")

    def wait_until_painted(self, run: str, tag: str, step: int) -> Locator:
        """The canvas, once it shows a step with the present settings."""
        canvas = self.grid(run, tag)
        expect(canvas).to_have_attribute("data-step", str(step))
        expect(canvas).to_have_attribute("data-painted", "true")
        return canvas

    def wait_until_quiet(self) -> None:
        """Until the tab waits for no answer and has asked for nothing in two looks."""
        deadline = time.monotonic() + _QUIET_SECONDS
        last = None
        while True:
            requests = self.evaluate("() => ({ ...window.countedRequests })")
            if requests["open"] == 0 and requests == last:
                return
            assert time.monotonic() < deadline, f"The tab goes on asking for data: {requests}"
            last = requests
            self.page.wait_for_timeout(100)

    def go_to_step_index(self, index: int) -> None:
        """Moves the slider to the index-th step that exists."""
        self.by_id("step-slider").fill(str(index))

    def last_step_index(self) -> int:
        """Index of the last step that exists."""
        return int(self.by_id("step-slider").get_attribute("max") or -1)

    def press(self, test_id: str, value: str) -> None:
        """Presses the button for a value in a row of buttons."""
        button = self.by_id(test_id).locator(f"[data-value='{value}']")
        button.click()
        expect(button).to_have_attribute("aria-pressed", "true")

    def place_axes(self, tag: str, **places: str) -> None:
        """Moves grid axes of a panel to ``rows``, ``columns`` or a ``slider``, in this order."""
        for axis, where in places.items():
            menu = f"[data-testid='placement'][data-axis='{axis}']"
            self.panel(tag).locator(menu).select_option(where)

    def axis_slider(self, tag: str, axis: str) -> Locator:
        """The slider of an axis of a panel."""
        return self.panel(tag).locator(f"[data-testid='axis-slider'][data-axis='{axis}']")

    def hover_cell(self, canvas: Locator, *, place: int, row: int, column: int) -> Locator:
        """Moves the pointer to the middle of a cell; the tooltip."""
        canvas.scroll_into_view_if_needed()
        number = canvas_numbers(canvas)
        box = canvas.bounding_box()
        assert box is not None
        top, left = place_tile(number, place)
        x, y = ((edge + 0.5) * number["zoom"] for edge in (left + column, top + row))
        self.page.mouse.move(box["x"] + x, box["y"] + y)
        tooltip = self.by_id("tooltip")
        expect(tooltip).to_be_visible()
        return tooltip

    def open_state(self, **texts: str) -> None:
        """Goes to the link with these keys, everything else as by default, without a reload.

        By way of another link, so that a change that is yet to be written to the address is
        undone too. An empty address would leave everything as it is: TensorBoard's own links to
        tabs look like that.
        """
        self._go_to(state_hash(speed="0.25"), state_hash(**{"speed": "1", **texts}))

    def open_anew(self, state: str = "") -> None:
        """The same, with no dialog and nothing pointed at, focused or scrolled: as on a new page.

        Args:
            state: as `state_hash` writes it.
        """
        self.page.keyboard.press("Escape")
        self.page.mouse.move(0, 0)
        self._go_to(state_hash(speed="0.25"))
        self.evaluate(_LET_GO)
        self._go_to(state or state_hash(speed="1"))

    def _go_to(self, *states: str) -> None:
        self.page.evaluate(_GO_TO, [f"nnviz{state}" for state in states])

    def evaluate(self, script: str, argument: Any = None) -> Any:
        """Runs a function in the tab's own document."""
        return self.page.locator(FRAME).element_handle().content_frame().evaluate(script, argument)  # type: ignore[union-attr]


def state_text(page: Page) -> str:
    """In which state the tab of a page is, for who reads that a test has failed."""
    try:
        frames = [frame for frame in page.frames if "name=nnviz" in frame.url]
        return "\n".join(str(frame.evaluate(_STATE)) for frame in frames) or "there is no tab"
    except Error as error:
        return f"cannot be read: {error}"


def state_hash(**texts: str) -> str:
    """What follows ``#nnviz`` in a link: ``state_hash(show="value")``."""
    return "".join(f"&p.nnviz.{key}={quote(text)}" for key, text in texts.items())


def settings(page: Page) -> dict[str, str]:
    """The keys of the address that are ours."""
    texts = parse_qs(page.url.split("#", 1)[1], separator="&")
    return {
        name.removeprefix("p.nnviz."): unquote(values[0])
        for name, values in texts.items()
        if name.startswith("p.nnviz.")
    }


def canvas_numbers(canvas: Locator) -> dict[str, float]:
    """Where the tiles lie on a canvas, in its own pixels; ``zoom`` in CSS pixels a pixel."""
    names = (
        *("columns", "rows", "blocks", "blockRows", "blockPitch", "tileHeight", "tileWidth"),
        *("cells", "gap", "rowGap", "tiles", "zoom", "unresolved"),
    )
    data: dict[str, str] = canvas.evaluate("canvas => ({...canvas.dataset})")
    return {name: float(data[name]) for name in names}


def place_tile(number: dict[str, float], place: int) -> tuple[int, int]:
    """Top and left of the tile at a place, in the canvas' own pixels."""
    row, column = divmod(place, int(number["columns"]))
    block, row_of_block = divmod(row, int(number["blockRows"]))
    top = row_of_block * (number["tileHeight"] + number["rowGap"])
    left = block * number["blockPitch"] + column * (number["tileWidth"] + number["gap"])
    return int(top), int(left)


def canvas_image(canvas: Locator) -> NDArray[np.uint8]:
    """All of a canvas: ``(height, width, 4)`` RGBA."""
    data_url = str(canvas.evaluate("canvas => canvas.toDataURL('image/png')"))
    png = base64.b64decode(data_url.split(",", 1)[1])
    return np.array(Image.open(io.BytesIO(png)).convert("RGBA"))


def painted_tiles(canvas: Locator) -> NDArray[np.uint8]:
    """What a canvas shows: ``(places, height, width, 4)`` RGBA, by its data attributes."""
    image, number = canvas_image(canvas), canvas_numbers(canvas)
    height, width = int(number["tileHeight"]), int(number["tileWidth"])
    tiles = []
    for place in range(int(number["tiles"])):
        top, left = place_tile(number, place)
        tiles.append(image[top : top + height, left : left + width])
    return np.stack(tiles)


def painted_order(canvas: Locator, tiles: int) -> list[int]:
    """Which tile of the array stands at each place."""
    order = canvas.get_attribute("data-order") or ""
    return list(range(tiles)) if order == "index" else list(json.loads(order))


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
    differences = table_differences(canvas, record.tiles(), colour_tables, ranges)
    assert (differences.min(axis=0) == 0).all()
    # And not by chance: most entries are the value's own.
    assert (differences[1] == 0).mean() > 0.5


def table_differences(
    canvas: Locator, values: NDArray[Any], colour_tables: dict[str, Any], ranges: Any
) -> NDArray[np.int16]:
    """``(3, places, cells)``: how far painted colours are from a value's entry and its neighbours.

    Entry ``min(255, floor(256 t))`` of the table is a value's own, t being its place in the range.

    Args:
        canvas: painted.
        values: ``(tiles, cells)`` finite.
        colour_tables: of the bundle.
        ranges: ``(low, high)``, each a number or an array ``(tiles,)``.
    """
    painted = painted_cells(canvas, len(values))
    table = np.array(colour_tables[canvas.get_attribute("data-colours") or ""], np.int16)
    order = painted_order(canvas, len(values))
    low, high = (
        np.broadcast_to(np.asarray(bound, np.float64).reshape(-1, 1), (len(values), 1))[order]
        for bound in ranges
    )
    wanted = values[order].astype(np.float64)
    assert painted.shape[:2] == wanted.shape
    assert (painted[..., 3] == 255).all()
    entries = np.clip(np.floor(256 * (wanted - low) / (high - low)), 0, 255).astype(int)
    return np.stack(
        [
            np.abs(painted[..., :3] - table[np.clip(entries + offset, 0, 255)]).max(axis=-1)
            for offset in (-1, 0, 1)
        ]
    )


def painted_cells(canvas: Locator, tiles: int) -> NDArray[np.uint8]:
    """``(places, cells, 4)``: the painted tiles, cell after cell, also of folded strips."""
    painted = painted_tiles(canvas)
    cells = int(canvas.get_attribute("data-cells") or 0)
    assert len(painted) == len(painted_order(canvas, tiles))
    return painted.reshape(len(painted), -1, 4)[:, :cells]
