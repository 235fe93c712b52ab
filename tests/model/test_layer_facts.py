"""What is said of a layer in a graph: its kind, its parameters, whether they are trained."""

from __future__ import annotations

from typing import Any

import keras
import pytest
from keras import layers

from tb_nnviz.analysis.model_graph import read_model_graph
from tb_nnviz.model.layer_graph.categories import _CATEGORIES, find_category

# These wrap a layer, and are of its kind; or are what all layers are derived from.
WITHOUT_KIND = {"Layer", "SpectralNormalization", "TimeDistributed", "Wrapper"}


def public_layers() -> dict[str, Any]:
    found = {
        name: one
        for name in dir(layers)
        for one in [getattr(layers, name)]
        if isinstance(one, type) and issubclass(one, keras.layers.Layer)
    }
    assert len(found) > 100
    return found


def test_every_layer_of_keras_has_a_kind() -> None:
    unknown = {one.__name__ for one in public_layers().values() if one not in _CATEGORIES}
    assert unknown == WITHOUT_KIND


def test_kinds_are_those_of_the_classes_own_names() -> None:
    """By what the names of Keras' classes and their modules say, independent of the table."""
    words = {
        "pooling": ("Pooling", "Pool1D", "Pool2D", "Pool3D"),
        "convolution": ("Conv1D", "Conv2D", "Conv3D", "Convolution", "Transpose"),
        "regularization": ("Dropout", "GaussianNoise", "ActivityRegularization"),
        "reshaping": ("Cropping", "Padding", "UpSampling", "Reshape", "Flatten", "Permute"),
        "preprocessing": ("Random", "Lookup", "Spectrogram", "Hash", "Resizing"),
        "recurrent": ("RNN", "LSTM", "GRU"),
        "attention": ("Attention",),
        "embedding": ("Embedding",),
    }
    for name, one in public_layers().items():
        expected = {kind for kind, parts in words.items() if any(part in name for part in parts)}
        module = one.__module__.removeprefix("keras.src.layers.").partition(".")[0]
        if "LSTM" in name:  # a ConvLSTM is recurrent
            expected = {"recurrent"}
        if expected:
            assert {_CATEGORIES[one]} == expected, name
        elif module == "merging":
            assert _CATEGORIES[one] == "merging"


def test_a_class_of_ones_own_is_what_it_is_derived_from() -> None:
    class Wide(layers.Dense):
        """A Dense layer of somebody."""

    class Scale(layers.Layer):
        """A layer of somebody."""

    assert find_category(Wide(3)) == "dense"
    assert find_category(Scale()) == "other"


@pytest.mark.parametrize(
    ("make", "kind"),
    [
        (lambda: layers.TimeDistributed(layers.Dense(2)), "dense"),
        (lambda: layers.SpectralNormalization(layers.Conv2D(2, 3)), "convolution"),
        (lambda: layers.Bidirectional(layers.LSTM(2)), "recurrent"),
        (lambda: layers.Wrapper(layers.Identity()), "other"),
        (keras.Sequential, "model"),
        (lambda: layers.Input((2,)) + 1.0, "operation"),
    ],
)
def test_wrappers_models_and_operations_have_kinds(make: Any, kind: str) -> None:
    made = make()
    is_tensor = isinstance(made, keras.KerasTensor)
    assert find_category(made._keras_history.operation if is_tensor else made) == kind


def model_with(*between: Any) -> Any:
    return keras.Sequential([layers.Input((6,)), layers.Dense(6), *between, layers.Dense(2)])


def test_statistics_that_no_training_learns_do_not_make_a_layer_partly_trained() -> None:
    graph = read_model_graph(model_with(layers.BatchNormalization(name="norm")))
    assert graph.node("norm").trainable == "all"
    assert graph.node("norm").num_parameters == 4 * 6
    assert graph.node("norm").num_trainable == 2 * 6


def test_a_frozen_layer_is_trained_not_at_all() -> None:
    norm = layers.BatchNormalization(name="norm")
    model = model_with(norm)
    norm.trainable = False
    model.layers[0].trainable = False
    states = {node.path: node.trainable for node in read_model_graph(model).nodes}
    assert states == {"input_layer": None, "dense": "none", "norm": "none", "dense_1": "all"}


def test_a_model_with_one_frozen_layer_is_trained_in_part() -> None:
    inner = keras.Sequential([layers.Input((6,)), layers.Dense(4), layers.Dense(6)], name="inner")
    model = model_with(inner)
    inner.layers[0].trainable = False
    graph = read_model_graph(model)
    assert graph.node("inner").trainable == "some"
    assert graph.node("inner/dense").trainable == "none"
    assert graph.node("inner/dense_1").trainable == "all"


def test_what_keras_trains_in_a_frozen_model_is_told_as_trained() -> None:
    inner = keras.Sequential([layers.Input((6,)), layers.Dense(6), layers.Dense(6)], name="inner")
    model = model_with(inner)
    inner.trainable = False
    assert read_model_graph(model).node("inner").trainable == "none"
    inner.layers[0].trainable = True
    trained = {id(variable) for variable in model.trainable_variables}
    assert id(inner.layers[0].kernel) in trained
    assert read_model_graph(model).node("inner").trainable == "some"


def test_one_frozen_weight_leaves_the_others() -> None:
    model = model_with()
    model.layers[0].bias.trainable = False
    assert read_model_graph(model).node("dense").trainable == "some"


def test_a_layer_with_statistics_alone_is_not_trained() -> None:
    graph = read_model_graph(model_with(layers.Normalization(name="norm")))
    assert graph.node("norm").trainable == "none"
    assert graph.node("norm").category == "preprocessing"


def test_a_layer_without_weights_is_neither_trained_nor_frozen() -> None:
    # The state of its random generator is no weight.
    node = read_model_graph(model_with(layers.Dropout(0.5, name="drop"))).node("drop")
    assert (node.trainable, node.num_parameters) == (None, 0)


def test_weights_that_layers_share_count_once_in_a_model() -> None:
    hidden = layers.Dense(6)
    inner_inputs = layers.Input((6,))
    inner = keras.Model(inner_inputs, hidden(hidden(inner_inputs)), name="inner")
    assert read_model_graph(model_with(inner)).node("inner").num_parameters == 6 * 6 + 6


@pytest.mark.parametrize(
    ("layer", "name"),
    [
        (layers.Dense(6, "relu"), "relu"),
        (layers.Dense(6), None),
        (layers.Dense(6, activation=layers.LeakyReLU()), "LeakyReLU"),
        (layers.Activation("swish"), "silu"),
        (layers.ReLU(), None),
    ],
)
def test_fused_activations_are_named(layer: Any, name: str | None) -> None:
    layer.name = "one"
    assert read_model_graph(model_with(layer)).node("one").activation == name


def test_the_dtype_is_the_one_that_is_computed_in() -> None:
    layer = layers.Dense(6, dtype="mixed_bfloat16", name="one")
    assert read_model_graph(model_with(layer)).node("one").dtype == "bfloat16"
