"""The HTML file that `tb-nnviz export` writes opens like the one that the tab writes."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np
import pytest
from playwright.sync_api import Browser, expect

from tb_nnviz import LogReader, TileArray
from tb_nnviz.export import export_html
from tests.end_to_end.conftest import OpenTab, Serve
from tests.end_to_end.offline_tab import export_file, open_file
from tests.end_to_end.tab import Tab, assert_painted_as_read, canvas_image, shown_range, state_hash
from tests.export.logs import spoil_payloads, write_units

pytestmark = pytest.mark.browser

KERNEL = "weights/hidden/kernel"
LAST = 5


def read_tiles(logdir: Path, run: str, step: int) -> TileArray:
    record = LogReader(logdir).read(run, KERNEL, step)
    assert isinstance(record, TileArray)
    return record


@pytest.mark.parametrize("theme", ["light", "dark"])
def test_a_file_of_the_command_shows_the_values_of_the_log(
    workbench: Path, browser: Browser, tmp_path: Path, colour_tables: dict[str, Any], theme: Any
) -> None:
    path = tmp_path / "log.html"
    export_html(workbench, path, theme=theme, link={"scale": "per-run"})
    offline, problems = open_file(browser, path)
    for step in (LAST, 1):
        offline.go_to_step_index(step)
        for run in ("first", "second"):
            canvas = offline.wait_until_painted(run, KERNEL, step)
            record = read_tiles(workbench, run, step)
            assert_painted_as_read(canvas, record, colour_tables, shown_range(canvas))
    expect(offline.frame.locator("nnviz-app")).to_have_attribute("data-theme", theme)
    values = read_tiles(workbench, "second", 1).tiles().reshape(40, 12, 10)
    tooltip = offline.hover_cell(offline.grid("second", KERNEL), place=0, row=2, column=3)
    expect(tooltip).to_have_attribute("data-exact", "true")
    assert np.float32(tooltip.get_attribute("data-value")) == values[0, 2, 3]
    for view in offline.by_id("view").all():
        view.click()
        expect(offline.by_id("panel").first).to_be_visible()
        expect(offline.by_id("error")).to_have_count(0)
    assert problems == []
    offline.page.context.close()


def test_a_file_of_the_command_opens_like_one_of_the_tab(
    open_tab: OpenTab, serve: Serve, workbench: Path, browser: Browser, tmp_path: Path
) -> None:
    link = {"view": "weights", "show": "change-since-start"}
    tab = Tab(open_tab(serve(workbench), state=state_hash(**link)))
    tab.wait_until_painted("first", KERNEL, LAST)
    by_tab = export_file(tab, tmp_path, tag=KERNEL)
    by_command = tmp_path / "command.html"
    export_html(workbench, by_command, tags=(KERNEL,), link=link)
    pictures = []
    for path in (by_tab, by_command):
        offline, problems = open_file(browser, path)
        offline.go_to_step_index(2)
        pictures.append(canvas_image(offline.wait_until_painted("first", KERNEL, 2)))
        assert problems == []
        offline.page.context.close()
    assert np.array_equal(pictures[0], pictures[1])


def test_a_record_that_cannot_be_read_says_so_in_the_file(
    browser: Browser, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    with monkeypatch.context() as patch:
        spoil_payloads(patch, {5})
        write_units(tmp_path / "log" / "mlp")
    path = tmp_path / "x.html"
    assert len(export_html(tmp_path / "log", path).problems) == 1
    offline, problems = open_file(browser, path)
    offline.wait_until_painted("mlp", "weights/hidden", 10)
    offline.go_to_step_index(1)
    expect(offline.panel("weights/hidden")).to_contain_text("the checksum of blob")
    offline.go_to_step_index(0)
    offline.wait_until_painted("mlp", "weights/hidden", 0)
    assert problems == []
    offline.page.context.close()


def test_a_layer_has_as_many_parameters_in_a_file_as_in_the_tab(
    open_tab: OpenTab, serve: Serve, workbench: Path, browser: Browser, tmp_path: Path
) -> None:
    tab = Tab(open_tab(serve(workbench)))
    heading = tab.by_id("layer").and_(tab.frame.locator("[data-layer='hidden']"))
    expect(heading).to_contain_text("parameters")
    wanted = heading.locator(".rest").inner_text()
    # A panel is looked for by a part of its layer; and a file has a part of its panels.
    tab.open_state(layers="hidden/kernel")
    expect(tab.by_id("panel")).to_have_count(1)
    expect(heading.locator(".rest")).to_have_text(wanted)
    command = tmp_path / "command.html"
    export_html(workbench, command, tags=(KERNEL,))
    for file in (export_file(tab, tmp_path, tag=KERNEL), command):
        offline, problems = open_file(browser, file)
        offline.wait_until_painted("first", KERNEL, LAST)
        expect(offline.by_id("panel")).to_have_count(1)
        expect(offline.by_id("layer").locator(".rest")).to_have_text(wanted)
        assert problems == []
        offline.page.context.close()
