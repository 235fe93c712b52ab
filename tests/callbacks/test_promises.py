"""What a training run is promised: mistakes raise at once, failures never end it."""

from __future__ import annotations

import copy
import pickle
import threading
import warnings
from collections.abc import Callable
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import keras
import numpy as np
import pytest

from tb_nnviz import LogReader, NNViz, TileArray, WeightTiles
from tb_nnviz.callbacks import training_session
from tb_nnviz.callbacks.preparation import prepare_model
from tests.callbacks.test_steps import KERNEL, OF_WEIGHTS, fit, moments, notices
from tests.conftest import Digits

MakeMlp = Callable[..., Any]


@pytest.mark.parametrize(
    ("callback", "arguments", "error", "words"),
    [
        (NNViz, {"log_dir": 3}, TypeError, "`log_dir`.*got 3"),
        (NNViz, {"log_dir": "x", "layers": 3}, TypeError, "`layers`.*got 3"),
        (NNViz, {"log_dir": "x", "layers": []}, TypeError, "`layers`"),
        (NNViz, {"log_dir": "x", "layers": ["dense", 3]}, TypeError, "`layers`"),
        (
            NNViz,
            {"log_dir": "x", "views": ["weight"]},
            ValueError,
            r"`views`.*weights.*got \['weight'\]",
        ),
        (NNViz, {"log_dir": "x", "views": "weights"}, TypeError, "`views`"),
        (NNViz, {"log_dir": "x", "input_shape": 28}, TypeError, "`input_shape`.*got 28"),
        (NNViz, {"log_dir": "x", "input_shape": (0, 28)}, ValueError, "`input_shape`"),
        (NNViz, {"log_dir": "x", "budget_bytes": 0}, ValueError, "`budget_bytes`.*got 0"),
        (NNViz, {"log_dir": "x", "update_freq": "batch"}, ValueError, "`update_freq`.*got 'batch'"),
        (NNViz, {"log_dir": "x", "update_freq": 0}, ValueError, "`update_freq`.*got 0"),
        (NNViz, {"log_dir": "x", "update_freq": 1.5}, TypeError, "`update_freq`.*got 1.5"),
        (NNViz, {"log_dir": "x", "every": 0}, ValueError, "`every`.*got 0"),
        (NNViz, {"log_dir": "x", "every": True}, TypeError, "`every`"),
        (NNViz, {"log_dir": "x", "on_error": "ignore"}, ValueError, "`on_error`.*'warn', 'raise'"),
        (WeightTiles, {"log_dir": "x", "max_tiles": 0}, ValueError, "`max_tiles`.*got 0"),
        (WeightTiles, {"log_dir": "x", "max_tile_side": 2.0}, TypeError, "`max_tile_side`"),
        (
            WeightTiles,
            {"log_dir": "x", "precision": "float16"},
            ValueError,
            "`precision`.*'uint16'",
        ),
    ],
)
def test_a_wrong_argument_raises_at_construction_and_says_what_is_accepted(
    callback: Callable[..., Any], arguments: dict[str, Any], error: type[Exception], words: str
) -> None:
    with pytest.raises(error, match=words):
        callback(**arguments)


@pytest.mark.parametrize(
    ("options", "words"),
    [
        ({"layers": "dens"}, r"'dens', which matches no layer. Did you mean 'dense'"),
        ({"samples": np.zeros((4, 27, 28))}, r"got samples of shape \(27, 28\).*\(28, 28\)"),
        ({"samples": [np.zeros((4, 28, 28))] * 2}, r"do not fit the model"),
        ({"samples": np.zeros((0, 28, 28))}, "at least one sample"),
        ({"validation_data": (np.zeros((4, 5)), np.zeros(4))}, r"got samples of shape \(5,\)"),
        ({"input_shape": (27, 28)}, r"got samples of shape \(27, 28\)"),
    ],
)
def test_an_argument_that_does_not_fit_the_model_raises_before_training(
    options: dict[str, Any], words: str, digits: Digits, make_mlp: MakeMlp, tmp_path: Path
) -> None:
    model = make_mlp()
    weights = model.get_weights()
    with pytest.raises(ValueError, match=words):
        fit(model, digits, NNViz(tmp_path / "run", **options))
    for now, then in zip(model.get_weights(), weights, strict=True):
        np.testing.assert_array_equal(now, then)
    assert not (tmp_path / "run").exists()


def test_samples_that_are_no_arrays_raise(
    digits: Digits, make_mlp: MakeMlp, tmp_path: Path
) -> None:
    with pytest.raises(TypeError, match=r"`samples` argument must be an array.*got 'digits'"):
        fit(make_mlp(), digits, NNViz(tmp_path / "run", samples="digits"))


def test_a_directory_that_cannot_be_written_raises_before_training(
    digits: Digits, make_mlp: MakeMlp, tmp_path: Path
) -> None:
    (tmp_path / "file").write_text("not a directory")
    with pytest.raises(ValueError, match=r"`log_dir`.*cannot be written.*Pass one that"):
        fit(make_mlp(), digits, NNViz(tmp_path / "file" / "run"))


@pytest.mark.parametrize("has_room_for_a_sentence", [True, False])
def test_a_full_disk_ends_the_views_with_one_warning_and_not_the_training(
    has_room_for_a_sentence: bool,
    digits: Digits,
    make_mlp: MakeMlp,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    import errno
    import os

    real_write, num_written = os.write, 0

    def write_until_full(descriptor: int, data: Any) -> int:
        nonlocal num_written
        num_written += len(data)
        # Room for the first step; then for a notice, or for nothing at all.
        if num_written > 80_000 and not (
            has_room_for_a_sentence and b"switched off" in bytes(data)
        ):
            raise OSError(errno.ENOSPC, "No space left on device")
        return real_write(descriptor, data)

    monkeypatch.setattr("tb_nnviz.writing.event_file_writer.os.write", write_until_full)
    with warnings.catch_warnings(record=True) as caught:
        warnings.simplefilter("always")
        history = fit(make_mlp(), digits, NNViz(tmp_path / "run", views=OF_WEIGHTS), epochs=4)
    assert len(history.history["loss"]) == 4
    (said,) = [str(warning.message) for warning in caught if "nnviz" in str(warning.message)]
    assert "views 'weights', 'histograms' are switched off" in said
    assert "No space left" in said
    assert LogReader(tmp_path).steps("run", KERNEL)[0] == 0
    left = [notice.message for notice in notices(tmp_path, "run")]
    assert [message for message in left if "No space left" in message] == (
        [said.removeprefix("nnviz: ")] if has_room_for_a_sentence else []
    )


def test_a_failure_raises_where_that_was_asked_for(
    digits: Digits, make_mlp: MakeMlp, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fail(*arguments: object) -> None:
        raise RuntimeError("no copy")

    monkeypatch.setattr("tb_nnviz.model.variables.copy_values", fail)
    with pytest.raises(RuntimeError, match="no copy"):
        fit(make_mlp(), digits, NNViz(tmp_path / "run", on_error="raise"))
    with warnings.catch_warnings():
        # The user's own filter must not turn our warning into the end of a training.
        warnings.simplefilter("error")
        history = fit(make_mlp(), digits, NNViz(tmp_path / "run"))
    assert len(history.history["loss"]) == 2


def test_an_output_that_cannot_take_the_announcement_does_not_end_the_training(
    digits: Digits, make_mlp: MakeMlp, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    import builtins

    def fail(*arguments: object, **options: object) -> None:
        raise UnicodeEncodeError("ascii", "é", 0, 1, "ordinal not in range(128)")

    monkeypatch.setattr(builtins, "print", fail)
    callback = NNViz(tmp_path / "run")
    callback.set_params({"verbose": 1, "epochs": 1, "steps": 1})
    callback.set_model(make_mlp())
    callback.on_train_begin()
    callback.on_epoch_begin(0)
    callback.on_epoch_end(0)
    callback.on_train_end()
    assert [moment.step for moment in moments(tmp_path, "run")] == [0, 1]


def test_a_layer_that_breaks_with_its_type_is_logged_by_shape(
    digits: Digits, tmp_path: Path
) -> None:
    class Noisy(keras.layers.Dense):
        def build(self, input_shape: Any) -> None:
            self.mean = self.add_weight(shape=(input_shape[-1], self.units), name="mean")
            self.built = True

        def call(self, inputs: Any) -> Any:
            return keras.ops.matmul(inputs, self.mean)

    model = keras.Sequential(
        [keras.Input((28, 28)), keras.layers.Flatten(), Noisy(4), keras.layers.Dense(10, "softmax")]
    )
    model.compile("sgd", "sparse_categorical_crossentropy")
    fit(model, digits, NNViz(tmp_path / "run", views=OF_WEIGHTS))
    assert notices(tmp_path, "run") == []
    mean = LogReader(tmp_path).read("run", "weights/noisy/mean", 0)
    assert isinstance(mean, TileArray)
    assert mean.full_shape == (784, 4)


def test_the_kernel_of_a_layer_with_lora_is_logged_as_it_is_used(
    digits: Digits, make_mlp: MakeMlp, tmp_path: Path
) -> None:
    model = make_mlp()
    model.layers[1].enable_lora(2)
    model.compile("adam", "sparse_categorical_crossentropy")
    fit(model, digits, NNViz(tmp_path / "run", layers="dense"))
    steps = [LogReader(tmp_path).read("run", KERNEL, step) for step in (0, 2)]
    first, last = [record.values for record in steps if isinstance(record, TileArray)]
    kernel = keras.ops.convert_to_numpy(model.layers[1].kernel).reshape(28, 28, 16)
    # One step of the quantisation of weights in [-1, 1].
    np.testing.assert_allclose(last, kernel.transpose(2, 0, 1), atol=2 / 65023)
    assert np.abs(last - first).max() > 10 * 2 / 65023


def test_weights_that_are_not_finite_are_logged_as_such(
    digits: Digits, make_mlp: MakeMlp, tmp_path: Path
) -> None:
    model = make_mlp()
    kernel = model.layers[1].kernel
    values = keras.ops.convert_to_numpy(kernel).copy()
    values[0, 0], values[1, 0], values[2, 1] = np.nan, np.inf, -np.inf
    kernel.assign(values)
    fit(model, digits, NNViz(tmp_path / "run"), epochs=1)
    before = LogReader(tmp_path).read("run", KERNEL, 0)
    assert isinstance(before, TileArray)
    assert np.isnan(before.values[0, 0, 0])
    assert before.values[0, 0, 1] == np.inf
    assert before.values[1, 0, 2] == -np.inf
    assert before.statistics["nan_count"].sum() == 1
    # A NaN spreads through training: everything is NaN then, and logged so.
    after = LogReader(tmp_path).read("run", KERNEL, 1)
    assert isinstance(after, TileArray)
    assert np.isnan(after.values[0]).all()


def test_every_variable_has_a_tag_of_each_view_or_is_in_a_notice(
    digits: Digits, tmp_path: Path
) -> None:
    model = keras.Sequential(
        [
            keras.Input((28, 28)),
            keras.layers.LSTM(4, dropout=0.5),
            keras.layers.BatchNormalization(),
            keras.layers.Dense(10, "softmax"),
        ]
    )
    model.compile("sgd", "sparse_categorical_crossentropy")
    fit(model, digits, NNViz(tmp_path / "run", views=OF_WEIGHTS), epochs=1)
    tags = LogReader(tmp_path).tags("run")
    weights = [tag.removeprefix("weights/") for tag in tags if tag.startswith("weights/")]
    assert weights == [
        "lstm/lstm_cell/kernel",
        "lstm/lstm_cell/recurrent_kernel",
        "lstm/lstm_cell/bias",
        "batch_normalization/gamma",
        "batch_normalization/beta",
        "batch_normalization/moving_mean",
        "batch_normalization/moving_variance",
        "dense/kernel",
        "dense/bias",
    ]
    assert [tag for tag in tags if tag.startswith("histograms/")] == [
        f"histograms/{weight}" for weight in weights
    ]
    (notice,) = notices(tmp_path, "run")
    assert "random generators" in notice.message
    assert "lstm/lstm_cell" in notice.message


def test_a_notice_is_said_once_however_often_a_model_is_fitted(
    digits: Digits, tmp_path: Path
) -> None:
    model = keras.Sequential(
        [
            keras.Input((28, 28)),
            keras.layers.LSTM(4, dropout=0.5),
            keras.layers.Dense(10, "softmax"),
        ]
    )
    model.compile("sgd", "sparse_categorical_crossentropy")
    for _ in range(3):
        fit(model, digits, NNViz(tmp_path / "run", views=OF_WEIGHTS), epochs=1)
    assert len(notices(tmp_path, "run")) == 1


def test_a_later_fit_with_fewer_tiles_is_compared_with_the_first_ones(
    digits: Digits, make_mlp: MakeMlp, tmp_path: Path
) -> None:
    model = make_mlp(128)
    fit(model, digits, WeightTiles(tmp_path / "run"), epochs=1)
    fit(model, digits, WeightTiles(tmp_path / "run", max_tiles=64), epochs=1)
    first, last = (LogReader(tmp_path).read("run", KERNEL, step) for step in (0, 3))
    assert isinstance(first, TileArray)
    assert isinstance(last, TileArray)
    change = np.linalg.norm((last.values - first.values[:64]).reshape(64, -1), axis=1)
    # What is read back differs from what was compared by the quantisation of both: uniform over
    # one code of 0.16 / 65023, so 2.8e-5 is the norm of the two over 784 cells.
    np.testing.assert_allclose(last.statistics["change_since_start"], change, rtol=1e-2, atol=3e-5)


def test_before_the_first_step_the_cost_is_said_and_the_log_keeps_to_it(
    digits: Digits, make_mlp: MakeMlp, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    fit(make_mlp(128), digits, NNViz(tmp_path / "run", views=OF_WEIGHTS), epochs=4, verbose=2)
    output = capsys.readouterr().out
    assert output.startswith("nnviz: logging weights (4 tags), histograms (4 tags): about ")
    assert "in 5 steps" in output
    kilobytes = float(output.split("a step, ")[1].split(" KB")[0].split(" MB")[0])
    kilobytes *= 1000 if " MB in 5 steps" in output else 1
    size = sum(path.stat().st_size for path in (tmp_path / "run" / "nnviz").iterdir())
    # The estimate counts headers roughly; a tenth is close enough to plan by.
    assert size == pytest.approx(kilobytes * 1000, rel=0.1)


def test_a_run_keeps_within_its_budget_and_says_what_was_left_out(
    digits: Digits, make_mlp: MakeMlp, tmp_path: Path
) -> None:
    # 128 units of 28x28 in 2 bytes are 200 KB a step; 64 units 100 KB; budget for 5 of those.
    budget = 560_000
    callback = NNViz(tmp_path / "run", budget_bytes=budget, views=OF_WEIGHTS)
    fit(make_mlp(128), digits, callback, epochs=9)
    found = moments(tmp_path, "run")
    assert found[0].step == 0
    assert found[-1].step == 9
    assert len(found) == 4
    assert sum(path.stat().st_size for path in (tmp_path / "run" / "nnviz").iterdir()) <= budget
    record = LogReader(tmp_path).read("run", KERNEL, 9)
    assert isinstance(record, TileArray)
    assert record.omitted == ("64 of 128 units",)
    (notice,) = notices(tmp_path, "run")
    assert "at most 64 tiles" in notice.message
    assert "one scheduled step in 3" in notice.message


@pytest.mark.parametrize("update_freq", ["epoch", 2])
def test_a_callback_can_be_copied_and_pickled_before_and_after_training(
    update_freq: str | int, digits: Digits, make_mlp: MakeMlp, tmp_path: Path
) -> None:
    callback = NNViz(tmp_path / "run", update_freq=update_freq)
    for _ in range(2):
        for again in (copy.deepcopy(callback), pickle.loads(pickle.dumps(callback))):  # noqa: S301
            directory = tmp_path / f"run-{id(again)}"
            again._settings = callback._settings.__class__(
                **{**vars(callback._settings), "log_dir": str(directory)}
            )
            fit(make_mlp(), digits, again, epochs=1)
            assert len(moments(tmp_path, directory.name)) >= 2
        fit(make_mlp(), digits, callback, epochs=1)


def test_after_an_interrupted_fit_a_callback_can_be_copied_and_pickled_without_the_model(
    digits: Digits, make_mlp: MakeMlp, tmp_path: Path
) -> None:
    class Interrupt(keras.callbacks.Callback):
        def on_epoch_end(self, epoch: int, logs: Any = None) -> None:
            raise KeyboardInterrupt

    callback = NNViz(tmp_path / "run")
    with pytest.raises(KeyboardInterrupt):
        fit(make_mlp(), digits, callback, Interrupt())
    # A model with its weights would be 50 KB and more.
    assert len(pickle.dumps(callback)) < 5_000
    assert len(pickle.dumps(copy.deepcopy(callback))) < 5_000
    assert all(not view.tags() for view in copy.deepcopy(callback)._views)
    assert all(view.tags() for view in callback._views)
    fit(make_mlp(), digits, callback, epochs=1)
    assert len(moments(tmp_path, "run")) == 4


def test_after_a_fit_the_model_is_let_go(digits: Digits, make_mlp: MakeMlp, tmp_path: Path) -> None:
    callback = NNViz(tmp_path / "run")
    model = make_mlp()
    fit(model, digits, callback, epochs=1)
    # A model with its weights would be 50 KB and more.
    assert len(pickle.dumps(callback)) < 5_000


def test_between_fits_no_thread_is_left(digits: Digits, make_mlp: MakeMlp, tmp_path: Path) -> None:
    callback = NNViz(tmp_path / "run")
    before = set(threading.enumerate())
    fit(make_mlp(), digits, callback)
    left = {thread.name for thread in set(threading.enumerate()) - before}
    assert "nnviz-log" not in left


def test_the_batch_hook_is_there_only_where_batches_are_counted() -> None:
    inherited = keras.callbacks.Callback.on_train_batch_end
    assert getattr(NNViz("x").on_train_batch_end, "__func__", None) is inherited
    by_batch = NNViz("x", update_freq=5).on_train_batch_end
    assert getattr(by_batch, "__func__", None) is not inherited


def test_a_fit_that_ended_by_an_exception_does_not_spoil_the_next(
    digits: Digits, make_mlp: MakeMlp, tmp_path: Path
) -> None:
    class Interrupt(keras.callbacks.Callback):
        def on_epoch_end(self, epoch: int, logs: Any = None) -> None:
            if epoch == 1:
                raise KeyboardInterrupt

    model, callback = make_mlp(), NNViz(tmp_path / "run")
    with pytest.raises(KeyboardInterrupt):
        fit(model, digits, callback, Interrupt(), epochs=3)
    fit(model, digits, callback, epochs=1)
    assert [(moment.step, moment.fit) for moment in moments(tmp_path, "run")] == [
        (0, 1),
        (1, 1),
        (2, 1),
        (3, 2),
        (4, 2),
    ]


def test_a_worker_that_is_not_the_chief_logs_nothing(
    digits: Digits, make_mlp: MakeMlp, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("tb_nnviz.callbacks.logging_callback.is_chief", lambda model: False)
    fit(make_mlp(), digits, NNViz(tmp_path / "run"))
    assert not (tmp_path / "run").exists()


def test_a_resumed_fit_is_planned_by_the_epochs_that_are_left(
    digits: Digits, make_mlp: MakeMlp, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    callback = NNViz(tmp_path / "run", budget_bytes=400_000, views=OF_WEIGHTS)
    # 16 units of 28x28 in 2 bytes are 26 KB a step: 100 steps would not fit, 5 do.
    fit(make_mlp(), digits, callback, initial_epoch=96, epochs=100, verbose=2)
    assert [moment.step for moment in moments(tmp_path, "run")] == [96, 97, 98, 99, 100]
    assert "in 5 steps" in capsys.readouterr().out


def test_what_the_budget_cuts_is_said_in_the_terminal(
    digits: Digits, make_mlp: MakeMlp, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    callback = NNViz(tmp_path / "run", budget_bytes=100_000)
    fit(make_mlp(), digits, callback, epochs=9, verbose=2)
    assert "to stay within the budget, one scheduled step in" in capsys.readouterr().out


def test_a_tag_that_two_callbacks_would_log_is_logged_once_and_said(
    digits: Digits, make_mlp: MakeMlp, tmp_path: Path
) -> None:
    fit(make_mlp(), digits, NNViz(tmp_path / "run"), WeightTiles(tmp_path / "run", layers="dense"))
    assert LogReader(tmp_path).steps("run", KERNEL) == [0, 1, 2]
    (notice,) = notices(tmp_path, "run")
    assert f"Another callback on this directory logs {KERNEL}" in notice.message


def test_a_fit_without_an_epoch_logs_nothing(
    digits: Digits, make_mlp: MakeMlp, tmp_path: Path
) -> None:
    fit(make_mlp(), digits, NNViz(tmp_path / "run"), initial_epoch=5, epochs=5)
    assert LogReader(tmp_path).runs() == []


def test_nothing_to_log_is_said(
    digits: Digits, make_mlp: MakeMlp, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    fit(make_mlp(), digits, NNViz(tmp_path / "run", layers="flatten", views=OF_WEIGHTS), verbose=2)
    assert "nnviz: there is nothing to log" in capsys.readouterr().out
    (notice,) = notices(tmp_path, "run")
    assert "There are no weights in layers=['flatten']" in notice.message


def test_layers_of_a_sequential_without_input_are_checked_before_training(
    digits: Digits, tmp_path: Path
) -> None:
    model = keras.Sequential([keras.layers.Flatten(), keras.layers.Dense(10, "softmax")])
    model.compile("sgd", "sparse_categorical_crossentropy")
    with pytest.raises(ValueError, match="'dens', which matches no layer"):
        fit(model, digits, NNViz(tmp_path / "run", layers="dens"))


def test_the_model_is_asked_for_at_each_step_that_logs_and_at_no_other(
    digits: Digits, make_mlp: MakeMlp, tmp_path: Path
) -> None:
    # Under JAX, asking brings the model's state up to date, and is not free.
    class Counting(NNViz):
        num_asked = 0

        @property
        def model(self) -> Any:
            self.num_asked += 1
            return self._model

    callback = Counting(tmp_path / "run", update_freq=3)
    fit(make_mlp(), digits, callback, size=160, epochs=1)
    # Train begin, before training, batches 3, 6 and 9, and train end.
    assert callback.num_asked == 6
    assert [moment.step for moment in moments(tmp_path, "run")] == [0, 3, 6, 9, 10]


@pytest.mark.parametrize("update_freq", [np.int64(2), np.int32(2)])
def test_numpy_integers_are_integers(
    update_freq: Any, digits: Digits, make_mlp: MakeMlp, tmp_path: Path
) -> None:
    numbers: dict[str, Any] = {"every": np.int64(1), "input_shape": (np.int64(28), 28)}
    callback = NNViz(tmp_path / "run", update_freq=update_freq, **numbers)
    fit(make_mlp(), digits, callback, epochs=1)
    assert [moment.step for moment in moments(tmp_path, "run")] == [0, 2, 4]


def test_validation_data_may_be_a_list_as_for_fit(
    digits: Digits, make_mlp: MakeMlp, tmp_path: Path
) -> None:
    images, labels = digits
    fit(make_mlp(), digits, NNViz(tmp_path / "run", validation_data=[images[:8], labels[:8]]))
    assert len(moments(tmp_path, "run")) == 3


def test_the_time_for_reading_and_checking_samples_is_announced(
    digits: Digits,
    make_mlp: MakeMlp,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    clock = SimpleNamespace(now=0.0)

    def prepare_for_long(*arguments: Any) -> Any:
        clock.now += 7
        return prepare_model(*arguments)

    time = SimpleNamespace(perf_counter=lambda: clock.now)
    monkeypatch.setattr(training_session, "prepare_model", prepare_for_long)
    monkeypatch.setattr(training_session, "time", time)
    fit(make_mlp(), digits, WeightTiles(tmp_path / "run"), epochs=1, verbose=2)
    assert "; preparing took 7 s, once" in capsys.readouterr().out
