"""The walk through the layers as the tests see it: its stops, where it stands, and how it plays."""

from __future__ import annotations

from playwright.sync_api import Locator, expect

from tests.end_to_end.tab import Tab

_WATCH = """async (count) => {
  const find = (selector) => {
    const area = document.querySelector("nnviz-app").shadowRoot
      .querySelector("nnviz-main-area").shadowRoot;
    return area.querySelector("nnviz-layer-player").shadowRoot
      .querySelector("nnviz-layer-bar").shadowRoot.querySelector(selector);
  };
  const seen = [];
  const end = performance.now() + 8000;
  while (performance.now() < end) {
    const stop = find("[aria-current='step']")?.dataset.stop;
    if (stop !== undefined && seen.at(-1) !== stop) seen.push(stop);
    const isPlaying = find("[data-testid='play-layers']")?.ariaLabel === "Pause";
    if (!isPlaying && seen.length >= count) break;
    await new Promise((resolve) => requestAnimationFrame(resolve));
  }
  return seen;
}"""


def stops(tab: Tab) -> list[str]:
    """Names of the stops, in order."""
    names = tab.by_id("layer-stop").evaluate_all("all => all.map(each => each.dataset.stop)")
    return [str(name) for name in names]


def current(tab: Tab) -> Locator:
    """The stop that is shown."""
    return tab.frame.locator("[data-testid='layer-stop'][aria-current='step']")


def show_one(tab: Tab) -> None:
    """One layer at a time."""
    tab.frame.locator("[data-testid='layer-mode'][data-value='one']").click()
    expect(tab.by_id("stage")).to_be_visible()


def watch(tab: Tab, count: int) -> list[str]:
    """The stops that are shown one after the other until ``count`` were and nothing plays."""
    return [str(name) for name in tab.evaluate(_WATCH, count)]
