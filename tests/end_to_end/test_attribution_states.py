"""Attributions of other kinds and in other states: baselines, several inputs, strips, many samples;
what is missing, what cannot be read; links, keys, themes, both of TensorBoard's loaders."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from playwright.sync_api import Page, expect

from tests.end_to_end.attribution_logs import (
    ALPHAS,
    BASELINES,
    GRAY,
    INTERIOR,
    MAPS,
    PATH,
    SPREAD,
    attribution_records,
    sample_record,
    write_attributions,
    write_baselines,
    write_inputs,
    write_many_samples,
    write_parts,
    write_sparse,
)
from tests.end_to_end.attribution_tab import (
    assert_map,
    assert_overlay,
    canvas_of,
    common_range,
    overlaid,
    painted_at,
    proof_of,
)
from tests.end_to_end.conftest import MakeLog, OpenTab, Serve
from tests.end_to_end.expected import read_tiles
from tests.end_to_end.run_writer import written_run
from tests.end_to_end.tab import (
    Tab,
    canvas_image,
    painted_order,
    settings,
    shown_range,
    state_hash,
    table_differences,
)
from tests.end_to_end.test_address import WRITTEN

pytestmark = pytest.mark.browser

VIEW = state_hash(view="attributions")
TALL = {"width": 1600, "height": 1800}


# Left, top and width of all cells of all cards.
_PLACES = """() => {
  const area = document.querySelector("nnviz-app").renderRoot.querySelector("nnviz-main-area");
  return [...area.renderRoot.querySelectorAll("nnviz-attribution-card")]
    .flatMap((card) => [...card.renderRoot.querySelectorAll(".cell")])
    .map((cell) => cell.getBoundingClientRect())
    .map(({ x, y, width }) => [x, y, width]);
}"""


# What the focused element is called.
_FOCUSED = """() => {
  let element = document.activeElement;
  while (element?.shadowRoot?.activeElement) element = element.shadowRoot.activeElement;
  const { part, value, testid } = element.dataset;
  return part ?? value ?? testid ?? element.localName;
}"""


def open_log(open_tab: OpenTab, url: str, **options: Any) -> Tab:
    return Tab(open_tab(url, state=VIEW, **{"viewport": TALL, **options}))


def told(tab: Tab, run: str, column: int, sample: int = 0) -> str:
    """What stands in the place of a part of a run: the cells of a line, from the map on."""
    line = tab.frame.locator(f"[data-testid='attribution-row'][data-sample='{sample}']").locator(
        f".cell.map[data-run='{run}'] ~ .cell"
    )
    return line.nth(column).locator("[data-testid='told']").inner_text()


@pytest.mark.parametrize("loader", ["true", "false"])
def test_both_loaders_show_the_same(
    loader: str, reopen_tab: OpenTab, serve: Serve, make_log: MakeLog, colour_tables: dict[str, Any]
) -> None:
    log = make_log(write_attributions)
    tab = open_log(reopen_tab, serve(log, f"--load_fast={loader}"))
    for run, step in (("first", 3), ("second", 2)):
        canvas = painted_at(tab, "map", run, 2, step)
        assert_map(canvas, read_tiles(log, run, MAPS, step), colour_tables, shown_range(canvas))
        expect(proof_of(tab, run, 2).locator("[data-testid='verdict']")).to_be_visible()


@pytest.mark.parametrize("theme", ["light", "dark"])
def test_maps_and_overlays_follow_the_theme(
    theme: str, reopen_tab: OpenTab, serve: Serve, make_log: MakeLog, colour_tables: dict[str, Any]
) -> None:
    log = make_log(write_attributions)
    query = "?darkMode=true" if theme == "dark" else ""
    tab = open_log(reopen_tab, serve(log), query=query)
    canvas = painted_at(tab, "map", "first", 1, 3)
    expect(canvas).to_have_attribute("data-colours", f"red_blue_{theme}")
    record = read_tiles(log, "first", MAPS, 3)
    assert_map(canvas, record, colour_tables, shown_range(canvas))
    picture = read_tiles(log, "first", "samples", 0).values[1]
    most = shown_range(canvas)[1]
    wanted = overlaid(picture, record.values[1], most, "signed", colour_tables, theme)
    assert_overlay(painted_at(tab, "overlay", "first", 1, 3), wanted)


def test_maps_over_several_baselines_show_their_spread_and_the_baselines(
    reopen_tab: OpenTab, serve: Serve, make_log: MakeLog, colour_tables: dict[str, Any]
) -> None:
    log = make_log(write_baselines)
    tab = open_log(reopen_tab, serve(log))
    spread, baselines = (
        read_tiles(log, "averaged", tag, step) for tag, step in ((SPREAD, 1), (BASELINES, 0))
    )
    canvas = painted_at(tab, "spread", "averaged", 2, 1)
    expect(canvas).to_have_attribute("data-colours", "viridis")
    low, high = float(spread.values.min()), float(spread.values.max())
    assert shown_range(canvas) == pytest.approx((low, high), rel=1e-6)
    assert (
        table_differences(canvas, spread.tiles(), colour_tables, (low, high)).min(axis=0).max() == 0
    )
    canvas = painted_at(tab, "baseline", "averaged", 2, 0)
    samples = len(GRAY.labels)
    assert painted_order(canvas, 0) == [2, samples + 2]
    bounds = float(baselines.values.min()), float(baselines.values.max())
    assert table_differences(canvas, baselines.tiles(), colour_tables, bounds)[1].max() <= 1
    titles = tab.frame.locator("[data-column='baselines'] .over span")
    assert titles.all_inner_texts() == ["mean", "blur"]
    # Logged once a fit: at the last step they are not of another one.
    expect(tab.by_id("other-step")).to_have_count(0)


def test_every_input_of_a_model_has_a_card_and_those_that_are_no_pictures_no_overlay(
    reopen_tab: OpenTab, serve: Serve, make_log: MakeLog, colour_tables: dict[str, Any]
) -> None:
    log = make_log(write_inputs)
    tab = open_log(reopen_tab, serve(log), viewport={"width": 1600, "height": 3600})
    titles = tab.frame.locator("nnviz-attribution-card header h2")
    expect(titles).to_have_text(
        [
            "integrated_gradients",
            "integrated_gradients",
            "integrated_gradients / image",
            "integrated_gradients / numbers",
        ]
    )
    for name, cells in (("image", 14 * 14), ("numbers", 24)):
        panel = tab.panel(f"{MAPS}/{name}")
        canvas = panel.locator("canvas[data-part='map'][data-sample='1']")
        expect(canvas).to_have_attribute("data-cells", str(cells))
        record = read_tiles(log, "two-inputs", f"{MAPS}/{name}", 1)
        interior = read_tiles(log, "two-inputs", f"{INTERIOR}/{name}", 1)
        assert_map(canvas, record, colour_tables, common_range([record, interior]))
        overlays = panel.locator("canvas[data-part='overlay']")
        expect(overlays).to_have_count(6 if name == "image" else 0)
        curve = panel.locator("[data-testid='path']").nth(1)
        end = float(curve.get_attribute("data-end") or "nan")
        wanted = float(read_tiles(log, "two-inputs", PATH, 1).values[1, 0, -1])
        assert end == pytest.approx(wanted, rel=1e-6)
    tooltip = tab.hover_cell(
        tab.panel(f"{MAPS}/numbers").locator("canvas[data-part='map'][data-sample='1']"),
        place=0,
        row=0,
        column=5,
    )
    value = read_tiles(log, "two-inputs", f"{MAPS}/numbers", 1).values[1, 0, 5]
    expect(tooltip).to_contain_text("input 5")
    assert float(tooltip.get_attribute("data-value") or "nan") == float(value)


def test_channels_are_summed_and_the_pointer_reads_their_sum(
    reopen_tab: OpenTab, serve: Serve, make_log: MakeLog, colour_tables: dict[str, Any]
) -> None:
    log = make_log(write_inputs)
    tab = open_log(reopen_tab, serve(log))
    record, interior = (read_tiles(log, "channels", tag, 1) for tag in (MAPS, INTERIOR))
    canvas = painted_at(tab, "map", "channels", 1, 1)
    expect(tab.panel(MAPS).locator("[data-testid='summed']")).to_have_text("summed over channel")
    expect(tab.panel(MAPS).locator("[data-column='input']")).to_contain_text("channel 2")
    assert_map(canvas, record, colour_tables, common_range([record, interior]))
    tooltip = tab.hover_cell(canvas, place=0, row=4, column=6)
    expect(tooltip).to_have_attribute("data-exact", "true")
    total = float(record.values[1, :, 4, 6].astype(float).sum())
    assert float(tooltip.get_attribute("data-value") or "nan") == pytest.approx(total, rel=1e-6)
    expect(tooltip).to_contain_text("sample 1 (bee) · row 4, column 6")


def test_what_a_run_has_not_logged_is_said_in_its_place(
    reopen_tab: OpenTab, serve: Serve, make_log: MakeLog
) -> None:
    tab = open_log(reopen_tab, serve(make_log(write_parts)))
    painted_at(tab, "interior", "whole", 0, 1)
    # Overlay, interior gradients, curve, proof.
    assert told(tab, "bare", 1) == "not logged in this run"
    assert told(tab, "bare", 2) == "not logged in this run"
    # The samples are those of the other run, which knows their pictures.
    expect(canvas_of(tab, "overlay", "bare", 0)).to_be_visible()
    expect(proof_of(tab, "bare", 0)).to_contain_text("evaluations")


def test_a_run_without_attributions_is_named(
    reopen_tab: OpenTab, serve: Serve, tmp_path: Path
) -> None:
    for run in ("explained", "plain"):
        with written_run(tmp_path / run) as writer:
            records = attribution_records(GRAY, 0, 0) if run == "explained" else {}
            writer.at_epoch({**records, "samples": sample_record(GRAY)}, 0)
    tab = open_log(reopen_tab, serve(tmp_path))
    painted_at(tab, "map", "explained", 0, 0)
    expect(tab.by_id("absent-runs")).to_contain_text("plain")


@pytest.mark.parametrize("loader", ["true", "false"])
def test_parts_of_a_sampled_log_say_of_which_step_they_are_or_that_none_was_kept(
    loader: str, reopen_tab: OpenTab, serve: Serve, make_log: MakeLog
) -> None:
    log = make_log(write_sparse)
    url = serve(log, f"--load_fast={loader}", "--samples_per_plugin=nnviz=10")
    tab = open_log(reopen_tab, url)
    painted_at(tab, "map", "long", 0, 59)
    expect(tab.by_id("sampled").first).to_contain_text("10 of 60")
    expect(tab.frame.locator(".cell.input [data-testid='told']").first).to_have_text(
        "the samples are not logged"
    )
    for index in range(tab.last_step_index()):
        tab.go_to_step_index(index)
        row = tab.frame.locator("[data-testid='attribution-row']").first
        interior = row.locator(".cell.interior")
        # A picture, of this step or with the step that it is of, or words: never a blank.
        expect(
            interior.locator("canvas[data-painted='true'], [data-testid='told']").first
        ).to_be_visible()
        expect(
            row.locator(".cell.curve").locator("[data-testid='path'], [data-testid='told']")
        ).to_have_count(1)
        # Both at one moment: the next step may come between two looks.
        step, shown = row.evaluate(_STEPS_OF_ROW)
        if shown is not None and shown != step:
            expect(interior.locator("[data-testid='other-step']")).to_be_visible()


_STEPS_OF_ROW = """row => {
  const canvases = [];
  const collect = (root) => {
    for (const each of root.querySelectorAll("*")) {
      if (each instanceof HTMLCanvasElement) canvases.push(each);
      if (each.shadowRoot !== null) collect(each.shadowRoot);
    }
  };
  collect(row);
  return ["map", "interior"].map((part) =>
    canvases.find(({ dataset }) => dataset.part === part && dataset.painted === "true")
      ?.dataset.step ?? null);
}"""


def test_records_that_cannot_be_read_say_why_where_they_would_stand(
    reopen_tab: OpenTab, serve: Serve, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    from tb_nnviz.event_files import events

    original = events.BlobEvent

    def spoiled(**fields: Any) -> events.BlobEvent:
        blobs = list(fields["blobs"])
        if fields["tag"] == INTERIOR:
            blobs[-2] = bytes([blobs[-2][0] ^ 1]) + blobs[-2][1:]
        if fields["tag"] == PATH:
            fields["content"] = fields["content"].replace(b'"version":1', b'"version":2')
        return original(**{**fields, "blobs": tuple(blobs)})

    monkeypatch.setattr("tb_nnviz.writing.run_log.BlobEvent", spoiled)
    with written_run(tmp_path / "run") as writer:
        writer.at_epoch({**attribution_records(GRAY, 0, 0), "samples": sample_record(GRAY)}, 0)
    tab = open_log(reopen_tab, serve(tmp_path))
    painted_at(tab, "map", "run", 0, 0)
    row = tab.frame.locator("[data-testid='attribution-row']").first
    expect(row.locator(".cell.interior [data-testid='error']")).to_contain_text("checksum")
    expect(row.locator(".cell.interior button")).to_have_text("Retry")
    expect(row.locator(".cell.curve [data-testid='error']")).to_contain_text("newer")
    expect(proof_of(tab, "run", 0)).to_contain_text("evaluations")


def test_of_64_samples_of_three_runs_those_near_by_are_there_and_the_rest_when_scrolled_to(
    reopen_tab: OpenTab, serve: Serve, make_log: MakeLog
) -> None:
    tab = Tab(reopen_tab(serve(make_log(write_many_samples)), state=VIEW))
    painted_at(tab, "map", "run-2", 0, 1)
    rows = tab.by_id("attribution-row")
    expect(rows).to_have_count(64)
    maps = tab.frame.locator("canvas[data-part='map']")
    # A screen and half a screen more above and below: far fewer than all.
    assert 3 <= maps.count() <= 3 * 12
    heights = {round(box["height"]) for row in rows.all() if (box := row.bounding_box())}
    assert len(heights) == 1
    area = tab.frame.locator("nnviz-main-area")
    area.evaluate("area => area.scrollTo(0, area.scrollHeight)")
    painted_at(tab, "interior", "run-0", 63, 1)
    assert maps.count() <= 3 * 12
    # The controls have stayed in sight.
    expect(tab.frame.locator("[data-testid='alpha']")).to_be_in_viewport()
    tab.page.keyboard.press("Home")
    painted_at(tab, "map", "run-0", 63, 0)


def where(tab: Tab) -> dict[str, str]:
    return {
        name: text
        for name, text in settings(tab.page).items()
        if name.startswith(("alpha", "over"))
    }


def test_alpha_the_strip_and_the_overlay_are_in_the_address_and_come_back(
    open_tab: OpenTab, serve: Serve, make_log: MakeLog
) -> None:
    tab = open_log(open_tab, serve(make_log(write_baselines)))
    painted_at(tab, "map", "averaged", 0, 1)
    assert where(tab) == {}
    chosen: list[dict[str, str]] = [{}]

    def written(page: Page, wanted: dict[str, str]) -> None:
        page.wait_for_timeout(WRITTEN)
        assert where(tab) == wanted
        chosen.append(wanted)

    tab.by_id("alpha").fill("4")
    written(tab.page, {"alpha": "0.75"})
    tab.press("alphas", "all")
    tab.press("overlay", "mask")
    written(tab.page, {"alpha": "0.75", "alphas": "all", "overlay": "mask"})
    tab.page.reload()
    painted_at(tab, "overlay", "averaged", 0, 1)
    assert where(tab) == chosen[-1]
    expect(tab.by_id("alpha-value")).to_have_text("0.75")
    expect(canvas_of(tab, "interior", "averaged", 0)).to_have_attribute(
        "data-tiles", str(len(ALPHAS))
    )
    expect(canvas_of(tab, "overlay", "averaged", 0)).to_have_attribute("data-overlay", "mask")
    other = Tab(open_tab("about:blank"))
    other.page.goto(tab.page.url)
    expect(other.by_id("alpha-value")).to_have_text("0.75")
    # Links are entries of the browser's history.
    other.open_state(view="attributions", alpha="0.125", overlay="off")
    expect(other.by_id("alpha-value")).to_have_text("0.125")
    other.page.go_back()
    other.page.go_back()
    expect(other.by_id("alpha-value")).to_have_text("0.75")
    other.page.go_forward()
    other.page.go_forward()
    expect(other.by_id("alpha-value")).to_have_text("0.125")
    expect(other.frame.locator("canvas[data-part='overlay']")).to_have_count(0)


def test_an_alpha_that_is_not_logged_shows_the_nearest(
    reopen_tab: OpenTab, serve: Serve, make_log: MakeLog
) -> None:
    url = serve(make_log(write_baselines))
    tab = Tab(reopen_tab(url, state=state_hash(view="attributions", alpha="0.3")))
    painted_at(tab, "interior", "averaged", 0, 1)
    expect(tab.by_id("alpha-value")).to_have_text("0.25")


def test_the_list_of_keys_has_those_of_attributions(
    reopen_tab: OpenTab, serve: Serve, make_log: MakeLog
) -> None:
    tab = open_log(reopen_tab, serve(make_log(write_baselines)))
    painted_at(tab, "map", "averaged", 0, 1)
    tab.page.keyboard.press("?")
    group = tab.by_id("help-dialog").locator("section", has_text=re.compile("^\\s*Attributions"))
    assert group.locator("kbd").all_inner_texts() == [",", ".", "i", "v"]


def test_a_folded_card_is_its_header_alone(
    reopen_tab: OpenTab, serve: Serve, make_log: MakeLog
) -> None:
    tab = open_log(reopen_tab, serve(make_log(write_baselines)))
    painted_at(tab, "map", "averaged", 0, 1)
    panel = tab.panel(MAPS)
    panel.locator(".fold").click()
    expect(panel.locator("[data-testid='attribution-row']")).to_have_count(0)
    panel.locator(".fold").click()
    painted_at(tab, "map", "averaged", 0, 1)


def test_a_click_with_shift_keeps_a_map_outlined_in_the_link(
    reopen_tab: OpenTab, serve: Serve, make_log: MakeLog
) -> None:
    tab = open_log(reopen_tab, serve(make_log(write_baselines)))
    canvas = painted_at(tab, "map", "averaged", 3, 1)
    canvas.click(modifiers=["Shift"])
    pinned = tab.frame.locator(".outline.pinned")
    # The map and its overlay.
    expect(pinned).to_have_count(2)
    tab.page.wait_for_timeout(WRITTEN)
    assert settings(tab.page)["tile"] == f"{MAPS}:3"
    tab.page.keyboard.press("Escape")
    expect(pinned).to_have_count(0)


def test_nothing_jumps_while_the_slider_moves(
    reopen_tab: OpenTab, serve: Serve, make_log: MakeLog
) -> None:
    tab = open_log(reopen_tab, serve(make_log(write_attributions)))
    painted_at(tab, "map", "second", 0, 2)
    before = tab.evaluate(_PLACES)
    assert len(before) > 50
    for index, step in ((1, 1), (0, 0), (3, 3)):
        tab.go_to_step_index(index)
        painted_at(tab, "map", "first", 0, step)
        assert tab.evaluate(_PLACES) == before


def test_values_beyond_the_screen_scroll_sideways_rather_than_vanish(
    reopen_tab: OpenTab, serve: Serve, make_log: MakeLog
) -> None:
    tab = open_log(
        reopen_tab, serve(make_log(write_baselines)), viewport={"width": 760, "height": 700}
    )
    painted_at(tab, "map", "averaged", 0, 1)
    body = tab.frame.locator("nnviz-attribution-card .body")
    widths = body.evaluate("body => [body.scrollWidth, body.clientWidth]")
    assert widths[0] > widths[1]
    shown = canvas_image(canvas_of(tab, "baseline", "averaged", 0))
    assert np.ptp(shown[..., 0]) > 0


def test_tab_alone_reaches_every_control_of_a_card(
    reopen_tab: OpenTab, serve: Serve, make_log: MakeLog
) -> None:
    tab = open_log(reopen_tab, serve(make_log(write_baselines)))
    painted_at(tab, "map", "averaged", 0, 1)
    tab.panel(MAPS).locator(".fold").focus()
    reached = []
    for _ in range(1 + 1 + 2 + 3 + 5):
        tab.page.keyboard.press("Tab")
        reached.append(tab.evaluate(_FOCUSED))
    assert reached == [
        "export",
        "alpha",
        *("one", "all"),
        *("signed", "mask", "off"),
        *("input", "map", "interior", "spread", "baseline"),
    ]
