"""The screen in a file that opens from disk: exported, and opened without a network."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from playwright.sync_api import Browser, Page, Request, expect

from tests.end_to_end.tab import COUNT_REQUESTS, Tab


class OfflineTab(Tab):
    """The screen in a file of its own: the page is the tab."""

    def __init__(self, page: Page) -> None:
        super().__init__(page)
        self.frame = page  # type: ignore[assignment] # what is found in a frame is found here

    def evaluate(self, script: str, argument: Any = None) -> Any:
        """Runs a function in the page."""
        return self.page.evaluate(script, argument)


def export_file(
    tab: Tab, folder: Path, *, tag: str | None = None, scope: str = "view", steps: str = "all"
) -> Path:
    """Exports a panel, or where no tag is given the view or all of them, as HTML."""
    if tag is None:
        tab.page.keyboard.press("e")
    else:
        tab.panel(tag).locator("[data-testid='export']").click()
    expect(tab.by_id("export-dialog")).to_be_visible()
    tab.press("export-format", "html")
    tab.press("export-scope", scope if tag is None else "panel")
    tab.press("export-steps", steps)
    with tab.page.expect_download() as download:
        tab.by_id("export-start").click()
    path = folder / download.value.suggested_filename
    download.value.save_as(path)
    expect(tab.by_id("export-saved")).to_be_visible()
    return path


def open_file(browser: Browser, path: Path, link: str = "") -> tuple[OfflineTab, list[str]]:
    """The file in a browser without a network; what it asked for, and what it complained of."""
    context = browser.new_context(offline=True, viewport={"width": 1600, "height": 900})
    context.add_init_script(COUNT_REQUESTS)
    page = context.new_page()
    problems: list[str] = []

    def note(request: Request) -> None:
        if request.url.partition("#")[0] != path.as_uri():
            problems.append(request.url)

    page.on("request", note)
    page.on("pageerror", lambda error: problems.append(str(error)))
    page.on("console", lambda message: problems.append(message.text))
    page.goto(f"{path.as_uri()}{link}")
    return OfflineTab(page), problems
