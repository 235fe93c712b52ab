"""What is looked at in a graph is kept, however it was reached, and for each model by itself."""

from __future__ import annotations

import re

import pytest
from playwright.sync_api import Locator, expect

from tests.end_to_end import graph_logs
from tests.end_to_end.conftest import MakeLog, OpenTab, Serve
from tests.end_to_end.graph_tab import button, node
from tests.end_to_end.tab import Tab, state_hash

pytestmark = pytest.mark.browser

PLACE_KEPT = re.compile("graph_at")


def drawing(tab: Tab) -> Locator:
    """What moves."""
    return tab.by_id("graph-viewport").locator(".drawing")


def test_a_place_that_unfolding_leads_to_is_in_the_address(
    open_tab: OpenTab, serve: Serve, make_log: MakeLog
) -> None:
    url = serve(make_log(graph_logs.write_graphs), "--load_fast=true")
    tab = Tab(open_tab(url, state=state_hash(view="graph")))
    tab.by_id("fold-model").click()
    expect(node(tab, f"{graph_logs.ENCODER}/dense")).to_be_visible()
    tab.page.wait_for_url(PLACE_KEPT)
    expect(drawing(tab)).not_to_have_class(re.compile("moving"))


def test_a_place_that_the_focus_leads_to_is_in_the_address(
    open_tab: OpenTab, serve: Serve, make_log: MakeLog
) -> None:
    url = serve(make_log(graph_logs.write_deep_graph), "--load_fast=true")
    tab = Tab(open_tab(url, state=state_hash(view="graph")))
    expect(node(tab, "image")).to_be_visible()
    # The next focus counts as one that the keyboard has moved.
    tab.page.keyboard.press("Tab")
    button(tab, "digit").focus()
    expect(node(tab, "digit")).to_be_in_viewport()
    tab.page.wait_for_url(PLACE_KEPT)
    expect(drawing(tab)).not_to_have_class(re.compile("moving"))


def test_models_that_move_at_once_are_both_left_where_they_have_moved_to(
    open_tab: OpenTab, serve: Serve, make_log: MakeLog
) -> None:
    url = serve(make_log(graph_logs.write_two_models), "--load_fast=true")
    tab = Tab(open_tab(url, state=state_hash(view="graph")))
    viewports = tab.by_id("graph-viewport")
    expect(viewports).to_have_count(2)
    first, second = (float(each.get_attribute("data-zoom") or "") for each in viewports.all())
    viewports.nth(0).evaluate(
        """async first => {
            const root = first.getRootNode().host.getRootNode();
            const [, other] = root.querySelectorAll("nnviz-graph-card");
            const second = other.shadowRoot.querySelector(".viewport");
            const zoomIn = at => at.dispatchEvent(new KeyboardEvent("keydown", { key: "+" }));
            const wait = time => new Promise(resolve => setTimeout(resolve, time));
            zoomIn(first);
            // The first comes to rest while the second moves.
            for (let turn = 0; turn < 8; turn++) {
                await wait(50);
                if (turn === 3) zoomIn(second);
            }
        }"""
    )
    expect(drawing(tab).nth(1)).not_to_have_class(re.compile("moving"))
    expect(viewports.nth(0)).to_have_attribute("data-zoom", f"{1.25 * first:.4f}")
    expect(viewports.nth(1)).to_have_attribute("data-zoom", f"{1.25 * second:.4f}")


def test_keys_lead_from_one_graph_to_the_next_and_back(
    open_tab: OpenTab, serve: Serve, make_log: MakeLog
) -> None:
    url = serve(make_log(graph_logs.write_two_models), "--load_fast=true")
    tab = Tab(open_tab(url, state=state_hash(view="graph")))
    viewports = tab.by_id("graph-viewport")
    expect(viewports).to_have_count(2)
    tab.page.set_viewport_size({"width": 1280, "height": 600})
    focused = tab.frame.locator("[data-testid='graph']:focus")
    for key, card in (("]", 0), ("]", 1), ("]", 1), ("[", 0)):
        tab.page.keyboard.press(key)
        expect(focused.get_by_test_id("graph-viewport")).to_have_attribute(
            "aria-label", viewports.nth(card).get_attribute("aria-label") or ""
        )
        expect(viewports.nth(card)).to_be_in_viewport(ratio=0.9)
