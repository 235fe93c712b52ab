"""Weights as histograms: what is logged equals what NumPy says of the model's weights."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import keras
import numpy as np
import pytest

from tb_nnviz import Histogram, LogReader, NNViz, WeightHistograms, WeightTiles
from tests.callbacks.test_steps import fit, notices
from tests.conftest import Digits

MakeMlp = Callable[..., Any]
KERNEL = "histograms/dense/kernel"


def read(logdir: Path, tag: str, step: int) -> Histogram:
    record = LogReader(logdir).read("run", tag, step)
    assert isinstance(record, Histogram)
    return record


class Remember(keras.callbacks.Callback):
    """Keeps the weights before training and after each epoch."""

    def on_epoch_begin(self, epoch: int, logs: Any = None) -> None:
        if epoch == 0:
            self.kept = [self.model.get_weights()]

    def on_epoch_end(self, epoch: int, logs: Any = None) -> None:
        self.kept.append(self.model.get_weights())


def test_statistics_and_update_ratio_equal_numpys_at_every_step(
    digits: Digits, make_mlp: MakeMlp, tmp_path: Path
) -> None:
    remember = Remember()
    fit(make_mlp(), digits, WeightHistograms(tmp_path / "run"), remember, epochs=2)
    for step, weights in enumerate(remember.kept):
        kernel = weights[0].astype(np.float64)
        histogram = read(tmp_path, KERNEL, step)
        said = (histogram.mean, histogram.std, histogram.min, histogram.max, histogram.l2_norm)
        true = (kernel.mean(), kernel.std(), kernel.min(), kernel.max(), np.linalg.norm(kernel))
        np.testing.assert_allclose(said, true, rtol=1e-6, atol=1e-9)
        assert histogram.count == histogram.counts.sum() == kernel.size
        if step == 0:
            assert np.isnan(histogram.update_ratio)
        else:
            change = np.linalg.norm(kernel - remember.kept[step - 1][0])
            assert histogram.update_ratio == pytest.approx(change / said[4], rel=1e-6)
        placed, _ = np.histogram(kernel, histogram.edges)
        np.testing.assert_array_equal(histogram.counts, placed)


def test_a_bias_that_begins_at_zero_is_one_bin_and_then_spreads(
    digits: Digits, make_mlp: MakeMlp, tmp_path: Path
) -> None:
    fit(make_mlp(), digits, WeightHistograms(tmp_path / "run"), epochs=1)
    before, after = (read(tmp_path, "histograms/dense_1/bias", step) for step in (0, 1))
    assert (before.counts.tolist(), before.zero_fraction) == ([10], 1.0)
    assert after.counts.sum() == 10
    # All of it is change: the weights were zero.
    assert after.update_ratio == pytest.approx(1.0)


def test_both_views_of_one_callback_copy_each_weight_once_a_step(
    digits: Digits, make_mlp: MakeMlp, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    import tb_nnviz.model.variables as module

    copied: list[Any] = []
    real = module.copy_values

    def count(variable: Any) -> Any:
        copied.append(variable)
        return real(variable)

    monkeypatch.setattr(module, "copy_values", count)
    fit(make_mlp(), digits, NNViz(tmp_path / "run"), epochs=2)
    # Four variables at steps 0, 1 and 2, and once more to see that nothing changed since.
    assert len(copied) == 4 * 4


def test_tiles_and_histograms_by_callbacks_of_their_own_share_steps_and_log(
    digits: Digits, make_mlp: MakeMlp, tmp_path: Path
) -> None:
    both = (WeightTiles(tmp_path / "run"), WeightHistograms(tmp_path / "run"))
    fit(make_mlp(), digits, *both, epochs=2)
    reader = LogReader(tmp_path)
    assert reader.steps("run", KERNEL) == reader.steps("run", "weights/dense/kernel") == [0, 1, 2]
    assert notices(tmp_path, "run") == []


def test_only_the_layers_that_were_asked_for_are_logged(
    digits: Digits, make_mlp: MakeMlp, tmp_path: Path
) -> None:
    fit(make_mlp(), digits, WeightHistograms(tmp_path / "run", layers="dense_1"), epochs=1)
    assert list(LogReader(tmp_path).tags("run")) == [
        "histograms/dense_1/kernel",
        "histograms/dense_1/bias",
    ]


def test_weights_that_become_nan_are_counted_and_training_goes_on(
    digits: Digits, make_mlp: MakeMlp, tmp_path: Path
) -> None:
    model = make_mlp()
    kernel = model.layers[1].kernel
    values = keras.ops.convert_to_numpy(kernel).copy()
    values[:] = np.nan
    kernel.assign(values)
    history = fit(model, digits, WeightHistograms(tmp_path / "run"), epochs=1)
    assert len(history.history["loss"]) == 1
    histogram = read(tmp_path, KERNEL, 0)
    assert (histogram.nan_count, histogram.counts.size) == (784 * 16, 0)
    assert np.isnan(histogram.mean)
