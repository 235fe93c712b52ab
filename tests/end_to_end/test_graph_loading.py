"""The graph's part of the screen is loaded when it is first shown, and can be asked for again."""

from __future__ import annotations

import pytest
from playwright.sync_api import Page, Route, expect

from tests.end_to_end import graph_logs
from tests.end_to_end.conftest import MakeLog, OpenTab, Serve
from tests.end_to_end.tab import Tab, state_hash

pytestmark = pytest.mark.browser

CHUNKS = "**/static/chunks/graph_module.js*"
GRAPH = state_hash(view="graph")
FLAGS = ("--load_fast=true",)


def scripts_of(page: Page) -> list[str]:
    """Names of the scripts that the tab has asked for, below ``static/``."""
    asked: list[str] = []
    page.on(
        "request",
        lambda request: (
            asked.append(request.url.rpartition("/static/")[2])
            if "/nnviz/static/" in request.url
            else None
        ),
    )
    return asked


FIRST = ["index.js", "screen.js"]


def test_a_screen_that_does_not_come_leaves_a_message_in_place_of_a_blank_tab(
    open_tab: OpenTab, serve: Serve, make_log: MakeLog
) -> None:
    url = serve(make_log(graph_logs.write_graphs), *FLAGS)
    page = open_tab("about:blank", expected="Failed to load resource")
    page.route("**/static/screen.js", lambda route: route.abort())
    page.goto(f"{url}#nnviz")
    body = Tab(page).frame.locator("body")
    expect(body).to_contain_text("NN VIZ could not be opened")
    expect(body).to_contain_text("Reload the page")


def test_no_module_of_a_view_is_asked_for_before_the_view_is_shown(
    open_tab: OpenTab, serve: Serve, make_log: MakeLog
) -> None:
    url = serve(make_log(graph_logs.write_graphs), *FLAGS)
    page = open_tab("about:blank")
    asked = scripts_of(page)
    page.goto(f"{url}#nnviz")
    tab = Tab(page)
    tab.wait_until_painted("first", "weights/refine/kernel", 2)
    assert scripts(asked) == FIRST
    tab.frame.locator("[data-testid='view'][data-view='graph']").click()
    expect(tab.by_id("graph").first).to_be_visible()
    others = scripts(asked)[len(FIRST) :]
    # And what it has in common with others that come later.
    assert "chunks/graph_module.js" in others
    assert all(name.startswith(("chunks/graph_", "chunks/shared")) for name in others)


def scripts(asked: list[str]) -> list[str]:
    return [name for name in asked if name.endswith(".js")]


def test_under_a_path_prefix_the_module_is_found(
    open_tab: OpenTab, serve: Serve, make_log: MakeLog
) -> None:
    url = serve(make_log(graph_logs.write_graphs), *FLAGS, "--path_prefix=/foo/bar")
    tab = Tab(open_tab(url, state=GRAPH))
    expect(tab.by_id("graph").first).to_be_visible()


def test_a_module_that_does_not_come_is_told_and_can_be_asked_for_again(
    open_tab: OpenTab, serve: Serve, make_log: MakeLog
) -> None:
    url = serve(make_log(graph_logs.write_graphs), *FLAGS)
    page = open_tab("about:blank", expected="Failed to load resource")
    page.route(CHUNKS, lambda route: route.abort())
    page.goto(f"{url}#nnviz{GRAPH}")
    tab = Tab(page)
    expect(tab.by_id("error")).to_contain_text("could not be loaded")
    page.unroute(CHUNKS)
    tab.by_id("error").get_by_role("button", name="Retry").click()
    expect(tab.by_id("graph").first).to_be_visible()
    expect(tab.by_id("error")).to_have_count(0)


def test_while_the_module_is_on_its_way_the_card_keeps_its_place(
    open_tab: OpenTab, serve: Serve, make_log: MakeLog
) -> None:
    url = serve(make_log(graph_logs.write_graphs), *FLAGS)
    page = open_tab("about:blank")
    waiting: list[Route] = []

    def hold(route: Route) -> None:
        waiting.append(route)

    page.route(CHUNKS, hold)
    page.goto(f"{url}#nnviz{GRAPH}")
    tab = Tab(page)
    expect(tab.by_id("deferred-pending")).to_be_visible()
    before = tab.panel("graph").bounding_box()
    for route in waiting:
        route.continue_()
    expect(tab.by_id("graph").first).to_be_visible()
    after = tab.panel("graph").bounding_box()
    assert before is not None
    assert after is not None
    assert (before["x"], before["y"], before["width"]) == (after["x"], after["y"], after["width"])
    assert before["height"] > 300
