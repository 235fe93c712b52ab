"""Looking inside a model: what its layers compute for some inputs, as arrays.

The one way in which activations are read. The model is called in a function that is traced
once, with its layers intercepted meanwhile, so that nested, shared and subclassed models need no
graph of their own; nothing of the model changes.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any, Literal

import keras
import numpy as np
from numpy.typing import NDArray

from tb_nnviz.model.backends import Compiled, load_backend
from tb_nnviz.model.layers import LayerEntry, list_layers
from tb_nnviz.model.probe_inputs import ProbeInputs, call_model
from tb_nnviz.model.recording import RecordedCall, Recording, explain_hidden, record

Role = Literal["output", "pre_activation"]
# Takes a captured tensor; gives what is to be brought out instead, always as many.
Reduce = Callable[["CapturedCall", Any], Sequence[Any]]
# Takes all that could be brought out; gives those that are.
Choose = Callable[[Sequence["CapturedCall"]], Sequence["CapturedCall"]]

_NARROW_FLOATS = ("float16", "bfloat16", "float8_e4m3fn", "float8_e5m2")


@dataclass(frozen=True)
class CapturedCall:
    """A tensor that a call of a layer computed.

    Attributes:
        entry: the layer.
        key: ``<layer path>``, then ``#2`` for the second call, ``:0``, ``:1``, … where the
            layer has several outputs, ``/pre_activation`` for that.
        role: ``output`` or ``pre_activation``.
        shape: with the batch's axis first; None for a length that only running tells.
        dtype: the dtype the layer computed in; float16 and the like are brought out as float32.
        activation: the function that made the output, if it is the last thing the layer does.
        same_as: key of the tensor captured before that this one is, unchanged; None if none.
    """

    entry: LayerEntry
    key: str
    role: Role
    shape: tuple[int | None, ...]
    dtype: str
    activation: Any = None
    same_as: str | None = None


@dataclass(frozen=True)
class CapturedLogits:
    """The scores that an output of the model is made of.

    Attributes:
        output: which output, from 0.
        activation: ``softmax`` or ``sigmoid``, whose input the scores are; None where the
            output is made by neither, so that the scores are the output as it is.
        shape: with the batch's axis first.
        dtype: of the scores.
    """

    output: int
    activation: str | None
    shape: tuple[int | None, ...]
    dtype: str


class Capture:
    """What some layers of a model compute, traced once for inputs of one shape.

    Args:
        model: a built model of any kind.
        inputs: of the shape and type that `run` gets later.
        layers: which layers; None for all.
        batch_size: how many samples are computed at once; a smaller last batch is filled up.
        pre_activations: whether what fused activations are applied to is captured too.
        logits: whether the model's scores are.
        reduce: makes of each captured tensor what is brought out; None for the tensor itself.
        choose: which of the tensors are brought out; None for all. It is asked while the model
            is traced.

    Attributes:
        calls: what is brought out, in the order of the model's layers.
        logits: the scores of each output; () unless asked for.
        skipped: layer path → why its outputs, or some of them, are not captured.

    Raises:
        ValueError: the model does not accept the inputs.
    """

    def __init__(
        self,
        model: Any,
        inputs: ProbeInputs,
        *,
        layers: Sequence[LayerEntry] | None = None,
        batch_size: int = 32,
        pre_activations: bool = True,
        logits: bool = False,
        reduce: Reduce | None = None,
        choose: Choose | None = None,
    ) -> None:
        every = list_layers(model)
        self._chosen = every if layers is None else list(layers)
        self._hidden = explain_hidden(every)
        self._pre_activations = pre_activations
        self._logits = logits
        self._reduce = reduce
        self._choose = choose
        self._batch_size = _fixed_batch_size(model) or min(batch_size, inputs.num_samples)
        self._specs = inputs.specs(self._batch_size)
        self.calls: tuple[CapturedCall, ...] = ()
        self.logits: tuple[CapturedLogits, ...] = ()
        self.skipped: dict[str, str] = {}
        self._compiled = self._compile(model, inputs)

    def run(self, inputs: ProbeInputs) -> list[NDArray[Any]]:
        """The arrays of all `calls`, then of all `logits`.

        Args:
            inputs: of the shape and type it was traced for, any number of samples.

        Returns:
            Arrays with the first axis over samples, which own their memory: for each of
            ``calls`` one, or as many as ``reduce`` gives.
        """
        if inputs.specs(self._batch_size) != self._specs:
            raise ValueError(
                "The inputs must be like those the model was traced for, of shapes "
                f"{', '.join(str(spec.shape[1:]) for spec in self._specs)}; got "
                f"{inputs.describe()}."
            )
        results: list[NDArray[Any]] = []
        for chosen, batch in inputs.batches(self._batch_size):
            views = self._compiled.view(batch)
            if not results:
                results = [
                    np.empty((inputs.num_samples, *view.shape[1:]), view.dtype) for view in views
                ]
            for result, view in zip(results, views, strict=True):
                result[chosen] = view[: chosen.stop - chosen.start]
        return results

    def _compile(self, model: Any, inputs: ProbeInputs) -> Compiled:
        backend = load_backend()

        def function(tensors: list[Any]) -> list[Any]:
            with record(model, self._chosen, backend, tensors[0]) as recording:
                outputs = call_model(model, inputs, tensors)
            return self._select(recording, outputs)

        return backend.compile(function, self._specs, model.variables)

    def _select(self, recording: Recording, outputs: Any) -> list[Any]:
        """What leaves the trace; says in `calls`, `logits` and `skipped` what it is."""
        selection = _Selection(self._batch_size, self._pre_activations)
        recorded = sorted(recording.calls, key=lambda call: (call.entry.index, call.number))
        for call in recorded:
            selection.add(call)
        self.skipped = selection.explain_skipped(self._chosen, self._hidden, recording)
        calls = selection.calls if self._choose is None else self._choose(selection.calls)
        self.calls = tuple(calls)
        brought = [one for call in calls for one in self._out(call, selection.tensors[call.key])]
        if self._logits:
            found = [recording.logits_of(output) for output in keras.tree.flatten(outputs)]
            self.logits = tuple(
                CapturedLogits(place, one.activation, *_spec_of(one.tensor))
                for place, one in enumerate(found)
            )
            brought += [_widen(one.tensor) for one in found]
        return brought

    def _out(self, call: CapturedCall, tensor: Any) -> Sequence[Any]:
        wide = _widen(tensor)
        return [wide] if self._reduce is None else self._reduce(call, wide)


class _Selection:
    """Which of the recorded tensors can be brought out, under which keys."""

    def __init__(self, batch_size: int, pre_activations: bool) -> None:  # noqa: FBT001
        self.calls: list[CapturedCall] = []
        self.tensors: dict[str, Any] = {}
        self._batch_size = batch_size
        self._pre_activations = pre_activations
        self._keys: dict[int, str] = {}
        self._obstacles: dict[str, list[str]] = {}

    def add(self, call: RecordedCall) -> None:
        """Adds the outputs of a call and, before them, its pre-activation."""
        name = call.entry.path if call.number == 1 else f"{call.entry.path}#{call.number}"
        if self._pre_activations and call.pre_activation is not None:
            key = f"{name}/pre_activation"
            self._add_tensor(call, key, "pre_activation", call.pre_activation)
        is_single = len(call.outputs) == 1
        for place, output in enumerate(call.outputs):
            self._add_tensor(call, name if is_single else f"{name}:{place}", "output", output)

    def explain_skipped(
        self, chosen: Sequence[LayerEntry], hidden: dict[str, str], recording: Recording
    ) -> dict[str, str]:
        """Layer path → why its outputs, or some, are not there."""
        reasons = {}
        captured = {call.entry.path for call in self.calls}
        for entry in chosen:
            path = entry.path
            if path in hidden:
                reasons[path] = hidden[path]
            elif path in recording.num_unreachable:
                reasons[path] = (
                    "its values cannot leave the loop or the inner function it is called in"
                )
            elif path in self._obstacles:
                reasons[path] = self._obstacles[path][0]
            elif path not in captured:
                reasons[path] = "the model never calls it"
        return reasons

    def _add_tensor(self, call: RecordedCall, key: str, role: Role, tensor: Any) -> None:
        obstacle = self._find_obstacle(tensor)
        if obstacle is not None:
            self._obstacles.setdefault(call.entry.path, []).append(obstacle)
            return
        activation = call.activation if role == "output" else None
        shape, dtype = _spec_of(tensor)
        same_as = self._keys.setdefault(id(tensor), key)
        self.tensors[key] = tensor
        self.calls.append(
            CapturedCall(
                call.entry, key, role, shape, dtype, activation, None if same_as == key else same_as
            )
        )

    def _find_obstacle(self, tensor: Any) -> str | None:
        if tensor is None:
            return "it returns something that is no dense tensor"
        shape, dtype = _spec_of(tensor)
        if dtype == "string":
            return "its output is text"
        if not shape or shape[0] not in (self._batch_size, None):
            return f"its output of shape {shape} has no axis over samples"
        return None


def _fixed_batch_size(model: Any) -> int | None:
    """How many samples a model takes at once, where it was made for one number only."""
    try:
        lengths = {tensor.shape[0] for tensor in model.inputs or () if tensor.shape}
    except (AttributeError, ValueError):  # early versions of Keras raise where there are none
        return None
    return lengths.pop() if len(lengths) == 1 else None


def _spec_of(tensor: Any) -> tuple[tuple[int | None, ...], str]:
    return tuple(tensor.shape), keras.backend.standardize_dtype(tensor.dtype)


def _widen(tensor: Any) -> Any:
    """The tensor, in float32 where NumPy has no arithmetic of its own for its dtype."""
    is_narrow = keras.backend.standardize_dtype(tensor.dtype) in _NARROW_FLOATS
    return keras.ops.cast(tensor, "float32") if is_narrow else tensor
