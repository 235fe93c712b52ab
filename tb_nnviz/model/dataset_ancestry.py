"""Whether reading one dataset would change what another yields next.

A dataset of ``tf.data`` that shuffles moves on to another order each time anybody begins to read
it, or any dataset made of it: ``d = d.shuffle(n); train, test = d.skip(k), d.take(k)``. Knows
datasets by what they are made of, without importing TensorFlow.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import keras

_DRAWING_OPERATIONS = ("Random", "Stateful", "PyFunc", "EagerPyFunc", "GeneratorDataset")
_SHUFFLING_TYPES = ("Shuffle", "Random", "Rejection")


def reads_from(source: Any, pipeline: Any) -> bool:
    """Whether a dataset is another one, or made of it.

    Args:
        source: any data: arrays never are.
        pipeline: any data too.
    """
    if not _is_dataset(source) or not _is_dataset(pipeline):
        return False
    return any(one is pipeline for one in _ancestry(source))


def moves_with(source: Any, pipeline: Any) -> bool:
    """Whether reading a dataset may change what another one yields.

    It does where both come from one that shuffles anew, or draws, each time it is read.

    Args:
        source: any data: arrays never do.
        pipeline: any data too.
    """
    if not _is_dataset(source) or not _is_dataset(pipeline):
        return False
    ancestors = {id(one) for one in _ancestry(pipeline)}
    return any(_draws(one) for one in _ancestry(source) if id(one) in ancestors)


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


def _draws(dataset: Any) -> bool:
    """Whether what a dataset yields depends on how often it has been read."""
    kind = type(dataset).__name__.lstrip("_")
    if kind.startswith(_SHUFFLING_TYPES):
        # One that shuffles once and for all is the right thing to split.
        return getattr(dataset, "_reshuffle_each_iteration", None) is not False
    functions = getattr(dataset, "_functions", None)
    return any(map(_function_draws, functions() if callable(functions) else ()))


def _function_draws(wrapper: Any) -> bool:
    graph = getattr(getattr(wrapper, "function", None), "graph", None)
    operations = graph.get_operations() if graph is not None else ()
    return any(operation.type.startswith(_DRAWING_OPERATIONS) for operation in operations)
