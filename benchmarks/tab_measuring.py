"""What the benchmarks of the tab have in common: a browser, the tab's own document, its memory."""

from __future__ import annotations

import argparse
import contextlib
import statistics
from collections.abc import Iterator
from typing import Any

import numpy as np
from playwright.sync_api import Browser, Frame, Page, ViewportSize, sync_playwright

from tests.end_to_end.find_browser import BROWSER_FLAGS, WHAT_TO_INSTALL, find_browser

SIZE: ViewportSize = {"width": 1600, "height": 900}

# A function of the page: all elements, also those in shadow roots.
ALL_ELEMENTS = """function* (root) {
  for (const element of root.querySelectorAll("*")) {
    yield element;
    if (element.shadowRoot !== null) yield* all(element.shadowRoot);
  }
}"""


@contextlib.contextmanager
def opened_browser(*flags: str) -> Iterator[Browser]:
    """A headless Chromium; without one the program ends and says what to install."""
    path = find_browser()
    if path is None:
        raise SystemExit(WHAT_TO_INSTALL)
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=path, args=[*BROWSER_FLAGS, *flags])
        yield browser
        browser.close()


def frame_of_tab(page: Page) -> Frame:
    """The tab's own document."""
    handle: Any = page.wait_for_selector("iframe[src*='name=nnviz']", state="attached")
    frame: Frame = handle.content_frame()
    return frame


def heap_bytes(page: Page) -> int:
    """What the page holds after a garbage collection: objects, elements, and array buffers.

    The frame of the tab and TensorBoard's own page share one heap, so both are counted.
    """
    session = page.context.new_cdp_session(page)
    session.send("HeapProfiler.collectGarbage")
    usage = session.send("Runtime.getHeapUsage")
    session.detach()
    return int(usage["usedSize"] + usage["embedderHeapUsedSize"] + usage["backingStorageSize"])


def describe(name: str, milliseconds: list[float]) -> str:
    """A line: median and 95th percentile."""
    high = float(np.percentile(milliseconds, 95))
    return f"{name:28} median {statistics.median(milliseconds):6.1f} ms  p95 {high:6.1f} ms"


def at_least_one(parser: argparse.ArgumentParser, **numbers: int) -> None:
    """Refuses numbers below 1, by the names of their options."""
    for name, number in numbers.items():
        if number < 1:
            parser.error(f"--{name} must be 1 or more; got {number}")
