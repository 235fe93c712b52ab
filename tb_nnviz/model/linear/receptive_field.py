"""Which part of the inputs a unit at one position can depend on, from shapes alone.

The same at every step, whatever the weights. Where a rule is not known the whole axis counts, so
that nothing a unit looks at is ever cut off.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping, Sequence
from typing import Any

from tb_nnviz.model.linear.graph import Shape
from tb_nnviz.model.linear.path import Move, UnitPath

# First and last index along each axis but the batch.
Extent = tuple[tuple[int, int], ...]
_Rule = Callable[[Any, Extent, tuple[int, ...], tuple[int, ...]], Extent]


def find_receptive_fields(
    path: UnitPath, position: tuple[int, ...] | None = None
) -> list[tuple[slice, ...]]:
    """Where in each input the units at a position may look.

    Args:
        path: to the units.
        position: an index for each axis of the units that counts positions; None for the central
            one.

    Returns:
        For each input that the units depend on, a slice for each of its axes but the batch.
    """
    extents: dict[int, Extent] = {
        path.value: _extent_of_units(path, path.position if position is None else position)
    }
    shapes = path.graph.shapes
    for move in reversed(path.moves):
        for output in move.step.outputs:
            extent = extents.get(output)
            if extent is None:
                continue
            for value in move.step.inputs:
                found = _step_back(move, extent, shapes[value], shapes[output])
                before = extents.get(value)
                extents[value] = found if before is None else _union(before, found)
    fields = [extents[path.graph.inputs[place]] for place in path.inputs]
    return [tuple(slice(first, last + 1) for first, last in field) for field in fields]


def _extent_of_units(path: UnitPath, position: tuple[int, ...]) -> Extent:
    places = iter(position)
    extent: list[tuple[int, int]] = []
    for axis, size in enumerate(path.shape[1:], start=1):
        place = None if axis == path.unit_axis else next(places)
        extent.append((0, size - 1) if place is None else (place, place))
    return tuple(extent)


def _step_back(move: Move, extent: Extent, input_shape: Shape, output_shape: Shape) -> Extent:
    sizes = tuple(int(size or 0) for size in input_shape[1:])
    rule = (
        _same_places
        if move.treatment.kind in ("pass", "replace")
        else _RULES.get(move.step.operation_type, _everything)
    )
    outputs = tuple(int(size or 0) for size in output_shape[1:])
    return _within(rule(move.step.operation, extent, sizes, outputs), sizes)


def _union(one: Extent, other: Extent) -> Extent:
    return tuple((min(a[0], b[0]), max(a[1], b[1])) for a, b in zip(one, other, strict=True))


def _within(extent: Extent, sizes: Sequence[int]) -> Extent:
    """The part of an extent that lies in an array; its nearest edge where none does."""
    return tuple(
        (min(max(first, 0), size - 1), max(min(last, size - 1), 0))
        for (first, last), size in zip(extent, sizes, strict=True)
    )


def _everything(
    _operation: Any, _extent: Extent, sizes: tuple[int, ...], _outputs: tuple[int, ...]
) -> Extent:
    return tuple((0, size - 1) for size in sizes)


def _same_places(
    operation: Any, extent: Extent, sizes: tuple[int, ...], outputs: tuple[int, ...]
) -> Extent:
    if len(extent) != len(sizes):  # constants may have added axes
        return _everything(operation, extent, sizes, outputs)
    return extent


def _same_rows(
    operation: Any, extent: Extent, sizes: tuple[int, ...], outputs: tuple[int, ...]
) -> Extent:
    """For Dense layers: every value on the last axis, the same places on the others."""
    if len(extent) != len(sizes):
        return _everything(operation, extent, sizes, outputs)
    return (*extent[:-1], (0, sizes[-1] - 1))


def _joined(
    operation: Any, extent: Extent, sizes: tuple[int, ...], _outputs: tuple[int, ...]
) -> Extent:
    axis = operation.axis
    joined = axis - 1 if axis > 0 else axis % len(sizes)
    return tuple(
        (0, size - 1) if place == joined else span
        for place, (span, size) in enumerate(zip(extent, sizes, strict=True))
    )


def _windows(
    operation: Any, extent: Extent, sizes: tuple[int, ...], outputs: tuple[int, ...]
) -> Extent:
    """For convolutions and pooling."""
    kernel = _per_axis(operation, "kernel_size", "pool_size", sizes)
    strides = _per_axis(operation, "strides", "pool_size", sizes)
    dilation = _per_axis(operation, "dilation_rate", "", sizes)
    found = _channels_in_full(extent, sizes)
    for place, axis in enumerate(_spatial_axes(operation, len(sizes))):
        reach = (kernel[place] - 1) * dilation[place] + 1
        before = _padding_before(operation, reach, strides[place], sizes[axis], outputs[axis])
        first, last = extent[axis]
        found[axis] = (
            first * strides[place] - before,
            last * strides[place] - before + reach - 1,
        )
    return tuple(found)


def _padding_before(operation: Any, reach: int, stride: int, size: int, output: int) -> int:
    if operation.padding == "causal":
        return reach - 1
    if operation.padding == "valid":
        return 0
    return max((output - 1) * stride + reach - size, 0) // 2


def _transposed_windows(
    operation: Any, extent: Extent, sizes: tuple[int, ...], _outputs: tuple[int, ...]
) -> Extent:
    """For transposed convolutions, whose cropping may lie anywhere up to the kernel's reach."""
    kernel = _per_axis(operation, "kernel_size", "", sizes)
    strides = _per_axis(operation, "strides", "", sizes)
    dilation = _per_axis(operation, "dilation_rate", "", sizes)
    found = _channels_in_full(extent, sizes)
    for place, axis in enumerate(_spatial_axes(operation, len(sizes))):
        reach = (kernel[place] - 1) * dilation[place] + 1
        first, last = extent[axis]
        stride = strides[place]
        cropped = 0 if operation.padding == "valid" else reach
        found[axis] = (math.ceil((first - reach + 1) / stride), (last + cropped) // stride)
    return tuple(found)


def _padded(
    operation: Any, extent: Extent, sizes: tuple[int, ...], _outputs: tuple[int, ...]
) -> Extent:
    return _shifted(operation, extent, sizes, operation.padding, -1)


def _cropped(
    operation: Any, extent: Extent, sizes: tuple[int, ...], _outputs: tuple[int, ...]
) -> Extent:
    return _shifted(operation, extent, sizes, operation.cropping, 1)


def _shifted(
    operation: Any, extent: Extent, sizes: tuple[int, ...], widths: Any, sign: int
) -> Extent:
    found = list(extent)
    pairs = widths if isinstance(widths[0], (tuple, list)) else (widths,)
    axes = _spatial_axes(operation, len(sizes))
    for (before, _), axis in zip(pairs, axes, strict=True):
        first, last = extent[axis]
        found[axis] = (first + sign * before, last + sign * before)
    return tuple(found)


def _upsampled(
    operation: Any, extent: Extent, sizes: tuple[int, ...], outputs: tuple[int, ...]
) -> Extent:
    interpolation = getattr(operation, "interpolation", "nearest")
    if interpolation not in ("nearest", "bilinear"):
        return _everything(operation, extent, sizes, outputs)
    beyond = 1 if interpolation == "bilinear" else 0
    factors = _per_axis(operation, "size", "", sizes)
    found = list(extent)
    for place, axis in enumerate(_spatial_axes(operation, len(sizes))):
        first, last = extent[axis]
        found[axis] = (first // factors[place] - beyond, last // factors[place] + beyond)
    return tuple(found)


def _channels_in_full(extent: Extent, sizes: Sequence[int]) -> list[tuple[int, int]]:
    return [(0, size - 1) for _, size in zip(extent, sizes, strict=True)]


def _spatial_axes(operation: Any, rank: int) -> range:
    """The axes that are places, counted without the batch."""
    is_first = getattr(operation, "data_format", None) == "channels_first"
    return range(1, rank) if is_first else range(rank - 1)


def _per_axis(operation: Any, name: str, otherwise: str, sizes: Sequence[int]) -> tuple[int, ...]:
    value = getattr(operation, name, None)
    if value is None:
        value = getattr(operation, otherwise, None) if otherwise else 1
    if isinstance(value, (tuple, list)):
        return tuple(int(one) for one in value)
    return (int(1 if value is None else value),) * (len(sizes) - 1)


def _names(*names: str) -> tuple[str, ...]:
    return tuple(f"{name}{rank}D" for name in names for rank in (1, 2, 3))


_ELEMENTWISE = (
    "Add",
    "Average",
    "BatchNormalization",
    "Cast",
    "Divide",
    "Multiply",
    "Negative",
    "Normalization",
    "Rescaling",
    "Subtract",
    "TrueDivide",
)
_RULES: Mapping[str, _Rule] = {
    **dict.fromkeys(_ELEMENTWISE, _same_places),
    **dict.fromkeys(_names("Conv", "DepthwiseConv", "SeparableConv"), _windows),
    **dict.fromkeys(_names("AveragePooling", "MaxPooling"), _windows),
    **dict.fromkeys([f"Conv{rank}DTranspose" for rank in (1, 2, 3)], _transposed_windows),
    **dict.fromkeys(_names("ZeroPadding"), _padded),
    **dict.fromkeys(_names("Cropping"), _cropped),
    **dict.fromkeys(_names("UpSampling"), _upsampled),
    "Concatenate": _joined,
    "Dense": _same_rows,
}
