"""The README's pictures of the demo; ``make pictures`` stores them: look at each."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
from playwright.sync_api import expect

from tests.end_to_end.attribution_tab import painted_at, proof_of
from tests.end_to_end.conftest import OpenTab, Serve
from tests.end_to_end.exports import choose, close_dialog, open_dialog
from tests.end_to_end.picture_comparison import decode_png, encode_small_png
from tests.end_to_end.tab import Tab, painted_tiles

pytestmark = pytest.mark.browser

LAST = 8
RUNS = ("conv-4000", "linear-4000", "mlp-4000", "mlp-500")
MLPS = ("mlp-4000", "mlp-500")
KERNEL = "weights/dense/kernel"


@pytest.fixture(scope="module")
def light(open_shared_tab: OpenTab, serve: Serve, demo_log: Path) -> Tab:
    return Tab(open_shared_tab(serve(demo_log, "--load_fast=true")))


@pytest.fixture(scope="module")
def dark(open_shared_tab: OpenTab, serve: Serve, demo_log: Path) -> Tab:
    return Tab(open_shared_tab(serve(demo_log, "--load_fast=true"), query="?darkMode=true"))


def only(*runs: str) -> str:
    """Unticks the other runs, as a link does."""
    return ",".join(f"!{run}/nnviz" for run in RUNS if run not in runs)


def take_picture(tab: Tab, path: Path) -> None:
    """Stores the page as a small PNG."""
    tab.wait_until_quiet()
    tab.page.mouse.move(0, 0)
    tab.page.wait_for_timeout(300)
    pixels = decode_png(tab.page.screenshot(animations="disabled"))
    assert len(np.unique(pixels.reshape(-1, 3), axis=0)) > 200
    path.write_bytes(encode_small_png(pixels))


def test_the_weights_of_two_networks(light: Tab, pictures: Path) -> None:
    light.open_state(runs=only(*MLPS))
    for run in MLPS:
        canvas = light.wait_until_painted(run, KERNEL, LAST)
        assert painted_tiles(canvas).std() > 10
    take_picture(light, pictures / "weights_light.png")


def test_their_change_in_dark(dark: Tab, pictures: Path) -> None:
    dark.open_state(runs=only(*MLPS), show="change-since-start")
    for run in MLPS:
        canvas = dark.wait_until_painted(run, KERNEL, LAST)
        expect(canvas).to_have_attribute("data-show", "change-since-start")
    take_picture(dark, pictures / "weights_change_dark.png")


def test_a_unit_of_both_in_the_large(light: Tab, pictures: Path) -> None:
    light.open_state(runs=only(*MLPS), tile=f"{KERNEL}:12", open="1")
    expect(light.by_id("tile-header")).to_be_visible()
    expect(light.by_id("tile-curve-line").nth(3)).to_be_visible()
    take_picture(light, pictures / "tile_light.png")


def test_their_difference_in_dark(dark: Tab, pictures: Path) -> None:
    dark.open_state(runs=only(*MLPS), show="difference", pinned_run="mlp-4000/nnviz")
    expect(dark.wait_until_painted("mlp-500", KERNEL, LAST)).to_have_attribute(
        "data-show", "difference"
    )
    take_picture(dark, pictures / "difference_dark.png")


def test_their_histograms(light: Tab, pictures: Path) -> None:
    light.open_state(runs=only(*MLPS), view="histograms")
    plots = light.frame.locator("svg[data-testid='histogram-plot'][data-painted='true']")
    expect(plots.nth(1)).to_be_visible()
    expect(light.frame.locator("svg.spark path").first).to_be_attached()
    take_picture(light, pictures / "histograms_light.png")


def test_the_activations_of_a_convolutional_network(light: Tab, pictures: Path) -> None:
    light.open_state(runs=only("conv-4000"), view="activations")
    for tag, step in (("samples", 0), ("activations/conv2d", LAST)):
        light.wait_until_painted("conv-4000", tag, step)
    beside = light.panel("activations/conv2d").locator("[data-testid='sample-pictures']")
    expect(beside.first).to_be_visible()
    take_picture(light, pictures / "activations_light.png")


def test_one_layer_after_the_other_in_dark(dark: Tab, pictures: Path) -> None:
    stop = "activations/conv2d_1"
    choices = {"layer_mode": "one", "layer": stop, "sample": "6"}
    dark.open_state(runs=only("conv-4000"), view="activations", **choices)
    canvas = dark.wait_until_painted("conv-4000", stop, LAST)
    expect(canvas).to_have_attribute("data-tiles", "16")
    expect(dark.by_id("stage").locator("[data-testid='sample-pictures']")).to_be_visible()
    take_picture(dark, pictures / "layer_by_layer_dark.png")


def test_the_class_templates_of_four_networks(light: Tab, pictures: Path) -> None:
    # The linear network's templates are a tenth as large as a deep one's.
    light.open_state(view="templates", layers="digit", scale="per-run", columns="5")
    for run in RUNS:
        canvas = light.wait_until_painted(run, "templates/digit", LAST)
        expect(canvas).to_have_attribute("data-tiles", "10")
    take_picture(light, pictures / "templates_light.png")


def test_why_digits_get_their_scores(light: Tab, pictures: Path) -> None:
    run = "conv-4000"
    light.open_state(runs=only(run), view="attributions", scale="per-tile")
    for part in ("map", "overlay", "interior"):
        painted_at(light, part, run, 0, LAST)
    expect(proof_of(light, run, 0)).to_contain_text("evaluations")
    take_picture(light, pictures / "attributions_light.png")


def test_which_digits_are_taken_for_which(light: Tab, pictures: Path) -> None:
    runs = ("linear-4000", "mlp-500")
    light.open_state(runs=only(*runs), view="confusion")
    card = light.panel("confusion").locator("[data-testid='confusion-card']")
    expect(card).to_have_attribute("data-settled", "true")
    for run in runs:
        shown = light.frame.locator(f".run[data-run='{run}']")
        samples = shown.locator("[data-testid='cell-sample'], [data-testid='mistake']")
        expect(samples.first).to_be_visible()
        bare = samples.filter(has_not=light.frame.locator("canvas[data-testid='sample-picture']"))
        expect(bare).to_have_count(0)
    take_picture(light, pictures / "confusion_light.png")


def test_the_dialog_of_an_export(light: Tab, pictures: Path) -> None:
    light.open_state(runs=only(*MLPS))
    for run in MLPS:
        light.wait_until_painted(run, KERNEL, LAST)
    open_dialog(light, KERNEL)
    choose(light, format="gif", steps="all")
    expect(light.by_id("export-size")).to_contain_text("9 frames")
    take_picture(light, pictures / "export_dialog.png")
    close_dialog(light)
