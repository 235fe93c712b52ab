"""The graph of a functional or Sequential model as one list of steps, nested models opened.

Knows how Keras keeps its graphs; knows nothing of what an operation computes.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

import keras

from tb_nnviz.model.backends.isolation import isolate
from tb_nnviz.model.input_names import name_inputs
from tb_nnviz.model.layers import list_layers

Shape = tuple[int | None, ...]


@dataclass(frozen=True, eq=False)
class Step:
    """One call of an operation; values of the graph are numbered.

    Attributes:
        operation: a layer, or an operation of `keras.ops`.
        node: Keras' node of the call.
        bindings: for each tensor that the node knows, by identity: which value it is here.
        outputs: the values it makes.
        path: canonical path of the layer, or the name of the operation.
        index: place of the layer in the order of the model; None for an operation.
        call: how many calls of the same layer come before it.
    """

    operation: Any
    node: Any
    bindings: Mapping[int, int]
    outputs: tuple[int, ...]
    path: str
    index: int | None
    call: int

    @property
    def inputs(self) -> tuple[int, ...]:
        """The values it takes, in the order of its arguments."""
        return tuple(self.bindings[id(tensor)] for tensor in self.node.input_tensors)

    @property
    def operation_type(self) -> str:
        """Class name of the operation."""
        return type(self.operation).__name__

    @property
    def key(self) -> str:
        """Path, with ``#2`` for the second call of a layer and so on."""
        return f"{self.path}#{self.call + 1}" if self.call else self.path

    @property
    def is_layer(self) -> bool:
        """Whether the operation is a layer."""
        return isinstance(self.operation, keras.layers.Layer)


@dataclass(frozen=True, eq=False)
class Graph:
    """All steps of a model, each after those it depends on.

    Attributes:
        steps: in order.
        inputs: the values that are the model's inputs.
        input_names: see `tb_nnviz.model.input_names.name_inputs`.
        outputs: the values that are its outputs.
        shapes: of every value, with the batch axis.
        dtypes: of every value.
        makers: the step that makes a value.
    """

    steps: tuple[Step, ...]
    inputs: tuple[int, ...]
    input_names: tuple[str, ...]
    outputs: tuple[int, ...]
    shapes: Sequence[Shape]
    dtypes: Sequence[str]
    makers: Mapping[int, Step]

    def steps_before(self, step: Step) -> tuple[Step, ...]:
        """The steps that a step depends on, in order, and the step itself as the last."""
        needed, wanted = {id(step)}, list(step.inputs)
        while wanted:
            maker = self.makers.get(wanted.pop())
            if maker is not None and id(maker) not in needed:
                needed.add(id(maker))
                wanted.extend(maker.inputs)
        return tuple(one for one in self.steps if id(one) in needed)


def read_graph(model: Any) -> Graph | None:
    """The graph of a model; None for one without, such as a subclassed model."""
    functional = find_functional(model)
    if functional is None:
        return None
    entries = list_layers(model)
    builder = _Builder({id(entry.layer): (entry.path, entry.index) for entry in entries})
    inputs = tuple(builder.add_value(tensor) for tensor in functional.inputs)
    outputs = builder.open(functional, inputs)
    return Graph(
        steps=tuple(builder.steps),
        inputs=inputs,
        input_names=name_inputs(functional),
        outputs=outputs,
        shapes=builder.shapes,
        dtypes=builder.dtypes,
        makers={value: step for step in builder.steps for value in step.outputs},
    )


def find_functional(model: Any) -> Any:
    """What holds the graph of a model whose `call` is Keras' own; None where there is none."""
    call = getattr(type(model), "call", None)
    if not isinstance(model, keras.Model) or not (call and call.__module__.startswith("keras.")):
        return None
    functional = getattr(model, "_functional", None) or model
    return functional if getattr(functional, "_nodes_by_depth", None) is not None else None


@dataclass
class _Builder:
    """Numbers values and collects steps while graphs are opened into one another."""

    places: Mapping[int, tuple[str, int]]
    steps: list[Step] = field(default_factory=list)
    shapes: list[Shape] = field(default_factory=list)
    dtypes: list[str] = field(default_factory=list)
    calls: dict[int, int] = field(default_factory=dict)
    functions: dict[str, int] = field(default_factory=dict)

    def add_value(self, tensor: Any, shape: Shape | None = None) -> int:
        self.shapes.append(tuple(tensor.shape) if shape is None else shape)
        self.dtypes.append(str(keras.backend.standardize_dtype(tensor.dtype)))
        return len(self.shapes) - 1

    def open(self, functional: Any, inputs: Sequence[int]) -> tuple[int, ...]:
        """Adds the steps of a functional model that is called on values; returns its outputs."""
        values = {
            id(tensor): value for tensor, value in zip(functional.inputs, inputs, strict=True)
        }
        by_depth = functional._nodes_by_depth  # noqa: SLF001 - Keras has no public way
        for depth in sorted(by_depth, reverse=True):
            for node in by_depth[depth]:
                if not node.is_input:
                    made = self._add(node, values)
                    values.update(
                        {id(tensor): v for tensor, v in zip(node.output_tensors, made, strict=True)}
                    )
        return tuple(values[id(tensor)] for tensor in functional.outputs)

    def _add(self, node: Any, values: Mapping[int, int]) -> tuple[int, ...]:
        operation = node.operation
        bindings = {id(tensor): values[id(tensor)] for tensor in node.input_tensors}
        inner = find_functional(operation)
        if inner is not None and len(inner.inputs) == len(node.input_tensors):
            return self.open(inner, [bindings[id(tensor)] for tensor in node.input_tensors])
        shapes = self._output_shapes(node, bindings)
        outputs = tuple(
            self.add_value(tensor, shape)
            for tensor, shape in zip(node.output_tensors, shapes, strict=True)
        )
        path, index = self.places.get(id(operation)) or (self._name(operation), None)
        call = self.calls.get(id(operation), 0)
        self.calls[id(operation)] = call + 1
        self.steps.append(Step(operation, node, bindings, outputs, path, index, call))
        return outputs

    def _name(self, operation: Any) -> str:
        """A name for an operation that is no layer: Keras numbers these over the whole process."""
        stem = type(operation).__name__.lower()
        number = self.functions.get(stem, 0)
        self.functions[stem] = number + 1
        return f"{stem}_{number}" if number else stem

    def _output_shapes(self, node: Any, bindings: Mapping[int, int]) -> list[Shape]:
        """Shapes as they are here: a nested model may have left some open, or take others."""
        known = [tuple(tensor.shape) for tensor in node.output_tensors]
        same = all(
            tuple(tensor.shape) == self.shapes[bindings[id(tensor)]]
            for tensor in node.input_tensors
        )
        if same:
            return known
        with isolate():
            specs = {
                identity: keras.KerasTensor(self.shapes[value], self.dtypes[value])
                for identity, value in bindings.items()
            }
            args, kwargs = node.arguments.fill_in(specs)
            found = keras.tree.flatten(node.operation.compute_output_spec(*args, **kwargs))
        return [tuple(tensor.shape) for tensor in found]
