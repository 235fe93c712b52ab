"""The graph of a model: its layers as nodes, by their canonical paths, and models inside models.

Joins what each model inside the model calls; knows no records.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field
from functools import partial
from typing import Any

from tb_nnviz.model.batch_size import find_fixed_batch_size
from tb_nnviz.model.error_text import first_words
from tb_nnviz.model.layer_graph.calls import Call, Calls, Given, Shape, unique
from tb_nnviz.model.layer_graph.categories import holds_layers
from tb_nnviz.model.layer_graph.functional_calls import read_functional_calls
from tb_nnviz.model.layer_graph.given_inputs import list_given, vary_batch
from tb_nnviz.model.layer_graph.symbolic_calls import call_symbolically
from tb_nnviz.model.layer_graph.traced_calls import call_traced
from tb_nnviz.model.layers import LayerEntry, list_layers
from tb_nnviz.model.linear.graph import find_functional
from tb_nnviz.model.paths import canonical_names


@dataclass(frozen=True, eq=False)
class LayerNode:
    """A layer, a model inside the model, or an operation that is no layer, in its place.

    Attributes:
        operation: the layer or operation.
        path: canonical path of the layer, else one of its own; unique.
        name: as in the model.
        index: place of the layer in the order of the model; None for what is not in that order.
        parent: path of what holds it; None for the outermost.
        output_shapes: at the first call; () where they are not known.
        num_calls: how often what holds it calls it.
        inputs: paths of the inner nodes that take its inputs.
        outputs: paths of the inner nodes that give its outputs.
    """

    operation: Any
    path: str
    name: str
    index: int | None
    parent: str | None
    output_shapes: tuple[Shape, ...]
    num_calls: int
    inputs: tuple[str, ...] = ()
    outputs: tuple[str, ...] = ()


@dataclass(frozen=True)
class Connection:
    """What one call gives to another: paths of the nodes, and which call and output, from 0."""

    source: str
    target: str
    source_call: int
    source_output: int
    target_call: int


@dataclass(frozen=True, eq=False)
class LayerGraph:
    """A model as nodes and connections.

    Attributes:
        nodes: in the order of the model; a model comes before what is inside it.
        connections: in the order of the calls that take them.
        inputs: paths of the outermost nodes that take the model's inputs.
        outputs: paths of the outermost nodes that give its outputs.
        notes: what a reader must know, in sentences.
        is_complete: whether all operations between layers are nodes.
    """

    nodes: tuple[LayerNode, ...]
    connections: tuple[Connection, ...]
    inputs: tuple[str, ...]
    outputs: tuple[str, ...]
    notes: tuple[str, ...]
    is_complete: bool


def read_layer_graph(model: Any, samples: Any = None) -> LayerGraph:
    """The graph of a built model; nothing of the model changes.

    Args:
        model: any built model.
        samples: an array, or a list, tuple or dict of arrays, as the model takes them; or None.
            Their shapes and types tell what a subclassed model takes.
    """
    builder = _Builder(list_layers(model))
    inputs, outputs = builder.open(model, "", None, list_given(model, samples))
    return LayerGraph(
        tuple(node for node in builder.nodes if node is not None),
        tuple(builder.connections),
        inputs,
        outputs,
        tuple(dict.fromkeys(builder.notes)),
        builder.is_complete,
    )


@dataclass(frozen=True)
class _Place:
    """Where a node stands; ``entry`` is the layer's own place in the model, None elsewhere."""

    path: str
    name: str
    parent: str | None
    entry: LayerEntry | None


@dataclass
class _Builder:
    """Collects nodes and connections while models are opened one by one."""

    entries: Sequence[LayerEntry]
    nodes: list[LayerNode | None] = field(default_factory=list)
    connections: list[Connection] = field(default_factory=list)
    notes: list[str] = field(default_factory=list)
    is_complete: bool = True

    def __post_init__(self) -> None:
        self._places = {id(entry.layer): entry.path for entry in self.entries}

    def open(
        self, holder: Any, path: str, parent: str | None, given: Iterable[Given]
    ) -> tuple[tuple[str, ...], tuple[str, ...]]:
        """Adds what a model holds; returns the paths of its inputs' and outputs' nodes."""
        own = [entry for entry in self.entries if entry.parent is holder]
        calls = self._read_calls(holder, path, [entry.layer for entry in own], given)
        uncalled = [entry.layer for entry in own]
        operations = unique([*calls.operations, *uncalled])
        paths = self._name(operations, own, f"{path}/" if path else "")
        places = {id(entry.layer): entry for entry in own}
        by_operation: dict[int, list[Call]] = {}
        for call in calls.calls:
            by_operation.setdefault(id(call.operation), []).append(call)
        for operation in operations:
            made = sorted(by_operation.get(id(operation), []), key=lambda call: call.number)
            node_path = paths[id(operation)]
            has_name = calls.has_names or id(operation) in self._places
            name = operation.name if has_name else node_path.rpartition("/")[2]
            place = _Place(node_path, name, parent, places.get(id(operation)))
            self._add(operation, place, made)
        for call in calls.calls:
            self.connections += [
                Connection(
                    paths[id(value.operation)],
                    paths[id(call.operation)],
                    value.call,
                    value.output,
                    call.number,
                )
                for value in call.takes
            ]
        return (
            tuple(paths[id(one)] for one in calls.inputs),
            tuple(paths[id(one)] for one in calls.outputs),
        )

    def _add(self, operation: Any, place: _Place, calls: Sequence[Call]) -> None:
        position = len(self.nodes)
        self.nodes.append(None)  # it comes before what is inside it
        inputs: tuple[str, ...] = ()
        outputs: tuple[str, ...] = ()
        if place.entry is not None and holds_layers(operation):
            known = [call.given for call in calls[:1] if call.given is not None]
            given = vary_batch(known, find_fixed_batch_size(operation))
            path = place.path
            inputs, outputs = self.open(operation, path, path, given or list_given(operation))
        self.nodes[position] = LayerNode(
            operation=operation,
            path=place.path,
            name=place.name,
            index=None if place.entry is None else place.entry.index,
            parent=place.parent,
            output_shapes=calls[0].output_shapes if calls else (),
            num_calls=len(calls),
            inputs=inputs,
            outputs=outputs,
        )

    def _name(
        self, operations: Sequence[Any], own: Sequence[LayerEntry], prefix: str
    ) -> dict[int, str]:
        """The path of each operation by identity: that of a layer is the one all records use."""
        paths = {id(entry.layer): entry.path for entry in own}
        taken = set(paths.values())
        others = [one for one in operations if id(one) not in paths]
        kinds = [type(one).__name__ for one in others]
        for one, name in zip(
            others, canonical_names([one.name for one in others], kinds), strict=True
        ):
            path, number = f"{prefix}{name}", 0
            while path in taken:
                number += 1
                path = f"{prefix}{name}_{number}"
            taken.add(path)
            paths[id(one)] = path
            if id(one) in self._places:
                first = self._places[id(one)]
                self.notes.append(
                    f"{path!r} is the layer {first!r}, which stands where it comes first."
                )
        return paths

    def _read_calls(
        self, holder: Any, path: str, children: Sequence[Any], given: Iterable[Given]
    ) -> Calls:
        functional = find_functional(holder)
        if functional is not None:
            return read_functional_calls(functional)
        found, cause = _try(
            partial(read, holder, one, children)
            for options in [list(given)]
            for read in (call_symbolically, call_traced)
            for one in options
        )
        whose = repr(path) if path else "the model"
        if found is None:
            self.notes.append(
                f"What the layers of {whose} give to one another is not known: {cause}."
            )
            self.is_complete = False
            return Calls()
        self.is_complete = self.is_complete and not found.notes
        self.notes += [f"In {whose}, {note}." for note in found.notes]
        return found


def _try(ways: Iterable[Callable[[], Calls]]) -> tuple[Calls | None, str]:
    """What the first way gives that raises nothing; else None, and why the first one raised."""
    causes = []
    for way in ways:
        try:
            return way(), ""
        except Exception as error:  # noqa: BLE001 - the code of a model may raise anything
            causes.append(first_words(error).rstrip(".") or type(error).__name__)
    return None, causes[0] if causes else "the shapes of its inputs are not known"
