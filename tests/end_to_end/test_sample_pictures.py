"""The samples and their pictures: shown once where runs share them, and beside what they caused."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from numpy.typing import NDArray
from playwright.sync_api import Locator, expect

from tb_nnviz import TileArray
from tests.end_to_end.activation_logs import RUNS, STEPS, labels, write_activations
from tests.end_to_end.conftest import MakeLog, OpenTab, Serve
from tests.end_to_end.expected import read_tiles
from tests.end_to_end.tab import (
    Tab,
    assert_painted_as_read,
    canvas_image,
    canvas_numbers,
    painted_cells,
    place_tile,
    shown_range,
)

pytestmark = pytest.mark.browser

MAPS, WIDE, STRIP = (f"activations/{name}" for name in ("conv2d", "wide", "dense"))
LAST = STEPS[-1]
SAMPLES = list(range(5))


@pytest.fixture(scope="module")
def log(make_log: MakeLog) -> Path:
    return make_log(write_activations)


@pytest.fixture(scope="module")
def shared_tab(open_shared_tab: OpenTab, serve: Serve, log: Path) -> Tab:
    return Tab(open_shared_tab(serve(log)))


@pytest.fixture
def tab(shared_tab: Tab) -> Tab:
    shared_tab.open_state(view="activations")
    for run in RUNS:
        shared_tab.wait_until_painted(run, MAPS, LAST)
    return shared_tab


def pictures_beside(tab: Tab, run: str, tag: str) -> Locator:
    grid = tab.panel(tag).locator("nnviz-grid", has=tab.page.locator(f"[data-run='{run}']"))
    return grid.locator("canvas[data-testid='sample-pictures']")


def colours_of(record: TileArray, table: NDArray[Any]) -> NDArray[np.int64]:
    """``(samples, height, width, 3)``: the samples as pictures, black to white over their range."""
    low, high = record.values.min(), record.values.max()
    entries = np.clip(np.floor(256 * (record.values - low) / (high - low)), 0, 255).astype(int)
    colours: NDArray[np.int64] = entries if "color" in record.axes else table[entries]
    return colours


def assert_is_picture(
    shown: NDArray[np.uint8], room: dict[str, float], wanted: NDArray[np.int64]
) -> None:
    """In the middle of a room, in pixels, an enlarged picture has the colour of every cell.

    It is as large as the room allows, with the cells as high as they are wide.
    """
    sizes = wanted.shape[:2]
    scale = min(room["height"] / sizes[0], room["width"] / sizes[1])
    centres = (room["top"] + room["height"] / 2, room["left"] + room["width"] / 2)
    rows, columns = (
        np.floor(centre + ((np.arange(cells) + 0.5) / cells - 0.5) * round(cells * scale))
        for cells, centre in zip(sizes, centres, strict=True)
    )
    middles = shown[np.ix_(rows.astype(int), columns.astype(int))][..., :3].astype(int)
    assert np.abs(middles - wanted).max() <= 1


def test_runs_with_the_same_samples_show_them_once_and_others_their_own(
    tab: Tab, log: Path, colour_tables: dict[str, Any]
) -> None:
    panel = tab.panel("samples")
    grids = panel.locator("canvas[data-testid='grid']")
    expect(grids).to_have_count(2)
    assert grids.evaluate_all("all => all.map(each => each.dataset.run)") == ["first", "others"]
    captions = panel.locator(".caption")
    expect(captions.nth(0)).to_contain_text("first")
    expect(captions.nth(1)).to_contain_text("others")
    expect(captions.nth(2)).to_contain_text("second")
    expect(captions.nth(2)).to_contain_text("the same samples as first")
    gray = read_tiles(log, "first", "samples", 0)
    canvas = tab.wait_until_painted("first", "samples", 0)
    assert shown_range(canvas) == (gray.values.min(), gray.values.max()) == (0, 255)
    assert_painted_as_read(canvas, gray, colour_tables, shown_range(canvas))
    colour = read_tiles(log, "others", "samples", 0)
    canvas = tab.wait_until_painted("others", "samples", 0)
    assert canvas.get_attribute("data-colours") == "rgb"
    painted = painted_cells(canvas, 5)[..., :3].astype(int)
    wanted = colours_of(colour, np.array(colour_tables["gray"]))
    assert np.abs(painted - wanted.reshape(painted.shape)).max() <= 1


def test_a_run_on_other_samples_says_so_at_every_grid_and_the_rest_do_not(tab: Tab) -> None:
    for tag in ("samples", MAPS, STRIP):
        tab.panel(tag).scroll_into_view_if_needed()
        tab.wait_until_painted("others", tag, 0 if tag == "samples" else LAST)
        captions = tab.panel(tag).locator(".caption")
        chip = tab.page.locator("[data-testid='other-samples']")
        expect(captions).to_have_count(3)
        expect(captions.filter(has=chip)).to_have_count(1)
        expect(captions.filter(has=chip)).to_contain_text("others")


@pytest.mark.parametrize("tag", [MAPS, STRIP])
def test_beside_every_row_stands_the_picture_of_its_sample(
    tag: str, tab: Tab, log: Path, colour_tables: dict[str, Any]
) -> None:
    tab.panel(tag).scroll_into_view_if_needed()
    for run in RUNS:
        canvas = tab.wait_until_painted(run, tag, LAST)
        pictures = pictures_beside(tab, run, tag)
        expect(pictures).to_have_count(1)
        assert json.loads(pictures.get_attribute("data-samples") or "") == SAMPLES
        box, tiles, number = pictures.bounding_box(), canvas.bounding_box(), canvas_numbers(canvas)
        assert box is not None
        assert tiles is not None
        # To the left of the tiles, and near them.
        assert 4 <= tiles["x"] - (box["x"] + box["width"]) <= 16
        wanted = colours_of(read_tiles(log, run, "samples", 0), np.array(colour_tables["gray"]))
        columns, zoom = int(number["columns"]), number["zoom"]
        middles = [
            tiles["y"] + (place_tile(number, row * columns)[0] + number["tileHeight"] / 2) * zoom
            for row in SAMPLES
        ]
        shown = canvas_image(pictures)
        height = box["height"] - (middles[-1] - middles[0])
        for sample, middle in zip(SAMPLES, middles, strict=True):
            top = middle - height / 2 - box["y"]
            room = {"top": top, "left": 0, "height": height, "width": box["width"]}
            assert_is_picture(shown, room, wanted[sample])
        # Pictures of neighbouring rows do not touch.
        assert 20 <= height < np.diff(middles).min()


def test_rows_that_show_a_sample_are_labelled_as_it_is(tab: Tab) -> None:
    for run in ("first", "others"):
        grid = tab.panel(MAPS).locator("nnviz-grid", has=tab.page.locator(f"[data-run='{run}']"))
        texts = grid.locator(".label.beside").all_inner_texts()
        assert tuple(texts) == labels(run)


def test_one_sample_on_a_slider_has_its_picture_and_name_aside(
    tab: Tab, log: Path, colour_tables: dict[str, Any]
) -> None:
    tab.panel(WIDE).scroll_into_view_if_needed()
    for sample in (0, 3):
        tab.axis_slider(WIDE, "sample").fill(str(sample))
        for run in RUNS:
            canvas = tab.wait_until_painted(run, WIDE, LAST)
            pictures = pictures_beside(tab, run, WIDE)
            expect(pictures).to_have_attribute("data-samples", f"[{sample}]")
            box, tiles = pictures.bounding_box(), canvas.bounding_box()
            assert box is not None
            assert tiles is not None
            assert box["x"] + box["width"] < tiles["x"]
            assert box["y"] == pytest.approx(tiles["y"], abs=1)
            record = read_tiles(log, run, "samples", 0)
            wanted = colours_of(record, np.array(colour_tables["gray"]))[sample]
            room = {"top": 0, "left": 0, "height": box["height"], "width": box["width"]}
            assert_is_picture(canvas_image(pictures), room, wanted)
            grid = tab.panel(WIDE).locator(
                "nnviz-grid", has=tab.page.locator(f"canvas[data-run='{run}']")
            )
            expect(grid.locator(".label.below")).to_have_text([labels(run)[sample]])


def test_hovering_a_map_outlines_its_sample_in_runs_of_the_same_samples_only(tab: Tab) -> None:
    canvas = tab.wait_until_painted("second", MAPS, LAST)
    tab.hover_cell(canvas, place=3 * 6 + 2, row=1, column=1)
    outlined = tab.panel("samples").locator(".outline.hovered")
    expect(outlined).to_have_count(1)
    samples = tab.grid("first", "samples")
    number, box, line = canvas_numbers(samples), samples.bounding_box(), outlined.bounding_box()
    assert box is not None
    assert line is not None
    top, left = place_tile(number, 3)
    zoom = number["zoom"]
    middle = line["x"] + line["width"] / 2, line["y"] + line["height"] / 2
    wanted = (
        box["x"] + (left + number["tileWidth"] / 2) * zoom,
        box["y"] + (top + number["tileHeight"] / 2) * zoom,
    )
    assert middle == pytest.approx(wanted, abs=1)
