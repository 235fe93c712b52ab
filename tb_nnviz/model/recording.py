"""What the layers of a model computed in one call of it, as tensors of the backend.

Used within a function that is being traced: the tensors may leave it only as its results. Knows
how outputs, pre-activations and logits are told apart; knows no arrays and no batches.
"""

from __future__ import annotations

import inspect
import sys
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any

import keras
from keras import layers

from tb_nnviz.model.activation_ranges import is_non_negative, keeps_non_negative
from tb_nnviz.model.backends import Backend
from tb_nnviz.model.interception import (
    Replacement,
    intercept,
    replacing_attributes,
    wrap_function,
)
from tb_nnviz.model.layers import LayerEntry, list_layers
from tb_nnviz.model.untouched import untouched

_SCORING = ("softmax", "sigmoid")
_LOOPING = (layers.RNN, layers.TimeDistributed)
# What sparse and ragged tensors of the backends have, and dense ones have not.
_NOT_DENSE = ("dense_shape", "row_splits", "todense")


@dataclass(frozen=True)
class RecordedCall:
    """One call of a layer.

    Attributes:
        entry: the layer.
        number: of the call, from 1, among those that could be recorded.
        outputs: what it returned, flat; what is no dense tensor is None.
        activation: the function that made its output of something else; None where there is
            none, or the layer does something after it.
        pre_activation: what that function was applied to; None where it changes nothing.
        non_negative: of each output, whether the layers guarantee that it is never negative.
    """

    entry: LayerEntry
    number: int
    outputs: tuple[Any, ...]
    activation: Any = None
    pre_activation: Any = None
    non_negative: tuple[bool, ...] = ()


@dataclass(frozen=True)
class Logits:
    """The scores that an output of a model is made of.

    Attributes:
        tensor: the input of a final softmax or sigmoid, else the output itself.
        activation: ``softmax`` or ``sigmoid``; None where the output is made by none of them.
    """

    tensor: Any
    activation: str | None


@dataclass
class Recording:
    """What was recorded of one call of a model.

    Attributes:
        calls: of the layers asked for, in the order in which they ended.
        num_unreachable: layer path → how many of its calls stand in loops or other functions,
            which their tensors cannot leave.
    """

    calls: list[RecordedCall] = field(default_factory=list)
    num_unreachable: dict[str, int] = field(default_factory=dict)
    _scores: list[tuple[Any, Any, str]] = field(default_factory=list)
    # By identity, with the tensors, so that no other one gets it.
    _non_negative: dict[int, Any] = field(default_factory=dict)

    def logits_of(self, output: Any) -> Logits:
        """What a final softmax or sigmoid made an output of; else the output as it is."""
        for after, before, name in reversed(self._scores):
            if after is output:
                return Logits(before, name)
        return Logits(output, None)

    def note_score(self, output: Any, given: Any, name: str) -> None:
        """Remembers that a softmax or sigmoid made ``output`` of ``given``."""
        self._scores.append((output, given, name))

    def note_non_negative(self, tensor: Any) -> None:
        """Remembers that a tensor is never negative."""
        self._non_negative[id(tensor)] = tensor

    def is_non_negative(self, tensor: Any) -> bool:
        """Whether what made a tensor guarantees that it is never negative."""
        return id(tensor) in self._non_negative


def explain_hidden(entries: Sequence[LayerEntry]) -> dict[str, str]:
    """Layer path → why nothing can be recorded of it, where the kind of layer says so.

    Recurrent cells and layers within `TimeDistributed` are called for each step in turn: in a
    loop of the backend's own, or so many times, as the backend and the shape decide.

    Args:
        entries: all layers of the model.
    """
    reasons = {}
    by_layer = {id(entry.layer): entry for entry in entries}
    for entry in entries:
        if isinstance(entry.layer, layers.InputLayer):
            reasons[entry.path] = "it computes nothing: its output is the input"
            continue
        holder = by_layer.get(id(entry.parent))
        while holder is not None and not isinstance(holder.layer, _LOOPING):
            holder = by_layer.get(id(holder.parent))
        if holder is not None:
            reasons[entry.path] = "it is called for each step of another layer, which shows them"
    return reasons


@contextmanager
def record(
    model: Any, chosen: Sequence[LayerEntry], backend: Backend, reference: Any
) -> Iterator[Recording]:
    """Records, within the scope, what layers compute and which scores become probabilities.

    Args:
        model: is called in the scope, once.
        chosen: the layers to record; those of `explain_hidden` are passed over.
        backend: that the model runs on.
        reference: an input of the function that is being traced.
    """
    recording = Recording()
    every = list_layers(model)
    hidden = explain_hidden(every)
    applied: dict[int, list[_Applied]] = {}
    paths = {entry.path for entry in chosen}
    # Of all layers, since what one guarantees depends on those before it.
    calls = [
        _CallRecorder(recording, entry, applied, backend, reference, entry.path in paths)
        for entry in (every if paths else ())
        if entry.path not in hidden
    ]
    # The fused activations of all layers, since any may make the model's probabilities.
    activations = [
        _ActivationRecorder(recording, entry.layer, applied)
        for entry in every
        if entry.path not in hidden
    ]
    with (
        untouched([model]),
        _recording_functions(recording),
        intercept(
            calls=[Replacement(one.entry.layer, one.around) for one in calls],
            activations=[Replacement(one.layer, one.around) for one in activations],
        ),
    ):
        yield recording


@dataclass(frozen=True)
class _Applied:
    """An activation that was applied within a layer's call."""

    function: Any
    given: Any
    result: Any

    @property
    def is_linear(self) -> bool:
        return self.function is keras.activations.linear or self.given is self.result


@dataclass
class _CallRecorder:
    """Records the calls of one layer; of one that is not chosen only what it guarantees."""

    recording: Recording
    entry: LayerEntry
    applied: dict[int, list[_Applied]]
    backend: Backend
    reference: Any
    is_chosen: bool
    num_calls: int = 0

    def around(self, call: Any, args: tuple[Any, ...], kwargs: dict[str, Any]) -> Any:
        key, path = id(self.entry.layer), self.entry.path
        around_this = self.applied.get(key)
        within = self.applied[key] = []
        try:
            result = call(*args, **kwargs)
        finally:
            del self.applied[key]
            if around_this is not None:
                self.applied[key] = around_this
        flat = keras.tree.flatten(result)
        last = within[0] if len(within) == 1 and within[0].result is result else None
        self._note_ranges(args[0] if args else kwargs.get("inputs"), flat, last and last.function)
        if not self.is_chosen:
            return result
        if not all(self._is_reachable(each) for each in flat):
            unreachable = self.recording.num_unreachable
            unreachable[path] = unreachable.get(path, 0) + 1
            return result
        self.num_calls += 1
        before = last.given if last and not last.is_linear else None
        self.recording.calls.append(
            RecordedCall(
                self.entry,
                self.num_calls,
                tuple(each if _is_dense(each) else None for each in flat),
                activation=last and last.function,
                pre_activation=before if self._is_reachable(before) else None,
                non_negative=tuple(self.recording.is_non_negative(each) for each in flat),
            )
        )
        return result

    def _note_ranges(self, inputs: Any, outputs: list[Any], activation: Any) -> None:
        layer, recording = self.entry.layer, self.recording
        given = keras.tree.flatten(inputs)
        keeps = keeps_non_negative(layer) and given and all(map(recording.is_non_negative, given))
        if keeps or is_non_negative(layer, activation):
            for output in outputs:
                recording.note_non_negative(output)

    def _is_reachable(self, value: Any) -> bool:
        return not _is_dense(value) or self.backend.is_reachable(value, self.reference)


@dataclass
class _ActivationRecorder:
    """Records what one layer's fused activation is applied to."""

    recording: Recording
    layer: Any
    applied: dict[int, list[_Applied]]

    def around(self, function: Any, args: tuple[Any, ...], kwargs: dict[str, Any]) -> Any:
        result = function(*args, **kwargs)
        original = inspect.unwrap(function)
        given = args[0] if args else None
        within = self.applied.get(id(self.layer))
        if within is not None:
            within.append(_Applied(original, given, result))
        name = getattr(original, "__name__", type(original).__name__.lower())
        if name in _SCORING and _is_dense(given):
            self.recording.note_score(result, given, name)
        return result


@contextmanager
def _recording_functions(recording: Recording) -> Iterator[None]:
    """Records softmax, sigmoid and ReLU wherever Keras' own layers and operations apply them."""
    module = getattr(sys.modules.get("keras.src.backend"), "nn", None)

    def around(function: Any, args: tuple[Any, ...], kwargs: dict[str, Any]) -> Any:
        result = function(*args, **kwargs)
        given = args[0] if args else kwargs.get("x")
        name = inspect.unwrap(function).__name__
        if name in _SCORING:
            recording.note_score(result, given, name)
        recording.note_non_negative(result)
        return result

    with replacing_attributes() as replace:
        for name in (*_SCORING, "relu"):
            function = getattr(module, name, None)
            if function is not None:
                replace(module, name, wrap_function(function, around))
        yield


def _is_dense(value: Any) -> bool:
    return bool(keras.ops.is_tensor(value)) and not any(hasattr(value, name) for name in _NOT_DENSE)
