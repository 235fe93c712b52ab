"""The view Attributions: maps, overlays, interior gradients, curves and proofs as `LogReader` reads
them; α by slider and keys; runs below one another; steps and changes."""

from __future__ import annotations

import json
import re
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from playwright.sync_api import Locator, expect

from tb_nnviz import TileArray
from tests.end_to_end.attribution_logs import (
    ALPHAS,
    CLASSES,
    FLAGS,
    INTERIOR,
    LABELS,
    MAPS,
    NOTES,
    PATH,
    SAMPLES,
    SCORES,
    SPOILED,
    write_attributions,
)
from tests.end_to_end.attribution_tab import (
    assert_map,
    assert_overlay,
    canvas_of,
    common_range,
    overlaid,
    painted_at,
    percent,
    proof_of,
    signed,
    summed,
)
from tests.end_to_end.conftest import MakeLog, OpenTab, Serve
from tests.end_to_end.expected import change_between, read_tiles
from tests.end_to_end.tab import Tab, canvas_image, painted_order, shown_range, table_differences

pytestmark = pytest.mark.browser

SHOWN = {"first": 3, "second": 2}
FINITE = [sample for sample in range(SAMPLES) if sample != SPOILED]


@pytest.fixture(scope="module")
def log(make_log: MakeLog) -> Path:
    return make_log(write_attributions)


@pytest.fixture(scope="module")
def shared_tab(open_shared_tab: OpenTab, serve: Serve, log: Path) -> Tab:
    # High enough for all rows of the gray runs.
    return Tab(open_shared_tab(serve(log), viewport={"width": 1600, "height": 2200}))


@pytest.fixture
def tab(shared_tab: Tab) -> Tab:
    shared_tab.open_state(view="attributions")
    for run, step in SHOWN.items():
        painted_at(shared_tab, "map", run, 0, step)
    shared_tab.frame.locator("nnviz-main-area").click(position={"x": 4, "y": 4})
    return shared_tab


def records(log: Path, tag: str, steps: dict[str, int] = SHOWN) -> dict[str, TileArray]:
    return {run: read_tiles(log, run, tag, step) for run, step in steps.items()}


def bounds_of(log: Path, steps: dict[str, int] = SHOWN) -> tuple[float, float]:
    return common_range(
        [*records(log, MAPS, steps).values(), *records(log, INTERIOR, steps).values()]
    )


def card(tab: Tab) -> Locator:
    """Of the gray runs."""
    return tab.panel(MAPS)


def press(tab: Tab, control: str, value: str) -> None:
    """Presses a button above the gray rows."""
    card(tab).locator(f"[data-testid='{control}'] [data-value='{value}']").click()


def interior_tile(sample: int, alpha: float) -> int:
    return sample * len(ALPHAS) + ALPHAS.index(alpha)


def test_the_rail_counts_the_cards_after_the_activations(tab: Tab) -> None:
    views = tab.by_id("view")
    names = views.evaluate_all("all => all.map(each => each.dataset.view)")
    assert names == ["activations", "attributions"]
    expect(views.nth(1)).to_contain_text("Attributions")
    # One for the gray samples of two runs, one for the colour samples of the third.
    expect(views.nth(1).locator(".count")).to_have_text("2")
    expect(tab.by_id("panel")).to_have_count(2)


def test_maps_and_interior_gradients_have_the_colours_of_what_was_read_on_one_scale(
    tab: Tab, log: Path, colour_tables: dict[str, Any]
) -> None:
    bounds = bounds_of(log)
    maps, interior = records(log, MAPS), records(log, INTERIOR)
    for run, step in SHOWN.items():
        for sample in FINITE:
            canvas = painted_at(tab, "map", run, sample, step)
            assert shown_range(canvas) == pytest.approx(bounds, rel=1e-6)
            assert painted_order(canvas, SAMPLES) == [sample]
            assert_map(canvas, maps[run], colour_tables, bounds)
            canvas = painted_at(tab, "interior", run, sample, step)
            assert painted_order(canvas, SAMPLES) == [interior_tile(sample, 0.5)]
            assert_map(canvas, interior[run], colour_tables, bounds)


def test_cells_without_a_finite_number_have_colours_and_a_chip_of_their_own(
    tab: Tab, bundle_colours: dict[str, Any]
) -> None:
    shown = canvas_image(painted_at(tab, "map", "first", SPOILED, 3))
    glyphs = bundle_colours["glyphs"]
    assert shown[3, 4, :3].tolist() == glyphs["nan"]
    assert shown[5, 6, :3].tolist() == glyphs["posinf"]
    assert shown[8, 2, :3].tolist() == glyphs["neginf"]
    expect(card(tab).locator("header")).to_contain_text("1 NaN · 2 infinite")


def test_the_input_is_shown_once_a_row_with_its_label(tab: Tab, log: Path) -> None:
    pictures = read_tiles(log, "first", "samples", 0).values
    rows = card(tab).locator("[data-testid='attribution-row']")
    expect(rows).to_have_count(SAMPLES)
    for sample in range(SAMPLES):
        inputs = rows.nth(sample).locator("canvas[data-part='input']")
        expect(inputs).to_have_count(1)
        assert np.abs(canvas_image(inputs)[..., 0] - pictures[sample]).max() <= 1
        expect(rows.nth(sample).locator(".sample")).to_contain_text(LABELS[sample])


def test_maps_of_two_runs_stand_exactly_below_one_another(tab: Tab) -> None:
    for part in ("map", "overlay", "interior"):
        boxes = [canvas_of(tab, part, run, 1).bounding_box() for run in SHOWN]
        upper, lower = boxes
        assert upper is not None
        assert lower is not None
        assert (upper["x"], upper["width"], upper["height"]) == (
            lower["x"],
            lower["width"],
            lower["height"],
        )
        assert upper["y"] + upper["height"] < lower["y"]
    names = card(tab).locator("[data-testid='proof'] .name-line .name")
    assert names.all_inner_texts()[:2] == list(SHOWN)


def test_alpha_moves_by_slider_and_by_keys_and_the_picture_and_the_dot_with_it(
    tab: Tab, log: Path, colour_tables: dict[str, Any]
) -> None:
    bounds, interior, path = bounds_of(log), records(log, INTERIOR), records(log, PATH)
    slider, keyboard = card(tab).locator("[data-testid='alpha']"), tab.page.keyboard
    step = tab.by_id("step-slider").input_value()

    def shows(alpha: float) -> None:
        expect(card(tab).locator("[data-testid='alpha-value']")).to_have_text(
            str(alpha).removesuffix(".0")
        )
        for run, shown_step in SHOWN.items():
            canvas = painted_at(tab, "interior", run, 1, shown_step)
            expect(canvas).to_have_attribute("data-order", f"[{interior_tile(1, alpha)}]")
            assert_map(canvas, interior[run], colour_tables, bounds)
            curve = card(tab).locator("[data-testid='path']")
            dot = curve.nth(2 + list(SHOWN).index(run))
            value = float(dot.get_attribute("data-value") or "nan")
            assert value == pytest.approx(path[run].values[1, 0, round(16 * alpha)], rel=1e-6)

    slider.fill("0")
    shows(0.0625)
    slider.focus()
    keyboard.press("ArrowRight")
    shows(0.125)
    keyboard.press("End")
    shows(1.0)
    keyboard.press("ArrowLeft")
    shows(0.75)
    # The slider has kept the keys to itself.
    assert tab.by_id("step-slider").input_value() == step
    tab.frame.locator("nnviz-main-area").click(position={"x": 4, "y": 4})
    keyboard.press(",")
    shows(0.5)
    keyboard.press(".")
    keyboard.press(".")
    keyboard.press(".")
    shows(1.0)
    expect(slider).to_have_attribute("aria-valuetext", "α 1")


def test_all_alphas_stand_in_a_strip_and_a_click_chooses_one(
    tab: Tab, log: Path, colour_tables: dict[str, Any]
) -> None:
    press(tab, "alphas", "all")
    bounds, interior = bounds_of(log), records(log, INTERIOR)
    for run, step in SHOWN.items():
        canvas = painted_at(tab, "interior", run, 2, step)
        expect(canvas).to_have_attribute("data-tiles", str(len(ALPHAS)))
        assert painted_order(canvas, 0) == [interior_tile(2, alpha) for alpha in ALPHAS]
        assert_map(canvas, interior[run], colour_tables, bounds)
    strip = canvas_of(tab, "interior", "first", 2)
    selected = strip.locator("xpath=..").locator(".selected")
    for place, alpha in ((4, "0.75"), (1, "0.125")):
        box = strip.bounding_box()
        assert box is not None
        middle = (place + 0.5) / len(ALPHAS) * box["width"]
        strip.click(position={"x": middle, "y": box["height"] / 2})
        expect(card(tab).locator("[data-testid='alpha-value']")).to_have_text(alpha)
        frame = selected.bounding_box()
        assert frame is not None
        assert frame["x"] < box["x"] + middle < frame["x"] + frame["width"]
    titles = card(tab).locator("[data-column='interior'] .over span")
    assert titles.all_inner_texts() == ["1/16", "1/8", "1/4", "1/2", "3/4", "1"]
    expect(card(tab).locator("[data-column='interior'] .chosen")).to_have_text("1/8")
    tab.page.keyboard.press("i")
    expect(canvas_of(tab, "interior", "first", 2)).to_have_attribute("data-tiles", "1")


@pytest.mark.parametrize("kind", ["signed", "mask"])
def test_the_overlay_is_the_input_under_what_is_attributed(
    kind: str, tab: Tab, log: Path, colour_tables: dict[str, Any]
) -> None:
    press(tab, "overlay", kind)
    _, most = bounds_of(log)
    maps, pictures = records(log, MAPS), read_tiles(log, "first", "samples", 0).values
    for run, step in SHOWN.items():
        for sample in FINITE:
            canvas = painted_at(tab, "overlay", run, sample, step)
            expect(canvas).to_have_attribute("data-overlay", kind)
            wanted = overlaid(pictures[sample], maps[run].values[sample], most, kind, colour_tables)
            assert_overlay(canvas, wanted)


def test_the_overlay_can_be_switched_off_and_on_by_key(tab: Tab) -> None:
    overlays = card(tab).locator("canvas[data-part='overlay']")
    expect(overlays.first).to_be_visible()
    press(tab, "overlay", "off")
    expect(overlays).to_have_count(0)
    expect(card(tab).locator("[data-column='overlay']")).to_have_count(0)
    tab.page.keyboard.press("v")
    expect(overlays.first).to_have_attribute("data-overlay", "signed")


def test_beside_every_map_stands_what_its_record_proves(tab: Tab, log: Path) -> None:
    scores = records(log, SCORES)
    for run, record in records(log, MAPS).items():
        for sample in range(SAMPLES):
            read = {name: float(row[sample]) for name, row in record.statistics.items()}
            proof = proof_of(tab, run, sample)
            target, prediction = int(read["target"]), int(read["prediction"])
            share = f"({100 * read['probability']:.1f} %)"
            other = f"({100 * float(scores[run].values[sample, 0, prediction]):.1f} %)"
            label = f"label {LABELS[sample]}"
            expect(proof.locator("[data-testid='classes']")).to_have_text(
                f"{label} · predicted {CLASSES[prediction]} {share}"
                if target == prediction
                else f"{label} {share} · predicted {CLASSES[prediction]} {other}"
            )
            difference = read["output_at_input"] - read["output_at_baseline"]
            expect(proof.locator("[data-testid='sums']")).to_have_text(
                f"Σ {signed(read['attribution_sum'])} · F(x) − F(x′) {signed(difference)}"
            )
            errors = (read["refinement_error"], read["completeness_error"])
            at_most, total = map(percent, errors)
            bound = at_most if np.isnan(errors[0]) else f"≤ {at_most}"
            evaluations = f"{read['num_evaluations']:.0f} evaluations"
            verdict = proof.locator("[data-testid='verdict']")
            if read["converged"]:
                expect(verdict).to_have_text(f"✓ map {bound} · sum {total} · {evaluations}")
                expect(verdict).to_have_class(re.compile("green"))
            else:
                expect(verdict).to_have_text(
                    f"not converged: map {bound}, completeness {total} · {evaluations}"
                )
                expect(verdict).to_have_class(re.compile("amber"))


def test_every_flag_has_a_chip_with_its_reason(tab: Tab) -> None:
    words = {
        1: "F(x) ≈ F(x′)",
        2: "cap on evaluations reached",
        4: "no gradient path",
        8: "NaN or ∞ met",
    }
    for sample, flags in enumerate(FLAGS):
        chips = proof_of(tab, "first", sample).locator("[data-testid='flag']")
        wanted = [text for bit, text in words.items() if flags & bit]
        expect(chips).to_have_text(wanted)
        for index in range(len(wanted)):
            assert len(chips.nth(index).get_attribute("title") or "") > 40


def test_the_header_says_what_is_explained(tab: Tab) -> None:
    notes = card(tab).locator("header [data-testid='note']")
    assert tuple(notes.all_inner_texts()) == NOTES
    expect(card(tab).locator("header")).to_contain_text("14×14 maps · 6 samples")
    expect(card(tab).locator("header [data-testid='other-samples']")).to_have_count(1)


def test_hovering_a_cell_gives_the_exact_value_and_that_of_the_other_run(
    tab: Tab, log: Path
) -> None:
    maps, interior = records(log, MAPS), records(log, INTERIOR)
    for part, read in (("map", maps), ("interior", interior)):
        canvas = painted_at(tab, part, "second", 2, 2)
        tooltip = tab.hover_cell(canvas, place=0, row=6, column=9)
        expect(tooltip).to_have_attribute("data-exact", "true")
        place = (2,) if part == "map" else (2, ALPHAS.index(0.5))
        value = float(read["second"].values[(*place, 6, 9)])
        assert float(tooltip.get_attribute("data-value") or "nan") == value
        expect(tooltip).to_contain_text("sample 2 (cat)")
        expect(tooltip).to_contain_text("row 6, column 9")
        # Runs on other samples stand on a card of their own.
        expect(tooltip.locator(".run .name")).to_have_text(["second", "first"])
        other = float(read["first"].values[(*place, 6, 9)])
        texts = tooltip.locator(".line").last.locator(".value").inner_text()
        number = float(texts.split("±")[0].replace("−", "-"))
        assert number == pytest.approx(other, abs=1e-5)
        outlined = card(tab).locator(".outline.hovered")
        # The map in both runs, its overlays, and the input that it is of.
        expect(outlined).to_have_count(5 if part == "map" else 3)


def test_keys_walk_through_the_cells_of_a_map(tab: Tab, log: Path) -> None:
    canvas = painted_at(tab, "map", "first", 1, 3)
    canvas.focus()
    for key in ("ArrowRight", "ArrowRight", "ArrowDown"):
        tab.page.keyboard.press(key)
    tooltip = tab.by_id("tooltip")
    expect(tooltip).to_have_attribute("data-exact", "true")
    row, column = (int(tooltip.get_attribute(f"data-{name}") or -1) for name in ("row", "column"))
    value = read_tiles(log, "first", MAPS, 3).values[1, row, column]
    assert (row, column) == (1, 1)
    assert float(tooltip.get_attribute("data-value") or "nan") == float(value)


def test_another_step_shows_its_own_maps_curves_and_proofs(
    tab: Tab, log: Path, colour_tables: dict[str, Any]
) -> None:
    steps = {"first": 1, "second": 1}
    tab.go_to_step_index(1)
    bounds = bounds_of(log, steps)
    for run, record in records(log, MAPS, steps).items():
        canvas = painted_at(tab, "map", run, 1, 1)
        assert_map(canvas, record, colour_tables, bounds)
        total = float(record.statistics["attribution_sum"][1])
        sums = proof_of(tab, run, 1).locator("[data-testid='sums']")
        expect(sums).to_contain_text(f"Σ {signed(total)}")
    end = card(tab).locator("[data-testid='path']").nth(2).get_attribute("data-end")
    path = read_tiles(log, "first", PATH, 1).values[1, 0, -1]
    assert float(end or "nan") == pytest.approx(float(path), rel=1e-6)


def test_a_run_that_lacks_the_step_shows_an_earlier_one_and_says_so(tab: Tab) -> None:
    marks = card(tab).locator("[data-testid='attribution-run']")
    expect(marks.nth(0)).to_have_text(re.compile(r"first\s+epoch 3\s*$"))
    expect(marks.nth(1)).to_contain_text("epoch 2 · nearest earlier")


def test_changes_since_the_start_are_those_between_the_records(
    tab: Tab, log: Path, colour_tables: dict[str, Any]
) -> None:
    tab.by_id("show").select_option("change-since-start")
    expect(card(tab).locator("header [data-testid='change']")).to_have_text("change since start")
    expect(card(tab).locator("section")).to_have_attribute("data-settled", "true")
    for tag, part in ((MAPS, "map"), (INTERIOR, "interior")):
        for run, step in SHOWN.items():
            canvas = painted_at(tab, part, run, 1, step)
            # Infinity minus infinity, of the sample that is spoiled.
            with np.errstate(invalid="ignore"):
                change = change_between(*(read_tiles(log, run, tag, at) for at in (step, 0)))
            differences = table_differences(
                canvas, np.nan_to_num(change.values), colour_tables, shown_range(canvas)
            )
            resolved = ~change.unresolved[painted_order(canvas, len(change.values))]
            # Changes are painted of all bytes; those below precision have a gray of their own.
            assert differences[1][resolved].max() == 0
    assert bounds_of(log) != shown_range(canvas_of(tab, "map", "first", 1))


def test_the_first_step_has_no_change(tab: Tab) -> None:
    tab.by_id("show").select_option("change-since-start")
    tab.go_to_step_index(0)
    canvas = painted_at(tab, "map", "first", 1, 0)
    expect(card(tab).locator("[data-testid='attribution-run']").first).to_contain_text("first step")
    assert shown_range(canvas) == (0, 0)


def test_samples_in_colour_have_a_card_of_their_own_and_are_summed_over_colour(
    tab: Tab, log: Path, colour_tables: dict[str, Any]
) -> None:
    colour = tab.by_id("panel").nth(1)
    colour.scroll_into_view_if_needed()
    expect(colour.locator("[data-testid='summed']")).to_have_text("summed over colour")
    maps, interior = (read_tiles(log, "others", tag, 3) for tag in (MAPS, INTERIOR))
    bounds = common_range([maps, interior])
    for part, record in (("map", maps), ("interior", interior)):
        canvas = painted_at(tab, part, "others", 1, 3)
        low, high = (json.dumps(bound)[:8] for bound in bounds)
        expect(canvas).to_have_attribute("data-range", re.compile(f"^\\[{low}.*,{high}"))
        assert_map(canvas, record, colour_tables, bounds)
    picture = read_tiles(log, "others", "samples", 0).values[1]
    wanted = overlaid(picture, summed(maps)[1], bounds[1], "signed", colour_tables)
    assert_overlay(painted_at(tab, "overlay", "others", 1, 3), wanted)
    tooltip = tab.hover_cell(painted_at(tab, "map", "others", 1, 3), place=0, row=5, column=7)
    expect(tooltip).to_have_attribute("data-exact", "true")
    values = [float(text) for text in (tooltip.get_attribute("data-value") or "").split()]
    assert values == maps.values[1, 5, 7].tolist()
    expect(tooltip).to_contain_text(f"Σ {signed(sum(values))[:4]}")


def test_rows_are_sorted_by_the_error_of_their_maps_the_least_certain_first(
    tab: Tab, log: Path
) -> None:
    tab.by_id("sort").select_option("error")
    errors = read_tiles(log, "first", MAPS, 3).statistics["refinement_error"]
    wanted = np.argsort(np.where(np.isnan(errors), -np.inf, -errors), kind="stable").tolist()
    rows = card(tab).locator("[data-testid='attribution-row']")
    expect(rows.first).to_have_attribute("data-sample", str(wanted[0]))
    assert [int(row.get_attribute("data-sample") or -1) for row in rows.all()] == wanted


def test_a_scale_of_every_map_spans_its_own_values(
    tab: Tab, log: Path, colour_tables: dict[str, Any]
) -> None:
    tab.press("scale", "per-tile")
    record = read_tiles(log, "first", MAPS, 3)
    canvas = painted_at(tab, "map", "first", 1, 3)
    expect(canvas).to_have_attribute("data-range", "per-tile")
    most = float(np.abs(record.values[1]).max())
    assert_map(canvas, record, colour_tables, (-most, most))


def test_a_run_alone_has_one_line_a_row_without_its_name(tab: Tab) -> None:
    tab.open_state(view="attributions", runs="!second/nnviz,!others/nnviz")
    painted_at(tab, "map", "first", 0, 3)
    rows = card(tab).locator("[data-testid='attribution-row']")
    expect(rows.first.locator("canvas[data-part='map']")).to_have_count(1)
    expect(card(tab).locator(".name-line")).to_have_count(0)
    expect(card(tab).locator("header [data-testid='other-samples']")).to_have_count(0)
