"""A real tensorboard, a real Chromium, and the logs that the tests look at."""

from __future__ import annotations

import contextlib
import json
import os
import re
import subprocess
import sys
from collections.abc import Callable, Generator, Iterator
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Browser, Page, expect, sync_playwright

from tests.conftest import MakeOnce
from tests.end_to_end import workbench as workbench_log
from tests.end_to_end.find_browser import BROWSER_FLAGS, WHAT_TO_INSTALL, find_browser
from tests.end_to_end.tab import COUNT_REQUESTS, Tab, state_text
from tests.end_to_end.tensorboard_server import run_tensorboard

Serve = Callable[..., str]
OpenTab = Callable[..., Page]
MakeLog = Callable[[Callable[[Path], None]], Path]

# The next file may ask for one of the last again.
_KEPT_SERVERS = 3
_KEPT_PAGES = 2
_VIEWPORT = {"width": 1600, "height": 900}

# Those that are open.
_pages: list[Page] = []

# Until TensorBoard's page is there and the first records are, on a machine with other work.
expect.set_options(timeout=20_000)


@pytest.hookimpl(wrapper=True)
def pytest_runtest_makereport(
    call: pytest.CallInfo[None],
) -> Generator[None, pytest.TestReport, pytest.TestReport]:
    """Adds to a failure in which state each open screen was."""
    report = yield
    if report.failed and call.when == "call":
        report.sections += [(f"Screen at {page.url}", state_text(page)) for page in _pages]
    return report


@pytest.fixture(scope="session")
def demo_log(make_once: MakeOnce) -> Path:
    """What ``tb-nnviz demo --no-serve`` logs."""

    def run_demo(logdir: Path) -> str:
        command = [sys.executable, "-m", "tb_nnviz", "demo", "--no-serve", "--logdir", str(logdir)]
        return subprocess.run(command, check=True, capture_output=True, text=True).stdout

    logdir, printed = make_once("demo", run_demo)
    # Of a Dense layer: kernel and bias, templates and offsets, values before and after the
    # activation; of the convolutional network also the outputs of two poolings. Of the last hidden
    # layer the classes' weights. Of all maps, interior gradients, outputs along the path and
    # scores; confusions and pictures; samples that excite units of layers with weights.
    counts = {"mlp": (6, 6, 7, 6, 3), "linear": (2, 2, 2, 2, 1), "conv": (8, 8, 8, 10, 4)}
    announced = re.findall(r"^nnviz: logging (.*?): about", printed, re.MULTILINE)
    assert announced == [_announce(*counts[name]) for name in ("mlp", "mlp", "linear", "conv")]
    return logdir


def _announce(weights: int, histograms: int, templates: int, activations: int, top: int) -> str:
    counts = {
        "samples": 1,
        "weights": weights,
        "histograms": histograms,
        "templates": templates,
        "graph": 1,
        "activations": activations,
        "attributions": 4,
        "confusion": 2,
        "top_samples": top,
    }
    return ", ".join(
        f"{view} ({count} tag{'' if count == 1 else 's'})" for view, count in counts.items()
    )


@pytest.fixture(scope="session")
def make_log(tmp_path_factory: pytest.TempPathFactory) -> MakeLog:
    """A log of ``tests.end_to_end.logs``, written once: ``make_log(logs.write_deep)``."""
    made: dict[Callable[[Path], None], Path] = {}

    def make(write: Callable[[Path], None]) -> Path:
        if write not in made:
            made[write] = tmp_path_factory.mktemp(write.__name__)
            write(made[write])
        return made[write]

    return make


@pytest.fixture(scope="session")
def workbench(make_log: MakeLog) -> Path:
    """Runs ``first`` and ``second`` with an array of every kind; see `workbench.py`."""
    return make_log(workbench_log.write_workbench)


@pytest.fixture(scope="session")
def empty_log(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A directory in which nothing is logged."""
    return tmp_path_factory.mktemp("empty")


class _Servers:
    """Running servers, each with the log and flags that it was started with."""

    def __init__(self) -> None:
        self._running: dict[tuple[str, ...], tuple[str, contextlib.ExitStack]] = {}

    def __call__(self, logdir: Path, *flags: str) -> str:
        key = (str(logdir), *flags)
        found = self._running.pop(key, None)
        if found is None:
            stack = contextlib.ExitStack()
            found = (stack.enter_context(run_tensorboard(*key)), stack)
        # The last one is that which was asked for last.
        self._running[key] = found
        return found[0]

    def stop_all_but(self, count: int) -> None:
        """Stops those that were not asked for for longest."""
        for key in list(self._running)[: max(0, len(self._running) - count)]:
            self._running.pop(key)[1].close()


@pytest.fixture(scope="session")
def serve() -> Iterator[Serve]:
    """Starts ``tensorboard`` on a log: ``serve(logdir, *flags)`` → URL of its front page."""
    servers = _Servers()
    yield servers
    servers.stop_all_but(0)


@pytest.fixture(scope="module", autouse=True)
def _few_servers(serve: Serve) -> Iterator[None]:
    """Stops most servers after each file: each looks at its log every second."""
    yield
    assert isinstance(serve, _Servers)
    serve.stop_all_but(_KEPT_SERVERS)


@pytest.fixture(scope="session")
def browser() -> Iterator[Browser]:
    """A headless Chromium; without one the tests fail and say what to install."""
    path = find_browser()
    if path is None:
        pytest.fail(WHAT_TO_INSTALL)
    with sync_playwright() as playwright:
        opened = playwright.chromium.launch(executable_path=path, args=list(BROWSER_FLAGS))
        yield opened
        opened.close()


@contextlib.contextmanager
def _opened_pages(browser: Browser, problems: list[str]) -> Iterator[OpenTab]:
    with contextlib.ExitStack() as opened:

        def open_page(
            url: str, query: str = "", expected: str = "\0", state: str = "", **options: Any
        ) -> Page:
            context = browser.new_context(**{"viewport": _VIEWPORT, **options})
            opened.callback(context.close)
            context.add_init_script(COUNT_REQUESTS)
            page = context.new_page()
            _pages.append(page)
            opened.callback(_pages.remove, page)
            page.on("pageerror", lambda error: problems.append(str(error)))
            page.on("console", lambda message: _note_console(message, problems, expected))
            page.goto(f"{url}{query}#nnviz{state}")
            return page

        yield open_page
        assert problems == []


class _KeptPages:
    """Pages that tests of a file have left, and what has gone wrong on them."""

    def __init__(self, open_page: OpenTab, problems: list[str]) -> None:
        self._open_page = open_page
        self._problems = problems
        self._free: list[tuple[str, Page]] = []
        self._taken: list[tuple[str, Page]] = []

    def open(self, url: str, query: str = "", state: str = "", viewport: Any = _VIEWPORT) -> Page:
        left = next((each for each in self._free if each[0] == url + query), None)
        if left is None:
            page = self._open_page(url, query, state=state, viewport=viewport)
        else:
            self._free.remove(left)
            page = left[1]
            page.set_viewport_size(viewport)
            Tab(page).open_anew(state)
        self._taken.append((url + query, page))
        return page

    def give_back(self) -> None:
        """Frees the pages of a test; fails it for what has gone wrong."""
        self._free += self._taken
        self._taken.clear()
        # Each looks for new data every few seconds.
        while len(self._free) > _KEPT_PAGES:
            self._free.pop(0)[1].context.close()
        problems = self._problems.copy()
        self._problems.clear()
        assert problems == []


@pytest.fixture
def open_tab(browser: Browser) -> Iterator[OpenTab]:
    """Opens NN VIZ: ``open_tab(url)`` → page.

    Fails the test on a warning or error in the console, but one that holds ``expected``.
    """
    with _opened_pages(browser, []) as open_page:
        yield open_page


@pytest.fixture(scope="module")
def _kept_pages(browser: Browser) -> Iterator[_KeptPages]:
    problems: list[str] = []
    with _opened_pages(browser, problems) as open_page:
        yield _KeptPages(open_page, problems)


@pytest.fixture
def reopen_tab(_kept_pages: _KeptPages) -> Iterator[OpenTab]:
    """The same, on a page that a test of the file has left where there is one: by another link.

    TensorBoard's page takes seconds to load. Not for tests that load it again, answer its
    requests, or look at what it asks for.
    """
    yield _kept_pages.open
    _kept_pages.give_back()


@pytest.fixture(scope="module")
def open_shared_tab(browser: Browser) -> Iterator[OpenTab]:
    """The same for a page that the tests of a module share; its last test may fail for others."""
    with _opened_pages(browser, []) as open_page:
        yield open_page


def _note_console(message: Any, problems: list[str], expected: str) -> None:
    # What TensorBoard's own page says of itself is not ours.
    is_ours = "/plugin/nnviz/" in message.location.get("url", "")
    if message.type in {"error", "warning"} and is_ours and expected not in message.text:
        problems.append(f"{message.text} ({message.location})")


@pytest.fixture(scope="session")
def bundle_colours() -> dict[str, Any]:
    """All of the bundle's colours: ``tables``, ``glyphs``, ``unresolved``."""
    path = Path("tb_nnviz/plugin/static/colour_tables.json")
    generated: dict[str, Any] = json.loads(path.read_text(encoding="utf-8"))
    return generated


@pytest.fixture(scope="session")
def colour_tables(bundle_colours: dict[str, Any]) -> dict[str, Any]:
    """The colour tables of the bundle."""
    tables: dict[str, Any] = bundle_colours["tables"]
    return tables


@pytest.fixture(scope="session")
def pictures(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Where screenshots go: ``docs/pictures`` for ``make pictures``, else a temporary place."""
    given = os.environ.get("NNVIZ_PICTURES")
    return Path(given) if given else tmp_path_factory.mktemp("pictures")
