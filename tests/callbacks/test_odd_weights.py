"""Weights that are hard to read cost themselves at most, and no other weight."""

from __future__ import annotations

import warnings
from pathlib import Path
from typing import Any

import keras
import numpy as np

from tb_nnviz import Histogram, LogReader, NNViz, TileArray
from tests.callbacks.test_steps import OF_WEIGHTS, fit, notices
from tests.conftest import Digits


class InEightBits(keras.layers.Layer):
    """Holds a float8 weight beside the one it uses."""

    def build(self, input_shape: Any) -> None:
        self.small = keras.Variable(
            np.array([[0.5, 1, -2], [4, 0, 448]]),
            dtype="float8_e4m3fn",
            trainable=False,
            name="small",
        )
        self.built = True

    def call(self, inputs: Any) -> Any:
        return inputs


def test_a_weight_in_eight_bit_floats_has_tiles_and_a_histogram(
    digits: Digits, tmp_path: Path
) -> None:
    model = keras.Sequential(
        [
            keras.Input((28, 28)),
            keras.layers.Flatten(),
            InEightBits(name="held"),
            keras.layers.Dense(10, "softmax"),
        ]
    )
    model.compile("sgd", "sparse_categorical_crossentropy")
    with warnings.catch_warnings():
        warnings.simplefilter("error", RuntimeWarning)
        fit(model, digits, NNViz(tmp_path / "run", views=OF_WEIGHTS, on_error="raise"))
    assert notices(tmp_path, "run") == []
    reader = LogReader(tmp_path)
    tiles = reader.read("run", "weights/held/small", 0)
    assert isinstance(tiles, TileArray)
    assert tiles.dtype == "float8_e4m3fn"
    assert tiles.values.tolist() == [[0.5, 1, -2], [4, 0, 448]]
    for step in (0, 2):
        histogram = reader.read("run", "histograms/held/small", step)
        assert isinstance(histogram, Histogram)
        assert (histogram.dtype, histogram.min, histogram.max) == ("float8_e4m3fn", -2.0, 448.0)
        assert reader.steps("run", "histograms/dense/kernel") == [0, 1, 2]


def test_a_weight_that_cannot_be_read_is_one_notice_and_the_rest_is_logged(
    digits: Digits, tmp_path: Path
) -> None:
    class Broken(keras.layers.Dense):
        lora_enabled = True

        def __setattr__(self, name: str, value: Any) -> None:
            if name != "lora_enabled":
                super().__setattr__(name, value)

        def call(self, inputs: Any, training: Any = None) -> Any:
            return keras.ops.matmul(inputs, self._kernel) + self.bias

    model = keras.Sequential(
        [
            keras.Input((28, 28)),
            keras.layers.Flatten(),
            Broken(4),
            keras.layers.Dense(10, "softmax"),
        ]
    )
    model.compile("sgd", "sparse_categorical_crossentropy")
    with warnings.catch_warnings():
        warnings.simplefilter("error", RuntimeWarning)
        fit(model, digits, NNViz(tmp_path / "run", views=OF_WEIGHTS))
    (notice,) = notices(tmp_path, "run")
    assert notice.layer == "broken"
    assert "The weight kernel is not shown: it cannot be read (" in notice.message
    logged = {tag for tag in LogReader(tmp_path).tags("run") if tag != "notices"}
    assert logged == {
        f"{view}/{weight}"
        for view in ("weights", "histograms")
        for weight in ("broken/bias", "dense/kernel", "dense/bias")
    }
