"""The example with convolutions logs what its text shows, of both networks."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import keras
import numpy as np
import pytest
from numpy.typing import NDArray

from conv_filters import ACTIVATIONS, make_model
from example_data import load_digits
from tb_nnviz import LogReader
from tb_nnviz.records import Graph
from tests.conftest import MakeOnce
from tests.examples.example_runs import read_tiles, run_once

NAME = "conv_filters"
LAST = 2
CONVOLUTIONS = {
    "conv1": (8, 1, 5, 5),
    "conv2_coarse": (8, 8, 5, 5),
    "conv2_fine": (8, 8, 3, 3),
    "conv3": (16, 16, 3, 3),
}
# Maps are stored in 8 bits over each tile's range.
QUANTIZATION = 1 / 500


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


@pytest.fixture(params=ACTIVATIONS)
def run(request: pytest.FixtureRequest) -> str:
    return str(request.param)


def model_before_training(activation: str) -> Any:
    """The model as the example has made it."""
    keras.utils.set_random_seed(0)
    return make_model((28, 28, 1), 10, activation)


def histories_in(arguments: Any) -> Iterator[tuple[str, int, int]]:
    """Name, call and output of every tensor that a config names."""
    if isinstance(arguments, dict) and arguments.get("class_name") == "__keras_tensor__":
        name, call, output = arguments["config"]["keras_history"]
        yield name, call, output
    elif isinstance(arguments, (dict, list, tuple)):
        for one in arguments.values() if isinstance(arguments, dict) else arguments:
            yield from histories_in(one)


def test_both_networks_are_logged_before_training_and_at_every_epoch(reader: LogReader) -> None:
    assert reader.runs() == sorted(ACTIVATIONS)
    for run in ACTIVATIONS:
        for tag in ("weights/conv1/kernel", "activations/conv1", "top_samples/conv1"):
            assert reader.steps(run, tag) == list(range(LAST + 1))


@pytest.mark.parametrize("layer", CONVOLUTIONS)
def test_each_filter_has_a_tile_for_each_input_channel(
    logdir: Path, reader: LogReader, run: str, layer: str
) -> None:
    tag = f"weights/{layer}/kernel"
    before, after = (read_tiles(logdir, run, tag, step) for step in (0, LAST))
    assert before.axes == ("filter", "in_channel", "height", "width")
    assert before.values.shape == CONVOLUTIONS[layer]
    assert before.omitted == ()
    kernel = model_before_training(run).get_layer(layer).kernel.numpy()
    # Of Keras: (height, width, in_channel, filter). Tiles as small as these are exact.
    np.testing.assert_array_equal(before.values, kernel.transpose(3, 2, 0, 1))
    assert reader.steps(run, tag)[-1] == LAST
    assert (after.values != before.values).mean() > 0.9


@pytest.mark.usefixtures("output")
def test_the_scores_weights_are_one_matrix(logdir: Path, run: str) -> None:
    record = read_tiles(logdir, run, "weights/class/kernel", LAST)
    assert record.values.shape == (32, 10)
    assert record.represents == {"height": "input", "width": "unit"}


@pytest.mark.usefixtures("output")
def test_every_channel_has_a_map_of_one_digit_of_each_class(logdir: Path, run: str) -> None:
    sizes = {"conv1": (8, 28, 28), "pool1": (8, 14, 14), "join": (16, 14, 14), "pool2": (16, 7, 7)}
    for layer, size in sizes.items():
        record = read_tiles(logdir, run, f"activations/{layer}", LAST)
        assert record.axes == ("sample", "channel", "height", "width")
        assert record.values.shape == (10, *size)
        assert record.labels["sample"] == tuple("0123456789")


@pytest.mark.usefixtures("output")
def test_maps_are_what_the_layers_make_of_one_another(logdir: Path, run: str) -> None:
    def maps(layer: str) -> NDArray[np.float64]:
        record = read_tiles(logdir, run, f"activations/{layer}", LAST)
        return record.values.astype(np.float64)

    before, after = maps("conv1/pre_activation"), maps("conv1")
    error = (np.ptp(before) + np.ptp(after)) * QUANTIZATION
    expected = np.maximum(before, 0) if run == "relu" else np.tanh(before)
    np.testing.assert_allclose(after, expected, atol=error)
    blocks = after.reshape(10, 8, 14, 2, 14, 2).max(axis=(3, 5))
    np.testing.assert_allclose(maps("pool1"), blocks, atol=2 * error)
    parts = np.concatenate([maps("conv2_coarse"), maps("conv2_fine")], axis=1)
    np.testing.assert_allclose(maps("join"), parts, atol=2 * np.ptp(parts) * QUANTIZATION)


def test_the_graph_has_the_edges_of_the_models_config(reader: LogReader, run: str) -> None:
    graph = reader.read(run, "graph", 0)
    assert isinstance(graph, Graph)
    config = model_before_training(run).get_config()
    expected = [
        (source, call, output, layer["name"])
        for layer in config["layers"]
        for node in layer["inbound_nodes"]
        for source, call, output in histories_in([node["args"], node["kwargs"]])
    ]
    edges = [(one.source, one.source_call, one.source_output, one.target) for one in graph.edges]
    assert sorted(edges) == sorted(expected)
    targets = [target for source, _, _, target in edges if source == "normalize"]
    assert targets == ["conv3", "shortcut"]


def test_the_graphs_nodes_have_their_kinds(reader: LogReader, run: str) -> None:
    graph = reader.read(run, "graph", 0)
    assert isinstance(graph, Graph)
    kinds = {
        "image": "input",
        "conv1": "convolution",
        "pool1": "pooling",
        "join": "merging",
        "normalize": "normalization",
        "shortcut": "merging",
        "flatten": "reshaping",
        "dropout": "regularization",
        "class": "dense",
    }
    assert {path: graph.node(path).category for path in kinds} == kinds
    assert graph.node("conv3").activation == run
    # Two vectors of 16 numbers are learned, and two are statistics of the batches.
    assert graph.node("normalize").num_parameters == 64


@pytest.mark.usefixtures("output")
@pytest.mark.parametrize("layer", CONVOLUTIONS)
def test_every_channel_has_the_digits_that_excite_it_most_and_where(
    logdir: Path, run: str, layer: str
) -> None:
    record = read_tiles(logdir, run, f"top_samples/{layer}", LAST)
    assert record.axes == ("channel", "rank", "height", "width")
    channels = CONVOLUTIONS[layer][0]
    assert record.values.shape == (channels, 8, 28, 28)
    statistics = record.statistics
    assert (np.diff(statistics["activation"], axis=1) <= 0).all()

    _, held_out = load_digits()
    indices = statistics["sample_index"].astype(int)
    assert all(len(set(ranked)) == 8 for ranked in indices.tolist())
    np.testing.assert_allclose(record.values, held_out.x[:250][indices], atol=QUANTIZATION)

    for first, last in (("top", "bottom"), ("left", "right")):
        start, end = (statistics[f"place_{side}"] for side in (first, last))
        assert (start >= 0).all()
        assert (end <= 1).all()
        # As large as what the layer reads, less what lies beyond the edge.
        assert (end - start > 0).all()
    if layer == "conv1":
        width = statistics["place_right"] - statistics["place_left"]
        assert width.max() == pytest.approx(5 / 28)


def test_keras_logs_the_curves_of_the_same_run(logdir: Path, output: str) -> None:
    assert output
    for run in ACTIVATIONS:
        for part in ("train", "validation"):
            assert list((logdir / run / part).glob("events.out.tfevents.*"))


def test_what_is_printed_says_where_to_look(logdir: Path, output: str) -> None:
    assert f"tensorboard --logdir {logdir}\n" in output
    for place in ("tab NN VIZ", "Weights", "Activations", "Graph", "Top samples"):
        assert place in output
