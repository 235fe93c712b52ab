"""While the records of a step are on their way, panels stay as they are: only their tiles fade."""

from __future__ import annotations

from typing import Any

import pytest
from playwright.sync_api import Locator, expect

from tests.end_to_end import activation_logs, class_bars_logs, top_samples_logs, workbench
from tests.end_to_end.asked import Gate
from tests.end_to_end.conftest import MakeLog, OpenTab, Serve
from tests.end_to_end.tab import Tab, state_hash

pytestmark = pytest.mark.browser

# By view: the log, its last step and the one before, a panel with axes to place.
VIEWS: dict[str, Any] = {
    "weights": (workbench.write_workbench, (5, 4), "weights/conv/kernel"),
    "templates": (class_bars_logs.write_class_bars, (2, 1), class_bars_logs.TEMPLATES),
    "activations": (activation_logs.write_activations, (2, 1), "activations/conv2d"),
    "top_samples": (top_samples_logs.write_top_samples, (1, 0), top_samples_logs.MAPS),
}
_SETTLED = """() => new Promise((resolve) =>
  requestAnimationFrame(() => requestAnimationFrame(resolve)))"""
# Of each panel in sight: where it is, its header and its tiles, and what the header says.
_LOOK = """area => Object.fromEntries(
  [...area.renderRoot.querySelectorAll("[data-testid='panel']")].flatMap((slot) => {
    const root = slot.querySelector("nnviz-panel")?.shadowRoot;
    const header = root?.querySelector("header");
    if (!header) return [];
    const box = (each) => {
      const { top, height } = each.getBoundingClientRect();
      return [Math.round(10 * top) / 10, Math.round(10 * height) / 10];
    };
    const legend = root.querySelector("nnviz-legend")?.shadowRoot.querySelector(".scale");
    const frames = [...root.querySelectorAll("nnviz-grid")].map(
      (grid) => grid.shadowRoot.querySelector(".frame") ?? grid);
    return [[slot.dataset.tag, {
      boxes: [slot, header, ...frames].map(box),
      words: header.innerText.replace(/\\s+/g, " ").trim(),
      legend: legend?.innerText.replace(/\\s+/g, " ").trim() ?? null,
    }]];
  }))"""
_FOCUSED_AXIS = """() => {
  let focused = document.activeElement;
  while (focused?.shadowRoot?.activeElement) focused = focused.shadowRoot.activeElement;
  return focused?.dataset.axis ?? focused?.tagName;
}"""


# As following and playing do it: the focus stays where it is.
_GO_TO = """(slider, index) => {
  slider.value = index;
  slider.dispatchEvent(new Event("input", { bubbles: true }));
}"""


def area(tab: Tab) -> Locator:
    return tab.frame.locator("nnviz-main-area")


def look(tab: Tab) -> dict[str, Any]:
    tab.evaluate(_SETTLED)
    found: dict[str, Any] = area(tab).evaluate(_LOOK)
    return found


@pytest.mark.parametrize("runs", [("first",), ("first", "second")], ids=["one run", "two runs"])
@pytest.mark.parametrize("view", VIEWS)
def test_a_step_that_is_awaited_moves_nothing_and_leaves_headers_and_the_focus(
    view: str, runs: tuple[str, ...], open_tab: OpenTab, serve: Serve, make_log: MakeLog
) -> None:
    write, (last, before), tag = VIEWS[view]
    tab = Tab(open_tab("about:blank", viewport={"width": 1440, "height": 900}))
    # Samples have but one step.
    gate = Gate(
        tab.page,
        lambda items: all(step == last or tag == "samples" for _, tag, step, _ in items),
    )
    state = state_hash(view=view, runs=",".join(f"{run}/nnviz" for run in runs))
    tab.page.goto(f"{serve(make_log(write))}#nnviz{state}")
    for run in runs:
        tab.wait_until_painted(run, tag, last)
    menu = tab.panel(tag).locator("[data-testid='placement']").last
    menu.focus()
    axis = menu.get_attribute("data-axis")
    tab.page.wait_for_timeout(500)
    then = look(tab)
    assert then[tag]["legend"] is not None

    tab.by_id("step-slider").evaluate(_GO_TO, tab.last_step_index() - 1)
    expect(tab.grid(runs[0], tag)).to_have_attribute("data-painted", "false")
    assert look(tab) == then
    assert tab.evaluate(_FOCUSED_AXIS) == axis

    gate.open()
    for run in runs:
        tab.wait_until_painted(run, tag, before)
    tab.wait_until_quiet()
    assert tab.evaluate(_FOCUSED_AXIS) == axis
    now = look(tab)
    assert {each: panel["boxes"] for each, panel in now.items()} == {
        each: panel["boxes"] for each, panel in then.items()
    }
