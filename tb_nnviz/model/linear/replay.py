"""Runs the path to a layer's units on tensors of the backend.

Each operation is Keras' own, called as the model calls it at inference; what is replaced is left
out. Changes no state: it is to be traced inside a `keras.StatelessScope`.
"""

from __future__ import annotations

import inspect
from collections.abc import Sequence
from typing import Any

import keras

from tb_nnviz.model.interception import Replacement, intercept
from tb_nnviz.model.linear.path import Move, UnitPath
from tb_nnviz.model.precision import computing_in_float32
from tb_nnviz.model.untouched import untouched


def run_path(path: UnitPath, tensors: Sequence[Any]) -> Any:
    """The units' values before their own activation.

    Args:
        path: to the units.
        tensors: values of the inputs that the units depend on, in their order, with a batch axis.

    Returns:
        A tensor of ``path.shape``, in float32 where the model computes in fewer bits.
    """
    graph = path.graph
    values = {
        graph.inputs[place]: tensor for place, tensor in zip(path.inputs, tensors, strict=True)
    }
    operations = [move.step.operation for move in path.moves]
    with untouched(operations), computing_in_float32(operations):
        for move in path.moves:
            outputs = keras.tree.flatten(_run(move, values))
            values.update(zip(move.step.outputs, outputs, strict=True))
    return values[path.value]


def _run(move: Move, values: dict[int, Any]) -> Any:
    step = move.step
    if move.treatment.kind in ("pass", "replace"):
        return values[step.inputs[0]]
    tensors = {identity: values[value] for identity, value in step.bindings.items()}
    args, kwargs = step.node.arguments.fill_in(tensors)
    if move.treatment.kind == "average":
        return average_in_place(step.operation, args[0] if args else next(iter(kwargs.values())))
    if _takes_training(step.operation):
        kwargs = {**kwargs, "training": False}
    if not move.without_activation:
        return step.operation(*args, **kwargs)
    with intercept(activations=[Replacement(step.operation, hand_on)]):
        return step.operation(*args, **kwargs)


def hand_on(_original: Any, args: tuple[Any, ...], _kwargs: dict[str, Any]) -> Any:
    """The identity in the place of a function of one tensor."""
    return args[0]


def average_in_place(operation: Any, tensor: Any) -> Any:
    """The average over the places whose maximum a pooling operation takes.

    Args:
        operation: a layer, or an operation of `keras.ops`, that takes a maximum.
        tensor: its input.
    """
    name = type(operation).__name__
    if name.startswith("GlobalMax"):
        first = 2 if operation.data_format == "channels_first" else 1
        axes = tuple(range(first, first + len(tensor.shape) - 2))
        return keras.ops.mean(tensor, axis=axes, keepdims=operation.keepdims)
    if name.startswith("Adaptive"):
        size, data_format = operation.output_size, operation.data_format
        return keras.ops.adaptive_average_pool(tensor, size, data_format=data_format)
    return keras.ops.average_pool(
        tensor, operation.pool_size, operation.strides, operation.padding, operation.data_format
    )


def _takes_training(operation: Any) -> bool:
    return isinstance(operation, keras.layers.Layer) and (
        "training" in inspect.signature(operation.call).parameters
    )
