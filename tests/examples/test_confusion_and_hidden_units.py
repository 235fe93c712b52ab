"""The example with confusions and hidden units shows what its text claims."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import keras
import numpy as np
import pytest
from numpy.typing import NDArray
from sklearn.metrics import confusion_matrix

import confusion_and_hidden_units
from confusion_and_hidden_units import make_one_layer, make_ten_hidden_units, train
from example_data import Images, load_digits
from tb_nnviz import Confusion, LogReader
from tests.conftest import MakeOnce
from tests.examples.coloured_digits import tint_digits, write_tinted_digits
from tests.examples.example_runs import (
    read_kernel,
    read_tiles,
    read_values,
    run_example,
    run_once,
)

NAME = "confusion_and_hidden_units"
GRAY, HIDDEN, COLOUR = "one-layer", "ten-hidden-units", "one-layer-colour"
MISTAKES = "one-layer-mistakes"
LAST, LAST_MISTAKES = 3, 2
# Rounding of the logged weights, summed over 784 pixels: what a logit may be off by, amply.
LOGIT_ERROR = 2e-3


@pytest.fixture(scope="module")
def quick_run(make_once: MakeOnce) -> tuple[Path, str]:
    return run_once(make_once, NAME, write_tinted_digits)


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


def read_confusion(reader: LogReader, run: str, step: int) -> Confusion:
    record = reader.read(run, "confusion", step)
    assert isinstance(record, Confusion)
    return record


def compute_logits(logdir: Path, run: str, step: int, images: Images) -> NDArray[np.float64]:
    """Scores before softmax, from nothing but the logged weights."""
    values = images.x.reshape(len(images), -1).astype(np.float64)
    if run == HIDDEN:
        values = values @ read_kernel(logdir, run, "hidden", step)
        values = np.maximum(values + read_bias(logdir, run, "hidden", step), 0)
    return values @ read_kernel(logdir, run, "scores", step) + read_bias(
        logdir, run, "scores", step
    )


def read_bias(logdir: Path, run: str, layer: str, step: int) -> NDArray[np.float64]:
    return read_values(logdir, run, f"weights/{layer}/bias", step).ravel()


def softmax(logits: NDArray[np.float64]) -> NDArray[np.float64]:
    exponents: NDArray[np.float64] = np.exp(logits - logits.max(axis=1, keepdims=True))
    sums: NDArray[np.float64] = exponents.sum(axis=1, keepdims=True)
    return exponents / sums


def listed_samples(confusion: Confusion) -> Iterator[tuple[int, int, list[int], list[float]]]:
    for (true, predicted), samples in confusion.cell_samples.items():
        indices = [sample.index for sample in samples]
        yield true, predicted, indices, [sample.confidence for sample in samples]


def test_every_run_is_logged_before_training_and_at_every_epoch(reader: LogReader) -> None:
    lasts = {GRAY: LAST, MISTAKES: LAST_MISTAKES, HIDDEN: LAST, COLOUR: LAST}
    assert set(reader.runs()) == set(lasts)
    for run, last in lasts.items():
        for tag in ("templates/scores", "confusion", "attributions/integrated_gradients"):
            assert reader.steps(run, tag) == list(range(last + 1))


@pytest.mark.usefixtures("reader")
def test_one_layer_has_a_gray_template_for_each_digit_and_its_corners_stay_zero(
    logdir: Path,
) -> None:
    record = read_tiles(logdir, GRAY, "templates/scores", LAST)
    assert record.axes == ("unit", "height", "width")
    assert record.values.shape == (10, 28, 28)
    assert record.labels["unit"] == tuple("0123456789")
    # But for the rounding of what is logged.
    assert np.abs(record.values[:, :2, :2]).max() < 1e-5
    assert np.abs(record.values).reshape(10, -1).max(axis=1).min() > 0.05
    kernel = read_kernel(logdir, GRAY, "scores", LAST)
    np.testing.assert_allclose(record.values.reshape(10, -1).T, kernel, atol=1e-4)


@pytest.mark.usefixtures("reader")
def test_on_pictures_in_colour_templates_are_in_the_colour_of_their_class(logdir: Path) -> None:
    record = read_tiles(logdir, COLOUR, "templates/scores", LAST)
    assert record.axes == ("unit", "height", "width", "color")
    assert record.values.shape == (10, 32, 32, 3)
    assert record.labels["unit"] == tuple(f"digit {digit}" for digit in range(10))
    _, colours = tint_digits()
    # Of the mean weight of each class, what tells it from the others lies along its colour.
    means = record.values.mean(axis=(1, 2)).astype(np.float64)
    assert ((means - means.mean(axis=0)) * (colours - colours.mean(axis=0))).sum() > 0


@pytest.mark.parametrize("run", [GRAY, MISTAKES, HIDDEN])
@pytest.mark.parametrize("step", [1, 2])
def test_counts_are_those_of_the_logged_weights(
    reader: LogReader, logdir: Path, run: str, step: int
) -> None:
    _, held_out = load_digits()
    logits = compute_logits(logdir, run, step, held_out)
    counts = read_confusion(reader, run, step).counts
    expected = confusion_matrix(held_out.y, logits.argmax(axis=1))
    # Logged weights are rounded, so samples with two scores alike may fall into either cell.
    ordered = np.sort(logits, axis=1)
    num_doubtful = int((ordered[:, -1] - ordered[:, -2] < 2 * LOGIT_ERROR).sum())
    assert num_doubtful <= 5
    assert np.abs(counts - expected).sum() <= 2 * num_doubtful
    assert counts.sum() == len(held_out) == 1000


@pytest.mark.parametrize("run", [GRAY, HIDDEN])
def test_each_cell_names_its_most_confident_samples_in_order(
    reader: LogReader, logdir: Path, run: str
) -> None:
    _, held_out = load_digits()
    probabilities = softmax(compute_logits(logdir, run, LAST, held_out))
    predictions, confidences = probabilities.argmax(axis=1), probabilities.max(axis=1)
    confusion = read_confusion(reader, run, LAST)
    assert set(confusion.cell_samples) == set(zip(*np.nonzero(confusion.counts), strict=True))
    for true, predicted, indices, logged in listed_samples(confusion):
        assert len(indices) == min(confusion.top_k, confusion.counts[true, predicted])
        assert (held_out.y[indices] == true).all()
        assert logged == sorted(logged, reverse=True)
        np.testing.assert_allclose(probabilities[indices, predicted], logged, atol=LOGIT_ERROR)
        is_in_cell = (held_out.y == true) & (predictions == predicted)
        is_in_cell[indices] = False
        if len(indices) == confusion.top_k:
            assert (confidences[is_in_cell] <= logged[-1] + LOGIT_ERROR).all()


def test_before_training_ties_are_in_the_order_of_the_samples(reader: LogReader) -> None:
    _, held_out = load_digits()
    confusion = read_confusion(reader, GRAY, 0)
    assert (confusion.counts[:, 0] == np.bincount(held_out.y)).all()
    for true, predicted, indices, confidences in listed_samples(confusion):
        assert predicted == 0
        assert indices == np.flatnonzero(held_out.y == true)[: confusion.top_k].tolist()
        np.testing.assert_allclose(confidences, 0.1, rtol=1e-6)


@pytest.mark.parametrize("run", [GRAY, HIDDEN])
def test_every_named_sample_has_its_picture_in_the_log_once(
    reader: LogReader, logdir: Path, run: str
) -> None:
    _, held_out = load_digits()
    pictures: dict[str, NDArray[np.float32]] = {}
    for step in reader.steps(run, "confusion/samples"):
        record = read_tiles(logdir, run, "confusion/samples", step)
        new = dict(zip(record.addresses["sample"], record.values, strict=True))
        assert not set(new) & set(pictures)
        pictures |= new
    for step in range(LAST + 1):
        confusion = read_confusion(reader, run, step)
        for index in confusion.named_samples():
            picture = pictures[confusion.addresses[index]]
            np.testing.assert_allclose(picture, held_out.x[index], atol=1 / 400)


@pytest.mark.usefixtures("reader")
def test_under_each_of_ten_hidden_units_are_the_weights_of_the_classes(logdir: Path) -> None:
    for step in range(LAST + 1):
        record = read_tiles(logdir, HIDDEN, "templates/hidden/class_weights", step)
        assert record.axes == ("unit", "height", "width")
        assert record.values.shape == (10, 10, 1)
        assert record.labels["height"] == tuple("0123456789")
        kernel = read_kernel(logdir, HIDDEN, "scores", step)
        # The kernel is logged in 16 bits; the bars are exact.
        np.testing.assert_allclose(record.values[:, :, 0], kernel, atol=np.ptp(kernel) / 100_000)
    assert read_values(logdir, HIDDEN, "templates/hidden", LAST).shape == (10, 28, 28)


def test_the_panel_shows_the_worst_mistakes_of_the_trained_network(
    reader: LogReader, logdir: Path
) -> None:
    _, held_out = load_digits()
    # It continues from the weights that the first run ended with.
    np.testing.assert_array_equal(
        read_values(logdir, MISTAKES, "weights/scores/kernel", 0),
        read_values(logdir, GRAY, "weights/scores/kernel", LAST),
    )
    before = read_confusion(reader, GRAY, LAST)
    worst = {before.addresses[mistake.index] for mistake in before.mistakes[:16]}
    panel = read_tiles(logdir, MISTAKES, "samples", 0)
    assert set(panel.addresses["sample"]) == worst
    assert len(worst) == 16
    true = [held_out.y[mistake.index] for mistake in before.mistakes[:16]]
    assert sorted(panel.labels["sample"]) == sorted(map(str, true))
    maps = read_tiles(logdir, MISTAKES, "attributions/integrated_gradients", 0)
    assert maps.values.shape == (16, 28, 28)


def test_training_makes_fewer_mistakes(reader: LogReader, output: str) -> None:
    for run, last, least in ((GRAY, LAST, 0.8), (HIDDEN, LAST, 0.6), (MISTAKES, 2, 0.85)):
        accuracy = read_confusion(reader, run, last).accuracy
        assert accuracy > least
        assert f"{run}: of 1000 other pictures {accuracy:.1%} are right" in output


@pytest.mark.parametrize("make_model", [make_one_layer, make_ten_hidden_units])
def test_counts_equal_those_of_scikit_learn_on_the_models_own_predictions(
    tmp_path: Path, make_model: Callable[[Images], Any]
) -> None:
    images, held_out = load_digits()
    model = make_model(images)
    train(model, (images.first(500), held_out), tmp_path / "run", epochs=1)
    confusion = read_confusion(LogReader(tmp_path), "run", 1)
    probabilities = model.predict(held_out.x, verbose=0)
    predictions = probabilities.argmax(axis=1)
    np.testing.assert_array_equal(confusion.counts, confusion_matrix(held_out.y, predictions))


def test_what_to_look_at_is_said(output: str, logdir: Path) -> None:
    assert f"tensorboard --logdir {logdir}" in output
    assert "NN VIZ" in output
    assert "left out" not in output
    for view in ("Templates, panel scores", "Templates, panel hidden", "Confusion", "Attributions"):
        assert f"- {view}" in output


def run_without_training(monkeypatch: pytest.MonkeyPatch, runs: list[str], *arguments: str) -> None:
    """Adds the names of the runs that would have been trained."""

    def note_run(_model: Any, _data: Any, log_dir: Path, *_: Any, **__: Any) -> None:
        runs.append(log_dir.name)

    monkeypatch.setattr(confusion_and_hidden_units, "train", note_run)
    monkeypatch.setattr("sys.argv", [NAME, *arguments])
    confusion_and_hidden_units.main()


def test_without_colour_pictures_it_is_quick_and_says_which_run_is_left_out(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], tmp_path: Path
) -> None:
    trained: list[str] = []
    run_without_training(monkeypatch, trained, "--quick", "--logdir", str(tmp_path / "log"))
    assert trained == [GRAY, MISTAKES, HIDDEN]
    assert "one-layer-colour: left out" in capsys.readouterr().out


def test_a_download_that_fails_is_found_before_any_training(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    def fail() -> None:
        raise OSError("no network")

    monkeypatch.setattr(keras.datasets.cifar10, "load_data", fail)
    trained: list[str] = []
    with pytest.raises(SystemExit, match="Pass --data"):
        run_without_training(monkeypatch, trained, "--logdir", str(tmp_path / "log"))
    assert trained == []


def test_gray_pictures_are_refused_before_any_training(tmp_path: Path) -> None:
    np.savez(tmp_path / "gray.npz", x=np.zeros((10, 8, 8), np.uint8), y=np.arange(10))
    completed = run_example(NAME, "--data", tmp_path / "gray.npz", "--logdir", tmp_path / "log")
    assert completed.returncode == 1
    assert "--data must have pictures in colour" in completed.stderr
    assert not (tmp_path / "log").exists()
