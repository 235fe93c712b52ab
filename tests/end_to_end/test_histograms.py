"""The histogram view, against the histograms that `LogReader` reads."""

from __future__ import annotations

import math
import re
from pathlib import Path

import numpy as np
import pytest
from playwright.sync_api import Locator, expect

from tests.end_to_end.conftest import OpenTab, Serve
from tests.end_to_end.curves import DrawnCurve, drawn_curves
from tests.end_to_end.expected import read_histogram, rebinned
from tests.end_to_end.tab import Tab
from tests.end_to_end.workbench import HISTOGRAM_STEPS

pytestmark = pytest.mark.browser

KERNEL = "histograms/hidden/kernel"
SPOILED = "histograms/hidden/spoiled"
RUNS = ("first", "second")
LAST = 29
# Of what a path is drawn to, in CSS pixels; see `round` of `render/curve_paths.ts`.
ROUNDING = 0.1


@pytest.fixture(scope="module")
def shared_tab(open_shared_tab: OpenTab, serve: Serve, workbench: Path) -> Tab:
    return Tab(open_shared_tab(serve(workbench)))


@pytest.fixture
def tab(shared_tab: Tab) -> Tab:
    shared_tab.open_state(view="histograms")
    wait_until_drawn(shared_tab, KERNEL, LAST)
    return shared_tab


def wait_until_drawn(tab: Tab, tag: str, step: int, count: int = 2) -> Locator:
    """The panel, once all its plots show a step."""
    panel = tab.panel(tag)
    panel.scroll_into_view_if_needed()
    drawn = panel.locator(
        f"[data-testid='histogram-plot'][data-painted='true'][data-step='{step}']"
    )
    expect(drawn).to_have_count(count, timeout=20_000)
    return panel


def assert_counts_as_read(curves: list[DrawnCurve], logdir: Path) -> None:
    """Every curve has the counts that were read, brought onto its bins without a loss."""
    assert curves
    assert len({(curve.exponent, curve.first, len(curve.counts)) for curve in curves}) == 1
    for curve in curves:
        read = read_histogram(logdir, curve.run, curve.tag, curve.step)
        wanted = rebinned(read, curve.exponent, curve.first, len(curve.counts))
        assert curve.counts == wanted
        assert sum(wanted) == read.counts.sum()


def assert_heights(curves: list[DrawnCurve], heights: list[np.ndarray]) -> None:
    """What is drawn is proportional to the wanted heights, by one factor for all curves."""
    drawn = np.concatenate([curve.heights for curve in curves])
    wanted = np.concatenate(heights)
    factor = drawn.max() / wanted.max()
    assert drawn.max() > 40
    assert np.abs(drawn - factor * wanted).max() <= 2 * ROUNDING


def test_the_shown_step_lies_over_the_start_in_a_plot_for_each_run(
    tab: Tab, workbench: Path
) -> None:
    curves = drawn_curves(tab.panel(KERNEL))
    assert [(curve.run, curve.role, curve.step) for curve in curves] == [
        (run, role, step) for run in RUNS for role, step in (("reference", 0), ("current", LAST))
    ]
    assert_counts_as_read(curves, workbench)
    assert_heights(curves, [np.array(curve.counts, float) for curve in curves])


@pytest.mark.parametrize("step", [1, 13])
def test_the_slider_moves_the_current_curve_alone(step: int, tab: Tab, workbench: Path) -> None:
    tab.go_to_step_index(step)
    panel = wait_until_drawn(tab, KERNEL, step)
    curves = drawn_curves(panel)
    assert [curve.step for curve in curves] == [0, step] * 2
    assert_counts_as_read(curves, workbench)


def test_the_first_step_lies_over_nothing(tab: Tab) -> None:
    tab.go_to_step_index(0)
    panel = wait_until_drawn(tab, KERNEL, 0)
    assert [curve.role for curve in drawn_curves(panel)] == ["current", "current"]


def test_a_pinned_step_is_what_others_are_laid_over(tab: Tab, workbench: Path) -> None:
    tab.go_to_step_index(7)
    wait_until_drawn(tab, KERNEL, 7)
    tab.by_id("pin-step").click()
    reference = tab.by_id("histogram-reference").first
    expect(reference).to_have_value("pinned")
    tab.go_to_step_index(20)
    panel = wait_until_drawn(tab, KERNEL, 20)
    curves = drawn_curves(panel)
    assert [curve.step for curve in curves] == [7, 20] * 2
    assert_counts_as_read(curves, workbench)
    expect(panel.locator(".caption").first).to_contain_text("epoch 7")
    reference.select_option("start")
    plot = panel.locator("[data-testid='histogram-plot']").first
    expect(plot).to_have_attribute("data-reference-step", "0")
    assert [curve.step for curve in drawn_curves(panel)] == [0, 20] * 2


@pytest.mark.parametrize("height", ["count", "log-count", "density"])
def test_heights_are_counts_their_logarithm_or_shares(
    height: str, tab: Tab, workbench: Path
) -> None:
    tab.press("histogram-height", height)
    panel = wait_until_drawn(tab, KERNEL, LAST)
    curves = drawn_curves(panel)
    assert_counts_as_read(curves, workbench)
    counts = [np.array(curve.counts, float) for curve in curves]
    wanted = {
        "count": counts,
        "log-count": [np.log10(1 + each) for each in counts],
        # All bins are equally wide, so that a share of the values is a density but for a factor.
        "density": [each / each.sum() for each in counts],
    }[height]
    assert_heights(curves, wanted)


def test_runs_are_overlaid_in_their_colours(tab: Tab, workbench: Path) -> None:
    tab.press("histogram-plot", "runs")
    panel = wait_until_drawn(tab, KERNEL, LAST, count=1)
    curves = drawn_curves(panel)
    assert [(curve.run, curve.role, curve.step) for curve in curves] == [
        (run, "current", LAST) for run in RUNS
    ]
    assert_counts_as_read(curves, workbench)
    strokes = panel.locator("[data-testid='histogram-curve']").evaluate_all(
        "curves => curves.map(curve => curve.style.getPropertyValue('--run'))"
    )
    assert strokes == ["#0077bb", "#ff7043"]
    # One run has four times as many values, which the panel offers to compare by density.
    panel.get_by_role("button", name="compare by density").click()
    expect(tab.by_id("histogram-height").locator("[aria-pressed='true']")).to_have_text("density")


def test_the_ridge_draws_every_step_and_marks_the_shown_one(tab: Tab, workbench: Path) -> None:
    tab.go_to_step_index(12)
    tab.press("histogram-plot", "ridge")
    panel = wait_until_drawn(tab, KERNEL, 12)
    expect(panel.locator("[data-testid='histogram-curve']")).to_have_count(60)
    curves = drawn_curves(panel)
    for run in RUNS:
        of_run = [curve for curve in curves if curve.run == run]
        assert [curve.step for curve in of_run] == list(HISTOGRAM_STEPS)
        assert [curve.step for curve in of_run if curve.role == "current"] == [12]
    assert_counts_as_read(curves, workbench)
    # Over 30 steps a ridge is low, so that only its shape is looked at.
    tallest = max(curves, key=lambda curve: curve.heights.max())
    assert int(np.argmax(tallest.heights)) == int(np.argmax(tallest.counts))


def test_a_step_is_picked_in_the_ridge(tab: Tab) -> None:
    tab.press("histogram-plot", "ridge")
    panel = wait_until_drawn(tab, KERNEL, LAST)
    probe = panel.locator("[data-testid='bin-probe']").first
    probe.focus()
    for key in ("ArrowUp", "ArrowUp", "Enter"):
        probe.press(key)
    wait_until_drawn(tab, KERNEL, LAST - 2)
    expect(tab.by_id("step-number")).to_have_value(str(LAST - 2))


def test_nine_layers_are_drawn_in_groups_of_three(tab: Tab, workbench: Path) -> None:
    tab.by_id("layer-filter").fill("conv2d")
    tab.press("layers-per-plot", "3")
    panels = tab.by_id("panel")
    roles = ("kernel", "bias")
    tags = [f"histograms/conv2d_{layer}/{role}" for layer in (0, 3, 6) for role in roles]
    expect(panels).to_have_count(6)
    assert panels.evaluate_all("all => all.map(panel => panel.dataset.tag)") == tags
    for layer in (0, 3, 6):
        tag = f"histograms/conv2d_{layer}/kernel"
        panel = wait_until_drawn(tab, tag, LAST)
        curves = drawn_curves(panel)
        members = [f"histograms/conv2d_{layer + offset}/kernel" for offset in range(3)]
        for run in RUNS:
            for role, step in (("reference", 0), ("current", LAST)):
                found = [c for c in curves if c.run == run and c.role == role]
                assert [curve.tag for curve in found] == members
                assert {curve.step for curve in found} == {step}
        assert_counts_as_read(curves, workbench)
        legend = panel.locator("[data-testid='histogram-layers'] .layer")
        expect(legend).to_have_count(3)


@pytest.mark.parametrize("name", ["kernel", "constant", "zeros", "spoiled", "all_nan"])
def test_statistics_are_those_that_were_read(name: str, tab: Tab, workbench: Path) -> None:
    tag = f"histograms/hidden/{name}"
    tab.go_to_step_index(14)
    panel = tab.panel(tag)
    panel.scroll_into_view_if_needed()
    for run in RUNS:
        read = read_histogram(workbench, run, tag, 14)
        cells = panel.locator(f"[data-testid='statistic'][data-run='{run}']")
        mean = panel.locator(f"[data-testid='statistic'][data-run='{run}'][data-name='mean']")
        expect(mean).to_have_attribute("data-value", number_text(read.mean))
        shown = {
            each["name"]: float(each["value"])
            for each in cells.evaluate_all("cells => cells.map(cell => ({...cell.dataset}))")
        }
        always = {"mean", "std", "min", "max", "l2_norm", "zero_fraction", "update_ratio"}
        assert always <= shown.keys()
        for each, value in shown.items():
            wanted = float(getattr(read, each))
            assert value == wanted or (math.isnan(value) and math.isnan(wanted))
        if name == "spoiled":
            assert (shown["nan_count"], shown["posinf_count"]) == (15, 1)
            assert shown["neginf_count"] == 3
    expect(panel.locator("svg.spark path").first).to_have_attribute("d", _LINE)


# From a first point on; where all values are NaN there is none.
_LINE = re.compile(r"^(M[\d.]+ [\d.]+(L[\d.]+ [\d.]+)*)?$")


def number_text(value: float) -> str:
    """As the browser writes a number."""
    if math.isnan(value):
        return "NaN"
    return str(int(value)) if value == int(value) else repr(value)


def test_constants_zeros_and_nan_have_pictures_of_their_own(tab: Tab, workbench: Path) -> None:
    for name in ("constant", "zeros"):
        panel = wait_until_drawn(tab, f"histograms/hidden/{name}", LAST)
        curves = drawn_curves(panel)
        assert_counts_as_read(curves, workbench)
        for curve in curves:
            assert sorted(curve.counts)[-2:] == [0, {"constant": 64, "zeros": 32}[name]]
            assert curve.heights.max() > 40
    panel = tab.panel("histograms/hidden/all_nan")
    panel.scroll_into_view_if_needed()
    empty = panel.locator("[data-testid='histogram-empty']")
    expect(empty).to_have_count(2)
    expect(empty.first).to_contain_text("No finite value: 16 NaN")
    spoiled = wait_until_drawn(tab, SPOILED, LAST)
    expect(spoiled).to_contain_text("60 NaN")
    expect(spoiled).to_contain_text("8 infinite")


def test_the_bin_under_the_pointer_is_named_with_its_counts(tab: Tab, workbench: Path) -> None:
    panel = wait_until_drawn(tab, KERNEL, LAST)
    [reference, current, *_] = drawn_curves(panel)
    fullest = int(np.argmax(current.counts))
    probe = panel.locator("[data-testid='bin-probe']").first
    box = probe.bounding_box()
    assert box is not None
    x = (fullest + 0.5) * box["width"] / len(current.counts)
    probe.hover(position={"x": x, "y": box["height"] / 2})
    tooltip = panel.locator("[data-testid='histogram-tooltip']")
    expect(tooltip).to_contain_text(f"{current.counts[fullest]:,}")
    expect(tooltip).to_contain_text(f"{reference.counts[fullest]:,}")
    share = 100 * current.counts[fullest] / 2000
    expect(tooltip).to_contain_text(f"{share:.1f} %")
