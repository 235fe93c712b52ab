"""The view of composed templates: class names, what the notes say, offsets, colours, refusals."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest
from playwright.sync_api import expect

from tests.end_to_end import layer_logs
from tests.end_to_end.conftest import MakeLog, OpenTab, Serve
from tests.end_to_end.expected import read_tiles, symmetric
from tests.end_to_end.tab import Tab, painted_cells, shown_range

pytestmark = pytest.mark.browser

COLOUR = "templates/conv2d"
GREEN, AMBER = "rgb(20, 108, 58)", "rgb(138, 83, 0)"


@pytest.fixture(scope="module")
def tab(open_shared_tab: OpenTab, serve: Serve, make_log: MakeLog) -> Tab:
    tab = Tab(open_shared_tab(serve(make_log(layer_logs.write_templates))))
    tab.wait_until_painted("linear", "templates/dense", 0)
    return tab


def test_class_names_stand_under_the_templates(tab: Tab) -> None:
    labels = tab.panel("templates/dense").locator("nnviz-grid").first.locator(".label.below")
    assert labels.all_inner_texts() == ["cat", "dog", "ship"]


def test_notes_of_one_run_stand_in_its_column_in_their_colours(tab: Tab) -> None:
    notes = tab.panel("templates/dense").locator(".caption [data-testid='note']")
    assert notes.all_inner_texts() == ["ignores 2 ReLU", "exact"]
    expect(notes.nth(0)).to_have_css("color", AMBER)
    expect(notes.nth(1)).to_have_css("color", GREEN)
    assert "identity" in (notes.nth(0).get_attribute("title") or "")


def test_notes_of_all_runs_stand_in_the_header(tab: Tab) -> None:
    header = tab.panel("templates/dense").locator("header [data-testid='note']")
    assert header.all_inner_texts() == ["before softmax"]
    exact = tab.panel("templates/conv2d").locator("header [data-testid='note']")
    assert exact.all_inner_texts() == ["exact"]


def test_panels_are_called_what_they_are(tab: Tab) -> None:
    facts = {
        "templates/dense": ("template", "28×28 templates · 3 units"),
        "templates/conv2d": ("template", "7×7×3 templates · 4 units"),
        "templates/dense/offset": ("offset", "3 values · units →"),
    }
    for tag, (title, text) in facts.items():
        expect(tab.panel(tag).locator("h3")).to_have_text(title)
        expect(tab.panel(tag).locator(".facts")).to_have_text(text)


def test_offsets_are_low(tab: Tab) -> None:
    box = tab.panel("templates/dense/offset").bounding_box()
    assert box is not None
    assert box["height"] < 110


def test_colour_templates_are_symmetric_about_mid_gray(tab: Tab) -> None:
    canvas = tab.wait_until_painted("linear", "templates/conv2d", 0)
    low, high = shown_range(canvas)
    assert low == -high
    legend: dict[str, Any] = tab.panel("templates/conv2d").evaluate(
        """panel => {
          const scale = panel.querySelector("nnviz-panel").shadowRoot
            .querySelector("nnviz-legend").shadowRoot.querySelector(".scale");
          return { title: scale.title, text: scale.innerText };
        }"""
    )
    assert "mid-gray" in legend["title"]
    assert "R, G, B each" in legend["text"]


def test_colours_of_colour_templates_are_the_values_that_were_logged(
    tab: Tab, make_log: MakeLog
) -> None:
    log = make_log(layer_logs.write_templates)
    records = {run: read_tiles(log, run, COLOUR, 0) for run in ("deep", "linear")}
    low, high = symmetric(record.values for record in records.values())
    for run, record in records.items():
        canvas = tab.wait_until_painted(run, COLOUR, 0)
        assert shown_range(canvas) == pytest.approx((low, high), rel=1e-6)
        painted = painted_cells(canvas, 4)[..., :3].astype(int)
        values = record.values.reshape(painted.shape)
        wanted = np.clip(np.floor(256 * (values - low) / (high - low)), 0, 255)
        # Painting knows 8 of the 16 bits of a value.
        assert np.abs(painted - wanted).max() <= 1


def test_hovering_a_colour_template_says_its_three_values(tab: Tab, make_log: MakeLog) -> None:
    canvas = tab.wait_until_painted("deep", COLOUR, 0)
    tooltip = tab.hover_cell(canvas, place=2, row=5, column=1)
    expect(tooltip).to_have_attribute("data-exact", "true")
    expect(tooltip).to_contain_text("unit 2 · row 5, column 1")
    record = read_tiles(make_log(layer_logs.write_templates), "deep", COLOUR, 0)
    said = [float(text) for text in (tooltip.get_attribute("data-value") or "").split()]
    assert said == record.values[2, 5, 1].tolist()


def test_hovering_a_class_template_names_its_class(tab: Tab, make_log: MakeLog) -> None:
    canvas = tab.wait_until_painted("linear", "templates/dense", 0)
    tooltip = tab.hover_cell(canvas, place=1, row=20, column=3)
    expect(tooltip).to_have_attribute("data-exact", "true")
    expect(tooltip).to_contain_text("unit 1 (dog) · row 20, column 3")
    record = read_tiles(make_log(layer_logs.write_templates), "linear", "templates/dense", 0)
    assert float(tooltip.get_attribute("data-value") or "nan") == record.values[1, 20, 3]


def test_a_refusal_is_told_in_every_view(tab: Tab) -> None:
    notices = tab.by_id("notices")
    expect(notices).to_contain_text("1 notice on templates")
    notices.locator("summary").click()
    expect(notices.locator("li")).to_contain_text(layer_logs.REFUSAL)
    expect(notices.locator("li")).to_contain_text("templates/attention")


def test_a_view_without_data_says_what_the_log_says_of_it(tab: Tab) -> None:
    tab.open_state(view="templates", runs="!deep/nnviz,!linear/nnviz")
    reason = tab.by_id("reason")
    expect(reason).to_be_visible()
    expect(reason).to_contain_text(layer_logs.REFUSAL)
    expect(reason).to_contain_text("attention")
