"""A walk through all that the screen can do, on a log of which nothing is known beforehand.

What is looked for is what no log may bring about: an error, a panel that never settles, a place
that back and forward do not lead to. What the screen shows of each log is for other tests.
"""

from __future__ import annotations

from playwright.sync_api import expect

from benchmarks.tab_measuring import ALL_ELEMENTS, frame_of_tab
from tests.end_to_end.tab import Tab

SHOWS = ("change-since-start", "change-since-previous", "difference", "value")
WAIT = 30_000

# Panels far from sight are asked for nothing, and may wait for ever.
_IS_SETTLED = f"""() => {{
  const all = {ALL_ELEMENTS};
  const isInSight = (element) => {{
    const {{ top, bottom, left, right, width }} = element.getBoundingClientRect();
    const {{ innerHeight, innerWidth }} = window;
    return width > 0 && bottom > 120 && top < innerHeight && right > 0 && left < innerWidth;
  }};
  const waits = ({{ dataset, classList }}) =>
    dataset.painted === "false" || classList.contains("skeleton");
  return ![...all(document)].some((element) => waits(element) && isInSight(element));
}}"""


def walk_through(tab: Tab) -> list[str]:
    """Goes through every view with every *Show*, opens a tile, the export and the help.

    Returns:
        The views that there are.
    """
    entries = tab.by_id("view")
    expect(entries.first).to_be_visible(timeout=WAIT)
    views = [str(entry.get_attribute("data-view")) for entry in entries.all()]
    for view in views:
        open_view(tab, view)
        for show in SHOWS:
            menu = tab.by_id("show")
            if menu.count() == 0 or menu.locator(f"option[value='{show}']").count() == 0:
                continue
            menu.select_option(show)
            settle(tab)
        if tab.last_step_index() > 0:
            tab.go_to_step_index(0)
            settle(tab)
            tab.go_to_step_index(tab.last_step_index())
            settle(tab)
        open_dialogs(tab)
    go_back_and_forward(tab, views)
    if "weights" in views:
        open_tile(tab)
    return views


def open_view(tab: Tab, view: str) -> None:
    """Shows a view, and waits until all of it that is in sight is here."""
    entry = tab.frame.locator(f"[data-testid='view'][data-view='{view}']")
    entry.click()
    expect(entry).to_have_attribute("aria-current", "page")
    expect(tab.by_id("panel").first).to_be_attached()
    settle(tab)


def settle(tab: Tab) -> None:
    """Waits until nothing is on its way, and finds that nothing went wrong."""
    frame_of_tab(tab.page).wait_for_function(_IS_SETTLED, timeout=WAIT)
    expect(tab.by_id("error")).to_have_count(0)


def open_dialogs(tab: Tab) -> None:
    """Opens and closes the export and the list of keys, by keys."""
    for key, element in (("e", "nnviz-export"), ("?", "nnviz-help")):
        tab.page.keyboard.press(key)
        dialog = tab.frame.locator(f"{element} dialog")
        expect(dialog).to_be_visible()
        tab.page.keyboard.press("Escape")
        expect(dialog).to_be_hidden()


def go_back_and_forward(tab: Tab, views: list[str]) -> None:
    """Two views opened one after the other are gone through backwards and forwards."""
    if len(views) == 1:
        return
    first, second = views[0], views[-1]
    for view in (first, second):
        open_view(tab, view)
        # One choice soon after another is a second thought, which makes no entry of its own.
        tab.page.wait_for_timeout(500)
    for move, view in ((tab.page.go_back, first), (tab.page.go_forward, second)):
        move()
        entry = tab.frame.locator(f"[data-testid='view'][data-view='{view}']")
        expect(entry).to_have_attribute("aria-current", "page")
        settle(tab)


def open_tile(tab: Tab) -> None:
    """Opens the first tile of the weights, goes to the next and back to the panels."""
    open_view(tab, "weights")
    canvas = tab.by_id("grid").first
    canvas.scroll_into_view_if_needed()
    canvas.click(position={"x": 4, "y": 4})
    header = tab.by_id("tile-header")
    expect(header).to_be_visible()
    settle(tab)
    tab.page.keyboard.press("j")
    tab.page.keyboard.press("k")
    tab.page.keyboard.press("Escape")
    expect(header).to_have_count(0)
    settle(tab)
