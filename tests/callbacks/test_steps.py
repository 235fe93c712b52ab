"""Steps, phases and notices over repeated, resumed and interrupted trainings.

What is logged is read by `LogReader` and served by both of TensorBoard's loaders.
"""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import keras
import numpy as np
import pytest

from tb_nnviz import LogReader, Moment, NNViz, Notice, TileArray, WeightTiles
from tests.conftest import Digits
from tests.tensorboard_loaders import LOADERS, open_tensorboard

KERNEL = "weights/dense/kernel"
# For claims about the bytes and notices of views of weights alone.
OF_WEIGHTS = ("weights", "histograms")
MakeMlp = Callable[..., Any]


def fit(model: Any, digits: Digits, *callbacks: Any, size: int = 64, **options: Any) -> Any:
    images, labels = digits
    options = {"epochs": 2, "batch_size": 16, "verbose": 0, **options}
    return model.fit(images[:size], labels[:size], callbacks=list(callbacks), **options)


def read_tiles(logdir: Path, run: str, step: int, tag: str = KERNEL) -> TileArray:
    record = LogReader(logdir).read(run, tag, step)
    assert isinstance(record, TileArray)
    return record


def moments(logdir: Path, run: str, tag: str = KERNEL) -> list[Moment]:
    found = [
        read_tiles(logdir, run, step, tag).moment for step in LogReader(logdir).steps(run, tag)
    ]
    return [moment for moment in found if moment is not None]


def notices(logdir: Path, run: str) -> list[Notice]:
    reader = LogReader(logdir)
    if "notices" not in reader.tags(run):
        return []
    found = [reader.read(run, "notices", step) for step in reader.steps(run, "notices")]
    return [notice for notice in found if isinstance(notice, Notice)]


def assert_served(logdir: Path, run: str, tag: str = KERNEL) -> None:
    """Both loaders serve the steps that were logged, and the notices."""
    for loader in LOADERS:
        with open_tensorboard(logdir, loader) as client:
            assert client.steps(run, tag) == LogReader(logdir).steps(run, tag)
            said = [notice["message"] for notice in client.index()[run]["notices"]]
            assert said == [notice.message for notice in notices(logdir, run)]


def test_a_fit_logs_before_training_and_after_every_epoch(
    digits: Digits, make_mlp: MakeMlp, tmp_path: Path
) -> None:
    model = make_mlp()
    before = keras.ops.convert_to_numpy(model.layers[1].kernel)
    fit(model, digits, NNViz(tmp_path / "run"), epochs=3)
    found = moments(tmp_path, "run")
    assert [(moment.step, moment.epoch, moment.phase) for moment in found] == [
        (0, 0.0, "before"),
        (1, 1.0, "during"),
        (2, 2.0, "during"),
        (3, 3.0, "during"),
    ]
    assert [moment.batch for moment in found] == [0, 4, 8, 12]
    assert {moment.fit for moment in found} == {1}
    tiles = before.reshape(28, 28, 16).transpose(2, 0, 1)
    logged = read_tiles(tmp_path, "run", 0)
    ranges = tiles.reshape(16, -1).max(axis=1) - tiles.reshape(16, -1).min(axis=1)
    # Half a step of 65,023, and the rounding of a float32 below 1.
    bound = ranges / 130_000 + 2.0**-25
    assert (np.abs(logged.values - tiles).reshape(16, -1).max(axis=1) <= bound).all()
    assert_served(tmp_path, "run")


def test_a_second_fit_with_the_same_callback_goes_on_where_the_first_ended(
    digits: Digits, make_mlp: MakeMlp, tmp_path: Path
) -> None:
    model, callback = make_mlp(), NNViz(tmp_path / "run")
    fit(model, digits, callback)
    fit(model, digits, callback)
    found = moments(tmp_path, "run")
    assert [(moment.step, moment.fit, moment.epoch, moment.phase) for moment in found] == [
        (0, 1, 0.0, "before"),
        (1, 1, 1.0, "during"),
        (2, 1, 2.0, "during"),
        (3, 2, 0.0, "before"),
        (4, 2, 1.0, "during"),
        (5, 2, 2.0, "during"),
    ]
    np.testing.assert_array_equal(
        read_tiles(tmp_path, "run", 2).values, read_tiles(tmp_path, "run", 3).values
    )
    assert_served(tmp_path, "run")


def test_resuming_from_an_older_checkpoint_loses_nothing(
    digits: Digits, make_mlp: MakeMlp, tmp_path: Path
) -> None:
    model = make_mlp()
    fit(model, digits, NNViz(tmp_path / "run"), epochs=2)
    checkpoint = model.get_weights()
    fit(model, digits, NNViz(tmp_path / "run"), initial_epoch=2, epochs=4)
    model.set_weights(checkpoint)
    fit(model, digits, NNViz(tmp_path / "run"), initial_epoch=2, epochs=4)
    found = moments(tmp_path, "run")
    # The second and third fit begin at epoch 2: their first record is the next step.
    assert [moment.step for moment in found] == list(range(9))
    assert [moment.epoch for moment in found] == [0, 1, 2, 2, 3, 4, 2, 3, 4]
    assert [moment.fit for moment in found] == [1, 1, 1, 2, 2, 2, 3, 3, 3]
    assert_served(tmp_path, "run")


def test_a_new_process_on_the_same_directory_goes_on(
    digits: Digits, make_mlp: MakeMlp, tmp_path: Path
) -> None:
    script = f"""
import keras, numpy as np
from tb_nnviz import NNViz
model = keras.Sequential([keras.Input((28, 28)), keras.layers.Flatten(),
                          keras.layers.Dense(16), keras.layers.Dense(10)])
model.compile("sgd", "mse")
x = np.random.default_rng(0).normal(size=(32, 28, 28))
model.fit(x, np.zeros((32, 10)), epochs=2, verbose=0, callbacks=[NNViz({str(tmp_path / "run")!r})])
"""
    for _ in range(2):
        subprocess.run([sys.executable, "-c", script], check=True)
    found = moments(tmp_path, "run")
    assert [(moment.step, moment.fit) for moment in found] == [
        (0, 1),
        (1, 1),
        (2, 1),
        (3, 2),
        (4, 2),
        (5, 2),
    ]
    # The change since the start is that since the first process' first record.
    first, last = (read_tiles(tmp_path, "run", step) for step in (0, 5))
    change = np.linalg.norm((last.values - first.values).reshape(16, -1), axis=1)
    np.testing.assert_allclose(last.statistics["change_since_start"], change, rtol=1e-3)
    assert_served(tmp_path, "run")


@pytest.mark.parametrize("is_first", [True, False])
@pytest.mark.parametrize("update_freq", ["epoch", 3])
def test_weights_that_early_stopping_restores_are_logged_wherever_it_stands_in_the_list(
    digits: Digits, make_mlp: MakeMlp, tmp_path: Path, is_first: bool, update_freq: str | int
) -> None:
    # min_delta is never reached, so the best epoch is the first and training stops after two.
    stopping = keras.callbacks.EarlyStopping(
        monitor="loss", min_delta=100, patience=1, restore_best_weights=True
    )
    callback = NNViz(tmp_path / "run", update_freq=update_freq)
    model = make_mlp()
    fit(model, digits, *([callback, stopping] if is_first else [stopping, callback]), epochs=5)
    found = moments(tmp_path, "run")
    assert found[-1].phase == "restored"
    assert [moment.phase for moment in found[:-1]].count("restored") == 0
    kernel = keras.ops.convert_to_numpy(model.layers[1].kernel)
    logged = read_tiles(tmp_path, "run", found[-1].step).values
    # One step of the quantisation of weights in [-1, 1].
    np.testing.assert_allclose(
        logged, kernel.reshape(28, 28, 16).transpose(2, 0, 1), atol=2 / 65023
    )
    if update_freq == "epoch":
        assert [moment.step for moment in found] == [0, 1, 2, 3]
        restored, best = (read_tiles(tmp_path, "run", step).values for step in (3, 1))
        np.testing.assert_array_equal(restored, best)
    assert_served(tmp_path, "run")


def test_update_freq_counts_train_batches_and_the_end_is_logged(
    digits: Digits, make_mlp: MakeMlp, tmp_path: Path
) -> None:
    # 352 images in batches of 16 are 22 batches an epoch, 44 in all.
    fit(make_mlp(), digits, NNViz(tmp_path / "run", update_freq=20), size=352)
    found = moments(tmp_path, "run")
    assert [(moment.step, moment.batch) for moment in found] == [
        (0, 0),
        (20, 20),
        (40, 40),
        (44, 44),
    ]
    assert [moment.epoch for moment in found] == pytest.approx([0, 20 / 22, 40 / 22, 2])
    assert found[-1].phase == "during"
    assert_served(tmp_path, "run")


def test_every_keeps_each_nth_epoch_and_the_last(
    digits: Digits, make_mlp: MakeMlp, tmp_path: Path
) -> None:
    fit(make_mlp(), digits, WeightTiles(tmp_path / "run", every=2), epochs=5)
    assert [moment.step for moment in moments(tmp_path, "run")] == [0, 2, 4, 5]


class Subclassed(keras.Model):
    def __init__(self) -> None:
        super().__init__()
        self.flatten = keras.layers.Flatten()
        self.hidden = keras.layers.Dense(16)
        self.classes = keras.layers.Dense(10, "softmax")

    def call(self, inputs: Any) -> Any:
        return self.classes(self.hidden(self.flatten(inputs)))


def make_without_input() -> Any:
    return keras.Sequential(
        [keras.layers.Flatten(), keras.layers.Dense(16), keras.layers.Dense(10, "softmax")]
    )


@pytest.mark.parametrize("make_model", [Subclassed, make_without_input])
def test_a_model_built_by_training_is_logged_from_then_on_and_the_tab_says_why(
    make_model: Callable[[], Any], digits: Digits, tmp_path: Path
) -> None:
    model = make_model()
    model.compile("sgd", "sparse_categorical_crossentropy")
    fit(model, digits, NNViz(tmp_path / "run"))
    assert [(moment.step, moment.phase) for moment in moments(tmp_path, "run")] == [
        (1, "during"),
        (2, "during"),
    ]
    (notice,) = notices(tmp_path, "run")
    assert notice.view == "timeline"
    assert "pass validation_data" in notice.message.lower()
    assert "add an Input" in notice.message
    assert_served(tmp_path, "run")


@pytest.mark.parametrize("make_model", [Subclassed, make_without_input])
@pytest.mark.parametrize("given", ["validation_data", "samples", "input_shape"])
def test_a_model_without_weights_is_built_from_what_is_given(
    make_model: Callable[[], Any], given: str, digits: Digits, tmp_path: Path
) -> None:
    images, labels = digits
    data: Any = {
        "validation_data": (images[:8], labels[:8]),
        "samples": images[:8],
        "input_shape": (28, 28),
    }[given]
    model = make_model()
    model.compile("sgd", "sparse_categorical_crossentropy")
    fit(model, digits, NNViz(tmp_path / "run", **{given: data}))
    found = moments(tmp_path, "run")
    assert (found[0].step, found[0].phase) == (0, "before")
    assert len(found) == 3
    assert not any(notice.view == "timeline" for notice in notices(tmp_path, "run"))


def test_two_unnamed_models_built_in_one_process_have_the_same_tags(two_runs: Path) -> None:
    reader = LogReader(two_runs)
    assert reader.tags("mlp-100") == reader.tags("mlp-400")
    paths = {read_tiles(two_runs, run, 0).source.variable_path for run in ("mlp-100", "mlp-400")}
    assert len(paths) == 2, "Keras' own names differ, or the test shows nothing"


def test_callbacks_on_one_directory_share_a_file_and_steps(
    digits: Digits, make_mlp: MakeMlp, tmp_path: Path
) -> None:
    fit(
        make_mlp(),
        digits,
        WeightTiles(tmp_path / "run", layers="dense"),
        WeightTiles(tmp_path / "run", layers="dense_1"),
    )
    reader = LogReader(tmp_path)
    assert reader.steps("run", KERNEL) == [0, 1, 2]
    assert reader.steps("run", "weights/dense_1/kernel") == [0, 1, 2]
    assert len(list((tmp_path / "run" / "nnviz").iterdir())) == 1
    assert {moment.fit for moment in moments(tmp_path, "run")} == {1}


@pytest.mark.parametrize("optimizer", ["sgd", "adam"])
def test_the_change_between_two_epochs_is_shown_within_two_percent(
    digits: Digits, make_mlp: MakeMlp, tmp_path: Path, optimizer: str
) -> None:
    class KeepKernels(keras.callbacks.Callback):
        def __init__(self) -> None:
            super().__init__()
            self.kernels: list[Any] = []

        def on_epoch_end(self, epoch: int, logs: Any = None) -> None:
            self.kernels.append(keras.ops.convert_to_numpy(self.model.layers[1].kernel))

    keras.utils.set_random_seed(0)
    kept = KeepKernels()
    fit(make_mlp(64, optimizer), digits, NNViz(tmp_path / "run"), kept, size=2000, epochs=10)
    tiles = [
        kernel.reshape(28, 28, 64).transpose(2, 0, 1).reshape(64, -1) for kernel in kept.kernels
    ]
    true_change = tiles[9] - tiles[8]
    shown = [read_tiles(tmp_path, "run", step).tiles().astype(np.float64) for step in (10, 9)]
    error = np.linalg.norm(shown[0] - shown[1] - true_change, axis=1)
    size = np.linalg.norm(true_change, axis=1)
    has_changed = size > 0  # a dead unit has not
    assert has_changed.sum() > 32
    relative = error[has_changed] / size[has_changed]
    # The bar of the design: relative L2, median over units. Two quantisation errors of
    # range / 130,000 at most each, against changes of about a thousandth of the range.
    assert np.median(relative) <= 0.02
    statistics = read_tiles(tmp_path, "run", 10).statistics["change_since_previous"]
    np.testing.assert_allclose(statistics, size, rtol=1e-5)
