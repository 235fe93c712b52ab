"""Parts of matrices of few classes, and where the focus is in them."""

from __future__ import annotations

from pathlib import Path

import pytest
from playwright.sync_api import expect

from tests.end_to_end.conftest import MakeLog, OpenTab, Serve
from tests.end_to_end.confusion_logs import CLASSES, write_confusion
from tests.end_to_end.confusion_tab import ConfusionTab
from tests.end_to_end.tab import state_hash

pytestmark = pytest.mark.browser


@pytest.fixture(scope="module")
def log(make_log: MakeLog) -> Path:
    return make_log(write_confusion)


def test_a_part_of_few_classes_is_told_and_can_be_left(
    open_tab: OpenTab, serve: Serve, log: Path
) -> None:
    state = state_hash(view="confusion", zoom="confusion:2-6-0-5")
    tab = ConfusionTab(open_tab(serve(log), state=state))
    tab.card()
    run = tab.run("first")
    expect(run.locator(".cell")).to_have_count(4 * 5)
    crumbs = run.locator("[data-testid='crumbs']")
    expect(crumbs).to_contain_text(f"true {CLASSES[2]} … {CLASSES[5]}")
    run.locator("[data-testid='zoom-reset']").click()
    expect(run.locator(".cell")).to_have_count(len(CLASSES) ** 2)
    expect(crumbs).to_have_count(0)


def test_a_pinned_cell_leaves_the_focus_to_the_keys_while_steps_go_by(
    open_tab: OpenTab, serve: Serve, log: Path
) -> None:
    state = state_hash(view="confusion", cell="confusion:3-4")
    tab = ConfusionTab(open_tab(serve(log), state=state))
    tab.card()
    # Tab leads to the pinned cell at first.
    expect(tab.cell("first", 3, 4)).to_have_attribute("tabindex", "0")
    tab.cell("first", 3, 4).focus()
    tab.page.keyboard.press("ArrowDown")
    tab.page.keyboard.press("ArrowDown")
    expect(tab.cell("first", 5, 4)).to_be_focused()
    accuracy = tab.run("first").locator("[data-testid='accuracy-corner']")
    before = accuracy.inner_text()
    # As when it plays: nothing takes the focus away.
    tab.by_id("step-slider").evaluate(
        """slider => {
            slider.value = "0";
            slider.dispatchEvent(new Event("input", { bubbles: true, composed: true }));
        }"""
    )
    expect(accuracy).not_to_have_text(before)
    expect(tab.cell("first", 5, 4)).to_be_focused()
