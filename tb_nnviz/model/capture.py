"""Looking inside a model: what its layers compute for some inputs, as arrays.

The one way in which activations are read. The model is called in a function that is traced
once, with its layers intercepted meanwhile, so that nested, shared and subclassed models need no
graph of their own; nothing of the model changes.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

import keras
import numpy as np
from numpy.typing import NDArray

from tb_nnviz.model.backends import Compiled, load_backend
from tb_nnviz.model.batch_size import find_fixed_batch_size
from tb_nnviz.model.error_text import first_words
from tb_nnviz.model.layers import LayerEntry, list_layers
from tb_nnviz.model.precision import NARROW_FLOATS
from tb_nnviz.model.probe_inputs import ProbeInputs, call_model
from tb_nnviz.model.recording import Recording, explain_hidden, record
from tb_nnviz.model.selection import CapturedCall, Selection, describe_tensor

# Takes a captured tensor; gives what is to be brought out instead, always as many.
Reduce = Callable[[CapturedCall, Any], Sequence[Any]]
# Takes all that could be brought out; gives those that are.
Choose = Callable[[Sequence[CapturedCall]], Sequence[CapturedCall]]


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
        self._batch_size = find_fixed_batch_size(model) or min(batch_size, inputs.num_samples)
        self._specs = inputs.specs(self._batch_size)
        self._num_rows: dict[str, int] = {}
        self._unsized: tuple[str, ...] = ()
        self.calls: tuple[CapturedCall, ...] = ()
        self.logits: tuple[CapturedLogits, ...] = ()
        self.skipped: dict[str, str] = {}
        self._compiled = self._compile(model, inputs)
        if self._unsized:  # only running tells whether their first axis is over samples
            _, batch = next(inputs.batches(self._batch_size))
            counts = [int(count) for count in self._compiled(batch)]
            self._num_rows = dict(zip(self._unsized, counts, strict=True))
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
                if view.shape[1:] != result.shape[1:]:
                    raise ValueError(
                        "A layer's output has another shape for each batch of samples, as after "
                        f"text that is padded to its longest: {result.shape[1:]} and then "
                        f"{view.shape[1:]}. Compute all samples at once: batch_size="
                        f"{inputs.num_samples}."
                    )
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
        selection = Selection(self._batch_size, self._num_rows, pre=self._pre_activations)
        recorded = sorted(recording.calls, key=lambda call: (call.entry.index, call.number))
        for call in recorded:
            selection.add(call)
        self._unsized = tuple(selection.unsized)
        if self._unsized:
            return [keras.ops.shape(tensor)[0] for tensor in selection.unsized.values()]
        self.skipped = selection.explain_skipped(self._chosen, self._hidden, recording)
        calls = selection.calls if self._choose is None else self._choose(selection.calls)
        brought: list[Any] = []
        self.calls = tuple(
            call for call in calls if self._bring_out(call, selection.tensors[call.key], brought)
        )
        if self._logits:
            found = [recording.logits_of(output) for output in keras.tree.flatten(outputs)]
            self.logits = tuple(
                CapturedLogits(place, one.activation, *describe_tensor(one.tensor))
                for place, one in enumerate(found)
            )
            brought += [_widen(one.tensor) for one in found]
        return brought

    def _bring_out(self, call: CapturedCall, tensor: Any, brought: list[Any]) -> bool:
        """Adds what is brought out of a tensor; one that cannot be reduced spares the others."""
        wide = _widen(tensor)
        try:
            brought += [wide] if self._reduce is None else self._reduce(call, wide)
        except Exception as error:  # noqa: BLE001 - whatever the backend says of its shape
            self.skipped[call.entry.path] = f"it cannot be brought out ({first_words(error)})"
            return False
        return True


def _widen(tensor: Any) -> Any:
    """The tensor, in float32 where NumPy has no arithmetic of its own for its dtype."""
    is_narrow = keras.backend.standardize_dtype(tensor.dtype) in NARROW_FLOATS
    return keras.ops.cast(tensor, "float32") if is_narrow else tensor
