"""Running the user's own code without moving the random generators that it draws from.

A generator is found where user code usually has it: as an attribute of the dataset, two levels
deep (in lists, dicts and objects), in what a function closes over or names of its module, and in
the Python functions of a ``tf.data`` pipeline. Any other state of that code, such as a counter,
an open file or an iterator that is read on, is nobody's to put back.
"""

from __future__ import annotations

import random
from collections.abc import Callable, Iterator, Mapping
from contextlib import ExitStack, contextmanager
from itertools import islice
from types import FunctionType, MethodType, ModuleType
from typing import Any

import keras
import numpy as np

from tb_nnviz.model.dataset_ancestry import python_functions

# An attribute of an attribute, and from a function what it closes over.
_MAX_DEPTH = 2
# No list of generators is as long as one of file names may be.
_MAX_MEMBERS = 256
_WITHOUT_MEMBERS = (
    str,
    bytes,
    int,
    float,
    complex,
    type,
    type(None),
    np.ndarray,
    np.generic,
    ModuleType,
    keras.Variable,
)


@contextmanager
def random_states_kept(*sources: Any) -> Iterator[None]:
    """Puts back, at its end, the random generators that reading some data may draw from.

    Those of Python and NumPy for all, and those of `random.Random`, `numpy.random.Generator`,
    `numpy.random.RandomState` and `keras.random.SeedGenerator` that are found in the sources.

    Args:
        sources: datasets, arrays or tuples of such; what is none of the user's has none.
    """
    with ExitStack() as undone:
        undone.callback(random.setstate, random.getstate())
        undone.callback(np.random.set_state, np.random.get_state())  # noqa: NPY002
        for generator in _find_generators(sources):
            undone.callback(_keep(generator))
        yield


def _find_generators(sources: tuple[Any, ...]) -> list[Any]:
    found: dict[int, Any] = {}
    depth_of: dict[int, int] = {}
    waiting: list[tuple[Any, int]] = []
    for source in sources:
        parts = source if isinstance(source, tuple) else (source,)
        for part in parts:
            waiting.append((part, 0))
            waiting.extend((function, 0) for function in python_functions(part))
    kept_alive = []  # or the identity of what is made on the way may be that of something else
    while waiting:
        one, depth = waiting.pop()
        if isinstance(one, _WITHOUT_MEMBERS):
            continue
        if depth_of.get(id(one), _MAX_DEPTH + 1) <= depth:
            continue
        depth_of[id(one)] = depth
        kept_alive.append(one)
        if _is_generator(one):
            found[id(one)] = one
        elif isinstance(one, (FunctionType, MethodType)):
            # A function is no level of its own: it may be wrapped any number of times.
            waiting.extend((member, depth) for member in _reached_by(one))
        elif depth < _MAX_DEPTH or isinstance(one, (Mapping, list, tuple, set)):
            step = 0 if isinstance(one, (Mapping, list, tuple, set)) else 1
            waiting.extend((member, depth + step) for member in _members(one))
    return list(found.values())


def _is_generator(one: Any) -> bool:
    kinds = (
        np.random.Generator,
        np.random.BitGenerator,
        np.random.RandomState,
        keras.random.SeedGenerator,
    )
    is_pythons = isinstance(one, random.Random) and not isinstance(one, random.SystemRandom)
    return is_pythons or isinstance(one, kinds)


def _keep(generator: Any) -> Callable[[], None]:
    """What puts a generator back to where it is now."""
    if isinstance(generator, keras.random.SeedGenerator):
        seed = np.array(keras.ops.convert_to_numpy(generator.state))
        return lambda: generator.state.assign(seed)
    if isinstance(generator, random.Random):
        state = generator.getstate()
        return lambda: generator.setstate(state)
    if isinstance(generator, np.random.RandomState):
        words = generator.get_state()
        return lambda: generator.set_state(words)
    bits = getattr(generator, "bit_generator", generator)
    position = bits.state

    def put_back() -> None:
        bits.state = position

    return put_back


def _reached_by(function: Any) -> Iterator[Any]:
    if isinstance(function, MethodType):
        yield function.__self__
        function = function.__func__
    if not isinstance(function, FunctionType):
        return
    for cell in function.__closure__ or ():
        try:
            yield cell.cell_contents
        except ValueError:  # nothing is in it yet
            continue
    yield from function.__defaults__ or ()
    yield from (function.__kwdefaults__ or {}).values()
    # Of a module only what may be drawn from: it names far more than that.
    for name in function.__code__.co_names:
        named = function.__globals__.get(name)
        is_drawn_from = _is_generator(named) or isinstance(named, keras.layers.Layer)
        if is_drawn_from or _is_of_same_module(named, function):
            yield named


def _is_of_same_module(named: Any, function: FunctionType) -> bool:
    return isinstance(named, FunctionType) and named.__module__ == function.__module__


def _members(one: Any) -> Iterator[Any]:
    if isinstance(one, Mapping):
        yield from islice(one.values(), _MAX_MEMBERS)
        return
    if isinstance(one, (list, tuple, set)):
        yield from islice(one, _MAX_MEMBERS)
        return
    yield from islice(getattr(one, "__dict__", {}).values(), _MAX_MEMBERS)
    # What a PyDataset does is said by its methods, which may draw from generators of a module.
    if isinstance(one, keras.utils.PyDataset):
        yield from (getattr(one, name) for name in ("__getitem__",))
