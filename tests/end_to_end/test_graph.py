"""The graph of a model: what it shows, folding, moving, and a layer chosen for all views."""

from __future__ import annotations

import math
import re

import pytest
from playwright.sync_api import expect

from tests.end_to_end import graph_logs
from tests.end_to_end.conftest import MakeLog, OpenTab, Serve
from tests.end_to_end.graph_tab import (
    button,
    corner,
    drawn_paths,
    go_to_view,
    lines,
    node,
    panel_tags,
    zoom_of,
)
from tests.end_to_end.tab import Tab, state_hash
from tests.end_to_end.test_accessibility import serious_violations

pytestmark = pytest.mark.browser

ENCODER = graph_logs.ENCODER
TWINS = graph_logs.twins()
OUTERMOST = {each.path for each in TWINS.nodes if each.parent is None}
INSIDE = {each.path for each in TWINS.nodes if each.parent == ENCODER}
UNFOLDED = f"graph%3A{ENCODER}"


@pytest.fixture(scope="module")
def shared_tab(open_shared_tab: OpenTab, serve: Serve, make_log: MakeLog) -> Tab:
    return Tab(open_shared_tab(serve(make_log(graph_logs.write_graphs), "--load_fast=true")))


@pytest.fixture
def tab(shared_tab: Tab) -> Tab:
    shared_tab.open_state(view="graph")
    expect(node(shared_tab, "head")).to_be_visible()
    return shared_tab


def test_runs_with_the_same_model_have_one_card_which_says_what_the_model_has(tab: Tab) -> None:
    expect(tab.by_id("graph")).to_have_count(1)
    expect(tab.by_id("graph")).to_have_attribute("data-runs", "first, second")
    leaves = [each for each in TWINS.nodes if each.category not in {"model", "operation"}]
    total = sum(each.num_parameters for each in TWINS.nodes if each.parent is None)
    words = tab.by_id("graph-totals").inner_text()
    assert words == f"{len(leaves)} layers · {total:,} parameters"
    trained = sum(each.num_trainable for each in TWINS.nodes if each.parent is None)
    header = tab.by_id("graph").locator("header")
    expect(header).to_contain_text(f"{trained:,} trainable")
    expect(header).to_contain_text(f"{total - trained:,} not trained")


def test_every_node_and_every_edge_of_the_outermost_model_is_drawn(tab: Tab) -> None:
    assert drawn_paths(tab) == OUTERMOST
    wanted = {(each.source, each.target) for each in TWINS.edges if each.source in OUTERMOST}
    assert set(lines(tab)) == wanted
    assert len(lines(tab)) == len(wanted)
    calls = tab.by_id("graph-call").all_text_contents()
    assert sorted(calls) == sorted(["#1", "#2", "#1, #2", "#1, #2", "#1", "#1 → #2", "#2"])


def test_a_box_says_what_its_layer_is(tab: Tab) -> None:
    refine = node(tab, "refine")
    for text in ("refine", "Dense · tanh", "96", "9,312", "2 calls"):
        expect(refine).to_contain_text(text)
    expect(node(tab, ENCODER)).to_contain_text("partly trainable")
    expect(refine).to_have_attribute("data-category", "dense")
    button(tab, "refine").hover()
    tip = tab.by_id("graph-tooltip")
    for text in ("(any, 96)", "tanh", "float32", "distance", "dropout"):
        expect(tip).to_contain_text(text)


def test_the_legend_has_the_categories_that_occur(tab: Tab) -> None:
    kinds = (
        tab.by_id("graph-legend")
        .locator("li")
        .evaluate_all("all => all.map(item => item.dataset.category)")
    )
    assert set(kinds) == {each.category for each in TWINS.nodes}
    assert len(kinds) == len(set(kinds))


def test_a_model_inside_is_folded_at_first_and_unfolds_where_it_stands(tab: Tab) -> None:
    fold = tab.by_id("fold-model")
    expect(fold).to_have_attribute("aria-expanded", "false")
    before = corner(node(tab, ENCODER).locator(".band"))
    fold.click()
    expect(fold).to_have_attribute("aria-expanded", "true")
    assert drawn_paths(tab) == OUTERMOST | INSIDE
    after = corner(node(tab, ENCODER).locator(".band"))
    assert math.dist(before, after) < 2
    frame = tab.frame.locator(".ground").bounding_box()
    assert frame is not None
    for path in INSIDE:
        box = node(tab, path).locator(".body").bounding_box()
        assert box is not None
        assert frame["x"] < box["x"]
        assert frame["y"] < box["y"]
        assert box["x"] + box["width"] < frame["x"] + frame["width"]
        assert box["y"] + box["height"] < frame["y"] + frame["height"]
    inner = {(each.source, each.target) for each in TWINS.edges if each.source in INSIDE}
    assert inner <= set(lines(tab))
    fold.press("Enter")
    expect(fold).to_have_attribute("aria-expanded", "false")
    assert drawn_paths(tab) == OUTERMOST


def test_a_layer_that_is_clicked_is_the_only_one_in_every_view_until_it_is_clicked_again(
    tab: Tab,
) -> None:
    button(tab, "refine").click()
    expect(button(tab, "refine")).to_have_attribute("aria-pressed", "true")
    expect(tab.by_id("layer-filter")).to_have_value("=refine")
    go_to_view(tab, "weights")
    expect(tab.by_id("panel")).to_have_count(1)
    assert panel_tags(tab) == ["weights/refine/kernel"]
    expect(tab.by_id("layer-hits")).to_have_text(f"1 of {len(graph_logs.LOGGED)} panels")
    go_to_view(tab, "activations")
    expect(tab.by_id("panel")).to_have_count(1)
    assert panel_tags(tab) == ["activations/refine"]
    go_to_view(tab, "graph")
    expect(button(tab, "refine")).to_have_attribute("aria-pressed", "true")
    assert drawn_paths(tab) == OUTERMOST
    button(tab, "refine").click()
    expect(button(tab, "refine")).to_have_attribute("aria-pressed", "false")
    expect(tab.by_id("layer-filter")).to_have_value("")
    go_to_view(tab, "weights")
    expect(tab.by_id("panel")).to_have_count(len(graph_logs.LOGGED))


def test_a_model_that_is_chosen_by_keys_lets_the_layers_inside_it_through(tab: Tab) -> None:
    button(tab, ENCODER).focus()
    tab.page.keyboard.press("Enter")
    expect(tab.by_id("layer-filter")).to_have_value(f"={ENCODER}")
    go_to_view(tab, "weights")
    expect(tab.by_id("panel")).to_have_count(2)
    assert panel_tags(tab) == [f"weights/{ENCODER}/dense/kernel", f"weights/{ENCODER}/code/kernel"]


def test_a_view_without_the_chosen_layer_says_so_and_shows_all_again(tab: Tab) -> None:
    button(tab, "dropout").click()
    go_to_view(tab, "weights")
    message = tab.frame.locator("nnviz-message")
    expect(message).to_contain_text("nothing of the layer dropout")
    message.get_by_role("button").click()
    expect(tab.by_id("panel")).to_have_count(len(graph_logs.LOGGED))


def test_keys_zoom_move_and_fit_and_leave_the_time_alone(tab: Tab) -> None:
    viewport = tab.by_id("graph-viewport")
    fitted = zoom_of(tab)
    viewport.focus()
    tab.page.keyboard.press("+")
    expect(viewport).to_have_attribute("data-zoom", f"{1.25 * fitted:.4f}")
    tab.page.keyboard.press("-")
    tab.page.keyboard.press("-")
    expect(viewport).to_have_attribute("data-zoom", f"{fitted / 1.25:.4f}")
    before = corner(node(tab, "refine"))
    tab.page.keyboard.press("ArrowLeft")
    tab.page.keyboard.press("ArrowDown")
    after = corner(node(tab, "refine"))
    # Not so far down, where nothing would be left in the middle.
    assert after[0] == pytest.approx(before[0] + 80, abs=1)
    assert before[1] - 80 < after[1] < before[1]
    expect(tab.by_id("layer-filter")).to_have_value("")
    tab.page.keyboard.press("0")
    expect(viewport).to_have_attribute("data-zoom", f"{fitted:.4f}")
    expect(tab.by_id("zoom-fit")).to_have_text(f"{round(100 * fitted)} %")


@pytest.mark.parametrize("form", ["graph", "table"])
def test_arrow_keys_never_move_the_time_of_the_other_views(form: str, tab: Tab) -> None:
    tab.open_state(view="weights")
    tab.by_id("step-slider").fill("0")
    go_to_view(tab, "graph")
    expect(node(tab, "head")).to_be_visible()
    if form == "table":
        tab.page.keyboard.press("g")
        tab.frame.locator(".table").focus()
    for key in ("ArrowRight", "ArrowLeft", "End", "Home", "ArrowRight"):
        tab.page.keyboard.press(key)
    go_to_view(tab, "weights")
    expect(tab.by_id("step-slider")).to_have_value("0")
    expect(tab.by_id("follow")).to_have_attribute("aria-pressed", "false")


def test_buttons_zoom_too(tab: Tab) -> None:
    fitted = zoom_of(tab)
    tab.by_id("zoom-in").click()
    expect(tab.by_id("graph-viewport")).to_have_attribute("data-zoom", f"{1.25 * fitted:.4f}")
    tab.by_id("zoom-out").click()
    tab.by_id("zoom-fit").click()
    expect(tab.by_id("graph-viewport")).to_have_attribute("data-zoom", f"{fitted:.4f}")


def test_the_wheel_scrolls_the_page_over_a_graph_too(
    open_tab: OpenTab, serve: Serve, make_log: MakeLog
) -> None:
    log = make_log(graph_logs.write_two_models)
    viewport = {"width": 1600, "height": 600}
    tab = Tab(open_tab(serve(log), state=state_hash(view="graph"), viewport=viewport))
    second = tab.by_id("graph-viewport").nth(1)
    expect(second).to_be_visible()
    before = zoom_of(tab)
    tab.by_id("graph-viewport").first.hover()
    expect(second).not_to_be_in_viewport(ratio=0.9)
    tab.page.mouse.wheel(0, 900)
    expect(second).to_be_in_viewport(ratio=0.9)
    assert zoom_of(tab) == before


def test_the_wheel_with_control_zooms_about_the_pointer_and_dragging_moves_without_choosing(
    tab: Tab,
) -> None:
    refine = node(tab, "refine").locator(".band")
    box = refine.bounding_box()
    assert box is not None
    at = (box["x"] + box["width"] / 2, box["y"] + box["height"] / 2)
    tab.page.mouse.move(*at)
    before = zoom_of(tab)
    tab.page.keyboard.down("Control")
    tab.page.mouse.wheel(0, -200)
    tab.page.keyboard.up("Control")
    expect(tab.by_id("graph-viewport")).not_to_have_attribute("data-zoom", f"{before:.4f}")
    # A wheel turns in large steps; each is a small one of the zoom.
    assert before < zoom_of(tab) < 1.5 * before
    after = refine.bounding_box()
    assert after is not None
    middle = (after["x"] + after["width"] / 2, after["y"] + after["height"] / 2)
    assert math.dist(middle, at) < 2

    tab.page.mouse.down()
    tab.page.mouse.move(at[0] - 90, at[1] + 40, steps=4)
    tab.page.mouse.up()
    moved = refine.bounding_box()
    assert moved is not None
    assert (moved["x"] - after["x"], moved["y"] - after["y"]) == pytest.approx((-90, 40), abs=1)
    expect(button(tab, "refine")).to_have_attribute("aria-pressed", "false")
    expect(tab.by_id("layer-filter")).to_have_value("")


@pytest.mark.parametrize(("direction", "axis"), [("right", 0), ("down", 1)])
def test_data_flows_in_the_chosen_direction(direction: str, axis: int, tab: Tab) -> None:
    tab.press("graph-direction", direction)
    expect(tab.by_id("graph-viewport")).to_have_attribute("data-direction", direction)
    forward = [(each.source, each.target) for each in TWINS.edges if each.source in OUTERMOST]
    for source, target in forward:
        if source != target:
            places = [corner(node(tab, path).locator(".body"))[axis] for path in (source, target)]
            assert places[0] < places[1], (source, target)


def test_the_table_says_of_every_layer_what_the_drawing_says(tab: Tab) -> None:
    tab.press("graph-form", "table")
    table = tab.by_id("graph-table")
    rows = table.locator("tbody tr")
    expect(rows).to_have_count(len(TWINS.nodes))
    for each in TWINS.nodes:
        row = table.locator(f"tr[data-path='{each.path}']")
        expect(row.locator("th")).to_have_text(each.name)
        expect(row).to_contain_text(each.layer_type)
        if each.num_parameters:
            expect(row.locator("td.number")).to_have_text(f"{each.num_parameters:,}")
    taken = table.locator("tr[data-path='distance'] td").nth(4)
    expect(taken).to_have_text("subtract, encoder")
    dense = table.locator(f"tr[data-path='{ENCODER}/dense'] button")
    dense.focus()
    dense.press("Enter")
    expect(tab.by_id("layer-filter")).to_have_value(f"={ENCODER}/dense")
    expect(dense).to_have_attribute("aria-pressed", "true")
    tab.page.keyboard.press("g")
    expect(tab.by_id("graph-viewport")).to_be_visible()


def test_graph_and_table_hand_the_focus_to_each_other(tab: Tab) -> None:
    tab.by_id("graph-viewport").focus()
    tab.page.keyboard.press("g")
    expect(tab.frame.locator(".table")).to_be_focused()
    tab.by_id("graph-table").locator("tr[data-path='refine'] button").focus()
    tab.page.keyboard.press("g")
    expect(tab.by_id("graph-viewport")).to_be_focused()


def test_the_chosen_row_of_a_long_table_is_scrolled_into_sight(
    open_tab: OpenTab, serve: Serve, make_log: MakeLog
) -> None:
    deep = graph_logs.residual(50)
    last = deep.nodes[-1].path
    url = serve(make_log(graph_logs.write_deep_graph), "--load_fast=true")
    tab = Tab(open_tab(url, state=state_hash(view="graph", graph_form="table", layers=f"={last}")))
    expect(tab.by_id("graph-table").locator(f"tr[data-path='{last}']")).to_be_in_viewport(ratio=0.9)


def test_a_link_reopens_what_is_unfolded_and_looked_at(tab: Tab, open_tab: OpenTab) -> None:
    tab.press("graph-direction", "down")
    tab.by_id("fold-models").click()
    expect(node(tab, f"{ENCODER}/dense")).to_be_visible()
    tab.by_id("graph-viewport").focus()
    tab.page.keyboard.press("-")
    tab.page.keyboard.press("ArrowRight")
    # A place may be in the address from before; what was done last is written after a moment.
    tab.page.wait_for_url(re.compile("(?=.*unfolded=)(?=.*graph_at=)"))
    tab.page.wait_for_timeout(1000)
    url, _, state = tab.page.url.partition("#nnviz")
    assert "unfolded=" in state
    again = Tab(open_tab(url, state=state))
    expect(node(again, f"{ENCODER}/dense")).to_be_visible()
    assert zoom_of(again) == pytest.approx(zoom_of(tab), rel=1e-3)
    assert corner(node(again, "refine")) == pytest.approx(corner(node(tab, "refine")), abs=1)


def test_a_text_in_the_filter_marks_the_layers_that_hold_it(tab: Tab) -> None:
    tab.by_id("layer-filter").fill("dense")
    matched = tab.frame.locator("[data-testid='graph-node'].matched")
    # Their types hold it.
    expect(matched).to_have_count(2)
    assert drawn_paths(tab) == OUTERMOST


def test_two_models_have_two_cards_and_a_run_without_a_graph_is_named(
    open_tab: OpenTab, serve: Serve, make_log: MakeLog
) -> None:
    url = serve(make_log(graph_logs.write_two_models), "--load_fast=true")
    tab = Tab(open_tab(url, state=state_hash(view="graph")))
    cards = tab.by_id("graph")
    expect(cards).to_have_count(2)
    assert cards.evaluate_all("all => all.map(card => card.dataset.runs)") == ["plain", "untraced"]
    expect(cards.nth(1)).to_contain_text("could not be traced")
    expect(cards.nth(1).locator("path.line")).to_have_count(0)
    expect(tab.by_id("absent-graphs")).to_contain_text("weights-only")


def test_a_deep_network_opens_at_its_beginning_and_moves_without_being_laid_out_again(
    open_tab: OpenTab, serve: Serve, make_log: MakeLog
) -> None:
    url = serve(make_log(graph_logs.write_deep_graph), "--load_fast=true")
    tab = Tab(open_tab(url, state=state_hash(view="graph")))
    expect(node(tab, "image")).to_be_visible()
    assert len(drawn_paths(tab)) == 1 + 1 + 6 * 50 + 2
    assert zoom_of(tab) > 0.5
    viewport = tab.by_id("graph-viewport")
    took = viewport.get_attribute("data-layout-ms")
    # Measured: 0.15 s where nothing else runs.
    assert float(took or "nan") < 5000
    viewport.focus()
    for _ in range(30):
        tab.page.keyboard.press("ArrowDown")
    expect(node(tab, "image")).not_to_be_in_viewport()
    expect(viewport).to_have_attribute("data-layout-ms", took or "")
    tab.page.keyboard.press("0")
    expect(node(tab, "image")).to_be_in_viewport()
    expect(node(tab, "digit")).to_be_in_viewport()
    # A layer that was chosen is in sight when the graph is shown again.
    again = Tab(open_tab(url, state=state_hash(view="graph", layers="=conv_30_a")))
    expect(button(again, "conv_30_a")).to_be_in_viewport()
    expect(node(again, "image")).not_to_be_in_viewport()


@pytest.mark.parametrize("query", ["", "?darkMode=true"])
@pytest.mark.parametrize("form", ["graph", "table"])
def test_graph_and_table_have_no_serious_violation(
    form: str, query: str, open_tab: OpenTab, serve: Serve, make_log: MakeLog
) -> None:
    url = serve(make_log(graph_logs.write_graphs), "--load_fast=true")
    state = state_hash(view="graph", graph_form=form, unfolded=UNFOLDED, layers="=refine")
    tab = Tab(open_tab(url, query=query, state=state))
    expect(tab.frame.locator("[data-path='refine']").first).to_be_visible()
    assert serious_violations(tab) == []


def test_tab_goes_to_one_layer_and_arrow_keys_from_it_to_the_others(tab: Tab) -> None:
    keyboard = tab.page.keyboard
    stops = tab.frame.locator("[data-testid='graph-node'] [role='button'][tabindex='0']")
    expect(stops).to_have_count(1)
    tab.by_id("graph-viewport").focus()
    keyboard.press("Tab")
    focused = tab.frame.locator("[data-testid='graph-node']:focus-within")
    expect(focused).to_have_count(1)
    keyboard.press("Home")
    reached = {focused.get_attribute("data-path")}
    for _ in range(len(OUTERMOST) - 1):
        before = focused.get_attribute("data-path")
        keyboard.press("PageDown")
        expect(focused).not_to_have_attribute("data-path", before or "")
        reached.add(focused.get_attribute("data-path"))
        expect(focused.locator(".body, .title").first).to_be_in_viewport()
    assert reached == OUTERMOST
    last = focused.get_attribute("data-path") or ""
    keyboard.press("ArrowLeft")
    expect(focused).not_to_have_attribute("data-path", last)
    step = tab.by_id("step-slider").input_value()
    keyboard.press("ArrowRight")
    assert tab.by_id("step-slider").input_value() == step
    # Tab leaves the layers, and comes back to where the keys have been.
    here = focused.get_attribute("data-path") or ""
    keyboard.press("Shift+Tab")
    expect(tab.by_id("graph-viewport")).to_be_focused()
    keyboard.press("Tab")
    expect(focused).to_have_attribute("data-path", here)


def test_space_unfolds_the_model_that_has_the_focus(tab: Tab) -> None:
    button(tab, ENCODER).focus()
    tab.page.keyboard.press("Space")
    expect(tab.by_id("fold-model")).to_have_attribute("aria-expanded", "true")
    assert drawn_paths(tab) == OUTERMOST | INSIDE
    expect(button(tab, ENCODER)).to_be_focused()
    tab.page.keyboard.press("Space")
    expect(tab.by_id("fold-model")).to_have_attribute("aria-expanded", "false")
    expect(button(tab, ENCODER)).to_be_focused()
