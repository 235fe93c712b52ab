"""The view Attributions on a log of `model.fit`: two fits of one run, whose samples differ."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
from playwright.sync_api import expect

from tb_nnviz import IntegratedGradients, LogReader, TileArray
from tests.conftest import Digits
from tests.end_to_end.attribution_tab import (
    assert_map,
    common_range,
    painted_at,
    percent,
    proof_of,
)
from tests.end_to_end.conftest import OpenTab, Serve
from tests.end_to_end.tab import Tab, canvas_image

pytestmark = pytest.mark.browser

RUN, LAST = "digits", 3
MAPS, INTERIOR = "attributions/integrated_gradients", "attributions/interior_gradients"


@pytest.fixture(scope="module")
def log(tmp_path_factory: pytest.TempPathFactory, digits: Digits) -> Path:
    """Steps 0 and 1 of one fit, 2 and 3 of another on other samples."""
    import keras

    logdir = tmp_path_factory.mktemp("trainings")
    images, labels = digits
    keras.utils.set_random_seed(0)
    model = keras.Sequential(
        [
            keras.Input((28, 28)),
            keras.layers.Flatten(),
            keras.layers.Dense(32, "relu"),
            keras.layers.Dense(10, "softmax"),
        ]
    )
    model.compile("adam", "sparse_categorical_crossentropy")
    for start in (1000, 1010):
        samples = (images[start : start + 4], labels[start : start + 4])
        callback = IntegratedGradients(logdir / RUN, samples, on_error="raise")
        model.fit(images[:400], labels[:400], verbose=0, callbacks=[callback])
    return logdir


@pytest.fixture(scope="module")
def tab(open_shared_tab: OpenTab, serve: Serve, log: Path) -> Tab:
    return Tab(open_shared_tab(serve(log), viewport={"width": 1600, "height": 1200}))


def read(log: Path, tag: str) -> TileArray:
    record = LogReader(log).read(RUN, tag, LAST)
    assert isinstance(record, TileArray)
    return record


def test_figures_and_maps_are_those_that_the_training_has_logged(
    tab: Tab, log: Path, colour_tables: dict[str, object]
) -> None:
    tab.open_state(view="attributions")
    record = read(log, MAPS)
    bounds = common_range([record, read(log, INTERIOR)])
    for sample in range(4):
        assert_map(painted_at(tab, "map", RUN, sample, LAST), record, colour_tables, bounds)
        proof = proof_of(tab, RUN, sample)
        statistics = {name: numbers[sample] for name, numbers in record.statistics.items()}
        expect(proof).to_contain_text(f"predicted {int(statistics['prediction'])}")
        expect(proof).to_contain_text(f"map ≤ {percent(statistics['refinement_error'])}")
        expect(proof).to_contain_text(f"{int(statistics['num_evaluations'])} evaluations")


def test_samples_of_the_second_fit_stand_beside_its_maps(tab: Tab, log: Path) -> None:
    tab.open_state(view="attributions")
    painted_at(tab, "map", RUN, 0, LAST)
    first, second = (LogReader(log).read(RUN, "samples", step) for step in (0, 2))
    assert isinstance(first, TileArray)
    assert isinstance(second, TileArray)
    rows = tab.frame.locator("[data-testid='attribution-row']")
    for sample in range(4):
        shown = canvas_image(rows.nth(sample).locator("canvas[data-part='input']"))[..., 0]
        assert np.abs(shown - 255 * second.values[sample]).max() <= 2
        assert np.abs(shown - 255 * first.values[sample]).max() > 100
    expect(tab.frame.get_by_text("others than these")).to_have_count(0)
