"""The dialogs with the keyboard and with going back: they keep the focus and name what is there."""

from __future__ import annotations

from pathlib import Path

import pytest
from playwright.sync_api import Download, Locator, Route, expect

from tests.end_to_end import export_logs
from tests.end_to_end.conftest import MakeLog, OpenTab, Serve
from tests.end_to_end.exports import choose, close_dialog, open_dialog, save
from tests.end_to_end.tab import Tab, state_hash
from tests.end_to_end.test_history import go, wait_for_settings

pytestmark = pytest.mark.browser

KERNEL = "weights/hidden/kernel"
LAST = 5


@pytest.fixture
def tab(open_tab: OpenTab, serve: Serve, workbench: Path) -> Tab:
    tab = Tab(open_tab(serve(workbench)))
    tab.wait_until_painted("first", KERNEL, LAST)
    return tab


def scope(tab: Tab, value: str) -> Locator:
    return tab.by_id("export-scope").locator(f"[data-value='{value}']")


def has_focus(tab: Tab) -> str:
    """The element that has the focus, through all shadow roots: its name."""
    name = tab.evaluate(
        """() => {
          let element = document.activeElement;
          while (element.shadowRoot?.activeElement) element = element.shadowRoot.activeElement;
          return element.localName;
        }"""
    )
    return str(name)


def hold(_: Route) -> None:
    """Leaves a request without an answer."""


def come_from_histograms(tab: Tab) -> None:
    """To the view of the weights, so that back leads to that of the histograms."""
    tab.frame.locator("body").press("2")
    wait_for_settings(tab.page, {"view": "histograms"})
    # Within 0.3 s it would be the same choice.
    tab.page.wait_for_timeout(400)
    tab.page.keyboard.press("1")
    wait_for_settings(tab.page, {})


def test_the_dialog_opens_with_the_focus_on_its_first_choice(tab: Tab) -> None:
    # The first time its content is loaded, the second time it is here.
    for _ in range(2):
        tab.frame.locator("body").press("e")
        expect(scope(tab, "panel")).to_be_focused()
        outline = tab.by_id("export-dialog").evaluate("dialog => getComputedStyle(dialog).outline")
        assert "none" in outline
        close_dialog(tab)


def test_after_an_export_the_keyboard_goes_on_where_it_was(tab: Tab, tmp_path: Path) -> None:
    keyboard, start = tab.page.keyboard, tab.by_id("export-start")
    tab.frame.locator("body").press("e")
    expect(tab.by_id("export-name")).to_be_visible()
    for _ in range(40):
        if start.evaluate("button => button.matches(':focus')"):
            break
        keyboard.press("Tab")
    with tab.page.expect_download() as download:
        keyboard.press("Enter")
    download.value.save_as(tmp_path / "file.png")
    expect(tab.by_id("export-saved")).to_be_visible()
    expect(start).to_be_focused()
    keyboard.press("Shift+Tab")
    keyboard.press("Tab")
    expect(start).to_be_focused()
    close_dialog(tab)


def test_while_an_export_runs_the_focus_is_on_cancel_and_then_on_export_again(
    tab: Tab, tmp_path: Path
) -> None:
    open_dialog(tab, KERNEL)
    choose(tab, format="html")
    tab.page.route("**/records?*", hold)
    tab.by_id("export-start").focus()
    tab.page.keyboard.press("Enter")
    expect(tab.by_id("export-cancel")).to_be_focused()
    tab.page.keyboard.press("Enter")
    expect(tab.by_id("export-progress")).to_have_count(0)
    expect(tab.by_id("export-start")).to_be_focused()
    tab.page.unroute("**/records?*")
    # Who has gone elsewhere meanwhile stays there.
    tab.page.route("**/records?*", hold)
    tab.page.keyboard.press("Enter")
    expect(tab.by_id("export-cancel")).to_be_focused()
    close = tab.by_id("export-dialog").get_by_role("button", name="Close")
    close.focus()
    tab.by_id("export-cancel").evaluate("button => button.click()")
    expect(tab.by_id("export-progress")).to_have_count(0)
    expect(close).to_be_focused()
    tab.page.unroute("**/records?*")
    assert save(tab, tmp_path).suffix == ".html"


def test_after_a_failure_the_focus_is_on_export(
    open_tab: OpenTab, serve: Serve, workbench: Path
) -> None:
    state = state_hash(layers="hidden/kernel")
    tab = Tab(open_tab(serve(workbench), expected="Failed to load resource", state=state))
    tab.wait_until_painted("first", KERNEL, LAST)
    tab.page.route("**/nnviz/records*", lambda route: route.fulfill(status=500, body="{}"))
    open_dialog(tab, KERNEL)
    choose(tab, format="npz", steps="this")
    tab.by_id("export-start").focus()
    tab.page.keyboard.press("Enter")
    expect(tab.by_id("export-error")).to_contain_text("exact values could not be had")
    expect(tab.by_id("export-start")).to_be_focused()
    tab.page.unroute("**/nnviz/records*")


@pytest.mark.parametrize(("key", "dialog"), [("e", "export-dialog"), ("?", "help-dialog")])
def test_going_back_closes_a_dialog_and_leaves_the_keyboard_on_the_screen(
    tab: Tab, key: str, dialog: str
) -> None:
    keyboard = tab.page.keyboard
    come_from_histograms(tab)
    # A panel has the focus, which the other view does not have.
    keyboard.press("]")
    keyboard.press(key)
    expect(tab.by_id(dialog)).to_be_visible()
    go(tab.page, -1)
    expect(tab.by_id(dialog)).to_be_hidden()
    current = tab.frame.locator("[data-testid='view'][aria-current='page']")
    expect(current).to_have_attribute("data-view", "histograms")
    expect(tab.frame.locator("nnviz-main-area")).to_be_focused()
    assert has_focus(tab) == "nnviz-main-area"
    # Tab goes on with what is in it, and passes by nothing from then on.
    keyboard.press("Tab")
    assert has_focus(tab) not in {"nnviz-main-area", "body"}
    tab.by_id("layer-filter").focus()
    expect(tab.frame.locator("nnviz-main-area")).not_to_have_attribute("tabindex", "-1")
    tab.by_id("layer-filter").blur()
    # What it says now is of this view.
    keyboard.press(key)
    expect(tab.by_id(dialog)).to_be_visible()
    if dialog == "export-dialog":
        expect(tab.by_id("export-name")).to_contain_text("histograms_hidden")
    else:
        expect(tab.by_id(dialog)).to_contain_text("Keys of the view histograms")
    go(tab.page, 1)
    expect(tab.by_id(dialog)).to_be_hidden()


def test_going_back_calls_an_export_off_and_says_so(tab: Tab) -> None:
    downloads: list[str] = []

    def note(download: Download) -> None:
        downloads.append(download.suggested_filename)

    tab.page.on("download", note)
    come_from_histograms(tab)
    open_dialog(tab, KERNEL)
    choose(tab, format="html")
    tab.page.route("**/records?*", hold)
    tab.by_id("export-start").click()
    expect(tab.by_id("export-cancel")).to_be_focused()
    go(tab.page, -1)
    told = tab.by_id("export-called-off")
    expect(told).to_contain_text("The export was called off")
    expect(tab.by_id("export-start")).to_have_count(0)
    close = tab.by_id("export-dialog").get_by_role("button", name="Close")
    expect(close).to_be_focused()
    tab.page.unroute("**/records?*")
    tab.page.keyboard.press("Enter")
    expect(tab.by_id("export-dialog")).to_be_hidden()
    expect(tab.frame.locator("nnviz-main-area")).to_be_focused()
    assert downloads == []
    # And it is not said again.
    tab.frame.locator("nnviz-main-area").press("e")
    expect(tab.by_id("export-name")).to_contain_text("histograms_")


def test_a_fault_of_ours_while_drawing_is_told_and_not_taken_for_a_large_picture(tab: Tab) -> None:
    tab.evaluate(
        """() => {
          const { setTransform } = CanvasRenderingContext2D.prototype;
          CanvasRenderingContext2D.prototype.setTransform = () => {
            CanvasRenderingContext2D.prototype.setTransform = setTransform;
            throw new RangeError("Maximum call stack size exceeded");
          };
        }"""
    )
    open_dialog(tab, KERNEL)
    choose(tab, scope="view", format="png", steps="this")
    tab.by_id("export-start").click()
    expect(tab.by_id("export-error")).to_contain_text("Maximum call stack size exceeded")


def test_a_panel_is_measured_once_also_where_runs_are_out_of_sight(
    open_tab: OpenTab, serve: Serve, make_log: MakeLog
) -> None:
    tab = Tab(open_tab(serve(make_log(export_logs.write_many_runs))))
    tab.by_id("all-runs").click()
    open_dialog(tab, export_logs.BIAS)
    choose(tab, format="png", factor="1")
    size = tab.by_id("export-size")
    expect(size).to_contain_text("pixels, about")
    tab.wait_until_quiet()
    tab.evaluate(
        """() => {
          window.measured = 0;
          const { measureText } = CanvasRenderingContext2D.prototype;
          CanvasRenderingContext2D.prototype.measureText = function (text) {
            window.measured += 1;
            return measureText.call(this, text);
          };
        }"""
    )
    before = size.inner_text()
    choose(tab, factor="2")
    expect(size).not_to_have_text(before)
    assert tab.evaluate("() => window.measured") == 0
