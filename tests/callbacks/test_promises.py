"""What a training run is promised: mistakes raise at once, failures never end it."""

from __future__ import annotations

import copy
import pickle
import threading
import warnings
from collections.abc import Callable
from pathlib import Path
from typing import Any

import keras
import numpy as np
import pytest

from tb_nnviz import LogReader, NNViz, TileArray, WeightTiles
from tests.callbacks.test_steps import KERNEL, fit, moments, notices
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
    with pytest.raises(TypeError, match=r"Samples must be an array.*got str"):
        fit(make_mlp(), digits, NNViz(tmp_path / "run", samples="digits"))


def test_a_directory_that_cannot_be_written_raises_before_training(
    digits: Digits, make_mlp: MakeMlp, tmp_path: Path
) -> None:
    (tmp_path / "file").write_text("not a directory")
    with pytest.raises(ValueError, match=r"`log_dir`.*cannot be written.*Pass one that"):
        fit(make_mlp(), digits, NNViz(tmp_path / "file" / "run"))


def test_a_full_disk_ends_the_view_and_not_the_training(
    digits: Digits, make_mlp: MakeMlp, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    import errno
    import os

    real_write, num_written = os.write, 0

    def write_until_full(descriptor: int, data: Any) -> int:
        nonlocal num_written
        num_written += len(data)
        # Room for the first step and the notice, not for the second step's kernels.
        if len(data) > 1500 and num_written > 40_000:
            raise OSError(errno.ENOSPC, "No space left on device")
        return real_write(descriptor, data)

    monkeypatch.setattr("tb_nnviz.writing.event_file_writer.os.write", write_until_full)
    with warnings.catch_warnings(record=True) as caught:
        warnings.simplefilter("always")
        history = fit(make_mlp(), digits, NNViz(tmp_path / "run"), epochs=4)
    assert len(history.history["loss"]) == 4
    (said,) = [str(warning.message) for warning in caught if "nnviz" in str(warning.message)]
    assert "'weights' is switched off" in said
    assert "No space left" in said
    assert LogReader(tmp_path).steps("run", KERNEL)[0] == 0
    assert "No space left" in notices(tmp_path, "run")[-1].message


def test_a_failure_raises_where_that_was_asked_for(
    digits: Digits, make_mlp: MakeMlp, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fail(*arguments: object) -> None:
        raise RuntimeError("no copy")

    monkeypatch.setattr("tb_nnviz.analysis.weight_tiles.copy_values", fail)
    with pytest.raises(RuntimeError, match="no copy"):
        fit(make_mlp(), digits, NNViz(tmp_path / "run", on_error="raise"))
    with warnings.catch_warnings():
        # The user's own filter must not turn our warning into the end of a training.
        warnings.simplefilter("error")
        history = fit(make_mlp(), digits, NNViz(tmp_path / "run"))
    assert len(history.history["loss"]) == 2


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


def test_a_layer_that_cannot_be_shown_is_named_in_a_notice(digits: Digits, tmp_path: Path) -> None:
    model = keras.Sequential(
        [keras.Input((28, 28)), keras.layers.LSTM(4), keras.layers.Dense(10, "softmax")]
    )
    model.compile("sgd", "sparse_categorical_crossentropy")
    fit(model, digits, NNViz(tmp_path / "run"), epochs=1)
    said = notices(tmp_path, "run")
    assert [(notice.view, notice.layer) for notice in said] == [("weights", "lstm/lstm_cell")]
    assert "LSTMCell" in said[0].message
    assert "kernel (28, 16)" in said[0].message


def test_many_layers_of_a_type_that_is_not_shown_share_one_notice(
    digits: Digits, tmp_path: Path
) -> None:
    normalizations = [keras.layers.BatchNormalization() for _ in range(7)]
    model = keras.Sequential(
        [
            keras.Input((28, 28)),
            *normalizations,
            keras.layers.Flatten(),
            keras.layers.Dense(10, "softmax"),
        ]
    )
    model.compile("sgd", "sparse_categorical_crossentropy")
    fit(model, digits, NNViz(tmp_path / "run"), epochs=1)
    (notice,) = notices(tmp_path, "run")
    assert notice.layer == ""
    assert "7 BatchNormalization layers" in notice.message
    assert "batch_normalization_4 and 2 more" in notice.message


def test_before_the_first_step_the_cost_is_said_and_the_log_keeps_to_it(
    digits: Digits, make_mlp: MakeMlp, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    fit(make_mlp(128), digits, NNViz(tmp_path / "run"), epochs=4, verbose=2)
    output = capsys.readouterr().out
    assert output.startswith("nnviz: logging weights (2 tags): about ")
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
    fit(make_mlp(128), digits, NNViz(tmp_path / "run", budget_bytes=budget), epochs=9)
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


def test_between_fits_no_thread_is_left(digits: Digits, make_mlp: MakeMlp, tmp_path: Path) -> None:
    callback = NNViz(tmp_path / "run")
    names = [thread.name for thread in threading.enumerate()]
    assert "nnviz-log" not in names
    fit(make_mlp(), digits, callback)
    assert "nnviz-log" not in [thread.name for thread in threading.enumerate()]


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


def test_copies_own_their_memory(digits: Digits, make_mlp: MakeMlp) -> None:
    from tb_nnviz.analysis.weight_tiles import plan_weight_tiles

    model = make_mlp()
    (copied, _) = plan_weight_tiles(model, None).copy_kernels()
    before = copied.copy()
    model.layers[1].kernel.assign(np.zeros((784, 16)))
    np.testing.assert_array_equal(copied, before)
