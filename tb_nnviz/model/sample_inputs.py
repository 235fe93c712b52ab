"""What a model takes a sample for: a picture or a sequence, with channels first or last."""

from __future__ import annotations

from typing import Any

from tb_nnviz.model.input_names import name_given_inputs
from tb_nnviz.model.linear.graph import read_graph
from tb_nnviz.model.linear.input_axes import (
    begins_with_steps,
    has_channels_first,
    takes_channels_first,
    takes_steps,
)


def are_sequences(model: Any, inputs: Any) -> tuple[bool, ...]:
    """For each input, whether its two axes are ``(step, channel)`` to the model.

    Args:
        model: a built model.
        inputs: an array, or a list or dict of arrays.
    """
    graph, names = read_graph(model), name_given_inputs(model, inputs)
    if graph is None:
        return (begins_with_steps(model),) * len(names)
    return tuple(
        name in graph.input_names and takes_steps(graph, graph.input_names.index(name))
        for name in names
    )


def have_channels_first(model: Any) -> bool:
    """Whether a model takes pictures whose channels come before height and width.

    Args:
        model: a built model.
    """
    graph = read_graph(model)
    if graph is None:
        return has_channels_first()
    return any(takes_channels_first(graph, place) for place in range(len(graph.inputs)))
