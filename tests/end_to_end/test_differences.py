"""The difference to what is pinned: another run, another point of the timeline, or both."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from playwright.sync_api import Locator, expect

from tests.end_to_end.conftest import MakeLog, OpenTab, Serve
from tests.end_to_end.difference_logs import (
    ACTIVATIONS,
    BIAS,
    EXTRA,
    KERNEL,
    SCALAR,
    STEPS,
    TEMPLATES,
    UNITS,
    write_differences,
)
from tests.end_to_end.expected import Change, change_between, read_tiles, symmetric
from tests.end_to_end.tab import (
    Tab,
    painted_cells,
    settings,
    shown_range,
    state_hash,
    table_differences,
)

pytestmark = pytest.mark.browser

LAST = 3
THEMES = {"light": "", "dark": "?darkMode=true"}
# Three that can be compared with one another.
COMPARABLE = {"runs": "!wide/nnviz"}


@pytest.fixture(scope="module")
def log(make_log: MakeLog) -> Path:
    return make_log(write_differences)


@pytest.fixture(scope="module")
def shared_tab(open_shared_tab: OpenTab, serve: Serve, log: Path) -> Tab:
    return Tab(open_shared_tab(serve(log)))


@pytest.fixture
def tab(shared_tab: Tab) -> Tab:
    shared_tab.open_state(**COMPARABLE)
    shared_tab.wait_until_painted("base", KERNEL, LAST)
    shared_tab.page.mouse.move(2, 2)
    return shared_tab


def column(tab: Tab, run: str, tag: str = KERNEL) -> Locator:
    """What stands in the place of a run in a panel."""
    ticked = [tab.run_entry(each).locator("[type='checkbox']").is_checked() for each in STEPS]
    runs = [each for each, is_ticked in zip(STEPS, ticked, strict=True) if is_ticked]
    return tab.panel(tag).locator(".column").nth(runs.index(run))


def show_difference(tab: Tab, **runs_and_steps: int) -> None:
    tab.by_id("show").select_option("difference")
    wait_for_difference(tab, **runs_and_steps)


def wait_for_difference(tab: Tab, **runs_and_steps: int) -> None:
    for run, step in runs_and_steps.items():
        expect(tab.grid(run, KERNEL)).to_have_attribute("data-show", "difference")
        tab.wait_until_painted(run, KERNEL, step)


def pin(tab: Tab, run: str) -> None:
    entry = tab.run_entry(run)
    entry.hover()
    entry.locator("[data-testid='pin-run']").click()
    expect(entry.locator("[data-testid='pin-run']")).to_have_attribute("aria-pressed", "true")


def difference(log: Path, shown: tuple[str, int], pinned: tuple[str, int]) -> Change:
    return change_between(
        read_tiles(log, shown[0], KERNEL, shown[1]), read_tiles(log, pinned[0], KERNEL, pinned[1])
    )


def assert_painted(
    tab: Tab, changes: dict[str, Change], bundle_colours: dict[str, Any], theme: str = "light"
) -> None:
    """Every run's cells have the colours of its difference, in the range that all have together."""
    low, high = symmetric(change.values for change in changes.values())
    for run, change in changes.items():
        canvas = tab.grid(run, KERNEL)
        assert shown_range(canvas) == pytest.approx((low, high), rel=1e-9)
        painted = painted_cells(canvas, len(change.values))
        hidden = (painted[..., :3] == bundle_colours["unresolved"][theme]).all(axis=-1)
        assert np.array_equal(hidden, change.unresolved)
        off = table_differences(canvas, change.values, bundle_colours["tables"], (low, high))
        assert (off.min(axis=0)[~hidden] == 0).all()
        assert (off[1][~hidden] == 0).mean() > 0.99


@pytest.mark.parametrize("theme", THEMES)
@pytest.mark.parametrize("loader", ["true", "false"])
def test_the_difference_of_two_runs_is_that_of_the_values_that_were_read(
    loader: str,
    theme: str,
    open_tab: OpenTab,
    serve: Serve,
    log: Path,
    bundle_colours: dict[str, Any],
) -> None:
    url = serve(log, f"--load_fast={loader}")
    tab = Tab(open_tab(url, query=THEMES[theme], state=state_hash(**COMPARABLE)))
    tab.wait_until_painted("base", KERNEL, LAST)
    pin(tab, "base")
    show_difference(tab, other=LAST, twin=LAST)
    change = difference(log, ("other", LAST), ("base", LAST))
    # The two are far apart, but for a cell or two.
    assert change.unresolved.mean() < 0.05
    assert_painted(tab, {"other": change}, bundle_colours, theme)


def test_the_pointer_tells_the_difference_of_the_cell_in_every_run(tab: Tab, log: Path) -> None:
    pin(tab, "base")
    show_difference(tab, other=LAST)
    tooltip = tab.hover_cell(tab.grid("other", KERNEL), place=5, row=2, column=3)
    change = difference(log, ("other", LAST), ("base", LAST))
    wanted = float(change.values[5, 2 * 5 + 3])
    expect(tooltip).to_have_attribute("data-exact", "true")
    expect(tooltip).to_have_attribute("data-to-pinned", re.compile(r"\d"))
    told = float(tooltip.get_attribute("data-to-pinned") or "nan")
    assert told == pytest.approx(wanted, abs=1e-6)
    expect(tooltip).to_contain_text("Δ to base · epoch 3")


def test_the_difference_to_another_step_is_taken_within_each_run(
    tab: Tab, log: Path, bundle_colours: dict[str, Any]
) -> None:
    tab.go_to_step_index(0)
    tab.wait_until_painted("other", KERNEL, 0)
    tab.page.keyboard.press("x")
    expect(tab.by_id("pin-here")).to_have_attribute("aria-pressed", "true")
    tab.page.keyboard.press("End")
    tab.page.keyboard.press("d")
    wait_for_difference(tab, base=LAST, other=LAST, twin=LAST)
    expect(tab.by_id("pinned-mark")).to_have_attribute("data-index", "0")
    changes = {run: difference(log, (run, LAST), (run, 0)) for run in ("base", "other", "twin")}
    assert_painted(tab, changes, bundle_colours)
    expect(tab.panel(KERNEL).locator("[data-testid='change']")).to_have_text("epoch 3 − epoch 0")
    # Where it is pinned there is no difference.
    tab.page.keyboard.press("Home")
    wait_for_difference(tab, other=0)
    expect(tab.panel(KERNEL).locator("[data-testid='own-reference']")).to_have_count(3)


def test_a_run_at_a_pinned_step_is_one_record_for_all(
    tab: Tab, log: Path, bundle_colours: dict[str, Any]
) -> None:
    pin(tab, "other")
    tab.go_to_step_index(1)
    tab.by_id("pin-here").click()
    tab.page.keyboard.press("End")
    show_difference(tab, base=LAST, other=LAST, twin=LAST)
    changes = {run: difference(log, (run, LAST), ("other", 1)) for run in ("base", "other", "twin")}
    assert_painted(tab, changes, bundle_colours)
    text = "each run at epoch 3 − other at epoch 1"
    expect(tab.panel(KERNEL).locator("[data-testid='change']")).to_have_text(text)


def test_where_the_pinned_run_lacks_the_step_its_nearest_earlier_record_is_taken_and_said(
    tab: Tab, log: Path, bundle_colours: dict[str, Any]
) -> None:
    pin(tab, "other")
    tab.go_to_step_index(2)
    show_difference(tab, base=2, other=1, twin=2)
    earlier = column(tab, "base").locator("[data-testid='earlier-reference']")
    expect(earlier).to_have_text("− epoch 1")
    changes = {run: difference(log, (run, 2), ("other", 1)) for run in ("base", "twin")}
    assert_painted(tab, changes, bundle_colours)
    expect(column(tab, "other").locator("[data-testid='own-reference']")).to_be_visible()


def test_equal_runs_say_that_there_is_no_difference(tab: Tab) -> None:
    pin(tab, "base")
    show_difference(tab, base=LAST, twin=LAST, other=LAST)
    expect(column(tab, "twin").locator("[data-testid='unchanged']")).to_have_text("no difference")
    expect(column(tab, "base").locator("[data-testid='own-reference']")).to_have_text("pinned")
    for chip in ("unchanged", "own-reference"):
        expect(column(tab, "other").locator(f"[data-testid='{chip}']")).to_have_count(0)


def test_numbers_and_vectors_are_subtracted_too(tab: Tab, log: Path) -> None:
    pin(tab, "base")
    show_difference(tab, other=LAST)
    scalar = tab.panel(SCALAR).locator("[data-testid='scalar'][data-run='other']")
    pair = [
        read_tiles(log, run, SCALAR, LAST).tiles().astype(np.float64) for run in ("other", "base")
    ]
    wanted = float(np.float32((pair[0] - pair[1]).item()))
    expect(scalar).to_have_attribute("data-value", str(wanted))
    bias = tab.wait_until_painted("other", BIAS, LAST)
    values = change_between(
        read_tiles(log, "other", BIAS, LAST), read_tiles(log, "base", BIAS, LAST)
    ).values
    assert shown_range(bias) == pytest.approx(symmetric([values]), rel=1e-9)


def test_a_scale_over_all_steps_holds_every_difference(tab: Tab, log: Path) -> None:
    pin(tab, "base")
    show_difference(tab, other=LAST)
    tab.press("scale", "fixed")
    progress = tab.panel(KERNEL).locator("[data-testid='scale-progress']")
    expect(progress).to_have_text("scale over all 4 steps")
    steps = STEPS["other"]
    all_steps = [difference(log, ("other", step), ("base", step)).values for step in steps]
    for index, step in enumerate((0, 1, 2, 3)):
        tab.go_to_step_index(index)
        canvas = tab.wait_until_painted("base", KERNEL, step)
        assert shown_range(canvas) == pytest.approx(symmetric(all_steps), rel=1e-9)


def test_what_cannot_be_compared_says_why(tab: Tab) -> None:
    tab.open_state(show="difference", pinned_run="base/nnviz")
    tab.wait_until_painted("other", KERNEL, LAST)
    wide = column(tab, "wide").locator("[data-testid='refused']")
    expect(wide).to_have_text(f"No difference: {UNITS['wide']}×6×5 here, 8×6×5 in base.")
    extra = tab.panel(EXTRA).locator("[data-testid='refused']")
    expect(extra).to_have_text(f"No difference: base has not logged {EXTRA}.")
    tab.open_state(show="difference", pinned_run="base/nnviz", view="templates", **COMPARABLE)
    classes = column(tab, "other", TEMPLATES).locator("[data-testid='refused']")
    expect(classes).to_have_text("No difference: class 1 is eel here, bee in base.")
    tab.open_state(show="difference", pinned_run="base/nnviz", view="activations", **COMPARABLE)
    samples = column(tab, "other", ACTIVATIONS).locator("[data-testid='refused']")
    expect(samples).to_have_text("No difference: other samples in base.")
    twin = column(tab, "twin", ACTIVATIONS).locator("[data-testid='unchanged']")
    expect(twin).to_have_text("no difference")


def test_asking_for_a_difference_pins_the_first_run_and_letting_go_shows_values(tab: Tab) -> None:
    show_difference(tab, other=LAST)
    expect(tab.by_id("unpin-run")).to_contain_text("base")
    expect(tab.run_entry("base").locator("[data-testid='pin-run']")).to_have_text("pinned")
    tab.by_id("unpin-run").click()
    expect(tab.by_id("show")).to_have_value("value")
    expect(tab.grid("other", KERNEL)).to_have_attribute("data-show", "value")


def test_a_link_reopens_the_difference_to_a_run_that_is_not_ticked(
    tab: Tab, open_tab: OpenTab, log: Path, bundle_colours: dict[str, Any]
) -> None:
    pin(tab, "base")
    tab.go_to_step_index(1)
    tab.page.keyboard.press("x")
    tab.page.keyboard.press("End")
    show_difference(tab, other=LAST)
    tab.run_entry("base").locator("[type='checkbox']").uncheck()
    expect(tab.grid("base", KERNEL)).to_have_count(0)
    tab.page.wait_for_function("() => location.hash.includes('pinned_point')")
    tab.page.wait_for_function("() => decodeURIComponent(location.hash).includes('!base')")
    told = settings(tab.page)
    assert (told["show"], told["pinned_run"], told["pinned_point"]) == (
        "difference",
        "base/nnviz",
        "1;1",
    )
    url, state = tab.page.url.split("#nnviz")
    other = Tab(open_tab(url, state=state))
    wait_for_difference(other, other=LAST, twin=LAST)
    changes = {run: difference(log, (run, LAST), ("base", 1)) for run in ("other", "twin")}
    assert_painted(other, changes, bundle_colours)
    expect(other.by_id("unpin-run")).to_contain_text("base")
    expect(other.by_id("unpin-point")).to_contain_text("epoch 1")
    expect(other.by_id("pinned-mark")).to_have_attribute("data-index", "1")


def test_a_run_that_is_not_in_the_log_is_said_to_be_missing(tab: Tab) -> None:
    tab.open_state(show="difference", pinned_run="gone/nnviz", **COMPARABLE)
    refused = column(tab, "base").locator("[data-testid='refused']")
    expect(refused).to_have_text("No difference: the pinned run gone is not in this log.")


def test_no_record_is_asked_for_twice_and_no_neighbour_waits(tab: Tab) -> None:
    """Once a step has been shown, the next one's difference needs no further request."""
    pin(tab, "base")
    show_difference(tab, other=LAST, twin=LAST)
    tab.go_to_step_index(2)
    wait_for_difference(tab, base=2, other=1, twin=2)
    asked: list[str] = []
    tab.page.on("request", lambda request: asked.append(request.url))
    tab.go_to_step_index(3)
    wait_for_difference(tab, base=LAST, other=LAST, twin=LAST)
    tab.wait_until_quiet()
    assert [url for url in asked if "/nnviz/records" in url] == []


def test_what_is_pinned_is_told_to_those_who_do_not_see_it(tab: Tab) -> None:
    pin(tab, "base")
    tab.page.keyboard.press("Escape")
    expect(tab.by_id("shown-words")).to_have_text("values, pinned: base")
    tab.page.keyboard.press("d")
    expect(tab.by_id("shown-words")).to_have_text("difference to base")
