"""Where the indices and whole numbers that a model takes become floats: there paths can begin.

A path of gradients needs inputs that can move by a little. Token indices cannot, nor can bytes;
what an `Embedding` gives for them can, or what `Rescaling` and `Normalization` do. Knows the calls
of such layers in one call of a model.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any

import keras
import numpy as np
from keras import layers
from numpy.typing import NDArray

from tb_nnviz.model.backends import Backend, load_backend
from tb_nnviz.model.batch_size import find_fixed_batch_size
from tb_nnviz.model.interception import Replacement, intercept
from tb_nnviz.model.layers import LayerEntry, list_layers
from tb_nnviz.model.precision import computing_in_float32
from tb_nnviz.model.probe_inputs import ProbeInputs, call_model
from tb_nnviz.model.reduction import as_float32
from tb_nnviz.model.untouched import untouched

_OF_ANY_NUMBERS = (layers.Embedding,)
_OF_WHOLE_NUMBERS = (layers.Rescaling, layers.Normalization)
_WHOLE = "biu"

# Path of a layer, and the number of its call, from 1.
CallKey = tuple[str, int]
# Gets the call, the layer, what it is given and what it gives; says what it gives instead.
_Handle = Callable[[CallKey, LayerEntry, Any, Any], Any]


@dataclass(frozen=True, eq=False)
class FloatEntry:
    """One call of a layer that makes floats of an input.

    Attributes:
        key: of the call.
        layer_type: class name of the layer.
        place: of the input among the model's, whose shape its output begins with.
        outputs: ``(samples, …)`` what it gives for the samples.
        baseline_outputs: likewise for the baselines.
    """

    key: CallKey
    layer_type: str
    place: int
    outputs: NDArray[np.float32]
    baseline_outputs: NDArray[np.float32]


class FloatEntries:
    """The calls that make floats of an input, traced once.

    Args:
        model: a built model.
        inputs: of the shape and type of the samples.
        batch_size: how many samples are computed at once.
    """

    def __init__(self, model: Any, inputs: ProbeInputs, *, batch_size: int = 32) -> None:
        has_whole = any(array.dtype.kind in _WHOLE for array in inputs.arrays)
        kinds = (*_OF_ANY_NUMBERS, *_OF_WHOLE_NUMBERS) if has_whole else _OF_ANY_NUMBERS
        candidates = _layers_of(model, kinds)
        self._values = _EntryValues(model, inputs, candidates, batch_size) if candidates else None

    def read(self, inputs: ProbeInputs, baselines: ProbeInputs) -> list[FloatEntry]:
        """The calls that make floats of all of an input, with the present weights.

        Args:
            inputs: the samples.
            baselines: as many.
        """
        if self._values is None or not self._values.calls:
            return []
        entries = []
        at_inputs, at_baselines = self._values.run(inputs), self._values.run(baselines)
        for call, (given, gives), (given_then, gives_then) in zip(
            self._values.calls, at_inputs, at_baselines, strict=True
        ):
            place = call.place
            if place is None:
                place = _find_source(given, given_then, inputs, baselines)
            if place is None and call.takes_any and not np.array_equal(gives, gives_then):
                # Indices that were made of the only input, one of each of its values.
                is_only = len(inputs.arrays) == 1 and given.shape == inputs.arrays[0].shape
                place = 0 if is_only else None
            if place is None or not _extends(gives, inputs.arrays[place]):
                continue  # of no input alone, as embedded positions, or of some of its values
            if inputs.arrays[place].dtype.kind not in _WHOLE and not call.takes_any:
                continue  # the path goes along the input itself
            entries.append(FloatEntry(call.key, call.layer_type, place, gives, gives_then))
        return entries


@contextmanager
def replacing_entries(
    model: Any, tensors: Mapping[CallKey, Any], backend: Backend, reference: Any
) -> Iterator[None]:
    """Within the scope, calls give these tensors instead of what they would compute.

    Args:
        model: is called in the scope, once.
        tensors: by call.
        backend: that the model runs on.
        reference: an input of the function that is being traced.
    """
    paths = {path for path, _ in tensors}
    kinds = (*_OF_ANY_NUMBERS, *_OF_WHOLE_NUMBERS)
    entries = [entry for entry in _layers_of(model, kinds) if entry.path in paths]
    with _around_calls(
        entries, backend, reference, lambda key, _, __, result: tensors.get(key, result)
    ):
        yield


@dataclass(frozen=True)
class _EntryCall:
    key: CallKey
    layer_type: str
    takes_any: bool
    place: int | None


class _EntryValues:
    """What the candidates are given and give, traced once."""

    def __init__(
        self, model: Any, inputs: ProbeInputs, entries: Sequence[LayerEntry], batch_size: int
    ) -> None:
        self.calls: list[_EntryCall] = []
        self._batch_size = find_fixed_batch_size(model) or min(batch_size, inputs.num_samples)
        backend = load_backend()

        def function(tensors: list[Any]) -> list[Any]:
            self.calls = []
            brought: list[Any] = []

            def note(key: CallKey, entry: LayerEntry, given: Any, result: Any) -> Any:
                if self._is_entry(given, result):
                    places = [place for place, one in enumerate(tensors) if one is given]
                    place = places[0] if places else None
                    takes_any = isinstance(entry.layer, _OF_ANY_NUMBERS)
                    self.calls.append(_EntryCall(key, entry.layer_type, takes_any, place))
                    brought.extend((given, as_float32(result)))
                return result

            with (
                untouched([model]),
                computing_in_float32([model]),
                _around_calls(entries, backend, tensors[0], note),
            ):
                call_model(model, inputs, tensors)
            return brought

        self._compiled = backend.compile(function, inputs.specs(self._batch_size), model.variables)

    def run(self, inputs: ProbeInputs) -> list[tuple[NDArray[Any], NDArray[Any]]]:
        """For each call what it is given and what it gives, over all samples."""
        batches = []
        for chosen, batch in inputs.batches(self._batch_size):
            rows = chosen.stop - chosen.start
            batches.append([array[:rows] for array in self._compiled(batch)])
        arrays = [np.concatenate(parts) for parts in zip(*batches, strict=True)]
        return list(zip(arrays[::2], arrays[1::2], strict=True))

    def _is_entry(self, given: Any, result: Any) -> bool:
        if not keras.ops.is_tensor(given):
            return False
        shapes = (tuple(given.shape), tuple(result.shape))
        return all(shape[:1] == (self._batch_size,) and None not in shape for shape in shapes)


@contextmanager
def _around_calls(
    entries: Sequence[LayerEntry], backend: Backend, reference: Any, handle: _Handle
) -> Iterator[None]:
    """Lets a function decide what calls of layers give; those in loops are passed over."""
    counts: dict[str, int] = {}

    def replacement(entry: LayerEntry) -> Replacement:
        def around(call: Any, args: tuple[Any, ...], kwargs: dict[str, Any]) -> Any:
            result = call(*args, **kwargs)
            given = args[0] if args else kwargs.get("inputs")
            if not keras.ops.is_tensor(result) or not backend.is_reachable(result, reference):
                return result
            counts[entry.path] = counts.get(entry.path, 0) + 1
            return handle((entry.path, counts[entry.path]), entry, given, result)

        return Replacement(entry.layer, around)

    with intercept(calls=[replacement(entry) for entry in entries]):
        yield


def has_embedding(model: Any) -> bool:
    """Whether a layer of a model looks vectors up by index."""
    return bool(_layers_of(model, _OF_ANY_NUMBERS))


def _layers_of(model: Any, kinds: tuple[type, ...]) -> list[LayerEntry]:
    return [entry for entry in list_layers(model) if isinstance(entry.layer, kinds)]


def _find_source(
    given: NDArray[Any],
    given_then: NDArray[Any],
    inputs: ProbeInputs,
    baselines: ProbeInputs,
) -> int | None:
    """Which input a call was given, told by its values."""
    pairs = zip(inputs.arrays, baselines.arrays, strict=True)
    same = [
        place
        for place, (now, then) in enumerate(pairs)
        if _are_same(given, now) and _are_same(given_then, then)
    ]
    return same[0] if same else None


def _are_same(given: NDArray[Any], array: NDArray[Any]) -> bool:
    return array.dtype.kind in (*_WHOLE, "f") and np.array_equal(given, array)


def _extends(gives: NDArray[Any], array: NDArray[Any]) -> bool:
    """Whether what a call gives has the axes of an input, and perhaps more behind them."""
    return gives.shape[: array.ndim] == array.shape
