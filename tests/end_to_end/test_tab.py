"""The tab in a real Chromium, against a real tensorboard, on the log of the demo."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from playwright.sync_api import Page, expect

from tests.end_to_end.conftest import OpenTab, Serve
from tests.end_to_end.expected import read_tiles as read
from tests.end_to_end.tab import (
    Tab,
    assert_painted_as_read,
    shown_range,
    state_hash,
)

pytestmark = pytest.mark.browser

FIRST_LAYER = "weights/dense/kernel"
RUNS = ("mlp-4000", "mlp-500")
# Unticks the others, as a link does.
ONLY_RUNS = "!conv-4000/nnviz,!linear-4000/nnviz"
SERVERS = {
    "rust": ("--load_fast=true",),
    "python": ("--load_fast=false",),
    "path prefix": ("--load_fast=true", "--path_prefix=/foo/bar"),
}


@pytest.fixture(scope="module")
def shared_tab(open_shared_tab: OpenTab, serve: Serve, demo_log: Path) -> Tab:
    return Tab(open_shared_tab(serve(demo_log, *SERVERS["rust"])))


@pytest.fixture
def tab(shared_tab: Tab) -> Tab:
    """The tab on the demo's log, painted at the last step with two runs and nothing else chosen."""
    shared_tab.open_state(runs=ONLY_RUNS)
    for run in RUNS:
        shared_tab.wait_until_painted(run, FIRST_LAYER, 8)
    return shared_tab


@pytest.mark.parametrize("server", SERVERS)
def test_both_runs_are_painted_with_the_values_that_were_logged(
    server: str, open_tab: OpenTab, serve: Serve, demo_log: Path, colour_tables: dict[str, Any]
) -> None:
    tab = Tab(open_tab(serve(demo_log, *SERVERS[server]), state=state_hash(runs=ONLY_RUNS)))
    tab.wait_until_painted(RUNS[0], FIRST_LAYER, 8)
    assert tab.last_step_index() == 8
    for step in (0, 8):
        tab.go_to_step_index(step)
        records = {run: read(demo_log, run, FIRST_LAYER, step) for run in RUNS}
        largest = max(float(np.abs(record.values).max()) for record in records.values())
        for run, record in records.items():
            canvas = tab.wait_until_painted(run, FIRST_LAYER, step)
            assert shown_range(canvas) == pytest.approx((-largest, largest), rel=1e-12)
            assert canvas.get_attribute("data-tiles") == "512"
            assert_painted_as_read(canvas, record, colour_tables, shown_range(canvas))

    # Hover over a cell of the second run: the value is LogReader's to the last bit.
    canvas = tab.grid("mlp-500", FIRST_LAYER)
    tooltip = tab.hover_cell(canvas, place=3, row=11, column=17)
    expect(tooltip).to_have_attribute("data-exact", "true")
    for name, index in (("tile", 3), ("row", 11), ("column", 17)):
        expect(tooltip).to_have_attribute(f"data-{name}", str(index))
    assert float(tooltip.get_attribute("data-value") or "nan") == float(
        records["mlp-500"].values[3, 11, 17]
    )
    expect(tooltip).to_contain_text("unit 3")
    expect(tooltip).to_contain_text("row 11, column 17")
    expect(tooltip).to_contain_text("mlp-4000")
    expect(canvas).to_be_visible()


def record_requests(page: Page) -> list[str]:
    """URLs of the requests for records that the page sends from now on."""
    urls: list[str] = []
    page.on(
        "request",
        lambda request: urls.append(request.url) if "/nnviz/records" in request.url else None,
    )
    return urls


def test_colours_scale_and_steps_seen_before_ask_the_server_for_nothing(tab: Tab) -> None:
    for step in range(9):
        tab.go_to_step_index(step)
        for run in RUNS:
            tab.wait_until_painted(run, FIRST_LAYER, step)
    tab.wait_until_quiet()
    urls = record_requests(tab.page)
    for colours in ("gray", "viridis", "red_blue", "auto"):
        tab.by_id("colours").select_option(colours)
        tab.wait_until_painted(RUNS[0], FIRST_LAYER, 8)
    for scale in ("per-tile", "shared"):
        tab.by_id("scale").locator(f"[data-value='{scale}']").click()
        tab.wait_until_painted(RUNS[0], FIRST_LAYER, 8)
    for step in (0, 5, 8):
        tab.go_to_step_index(step)
        tab.wait_until_painted(RUNS[1], FIRST_LAYER, step)
    tab.page.wait_for_timeout(300)
    assert urls == []


@pytest.mark.parametrize("colours", ["gray", "viridis", "red_blue"])
def test_colours_and_a_scale_of_its_own_for_each_tile_are_painted_as_chosen(
    colours: str, tab: Tab, demo_log: Path, colour_tables: dict[str, Any]
) -> None:
    tab.by_id("colours").select_option(colours)
    tab.by_id("scale").locator("[data-value='per-tile']").click()
    record = read(demo_log, "mlp-500", FIRST_LAYER, 8)
    canvas = tab.wait_until_painted("mlp-500", FIRST_LAYER, 8)
    expect(canvas).to_have_attribute("data-range", "per-tile")
    low, high = record.statistics["min"], record.statistics["max"]
    if colours == "red_blue":
        high = np.maximum(np.abs(low), np.abs(high))
        low = -high
    assert_painted_as_read(canvas, record, colour_tables, (low, high))


def test_keys_and_play_go_through_the_steps(tab: Tab) -> None:
    tab.page.keyboard.press("Home")
    tab.wait_until_painted(RUNS[0], FIRST_LAYER, 0)
    expect(tab.by_id("step-label")).to_contain_text("epoch 0")
    expect(tab.by_id("step-phase")).to_contain_text("before training")
    tab.page.keyboard.press("ArrowRight")
    tab.wait_until_painted(RUNS[0], FIRST_LAYER, 1)
    tab.page.keyboard.press("ArrowLeft")
    tab.wait_until_painted(RUNS[0], FIRST_LAYER, 0)
    tab.by_id("play").click()
    tab.wait_until_painted(RUNS[0], FIRST_LAYER, 8)
    expect(tab.by_id("step-label")).to_contain_text("epoch 8")


def test_runs_are_filtered_by_a_regular_expression_and_chosen_by_their_boxes(tab: Tab) -> None:
    expect(tab.by_id("run")).to_have_count(4)
    tab.by_id("run-filter").fill("5.0$")
    expect(tab.by_id("run")).to_have_count(1)
    tab.by_id("run-filter").fill("(")
    expect(tab.frame.locator("text=/regular expression|regex/i").first).to_be_visible()
    tab.by_id("run-filter").fill("")
    expect(tab.by_id("run")).to_have_count(4)
    box = tab.frame.locator("[data-testid='run'][data-run='mlp-500'] input[type=checkbox]")
    box.uncheck()
    expect(tab.grid("mlp-500", FIRST_LAYER)).to_have_count(0)
    expect(tab.grid("mlp-4000", FIRST_LAYER)).to_have_count(1)
    box.check()
    tab.wait_until_painted("mlp-500", FIRST_LAYER, 8)


def test_panels_come_in_the_order_of_the_network(tab: Tab) -> None:
    panels = tab.by_id("panel")
    layers, roles = ("dense", "dense_1", "digit"), ("kernel", "bias")
    tags = [f"weights/{layer}/{role}" for layer in layers for role in roles]
    expect(panels).to_have_count(len(tags))
    assert [panels.nth(index).get_attribute("data-tag") for index in range(len(tags))] == tags


def test_the_tab_is_dark_where_tensorboard_is(
    open_tab: OpenTab, serve: Serve, demo_log: Path, colour_tables: dict[str, Any]
) -> None:
    url, state = serve(demo_log, *SERVERS["rust"]), state_hash(runs=ONLY_RUNS)
    tab = Tab(open_tab(url, query="?darkMode=true", state=state))
    canvas = tab.wait_until_painted("mlp-500", FIRST_LAYER, 8)
    expect(canvas).to_have_attribute("data-colours", "red_blue_dark")
    record = read(demo_log, "mlp-500", FIRST_LAYER, 8)
    assert_painted_as_read(canvas, record, colour_tables, shown_range(canvas))
    background = tab.frame.locator("nnviz-app").evaluate(
        "app => getComputedStyle(app).backgroundColor"
    )
    assert [int(part) for part in re.findall(r"\d+", background)[:3]] == [0x20, 0x21, 0x24]


def test_nothing_is_asked_of_another_host(open_tab: OpenTab, serve: Serve, demo_log: Path) -> None:
    url = serve(demo_log, *SERVERS["rust"])
    page = open_tab("about:blank")
    asked: list[tuple[str, str]] = []
    page.on("request", lambda request: asked.append((request.frame.url, request.url)))
    page.goto(f"{url}#nnviz{state_hash(runs=ONLY_RUNS)}")
    Tab(page).wait_until_painted(RUNS[0], FIRST_LAYER, 8)
    ours = [address for frame, address in asked if "name=nnviz" in frame]
    assert len(ours) >= 3
    assert [address for address in ours if not address.startswith(url)] == []
