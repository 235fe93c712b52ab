"""Activations in a training: the last step, the budget, failures and copies."""

from __future__ import annotations

import contextlib
import copy
import errno
import io
import os
import pickle
import re
import warnings
from collections.abc import Callable
from pathlib import Path
from typing import Any

import keras
import numpy as np
import pytest

from tb_nnviz import ActivationChannels, LogReader, NNViz
from tb_nnviz.analysis.activation_tiles import ActivationTilesPlan
from tests.callbacks.small_models import make_conv_net
from tests.callbacks.test_steps import fit, notices, read_tiles
from tests.conftest import Digits

MakeMlp = Callable[..., Any]
NAMES = [f"digit {index}" for index in range(10)]


def test_the_last_step_is_logged_where_activations_alone_are_and_weights_have_changed(
    digits: Digits, make_mlp: MakeMlp, tmp_path: Path
) -> None:
    callback = ActivationChannels(tmp_path / "run", digits[0][:4], update_freq=3)
    # 4 batches an epoch: 3 and 6 of 8 are logged, and the end.
    fit(make_mlp(), digits, callback)
    assert LogReader(tmp_path).steps("run", "activations/dense") == [0, 3, 6, 8]


def test_the_last_step_is_not_logged_where_nothing_has_changed(
    digits: Digits, make_mlp: MakeMlp, tmp_path: Path
) -> None:
    callback = ActivationChannels(tmp_path / "run", digits[0][:4], update_freq=3)
    model = make_mlp(16, keras.optimizers.SGD(0.0))
    fit(model, digits, callback)
    assert LogReader(tmp_path).steps("run", "activations/dense") == [0, 3, 6]


def test_weights_that_are_put_back_are_logged_again(
    digits: Digits, make_mlp: MakeMlp, tmp_path: Path
) -> None:
    stop = keras.callbacks.EarlyStopping(
        "loss", mode="max", patience=1, restore_best_weights=True, start_from_epoch=0
    )
    callback = ActivationChannels(tmp_path / "run", digits[0][:4])
    fit(make_mlp(), digits, callback, stop, epochs=5)
    steps = LogReader(tmp_path).steps("run", "activations/dense_1")
    last = read_tiles(tmp_path, "run", steps[-1], "activations/dense_1")
    assert last.moment is not None
    assert last.moment.phase == "restored"
    best = read_tiles(tmp_path, "run", 1, "activations/dense_1")
    np.testing.assert_array_equal(last.values, best.values)


def test_a_budget_cuts_channels_and_never_samples(digits: Digits, tmp_path: Path) -> None:
    images, labels = digits
    data = (images[:200], labels[:200])
    # 16 samples of 32 channels of 12x12 in one byte are 74 KB a tag and step.
    for run, budget in (("whole", 50_000_000), ("tight", 550_000), ("least", 200_000)):
        callback = NNViz(
            tmp_path / run, validation_data=data, views=["activations"], budget_bytes=budget
        )
        fit(make_conv_net(), digits, callback, epochs=9)
        size = sum(path.stat().st_size for path in (tmp_path / run / "nnviz").iterdir())
        assert size <= budget
    shapes = {
        run: read_tiles(tmp_path, run, 9, "activations/convolution").values.shape
        for run in ("whole", "tight", "least")
    }
    assert shapes["whole"] == (16, 32, 12, 12)
    assert shapes["tight"][0] == shapes["least"][0] == 16
    assert 4 <= shapes["tight"][1] < 32
    assert shapes["least"][1] == 4
    assert read_tiles(tmp_path, "least", 0, "samples").values.shape == (16, 28, 28)
    record = read_tiles(tmp_path, "least", 0, "activations/convolution")
    assert "4 of 32 channels" in record.omitted
    assert any("To stay within budget_bytes" in one.message for one in notices(tmp_path, "least"))


def test_samples_are_announced_with_the_whole_and_not_with_each_step(
    digits: Digits, make_mlp: MakeMlp, tmp_path: Path
) -> None:
    output = io.StringIO()
    callback = NNViz(tmp_path / "run", samples=digits[0][:64], views=["activations"])
    with contextlib.redirect_stdout(output):
        fit(make_mlp(), digits, callback, epochs=4, verbose=2)
    (said,) = [line for line in output.getvalue().splitlines() if line.startswith("nnviz: ")]
    found = re.search(r"about (\S+) KB and \S+ s a step, (\S+) KB in 5 steps", said)
    assert found is not None, said
    per_step, total = float(found[1]), float(found[2])
    # 64 pictures of 784 bytes, with their statistics and a header.
    assert total - 5 * per_step == pytest.approx(64 * (784 + 36) / 1000 + 1.5, rel=0.05)


def test_a_probe_that_fails_switches_off_its_view_alone(
    digits: Digits, make_mlp: MakeMlp, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    whole, num_runs = ActivationTilesPlan.collect, 0

    def fail_later(self: Any) -> Any:
        nonlocal num_runs
        num_runs += 1
        # Once to warm up, then before training and after the first epoch.
        if num_runs > 3:
            raise MemoryError("no room for activations")
        return whole(self)

    monkeypatch.setattr(ActivationTilesPlan, "collect", fail_later)
    with warnings.catch_warnings(record=True) as caught:
        warnings.simplefilter("always")
        callback = NNViz(tmp_path / "run", samples=digits[0][:4])
        history = fit(make_mlp(), digits, callback, epochs=4)
    assert len(history.history["loss"]) == 4
    (said,) = [str(one.message) for one in caught if "nnviz" in str(one.message)]
    assert "view 'activations' is switched off" in said
    assert "no room for activations" in said
    reader = LogReader(tmp_path)
    assert reader.steps("run", "activations/dense") == [0, 1]
    assert reader.steps("run", "weights/dense/kernel") == [0, 1, 2, 3, 4]
    assert any("no room for activations" in one.message for one in notices(tmp_path, "run"))


def test_a_probe_that_fails_raises_where_that_was_asked_for(
    digits: Digits, make_mlp: MakeMlp, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fail(self: Any) -> Any:
        raise MemoryError("no room for activations")

    monkeypatch.setattr(ActivationTilesPlan, "collect", fail)
    callback = ActivationChannels(tmp_path / "run", digits[0][:4], on_error="raise")
    with pytest.raises(MemoryError, match="no room for activations"):
        fit(make_mlp(), digits, callback)


@pytest.mark.parametrize("make", [copy.deepcopy, lambda one: pickle.loads(pickle.dumps(one))])  # noqa: S301
def test_a_copy_has_the_samples_and_nothing_of_the_model(
    make: Callable[[Any], Any], digits: Digits, make_mlp: MakeMlp, tmp_path: Path
) -> None:
    images, labels = digits
    callback = ActivationChannels(tmp_path / "run", (images[:4], labels[:4]))
    size = len(pickle.dumps(callback))
    for _ in range(2):
        again = make(callback)
        again._settings = callback._settings.__class__(
            **{**vars(callback._settings), "log_dir": str(tmp_path / f"run-{id(again)}")}
        )
        fit(make_mlp(128), digits, again, epochs=1)
        assert "samples" in LogReader(tmp_path).tags(f"run-{id(again)}")
        fit(make_mlp(128), digits, callback, epochs=1)
        # A model with its weights would be 400 KB and more.
        assert len(pickle.dumps(callback)) < size + 1_000


def test_after_an_interrupted_fit_a_copy_holds_neither_model_nor_panel(
    digits: Digits, make_mlp: MakeMlp, tmp_path: Path
) -> None:
    class Interrupt(keras.callbacks.Callback):
        def on_epoch_end(self, epoch: int, logs: Any = None) -> None:
            raise KeyboardInterrupt

    callback = ActivationChannels(tmp_path / "run", digits[0][:4])
    size = len(pickle.dumps(callback))
    with pytest.raises(KeyboardInterrupt):
        fit(make_mlp(128), digits, callback, Interrupt())
    assert len(pickle.dumps(callback)) < size + 1_000
    assert all(not view.tags() for view in copy.deepcopy(callback)._views)


def test_a_full_disk_ends_all_views_of_samples_with_one_warning(
    digits: Digits, make_mlp: MakeMlp, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    real_write, num_written = os.write, 0

    def write_until_full(descriptor: int, data: Any) -> int:
        nonlocal num_written
        num_written += len(data)
        # Room for the file's head, not for the samples' 4 x 784 bytes.
        if num_written > 2_000:
            raise OSError(errno.ENOSPC, "No space left on device")
        return real_write(descriptor, data)

    monkeypatch.setattr("tb_nnviz.writing.event_file_writer.os.write", write_until_full)
    with warnings.catch_warnings(record=True) as caught:
        warnings.simplefilter("always")
        callback = ActivationChannels(tmp_path / "run", digits[0][:4])
        history = fit(make_mlp(), digits, callback)
    assert len(history.history["loss"]) == 2
    (said,) = [str(one.message) for one in caught if "nnviz" in str(one.message)]
    assert "views 'samples', 'activations' are switched off" in said
