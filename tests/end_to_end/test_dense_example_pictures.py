"""What the examples with Dense layers show in the tab, and the pictures of it.

``make example-pictures`` stores them: look at each. Pictures in colour are then those of
``NNVIZ_COLOUR_DATA``, an NPZ file, or CIFAR-10 as Keras downloads it.
"""

from __future__ import annotations

import os
from pathlib import Path

import numpy as np
import pytest
from playwright.sync_api import expect

from tb_nnviz import LogReader
from tests.conftest import MakeOnce
from tests.end_to_end.attribution_tab import painted_at, proof_of
from tests.end_to_end.conftest import OpenTab, Serve
from tests.end_to_end.confusion_tab import ConfusionTab, read_confusion
from tests.end_to_end.example_pictures import KEPT, WIDTH, keep_picture, log_example
from tests.end_to_end.explorer_walk import walk_through
from tests.end_to_end.tab import Tab, painted_tiles
from tests.examples.coloured_digits import write_tinted_digits
from tests.examples.example_runs import read_values

pytestmark = pytest.mark.browser

TEMPLATES, CONFUSION = "weight_templates", "confusion_and_hidden_units"
RUNS = ("linear-500", "linear-all", "mlp-500", "mlp-all")
GRAY, COLOUR, HIDDEN = "one-layer", "one-layer-colour", "ten-hidden-units"
MISTAKES = "one-layer-mistakes"
HEIGHT = 900


@pytest.fixture(scope="module")
def templates_log(make_once: MakeOnce) -> Path:
    return log_example(TEMPLATES, make_once)


@pytest.fixture(scope="module")
def confusion_log(make_once: MakeOnce) -> Path:
    given = os.environ.get("NNVIZ_COLOUR_DATA")
    if not KEPT:
        return log_example(CONFUSION, make_once, write_tinted_digits)
    return log_example(CONFUSION, make_once, (lambda _: Path(given)) if given else None)


@pytest.fixture(scope="module")
def templates(open_shared_tab: OpenTab, serve: Serve, templates_log: Path) -> Tab:
    viewport = {"width": WIDTH, "height": HEIGHT}
    return Tab(open_shared_tab(serve(templates_log), viewport=viewport))


@pytest.fixture(scope="module")
def confusion(open_shared_tab: OpenTab, serve: Serve, confusion_log: Path) -> ConfusionTab:
    viewport = {"width": WIDTH, "height": HEIGHT}
    return ConfusionTab(open_shared_tab(serve(confusion_log), viewport=viewport))


def last_step(logdir: Path, run: str, tag: str) -> int:
    return LogReader(logdir).steps(run, tag)[-1]


def only(logdir: Path, *runs: str) -> str:
    """Unticks the other runs, as a link does."""
    others = [run for run in LogReader(logdir).runs() if run not in runs]
    return ",".join(f"!{run}/nnviz" for run in others)


@pytest.mark.parametrize(
    ("name", "view", "panel", "tiles", "choices"),
    [
        ("weights", "weights", "hidden_1/kernel", 512, {"show": "change-since-start"}),
        ("hidden_units", "templates", "hidden_2", 256, {"sort": "norm", "columns": "4"}),
    ],
)
def test_hidden_units_of_both_layers_are_pictures(
    templates: Tab,
    templates_log: Path,
    tmp_path: Path,
    name: str,
    view: str,
    panel: str,
    tiles: int,
    choices: dict[str, str],
) -> None:
    tag, runs = f"{view}/{panel}", RUNS[2:]
    templates.open_state(view=view, layers=panel, runs=only(templates_log, *runs), **choices)
    for run in runs:
        canvas = templates.wait_until_painted(run, tag, last_step(templates_log, run, tag))
        assert painted_tiles(canvas).std() > 3
    keep_picture(templates, f"{TEMPLATES}_{name}", tmp_path)
    expect(templates.panel(tag)).to_contain_text(f"of {tiles} tiles")
    templates.panel(tag).get_by_text("Show all").click()
    for run in runs:
        expect(templates.grid(run, tag)).to_have_attribute("data-tiles", str(tiles))


def test_every_class_has_a_template_in_all_four_runs(
    templates: Tab, templates_log: Path, tmp_path: Path
) -> None:
    tag = "templates/scores"
    choices = {"scale": "per-run", "columns": "5", "show": "change-since-start"}
    templates.open_state(view="templates", layers="^scores$", **choices)
    for run in RUNS:
        canvas = templates.wait_until_painted(run, tag, last_step(templates_log, run, tag))
        expect(canvas).to_have_attribute("data-tiles", "10")
        expect(canvas).to_have_attribute("data-show", "change-since-start")
    keep_picture(templates, f"{TEMPLATES}_scores", tmp_path)


def test_templates_of_one_layer_are_gray_for_digits_and_in_colour_for_colour(
    confusion: ConfusionTab, confusion_log: Path, tmp_path: Path
) -> None:
    tag, runs = "templates/scores", only(confusion_log, GRAY, COLOUR)
    choices = {"scale": "per-tile", "columns": "5"}
    confusion.open_state(view="templates", layers="^scores$", runs=runs, **choices)
    for run in (GRAY, COLOUR):
        canvas = confusion.wait_until_painted(run, tag, last_step(confusion_log, run, tag))
        expect(canvas).to_have_attribute("data-tiles", "10")
    # Red and blue about zero hold little green alone; colours of pictures hold any.
    tiles = painted_tiles(confusion.grid(COLOUR, tag)).astype(int)
    assert (tiles[..., 1] > np.maximum(tiles[..., 0], tiles[..., 2]) + 10).any()
    keep_picture(confusion, f"{CONFUSION}_templates", tmp_path)


def test_under_each_of_ten_hidden_units_is_a_bar_for_every_class(
    confusion: ConfusionTab, confusion_log: Path, tmp_path: Path
) -> None:
    tag, runs = "templates/hidden", only(confusion_log, HIDDEN)
    confusion.open_state(view="templates", layers="^hidden$", runs=runs, columns="10")
    last = last_step(confusion_log, HIDDEN, tag)
    confusion.wait_until_painted(HIDDEN, tag, last)
    bars = confusion.by_id("class-bars")
    expect(bars).to_have_attribute("data-step", str(last))
    weights = read_values(confusion_log, HIDDEN, f"{tag}/class_weights", last)[:, :, 0]
    for unit, digit in np.ndindex(10, 10):
        bar = bars.locator(f"[data-testid='class-bar'][data-unit='{unit}'][data-class='{digit}']")
        value = float(bar.get_attribute("data-value") or "nan")
        assert value == pytest.approx(weights[unit, digit], rel=1e-6)
        assert bar.get_attribute("class") == ("negative" if value < 0 else "positive")
    keep_picture(confusion, f"{CONFUSION}_hidden_units", tmp_path)


def test_a_cell_that_is_pointed_at_shows_its_most_confident_samples(
    confusion: ConfusionTab, confusion_log: Path, tmp_path: Path
) -> None:
    confusion.open_state(view="confusion", runs=only(confusion_log, GRAY))
    confusion.card()
    record = read_confusion(confusion_log, GRAY, last_step(confusion_log, GRAY, "confusion"))
    right = [[str(count or "·") for count in row] for row in record.counts.tolist()]
    assert confusion.texts(GRAY, 10) == right
    mistakes = record.counts * (1 - np.eye(10, dtype=int))
    for cell in ((0, 0), divmod(int(mistakes.argmax()), 10)):
        confusion.cell(GRAY, *cell).hover()
        expect(confusion.title(GRAY)).to_contain_text(str(cell[1]))
        samples = record.cell_samples[cell]
        detail = confusion.detail(GRAY)
        for sample in samples:
            confusion.picture(detail, sample.index)
            # Of what is nearly certain it says so: >99.9 %.
            shown = ">99.9" if sample.confidence > 0.9995 else f"{100 * sample.confidence:.1f}"
            expect(detail).to_contain_text(f"{shown} %")
        assert confusion.listed(GRAY) == [sample.index for sample in samples]
    # Without a pointer the most frequent mistake is shown.
    keep_picture(confusion, f"{CONFUSION}_matrix", tmp_path)


def test_the_worst_mistakes_are_explained(
    confusion: ConfusionTab, confusion_log: Path, tmp_path: Path
) -> None:
    choices = {"scale": "per-tile", "runs": only(confusion_log, MISTAKES)}
    confusion.open_state(view="attributions", **choices)
    last = last_step(confusion_log, MISTAKES, "attributions/integrated_gradients")
    for sample in range(3):
        for part in ("map", "overlay"):
            painted_at(confusion, part, MISTAKES, sample, last)
        expect(proof_of(confusion, MISTAKES, sample)).to_contain_text("predicted")
    keep_picture(confusion, f"{CONFUSION}_mistakes", tmp_path)


@pytest.mark.parametrize("log", ["templates_log", "confusion_log"])
def test_nothing_goes_wrong_on_a_walk_through_all_of_it(
    open_tab: OpenTab, serve: Serve, request: pytest.FixtureRequest, log: str
) -> None:
    url = serve(request.getfixturevalue(log))
    views = walk_through(Tab(open_tab(url, "?darkMode=true")))
    assert {"weights", "histograms"} <= set(views)
