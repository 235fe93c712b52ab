"""Every variable of a model is planned or in a notice, under the same key in every process."""

from __future__ import annotations

from typing import Any

import keras
import numpy as np
import pytest
from keras import layers

from tb_nnviz.analysis.model_weights import plan_weights
from tests.analysis.models import MODELS


@pytest.mark.parametrize("name", MODELS)
def test_every_variable_is_planned_once_or_is_the_state_of_a_random_generator(name: str) -> None:
    model = MODELS[name]()
    planned, notices = plan_weights(model, None)
    found = [id(one.weight.variable) for one in planned]
    states = [v for v in model.variables if v.path.endswith("seed_generator_state")]
    assert sorted([*found, *map(id, states)]) == sorted({id(v) for v in model.variables})
    assert len({one.key for one in planned}) == len(planned)
    assert len([one for one in notices if "random generators" in one.message]) == bool(states)
    for one in planned:
        assert one.source.variable_shape == tuple(one.weight.variable.shape)
        assert one.source.variable_path == one.weight.variable.path
        assert one.source.role == one.weight.role
        assert one.key == "/".join(filter(None, (one.source.layer_path, one.weight.role)))


@pytest.mark.parametrize("name", MODELS)
def test_models_built_twice_in_a_process_have_the_same_keys(name: str) -> None:
    first, second = ([one.key for one in plan_weights(MODELS[name](), None)[0]] for _ in range(2))
    assert first == second


def test_keys_are_paths_of_layers_and_names_of_weights() -> None:
    planned, _ = plan_weights(MODELS["transformer"](), None)
    keys = [one.key for one in planned]
    assert keys[:4] == [
        "embedding/embeddings",
        "multi_head_attention/query/kernel",
        "multi_head_attention/query/bias",
        "multi_head_attention/key/kernel",
    ]
    assert keys[-1] == "dense_2/bias"


def test_weights_come_in_the_order_of_the_layers() -> None:
    planned, _ = plan_weights(MODELS["convolutional"](), None)
    places = [one.source.layer_index or 0 for one in planned]
    assert places == sorted(places)


def test_a_layer_used_in_two_places_is_planned_where_it_comes_first() -> None:
    planned, _ = plan_weights(MODELS["nested"](), None)
    assert len([one for one in planned if one.source.layer_type == "Dense"]) == 2
    assert len(planned) == 2 + 4  # of the Dense and of the BatchNormalization


def test_a_weight_that_two_layers_hold_is_planned_under_the_first() -> None:
    planned, _ = plan_weights(MODELS["subclassed"](), None)
    assert [one.key for one in planned] == ["embedding/embeddings", "tied/bias", "temperature"]
    chosen, _ = plan_weights(MODELS["subclassed"](), ["tied"])
    assert [one.source.variable_shape for one in chosen] == [(6, 4), (6,)]


def test_a_weight_of_the_model_itself_comes_last_and_has_no_layer() -> None:
    planned, _ = plan_weights(MODELS["subclassed"](), None)
    source = planned[-1].source
    assert source.layer_path is None
    assert source.layer_type == "Subclassed"
    assert source.layer_index == 1 + max(one.source.layer_index or 0 for one in planned[:-1])


def test_only_chosen_layers_are_planned() -> None:
    planned, notices = plan_weights(MODELS["mlp"](), ["dense_1"])
    assert [one.key for one in planned] == ["dense_1/kernel", "dense_1/bias"]
    assert notices == ()  # the Dropout, which has a random state, was not asked for


def test_a_name_that_matches_no_layer_is_a_mistake() -> None:
    with pytest.raises(ValueError, match="matches no layer"):
        plan_weights(MODELS["mlp"](), ["conv*"])


def test_random_states_of_many_layers_are_one_notice_that_names_some() -> None:
    model = keras.Sequential(
        [layers.Input((4,)), *(layers.Dropout(0.1) for _ in range(7)), layers.Dense(2)]
    )
    _, (notice,) = plan_weights(model, None)
    assert (notice.view, notice.layer) == ("weights", "")
    assert "random generators" in notice.message
    assert "(dropout, dropout_1, dropout_2, dropout_3, dropout_4 and 2 more)" in notice.message


def test_a_model_without_weights_says_so() -> None:
    model = keras.Sequential([layers.Input((4, 4)), layers.Flatten()])
    planned, (notice,) = plan_weights(model, None)
    assert planned == ()
    assert notice.message == "There are no weights in this model."
    _, (notice,) = plan_weights(MODELS["mlp"](), ["flatten"])
    assert notice.message == "There are no weights in layers=['flatten']."


# Keras warns of the layer it cannot build, and goes on.
@pytest.mark.filterwarnings("ignore:`build\\(\\)` was called on layer:UserWarning")
def test_layers_that_were_never_called_are_named_if_they_would_have_weights() -> None:
    class WithUnused(keras.Model):
        def __init__(self) -> None:
            super().__init__()
            self.dense = layers.Dense(4)
            self.unused = [layers.Conv2D(3, 3), layers.Flatten(), layers.LSTM(3)]

        def call(self, inputs: Any) -> Any:
            return self.dense(inputs)

    model = WithUnused()
    model(np.zeros((1, 6), np.float32))
    planned, notices = plan_weights(model, None)
    assert [one.key for one in planned] == ["dense/kernel", "dense/bias"]
    (notice,) = (one for one in notices if "never called" in one.message)
    assert "(conv2d, lstm/lstm_cell)" in notice.message


def test_a_weight_that_holds_no_real_numbers_is_named_with_the_reason() -> None:
    class Odd(keras.layers.Layer):
        def build(self, input_shape: Any) -> None:
            self.texts = keras.Variable(np.array(["a", "b"]), dtype="string", trainable=False)
            self.built = True

        def call(self, inputs: Any) -> Any:
            return inputs

    model = keras.Sequential([layers.Input((4,)), layers.Dense(2), Odd(name="odd")])
    planned, (notice,) = plan_weights(model, None)
    assert [one.key for one in planned] == ["dense/kernel", "dense/bias"]
    assert notice.layer == "odd"
    assert "string values, which are no real numbers" in notice.message
