"""A walk through all of the screen on the demo and on many runs, in both themes and loaders.

On the logs of the examples, it is in the files that make these.
"""

from __future__ import annotations

from pathlib import Path

import pytest

from benchmarks import many_runs_log
from tests.end_to_end.conftest import OpenTab, Serve
from tests.end_to_end.explorer_walk import walk_through
from tests.end_to_end.tab import Tab, state_hash

pytestmark = pytest.mark.browser

RUNS = 20
IN_BOTH = pytest.mark.parametrize(
    ("fast", "query"), [("true", ""), ("false", "?darkMode=true")], ids=["light", "dark"]
)


@pytest.fixture(scope="module")
def many_runs(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """20 runs of 100 epochs."""
    logdir = tmp_path_factory.mktemp("many_runs")
    many_runs_log.write(logdir, runs=RUNS, epochs=100, units=16)
    return logdir


@IN_BOTH
def test_nothing_goes_wrong_on_the_demo(
    open_tab: OpenTab, serve: Serve, demo_log: Path, fast: str, query: str
) -> None:
    tab = Tab(open_tab(serve(demo_log, "--load_fast", fast), query))
    assert walk_through(tab) == [
        *("weights", "histograms", "activations", "top_samples"),
        *("templates", "attributions", "confusion", "graph"),
    ]


@IN_BOTH
def test_nothing_goes_wrong_on_twenty_runs_of_a_hundred_epochs(
    open_tab: OpenTab, serve: Serve, many_runs: Path, fast: str, query: str
) -> None:
    names = ",".join(f"{many_runs_log.run_name(index)}/nnviz" for index in range(RUNS))
    url = serve(many_runs, "--load_fast", fast)
    tab = Tab(open_tab(url, query, state=state_hash(runs=names)))
    assert walk_through(tab) == ["weights", "histograms", "activations", "confusion"]
    assert tab.frame.locator("[data-testid='run'] input:checked").count() == RUNS
    assert tab.last_step_index() == 100
