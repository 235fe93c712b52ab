"""The calls of a model that keeps no graph: its code is run once, on shapes alone.

Symbolic tensors know which call made them, as they do where a functional model is put together,
so that whatever Keras does between layers has a name. Nothing is computed but what the code
computes of no input, such as the embedding of positions, and nothing of the model changes.
"""

from __future__ import annotations

import inspect
import warnings
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any

import keras

from tb_nnviz.model.backends import call_plainly
from tb_nnviz.model.backends.isolation import isolate
from tb_nnviz.model.interception import replacing_attributes, wrap_function
from tb_nnviz.model.layer_graph.calls import Call, Calls, Given, Value, unique
from tb_nnviz.model.layer_graph.functional_calls import free_batch
from tb_nnviz.model.layer_graph.given_inputs import refresh
from tb_nnviz.model.layers import list_layers
from tb_nnviz.model.untouched import untouched


def call_symbolically(holder: Any, given: Given, children: Sequence[Any]) -> Calls:
    """All calls that the code of a model, or of a layer that holds others, makes.

    Args:
        holder: what is called.
        given: what it is called with.
        children: the layers that it holds.

    Raises:
        Exception: whatever the code raises that does not take symbolic tensors.
    """
    everything = [holder, *(entry.layer for entry in list_layers(holder))]
    pass_ = _Pass({id(one): len(_nodes(one)) for one in everything})
    with (
        isolate(),
        call_plainly(),
        untouched([holder]),
        warnings.catch_warnings(),
        _without_nodes(everything),
        replacing_attributes() as replace,
    ):
        warnings.simplefilter("ignore")  # training says it too
        for child in unique(children):
            replace(child, "symbolic_call", wrap_function(child.symbolic_call, pass_.noting(child)))
            replace(child, "call", wrap_function(child.call, pass_.noting_eager(child)))
        fresh = refresh(given)
        kwargs = {**(fresh.kwargs or {}), **at_inference(holder)}
        outputs = keras.tree.flatten(holder.call(*fresh.args, **kwargs))
        return pass_.read([one for one in outputs if one is not None], fresh)


def at_inference(holder: Any) -> dict[str, bool]:
    """The arguments by which a `call` is told that it is no training."""
    accepted = inspect.signature(holder.call).parameters
    return {"training": False} if "training" in accepted else {}


@contextmanager
def _without_nodes(everything: Iterable[Any]) -> Iterator[None]:
    """What Keras notes of calls at the layers, for graphs that they may be part of, is undone."""
    lists = [
        (nodes, len(nodes))
        for one in everything
        for nodes in (one._inbound_nodes, one._outbound_nodes)  # noqa: SLF001
    ]
    try:
        yield
    finally:
        for nodes, length in lists:
            del nodes[length:]


@dataclass
class _Pass:
    """One run of the code, while it is under way.

    Attributes:
        nodes_before: for each layer, by identity, how many calls Keras knew of before.
        layers: the layer of each call, in order.
        eager: outputs of calls on tensors that are no symbols, by identity, with the tensor, to
            keep the identity its own.
        depth: how many calls of layers are under way.
    """

    nodes_before: dict[int, int]
    layers: list[tuple[Any, Any]] = field(default_factory=list)
    eager: dict[int, tuple[Value, Any]] = field(default_factory=dict)
    depth: int = 0

    def noting(self, layer: Any) -> Callable[..., Any]:
        def around(original: Callable[..., Any], args: Any, kwargs: Any) -> Any:
            if not self.depth:
                self.layers.append((layer, None))
            self.depth += 1
            try:
                return original(*args, **kwargs)
            finally:
                self.depth -= 1

        return around

    def noting_eager(self, layer: Any) -> Callable[..., Any]:
        def around(original: Callable[..., Any], args: Any, kwargs: Any) -> Any:
            if self.depth:
                return original(*args, **kwargs)
            self.depth += 1
            try:
                result = original(*args, **kwargs)
            finally:
                self.depth -= 1
            number = sum(one is layer for one, _ in self.layers)
            outputs = keras.tree.flatten(result)
            takes = tuple(
                self.eager[id(one)][0]
                for one in keras.tree.flatten((args, kwargs))
                if id(one) in self.eager
            )
            shapes = tuple(tuple(one.shape) for one in outputs if hasattr(one, "shape"))
            call = Call(layer, number, takes, takes_input=False, output_shapes=shapes, given=None)
            self.layers.append((layer, call))
            for place, one in enumerate(outputs):
                self.eager[id(one)] = (Value(layer, number, place), one)
            return result

        return around

    def read(self, outputs: Sequence[Any], fresh: Given) -> Calls:
        """All calls, those of operations before the first that needs them."""
        reader = _Reader(self, _batch_sizes(fresh))
        reader.number_layers()
        for layer, call in self.layers:
            reader.add_layer(layer, call)
        values = [reader.value_of(tensor) for tensor in outputs]
        made = unique(value.operation for value in values if value is not None)
        operations = unique(call.operation for call in reader.calls)
        return Calls(tuple(reader.calls), operations, made)


class _Reader:
    """Makes calls of the nodes that Keras has noted."""

    def __init__(self, run: _Pass, batch_sizes: set[int | None]) -> None:
        self.calls: list[Call] = []
        self._run = run
        self._batch_sizes = batch_sizes
        self._numbers: dict[int, int] = {}
        self._pending: dict[int, list[Any]] = {}
        self._added: set[int] = set()

    def number_layers(self) -> None:
        """Finds the node of each symbolic call: a layer's calls and its nodes have one order."""
        for layer in unique(layer for layer, _ in self._run.layers):
            nodes = iter(_nodes(layer)[self._run.nodes_before[id(layer)] :])
            calls = [call for one, call in self._run.layers if one is layer]
            self._pending[id(layer)] = []
            for number, call in enumerate(calls):
                if call is None:
                    node = next(nodes)
                    self._numbers[id(node)] = number
                    self._pending[id(layer)].append(node)

    def add_layer(self, layer: Any, call: Call | None) -> None:
        if call is None:
            self._add(self._pending[id(layer)].pop(0))
        else:
            self.calls.append(call)

    def value_of(self, tensor: Any) -> Value | None:
        """What made a tensor; None for an input, and for what is of no call."""
        if not isinstance(tensor, keras.KerasTensor):
            return self._run.eager.get(id(tensor), (None, None))[0]
        operation, place, output = getattr(tensor, "_keras_history", (None, 0, 0))
        if operation is None:
            return None
        node = _nodes(operation)[place]
        self._add(node)
        return Value(operation, self._numbers[id(node)], output)

    def _add(self, node: Any) -> None:
        """Adds the call of a node after those that it depends on."""
        waiting = [node]
        while waiting:
            last = waiting[-1]
            missing = [one for one in _makers(last) if id(one) not in self._added]
            if id(last) not in self._added and missing:
                waiting += missing
                continue
            waiting.pop()
            if id(last) not in self._added:
                self._append(last)

    def _append(self, node: Any) -> None:
        self._added.add(id(node))
        operation = node.operation
        if id(node) not in self._numbers:  # of an operation, or of a layer that others hold
            before = self._run.nodes_before.get(id(operation), 0)
            self._numbers[id(node)] = _nodes(operation).index(node) - before
        given = keras.tree.flatten((node.arguments.args, node.arguments.kwargs))
        tensors = [one for one in given if one is not None]
        takes = [self.value_of(tensor) for tensor in tensors]
        self.calls.append(
            Call(
                operation=operation,
                number=self._numbers[id(node)],
                takes=tuple(value for value in takes if value is not None),
                takes_input=any(_is_input(tensor) for tensor in tensors),
                output_shapes=tuple(
                    free_batch(tensor.shape, self._batch_sizes) for tensor in node.output_tensors
                ),
                given=Given(node.arguments.args, node.arguments.kwargs),
            )
        )


def _makers(node: Any) -> list[Any]:
    histories = [getattr(one, "_keras_history", None) for one in node.input_tensors]
    return [
        _nodes(history.operation)[history.node_index]
        for history in histories
        if history is not None and history.operation is not None
    ]


def _is_input(tensor: Any) -> bool:
    history = getattr(tensor, "_keras_history", None)
    return isinstance(tensor, keras.KerasTensor) and (history is None or history.operation is None)


def _batch_sizes(given: Given) -> set[int | None]:
    tensors = keras.tree.flatten((given.args, dict(given.kwargs or {})))
    return {one.shape[0] for one in tensors if isinstance(one, keras.KerasTensor) and one.shape}


def _nodes(operation: Any) -> list[Any]:
    nodes: list[Any] = operation._inbound_nodes  # noqa: SLF001 - Keras has no public way
    return nodes
