"""Weights of recurrent cells: every gate apart, under its own name."""

from __future__ import annotations

from typing import Any

import keras
import numpy as np
import pytest
from keras import layers

from tb_nnviz.model.layers import list_layers
from tests.model.layout_helpers import Array, built, numbered, tiles_of, weights_of

LSTM = ("input", "forget", "cell", "output")
GRU = ("update", "reset", "candidate")


@pytest.mark.parametrize(
    ("make", "gates"),
    [(lambda: layers.LSTM(3), LSTM), (lambda: layers.GRU(3), GRU)],
)
def test_kernels_of_gated_cells_are_a_matrix_for_each_gate(
    make: Any, gates: tuple[str, ...]
) -> None:
    layer = make()
    model = numbered(built(layer, 6, 5))
    for role, rows, num_rows in (("kernel", "input", 5), ("recurrent_kernel", "state", 3)):
        weight, tiles = tiles_of(model, layer.cell, role)
        assert weight.layout.axes == ("gate", "height", "width")
        assert weight.layout.represents == {"height": rows, "width": "unit"}
        assert weight.layout.labels == {"gate": gates}
        # Keras keeps (rows, gates side by side).
        for gate, row, unit in np.ndindex(len(gates), num_rows, 3):
            assert tiles[gate, row, unit] == (row * len(gates) + gate) * 3 + unit


def test_the_gate_called_forget_is_the_one_whose_bias_starts_at_one() -> None:
    for layer, input_shape in (
        (layers.LSTM(3), (6, 5)),
        (layers.ConvLSTM1D(3, 2), (4, 6, 2)),
        (layers.ConvLSTM2D(3, 2), (4, 6, 6, 2)),
    ):
        model = built(layer, *input_shape)
        weight, tiles = tiles_of(model, layer.cell, "bias")
        assert weight.layout.axes == ("gate", "height", "width")
        assert weight.layout.is_vector
        starts = dict(zip(weight.layout.labels["gate"], tiles[:, 0, 0], strict=True))
        assert starts == {"input": 0, "forget": 1, "cell": 0, "output": 0}
        assert tiles.shape == (4, 1, 3)


def outputs_with_biases(layer: Any, model: Any, biases: dict[str, float]) -> Array:
    """What a layer without kernels makes of its input, its gates' biases being as given."""
    for variable in model.trainable_variables:
        variable.assign(np.zeros(variable.shape))
    weight = weights_of(model, layer.cell)["bias"]
    gates = weight.layout.labels["gate"]
    values = np.repeat([biases[gate] for gate in gates], 3)
    if len(weight.shape) == 2:  # of the two biases of a GRU, that of the input
        values = np.stack([values, 0 * values])
    layer.cell.bias.assign(values)
    outputs: Array = keras.ops.convert_to_numpy(model(np.ones((1, 6, 5), np.float32)))
    return outputs


@pytest.mark.parametrize(
    ("biases", "output"),
    [
        # An open gate is +100, a shut one -100; the output is o · tanh(c), c = f · c + i · g.
        ({"input": 100, "forget": -100, "cell": 100, "output": 100}, np.tanh(1)),
        ({"input": 100, "forget": 100, "cell": 100, "output": 100}, np.tanh(6)),
        ({"input": -100, "forget": 100, "cell": 100, "output": 100}, 0),
        ({"input": 100, "forget": -100, "cell": -100, "output": 100}, -np.tanh(1)),
        ({"input": 100, "forget": 100, "cell": 100, "output": -100}, 0),
    ],
)
def test_gates_of_an_lstm_do_what_their_names_say(biases: dict[str, float], output: float) -> None:
    layer = layers.LSTM(3)
    np.testing.assert_allclose(
        outputs_with_biases(layer, built(layer, 6, 5), biases), output, atol=1e-6
    )


@pytest.mark.parametrize("reset_after", [True, False])
@pytest.mark.parametrize(
    ("biases", "output"),
    [
        # The state is z · h + (1 - z) · candidate, h being 0 at first.
        ({"update": 100, "reset": 0, "candidate": 100}, 0),
        ({"update": -100, "reset": 0, "candidate": 100}, 1),
        ({"update": -100, "reset": 100, "candidate": -100}, -1),
    ],
)
def test_gates_of_a_gru_do_what_their_names_say(
    biases: dict[str, float], output: float, *, reset_after: bool
) -> None:
    layer = layers.GRU(3, reset_after=reset_after)
    np.testing.assert_allclose(
        outputs_with_biases(layer, built(layer, 6, 5), biases), output, atol=1e-6
    )


def test_the_two_biases_of_a_gru_are_parts() -> None:
    layer = layers.GRU(3, reset_after=True)
    model = numbered(built(layer, 6, 5))
    weight, tiles = tiles_of(model, layer.cell, "bias")
    assert weight.layout.axes == ("part", "gate", "height", "width")
    assert weight.layout.labels == {"part": ("input", "recurrent"), "gate": GRU}
    assert weight.layout.is_vector
    for part, gate, unit in np.ndindex(2, 3, 3):
        assert tiles[part, gate, 0, unit] == (part * 3 + gate) * 3 + unit


def test_a_gru_that_resets_before_has_one_bias() -> None:
    layer = layers.GRU(3, reset_after=False)
    model = numbered(built(layer, 6, 5))
    weight, tiles = tiles_of(model, layer.cell, "bias")
    assert weight.layout.axes == ("gate", "height", "width")
    assert tiles.reshape(-1).tolist() == list(range(9))


def test_a_simple_cell_has_matrices_and_one_strip() -> None:
    layer = layers.SimpleRNN(3)
    model = numbered(built(layer, 6, 5))
    found = weights_of(model, layer.cell)
    assert found["kernel"].layout.represents == {"height": "input", "width": "unit"}
    assert found["recurrent_kernel"].layout.represents == {"height": "state", "width": "unit"}
    assert found["bias"].layout.represents == {"width": "unit"}
    assert tiles_of(model, layer.cell)[1].reshape(-1).tolist() == list(range(15))


@pytest.mark.parametrize(
    ("make", "input_shape", "size"),
    [
        (lambda: layers.ConvLSTM1D(3, 4), (2, 6, 5), (1, 4)),
        (lambda: layers.ConvLSTM2D(3, (4, 2)), (2, 6, 6, 5), (4, 2)),
        (lambda: layers.ConvLSTM3D(3, (2, 3, 2)), (2, 4, 4, 4, 5), (2, 3, 2)),
    ],
)
def test_kernels_of_a_conv_lstm_are_tiles_of_gate_filter_and_in_channel(
    make: Any, input_shape: tuple[int, ...], size: tuple[int, ...]
) -> None:
    layer = make()
    model = numbered(built(layer, *input_shape))
    for role, in_channels in (("kernel", 5), ("recurrent_kernel", 3)):
        weight, tiles = tiles_of(model, layer.cell, role)
        assert weight.layout.axes[:3] == ("gate", "filter", "in_channel")
        assert weight.layout.axes[3:] == ("depth", "height", "width")[-len(size) :]
        assert weight.layout.labels == {"gate": LSTM}
        # Keras keeps (…positions, in_channels, gates side by side).
        for gate, index, channel, *position in np.ndindex(4, 3, in_channels, *size):
            place = int(np.ravel_multi_index(position, size))
            expected = ((place * in_channels + channel) * 4 + gate) * 3 + index
            assert tiles[(gate, index, channel, *position)] == expected


def test_a_conv_lstm_of_one_position_has_a_matrix_for_each_gate() -> None:
    layer = layers.ConvLSTM2D(3, 1)
    model = numbered(built(layer, 2, 4, 4, 5))
    weight, tiles = tiles_of(model, layer.cell)
    assert weight.layout.represents == {"height": "in_channel", "width": "filter"}
    for gate, channel, index in np.ndindex(4, 5, 3):
        assert tiles[gate, channel, index] == (channel * 4 + gate) * 3 + index


def test_cells_are_found_through_wrappers() -> None:
    stacked = layers.RNN([layers.LSTMCell(3), layers.GRUCell(2)], return_sequences=True)
    model = keras.Sequential(
        [
            layers.Input((6, 5)),
            layers.Bidirectional(layers.LSTM(2, return_sequences=True)),
            stacked,
            layers.TimeDistributed(layers.Dense(4)),
            layers.Bidirectional(layers.GRU(2)),
        ]
    )
    gates = {
        entry.path: weights_of(model, entry.layer)["kernel"].layout.labels.get("gate")
        for entry in list_layers(model)
        if "kernel" in weights_of(model, entry.layer)
    }
    assert gates == {
        "bidirectional/forward_lstm/lstm_cell": LSTM,
        "bidirectional/backward_lstm/lstm_cell": LSTM,
        "rnn/stacked_rnn_cells/lstm_cell": LSTM,
        "rnn/stacked_rnn_cells/gru_cell": GRU,
        "time_distributed/dense": None,
        "bidirectional_1/forward_gru/gru_cell": GRU,
        "bidirectional_1/backward_gru/gru_cell": GRU,
    }
