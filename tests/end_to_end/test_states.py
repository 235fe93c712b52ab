"""What the tab shows where there is nothing, something is wrong, or something is missing."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from playwright.sync_api import Route, expect

from tb_nnviz import LogWriter
from tests.end_to_end.conftest import OpenTab, Serve
from tests.end_to_end.tab import Tab, painted_tiles

pytestmark = pytest.mark.browser

AXES = ("unit", "height", "width")


def test_a_log_without_data_shows_the_lines_that_get_some(
    open_tab: OpenTab, serve: Serve, tmp_path: Path
) -> None:
    tab = Tab(open_tab(serve(tmp_path)))
    empty = tab.by_id("empty")
    expect(empty).to_contain_text("from tb_nnviz import NNViz")
    expect(empty).to_contain_text("tensorboard --logdir")
    expect(empty.locator("button").first).to_be_visible()


@pytest.mark.parametrize("loader", ["true", "false"])
def test_a_sampled_log_says_how_much_of_it_is_there(
    loader: str, open_tab: OpenTab, serve: Serve, tmp_path: Path
) -> None:
    values = np.random.default_rng(0).normal(size=(4, 10, 10))
    with LogWriter(tmp_path / "long") as writer:
        for step in range(60):
            writer.tiles("weights/x", values + step, axes=AXES, step=step)
    url = serve(tmp_path, f"--load_fast={loader}", "--samples_per_plugin=nnviz=10")
    tab = Tab(open_tab(url))
    tab.wait_until_painted("long", "weights/x", 59)
    expect(tab.by_id("sampled").first).to_contain_text("10 of 60")
    assert tab.last_step_index() == 9


def test_cells_that_are_not_finite_have_colours_and_a_legend_of_their_own(
    open_tab: OpenTab, serve: Serve, tmp_path: Path
) -> None:
    values = np.random.default_rng(0).normal(size=(3, 10, 10)).astype(np.float32)
    values[0, 0, 0], values[1, 2, 3], values[1, 4, 5] = np.nan, np.inf, -np.inf
    values[2] = np.nan
    with LogWriter(tmp_path / "run") as writer:
        writer.tiles("weights/uint16", values, axes=AXES, step=0)
        writer.tiles("weights/float32", values, axes=AXES, step=0, precision="float32")
    tab = Tab(open_tab(serve(tmp_path)))
    glyphs = json.loads(
        Path("tb_nnviz/plugin/static/colour_tables.json").read_text(encoding="utf-8")
    )["glyphs"]
    for name in ("uint16", "float32"):
        canvas = tab.wait_until_painted("run", f"weights/{name}", 0)
        tiles = painted_tiles(canvas)
        assert tiles[0, 0, 0, :3].tolist() == glyphs["nan"]
        assert tiles[1, 2, 3, :3].tolist() == glyphs["posinf"]
        assert tiles[1, 4, 5, :3].tolist() == glyphs["neginf"]
        assert (tiles[2, :, :, :3] == glyphs["nan"]).all()
        finite = tiles[0, 5, 5, :3].tolist()
        assert finite not in glyphs.values()
        panel = tab.frame.locator(f"[data-testid='panel'][data-tag='weights/{name}']")
        expect(panel).to_contain_text("101 NaN")
        expect(panel).to_contain_text("2 infinite")
        expect(panel).to_contain_text("NaN")


def test_names_of_runs_are_readable_in_narrow_columns_and_an_empty_array_says_so(
    open_tab: OpenTab, serve: Serve, tmp_path: Path
) -> None:
    values = np.random.default_rng(0).normal(size=(4, 10, 10))
    for run, last in (("short", 1), ("a-run-with-a-rather-long-name", 3)):
        with LogWriter(tmp_path / run) as writer:
            for step in range(last + 1):
                writer.tiles("weights/x", values, axes=AXES, step=step)
                writer.tiles("weights/none", values[:0], axes=AXES, step=step)
    tab = Tab(open_tab(serve(tmp_path), viewport={"width": 900, "height": 700}))
    tab.wait_until_painted("short", "weights/x", 1)
    panel = tab.frame.locator("[data-testid='panel'][data-tag='weights/x']")
    expect(panel).to_contain_text("nearest earlier")
    names = tab.frame.locator("[data-testid='run-cell'] .name")
    expect(names).to_have_count(2)
    boxes = [names.nth(index).bounding_box() for index in range(2)]
    # Eight characters of the monospaced face are about 60 pixels, "short" about 40.
    assert [box is not None and box["width"] > 30 for box in boxes] == [True, True]
    empty = tab.frame.locator("[data-testid='panel'][data-tag='weights/none']")
    expect(empty).to_contain_text("the array is empty")


def test_a_server_that_fails_is_reported_and_asked_again(
    open_tab: OpenTab, serve: Serve, tmp_path: Path
) -> None:
    with LogWriter(tmp_path / "run") as writer:
        writer.tiles("weights/x", np.ones((2, 9, 9)), axes=AXES, step=0)
    url = serve(tmp_path)
    # The browser itself writes a line for every failed request.
    page = open_tab("about:blank", expected="503")
    is_broken = True

    def answer(route: Route) -> None:
        if is_broken:
            body = json.dumps({"error": {"code": 503, "message": "the disk has gone"}})
            route.fulfill(status=503, body=body, content_type="application/json")
        else:
            route.continue_()

    page.route("**/nnviz/index*", answer)
    page.goto(f"{url}#nnviz")
    tab = Tab(page)
    error = tab.by_id("error")
    expect(error).to_contain_text("the disk has gone")
    is_broken = False
    error.locator("button").click()
    tab.wait_until_painted("run", "weights/x", 0)


def test_corrupt_records_and_notices_are_named_and_the_rest_is_shown(
    open_tab: OpenTab, serve: Serve, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    from tb_nnviz.event_files import events
    from tb_nnviz.writing.log_writer import LogWriter as Writer

    original = events.BlobEvent

    def spoiled(**fields: Any) -> events.BlobEvent:
        blobs = list(fields["blobs"])
        if fields["tag"] == "weights/corrupt":
            blobs[-1] = bytes([blobs[-1][0] ^ 1]) + blobs[-1][1:]
        if fields["tag"] == "weights/newer":
            fields["content"] = fields["content"].replace(b'"version":1', b'"version":2')
        return original(**{**fields, "blobs": tuple(blobs)})

    monkeypatch.setattr("tb_nnviz.writing.run_log.BlobEvent", spoiled)
    values = np.random.default_rng(0).normal(size=(2, 5, 5))  # float32: painted from one blob
    with Writer(tmp_path / "run") as writer:
        for name in ("good", "corrupt", "newer"):
            writer.tiles(f"weights/{name}", values, axes=AXES, step=0)
    with Writer(tmp_path / "run", budget_bytes=1) as writer, pytest.warns(RuntimeWarning):
        writer.tiles("weights/good", values, axes=AXES, step=1)

    tab = Tab(open_tab(serve(tmp_path)))
    tab.wait_until_painted("run", "weights/good", 0)
    corrupt = tab.frame.locator("[data-testid='panel'][data-tag='weights/corrupt']")
    expect(corrupt).to_contain_text("checksum")
    expect(tab.by_id("skipped")).to_contain_text("weights/newer")
    expect(tab.by_id("notices")).to_contain_text("budget of 1 bytes")


def test_new_steps_appear_on_reload_and_the_chosen_step_stays(
    open_tab: OpenTab, serve: Serve, tmp_path: Path
) -> None:
    values = np.random.default_rng(0).normal(size=(2, 9, 9))
    writer = LogWriter(tmp_path / "run")
    for step in range(3):
        writer.tiles("weights/x", values + step, axes=AXES, step=step)
    writer.flush()
    page = open_tab(serve(tmp_path))
    tab = Tab(page)
    tab.wait_until_painted("run", "weights/x", 2)
    tab.go_to_step_index(1)
    tab.wait_until_painted("run", "weights/x", 1)
    writer.tiles("weights/x", values + 3, axes=AXES, step=3)
    writer.close()
    slider = tab.by_id("step-slider")
    for _ in range(20):
        page.locator("app-header-reload button").click()
        page.wait_for_timeout(500)
        if slider.get_attribute("max") == "3":
            break
    expect(slider).to_have_attribute("max", "3")
    tab.wait_until_painted("run", "weights/x", 1)
