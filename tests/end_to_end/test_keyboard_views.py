"""In every view: the keys that mean something there, and reaching every control with Tab alone."""

from __future__ import annotations

import re

import pytest
from playwright.sync_api import expect

from tests.end_to_end import view_logs
from tests.end_to_end.conftest import MakeLog, OpenTab, Serve
from tests.end_to_end.tab import Tab, settings, state_hash
from tests.end_to_end.tab_walk import walk_with_tab

pytestmark = pytest.mark.browser

# Until a change would have been written, in milliseconds.
WRITTEN = 400
EVERYWHERE = {*"←→lf[]/re?", "Home", "End", "Space", "1", "8", "Esc"}
GRID = {*"xsdacto↑↓", "Enter"}
# Where runs are columns.
COLUMNS = {*"{}<>"}
TILES = {*GRID, *COLUMNS, *"Tzu"}
# By view: the keys in its list, beside those that are everywhere.
KEYS: dict[str, set[str]] = {
    "weights": TILES,
    "templates": TILES,
    "top_samples": TILES,
    "activations": TILES | {*"pm"},
    "attributions": GRID | {*",.iv"},
    "histograms": {*"xphsd", *COLUMNS},
    "confusion": {*"xsd↑↓+−", "Enter", *COLUMNS},
    "graph": {*"g↑↓+−0", "Enter", "Page ↑", "Page ↓", "wheel"},
}
# What `settings` could change of what the view does not show.
HIDDEN = {*"xsdactoTzpmiv,.hg"}


def open_view(open_tab: OpenTab, url: str, view: str) -> Tab:
    state = state_hash(view=view, **view_logs.only_runs(view))
    tab = Tab(open_tab(url, state=state))
    current = tab.frame.locator("[data-testid='view'][aria-current='page']")
    expect(current).to_have_attribute("data-view", view)
    tab.wait_until_quiet()
    return tab


@pytest.mark.parametrize("view", KEYS)
def test_the_list_has_the_keys_of_the_view_and_the_others_do_nothing_there(
    view: str, reopen_tab: OpenTab, serve: Serve, make_log: MakeLog
) -> None:
    tab = open_view(reopen_tab, serve(make_log(view_logs.write_all_views)), view)
    tab.page.keyboard.press("?")
    dialog = tab.by_id("help-dialog")
    expect(dialog.get_by_role("heading", level=2)).to_have_text(
        re.compile(rf"^Keys of the view {view.replace('_', ' ')}$")
    )
    listed = set(dialog.locator("kbd").all_inner_texts())
    assert listed == EVERYWHERE | KEYS[view]
    tab.page.keyboard.press("Escape")
    before = settings(tab.page)
    for key in sorted(HIDDEN - KEYS[view]):
        tab.page.keyboard.press(key)
    tab.page.wait_for_timeout(WRITTEN)
    assert settings(tab.page) == before


@pytest.mark.parametrize("view", KEYS)
def test_tab_goes_through_the_view_shows_where_it_is_and_comes_to_an_end(
    view: str, reopen_tab: OpenTab, serve: Serve, make_log: MakeLog
) -> None:
    tab = open_view(reopen_tab, serve(make_log(view_logs.write_all_views)), view)
    reached = walk_with_tab(tab)
    # A graph has one record: its timeline has nothing to move.
    timed = {"graph-viewport", "graph-node"} if view == "graph" else {"play", "step-slider"}
    assert {"run-filter", "view", "layer-filter", "help"} | timed <= reached
