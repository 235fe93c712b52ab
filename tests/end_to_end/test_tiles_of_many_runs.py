"""A tile of one of twenty runs: pointed at, opened, outlined by a link, exported."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from playwright.sync_api import Route, expect

from benchmarks import many_runs_log
from tests.end_to_end.conftest import OpenTab, Serve
from tests.end_to_end.tab import Tab, settings, state_hash

pytestmark = pytest.mark.browser

RUNS = 20
EPOCHS = 2
KERNEL = "weights/dense/kernel"
NAMES = [many_runs_log.run_name(index) for index in range(RUNS)]
ALL = ",".join(f"{name}/nnviz" for name in NAMES)


@pytest.fixture(scope="module")
def twenty_runs(tmp_path_factory: pytest.TempPathFactory) -> Path:
    logdir = tmp_path_factory.mktemp("twenty_runs")
    many_runs_log.write(logdir, runs=RUNS, epochs=EPOCHS, units=4)
    return logdir


def test_the_tooltip_tells_of_nine_runs_beside_the_hovered_one_and_counts_the_others(
    reopen_tab: OpenTab, serve: Serve, twenty_runs: Path
) -> None:
    tab = Tab(reopen_tab(serve(twenty_runs), state=state_hash(runs=ALL, scale="fixed")))
    canvas = tab.wait_until_painted(NAMES[2], KERNEL, EPOCHS)
    tooltip = tab.hover_cell(canvas, place=1, row=3, column=4)
    # A scale over all steps asks for the records of all runs.
    expect(tooltip).to_contain_text("and 10 runs more", timeout=30_000)
    told = [name for name in NAMES if tooltip.get_by_text(name, exact=True).count() > 0]
    # Those next to it, in their order.
    assert told == NAMES[:10]


def test_beside_differences_the_tooltip_tells_of_fewer_runs_and_of_the_pinned_one(
    open_tab: OpenTab, serve: Serve, twenty_runs: Path
) -> None:
    pinned = NAMES[19]
    link = state_hash(runs=ALL, scale="fixed", show="difference", pinned_run=f"{pinned}/nnviz")
    tab = Tab(open_tab(serve(twenty_runs), state=link))
    canvas = tab.wait_until_painted(NAMES[2], KERNEL, EPOCHS)
    tooltip = tab.hover_cell(canvas, place=1, row=3, column=4)
    # Each in two lines.
    expect(tooltip).to_contain_text("and 15 runs more", timeout=30_000)
    told = [name for name in NAMES if tooltip.get_by_text(name, exact=True).count() > 0]
    assert told == [NAMES[0], NAMES[1], NAMES[2], NAMES[3], pinned]
    box = tooltip.bounding_box()
    assert box is not None
    assert box["height"] < 340


@pytest.mark.parametrize("height", [700, 900, 1080])
def test_a_list_of_runs_that_goes_on_is_cut_within_a_row(
    height: int, open_tab: OpenTab, serve: Serve, twenty_runs: Path
) -> None:
    viewport = {"width": 1440, "height": height}
    tab = Tab(open_tab(serve(twenty_runs), viewport=viewport))
    last = tab.by_id("run").nth(RUNS - 1)
    expect(last).to_be_attached()
    cut = tab.by_id("run").evaluate_all(
        """rows => {
          const { bottom } = rows[0].parentElement.getBoundingClientRect();
          return rows.map(row => row.getBoundingClientRect())
            .filter(row => row.top < bottom && row.bottom > bottom)
            .map(row => (bottom - row.top) / row.height);
        }"""
    )
    assert cut == [pytest.approx(0.5, abs=0.1)]


def test_in_the_film_steps_and_runs_stay_in_sight_wherever_it_is_scrolled_to(
    open_tab: OpenTab, serve: Serve, twenty_runs: Path
) -> None:
    link = state_hash(runs=ALL, tile=f"{KERNEL}:1", open="1")
    viewport = {"width": 900, "height": 700}
    tab = Tab(open_tab(serve(twenty_runs), state=link, viewport=viewport))
    film = tab.by_id("film")
    expect(film.locator("canvas[data-painted='true']")).to_have_count(
        RUNS * (EPOCHS + 1), timeout=30_000
    )
    film.scroll_into_view_if_needed()
    label, name = film.locator(".label").first, film.locator(".names .run").nth(12)
    film.evaluate("film => film.scrollTo(0, 0.5 * film.scrollHeight)")
    places = film.evaluate(
        """film => [film, film.querySelector(".label")]
          .map(each => each.getBoundingClientRect().top)"""
    )
    assert film.evaluate("film => film.scrollTop") > 100
    assert places[1] == pytest.approx(places[0], abs=1)
    expect(label).to_be_in_viewport(ratio=0.99)
    expect(name).to_be_in_viewport()
    # The last run lacks some of the steps: its pictures are faded, and it is said why.
    expect(tab.by_id("film-earlier")).to_contain_text("nearest earlier")
    faded = film.locator(".cell.earlier")
    expect(faded).to_have_count(EPOCHS)
    expect(faded.first).to_have_attribute("title", re.compile("nearest earlier one, of step 0"))


@pytest.mark.parametrize("runs", [6, 7])
def test_areas_of_more_than_six_runs_are_not_filled(
    runs: int, open_tab: OpenTab, serve: Serve, twenty_runs: Path
) -> None:
    ticked = ",".join(f"{name}/nnviz" for name in NAMES[:runs])
    link = state_hash(runs=ticked, view="histograms", plot="runs")
    tab = Tab(open_tab(serve(twenty_runs), state=link))
    plot = tab.panel("histograms/dense/kernel").locator("[data-testid='histogram-plot']")
    expect(plot).to_have_attribute("data-painted", "true")
    curves = plot.locator("[data-testid='histogram-curve']")
    expect(curves).to_have_count(runs)
    fills = curves.evaluate_all("all => all.map(each => getComputedStyle(each).fill)")
    assert [fill == "none" for fill in fills] == [runs > 6] * runs


def test_a_panel_of_histograms_says_that_it_is_loading_until_something_is_drawn(
    open_tab: OpenTab, serve: Serve, twenty_runs: Path
) -> None:
    page = open_tab("about:blank")
    waiting: list[Route] = []

    def hold(route: Route) -> None:
        if is_held:
            waiting.append(route)
        else:
            route.continue_()

    is_held = True
    page.route("**/nnviz/records*", hold)
    page.goto(f"{serve(twenty_runs)}#nnviz{state_hash(runs=ALL, view='histograms', plot='runs')}")
    tab = Tab(page)
    panel = tab.panel("histograms/dense/kernel")
    loading = panel.locator("[data-testid='histogram-loading']")
    expect(loading).to_be_visible()
    expect(panel.locator("[data-testid='thinned']")).to_have_count(0)
    is_held = False
    for route in waiting:
        route.continue_()
    expect(panel.locator("[data-testid='histogram-plot']")).to_be_visible(timeout=30_000)
    expect(loading).to_have_count(0)


def test_the_run_of_a_tile_is_in_sight_when_the_tile_is_opened(
    reopen_tab: OpenTab, serve: Serve, twenty_runs: Path
) -> None:
    link = state_hash(runs=ALL, tile=f"{KERNEL}:1", open="1", tile_run=f"{NAMES[15]}/nnviz")
    tab = Tab(reopen_tab(serve(twenty_runs), state=link))
    column = tab.frame.locator(f"[data-testid='tile-column'][data-run='{NAMES[15]}']")
    expect(column).to_be_in_viewport(ratio=0.99)
    expect(tab.by_id("tile-column").first).not_to_be_in_viewport()


def test_runs_of_the_same_colour_have_other_dashes_where_their_lines_lie_over_one_another(
    reopen_tab: OpenTab, serve: Serve, twenty_runs: Path
) -> None:
    link = state_hash(runs=ALL, tile=f"{KERNEL}:1", open="1")
    tab = Tab(reopen_tab(serve(twenty_runs), state=link))
    looks = """all => all.map(each => {
      const { stroke, strokeDasharray } = getComputedStyle(each);
      return `${stroke} ${strokeDasharray}`;
    })"""
    for lines in ("tile-curve-line", "tile-bins"):
        drawn = tab.frame.locator(
            f"[data-testid='{lines}'][data-run], [data-testid='tile-curve'] [data-testid='{lines}']"
        )
        plots = 2 if lines == "tile-curve-line" else 1
        expect(drawn).to_have_count(plots * RUNS, timeout=30_000)
        found = drawn.evaluate_all(looks)
        assert len(set(found)) == RUNS
    samples = tab.by_id("tile-column").locator(".caption line")
    assert len(set(samples.evaluate_all(looks))) == RUNS


def test_keys_go_from_run_to_run_of_a_tile(
    reopen_tab: OpenTab, serve: Serve, twenty_runs: Path
) -> None:
    link = state_hash(runs=ALL, tile=f"{KERNEL}:1", open="1")
    tab = Tab(reopen_tab(serve(twenty_runs), state=link))
    columns, keyboard = tab.by_id("tile-column"), tab.page.keyboard
    expect(columns).to_have_count(RUNS)
    for index in (1, 2, 3):
        keyboard.press("}")
        expect(columns.nth(index)).to_be_focused()
    expect(columns.nth(3)).to_be_in_viewport(ratio=0.99)
    expect(columns.nth(0)).not_to_be_in_viewport()
    keyboard.press("{")
    expect(columns.nth(2)).to_be_focused()
    expect(columns.nth(2)).to_be_in_viewport(ratio=0.99)
    keyboard.press("?")
    expect(tab.by_id("help-dialog")).to_contain_text("column of the previous, next run")


def test_the_panel_of_a_tile_is_exported_by_the_same_key(
    open_tab: OpenTab, serve: Serve, twenty_runs: Path
) -> None:
    link = state_hash(tile=f"{KERNEL}:1", open="1")
    tab = Tab(open_tab(serve(twenty_runs), state=link))
    expect(tab.by_id("tile-header")).to_be_visible()
    tab.page.keyboard.press("e")
    scope = tab.by_id("export-scope").locator("[data-value='panel']")
    expect(scope).to_have_text("dense/kernel")
    tab.page.keyboard.press("Escape")
    expect(tab.by_id("export-dialog")).to_be_hidden()
    # What is closed is the dialog, not the tile.
    expect(tab.by_id("tile-header")).to_be_visible()


def test_an_outline_that_a_link_brought_along_goes_with_escape(
    open_tab: OpenTab, serve: Serve, twenty_runs: Path
) -> None:
    tab = Tab(open_tab(serve(twenty_runs), state=state_hash(tile=f"{KERNEL}:1")))
    outlines = tab.panel(KERNEL).locator(".outline.pinned")
    expect(outlines).to_have_count(4)
    tab.page.keyboard.press("Escape")
    expect(outlines).to_have_count(0)
    tab.page.wait_for_function("!window.location.hash.includes('nnviz.tile')")
    assert "tile" not in settings(tab.page)
