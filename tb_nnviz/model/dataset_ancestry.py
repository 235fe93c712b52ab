"""Whether reading one dataset would change what another yields next.

A dataset of ``tf.data`` that shuffles moves on to another order each time anybody begins to read
it, or any dataset made of it: ``d = d.shuffle(n); train, test = d.skip(k), d.take(k)``. Knows
datasets by what they are made of, without importing TensorFlow.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any, Literal

import keras

# What of a common origin moves when it is read.
Cause = Literal["shuffle", "draw", "function"]

_CALLING_OPERATIONS = ("PyFunc", "EagerPyFunc", "GeneratorDataset")
_DRAWING_OPERATIONS = (
    "Random",
    "Stateful",
    "Multinomial",
    "Parameterized",
    "RngReadAndSkip",
    "NonDeterministic",
    # A generator that counts its draws in a variable, as Keras' layers do.
    "Assign",
)
# Calls of further functions, which are looked into.
_NOT_DRAWING = ("StatefulPartitionedCall",)
_SHUFFLING_TYPES = ("Shuffle", "Random", "Rejection")
_CACHING_TYPES = ("Cache",)


def reads_from(source: Any, pipeline: Any) -> bool:
    """Whether a dataset is another one, or made of it.

    Args:
        source: any data: arrays never are.
        pipeline: any data too.
    """
    if not _is_dataset(source) or not _is_dataset(pipeline):
        return False
    return any(one is pipeline for one in _ancestry(source))


def moves_with(source: Any, pipeline: Any) -> Cause | None:
    """Why reading a dataset may change what another one yields; None where it does not.

    It may where both come from one that shuffles anew, or draws, each time it is read, or that
    runs a Python function, which may have a state.

    Args:
        source: any data: arrays never do.
        pipeline: any data too.
    """
    if not _is_dataset(source) or not _is_dataset(pipeline):
        return None
    ancestors = {id(one) for one in _ancestry(pipeline)}
    causes = {_cause(one) for one in _ancestry(source) if id(one) in ancestors}
    order: tuple[Cause, ...] = ("shuffle", "draw", "function")
    return next((cause for cause in order if cause in causes), None)


def keeps_order_of_first_reader(dataset: Any) -> bool:
    """Whether a dataset has a cache, which whoever reads it first fills, or leaves half filled."""
    return any(_kind(one).startswith(_CACHING_TYPES) for one in _ancestry(dataset))


def python_functions(data: Any) -> Iterator[Callable[..., Any]]:
    """The user's functions that are run when a dataset of ``tf.data`` is read.

    Args:
        data: any data: arrays have none.
    """
    if not callable(getattr(data, "_inputs", None)):
        return
    for one in _ancestry(data):
        for wrapper in _wrappers(one):
            yield from filter(callable, (getattr(wrapper, "_func", None),))
            for graph in _graphs(wrapper):
                for called in getattr(graph, "_py_funcs_used_in_graph", ()):
                    # TensorFlow may have it in an object of its own.
                    yield getattr(called, "_func", called)


def _is_dataset(data: Any) -> bool:
    return isinstance(data, keras.utils.PyDataset) or callable(getattr(data, "_inputs", None))


def _ancestry(dataset: Any) -> Iterator[Any]:
    """A dataset and all that it is made of, each once."""
    waiting, seen = [dataset], set()
    while waiting:
        one = waiting.pop()
        if id(one) in seen:
            continue
        seen.add(id(one))
        yield one
        inputs = getattr(one, "_inputs", None)
        waiting.extend(inputs() if callable(inputs) else ())


def _cause(dataset: Any) -> Cause | None:
    """Why what a dataset yields may depend on how often it has been read."""
    # One that shuffles once and for all is the right thing to split.
    is_once = getattr(dataset, "_reshuffle_each_iteration", None) is False
    if _kind(dataset).startswith(_SHUFFLING_TYPES):
        return None if is_once else "shuffle"
    operations = {one for wrapper in _wrappers(dataset) for one in _operations(wrapper)}
    if any(one.startswith(_CALLING_OPERATIONS) for one in operations):
        return "function"
    draws = (
        one.startswith(_DRAWING_OPERATIONS) and not one.startswith(_NOT_DRAWING)
        for one in operations
    )
    return "draw" if any(draws) else None


def _kind(dataset: Any) -> str:
    return type(dataset).__name__.lstrip("_")


def _wrappers(dataset: Any) -> tuple[Any, ...]:
    functions = getattr(dataset, "_functions", None)
    return tuple(functions()) if callable(functions) else ()


def _operations(wrapper: Any) -> Iterator[str]:
    """The kinds of operations of a function, and of all that it calls."""
    for graph in _graphs(wrapper):
        yield from (operation.type for operation in graph.get_operations())
        for function in graph.as_graph_def().library.function:
            yield from (node.op for node in function.node_def)


def _graphs(wrapper: Any) -> tuple[Any, ...]:
    graph = getattr(getattr(wrapper, "function", None), "graph", None)
    return () if graph is None else (graph,)
