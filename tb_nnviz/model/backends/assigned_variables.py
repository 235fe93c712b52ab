"""TensorFlow variables of a model's own that a graph writes to, which Keras does not know of.

Keras' variables are not among them: they are not written to while a model is looked into.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from typing import Any

import tensorflow as tf

# What only reads the variable that it is given; any other operation may write.
_READING = {
    "ReadVariableOp",
    "VariableShape",
    "VarIsInitializedOp",
    "ResourceGather",
    "ResourceGatherNd",
    "Identity",
    "_ReadVariablesOp",
}


class AssignedVariables:
    """The variables that a traced function writes to whenever it is run.

    Args:
        graph: of the function.
    """

    def __init__(self, graph: Any) -> None:
        inner = _find_written(graph)
        handles = {
            id(outer)
            for outer, inside in graph.captures
            if inside.dtype == tf.resource and inside.name in inner
        }
        self._variables = [each for each in graph.variables if id(each.handle) in handles]

    @contextmanager
    def put_back(self) -> Iterator[None]:
        """Puts their values back at the end of the scope."""
        values = [tf.identity(variable) for variable in self._variables]
        try:
            yield
        finally:
            for variable, value in zip(self._variables, values, strict=True):
                variable.assign(value)


def _find_written(graph: Any) -> set[str]:
    """Names of the graph's own resource tensors that may be written to."""
    return {
        tensor.name
        for operation in graph.get_operations()
        if _writes(graph, operation)
        for tensor in operation.inputs
        if tensor.dtype == tf.resource
    }


def _writes(graph: Any, operation: Any) -> bool:
    if operation.type in _READING:
        return False
    bodies = list(_bodies(graph, operation))
    # A call, a branch or a loop: whatever it is given, if anything is written to within it.
    return not bodies or any(_find_written(body) for body in bodies)


def _bodies(graph: Any, operation: Any) -> Iterable[Any]:
    """The graphs of the functions that an operation calls."""
    for attribute in operation.node_def.attr.values():
        for name in [attribute.func.name, *(each.name for each in attribute.list.func)]:
            function = graph._get_function(name) if name else None  # noqa: SLF001
            body = getattr(function, "graph", None)
            if body is not None:
                yield body
