"""The histograms' part of the screen is loaded when it is first shown; their panels have places."""

from __future__ import annotations

from pathlib import Path

import pytest
from playwright.sync_api import Route, expect

from tests.end_to_end.conftest import OpenTab, Serve
from tests.end_to_end.tab import Tab, state_hash

pytestmark = pytest.mark.browser

CHUNKS = "**/static/chunks/histogram_module.js*"
KERNEL = "histograms/hidden/kernel"


@pytest.mark.parametrize("plot", ["overlay", "ridge", "runs"])
def test_while_the_module_is_on_its_way_the_panels_keep_their_places(
    plot: str, open_tab: OpenTab, serve: Serve, workbench: Path
) -> None:
    page = open_tab("about:blank")
    waiting: list[Route] = []

    def hold(route: Route) -> None:
        waiting.append(route)

    page.route(CHUNKS, hold)
    page.goto(
        f"{serve(workbench)}#nnviz{state_hash(view='histograms', plot=plot, layers='hidden')}"
    )
    tab = Tab(page)
    expect(tab.by_id("deferred-pending").first).to_be_visible()
    panels = tab.by_id("panel")
    before = [panel.bounding_box() for panel in panels.all()]
    assert len(before) == 5
    for route in waiting:
        route.continue_()
    plots = tab.panel(KERNEL).locator("[data-testid='histogram-plot'][data-painted='true']")
    expect(plots).to_have_count(1 if plot == "runs" else 2)
    expect(tab.by_id("deferred-pending")).to_have_count(0)
    assert [panel.bounding_box() for panel in panels.all()] == before
