"""An export asks for nothing that was read, or is being read, to tell its size."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from playwright.sync_api import expect

from tests.end_to_end.asked import Asked, Gate
from tests.end_to_end.conftest import OpenTab, Serve
from tests.end_to_end.exports import choose, open_dialog, save
from tests.end_to_end.tab import Tab

pytestmark = pytest.mark.browser

KERNEL = "weights/hidden/kernel"
LAST = 5
WIDEST = pytest.mark.parametrize(("form", "scope"), [("html", "all"), ("npz", "view")])
# More than the tab has when it opens.
MANY = 50


@pytest.fixture
def tab(open_tab: OpenTab, serve: Serve, workbench: Path) -> Tab:
    tab = Tab(open_tab(serve(workbench)))
    tab.wait_until_painted("first", KERNEL, LAST)
    tab.wait_until_quiet()
    return tab


@WIDEST
def test_what_is_read_to_tell_the_size_is_not_asked_for_again(
    tab: Tab, tmp_path: Path, form: str, scope: str
) -> None:
    asked = Asked(tab.page)
    open_dialog(tab, KERNEL)
    choose(tab, format=form, scope=scope, steps="all")
    tab.wait_until_quiet()
    expect(tab.by_id("export-size")).to_have_text(re.compile(r"\babout "))
    save(tab, tmp_path)
    assert asked.items.total() > MANY
    assert asked.twice() == []
    assert sum(path.endswith("offline.js") for path in asked.files) == (form == "html")


@WIDEST
def test_what_is_under_way_to_tell_the_size_is_waited_for(
    tab: Tab, tmp_path: Path, form: str, scope: str
) -> None:
    asked = Asked(tab.page)
    gate = Gate(tab.page)
    open_dialog(tab, KERNEL)
    with tab.page.expect_request("**/records?*"):
        choose(tab, format=form, scope=scope, steps="all")
    with tab.page.expect_download(timeout=60_000):
        tab.by_id("export-start").click()
        expect(tab.by_id("export-cancel")).to_be_visible()
        before = asked.items.total()
        tab.page.wait_for_timeout(300)
        assert asked.items.total() == before
        gate.open()
    expect(tab.by_id("export-saved")).to_be_visible()
    # It was told as "more than" so much when the export began.
    expect(tab.by_id("export-size")).to_be_hidden()
    tab.wait_until_quiet()
    assert asked.items.total() > MANY
    assert asked.twice() == []


def test_what_was_not_weighed_before_an_export_is_weighed_after_it(
    tab: Tab, tmp_path: Path
) -> None:
    gate = Gate(tab.page)
    open_dialog(tab, KERNEL)
    with tab.page.expect_request("**/records?*"):
        choose(tab, format="html", scope="all", steps="all")
    expect(tab.by_id("export-size")).to_have_text(re.compile("^more than "))
    tab.by_id("export-start").click()
    tab.by_id("export-cancel").click()
    expect(tab.by_id("export-progress")).to_have_count(0)
    gate.open()
    expect(tab.by_id("export-size")).to_have_text(re.compile(r"\babout "))
    save(tab, tmp_path)
