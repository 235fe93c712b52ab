"""The record of a model's layers and of what flows between them.

Knows what the record holds. Knows neither models nor files.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Literal

from tb_nnviz.records.moment import Moment
from tb_nnviz.records.source import Source

Category = Literal[
    "input",
    "dense",
    "convolution",
    "pooling",
    "normalization",
    "activation",
    "regularization",
    "reshaping",
    "merging",
    "recurrent",
    "attention",
    "embedding",
    "preprocessing",
    "model",
    "operation",
    "other",
]
Trainable = Literal["all", "some", "none"]


@dataclass(frozen=True)
class GraphNode:
    """A layer, a model inside the model, or an operation that is no layer.

    Attributes:
        path: canonical path, by which the other records name the layer; unique.
        name: as in the model.
        layer_type: class name.
        category: what kind of layer it is.
        output_shapes: of its outputs at the first call, None for an axis of any length; () where
            they are not known.
        num_parameters: numbers in all its weights, those of inner layers included.
        num_trainable: how many of them are trained: not those of frozen layers, nor statistics.
        trainable: whether ``all``, ``some`` or ``none`` of those are trained; None where it has
            no weights.
        dtype: that it computes in, or None where it has none.
        activation: name of the activation that is part of it, or None where there is none.
        num_calls: how often the model calls it.
        parent: path of the model that it is inside of; None for the outermost.
        layer_index: place of the layer in the order of the model, from 0; None for operations.
        inputs: of a model, the paths of the inner nodes that take its inputs.
        outputs: of a model, the paths of the inner nodes that give its outputs.
    """

    path: str
    name: str
    layer_type: str
    category: Category
    output_shapes: tuple[tuple[int | None, ...], ...] = ()
    num_parameters: int = 0
    num_trainable: int = 0
    trainable: Trainable | None = None
    dtype: str | None = None
    activation: str | None = None
    num_calls: int = 1
    parent: str | None = None
    layer_index: int | None = None
    inputs: tuple[str, ...] = ()
    outputs: tuple[str, ...] = ()


@dataclass(frozen=True)
class GraphEdge:
    """What one call of a node gives to one call of another.

    Attributes:
        source: path of the node that gives it.
        target: path of the node that takes it.
        source_call: which call of the source, from 0.
        source_output: which of its outputs, from 0.
        target_call: which call of the target, from 0.
    """

    source: str
    target: str
    source_call: int = 0
    source_output: int = 0
    target_call: int = 0


@dataclass(frozen=True)
class Graph:
    """A model as nodes and edges.

    Edges join nodes of one model: what goes into a model inside the model ends at it, and goes on
    inside it from its ``inputs``.

    Attributes:
        nodes: in the order of the model; a model comes before what is inside it.
        edges: in the order of the calls that take them.
        inputs: paths of the outermost nodes that take the model's inputs.
        outputs: paths of the outermost nodes that give its outputs.
        notes: what a reader must know.
        source: where it comes from.
        moment: when it was taken; set on records that were read from a log.
        ordinal: 1 for the first record of its tag; set likewise.
    """

    nodes: tuple[GraphNode, ...]
    edges: tuple[GraphEdge, ...] = ()
    inputs: tuple[str, ...] = ()
    outputs: tuple[str, ...] = ()
    notes: tuple[str, ...] = ()
    source: Source = field(default_factory=Source)
    moment: Moment | None = None
    ordinal: int | None = None

    def node(self, path: str) -> GraphNode:
        """The node of a path.

        Raises:
            ValueError: there is none.
        """
        for found in self.nodes:
            if found.path == path:
                return found
        raise ValueError(
            f"The graph has no node {path!r}; it has {[node.path for node in self.nodes]}."
        )
