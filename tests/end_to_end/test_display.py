"""What *Show*, *Scale* and *Colours* paint, against the values that `LogReader` reads."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np
import pytest
from playwright.sync_api import Locator, expect

from tests.end_to_end.conftest import OpenTab, Serve
from tests.end_to_end.expected import change_between, read_tiles, symmetric
from tests.end_to_end.tab import (
    Tab,
    assert_painted_as_read,
    canvas_numbers,
    painted_cells,
    shown_range,
    table_differences,
)
from tests.end_to_end.workbench import WORKBENCH_STEPS

pytestmark = pytest.mark.browser

KERNEL = "weights/hidden/kernel"
TABLE = "weights/counts/table"
RUNS = tuple(WORKBENCH_STEPS)
LAST = 5


@pytest.fixture(scope="module")
def shared_tab(open_shared_tab: OpenTab, serve: Serve, workbench: Path) -> Tab:
    return Tab(open_shared_tab(serve(workbench)))


@pytest.fixture
def tab(shared_tab: Tab) -> Tab:
    shared_tab.open_state()
    for run in RUNS:
        shared_tab.wait_until_painted(run, KERNEL, LAST)
    return shared_tab


def show(tab: Tab, what: str) -> None:
    tab.by_id("show").select_option(what)
    for run in RUNS:
        expect(tab.grid(run, KERNEL)).to_have_attribute("data-show", what)


def assert_change_is_painted(
    canvas: Locator, change: Any, bundle_colours: dict[str, Any], theme: str = "light"
) -> None:
    """Every cell has the colour of its change, or that of changes that precision hides."""
    painted = painted_cells(canvas, len(change.values))
    hidden = (painted[..., :3] == bundle_colours["unresolved"][theme]).all(axis=-1)
    assert np.array_equal(hidden, change.unresolved)
    tables = bundle_colours["tables"]
    differences = table_differences(canvas, change.values, tables, shown_range(canvas))
    assert (differences.min(axis=0)[~hidden] == 0).all()
    # Changes are painted from whole values: an entry is off only where the place in the range is
    # rounded over an edge between entries.
    assert (differences[1][~hidden] == 0).mean() > 0.99


@pytest.mark.parametrize(
    ("what", "reference"),
    [
        ("change-since-start", {"first": 0, "second": 0}),
        ("change-since-previous", {"first": 4, "second": 4}),
    ],
)
def test_a_change_is_painted_as_the_difference_of_the_records_that_were_read(
    what: str, reference: dict[str, int], tab: Tab, workbench: Path, bundle_colours: dict[str, Any]
) -> None:
    show(tab, what)
    changes = {
        run: change_between(
            read_tiles(workbench, run, KERNEL, LAST),
            read_tiles(workbench, run, KERNEL, reference[run]),
        )
        for run in RUNS
    }
    low, high = symmetric(change.values for change in changes.values())
    for run, change in changes.items():
        canvas = tab.wait_until_painted(run, KERNEL, LAST)
        assert shown_range(canvas) == pytest.approx((low, high), rel=1e-9)
        # The halves that never moved are not told from zero; the others are.
        assert 0.4 < change.unresolved.mean() < 0.7
        assert_change_is_painted(canvas, change, bundle_colours)
        assert canvas_numbers(canvas)["unresolved"] == change.unresolved.sum()
    legend = tab.panel(KERNEL).locator("[data-testid='unresolved']")
    total = sum(int(change.unresolved.sum()) for change in changes.values())
    expect(legend).to_have_attribute("data-count", str(total))
    expect(legend).to_have_text("change below precision")
    tab.by_id("show").select_option("difference")
    expect(legend).to_have_text("difference below precision")


def test_where_a_run_lacks_the_step_its_change_is_that_of_the_nearest_earlier_record(
    tab: Tab, workbench: Path, bundle_colours: dict[str, Any]
) -> None:
    tab.go_to_step_index(3)
    show(tab, "change-since-previous")
    # Run "second" has no record of step 3, and shows step 2 against step 1.
    for run, (shown, reference) in {"first": (3, 2), "second": (2, 1)}.items():
        canvas = tab.wait_until_painted(run, KERNEL, shown)
        change = change_between(
            read_tiles(workbench, run, KERNEL, shown),
            read_tiles(workbench, run, KERNEL, reference),
        )
        assert_change_is_painted(canvas, change, bundle_colours)
    expect(tab.panel(KERNEL)).to_contain_text("epoch 2 · nearest earlier")


def test_the_first_step_has_not_changed_and_says_so(
    tab: Tab, bundle_colours: dict[str, Any]
) -> None:
    tab.go_to_step_index(0)
    show(tab, "change-since-start")
    canvas = tab.wait_until_painted("first", KERNEL, 0)
    painted = painted_cells(canvas, 40)
    assert len(np.unique(painted.reshape(-1, 4), axis=0)) == 1
    expect(tab.panel(KERNEL)).to_contain_text("first step")


def test_values_in_float32_have_no_change_below_precision(tab: Tab, workbench: Path) -> None:
    tag = "weights/conv/kernel"
    show(tab, "change-since-start")
    canvas = tab.wait_until_painted("first", tag, LAST)
    assert canvas_numbers(canvas)["unresolved"] == 0
    expect(tab.panel(tag).locator("[data-testid='unresolved']")).to_have_count(0)
    change = change_between(
        read_tiles(workbench, "first", tag, LAST), read_tiles(workbench, "first", tag, 0)
    )
    assert not change.unresolved.any()


@pytest.mark.parametrize("scale", ["per-tile", "per-run", "shared", "fixed"])
def test_a_scale_spans_the_values_of_its_tiles_runs_or_steps(
    scale: str, tab: Tab, workbench: Path, colour_tables: dict[str, Any]
) -> None:
    tab.press("scale", scale)
    records = {run: read_tiles(workbench, run, KERNEL, LAST) for run in RUNS}
    all_steps = [
        read_tiles(workbench, run, KERNEL, step).values
        for run, steps in WORKBENCH_STEPS.items()
        for step in steps
    ]
    if scale == "fixed":
        progress = tab.panel(KERNEL).locator("[data-testid='scale-progress']")
        expect(progress).to_contain_text("over all 6 steps")
    for run, record in records.items():
        canvas = tab.wait_until_painted(run, KERNEL, LAST)
        if scale == "per-tile":
            expect(canvas).to_have_attribute("data-range", "per-tile")
            largest = np.maximum(-record.statistics["min"], record.statistics["max"])
            assert largest[11] == 0
            # A dead tile of zeros spans nothing: all its cells are the middle of the table.
            largest = np.where(largest > 0, largest, 1.0)
            ranges: Any = (-largest, largest)
        else:
            arrays = {
                "per-run": [record.values],
                "shared": [each.values for each in records.values()],
                "fixed": all_steps,
            }[scale]
            ranges = symmetric(arrays)
            assert shown_range(canvas) == pytest.approx(ranges, rel=1e-9)
        assert_painted_as_read(canvas, record, colour_tables, ranges)


def test_a_fixed_scale_stays_while_the_slider_moves(
    tab: Tab, workbench: Path, colour_tables: dict[str, Any]
) -> None:
    tab.press("scale", "fixed")
    expect(tab.panel(KERNEL).locator("[data-testid='scale-progress']")).to_contain_text("over all")
    ranges = set()
    for step in (5, 0, 2):
        tab.go_to_step_index(step)
        canvas = tab.wait_until_painted("first", KERNEL, step)
        ranges.add(shown_range(canvas))
        record = read_tiles(workbench, "first", KERNEL, step)
        assert_painted_as_read(canvas, record, colour_tables, shown_range(canvas))
    assert len(ranges) == 1


@pytest.mark.parametrize(
    ("colours", "table", "is_symmetric"),
    [
        ("auto", "viridis", False),
        ("gray", "gray", False),
        ("viridis", "viridis", False),
        ("red_blue", "red_blue_light", True),
    ],
)
def test_colours_of_values_that_are_never_negative(
    colours: str,
    table: str,
    is_symmetric: bool,
    tab: Tab,
    workbench: Path,
    colour_tables: dict[str, Any],
) -> None:
    tab.by_id("colours").select_option(colours)
    tab.panel(TABLE).scroll_into_view_if_needed()
    arrays = [read_tiles(workbench, run, TABLE, LAST).values for run in RUNS]
    low, high = min(array.min() for array in arrays), max(array.max() for array in arrays)
    for run in RUNS:
        canvas = tab.wait_until_painted(run, TABLE, LAST)
        expect(canvas).to_have_attribute("data-colours", table)
        wanted = (-high, high) if is_symmetric else (low, high)
        assert shown_range(canvas) == pytest.approx(wanted, rel=1e-9)
        record = read_tiles(workbench, run, TABLE, LAST)
        differences = table_differences(canvas, record.tiles(), colour_tables, wanted)
        # Eight bits are painted from whole values, as changes are.
        assert (differences.min(axis=0) == 0).all()
        assert (differences[1] == 0).mean() > 0.99


def test_changes_are_red_and_blue_whatever_is_chosen_for_values(
    open_tab: OpenTab, serve: Serve, workbench: Path, bundle_colours: dict[str, Any]
) -> None:
    state = "&p.nnviz.show=change-since-start&p.nnviz.colours=viridis"
    tab = Tab(open_tab(serve(workbench), query="?darkMode=true", state=state))
    canvas = tab.wait_until_painted("first", KERNEL, LAST)
    expect(canvas).to_have_attribute("data-colours", "red_blue_dark")
    change = change_between(
        read_tiles(workbench, "first", KERNEL, LAST), read_tiles(workbench, "first", KERNEL, 0)
    )
    assert_change_is_painted(canvas, change, bundle_colours, "dark")


def test_the_tooltip_over_a_change_names_value_and_change_to_the_bit(
    tab: Tab, workbench: Path
) -> None:
    show(tab, "change-since-start")
    canvas = tab.wait_until_painted("first", KERNEL, LAST)
    canvas.scroll_into_view_if_needed()
    number = canvas_numbers(canvas)
    canvas.hover(position={"x": 2.5 * number["zoom"], "y": 3.5 * number["zoom"]})
    tooltip = tab.by_id("tooltip")
    expect(tooltip).to_have_attribute("data-exact", "true")
    assert [tooltip.get_attribute(f"data-{name}") for name in ("tile", "row", "column")] == [
        "0",
        "3",
        "2",
    ]
    now, start = (read_tiles(workbench, "first", KERNEL, step) for step in (LAST, 0))
    value = float(now.values[0, 3, 2])
    assert float(tooltip.get_attribute("data-value") or "nan") == value
    change = np.float32(np.float64(value) - start.values[0, 3, 2])
    # The tooltip subtracts in float64, the grid rounds to float32 once more.
    shown = float(tooltip.get_attribute("data-since-start") or "nan")
    assert np.float32(shown) == change


def test_scalars_are_numbers(tab: Tab, workbench: Path) -> None:
    tag = "weights/temperature/value"
    tab.panel(tag).scroll_into_view_if_needed()
    for run in RUNS:
        number = tab.frame.locator(f"[data-testid='scalar'][data-run='{run}'][data-tag='{tag}']")
        expect(number).to_have_attribute("data-step", str(LAST))
        value = read_tiles(workbench, run, tag, LAST).values.item()
        assert float(number.get_attribute("data-value") or "nan") == value
