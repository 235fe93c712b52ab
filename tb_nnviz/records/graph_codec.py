"""Header fields of a graph, and back; see ``record_schema.json``. A graph has no payloads.

Parsing trusts nothing: an edge to no node is a corrupt record, not a picture.
"""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import asdict
from typing import Any, get_args

from tb_nnviz.records.errors import RecordError
from tb_nnviz.records.fields import (
    optional_count,
    optional_text,
    require,
    require_count,
    require_one_of,
    strings,
)
from tb_nnviz.records.graph import Category, Graph, GraphEdge, GraphNode, Trainable
from tb_nnviz.records.moment import Moment
from tb_nnviz.records.source import Source


def graph_fields(record: Graph) -> dict[str, Any]:
    """The fields of a record's header that only graphs have, and its kind."""
    return {
        "kind": "graph",
        "nodes": [asdict(node) for node in record.nodes],
        "edges": [asdict(edge) for edge in record.edges],
        "inputs": list(record.inputs),
        "outputs": list(record.outputs),
        "notes": list(record.notes),
        "source": record.source.to_json(),
    }


def decode_graph(header: dict[str, Any], moment: Moment, ordinal: int) -> Graph:
    """The graph of a header; raises `RecordError` naming what is wrong."""
    nodes = tuple(_parse_node(item) for item in require(header, "nodes", list))
    paths = {node.path for node in nodes}
    if len(paths) < len(nodes):
        raise RecordError("field 'nodes' has two nodes of one path")
    for node in nodes:
        inner = (*node.inputs, *node.outputs)
        _require_known(paths, inner if node.parent is None else (node.parent, *inner), "nodes")
    edges = tuple(_parse_edge(item) for item in require(header, "edges", list))
    _require_known(paths, [path for edge in edges for path in (edge.source, edge.target)], "edges")
    inputs, outputs = strings(header, "inputs"), strings(header, "outputs")
    _require_known(paths, inputs, "inputs")
    _require_known(paths, outputs, "outputs")
    return Graph(
        nodes=nodes,
        edges=edges,
        inputs=inputs,
        outputs=outputs,
        notes=strings(header, "notes"),
        source=Source.from_json(require(header, "source", dict)),
        moment=moment,
        ordinal=ordinal,
    )


def _parse_node(item: Any) -> GraphNode:
    if not isinstance(item, dict):
        raise RecordError(f"field 'nodes' holds {item!r}, not an object")
    trainable = item.get("trainable")
    try:
        return GraphNode(
            path=require(item, "path", str),
            name=require(item, "name", str),
            layer_type=require(item, "layer_type", str),
            category=require_one_of(item, "category", get_args(Category)),
            output_shapes=tuple(_parse_shape(one) for one in require(item, "output_shapes", list)),
            num_parameters=require_count(item, "num_parameters"),
            num_trainable=require_count(item, "num_trainable"),
            trainable=(
                None
                if trainable is None
                else require_one_of(item, "trainable", get_args(Trainable))
            ),
            dtype=optional_text(item, "dtype"),
            activation=optional_text(item, "activation"),
            num_calls=require_count(item, "num_calls"),
            parent=optional_text(item, "parent"),
            layer_index=optional_count(item, "layer_index"),
            inputs=strings(item, "inputs"),
            outputs=strings(item, "outputs"),
        )
    except RecordError as error:
        raise RecordError(f"field 'nodes' is malformed: {error}") from error


def _parse_shape(item: Any) -> tuple[int | None, ...]:
    is_shape = isinstance(item, list) and all(
        length is None or (type(length) is int and length >= 0) for length in item
    )
    if not is_shape:
        raise RecordError(f"field 'output_shapes' holds {item!r}, not a list of lengths")
    return tuple(item)


def _parse_edge(item: Any) -> GraphEdge:
    if not isinstance(item, dict):
        raise RecordError(f"field 'edges' holds {item!r}, not an object")
    try:
        return GraphEdge(
            source=require(item, "source", str),
            target=require(item, "target", str),
            source_call=require_count(item, "source_call"),
            source_output=require_count(item, "source_output"),
            target_call=require_count(item, "target_call"),
        )
    except RecordError as error:
        raise RecordError(f"field 'edges' is malformed: {error}") from error


def _require_known(paths: Collection[str], named: Collection[str], field: str) -> None:
    for path in named:
        if path not in paths:
            raise RecordError(f"field {field!r} names {path!r}, which is no node")
