"""The rail's runs and layers: colours, *only*, all and none, and the layer filter."""

from __future__ import annotations

from pathlib import Path

import pytest
from playwright.sync_api import expect

from tests.end_to_end import logs
from tests.end_to_end.conftest import MakeLog, OpenTab, Serve
from tests.end_to_end.tab import Tab

pytestmark = pytest.mark.browser

KERNEL = "weights/hidden/kernel"
FIRST_COLOURS = ["#0077bb", "#ff7043"]


@pytest.fixture
def tab(open_tab: OpenTab, serve: Serve, workbench: Path) -> Tab:
    """A page of its own: colours are kept in the browser."""
    opened = Tab(open_tab(serve(workbench)))
    opened.wait_until_painted("first", KERNEL, 5)
    return opened


def colour_of(tab: Tab, run: str) -> str:
    return tab.run_entry(run).locator("[data-testid='run-colour']").input_value()


def caption_colours(tab: Tab, tag: str) -> list[str]:
    dots = tab.panel(tag).locator(".caption .dot")
    found = dots.evaluate_all("dots => dots.map(dot => getComputedStyle(dot).backgroundColor)")
    numbers = [[int(part) for part in text[4:-1].split(",")] for text in found]
    return ["#" + "".join(f"{number:02x}" for number in each) for each in numbers]


def test_a_colour_of_a_run_is_used_everywhere_and_kept_over_a_reload(tab: Tab) -> None:
    assert [colour_of(tab, run) for run in ("first", "second")] == FIRST_COLOURS
    assert caption_colours(tab, KERNEL) == FIRST_COLOURS
    tab.run_entry("second").locator("[data-testid='run-colour']").fill("#123456")
    expect(tab.run_entry("second").locator("[data-testid='reset-colour']")).to_have_count(1)
    assert caption_colours(tab, KERNEL) == ["#0077bb", "#123456"]
    tab.page.wait_for_timeout(500)

    tab.page.reload()
    tab.wait_until_painted("second", KERNEL, 5)
    assert caption_colours(tab, KERNEL) == ["#0077bb", "#123456"]

    # Also without the address: the browser remembers.
    front_page = tab.page.url.split("#")[0]
    tab.page.goto("about:blank")
    tab.page.goto(f"{front_page}#nnviz")
    tab.wait_until_painted("second", KERNEL, 5)
    assert caption_colours(tab, KERNEL) == ["#0077bb", "#123456"]
    tab.by_id("view").nth(1).click()
    expect(tab.frame.locator("svg[data-testid='histogram-plot']").first).to_be_visible()
    assert "#123456" in caption_colours(tab, "histograms/hidden/kernel")
    entry = tab.run_entry("second")
    entry.hover()
    entry.locator("[data-testid='reset-colour']").click()
    assert colour_of(tab, "second") == "#ff7043"


def test_a_run_keeps_its_colour_when_others_are_hidden(tab: Tab) -> None:
    tab.run_entry("first").locator("input[type=checkbox]").uncheck()
    expect(tab.grid("first", KERNEL)).to_have_count(0)
    assert caption_colours(tab, KERNEL) == FIRST_COLOURS[1:]


def test_only_shows_one_run_alone_and_then_all_again(tab: Tab) -> None:
    entry = tab.run_entry("second")
    entry.hover()
    entry.locator("[data-testid='only']").click()
    expect(tab.grid("first", KERNEL)).to_have_count(0)
    tab.wait_until_painted("second", KERNEL, 5)
    expect(tab.run_entry("first").locator("input[type=checkbox]")).not_to_be_checked()
    entry.locator("[data-testid='only']").click()
    for run in ("first", "second"):
        tab.wait_until_painted(run, KERNEL, 5)


def test_none_of_the_runs_and_all_of_them(tab: Tab) -> None:
    tab.by_id("no-runs").click()
    expect(tab.by_id("panel")).to_have_count(0)
    expect(tab.frame.get_by_text("No run is selected")).to_be_visible()
    tab.by_id("all-runs").click()
    for run in ("first", "second"):
        tab.wait_until_painted(run, KERNEL, 5)


def test_of_six_runs_four_are_shown_and_each_has_a_colour_of_its_own(
    open_tab: OpenTab, serve: Serve, make_log: MakeLog
) -> None:
    tab = Tab(open_tab(serve(make_log(logs.write_six_runs))))
    names = [f"rate-0.{number}" for number in range(1, 7)]
    for name in names[:4]:
        tab.wait_until_painted(name, "weights/dense/kernel", 2)
    expect(tab.grid("rate-0.5", "weights/dense/kernel")).to_have_count(0)
    assert len({colour_of(tab, name) for name in names}) == 6
    # Wide enough for six beside one another.
    tab.page.set_viewport_size({"width": 1920, "height": 900})
    tab.by_id("all-runs").click()
    for name in names:
        tab.wait_until_painted(name, "weights/dense/kernel", 2)


@pytest.mark.parametrize(
    ("text", "tags"),
    [
        ("conv", ["weights/conv/kernel"]),
        ("LSTM", ["weights/lstm/bias"]),
        ("/kernel$", ["weights/hidden/kernel", "weights/conv/kernel", "weights/mixer/kernel"]),
        ("counts|temperature", ["weights/temperature/value", "weights/counts/table"]),
    ],
)
def test_layers_are_filtered_by_path_type_or_regular_expression(
    text: str, tags: list[str], tab: Tab
) -> None:
    tab.by_id("layer-filter").fill(text)
    panels = tab.by_id("panel")
    expect(panels).to_have_count(len(tags))
    assert panels.evaluate_all("all => all.map(panel => panel.dataset.tag)") == tags
    expect(tab.by_id("layer-hits")).to_have_text(f"{len(tags)} of 7 panels")


def test_a_layer_filter_that_matches_nothing_says_so_and_can_be_taken_back(tab: Tab) -> None:
    tab.by_id("layer-filter").fill("no such layer")
    expect(tab.by_id("panel")).to_have_count(0)
    tab.frame.get_by_role("button", name="Show all layers").click()
    expect(tab.by_id("panel")).to_have_count(7)
    expect(tab.by_id("layer-filter")).to_have_value("")


def test_layers_fold_one_by_one_and_all_at_once(tab: Tab) -> None:
    heading = tab.frame.locator("[data-testid='layer'][data-layer='hidden']")
    heading.click()
    expect(tab.panel(KERNEL)).to_have_count(0)
    expect(heading).to_have_attribute("aria-expanded", "false")
    heading.click()
    tab.wait_until_painted("first", KERNEL, 5)
    tab.by_id("fold-all").click()
    expect(tab.by_id("panel")).to_have_count(0)
    tab.by_id("unfold-all").click()
    expect(tab.by_id("panel")).to_have_count(7)
