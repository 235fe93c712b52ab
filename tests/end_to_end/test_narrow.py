"""The screen in a small window, as of 1280x800 pixels at 200 %: nothing is out of reach."""

from __future__ import annotations

from collections.abc import Callable
from itertools import pairwise
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import expect

from tests.end_to_end import workbench as workbench_log
from tests.end_to_end.activation_logs import write_noted_samples
from tests.end_to_end.attribution_logs import write_many_samples
from tests.end_to_end.attribution_tab import painted_at
from tests.end_to_end.conftest import MakeLog, OpenTab, Serve
from tests.end_to_end.confusion_logs import write_confusion
from tests.end_to_end.graph_logs import write_graphs
from tests.end_to_end.tab import Tab, state_hash

pytestmark = pytest.mark.browser

SMALL = {"width": 640, "height": 400}

_DEEP = """
  const deep = (root) => [...root.querySelectorAll("*")].flatMap((element) =>
    [element, ...(element.shadowRoot === null ? [] : deep(element.shadowRoot))]);
  const all = deep(document);
  const isSeen = (element) => element.checkVisibility({ visibilityProperty: true });
  const boxOf = (element) => element.getBoundingClientRect();
"""

# Controls of the timeline that cannot be pressed in their middles.
_OUT_OF_REACH = f"""() => {{
  {_DEEP}
  const timeline = all.find(({{ localName }}) => localName === "nnviz-timeline");
  const controls = [...timeline.shadowRoot.querySelectorAll("button, input, select")];
  return {{
    controls: controls.filter(isSeen).length,
    missed: controls.filter(isSeen).filter((control) => {{
      const {{ left, right, top, bottom }} = boxOf(control);
      if (left < 0 || right > window.innerWidth) return true;
      const root = timeline.shadowRoot;
      const found = root.elementFromPoint((left + right) / 2, (top + bottom) / 2);
      return found !== control && !control.contains(found);
    }}).map(({{ dataset, title }}) => dataset.testid ?? title),
  }};
}}"""

# What the headers of panels say that is cut, lies outside of what is in sight or over something
# else.
_CUT = f"""() => {{
  {_DEEP}
  const area = all.find(({{ localName }}) => localName === "nnviz-main-area");
  const [start, end] = [boxOf(area).left, boxOf(area).left + area.clientWidth];
  const headers = all.filter(({{ localName, parentNode }}) =>
    localName === "header" && parentNode?.localName === "section" && isSeen(parentNode));
  const name = ({{ localName, className, textContent }}) =>
    `${{localName}}.${{className}} ${{textContent.trim()}}`;
  const overlap = (a, b) => Math.min(a.right, b.right) - Math.max(a.left, b.left) > 1
    && Math.min(a.bottom, b.bottom) - Math.max(a.top, b.top) > 1;
  const parts = headers.map((header) =>
    [...header.children, ...header.querySelectorAll(".words > *")]
      .filter((part) => isSeen(part) && boxOf(part).width > 0));
  const words = parts.flat().filter(({{ parentNode }}) => parentNode.className === "words");
  return {{
    words: words.length,
    cut: words.filter(({{ scrollWidth, clientWidth }}) =>
      clientWidth > 0 && scrollWidth > clientWidth + 1).map(name),
    beyond: parts.flat().filter((part) => boxOf(part).left < start || boxOf(part).right > end + 1)
      .map(name),
    over: parts.flatMap((of) => of.flatMap((a, at) => of.slice(at + 1)
      .filter((b) => !a.contains(b) && overlap(boxOf(a), boxOf(b)))
      .map((b) => `${{name(a)}} / ${{name(b)}}`))),
  }};
}}"""


@pytest.fixture(scope="module")
def shared_tab(open_shared_tab: OpenTab, serve: Serve, workbench: Path) -> Tab:
    return Tab(open_shared_tab(serve(workbench)))


@pytest.mark.parametrize("width", [640, 700, 759, 800, 899, 900, 1000])
def test_every_control_of_the_timeline_can_be_pressed(width: int, shared_tab: Tab) -> None:
    shared_tab.page.set_viewport_size({"width": width, "height": 400})
    shared_tab.open_state()
    expect(shared_tab.by_id("panel").first).to_be_visible()
    found = shared_tab.evaluate(_OUT_OF_REACH)
    assert found["missed"] == []
    # Play, one back, one on, the slider, axis and number, speed, pin, loop, follow, keys.
    assert found["controls"] >= 11
    follow = shared_tab.frame.get_by_role("button", name="follow latest")
    expect(follow).to_be_in_viewport(ratio=1)
    shared_tab.by_id("help").click()
    expect(shared_tab.by_id("help-dialog")).to_be_visible()
    shared_tab.page.keyboard.press("Escape")


@pytest.mark.parametrize(
    ("view", "write"),
    [
        ("weights", workbench_log.write_workbench),
        ("histograms", workbench_log.write_workbench),
        ("attributions", write_many_samples),
        ("confusion", write_confusion),
        ("graph", write_graphs),
    ],
)
def test_names_and_notes_of_panels_are_whole(
    view: str,
    write: Callable[[Path], None],
    open_tab: OpenTab,
    serve: Serve,
    make_log: MakeLog,
) -> None:
    tab = Tab(open_tab(serve(make_log(write)), state=state_hash(view=view), viewport=SMALL))
    heading = tab.frame.locator("section > header .words").first
    expect(heading).to_be_visible()
    tab.wait_until_quiet()
    found = tab.evaluate(_CUT)
    assert found["words"] > 1
    assert (found["cut"], found["beyond"], found["over"]) == ([], [], [])


def test_how_samples_were_chosen_is_said_whole_in_a_window_of_900_pixels(
    open_tab: OpenTab, serve: Serve, make_log: MakeLog
) -> None:
    url = serve(make_log(write_noted_samples))
    medium = {"width": 900, "height": 700}
    tab = Tab(open_tab(url, state=state_hash(view="activations"), viewport=medium))
    expect(tab.by_id("panel")).to_contain_text("as many of each class as can be")
    found = tab.evaluate(_CUT)
    assert found["words"] > 1
    assert (found["cut"], found["beyond"], found["over"]) == ([], [], [])


_TITLES = """(card) => {
  const titles = [...card.renderRoot.querySelectorAll(".titles > span")];
  return titles.map((title) => {
    const range = document.createRange();
    range.selectNodeContents(title);
    const { left, right } = range.getBoundingClientRect();
    return [title.dataset.column, left, right];
  });
}"""
_BEYOND = """(card) => {
  const body = card.renderRoot.querySelector(".body");
  const { right } = body.getBoundingClientRect();
  const cells = [...card.renderRoot.querySelectorAll(".cell, .cell p, .cell .path")];
  return {
    sideways: body.scrollWidth - body.clientWidth,
    beyond: cells.filter((cell) => cell.getBoundingClientRect().right > right).length,
    cells: cells.length,
  };
}"""


@pytest.mark.parametrize("width", [640, 900])
def test_attributions_need_no_scrolling_sideways_and_their_titles_stand_apart(
    width: int, open_tab: OpenTab, serve: Serve, make_log: MakeLog
) -> None:
    viewport = {"width": width, "height": 800}
    url = serve(make_log(write_many_samples))
    tab = Tab(open_tab(url, state=state_hash(view="attributions"), viewport=viewport))
    painted_at(tab, "map", "run-0", 0, 1)
    card = tab.frame.locator("nnviz-attribution-card").first
    titles: list[tuple[str, float, float]] = card.evaluate(_TITLES)
    assert {name for name, *_ in titles} >= {"input", "map", "overlay", "interior"}
    for (_, _, right), (name, left, _) in pairwise(titles):
        assert left - right >= 4, name
    found: dict[str, Any] = card.evaluate(_BEYOND)
    assert (found["sideways"], found["beyond"]) == (0, 0)
    assert found["cells"] > 10
    # The proof, and the curve that has no column, are there to be read.
    for part in (tab.by_id("proof").first, tab.frame.locator(".cell.curve svg.path").first):
        part.scroll_into_view_if_needed()
        expect(part).to_be_in_viewport(ratio=0.9)


def test_on_a_low_screen_what_stays_at_the_top_leaves_room_for_rows(
    open_tab: OpenTab, serve: Serve, make_log: MakeLog
) -> None:
    url = serve(make_log(write_many_samples))
    tab = Tab(open_tab(url, state=state_hash(view="attributions"), viewport=SMALL))
    painted_at(tab, "map", "run-0", 0, 1)
    proof = tab.by_id("proof").nth(1)
    proof.scroll_into_view_if_needed()
    expect(proof).to_be_in_viewport(ratio=1)
    top = tab.frame.locator(".body > .top").first
    expect(top).not_to_be_in_viewport(ratio=0.9)
