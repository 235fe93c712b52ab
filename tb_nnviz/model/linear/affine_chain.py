"""Chains of Dense layers as products of their matrices, in float64.

Knows what each linear layer of vectors does to a gradient that comes back through it; needs the
weights' values only, so that it runs on any thread.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import keras
import numpy as np
from keras import layers
from numpy.typing import NDArray

from tb_nnviz.model.linear.path import Move, UnitPath
from tb_nnviz.numerics.quantization import Float64Array

# The values of a layer's weights by their names, such as ``kernel``.
LayerValues = Mapping[str, NDArray[Any]]
_VECTOR = 2


@dataclass(frozen=True)
class _State:
    """Rows of a matrix on its way back to the input, and what the layers behind it add.

    Attributes:
        rows: ``(unit, *shape of the value they act on)``.
        offsets: ``(unit,)``.
    """

    rows: Float64Array
    offsets: Float64Array


@dataclass(frozen=True)
class _Link:
    """A layer of a chain.

    Attributes:
        layer: that runs.
        input_shape: without the batch axis.
        back: takes rows over its output back to its input.
        roles: names of the weights it needs.
    """

    layer: Any
    input_shape: tuple[int, ...]
    back: Callable[[Any, tuple[int, ...], _State, LayerValues], _State]
    roles: tuple[str, ...]


@dataclass(frozen=True)
class AffineChain:
    """A chain of layers that are products with matrices, and changes of shape and scale.

    Attributes:
        links: from the input to the units.
    """

    links: tuple[_Link, ...]

    def weights(self) -> tuple[tuple[Any, str], ...]:
        """The layers whose weights it needs, and the weights' names."""
        return tuple((link.layer, role) for link in self.links for role in link.roles)

    def compose(
        self, values: Mapping[tuple[int, str], NDArray[Any]], units: Sequence[int]
    ) -> tuple[Float64Array, Float64Array]:
        """Templates and offsets of some units.

        Args:
            values: of the weights, by identity of the layer and name.
            units: indices.

        Returns:
            ``(units, *input shape)`` and ``(units,)``.
        """
        target = self.links[-1]
        width = np.asarray(values[id(target.layer), "kernel"]).shape[-1]
        state = _State(np.eye(width)[list(units)], np.zeros(len(units)))
        for link in reversed(self.links):
            named = {role: values[id(link.layer), role] for role in link.roles}
            state = link.back(link.layer, link.input_shape, state, named)
        return state.rows, state.offsets

    def num_multiplications(self) -> int:
        """Multiply-adds of one unit."""
        return sum(
            math.prod(link.layer.kernel.shape) for link in self.links if link.back is _back_dense
        )


def carry_back(
    between: Sequence[tuple[Any, tuple[int, ...]]],
    rows: Float64Array,
    values: Mapping[tuple[int, str], NDArray[Any]],
) -> Float64Array:
    """Rows over what the last of some layers gives, as rows over what the first is given.

    Args:
        between: layers of a chain, none of them Dense, in order, each with the shape of its input
            without the batch axis; see `roles_between`.
        rows: ``(row, *shape of the last one's output)``.
        values: of their weights, by identity of the layer and name.
    """
    state = _State(rows, np.zeros(len(rows)))
    with np.errstate(invalid="ignore"):  # infinite weights may have no offset
        for layer, input_shape in reversed(between):
            named = {role: values[id(layer), role] for role in _roles(layer)}
            state = _BACK[type(layer)](layer, input_shape, state, named)
    return state.rows


def roles_between(layer: Any) -> tuple[str, ...] | None:
    """Names of the weights that `carry_back` needs of a layer; None where it cannot take it."""
    is_known = type(layer) in _BACK and _BACK[type(layer)] is not _back_dense
    return _roles(layer) if is_known else None


def find_chain(path: UnitPath) -> AffineChain | None:
    """The chain that a path is; None where it branches, or runs anything but such layers.

    Args:
        path: to the units of a Dense layer.
    """
    if len(path.inputs) != 1 or len(path.shape) != _VECTOR:
        return None
    links, value = [], path.graph.inputs[path.inputs[0]]
    for move in path.moves:
        if move.step.inputs != (value,) or len(move.step.outputs) != 1:
            return None
        value = move.step.outputs[0]
        if move.treatment.kind in ("pass", "replace"):
            continue
        link = _link(path, move)
        if link is None:
            return None
        links.append(link)
    is_chain = bool(links) and links[-1].back is _back_dense and value == path.value
    return AffineChain(tuple(links)) if is_chain else None


def _link(path: UnitPath, move: Move) -> _Link | None:
    layer = move.step.operation
    back = _BACK.get(type(layer))
    input_shape = path.graph.shapes[move.step.inputs[0]][1:]
    if back is None or any(size is None for size in input_shape):
        return None
    if back is _back_dense and len(input_shape) != 1:
        return None
    sizes = tuple(int(size or 0) for size in input_shape)
    return _Link(layer, sizes, back, _roles(layer))


def _roles(layer: Any) -> tuple[str, ...]:
    if isinstance(layer, layers.Dense):
        return ("kernel", "bias") if layer.use_bias else ("kernel",)
    if isinstance(layer, layers.BatchNormalization):
        wanted = {"gamma": layer.scale, "beta": layer.center}
        own = tuple(name for name, is_there in wanted.items() if is_there)
        return (*own, "moving_mean", "moving_variance")
    return ()


def _back_dense(
    layer: Any,  # noqa: ARG001 - all links come back alike
    input_shape: tuple[int, ...],  # noqa: ARG001
    state: _State,
    values: LayerValues,
) -> _State:
    kernel = values["kernel"].astype(np.float64)
    offsets = state.offsets
    if "bias" in values:
        offsets = offsets + state.rows @ values["bias"].astype(np.float64)
    return _State(state.rows @ kernel.T, offsets)


def _back_shape(
    layer: Any,  # noqa: ARG001
    input_shape: tuple[int, ...],
    state: _State,
    values: LayerValues,  # noqa: ARG001
) -> _State:
    return _State(state.rows.reshape(len(state.rows), *input_shape), state.offsets)


def _back_flatten(
    layer: Any,
    input_shape: tuple[int, ...],
    state: _State,
    values: LayerValues,
) -> _State:
    if layer.data_format != "channels_first" or len(input_shape) < _VECTOR:
        return _back_shape(layer, input_shape, state, values)
    moved = (*input_shape[1:], input_shape[0])
    rows = state.rows.reshape(len(state.rows), *moved)
    return _State(np.moveaxis(rows, -1, 1), state.offsets)


def _back_permute(
    layer: Any,
    input_shape: tuple[int, ...],  # noqa: ARG001
    state: _State,
    values: LayerValues,  # noqa: ARG001
) -> _State:
    order = np.argsort([0, *layer.dims])
    return _State(state.rows.transpose(order), state.offsets)


def _back_rescaling(
    layer: Any,
    input_shape: tuple[int, ...],
    state: _State,
    values: LayerValues,  # noqa: ARG001
) -> _State:
    return _scale(state, np.asarray(layer.scale), np.asarray(layer.offset), input_shape)


def _back_batch_normalization(
    layer: Any, input_shape: tuple[int, ...], state: _State, values: LayerValues
) -> _State:
    variance = values["moving_variance"].astype(np.float64)
    scale = 1 / np.sqrt(variance + layer.epsilon)
    if "gamma" in values:
        scale = scale * values["gamma"].astype(np.float64)
    shift = -values["moving_mean"].astype(np.float64) * scale
    if "beta" in values:
        shift = shift + values["beta"].astype(np.float64)
    along = [1] * len(input_shape)
    along[layer.axis - 1 if layer.axis > 0 else layer.axis] = -1
    return _scale(state, scale.reshape(along), shift.reshape(along), input_shape)


def _scale(
    state: _State, scale: NDArray[Any], shift: NDArray[Any], input_shape: tuple[int, ...]
) -> _State:
    shifts = np.broadcast_to(shift.astype(np.float64), input_shape).reshape(-1)
    offsets = state.offsets + state.rows.reshape(len(state.rows), -1) @ shifts
    return _State(state.rows * scale.astype(np.float64), offsets)


_BACK: Mapping[type, Callable[[Any, tuple[int, ...], _State, LayerValues], _State]] = {
    layers.BatchNormalization: _back_batch_normalization,
    layers.Dense: _back_dense,
    layers.Flatten: _back_flatten,
    layers.Permute: _back_permute,
    layers.Rescaling: _back_rescaling,
    layers.Reshape: _back_shape,
}


def read_values(chain: AffineChain) -> dict[tuple[int, str], NDArray[Any]]:
    """The values of a chain's weights as they are now."""
    return {
        (id(layer), role): np.asarray(keras.ops.convert_to_numpy(getattr(layer, role)))
        for layer, role in chain.weights()
    }
