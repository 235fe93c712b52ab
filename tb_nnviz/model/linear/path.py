"""The way from a model's inputs to the units of one layer, and what is done with it there.

Knows a graph and the treatment of its operations; computes nothing.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import Any

from tb_nnviz.model.linear.graph import Graph, Shape, Step
from tb_nnviz.model.linear.operations import (
    Treatment,
    describe_replaced,
    has_activation,
    name_activation,
    treat,
    treat_layer,
)

MAX_POOLING_NOTE = "max pooling is replaced by average pooling"
_SEPARATE_UNITS = 2


class NotLinearError(ValueError):
    """There is no template: the composition ends at an operation, or at the model's inputs.

    Attributes:
        where: the layer or operation that ends it, such as ``lstm``; "" for the model's inputs.
        cause: the same cause for all layers that it holds for, to group them.
    """

    def __init__(self, where: str, cause: str) -> None:
        super().__init__(f"There is no template: {explain(cause)}.")
        self.where = where
        self.cause = cause


def explain(cause: str) -> str:
    """A cause as a clause of its own."""
    return f"the composition {cause}" if cause.startswith("ends at ") else cause


@dataclass(frozen=True, eq=False)
class Move:
    """A step with what is done at it.

    Attributes:
        step: the call.
        treatment: what is done.
        without_activation: whether the layer runs without the activation it fuses.
    """

    step: Step
    treatment: Treatment
    without_activation: bool = False


@dataclass(frozen=True, eq=False)
class UnitPath:
    """How a layer's units depend on the model's inputs.

    Attributes:
        graph: of the model.
        target: the call whose units are explained, without its own activation.
        moves: what comes before it, in order, and the target itself as the last.
        inputs: places, among the model's inputs, of those the units depend on.
        value: what is explained: the target's output, or its input where it is an activation.
        shape: of that, with the batch axis.
        unit_axis: which axis of it counts units; the others but the first are positions.
        before: the target's own activation, such as ``softmax``; "" for none.
    """

    graph: Graph
    target: Step
    moves: tuple[Move, ...]
    inputs: tuple[int, ...]
    value: int
    shape: tuple[int, ...]
    unit_axis: int
    before: str

    @property
    def num_units(self) -> int:
        """How many units there are."""
        return self.shape[self.unit_axis]

    @property
    def position(self) -> tuple[int, ...]:
        """The central position; () where a unit has one only."""
        return tuple(
            size // 2 for axis, size in enumerate(self.shape) if axis not in (0, self.unit_axis)
        )

    @property
    def input_shapes(self) -> tuple[tuple[int, ...], ...]:
        """Shapes of the inputs that the units depend on, without the batch axis."""
        shapes = (self.graph.shapes[self.graph.inputs[place]] for place in self.inputs)
        return tuple(tuple(int(size or 0) for size in shape[1:]) for shape in shapes)

    @property
    def is_exact(self) -> bool:
        """Whether nothing on the way is replaced."""
        return not self.notes()

    def notes(self) -> tuple[str, ...]:
        """What is replaced on the way, in sentences."""
        kinds = [move.treatment for move in self.moves]
        ignored = describe_replaced(kind.replaced for kind in kinds if kind.replaced)
        averaged = (MAX_POOLING_NOTE,) if any(kind.kind == "average" for kind in kinds) else ()
        return ((ignored,) if ignored else ()) + averaged


def trace_units(graph: Graph, target: Step, *, replace: bool = True) -> UnitPath:
    """The path to the units of a step.

    Args:
        graph: of the model.
        target: one of its steps.
        replace: whether operations are replaced or refused; False for the network as it is.

    Raises:
        NotLinearError: an operation on the path is not linear, an input is no float or has no
            fixed shape, or the step has no units.
    """
    own = _treat_target(target, replace=replace)
    is_activation = own.kind == "replace"
    moves = [_move(step, replace=replace) for step in graph.steps_before(target)[:-1]]
    moves.append(Move(target, Treatment("pass") if is_activation else own, without_activation=True))
    for move in moves:
        if move.treatment.kind == "refuse":
            raise NotLinearError(move.step.key, _describe_refusal(move))
    value = target.inputs[0] if is_activation else target.outputs[0]
    if not is_activation and len(target.outputs) != 1:
        raise NotLinearError(target.key, f"{_name(target)} has {len(target.outputs)} outputs")
    needed = {v for move in moves for v in move.step.inputs}
    inputs = tuple(place for place, v in enumerate(graph.inputs) if v in needed)
    _check_inputs(graph, inputs)
    shape = _check_units(graph.shapes[value], target)
    axis = _unit_axis(target, len(shape))
    return UnitPath(
        graph, target, tuple(moves), inputs, value, shape, axis, _own_activation(target, own)
    )


def find_output_steps(graph: Graph) -> dict[Step, tuple[int, ...]]:
    """The steps that give the model's scores: before activations and what does nothing.

    Returns:
        For each, the places of the outputs whose scores it gives.
    """
    found: dict[Step, tuple[int, ...]] = {}
    for place, output in enumerate(graph.outputs):
        step = graph.makers.get(output)
        while step is not None and treat(step.operation, step.node).kind in ("pass", "replace"):
            step = graph.makers.get(step.inputs[0])
        if step is not None:
            found[step] = (*found.get(step, ()), place)
    return found


def activation_after(graph: Graph, step: Step) -> str:
    """The activation that a score step's output goes through on its way out; "" for none."""
    for output in graph.outputs:
        maker, names = graph.makers.get(output), []
        while maker is not None and maker is not step:
            treatment = treat(maker.operation, maker.node)
            names.append(treatment.replaced)
            maker = graph.makers.get(maker.inputs[0]) if treatment.kind != "run" else None
        if maker is step:
            return next((name for name in reversed(names) if name), "")
    return ""


def _move(step: Step, *, replace: bool) -> Move:
    if not replace:
        return Move(step, Treatment("run"))
    treatment = treat(step.operation, step.node)
    return Move(step, treatment, without_activation=bool(treatment.replaced))


def _treat_target(target: Step, *, replace: bool) -> Treatment:
    """The treatment of the layer whose units are explained: its own activation is left aside."""
    if target.is_layer:
        treatment = treat_layer(
            target.operation, without_activation=True, taken=target.node.input_tensors
        )
    else:
        treatment = treat(target.operation, target.node)
    return treatment if replace or treatment.kind == "replace" else Treatment("run")


def _own_activation(target: Step, own: Treatment) -> str:
    if own.kind == "replace":
        return own.replaced
    is_fused = (
        target.is_layer and treat_layer(target.operation, without_activation=True).kind == "run"
    )
    if is_fused and has_activation(target.operation):
        return name_activation(target.operation.activation) or "its activation"
    return ""


def _describe_refusal(move: Move) -> str:
    return f"ends at {_name(move.step)}: {move.treatment.reason}"


def _name(step: Step) -> str:
    kind = "layer" if step.is_layer else "operation"
    return f"{kind} {step.key!r} ({step.operation_type})"


def _check_inputs(graph: Graph, inputs: tuple[int, ...]) -> None:
    if not inputs:
        raise NotLinearError("", "it depends on no input of the model")
    for place in inputs:
        value, name = graph.inputs[place], graph.input_names[place]
        dtype, shape = graph.dtypes[value], graph.shapes[value]
        if "float" not in dtype:
            raise NotLinearError(name, f"the input {name!r} holds {dtype}, no real numbers")
        if any(size is None for size in shape[1:]):
            raise NotLinearError(
                name, f"the input {name!r} has no fixed shape: {_without_batch(shape)}"
            )
        if math.prod(int(size or 0) for size in shape[1:]) == 0:
            raise NotLinearError(name, f"the input {name!r} has no values")


def _check_units(shape: Shape, target: Step) -> tuple[int, ...]:
    if len(shape) < _SEPARATE_UNITS or any(size is None for size in shape[1:]):
        raise NotLinearError(
            target.key, f"the output of {_name(target)} has no fixed shape: {_without_batch(shape)}"
        )
    return (0, *(int(size or 0) for size in shape[1:]))


def _unit_axis(target: Step, rank: int) -> int:
    is_first = getattr(target.operation, "data_format", None) == "channels_first"
    return 1 if is_first and rank > _SEPARATE_UNITS else rank - 1


def _without_batch(shape: Any) -> str:
    return str(tuple(shape[1:]))
