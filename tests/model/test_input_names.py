"""An input has one name, whatever is shown of it and however often the model was built."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import keras
import numpy as np
import pytest
from keras import layers

from tb_nnviz import LogReader, NNViz, weight_templates
from tb_nnviz.model.input_names import arrange_inputs, name_given_inputs, name_inputs
from tb_nnviz.model.linear.graph import read_graph

# Keras says so where the keys are not the names of the tensors, and takes the model all the same.
pytestmark = pytest.mark.filterwarnings("ignore:When providing `inputs` as a dict")

ARRAYS = [np.zeros((2, 3)), np.zeros((2, 4))]


def make(one: Any = None, other: Any = None, *, as_dict: bool = False) -> Any:
    first, second = keras.Input((3,), name=one), keras.Input((4,), name=other)
    inputs: Any = {"z": first, "a": second} if as_dict else [first, second]
    return keras.Model(inputs, layers.Dense(2)(layers.Concatenate()([first, second])))


class Subclassed(keras.Model):
    def call(self, inputs: Any) -> Any:
        return inputs


@pytest.mark.parametrize(
    ("model", "names"),
    [
        (make("one", "other"), ["one", "other"]),
        (make(), ["input_layer", "input_layer_1"]),
        (make("side", "input_layer_7"), ["side", "input_layer"]),
    ],
)
def test_inputs_are_called_as_the_user_calls_them_or_numbered_in_their_model(
    model: Any, names: list[str]
) -> None:
    assert list(name_inputs(model)) == names
    assert list(name_given_inputs(model, ARRAYS)) == names
    by_tensor = {tensor.name: array for tensor, array in zip(model.inputs, ARRAYS, strict=True)}
    assert list(name_given_inputs(model, by_tensor)) == names
    graph = read_graph(model)
    assert graph is not None
    assert list(graph.input_names) == names


def test_a_model_made_of_a_dict_calls_its_inputs_by_the_keys() -> None:
    model = make("one", "other", as_dict=True)
    assert set(name_inputs(model)) == {"a", "z"}
    assert name_given_inputs(model, {"z": ARRAYS[0], "a": ARRAYS[1]}) == ("z", "a")
    assert name_given_inputs(model, {"one": ARRAYS[0], "other": ARRAYS[1]}) == ("z", "a")


def test_without_a_graph_keys_and_places_are_the_names() -> None:
    assert name_inputs(Subclassed()) == ()
    assert name_given_inputs(Subclassed(), ARRAYS) == ("0", "1")
    assert name_given_inputs(Subclassed(), {"b": ARRAYS[1], "a": ARRAYS[0]}) == ("b", "a")
    assert name_given_inputs(Subclassed(), ARRAYS[0]) == ("",)


@pytest.mark.parametrize("as_dict", [False, True])
def test_arrays_stand_in_the_order_of_the_model_however_a_dict_has_them(as_dict: bool) -> None:
    model = make("one", "other", as_dict=as_dict)
    keys = ("z", "a") if as_dict else ("one", "other")
    given = dict(zip(keys, ARRAYS, strict=True))
    for inputs in (given, dict(reversed(given.items())), {**given, "unused": np.zeros((2, 9))}):
        shapes = [array.shape[1:] for array in arrange_inputs(model, inputs)]
        assert shapes == [tuple(tensor.shape)[1:] for tensor in model.inputs]
    assert arrange_inputs(Subclassed(), ARRAYS) == ARRAYS


def test_gated_templates_take_each_input_its_own_samples() -> None:
    model = make("one", "other")
    rng = np.random.default_rng(0)
    one, other = rng.normal(size=(5, 3)), rng.normal(size=(5, 4))
    results = [
        weight_templates(model, gate="samples", samples=samples)
        for samples in ([one, other], {"one": one, "other": other}, {"other": other, "one": one})
    ]
    for result in results[1:]:
        for name in ("one", "other"):
            np.testing.assert_array_equal(result.templates[name], results[0].templates[name])
        np.testing.assert_array_equal(result.offsets, results[0].offsets)


@pytest.mark.parametrize("as_dict", [False, True])
def test_samples_and_templates_of_two_unnamed_models_have_the_same_tags(
    tmp_path: Path, as_dict: bool
) -> None:
    found = []
    for run in ("first", "second"):
        model = make(as_dict=as_dict)
        model.compile("sgd", "mse")
        x: Any = [np.ones((4, 3)), np.ones((4, 4))]
        if as_dict:
            x = {"a": x[1], "z": x[0]}
        y = np.zeros((4, 2))
        callback = NNViz(tmp_path / run, validation_data=(x, y), on_error="raise")
        model.fit(x, y, verbose=0, callbacks=[callback])
        found.append(list(LogReader(tmp_path).tags(run)))
    assert found[0] == found[1]
    names = {"a", "z"} if as_dict else {"input_layer", "input_layer_1"}
    for view in ("samples", "templates/dense"):
        tags = {tag.removeprefix(f"{view}/") for tag in found[0] if tag.startswith(f"{view}/")}
        assert tags - {"offset"} == names
