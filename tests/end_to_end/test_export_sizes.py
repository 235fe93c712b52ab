"""Sizes that the export dialog tells are those of the files that it saves."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from playwright.sync_api import Locator, expect

from tests.end_to_end.conftest import OpenTab, Serve
from tests.end_to_end.exports import choose, save
from tests.end_to_end.tab import Tab, state_hash

pytestmark = pytest.mark.browser

UNITS = {"bytes": 1, "kB": 1e3, "MB": 1e6}
# Told before anything is written, from a few values of each record: half as much again, or a
# third less, is what one can plan with.
FACTOR = 1.5
# Of the demo; `steps` beside the scope. All steps of all panels take minutes to save.
CHOICES = [
    ("npz", "panel", "this"),
    ("npz", "panel", "all"),
    ("npz", "view", "this"),
    ("csv", "panel", "this"),
    ("html", "panel", "all"),
    ("html", "view", "this"),
    ("png", "panel", "this"),
    ("png", "view", "this"),
]
VIEWS = (
    *("weights", "histograms", "templates", "activations", "attributions", "confusion"),
    *("top_samples", "graph"),
)


@pytest.mark.parametrize("view", VIEWS)
def test_told_and_saved_sizes_differ_by_less_than_half(
    view: str, open_tab: OpenTab, serve: Serve, demo_log: Path, tmp_path: Path
) -> None:
    tab = Tab(open_tab(serve(demo_log), state=state_hash(view=view)))
    tab.by_id("export").first.click()
    expect(tab.by_id("export-name")).to_be_visible()
    ratios = {}
    for name, scope, steps in CHOICES:
        button = tab.by_id("export-format").locator(f"[data-value='{name}']")
        if button.get_attribute("aria-disabled") == "true":
            continue
        choose(tab, format=name, scope=scope)
        if not _is_refused(tab.by_id("export-steps").locator(f"[data-value='{steps}']")):
            choose(tab, steps=steps)
        # "more than" until what is not here has been asked for.
        size = tab.by_id("export-size")
        expect(size).to_have_text(re.compile(r"\babout [\d.]+ (bytes|kB|MB)"))
        told = re.search(r"\babout ([\d.]+) (bytes|kB|MB)", size.inner_text())
        assert told is not None
        saved = save(tab, tmp_path).stat().st_size
        ratios[name, scope, steps] = float(told[1]) * UNITS[told[2]] / saved
    assert len(ratios) > 3
    wrong = {key: f"{ratio:.2f}" for key, ratio in ratios.items() if not _is_sound(ratio)}
    assert wrong == {}


def _is_refused(button: Locator) -> bool:
    return button.get_attribute("aria-disabled") == "true"


def _is_sound(ratio: float) -> bool:
    return 1 / FACTOR < ratio < FACTOR
