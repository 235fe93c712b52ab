"""Where tiles go: *Sort tiles*, columns, tile size, outlines, and the places of grid axes."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np
import pytest
from numpy.typing import NDArray
from playwright.sync_api import Locator, expect

from tests.end_to_end.conftest import OpenTab, Serve
from tests.end_to_end.expected import read_tiles, sorted_tiles
from tests.end_to_end.tab import (
    Tab,
    assert_painted_as_read,
    canvas_image,
    canvas_numbers,
    painted_order,
    painted_tiles,
    shown_range,
)

pytestmark = pytest.mark.browser

KERNEL = "weights/hidden/kernel"
CONV = "weights/conv/kernel"
MIXER = "weights/mixer/kernel"
RUNS = ("first", "second")
LAST = 5


@pytest.fixture(scope="module")
def shared_tab(open_shared_tab: OpenTab, serve: Serve, workbench: Path) -> Tab:
    return Tab(open_shared_tab(serve(workbench)))


@pytest.fixture
def tab(shared_tab: Tab) -> Tab:
    shared_tab.open_state()
    for run in RUNS:
        shared_tab.wait_until_painted(run, KERNEL, LAST)
    return shared_tab


@pytest.mark.parametrize("sort", ["index", "norm", "change", "variance", "dead"])
def test_tiles_are_sorted_by_the_statistics_of_the_first_run_and_alike_in_both(
    sort: str, tab: Tab, workbench: Path, colour_tables: dict[str, Any]
) -> None:
    tab.by_id("sort").select_option(sort)
    first = read_tiles(workbench, "first", KERNEL, LAST)
    wanted = list(range(40)) if sort == "index" else sorted_tiles(first, sort)
    assert sort == "index" or wanted != list(range(40))
    if sort == "dead":
        assert wanted[:2] == [7, 11]
    for run in RUNS:
        canvas = tab.wait_until_painted(run, KERNEL, LAST)
        assert painted_order(canvas, 40) == wanted
        # Which tile stands where is looked up in the order; that the right one is painted, here.
        record = read_tiles(workbench, run, KERNEL, LAST)
        assert_painted_as_read(canvas, record, colour_tables, shown_range(canvas))


def test_hovering_a_sorted_tile_names_the_unit_that_is_painted_there(
    tab: Tab, workbench: Path
) -> None:
    tab.by_id("sort").select_option("norm")
    canvas = tab.wait_until_painted("second", KERNEL, LAST)
    wanted = sorted_tiles(read_tiles(workbench, "first", KERNEL, LAST), "norm")[0]
    canvas.scroll_into_view_if_needed()
    zoom = canvas_numbers(canvas)["zoom"]
    canvas.hover(position={"x": 1.5 * zoom, "y": 2.5 * zoom})
    tooltip = tab.by_id("tooltip")
    expect(tooltip).to_have_attribute("data-tile", str(wanted))
    expect(tooltip).to_have_attribute("data-exact", "true")
    value = read_tiles(workbench, "second", KERNEL, LAST).values[wanted, 2, 1]
    assert float(tooltip.get_attribute("data-value") or "nan") == float(value)


def test_sorting_filters_keeps_every_filter_in_a_row_of_its_own(tab: Tab, workbench: Path) -> None:
    tab.by_id("sort").select_option("norm")
    tab.panel(CONV).scroll_into_view_if_needed()
    canvas = tab.wait_until_painted("first", CONV, LAST)
    record = read_tiles(workbench, "first", CONV, LAST)
    norms = np.sqrt((record.statistics["l2_norm"] ** 2).sum(axis=1))
    filters = np.argsort(-norms, kind="stable")
    assert painted_order(canvas, 24) == [4 * f + channel for f in filters for channel in range(4)]


@pytest.mark.parametrize(("typed", "columns"), [("5", 5), ("40", 40), ("0", None), ("x", None)])
def test_as_many_columns_as_asked_for_and_else_as_many_as_fit(
    typed: str,
    columns: int | None,
    tab: Tab,
    workbench: Path,
    colour_tables: dict[str, Any],
) -> None:
    automatic = canvas_numbers(tab.grid("first", KERNEL))["columns"]
    assert automatic not in {5, 40}
    field = tab.by_id("columns")
    field.fill(typed)
    field.press("Enter")
    expect(field).to_have_value("" if columns is None else str(columns))
    for run in RUNS:
        canvas = tab.grid(run, KERNEL)
        expect(canvas).to_have_attribute("data-columns", str(int(columns or automatic)))
        record = read_tiles(workbench, run, KERNEL, LAST)
        assert_painted_as_read(canvas, record, colour_tables, shown_range(canvas))


def test_tile_sizes_grow_from_small_to_large_and_stay_inside_the_panel(tab: Tab) -> None:
    widths = []
    for size in ("small", "medium", "large"):
        tab.press("tile-size", size)
        canvas = tab.wait_until_painted("first", KERNEL, LAST)
        number = canvas_numbers(canvas)
        widths.append(number["tileHeight"] * number["zoom"])
        box, panel = canvas.bounding_box(), tab.panel(KERNEL).bounding_box()
        assert box is not None
        assert panel is not None
        assert box["x"] + box["width"] <= panel["x"] + panel["width"]
    assert widths == sorted(set(widths))
    # The longer side, 12 cells, is at most 32, 64 and 128 CSS pixels, at whole zooms.
    assert widths == [24, 60, 120]


@pytest.mark.parametrize("control", ["outlines", "smooth"])
def test_outlines_and_blending_leave_the_painted_cells_as_they_are(control: str, tab: Tab) -> None:
    canvas = tab.wait_until_painted("first", KERNEL, LAST)
    overlay = tab.panel(KERNEL).locator("canvas.overlay").first
    expect(overlay).to_be_hidden()
    before = canvas_image(canvas)
    tab.by_id(control).check()
    expect(overlay).to_be_visible()
    assert np.array_equal(canvas_image(canvas), before)
    drawn = canvas_image(overlay)[..., 3] > 0
    number = canvas_numbers(canvas)
    zoom = int(number["zoom"])
    middle = drawn[1 + 4 * zoom, 1 : 1 + int(number["tileWidth"]) * zoom]
    if control == "outlines":
        # The line lies round the tile: no pixel of its cells is covered.
        assert drawn.any()
        assert not middle.any()
    else:
        assert middle.all()
    tab.by_id(control).uncheck()
    expect(overlay).to_be_hidden()


def assert_order(canvas: Locator, wanted: NDArray[np.int64], *, row_length: int | None) -> None:
    assert painted_order(canvas, int(wanted.max()) + 1) == wanted.reshape(-1).tolist()
    if row_length is not None:
        assert canvas_numbers(canvas)["columns"] == row_length


def test_axes_go_down_the_rows_along_the_columns_or_onto_a_slider(
    tab: Tab, workbench: Path, colour_tables: dict[str, Any]
) -> None:
    tab.panel(MIXER).scroll_into_view_if_needed()
    record = read_tiles(workbench, "first", MIXER, LAST)
    tiles = np.arange(12).reshape(3, 4)  # heads, gates

    canvas = tab.wait_until_painted("first", MIXER, LAST)
    assert_order(canvas, tiles, row_length=4)

    tab.place_axes(MIXER, head="columns", gate="rows")
    expect(canvas).to_have_attribute("data-columns", "3")
    assert_order(canvas, tiles.T, row_length=3)
    assert_painted_as_read(canvas, record, colour_tables, shown_range(canvas))

    tab.place_axes(MIXER, gate="columns")
    assert_order(canvas, tiles, row_length=None)

    tab.place_axes(MIXER, gate="slider", head="rows")
    expect(canvas).to_have_attribute("data-tiles", "3")
    assert_order(canvas, tiles[:, 0], row_length=1)
    slider = tab.panel(MIXER).locator("[data-testid='axis-slider'][data-axis='gate']")
    expect(slider).to_have_attribute("max", "3")
    before = painted_tiles(canvas)
    slider.fill("2")
    expect(canvas).to_have_attribute("data-order", "[2,6,10]")
    after = painted_tiles(canvas)
    assert not np.array_equal(before, after)
    expect(tab.panel(MIXER)).to_contain_text("cell")
    for run in RUNS:
        painted = tab.wait_until_painted(run, MIXER, LAST)
        assert painted_order(painted, 12) == [2, 6, 10]
        assert_painted_as_read(
            painted,
            read_tiles(workbench, run, MIXER, LAST),
            colour_tables,
            shown_range(painted),
        )


def test_both_axes_on_sliders_show_one_tile(tab: Tab) -> None:
    tab.panel(MIXER).scroll_into_view_if_needed()
    tab.place_axes(MIXER, head="slider", gate="slider")
    canvas = tab.wait_until_painted("first", MIXER, LAST)
    expect(canvas).to_have_attribute("data-tiles", "1")
    sliders = tab.panel(MIXER).locator("[data-testid='axis-slider']")
    expect(sliders).to_have_count(2)
    sliders.nth(0).fill("1")
    sliders.nth(1).fill("3")
    expect(canvas).to_have_attribute("data-order", "[7]")
