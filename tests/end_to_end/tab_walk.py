"""Goes through all controls with the Tab key alone, and sees that each shows the focus."""

from __future__ import annotations

from typing import Any

import pytest

from tests.end_to_end.tab import Tab

# The focused element through all shadow roots, and what shows that it has the focus.
_FOCUSED = """() => {
  let element = document.activeElement;
  while (element?.shadowRoot?.activeElement) element = element.shadowRoot.activeElement;
  if (element === null || element === document.body) return null;
  const style = getComputedStyle(element);
  const box = element.getBoundingClientRect();
  const text = (element.getAttribute("aria-label") ?? element.textContent ?? "").trim();
  const { testid, value, axis, tag } = element.dataset;
  return {
    // Elements that Tab has been at before are known by a number.
    number: (element.tabNumber ??= (window.tabNumbers = (window.tabNumbers ?? 0) + 1)),
    id: testid ?? element.closest("[data-testid]")?.dataset.testid ?? "",
    name: `${element.localName} ${testid ?? ""} ${text.slice(0, 30)}`,
    outline: style.outlineStyle !== "none" && parseFloat(style.outlineWidth) >= 1,
    visible: box.width > 0 && box.height > 0 && box.right > 0 && box.left < innerWidth
      && box.bottom > 0 && box.top < innerHeight,
  };
}"""


def focused(tab: Tab) -> Any:
    """What has the focus, or None."""
    return tab.evaluate(_FOCUSED)


def changes_when_left(tab: Tab) -> bool:
    """Whether the picture changes when the focused element loses the focus; it gets it back."""
    before = tab.page.screenshot()
    leave_and_return = """() => {
      let element = document.activeElement;
      while (element?.shadowRoot?.activeElement) element = element.shadowRoot.activeElement;
      element.blur();
      window.giveFocusBack = () => element.focus({ focusVisible: true });
    }"""
    tab.evaluate(leave_and_return)
    left = tab.page.screenshot()
    tab.evaluate("() => window.giveFocusBack()")
    return before != left


def walk_with_tab(tab: Tab, *, most: int = 250) -> set[str]:
    """Presses Tab until the focus leaves or comes round; the ``data-testid`` of all that had it.

    Fails where something has the focus without showing it, or out of sight.
    """
    tab.by_id("all-runs").focus()
    first = focused(tab)
    stops: dict[int, dict[str, Any]] = {first["number"]: first}
    for _ in range(most):
        tab.page.keyboard.press("Tab")
        stop = focused(tab)
        if stop is None or not tab.evaluate("() => document.hasFocus()") or stop["number"] in stops:
            break
        stops[stop["number"]] = stop
        # Where it is not an outline that shows the focus, something else must.
        stop["outline"] = stop["outline"] or changes_when_left(tab)
    else:
        pytest.fail("Tab does not come to an end")
    # The end is outside.
    assert stop is None or stop["number"] == first["number"]
    shown = [stop for stop in stops.values() if stop["number"] != first["number"]]
    assert [stop["name"] for stop in shown if not stop["outline"]] == []
    assert [stop["name"] for stop in shown if not stop["visible"]] == []
    return {stop["id"] for stop in stops.values()}
