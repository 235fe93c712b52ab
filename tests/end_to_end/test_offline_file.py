"""The HTML file of the export opens from disk, and shows what the tab shows."""

from __future__ import annotations

import re
from importlib.metadata import version
from pathlib import Path

import numpy as np
import pytest
from playwright.sync_api import Browser, Route, expect

from tests.end_to_end import attribution_logs, confusion_logs
from tests.end_to_end.conftest import MakeLog, OpenTab, Serve
from tests.end_to_end.offline_tab import export_file, open_file
from tests.end_to_end.tab import Tab, canvas_image, state_hash
from tests.end_to_end.test_accessibility import serious_violations

pytestmark = pytest.mark.browser

KERNEL = "weights/hidden/kernel"
LAST = 5
RUNS = ("first", "second")
BOTH_LOADERS = pytest.mark.parametrize("fast", ["true", "false"])


@BOTH_LOADERS
def test_a_file_shows_the_same_pixels_values_and_steps_without_a_network(
    open_tab: OpenTab, serve: Serve, workbench: Path, browser: Browser, tmp_path: Path, fast: str
) -> None:
    tab = Tab(open_tab(serve(workbench, "--load_fast", fast)))
    canvases = [tab.wait_until_painted(run, KERNEL, LAST) for run in RUNS]
    wanted = [canvas_image(canvas) for canvas in canvases]
    tooltip = tab.hover_cell(canvases[0], place=0, row=1, column=1)
    expect(tooltip).to_have_attribute("data-exact", "true")
    value = tooltip.get_attribute("data-value")
    file = export_file(tab, tmp_path, tag=KERNEL)

    offline, problems = open_file(browser, file)
    shown = [offline.wait_until_painted(run, KERNEL, LAST) for run in RUNS]
    for canvas, pixels in zip(shown, wanted, strict=True):
        assert np.array_equal(canvas_image(canvas), pixels)
    tooltip = offline.hover_cell(shown[0], place=0, row=1, column=1)
    expect(tooltip).to_have_attribute("data-value", value or "")
    expect(offline.by_id("panel")).to_have_count(1)
    note = re.compile(
        rf"^{workbench.name} · first, second · epoch 0 to {LAST} · exported "
        rf"\d{{4}}-\d\d-\d\d \d\d:\d\d with tb_nnviz {re.escape(version('tb-nnviz'))}$"
    )
    expect(offline.by_id("offline-note")).to_have_text(note)
    expect(offline.by_id("offline-holds")).to_contain_text(
        re.compile(r"^holds 1 of \d+ panels of weights · 1 of \d+ views$")
    )

    offline.go_to_step_index(0)
    tab.page.keyboard.press("Escape")
    tab.go_to_step_index(0)
    served, alone = (
        canvas_image(each.wait_until_painted("first", KERNEL, 0)) for each in (tab, offline)
    )
    assert np.array_equal(served, alone)
    offline.by_id("show").select_option("change-since-start")
    offline.go_to_step_index(3)
    expect(offline.wait_until_painted("first", KERNEL, 3)).to_have_attribute(
        "data-show", "change-since-start"
    )
    assert problems == []
    offline.page.context.close()


def test_a_file_of_one_step_holds_the_start_as_well_and_says_what_it_left_out(
    open_tab: OpenTab, serve: Serve, workbench: Path, browser: Browser, tmp_path: Path
) -> None:
    tab = Tab(open_tab(serve(workbench), state=state_hash(show="change-since-start")))
    tab.wait_until_painted("first", KERNEL, LAST)
    tab.go_to_step_index(3)
    tab.wait_until_painted("first", KERNEL, 3)
    wanted = canvas_image(tab.grid("first", KERNEL))
    file = export_file(tab, tmp_path, tag=KERNEL, steps="this")
    offline, problems = open_file(browser, file)
    assert np.array_equal(canvas_image(offline.wait_until_painted("first", KERNEL, 3)), wanted)
    # Of the other run epoch 2 is the nearest earlier one.
    assert offline.last_step_index() == len({0, 2, 3}) - 1
    shown = offline.by_id("offline-holds")
    expect(shown).to_contain_text("1 of 6 steps, and the first, which changes are since")
    assert problems == []
    offline.page.context.close()


@pytest.mark.parametrize(
    ("view", "write", "seen"),
    [
        ("confusion", confusion_logs.write_confusion, "confusion-matrix"),
        ("attributions", attribution_logs.write_attributions, "attribution-row"),
    ],
)
def test_views_of_samples_come_with_their_pictures(
    open_tab: OpenTab,
    serve: Serve,
    make_log: MakeLog,
    browser: Browser,
    tmp_path: Path,
    view: str,
    write: object,
    seen: str,
) -> None:
    tab = Tab(open_tab(serve(make_log(write)), "?darkMode=true", state=state_hash(view=view)))  # type: ignore[arg-type]
    expect(tab.by_id(seen).first).to_be_visible()
    file = export_file(tab, tmp_path)
    offline, problems = open_file(browser, file)
    expect(offline.by_id(seen).first).to_be_visible()
    expect(offline.by_id("error")).to_have_count(0)
    expect(offline.frame.locator("nnviz-app")).to_have_attribute("data-theme", "dark")
    offline.by_id("offline-theme").click()
    expect(offline.frame.locator("nnviz-app")).to_have_attribute("data-theme", "light")
    assert problems == []
    offline.page.context.close()


def test_a_link_into_the_file_and_its_own_export_work(
    open_tab: OpenTab, serve: Serve, workbench: Path, browser: Browser, tmp_path: Path
) -> None:
    tab = Tab(open_tab(serve(workbench)))
    tab.wait_until_painted("first", KERNEL, LAST)
    file = export_file(tab, tmp_path)
    link = f"#{state_hash(view='weights', show='change-since-start', colours='gray')[1:]}"
    offline, problems = open_file(browser, file, link)
    canvas = offline.wait_until_painted("first", KERNEL, LAST)
    expect(canvas).to_have_attribute("data-show", "change-since-start")
    offline.panel(KERNEL).locator("[data-testid='export']").click()
    html = offline.by_id("export-format").locator("[data-value='html']")
    expect(html).to_have_attribute("aria-disabled", "true")
    offline.press("export-format", "png")
    with offline.page.expect_download() as download:
        offline.by_id("export-start").click()
    assert download.value.suggested_filename.endswith(".png")
    # Only what it makes itself has an address.
    assert [problem for problem in problems if not problem.startswith("blob:")] == []
    offline.page.context.close()


def test_a_file_of_all_views_has_each_of_them_and_leaves_nothing_out(
    open_tab: OpenTab, serve: Serve, workbench: Path, browser: Browser, tmp_path: Path
) -> None:
    tab = Tab(open_tab(serve(workbench)))
    tab.wait_until_painted("first", KERNEL, LAST)
    views = tab.by_id("view").all_inner_texts()
    tab.page.keyboard.press("e")
    tab.press("export-format", "png")
    several = tab.by_id("export-scope").locator("[data-value='all']")
    expect(several).to_have_attribute("aria-disabled", "true")
    tab.page.keyboard.press("Escape")
    file = export_file(tab, tmp_path, scope="all")
    assert re.match(r"all_views_\d+_panels_2_runs_", file.name)
    offline, problems = open_file(browser, file)
    offline.wait_until_painted("first", KERNEL, LAST)
    assert offline.by_id("view").all_inner_texts() == views
    expect(offline.by_id("offline-holds")).to_have_count(0)
    for view in range(len(views)):
        offline.by_id("view").nth(view).click()
        expect(offline.by_id("panel").first).to_be_visible()
        expect(offline.by_id("error")).to_have_count(0)
    assert problems == []
    offline.page.context.close()


def test_runs_keep_their_colours_and_the_pinned_run_stays_out_of_sight(
    open_tab: OpenTab, serve: Serve, workbench: Path, browser: Browser, tmp_path: Path
) -> None:
    link = state_hash(runs="!first/nnviz", pinned_run="first/nnviz", show="difference")
    tab = Tab(open_tab(serve(workbench), state=link))
    wanted = canvas_image(tab.wait_until_painted("second", KERNEL, LAST))
    expect(tab.grid("first", KERNEL)).to_have_count(0)
    colour = tab.run_entry("second").locator("input[type=color]").input_value()
    offline, problems = open_file(browser, export_file(tab, tmp_path, tag=KERNEL))
    shown = offline.wait_until_painted("second", KERNEL, LAST)
    assert np.array_equal(canvas_image(shown), wanted)
    expect(offline.grid("first", KERNEL)).to_have_count(0)
    expect(offline.run_entry("second").locator("input[type=color]")).to_have_value(colour)
    assert problems == []
    offline.page.context.close()


@pytest.mark.parametrize("theme", ["light", "dark"])
def test_the_foot_of_a_file_is_read_with_the_keyboard_and_by_axe(
    open_tab: OpenTab, serve: Serve, workbench: Path, browser: Browser, tmp_path: Path, theme: str
) -> None:
    tab = Tab(open_tab(serve(workbench), "?darkMode=true" if theme == "dark" else ""))
    tab.wait_until_painted("first", KERNEL, LAST)
    file = export_file(tab, tmp_path, tag=KERNEL, steps="this")
    offline, _ = open_file(browser, file)
    offline.wait_until_painted("first", KERNEL, LAST)
    expect(offline.frame.locator("nnviz-app")).to_have_attribute("data-theme", theme)
    more = offline.by_id("offline-more")
    more.focus()
    more.press("Enter")
    expect(offline.by_id("offline-about")).to_contain_text("Holds 1 of 6 steps")
    expect(more).to_have_attribute("aria-expanded", "true")
    assert serious_violations(offline) == []
    more.press("Escape")
    expect(offline.by_id("offline-about")).to_have_count(0)
    offline.page.context.close()


def test_the_size_of_a_file_is_said_before_it_is_written(
    open_tab: OpenTab, serve: Serve, workbench: Path, tmp_path: Path
) -> None:
    tab = Tab(open_tab(serve(workbench)))
    tab.wait_until_painted("first", KERNEL, LAST)
    tab.panel(KERNEL).locator("[data-testid='export']").click()
    tab.press("export-format", "html")
    tab.press("export-steps", "all")
    said = re.match(
        r"about ([\d.]+) (kB|MB), (\d+) records$", tab.by_id("export-size").inner_text()
    )
    assert said is not None
    with tab.page.expect_download() as download:
        tab.by_id("export-start").click()
    size = Path(download.value.path()).stat().st_size
    assert float(said[1]) * {"kB": 1e3, "MB": 1e6}[said[2]] == pytest.approx(size, rel=0.2)


def test_writing_is_called_off_and_can_be_begun_again(
    open_tab: OpenTab, serve: Serve, workbench: Path
) -> None:
    tab = Tab(open_tab(serve(workbench)))
    tab.wait_until_painted("first", KERNEL, LAST)
    held: list[Route] = []

    def hold(route: Route) -> None:
        held.append(route)

    tab.page.route("**/records?*", hold)
    tab.panel(KERNEL).locator("[data-testid='export']").click()
    tab.press("export-format", "html")
    tab.press("export-steps", "all")
    with tab.page.expect_request("**/records?*"):
        tab.by_id("export-start").click()
    expect(tab.by_id("export-progress")).to_have_text(re.compile(r"^0 of \d+$"))
    tab.by_id("export-cancel").click()
    expect(tab.by_id("export-progress")).to_have_count(0)
    expect(tab.by_id("export-error")).to_have_count(0)
    assert held
    tab.page.unroute("**/records?*")
    with tab.page.expect_download() as download:
        tab.by_id("export-start").click()
    assert download.value.suggested_filename.endswith(".html")
