"""A tile in the large: its values, its bins, its course, its film strip, what else is logged."""

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

from tests.end_to_end import attribution_logs, tile_logs
from tests.end_to_end.attribution_tab import painted_at
from tests.end_to_end.conftest import MakeLog, OpenTab, Serve
from tests.end_to_end.expected import change_between, read_tiles
from tests.end_to_end.tab import (
    Tab,
    canvas_image,
    painted_tiles,
    shown_range,
    state_hash,
)
from tests.end_to_end.tile_logs import ACTIVATIONS, KERNEL, STEPS, TEMPLATES, TOP_SAMPLES, UNITS

pytestmark = pytest.mark.browser

TILE = 3
LAST = 5
LOADERS = ("true", "false")
Values = NDArray[Any]


@pytest.fixture(scope="module")
def log(make_log: MakeLog) -> Path:
    return make_log(tile_logs.write_tiles)


@pytest.fixture(scope="module", params=LOADERS)
def shared_tab(
    request: pytest.FixtureRequest, open_shared_tab: OpenTab, serve: Serve, log: Path
) -> Tab:
    return Tab(open_shared_tab(serve(log, f"--load_fast={request.param}")))


@pytest.fixture
def tab(shared_tab: Tab) -> Tab:
    shared_tab.open_state()
    shared_tab.wait_until_painted("first", KERNEL, LAST)
    return shared_tab


def large(tab: Tab, run: str, tag: str = KERNEL) -> Locator:
    """The canvas of the tile itself in a run."""
    canvas = f"canvas[data-testid='grid'][data-run='{run}'][data-tag='{tag}']"
    return tab.by_id("tile-column").locator(canvas)


def open_tile(tab: Tab, tile: int = TILE, *, tag: str = KERNEL, **texts: str) -> Locator:
    """Opens a tile by its link; the canvas of the first run once it is painted and all is here."""
    tab.open_state(tile=f"{tag}:{tile}", open="1", **texts)
    return painted(tab, tile, tag=tag)


def painted(tab: Tab, tile: int, *, step: int = LAST, tag: str = KERNEL) -> Locator:
    expect(tab.by_id("tile-header")).to_have_attribute("data-tile", str(tile))
    canvas = large(tab, "first", tag)
    expect(canvas).to_have_attribute("data-order", f"[{tile}]")
    expect(canvas).to_have_attribute("data-step", str(step))
    expect(canvas).to_have_attribute("data-painted", "true")
    expect(tab.by_id("tile-progress")).to_have_count(0)
    return canvas


def values_of(log: Path, run: str, step: int, tile: int = TILE, tag: str = KERNEL) -> Values:
    values: Values = read_tiles(log, run, tag, step).tiles()[tile]
    return values


def curve(tab: Tab, number: str, run: str) -> tuple[list[int], Values]:
    """The steps and values of a run's curve."""
    line = tab.frame.locator(
        f"svg[data-number='{number}'] [data-testid='tile-curve-line'][data-run='{run}']"
    )
    steps = json.loads(line.get_attribute("data-steps") or "")
    return steps, np.array(json.loads(line.get_attribute("data-values") or ""))


def test_a_click_opens_the_tile_and_escape_closes_it_then_lets_go_of_it(tab: Tab) -> None:
    keyboard = tab.page.keyboard
    pinned = tab.panel(KERNEL).locator(".outline.pinned")
    tab.hover_cell(tab.grid("first", KERNEL), place=TILE, row=2, column=2)
    tab.page.mouse.down()
    tab.page.mouse.up()
    painted(tab, TILE)
    # The panels are where they were, but neither seen nor reached.
    expect(tab.panel(KERNEL)).to_be_hidden()
    assert tab.frame.locator("nnviz-main-area[inert]").count() == 1
    keyboard.press("Escape")
    expect(tab.by_id("tile-header")).to_have_count(0)
    expect(tab.panel(KERNEL)).to_be_visible()
    expect(pinned).to_have_count(2)
    keyboard.press("Escape")
    expect(pinned).to_have_count(0)


def test_enter_opens_the_cell_that_keys_have_led_to_and_back_returns_to_it(tab: Tab) -> None:
    canvas = tab.grid("first", KERNEL)
    canvas.focus()
    for key in ("ArrowRight", "Shift+ArrowRight", "Shift+ArrowRight", "Enter"):
        tab.page.keyboard.press(key)
    painted(tab, 2)
    back = tab.by_id("tile-back")
    tab.page.keyboard.press("Tab")
    expect(back).to_be_focused()
    back.click()
    expect(tab.by_id("tile-header")).to_have_count(0)
    expect(canvas).to_be_focused()


def test_values_on_hover_are_those_that_were_logged(tab: Tab, log: Path) -> None:
    canvas = open_tile(tab)
    row, column = 7, 11
    tooltip = tab.hover_cell(canvas, place=0, row=row, column=column)
    expect(tooltip).to_have_attribute("data-exact", "true")
    expect(tooltip).to_have_attribute("data-since-start", re.compile("."))
    cell = row * tile_logs.SIDE + column
    now, start = (values_of(log, "first", step)[cell] for step in (LAST, 0))
    assert float(tooltip.get_attribute("data-value") or "") == float(now)
    assert float(tooltip.get_attribute("data-since-start") or "") == float(now) - float(start)
    assert tooltip.get_attribute("data-tile") == str(TILE)
    expect(tooltip).to_contain_text(f"unit {TILE} · row {row}, column {column}")
    expect(tooltip).to_contain_text("second")


def test_the_tile_has_the_colours_and_the_scale_of_the_grids(
    tab: Tab, log: Path, colour_tables: dict[str, Any]
) -> None:
    bounds = shown_range(tab.grid("first", KERNEL))
    canvas = open_tile(tab)
    assert shown_range(canvas) == bounds
    record = read_tiles(log, "first", KERNEL, LAST)
    shown = painted_tiles(canvas)[0].reshape(-1, 4)[:, :3].astype(int)
    table = np.array(colour_tables[canvas.get_attribute("data-colours") or ""], int)
    share = (record.tiles()[TILE] - bounds[0]) / (bounds[1] - bounds[0])
    entries = np.clip(np.floor(256 * share), 0, 255).astype(int)
    near = [np.abs(shown - table[np.clip(entries + by, 0, 255)]).max(axis=-1) for by in (-1, 0, 1)]
    assert (np.min(near, axis=0) == 0).all()
    assert (near[1] == 0).mean() > 0.5


def test_the_numbers_are_those_of_numpy(tab: Tab, log: Path) -> None:
    open_tile(tab)
    for run in STEPS:
        values, start = (values_of(log, run, step).astype(float) for step in (LAST, 0))
        before = values_of(log, run, LAST - 1).astype(float)
        norm = np.linalg.norm(values)
        wanted = {
            "l2_norm": norm,
            "mean": values.mean(),
            "std": values.std(),
            "min": values.min(),
            "max": values.max(),
            "nan_count": 0,
            "infinite_count": 0,
            "change_since_start": np.linalg.norm(values - start),
            "update_ratio": np.linalg.norm(values - before) / norm,
        }
        for name, value in wanted.items():
            number = tab.frame.locator(
                f"[data-testid='tile-number'][data-run='{run}'][data-name='{name}']"
            )
            shown = float(number.get_attribute("data-value") or "nan")
            # The values were coded; the numbers are of those before.
            assert shown == pytest.approx(value, rel=2e-3, abs=2e-4), name


def test_the_points_of_the_curves_are_norms_of_numpy(tab: Tab, log: Path) -> None:
    open_tile(tab)
    for run, steps in STEPS.items():
        values = np.stack([values_of(log, run, step).astype(float) for step in steps])
        for number, wanted in (
            ("l2_norm", np.linalg.norm(values, axis=1)),
            ("change_since_start", np.linalg.norm(values - values[0], axis=1)),
        ):
            shown_steps, shown = curve(tab, number, run)
            assert tuple(shown_steps) == steps
            np.testing.assert_allclose(shown, wanted, rtol=2e-3, atol=2e-4)


def test_a_press_on_a_curve_goes_to_the_step_and_so_does_dragging(tab: Tab) -> None:
    open_tile(tab)
    box = tab.by_id("tile-curve").first.bounding_box()
    assert box is not None
    mouse, slider = tab.page.mouse, tab.by_id("step-slider")
    y = box["y"] + box["height"] / 2
    mouse.move(box["x"] + 0.2 * box["width"], y)
    mouse.down()
    expect(slider).to_have_js_property("value", "1")
    mouse.move(box["x"] + 0.6 * box["width"], y)
    expect(slider).to_have_js_property("value", "3")
    mouse.up()
    mouse.move(box["x"] + 0.9 * box["width"], y)
    expect(slider).to_have_js_property("value", "3")
    painted(tab, TILE, step=3)
    # What lacks the step says so.
    expect(tab.by_id("tile-column").nth(1)).to_contain_text("epoch 2 · nearest earlier")
    # The keys of time work as ever.
    tab.page.keyboard.press("ArrowRight")
    painted(tab, TILE, step=4)


def test_the_bins_hold_the_values_of_every_run_and_of_the_start(tab: Tab, log: Path) -> None:
    open_tile(tab)
    expect(tab.by_id("tile-histogram")).to_have_attribute("data-painted", "true")
    bins = tab.by_id("tile-bins")
    expect(bins).to_have_count(4)
    for run in STEPS:
        for role, step in (("now", LAST), ("start", 0)):
            drawn = tab.frame.locator(
                f"[data-testid='tile-bins'][data-run='{run}'][data-role='{role}']"
            )
            data = drawn.evaluate("path => ({...path.dataset})")
            counts = json.loads(data["counts"])
            width = 2.0 ** int(data["exponent"])
            edges = width * (int(data["first"]) + np.arange(len(counts) + 1))
            wanted, _ = np.histogram(values_of(log, run, step), edges)
            assert counts == wanted.tolist()


def test_the_film_strip_shows_every_run_at_every_step_as_it_was(
    tab: Tab, log: Path, colour_tables: dict[str, Any]
) -> None:
    open_tile(tab)
    # At an early step, whose own values are smaller than those that follow.
    tab.go_to_step_index(1)
    canvas = painted(tab, TILE, step=1)
    table = np.array(colour_tables[canvas.get_attribute("data-colours") or ""], int)
    steps = tab.by_id("film-step")
    low, high = shown_range(steps.last.locator("canvas").first)
    largest = max(
        float(np.abs(values_of(log, run, step)).max()) for run in STEPS for step in STEPS[run]
    )
    assert (low, high) == pytest.approx((-largest, largest))
    assert high > shown_range(canvas)[1]
    said = tab.by_id("film-scale")
    expect(said).to_have_text(re.compile(r"^one scale over the 6 steps shown here and all runs: ±"))
    expect(steps).to_have_count(LAST + 1)
    expect(steps.nth(1)).to_have_attribute("aria-current", "step")
    for column in range(LAST + 1):
        cells = steps.nth(column).locator("canvas")
        expect(cells).to_have_count(2)
        for run, cell in zip(STEPS, cells.all(), strict=True):
            expect(cell).to_have_attribute("data-painted", "true")
            step = max(each for each in STEPS[run] if each <= column)
            assert cell.get_attribute("data-step") == str(step)
            shown = canvas_image(cell).reshape(-1, 4)[:, :3].astype(int)
            share = (values_of(log, run, step) - low) / (high - low)
            entries = np.clip(np.floor(256 * share), 0, 255).astype(int)
            near = [
                np.abs(shown - table[np.clip(entries + by, 0, 255)]).max(axis=-1)
                for by in (-1, 0, 1)
            ]
            assert (np.min(near, axis=0) == 0).all()
    steps.nth(2).click()
    painted(tab, TILE, step=2)
    expect(steps.nth(2)).to_have_attribute("aria-current", "step")


def test_changes_are_shown_of_the_tile_and_in_the_film_strip(
    tab: Tab, log: Path, colour_tables: dict[str, Any]
) -> None:
    canvas = open_tile(tab, show="change-since-start")
    expect(tab.by_id("tile-change")).to_have_text("change since epoch 0")
    change = change_between(*(read_tiles(log, "first", KERNEL, step) for step in (LAST, 0)))
    cell = tab.by_id("film-step").last.locator("canvas").first
    expect(cell).to_have_attribute("data-painted", "true")
    table = np.array(colour_tables[canvas.get_attribute("data-colours") or ""], int)
    resolved = ~change.unresolved[TILE]
    assert resolved.any()
    for image, (low, high) in (
        (painted_tiles(canvas)[0], shown_range(canvas)),
        (canvas_image(cell), shown_range(cell)),
    ):
        share = (change.values[TILE] - low) / (high - low)
        wanted = table[np.clip(np.floor(256 * share), 0, 255).astype(int)]
        shown = image.reshape(-1, 4)[:, :3].astype(int)
        assert (shown[resolved] == wanted[resolved]).all()
    # At the start nothing has changed.
    first = canvas_image(tab.by_id("film-step").first.locator("canvas").first)
    assert len(np.unique(first.reshape(-1, 4), axis=0)) == 1


def test_previous_and_next_follow_the_order_of_the_grids(tab: Tab) -> None:
    tab.by_id("sort").select_option("norm")
    grid = tab.grid("first", KERNEL)
    expect(grid).to_have_attribute("data-order", re.compile(re.escape("[")))
    sorted_tiles = json.loads(grid.get_attribute("data-order") or "")
    assert len(sorted_tiles) == UNITS
    open_tile(tab, sorted_tiles[0], sort="norm")
    place, keyboard = tab.by_id("tile-place"), tab.page.keyboard
    expect(place).to_have_text(f"1 of {UNITS}")
    expect(tab.by_id("tile-previous")).to_be_disabled()
    for index, tile in enumerate(sorted_tiles[1:], 2):
        if index % 2:
            keyboard.press("j")
        else:
            tab.by_id("tile-next").click()
        painted(tab, tile)
        expect(place).to_have_text(f"{index} of {UNITS}")
    expect(tab.by_id("tile-next")).to_be_disabled()
    keyboard.press("j")
    expect(place).to_have_text(f"{UNITS} of {UNITS}")
    keyboard.press("k")
    painted(tab, sorted_tiles[-2])


def test_what_else_is_logged_of_the_unit_stands_below(tab: Tab, log: Path) -> None:
    open_tile(tab)
    related = tab.by_id("related")
    expect(related).to_have_count(3)
    pictures = large_of(tab, "top samples")
    assert json.loads(pictures.get_attribute("data-order") or "") == [
        4 * TILE + k for k in range(4)
    ]
    record = read_tiles(log, "first", TOP_SAMPLES, LAST)
    captions = tab.frame.locator(
        "[data-relation='top samples'] [data-run='first'] [data-testid='sample-caption']"
    )
    numbers = [record.statistics[name].ravel() for name in ("sample_index", "activation")]
    wanted = [tuple(each[4 * TILE + k] for each in numbers) for k in range(4)]
    shown_numbers = [
        tuple(map(float, text.replace("−", "-").removeprefix("#").split()))
        for text in captions.all_inner_texts()
    ]
    assert [number for number, _ in shown_numbers] == [number for number, _ in wanted]
    # Three digits.
    assert [value for _, value in shown_numbers] == pytest.approx(
        [value for _, value in wanted], rel=5e-3
    )
    # Each below its sample.
    box = pictures.bounding_box()
    places = [caption.bounding_box() for caption in captions.all()]
    assert box is not None
    for at, place in enumerate(places):
        assert place is not None
        assert place["y"] >= box["y"] + box["height"] - 1
        middle = box["x"] + (at + 0.5) * box["width"] / 4
        assert place["x"] < middle < place["x"] + place["width"]
    assert json.loads(large_of(tab, "template").get_attribute("data-order") or "") == [TILE]
    weights = tab.frame.locator("[data-relation='class weights'] [data-run='first']")
    shown = weights.get_by_test_id("related-weight").evaluate_all(
        "all => all.map(({dataset}) => [dataset.name, Number(dataset.value)])"
    )
    wanted = tile_logs.class_weights(LAST, 0)[TILE].astype(float)
    assert shown == [[name, weight] for name, weight in zip(tile_logs.CLASSES, wanted, strict=True)]
    expect(tab.by_id("tile-not-logged")).to_have_count(0)
    # Not every unit has them.
    open_tile(tab, tile_logs.EXCITED + 1)
    expect(tab.by_id("related-lacks").first).to_have_text(
        f"Not among the {tile_logs.EXCITED} that are logged"
    )


def test_a_tile_that_is_faint_among_others_is_a_click_from_its_own_scale(tab: Tab) -> None:
    canvas = open_tile(tab, scale="shared")
    expect(canvas).to_have_attribute("data-range", re.compile(r"^\["))
    scale = tab.by_id("tile-scale")
    expect(scale).to_have_text("scale: all runs · own")
    scale.click()
    expect(scale).to_have_count(0)
    expect(tab.by_id("tile-header")).to_contain_text("per tile")
    expect(canvas).to_have_attribute("data-range", "per-tile")


def large_of(tab: Tab, relation: str) -> Locator:
    canvas = tab.frame.locator(
        f"[data-relation='{relation}'] canvas[data-testid='grid'][data-run='first']"
    )
    expect(canvas).to_have_attribute("data-painted", "true")
    return canvas


def test_links_lead_to_what_else_is_logged(tab: Tab) -> None:
    open_tile(tab)
    go = "[data-relation='{}'] [data-testid='go-related']"
    tab.frame.locator(go.format("template")).click()
    painted(tab, TILE, tag=TEMPLATES)
    current = tab.frame.locator("[data-testid='view'][aria-current='page']")
    expect(current).to_have_attribute("data-view", "templates")
    tab.frame.locator(go.format("top samples")).click()
    expect(tab.by_id("tile-header")).to_have_count(0)
    tab.wait_until_painted("first", TOP_SAMPLES, LAST)


def test_a_tile_of_activations_names_its_sample_and_shows_it(tab: Tab, log: Path) -> None:
    tile = 1 * 4 + 2
    canvas = open_tile(tab, tile, tag=ACTIVATIONS, view="activations", sample="1")
    assert json.loads(canvas.get_attribute("data-order") or "") == [tile]
    expect(tab.by_id("tile-name")).to_have_text("sample 1 (dog) · channel 2")
    assert json.loads(large_of(tab, "sample").get_attribute("data-order") or "") == [1]
    zeros = tab.frame.locator("[data-testid='tile-number'][data-name='zero_fraction']").first
    expect(zeros).to_have_attribute("data-value", re.compile("."))
    share = (read_tiles(log, "first", ACTIVATIONS, LAST).tiles()[tile] == 0).mean()
    assert float(zeros.get_attribute("data-value") or "nan") == share
    expect(tab.by_id("tile-not-logged")).to_contain_text("top samples, template, class weights")


def test_a_link_reopens_the_tile_in_another_window(
    tab: Tab, open_tab: OpenTab, serve: Serve, log: Path
) -> None:
    open_tile(tab, show="change-since-previous")
    tab.go_to_step_index(4)
    painted(tab, TILE, step=4)
    tab.page.wait_for_timeout(600)
    link = tab.page.evaluate("() => location.hash")
    assert "p.nnviz.open=1" in link
    other = Tab(open_tab(serve(log), state=link.removeprefix("#nnviz")))
    painted(other, TILE, step=4)
    expect(other.by_id("show")).to_have_value("change-since-previous")
    other.page.keyboard.press("Escape")
    other.page.keyboard.press("Escape")
    other.page.wait_for_timeout(600)
    assert "p.nnviz.open" not in other.page.evaluate("() => location.hash")


def test_a_link_to_what_no_shown_run_has_says_so_and_leads_back(tab: Tab) -> None:
    tab.open_state(tile="weights/gone/kernel:0", open="1")
    expect(tab.by_id("tile-absent")).to_be_visible()
    tab.by_id("tile-absent").get_by_role("button", name="back").click()
    tab.wait_until_painted("first", KERNEL, LAST)


def test_twenty_runs_of_a_hundred_steps_are_asked_for_within_bounds_and_once(
    open_tab: OpenTab, serve: Serve, make_log: MakeLog
) -> None:
    runs = ",".join(f"{run}/nnviz" for run in tile_logs.MANY_RUNS)
    page = open_tab(serve(make_log(tile_logs.write_many)), state=state_hash(runs=runs))
    tab = Tab(page)
    tab.wait_until_painted(tile_logs.MANY_RUNS[0], KERNEL, tile_logs.MANY_STEPS - 1)
    tab.wait_until_quiet()
    asked: list[tuple[str, str]] = []

    def note(request: Request) -> None:
        query = parse_qs(urlsplit(request.url).query)
        part = query.get("parts", [""])[0]
        asked.extend((part, item) for item in query.get("item", []))

    page.on("request", note)
    tab.hover_cell(tab.grid(tile_logs.MANY_RUNS[0], KERNEL), place=2, row=1, column=1)
    page.mouse.down()
    page.mouse.up()
    expect(tab.by_id("tile-curve-line")).to_have_count(2 * len(tile_logs.MANY_RUNS))
    expect(tab.by_id("tile-progress")).to_have_count(0, timeout=60_000)
    expect(tab.by_id("film-step")).to_have_count(12)
    # So many runs are drawn as lines, without the start.
    expect(tab.by_id("tile-bins")).to_have_count(len(tile_logs.MANY_RUNS))
    expect(tab.by_id("tile-bin")).to_contain_text("the start is left out")
    steps, _ = curve(tab, "l2_norm", tile_logs.MANY_RUNS[-1])
    assert 20 <= len(steps) <= 30
    assert (steps[0], steps[-1]) == (0, tile_logs.MANY_STEPS - 1)
    # Those of the curves, of the film strip, and of this step and the start with all their digits.
    assert 0 < len(asked) <= 20 * (30 + 12 + 2 + 2)
    assert len(set(asked)) == len(asked)


def test_a_map_of_attributions_is_a_tile_and_the_next_one_is_that_of_the_next_row(
    open_tab: OpenTab, serve: Serve, make_log: MakeLog
) -> None:
    maps, last = attribution_logs.MAPS, attribution_logs.STEPS[-1]
    log = make_log(attribution_logs.write_attributions)
    tab = Tab(open_tab(serve(log)))
    tab.open_state(view="attributions", sort="norm", tile=f"{maps}:0", open="1")
    norms = np.linalg.norm(read_tiles(log, "first", maps, last).tiles().astype(float), axis=-1)
    order = np.argsort(-norms, kind="stable").tolist()
    expect(tab.by_id("tile-place")).to_have_text(
        f"{order.index(0) + 1} of {attribution_logs.SAMPLES}"
    )
    tab.open_state(view="attributions", sort="norm", tile=f"{maps}:{order[1]}", open="1")
    canvas = painted(tab, order[1], step=last, tag=maps)
    label = attribution_logs.LABELS[order[1]]
    expect(tab.by_id("tile-name")).to_have_text(f"sample {order[1]} ({label})")
    assert json.loads(large_of(tab, "sample").get_attribute("data-order") or "") == [order[1]]
    tooltip = tab.hover_cell(canvas, place=0, row=3, column=4)
    expect(tooltip).to_have_attribute("data-exact", "true")
    value = read_tiles(log, "first", maps, last).tiles()[order[1]][3 * 14 + 4]
    assert float(tooltip.get_attribute("data-value") or "") == float(value)
    # In colour the tile is the sum over colours; the run was shown other samples.
    others = tab.by_id("tile-column").filter(has_text="other samples")
    expect(others).to_have_count(1)
    tab.page.keyboard.press("j")
    painted(tab, order[2], step=last, tag=maps)
    tab.page.keyboard.press("Escape")
    painted_at(tab, "map", "first", order[2], last)


def test_looking_for_a_unit_goes_back_to_the_panels(tab: Tab) -> None:
    open_tile(tab)
    tab.page.keyboard.press("u")
    tab.page.keyboard.type("6")
    tab.page.keyboard.press("Enter")
    expect(tab.by_id("tile-header")).to_have_count(0)
    tab.wait_until_painted("first", KERNEL, LAST)


def test_the_link_is_copied(open_tab: OpenTab, serve: Serve, log: Path) -> None:
    page = open_tab(serve(log), state=state_hash(tile=f"{KERNEL}:{TILE}", open="1"))
    page.context.grant_permissions(["clipboard-read", "clipboard-write"])
    tab = Tab(page)
    painted(tab, TILE)
    tab.by_id("copy-tile-link").click()
    expect(tab.by_id("copy-tile-link")).to_have_text("Link copied")
    assert page.evaluate("() => navigator.clipboard.readText()") == page.url
    assert "p.nnviz.open=1" in page.url


def test_what_shows_a_tile_is_asked_for_again_where_it_did_not_come(
    open_tab: OpenTab, serve: Serve, log: Path
) -> None:
    page = open_tab(serve(log), expected="ERR_FAILED")
    tab = Tab(page)
    tab.wait_until_painted("first", KERNEL, LAST)
    missing = re.compile(r"/chunks/tile_module\.js$")
    page.route(missing, lambda route: route.abort())
    tab.hover_cell(tab.grid("first", KERNEL), place=TILE, row=2, column=2)
    page.mouse.down()
    page.mouse.up()
    expect(tab.by_id("error")).to_contain_text("The tile could not be shown")
    page.unroute(missing)
    tab.by_id("error").get_by_role("button", name="Retry").click()
    painted(tab, TILE)


def test_differences_are_shown_of_the_tile_and_none_is_said(tab: Tab, log: Path) -> None:
    canvas = open_tile(tab, show="difference", pinned_run="first/nnviz")
    expect(tab.by_id("tile-change")).to_have_text("difference to first")
    columns = tab.by_id("tile-column")
    expect(columns.first).to_contain_text("pinned")
    other = large(tab, "second")
    expect(other).to_have_attribute("data-painted", "true")
    row, column = 9, 10
    cell = row * tile_logs.SIDE + column
    wanted = change_between(
        read_tiles(log, "second", KERNEL, LAST), read_tiles(log, "first", KERNEL, LAST)
    )
    low, high = shown_range(canvas)
    largest = float(np.abs(wanted.values).max())
    assert (low, high) == pytest.approx((-largest, largest))
    shown = painted_tiles(other)[0].reshape(-1, 4)[:, :3].astype(int)
    # The numbers are of the difference, and of the values under a name of their own.
    for of, values in (
        ("change", wanted.values[TILE]),
        ("values", values_of(log, "second", LAST)),
    ):
        norm = columns.nth(1).locator(f"[data-of='{of}'][data-name='l2_norm']")
        assert float(norm.get_attribute("data-value") or "nan") == pytest.approx(
            float(np.linalg.norm(values.astype(float))), rel=2e-3
        )
    expect(columns.nth(1)).to_contain_text("Of the difference")
    expect(columns.nth(1)).to_contain_text("Of the values")
    # Red where the second run has more, blue where it has less.
    assert wanted.values[TILE][cell] != 0
    more = shown[cell][0] > shown[cell][2]
    assert more == (wanted.values[TILE][cell] > 0)
    # The dead unit is dead in both runs.
    open_tile(tab, 5, show="difference", pinned_run="first/nnviz")
    expect(columns.nth(1).get_by_test_id("unchanged")).to_have_text("no difference")


def outlined_tiles(tab: Tab) -> dict[str, int]:
    """By run the tile that is kept outlined, as the pointer finds it there."""
    found = {}
    for run in tile_logs.CHANNELS:
        tab.page.mouse.move(0, 0)
        expect(tab.by_id("tooltip")).to_be_hidden()
        canvas = tab.wait_until_painted(run, tile_logs.CONV_KERNEL, 2)
        outline = canvas.locator("xpath=..").locator(".outline.pinned")
        outline.hover(force=True)
        tooltip = tab.by_id("tooltip")
        expect(tooltip).to_have_attribute("data-tile", re.compile("."))
        found[run] = int(tooltip.get_attribute("data-tile") or -1)
    return found


def test_runs_with_other_axes_show_the_same_filter_or_say_that_they_lack_it(
    open_tab: OpenTab, serve: Serve, make_log: MakeLog
) -> None:
    log = make_log(tile_logs.write_gray_and_colour)
    # Filter 1, input channel 0: tile 3 in colour, tile 1 in gray.
    link = state_hash(tile=f"{tile_logs.CONV_KERNEL}:3", open="1", tile_run="colour/nnviz")
    tab = Tab(open_tab(serve(log), state=link))
    gray = tab.by_id("tile-column").nth(1)
    canvas = large(tab, "colour", tile_logs.CONV_KERNEL)
    expect(canvas).to_have_attribute("data-order", "[3]")
    expect(tab.by_id("tile-name")).to_have_text("filter 1 · input channel 0")
    other = large(tab, "gray", tile_logs.CONV_KERNEL)
    expect(other).to_have_attribute("data-order", "[1]")
    norm = gray.locator("[data-testid='tile-number'][data-name='l2_norm']")
    expect(norm).to_have_attribute("data-value", re.compile("."))
    values = values_of(log, "gray", 2, 1, tile_logs.CONV_KERNEL).astype(float)
    shown = float(norm.get_attribute("data-value") or "nan")
    assert shown == pytest.approx(float(np.linalg.norm(values)), rel=2e-3)
    tooltip = tab.hover_cell(canvas, place=0, row=1, column=2)
    expect(tooltip).to_have_attribute("data-exact", "true")
    expect(tooltip).to_contain_text("gray")

    # Nor is another one outlined in the panels; nor where a link brings the outline along.
    tab.page.keyboard.press("Escape")
    assert outlined_tiles(tab) == {"colour": 3, "gray": 1}
    tab.open_state(tile=f"{tile_logs.CONV_KERNEL}:10", tile_run="colour/nnviz")
    expect(tab.frame.locator(".outline.pinned")).to_have_count(1)
    tab.open_state(tile=f"{tile_logs.CONV_KERNEL}:9", tile_run="colour/nnviz")
    expect(tab.frame.locator(".outline.pinned")).to_have_count(2)
    assert outlined_tiles(tab) == {"colour": 9, "gray": 3}
    tab.hover_cell(tab.grid("colour", tile_logs.CONV_KERNEL), place=3, row=1, column=1)
    tab.page.mouse.down()
    tab.page.mouse.up()

    # The gray run has no second input channel, and shows no other tile instead.
    tab.by_id("tile-next").click()
    expect(canvas).to_have_attribute("data-order", "[4]")
    expect(gray.get_by_test_id("tile-lacking")).to_have_text(
        "This run lacks the tile: it has 1 input channel"
    )
    expect(gray.locator("canvas")).to_have_count(0)
    expect(gray.get_by_test_id("tile-number")).to_have_count(0)
    expect(tab.by_id("film-step").last.locator("canvas")).to_have_count(1)
    expect(tab.by_id("tile-progress")).to_have_count(0)


def test_a_link_that_is_copied_by_hand_is_that_of_the_tile_that_is_shown(
    open_tab: OpenTab, serve: Serve, log: Path
) -> None:
    page = open_tab(serve(log), state=state_hash(tile=f"{KERNEL}:0", open="1"))
    tab = Tab(page)
    painted(tab, 0)
    tab.frame.locator("html").evaluate(
        "() => { navigator.clipboard.writeText = () => Promise.reject(new Error('no')); }"
    )
    field, copy = tab.frame.get_by_label("Link to this tile"), tab.by_id("copy-tile-link")
    # At once after moving, before the address is written by itself.
    for _ in range(2):
        page.keyboard.press("j")
    copy.click()
    expect(field).to_have_value(re.compile(r"nnviz\.tile=[^&]*kernel(:|%3A)2(&|$)"))
    # Whatever leads elsewhere, the field does not stay behind.
    page.keyboard.press("k")
    painted(tab, 1)
    expect(field).to_have_count(0)
    copy.click()
    expect(field).to_have_value(re.compile(r"nnviz\.tile=[^&]*kernel(:|%3A)1(&|$)"))
    tab.go_to_step_index(2)
    painted(tab, 1, step=2)
    expect(field).to_have_count(0)
