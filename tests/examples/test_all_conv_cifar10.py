"""The example with nine convolutions logs what its text shows."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import keras
import numpy as np
import pytest
from tensorboard.backend.event_processing.event_accumulator import EventAccumulator

import all_conv_cifar10
from all_conv_cifar10 import make_model
from example_data import Images
from tb_nnviz import Histogram, LogReader
from tb_nnviz.records import Graph
from tests.conftest import MakeOnce
from tests.examples.coloured_digits import write_320_coloured_digits
from tests.examples.example_runs import read_tiles, run_example, run_once

NAME, RUN = "all_conv_cifar10", "all_conv"
LAST, SAMPLES = 2, 3
# Side of the maps after each of the layers.
SHOWN = {"conv3": 32, "conv6": 16, "conv9": 8}


@pytest.fixture(scope="module")
def quick_run(make_once: MakeOnce) -> tuple[Path, str]:
    return run_once(make_once, NAME, write_320_coloured_digits)


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


def test_nine_layers_have_a_histogram_before_training_and_after_it(reader: LogReader) -> None:
    model = make_model((32, 32, 3), 10)
    kernels = [f"histograms/conv{number}/kernel" for number in range(1, 10)]
    histograms = [tag for tag, kind in reader.tags(RUN).items() if kind == "histogram"]
    assert [tag for tag in histograms if tag.endswith("/kernel")] == kernels
    for number, tag in enumerate(kernels, start=1):
        assert reader.steps(RUN, tag) == list(range(LAST + 1))
        before, after = (reader.read(RUN, tag, step) for step in (0, LAST))
        assert isinstance(before, Histogram)
        assert isinstance(after, Histogram)
        kernel = model.get_layer(f"conv{number}").kernel
        assert before.counts.sum() == after.counts.sum() == np.prod(kernel.shape)
        # A normal distribution whose variance is 2 ÷ the numbers that one value is made of, cut
        # off at two deviations and stretched to that variance.
        assert before.std == pytest.approx((2 / np.prod(kernel.shape[:3])) ** 0.5, rel=0.05)
        assert after.update_ratio is not None
        assert after.update_ratio > 0


def test_27_of_128_channels_are_shown_after_layers_3_6_and_9(
    logdir: Path, reader: LogReader
) -> None:
    maps = [tag for tag in reader.tags(RUN) if tag.startswith("activations/")]
    assert [tag for tag in maps if not tag.endswith("/pre_activation")] == [
        f"activations/{layer}" for layer in SHOWN
    ]
    for layer, side in SHOWN.items():
        for step in range(LAST + 1):
            record = read_tiles(logdir, RUN, f"activations/{layer}", step)
            assert record.axes == ("sample", "channel", "height", "width")
            assert record.values.shape == (SAMPLES, 27, side, side)
            assert record.omitted == ("27 of 128 channels",)
            assert record.labels["sample"] == ("n0", "n1", "n2")
            # Of ELU: negative values, but none below -1.
            assert -1.01 < record.values.min() < -0.5


@pytest.mark.usefixtures("output")
def test_the_walk_begins_at_the_pictures(logdir: Path) -> None:
    record = read_tiles(logdir, RUN, "samples", 0)
    assert record.axes == ("sample", "height", "width", "color")
    assert record.values.shape == (SAMPLES, 32, 32, 3)
    assert record.meaning == "image"


def test_the_graph_is_nine_convolutions_with_means_between(reader: LogReader) -> None:
    graph = reader.read(RUN, "graph", 0)
    assert isinstance(graph, Graph)
    convolutions = [node for node in graph.nodes if node.category == "convolution"]
    assert [node.name for node in convolutions] == [f"conv{number}" for number in range(1, 10)]
    assert {node.activation for node in convolutions} == {"elu"}
    pooling = [node.layer_type for node in graph.nodes if node.category == "pooling"]
    assert pooling == ["AveragePooling2D", "AveragePooling2D", "GlobalAveragePooling2D"]
    scores = graph.node("class")
    assert (scores.activation, scores.output_shapes) == ("softmax", ((None, 10),))


@pytest.mark.usefixtures("output")
def test_attributions_are_in_colour_and_their_sums_are_right(logdir: Path) -> None:
    for step in range(LAST + 1):
        record = read_tiles(logdir, RUN, "attributions/integrated_gradients", step)
        assert record.axes == ("sample", "height", "width", "color")
        assert record.values.shape == (SAMPLES, 32, 32, 3)
        assert "logit of the label" in record.notes
        statistics = record.statistics
        assert statistics["target"].tolist() == [0, 1, 2]
        assert statistics["converged"].all()
        difference = statistics["output_at_input"] - statistics["output_at_baseline"]
        maps = record.values.astype(np.float64)
        sums = maps.sum(axis=(1, 2, 3))
        size = np.abs(maps).sum(axis=(1, 2, 3))
        # The tolerance is 5 %; a 16-bit cell is wrong by its map's range ÷ 130,000 at most.
        allowed = 0.05 * np.maximum(np.abs(difference), 0.01 * size)
        allowed += np.ptp(maps, axis=(1, 2, 3)) / 130_000 * 32 * 32 * 3
        assert (np.abs(sums - difference) <= allowed).all()


@pytest.mark.usefixtures("output")
def test_interior_gradients_are_logged_along_the_path(logdir: Path) -> None:
    record = read_tiles(logdir, RUN, "attributions/interior_gradients", LAST)
    assert record.axes == ("sample", "alpha", "height", "width", "color")
    assert record.values.shape == (SAMPLES, 6, 32, 32, 3)
    assert record.labels["alpha"] == ("0.0625", "0.125", "0.25", "0.5", "0.75", "1")
    first, last = record.values[:, 0], record.values[:, -1]
    assert np.abs(first - last).max() > 0.01 * np.abs(last).max()


@pytest.mark.usefixtures("output")
@pytest.mark.parametrize("part", ["train", "validation"])
def test_keras_logs_accuracy_and_cost_in_the_same_run(logdir: Path, part: str) -> None:
    log = EventAccumulator(str(logdir / RUN / part))
    log.Reload()
    for tag in ("epoch_accuracy", "epoch_loss"):
        assert [event.step for event in log.Tensors(tag)] == list(range(LAST))


def test_what_is_printed_says_where_to_look(logdir: Path, output: str) -> None:
    assert f"tensorboard --logdir {logdir}\n" in output
    for place in ("tab NN VIZ", "Histograms", "Activations", "Attributions", "Scalars"):
        assert place in output
    assert f"{RUN}/train" in output


def test_quick_without_a_file_learns_coloured_digits_and_downloads_nothing(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], tmp_path: Path
) -> None:
    def fail() -> None:
        raise AssertionError("downloads")

    shapes: list[tuple[int, ...]] = []

    def note_shapes(_: Path, images: Images, held_out: Images, **__: Any) -> float:
        shapes.extend((images.x.shape, held_out.x.shape))
        assert images.class_names == tuple("0123456789")
        return 0.5

    monkeypatch.setattr(keras.datasets.cifar10, "load_data", fail)
    monkeypatch.setattr(all_conv_cifar10, "train", note_shapes)
    monkeypatch.setattr("sys.argv", [NAME, "--quick", "--logdir", str(tmp_path / "log")])
    all_conv_cifar10.main()
    assert shapes == [(256, 32, 32, 3), (64, 32, 32, 3)]
    assert "coloured digits" in capsys.readouterr().out


def test_pictures_without_colour_are_refused(tmp_path: Path) -> None:
    np.savez(tmp_path / "gray.npz", x=np.zeros((10, 8, 8), np.uint8), y=np.arange(10))
    completed = run_example(NAME, "--data", tmp_path / "gray.npz", "--logdir", tmp_path / "log")
    assert completed.returncode == 1
    assert "must have pictures in colour" in completed.stderr
    assert "(8, 8)" in completed.stderr
    assert not (tmp_path / "log").exists()
