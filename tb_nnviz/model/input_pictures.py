"""Whether a Dense layer looks at a picture that was flattened, and of what shape.

Follows the graph of a functional or Sequential model backwards from the layer's input.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from keras import Model, layers

# These leave every value in its place, though they may change it.
_PASS_THROUGH = (
    layers.ELU,
    layers.Activation,
    layers.ActivityRegularization,
    layers.AlphaDropout,
    layers.BatchNormalization,
    layers.Dropout,
    layers.GaussianDropout,
    layers.GaussianNoise,
    layers.Identity,
    layers.LeakyReLU,
    layers.Normalization,
    layers.PReLU,
    layers.ReLU,
    layers.Rescaling,
    layers.SpatialDropout1D,
    layers.SpatialDropout2D,
)
_RESHAPING = (layers.Flatten, layers.Reshape)
_COLOR_CHANNELS = 3


@dataclass(frozen=True)
class Picture:
    """Shape of what a layer's inputs were before they were flattened.

    Attributes:
        height: rows.
        width: columns.
        channels: 1 where the picture has no channel axis.
        is_color: three channels, and they are those of the model's own input.
        is_by_columns: flattened column by column, else row by row; it has one channel then.
    """

    height: int
    width: int
    channels: int
    is_color: bool
    is_by_columns: bool = False

    @property
    def num_values(self) -> int:
        """Values in all; flattened in the order height, width, channel, or by columns."""
        return self.height * self.width * self.channels


def find_input_picture(layer: Any, outer_inputs: Mapping[int, Any]) -> Picture | None:
    """The picture that a layer's flat input was made from, or None.

    Looks through Flatten, Reshape, layers that leave values in place, and nested models. None
    also where the calls of a shared layer disagree.

    Args:
        layer: a layer whose input has one axis beside the batch.
        outer_inputs: see `map_nested_inputs`.
    """
    found = {_picture_before(tensor, outer_inputs) for tensor in _call_inputs(layer)}
    return found.pop() if len(found) == 1 else None


def map_nested_inputs(model: Any) -> dict[int, Any]:
    """For the input tensors of models nested in a functional model, what they are called on.

    Args:
        model: the outer model.

    Returns:
        identity of the inner tensor → outer tensor; None for it where the inner model is called
        more than once, so that there is no one tensor.
    """
    outer: dict[int, Any] = {}
    graph = _graph_nodes(model)
    for inner in getattr(model, "layers", []):
        if not getattr(inner, "layers", None):
            continue
        calls = [node for node in getattr(inner, "_inbound_nodes", []) if node.input_tensors]
        if graph is not None:
            calls = [node for node in calls if node in graph]
        inner_inputs = getattr(inner, "inputs", None) or []
        if len(calls) > 1:
            outer.update({id(inside): None for inside in inner_inputs})
        elif calls and len(calls[0].input_tensors) == len(inner_inputs):
            pairs = zip(inner_inputs, calls[0].input_tensors, strict=True)
            outer.update({id(inside): outside for inside, outside in pairs})
        outer.update(map_nested_inputs(inner))
    return outer


def _graph_nodes(model: Any) -> list[Any] | None:
    """The calls of layers that make up a functional or Sequential model, or None.

    A Sequential calls its layers anew whenever one is added; only the last calls count.
    """
    functional = getattr(model, "_functional", None) or model
    by_depth = getattr(functional, "_nodes_by_depth", None)
    return None if by_depth is None else [node for nodes in by_depth.values() for node in nodes]


def _call_inputs(layer: Any) -> list[Any]:
    """The first input tensor of each call of a layer; [] outside a functional graph."""
    nodes = getattr(layer, "_inbound_nodes", [])
    return [node.input_tensors[0] for node in nodes if node.input_tensors]


def _picture_before(tensor: Any, outer_inputs: Mapping[int, Any]) -> Picture | None:
    if len(tensor.shape) != 2:  # noqa: PLR2004 - batch and values: else Dense acts on the last axis
        return None
    operation = None
    while tensor is not None:
        shape = tuple(tensor.shape[1:])
        if len(shape) in (2, 3):
            return _picture_of(tensor, shape, operation, outer_inputs)
        if len(shape) > 1 and _moves_channels_last(operation):
            return None
        operation, tensor = _step_back(tensor, outer_inputs)
    return None


def _picture_of(
    tensor: Any, shape: tuple[int | None, ...], flattened_by: Any, outer_inputs: Mapping[int, Any]
) -> Picture | None:
    sizes = [size for size in shape if size]
    if len(sizes) < len(shape) or _is_permuted(tensor, outer_inputs):
        return None
    if len(sizes) == 2:  # noqa: PLR2004 - no channels: Flatten takes the rows for them
        is_by_columns = _moves_channels_last(flattened_by)
        return Picture(sizes[0], sizes[1], 1, is_color=False, is_by_columns=is_by_columns)
    if _moves_channels_last(flattened_by):
        sizes = [*sizes[1:], sizes[0]]
    height, width, channels = sizes
    is_color = channels == _COLOR_CHANNELS and _is_model_input(tensor, outer_inputs)
    return Picture(height, width, channels, is_color)


def _is_permuted(tensor: Any, outer_inputs: Mapping[int, Any]) -> bool:
    """Whether the axes are no longer those of the picture, so that they cannot be named."""
    while tensor is not None:
        operation, tensor = _step_back(tensor, outer_inputs)
        if isinstance(operation, layers.Permute):
            return True
    return False


def _moves_channels_last(operation: Any) -> bool:
    """Whether an operation moves the first axis last before it flattens."""
    return isinstance(operation, layers.Flatten) and operation.data_format == "channels_first"


def _is_model_input(tensor: Any, outer_inputs: Mapping[int, Any]) -> bool:
    while tensor is not None:
        operation, previous = _step_back(tensor, outer_inputs)
        if previous is None:
            is_input = isinstance(operation, layers.InputLayer)
            return is_input and id(tensor) not in outer_inputs
        tensor = previous
    return False


def _step_back(tensor: Any, outer_inputs: Mapping[int, Any]) -> tuple[Any, Any]:
    """The operation a tensor comes from, and the tensor with the same values before it."""
    history = getattr(tensor, "_keras_history", None)
    if history is None:
        return None, None
    operation = history.operation
    if isinstance(operation, layers.InputLayer):
        return operation, outer_inputs.get(id(tensor))
    if isinstance(operation, (*_PASS_THROUGH, *_RESHAPING)):
        inputs = operation._inbound_nodes[history.node_index].input_tensors  # noqa: SLF001
        return operation, inputs[0]
    if isinstance(operation, Model) and (outputs := getattr(operation, "outputs", None)):
        return operation, outputs[history.tensor_index]
    return operation, None
