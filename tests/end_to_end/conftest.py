"""A real tensorboard, a real Chromium, and the log of the demo."""

from __future__ import annotations

import contextlib
import json
import os
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Browser, Page, sync_playwright

from tests.end_to_end.find_browser import WHAT_TO_INSTALL, find_browser

Serve = Callable[..., str]
OpenTab = Callable[..., Page]

_SECONDS_TO_START = 60.0
_VIEWPORT = {"width": 1600, "height": 900}
# The browser itself must not look for its maker's hosts.
_BROWSER_FLAGS = (
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
)


@pytest.fixture(scope="session")
def demo_log(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """What ``tb-nnviz demo --no-serve`` logs: runs ``mlp-500`` and ``mlp-4000``."""
    logdir = tmp_path_factory.mktemp("demo") / "log"
    command = [sys.executable, "-m", "tb_nnviz", "demo", "--no-serve", "--logdir", str(logdir)]
    completed = subprocess.run(command, check=True, capture_output=True, text=True)
    assert "nnviz: logging weights (3 tags)" in completed.stdout
    return logdir


@pytest.fixture(scope="session")
def serve() -> Iterator[Serve]:
    """Starts ``tensorboard`` on a log: ``serve(logdir, *flags)`` → URL of its front page."""
    with contextlib.ExitStack() as running:
        started: dict[tuple[str, ...], str] = {}

        def start(logdir: Path, *flags: str) -> str:
            key = (str(logdir), *flags)
            if key not in started:
                started[key] = running.enter_context(_tensorboard(*key))
            return started[key]

        yield start


@contextlib.contextmanager
def _tensorboard(logdir: str, *flags: str) -> Iterator[str]:
    with socket.socket() as probe:
        probe.bind(("localhost", 0))
        port = probe.getsockname()[1]
    command = [sys.executable, "-m", "tensorboard.main", "--logdir", logdir, "--port", str(port)]
    prefix = next((f.split("=", 1)[1] for f in flags if f.startswith("--path_prefix=")), "")
    url = f"http://localhost:{port}{prefix}/"
    with subprocess.Popen(
        [*command, "--reload_interval=1", *flags],
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    ) as process:
        try:
            _wait_for_data(url, has_data=any(Path(logdir).rglob("*tfevents*")))
            yield url
        finally:
            process.terminate()


def _wait_for_data(url: str, *, has_data: bool) -> None:
    deadline = time.monotonic() + _SECONDS_TO_START
    while time.monotonic() < deadline:
        with (
            contextlib.suppress(urllib.error.URLError, ConnectionError),
            urllib.request.urlopen(f"{url}data/plugin/nnviz/index") as answer,
        ):
            if json.load(answer)["runs"] or not has_data:
                return
        time.sleep(0.2)
    raise TimeoutError(f"tensorboard has no data at {url} after {_SECONDS_TO_START} s")


@pytest.fixture(scope="session")
def browser() -> Iterator[Browser]:
    """A headless Chromium; without one the tests fail and say what to install."""
    path = find_browser()
    if path is None:
        pytest.fail(WHAT_TO_INSTALL)
    with sync_playwright() as playwright:
        opened = playwright.chromium.launch(executable_path=path, args=list(_BROWSER_FLAGS))
        yield opened
        opened.close()


@pytest.fixture
def open_tab(browser: Browser) -> Iterator[OpenTab]:
    """Opens NN VIZ: ``open_tab(url)`` → page.

    Fails the test on a warning or error in the console, but one that holds ``expected``.
    """
    with contextlib.ExitStack() as opened:
        problems: list[str] = []

        def open_page(url: str, query: str = "", expected: str = "\0", **options: Any) -> Page:
            context = browser.new_context(**{"viewport": _VIEWPORT, **options})
            opened.callback(context.close)
            page = context.new_page()
            page.on("pageerror", lambda error: problems.append(str(error)))
            page.on("console", lambda message: _note_console(message, problems, expected))
            page.goto(f"{url}{query}#nnviz")
            return page

        yield open_page
        assert problems == []


def _note_console(message: Any, problems: list[str], expected: str) -> None:
    # What TensorBoard's own page says of itself is not ours.
    is_ours = "/plugin/nnviz/" in message.location.get("url", "")
    if message.type in {"error", "warning"} and is_ours and expected not in message.text:
        problems.append(f"{message.text} ({message.location})")


@pytest.fixture(scope="session")
def colour_tables() -> dict[str, Any]:
    """The colour tables of the bundle."""
    path = Path("tb_nnviz/plugin/static/colour_tables.json")
    tables: dict[str, Any] = json.loads(path.read_text(encoding="utf-8"))["tables"]
    return tables


@pytest.fixture(scope="session")
def pictures(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Where screenshots go: ``docs/pictures`` for ``make pictures``, else a temporary place."""
    given = os.environ.get("NNVIZ_PICTURES")
    return Path(given) if given else tmp_path_factory.mktemp("pictures")
