"""Whether a model takes samples is asked without a trace, and what a model takes them for."""

from __future__ import annotations

from typing import Any

import keras
import numpy as np
import pytest
from keras import layers

from tb_nnviz.model.acceptance import check_accepted, find_obstacle
from tb_nnviz.model.sample_inputs import are_sequences


class Base(keras.Model):
    def __init__(self) -> None:
        super().__init__()
        self.hidden = layers.Dense(5)
        self.dropout = layers.Dropout(0.5)


class Subclassed(Base):
    def call(self, inputs: Any, training: bool = False) -> Any:
        return self.dropout(self.hidden(inputs), training=training)


class WithoutTraining(Base):
    def call(self, inputs: Any) -> Any:
        return self.hidden(inputs)


class TwoInputs(Base):
    def call(self, inputs: Any) -> Any:
        return self.hidden(inputs["one"]) + self.hidden(inputs["other"])


class Drawing(Base):
    """Draws and counts whenever it is called."""

    def __init__(self) -> None:
        super().__init__()
        self.generator = keras.random.SeedGenerator(5)
        self.calls = self.add_weight(shape=(), initializer="zeros", trainable=False)

    def call(self, inputs: Any) -> Any:
        self.calls.assign(self.calls + 1)
        return self.hidden(inputs) + keras.random.normal((5,), seed=self.generator)


def built(make: Any, *, as_dict: bool = False) -> Any:
    model = make()
    zeros = np.zeros((2, 6), np.float32)
    model({"one": zeros, "other": zeros} if as_dict else zeros)
    return model


@pytest.mark.parametrize("make", [Subclassed, WithoutTraining, Drawing])
def test_samples_of_another_shape_are_refused_with_both_shapes_and_the_cause(make: Any) -> None:
    model = built(make)
    check_accepted(model, np.zeros((4, 6), np.float32))
    with pytest.raises(
        ValueError, match=r"got samples of shape \(7,\); .*built for \(6,\)"
    ) as raised:
        check_accepted(model, np.zeros((4, 7), np.float32))
    assert raised.value.__cause__ is not None


def test_samples_without_an_input_that_is_asked_for_are_refused() -> None:
    model = built(TwoInputs, as_dict=True)
    array = np.zeros((4, 6), np.float32)
    check_accepted(model, {"one": array, "other": array})
    with pytest.raises(
        ValueError, match=r"got samples of shape \(6,\); .*built for \(6,\), \(6,\).*'other'"
    ):
        check_accepted(model, {"one": array})


class Tuple(Base):
    def call(self, inputs: Any) -> Any:
        assert isinstance(inputs, tuple), type(inputs)
        return self.hidden(inputs[0]) + self.hidden(inputs[1])


class WithoutCall(Base):
    """As a GAN that has a train step of its own."""


class OnlyTrained(Base):
    def call(self, inputs: Any, training: bool = False) -> Any:
        if not training:
            raise RuntimeError("only for training")
        return self.hidden(inputs)


def test_a_tuple_is_given_to_the_model_as_a_tuple() -> None:
    model = Tuple()
    array = np.zeros((4, 6), np.float32)
    model((array, array))
    check_accepted(model, (array, array))
    assert find_obstacle(model, (array, array)) is None


def test_a_model_that_cannot_be_called_at_inference_is_no_mistake_in_the_samples() -> None:
    array = np.zeros((4, 6), np.float32)
    without_call = WithoutCall()
    without_call.hidden.build((None, 6))
    only_trained = OnlyTrained()
    only_trained(array, training=True)
    for model, words in ((without_call, "call()"), (only_trained, "only for training")):
        check_accepted(model, array)
        assert words in str(find_obstacle(model, array))
    with pytest.raises(ValueError, match="do not fit"):
        check_accepted(only_trained, np.zeros((4, 7), np.float32))


def test_asking_leaves_no_trace() -> None:
    model = built(Drawing)
    before = [keras.ops.convert_to_numpy(one).tolist() for one in model.variables]
    num_nodes = [len(layer._inbound_nodes) for layer in (model, *model.layers)]
    next_number = int(layers.Dense(1).name.rpartition("_")[2])
    next_tensor = int(keras.KerasTensor((1,)).name.rpartition("_")[2])
    check_accepted(model, np.zeros((4, 6), np.float32))
    with pytest.raises(ValueError, match="do not fit"):
        check_accepted(model, np.zeros((4, 7), np.float32))
    assert [keras.ops.convert_to_numpy(one).tolist() for one in model.variables] == before
    assert [len(layer._inbound_nodes) for layer in (model, *model.layers)] == num_nodes
    assert int(layers.Dense(1).name.rpartition("_")[2]) == next_number + 1
    assert int(keras.KerasTensor((1,)).name.rpartition("_")[2]) == next_tensor + 1


def test_a_model_that_must_run_eagerly_or_keeps_states_is_not_asked() -> None:
    class Eager(Base):
        def call(self, inputs: Any) -> Any:
            assert float(keras.ops.convert_to_numpy(inputs).sum()) == 0
            return self.hidden(inputs)

    model = built(Eager)
    model.compile(run_eagerly=True)
    check_accepted(model, np.zeros((4, 7), np.float32))

    class Stateful(Base):
        def __init__(self) -> None:
            super().__init__()
            self.recurrent = layers.LSTM(3, stateful=True)

        def call(self, inputs: Any) -> Any:
            return self.recurrent(inputs)

    stateful = Stateful()
    stateful(np.zeros((2, 5, 6), np.float32))
    check_accepted(stateful, np.zeros((4, 5, 6), np.float32))


@pytest.mark.parametrize(
    ("first", "is_sequence"),
    [
        ([layers.Flatten()], False),
        ([layers.Reshape((8, 5, 1)), layers.Conv2D(2, 3)], False),
        ([layers.LSTM(3)], True),
        ([layers.Bidirectional(layers.GRU(3))], True),
        ([layers.Conv1D(3, 3)], True),
        ([layers.GaussianNoise(0.1), layers.Dropout(0.1), layers.Conv1D(3, 3)], True),
        ([layers.GaussianNoise(0.1), layers.Flatten()], False),
        ([layers.Masking(), layers.LSTM(3)], True),
    ],
)
def test_the_first_layers_say_whether_two_axes_are_a_sequence(
    first: list[Any], is_sequence: bool
) -> None:
    model = keras.Sequential([keras.Input((8, 5)), *first])
    assert are_sequences(model, np.zeros((2, 8, 5))) == (is_sequence,)
