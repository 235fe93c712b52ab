"""Units of a subclassed model: found by running it once, since there is no graph to read.

That run says which calls have units, their shapes and what they cost. Whether the ones that are
wanted are linear is tried later, for all of them at once.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from functools import partial
from typing import Any

import keras
from numpy.typing import NDArray

from tb_nnviz.model.backends import TensorSpec, load_backend
from tb_nnviz.model.error_text import first_words
from tb_nnviz.model.linear.cost import PASSES, count_call
from tb_nnviz.model.linear.input_axes import begins_with_steps, has_channels_first
from tb_nnviz.model.linear.jacobian import UnitJacobian
from tb_nnviz.model.linear.path import NotLinearError
from tb_nnviz.model.linear.subclassed import Call, ReplacedModel, Run, describe_calls
from tb_nnviz.model.linear.trial import find_not_linear
from tb_nnviz.model.linear.units import EXACT, InputSpec, LinearUnits, describe_units
from tb_nnviz.model.precision import widen_dtype

TRIED_NOTE = "linear as far as tried"
_INPUT_NAME = "input"
# Of units that no layer gives, but the code of the model itself.
_OUTPUT_NAME = "output"
_NO_UNITS = 2


class RunningModel:
    """A model without a graph, run once.

    Args:
        model: any built model.
        input_shape: of one sample, or None where only the model may know it.
        replace: False for the network as it is, but for the units' own activation.

    Raises:
        NotLinearError: the model has not one input of known shape.
    """

    def __init__(
        self, model: Any, input_shape: tuple[int, ...] | None, *, replace: bool = True
    ) -> None:
        shape = _find_input_shape(model) or input_shape
        self._class_name = type(model).__name__
        if shape is None:
            raise NotLinearError(
                "", f"{self._class_name}, a subclassed model, has not one input of known shape"
            )
        self._model = model
        self._replace = replace
        self._spec = TensorSpec(shape, widen_dtype(keras.config.floatx()))
        self._replaced = ReplacedModel(model, replace=replace)
        self._run, self._unreachable = self._run_once()
        self._score = self._run.find_score()

    @property
    def end(self) -> NotLinearError | None:
        """Why the run did not get to the model's output; None where it did."""
        return self._run.end

    def count_calls(self, layer: Any) -> int:
        """How often the model calls a layer, as far as the run came."""
        return sum(call.entry.layer is layer for call in self._run.calls)

    def units_of_output(self) -> LinearUnits:
        """The units that give the model's scores; raises `NotLinearError` where there are none."""
        if self._run.end is not None:
            raise self._run.end
        before = self._run.activation_of_output()
        if self._score is not None:
            return self._units(self._score, self._score.units, before)
        return self._units(None, self._run.output, before)

    def units_of_layer(self, layer: Any, number: int = 0) -> LinearUnits:
        """The units of a call of a layer; raises `NotLinearError` where there are none.

        Args:
            layer: of the model.
            number: how many calls of it come before.
        """
        calls = [call for call in self._run.calls if call.entry.layer is layer]
        if number >= len(calls):
            raise self._run.end or NotLinearError("", "the model does not call it")
        call = calls[number]
        if call.units is None:
            raise self._run.end or NotLinearError("", "it does not give one tensor")
        return self._units(call, call.units, call.activation)

    def refuse_not_linear(
        self, wanted: Sequence[LinearUnits], samples: NDArray[Any] | None = None
    ) -> list[NotLinearError | None]:
        """Why each of some units has no templates, by trial; None for those that add up.

        Args:
            wanted: that this model gave.
            samples: of the model's input, or None.
        """
        if not self._replace or not wanted:
            return [None] * len(wanted)
        try:
            return self._try(wanted, samples)
        except Exception as error:  # noqa: BLE001 - a layer that breaks spares the others
            if len(wanted) > 1:
                return [found for one in wanted for found in self.refuse_not_linear([one], samples)]
            if isinstance(error, NotLinearError):
                return [error]
            return [NotLinearError("", f"the way to it cannot be run ({first_words(error)})")]

    def _try(
        self, wanted: Sequence[LinearUnits], samples: NDArray[Any] | None
    ) -> list[NotLinearError | None]:
        by_key = {call.key: call.place for call in self._run.calls}
        places = [by_key.get(one.key) for one in wanted]
        order = [place for place in by_key.values() if place in places]
        # As far as the last of them; all the way for what the model's own code gives.
        last = None if None in places else order[-1]

        def run(tensor: Any) -> list[Any]:
            met = self._replaced.run(tensor, last)
            return [
                one.jacobian.take_position(_pick(met, place))
                for one, place in zip(wanted, places, strict=True)
            ]

        found = find_not_linear(run, self._spec, self._model.variables, samples)
        cause = f"{self._class_name}, a subclassed model, is not linear by trial"
        return [NotLinearError("", cause) if one else None for one in found]

    def _run_once(self) -> tuple[Run, frozenset[int]]:
        """The run, and which of its tensors are of a branch or loop, which they cannot leave."""
        found: list[tuple[Run, frozenset[int]]] = []
        backend = load_backend()

        def run(tensors: Sequence[Any]) -> list[Any]:
            met = self._replaced.run(tensors[0])
            every = [met.output, *(call.units for call in met.calls)]
            hidden = [
                id(one)
                for one in every
                if one is not None and not backend.is_reachable(one, tensors[0])
            ]
            found.append((met, frozenset(hidden)))
            return [tensors[0]]

        batch = TensorSpec((1, *self._spec.shape), self._spec.dtype)
        backend.compile(run, [batch], self._model.variables)
        return found[-1]

    def _units(self, call: Call | None, tensor: Any, before: str) -> LinearUnits:
        if tensor is None or id(tensor) in self._unreachable:
            raise NotLinearError(
                "" if call is None else call.key,
                "it is called within a branch or loop, which is not looked into",
            )
        shape = tuple(tensor.shape)
        if len(shape) < _NO_UNITS or any(size is None for size in shape[1:]):
            raise NotLinearError("", f"the units have no fixed shape: {shape[1:]}")
        shape = (0, *(int(size) for size in shape[1:]))
        is_first = call is not None and (
            getattr(call.entry.layer, "data_format", "") == "channels_first"
        )
        axis = 1 if is_first and len(shape) > _NO_UNITS else len(shape) - 1
        position = tuple(size // 2 for place, size in enumerate(shape) if place not in (0, axis))
        calls = self._run.calls
        if call is not None:
            calls = calls[: calls.index(call) + 1]
        return self._describe(call, calls, before, (shape, axis, position))

    def _describe(
        self,
        call: Call | None,
        calls: tuple[Call, ...],
        before: str,
        layout: tuple[tuple[int, ...], int, tuple[int, ...]],
    ) -> LinearUnits:
        shape, axis, position = layout
        inputs = (self._input_spec(),)
        # A trial shows that something is not linear, never that it is.
        notes = (*describe_calls(calls, call), TRIED_NOTE) if self._replace else (EXACT,)
        entry = call.entry if call else None
        gives_scores = call is self._score
        jacobian = UnitJacobian(
            partial(self._values, place=call.place if call else None),
            [(inputs[0].shape, self._spec.dtype)],
            shape,
            axis,
            position,
            self._model.variables,
            sum(math.prod(_shape_of(one.output)[1:]) for one in calls) + math.prod(inputs[0].shape),
        )
        return LinearUnits(
            key=call.key if call else _OUTPUT_NAME,
            layer_path=entry.path if entry else "",
            layer_index=entry.index if entry else None,
            layer_type=entry.layer_type if entry else self._class_name,
            num_units=shape[axis],
            outputs=(0,) if gives_scores else (),
            num_outputs=1,
            activation=self._run.activation_of_output() if gives_scores else before,
            inputs=inputs,
            is_exact=False,
            notes=(*notes, *describe_units(before, position, inputs)),
            layers=tuple({id(one.entry.layer): one.entry.layer for one in calls}.values()),
            places={id(one.entry.layer): one.entry.index for one in calls},
            cost=PASSES * sum(map(_count, calls)),
            chain=None,
            jacobian=jacobian,
            num_operations=len(calls),
            model=self,
        )

    def _values(self, tensors: Sequence[Any], *, place: tuple[int, int] | None) -> Any:
        return _pick(self._replaced.run(tensors[0], place), place)

    def _input_spec(self) -> InputSpec:
        return InputSpec(
            place=0,
            name=_INPUT_NAME,
            shape=tuple(int(size or 0) for size in self._spec.shape),
            is_sequence=begins_with_steps(self._model),
            is_channels_first=has_channels_first(),
        )


def _pick(run: Run, place: tuple[int, int] | None) -> Any:
    if place is None:
        if run.end is not None:
            raise run.end
        return run.output
    for call in run.calls:
        if call.place == place:
            return call.units
    raise run.end or NotLinearError("", "whether the model calls it depends on its input")


def _count(call: Call) -> int:
    shape = _shape_of(call.output)
    return count_call(call.entry.layer, _shape_of(call.given) or shape, shape)


def _shape_of(value: Any) -> tuple[int, ...]:
    """Of the first tensor of a value; lengths that are not known count once."""
    tensors = keras.tree.flatten(value)
    shape = getattr(tensors[0], "shape", ()) if tensors else ()
    return tuple(int(size or 1) for size in shape)


def _find_input_shape(model: Any) -> tuple[int, ...] | None:
    shapes = getattr(model, "_build_shapes_dict", None) or {}
    values = list(shapes.values())
    shape = values[0] if len(values) == 1 else None
    if not isinstance(shape, (tuple, list)) or not shape:
        return None
    sizes = tuple(shape)[1:]
    return sizes if sizes and all(isinstance(size, int) for size in sizes) else None
