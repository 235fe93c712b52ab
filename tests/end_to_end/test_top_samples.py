"""The samples that excite units most: units in rows, ranks in columns, the place outlined."""

from __future__ import annotations

import json

import numpy as np
import pytest
from playwright.sync_api import expect

from tests.end_to_end import top_samples_logs as top_log
from tests.end_to_end.conftest import MakeLog, OpenTab, Serve
from tests.end_to_end.tab import Tab, canvas_numbers, painted_tiles, place_tile
from tests.end_to_end.test_accessibility import serious_violations
from tests.end_to_end.top_samples_logs import DEAD, DENSE, MAPS, RANKS, STEPS, UNITS

pytestmark = pytest.mark.browser

LAST = STEPS[-1]


@pytest.fixture(scope="module")
def shared_tab(open_shared_tab: OpenTab, serve: Serve, make_log: MakeLog) -> Tab:
    return Tab(open_shared_tab(serve(make_log(top_log.write_top_samples), "--load_fast=true")))


@pytest.fixture
def tab(shared_tab: Tab) -> Tab:
    shared_tab.open_state(view="top_samples")
    for tag in (MAPS, DENSE):
        shared_tab.wait_until_painted("first", tag, LAST)
    return shared_tab


def test_the_rail_has_the_view_and_units_are_rows_and_ranks_columns(tab: Tab) -> None:
    view = tab.frame.locator("[data-testid='view'][data-view='top_samples']")
    expect(view).to_contain_text("Top samples")
    for tag in (MAPS, DENSE):
        number = canvas_numbers(tab.grid("first", tag))
        assert (number["columns"], number["rows"]) == (RANKS, UNITS)


def test_hovering_says_sample_activation_and_rank(tab: Tab) -> None:
    canvas = tab.grid("first", MAPS)
    tooltip = tab.hover_cell(canvas, place=2 * RANKS + 3, row=5, column=7)
    sample = int(top_log.sample_indices()[2, 3])
    expect(tooltip).to_contain_text(f"channel 2 · rank 4 · sample {sample} · activation +")
    words = tooltip.inner_text().split("activation +")[1].split()[0]
    assert float(words) == pytest.approx(top_log.activations()[2, 3], rel=1e-6)
    assert tooltip.locator(".run").count() == 1


def test_the_place_is_outlined_on_every_picture_that_has_one(tab: Tab) -> None:
    canvas = tab.grid("first", MAPS)
    number = canvas_numbers(canvas)
    drawn = json.loads(tab.by_id("places").first.get_attribute("data-frames") or "[]")
    # Those of the last channel are whole pictures.
    assert [frame[0] for frame in drawn] == list(range((UNITS - 1) * RANKS))
    top, left, bottom, right = top_log.places()
    for tile, *frame in drawn:
        unit, rank = divmod(tile, RANKS)
        tile_top, tile_left = place_tile(number, tile)
        side = number["tileWidth"] * number["zoom"]
        wanted = (
            tile_left * number["zoom"] + left[unit, rank] * side,
            tile_top * number["zoom"] + top[unit, rank] * side,
            (right - left)[unit, rank] * side,
            (bottom - top)[unit, rank] * side,
        )
        assert frame == pytest.approx(wanted, abs=0.01)
    # Units of a Dense layer have no places.
    assert tab.panel(DENSE).locator("[data-testid='places']").count() == 0


def test_units_that_no_sample_excites_are_gray_and_counted(tab: Tab) -> None:
    for tag, word in ((MAPS, "channels"), (DENSE, "units")):
        chip = tab.panel(tag).locator("header [data-testid='dead-channels']")
        expect(chip).to_have_text(f"{len(DEAD)} of {UNITS} {word} dead")
        canvas = tab.grid("first", tag)
        flat = [bool((tile == tile[0, 0]).all()) for tile in painted_tiles(canvas)]
        wanted = [unit in DEAD for unit in range(UNITS) for _ in range(RANKS)]
        assert flat == wanted


def test_no_choice_for_weights_changes_the_pictures(tab: Tab) -> None:
    before = painted_tiles(tab.grid("first", MAPS))
    tab.by_id("show").select_option("change-since-start")
    tab.by_id("colours").select_option("viridis")
    canvas = tab.wait_until_painted("first", MAPS, LAST)
    np.testing.assert_array_equal(painted_tiles(canvas), before)


@pytest.mark.parametrize("query", ["", "?darkMode=true"])
def test_top_samples_have_no_serious_violation(
    query: str, open_tab: OpenTab, serve: Serve, make_log: MakeLog
) -> None:
    url = serve(make_log(top_log.write_top_samples), "--load_fast=true")
    tab = Tab(open_tab(url, query=query, state="&p.nnviz.view=top_samples"))
    tab.wait_until_painted("second", MAPS, LAST)
    assert serious_violations(tab) == []
