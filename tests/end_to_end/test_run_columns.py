"""Runs as columns: in every panel at the same place, in sight or not asked for, named above all."""

from __future__ import annotations

import io
import json
import re
from typing import Any
from urllib.parse import unquote

import pytest
from PIL import Image
from playwright.sync_api import Locator, Page, Route, expect

from tests.end_to_end import column_logs
from tests.end_to_end.column_logs import BIAS, EXTRA, HISTOGRAM, KERNEL, RUNS
from tests.end_to_end.conftest import MakeLog, OpenTab, Serve
from tests.end_to_end.tab import Tab, shown_range, state_hash

pytestmark = pytest.mark.browser

FIRST, LAST = RUNS[0], RUNS[-1]
ALL = ",".join(f"{run}/nnviz" for run in RUNS)
SIZES = {"1280": (1280, 900), "4K": (3840, 2000)}

# The scrolling middle of the tab.
_AREA = 'document.querySelector("nnviz-app").renderRoot.querySelector("nnviz-main-area")'
_SCROLL = f"({{ left, top }}) => {_AREA}.scrollBy({{ left, top }})"
_PLACE = f"() => [{_AREA}.scrollLeft, {_AREA}.scrollWidth, {_AREA}.clientWidth]"

# The left edge of every column by run: of the row of names, and of each panel in which the run has
# something.
_COLUMNS = f"""() => {{
  const deep = (root) => [...root.querySelectorAll("*")].flatMap((element) =>
    [element, ...(element.shadowRoot === null ? [] : deep(element.shadowRoot))]);
  const all = deep({_AREA}.renderRoot);
  const edges = (elements, run) => elements.map((element) =>
    [run(element), Math.round(element.getBoundingClientRect().left)]);
  return {{
    names: edges(all.filter(({{ dataset }}) => dataset.testid === "run-cell"),
      ({{ dataset }}) => dataset.run),
    columns: edges(all.filter(({{ dataset }}) => dataset.column !== undefined),
      ({{ dataset }}) => dataset.column),
  }};
}}"""


def open_all(tab: Tab, **texts: str) -> None:
    tab.open_state(runs=ALL, **texts)
    expect(tab.by_id("run-cell")).to_have_count(len(RUNS))


@pytest.fixture(scope="module")
def shared_tab(open_shared_tab: OpenTab, serve: Serve, make_log: MakeLog) -> Tab:
    return Tab(open_shared_tab(serve(make_log(column_logs.write_twenty_runs))))


@pytest.fixture
def tab(shared_tab: Tab) -> Tab:
    shared_tab.page.set_viewport_size({"width": 1600, "height": 900})
    open_all(shared_tab)
    shared_tab.wait_until_painted(FIRST, KERNEL, 3)
    return shared_tab


def cell(tab: Tab, run: str) -> Locator:
    return tab.frame.locator(f"[data-testid='run-cell'][data-name='{run}']")


def box(element: Locator) -> dict[str, float]:
    found = element.bounding_box()
    assert found is not None
    return {side: found[side] for side in ("x", "y", "width", "height")}


def place(tab: Tab) -> tuple[float, float, float]:
    left, whole, shown = tab.evaluate(_PLACE)
    return left, whole, shown


def scroll_to_run(tab: Tab, run: str, tag: str = KERNEL, step: int = 3) -> None:
    """Scrolls sideways until a run is painted at the left."""
    edge = box(cell(tab, run))["x"] - box(tab.frame.locator("nnviz-main-area"))["x"] - 37
    tab.evaluate(_SCROLL, {"left": edge, "top": 0})
    tab.wait_until_painted(run, tag, step)


def assert_aligned(tab: Tab, least: int) -> None:
    found: dict[str, list[list[Any]]] = tab.evaluate(_COLUMNS)
    names = dict(found["names"])
    assert len(names) == len(RUNS)
    assert len(set(names.values())) == len(RUNS)
    assert len(found["columns"]) >= least
    assert [edge for _, edge in found["columns"]] == [names[run] for run, _ in found["columns"]]


@pytest.mark.parametrize("size", SIZES)
@pytest.mark.parametrize("view", ["weights", "histograms"])
def test_a_run_stands_at_the_same_place_in_every_panel_and_below_its_name(
    view: str, size: str, tab: Tab
) -> None:
    width, height = SIZES[size]
    tab.page.set_viewport_size({"width": width, "height": height})
    open_all(tab, view=view)
    plots = tab.frame.locator("svg[data-testid='histogram-plot'][data-painted='true']")
    if view == "weights":
        for tag in (KERNEL, BIAS, EXTRA):
            tab.wait_until_painted(FIRST, tag, 3)
    else:
        expect(plots.nth(1)).to_be_visible()
    assert_aligned(tab, 3 * len(RUNS) if view == "weights" else len(RUNS))
    tab.evaluate(_SCROLL, {"left": 700, "top": 0})
    assert_aligned(tab, 3 * len(RUNS) if view == "weights" else len(RUNS))


def test_names_and_headers_stay_in_sight_wherever_the_panels_are_scrolled_to(tab: Tab) -> None:
    area = tab.frame.locator("nnviz-main-area")
    fold = tab.panel(KERNEL).locator(".fold")
    legend = tab.panel(KERNEL).locator("nnviz-legend")

    def ends() -> tuple[float, float]:
        right = box(legend)
        return box(fold)["x"], right["x"] + right["width"]

    before = ends()
    scroll_to_run(tab, RUNS[10])
    assert ends() == pytest.approx(before, abs=1)
    assert box(cell(tab, RUNS[10]))["x"] == pytest.approx(box(area)["x"] + 37, abs=1)
    tab.evaluate(_SCROLL, {"left": 0, "top": 250})
    assert box(cell(tab, RUNS[10]))["y"] < box(area)["y"] + 34
    # The heading of the layer stands below the names, not under them.
    heading = tab.frame.locator("[data-testid='layer'][data-layer='dense']")
    assert box(heading)["y"] >= box(area)["y"] + 34
    # And the whole page itself does not scroll.
    assert tab.evaluate("() => document.documentElement.scrollWidth <= window.innerWidth")


def asked_runs(urls: list[str]) -> set[str]:
    return {run for url in urls for run in re.findall(r"seed-\d\d", unquote(url))}


def urls_of(asked: list[str], part: str) -> list[str]:
    return [url for url in asked if f"/nnviz/records?parts={part}&" in url]


def open_and_listen(open_tab: OpenTab, url: str) -> tuple[Tab, list[str]]:
    page: Page = open_tab("about:blank")
    asked: list[str] = []
    page.on("request", lambda request: asked.append(request.url))
    page.goto(f"{url}#nnviz{state_hash(runs=ALL)}")
    tab = Tab(page)
    tab.wait_until_painted(FIRST, KERNEL, 3)
    tab.wait_until_quiet()
    return tab, asked


def test_records_are_asked_for_only_where_columns_are_in_sight_and_once(
    open_tab: OpenTab, serve: Serve, make_log: MakeLog
) -> None:
    tab, asked = open_and_listen(open_tab, serve(make_log(column_logs.write_twenty_runs)))
    records = urls_of(asked, "paint")
    # 1600 pixels hold five columns, and a sixth is near by.
    assert asked_runs(records) == set(RUNS[:5]) | ({RUNS[5]} & asked_runs(records))
    expect(tab.grid(RUNS[7], KERNEL)).to_have_count(0)
    # The others have a say in the scale: their numbers, and none of those that are in sight.
    others = asked_runs(urls_of(asked, "statistics"))
    assert set(RUNS) - asked_runs(records) <= others <= set(RUNS[5:])

    asked.clear()
    tab.evaluate(_SCROLL, {"left": 10**6, "top": 0})
    tab.wait_until_painted(LAST, KERNEL, 2)
    expect(tab.grid(FIRST, KERNEL)).to_have_count(0)
    tab.wait_until_quiet()
    records = urls_of(asked, "paint")
    assert set(RUNS[-4:]) <= asked_runs(records) <= set(RUNS[-6:])

    # What has been here is here.
    asked.clear()
    tab.evaluate(_SCROLL, {"left": -(10**6), "top": 0})
    tab.wait_until_painted(FIRST, KERNEL, 3)
    tab.wait_until_quiet()
    assert urls_of(asked, "paint") == urls_of(asked, "statistics") == []


def test_a_shared_scale_says_of_how_many_runs_it_is_until_all_are_known_and_then_stays(
    open_tab: OpenTab, serve: Serve, make_log: MakeLog
) -> None:
    page = open_tab("about:blank")
    held: list[Route] = []
    gate = {"open": False}
    page.route(
        re.compile(r"/records\?parts=statistics"),
        lambda route: route.continue_() if gate["open"] else held.append(route),
    )
    page.goto(f"{serve(make_log(column_logs.write_twenty_runs))}#nnviz{state_hash(runs=ALL)}")
    tab = Tab(page)
    canvas = tab.wait_until_painted(FIRST, KERNEL, 3)
    over = tab.panel(KERNEL).locator("[data-testid='shared-over']")
    expect(over).to_have_text(re.compile(r"^over [5-9] of 20 runs$"))
    narrow = canvas.get_attribute("data-range")
    assert narrow is not None
    gate["open"] = True
    for route in held:
        route.continue_()
    expect(over).to_have_count(0)
    expect(canvas).not_to_have_attribute("data-range", narrow)
    wide = shown_range(canvas)
    assert wide[1] > 1.5 * json.loads(narrow)[1]
    # Colours do not change with every column on the way there and back.
    scroll_to_run(tab, RUNS[14])
    assert shown_range(tab.grid(RUNS[14], KERNEL)) == wide
    scroll_to_run(tab, FIRST)
    assert shown_range(tab.grid(FIRST, KERNEL)) == wide


@pytest.mark.parametrize("show", ["value", "change-since-start", "difference"])
def test_a_link_has_the_same_range_whatever_is_in_sight(
    show: str, open_tab: OpenTab, serve: Serve, make_log: MakeLog
) -> None:
    url = serve(make_log(column_logs.write_twenty_runs))
    link = {"runs": ALL, "show": show, "pinned_run": f"{RUNS[2]}/nnviz"}
    page = open_tab("about:blank")
    page.set_viewport_size({"width": 6400, "height": 900})
    page.goto(f"{url}#nnviz{state_hash(**link)}")
    all_in_sight = Tab(page)
    all_in_sight.wait_until_painted(LAST, KERNEL, 2)
    whole = all_in_sight.wait_until_painted(FIRST, KERNEL, 3).get_attribute("data-range")
    assert whole is not None
    for left in (0, 14):
        tab = Tab(open_tab(url, state=state_hash(**link, left=f"{RUNS[left]}/nnviz:0")))
        canvas = tab.wait_until_painted(RUNS[left], KERNEL, 3)
        expect(tab.grid(LAST, KERNEL)).to_have_count(0)
        expect(canvas).to_have_attribute("data-range", whole)


def test_nothing_looks_out_beside_the_heading_of_a_layer_that_stays_in_sight(tab: Tab) -> None:
    scroll_to_run(tab, RUNS[3])
    tab.evaluate(_SCROLL, {"left": 30, "top": 90})
    area = box(tab.frame.locator("nnviz-main-area"))
    heading = box(tab.frame.locator(".near > .layer-heading").first)
    tab.wait_until_painted(RUNS[4], KERNEL, 3)
    y, height = heading["y"] + 2, heading["height"] - 4
    png = tab.page.screenshot(clip={"x": area["x"], "y": y, "width": 20, "height": height})
    picture = Image.open(io.BytesIO(png))
    colours = picture.convert("RGB").getcolors()
    assert colours is not None
    assert len(colours) == 1


def test_keys_go_from_run_to_run_and_the_link_keeps_the_place(tab: Tab) -> None:
    for _ in range(3):
        tab.page.keyboard.press("}")
    expect(cell(tab, RUNS[3])).to_be_focused()
    tab.wait_until_painted(RUNS[7], KERNEL, 3)
    tab.page.keyboard.press("{")
    expect(cell(tab, RUNS[2])).to_be_focused()
    area = box(tab.frame.locator("nnviz-main-area"))["x"]
    assert box(cell(tab, RUNS[2]))["x"] == pytest.approx(area + 37, abs=1)
    expect(tab.page).to_have_url(re.compile(r"p\.nnviz\.left=seed-02"))
    # To the first, and no further.
    for _ in range(4):
        tab.page.keyboard.press("{")
    assert place(tab)[0] == 0
    expect(tab.page).not_to_have_url(re.compile(r"p\.nnviz\.left="))


def test_a_run_is_moved_among_the_columns_by_keys_and_by_buttons(tab: Tab) -> None:
    def names() -> list[str]:
        cells: list[str] = tab.by_id("run-cell").evaluate_all(
            "all => all.map(each => each.dataset.name)"
        )
        return cells

    tab.page.keyboard.press("}")
    expect(cell(tab, RUNS[1])).to_be_focused()
    tab.page.keyboard.press(">")
    expect(tab.by_id("run-cell").nth(2)).to_have_attribute("data-name", RUNS[1])
    assert names() == [RUNS[0], RUNS[2], RUNS[1], *RUNS[3:]]
    expect(cell(tab, RUNS[1])).to_be_focused()
    expect(tab.page).to_have_url(re.compile(r"p\.nnviz\.run_order=seed-00"))
    tab.wait_until_painted(RUNS[1], KERNEL, 3)
    assert_aligned(tab, 3 * len(RUNS))
    # The list of runs stays as it is.
    listed = tab.by_id("run").evaluate_all("all => all.map(each => each.dataset.run)")
    assert listed == list(RUNS)
    cell(tab, RUNS[2]).hover()
    cell(tab, RUNS[2]).locator("[data-testid='move-run']").last.click()
    expect(tab.by_id("run-cell").nth(1)).to_have_attribute("data-name", RUNS[1])
    assert names() == list(RUNS)


def test_a_link_opens_at_the_run_that_was_at_the_left(
    open_tab: OpenTab, serve: Serve, make_log: MakeLog
) -> None:
    url = serve(make_log(column_logs.write_twenty_runs))
    link = state_hash(runs=ALL, left=f"{RUNS[9]}/nnviz:40")
    tab = Tab(open_tab(url, state=link))
    tab.wait_until_painted(RUNS[10], KERNEL, 3)
    area = box(tab.frame.locator("nnviz-main-area"))["x"]
    assert box(cell(tab, RUNS[9]))["x"] == pytest.approx(area + 37 - 40, abs=1)
    expect(tab.grid(FIRST, KERNEL)).to_have_count(0)
    # Other columns, the same run at the left.
    tab.run_entry(RUNS[0]).locator("input[type=checkbox]").uncheck()
    expect(cell(tab, RUNS[0])).to_have_count(0)
    tab.wait_until_painted(RUNS[10], KERNEL, 3)
    assert box(cell(tab, RUNS[9]))["x"] == pytest.approx(area + 37 - 40, abs=1)


def test_a_link_to_an_epoch_has_every_column_in_sight_where_the_screen_is_there_before_the_times(
    open_tab: OpenTab, serve: Serve, make_log: MakeLog
) -> None:
    page = open_tab("about:blank")
    page.set_viewport_size({"width": SIZES["4K"][0], "height": SIZES["4K"][1]})
    held: list[Route] = []
    gate = {"open": False}
    page.route(
        re.compile(r"/timeline\?"),
        lambda route: route.continue_() if gate["open"] else held.append(route),
    )
    link = state_hash(runs=ALL, at="1;1")
    page.goto(f"{serve(make_log(column_logs.write_twenty_runs))}#nnviz{link}")
    tab = Tab(page)
    expect(cell(tab, RUNS[9])).to_be_in_viewport()
    assert held
    gate["open"] = True
    for route in held:
        route.continue_()
    for run in RUNS[:10]:
        tab.wait_until_painted(run, KERNEL, 1)


def test_a_run_that_lacks_the_step_or_the_tag_says_so_in_its_column(tab: Tab) -> None:
    tab.evaluate(_SCROLL, {"left": 10**6, "top": 0})
    tab.wait_until_painted(LAST, KERNEL, 2)
    expect(cell(tab, LAST)).to_contain_text("epoch 2 · nearest earlier")
    expect(cell(tab, RUNS[-2])).to_contain_text("epoch 3")
    tab.wait_until_painted(LAST, EXTRA, 2)
    absent = tab.panel(EXTRA).locator(f"[data-column='{RUNS[-2]}/nnviz']")
    expect(absent).to_have_text(re.compile("not logged in this run"))


def test_a_tile_is_outlined_in_all_runs_whether_they_come_into_sight_before_or_after(
    tab: Tab,
) -> None:
    tab.open_state(runs=ALL, tile=f"{KERNEL}:5")
    outlines = tab.panel(KERNEL).locator(".outline.pinned")
    tab.wait_until_painted(FIRST, KERNEL, 3)
    grids = tab.panel(KERNEL).locator("canvas[data-testid='grid'][data-painted='true']")
    expect(outlines).to_have_count(grids.count())
    scroll_to_run(tab, RUNS[12])
    column = tab.panel(KERNEL).locator(f"[data-column='{RUNS[12]}/nnviz']")
    expect(column.locator(".outline.pinned")).to_have_count(1)
    tab.hover_cell(tab.grid(RUNS[12], KERNEL), place=2, row=3, column=3)
    expect(column.locator(".outline.hovered")).to_have_count(1)
    beside = tab.panel(KERNEL).locator(f"[data-column='{RUNS[13]}/nnviz']")
    expect(beside.locator(".outline.hovered")).to_have_count(1)


def test_one_run_has_its_name_in_its_panels_and_no_row(tab: Tab) -> None:
    tab.open_state(runs=f"{FIRST}/nnviz," + ",".join(f"!{run}/nnviz" for run in RUNS[1:]))
    tab.wait_until_painted(FIRST, KERNEL, 3)
    expect(tab.frame.locator("nnviz-run-row")).to_have_count(0)
    expect(tab.panel(KERNEL).locator(".caption")).to_contain_text(FIRST)
    left, whole, shown = place(tab)
    assert (left, whole) == (0, shown)


@pytest.mark.parametrize("show", ["value", "change-since-start"])
def test_playing_waits_only_for_what_is_in_sight(show: str, tab: Tab) -> None:
    tab.open_state(runs=ALL, show=show, speed="4", at="1;0")
    tab.wait_until_painted(FIRST, KERNEL, 0)
    tab.by_id("play").click()
    tab.wait_until_painted(FIRST, KERNEL, 3)


def test_all_runs_in_one_plot_need_no_columns(tab: Tab) -> None:
    open_all(tab, view="histograms")
    tab.press("histogram-plot", "runs")
    expect(tab.panel(HISTOGRAM).locator("svg[data-testid='histogram-plot']")).to_have_count(1)
    expect(tab.frame.locator("nnviz-run-row")).to_have_count(0)
    _, whole, shown = place(tab)
    assert whole == shown


def test_a_run_takes_the_room_of_those_that_have_nothing_beside_it(
    open_tab: OpenTab, serve: Serve, make_log: MakeLog
) -> None:
    tab = Tab(open_tab(serve(make_log(column_logs.write_three_runs))))
    for run in "abc":
        tab.wait_until_painted(run, "weights/dense/kernel", 0)
    alone = tab.panel("weights/only_a/kernel")
    alone.scroll_into_view_if_needed()
    tab.wait_until_painted("a", "weights/only_a/kernel", 0)
    one, three = (box(panel.locator(".column").first) for panel in (tab.panel(KERNEL), alone))
    assert one["x"] == three["x"]
    assert three["width"] > 2.9 * one["width"]
    expect(alone.locator("[data-testid='covered']")).to_have_text("not logged in 2 runs")
    expect(alone.locator("[data-testid='empty-column']")).to_have_count(0)
    # To the right there is no room: it stands below its name.
    last = tab.panel("weights/only_c/kernel")
    expect(last.locator("[data-testid='empty-column']")).to_have_count(2)
    assert box(last.locator(".column").last)["x"] == box(cell(tab, "c"))["x"]


# Scrolls by some pixels a frame; notes how long tasks take and how many grids are there.
_SCROLL_ON = f"""async ({{ left, top, frames }}) => {{
  const area = {_AREA};
  const deep = (root) => [...root.querySelectorAll("*")].flatMap((element) =>
    [element, ...(element.shadowRoot === null ? [] : deep(element.shadowRoot))]);
  const count = (find) => deep(area.renderRoot).filter(find).length;
  const longTasks = [];
  const observer = new PerformanceObserver((list) =>
    longTasks.push(...list.getEntries().map(({{ duration }}) => duration)));
  observer.observe({{ type: "longtask" }});
  const frame = () => new Promise((resolve) => requestAnimationFrame(resolve));
  let most = 0;
  for (let at = 0; at < frames; at++) {{
    area.scrollBy({{ left, top }});
    await frame();
    if (at % 15 === 0) most = Math.max(most, count(({{ dataset }}) => dataset.testid === "grid")
      / Math.max(1, count(({{ localName }}) => localName === "nnviz-panel")));
  }}
  await frame();
  longTasks.push(...observer.takeRecords().map(({{ duration }}) => duration));
  observer.disconnect();
  return {{ most, longest: Math.max(0, ...longTasks) }};
}}"""


def test_150_layers_of_20_runs_scroll_like_those_of_2(
    open_tab: OpenTab, serve: Serve, make_log: MakeLog
) -> None:
    tab = Tab(open_tab(serve(make_log(column_logs.write_deep_runs))))
    first = "weights/stage_0/conv2d_0/kernel"
    tab.wait_until_painted(RUNS[0], first, 0)
    found = {}
    for number in (2, 20):
        ticked = [
            f"{'' if at < number else '!'}{run}/nnviz" for at, run in enumerate(column_logs.RUNS)
        ]
        tab.evaluate(_SCROLL, {"left": 0, "top": -(10**6)})
        tab.open_state(runs=",".join(ticked))
        tab.wait_until_painted(RUNS[1], first, 0)
        found[number] = tab.evaluate(_SCROLL_ON, {"left": 0, "top": 150, "frames": 90})
    aside = tab.evaluate(_SCROLL_ON, {"left": 50, "top": 0, "frames": 60})
    # Of 20 columns those in sight, and on either side one that is near by.
    assert found[2]["most"] <= 2
    assert max(found[20]["most"], aside["most"]) <= 7
    # Three times as many columns are in sight; to be compared within one run of the test alone.
    unit = max(50.0, found[2]["longest"])
    assert found[20]["longest"] <= 6 * unit
    assert aside["longest"] <= 6 * unit
