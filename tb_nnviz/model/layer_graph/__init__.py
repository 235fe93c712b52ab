"""The layers of a model and what flows between them, read from its graph or from its calls."""

from tb_nnviz.model.layer_graph.layer_facts import LayerFacts, describe_layer
from tb_nnviz.model.layer_graph.layer_graph import (
    Connection,
    LayerGraph,
    LayerNode,
    read_layer_graph,
)

__all__ = [
    "Connection",
    "LayerFacts",
    "LayerGraph",
    "LayerNode",
    "describe_layer",
    "read_layer_graph",
]
