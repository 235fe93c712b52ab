"""Models without a graph: run with their layers replaced, and all calls noted.

Knows what stands in for each layer; whether the whole is linear is tried elsewhere.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

import keras

from tb_nnviz.model.error_text import first_words
from tb_nnviz.model.interception import Around, Replacement, intercept
from tb_nnviz.model.layers import LayerEntry, list_layers
from tb_nnviz.model.linear.operations import (
    Treatment,
    describe_replaced,
    has_activation,
    is_known_to_end,
    name_activation,
    treat_layer,
)
from tb_nnviz.model.linear.path import MAX_POOLING_NOTE, NotLinearError
from tb_nnviz.model.linear.replay import average_in_place, hand_on
from tb_nnviz.model.precision import computing_in_float32
from tb_nnviz.model.untouched import untouched


@dataclass(frozen=True, eq=False)
class Call:
    """One call of a layer, as it was met.

    Attributes:
        entry: the layer.
        number: how many calls of the same layer come before it.
        treatment: what was done with it.
        given: its first input.
        output: the tensor it gave.
        units: the same without the layer's own activation; None where that is not one tensor.
        activation: what notes call that activation; "" for none.
    """

    entry: LayerEntry
    number: int
    treatment: Treatment
    given: Any
    output: Any
    units: Any
    activation: str

    @property
    def key(self) -> str:
        """Path of the layer, with ``#2`` for its second call and so on."""
        return f"{self.entry.path}#{self.number + 1}" if self.number else self.entry.path

    @property
    def place(self) -> tuple[int, int]:
        """Index of the layer and number of the call: the same in every run."""
        return (self.entry.index, self.number)


@dataclass(frozen=True, eq=False)
class Run:
    """What one run of a model met.

    Attributes:
        calls: in order, as far as the run came.
        output: of the model; None where the run did not get there.
        end: why the run did not get to the output; None where it did, or was to stop before.
    """

    calls: tuple[Call, ...]
    output: Any
    end: NotLinearError | None

    def find_score(self) -> Call | None:
        """The last layer of the model but for activations and what does nothing.

        None where the model's own code comes after it.
        """
        tensor = self.output
        for call in reversed(self.calls):
            if call.output is not tensor:
                break
            if call.treatment.kind not in ("pass", "replace"):
                return call
            tensor = call.given
        return None

    def activation_of_output(self) -> str:
        """What notes call the activation of the output; "" for none."""
        tensor, name = self.output, ""
        for call in reversed(self.calls):
            if call.output is not tensor:
                break
            name = call.activation or name
            if call.treatment.kind not in ("pass", "replace"):
                break
            tensor = call.given
        return name


class _Enough(BaseException):
    """The call that was wanted has been met. No error, so that nobody on the way handles it."""


class ReplacedModel:
    """A model whose layers are replaced while it runs.

    Args:
        model: any built model of one input.
        replace: False for the network as it is.
    """

    def __init__(self, model: Any, *, replace: bool = True) -> None:
        self._model = model
        self._replace = replace
        self._calls: list[Call] = []
        self._last: tuple[int, int] | None = None
        self._end: NotLinearError | None = None
        entries = list_layers(model)
        parents = {id(entry.parent) for entry in entries}
        # What is known to end a composition ends it as a whole, whatever layers it holds.
        self._leaves = [
            entry
            for entry in entries
            if id(entry.layer) not in parents or (replace and is_known_to_end(entry.layer))
        ]

    def run(self, tensor: Any, last: tuple[int, int] | None = None) -> Run:
        """Runs the model for one input; what ends the composition ends the run.

        Args:
            tensor: the input, with a batch axis.
            last: the call after which the run may stop; see `Call.place`.
        """
        self._calls, self._last, self._end = [], last, None
        replacements = [Replacement(entry.layer, self._around(entry)) for entry in self._leaves]
        output, end = None, None
        try:
            with (
                untouched([self._model]),
                computing_in_float32([self._model]),
                intercept(calls=replacements),
            ):
                output = self._model(tensor, training=False)
        except _Enough:
            pass
        except Exception as error:  # noqa: BLE001 - Keras makes errors of its own of a layer's
            end = self._explain(error)
        tensors = keras.tree.flatten(output)
        if output is not None and len(tensors) != 1:
            end = NotLinearError("", "the model has several outputs")
        return Run(tuple(self._calls), tensors[0] if len(tensors) == 1 else None, end)

    def _explain(self, error: Exception) -> NotLinearError:
        if self._end is not None:
            return self._end
        return NotLinearError("", f"the model cannot be run ({first_words(error)})")

    def _around(self, entry: LayerEntry) -> Around:
        def around(original: Callable[..., Any], args: tuple[Any, ...], kwargs: Any) -> Any:
            call = self._call(entry, original, args, kwargs)
            if call.place == self._last:
                raise _Enough
            if self._replace and call.treatment.kind == "refuse":
                reason = call.treatment.reason
                cause = f"ends at layer {entry.path!r} ({entry.layer_type}): {reason}"
                self._end = NotLinearError(entry.path, cause)
                raise self._end
            return call.output

        return around

    def _call(
        self,
        entry: LayerEntry,
        original: Callable[..., Any],
        args: tuple[Any, ...],
        kwargs: dict[str, Any],
    ) -> Call:
        given, taken = _first(args, kwargs), keras.tree.flatten((args, kwargs))
        treatment = treat_layer(entry.layer, taken=taken)
        # An activation that nobody knows ends the composition only for the layers behind it.
        bare = treat_layer(entry.layer, without_activation=True, taken=taken)
        output: Any = given
        units: Any = given if treatment.kind in ("pass", "replace") else None
        if not self._replace or bare.kind == "run":
            output, before = self._run_original(entry.layer, original, args, kwargs, treatment)
            if units is None:
                units = before if before is not None and bare.kind == "run" else output
        elif treatment.kind == "average":
            units = output = average_in_place(entry.layer, given)
        flat = keras.tree.flatten(units)
        units = flat[0] if len(flat) == 1 else None
        has_own = bare.kind == "run" and has_activation(entry.layer)
        name = treatment.replaced or (
            (name_activation(entry.layer.activation) or "its activation") if has_own else ""
        )
        number = sum(call.entry.layer is entry.layer for call in self._calls)
        call = Call(entry, number, treatment, given, output, units, name)
        self._calls.append(call)
        return call

    def _run_original(
        self,
        layer: Any,
        original: Callable[..., Any],
        args: tuple[Any, ...],
        kwargs: dict[str, Any],
        treatment: Treatment,
    ) -> tuple[Any, Any]:
        """What a layer gives, and what its own activation is applied to; None for no such."""
        before: list[Any] = []
        is_replaced = self._replace and treatment.kind == "run"

        def around(function: Any, given: tuple[Any, ...], named: dict[str, Any]) -> Any:
            before.append(_first(given, named))
            return hand_on(function, given, named) if is_replaced else function(*given, **named)

        with intercept(activations=[Replacement(layer, around)] if has_activation(layer) else []):
            output = original(*args, **kwargs)
        return output, before[-1] if before else None


def describe_calls(calls: Sequence[Call], last: Call | None) -> tuple[str, ...]:
    """Notes on what was replaced, but for the activation of the units' own layer.

    Args:
        calls: up to the units, in order.
        last: the units' own layer.
    """
    ignored = describe_replaced(
        call.treatment.replaced for call in calls if call is not last and call.treatment.replaced
    )
    averaged = any(call.treatment.kind == "average" for call in calls)
    return ((ignored,) if ignored else ()) + ((MAX_POOLING_NOTE,) if averaged else ())


def _first(args: tuple[Any, ...], kwargs: dict[str, Any]) -> Any:
    return args[0] if args else next(iter(kwargs.values()))
