"""The view of composed templates: class names, what the notes say, offsets, colours, refusals."""

from __future__ import annotations

from typing import Any

import pytest
from playwright.sync_api import expect

from tests.end_to_end import layer_logs
from tests.end_to_end.conftest import MakeLog, OpenTab, Serve
from tests.end_to_end.tab import Tab, painted_tiles

pytestmark = pytest.mark.browser

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
    low, high = (float(end) for end in (canvas.get_attribute("data-range") or "")[1:-1].split(","))
    assert low == -high
    painted = painted_tiles(canvas)[..., :3].astype(float)
    # Values are normal around 0, and so are colours around the middle of 0 … 255.
    assert abs(painted.mean() - 127.5) < 5
    legend: dict[str, Any] = tab.panel("templates/conv2d").evaluate(
        """panel => {
          const scale = panel.querySelector("nnviz-panel").shadowRoot
            .querySelector("nnviz-legend").shadowRoot.querySelector(".scale");
          return { title: scale.title, text: scale.innerText };
        }"""
    )
    assert "mid-gray" in legend["title"]
    assert "R, G, B each" in legend["text"]


def test_a_refusal_is_told_in_every_view(tab: Tab) -> None:
    notices = tab.by_id("notices")
    expect(notices).to_contain_text("1 notice on templates")
    notices.locator("summary").click()
    expect(notices.locator("li")).to_contain_text(layer_logs.REFUSAL)
    expect(notices.locator("li")).to_contain_text("templates/attention")
