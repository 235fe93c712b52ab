"""Calling a model leaves no trace: not in its variables, random states or counters of names."""

from __future__ import annotations

import collections
import random
import sys
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from typing import Any

import keras
import numpy as np

_ABSENT = object()
# What exists while shapes are found out only: symbolic tensors, and the graphs they stand in.
_TENSOR_KINDS = ("keras_tensor", "scratch_graph")


@contextmanager
def isolate(values: Sequence[tuple[Any, Any]] | None = None) -> Iterator[None]:
    """Whatever models do in this scope is undone at its end, or does not happen.

    Updates of Keras variables (statistics, seeds, metrics) go nowhere, losses that layers add
    are not kept. Python's and NumPy's random states are put back, and so are Keras' counters
    of names and its global seed, which a layer may ask for when it is called.

    Args:
        values: pairs of a Keras variable and the tensor that stands for it; the others have
            their own values.
    """
    python_state, numpy_state = random.getstate(), np.random.get_state()  # noqa: NPY002
    keras_state = _KerasState()
    try:
        with keras.StatelessScope(state_mapping=values):
            yield
    finally:
        keras_state.put_back()
        random.setstate(python_state)
        np.random.set_state(numpy_state)  # noqa: NPY002


@contextmanager
def keep_tensor_names() -> Iterator[None]:
    """Tensors that are made in this scope do not count in Keras' names of tensors.

    Layers and variables do, since they stay.
    """
    names = _counters_of_names()
    before = {kind: names.get(kind) for kind in _TENSOR_KINDS}
    try:
        yield
    finally:
        for kind, count in before.items():
            if count is None:
                names.pop(kind, None)
            else:
                names[kind] = count


def _counters_of_names() -> Any:
    """How many names Keras has made up of each kind."""
    attributes = _global_attributes()
    return attributes.setdefault("object_name_uids", collections.defaultdict(int))


def _global_attributes() -> Any:
    module = sys.modules.get("keras.src.backend.common.global_state")
    return getattr(getattr(module, "GLOBAL_STATE_TRACKER", None), "__dict__", {})


class _KerasState:
    """What Keras counts and draws from in this thread, under private names."""

    def __init__(self) -> None:
        self._attributes = _global_attributes()
        names = self._attributes.get("object_name_uids")
        self._counters = None if names is None else dict(names)
        self._seed = self._attributes.get("global_seed_generator", _ABSENT)

    def put_back(self) -> None:
        names = self._attributes.get("object_name_uids")
        if names is not None:
            names.clear()
            names.update(self._counters or {})
        if self._seed is _ABSENT:
            self._attributes.pop("global_seed_generator", None)
