"""How long the slider takes to a painted frame: 512 tiles of 28x28 of two runs, cached.

Logs two runs, opens the tab in Chromium against a real tensorboard, walks through all steps once
so that every record is in the browser, then moves the slider. Each move is timed from its input
event to the end of the first frame that shows both grids at the new step. Moves come at moments
that are spread over the frames of the screen, so that waiting for the next frame is included, as
it is for a hand on the slider. Prints the median and the 95th percentile, beside an empty frame
(the same without a move) and the work alone (the event's own task, in which both grids are
painted).

Run: ``make bench`` or ``python -m benchmarks.slider_speed [--moves 60]``.
"""

from __future__ import annotations

import argparse
import statistics
import tempfile
from pathlib import Path

import numpy as np

from benchmarks.tab_measuring import (
    ALL_ELEMENTS,
    SIZE,
    at_least_one,
    describe,
    frame_of_tab,
    opened_browser,
)
from tb_nnviz import LogWriter
from tests.end_to_end.tensorboard_server import run_tensorboard

MEDIAN_MILLISECONDS = 16.0
HIGH_MILLISECONDS = 33.0
TAG = "weights/dense/kernel"
RUNS = ("mlp-500", "mlp-4000")
STEPS = 10

# Runs in the tab's own document. The end of a frame is the first task after the callbacks of
# `requestAnimationFrame`: layout and painting come between the two.
_MEASURE = """
async ({ moves, steps, tag, runs }) => {
  const all = ALL_ELEMENTS;
  const elements = [...all(document)];
  const slider = elements.find((each) => each.dataset.testid === "step-slider");
  const grids = elements.filter(({ dataset }) =>
    dataset.testid === "grid" && dataset.tag === tag && runs.includes(dataset.run));
  const shows = (step) => grids.length === runs.length && grids.every(
    ({ dataset }) => dataset.painted === "true" && Number(dataset.step) === step);
  const move = (step) => {
    slider.value = String(step);
    slider.dispatchEvent(new Event("input", { bubbles: true, composed: true }));
  };
  const sleep = (milliseconds) => new Promise((resolve) => setTimeout(resolve, milliseconds));
  const frameEnd = () => new Promise((resolve) => requestAnimationFrame(() => {
    const { port1, port2 } = new MessageChannel();
    port1.onmessage = () => resolve(performance.now());
    port2.postMessage(null);
  }));
  for (const step of [...Array(steps).keys(), 0, 1, 0]) {
    move(step);
    while (!shows(step)) await frameEnd();
    await sleep(100);
  }
  const times = { moves: [], work: [], empty: [], frames: [] };
  for (let index = 0; index < moves; index++) {
    // Another part of a frame of 1/60 s every time; 7 and 16 have no common divisor.
    await sleep(40);
    await frameEnd();
    await sleep((7 * index) % 16);
    let began = performance.now();
    times.empty.push((await frameEnd()) - began);
    await sleep(40);
    await frameEnd();
    await sleep((7 * index) % 16);
    const step = (3 * index + 1) % steps;
    began = performance.now();
    move(step);
    // Elements render in microtasks of the same task.
    await null;
    for (let turn = 0; turn < 20 && !shows(step); turn++) await null;
    times.work.push(performance.now() - began);
    let ended = await frameEnd();
    let frames = 1;
    for (; !shows(step); frames++) ended = await frameEnd();
    times.moves.push(ended - began);
    times.frames.push(frames);
  }
  return times;
}
""".replace("ALL_ELEMENTS", ALL_ELEMENTS)


def write_log(logdir: Path, tiles: int) -> None:
    """Two runs of ``tiles`` tiles that move with every step."""
    for seed, run in enumerate(RUNS):
        start, drift = np.random.default_rng(seed).normal(size=(2, tiles, 28, 28))
        with LogWriter(logdir / run) as writer:
            for step in range(STEPS):
                values = start + 0.1 * step * drift
                writer.tiles(TAG, values, axes=("unit", "height", "width"), step=step)


def measure(url: str, moves: int) -> dict[str, list[float]]:
    """Opens the tab and times the moves; milliseconds by what was timed."""
    with opened_browser() as browser:
        page = browser.new_page(viewport=SIZE)
        page.goto(f"{url}#nnviz")
        frame = frame_of_tab(page)
        frame.locator(f"canvas[data-painted='true'][data-tag='{TAG}']").nth(1).wait_for()
        arguments = {"moves": moves, "steps": STEPS, "tag": TAG, "runs": list(RUNS)}
        times: dict[str, list[float]] = frame.evaluate(_MEASURE, arguments)
    return times


def main() -> None:
    """Parses the command line, measures and prints; fails where a bar is missed."""
    parser = argparse.ArgumentParser(description="From the slider to a painted frame.")
    parser.add_argument("--moves", type=int, default=60, help="how often the slider moves")
    parser.add_argument("--tiles", type=int, default=512, help="of each run")
    options = parser.parse_args()
    at_least_one(parser, moves=options.moves, tiles=options.tiles)
    with tempfile.TemporaryDirectory() as directory:
        write_log(Path(directory), options.tiles)
        with run_tensorboard(directory) as url:
            times = measure(url, options.moves)
    print(f"slider: {options.tiles} tiles of 28x28, 2 runs, {options.moves} moves, cached")
    print(describe("slider to painted frame", times["moves"]))
    print(describe("an empty frame", times["empty"]))
    print(describe("the work in between", times["work"]))
    late = sum(count > 1 for count in times["frames"])
    print(f"{late} of {options.moves} moves were painted later than in the next frame")
    median = statistics.median(times["moves"])
    high = float(np.percentile(times["moves"], 95))
    kept = median <= MEDIAN_MILLISECONDS and high <= HIGH_MILLISECONDS
    bars = f"{MEDIAN_MILLISECONDS:.0f} ms (median) and {HIGH_MILLISECONDS:.0f} ms (p95)"
    print(f"bars of {bars} {'kept' if kept else 'MISSED'}", flush=True)
    if not kept:
        raise SystemExit("the slider takes longer than its bars")


if __name__ == "__main__":
    main()
