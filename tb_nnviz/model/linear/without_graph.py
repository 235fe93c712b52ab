"""Units of a subclassed model: found by running it, since there is no graph to read."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import keras

from tb_nnviz.model.backends import TensorSpec, load_backend
from tb_nnviz.model.layers import LayerEntry
from tb_nnviz.model.linear.cost import PASSES, count_call
from tb_nnviz.model.linear.input_axes import begins_with_steps, has_channels_first
from tb_nnviz.model.linear.jacobian import UnitJacobian
from tb_nnviz.model.linear.path import NotLinearError
from tb_nnviz.model.linear.subclassed import Call, ReplacedModel, certify, describe_calls
from tb_nnviz.model.linear.units import EXACT, InputSpec, LinearUnits, describe_units
from tb_nnviz.model.precision import widen_dtype

_INPUT_NAME = "input"
# Of units that no layer gives, but the code of the model itself.
_OUTPUT_NAME = "output"


def units_by_running(
    model: Any,
    target: LayerEntry | None,
    input_shape: tuple[int, ...] | None,
    *,
    replace: bool = True,
) -> LinearUnits:
    """The units of a layer of a model without a graph.

    Args:
        model: any built model.
        target: the layer; None for what gives the model's output.
        input_shape: of one sample, or None where only the model may know it.
        replace: False for the network as it is.

    Raises:
        NotLinearError: a layer is not linear, the whole is not by trial, or the model has not one
            input of floats of a known shape.
    """
    shape = _find_input_shape(model) or input_shape
    class_name = type(model).__name__
    if shape is None:
        raise NotLinearError(
            "", f"{class_name}, a subclassed model, has not one input of known shape"
        )
    spec = TensorSpec(shape, widen_dtype(keras.config.floatx()))
    function = ReplacedModel(model, target, replace=replace)
    output_shape, last, before, calls = _run_once(function, model, spec, target)
    if replace:
        certify(function, spec, model.variables, class_name)
    unit_axis = len(output_shape) - 1
    if last is not None and getattr(last.entry.layer, "data_format", "") == "channels_first":
        unit_axis = 1
    position = tuple(
        size // 2 for axis, size in enumerate(output_shape) if axis not in (0, unit_axis)
    )
    inputs = (
        InputSpec(
            place=0,
            name=_INPUT_NAME,
            shape=shape,
            is_sequence=begins_with_steps(model),
            is_channels_first=has_channels_first(),
        ),
    )
    replaced = describe_calls(calls, last) if replace else ()
    entry = target or (last.entry if last is not None else None)
    multiplications = [_count(call) for call in calls]
    return LinearUnits(
        key=entry.path if entry else _OUTPUT_NAME,
        layer_path=entry.path if entry else "",
        layer_index=entry.index if entry else None,
        layer_type=entry.layer_type if entry else class_name,
        num_units=output_shape[unit_axis],
        gives_scores=target is None,
        activation=before,
        inputs=inputs,
        is_exact=not replaced,
        notes=(*(replaced or (EXACT,)), *describe_units(before, position, inputs)),
        layers=tuple({id(call.entry.layer): call.entry.layer for call in calls}.values()),
        places={id(call.entry.layer): call.entry.index for call in calls},
        cost=PASSES * sum(multiplications),
        chain=None,
        jacobian=UnitJacobian(
            function,
            [(shape, spec.dtype)],
            output_shape,
            unit_axis,
            position,
            model.variables,
            sum(multiplications),
        ),
    )


def _run_once(
    function: ReplacedModel, model: Any, spec: TensorSpec, target: LayerEntry | None
) -> tuple[tuple[int, ...], Call | None, str, tuple[Call, ...]]:
    """Shape of the units, their layer's call, their activation, and all calls before them."""
    found: list[tuple[Call | None, str, tuple[Call, ...]]] = []

    def run(tensors: Sequence[Any]) -> list[Any]:
        output = function(tensors)
        last, before = function.own_activation(output)
        if target is not None and function.calls:
            last, before = function.calls[-1], function.calls[-1].treatment.replaced
        found.append((last, before, tuple(function.calls)))
        return [output]

    batch = TensorSpec((1, *spec.shape), spec.dtype)
    compiled = load_backend().compile(run, [batch], model.variables)
    last, before, calls = found[-1]
    shape = compiled.output_specs[0].shape
    if len(shape) < 2 or any(size is None for size in shape[1:]):  # noqa: PLR2004 - batch and units
        raise NotLinearError("", f"the units have no fixed shape: {tuple(shape[1:])}")
    return (0, *(int(size or 0) for size in shape[1:])), last, before, calls


def _count(call: Call) -> int:
    shape = tuple(call.output.shape)
    return count_call(call.entry.layer, call.input_shape or shape, shape)


def _find_input_shape(model: Any) -> tuple[int, ...] | None:
    shapes = getattr(model, "_build_shapes_dict", None) or {}
    values = list(shapes.values())
    shape = values[0] if len(values) == 1 else None
    if not isinstance(shape, (tuple, list)) or not shape:
        return None
    sizes = tuple(shape)[1:]
    return sizes if sizes and all(isinstance(size, int) for size in sizes) else None
