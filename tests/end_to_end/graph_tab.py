"""The view Graph as the tests see it."""

from __future__ import annotations

from playwright.sync_api import Locator, expect

from tests.end_to_end.tab import Tab


def node(tab: Tab, path: str) -> Locator:
    """The box of a layer, or the frame of a model that is unfolded."""
    return tab.frame.locator(f"[data-testid='graph-node'][data-path='{path}']")


def button(tab: Tab, path: str) -> Locator:
    """What chooses a layer."""
    return node(tab, path).locator(".hit")


def drawn_paths(tab: Tab) -> set[str]:
    """Paths of all boxes and frames."""
    nodes = tab.by_id("graph-node")
    expect(nodes.first).to_be_visible()
    return {path or "" for path in nodes.evaluate_all("all => all.map(n => n.dataset.path)")}


def lines(tab: Tab) -> list[tuple[str, str]]:
    """Source and target of every line."""
    found = tab.frame.locator("path.line").evaluate_all(
        "all => all.map(line => [line.dataset.source, line.dataset.target])"
    )
    return [(source, target) for source, target in found]


def zoom_of(tab: Tab) -> float:
    """CSS pixels a pixel of the drawing."""
    return float(tab.by_id("graph-viewport").first.get_attribute("data-zoom") or "nan")


def corner(located: Locator) -> tuple[float, float]:
    """Left and top on the page, in CSS pixels."""
    box = located.bounding_box()
    assert box is not None
    return box["x"], box["y"]


def go_to_view(tab: Tab, view: str) -> None:
    """Presses the view's button in the rail."""
    tab.frame.locator(f"[data-testid='view'][data-view='{view}']").click()


def panel_tags(tab: Tab) -> list[str]:
    """Tags of all panels of the view that is shown."""
    panels = tab.by_id("panel")
    expect(panels.first).to_be_attached()
    return [tag or "" for tag in panels.evaluate_all("all => all.map(p => p.dataset.tag)")]
