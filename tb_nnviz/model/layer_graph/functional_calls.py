"""The calls of a functional or Sequential model, as the graph that Keras keeps of it has them.

Calls are counted as `get_config` counts them: those of other models that share a layer do not
count. Knows how Keras keeps its graphs; knows nothing of models inside the model.
"""

from __future__ import annotations

from typing import Any

from tb_nnviz.model.layer_graph.calls import Call, Calls, Given, Shape, Value, unique


def read_functional_calls(functional: Any) -> Calls:
    """All calls of a model.

    Args:
        functional: what holds the graph, see `tb_nnviz.model.linear.graph.find_functional`.
    """
    by_depth = functional._nodes_by_depth  # noqa: SLF001 - Keras has no public way
    nodes = [node for depth in sorted(by_depth, reverse=True) for node in by_depth[depth]]
    numbers = _number_calls(functional, nodes)
    batch_sizes = {tensor.shape[0] for tensor in functional.inputs if tensor.shape}
    is_input = {id(tensor) for tensor in functional.inputs}
    calls = tuple(
        Call(
            operation=node.operation,
            number=numbers[id(node)],
            takes=tuple(_value_of(tensor, numbers) for tensor in node.input_tensors),
            takes_input=any(id(tensor) in is_input for tensor in node.output_tensors),
            output_shapes=tuple(
                free_batch(tensor.shape, batch_sizes) for tensor in node.output_tensors
            ),
            given=Given(node.arguments.args, node.arguments.kwargs),
        )
        for node in nodes
    )
    return Calls(
        calls,
        operations=tuple(functional.operations),
        outputs=unique(_history(tensor)[0] for tensor in functional.outputs),
        has_names=True,
    )


def free_batch(shape: Any, batch_sizes: set[int | None]) -> Shape:
    """A shape with None for the axis over samples, also where the model has a fixed number."""
    sizes: Shape = tuple(shape)
    return (None, *sizes[1:]) if sizes and sizes[0] in batch_sizes else sizes


def _number_calls(functional: Any, nodes: list[Any]) -> dict[int, int]:
    """For each node, by identity, how many calls of the same operation the model makes before."""
    own = {id(node) for node in nodes}
    return {
        id(node): number
        for operation in functional.operations
        for number, node in enumerate(
            node
            for node in operation._inbound_nodes  # noqa: SLF001
            if id(node) in own
        )
    }


def _value_of(tensor: Any, numbers: dict[int, int]) -> Value:
    operation, node_index, output = _history(tensor)
    node = operation._inbound_nodes[node_index]  # noqa: SLF001
    return Value(operation, numbers[id(node)], output)


def _history(tensor: Any) -> Any:
    return tensor._keras_history  # noqa: SLF001
