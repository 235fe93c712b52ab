"""In which order tiles stand, which are hidden, and how they are found, against `LogReader`."""

from __future__ import annotations

import json
import re
from pathlib import Path
from typing import Any
from urllib.parse import parse_qs, urlsplit

import numpy as np
import pytest
from numpy.typing import NDArray
from playwright.sync_api import Locator, Request, expect

from tests.end_to_end import activation_logs
from tests.end_to_end.conftest import MakeLog, OpenTab, Serve
from tests.end_to_end.expected import read_tiles, symmetric
from tests.end_to_end.responses import dead_channels
from tests.end_to_end.tab import Tab, assert_painted_as_read, painted_order, state_hash
from tests.end_to_end.tile_order_logs import (
    CONV,
    DEAD,
    DEAD_IN_FIRST,
    DENSE,
    DYING,
    GATES,
    RUNS,
    STEPS,
    UNITS,
    WIDE,
    WIDE_UNITS,
    write_tile_order,
)

pytestmark = pytest.mark.browser

LAST = STEPS[-1]
FIRST, SECOND = RUNS
Numbers = NDArray[np.float64]


@pytest.fixture(scope="module")
def log(make_log: MakeLog) -> Path:
    return make_log(write_tile_order)


@pytest.fixture(scope="module")
def shared_tab(open_shared_tab: OpenTab, serve: Serve, log: Path) -> Tab:
    return Tab(open_shared_tab(serve(log)))


@pytest.fixture
def tab(shared_tab: Tab) -> Tab:
    shared_tab.open_state()
    shared_tab.page.mouse.move(0, 0)
    for run in RUNS:
        shared_tab.wait_until_painted(run, DENSE, LAST)
        expect(shared_tab.grid(run, DENSE)).to_have_attribute("data-order", "index")
    return shared_tab


def values(log: Path, run: str, step: int = LAST, tag: str = DENSE) -> Numbers:
    """``(tiles, cells)`` of what was logged."""
    return read_tiles(log, run, tag, step).tiles().astype(np.float64)


def order_by(tab: Tab, sort: str, *, order_of: str | None = None) -> None:
    """Sorts, in the order of a run, and waits until the panel says so."""
    tab.by_id("sort").select_option(sort)
    if order_of is not None:
        tab.by_id("order-run").select_option(label=order_of)
    told = tab.panel(DENSE).locator("[data-testid='order']")
    expect(told).to_contain_text("sorted")
    if order_of is not None:
        expect(told).to_have_attribute("data-run", re.compile(f"^{order_of}"))


def shown_orders(tab: Tab, tag: str = DENSE, tiles: int = UNITS) -> list[list[int]]:
    return [painted_order(tab.grid(run, tag), tiles) for run in RUNS]


def assert_falls(keys: Numbers) -> None:
    """Each key is no larger than the one before, but for what codes of 16 bits round off."""
    assert (keys[1:] <= keys[:-1] + 1e-3 * np.abs(keys).max()).all()


@pytest.mark.parametrize("run", RUNS)
def test_the_units_that_changed_most_between_two_epochs_come_first_in_the_order_of_either_run(
    run: str, tab: Tab, log: Path, colour_tables: dict[str, Any]
) -> None:
    order_by(tab, "previous", order_of=run)
    moved = np.linalg.norm(values(log, run) - values(log, run, LAST - 1), axis=1)
    first, second = shown_orders(tab)
    assert first == second
    assert sorted(first) == list(range(UNITS))
    assert_falls(moved[first])
    # Late units outrun the others only now: by the change since the start they would not lead.
    assert first != list(np.argsort(-np.linalg.norm(values(log, run), axis=1), kind="stable"))
    records = {each: read_tiles(log, each, DENSE, LAST) for each in RUNS}
    low, high = symmetric(record.values for record in records.values())
    for each, record in records.items():
        assert_painted_as_read(tab.grid(each, DENSE), record, colour_tables, (low, high))


def test_the_order_follows_the_step_that_is_shown(tab: Tab, log: Path) -> None:
    order_by(tab, "previous")
    now = shown_orders(tab)[0]
    tab.go_to_step_index(1)
    tab.wait_until_painted(FIRST, DENSE, 1)
    before = shown_orders(tab)[0]
    assert_falls(np.linalg.norm(values(log, FIRST, 1) - values(log, FIRST, 0), axis=1)[before])
    assert before != now
    # Nothing comes before the first step: the panel says so instead of an order that is none.
    tab.go_to_step_index(0)
    problem = tab.panel(DENSE).locator("[data-testid='order-problem']")
    expect(problem).to_contain_text("not sorted by change since previous")
    expect(tab.grid(FIRST, DENSE)).to_have_attribute("data-order", "index")


def test_by_what_is_shown_the_largest_change_comes_first(tab: Tab, log: Path) -> None:
    tab.by_id("show").select_option("change-since-start")
    order_by(tab, "difference", order_of=SECOND)
    first, second = shown_orders(tab)
    assert first == second
    assert_falls(np.linalg.norm(values(log, SECOND) - values(log, SECOND, 0), axis=1)[first])
    tab.by_id("show").select_option("value")
    expect(tab.grid(FIRST, DENSE)).to_have_attribute("data-show", "value")
    tab.wait_until_painted(FIRST, DENSE, LAST)
    assert_falls(np.linalg.norm(values(log, SECOND), axis=1)[shown_orders(tab)[0]])


def test_the_order_is_turned_round_and_back(tab: Tab) -> None:
    tab.by_id("reverse").click()
    backwards = list(range(UNITS))[::-1]
    expect(tab.grid(FIRST, DENSE)).to_have_attribute("data-order", re.compile(r"^\[23,22,"))
    assert shown_orders(tab) == [backwards, backwards]
    order_by(tab, "norm")
    rising = shown_orders(tab)[0]
    tab.page.keyboard.press("T")
    expect(tab.by_id("reverse")).to_have_attribute("aria-pressed", "false")
    expect(tab.panel(DENSE).locator("[data-testid='order']")).to_contain_text("norm ↓")
    falling = shown_orders(tab)[0]
    # Dead tiles are as large as each other: they stay in the order of their index.
    alive = [tile for tile in falling if tile not in {*DEAD, DYING, DEAD_IN_FIRST}]
    assert alive == [tile for tile in rising if tile in alive][::-1]


def cosines(all_values: Numbers, chosen: Numbers) -> Numbers:
    """By tile; NaN for zeros."""
    norms = np.linalg.norm(all_values, axis=1) * np.linalg.norm(chosen)
    with np.errstate(invalid="ignore"):
        found: Numbers = all_values @ chosen / norms
    return found


def place_of(tab: Tab, canvas: Locator, tile: int, tiles: int = UNITS) -> int:
    return painted_order(canvas, tiles).index(tile)


def outline_tile(tab: Tab, canvas: Locator, place: int) -> None:
    """By a click with Shift: without, the tile is shown in the large."""
    tab.hover_cell(canvas, place=place, row=1, column=1)
    tab.page.keyboard.down("Shift")
    tab.page.mouse.down()
    tab.page.mouse.up()
    tab.page.keyboard.up("Shift")


def test_tiles_stand_by_their_similarity_to_the_one_that_was_clicked(tab: Tab, log: Path) -> None:
    tab.by_id("sort").select_option("similar")
    expect(tab.by_id("similar-to")).to_have_text(re.compile("Click a tile first"))
    expect(tab.panel(DENSE).locator("[data-testid='order-problem']")).to_contain_text(
        "click a tile"
    )
    canvas = tab.grid(SECOND, DENSE)
    outline_tile(tab, canvas, 7)
    told = tab.panel(DENSE).locator("[data-testid='order']")
    expect(told).to_contain_text(f"similarity to unit 7 of {SECOND}")
    expect(tab.by_id("similar-to")).to_contain_text("tile 7 of dense/kernel")
    first, second = shown_orders(tab)
    assert first == second
    # The chosen one itself is first, the one most like it next.
    expect(told).to_contain_text(f"next: {second[1]} (")
    wanted = cosines(values(log, SECOND), values(log, SECOND)[7])
    order = np.array(second)
    # Itself first, zeros last, and between them ever less alike.
    assert order[0] == 7
    dead = sorted([*DEAD, DYING])
    assert list(order[-len(dead) :]) == dead
    assert_falls(wanted[order[: -len(dead)]])

    for run, tile in ((SECOND, 7), (SECOND, 3), (FIRST, 3), (FIRST, 20)):
        canvas = tab.grid(run, DENSE)
        tab.hover_cell(canvas, place=place_of(tab, canvas, tile), row=2, column=2)
        line = tab.by_id("similarity")
        expect(line).to_contain_text(f"to unit 7 of {SECOND}")
        expect(tab.by_id("tooltip")).to_have_attribute("data-tile", str(tile))
        told_value = float(line.get_attribute("data-value") or "nan")
        exact = cosines(values(log, run), values(log, SECOND)[7])[tile]
        assert told_value == pytest.approx(exact, abs=1e-6)

    # The same tile, but how the other run's tiles are like it.
    tab.by_id("order-run").select_option(label=FIRST)
    expect(told).to_contain_text(f"order of {FIRST}")
    first, second = shown_orders(tab)
    assert first == second
    across = cosines(values(log, FIRST), values(log, SECOND)[7])
    assert_falls(across[[tile for tile in first if not np.isnan(across[tile])]])
    assert first[-4:] == sorted([*DEAD, DYING, DEAD_IN_FIRST])


def test_another_tile_is_compared_with_only_when_it_is_taken(tab: Tab) -> None:
    canvas = tab.grid(FIRST, DENSE)
    outline_tile(tab, canvas, 3)
    order_by(tab, "similar")
    told = tab.panel(DENSE).locator("[data-testid='order']")
    expect(told).to_contain_text("unit 3 of")
    outline_tile(tab, canvas, place_of(tab, canvas, 10))
    take = tab.by_id("take-tile")
    expect(take).to_be_visible()
    expect(told).to_contain_text("unit 3 of")
    take.click()
    expect(told).to_contain_text("unit 10 of")
    expect(take).to_have_count(0)


def test_filters_are_compared_over_all_their_input_channels(tab: Tab, log: Path) -> None:
    outline_tile(tab, tab.grid(FIRST, CONV), 6)
    tab.by_id("sort").select_option("similar")
    told = tab.panel(CONV).locator("[data-testid='order']")
    expect(told).to_contain_text("similarity to filter 1 of")
    filters = values(log, FIRST, tag=CONV).reshape(6, -1)
    wanted = cosines(filters, filters[1])
    rows = [tile // 4 for tile in shown_orders(tab, CONV, 24)[0][::4]]
    assert rows[0] == 1
    assert rows[-1] == 2
    assert_falls(wanted[rows[:-1]])


def test_tiles_that_are_dead_in_every_run_are_hidden_and_come_back(tab: Tab, log: Path) -> None:
    tab.page.keyboard.press("z")
    expect(tab.by_id("hide-dead")).to_be_checked()
    hidden = tab.panel(DENSE).locator("[data-testid='hidden-dead']")
    expect(hidden).to_have_attribute("data-count", "3")
    alive = [unit for unit in range(UNITS) if unit not in {*DEAD, DYING}]
    assert shown_orders(tab) == [alive, alive]
    assert not values(log, FIRST)[DEAD_IN_FIRST].any()
    # What stays keeps its place among the others, whatever the order.
    order_by(tab, "norm")
    all_sorted = [int(unit) for unit in np.argsort(-np.linalg.norm(values(log, FIRST), axis=1))]
    wanted = [unit for unit in all_sorted if unit in alive]
    assert shown_orders(tab) == [wanted, wanted]
    # A tile under the pointer is still the one that it says.
    tooltip = tab.hover_cell(tab.grid(FIRST, DENSE), place=4, row=0, column=0)
    expect(tooltip).to_have_attribute("data-tile", str(wanted[4]))
    # At step 1 unit 5 lives still.
    tab.go_to_step_index(1)
    expect(hidden).to_have_attribute("data-count", "2")
    # Alone, the first run has one more.
    tab.run_entry(SECOND).locator("input[type='checkbox']").uncheck()
    expect(hidden).to_have_attribute("data-count", "3")
    # Their number is said once.
    expect(hidden).to_have_text("3 dead hidden · show")
    expect(tab.panel(DENSE).locator("[data-testid='dead']")).to_have_count(0)
    hidden.click()
    expect(tab.panel(DENSE).locator("[data-testid='dead']")).to_have_text("3 dead")
    expect(hidden).to_have_count(0)
    expect(tab.by_id("hide-dead")).not_to_be_checked()
    assert sorted(painted_order(tab.grid(FIRST, DENSE), UNITS)) == list(range(UNITS))


def test_dead_filters_are_hidden_by_whole_rows(tab: Tab) -> None:
    tab.by_id("hide-dead").check()
    expect(tab.panel(CONV).locator("[data-testid='hidden-dead']")).to_have_attribute(
        "data-count", "1"
    )
    wanted = [tile for tile in range(24) if tile // 4 != 2]
    assert shown_orders(tab, CONV, 24) == [wanted, wanted]
    expect(tab.panel(GATES).locator("[data-testid='hidden-dead']")).to_have_count(0)


def found(tab: Tab) -> Locator:
    return tab.frame.locator(".outline.found")


def outlined_place(tab: Tab, run: str, tag: str) -> tuple[float, float]:
    """Where the outline of a grid is, from its upper left corner, in CSS pixels."""
    canvas = tab.grid(run, tag)
    return tuple(
        canvas.evaluate(
            """canvas => {
              const outline = canvas.parentElement.querySelector(".outline.found");
              const [a, b] = [outline, canvas].map((each) => each.getBoundingClientRect());
              return [a.left - b.left, a.top - b.top];
            }"""
        )
    )


def test_a_unit_is_found_in_one_panel_after_the_other(tab: Tab) -> None:
    tab.page.keyboard.press("u")
    field = tab.by_id("find")
    expect(field).to_be_focused()
    field.fill("3")
    # In each run of each panel with a unit 3: of filter 3 all four tiles.
    expect(tab.panel(DENSE).locator(".outline.found")).to_have_count(2)
    field.press("Enter")
    said = tab.by_id("found")
    expect(said).to_contain_text("dense/kernel")
    field.press("Enter")
    expect(said).to_contain_text("conv/kernel")
    expect(tab.panel(CONV).locator(".outline.found")).to_have_count(8)
    field.press("Enter")
    expect(said).to_contain_text("lstm/kernel")
    field.press("Enter")
    expect(said).to_contain_text("wide/kernel")
    field.press("Enter")
    expect(said).to_contain_text("dense/kernel")
    expect(field).to_be_focused()


def test_a_unit_far_down_is_unfolded_and_scrolled_to(tab: Tab) -> None:
    tab.page.set_viewport_size({"width": 1280, "height": 700})
    field = tab.by_id("find")
    last = WIDE_UNITS - 1
    field.fill(str(last))
    field.press("Enter")
    expect(tab.by_id("found")).to_contain_text("wide/kernel")
    outline = tab.panel(WIDE).locator(".outline.found").first
    expect(outline).to_be_in_viewport(ratio=1)
    number = tab.grid(FIRST, WIDE).evaluate("canvas => ({...canvas.dataset})")
    columns, zoom = int(number["columns"]), float(number["zoom"])
    pitch = [float(number[name]) + float(number["gap"]) for name in ("tileWidth", "tileHeight")]
    left, top = outlined_place(tab, FIRST, WIDE)
    wanted = ((last % columns) * pitch[0] * zoom, (last // columns) * pitch[1] * zoom)
    assert (left, top) == pytest.approx(wanted, abs=1)
    tab.page.set_viewport_size({"width": 1600, "height": 900})


def test_labels_and_places_along_axes_are_found_and_what_is_nowhere_is_said(tab: Tab) -> None:
    field = tab.by_id("find")
    field.fill("forget")
    field.press("Enter")
    expect(tab.by_id("found")).to_contain_text("lstm/kernel")
    expect(found(tab)).to_have_count(2)
    field.fill("2, 3")
    expect(tab.panel(GATES).locator(".outline.found")).to_have_count(0)
    field.press("Enter")
    expect(tab.by_id("found")).to_contain_text("conv/kernel")
    expect(tab.panel(CONV).locator(".outline.found")).to_have_count(2)
    field.fill("400")
    field.press("Enter")
    expect(tab.by_id("found")).to_have_text(re.compile("No panel here has 400"))
    expect(field).to_have_attribute("aria-invalid", "true")
    expect(found(tab)).to_have_count(0)
    # A first Escape empties the field, a second one leaves it.
    field.press("Escape")
    expect(field).to_have_value("")
    expect(tab.by_id("found")).to_have_text(re.compile(r"^\s*$"))
    field.press("Escape")
    expect(field).not_to_be_focused()


def test_a_tile_that_is_hidden_as_dead_is_said_to_be(tab: Tab) -> None:
    tab.by_id("hide-dead").check()
    tab.by_id("layer-filter").fill("dense")
    field = tab.by_id("find")
    field.fill(str(DEAD[0]))
    field.press("Enter")
    expect(tab.by_id("found")).to_contain_text("Hidden as dead in dense/kernel")


@pytest.mark.parametrize("loader", ["true", "false"])
@pytest.mark.parametrize("query", ["", "?darkMode=true"])
def test_a_link_reopens_order_hiding_and_what_is_found(
    loader: str, query: str, open_tab: OpenTab, serve: Serve, log: Path
) -> None:
    url = serve(log, f"--load_fast={loader}")
    tab = Tab(open_tab(url, query=query))
    canvas = tab.wait_until_painted(SECOND, DENSE, LAST)
    outline_tile(tab, canvas, 7)
    order_by(tab, "similar", order_of=FIRST)
    tab.by_id("reverse").click()
    tab.by_id("hide-dead").check()
    tab.by_id("find").fill("forget")
    expect(tab.panel(DENSE).locator("[data-testid='order']")).to_contain_text("↑")
    expect(tab.panel(DENSE).locator("[data-testid='hidden-dead']")).to_be_visible()
    # Key by key, in whichever order.
    for written in ("find=forget", "hide_dead=1", "sort_reversed=1", "order_run=", "similar_to="):
        tab.page.wait_for_url(re.compile(re.escape(written)))
    orders = shown_orders(tab)
    again = Tab(open_tab(url, query=query, state=tab.page.url.split("#nnviz", 1)[1]))
    for run in RUNS:
        again.wait_until_painted(run, DENSE, LAST)
    told = again.panel(DENSE).locator("[data-testid='order']")
    expect(told).to_contain_text(f"similarity to unit 7 of {SECOND} ↑ · order of {FIRST}")
    assert shown_orders(again) == orders
    assert len(orders[0]) == UNITS - len(DEAD) - 1
    expect(again.by_id("find")).to_have_value("forget")
    expect(again.by_id("reverse")).to_have_attribute("aria-pressed", "true")
    again.panel(GATES).scroll_into_view_if_needed()
    expect(again.panel(GATES).locator(".outline.found")).to_have_count(2)


def test_what_a_link_says_of_runs_that_are_not_shown_is_said_to_be_of_another(
    open_tab: OpenTab, serve: Serve, log: Path
) -> None:
    state = state_hash(
        sort="norm", order_run=f"{SECOND}/nnviz", runs=f"!{SECOND}/nnviz", similar_to="nonsense"
    )
    tab = Tab(open_tab(serve(log), state=state))
    canvas = tab.wait_until_painted(FIRST, DENSE, LAST)
    told = tab.panel(DENSE).locator("[data-testid='order']")
    expect(told).to_contain_text("sorted by norm ↓")
    expect(told).to_have_attribute("data-run", re.compile(f"^{FIRST}"))
    expect(tab.by_id("order-run")).to_contain_text("(not shown)")
    assert_falls(np.linalg.norm(values(log, FIRST), axis=1)[painted_order(canvas, UNITS)])


def test_each_step_is_sorted_by_similarity_for_which_exact_values_are_asked_for_once(
    open_tab: OpenTab, serve: Serve, log: Path
) -> None:
    state = state_hash(sort="similar", similar_to=f"{FIRST}/nnviz,{DENSE},3")
    page = open_tab("about:blank")
    asked: list[tuple[str, str]] = []

    def note(request: Request) -> None:
        if "/nnviz/records" in request.url:
            texts = parse_qs(urlsplit(request.url).query)
            asked.extend((texts.get("parts", ["paint"])[0], item) for item in texts["item"])

    page.on("request", note)
    page.goto(f"{serve(log)}#nnviz{state}")
    tab = Tab(page)
    for index in (3, 2, 1, 0, 1, 2, 3):
        tab.go_to_step_index(index)
        tab.wait_until_painted(FIRST, DENSE, index)
        step_values = values(log, FIRST, index)
        keys = cosines(step_values, step_values[3])
        order = shown_orders(tab)[0]
        assert order[0] == 3
        assert_falls(keys[[tile for tile in order if not np.isnan(keys[tile])]])
    # Of the tile's own run alone, at every step.
    fine = sorted(json.loads(item) for part, item in asked if part == "fine")
    assert fine == [[f"{FIRST}/nnviz", DENSE, step] for step in STEPS]


def test_dead_channels_of_activations_are_hidden(
    open_tab: OpenTab, serve: Serve, make_log: MakeLog
) -> None:
    log = make_log(activation_logs.write_activations)
    state = state_hash(view="activations", hide_dead="1", runs="!second/nnviz,!others/nnviz")
    tab = Tab(open_tab(serve(log), state=state))
    step, tag = activation_logs.STEPS[-1], "activations/conv2d"
    record = read_tiles(log, "first", tag, step)
    canvas = tab.wait_until_painted("first", tag, step)
    dead = np.flatnonzero(dead_channels(record))
    assert list(dead) == list(activation_logs.DEAD["first"][step])
    chip = tab.panel(tag).locator("[data-testid='hidden-dead']")
    expect(chip).to_have_attribute("data-count", str(len(dead)))
    expect(chip).to_have_text("hidden · show")
    samples, channels = record.values.shape[:2]
    alive = [channel for channel in range(channels) if channel not in dead]
    wanted = [sample * channels + channel for sample in range(samples) for channel in alive]
    assert painted_order(canvas, samples * channels) == wanted
    # The samples themselves stay as they are.
    assert painted_order(tab.grid("first", "samples"), samples) == list(range(samples))
