"""Channels that are 0 for every sample: gray, crossed out and counted, and none but these."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np
import pytest
from playwright.sync_api import expect

from tests.end_to_end.activation_logs import (
    DEAD,
    DEAD_UNITS,
    RUNS,
    SELDOM,
    STEPS,
    write_activations,
)
from tests.end_to_end.conftest import MakeLog, OpenTab, Serve
from tests.end_to_end.expected import change_between, read_tiles
from tests.end_to_end.responses import assert_painted, dead_channels
from tests.end_to_end.tab import (
    Tab,
    canvas_image,
    canvas_numbers,
    painted_cells,
    place_tile,
    shown_range,
    state_hash,
    table_differences,
)

pytestmark = pytest.mark.browser

MAPS, STRIP = "activations/conv2d", "activations/dense"
LAST = STEPS[-1]


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


@pytest.mark.parametrize("step", STEPS)
def test_the_channels_that_are_gray_are_those_that_are_0_for_every_sample(
    step: int, tab: Tab, log: Path, bundle_colours: dict[str, Any]
) -> None:
    tab.go_to_step_index(step)
    records = {run: read_tiles(log, run, MAPS, step) for run in RUNS}
    for run, record in records.items():
        dead = np.flatnonzero(dead_channels(record)).tolist()
        assert dead == list(DEAD[run][step])
        # One that only the last sample wakes is not dead.
        assert (record.values[:-1, SELDOM] == 0).all()
        canvas = tab.wait_until_painted(run, MAPS, step)
        expect(canvas).to_have_attribute("data-dead", str(len(dead)))
        assert_painted(canvas, record, bundle_colours, beside=list(records.values()))


def test_every_run_counts_its_own_and_the_legend_says_what_the_gray_is(tab: Tab, log: Path) -> None:
    captions = tab.panel(MAPS).locator(".caption")
    for run, count in (("first", 2), ("second", 1), ("others", 0)):
        caption = captions.filter(has_text=run)
        said = [f"{count} of 6 dead"] if count > 0 else []
        expect(caption.locator("[data-testid='dead-channels']")).to_have_text(said)
        share = read_tiles(log, run, MAPS, LAST).statistics["zero_fraction"].mean()
        zeros = caption.locator("[data-testid='zeros']")
        expect(zeros).to_have_text(f"{round(100 * float(share))} % zeros")
    legend = tab.panel(MAPS).locator("[data-testid='dead-legend']")
    expect(legend).to_have_attribute(
        "title", "Gray and crossed out: channels that are 0 at every place for every sample"
    )


def test_a_diagonal_crosses_every_dead_channel_and_no_other(tab: Tab) -> None:
    canvas = tab.wait_until_painted("first", MAPS, LAST)
    grid = tab.panel(MAPS).locator("nnviz-grid").first
    overlay = canvas_image(grid.locator("canvas.overlay"))
    number = canvas_numbers(canvas)
    zoom = number["zoom"]
    for place in range(30):
        top, left = place_tile(number, place)
        height, width = number["tileHeight"], number["tileWidth"]
        # The overlay is larger by a pixel on every side.
        rows = slice(round(top * zoom) + 2, round((top + height) * zoom))
        columns = slice(round(left * zoom) + 2, round((left + width) * zoom))
        is_crossed = (overlay[rows, columns, 3] > 0).any()
        assert is_crossed == (place % 6 in DEAD["first"][LAST])


@pytest.mark.parametrize("run", RUNS)
def test_dead_units_of_a_strip_are_gray_in_the_row_of_every_sample(
    run: str, tab: Tab, log: Path, bundle_colours: dict[str, Any]
) -> None:
    tab.panel(STRIP).scroll_into_view_if_needed()
    records = [read_tiles(log, each, STRIP, LAST) for each in RUNS]
    record = records[RUNS.index(run)]
    dead = dead_channels(record)
    assert dead[list(DEAD_UNITS)].all()
    canvas = tab.wait_until_painted(run, STRIP, LAST)
    expect(canvas).to_have_attribute("data-dead", str(int(dead.sum())))
    assert_painted(canvas, record, bundle_colours, beside=records)


def test_before_the_activation_and_in_changes_no_channel_is_dead(
    tab: Tab, log: Path, bundle_colours: dict[str, Any]
) -> None:
    tag = f"{MAPS}/pre_activation"
    records = {run: read_tiles(log, run, tag, LAST) for run in RUNS}
    for run, record in records.items():
        canvas = tab.wait_until_painted(run, tag, LAST)
        expect(canvas).to_have_attribute("data-dead", "0")
        assert_painted(canvas, record, bundle_colours, beside=list(records.values()))
    expect(tab.panel(tag).locator("[data-testid='dead-legend']")).to_have_count(0)

    tab.by_id("show").select_option("change-since-start")
    canvas = tab.grid("first", MAPS)
    expect(canvas).to_have_attribute("data-show", "change-since-start")
    canvas = tab.wait_until_painted("first", MAPS, LAST)
    expect(canvas).to_have_attribute("data-dead", "0")
    change = change_between(read_tiles(log, "first", MAPS, LAST), read_tiles(log, "first", MAPS, 0))
    painted = painted_cells(canvas, len(change.values))
    assert not (painted[..., :3] == bundle_colours["dead"]["light"]).all(axis=-1).any()
    hidden = (painted[..., :3] == bundle_colours["unresolved"]["light"]).all(axis=-1)
    assert np.array_equal(hidden, change.unresolved)
    differences = table_differences(
        canvas, change.values, bundle_colours["tables"], shown_range(canvas)
    )
    assert (differences.min(axis=0)[~hidden] == 0).all()


def test_in_dark_the_dead_have_the_gray_of_the_dark(
    open_tab: OpenTab, serve: Serve, log: Path, bundle_colours: dict[str, Any]
) -> None:
    state = state_hash(view="activations", layers="conv2d|dense")
    tab = Tab(open_tab(serve(log), query="?darkMode=true", state=state))
    for tag in (MAPS, STRIP):
        records = {run: read_tiles(log, run, tag, LAST) for run in RUNS}
        for run, record in records.items():
            tab.panel(tag).scroll_into_view_if_needed()
            canvas = tab.wait_until_painted(run, tag, LAST)
            beside = list(records.values())
            assert_painted(canvas, record, bundle_colours, beside=beside, theme="dark")
