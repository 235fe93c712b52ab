"""Projections of attention layers: every head apart."""

from __future__ import annotations

from typing import Any

import keras
import numpy as np
import pytest
from keras import layers

from tb_nnviz.model.layers import list_layers
from tests.model.layout_helpers import numbered, tiles_of, weights_of


def attention_model(attention: Any, *input_shape: int) -> Any:
    inputs = layers.Input(input_shape)
    return numbered(keras.Model(inputs, attention(inputs, inputs)))


def projections(model: Any) -> dict[str, Any]:
    """The projections inside the attention layer of a model, by their names."""
    entries = {entry.path.rpartition("/")[2]: entry.layer for entry in list_layers(model)}
    return {name: entries[name] for name in ("query", "key", "value", "attention_output")}


def test_query_key_and_value_of_each_head_are_matrices() -> None:
    attention = layers.MultiHeadAttention(3, key_dim=5, value_dim=4)
    model = attention_model(attention, 6, 7)
    for name, columns, size in (("query", "key", 5), ("key", "key", 5), ("value", "value", 4)):
        layer = projections(model)[name]
        weight, tiles = tiles_of(model, layer)
        assert weight.layout.axes == ("head", "height", "width")
        assert weight.layout.represents == {"height": "input", "width": columns}
        # Keras keeps (input 7, head 3, key or value).
        for head, row, column in np.ndindex(3, 7, size):
            assert tiles[head, row, column] == (row * 3 + head) * size + column
        bias, strips = tiles_of(model, layer, "bias")
        assert bias.layout.axes == ("head", "height", "width")
        assert bias.layout.is_vector
        assert strips.tolist() == np.arange(3 * size).reshape(3, 1, size).tolist()


def test_the_output_kernel_has_a_matrix_of_values_and_outputs_for_each_head() -> None:
    attention = layers.MultiHeadAttention(3, key_dim=5, value_dim=4)
    model = attention_model(attention, 6, 7)
    layer = projections(model)["attention_output"]
    weight, tiles = tiles_of(model, layer)
    assert weight.layout.represents == {"height": "value", "width": "output"}
    for head, row, column in np.ndindex(3, 4, 7):
        assert tiles[head, row, column] == (head * 4 + row) * 7 + column
    assert weights_of(model, layer)["bias"].layout.represents == {"width": "output"}


def test_outputs_of_several_axes_are_columns() -> None:
    attention = layers.MultiHeadAttention(3, key_dim=5, output_shape=(2, 4))
    model = attention_model(attention, 6, 7)
    weight, tiles = tiles_of(model, projections(model)["attention_output"])
    assert weight.shape == (3, 5, 2, 4)
    assert tiles.shape == (3, 5, 8)
    assert tiles.reshape(-1).tolist() == list(range(120))


def test_the_tiles_of_a_head_are_what_makes_its_attention() -> None:
    # One head's query and key, multiplied by hand, give the scores that Keras returns.
    attention = layers.MultiHeadAttention(2, key_dim=3, use_bias=False)
    inputs = np.random.default_rng(1).normal(size=(1, 4, 5)).astype(np.float32)
    symbolic = layers.Input((4, 5))
    model = keras.Model(symbolic, attention(symbolic, symbolic))
    _, scores = attention(inputs, inputs, return_attention_scores=True)
    tiles = {name: tiles_of(model, projections(model)[name])[1] for name in ("query", "key")}
    for head in range(2):
        query, key = (inputs[0] @ tiles[name][head] for name in ("query", "key"))
        logits = query @ key.T / np.sqrt(3)
        expected = np.exp(logits) / np.exp(logits).sum(axis=1, keepdims=True)
        np.testing.assert_allclose(
            keras.ops.convert_to_numpy(scores)[0, head], expected, rtol=0, atol=1e-5
        )


@pytest.mark.skipif(not hasattr(layers, "GroupQueryAttention"), reason="a later Keras has it")
def test_grouped_queries_have_more_heads_than_keys() -> None:
    attention = layers.GroupQueryAttention(5, num_query_heads=4, num_key_value_heads=2)
    model = attention_model(attention, 6, 7)
    found = projections(model)
    heads = {name: tiles_of(model, found[name])[1].shape for name in found}
    assert heads.pop("attention_output") == (4, 5, 7)
    assert heads.pop("query") == (4, 7, 5)
    assert heads.pop("key") == heads.pop("value") == (2, 7, 5)


def test_an_einsum_dense_elsewhere_is_laid_out_by_its_equation_or_shape() -> None:
    matrix = layers.EinsumDense("abc,cd->abd", output_shape=(None, 4), bias_axes="d")
    turned = layers.EinsumDense("abc,dc->abd", output_shape=(None, 5))
    heads = layers.EinsumDense("abc,cde->abde", output_shape=(None, 2, 3), bias_axes="de")
    model = numbered(keras.Sequential([layers.Input((6, 7)), matrix, turned, heads]))
    assert weights_of(model, matrix)["kernel"].layout.represents == {
        "height": "input",
        "width": "unit",
    }
    assert weights_of(model, matrix)["bias"].layout.represents == {"width": "unit"}
    assert weights_of(model, turned)["kernel"].layout.represents == {
        "height": "unit",
        "width": "input",
    }
    weight, tiles = tiles_of(model, heads)
    assert weight.layout.axes == ("axis_0", "height", "width")
    assert weight.layout.represents == {"height": "axis_1", "width": "axis_2"}
    assert tiles.tolist() == np.arange(30).reshape(5, 2, 3).tolist()
    assert weights_of(model, heads)["bias"].layout.axes == ("height", "width")
