"""What a vector-Jacobian product costs, in multiply-adds, from shapes alone."""

from __future__ import annotations

import math
from typing import Any

from tb_nnviz.model.layers import own_variables
from tb_nnviz.model.linear.graph import Shape
from tb_nnviz.model.linear.path import Move, UnitPath

_MATRIX = 2
# Once forward for the offsets, once back for the templates.
PASSES = 2


def count_multiplications(path: UnitPath) -> int:
    """About how many multiply-adds the templates and offsets of one unit take.

    Args:
        path: to the unit.
    """
    return PASSES * sum(_count(path, move) for move in path.moves if move.treatment.kind == "run")


def count_call(operation: Any, input_shape: Shape, output_shape: Shape) -> int:
    """Multiply-adds of one call for one sample.

    Each value of a kernel is used once at each place; what has none touches each value once.

    Args:
        operation: a layer, or an operation of `keras.ops`.
        input_shape: of its first input, with the batch axis.
        output_shape: of its output.
    """
    kernels = []
    if hasattr(operation, "variables"):
        kernels = [v for v in own_variables(operation) if len(v.shape) >= _MATRIX]
    if not kernels:
        return _num_values(output_shape)
    is_transposed = type(operation).__name__.endswith("Transpose")
    shape = input_shape if is_transposed else output_shape
    is_first = getattr(operation, "data_format", None) == "channels_first"
    channels = shape[1] if is_first else shape[-1]
    places = _num_values(shape) // max(1, int(channels or 1))
    return places * sum(math.prod(map(int, kernel.shape)) for kernel in kernels)


def _count(path: UnitPath, move: Move) -> int:
    shapes, step = path.graph.shapes, move.step
    return sum(
        count_call(step.operation, shapes[step.inputs[0]], shapes[output])
        for output in step.outputs
    )


def _num_values(shape: Shape) -> int:
    return math.prod(int(size or 1) for size in shape[1:])
