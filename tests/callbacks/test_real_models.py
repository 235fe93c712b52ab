"""Models of other people and of Keras, logged whole: every weight, and true to its values."""

from __future__ import annotations

import contextlib
import io
import math
import re
import time
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import keras
import numpy as np
import pytest
from keras import layers
from numpy.typing import NDArray

from tb_nnviz import Histogram, LogReader, NNViz, Notice, TileArray
from tb_nnviz.analysis.model_weights import PlannedWeight, plan_weights

NUM_SAMPLES = 16
CLASSES = np.arange(NUM_SAMPLES) % 5
MODELS = Path(__file__).parents[1] / "data" / "models"


def mini_xception() -> Any:
    """A small Xception for faces, of other people."""
    return keras.saving.load_model(MODELS / "fer_emotion_mini_xception.h5", compile=False)


def onet() -> Any:
    """A face detector with three outputs, of other people."""
    return keras.saving.load_model(MODELS / "mtcnn_onet.keras", compile=False)


def transformer() -> Any:
    """A Transformer block, with dropout, under a recurrent layer."""
    tokens = layers.Input((12,))
    embedded = layers.Embedding(200, 32)(tokens)
    attended = layers.MultiHeadAttention(4, 8, dropout=0.1)(embedded, embedded)
    attended = layers.LayerNormalization()(layers.Add()([embedded, attended]))
    dense = layers.Dense(32)(layers.Dense(64, "gelu")(attended))
    normal = layers.LayerNormalization()(layers.Add()([attended, dense]))
    read = layers.Bidirectional(layers.LSTM(16))(normal)
    return keras.Model(tokens, layers.Dense(5, "softmax")(layers.Dropout(0.1)(read)))


@dataclass(frozen=True)
class Logged:
    """A model that was trained with `NNViz`, and its weights as they were at each step."""

    logdir: Path
    planned: tuple[PlannedWeight, ...]
    values: list[dict[str, NDArray[Any]]]
    num_variables: int
    announced: str
    seconds_held: list[float]


class Remember(keras.callbacks.Callback):
    """Calls another callback, times it, and keeps the weights of every step it logs."""

    def __init__(self, logging: keras.callbacks.Callback) -> None:
        super().__init__()
        self.logging = logging
        self.values: list[dict[str, NDArray[Any]]] = []
        self.seconds_held: list[float] = []

    def set_model(self, model: Any) -> None:
        super().set_model(model)
        self.logging.set_model(model)
        self.planned, _ = plan_weights(model, None)

    def on_train_begin(self, logs: Any = None) -> None:
        self.logging.set_params(self.params)
        self.logging.on_train_begin()

    def on_epoch_begin(self, epoch: int, logs: Any = None) -> None:
        if epoch == 0:
            self._step(lambda: self.logging.on_epoch_begin(epoch))

    def on_epoch_end(self, epoch: int, logs: Any = None) -> None:
        self._step(lambda: self.logging.on_epoch_end(epoch))

    def on_train_end(self, logs: Any = None) -> None:
        self.logging.on_train_end()

    def _step(self, hook: Callable[[], None]) -> None:
        self.values.append(
            {
                one.key: keras.ops.convert_to_numpy(one.weight.variable).copy()
                for one in self.planned
            }
        )
        began = time.perf_counter()
        hook()
        self.seconds_held.append(time.perf_counter() - began)


def train(model: Any, logdir: Path, batch_size: int, num_samples: int) -> Logged:
    generator = np.random.default_rng(0)
    shape = model.inputs[0].shape[1:]
    samples = (
        generator.integers(0, 200, (NUM_SAMPLES, *shape))
        if len(shape) == 1
        else generator.random((NUM_SAMPLES, *shape), np.float32)
    )
    inputs = samples[:num_samples]
    targets = [
        generator.random((num_samples, output.shape[-1]), np.float32) for output in model.outputs
    ]
    model.compile("sgd", loss=["mse"] * len(targets))
    callback = NNViz(logdir / "run", validation_data=(samples, CLASSES), on_error="raise")
    remember = Remember(callback)
    output = io.StringIO()
    with contextlib.redirect_stdout(output):
        model.fit(
            inputs,
            targets if len(targets) > 1 else targets[0],
            batch_size=batch_size,
            epochs=2,
            verbose=2,
            callbacks=[remember],
        )
    lines = output.getvalue().splitlines()
    announced = next(line for line in lines if line.startswith("nnviz: "))
    return Logged(
        logdir,
        remember.planned,
        remember.values,
        len(model.variables),
        announced,
        remember.seconds_held,
    )


@pytest.fixture(
    scope="module",
    params=[mini_xception, onet, keras.applications.ResNet50, transformer],
    ids=["mini_xception", "onet", "resnet50", "transformer"],
)
def logged(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Logged:
    """Two epochs of two batches of each model; ResNet50 at 224x224."""
    make = request.param
    keras.utils.set_random_seed(0)
    model = make(weights=None) if make is keras.applications.ResNet50 else make()
    return train(model, tmp_path_factory.mktemp("real"), batch_size=1, num_samples=2)


def test_every_variable_has_a_tag_of_each_view_or_is_in_a_notice(logged: Logged) -> None:
    reader = LogReader(logged.logdir)
    tags = reader.tags("run")
    keys = {one.key for one in logged.planned}
    for view in ("weights", "histograms"):
        found = {tag.removeprefix(f"{view}/") for tag in tags if tag.startswith(f"{view}/")}
        assert keys == {tag for tag in found if not tag.endswith("/l2_norm")}
    said = []
    if "notices" in tags:
        records = [reader.read("run", "notices", step) for step in reader.steps("run", "notices")]
        said = [
            record.message
            for record in records
            if isinstance(record, Notice) and record.view == "weights"
        ]
    # Only the transformer has dropout and so states of random generators, which one notice names.
    num_states = logged.num_variables - len(keys)
    assert num_states == 0 or any("random generators" in message for message in said)
    assert len(said) == (num_states > 0)


def test_statistics_of_histograms_equal_numpys_at_every_step(logged: Logged) -> None:
    reader = LogReader(logged.logdir)
    for step, values in enumerate(logged.values):
        for key, weight in values.items():
            record = reader.read("run", f"histograms/{key}", step)
            assert isinstance(record, Histogram)
            exact = weight.astype(np.float64)
            said = (record.min, record.max, record.l2_norm, record.std)
            true = (exact.min(), exact.max(), math.sqrt((exact**2).sum()), exact.std())
            np.testing.assert_allclose(said, true, rtol=1e-6, atol=1e-12)
            # A mean near zero is known to 1e-6 of the spread, not of itself.
            spread = float(np.abs(exact).max()) if exact.size else 0.0
            assert record.mean == pytest.approx(exact.mean(), rel=1e-6, abs=1e-6 * spread)
            assert record.counts.sum() == weight.size


def test_tiles_read_back_within_their_bound_and_their_statistics_equal_numpys(
    logged: Logged,
) -> None:
    reader = LogReader(logged.logdir)
    num_whole = 0
    for step, values in enumerate(logged.values):
        for one in logged.planned:
            record = reader.read("run", f"weights/{one.key}", step)
            assert isinstance(record, TileArray)
            if record.omitted:
                continue
            num_whole += 1
            true = one.weight.layout.apply(values[one.key]).astype(np.float64)
            assert record.values.shape == true.shape
            tiles = true.reshape(record.tiles().shape)
            low, high = tiles.min(axis=1), tiles.max(axis=1)
            # Half a step of 65,023 over the tile's range, and the rounding of float32.
            bound = (high - low) / 130_000 + 2e-7 * np.abs(tiles).max(axis=1)
            assert (np.abs(record.tiles() - tiles).max(axis=1) <= bound).all()
            for name, numbers in (
                ("min", low),
                ("max", high),
                ("l2_norm", np.sqrt((tiles**2).sum(axis=1))),
            ):
                np.testing.assert_allclose(
                    record.statistics[name].reshape(-1), numbers, rtol=1e-6, atol=1e-12
                )
            np.testing.assert_allclose(
                record.statistics["mean"].reshape(-1),
                tiles.mean(axis=1),
                rtol=1e-6,
                atol=1e-6 * float(np.abs(tiles).max()),
            )
    assert num_whole >= 0.6 * len(logged.values) * len(logged.planned)


def test_a_cut_kernel_has_the_norms_of_all_that_it_leaves_out(logged: Logged) -> None:
    reader = LogReader(logged.logdir)
    norms = [tag for tag in reader.tags("run") if tag.endswith("/l2_norm")]
    by_tag = {f"weights/{one.key}/l2_norm": one for one in logged.planned}
    for tag in norms:
        one = by_tag[tag]
        record = reader.read("run", tag, 0)
        assert isinstance(record, TileArray)
        axis = one.weight.layout.axes.index("in_channel")
        laid_out = one.weight.layout.apply(logged.values[0][one.key]).astype(np.float64)
        true = np.sqrt((laid_out**2).sum(axis=axis))[: record.values.shape[0]]
        # The same bound as for weights: half a step of a tile's range.
        assert np.abs(record.values - true).max() <= true.max() / 130_000 + 1e-6


def test_a_run_keeps_to_the_cost_it_announced(logged: Logged) -> None:
    found = re.search(r"about (\S+ \S+) and (\S+) s a step, (\S+ \S+) in 3 steps", logged.announced)
    assert found is not None, logged.announced
    size = sum(path.stat().st_size for path in (logged.logdir / "run" / "nnviz").iterdir())
    number, unit = found[3].split()
    announced = float(number) * {"KB": 1e3, "MB": 1e6}[unit]
    # Said before anything is written: from shapes alone.
    assert 0.7 * announced <= size <= 1.1 * announced
    assert size < 200_000_000
    # The first step is what the announcement measured, encoding included; a later one holds the
    # training for its copies, and at most for as long as the step before still takes.
    assert sum(logged.seconds_held[1:]) <= 2 * 3 * float(found[2])


def test_what_every_layer_makes_of_the_samples_is_logged_at_every_step(logged: Logged) -> None:
    reader = LogReader(logged.logdir)
    tags = reader.tags("run")
    assert reader.steps("run", "samples") == [0]
    samples = reader.read("run", "samples", 0)
    assert isinstance(samples, TileArray)
    assert len(samples.values) == NUM_SAMPLES
    assert samples.labels["sample"] == tuple(str(number) for number in sorted(CLASSES))
    activations = [tag for tag in tags if tag.startswith("activations/")]
    assert len(activations) > 10
    for tag in activations:
        assert reader.steps("run", tag) == [0, 1, 2]
        record = reader.read("run", tag, 2)
        assert isinstance(record, TileArray)
        assert record.axes[0] == "sample"
        # Samples are never cut, however tight the budget.
        assert len(record.values) == NUM_SAMPLES
        assert record.source.samples_digest == samples.source.samples_digest
