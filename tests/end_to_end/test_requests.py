"""What is asked for over a whole session of use: nothing twice, and nothing while hidden."""

from __future__ import annotations

import pytest
from playwright.sync_api import expect

from tests.end_to_end import view_logs
from tests.end_to_end.asked import Asked
from tests.end_to_end.conftest import MakeLog, OpenTab, Serve
from tests.end_to_end.tab import Tab, state_hash

pytestmark = pytest.mark.browser

LOADERS = ("--load_fast=true", "--load_fast=false")
# Longer than between two looks for new data, in milliseconds of a clock that the tests put on.
LOOKS = 11_000


def settle(tab: Tab) -> None:
    """Until nothing is asked for any more."""
    tab.page.wait_for_timeout(100)
    tab.wait_until_quiet()


def hold_the_clock(tab: Tab) -> None:
    """Makes following go by a clock of the test's."""
    follow = tab.by_id("follow")
    # A timer goes by the clock that it was started with.
    if follow.get_attribute("aria-pressed") == "true":
        follow.click()
    expect(follow).to_have_attribute("aria-pressed", "false")
    settle(tab)
    tab.page.clock.install()
    follow.click()
    expect(follow).to_have_attribute("aria-pressed", "true")
    settle(tab)


def asked_meanwhile(tab: Tab, asked: Asked) -> list[str]:
    """What is asked for in longer than between two looks for new data."""
    settle(tab)
    before = len(asked.paths)
    tab.page.clock.run_for(LOOKS)
    settle(tab)
    return asked.paths[before:]


def use_view(tab: Tab, view: str) -> None:
    """Goes through its times, shows and orders, hovers, scrolls."""
    tab.frame.locator(f"[data-testid='view'][data-view='{view}']").click()
    current = tab.frame.locator("[data-testid='view'][aria-current='page']")
    expect(current).to_have_attribute("data-view", view)
    settle(tab)
    for key in ("Home", "ArrowRight", "ArrowRight", "ArrowLeft", "End"):
        tab.page.keyboard.press(key)
        settle(tab)
    for key in ("s", "s", "s", "s", "a", "t", "t", "t", "p", "h"):
        tab.page.keyboard.press(key)
        tab.page.wait_for_timeout(50)
    settle(tab)
    area = tab.frame.locator("nnviz-main-area")
    for top in ("area.scrollHeight", "0"):
        area.evaluate(f"area => {{ area.scrollTop = {top}; }}")
        settle(tab)
    canvas = tab.frame.locator("canvas[data-testid='grid']")
    if canvas.count() > 0:
        canvas.first.hover(position={"x": 4, "y": 4})
        settle(tab)


@pytest.mark.parametrize("loader", LOADERS)
def test_a_session_through_all_views_asks_for_nothing_twice_and_for_nothing_while_hidden(
    loader: str, open_tab: OpenTab, serve: Serve, make_log: MakeLog
) -> None:
    url = serve(make_log(view_logs.write_all_views), loader)
    page = open_tab("about:blank")
    asked = Asked(page)
    ticked = ",".join(view_logs.only_runs(view)["runs"] for view in view_logs.WRITERS)
    page.goto(f"{url}#nnviz{state_hash(runs=ticked)}")
    tab = Tab(page)
    expect(tab.by_id("view")).to_have_count(len(view_logs.WRITERS))
    settle(tab)
    for view in view_logs.WRITERS:
        use_view(tab, view)
    for offset in (-1, -1, -1, 2, -2, 1):
        page.evaluate("offset => { history.go(offset); }", offset)
        settle(tab)
    # All views have been asked for, and so have exact values.
    assert {tag.split("/")[0] for _, tag, _, _ in asked.items} >= set(view_logs.WRITERS)
    assert {part for *_, part in asked.items} == {"paint", "fine"}
    assert asked.twice() == []

    hold_the_clock(tab)
    # In sight it looks; so it would below.
    assert any(path.endswith("/nnviz/index") for path in asked_meanwhile(tab, asked))
    before = len(asked.paths)
    page.evaluate("window.location.hash = 'timeseries'")
    page.wait_for_function("getComputedStyle(document.querySelector(\"iframe[src*='nnviz']\"))")
    asked_meanwhile(tab, asked)
    assert asked.paths[before:] == []
    page.evaluate("history.back()")
    expect(tab.by_id("follow")).to_be_visible()
    settle(tab)
    assert asked.twice() == []


def test_nothing_is_asked_for_while_the_page_is_hidden_and_the_look_is_made_up_for_after(
    open_tab: OpenTab, serve: Serve, make_log: MakeLog
) -> None:
    url = serve(make_log(view_logs.write_all_views))
    page = open_tab("about:blank")
    asked = Asked(page)
    page.goto(f"{url}#nnviz{state_hash(**view_logs.only_runs('weights'))}")
    tab = Tab(page)
    tab.wait_until_painted("write_workbench/first", "weights/hidden/kernel", 5)
    settle(tab)
    hold_the_clock(tab)
    # In sight it looks; so it would below.
    assert any(path.endswith("/nnviz/index") for path in asked_meanwhile(tab, asked))
    set_visibility = """state => {
      Object.defineProperty(document, "visibilityState", { value: state, configurable: true });
      document.dispatchEvent(new Event("visibilitychange"));
    }"""
    tab.evaluate(set_visibility, "hidden")
    before = len(asked.paths)
    page.locator("app-header-reload button").click()
    asked_meanwhile(tab, asked)
    assert asked.paths[before:] == []
    tab.evaluate(set_visibility, "visible")
    for _ in range(50):
        if len(asked.paths) > before:
            break
        page.wait_for_timeout(100)
    assert asked.paths[before].endswith("/nnviz/index")
    settle(tab)
    assert asked.twice() == []
