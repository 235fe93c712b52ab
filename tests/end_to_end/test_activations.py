"""The activations of the demo's networks: what is painted, said and hovered is what was logged."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from playwright.sync_api import expect

from tests.end_to_end.conftest import OpenTab, Serve
from tests.end_to_end.expected import read_tiles
from tests.end_to_end.layer_walk import current, show_one, stops, watch
from tests.end_to_end.responses import assert_painted, dead_channels
from tests.end_to_end.tab import Tab, assert_painted_as_read, shown_range, state_hash

pytestmark = pytest.mark.browser

RUN = "conv-4000"
RUNS = ("conv-4000", "linear-4000", "mlp-4000", "mlp-500")
LAST = 8
FIRST_MAPS = "activations/conv2d"
ONE_RUN = {"view": "activations", "run_filter": RUN}
# The network in its order: what is played through.
STOPS = ["input", "conv2d", "max_pooling2d", "conv2d_1", "max_pooling2d_1", "conv2d_2", "digit"]


@pytest.fixture(scope="module")
def shared_tab(open_shared_tab: OpenTab, serve: Serve, demo_log: Path) -> Tab:
    return Tab(open_shared_tab(serve(demo_log, "--load_fast=true")))


@pytest.fixture
def tab(shared_tab: Tab) -> Tab:
    """The activations of the convolutional network."""
    shared_tab.open_state(**ONE_RUN)
    shared_tab.wait_until_painted(RUN, FIRST_MAPS, LAST)
    return shared_tab


def show_panel(tab: Tab, tag: str) -> None:
    """Panels that are far from sight are not there."""
    tab.by_id("layer-filter").fill(f"^{tag.split('/')[1]}$")
    expect(tab.panel(tag)).to_be_visible()


def test_the_samples_of_four_runs_are_shown_once_as_they_were_logged(
    shared_tab: Tab, demo_log: Path, colour_tables: dict[str, Any]
) -> None:
    tab = shared_tab
    tab.open_state(view="activations")
    records = {run: read_tiles(demo_log, run, "samples", 0) for run in RUNS}
    assert len({record.source.samples_digest for record in records.values()}) == 1
    canvas = tab.wait_until_painted(RUNS[0], "samples", 0)
    panel = tab.panel("samples")
    expect(panel.locator("canvas[data-testid='grid']")).to_have_count(1)
    expect(panel.locator(".caption")).to_have_count(1)
    expect(panel.locator(".caption").get_by_text(RUNS[0], exact=True)).to_be_visible()
    same = panel.locator("[data-testid='covered']")
    expect(same).to_have_text("the same in 3 runs")
    expect(same).to_have_attribute("title", f"the same in {', '.join(RUNS[1:])}")
    record = records[RUNS[0]]
    assert shown_range(canvas) == (record.values.min(), record.values.max()) == (0, 1)
    assert canvas.get_attribute("data-colours") == "gray"
    assert_painted_as_read(canvas, record, colour_tables, shown_range(canvas))
    labels = panel.locator(".label.below").all_inner_texts()
    assert tuple(labels) == record.labels["sample"]
    # As many of each class as can be.
    assert sorted(set(labels)) == list("0123456789")


@pytest.mark.parametrize("step", [0, 4, 8])
def test_maps_are_painted_as_they_were_logged_before_and_after_the_activation(
    step: int, tab: Tab, demo_log: Path, bundle_colours: dict[str, Any]
) -> None:
    tab.go_to_step_index(step)
    for tag in (f"{FIRST_MAPS}/pre_activation", FIRST_MAPS):
        canvas = tab.wait_until_painted(RUN, tag, step)
        expect(canvas).to_have_attribute("data-tiles", str(16 * 8))
        assert_painted(canvas, read_tiles(demo_log, RUN, tag, step), bundle_colours)


def test_in_dark_maps_are_painted_as_they_were_logged(
    open_tab: OpenTab, serve: Serve, demo_log: Path, bundle_colours: dict[str, Any]
) -> None:
    url, state = serve(demo_log, "--load_fast=true"), state_hash(**ONE_RUN)
    tab = Tab(open_tab(url, query="?darkMode=true", state=state))
    for tag in (f"{FIRST_MAPS}/pre_activation", FIRST_MAPS):
        canvas = tab.wait_until_painted(RUN, tag, LAST)
        record = read_tiles(demo_log, RUN, tag, LAST)
        assert_painted(canvas, record, bundle_colours, theme="dark")
    samples = tab.wait_until_painted(RUN, "samples", 0)
    record = read_tiles(demo_log, RUN, "samples", 0)
    assert_painted(samples, record, bundle_colours, theme="dark")
    show_panel(tab, "activations/conv2d_2")
    record = read_tiles(demo_log, RUN, "activations/conv2d_2", LAST)
    canvas = tab.wait_until_painted(RUN, "activations/conv2d_2", LAST)
    assert_painted(canvas, record, bundle_colours, theme="dark")


def test_units_of_four_networks_are_painted_on_one_scale(
    shared_tab: Tab, demo_log: Path, bundle_colours: dict[str, Any]
) -> None:
    shared_tab.open_state(view="activations", layers="^digit$")
    for tag in ("activations/digit/pre_activation", "activations/digit"):
        records = {run: read_tiles(demo_log, run, tag, LAST) for run in RUNS}
        for run, record in records.items():
            canvas = shared_tab.wait_until_painted(run, tag, LAST)
            assert_painted(canvas, record, bundle_colours, beside=list(records.values()))


def test_hovering_names_sample_channel_and_cell_and_says_the_logged_value(
    tab: Tab, demo_log: Path
) -> None:
    # Row 3 of the grid, its channel 5.
    record = read_tiles(demo_log, RUN, FIRST_MAPS, LAST)
    canvas = tab.wait_until_painted(RUN, FIRST_MAPS, LAST)
    tooltip = tab.hover_cell(canvas, place=3 * 8 + 5, row=10, column=7)
    expect(tooltip).to_have_attribute("data-exact", "true")
    assert float(tooltip.get_attribute("data-value") or "nan") == record.values[3, 5, 10, 7]
    label = record.labels["sample"][3]
    expect(tooltip).to_contain_text(f"sample 3 ({label}) · channel 5 · row 10, column 7")
    # No more digits than half a step of the 8 bits allows: what is written is that far off.
    low, high = (record.statistics[name][3, 5] for name in ("min", "max"))
    written = re.search(r"([+0-9.]+)\s±\s([0-9.e−-]+)", tooltip.inner_text())
    assert written is not None
    value, bound = (float(text.replace("−", "-")) for text in written.groups())
    assert (high - low) / 252 / 2 <= bound <= (high - low) / 252
    assert abs(value - record.values[3, 5, 10, 7]) <= bound


def test_hovering_the_scores_says_what_the_other_networks_give_the_same_sample(
    shared_tab: Tab, demo_log: Path
) -> None:
    tag = "activations/digit"
    shared_tab.open_state(view="activations", layers="^digit$")
    for run in RUNS:
        shared_tab.wait_until_painted(run, tag, LAST)
    canvas = shared_tab.grid("linear-4000", tag)
    tooltip = shared_tab.hover_cell(canvas, place=6, row=0, column=4)
    record = read_tiles(demo_log, "linear-4000", tag, LAST)
    assert float(tooltip.get_attribute("data-value") or "nan") == record.values[6, 0, 4]
    expect(tooltip).to_contain_text(f"sample 6 ({record.labels['sample'][6]}) · unit 4")
    expect(tooltip.locator(".line")).to_have_count(len(RUNS) + 2)
    for run in RUNS:
        expect(tooltip).to_contain_text(run)
    expect(tooltip).not_to_contain_text("other samples")


@pytest.mark.parametrize("layer", ["conv2d", "conv2d_1", "conv2d_2"])
def test_zeros_and_dead_channels_are_counted_as_the_records_say(
    layer: str, tab: Tab, demo_log: Path
) -> None:
    tag = f"activations/{layer}"
    show_panel(tab, tag)
    for step in (0, LAST):
        tab.go_to_step_index(step)
        canvas = tab.wait_until_painted(RUN, tag, step)
        record = read_tiles(demo_log, RUN, tag, step)
        channels, dead = record.values.shape[1], int(dead_channels(record).sum())
        share = 100 * float(record.statistics["zero_fraction"].mean())
        zeros = tab.panel(tag).locator("[data-testid='zeros']")
        expect(zeros).to_have_text(f"{round(share)} % zeros")
        counted = tab.panel(tag).locator("[data-testid='dead-channels']")
        said = [f"{dead} of {channels} channels dead"] if dead > 0 else []
        expect(counted).to_have_text(said)
        expect(canvas).to_have_attribute("data-dead", str(dead))


def test_playing_through_three_layers_shows_each_as_it_was_logged_and_ends(
    tab: Tab, demo_log: Path, bundle_colours: dict[str, Any]
) -> None:
    tab.by_id("layer-filter").fill("conv2d_1|conv2d_2|digit")
    show_one(tab)
    chosen = ["input", "conv2d_1", "conv2d_2", "digit"]
    expect(tab.by_id("layer-stop")).to_have_count(len(chosen))
    assert stops(tab) == chosen
    sample = 7
    tab.by_id("stage-sample").fill(str(sample))
    for number, stop in enumerate(chosen):
        if number > 0:
            tab.page.keyboard.press("]")
        expect(current(tab)).to_have_attribute("data-stop", stop)
        tag = "samples" if stop == "input" else f"activations/{stop}"
        step = 0 if stop == "input" else LAST
        canvas = tab.wait_until_painted(RUN, tag, step)
        record = read_tiles(demo_log, RUN, tag, step)
        tiles = len(record.tiles()) // 16
        wanted = list(range(sample * tiles, (sample + 1) * tiles))
        expect(canvas).to_have_attribute("data-order", str(wanted).replace(" ", ""))
        assert_painted(canvas, record, bundle_colours)
    expect(tab.by_id("next-layer")).to_be_disabled()

    # From the end, playing begins anew, and ends there.
    tab.by_id("speed").select_option("4")
    tab.page.keyboard.press("p")
    assert watch(tab, len(chosen)) == chosen
    expect(current(tab)).to_have_attribute("data-stop", "digit")


def test_all_layers_are_played_in_the_order_of_the_network(tab: Tab) -> None:
    show_one(tab)
    assert stops(tab) == STOPS


def test_hovering_at_a_stop_says_the_logged_value_of_the_sample_that_is_played(
    tab: Tab, demo_log: Path
) -> None:
    tab.open_state(**ONE_RUN, layer_mode="one", layer="activations/digit", sample="12")
    canvas = tab.wait_until_painted(RUN, "activations/digit", LAST)
    record = read_tiles(demo_log, RUN, "activations/digit", LAST)
    best = int(np.argmax(record.values[12, 0]))
    tooltip = tab.hover_cell(canvas, place=0, row=0, column=best)
    assert float(tooltip.get_attribute("data-value") or "nan") == record.values[12, 0].max()
    label = record.labels["sample"][12]
    expect(tooltip).to_contain_text(f"sample 12 ({label}) · unit {best}")
