"""The example with composed templates shows what its text claims, in all four runs."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
from numpy.typing import NDArray

from example_data import load_digits
from tb_nnviz import LogReader, TileArray
from tests.conftest import MakeOnce
from tests.examples.example_runs import read_kernel, read_tiles, read_values, run_once, run_quickly

NAME = "weight_templates"
MLPS, LINEARS = ("mlp-500", "mlp-all"), ("linear-500", "linear-all")
RUNS = (*LINEARS, *MLPS)
LAST = 3


@pytest.fixture(scope="module")
def quick_run(make_once: MakeOnce) -> tuple[Path, str]:
    return run_once(make_once, NAME)


@pytest.fixture(scope="module")
def logdir(quick_run: tuple[Path, str]) -> Path:
    return quick_run[0]


@pytest.fixture(scope="module")
def output(quick_run: tuple[Path, str]) -> str:
    return quick_run[1]


@pytest.fixture(scope="module")
def reader(logdir: Path, output: str) -> LogReader:
    assert output
    return LogReader(logdir)


def class_means(run: str) -> NDArray[np.float64]:
    """Mean image of each digit that the run was trained on, ``(class, pixel)``."""
    train, _ = load_digits()
    part = train.first(500) if run.endswith("500") else train
    means = [part.x[part.y == digit].mean(axis=0).ravel() for digit in range(10)]
    return np.array(means, np.float64)


def count_matches(templates: NDArray[np.float64], means: NDArray[np.float64]) -> int:
    """Classes whose template, less the mean template, correlates most with their mean image.

    The images' mean over the classes is removed likewise.
    """
    rows = templates.reshape(len(templates), -1)
    correlations = np.corrcoef(rows - rows.mean(axis=0), means - means.mean(axis=0))[:10, 10:]
    return int((correlations.argmax(axis=1) == np.arange(10)).sum())


def test_four_runs_are_logged_before_training_and_at_every_epoch(reader: LogReader) -> None:
    assert reader.runs() == sorted(RUNS)
    for run in RUNS:
        for tag in ("weights/scores/kernel", "templates/scores", "histograms/scores/kernel"):
            assert reader.steps(run, tag) == list(range(LAST + 1))


@pytest.mark.parametrize("run", RUNS)
@pytest.mark.usefixtures("reader")
def test_class_templates_resemble_their_class_after_training_alone(logdir: Path, run: str) -> None:
    means = class_means(run)
    matches = [
        count_matches(read_values(logdir, run, "templates/scores", step), means)
        for step in (0, LAST)
    ]
    assert matches[0] <= 4
    assert matches[1] >= 9


@pytest.mark.parametrize("run", RUNS)
@pytest.mark.usefixtures("reader")
def test_the_10_class_templates_have_the_digits_names(logdir: Path, run: str) -> None:
    record = read_tiles(logdir, run, "templates/scores", LAST)
    assert record.values.shape == (10, 28, 28)
    assert record.labels["unit"] == tuple("0123456789")


@pytest.mark.parametrize("run", MLPS)
@pytest.mark.usefixtures("reader")
def test_the_first_layer_has_512_tiles_and_the_second_256_composed_ones(
    logdir: Path, run: str
) -> None:
    first = read_tiles(logdir, run, "weights/hidden_1/kernel", LAST)
    assert first.values.shape == (512, 28, 28)
    assert first.omitted == ()
    second = read_tiles(logdir, run, "templates/hidden_2", LAST)
    assert second.values.shape == (256, 28, 28)
    assert second.omitted == ()


@pytest.mark.parametrize("run", RUNS)
@pytest.mark.parametrize("step", [0, LAST])
@pytest.mark.usefixtures("reader")
def test_templates_are_the_products_of_the_logged_matrices(
    logdir: Path, run: str, step: int
) -> None:
    layers = ("hidden_1", "hidden_2", "scores") if run in MLPS else ("scores",)
    product = np.eye(784)
    for layer in layers:
        product = product @ read_kernel(logdir, run, layer, step)
        template = read_values(logdir, run, f"templates/{layer}", step)
        # Weights and templates are kept in 16 bits, over the range of each picture.
        tolerance = 1e-3 * np.abs(product).max()
        np.testing.assert_allclose(template.reshape(len(template), -1).T, product, atol=tolerance)


def test_networks_of_one_kind_start_from_the_same_weights(reader: LogReader, logdir: Path) -> None:
    for few, every in (MLPS, LINEARS):
        for tag in (tag for tag in reader.tags(few) if tag.startswith("weights/")):
            for step in (0, LAST):
                ours, other = (read_values(logdir, run, tag, step) for run in (few, every))
                assert (ours == other).all() == (step == 0)


def test_more_digits_give_better_networks(output: str) -> None:
    accuracies = {
        line.split(":")[0]: float(line.split("pictures ")[1].split("%")[0])
        for line in output.splitlines()
        if "other pictures" in line
    }
    assert set(accuracies) == set(RUNS)
    assert min(accuracies.values()) > 60
    assert accuracies["mlp-all"] > accuracies["mlp-500"]
    assert accuracies["linear-all"] > accuracies["linear-500"]


def test_what_to_look_at_is_said(output: str, logdir: Path, reader: LogReader) -> None:
    assert f"tensorboard --logdir {logdir}" in output
    assert "NN VIZ" in output
    for panel in ("weights/hidden_1/kernel", "templates/hidden_2", "templates/scores"):
        view, _, path = panel.partition("/")
        assert f"{view.capitalize()}, panel {path}" in output
        assert panel in reader.tags("mlp-all")


def test_other_pictures_are_trained_on_with_their_own_shape_and_names(tmp_path: Path) -> None:
    random = np.random.default_rng(0)
    images = random.integers(0, 256, (60, 6, 5, 3), np.uint8)
    names = np.array(["ant", "bee"])
    np.savez(tmp_path / "data.npz", x=images, y=np.arange(60) % 2, names=names)
    logdir = tmp_path / "log"
    run_quickly(NAME, logdir, "--data", tmp_path / "data.npz")
    record = LogReader(logdir).read("linear-all", "templates/scores", LAST)
    assert isinstance(record, TileArray)
    assert record.axes == ("unit", "height", "width", "color")
    assert record.values.shape == (2, 6, 5, 3)
    assert record.labels["unit"] == ("ant", "bee")
