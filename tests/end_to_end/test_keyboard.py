"""Every key of the list, the list itself, and reaching every control with Tab alone."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from playwright.sync_api import expect

from tests.end_to_end.conftest import OpenTab, Serve
from tests.end_to_end.tab import Tab
from tests.end_to_end.tab_walk import focused, walk_with_tab

pytestmark = pytest.mark.browser

KERNEL = "weights/hidden/kernel"
LAST = 5


@pytest.fixture(scope="module")
def shared_tab(open_shared_tab: OpenTab, serve: Serve, workbench: Path) -> Tab:
    return Tab(open_shared_tab(serve(workbench)))


@pytest.fixture
def tab(shared_tab: Tab) -> Tab:
    shared_tab.open_state()
    shared_tab.wait_until_painted("first", KERNEL, LAST)
    # A press on the page, where nothing is, takes the focus from the control of the last test.
    shared_tab.frame.locator("nnviz-main-area").click(position={"x": 4, "y": 4})
    return shared_tab


def pressed(tab: Tab, test_id: str) -> str:
    button = tab.by_id(test_id).locator("[aria-pressed='true']")
    return button.get_attribute("data-value") or ""


def test_keys_of_time(tab: Tab) -> None:
    slider, keyboard = tab.by_id("step-slider"), tab.page.keyboard
    for key, value in (
        ("Home", "0"),
        ("ArrowRight", "1"),
        ("ArrowRight", "2"),
        ("ArrowLeft", "1"),
        ("End", "5"),
    ):
        keyboard.press(key)
        expect(slider).to_have_js_property("value", value)
    play, loop, follow = (tab.by_id(name) for name in ("play", "loop", "follow"))
    keyboard.press("l")
    expect(loop).to_have_attribute("aria-pressed", "true")
    keyboard.press("Space")
    expect(play).to_have_attribute("aria-label", "Pause")
    keyboard.press("Space")
    expect(play).to_have_attribute("aria-label", "Play")
    keyboard.press("l")
    expect(loop).to_have_attribute("aria-pressed", "false")
    keyboard.press("Home")
    expect(follow).to_have_attribute("aria-pressed", "false")
    keyboard.press("f")
    expect(follow).to_have_attribute("aria-pressed", "true")
    expect(slider).to_have_js_property("value", "5")


def test_keys_of_grids_go_through_all_choices_and_round(tab: Tab) -> None:
    keyboard = tab.page.keyboard
    for key, control in (("s", "show"), ("c", "colours"), ("t", "sort")):
        choices = tab.by_id(control).locator("option")
        values = choices.evaluate_all("options => options.map(option => option.value)")
        assert len(values) >= 3
        for value in [*values[1:], values[0]]:
            keyboard.press(key)
            expect(tab.by_id(control)).to_have_value(value)
    seen = []
    for _ in range(4):
        keyboard.press("a")
        tab.page.wait_for_timeout(50)
        seen.append(pressed(tab, "scale"))
    assert seen == ["fixed", "per-tile", "per-run", "shared"]
    keyboard.press("o")
    expect(tab.by_id("outlines")).to_be_checked()
    keyboard.press("o")
    expect(tab.by_id("outlines")).not_to_be_checked()


def test_keys_of_views_and_histograms(tab: Tab) -> None:
    keyboard = tab.page.keyboard
    keyboard.press("2")
    current = tab.frame.locator("[data-testid='view'][aria-current='page']")
    expect(current).to_have_attribute("data-view", "histograms")
    for key, control, values in (
        ("p", "histogram-plot", ["ridge", "runs", "overlay"]),
        ("h", "histogram-height", ["log-count", "density", "count"]),
    ):
        for value in values:
            keyboard.press(key)
            button = tab.by_id(control).locator(f"[data-value='{value}']")
            expect(button).to_have_attribute("aria-pressed", "true")
    for key, value in (("d", "difference"), ("d", "value"), ("s", "change-since-start")):
        tab.page.keyboard.press(key)
        expect(tab.by_id("show")).to_have_value(value)
    keyboard.press("1")
    expect(current).to_have_attribute("data-view", "weights")


def test_keys_of_place(tab: Tab) -> None:
    keyboard = tab.page.keyboard
    focused = tab.frame.locator("[data-testid='panel']:focus")
    for key, tag in (
        ("]", KERNEL),
        ("]", "weights/hidden/bias"),
        ("]", "weights/conv/kernel"),
        ("[", "weights/hidden/bias"),
    ):
        keyboard.press(key)
        expect(focused).to_have_attribute("data-tag", tag)
        expect(focused).to_be_in_viewport()
    keyboard.press("/")
    expect(tab.by_id("layer-filter")).to_be_focused()
    keyboard.type("lstm")
    expect(tab.by_id("panel")).to_have_count(1)
    # The keys of the screen are letters in a field: `t` and `s` have changed nothing.
    expect(tab.by_id("sort")).to_have_value("index")
    keyboard.press("Escape")
    expect(tab.by_id("layer-filter")).to_have_value("")
    expect(tab.by_id("layer-filter")).to_be_focused()
    keyboard.press("Escape")
    expect(tab.by_id("layer-filter")).not_to_be_focused()
    # The panel that had the focus is gone, as the filter did not have it for a while.
    for key, field in (("r", "run-filter"), ("u", "find"), ("/", "layer-filter")):
        keyboard.press("]")
        here = tab.frame.locator("[data-testid='panel']:focus").get_attribute("data-tag")
        keyboard.press(key)
        expect(tab.by_id(field)).to_be_focused()
        keyboard.press("Escape")
        expect(focused).to_have_attribute("data-tag", str(here))


def test_escape_lets_go_of_the_pinned_tile(tab: Tab) -> None:
    canvas = tab.wait_until_painted("first", KERNEL, LAST)
    canvas.scroll_into_view_if_needed()
    canvas.click(position={"x": 5, "y": 5}, modifiers=["Shift"])
    pinned = tab.panel(KERNEL).locator(".outline.pinned")
    # The same tile is outlined in both runs.
    expect(pinned).to_have_count(2)
    tab.page.keyboard.press("Escape")
    expect(pinned).to_have_count(0)


def test_keys_walk_through_a_grid_and_show_what_the_pointer_shows(tab: Tab) -> None:
    canvas = tab.wait_until_painted("first", KERNEL, LAST)
    keyboard, tooltip, step = tab.page.keyboard, tab.by_id("tooltip"), tab.by_id("step-slider")
    before = step.input_value()
    canvas.focus()
    keyboard.press("ArrowRight")  # the first key shows where the walk begins
    for key in ("ArrowRight", "ArrowRight", "ArrowDown"):
        keyboard.press(key)
    # The walk asks for the exact values of this step and of the start, one after the other.
    expect(tooltip).to_have_attribute("data-exact", "true")
    expect(tooltip).to_have_attribute("data-since-start", re.compile("."))
    expect(tooltip).to_have_attribute("data-since-previous", re.compile("."))
    walked = tooltip.inner_text()
    zoom = float(canvas.get_attribute("data-zoom") or 0)
    canvas.hover(position={"x": 2.5 * zoom, "y": 1.5 * zoom})
    expect(tooltip).to_have_text(walked, use_inner_text=True)
    keyboard.press("Shift+ArrowRight")
    expect(tooltip).not_to_have_text(walked, use_inner_text=True)
    keyboard.press("Space")
    expect(tab.panel(KERNEL).locator(".outline.pinned")).to_have_count(2)
    expect(tab.by_id("play")).to_have_attribute("aria-label", "Play")
    assert step.input_value() == before
    # A click leaves the arrow keys to the timeline.
    canvas.evaluate("canvas => canvas.blur()")
    canvas.click(position={"x": 5, "y": 5}, modifiers=["Shift"])
    keyboard.press("ArrowLeft")
    expect(step).to_have_value(str(int(before) - 1))
    keyboard.press("Escape")


def test_the_list_of_keys_opens_keeps_the_focus_and_closes(tab: Tab) -> None:
    dialog = tab.by_id("help-dialog")
    expect(dialog).to_be_hidden()
    tab.page.keyboard.press("?")
    expect(dialog).to_be_visible()
    for key in ("←", "Space", "[", "/", "Esc", "s", "t", "?"):
        expect(
            dialog.locator("kbd", has_text=re.compile(f"^{re.escape(key)}$")).first
        ).to_be_visible()
    # While it is open, keys do nothing behind it.
    tab.page.keyboard.press("s")
    expect(tab.by_id("show")).to_have_value("value")
    tab.page.keyboard.press("Escape")
    expect(dialog).to_be_hidden()
    tab.by_id("help").click()
    expect(dialog).to_be_visible()
    dialog.get_by_role("button", name="Close").click()
    expect(dialog).to_be_hidden()


WANTED = {
    "weights": {
        *("run-filter", "run", "run-colour", "only", "all-runs", "no-runs", "view"),
        *("layer-filter", "fold-all", "unfold-all", "show", "scale", "colours", "sort"),
        *("columns", "tile-size", "outlines", "smooth", "play", "step-slider", "time-axis"),
        *("step-number", "speed", "loop", "follow", "help", "layer", "placement"),
    },
    "histograms": {
        *("histogram-plot", "histogram-height", "show", "layers-per-plot"),
        *("pin-point", "bin-probe", "play", "step-slider", "help", "view", "layer"),
    },
}


@pytest.mark.parametrize("view", WANTED)
def test_tab_reaches_every_control_shows_where_it_is_and_leaves_again(view: str, tab: Tab) -> None:
    # A step in the middle, where no button of the timeline is disabled.
    tab.open_state(view=view, at="1;2")
    expect(tab.by_id("step-number")).to_have_value("2")
    reached = walk_with_tab(tab)
    assert WANTED[view] - reached == set()
    # The way back is open from everywhere; looked at in the middle.
    tab.by_id("play").focus()
    tab.page.keyboard.press("Tab")
    assert focused(tab)["name"] != "button play Play"
    tab.page.keyboard.press("Shift+Tab")
    expect(tab.by_id("play")).to_be_focused()
