"""The matrix of a path by vector-Jacobian products: one function a target, current weights.

A batch holds one input for each unit, and the cotangent of row i picks unit i, so that one product
gives the templates of a whole batch of units.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from functools import partial
from typing import Any

import keras
import numpy as np
from numpy.typing import NDArray

from tb_nnviz.model.backends import TensorSpec, load_backend
from tb_nnviz.model.linear.path import UnitPath
from tb_nnviz.model.linear.receptive_field import find_receptive_fields
from tb_nnviz.model.linear.replay import run_path
from tb_nnviz.model.precision import widen_dtype

# Values of the inputs and of what is made of them that a batch may hold: 256 MB in float32.
_MAX_VALUES = 64_000_000
_MAX_BATCH = 64

Window = tuple[slice, ...]


class UnitJacobian:
    """Gradients of a layer's units with respect to the model's inputs.

    Compiled when it is first asked for something, once.

    Attributes:
        max_batch: rows of one run at most.

    Args:
        function: from the inputs' tensors to the units' values, of ``shape``.
        input_specs: shape without the batch axis, and dtype, of each input.
        shape: of the units' values, with the batch axis.
        unit_axis: which axis of it counts units.
        position: the place whose units are explained, for each of the other axes.
        variables: what the function reads.
        values_per_row: how many values one row of a batch takes in all.
        batch_size: the only number of rows that the function takes; None for any.
    """

    def __init__(
        self,
        function: Callable[[Sequence[Any]], Any],
        input_specs: Sequence[tuple[tuple[int, ...], str]],
        shape: tuple[int, ...],
        unit_axis: int,
        position: tuple[int, ...],
        variables: Sequence[Any],
        values_per_row: int,
        batch_size: int | None = None,
    ) -> None:
        self._function = function
        self._input_specs = tuple(input_specs)
        self._shape = shape
        self._unit_axis = unit_axis
        self._position = position
        self._variables = list(variables)
        affordable = max(1, min(_MAX_BATCH, _MAX_VALUES // max(1, values_per_row)))
        self._fixed_batch = batch_size
        self.max_batch = batch_size or affordable
        self._compiled: Any = None
        self._batch = 0

    def at_zero(self, units: Sequence[int]) -> tuple[list[NDArray[np.float32]], NDArray[Any]]:
        """Templates and offsets of units of a linear function.

        Args:
            units: indices.

        Returns:
            For each input ``(units, *its shape)``; zeros where a unit does not depend on it; and
            the units' values at inputs of zeros.
        """
        rows = [np.zeros((len(units), *shape), dtype) for shape, dtype in self._input_specs]
        values, gradients = self.at(rows, units)
        return gradients, values

    def at(
        self, inputs: Sequence[NDArray[Any]], units: Sequence[int]
    ) -> tuple[NDArray[np.float32], list[NDArray[np.float32]]]:
        """The value of one unit and its gradients for each row of a batch.

        Args:
            inputs: for each input ``(rows, *its shape)``.
            units: the unit of each row.

        Returns:
            ``(rows,)``, and for each input ``(rows, *its shape)``.
        """
        batch = self.prepare(len(units))
        values = np.zeros(len(units), np.float32)
        gradients = [np.zeros(rows.shape, np.float32) for rows in inputs]
        for start in range(0, len(units), batch):
            chosen = list(units[start : start + batch])
            part = slice(start, start + len(chosen))
            padded = [_pad(rows[part], batch) for rows in inputs]
            output, found = self._compiled(padded, self._cotangent(chosen, batch))
            picked = np.asarray(output)[(np.arange(len(chosen)), *self._place(chosen))]
            values[part] = picked
            for whole, gradient in zip(gradients, found, strict=True):
                if gradient is not None:
                    whole[part] = gradient[: len(chosen)]
        return values, gradients

    def prepare(self, num_rows: int) -> int:
        """Compiles it for so many rows, if it is not yet; returns the rows of one run."""
        if self._compiled is None:
            self._batch = self._fixed_batch or min(num_rows, self.max_batch)
            specs = [TensorSpec((self._batch, *shape), dtype) for shape, dtype in self._input_specs]
            backend = load_backend()
            self._compiled = backend.compile_vjp(self._function, specs, self._variables)
        return self._batch

    def take_position(self, values: Any) -> Any:
        """The units at the explained place: ``(rows, units)`` of a tensor of all places."""
        last = keras.ops.moveaxis(values, self._unit_axis, -1)
        return last[(slice(None), *self._position)]

    def _cotangent(self, units: Sequence[int], batch: int) -> NDArray[np.float32]:
        cotangent = np.zeros((batch, *self._shape[1:]), np.float32)
        cotangent[(np.arange(len(units)), *self._place(units))] = 1
        return cotangent

    def _place(self, units: Sequence[int]) -> tuple[Any, ...]:
        place: list[Any] = list(self._position)
        place.insert(self._unit_axis - 1, np.asarray(units))
        return tuple(place)


def make_jacobian(path: UnitPath, variables: Sequence[Any]) -> UnitJacobian:
    """The Jacobian of a path's units at the central position.

    Args:
        path: to the units.
        variables: of the model.
    """
    graph = path.graph
    dtypes = [widen_dtype(graph.dtypes[graph.inputs[place]]) for place in path.inputs]
    return UnitJacobian(
        partial(run_path, path),
        list(zip(path.input_shapes, dtypes, strict=True)),
        path.shape,
        path.unit_axis,
        path.position,
        variables,
        _count_values(path),
        graph.shapes[graph.inputs[path.inputs[0]]][0],
    )


def find_windows(path: UnitPath) -> list[Window | None]:
    """For each input, what the templates are cropped to; None for all of it."""
    if not path.position:
        return [None] * len(path.inputs)
    fields = find_receptive_fields(path)
    return [
        None if all(_is_whole(one, size) for one, size in zip(field, shape, strict=True)) else field
        for field, shape in zip(fields, path.input_shapes, strict=True)
    ]


def _is_whole(window: slice, size: int) -> bool:
    return (window.start, window.stop) == (0, size)


def _count_values(path: UnitPath) -> int:
    shapes = [path.graph.shapes[value] for move in path.moves for value in move.step.outputs]
    made = sum(math.prod(int(size or 1) for size in shape[1:]) for shape in shapes)
    return made + sum(math.prod(shape) for shape in path.input_shapes)


def _pad(rows: NDArray[Any], length: int) -> NDArray[Any]:
    missing = length - len(rows)
    return (
        rows
        if not missing
        else np.concatenate([rows, np.zeros((missing, *rows.shape[1:]), rows.dtype)])
    )
