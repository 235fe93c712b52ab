"""Hidden units under classes: every bar has the sign and the length of its weight."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest
from numpy.typing import NDArray
from playwright.sync_api import Locator, expect

from tests.end_to_end import class_bars_logs as bars_log
from tests.end_to_end.class_bars_logs import CLASSES, STEPS, TEMPLATES, UNITS, WEIGHTS
from tests.end_to_end.conftest import MakeLog, OpenTab, Serve
from tests.end_to_end.tab import Tab, painted_order, state_hash
from tests.end_to_end.test_accessibility import serious_violations

pytestmark = pytest.mark.browser

RUNS = ("first", "second")
LAST = STEPS[-1]
_BARS = """bars => bars.map(bar => {
  const row = bar.parentElement;
  const zero = row.querySelector("line").getBoundingClientRect();
  const { left, right, width } = bar.getBoundingClientRect();
  return { unit: +bar.dataset.unit, class: +bar.dataset.class, value: bar.dataset.value,
    kind: bar.getAttribute("class"), words: bar.getAttribute("aria-label"),
    left, right, width, zero: (zero.left + zero.right) / 2 };
})"""


@pytest.fixture(scope="module")
def shared_tab(open_shared_tab: OpenTab, serve: Serve, make_log: MakeLog) -> Tab:
    return Tab(open_shared_tab(serve(make_log(bars_log.write_class_bars), "--load_fast=true")))


@pytest.fixture
def tab(shared_tab: Tab) -> Tab:
    shared_tab.open_state(view="templates", unfolded=TEMPLATES)
    for run in RUNS:
        shared_tab.wait_until_painted(run, TEMPLATES, LAST)
        expect(bars(shared_tab, run)).to_have_count(UNITS * len(CLASSES))
    return shared_tab


def bars(tab: Tab, run: str) -> Locator:
    return drawing(tab, run).locator("[data-testid='class-bar']")


def drawing(tab: Tab, run: str) -> Locator:
    return tab.frame.locator(f"[data-testid='class-bars'][data-run='{run}']")


def assert_bars_are(tab: Tab, shown: dict[str, NDArray[Any]]) -> None:
    """Sign and length of all bars, on one scale over all runs and units."""
    finite = np.concatenate([values[np.isfinite(values)] for values in shown.values()])
    scale = float(np.abs(finite).max())
    for run, values in shown.items():
        seen: set[tuple[int, int]] = set()
        assert float(drawing(tab, run).get_attribute("data-scale") or "nan") == pytest.approx(scale)
        side = tab.grid(run, TEMPLATES).evaluate(
            "canvas => canvas.dataset.tileWidth * canvas.dataset.zoom"
        )
        for bar in bars(tab, run).evaluate_all(_BARS):
            value = float(values[bar["unit"], bar["class"]])
            seen.add((bar["unit"], bar["class"]))
            shown_value = float(bar["value"].replace("Infinity", "inf"))
            np.testing.assert_equal(shown_value, value)
            assert bar["words"].startswith(f"{CLASSES[bar['class']]}: ")
            if np.isnan(value) or value == 0:
                assert bar["width"] == 0
                assert bar["kind"] == ("none" if np.isnan(value) else "zero")
                continue
            # Of what is next to nothing a pixel shows the sign.
            length = max(1.0, abs(value) / scale * side / 2)
            assert bar["width"] == pytest.approx(length, abs=0.6)
            if value < 0:
                assert bar["kind"] == "negative"
                assert bar["right"] <= bar["zero"] + 1
            else:
                assert bar["kind"] == "positive"
                assert bar["left"] >= bar["zero"] - 1
        assert seen == {(unit, each) for unit in range(UNITS) for each in range(len(CLASSES))}


def logged(step: int) -> dict[str, NDArray[Any]]:
    return {run: bars_log.class_weights(step, seed) for seed, run in enumerate(RUNS)}


@pytest.mark.parametrize("index", STEPS)
def test_every_bar_has_the_sign_and_length_of_its_weight_at_every_step(
    index: int, tab: Tab
) -> None:
    tab.go_to_step_index(index)
    for run in RUNS:
        expect(drawing(tab, run)).to_have_attribute("data-step", str(index))
    assert_bars_are(tab, logged(index))


@pytest.mark.parametrize(
    ("show", "other"), [("change-since-start", 0), ("change-since-previous", LAST - 1)]
)
def test_bars_of_a_change_show_what_the_weights_have_changed_by(
    show: str, other: int, tab: Tab
) -> None:
    tab.by_id("show").select_option(show)
    for run in RUNS:
        expect(tab.grid(run, TEMPLATES)).to_have_attribute("data-show", show)
    now, then = logged(LAST), logged(other)
    assert_bars_are(tab, {run: now[run] - then[run] for run in RUNS})


def test_the_weights_are_no_panel_of_their_own(tab: Tab) -> None:
    expect(tab.by_id("panel")).to_have_count(1)
    expect(tab.panel(WEIGHTS)).to_have_count(0)


def test_a_scale_over_all_steps_is_that_of_the_largest_weight_of_any(tab: Tab) -> None:
    tab.press("scale", "fixed")
    weights = np.stack([values for step in STEPS for values in logged(step).values()])
    most = float(np.nanmax(np.abs(weights)))
    for step in STEPS:
        tab.go_to_step_index(step)
        for run in RUNS:
            expect(drawing(tab, run)).to_have_attribute("data-step", str(step))
        scales = [float(drawing(tab, run).get_attribute("data-scale") or "nan") for run in RUNS]
        assert scales == pytest.approx([most, most])


def test_a_class_sorts_the_units_of_all_runs_descending_ascending_and_no_more(tab: Tab) -> None:
    column = logged(LAST)["first"][:, 3]
    button = tab.frame.locator("[data-testid='bar-class'][data-class='3']").first
    ascending = list(np.argsort(column, kind="stable"))
    descending = list(np.argsort(-column, kind="stable"))
    for order, words in ((descending, "↓"), (ascending, "↑")):
        button.click()
        expect(tab.by_id("class-sort")).to_have_text(f"sorted by three {words}")
        expect(button).to_have_attribute("aria-pressed", "true")
        for run in RUNS:
            assert painted_order(tab.grid(run, TEMPLATES), UNITS) == order
    assert_bars_are(tab, logged(LAST))
    tab.page.wait_for_timeout(800)
    assert "class_sort=templates/hidden" in tab.page.url.replace("%2F", "/").replace("%253A", ":")
    button.press("Enter")
    expect(tab.by_id("class-sort")).to_have_count(0)
    for run in RUNS:
        assert painted_order(tab.grid(run, TEMPLATES), UNITS) == list(range(UNITS))


def test_a_link_reopens_the_order(open_tab: OpenTab, serve: Serve, make_log: MakeLog) -> None:
    url = serve(make_log(bars_log.write_class_bars), "--load_fast=true")
    state = state_hash(view="templates", class_sort=f"{TEMPLATES}:-4", unfolded=TEMPLATES)
    tab = Tab(open_tab(url, state=state))
    tab.wait_until_painted("first", TEMPLATES, LAST)
    expect(tab.by_id("class-sort")).to_have_text("sorted by three ↑")
    column = logged(LAST)["first"][:, 3]
    order = painted_order(tab.grid("first", TEMPLATES), UNITS)
    assert order == list(np.argsort(column, kind="stable"))


def test_hovering_a_bar_says_the_weight_in_every_run_and_outlines_the_unit(tab: Tab) -> None:
    bar = drawing(tab, "first").locator("[data-unit='4'][data-class='2']")
    bar.scroll_into_view_if_needed()
    box = bar.bounding_box()
    assert box is not None
    tab.page.mouse.move(box["x"] + box["width"] / 2, box["y"] + box["height"] / 2)
    tooltip = tab.by_id("tooltip")
    expect(tooltip).to_contain_text("unit 4 · class 2 (two)")
    value = float(logged(LAST)["first"][4, 2])
    assert float(tooltip.get_attribute("data-value") or "nan") == value
    expect(tooltip).to_contain_text("second")
    expect(tab.frame.locator(".outline.hovered")).to_have_count(2)


def test_tiles_above_the_bars_say_their_values_and_are_pinned_by_shift_and_click(tab: Tab) -> None:
    tab.page.keyboard.down("Shift")
    for place in (0, UNITS - 1):
        tooltip = tab.hover_cell(tab.grid("first", TEMPLATES), place=place, row=3, column=4)
        expect(tooltip).to_contain_text(f"unit {place}")
        tab.page.mouse.down()
        tab.page.mouse.up()
        expect(tab.frame.locator(".outline.pinned")).to_have_count(2)
        tab.page.mouse.down()
        tab.page.mouse.up()
        expect(tab.frame.locator(".outline.pinned")).to_have_count(0)
    tab.page.keyboard.up("Shift")


def test_readers_of_the_screen_get_a_table_of_units_and_classes(tab: Tab) -> None:
    table = tab.frame.get_by_role("table", name="run first")
    expect(table.get_by_role("row")).to_have_count(UNITS)
    first = table.get_by_role("row", name="unit 0", exact=True)
    assert first.get_by_role("cell").count() == len(CLASSES)


def test_of_many_classes_the_strongest_are_shown_and_a_run_without_weights_is_told_apart(
    open_tab: OpenTab, serve: Serve, make_log: MakeLog
) -> None:
    url = serve(make_log(bars_log.write_many_classes), "--load_fast=true")
    tab = Tab(open_tab(url, state=state_hash(view="templates")))
    tab.wait_until_painted("many", TEMPLATES, 0)
    header = tab.panel(TEMPLATES).locator("header")
    expect(header).to_contain_text("40 of 60 classes")
    names = tab.frame.locator("[data-testid='bar-class']").first
    expect(names).to_contain_text("class")
    expect(tab.by_id("no-bars")).to_have_text("no class weights")
    shown = tab.by_id("fold")
    expect(shown).to_contain_text("of 40 tiles. Show all")
    before = bars(tab, "many").count()
    shown.click()
    expect(bars(tab, "many")).to_have_count(40 * 40)
    assert before < 40 * 40


@pytest.mark.parametrize("query", ["", "?darkMode=true"])
def test_bars_have_no_serious_violation(
    query: str, open_tab: OpenTab, serve: Serve, make_log: MakeLog
) -> None:
    url = serve(make_log(bars_log.write_class_bars), "--load_fast=true")
    state = state_hash(view="templates", class_sort=f"{TEMPLATES}:1")
    tab = Tab(open_tab(url, query=query, state=state))
    tab.wait_until_painted("first", TEMPLATES, LAST)
    assert serious_violations(tab) == []
