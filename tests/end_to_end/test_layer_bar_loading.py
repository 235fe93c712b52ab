"""The bar that plays through the layers is loaded with the first activations, in its place."""

from __future__ import annotations

import re

import pytest
from playwright.sync_api import Locator, Route, expect

from tests.end_to_end import layer_logs
from tests.end_to_end.conftest import MakeLog, OpenTab, Serve
from tests.end_to_end.layer_walk import show_one
from tests.end_to_end.tab import Tab, state_hash

pytestmark = pytest.mark.browser

MODULE = re.compile(r"/chunks/layer_bar_module\.js$")
LAYER = "activations/conv2d_1"


def painted(tab: Tab) -> Locator:
    return tab.frame.locator("canvas[data-testid='grid'][data-painted='true']").first


@pytest.mark.parametrize("width", [1000, 1600])
@pytest.mark.parametrize("mode", ["all", "one"])
def test_while_the_bar_is_on_its_way_everything_below_keeps_its_place(
    mode: str, width: int, open_tab: OpenTab, serve: Serve, make_log: MakeLog
) -> None:
    page = open_tab("about:blank", viewport={"width": width, "height": 900})
    waiting: list[Route] = []

    def hold(route: Route) -> None:
        waiting.append(route)

    page.route(MODULE, hold)
    state = state_hash(view="activations", layer_mode=mode, layer=LAYER)
    page.goto(f"{serve(make_log(layer_logs.write_layers))}#nnviz{state}")
    tab = Tab(page)
    expect(painted(tab)).to_be_attached()
    expect(tab.by_id("layer-player")).to_have_count(0)
    shown = tab.by_id("stage") if mode == "one" else tab.by_id("panel").first
    before = shown.bounding_box()
    for route in waiting:
        route.continue_()
    expect(tab.by_id("layer-player")).to_be_visible()
    tab.wait_until_quiet()
    assert shown.bounding_box() == before


def test_it_is_asked_for_once_when_activations_are_shown(
    open_tab: OpenTab, serve: Serve, make_log: MakeLog
) -> None:
    page = open_tab("about:blank")
    asked: list[str] = []
    page.on("request", lambda request: asked.append(request.url))
    page.goto(f"{serve(make_log(layer_logs.write_templates))}#nnviz{state_hash(view='templates')}")
    tab = Tab(page)
    expect(tab.by_id("panel").first).to_be_visible()
    tab.wait_until_quiet()
    assert [url for url in asked if MODULE.search(url)] == []
    page.goto(f"{serve(make_log(layer_logs.write_layers))}#nnviz{state_hash(view='activations')}")
    expect(tab.by_id("layer-player")).to_be_visible()
    show_one(tab)
    expect(tab.by_id("stage")).to_be_visible()
    assert len([url for url in asked if MODULE.search(url)]) == 1


def test_a_bar_that_does_not_come_is_said_and_can_be_asked_for_again(
    open_tab: OpenTab, serve: Serve, make_log: MakeLog
) -> None:
    page = open_tab("about:blank", expected="ERR_FAILED")
    page.route(MODULE, lambda route: route.abort())
    state = state_hash(view="activations")
    page.goto(f"{serve(make_log(layer_logs.write_layers))}#nnviz{state}")
    tab = Tab(page)
    expect(tab.by_id("error")).to_contain_text("Playing through the layers could not be loaded")
    expect(painted(tab)).to_be_attached()
    tab.by_id("error").get_by_role("button", name="Retry").click()
    expect(tab.by_id("layer-player")).to_be_visible()
    expect(tab.by_id("error")).to_have_count(0)
