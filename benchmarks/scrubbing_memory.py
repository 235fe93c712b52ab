"""How much memory the tab holds after a log of 20 runs over 100 epochs was scrubbed through.

Logs the runs of ``benchmarks.many_runs_log``, shows them all, and drags the slider through every
step: of the weights as values, and as changes since the start on a scale over all runs and on one
over all steps; then of the other views. After each the memory is measured, once garbage is
collected: the objects of the page with its elements and array buffers, TensorBoard's own page
included, and of that alone before the tab is opened.

Run: ``make bench`` or ``python -m benchmarks.scrubbing_memory [--runs 20] [--epochs 100]``.
"""

from __future__ import annotations

import argparse
import tempfile
from pathlib import Path

from playwright.sync_api import Page

from benchmarks import many_runs_log
from benchmarks.tab_measuring import (
    ALL_ELEMENTS,
    SIZE,
    at_least_one,
    frame_of_tab,
    heap_bytes,
    opened_browser,
)
from tests.end_to_end.tensorboard_server import run_tensorboard

BAR_BYTES = 300 * 2**20
VIEWS = (
    ("weights", "value", "shared"),
    ("weights", "change-since-start", "shared"),
    ("weights", "change-since-start", "fixed"),
    ("histograms", "value", "shared"),
    ("activations", "value", "shared"),
    ("confusion", "value", "shared"),
)

# Moves the slider through all points; each is on screen before the next move, wherever a grid is.
_SCRUB = f"""
async () => {{
  const all = {ALL_ELEMENTS};
  const frameEnd = () => new Promise((resolve) =>
    requestAnimationFrame(() => setTimeout(resolve, 0)));
  const elements = () => [...all(document)];
  const slider = elements().find((each) => each.dataset.testid === "step-slider");
  const waits = () => elements().some((each) => each.dataset.painted === "false");
  const last = Number(slider.max);
  for (let point = 0; point <= last; point++) {{
    slider.value = String(point);
    slider.dispatchEvent(new Event("input", {{ bubbles: true, composed: true }}));
    await frameEnd();
    for (let turn = 0; turn < 600 && waits(); turn++) await frameEnd();
  }}
  return last;
}}
"""


def scrub(page: Page, url: str, view: str, show: str, scale: str, runs: int) -> int:
    """Shows all runs in a view and moves the slider through every point; how many there were."""
    # As TensorBoard calls them, not as they are shown.
    names = ",".join(f"{many_runs_log.run_name(index)}/nnviz" for index in range(runs))
    choices = {"view": view, "show": show, "scale": scale, "runs": names}
    page.goto(f"{url}#nnviz" + "".join(f"&p.nnviz.{key}={value}" for key, value in choices.items()))
    frame = frame_of_tab(page)
    frame.locator("[data-testid='panel'] >> nth=0").wait_for()
    frame.wait_for_function(
        f"""() => {{ const all = {ALL_ELEMENTS};
        const slider = [...all(document)].find((each) => each.dataset.testid === "step-slider");
        return slider !== undefined && Number(slider.max) > 0; }}"""
    )
    ticked = frame.locator("[data-testid='run'] input[type='checkbox']:checked").count()
    if ticked != runs:
        raise RuntimeError(f"{ticked} of {runs} runs are shown")
    return int(frame.evaluate(_SCRUB)) + 1


def main() -> None:
    """Parses the command line, measures and prints; fails where the memory misses its bar."""
    parser = argparse.ArgumentParser(description="Memory after scrubbing through many runs.")
    parser.add_argument("--runs", type=int, default=many_runs_log.RUNS)
    parser.add_argument("--epochs", type=int, default=many_runs_log.EPOCHS)
    parser.add_argument("--units", type=int, default=many_runs_log.UNITS)
    options = parser.parse_args()
    at_least_one(parser, runs=options.runs, epochs=options.epochs, units=options.units)
    most = 0
    with tempfile.TemporaryDirectory() as directory, opened_browser() as browser:
        many_runs_log.write(
            Path(directory), runs=options.runs, epochs=options.epochs, units=options.units
        )
        with run_tensorboard(directory) as url:
            page = browser.new_page(viewport=SIZE)
            page.goto(f"{url}#timeseries")
            # What TensorBoard loads after its page.
            page.wait_for_timeout(2000)
            print(f"scrubbing: {options.runs} runs, {options.epochs} epochs", flush=True)
            print(f"{'TensorBoard without the tab':50} {heap_bytes(page) / 2**20:6.0f} MiB")
            for view, show, scale in VIEWS:
                points = scrub(page, url, view, show, scale, options.runs)
                held = heap_bytes(page)
                most = max(most, held)
                name = f"{view}, {show}, {scale}, {points} points"
                print(f"{name:50} {held / 2**20:6.0f} MiB", flush=True)
    kept = most < BAR_BYTES
    print(f"bar of {BAR_BYTES / 2**20:.0f} MiB {'kept' if kept else 'MISSED'}", flush=True)
    if not kept:
        raise SystemExit("the tab holds more memory than its bar")


if __name__ == "__main__":
    main()
