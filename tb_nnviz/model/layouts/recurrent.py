"""Layouts of the weights of recurrent cells, whose last axis holds all gates side by side."""

from __future__ import annotations

import math

from tb_nnviz.model.layouts.layout import WeightLayout, layout_matrix, layout_strip

# In the order in which Keras puts them side by side.
LSTM_GATES = ("input", "forget", "cell", "output")
GRU_GATES = ("update", "reset", "candidate")
_BIAS_PARTS = ("input", "recurrent")


def layout_gated_kernel(shape: tuple[int, ...], gates: tuple[str, ...], rows: str) -> WeightLayout:
    """Layout of a kernel ``(inputs, gates · units)``: a matrix for each gate.

    Args:
        shape: of the kernel.
        gates: names of the gates; () for a cell without.
        rows: what a row is: ``input``, or ``state`` for a unit of the previous step.
    """
    if not gates:
        return layout_matrix(shape, rows, "unit")
    inputs, units = shape[0], shape[1] // len(gates)
    return WeightLayout(
        (inputs, len(gates), units),
        (1, 0, 2),
        (len(gates), inputs, units),
        ("gate", "height", "width"),
        {"height": rows, "width": "unit"},
        {"gate": gates},
    )


def layout_gated_bias(
    shape: tuple[int, ...], gates: tuple[str, ...], outputs: str = "unit"
) -> WeightLayout:
    """Layout of a bias ``(gates · units,)``, or of two such, ``(2, gates · units)``.

    Args:
        shape: of the bias; the two are those of a GRU with ``reset_after``, added to what comes
            from the input and from the previous state.
        gates: names of the gates; () for a cell without.
        outputs: what a place in a strip is.

    Returns:
        A strip for each gate, or one strip; with a grid axis ``part`` before it for two biases.
    """
    if not gates:
        return layout_strip(shape, outputs)
    *parts, values = shape
    strips = (*parts, len(gates), 1, values // len(gates))
    return WeightLayout(
        (*parts, len(gates), values // len(gates)),
        tuple(range(len(strips) - 1)),
        strips,
        (*("part" for _ in parts), "gate", "height", "width"),
        {"width": outputs},
        {**({"part": _BIAS_PARTS} if parts else {}), "gate": gates},
        is_vector=True,
    )


def layout_gated_convolution(shape: tuple[int, ...]) -> WeightLayout:
    """Layout of a ConvLSTM's kernel ``(…positions, in_channels, 4 · filters)``.

    Args:
        shape: of the kernel, of 1 to 3 dimensions.

    Returns:
        ``(gate, filter, in_channel, [depth,] height, width)``; a matrix of in_channels and filters
        for each gate where there is one position.
    """
    *positions, in_channels, values = shape
    filters = values // len(LSTM_GATES)
    labels = {"gate": LSTM_GATES}
    rank = len(positions)
    if math.prod(positions) == 1:
        return WeightLayout(
            (in_channels, len(LSTM_GATES), filters),
            (1, 0, 2),
            (len(LSTM_GATES), in_channels, filters),
            ("gate", "height", "width"),
            {"height": "in_channel", "width": "filter"},
            labels,
        )
    grid = (len(LSTM_GATES), filters, in_channels)
    tile = (1, *positions) if rank == 1 else tuple(positions)
    return WeightLayout(
        (*positions, in_channels, len(LSTM_GATES), filters),
        (rank + 1, rank + 2, rank, *range(rank)),
        (*grid, *tile),
        ("gate", "filter", "in_channel", *("depth", "height", "width")[-len(tile) :]),
        {"width": "position"} if rank == 1 else {},
        labels,
    )
