"""Arguments of `layer_activations`: what is chosen, and what is refused in which words."""

from __future__ import annotations

from typing import Any

import keras
import numpy as np
import pytest
from keras import layers

from tb_nnviz.analysis.layer_activations import layer_activations


def make_model() -> Any:
    inputs = layers.Input((6, 6, 1))
    maps = layers.Conv2D(2, 3, name="look")(inputs)
    inner = keras.Sequential([layers.Input((4, 4, 2)), layers.Conv2D(3, 3), layers.Flatten()])
    return keras.Model(inputs, layers.Dense(2)(inner(maps)))


IMAGES = np.random.default_rng(0).random((3, 6, 6, 1))


@pytest.mark.parametrize(
    ("chosen", "keys"),
    [
        ("look", ["look"]),
        (["dense", "look"], ["look", "dense"]),
        ("*conv*", ["sequential/conv2d"]),
        ("sequential", ["sequential", "sequential/conv2d", "sequential/flatten"]),
        (None, ["look", "sequential", "sequential/conv2d", "sequential/flatten", "dense"]),
    ],
)
def test_layers_are_chosen_by_path_name_and_glob(chosen: Any, keys: list[str]) -> None:
    assert list(layer_activations(make_model(), IMAGES, layers=chosen)) == keys


@pytest.mark.parametrize(
    ("arguments", "error", "words"),
    [
        ({"layers": "lok"}, ValueError, "names 'lok', which matches no layer. Did you mean 'look'"),
        ({"layers": []}, TypeError, "`layers` argument must be None"),
        ({"layers": "input_layer*"}, ValueError, "its output is the input"),
        ({"batch_size": 0}, ValueError, "`batch_size` argument must be 1 or more; got 0"),
        ({"batch_size": 2.0}, TypeError, "`batch_size` argument must be an integer; got 2.0"),
        ({"pre_activations": "yes"}, TypeError, "must be True or False; got 'yes'"),
    ],
)
def test_an_argument_that_does_not_fit_is_refused(
    arguments: dict[str, Any], error: type[Exception], words: str
) -> None:
    with pytest.raises(error, match=words.replace("?", r"\?")):
        layer_activations(make_model(), IMAGES, **arguments)


def test_an_input_layer_that_is_named_is_refused_with_the_reason() -> None:
    model = make_model()
    with pytest.raises(ValueError, match="computes nothing: its output is the input"):
        layer_activations(model, IMAGES, layers=[model.layers[0].name])


@pytest.mark.parametrize(
    ("inputs", "error", "words"),
    [
        (IMAGES[:, :5], ValueError, r"got samples of shape \(5, 6, 1\) float32; it accepts \(6, 6"),
        (IMAGES[:0], ValueError, r"at least one sample, as many for each input; got shapes \(0,"),
        (np.float32(1), ValueError, "at least one sample"),
        ((IMAGES, np.zeros(3)), TypeError, r"a tuple of 2. A tuple means \(x, y\)"),
        ("images", TypeError, "must be an array, or a list or dict of arrays"),
        ([], TypeError, "got list of nothing"),
        ([IMAGES, IMAGES[:2]], ValueError, "as many for each input"),
    ],
)
def test_inputs_that_the_model_does_not_accept_are_refused(
    inputs: Any, error: type[Exception], words: str
) -> None:
    with pytest.raises(error, match=words):
        layer_activations(make_model(), inputs)


def test_what_a_subclassed_model_raises_is_the_cause() -> None:
    class Picky(keras.Model):
        def __init__(self) -> None:
            super().__init__()
            self.dense = layers.Dense(2)

        def call(self, inputs: Any) -> Any:
            return self.dense(inputs)

    model = Picky()
    model(np.ones((1, 4)))
    with pytest.raises(ValueError, match=r"got samples of shape \(3,\) float32. ") as info:
        layer_activations(model, np.ones((2, 3)))
    assert info.value.__cause__ is not None


def test_a_model_that_cannot_be_built_is_refused() -> None:
    with pytest.raises(ValueError, match="must be built before it can be looked into"):
        layer_activations(keras.Sequential(), np.ones((2, 3)))


def test_a_model_that_is_not_built_is_built_from_the_inputs() -> None:
    model = keras.Sequential([layers.Dense(2, "relu"), layers.Dense(1)])
    assert list(layer_activations(model, np.ones((2, 3)))) == ["dense", "dense_1"]


def test_all_kinds_of_arrays_are_taken() -> None:
    model = keras.Sequential([layers.Input((2,)), layers.Dense(1)])
    expected = layer_activations(model, np.ones((2, 2)))["dense"]
    for inputs in (np.ones((2, 2), np.int64), keras.ops.ones((2, 2)), [np.ones((2, 2))]):
        np.testing.assert_allclose(layer_activations(model, inputs)["dense"], expected, rtol=1e-6)
