"""The HTML file of the export says rightly which steps it holds, whatever view it is made from."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from playwright.sync_api import Browser, expect

from tests.end_to_end import confusion_logs, graph_logs
from tests.end_to_end.conftest import MakeLog, OpenTab, Serve
from tests.end_to_end.offline_tab import export_file, open_file
from tests.end_to_end.tab import Tab, state_hash

pytestmark = pytest.mark.browser


def test_a_file_of_a_confusion_has_as_many_steps_as_it_says_however_many_pictures_come_along(
    open_tab: OpenTab, serve: Serve, make_log: MakeLog, browser: Browser, tmp_path: Path
) -> None:
    log = make_log(confusion_logs.write_confusion)
    tab = Tab(open_tab(serve(log), state=state_hash(view="confusion")))
    expect(tab.by_id("confusion-matrix").first).to_be_visible()
    tab.go_to_step_index(1)
    file = export_file(tab, tmp_path, steps="this")
    offline, problems = open_file(browser, file)
    expect(offline.by_id("confusion-matrix").first).to_be_visible()
    assert offline.last_step_index() == 1
    for run in confusion_logs.RUNS:
        expect(offline.run_entry(run).locator(".steps")).to_have_attribute("title", "2 steps")
    expect(offline.by_id("offline-holds")).to_have_text(
        "holds 1 of 3 views, and the samples · 1 of 4 steps, and the first, which changes are since"
    )
    expect(offline.by_id("view")).to_have_count(2)
    assert problems == []
    offline.page.context.close()


def test_a_file_of_all_views_is_of_their_steps_also_from_a_view_that_has_only_one(
    open_tab: OpenTab, serve: Serve, make_log: MakeLog, browser: Browser, tmp_path: Path
) -> None:
    tab = Tab(open_tab(serve(make_log(graph_logs.write_graphs))))
    kernel = "weights/head/kernel"
    tab.go_to_step_index(1)
    tab.wait_until_painted("first", kernel, 1)
    tab.by_id("view").filter(has_text="Graph").click()
    expect(tab.by_id("panel")).to_have_attribute("data-tag", "graph")
    tab.page.keyboard.press("e")
    for choice, value in (("format", "html"), ("scope", "all"), ("steps", "range")):
        tab.press(f"export-{choice}", value)
    assert tab.by_id("export-to").locator("option").all_inner_texts() == [
        f"epoch {epoch}" for epoch in graph_logs.STEPS
    ]
    tab.by_id("export-to").select_option("1")
    expect(tab.by_id("export-name")).to_contain_text("_epoch_0-1.html")
    expect(tab.by_id("export-about")).to_contain_text("It holds 2 of 3 steps")
    tab.press("export-steps", "this")
    expect(tab.by_id("export-name")).to_contain_text("_epoch_1.html")
    tab.page.keyboard.press("Escape")

    file = export_file(tab, tmp_path, scope="all")
    assert re.fullmatch(r"all_views_\d+_panels_2_runs_epoch_0-2\.html", file.name)
    offline, problems = open_file(browser, file)
    expect(offline.by_id("offline-note")).to_contain_text("epoch 0 to 2")
    expect(offline.by_id("offline-holds")).to_have_count(0)
    offline.by_id("view").filter(has_text="Weights").click()
    offline.wait_until_painted("first", kernel, 1)
    assert offline.last_step_index() == graph_logs.STEPS[-1]
    assert problems == []
    offline.page.context.close()
