"""Playing through the layers: one sample from the input to the last output, a layer at a time."""

from __future__ import annotations

from typing import Any

import pytest
from playwright.sync_api import expect

from tb_nnviz import LogReader, TileArray
from tests.end_to_end import layer_logs
from tests.end_to_end.conftest import MakeLog, OpenTab, Serve
from tests.end_to_end.layer_walk import current, show_one, stops, watch
from tests.end_to_end.tab import (
    Tab,
    assert_painted_as_read,
    painted_order,
    painted_tiles,
    shown_range,
)

pytestmark = pytest.mark.browser

STOPS = ["input", "conv2d", "conv2d_1", "conv2d_2", "dense"]
LAST = layer_logs.STEPS[-1]


@pytest.fixture(scope="module")
def layers_tab(open_shared_tab: OpenTab, serve: Serve, make_log: MakeLog) -> Tab:
    return Tab(open_shared_tab(serve(make_log(layer_logs.write_layers))))


@pytest.fixture
def tab(layers_tab: Tab) -> Tab:
    layers_tab.open_state(view="activations")
    expect(layers_tab.by_id("layer-player")).to_be_visible()
    return layers_tab


def test_the_stops_are_the_input_and_every_output_in_order(tab: Tab) -> None:
    show_one(tab)
    assert stops(tab) == STOPS
    expect(current(tab)).to_have_attribute("data-stop", "input")
    expect(tab.by_id("panel")).to_have_count(0)


def test_a_filter_that_names_layers_gives_the_input_and_these(tab: Tab) -> None:
    show_one(tab)
    tab.by_id("layer-filter").fill("^(conv2d_1|dense)$")
    expect(tab.by_id("layer-stop")).to_have_count(3)
    assert stops(tab) == ["input", "conv2d_1", "dense"]


def test_the_stage_shows_one_sample_of_the_layer_as_it_was_logged(
    tab: Tab, make_log: MakeLog, colour_tables: dict[str, Any]
) -> None:
    tab.open_state(view="activations", layer_mode="one", layer="activations/conv2d_1")
    tab.by_id("stage-sample").fill("2")
    tag = "activations/conv2d_1"
    reader = LogReader(make_log(layer_logs.write_layers))
    for run in ("deep", "shallow"):
        canvas = tab.wait_until_painted(run, tag, LAST)
        channels, _ = layer_logs.LAYERS["conv2d_1"]
        expect(canvas).to_have_attribute("data-tiles", str(channels))
        record = reader.read(run, tag, LAST)
        assert isinstance(record, TileArray)
        channels_of_sample = [2 * channels + channel for channel in range(channels)]
        assert painted_order(canvas, len(record.tiles())) == channels_of_sample
        low, high = shown_range(canvas)
        assert_painted_as_read(canvas, record, colour_tables, (low, high))


def test_playing_goes_from_the_input_to_the_last_layer_and_ends(tab: Tab) -> None:
    tab.by_id("speed").select_option("4")
    tab.by_id("play-through").click()
    assert watch(tab, len(STOPS)) == STOPS
    expect(tab.by_id("play-layers")).to_have_attribute("aria-label", "Play through the layers")


def test_the_stage_keeps_its_place_and_height_from_stop_to_stop(tab: Tab) -> None:
    show_one(tab)
    boxes = set()
    for stop in STOPS:
        tab.frame.locator(f"[data-testid='layer-stop'][data-stop='{stop}']").click()
        expect(tab.by_id("stage").locator("canvas[data-painted='true']").first).to_be_visible()
        box = tab.by_id("stage").bounding_box()
        assert box is not None
        boxes.add((box["y"], box["height"]))
    assert len(boxes) == 1


def test_a_run_without_the_layer_is_named(tab: Tab) -> None:
    tab.open_state(view="activations", layer_mode="one", layer="activations/conv2d_2")
    tab.wait_until_painted("deep", "activations/conv2d_2", LAST)
    expect(tab.by_id("absent-layer")).to_contain_text("conv2d_2")
    expect(tab.by_id("absent-layer")).to_contain_text("shallow")
    expect(tab.by_id("stage").locator("nnviz-grid")).to_have_count(1)


def test_keys_go_from_layer_to_layer_and_play(tab: Tab) -> None:
    tab.page.keyboard.press("Escape")
    for key in ("m", "]", "]", "["):
        tab.page.keyboard.press(key)
    expect(current(tab)).to_have_attribute("data-stop", "conv2d")
    tab.page.keyboard.press("p")
    expect(tab.by_id("play-layers")).to_have_attribute("aria-label", "Pause")
    tab.page.keyboard.press("p")
    expect(tab.by_id("play-layers")).to_have_attribute("aria-label", "Play through the layers")


def test_the_address_holds_the_stop_and_opens_it_again(tab: Tab) -> None:
    show_one(tab)
    tab.by_id("next-layer").click()
    tab.page.wait_for_function("location.hash.includes('p.nnviz.layer=activations%2Fconv2d')")
    assert "p.nnviz.layer_mode=one" in tab.page.evaluate("location.hash")
    tab.open_state(view="activations", layer_mode="one", layer="activations/dense")
    expect(current(tab)).to_have_attribute("data-stop", "dense")
    canvas = tab.wait_until_painted("deep", "activations/dense", LAST)
    assert painted_tiles(canvas).shape[0] == 1


def test_a_link_has_the_layer_at_which_playing_was_stopped_by_hand(tab: Tab) -> None:
    tab.page.keyboard.press("Escape")
    tab.page.keyboard.press("p")
    expect(current(tab)).to_have_attribute("data-stop", "conv2d_1")
    tab.page.keyboard.press("p")
    expect(tab.by_id("play-layers")).to_have_attribute("aria-label", "Play through the layers")
    # It may have gone on by one between the two.
    stop = current(tab).get_attribute("data-stop")
    tab.page.wait_for_function(
        "stop => location.hash.endsWith(stop) || location.hash.includes(`${stop}&`)",
        arg=f"p.nnviz.layer=activations%2F{stop}",
    )


def test_arrow_keys_on_the_slider_of_samples_move_it_and_not_the_time(tab: Tab) -> None:
    show_one(tab)
    slider, before = tab.by_id("stage-sample"), tab.by_id("step-slider").input_value()
    slider.focus()
    for key, value in (("ArrowRight", "1"), ("ArrowUp", "2"), ("ArrowLeft", "1"), ("Home", "0")):
        tab.page.keyboard.press(key)
        expect(slider).to_have_js_property("value", value)
    assert tab.by_id("step-slider").input_value() == before
