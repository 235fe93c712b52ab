"""Where samples and channels of activations go: rows, columns, sliders; one sample for all."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np
import pytest
from numpy.typing import NDArray
from playwright.sync_api import expect

from tests.end_to_end.activation_logs import LABELS, RUNS, STEPS, write_activations
from tests.end_to_end.conftest import MakeLog, OpenTab, Serve
from tests.end_to_end.expected import read_tiles
from tests.end_to_end.responses import assert_painted, dead_channels
from tests.end_to_end.tab import Tab, canvas_numbers, painted_order, state_hash

pytestmark = pytest.mark.browser

MAPS, WIDE, STRIP, SEQUENCE = (f"activations/{name}" for name in ("conv2d", "wide", "dense", "gru"))
LAST = STEPS[-1]
# Of `conv2d`: samples, channels.
TILES = np.arange(5 * 6).reshape(5, 6)
# Until choices are written, in milliseconds, and as long again.
WRITTEN = 700


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


def assert_shown(
    tab: Tab, log: Path, tag: str, wanted: NDArray[Any], bundle_colours: dict[str, Any]
) -> None:
    """Every run shows these tiles, ``(rows, columns)``, with the values that were logged.

    Tiles on one axis are in rows as wide as there is room.
    """
    records = {run: read_tiles(log, run, tag, LAST) for run in RUNS}
    tab.panel(tag).scroll_into_view_if_needed()
    for run, record in records.items():
        canvas = tab.grid(run, tag)
        expect(canvas).to_have_attribute("data-tiles", str(wanted.size))
        tab.wait_until_painted(run, tag, LAST)
        assert painted_order(canvas, len(record.tiles())) == wanted.reshape(-1).tolist()
        assert wanted.ndim == 1 or canvas_numbers(canvas)["columns"] == wanted.shape[1]
        assert_painted(canvas, record, bundle_colours, beside=list(records.values()))


def test_samples_are_rows_of_channels_and_may_be_turned_round(
    tab: Tab, log: Path, bundle_colours: dict[str, Any]
) -> None:
    assert_shown(tab, log, MAPS, TILES, bundle_colours)
    tab.place_axes(MAPS, sample="columns", channel="rows")
    expect(tab.grid("first", MAPS)).to_have_attribute("data-columns", "5")
    assert_shown(tab, log, MAPS, TILES.T, bundle_colours)
    labels = tab.panel(MAPS).locator("nnviz-grid").first.locator(".label.below")
    assert tuple(labels.all_inner_texts()) == LABELS


def test_one_channel_of_every_sample_stands_on_a_slider(
    tab: Tab, log: Path, bundle_colours: dict[str, Any]
) -> None:
    tab.place_axes(MAPS, channel="slider")
    slider = tab.axis_slider(MAPS, "channel")
    expect(slider).to_have_attribute("max", "5")
    slider.fill("2")
    expect(tab.grid("first", MAPS)).to_have_attribute("data-order", "[2,8,14,20,26]")
    assert_shown(tab, log, MAPS, TILES[:, 2:3], bundle_colours)


def test_arrow_keys_on_the_slider_of_an_axis_move_it_and_not_the_time(tab: Tab) -> None:
    tab.place_axes(MAPS, channel="slider")
    slider, before = tab.axis_slider(MAPS, "channel"), tab.by_id("step-slider").input_value()
    slider.focus()
    for key, value in (("End", "5"), ("ArrowLeft", "4"), ("Home", "0"), ("ArrowRight", "1")):
        tab.page.keyboard.press(key)
        expect(slider).to_have_js_property("value", value)
    assert tab.by_id("step-slider").input_value() == before


def test_of_many_channels_one_sample_is_shown_and_its_slider_moves_all_panels(
    tab: Tab, log: Path, bundle_colours: dict[str, Any]
) -> None:
    tab.place_axes(MAPS, sample="slider")
    tab.panel(WIDE).scroll_into_view_if_needed()
    slider = tab.axis_slider(WIDE, "sample")
    expect(slider).to_have_attribute("max", "4")
    slider.fill("3")
    expect(slider).to_have_attribute("aria-valuetext", "sample 3 · dog")
    for run in RUNS:
        canvas = tab.wait_until_painted(run, WIDE, LAST)
        assert painted_order(canvas, 320) == list(range(3 * 64, 4 * 64))
        records = [read_tiles(log, each, WIDE, LAST) for each in RUNS]
        assert_painted(canvas, records[RUNS.index(run)], bundle_colours, beside=records)
    expect(tab.axis_slider(MAPS, "sample")).to_have_js_property("value", "3")
    expect(tab.grid("second", MAPS)).to_have_attribute("data-order", "[18,19,20,21,22,23]")
    assert_shown(tab, log, MAPS, TILES[3], bundle_colours)


def test_the_sample_is_in_the_address_and_kept_over_a_reload(
    open_tab: OpenTab, serve: Serve, log: Path
) -> None:
    state = state_hash(view="activations", layers="wide", sample="4")
    tab = Tab(open_tab(serve(log), state=state))
    for run in RUNS:
        canvas = tab.wait_until_painted(run, WIDE, LAST)
        assert painted_order(canvas, 320) == list(range(4 * 64, 5 * 64))
    tab.axis_slider(WIDE, "sample").fill("2")
    tab.page.wait_for_timeout(WRITTEN)
    assert "p.nnviz.sample=2" in tab.page.url
    tab.page.reload()
    canvas = tab.wait_until_painted("first", WIDE, LAST)
    assert painted_order(canvas, 320) == list(range(2 * 64, 3 * 64))
    expect(tab.axis_slider(WIDE, "sample")).to_have_js_property("value", "2")


@pytest.mark.parametrize("tag", [STRIP, SEQUENCE])
def test_strips_and_sequences_are_a_row_for_each_sample(
    tag: str, tab: Tab, log: Path, bundle_colours: dict[str, Any]
) -> None:
    if tag == STRIP:
        assert_shown(tab, log, tag, np.arange(5)[:, None], bundle_colours)
    tab.panel(tag).scroll_into_view_if_needed()
    records = [read_tiles(log, run, tag, LAST) for run in RUNS]
    for run, record in zip(RUNS, records, strict=True):
        canvas = tab.wait_until_painted(run, tag, LAST)
        assert painted_order(canvas, 5) == list(range(5))
        assert_painted(canvas, record, bundle_colours, beside=records)
    words = {STRIP: "24 units", SEQUENCE: "9 steps ↓ 8 channels →"}
    expect(tab.panel(tag).locator(".facts")).to_contain_text(words[tag])


def test_hovering_a_sequence_names_step_and_channel(tab: Tab, log: Path) -> None:
    tab.panel(SEQUENCE).scroll_into_view_if_needed()
    canvas = tab.wait_until_painted("second", SEQUENCE, LAST)
    tooltip = tab.hover_cell(canvas, place=1, row=7, column=3)
    expect(tooltip).to_contain_text("sample 1 (bee) · step 7, channel 3")
    expect(tooltip).to_have_attribute("data-exact", "true")
    record = read_tiles(log, "second", SEQUENCE, LAST)
    assert float(tooltip.get_attribute("data-value") or "nan") == record.values[1, 7, 3]
    expect(tooltip.locator(".line", has_text="others")).to_contain_text("other samples")


def test_a_second_choice_of_axes_is_of_the_first_one_though_that_is_not_drawn_yet(
    tab: Tab,
) -> None:
    tab.panel(MAPS).evaluate(
        """(panel) => {
          const choose = (axis, place) => {
            const menu = find(panel, `[data-testid='placement'][data-axis='${axis}']`);
            menu.value = place;
            menu.dispatchEvent(new Event("change", { bubbles: true }));
          };
          const find = (root, selector) => root.querySelector(selector)
            ?? [...root.querySelectorAll("*")].filter((each) => each.shadowRoot)
              .map((each) => find(each.shadowRoot, selector)).find((each) => each);
          choose("sample", "columns");
          choose("channel", "rows");
        }"""
    )
    for run in RUNS:
        expect(tab.grid(run, MAPS)).to_have_attribute("data-columns", "5")
        expect(tab.grid(run, MAPS)).to_have_attribute("data-rows", "6")


def test_hovering_a_map_after_the_switch_of_axes_names_what_is_painted_there(
    tab: Tab, log: Path
) -> None:
    tab.place_axes(MAPS, sample="columns", channel="rows")
    canvas = tab.grid("second", MAPS)
    expect(canvas).to_have_attribute("data-columns", "5")
    tooltip = tab.hover_cell(canvas, place=5 * 3 + 2, row=4, column=6)
    expect(tooltip).to_contain_text("sample 2 (cat) · channel 3 · row 4, column 6")
    expect(tooltip).to_have_attribute("data-exact", "true")
    record = read_tiles(log, "second", MAPS, LAST)
    assert float(tooltip.get_attribute("data-value") or "nan") == record.values[2, 3, 4, 6]


@pytest.mark.parametrize("sort", ["norm", "dead"])
def test_sorting_reorders_channels_and_leaves_samples_in_their_order(
    sort: str, tab: Tab, log: Path, bundle_colours: dict[str, Any]
) -> None:
    tab.by_id("sort").select_option(sort)
    record = read_tiles(log, "first", MAPS, LAST)
    norms = (record.statistics["l2_norm"] ** 2).sum(axis=0)
    if sort == "norm":
        channels = np.argsort(-norms, kind="stable")
    else:
        channels = np.argsort(norms, kind="stable")
        assert dead_channels(record)[channels[:2]].all()
    wanted = TILES[:, channels]
    expect(tab.grid("first", MAPS)).not_to_have_attribute("data-order", "index")
    assert_shown(tab, log, MAPS, wanted, bundle_colours)
