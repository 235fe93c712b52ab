"""Models without a graph: run with their layers replaced, and tried on numbers.

What a subclassed model's own code computes cannot be read, so that it counts as linear only if
all its layers are, and if it adds up for random inputs.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from contextlib import ExitStack
from dataclasses import dataclass
from typing import Any

import keras
import numpy as np

from tb_nnviz.model.backends import TensorSpec, load_backend
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

# |F(x) + F(y) − F(x + y) − F(0)| may be so much of the largest value: rounding of float32 over
# sums of thousands, far below what an activation of inputs of both signs makes of it.
ADDITIVITY_TOLERANCE = 1e-3
_SCALES = (0.1, 1.0, 10.0)
_SEED = 0


@dataclass(frozen=True, eq=False)
class Call:
    """One call of a layer, as it was met.

    Attributes:
        entry: the layer.
        treatment: what was done with it.
        input_shape: of its first input.
        output: the tensor it gave.
    """

    entry: LayerEntry
    treatment: Treatment
    input_shape: tuple[int | None, ...]
    output: Any


class ReplacedModel:
    """A model's units with its layers replaced.

    Args:
        model: any built model of one input.
        target: the layer whose units are wanted; None for the model's output.
        replace: False for the network as it is, but for the target's own activation.
    """

    def __init__(self, model: Any, target: LayerEntry | None, *, replace: bool = True) -> None:
        self._model = model
        self._target = target
        self._replace = replace
        self._calls: list[Call] = []
        self._found: Any = None
        self._end: NotLinearError | None = None
        entries = list_layers(model)
        parents = {id(entry.parent) for entry in entries}
        # What is known to end a composition ends it as a whole, whatever layers it holds.
        self._leaves = [
            entry
            for entry in entries
            if id(entry.layer) not in parents or (replace and is_known_to_end(entry.layer))
        ]

    @property
    def calls(self) -> Sequence[Call]:
        """The calls before the units, as the last run met them."""
        return self._calls

    def __call__(self, tensors: Sequence[Any]) -> Any:
        """The units' values for one input; raises `NotLinearError` at a layer that ends it."""
        self._calls, self._found, self._end = [], None, None
        replacements = [Replacement(entry.layer, self._around(entry)) for entry in self._leaves]
        try:
            with computing_in_float32([self._model]), intercept(calls=replacements):
                output = self._model(tensors[0], training=False)
        except Exception:
            # Keras makes errors of its own of those that come from within a layer.
            if self._end is not None:
                raise self._end from None
            raise
        found = output if self._target is None else self._found
        if found is None:
            raise NotLinearError("", "the model does not call it")
        if len(keras.tree.flatten(found)) != 1:
            raise NotLinearError("", "it has several outputs")
        return keras.tree.flatten(found)[0]

    def own_activation(self, output: Any) -> tuple[Call | None, str]:
        """The last layer of the model, and the activation that follows it.

        Args:
            output: what this function gave in the run that was the last.
        """
        name = ""
        for call in reversed(self._calls):
            if call.output is not output:
                break
            if call.treatment.kind not in ("pass", "replace"):
                return call, call.treatment.replaced or name
            name = call.treatment.replaced or name
        return None, name

    def _around(self, entry: LayerEntry) -> Around:
        def around(original: Callable[..., Any], args: tuple[Any, ...], kwargs: Any) -> Any:
            if self._found is not None:
                return original(*args, **kwargs)
            is_target = self._target is not None and entry.layer is self._target.layer
            output = self._run(entry, original, args, kwargs, is_target=is_target)
            if is_target:
                self._found = output
            return output

        return around

    def _run(
        self,
        entry: LayerEntry,
        original: Callable[..., Any],
        args: tuple[Any, ...],
        kwargs: dict[str, Any],
        *,
        is_target: bool,
    ) -> Any:
        treatment = treat_layer(entry.layer, without_activation=is_target)
        if not self._replace and not is_target:
            return original(*args, **kwargs)
        if self._replace and treatment.kind == "refuse":
            cause = f"ends at layer {entry.path!r} ({entry.layer_type}): {treatment.reason}"
            self._end = NotLinearError(entry.path, cause)
            raise self._end
        with ExitStack() as stack:
            if treatment.kind in ("pass", "replace"):
                output = _first(args, kwargs)
            elif treatment.kind == "average" and self._replace:
                output = average_in_place(entry.layer, _first(args, kwargs))
            else:
                stack.enter_context(intercept(activations=[Replacement(entry.layer, hand_on)]))
                output = original(*args, **kwargs)
        if is_target and has_activation(entry.layer):
            name = name_activation(entry.layer.activation) or "its activation"
            treatment = Treatment(treatment.kind, name)
        shape = tuple(getattr(_first(args, kwargs), "shape", ()))
        self._calls.append(Call(entry, treatment, shape, output))
        return output


def describe_calls(calls: Sequence[Call], last: Call | None) -> tuple[str, ...]:
    """Notes on what was replaced, but for the activation of the units' own layer.

    Args:
        calls: before the units, in order.
        last: the units' own layer.
    """
    kept = list(calls)
    if last is not None:
        kept = kept[: kept.index(last)]
    ignored = describe_replaced(call.treatment.replaced for call in kept if call.treatment.replaced)
    averaged = any(call.treatment.kind == "average" for call in calls)
    return ((ignored,) if ignored else ()) + ((MAX_POOLING_NOTE,) if averaged else ())


def certify(
    function: Callable[[Sequence[Any]], Any],
    spec: TensorSpec,
    variables: Sequence[Any],
    class_name: str,
) -> None:
    """Raises `NotLinearError` if a function is not linear, or mixes its samples.

    Tried for random inputs of three scales, to `ADDITIVITY_TOLERANCE` of the largest value.

    Args:
        function: from a list of one tensor to one tensor, samples first.
        spec: of the input, without the batch axis.
        variables: what it reads.
        class_name: of the model.
    """
    rng = np.random.default_rng(_SEED)
    shape = [int(size or 0) for size in spec.shape]
    batch = TensorSpec((4, *shape), spec.dtype)
    run = load_backend().compile(lambda tensors: [function(tensors)], [batch], variables)
    for scale in _SCALES:
        first, second = scale * rng.normal(size=(2, *shape)).astype(np.float32)
        zeros = np.zeros_like(first)
        (outputs,) = run([np.stack([first, second, first + second, zeros])])
        values = np.asarray(outputs, np.float64)
        size = np.abs(values).max()
        error = np.abs(values[0] + values[1] - values[2] - values[3]).max()
        (alone,) = run([np.stack([first, zeros, zeros, zeros])])
        mixed = np.abs(np.asarray(alone[0], np.float64) - values[0]).max()
        # A comparison that NaN fails.
        if not (error <= ADDITIVITY_TOLERANCE * size and mixed <= ADDITIVITY_TOLERANCE * size):
            raise NotLinearError("", f"{class_name}, a subclassed model, is not linear by trial")


def _first(args: tuple[Any, ...], kwargs: dict[str, Any]) -> Any:
    return args[0] if args else next(iter(kwargs.values()))
