"""Calls of `keras.ops` in functional graphs that are linear in their tensors.

Whether one is depends on its arguments: a product with a constant is linear, one of two tensors
is not, and a mean over samples mixes what a template must keep apart. Knows each operation's
arguments; runs nothing.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping
from typing import Any, Literal

import keras
import numpy as np

Verdict = tuple[Literal["run", "pass", "refuse"], str]

_KEPT: Verdict = ("run", "")
_MIXES_SAMPLES: Verdict = ("refuse", "it does not keep the axis of samples first")
_TWO_TENSORS: Verdict = ("refuse", "it multiplies its inputs with one another")
_UNKNOWN: Verdict = ("refuse", "not known to be linear")


def treat_function_call(operation: Any, node: Any) -> Verdict:
    """What is done with a call of an operation that is no activation, and why it is refused.

    Args:
        operation: of `keras.ops`.
        node: Keras' node of the call.
    """
    judge = _JUDGES.get(type(operation).__name__)
    if judge is None:
        return _UNKNOWN
    return judge(operation, *_arguments(node))


def keeps_samples_first(equation: str, place: int = 0) -> bool:
    """Whether an equation of einsum keeps the first axis of an operand apart, and first.

    Args:
        equation: such as ``ab,bc->ac``.
        place: of the operand whose first axis counts samples.
    """
    taken, arrow, given = equation.replace(" ", "").partition("->")
    operands = taken.split(",")
    if not arrow or place >= len(operands) or not operands[place] or not given:
        return False
    if operands[place].startswith("..."):
        # What stands for all axes but those that are named holds the samples, if any is left.
        return given.startswith("...")
    letter = operands[place][0]
    return given[0] == letter and taken.count(letter) == 1


def _arguments(node: Any) -> tuple[tuple[Any, ...], Mapping[str, Any]]:
    arguments = node.arguments
    return tuple(arguments.args), arguments.kwargs


def _always(_operation: Any, _args: tuple[Any, ...], _kwargs: Mapping[str, Any]) -> Verdict:
    return _KEPT


def _one_tensor(_operation: Any, args: tuple[Any, ...], kwargs: Mapping[str, Any]) -> Verdict:
    """For products: linear in one tensor where the others are constants."""
    count = sum(_is_tensor(value) for value in (*args, *kwargs.values()))
    return _KEPT if count == 1 else _TWO_TENSORS


def _constant_divisor(_operation: Any, args: tuple[Any, ...], kwargs: Mapping[str, Any]) -> Verdict:
    divisor = args[1] if len(args) > 1 else kwargs.get("x2")
    if _is_tensor(divisor):
        return ("refuse", "it divides by one of its inputs")
    return _KEPT


def _constant_kernel(_operation: Any, args: tuple[Any, ...], kwargs: Mapping[str, Any]) -> Verdict:
    """For convolutions: linear in the inputs where the kernels are constants."""
    others = (*args[1:], *(value for name, value in kwargs.items() if name != "inputs"))
    return _TWO_TENSORS if any(map(_is_tensor, others)) else _KEPT


def _within_samples(operation: Any, args: tuple[Any, ...], kwargs: Mapping[str, Any]) -> Verdict:
    """For operations along axes: none of them may be that of the samples."""
    tensor = _first_tensor((*args, *kwargs.values()))
    rank = len(tensor.shape)
    axis = getattr(operation, "axis", None)
    axes = axis if isinstance(axis, (tuple, list)) else (axis,)
    extra = type(operation).__name__ in {"ExpandDims", "Stack"}
    touches = any(one is None or one % (rank + extra) == 0 for one in axes)
    return _MIXES_SAMPLES if touches else _KEPT


def _keeps_first_axis(operation: Any, args: tuple[Any, ...], kwargs: Mapping[str, Any]) -> Verdict:
    order = getattr(operation, "axes", None)
    if order is None:
        rank = len(_first_tensor((*args, *kwargs.values())).shape)
        return _KEPT if rank == 1 else _MIXES_SAMPLES
    return _KEPT if order[0] == 0 else _MIXES_SAMPLES


def _keeps_first_length(
    operation: Any, args: tuple[Any, ...], kwargs: Mapping[str, Any]
) -> Verdict:
    """For reshaping: what a sample holds must stay within it."""
    tensor = _first_tensor((*args, *kwargs.values()))
    result = operation.compute_output_spec(tensor)
    sizes = [(*tensor.shape[1:],), (*result.shape[1:],)]
    is_known = len(result.shape) > 0 and None not in (*sizes[0], *sizes[1])
    return _KEPT if is_known and math.prod(sizes[0]) == math.prod(sizes[1]) else _MIXES_SAMPLES


def _swaps_no_samples(operation: Any, args: tuple[Any, ...], kwargs: Mapping[str, Any]) -> Verdict:
    rank = len(_first_tensor((*args, *kwargs.values())).shape)
    axes: list[int] = []
    for name in ("axis1", "axis2", "source", "destination"):
        value = getattr(operation, name, ())
        axes += value if isinstance(value, (tuple, list)) else [value]
    return _MIXES_SAMPLES if any(axis % rank == 0 for axis in axes) else _KEPT


def _takes_all_samples(
    _operation: Any, args: tuple[Any, ...], kwargs: Mapping[str, Any]
) -> Verdict:
    key = args[1] if len(args) > 1 else kwargs.get("key")
    parts = key if isinstance(key, tuple) else (key,)
    first = parts[0] if parts else None
    is_whole = first == slice(None) or (first is Ellipsis and isinstance(key, tuple))
    if first is Ellipsis and isinstance(key, tuple):
        # It stands for no axis where all of them are indexed.
        rank = len(_first_tensor((*args, *kwargs.values())).shape)
        is_whole = sum(part is not None for part in parts) - 1 < rank
    simple = all(
        part is None or part is Ellipsis or isinstance(part, (int, slice)) for part in parts
    )
    return _KEPT if is_whole and simple else _MIXES_SAMPLES


def _one_matrix(_operation: Any, args: tuple[Any, ...], kwargs: Mapping[str, Any]) -> Verdict:
    """For matmul and dot: one tensor from the left, whose samples stay first, and a constant."""
    left, right = _two_operands(args, kwargs)
    if _is_tensor(left) and _is_tensor(right):
        return _TWO_TENSORS
    least = 2
    if not _is_tensor(left) or len(left.shape) < least or len(np.shape(right)) > least:
        return _MIXES_SAMPLES
    return _KEPT


def _one_of_tensordot(operation: Any, args: tuple[Any, ...], kwargs: Mapping[str, Any]) -> Verdict:
    left, right = _two_operands(args, kwargs)
    if _is_tensor(left) and _is_tensor(right):
        return _TWO_TENSORS
    if not _is_tensor(left):
        return _MIXES_SAMPLES
    axes, rank = operation.axes, len(left.shape)
    if isinstance(axes, int):
        return _KEPT if axes < rank else _MIXES_SAMPLES
    summed = axes[0] if isinstance(axes[0], (tuple, list)) else (axes[0],)
    return _MIXES_SAMPLES if any(int(axis) % rank == 0 for axis in summed) else _KEPT


def _one_of_einsum(operation: Any, args: tuple[Any, ...], kwargs: Mapping[str, Any]) -> Verdict:
    operands = [one for one in args if not isinstance(one, str)]
    places = [place for place, one in enumerate(operands) if _is_tensor(one)]
    if len(places) != 1 or kwargs:
        return _TWO_TENSORS
    return _KEPT if keeps_samples_first(operation.subscripts, places[0]) else _MIXES_SAMPLES


def _without_weights(operation: Any, args: tuple[Any, ...], kwargs: Mapping[str, Any]) -> Verdict:
    """For weighted averages: linear where the weights are constants."""
    weights = args[1] if len(args) > 1 else kwargs.get("weights")
    return _TWO_TENSORS if _is_tensor(weights) else _within_samples(operation, args[:1], kwargs)


def _two_operands(args: tuple[Any, ...], kwargs: Mapping[str, Any]) -> tuple[Any, Any]:
    left = args[0] if args else kwargs.get("x1")
    return left, args[1] if len(args) > 1 else kwargs.get("x2")


def _to_float(operation: Any, _args: tuple[Any, ...], _kwargs: Mapping[str, Any]) -> Verdict:
    is_float = "float" in keras.backend.standardize_dtype(operation.dtype)
    return _KEPT if is_float else ("refuse", "it rounds to whole numbers")


def _pads_no_samples(operation: Any, _args: tuple[Any, ...], _kwargs: Mapping[str, Any]) -> Verdict:
    widths: Any = getattr(operation, "pad_width", None)
    is_per_axis = isinstance(widths, (tuple, list)) and isinstance(widths[0], (tuple, list))
    if not is_per_axis or tuple(widths[0]) != (0, 0) or len(widths) == 1:
        return _MIXES_SAMPLES
    return _KEPT if operation.mode != "empty" else _UNKNOWN


def _is_tensor(value: Any) -> bool:
    return isinstance(value, keras.KerasTensor)


def _first_tensor(values: tuple[Any, ...]) -> Any:
    for value in values:
        found = value[0] if isinstance(value, (list, tuple)) and value else value
        if _is_tensor(found):
            return found
    raise ValueError("The call has no tensor among its arguments.")


_JUDGES: Mapping[str, Callable[[Any, tuple[Any, ...], Mapping[str, Any]], Verdict]] = {
    "Add": _always,
    "AveragePool": _always,
    "Average": _without_weights,
    "Cast": _to_float,
    "Concatenate": _within_samples,
    "Conv": _constant_kernel,
    "ConvTranspose": _constant_kernel,
    "DepthwiseConv": _constant_kernel,
    "Divide": _constant_divisor,
    "Dot": _one_matrix,
    "Einsum": _one_of_einsum,
    "ExpandDims": _within_samples,
    "Flip": _within_samples,
    "GetItem": _takes_all_samples,
    "Identity": _always,
    "Matmul": _one_matrix,
    "Mean": _within_samples,
    "Moveaxis": _swaps_no_samples,
    "Multiply": _one_tensor,
    "Negative": _always,
    "Pad": _pads_no_samples,
    "Repeat": _within_samples,
    "Reshape": _keeps_first_length,
    "Resize": _always,
    "Roll": _within_samples,
    "SeparableConv": _constant_kernel,
    "Split": _within_samples,
    "Squeeze": _within_samples,
    "Stack": _within_samples,
    "Subtract": _always,
    "Sum": _within_samples,
    "Swapaxes": _swaps_no_samples,
    "Tensordot": _one_of_tensordot,
    "Transpose": _keeps_first_axis,
    "TrueDivide": _constant_divisor,
}
