"""The HTML file of the export opens from disk, and shows what the tab shows."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
from playwright.sync_api import Browser, Page, Request, expect

from tests.end_to_end import attribution_logs, confusion_logs
from tests.end_to_end.conftest import MakeLog, OpenTab, Serve
from tests.end_to_end.tab import Tab, canvas_image, state_hash

pytestmark = pytest.mark.browser

KERNEL = "weights/hidden/kernel"
LAST = 5
RUNS = ("first", "second")
BOTH_LOADERS = pytest.mark.parametrize("fast", ["true", "false"])


class OfflineTab(Tab):
    """The screen in a file of its own: the page is the tab."""

    def __init__(self, page: Page) -> None:
        super().__init__(page)
        self.frame = page  # type: ignore[assignment] # what is found in a frame is found here


def export_file(tab: Tab, folder: Path, *, tag: str | None = None, steps: str = "all") -> Path:
    """Exports a panel, or the view where no tag is given, as HTML."""
    if tag is None:
        tab.page.keyboard.press("e")
    else:
        tab.panel(tag).locator("[data-testid='export']").click()
    expect(tab.by_id("export-dialog")).to_be_visible()
    tab.press("export-format", "html")
    tab.press("export-scope", "view" if tag is None else "panel")
    tab.press("export-steps", steps)
    with tab.page.expect_download() as download:
        tab.by_id("export-start").click()
    path = folder / download.value.suggested_filename
    download.value.save_as(path)
    expect(tab.by_id("export-saved")).to_be_visible()
    return path


def open_file(browser: Browser, path: Path, link: str = "") -> tuple[OfflineTab, list[str]]:
    """The file in a browser without a network; what it asked for, and what it complained of."""
    context = browser.new_context(offline=True, viewport={"width": 1600, "height": 900})
    page = context.new_page()
    problems: list[str] = []

    def note(request: Request) -> None:
        if request.url.partition("#")[0] != path.as_uri():
            problems.append(request.url)

    page.on("request", note)
    page.on("pageerror", lambda error: problems.append(str(error)))
    page.on("console", lambda message: problems.append(message.text))
    page.goto(f"{path.as_uri()}{link}")
    return OfflineTab(page), problems


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
    expect(offline.by_id("offline-note")).to_contain_text("first, second · exported ")
    expect(offline.by_id("offline-note")).to_contain_text("holds 1 panel of ")

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
    expect(offline.by_id("offline-note")).to_contain_text("holds 1 step of 6, and the first")
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
