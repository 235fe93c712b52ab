"""The class templates of the demo's four networks are painted, noted and hovered as logged."""

from __future__ import annotations

from collections import Counter
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from playwright.sync_api import expect

from tests.end_to_end.conftest import OpenTab, Serve
from tests.end_to_end.expected import read_tiles, symmetric
from tests.end_to_end.tab import Tab, assert_painted_as_read, shown_range, state_hash

pytestmark = pytest.mark.browser

RUNS = ("conv-4000", "linear-4000", "mlp-4000", "mlp-500")
TEMPLATES, OFFSETS = "templates/digit", "templates/digit/offset"
LAST = 8
ONE_LAYER = {"view": "templates", "layers": "^digit$"}


@pytest.fixture(scope="module")
def shared_tab(open_shared_tab: OpenTab, serve: Serve, demo_log: Path) -> Tab:
    return Tab(open_shared_tab(serve(demo_log, "--load_fast=true")))


@pytest.fixture
def tab(shared_tab: Tab) -> Tab:
    shared_tab.open_state(**ONE_LAYER)
    for run in RUNS:
        shared_tab.wait_until_painted(run, TEMPLATES, LAST)
    return shared_tab


@pytest.mark.parametrize(
    ("tag", "step"),
    # Before training every offset is 0.
    [(TEMPLATES, 0), (TEMPLATES, LAST), (OFFSETS, 1), (OFFSETS, LAST)],
)
def test_templates_and_offsets_are_painted_as_they_were_logged_on_one_scale(
    tag: str, step: int, tab: Tab, demo_log: Path, colour_tables: dict[str, Any]
) -> None:
    tab.go_to_step_index(step)
    records = {run: read_tiles(demo_log, run, tag, step) for run in RUNS}
    wanted = symmetric(record.values for record in records.values())
    for run, record in records.items():
        canvas = tab.wait_until_painted(run, tag, step)
        assert canvas.get_attribute("data-colours") == "red_blue_light"
        assert shown_range(canvas) == pytest.approx(wanted, rel=1e-6)
        assert_painted_as_read(canvas, record, colour_tables, shown_range(canvas))


def test_in_dark_templates_are_painted_as_they_were_logged(
    open_tab: OpenTab, serve: Serve, demo_log: Path, colour_tables: dict[str, Any]
) -> None:
    url, state = serve(demo_log, "--load_fast=true"), state_hash(**ONE_LAYER)
    tab = Tab(open_tab(url, query="?darkMode=true", state=state))
    for run in RUNS:
        canvas = tab.wait_until_painted(run, TEMPLATES, LAST)
        assert canvas.get_attribute("data-colours") == "red_blue_dark"
        record = read_tiles(demo_log, run, TEMPLATES, LAST)
        assert_painted_as_read(canvas, record, colour_tables, shown_range(canvas))


def test_the_panel_says_of_every_network_what_its_record_notes(tab: Tab, demo_log: Path) -> None:
    notes = {run: read_tiles(demo_log, run, TEMPLATES, LAST).notes for run in RUNS}
    assert {run: texts[0] for run, texts in notes.items()} == {
        "conv-4000": "ignores 3 ReLU",
        "linear-4000": "exact",
        "mlp-4000": "ignores 2 ReLU",
        "mlp-500": "ignores 2 ReLU",
    }
    counts = Counter(text for texts in notes.values() for text in texts)
    common = {text for text, count in counts.items() if count == len(RUNS)}
    header = tab.panel(TEMPLATES).locator("header [data-testid='note']")
    assert set(header.all_inner_texts()) == common == {"before softmax"}
    captions = tab.panel(TEMPLATES).locator(".caption")
    for place, run in enumerate(RUNS):
        caption = captions.nth(place)
        expect(caption).to_contain_text(run)
        own = [text for text in notes[run] if text not in common]
        chips = caption.locator("[data-testid='note']")
        assert chips.all_inner_texts() == own
        kind = "exact" if run == "linear-4000" else "care"
        expect(chips.first).to_have_attribute("data-kind", kind)


def test_words_of_care_are_whole_and_mere_facts_are_cut_where_there_is_no_room(tab: Tab) -> None:
    chips = tab.panel(TEMPLATES).locator(".caption").first.locator("[data-testid='note']")
    is_cut = "chips => chips.map(chip => chip.scrollWidth > chip.clientWidth)"
    assert chips.evaluate_all(is_cut) == [False, True]


@pytest.mark.parametrize("scale", ["shared", "per-run", "fixed"])
def test_the_legend_of_the_offsets_stands_above_the_runs_at_the_right(scale: str, tab: Tab) -> None:
    tab.press("scale", scale)
    panel = tab.panel(OFFSETS)
    for run in RUNS:
        tab.wait_until_painted(run, OFFSETS, LAST)
    boxes = panel.locator("canvas[data-testid='grid']").evaluate_all(_SIDES)
    words = panel.locator("nnviz-legend .scale *").evaluate_all(_SIDES)
    assert len(words) >= 3
    # Four columns leave it no room beside them.
    assert max(box["bottom"] for box in words) <= min(box["top"] for box in boxes)
    # Its numbers stand to the left and the right of its colours.
    low, bar, high = panel.locator("nnviz-legend .range > *").evaluate_all(_SIDES)
    assert low["right"] < bar["left"] < bar["right"] < high["left"]
    edge = panel.evaluate("panel => panel.getBoundingClientRect().right")
    assert max(box["right"] for box in words) <= edge


_SIDES = """all => all.map(each => {
  const { left, right, top, bottom } = each.getBoundingClientRect();
  return { left, right, top, bottom };
})"""


def test_hovering_a_template_says_its_value_in_every_network(tab: Tab, demo_log: Path) -> None:
    canvas = tab.wait_until_painted("linear-4000", TEMPLATES, LAST)
    tooltip = tab.hover_cell(canvas, place=4, row=13, column=9)
    expect(tooltip).to_have_attribute("data-exact", "true")
    record = read_tiles(demo_log, "linear-4000", TEMPLATES, LAST)
    assert float(tooltip.get_attribute("data-value") or "nan") == record.values[4, 13, 9]
    expect(tooltip).to_contain_text("unit 4")
    expect(tooltip).to_contain_text("row 13, column 9")
    for run in RUNS:
        expect(tooltip).to_contain_text(run)


def test_hovering_an_offset_says_the_number_that_was_logged(tab: Tab, demo_log: Path) -> None:
    canvas = tab.wait_until_painted("conv-4000", OFFSETS, LAST)
    tooltip = tab.hover_cell(canvas, place=0, row=0, column=6)
    expect(tooltip).to_contain_text("unit 6")
    record = read_tiles(demo_log, "conv-4000", OFFSETS, LAST)
    assert record.precision == "float32"
    assert float(tooltip.get_attribute("data-value") or "nan") == record.values[0, 6]


def test_what_is_shown_as_exact_is_what_the_network_computes(demo_log: Path) -> None:
    samples = read_tiles(demo_log, "linear-4000", "samples", 0).tiles().astype(np.float64)
    templates = read_tiles(demo_log, "linear-4000", TEMPLATES, LAST).tiles()
    offsets = read_tiles(demo_log, "linear-4000", OFFSETS, LAST).values[0]
    scores = read_tiles(demo_log, "linear-4000", "activations/digit/pre_activation", LAST)
    # Of 784 pixels each is off by at most half a step of its 8 bits, of weights below 1.
    computed = samples @ templates.T + offsets
    assert np.abs(computed - scores.values[:, 0]).max() < 0.05
    assert np.abs(scores.values).max() > 2
