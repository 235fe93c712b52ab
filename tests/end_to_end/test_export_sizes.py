"""Sizes that the export dialog tells are those of the files that it saves."""

from __future__ import annotations

import re
from pathlib import Path

import numpy as np
import pytest
from PIL import Image
from playwright.sync_api import Locator, expect

from tests.end_to_end.conftest import OpenTab, Serve
from tests.end_to_end.exports import choose, close_dialog, save
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
    _open_first(tab)
    ratios = {}
    for name, scope, steps in CHOICES:
        button = tab.by_id("export-format").locator(f"[data-value='{name}']")
        if button.get_attribute("aria-disabled") == "true":
            continue
        choose(tab, format=name, scope=scope)
        if not _is_refused(tab.by_id("export-steps").locator(f"[data-value='{steps}']")):
            choose(tab, steps=steps)
        ratios[name, scope, steps] = _told(tab) / save(tab, tmp_path).stat().st_size
    assert len(ratios) > 3
    wrong = {key: f"{ratio:.2f}" for key, ratio in ratios.items() if not _is_sound(ratio)}
    assert wrong == {}


def test_size_of_all_views_and_steps_is_told_before_any_other_view_was_seen(
    open_tab: OpenTab, serve: Serve, demo_log: Path, tmp_path: Path
) -> None:
    # Of these runs most is packed: activations, top samples, pictures of samples.
    state = state_hash(view="confusion", runs="!mlp-4000/nnviz,!mlp-500/nnviz")
    tab = Tab(open_tab(serve(demo_log), state=state))
    _open_first(tab)
    choose(tab, format="html", scope="all", steps="all")
    ratio = _told(tab) / save(tab, tmp_path).stat().st_size
    assert _is_sound(ratio), f"{ratio:.2f}"


@pytest.mark.parametrize("view", ["activations", "weights"])
def test_what_has_no_difference_is_not_in_the_told_size(
    view: str, open_tab: OpenTab, serve: Serve, demo_log: Path, tmp_path: Path
) -> None:
    state = state_hash(view=view, show="difference", pinned_run="mlp-500/nnviz")
    tab = Tab(open_tab(serve(demo_log), state=state))
    _open_first(tab)
    choose(tab, scope="view", format="npz", steps="this")
    told = _told(tab)
    text = tab.by_id("export-size").inner_text()
    path = save(tab, tmp_path)
    ratio = told / path.stat().st_size
    assert _is_sound(ratio), f"{ratio:.2f}"
    with np.load(path) as arrays:
        values = sum(arrays[name].size for name in arrays if name.endswith("/values"))
    assert f"{values:,} values" in text


def test_an_animation_is_told_at_the_size_of_its_largest_frame(
    open_tab: OpenTab, serve: Serve, demo_log: Path, tmp_path: Path
) -> None:
    tab = Tab(open_tab(serve(demo_log), state=state_hash(view="attributions")))
    size = tab.by_id("export-size")
    _open_first(tab)
    choose(tab, format="gif", scope="panel", steps="all")
    # Verdicts of other steps may be longer; what moves is known once it is drawn.
    expect(size).to_contain_text(re.compile(r", about [\d,]+ × [\d,]+ pixels, roughly [\d.]+ MB"))
    told = re.search(r"roughly ([\d.]+) MB", size.inner_text())
    assert told is not None
    path = save(tab, tmp_path)
    assert 1 / 2 < float(told[1]) * UNITS["MB"] / path.stat().st_size < 2
    with Image.open(path) as animation:
        width, height = animation.size
    # Now every step is here.
    close_dialog(tab)
    _open_first(tab)
    choose(tab, format="gif", scope="panel", steps="all")
    expect(size).to_contain_text(f" each, {width:,} × {height:,} pixels, ")


def _open_first(tab: Tab) -> None:
    tab.by_id("export").first.click()
    expect(tab.by_id("export-name")).to_be_visible()


def _told(tab: Tab) -> float:
    """Bytes that the dialog tells."""
    # "more than" until what is not here has been asked for.
    size = tab.by_id("export-size")
    expect(size).to_have_text(re.compile(r"\babout [\d.]+ (bytes|kB|MB)"))
    told = re.search(r"\babout ([\d.]+) (bytes|kB|MB)", size.inner_text())
    assert told is not None
    return float(told[1]) * UNITS[told[2]]


def _is_refused(button: Locator) -> bool:
    return button.get_attribute("aria-disabled") == "true"


def _is_sound(ratio: float) -> bool:
    return 1 / FACTOR < ratio < FACTOR
