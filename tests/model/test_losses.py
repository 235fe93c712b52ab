"""Whether outputs are logits is told by the loss that a model is compiled with."""

from __future__ import annotations

from typing import Any

import keras
import pytest

from tb_nnviz.model.losses import takes_logits

losses = keras.losses


def custom(y_true: Any, y_pred: Any) -> Any:
    return keras.ops.mean(y_true - y_pred)


@pytest.mark.parametrize(
    ("loss", "expected"),
    [
        (losses.BinaryCrossentropy(from_logits=True), True),
        (losses.SparseCategoricalCrossentropy(from_logits=True), True),
        (losses.CategoricalCrossentropy(), False),
        ("binary_crossentropy", False),
        ("sparse_categorical_crossentropy", False),
        (losses.categorical_crossentropy, False),
        # An output that is to be near 0 or 1 is compared with the threshold itself.
        ("mse", False),
        (losses.MeanSquaredError(), False),
        (losses.mean_absolute_error, False),
        # These move outputs away from 0, to either side; or nobody knows.
        ("hinge", None),
        (losses.Hinge(), None),
        (custom, None),
        (None, None),
    ],
)
def test_a_loss_says_whether_it_gets_logits(loss: Any, expected: bool | None) -> None:
    model = keras.Sequential([keras.Input((2,)), keras.layers.Dense(1)])
    assert takes_logits(model, "dense", 0) is None
    model.compile("sgd", loss)
    assert takes_logits(model, "dense", 0) is expected


@pytest.mark.parametrize("is_by_name", [True, False])
def test_each_output_has_a_loss_of_its_own(is_by_name: bool) -> None:
    inputs = keras.Input((2,))
    outputs = [keras.layers.Dense(1, name=name)(inputs) for name in ("first", "second")]
    said = [losses.BinaryCrossentropy(from_logits=True), "mse"]
    model = keras.Model(inputs, outputs)
    model.compile("sgd", dict(zip(("first", "second"), said, strict=True)) if is_by_name else said)
    assert takes_logits(model, "first", 0) is True
    assert takes_logits(model, "second", 1) is False
