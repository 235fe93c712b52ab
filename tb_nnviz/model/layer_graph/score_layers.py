"""Which Dense layer gives a model's scores, and which hidden Dense layer it takes them from.

Walks back through the graph of a model from its outputs, into models inside the model and out of
them, past what acts on each unit alone; knows no values.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import keras

from tb_nnviz.model.layer_graph.layer_graph import LayerGraph, LayerNode, read_layer_graph
from tb_nnviz.model.layers import quantization_mode
from tb_nnviz.model.linear.affine_chain import roles_between
from tb_nnviz.model.linear.operations import (
    name_activation,
    name_replaced_function,
    treat_layer,
)


@dataclass(frozen=True, eq=False)
class ScoreLayer:
    """A hidden Dense layer, and the Dense layer that makes scores of what it gives.

    Attributes:
        hidden: the layer whose units are weighted.
        scores: the layer whose kernel weights them.
        between: layers on the way that scale or move what they are given, in order, each with
            the shape of its input without the batch axis.
        activation: what notes call that which is applied to the scores; "" for nothing.
        output: the place of the output.
        num_outputs: how many outputs the model has.
    """

    hidden: LayerNode
    scores: LayerNode
    between: tuple[tuple[LayerNode, tuple[int, ...]], ...]
    activation: str
    output: int
    num_outputs: int

    @property
    def weights(self) -> tuple[tuple[Any, int | None, str], ...]:
        """The layers whose weights decide, their places, and the weights' names; kernel first."""
        scores = (self.scores.operation, self.scores.index, "kernel")
        others = (
            (node.operation, node.index, role)
            for node, _ in self.between
            for role in roles_between(node.operation) or ()
        )
        return (scores, *others)


def find_score_layers(model: Any, samples: Any = None) -> list[ScoreLayer]:
    """The pairs of layers, in the order of the model's outputs; [] where there are none.

    Args:
        model: any built model.
        samples: see `tb_nnviz.model.layer_graph.read_layer_graph`.
    """
    graph = read_layer_graph(model, samples)
    if not graph.is_complete:  # what lies between two layers may be anything
        return []
    walker = _Walker(graph)
    found = (
        _find(walker, path, place, len(graph.outputs)) for place, path in enumerate(graph.outputs)
    )
    return [one for one in found if one is not None]


def _find(walker: _Walker, path: str, place: int, num_outputs: int) -> ScoreLayer | None:
    scores, activation = None, ""
    between: list[tuple[LayerNode, tuple[int, ...]]] = []
    for node, source in walker.walk_back(path):
        if isinstance(node.operation, keras.layers.Dense) and scores is not None:
            is_whole = _units_of(scores) == (node.operation.units, scores.operation.units)
            return (
                ScoreLayer(node, scores, tuple(between[::-1]), activation, place, num_outputs)
                if is_whole
                else None
            )
        if scores is None and _is_plain_dense(node.operation):
            scores = node
            activation = activation or name_activation(node.operation.activation) or ""
            continue
        replaced = _is_replaced(node.operation)
        if replaced is not None:
            activation = activation if scores is not None or activation else replaced
            continue
        shape = _shape_of(source)
        if scores is None or shape is None or roles_between(node.operation) is None:
            return None
        between.append((node, shape))
    return None


class _Walker:
    """Goes back from a node to the one that gives it all that it takes."""

    def __init__(self, graph: LayerGraph) -> None:
        self._nodes = {node.path: node for node in graph.nodes}
        self._sources: dict[str, list[tuple[str, int]]] = {}
        for one in graph.connections:
            self._sources.setdefault(one.target, []).append((one.source, one.source_output))

    def walk_back(self, path: str) -> Iterator[tuple[LayerNode, LayerNode | None]]:
        """Nodes that hold no others, each with the one before it, as far as there is one way."""
        node = self._inmost(self._nodes[path])
        while node is not None and node.num_calls == 1:
            before = self._before(node)
            yield node, before
            node = before

    def _inmost(self, node: LayerNode) -> LayerNode | None:
        """What gives the output of a model inside the model; None where it is not one node."""
        while node.outputs:
            if len(node.outputs) != 1 or node.num_calls != 1:
                return None
            node = self._nodes[node.outputs[0]]
        return node

    def _before(self, node: LayerNode) -> LayerNode | None:
        sources = self._sources.get(node.path, [])
        parent = None if node.parent is None else self._nodes[node.parent]
        takes_input = parent is not None and node.path in parent.inputs
        if not sources and takes_input and parent is not None and len(parent.inputs) == 1:
            return self._before(parent) if parent.num_calls == 1 else None
        if len(sources) != 1 or sources[0][1] != 0:
            return None
        is_input = isinstance(node.operation, keras.layers.InputLayer)
        return None if takes_input and not is_input else self._inmost(self._nodes[sources[0][0]])


def _is_plain_dense(operation: Any) -> bool:
    is_dense = isinstance(operation, keras.layers.Dense) and quantization_mode(operation) is None
    return is_dense and treat_layer(operation, without_activation=True).kind == "run"


def _is_replaced(operation: Any) -> str | None:
    """What notes call an operation that the identity stands in for; "" for one that does nothing.

    None for any other operation.
    """
    if not isinstance(operation, keras.layers.Layer):
        return name_replaced_function(operation)
    if isinstance(operation, keras.layers.InputLayer):
        return ""
    treatment = treat_layer(operation)
    return treatment.replaced if treatment.kind in ("pass", "replace") else None


def _units_of(scores: LayerNode) -> tuple[int, ...]:
    return tuple(int(length) for length in scores.operation.kernel.shape)


def _shape_of(node: LayerNode | None) -> tuple[int, ...] | None:
    """Shape of what a node gives without the batch axis; None where it is not fixed."""
    if node is None or len(node.output_shapes) != 1:
        return None
    sizes = node.output_shapes[0][1:]
    known = tuple(size for size in sizes if size is not None)
    return known if len(known) == len(sizes) else None
