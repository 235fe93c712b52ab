"""How long it takes from opening the tab to the first painted grid, on a warm server.

Logs two runs, opens the tab once so that the server has read them, then again and again in new
pages of the browser. Each time counts from the moment at which TensorBoard asks for the tab's
document to the end of the frame in which its first grid is painted. Beside it stands a page of the
same server that is empty but for one canvas, as the least that any tab would take.

Run: ``make bench`` or ``python -m benchmarks.first_grid [--visits 12]``.
"""

from __future__ import annotations

import argparse
import statistics
import tempfile
from pathlib import Path

from playwright.sync_api import Browser

from benchmarks.slider_speed import TAG, write_log
from benchmarks.tab_measuring import (
    ALL_ELEMENTS,
    SIZE,
    at_least_one,
    describe,
    opened_browser,
)
from tests.end_to_end.tensorboard_server import run_tensorboard

BAR_MILLISECONDS = 300.0

_TOLD = "first grid after "
# Runs in every document of the page before its own scripts. `performance.now()` counts from the
# moment at which the document was asked for. It tells by the console: whatever is evaluated in a
# document from outside brings tens of milliseconds of scripts with it.
_WATCH = f"""
(() => {{
  const all = {ALL_ELEMENTS};
  const isPainted = ({{ dataset }}) => dataset.testid === "grid" && dataset.painted === "true";
  const look = () => {{
    if ([...all(document)].some(isPainted)) {{
      const {{ port1, port2 }} = new MessageChannel();
      port1.onmessage = () => console.log("{_TOLD}" + performance.now());
      port2.postMessage(null);
    }} else requestAnimationFrame(look);
  }};
  if (window.parent !== window) requestAnimationFrame(look);
}})();
"""


def time_visit(browser: Browser, url: str) -> float:
    """Milliseconds from asking for the tab's document to its first painted grid."""
    with browser.new_context(viewport=SIZE) as context:
        page = context.new_page()
        page.add_init_script(_WATCH)
        with page.expect_console_message(lambda told: told.text.startswith(_TOLD)) as told:
            page.goto(f"{url}#nnviz")
        return float(told.value.text.removeprefix(_TOLD))


def time_empty_frame(browser: Browser, url: str) -> float:
    """Milliseconds from asking for the smallest script of the tab to the next frame."""
    with browser.new_context(viewport=SIZE) as context:
        page = context.new_page()
        page.goto(f"{url}data/plugin/nnviz/static/colour_tables.json")
        return float(
            page.evaluate(
                "new Promise((done) => requestAnimationFrame(() => done(performance.now())))"
            )
        )


def main() -> None:
    """Parses the command line, measures and prints; fails where the median misses its bar."""
    parser = argparse.ArgumentParser(description="From opening the tab to its first grid.")
    parser.add_argument("--visits", type=int, default=12, help="how often the tab is opened")
    parser.add_argument("--tiles", type=int, default=512, help="of each of the two runs")
    options = parser.parse_args()
    at_least_one(parser, visits=options.visits, tiles=options.tiles)
    with tempfile.TemporaryDirectory() as directory, opened_browser() as browser:
        write_log(Path(directory), options.tiles)
        with run_tensorboard(directory) as url:
            time_visit(browser, url)
            empty = [time_empty_frame(browser, url) for _ in range(options.visits)]
            visits = [time_visit(browser, url) for _ in range(options.visits)]
    print(f"first grid: tag {TAG}, {options.tiles} tiles of 28x28, 2 runs, warm server")
    print(describe("opening to first grid", visits))
    print(describe("an empty document", empty))
    median = statistics.median(visits)
    kept = median <= BAR_MILLISECONDS
    print(f"bar of {BAR_MILLISECONDS:.0f} ms {'kept' if kept else 'MISSED'}", flush=True)
    if not kept:
        raise SystemExit("the first grid takes longer than its bar")


if __name__ == "__main__":
    main()
