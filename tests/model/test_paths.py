from __future__ import annotations

import keras
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tb_nnviz.model.paths import _to_snake_case, canonical_names

LAYER_CLASSES = sorted(
    name
    for name, value in vars(keras.layers).items()
    if isinstance(value, type) and issubclass(value, keras.layers.Layer)
)


def test_there_are_layer_classes_to_try() -> None:
    assert {"Conv2DTranspose", "LSTM", "Dense", "DepthwiseConv1D"} <= set(LAYER_CLASSES)


@pytest.mark.parametrize("name", LAYER_CLASSES)
def test_a_class_has_the_name_keras_makes_of_it(name: str) -> None:
    from keras.src.utils import naming

    assert _to_snake_case(name) == naming.to_snake_case(name)


def test_keras_own_numbers_are_counted_anew() -> None:
    assert canonical_names(
        ["flatten_3", "dense_7", "dense_8", "conv2d_transpose_2"],
        ["Flatten", "Dense", "Dense", "Conv2DTranspose"],
    ) == ["flatten", "dense", "dense_1", "conv2d_transpose"]


def test_the_directions_of_a_bidirectional_layer_are_kept() -> None:
    assert canonical_names(["forward_lstm_3", "backward_lstm_3"], ["LSTM", "LSTM"]) == [
        "forward_lstm",
        "backward_lstm",
    ]
    assert canonical_names(["sideward_lstm_3"], ["LSTM"]) == ["sideward_lstm_3"]


def test_names_given_by_the_user_are_kept() -> None:
    names = ["encoder", "dense_layer", "conv2d_7", "Dense_3"]
    assert canonical_names(names, ["Dense", "Dense", "Dense", "Dense"]) == names


def test_duplicates_are_numbered_on() -> None:
    assert canonical_names(["head", "head", "dense_5", "dense", "head_1"], ["Dense"] * 5) == [
        "head",
        "head_1",
        "dense",
        "dense_1",
        "head_1_1",
    ]


def test_a_slash_in_a_name_does_not_make_a_level() -> None:
    assert canonical_names(["block/dense"], ["Dense"]) == ["block_dense"]


some_names = st.sampled_from(["dense", "dense_1", "dense_2", "head", "head_1", "a/b", "a_b"])


@settings(deadline=None)
@given(layers=st.lists(st.tuples(some_names, st.sampled_from(["Dense", "Conv1D"])), max_size=8))
def test_names_are_unique_and_naming_again_changes_nothing(layers: list[tuple[str, str]]) -> None:
    names, classes = [name for name, _ in layers], [cls for _, cls in layers]
    canonical = canonical_names(names, classes)
    assert len(set(canonical)) == len(layers)
    assert not any("/" in name for name in canonical)
    assert canonical_names(canonical, classes) == canonical
