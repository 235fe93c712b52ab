"""What the examples with convolutions show in the tab, and the pictures of it.

``make example-pictures`` stores them: look at each.
"""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np
import pytest
from numpy.typing import NDArray
from playwright.sync_api import expect

from tb_nnviz import LogReader
from tests.conftest import MakeOnce
from tests.end_to_end import layer_walk
from tests.end_to_end.attribution_tab import painted_at, proof_of
from tests.end_to_end.conftest import OpenTab, Serve
from tests.end_to_end.example_pictures import KEPT, WIDTH, keep_picture, log_example
from tests.end_to_end.explorer_walk import walk_through
from tests.end_to_end.tab import Tab, painted_tiles
from tests.examples.coloured_digits import write_320_coloured_digits, write_coloured_digits

pytestmark = pytest.mark.browser

FILTERS, CIFAR = "conv_filters", "all_conv_cifar10"
ALL_CONV = "all_conv"
HEIGHT = 900
# Where what is to be seen is long.
TALL = 1350


@pytest.fixture(scope="module")
def filters_log(make_once: MakeOnce) -> Path:
    return log_example(FILTERS, make_once)


@pytest.fixture(scope="module")
def cifar_log(make_once: MakeOnce) -> Path:
    """Of digits in colours: they need no network, and may be shown."""

    def write_many(folder: Path) -> Path:
        return write_coloured_digits(folder / "digits.npz", 2500)

    return log_example(CIFAR, make_once, write_many if KEPT else write_320_coloured_digits)


@pytest.fixture(scope="module")
def filters(open_shared_tab: OpenTab, serve: Serve, filters_log: Path) -> Tab:
    return Tab(open_shared_tab(serve(filters_log), viewport={"width": WIDTH, "height": HEIGHT}))


@pytest.fixture(scope="module")
def cifar(open_shared_tab: OpenTab, serve: Serve, cifar_log: Path) -> Tab:
    return Tab(open_shared_tab(serve(cifar_log), viewport={"width": WIDTH, "height": HEIGHT}))


def last_step(logdir: Path, run: str, tag: str) -> int:
    return LogReader(logdir).steps(run, tag)[-1]


def make_high(tab: Tab, height: int) -> None:
    tab.page.set_viewport_size({"width": WIDTH, "height": height})


def colours_of(tiles: NDArray[np.uint8]) -> set[tuple[int, ...]]:
    """The colours that tiles ``(place, height, width, 4)`` are painted in, RGB."""
    return {tuple(colour) for colour in tiles[..., :3].reshape(-1, 3).tolist()}


def test_kernels_are_gray_a_row_a_filter_and_a_column_an_input_channel(
    filters: Tab, filters_log: Path, tmp_path: Path
) -> None:
    chosen = "conv1/kernel|conv2_fine/kernel|class/kernel"
    make_high(filters, TALL)
    filters.open_state(colours="gray", layers=chosen, tile_size="small")
    for run in ("relu", "tanh"):
        for tag, tiles in (("conv1", 8), ("conv2_fine", 64), ("class", 1)):
            tag = f"weights/{tag}/kernel"  # noqa: PLW2901
            canvas = filters.wait_until_painted(run, tag, last_step(filters_log, run, tag))
            expect(canvas).to_have_attribute("data-tiles", str(tiles))
            colours = colours_of(painted_tiles(canvas))
            assert len(colours) > 5
            assert all(red == green == blue for red, green, blue in colours)
        fine = filters.grid(run, "weights/conv2_fine/kernel")
        expect(fine).to_have_attribute("data-columns", "8")
    keep_picture(filters, f"{FILTERS}_kernels", tmp_path)
    make_high(filters, HEIGHT)


def test_activations_are_in_viridis_beside_the_digit(
    filters: Tab, filters_log: Path, tmp_path: Path, colour_tables: dict[str, Any]
) -> None:
    tag = "activations/conv3"
    choices = {"layer_mode": "one", "layer": tag, "sample": "3", "scale": "per-run"}
    filters.open_state(view="activations", colours="viridis", **choices)
    table = {tuple(colour[:3]) for colour in colour_tables["viridis"]}
    for run in ("relu", "tanh"):
        canvas = filters.wait_until_painted(run, tag, last_step(filters_log, run, tag))
        expect(canvas).to_have_attribute("data-tiles", "16")
        assert colours_of(painted_tiles(canvas)) <= table
    expect(filters.by_id("stage").locator("[data-testid='sample-pictures']")).to_have_count(2)
    keep_picture(filters, f"{FILTERS}_activations", tmp_path)


def test_the_graph_has_a_typed_node_for_every_layer(filters: Tab, tmp_path: Path) -> None:
    make_high(filters, TALL)
    filters.open_state(view="graph", runs="!tanh/nnviz")
    nodes = filters.by_id("graph-node")
    expect(nodes).to_have_count(14)
    expected = {
        "conv2_coarse": "convolution",
        "pool1": "pooling",
        "join": "merging",
        "normalize": "normalization",
        "shortcut": "merging",
        "dropout": "regularization",
        "class": "dense",
    }
    for path, category in expected.items():
        node = filters.frame.locator(f"[data-testid='graph-node'][data-path='{path}']")
        expect(node).to_have_attribute("data-category", category)
    keep_picture(filters, f"{FILTERS}_graph", tmp_path)
    make_high(filters, HEIGHT)


def test_every_channel_has_its_digits(filters: Tab, filters_log: Path, tmp_path: Path) -> None:
    filters.open_state(view="top_samples", tile_size="medium")
    tag = "top_samples/conv1"
    for run in ("relu", "tanh"):
        canvas = filters.wait_until_painted(run, tag, last_step(filters_log, run, tag))
        expect(canvas).to_have_attribute("data-tiles", "64")
    keep_picture(filters, f"{FILTERS}_top_samples", tmp_path)


def test_nine_layers_are_in_three_groups_of_three_before_and_after(
    cifar: Tab, cifar_log: Path, tmp_path: Path
) -> None:
    make_high(cifar, TALL)
    cifar.open_state(view="histograms", layers="kernel", layers_per_plot="3", height="density")
    plots = cifar.frame.locator("svg[data-testid='histogram-plot'][data-painted='true']")
    panels = cifar.frame.locator("[data-testid='panel']")
    expect(panels).to_have_count(3)
    last = last_step(cifar_log, ALL_CONV, "histograms/conv1/kernel")
    for number, first in enumerate(("conv1", "conv4", "conv7")):
        third = f"conv{int(first[-1]) + 2}"
        panels.nth(number).scroll_into_view_if_needed()
        expect(panels.nth(number)).to_contain_text(f"{first}/kernel … {third}/kernel")
        expect(plots.nth(number)).to_have_attribute("data-step", str(last))
        expect(plots.nth(number)).to_have_attribute("data-reference-step", "0")
        expect(plots.nth(number).locator("[data-testid='histogram-curve']")).to_have_count(6)
    panels.first.scroll_into_view_if_needed()
    keep_picture(cifar, f"{CIFAR}_histograms", tmp_path)
    make_high(cifar, HEIGHT)


def test_27_of_128_channels_are_played_from_the_picture_to_layer_9(
    cifar: Tab, cifar_log: Path, tmp_path: Path
) -> None:
    cifar.open_state(view="activations")
    cifar.by_id("play-through").click()
    stops = ["input", "conv3", "conv6", "conv9"]
    assert layer_walk.watch(cifar, len(stops)) == stops
    for stop in stops[1:]:
        tag = f"activations/{stop}"
        choices = {"layer_mode": "one", "layer": tag, "sample": "3", "scale": "per-tile"}
        cifar.open_state(view="activations", colours="viridis", **choices)
        canvas = cifar.wait_until_painted(ALL_CONV, tag, last_step(cifar_log, ALL_CONV, tag))
        expect(canvas).to_have_attribute("data-tiles", "27")
        expect(cifar.by_id("stage")).to_contain_text("27 of 128 channels")
        keep_picture(cifar, f"{CIFAR}_{stop}", tmp_path)


def test_interior_and_integrated_gradients_stand_beside_each_picture(
    cifar: Tab, cifar_log: Path, tmp_path: Path
) -> None:
    last = last_step(cifar_log, ALL_CONV, "attributions/integrated_gradients")
    cifar.open_state(view="attributions", scale="per-tile", alphas="all")
    for sample in range(3):
        for part in ("map", "overlay", "interior"):
            painted_at(cifar, part, ALL_CONV, sample, last)
        expect(proof_of(cifar, ALL_CONV, sample)).to_contain_text("evaluations")
    keep_picture(cifar, f"{CIFAR}_attributions", tmp_path)


@pytest.mark.parametrize("log", ["filters_log", "cifar_log"])
def test_nothing_goes_wrong_on_a_walk_through_all_of_it(
    open_tab: OpenTab, serve: Serve, request: pytest.FixtureRequest, log: str
) -> None:
    url = serve(request.getfixturevalue(log))
    views = walk_through(Tab(open_tab(url, "?darkMode=true")))
    assert {"activations", "graph"} <= set(views)
