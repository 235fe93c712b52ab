"""axe-core finds nothing serious in any view, in light and in dark."""

from __future__ import annotations

import json
from collections.abc import Callable, Sequence
from functools import cache
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Route, expect

from tests.end_to_end import (
    activation_logs,
    attribution_logs,
    column_logs,
    layer_logs,
    logs,
    tile_logs,
    view_logs,
)
from tests.end_to_end.attribution_tab import painted_at
from tests.end_to_end.conftest import MakeLog, OpenTab, Serve
from tests.end_to_end.exports import choose, open_dialog
from tests.end_to_end.tab import Tab, state_hash

pytestmark = pytest.mark.browser

AXE = Path("plugin_frontend/node_modules/axe-core/axe.min.js")
THEMES = {"light": "", "dark": "?darkMode=true"}
KERNEL = "weights/hidden/kernel"


@cache
def axe_source() -> str:
    if not AXE.exists():
        pytest.fail(f"{AXE} is missing: npm --prefix plugin_frontend ci --ignore-scripts")
    return AXE.read_text(encoding="utf-8")


def serious_violations(tab: Tab) -> list[str]:
    """What axe-core says of the tab's document with impact serious or critical."""
    tab.wait_until_quiet()
    tab.evaluate(axe_source())
    found: dict[str, Any] = tab.evaluate("() => axe.run(document, { resultTypes: ['violations'] })")
    # It has looked at something, through the shadow roots.
    assert len(found["passes"]) > 5
    return [
        f"{violation['id']}: {node['html'][:150]} ({node['failureSummary'][:200]})"
        for violation in found["violations"]
        if violation["impact"] in {"serious", "critical"}
        for node in violation["nodes"]
    ]


def show_weights(tab: Tab) -> None:
    tab.wait_until_painted("first", KERNEL, 5)


def show_change(tab: Tab) -> None:
    show_weights(tab)
    tab.by_id("show").select_option("change-since-start")
    tab.go_to_step_index(3)
    menu = tab.panel("weights/conv/kernel").locator("[data-testid='placement']").first
    menu.select_option("slider")
    tab.wait_until_painted("first", KERNEL, 3)


def show_order(tab: Tab) -> None:
    show_weights(tab)
    tab.by_id("sort").select_option("similar")
    expect(tab.by_id("similar-to")).to_contain_text("Click a tile first")


def show_found(tab: Tab) -> None:
    tab.open_state(
        sort="similar", similar_to=f"first/nnviz,{KERNEL},3", hide_dead="1", tile=f"{KERNEL}:5"
    )
    show_weights(tab)
    expect(tab.panel(KERNEL).locator("[data-testid='hidden-dead']")).to_be_visible()
    tab.by_id("find").fill("4")
    tab.by_id("find").press("Enter")
    expect(tab.by_id("found")).to_have_attribute("data-status", "found")


def show_difference(tab: Tab) -> None:
    tab.open_state(show="difference", pinned_run="first/nnviz", pinned_point="1;1")
    tab.wait_until_painted("second", KERNEL, 5)
    expect(tab.by_id("pinned-mark")).to_be_visible()


def show_histogram_difference(plot: str) -> Callable[[Tab], None]:
    def show(tab: Tab) -> None:
        tab.open_state(view="histograms", plot=plot, show="difference", pinned_run="first/nnviz")
        drawn = tab.frame.locator("svg[data-testid='histogram-plot'][data-painted='true']")
        expect(drawn.first).to_be_visible()
        expect(tab.frame.locator("[data-reference-counts]").first).to_be_attached()

    return show


def show_histograms(plot: str) -> Callable[[Tab], None]:
    def show(tab: Tab) -> None:
        show_weights(tab)
        tab.by_id("view").nth(1).click()
        tab.press("histogram-plot", plot)
        drawn = tab.frame.locator("svg[data-testid='histogram-plot'][data-painted='true']")
        expect(drawn.first).to_be_visible()

    return show


def show_help(tab: Tab) -> None:
    show_weights(tab)
    tab.page.keyboard.press("?")
    expect(tab.by_id("help-dialog")).to_be_visible()


def show_export(tab: Tab) -> None:
    show_weights(tab)
    open_dialog(tab, KERNEL)
    choose(tab, format="gif", steps="range")


STATES = {
    "weights": show_weights,
    "change": show_change,
    "order": show_order,
    "found": show_found,
    "difference": show_difference,
    "overlay": show_histograms("overlay"),
    "ridge": show_histograms("ridge"),
    "runs": show_histograms("runs"),
    "overlay difference": show_histogram_difference("overlay"),
    "ridge difference": show_histogram_difference("ridge"),
    "help": show_help,
    "export": show_export,
}


@pytest.fixture(scope="module", params=THEMES)
def themed_tab(
    request: pytest.FixtureRequest, open_shared_tab: OpenTab, serve: Serve, workbench: Path
) -> Tab:
    tab = Tab(open_shared_tab(serve(workbench), query=THEMES[request.param]))
    app = tab.frame.locator("nnviz-app")
    expect(app).to_have_attribute("data-theme", request.param)
    return tab


@pytest.mark.parametrize("state", STATES)
def test_a_view_has_no_serious_violation(state: str, themed_tab: Tab) -> None:
    themed_tab.open_state()
    STATES[state](themed_tab)
    assert serious_violations(themed_tab) == []
    themed_tab.page.keyboard.press("Escape")


def show_responses(tab: Tab) -> None:
    tab.open_state(view="activations")
    for run in activation_logs.RUNS:
        tab.wait_until_painted(run, "activations/conv2d", activation_logs.STEPS[-1])


def show_sliders(tab: Tab) -> None:
    tab.open_state(view="activations", layers="wide|dense")
    tab.wait_until_painted("others", "activations/wide", activation_logs.STEPS[-1])


def show_one_layer(tab: Tab) -> None:
    tab.open_state(view="activations", layer_mode="one", layer="activations/conv2d")
    tab.wait_until_painted("second", "activations/conv2d", activation_logs.STEPS[-1])


def show_stops_on_slider(tab: Tab) -> None:
    tab.page.set_viewport_size({"width": 420, "height": 900})
    show_one_layer(tab)
    expect(tab.by_id("layer-slider")).to_be_visible()


def show_twenty_runs(tab: Tab) -> None:
    runs = ",".join(f"{run}/nnviz" for run in column_logs.RUNS)
    tab.open_state(runs=runs, left=f"{column_logs.RUNS[-2]}/nnviz:0")
    tab.wait_until_painted(column_logs.RUNS[-1], column_logs.KERNEL, 2)
    tab.page.keyboard.press("{")
    expect(tab.by_id("run-cell").nth(column_logs.NUM_RUNS - 5)).to_be_visible()


def show_empty_columns(tab: Tab) -> None:
    tab.open_state()
    tab.wait_until_painted("b", column_logs.KERNEL, 0)
    expect(tab.by_id("empty-column").first).to_be_visible()


def show_templates(tab: Tab) -> None:
    tab.open_state(view="templates")
    tab.wait_until_painted("linear", "templates/dense", 0)
    tab.by_id("notices").locator("summary").click()


def show_tile(tab: Tab) -> None:
    tab.open_state(tile=f"{tile_logs.KERNEL}:3", open="1", show="change-since-start")
    expect(tab.by_id("film-cell")).to_have_count(12)
    expect(tab.by_id("tile-curve-line")).to_have_count(4)
    expect(tab.by_id("related")).to_have_count(3)


def show_lacking_tile(tab: Tab) -> None:
    tab.open_state(tile=f"{tile_logs.KERNEL}:{tile_logs.EXCITED + 1}", open="1", at="1;3")
    expect(tab.by_id("related-lacks").first).to_be_visible()
    tab.by_id("bin-probe").focus()
    tab.page.keyboard.press("ArrowLeft")


def show_tile_of_one_run(tab: Tab) -> None:
    tag, run = tile_logs.CONV_KERNEL, "colour/nnviz"
    tab.open_state(tile=f"{tag}:4", open="1", tile_run=run, scale="per-run", show="difference")
    expect(tab.by_id("tile-lacking")).to_be_visible()
    expect(tab.by_id("film-cell")).to_have_count(3)
    tab.page.keyboard.press("}")


def show_tile_of_sample(tab: Tab) -> None:
    tab.open_state(view="activations", tile=f"{tile_logs.ACTIVATIONS}:5", open="1", sample="1")
    expect(tab.by_id("tile-not-logged")).to_be_visible()


def show_attributions(tab: Tab) -> None:
    tab.open_state(view="attributions")
    painted_at(tab, "map", "first", 0, 3)


def show_all_alphas(tab: Tab) -> None:
    tab.open_state(view="attributions", alphas="all", overlay="mask", show="change-since-start")
    painted_at(tab, "interior", "first", 0, 3)


def show_parts_not_logged(tab: Tab) -> None:
    tab.open_state(view="attributions")
    painted_at(tab, "map", "bare", 0, 1)


@pytest.mark.parametrize("theme", THEMES)
@pytest.mark.parametrize(
    ("write", "states"),
    [
        (
            activation_logs.write_activations,
            (show_responses, show_sliders, show_one_layer, show_stops_on_slider),
        ),
        (column_logs.write_twenty_runs, (show_twenty_runs,)),
        (column_logs.write_three_runs, (show_empty_columns,)),
        (layer_logs.write_templates, (show_templates,)),
        (tile_logs.write_tiles, (show_tile, show_lacking_tile, show_tile_of_sample)),
        (tile_logs.write_gray_and_colour, (show_tile_of_one_run,)),
        (attribution_logs.write_attributions, (show_attributions, show_all_alphas)),
        (attribution_logs.write_parts, (show_parts_not_logged,)),
    ],
)
def test_views_of_samples_and_templates_have_no_serious_violation(
    write: Callable[[Path], None],
    states: Sequence[Callable[[Tab], None]],
    theme: str,
    reopen_tab: OpenTab,
    serve: Serve,
    make_log: MakeLog,
) -> None:
    tab = Tab(reopen_tab(serve(make_log(write)), query=THEMES[theme]))
    for show in states:
        show(tab)
        assert serious_violations(tab) == [], show.__name__


@pytest.mark.parametrize("theme", THEMES)
def test_no_data_has_no_serious_violation(
    theme: str, reopen_tab: OpenTab, serve: Serve, empty_log: Path
) -> None:
    tab = Tab(reopen_tab(serve(empty_log), query=THEMES[theme]))
    expect(tab.by_id("empty")).to_be_visible()
    assert serious_violations(tab) == []


@pytest.mark.parametrize("theme", THEMES)
def test_an_error_has_no_serious_violation(
    theme: str, open_tab: OpenTab, serve: Serve, workbench: Path
) -> None:
    # The browser itself writes a line for every failed request.
    page = open_tab("about:blank", expected="503")

    def answer(route: Route) -> None:
        body = json.dumps({"error": {"code": 503, "message": "the disk has gone"}})
        route.fulfill(status=503, body=body, content_type="application/json")

    page.route("**/nnviz/index*", answer)
    page.goto(f"{serve(workbench)}{THEMES[theme]}#nnviz")
    tab = Tab(page)
    expect(tab.by_id("error")).to_contain_text("the disk has gone")
    assert serious_violations(tab) == []


@pytest.mark.parametrize("theme", THEMES)
def test_cells_that_are_not_finite_have_no_serious_violation(
    theme: str, reopen_tab: OpenTab, serve: Serve, make_log: MakeLog
) -> None:
    tab = Tab(reopen_tab(serve(make_log(logs.write_not_finite)), query=THEMES[theme]))
    tab.wait_until_painted("diverged", "weights/dense/kernel", 1)
    assert serious_violations(tab) == []


@pytest.mark.parametrize("theme", THEMES)
@pytest.mark.parametrize("view", view_logs.WRITERS)
def test_the_list_of_keys_of_a_view_has_no_serious_violation(
    view: str, theme: str, reopen_tab: OpenTab, serve: Serve, make_log: MakeLog
) -> None:
    url = serve(make_log(view_logs.write_all_views))
    state = state_hash(view=view, **view_logs.only_runs(view))
    tab = Tab(reopen_tab(url, query=THEMES[theme], state=state))
    current = tab.frame.locator("[data-testid='view'][aria-current='page']")
    expect(current).to_have_attribute("data-view", view)
    assert serious_violations(tab) == []
    tab.page.keyboard.press("?")
    expect(tab.by_id("help-dialog")).to_be_visible()
    assert serious_violations(tab) == []
