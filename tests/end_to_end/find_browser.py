"""Finds a Chrome or Chromium for the browser tests, or gets Playwright's own.

Run as a script, it prints the path, or ends with what to install.
"""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from pathlib import Path

_NAMES = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable", "chrome")
_MAC_PATHS = (
    "/Applications/Google Chrome.app/Contents/MacOS/Google Chrome",
    "/Applications/Chromium.app/Contents/MacOS/Chromium",
)
# The browser itself must not look for its maker's hosts.
BROWSER_FLAGS = (
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
)
WHAT_TO_INSTALL = (
    "The browser tests need Chrome or Chromium, and none was found. Install one (Debian and "
    "Ubuntu: apt-get install chromium; macOS: brew install --cask chromium), or let Playwright "
    "fetch its own: PLAYWRIGHT_BROWSERS_PATH=.browsers python -m playwright install chromium"
)


def find_browser() -> str | None:
    """Path of an installed Chrome or Chromium, or of Playwright's own; None if there is none."""
    for name in _NAMES:
        if path := shutil.which(name):
            return path
    for path in _MAC_PATHS:
        if Path(path).exists():
            return path
    from playwright.sync_api import sync_playwright

    with sync_playwright() as playwright:
        own = playwright.chromium.executable_path
    return own if Path(own).exists() else None


def main() -> int:
    """Finds a browser, or installs Playwright's; returns the exit code."""
    path = find_browser()
    if path is None:
        os.environ.setdefault("PLAYWRIGHT_BROWSERS_PATH", str(Path(".browsers").resolve()))
        command = [sys.executable, "-m", "playwright", "install", "chromium"]
        subprocess.run(command, check=False)
        path = find_browser()
    if path is None:
        sys.stderr.write(WHAT_TO_INSTALL + "\n")
        return 1
    sys.stdout.write(f"Browser for the tests: {path}\n")
    return 0


if __name__ == "__main__":
    sys.exit(main())
