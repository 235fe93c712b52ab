"""The calls of a model whose code does not take symbolic tensors, such as one of TensorFlow's own.

The code is traced by the backend, and what a layer is given is followed back through whatever
operations lie between to the layers that it is made of; those operations have no names.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

import keras

from tb_nnviz.model.backends import TensorSpec, load_backend
from tb_nnviz.model.interception import Replacement, intercept
from tb_nnviz.model.layer_graph.calls import Call, Calls, Given, Value, unique
from tb_nnviz.model.layer_graph.functional_calls import free_batch
from tb_nnviz.model.layer_graph.symbolic_calls import at_inference
from tb_nnviz.model.untouched import untouched

_NOTE = "what lies between the layers has no names, since its code takes no symbolic tensors"
_INPUT = -1


def call_traced(holder: Any, given: Given, children: Sequence[Any]) -> Calls:
    """All calls of layers that the code of a model, or of a layer that holds others, makes.

    Args:
        holder: what is called.
        given: what it is called with.
        children: the layers that it holds.

    Raises:
        Exception: the code raises, or the backend does not say what a tensor is made of.
    """
    structure = (given.args, dict(given.kwargs or {}))
    symbols = [one for one in keras.tree.flatten(structure) if isinstance(one, keras.KerasTensor)]
    found: list[Calls] = []

    def run(tensors: Sequence[Any]) -> list[Any]:
        left = iter(tensors)
        args, kwargs = keras.tree.map_structure(
            lambda one: next(left) if isinstance(one, keras.KerasTensor) else one, structure
        )
        trace = _Trace(tensors, {symbol.shape[0] for symbol in symbols if symbol.shape})
        replacements = [Replacement(child, trace.noting(child)) for child in unique(children)]
        with untouched([holder]), intercept(calls=replacements):
            outputs = holder.call(*args, **{**kwargs, **at_inference(holder)})
        found.append(trace.read(outputs))
        return [tensors[0]]

    specs = [TensorSpec(tuple(one.shape), str(one.dtype)) for one in symbols]
    load_backend().compile(run, specs, holder.variables)
    return found[-1]


@dataclass
class _Trace:
    """One run of the code, while it is traced.

    Attributes:
        inputs: of the function that is traced.
        batch_sizes: lengths of their first axes.
        makers: for each tensor, by identity, which call made it, `_INPUT` for an input; and the
            tensor, to keep the identity its own.
    """

    inputs: Sequence[Any]
    batch_sizes: set[int | None]
    makers: dict[int, tuple[int, int, Any]] = field(default_factory=dict)
    calls: list[Call] = field(default_factory=list)
    depth: int = 0

    def __post_init__(self) -> None:
        for place, tensor in enumerate(self.inputs):
            self.makers[id(tensor)] = (_INPUT, place, tensor)

    def noting(self, layer: Any) -> Callable[..., Any]:
        def around(original: Callable[..., Any], args: Any, kwargs: Any) -> Any:
            if self.depth:
                return original(*args, **kwargs)
            given = keras.tree.flatten((args, kwargs))
            origins = self._origins(given)
            self.depth += 1
            try:
                result = original(*args, **kwargs)
            finally:
                self.depth -= 1
            # What does nothing hands on what it was given, which others may take too.
            taken = {*self.makers, *map(id, given)}
            result = keras.tree.map_structure(
                lambda one: _copy(one) if id(one) in taken else one, result
            )
            self._note(layer, args, kwargs, result, origins)
            return result

        return around

    def read(self, outputs: Any) -> Calls:
        origins = self._origins(keras.tree.flatten(outputs))
        made = unique(self.calls[place].operation for place, _ in origins if place != _INPUT)
        operations = unique(call.operation for call in self.calls)
        return Calls(tuple(self.calls), operations, made, notes=(_NOTE,))

    def _note(
        self,
        layer: Any,
        args: Any,
        kwargs: Mapping[str, Any],
        result: Any,
        origins: Sequence[tuple[int, int]],
    ) -> None:
        outputs = [one for one in keras.tree.flatten(result) if keras.ops.is_tensor(one)]
        for place, tensor in enumerate(outputs):
            self.makers[id(tensor)] = (len(self.calls), place, tensor)
        symbols = keras.tree.map_structure(_symbol, (args, dict(kwargs)))
        self.calls.append(
            Call(
                operation=layer,
                number=sum(call.operation is layer for call in self.calls),
                takes=tuple(self._values(origins)),
                takes_input=any(place == _INPUT for place, _ in origins),
                output_shapes=tuple(free_batch(one.shape, self.batch_sizes) for one in outputs),
                given=Given(*symbols),
            )
        )

    def _values(self, origins: Sequence[tuple[int, int]]) -> Iterator[Value]:
        for place, output in origins:
            if place != _INPUT:
                yield Value(self.calls[place].operation, self.calls[place].number, output)

    def _origins(self, tensors: Sequence[Any]) -> list[tuple[int, int]]:
        """Which calls and inputs tensors are made of: the nearest ones on every way back."""
        found: list[tuple[int, int]] = []
        for tensor in tensors:
            found += self._origins_of(tensor)
        return found

    def _origins_of(self, tensor: Any) -> list[tuple[int, int]]:
        backend, found = load_backend(), []
        waiting, seen = [tensor], {id(tensor)}
        while waiting:
            one = waiting.pop(0)
            maker = self.makers.get(id(one))
            if maker is not None:
                found.append(maker[:2])
                continue
            operands = backend.operands_of(one) if keras.ops.is_tensor(one) else ()
            if operands is None:
                raise ValueError("the backend does not say what a tensor is made of")
            fresh = [operand for operand in operands if id(operand) not in seen]
            seen.update(map(id, fresh))
            waiting += fresh
        return found


def _copy(value: Any) -> Any:
    """The same numbers as a tensor of their own; anything else as it is."""
    is_number = keras.ops.is_tensor(value) and (
        keras.backend.standardize_dtype(value.dtype) not in ("string", "bool")
    )
    return keras.ops.add(value, keras.ops.zeros((), value.dtype)) if is_number else value


def _symbol(value: Any) -> Any:
    is_tensor = keras.ops.is_tensor(value)
    return keras.KerasTensor(tuple(value.shape), dtype=value.dtype) if is_tensor else value
