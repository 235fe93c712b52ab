"""`ModelGraph` and the view ``graph``: once a fit, as soon as the model is built."""

from __future__ import annotations

import copy
import pickle
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import keras
import numpy as np
import pytest

from tb_nnviz import LogReader, ModelGraph, NNViz, Notice
from tb_nnviz.records import Graph
from tests.callbacks.small_models import make_conv_net
from tests.conftest import Digits

layers = keras.layers


def train(model: Any, digits: Digits, callbacks: Sequence[Any], epochs: int = 2) -> None:
    images, labels = digits
    model.fit(images[:64], labels[:64], epochs=epochs, verbose=0, callbacks=list(callbacks))


def graphs_of(logdir: Path, run: str) -> list[Graph]:
    reader = LogReader(logdir)
    records = [reader.read(run, "graph", step) for step in reader.steps(run, "graph")]
    assert all(isinstance(record, Graph) for record in records)
    return [record for record in records if isinstance(record, Graph)]


def notices_of(logdir: Path, run: str) -> list[str]:
    reader = LogReader(logdir)
    if "notices" not in reader.tags(run):
        return []
    records = [reader.read(run, "notices", step) for step in reader.steps(run, "notices")]
    return [record.message for record in records if isinstance(record, Notice)]


def test_the_graph_is_logged_once_before_training(digits: Digits, tmp_path: Path) -> None:
    train(make_conv_net(), digits, [ModelGraph(tmp_path / "run")], epochs=3)
    (graph,) = graphs_of(tmp_path, "run")
    assert LogReader(tmp_path).tags("run") == {"graph": "graph"}
    assert [node.path for node in graph.nodes] == [
        "input_layer",
        "reshape",
        "convolution",
        "flatten",
        "dense",
    ]
    assert graph.node("convolution").activation == "relu"
    assert graph.moment is not None
    assert (graph.moment.phase, graph.moment.step) == ("before", 0)


def test_each_fit_logs_what_is_frozen_now(digits: Digits, tmp_path: Path) -> None:
    model = make_conv_net()
    train(model, digits, [ModelGraph(tmp_path / "run")])
    model.get_layer("convolution").trainable = False
    model.compile("sgd", "sparse_categorical_crossentropy")
    train(model, digits, [ModelGraph(tmp_path / "run")])
    before, after = graphs_of(tmp_path, "run")
    assert before.node("convolution").trainable == "all"
    assert after.node("convolution").trainable == "none"


def test_everything_that_fits_has_the_graph_without_samples(digits: Digits, tmp_path: Path) -> None:
    train(make_conv_net(), digits, [NNViz(tmp_path / "run")])
    (graph,) = graphs_of(tmp_path, "run")
    logged = {tag.split("/")[1] for tag in LogReader(tmp_path).tags("run") if "weights/" in tag}
    assert logged <= {node.path for node in graph.nodes}
    assert notices_of(tmp_path, "run") == []


def test_the_view_can_be_asked_for_alone(digits: Digits, tmp_path: Path) -> None:
    train(make_conv_net(), digits, [NNViz(tmp_path / "run", views=["graph"])])
    assert LogReader(tmp_path).tags("run") == {"graph": "graph"}


def test_two_callbacks_on_one_directory_log_one_graph(digits: Digits, tmp_path: Path) -> None:
    callbacks = [ModelGraph(tmp_path / "run"), NNViz(tmp_path / "run", views=["graph"])]
    train(make_conv_net(), digits, callbacks)
    assert len(graphs_of(tmp_path, "run")) == 1
    assert notices_of(tmp_path, "run") == []


class Late(keras.Model):
    def __init__(self) -> None:
        super().__init__()
        self.flatten = layers.Flatten()
        self.hidden = layers.Dense(10, name="hidden")
        self.scores = layers.Dense(10, "softmax", name="scores")

    def call(self, inputs: Any) -> Any:
        hidden = self.hidden(self.flatten(inputs))
        return self.scores(hidden + keras.ops.relu(hidden))


def test_a_model_that_training_builds_is_logged_after_the_first_epoch(
    digits: Digits, tmp_path: Path
) -> None:
    model = Late()
    model.compile("sgd", "sparse_categorical_crossentropy")
    train(model, digits, [ModelGraph(tmp_path / "run")])
    (graph,) = graphs_of(tmp_path, "run")
    assert graph.moment is not None
    assert (graph.moment.phase, graph.moment.step) == ("during", 1)
    assert {(one.source, one.target) for one in graph.edges} == {
        ("flatten", "hidden"),
        ("hidden", "relu"),
        ("hidden", "add"),
        ("relu", "add"),
        ("add", "scores"),
    }
    (message,) = notices_of(tmp_path, "run")
    assert "Before training is not available" in message


def test_samples_build_the_model_so_that_its_graph_is_logged_before_training(
    digits: Digits, tmp_path: Path
) -> None:
    model = Late()
    model.compile("sgd", "sparse_categorical_crossentropy")
    images, labels = digits
    callback = NNViz(tmp_path / "run", validation_data=(images[:20], labels[:20]), views=["graph"])
    train(model, digits, [callback])
    (graph,) = graphs_of(tmp_path, "run")
    assert graph.moment is not None
    assert graph.moment.phase == "before"
    assert graph.outputs == ("scores",)


def test_the_announcement_says_that_it_is_logged_once(
    digits: Digits, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    images, labels = digits
    make_conv_net().fit(
        images[:32], labels[:32], epochs=1, verbose=2, callbacks=[ModelGraph(tmp_path / "run")]
    )
    said = next(line for line in capsys.readouterr().out.splitlines() if line.startswith("nnviz"))
    assert said.startswith("nnviz: logging graph (1 tag), once: ")
    (path,) = (tmp_path / "run" / "nnviz").iterdir()
    announced = float(said.split("once: ")[1].split(" KB")[0]) * 1000
    assert 0.5 < announced / path.stat().st_size < 2


def test_a_callback_can_be_copied_after_training(digits: Digits, tmp_path: Path) -> None:
    callback = ModelGraph(tmp_path / "run")
    train(make_conv_net(), digits, [callback])
    for again in (copy.deepcopy(callback), pickle.loads(pickle.dumps(callback))):  # noqa: S301
        train(make_conv_net(), digits, [again])
    assert len(graphs_of(tmp_path, "run")) == 3


def test_a_graph_that_cannot_be_read_ends_no_training(
    digits: Digits, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fail(*_: Any) -> Any:
        raise RuntimeError("no such graph")

    monkeypatch.setattr("tb_nnviz.callbacks.graph_view.read_model_graph", fail)
    with pytest.warns(RuntimeWarning, match="no such graph"):
        train(make_conv_net(), digits, [ModelGraph(tmp_path / "run")])


def test_deep_models_are_read_in_no_time_that_matters(digits: Digits, tmp_path: Path) -> None:
    class Deep(keras.Model):
        def __init__(self) -> None:
            super().__init__()
            self.flatten = layers.Flatten()
            self.hidden = [layers.Dense(4, "relu") for _ in range(150)]
            self.scores = layers.Dense(10, "softmax")

        def call(self, inputs: Any) -> Any:
            value = self.flatten(inputs)
            for layer in self.hidden:
                value = layer(value)
            return self.scores(value)

    model = Deep()
    model.compile("sgd", "sparse_categorical_crossentropy")
    model(np.zeros((1, 28, 28), np.float32))
    train(model, digits, [ModelGraph(tmp_path / "run")], epochs=1)
    (graph,) = graphs_of(tmp_path, "run")
    assert len(graph.nodes) == 152
    assert len(graph.edges) == 151
