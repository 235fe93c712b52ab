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
    expect(drawn).to_have_count(count)
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
    # Of differences there are about as many pixels above zero as below.
    factor = np.abs(drawn).max() / np.abs(wanted).max()
    assert np.abs(drawn).max() > 40
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
    tab.by_id("pin-point").click()
    expect(tab.by_id("unpin-point")).to_have_text(re.compile("^\\s*epoch 7"))
    tab.go_to_step_index(20)
    panel = wait_until_drawn(tab, KERNEL, 20)
    curves = drawn_curves(panel)
    assert [curve.step for curve in curves] == [7, 20] * 2
    assert_counts_as_read(curves, workbench)
    expect(panel.locator(".caption").first).to_contain_text("epoch 7")
    tab.by_id("unpin-point").click()
    plot = panel.locator("[data-testid='histogram-plot']").first
    expect(plot).to_have_attribute("data-reference-step", "0")
    assert [curve.step for curve in drawn_curves(panel)] == [0, 20] * 2


def test_a_pinned_run_is_what_others_are_laid_over(tab: Tab, workbench: Path) -> None:
    entry = tab.run_entry("second")
    entry.hover()
    entry.locator("[data-testid='pin-run']").click()
    panel = wait_until_drawn(tab, KERNEL, LAST)
    plot = panel.locator("[data-testid='histogram-plot']").first
    expect(plot).to_have_attribute("data-reference-step", str(LAST))
    curves = drawn_curves(panel)
    assert [(curve.run, curve.role) for curve in curves] == [
        ("second", "reference"),
        ("first", "current"),
        ("second", "current"),
    ]
    assert_counts_as_read(curves, workbench)
    expect(panel.locator(".caption").first).to_contain_text(f"second, epoch {LAST}")


#: Show, what is pinned, and what the curves of each run are then compared with at step 20.
DIFFERENCES = {
    "since start": ({"show": "change-since-start"}, (("first", 0), ("second", 0))),
    "since previous": ({"show": "change-since-previous"}, (("first", 19), ("second", 19))),
    "to a run": (
        {"show": "difference", "pinned_run": "first/nnviz"},
        (("first", 20), ("first", 20)),
    ),
    "to a point": (
        {"show": "difference", "pinned_point": "1;5"},
        (("first", 5), ("second", 5)),
    ),
    "to a run at a point": (
        {"show": "difference", "pinned_run": "first/nnviz", "pinned_point": "1;5"},
        (("first", 5), ("first", 5)),
    ),
}


@pytest.mark.parametrize("height", ["count", "log-count", "density"])
@pytest.mark.parametrize("name", DIFFERENCES)
def test_differences_are_those_of_what_was_read(
    name: str, height: str, shared_tab: Tab, workbench: Path
) -> None:
    keys, references = DIFFERENCES[name]
    shared_tab.open_state(view="histograms", at="1;20", height=height, **keys)
    panel = wait_until_drawn(shared_tab, KERNEL, 20)
    expect(panel.locator("[data-reference-counts]")).to_have_count(2)
    curves = drawn_curves(panel)
    assert [(curve.run, curve.step) for curve in curves] == [(run, 20) for run in RUNS]
    assert tuple(curve.reference for curve in curves) == references
    wanted = []
    for curve in curves:
        assert curve.reference is not None
        counts = curve_counts(workbench, curve.run, 20, curve)
        others = curve_counts(workbench, *curve.reference, curve)
        assert np.array_equal(curve.counts, counts)
        assert np.array_equal(curve.reference_counts, others)
        change = counts - others
        wanted.append(
            {
                "count": change,
                "log-count": np.sign(change) * np.log10(1 + np.abs(change)),
                "density": counts / counts.sum() - others / others.sum(),
            }[height]
        )
    assert_heights(curves, wanted)


def curve_counts(logdir: Path, run: str, step: int, curve: DrawnCurve) -> np.ndarray:
    read = read_histogram(logdir, run, curve.tag, step)
    return np.array(rebinned(read, curve.exponent, curve.first, len(curve.counts)), float)


def test_statistics_are_differences_where_curves_are(shared_tab: Tab, workbench: Path) -> None:
    keys, references = DIFFERENCES["to a run at a point"]
    shared_tab.open_state(view="histograms", at="1;20", **keys)
    panel = wait_until_drawn(shared_tab, KERNEL, 20)
    for run, (other, step) in zip(RUNS, references, strict=True):
        now = read_histogram(workbench, run, KERNEL, 20)
        then = read_histogram(workbench, other, KERNEL, step)
        for name in ("mean", "std", "min", "max", "l2_norm", "zero_fraction"):
            cell = panel.locator(f"[data-testid='statistic'][data-run='{run}'][data-name='{name}']")
            difference = float(getattr(now, name)) - float(getattr(then, name))
            expect(cell).to_have_attribute("data-value", re.compile("."))
            assert float(cell.get_attribute("data-value") or "nan") == difference
            expect(cell.locator(".cell span").first).to_have_text(
                re.compile("^[+−]" if difference else "^0$")
            )


def test_what_is_compared_with_itself_is_no_difference_and_sizes_are_told(
    shared_tab: Tab,
) -> None:
    keys, _ = DIFFERENCES["to a run"]
    shared_tab.open_state(view="histograms", at="1;20", **keys)
    panel = wait_until_drawn(shared_tab, KERNEL, 20)
    first, second = panel.locator(".plot").all()
    expect(first.locator("[data-testid='histogram-empty']")).to_have_text("No difference")
    expect(first.locator("[data-testid='own-reference']")).to_have_text("pinned")
    expect(second.locator("[data-testid='sizes']")).to_have_text("8,000 values here, 2,000 there")
    expect(second.locator("[data-testid='histogram-empty']")).to_have_count(0)
    expect(panel.locator("[data-testid='change']")).to_have_text("difference to first")
    panel.get_by_role("button", name="compare by density").click()
    expect(shared_tab.by_id("histogram-height").locator("[aria-pressed='true']")).to_have_text(
        "density"
    )


def test_that_there_is_no_difference_is_said_once_in_each_plot_and_without_an_empty_table(
    shared_tab: Tab,
) -> None:
    shared_tab.open_state(view="histograms", at="1;20", show="difference", pinned_run="gone/nnviz")
    panel = shared_tab.panel(KERNEL)
    message = "No difference: the pinned run gone is not in this log."
    expect(panel.locator("[data-testid='histogram-empty']")).to_have_text([message, message])
    expect(panel.get_by_text(message)).to_have_count(2)
    expect(panel.locator("nnviz-histogram-statistics")).to_have_count(0)
    shared_tab.open_state(view="histograms", at="1;20", plot="runs", **DIFFERENCES["to a run"][0])
    expect(panel.locator("nnviz-histogram-statistics")).to_have_count(1)


def test_the_ridge_of_differences_has_each_step_against_its_own_reference(
    shared_tab: Tab, workbench: Path
) -> None:
    shared_tab.open_state(view="histograms", at="1;20", plot="ridge", show="change-since-previous")
    panel = wait_until_drawn(shared_tab, KERNEL, 20)
    expect(panel.locator("[data-reference-counts]")).to_have_count(60)
    for curve in drawn_curves(panel):
        assert curve.reference == (curve.run, max(0, curve.step - 1))
        counts = curve_counts(workbench, curve.run, curve.step, curve)
        others = curve_counts(workbench, *curve.reference, curve)
        assert np.array_equal(np.array(curve.reference_counts, float), others)
        change = counts - others
        if np.abs(change).max() == 0:
            assert curve.heights.max() == 0
        else:
            factor = np.abs(curve.heights).max() / np.abs(change).max()
            assert np.abs(curve.heights - factor * change).max() <= 2 * ROUNDING


def test_a_bin_of_a_difference_is_named_with_both_counts(shared_tab: Tab) -> None:
    keys, _ = DIFFERENCES["since start"]
    shared_tab.open_state(view="histograms", at="1;20", **keys)
    panel = wait_until_drawn(shared_tab, KERNEL, 20)
    expect(panel.locator("[data-reference-counts]")).to_have_count(2)
    [curve, *_] = drawn_curves(panel)
    change = np.array(curve.counts) - np.array(curve.reference_counts)
    bin_ = int(np.argmin(change))
    probe = panel.locator("[data-testid='bin-probe']").first
    box = probe.bounding_box()
    assert box is not None
    x = (bin_ + 0.5) * box["width"] / len(change)
    probe.hover(position={"x": x, "y": box["height"] / 2})
    tooltip = panel.locator("[data-testid='histogram-tooltip']")
    expect(tooltip).to_contain_text(f"−{-change[bin_]:,}")
    expect(tooltip).to_contain_text(f"{curve.counts[bin_]:,} − {curve.reference_counts[bin_]:,}")


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
