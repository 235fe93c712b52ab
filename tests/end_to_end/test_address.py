"""The address holds the whole view: links, reloading, and the browser's back and forward."""

from __future__ import annotations

from pathlib import Path

import pytest
from playwright.sync_api import expect

from tests.end_to_end import column_logs, logs
from tests.end_to_end.conftest import MakeLog, OpenTab, Serve
from tests.end_to_end.tab import Tab, painted_order, settings

pytestmark = pytest.mark.browser

KERNEL = "weights/hidden/kernel"
MIXER = "weights/mixer/kernel"
# Until choices are written, in milliseconds, and as long again.
WRITTEN = 700
CHECKED = "[type='checkbox']:checked"


def test_a_link_reopens_the_grids_in_another_browser_exactly(
    open_tab: OpenTab, serve: Serve, workbench: Path
) -> None:
    url = serve(workbench)
    tab = Tab(open_tab(url))
    tab.wait_until_painted("first", KERNEL, 5)
    assert settings(tab.page) == {}

    tab.by_id("show").select_option("change-since-previous")
    tab.press("scale", "per-run")
    tab.by_id("sort").select_option("norm")
    tab.by_id("columns").fill("8")
    tab.by_id("columns").press("Enter")
    tab.press("tile-size", "small")
    tab.by_id("outlines").check()
    tab.by_id("smooth").check()
    tab.by_id("colours").select_option("viridis")
    tab.by_id("speed").select_option("4")
    tab.by_id("loop").click()
    tab.by_id("run-filter").fill("^f|second")
    tab.run_entry("second").locator("[data-testid='run-colour']").fill("#aa00aa")
    tab.go_to_step_index(2)
    tab.by_id("layer-filter").fill("mixer|hidden")
    menu = tab.panel(MIXER).locator("[data-testid='placement'][data-axis='gate']")
    menu.select_option("slider")
    tab.panel(MIXER).locator("[data-testid='axis-slider']").fill("3")
    # A click is of the tile that is seen: not of one of before the choice.
    tab.panel(MIXER).locator(
        "canvas[data-tiles='3'][data-step='2'][data-painted='true']"
    ).first.click(position={"x": 4, "y": 4}, modifiers=["Shift"])
    tab.panel("weights/hidden/bias").locator(".fold").click()
    tab.page.wait_for_timeout(WRITTEN)
    link = tab.page.url
    before = painted_order(tab.wait_until_painted("first", KERNEL, 2), 40)

    other = Tab(open_tab("about:blank"))
    other.page.goto(link)
    canvas = other.wait_until_painted("first", KERNEL, 2)
    expect(canvas).to_have_attribute("data-show", "change-since-previous")
    expect(canvas).to_have_attribute("data-columns", "8")
    assert painted_order(canvas, 40) == before
    for control, value in (
        ("show", "change-since-previous"),
        ("sort", "norm"),
        ("columns", "8"),
        ("colours", "viridis"),
        ("speed", "4"),
        ("run-filter", "^f|second"),
        ("layer-filter", "mixer|hidden"),
        ("step-number", "2"),
    ):
        expect(other.by_id(control)).to_have_value(value)
    for control, value in (("scale", "per-run"), ("tile-size", "small")):
        button = other.by_id(control).locator(f"[data-value='{value}']")
        expect(button).to_have_attribute("aria-pressed", "true")
    for control in ("outlines", "smooth"):
        expect(other.by_id(control)).to_be_checked()
    expect(other.by_id("loop")).to_have_attribute("aria-pressed", "true")
    expect(other.by_id("follow")).to_have_attribute("aria-pressed", "false")
    colour = other.run_entry("second").locator("[data-testid='run-colour']")
    expect(colour).to_have_value("#aa00aa")
    expect(other.panel(MIXER).locator("[data-testid='axis-slider']")).to_have_value("3")
    expect(other.panel(MIXER).locator(".outline.pinned").first).to_be_visible()
    fold = other.panel("weights/hidden/bias").locator(".fold")
    expect(fold).to_have_attribute("aria-expanded", "false")
    other.page.wait_for_timeout(WRITTEN)
    shared, reopened = settings(tab.page), settings(other.page)
    shared.pop("top", None)
    reopened.pop("top", None)
    assert reopened == shared


def test_a_link_reopens_the_histograms_in_another_browser_exactly(
    open_tab: OpenTab, serve: Serve, workbench: Path
) -> None:
    tab = Tab(open_tab(serve(workbench)))
    tab.wait_until_painted("first", KERNEL, 5)
    tab.by_id("view").nth(1).click()
    tab.by_id("time-axis").select_option("step")
    tab.go_to_step_index(4)
    tab.by_id("pin-point").click()
    tab.press("histogram-height", "density")
    tab.press("layers-per-plot", "2")
    tab.go_to_step_index(21)
    tab.page.wait_for_timeout(WRITTEN)

    other = Tab(open_tab("about:blank"))
    other.page.goto(tab.page.url)
    plot = other.frame.locator("svg[data-testid='histogram-plot']").first
    expect(plot).to_have_attribute("data-step", "21")
    expect(plot).to_have_attribute("data-reference-step", "4")
    for control, value in (("histogram-height", "density"), ("layers-per-plot", "2")):
        button = other.by_id(control).locator(f"[data-value='{value}']")
        expect(button).to_have_attribute("aria-pressed", "true")
    expect(other.by_id("time-axis")).to_have_value("step")
    expect(other.by_id("unpin-point")).to_contain_text("step 4")


def test_a_link_with_nonsense_opens_the_default_view(
    open_tab: OpenTab, serve: Serve, workbench: Path
) -> None:
    state = "&p.nnviz.show=x&p.nnviz.at=;;&p.nnviz.columns=-3&p.nnviz.axes=%7C%7C%7C&p.nnviz.top=a"
    tab = Tab(open_tab(serve(workbench), state=state))
    tab.wait_until_painted("first", KERNEL, 5)
    expect(tab.by_id("show")).to_have_value("value")
    expect(tab.by_id("columns")).to_have_value("")


def test_going_back_and_forward_goes_to_the_views_that_were_opened(
    open_tab: OpenTab, serve: Serve, workbench: Path
) -> None:
    url = serve(workbench)
    shows = ("value", "change-since-start", "change-since-previous")
    # Three links, pasted one after the other.
    links = [f"&p.nnviz.speed=2&p.nnviz.show={show}" for show in shows]
    tab = Tab(open_tab(url, state=links[0]))
    tab.wait_until_painted("first", KERNEL, 5)
    for show, link in zip(shows[1:], links[1:], strict=True):
        tab.page.goto(f"{url}#nnviz{link}")
        expect(tab.grid("first", KERNEL)).to_have_attribute("data-show", show)
    for move, show in (
        (tab.page.go_back, shows[1]),
        (tab.page.go_back, shows[0]),
        (tab.page.go_forward, shows[1]),
    ):
        move()
        expect(tab.grid("first", KERNEL)).to_have_attribute("data-show", show)
        expect(tab.by_id("show")).to_have_value(show)


def test_another_tab_of_tensorboard_and_back_leaves_the_view_as_it_was(
    open_tab: OpenTab, serve: Serve, workbench: Path
) -> None:
    tab = Tab(open_tab(serve(workbench), state="&p.nnviz.show=change-since-start"))
    expect(tab.grid("first", KERNEL)).to_have_attribute("data-show", "change-since-start")
    for name in ("timeseries", "nnviz"):
        tab.page.evaluate("name => { window.location.hash = name; }", name)
        tab.page.wait_for_timeout(WRITTEN)
    expect(tab.by_id("show")).to_have_value("change-since-start")
    assert settings(tab.page) == {"show": "change-since-start"}


def test_moving_the_slider_does_not_fill_the_history(
    open_tab: OpenTab, serve: Serve, workbench: Path
) -> None:
    tab = Tab(open_tab(serve(workbench)))
    tab.wait_until_painted("first", KERNEL, 5)
    length = tab.page.evaluate("history.length")
    for index in (1, 3):
        tab.go_to_step_index(index)
        tab.page.wait_for_timeout(WRITTEN)
    assert settings(tab.page) == {"at": "1;3"}
    assert tab.page.evaluate("history.length") == length


def test_a_reload_keeps_what_is_chosen_and_where_it_is_scrolled_to(
    open_tab: OpenTab, serve: Serve, make_log: MakeLog
) -> None:
    tab = Tab(open_tab(serve(make_log(logs.write_deep))))
    first = "weights/stage_0/conv2d_0/kernel"
    tab.wait_until_painted("deep", first, 2)
    tab.by_id("show").select_option("change-since-start")
    area = tab.frame.locator("nnviz-main-area")
    area.evaluate("area => { area.scrollTop = 9000; }")
    tab.page.wait_for_timeout(WRITTEN)
    top = area.evaluate(_TOP)
    assert top["tag"] != first

    tab.page.reload()
    canvas = tab.frame.locator(f"canvas[data-testid='grid'][data-tag='{top['tag']}']")
    expect(canvas.or_(tab.panel(top["tag"])).first).to_be_in_viewport()
    expect(tab.by_id("show")).to_have_value("change-since-start")
    tab.wait_until_quiet()
    after = area.evaluate(_TOP)
    assert after["tag"] == top["tag"]
    assert abs(after["offset"] - top["offset"]) <= 2


# The first panel that reaches below the upper edge, and how far above the edge it begins.
_TOP = """area => {
  const edge = area.getBoundingClientRect().top;
  const slot = [...area.renderRoot.querySelectorAll("[data-testid='panel']")]
    .find(each => each.getBoundingClientRect().bottom > edge);
  return { tag: slot.dataset.tag, offset: edge - slot.getBoundingClientRect().top };
}"""


def test_a_link_ticks_the_runs_that_were_ticked_when_it_was_copied(
    open_tab: OpenTab, serve: Serve, make_log: MakeLog
) -> None:
    tab = Tab(open_tab(serve(make_log(column_logs.write_twenty_runs))))
    tab.wait_until_painted(column_logs.RUNS[0], column_logs.KERNEL, 3)

    def ticked(of: Tab) -> list[str]:
        ticks = of.by_id("run").locator("[type='checkbox']")
        expect(ticks).to_have_count(len(column_logs.RUNS))
        return [run for run in column_logs.RUNS if of.run_entry(run).locator(CHECKED).count()]

    others = []
    # A fifth one, one of the four less, and the same one again.
    for run in (column_logs.RUNS[9], column_logs.RUNS[2], column_logs.RUNS[2]):
        tab.run_entry(run).locator("[type='checkbox']").click()
        tab.page.wait_for_timeout(WRITTEN)
        other = Tab(open_tab("about:blank"))
        other.page.goto(tab.page.url)
        others.append(ticked(other))
        assert others[-1] == ticked(tab)
        other.page.close()
    assert [len(each) for each in others] == [5, 4, 5]
