"""What the export dialog names is what it saves, while the timeline plays and a run trains."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
from playwright.sync_api import expect

from tb_nnviz.records import build_tile_array
from tests.end_to_end import logs
from tests.end_to_end.conftest import OpenTab, Serve
from tests.end_to_end.exports import choose, close_dialog, open_dialog, save
from tests.end_to_end.run_writer import UNIT, written_run
from tests.end_to_end.tab import Tab, state_hash
from tests.end_to_end.workbench import WORKBENCH_STEPS

pytestmark = pytest.mark.browser

KERNEL = "weights/hidden/kernel"


def test_playing_stops_when_the_dialog_opens_and_the_step_it_names_is_saved(
    open_tab: OpenTab, serve: Serve, workbench: Path, tmp_path: Path
) -> None:
    state = state_hash(layers="hidden/kernel", loop="1")
    tab = Tab(open_tab(serve(workbench), state=state))
    tab.wait_until_painted("first", KERNEL, WORKBENCH_STEPS["first"][-1])
    tab.by_id("play").click()
    expect(tab.by_id("play")).to_have_attribute("aria-label", "Pause")
    tab.page.wait_for_timeout(400)
    open_dialog(tab, KERNEL)
    named = tab.by_id("export-name").inner_text()
    # Three points further, if it played on.
    tab.page.wait_for_timeout(1000)
    expect(tab.by_id("export-name")).to_have_text(named)
    assert save(tab, tmp_path).name == named
    close_dialog(tab)
    expect(tab.by_id("play")).to_have_attribute("aria-label", "Play")


def test_what_is_logged_while_the_dialog_is_open_is_shown_when_it_closes(
    open_tab: OpenTab, serve: Serve, tmp_path: Path
) -> None:
    files = tmp_path / "files"
    files.mkdir()
    with written_run(tmp_path / "log" / "live") as writer:

        def log(epoch: int) -> None:
            values = logs.patterns(6, epoch, 1, side=10)
            writer.at_epoch({KERNEL: build_tile_array(values, UNIT)}, epoch)
            writer.flush()

        for epoch in range(3):
            log(epoch)
        tab = Tab(open_tab(serve(tmp_path / "log")))
        tab.wait_until_painted("live", KERNEL, 2)
        expect(tab.by_id("follow")).to_have_attribute("aria-pressed", "true")
        open_dialog(tab, KERNEL)
        choose(tab, format="npz", steps="all")
        name = tab.by_id("export-name")
        expect(name).to_have_text("weights_hidden_kernel_live_epoch_0-2.npz")
        log(3)
        # TensorBoard reads its log every second here; its own button lies outside the dialog.
        for _ in range(6):
            tab.page.locator("app-header-reload button").click()
            tab.page.wait_for_timeout(500)
        expect(name).to_have_text("weights_hidden_kernel_live_epoch_0-2.npz")
        with np.load(save(tab, files)) as arrays:
            assert arrays[f"live/{KERNEL}/epochs"].tolist() == [0, 1, 2]
        close_dialog(tab)
        expect(tab.by_id("step-slider")).to_have_attribute("max", "3")
        tab.wait_until_painted("live", KERNEL, 3)
