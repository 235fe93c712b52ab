"""The screen in each of its states, beside stored screenshots of 1280x800 pixels.

``make gallery`` stores them anew: look at each before it is committed.
"""

from __future__ import annotations

import json
import os
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import pytest
from playwright.sync_api import Page, Route, expect

from tests.end_to_end import (
    activation_logs,
    attribution_logs,
    class_bars_logs,
    column_logs,
    confusion_logs,
    difference_logs,
    graph_logs,
    layer_logs,
    logs,
    tile_logs,
    tile_order_logs,
    top_samples_logs,
)
from tests.end_to_end.attribution_tab import painted_at
from tests.end_to_end.conftest import MakeLog, OpenTab, Serve
from tests.end_to_end.graph_tab import node as graph_node
from tests.end_to_end.picture_comparison import (
    MAX_BYTES,
    Pixels,
    compare_pictures,
    decode_png,
    encode_small_png,
    read_picture,
)
from tests.end_to_end.tab import FRAME, Tab, state_hash

pytestmark = pytest.mark.browser

GALLERY = Path("tests/end_to_end/gallery")
SIZE = {"width": 1280, "height": 800}
# Of the 16,000 blocks of a picture. Measured: hinting and subpixel positioning of letters change at
# most 0.04 % of them, another face of the same widths 0.4 %; four pixels more above a panel's
# header 7 to 11 %, a header that wraps 16 %.
TOLERANCE = 0.005
KERNEL = "weights/dense/kernel"


# The faces of the screen as TensorBoard itself brings them along, so that texts are as wide on
# every machine. Those that the machine may have installed under these names are left out.
_USE_OWN_FONTS = """async () => {
  const families = ["Roboto", "Roboto Mono"];
  if (document.fonts.size > 0) return families;
  const rules = [...window.parent.document.styleSheets]
    .flatMap((sheet) => [...sheet.cssRules])
    .filter((rule) => rule instanceof window.parent.CSSFontFaceRule);
  for (const { style } of rules) {
    const property = (name) => style.getPropertyValue(name);
    const family = property("font-family").replaceAll(/["']/g, "");
    const url = /url\\(["']?([^"')]+)/.exec(property("src"))?.[1];
    if (!families.includes(family) || property("font-style") !== "normal" || !url) continue;
    const source = `url(${new URL(url, window.parent.document.baseURI)})`;
    const [weight, unicodeRange] = [property("font-weight"), property("unicode-range")];
    document.fonts.add(new FontFace(family, source, { weight, unicodeRange }));
  }
  for (const family of families)
    for (const weight of [400, 500, 600, 700])
      await document.fonts.load(`${weight} 13px "${family}"`, "a+1");
  const loaded = [...document.fonts].filter(({ status }) => status === "loaded");
  return families.filter((family) =>
    loaded.some((face) => face.family.replaceAll(/["']/g, "") === family));
}"""


@dataclass(frozen=True)
class State:
    """What a picture of the gallery shows.

    Attributes:
        log: writes the log; None for an empty directory.
        arrange: waits until the screen shows it.
        link: keys of the link that is opened.
        flags: of tensorboard.
        query: of TensorBoard's page.
        answer: answers requests in the server's place, and which ones.
    """

    log: Callable[[Path], None] | None
    arrange: Callable[[Tab], object]
    link: tuple[tuple[str, str], ...] = ()
    flags: tuple[str, ...] = ()
    query: str = ""
    answer: tuple[str, Callable[[Route], None]] | None = None


def painted(*runs: str, step: int, tag: str = KERNEL) -> Callable[[Tab], object]:
    def arrange(tab: Tab) -> None:
        for run in runs:
            tab.wait_until_painted(run, tag, step)
        # Colours are of all runs once those out of sight are known.
        expect(tab.panel(tag).locator("[data-testid='shared-over']")).to_have_count(0)

    return arrange


def drawn(count: int) -> Callable[[Tab], object]:
    def arrange(tab: Tab) -> None:
        plots = tab.frame.locator("svg[data-testid='histogram-plot'][data-painted='true']")
        expect(plots.nth(count - 1)).to_be_visible()
        expect(tab.frame.locator("svg.spark path").first).to_be_attached()

    return arrange


def seen(test_id: str) -> Callable[[Tab], object]:
    return lambda tab: expect(tab.by_id(test_id).first).to_be_visible()


def large(tag: str, *, runs: int, films: int) -> Callable[[Tab], object]:
    """A tile in the large with all that is drawn of it."""

    def arrange(tab: Tab) -> None:
        canvas = f"canvas[data-testid='grid'][data-tag='{tag}'][data-painted='true']"
        expect(tab.by_id("tile-column").locator(canvas)).to_have_count(runs)
        cells = tab.frame.locator("[data-testid='film-cell'][data-painted='true']")
        expect(cells).to_have_count(films)
        expect(tab.by_id("tile-curve-line")).to_have_count(4)
        expect(tab.by_id("tile-histogram")).to_have_attribute("data-painted", "true")
        for related in tab.by_id("related").locator("canvas[data-testid='grid']").all():
            expect(related).to_have_attribute("data-painted", "true")
        expect(tab.by_id("tile-progress")).to_have_count(0)

    return arrange


def below(arrange: Callable[[Tab], object]) -> Callable[[Tab], object]:
    """The same, scrolled to its end."""

    def arrange_below(tab: Tab) -> None:
        arrange(tab)
        tab.frame.locator("nnviz-tile-place").evaluate("place => place.scrollTo(0, 1e6)")

    return arrange_below


TILE = large(tile_logs.KERNEL, runs=2, films=12)
#: Of two runs, the second of which lacks it.
LACKING_TILE = large(tile_logs.CONV_KERNEL, runs=1, films=3)
TILE_LINK = (("tile", f"{tile_logs.KERNEL}:3"), ("open", "1"))


def fail(route: Route) -> None:
    body = json.dumps({"error": {"code": 503, "message": "the disk has gone"}})
    route.fulfill(status=503, body=body, content_type="application/json")


def keep_waiting(_route: Route) -> None:
    """Never answers; the request ends with its page."""


def pressing_help(tab: Tab) -> None:
    TWO_RUNS(tab)
    tab.page.keyboard.press("?")
    expect(tab.by_id("help-dialog")).to_be_visible()


TWO_RUNS = painted("mlp-4000", "mlp-500", step=4)
DARK = "?darkMode=true"
TWENTY = ("runs", ",".join(f"{run}/nnviz" for run in column_logs.RUNS))
DEEP = "weights/stage_7/conv2d_75/kernel"
SORTED_TILES = painted(
    *tile_order_logs.RUNS, step=tile_order_logs.STEPS[-1], tag=tile_order_logs.DENSE
)
SIMILAR = (
    ("sort", "similar"),
    ("similar_to", f"seed-2/nnviz,{tile_order_logs.DENSE},7"),
    ("hide_dead", "1"),
)
HISTOGRAMS = ("view", "histograms")
ACTIVATIONS = ("view", "activations")
TEMPLATES = ("view", "templates")
MAPS = "activations/conv2d"


def responding(*runs: str, tag: str = MAPS) -> Callable[[Tab], object]:
    """The samples' pictures are there too, beside the tiles of each run."""

    def arrange(tab: Tab) -> None:
        painted(*runs, step=activation_logs.STEPS[-1], tag=tag)(tab)
        pictures = tab.frame.locator("canvas[data-testid='sample-pictures']")
        expect(pictures.nth(len(runs) - 1)).to_be_visible()

    return arrange


def explained(*runs: str, step: int) -> Callable[[Tab], object]:
    return lambda tab: [painted_at(tab, "map", run, 0, step) for run in runs]


def confused(*runs: str) -> Callable[[Tab], object]:
    """The pictures of what is looked into are there too, where there are any."""

    def arrange(tab: Tab) -> None:
        for run in runs:
            shown = tab.frame.locator(f".run[data-run='{run}'] [data-testid='detail']")
            expect(shown).to_be_visible()
        expect(tab.by_id("pending-picture")).to_have_count(0)

    return arrange


CONFUSION = ("view", "confusion")


def drawn_graph(*paths: str) -> Callable[[Tab], object]:
    def arrange(tab: Tab) -> None:
        for path in paths:
            expect(graph_node(tab, path)).to_be_visible()

    return arrange


GRAPH = ("view", "graph")
ENCODER_OPEN = ("unfolded", "graph%3Aencoder")
WHOLE_TWINS = drawn_graph("encoder/dense", "head")
BARS = painted("first", "second", step=2, tag=class_bars_logs.TEMPLATES)
EXCITING = painted("first", "second", step=1, tag=top_samples_logs.MAPS)
TOP_SAMPLES = ("view", "top_samples")

ATTRIBUTIONS = ("view", "attributions")
LATEST = explained("first", step=3)

SAME_SAMPLES = ("runs", "!others/nnviz")
ALL_RESPONSES = responding("first", "second")
CLASS_TEMPLATES = painted("linear", "deep", step=0, tag="templates/dense")

STATES = {
    "nothing": State(None, seen("empty")),
    "loading": State(
        logs.write_large,
        lambda tab: expect(tab.frame.get_by_text("Loading…")).to_be_visible(),
        answer=("**/nnviz/index*", keep_waiting),
    ),
    "loading_records": State(
        logs.write_large, seen("panel"), answer=("**/nnviz/records*", keep_waiting)
    ),
    "error": State(logs.write_large, seen("error"), answer=("**/nnviz/index*", fail)),
    "sampled": State(
        logs.write_sampled,
        painted("long", step=59),
        flags=("--load_fast=true", "--samples_per_plugin=nnviz=10"),
    ),
    "not_finite": State(logs.write_not_finite, painted("diverged", step=1)),
    "long_names": State(
        logs.write_long_names,
        painted(logs.LONG_RUN, step=1, tag=f"weights/{logs.LONG_LAYER}/depthwise_kernel"),
    ),
    "one_tile": State(logs.write_one_tile, painted("single", step=2)),
    "tiles_512": State(logs.write_large, TWO_RUNS),
    "tiles_2000_dark": State(
        logs.write_2000_tiles, painted("wide", step=1), (("tile_size", "small"),), query=DARK
    ),
    "dark": State(logs.write_large, TWO_RUNS, query=DARK),
    "six_runs": State(
        logs.write_six_runs,
        # Four are in sight.
        painted(*(f"rate-0.{number}" for number in range(1, 5)), step=2),
        link=(("runs", ",".join(f"rate-0.{number}/nnviz" for number in range(1, 7))),),
    ),
    "twenty_runs": State(
        column_logs.write_twenty_runs,
        painted(*column_logs.RUNS[-3:-1], step=3),
        link=(TWENTY, ("left", f"{column_logs.RUNS[-3]}/nnviz:0")),
    ),
    "twenty_runs_histograms_dark": State(
        column_logs.write_twenty_runs,
        drawn(3),
        link=(TWENTY, HISTOGRAMS, ("left", f"{column_logs.RUNS[8]}/nnviz:0")),
        query=DARK,
    ),
    "layers_150": State(
        column_logs.write_deep_runs,
        painted(*column_logs.RUNS[:3], step=0, tag=DEEP),
        link=(TWENTY, ("top", f"{DEEP}:-80")),
    ),
    "layers_150_dark": State(
        column_logs.write_deep_runs,
        painted(*column_logs.RUNS[10:13], step=0, tag=DEEP),
        link=(TWENTY, ("top", f"{DEEP}:-80"), ("left", f"{column_logs.RUNS[10]}/nnviz:0")),
        query=DARK,
    ),
    "tile_order": State(
        tile_order_logs.write_tile_order,
        SORTED_TILES,
        link=(*SIMILAR, ("find", "3")),
    ),
    "tile_order_dark": State(
        tile_order_logs.write_tile_order,
        SORTED_TILES,
        link=(*SIMILAR, ("order_run", "seed-1/nnviz"), ("sort_reversed", "1")),
        query=DARK,
    ),
    "change_since_start": State(logs.write_large, TWO_RUNS, link=(("show", "change-since-start"),)),
    "difference": State(
        logs.write_large,
        TWO_RUNS,
        link=(("show", "difference"), ("pinned_run", "mlp-4000/nnviz")),
    ),
    "difference_refused_dark": State(
        difference_logs.write_differences,
        painted("base", "other", "twin", step=3, tag=difference_logs.KERNEL),
        link=(("show", "difference"), ("pinned_run", "base/nnviz"), ("pinned_point", "1;1")),
        query=DARK,
    ),
    "change_dark": State(
        logs.write_large, TWO_RUNS, link=(("show", "change-since-start"),), query=DARK
    ),
    "histograms_overlay": State(logs.write_large, drawn(2), link=(HISTOGRAMS,)),
    "histograms_ridge": State(logs.write_large, drawn(2), link=(HISTOGRAMS, ("plot", "ridge"))),
    "histograms_runs": State(
        logs.write_large, drawn(1), link=(HISTOGRAMS, ("plot", "runs"), ("height", "density"))
    ),
    "histograms_change": State(
        logs.write_large, drawn(2), link=(HISTOGRAMS, ("show", "change-since-start"))
    ),
    "histograms_difference_dark": State(
        logs.write_large,
        drawn(2),
        link=(
            HISTOGRAMS,
            ("show", "difference"),
            ("pinned_run", "mlp-500/nnviz"),
            ("height", "density"),
        ),
        query=DARK,
    ),
    "histograms_ridge_change": State(
        logs.write_large,
        drawn(2),
        link=(HISTOGRAMS, ("plot", "ridge"), ("show", "change-since-start")),
    ),
    "histograms_dark": State(logs.write_large, drawn(2), link=(HISTOGRAMS,), query=DARK),
    "activations": State(
        activation_logs.write_activations, ALL_RESPONSES, link=(ACTIVATIONS, SAME_SAMPLES)
    ),
    "activations_dark": State(
        activation_logs.write_activations,
        ALL_RESPONSES,
        link=(ACTIVATIONS, SAME_SAMPLES),
        query=DARK,
    ),
    "one_layer": State(
        activation_logs.write_activations,
        ALL_RESPONSES,
        link=(ACTIVATIONS, SAME_SAMPLES, ("layer_mode", "one"), ("layer", MAPS), ("sample", "2")),
    ),
    "other_samples": State(
        activation_logs.write_activations,
        responding("first", "others", tag="activations/dense"),
        link=(ACTIVATIONS, ("runs", "!second/nnviz"), ("layers", "dense")),
    ),
    "dead_channels": State(
        activation_logs.write_activations,
        ALL_RESPONSES,
        link=(ACTIVATIONS, SAME_SAMPLES, ("layers", "^conv2d$"), ("sort", "dead")),
    ),
    "templates": State(layer_logs.write_templates, CLASS_TEMPLATES, link=(TEMPLATES,)),
    "templates_colour": State(
        layer_logs.write_templates,
        painted("linear", "deep", step=0, tag="templates/conv2d"),
        link=(TEMPLATES, ("layers", "conv2d")),
    ),
    "templates_dark": State(
        layer_logs.write_templates, CLASS_TEMPLATES, link=(TEMPLATES,), query=DARK
    ),
    "attributions": State(
        attribution_logs.write_many_samples,
        explained("run-0", step=1),
        link=(ATTRIBUTIONS, ("runs", "!run-1/nnviz,!run-2/nnviz")),
    ),
    "attributions_runs": State(
        attribution_logs.write_attributions, LATEST, link=(ATTRIBUTIONS, SAME_SAMPLES)
    ),
    "attributions_dark": State(
        attribution_logs.write_attributions,
        LATEST,
        link=(ATTRIBUTIONS, SAME_SAMPLES),
        query=DARK,
    ),
    "attributions_all_alphas": State(
        attribution_logs.write_many_samples,
        explained("run-0", step=1),
        link=(ATTRIBUTIONS, ("runs", "!run-1/nnviz,!run-2/nnviz"), ("alphas", "all")),
    ),
    "attributions_colour": State(
        attribution_logs.write_attributions,
        explained("others", step=3),
        link=(ATTRIBUTIONS, ("runs", "!first/nnviz,!second/nnviz"), ("overlay", "mask")),
    ),
    "attributions_change_dark": State(
        attribution_logs.write_attributions,
        LATEST,
        link=(ATTRIBUTIONS, SAME_SAMPLES, ("show", "change-since-start"), ("overlay", "off")),
        query=DARK,
    ),
    "attributions_baselines": State(
        attribution_logs.write_baselines, explained("averaged", step=1), link=(ATTRIBUTIONS,)
    ),
    "attributions_inputs": State(
        attribution_logs.write_inputs,
        explained("two-inputs", step=1),
        link=(ATTRIBUTIONS, ("runs", "!channels/nnviz"), ("layers", "numbers|gradients$")),
    ),
    "attributions_parts": State(
        attribution_logs.write_parts, explained("whole", "bare", step=1), link=(ATTRIBUTIONS,)
    ),
    "confusion": State(
        confusion_logs.write_confusion,
        confused("first"),
        link=(CONFUSION, ("runs", "!second/nnviz"), ("cell", "confusion:3-4")),
    ),
    "confusion_runs": State(
        confusion_logs.write_confusion, confused("first", "second"), link=(CONFUSION,)
    ),
    "confusion_dark": State(
        confusion_logs.write_confusion,
        confused("first"),
        link=(CONFUSION, ("runs", "!second/nnviz"), ("cell", "confusion:3-4")),
        query=DARK,
    ),
    "confusion_samples_dark": State(
        confusion_logs.write_confusion,
        confused("first"),
        link=(CONFUSION, ("runs", "!second/nnviz"), ("cells", "samples")),
        query=DARK,
    ),
    "confusion_change": State(
        confusion_logs.write_confusion,
        confused("first", "second"),
        link=(CONFUSION, ("show", "change-since-start")),
    ),
    "confusion_difference": State(
        confusion_logs.write_confusion,
        confused("first", "second"),
        link=(CONFUSION, ("show", "difference"), ("pinned_run", "first/nnviz")),
    ),
    "confusion_difference_dark": State(
        confusion_logs.write_confusion,
        confused("second"),
        link=(
            CONFUSION,
            ("runs", "!first/nnviz"),
            ("show", "difference"),
            ("pinned_run", "first/nnviz"),
            ("cell", "confusion:2-3"),
        ),
        query=DARK,
    ),
    "confusion_sampled": State(
        confusion_logs.write_sparse,
        lambda tab: expect(tab.by_id("missing-pictures")).to_be_visible(),
        link=(CONFUSION, ("cells", "samples")),
        flags=("--load_fast=true", "--samples_per_plugin=nnviz=3"),
    ),
    "confusion_many": State(
        confusion_logs.write_many_classes, confused("thousand"), link=(CONFUSION,)
    ),
    "confusion_labels": State(
        confusion_logs.write_labels,
        confused("labels"),
        link=(CONFUSION, ("cell", "confusion:1-1")),
    ),
    "confusion_other_classes": State(
        confusion_logs.write_other_classes,
        confused("fewer", "renamed"),
        link=(CONFUSION, ("show", "change-since-start")),
    ),
    "graph": State(
        graph_logs.write_graphs, WHOLE_TWINS, link=(GRAPH, ENCODER_OPEN, ("layers", "=refine"))
    ),
    "graph_dark": State(
        graph_logs.write_graphs,
        WHOLE_TWINS,
        link=(GRAPH, ENCODER_OPEN, ("graph_direction", "down")),
        query=DARK,
    ),
    "graph_table": State(
        graph_logs.write_graphs, seen("graph-table"), link=(GRAPH, ("graph_form", "table"))
    ),
    "graph_models": State(
        graph_logs.write_two_models, drawn_graph("digit", "memory"), link=(GRAPH,)
    ),
    "graph_deep": State(graph_logs.write_deep_graph, drawn_graph("stem"), link=(GRAPH,)),
    "class_bars": State(class_bars_logs.write_class_bars, BARS, link=(TEMPLATES,)),
    "class_bars_dark": State(
        class_bars_logs.write_class_bars,
        BARS,
        link=(TEMPLATES, ("class_sort", f"{class_bars_logs.TEMPLATES}:2")),
        query=DARK,
    ),
    "class_bars_many": State(
        class_bars_logs.write_many_classes,
        painted("many", "without", step=0, tag=class_bars_logs.TEMPLATES),
        link=(TEMPLATES,),
    ),
    "top_samples": State(top_samples_logs.write_top_samples, EXCITING, link=(TOP_SAMPLES,)),
    "top_samples_dark": State(
        top_samples_logs.write_top_samples, EXCITING, link=(TOP_SAMPLES,), query=DARK
    ),
    "tile": State(tile_logs.write_tiles, TILE, link=TILE_LINK),
    "tile_change_dark": State(
        tile_logs.write_tiles,
        TILE,
        link=(*TILE_LINK, ("show", "change-since-start"), ("at", "1;4")),
        query=DARK,
    ),
    "tile_below": State(tile_logs.write_tiles, below(TILE), link=TILE_LINK),
    "tile_below_dark": State(tile_logs.write_tiles, below(TILE), link=TILE_LINK, query=DARK),
    "tile_sample": State(
        tile_logs.write_tiles,
        large(tile_logs.ACTIVATIONS, runs=2, films=12),
        link=(
            ("view", "activations"),
            ("sample", "1"),
            ("tile", f"{tile_logs.ACTIVATIONS}:5"),
            ("open", "1"),
        ),
    ),
    "tile_lacking": State(
        tile_logs.write_gray_and_colour,
        LACKING_TILE,
        link=(
            ("tile", f"{tile_logs.CONV_KERNEL}:4"),
            ("tile_run", "colour/nnviz"),
            ("open", "1"),
            ("scale", "per-run"),
        ),
    ),
    "tile_absent": State(
        tile_logs.write_tiles,
        seen("tile-absent"),
        link=(("tile", "weights/gone/kernel:0"), ("open", "1")),
    ),
    "help": State(logs.write_large, pressing_help),
}


OpenState = Callable[[State, str], Tab]


@pytest.fixture(scope="module")
def open_state(open_shared_tab: OpenTab) -> OpenState:
    """The tab, 1280x800 pixels large, as a state wants it; states of one log share a page."""
    tabs: dict[tuple[str, str], Tab] = {}

    def open_it(state: State, url: str) -> Tab:
        key = (url, state.query)
        if state.answer is None and key in tabs:
            tab = tabs[key]
            # Closes the list of keys, if that is what the page has shown last.
            tab.page.keyboard.press("Escape")
            tab.open_state(**dict(state.link))
        else:
            tab = open_page(state, url, open_shared_tab)
            if state.answer is None:
                tabs[key] = tab
        state.arrange(tab)
        assert tab.evaluate(_USE_OWN_FONTS) == ["Roboto", "Roboto Mono"]
        return tab

    return open_it


def open_page(state: State, url: str, open_tab: OpenTab) -> Tab:
    page = open_tab(
        "about:blank",
        # The browser itself writes a line for every failed request.
        expected="503" if state.answer is not None else "\0",
        viewport=SIZE,
        device_scale_factor=1,
        reduced_motion="reduce",
        locale="en-US",
        timezone_id="UTC",
    )
    if state.answer is not None:
        page.route(*state.answer)
    page.goto(f"{url}{state.query}#nnviz{state_hash(**dict(state.link))}")
    page.wait_for_selector(FRAME, state="attached")
    # TensorBoard's own bar stands above the tab.
    header = SIZE["height"] - page.locator(FRAME).evaluate("frame => frame.clientHeight")
    page.set_viewport_size({"width": SIZE["width"], "height": SIZE["height"] + header})
    return Tab(page)


def take_picture(page: Page) -> Pixels:
    """The tab's own part of the page, once two pictures in a row are the same."""
    before = b""
    for _ in range(20):
        now = page.locator(FRAME).screenshot(animations="disabled")
        if now == before:
            return decode_png(now)
        before = now
        page.wait_for_timeout(150)
    raise TimeoutError("the screen does not come to rest")


@pytest.mark.parametrize("name", STATES)
def test_a_state_looks_as_its_stored_picture(
    name: str,
    open_state: OpenState,
    serve: Serve,
    make_log: MakeLog,
    empty_log: Path,
    tmp_path: Path,
) -> None:
    state = STATES[name]
    logdir = empty_log if state.log is None else make_log(state.log)
    tab = open_state(state, serve(logdir, *state.flags))
    shown = take_picture(tab.page)
    assert shown.shape == (SIZE["height"], SIZE["width"], 3)
    path = GALLERY / f"{name}.png"
    if os.environ.get("NNVIZ_GALLERY"):
        path.parent.mkdir(exist_ok=True)
        path.write_bytes(encode_small_png(shown))
    if not path.exists():
        pytest.fail(f"{path} is missing; make it with `make gallery` and look at it")
    assert path.stat().st_size <= MAX_BYTES
    comparison = compare_pictures(shown, read_picture(path))
    if comparison.share > TOLERANCE:
        (tmp_path / path.name).write_bytes(encode_small_png(shown))
        pytest.fail(
            f"{comparison.share:.1%} of the blocks differ from {path}, within {comparison.box} "
            f"(left, top, right, bottom); now it looks as in {tmp_path / path.name}. If that is "
            "meant, run `make gallery` and look at the pictures."
        )


def test_the_gallery_holds_no_picture_of_a_state_that_is_gone() -> None:
    assert {path.stem for path in GALLERY.glob("*.png")} - STATES.keys() == set()


@pytest.mark.parametrize(
    ("change", "is_tolerated"),
    [
        (lambda picture: picture, True),
        # Every pixel off by what palettes and antialiasing may do.
        (lambda picture: np.clip(picture.astype(int) + 10, 0, 255), True),
        # The main area 8 pixels lower, as by a line of text that wraps.
        (lambda picture: np.vstack([picture[:100], picture[92:-8]]), False),
        (lambda picture: picture[:-8], False),
    ],
)
def test_the_comparison_sees_what_has_moved_and_not_what_is_hinted(
    change: Callable[[Pixels], Pixels], is_tolerated: bool
) -> None:
    stripes = logs.patterns(1, 1, 0, side=200)[0]
    picture = np.full((800, 1280, 3), 255, np.uint8)
    for top in range(120, 600, 160):
        tile = np.clip(128 + 400 * np.kron(stripes, np.ones((1, 4)))[:120, :800], 0, 255)
        picture[top : top + 120, 300:1100] = tile[..., None]
    changed = change(picture).astype(np.uint8)
    assert (compare_pictures(changed, picture).share <= TOLERANCE) == is_tolerated
