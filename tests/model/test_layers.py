from __future__ import annotations

from typing import Any

import keras
import numpy as np
import pytest
from keras import layers

from tb_nnviz.model.layers import (
    check_layer_patterns,
    list_layers,
    own_variables,
    select_layers,
)
from tb_nnviz.model.variables import copy_values


def paths(model: Any) -> list[str]:
    return [entry.path for entry in list_layers(model)]


def make_sequential() -> Any:
    return keras.Sequential(
        [
            layers.Input((8, 8, 1)),
            layers.Conv2D(2, 3),
            layers.Conv2DTranspose(2, 3),
            layers.Flatten(),
            layers.Dense(4, name="hidden"),
            layers.Dense(3),
            layers.Dense(2),
        ]
    )


def make_nested() -> Any:
    encoder = keras.Sequential(
        [layers.Input((6,)), layers.Dense(4), layers.Dense(3)], name="encoder"
    )
    inner_input = layers.Input((3,))
    decoder = keras.Model(inner_input, layers.Dense(5)(layers.Dense(4)(inner_input)))
    inputs = layers.Input((6,))
    return keras.Model(inputs, layers.Dense(2)(decoder(encoder(inputs))))


def make_wrapped() -> Any:
    return keras.Sequential(
        [
            layers.Input((5, 4)),
            layers.Bidirectional(layers.LSTM(3, return_sequences=True)),
            layers.TimeDistributed(layers.Dense(2)),
        ]
    )


class Block(layers.Layer):
    def __init__(self) -> None:
        super().__init__()
        self.dense = layers.Dense(3)
        self.norm = layers.LayerNormalization()
        self.scale = self.add_weight(shape=(), name="scale")

    def call(self, inputs: Any) -> Any:
        return self.norm(self.dense(inputs)) * self.scale


class Subclassed(keras.Model):
    def __init__(self) -> None:
        super().__init__()
        self.blocks = [Block(), Block()]
        self.head = layers.Dense(2)

    def call(self, inputs: Any) -> Any:
        for block in self.blocks:
            inputs = block(inputs)
        return self.head(inputs)


def make_subclassed() -> Any:
    model = Subclassed()
    model(np.zeros((1, 3), np.float32))
    return model


@pytest.mark.parametrize("make", [make_sequential, make_nested, make_wrapped, make_subclassed])
def test_two_models_built_in_one_process_have_the_same_paths(make: Any) -> None:
    first, second = make(), make()
    assert paths(first) == paths(second)
    assert len(set(paths(first))) == len(paths(first))
    assert [entry.index for entry in list_layers(first)] == list(range(len(paths(first))))


def test_names_given_by_the_user_stand_among_those_counted_anew() -> None:
    make_sequential()
    assert paths(make_sequential()) == [
        "conv2d",
        "conv2d_transpose",
        "flatten",
        "hidden",
        "dense",
        "dense_1",
    ]


def test_nested_models_are_listed_depth_first() -> None:
    assert paths(make_nested()) == [
        "input_layer",
        "encoder",
        "encoder/dense",
        "encoder/dense_1",
        "functional",
        "functional/input_layer",
        "functional/dense",
        "functional/dense_1",
        "dense",
    ]


def test_wrapped_layers_are_listed_below_their_wrappers() -> None:
    assert paths(make_wrapped())[:2] == ["bidirectional", "bidirectional/forward_lstm"]
    found = {entry.path: entry.layer_type for entry in list_layers(make_wrapped())}
    assert found["bidirectional/backward_lstm"] == "LSTM"
    assert found["time_distributed"] == "TimeDistributed"
    assert found["time_distributed/dense"] == "Dense"


def test_layers_of_subclassed_models_and_layers_are_listed() -> None:
    assert paths(make_subclassed()) == [
        "block",
        "block/dense",
        "block/layer_normalization",
        "block_1",
        "block_1/dense",
        "block_1/layer_normalization",
        "dense",
    ]


def test_a_shared_layer_is_listed_once_where_it_comes_first() -> None:
    shared = layers.Dense(3)
    inner = keras.Sequential([layers.Input((3,)), shared])
    inputs = layers.Input((3,))
    model = keras.Model(inputs, inner(shared(shared(inputs))))
    assert [entry.path for entry in list_layers(model) if entry.layer is shared] == ["dense"]
    assert len(paths(model)) == 3


def test_keras_own_path_and_the_parent_are_known() -> None:
    model = make_nested()
    entry = next(entry for entry in list_layers(model) if entry.path == "encoder/dense_1")
    assert entry.keras_path == f"encoder/{entry.layer.name}"
    assert entry.parent is model.get_layer("encoder")
    assert entry.layer_type == "Dense"


def selected(model: Any, *patterns: str) -> list[str]:
    return [entry.path for entry in select_layers(list_layers(model), patterns)]


@pytest.mark.parametrize(
    ("patterns", "expected"),
    [
        (["hidden"], ["hidden"]),
        (["dense_1", "hidden"], ["hidden", "dense_1"]),
        (["conv*"], ["conv2d", "conv2d_transpose"]),
        (["dense_?"], ["dense_1"]),
        (["*"], ["conv2d", "conv2d_transpose", "flatten", "hidden", "dense", "dense_1"]),
        (["hidden", "hid*"], ["hidden"]),
    ],
)
def test_names_and_globs_select_in_the_order_of_the_model(
    patterns: list[str], expected: list[str]
) -> None:
    # The first model of a fresh count of names, so that Keras' names are the canonical ones.
    keras.utils.clear_session()
    assert selected(make_sequential(), *patterns) == expected


def test_a_nested_model_stands_for_all_its_layers() -> None:
    model = make_nested()
    assert selected(model, "encoder") == ["encoder", "encoder/dense", "encoder/dense_1"]
    assert selected(model, "encoder/*") == ["encoder/dense", "encoder/dense_1"]


def test_keras_own_names_select_too() -> None:
    make_sequential()
    model = make_sequential()
    assert selected(model, model.layers[-1].name) == ["dense_1"]


def test_a_canonical_path_wins_over_a_name_keras_gives_another_layer() -> None:
    keras.utils.clear_session()
    layers.Dense(1)  # takes Keras' name "dense", so that the next is "dense_1"
    model = keras.Sequential([layers.Input((6,)), layers.Dense(4), layers.Dense(3)])
    assert [entry.keras_path for entry in list_layers(model)] == ["dense_1", "dense_2"]
    assert selected(model, "dense_1") == ["dense_1"]
    assert selected(model, "dense_2") == ["dense_1"]


def test_none_selects_everything() -> None:
    entries = list_layers(make_sequential())
    assert select_layers(entries, None) == entries


def test_a_name_that_matches_nothing_is_said_with_what_is_close() -> None:
    with pytest.raises(ValueError, match=r"names 'hiden', .* Did you mean 'hidden'.*\?.*conv2d,"):
        selected(make_sequential(), "conv*", "hiden")
    with pytest.raises(ValueError, match=r"matches no layer\. The layers are:"):
        selected(make_sequential(), "xyz*")


def test_patterns_are_checked() -> None:
    assert check_layer_patterns(None) is None
    assert check_layer_patterns("conv*") == ("conv*",)
    assert check_layer_patterns(iter(["a", "b"])) == ("a", "b")
    wrong: list[Any] = [3, [], [3], [""], [None]]
    for value in wrong:
        with pytest.raises(TypeError, match="`layers` argument must be None"):
            check_layer_patterns(value)


def test_own_variables_are_not_those_of_sublayers_or_random_states() -> None:
    model = make_subclassed()
    assert [variable.name for variable in own_variables(model.blocks[0])] == ["scale"]
    dropout = layers.Dropout(0.5)
    dropout(np.zeros((1, 2), np.float32), training=True)
    assert own_variables(dropout) == []
    dense = layers.Dense(2)
    dense.build((None, 3))
    assert [variable.name for variable in own_variables(dense)] == ["kernel", "bias"]
    normalization = layers.BatchNormalization()
    normalization.build((None, 3))
    assert len(own_variables(normalization)) == 4


def test_a_copy_owns_its_memory_and_its_values_stay() -> None:
    dense = layers.Dense(2)
    dense.build((None, 3))
    before = np.arange(6, dtype=np.float32).reshape(3, 2)
    dense.kernel.assign(before)
    copy = copy_values(dense.kernel)
    assert copy.flags.owndata
    dense.kernel.assign(before * 0 - 1)
    np.testing.assert_array_equal(copy, before)
    copy[:] = 7
    assert (keras.ops.convert_to_numpy(dense.kernel) == -1).all()


@pytest.mark.parametrize("dtype", ["float16", "float32", "float64"])
def test_a_copy_has_the_dtype_of_the_variable(dtype: str) -> None:
    variable = keras.Variable(np.ones((2, 2)), dtype=dtype)
    assert copy_values(variable).dtype == dtype
