"""Attributes that a model and its layers set when they are called are put back.

``self.steps += 1`` in a `call` is Python's doing, which no backend can undo. Knows Keras' layers;
knows nothing of what is done meanwhile.
"""

from __future__ import annotations

import functools
import types
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from typing import Any

import keras

from tb_nnviz.model.backends import load_backend
from tb_nnviz.model.interception import replacing_attributes
from tb_nnviz.model.layers import list_layers

_ABSENT = object()
_Container = list[Any] | dict[Any, Any] | set[Any]


@contextmanager
def untouched(holders: Iterable[Any]) -> Iterator[None]:
    """Whatever attributes calls set in this scope are put back at its end.

    Lists, dicts and sets get back what was in them. What Keras keeps of a layer, its weights and
    its layers stay. Methods that the user has compiled are called as they were written, where
    the backend does not see to that.

    Args:
        holders: models, layers or operations; their layers are theirs too.
    """
    every = {
        id(one): one
        for holder in holders
        if isinstance(holder, keras.layers.Layer)
        for one in (holder, *(entry.layer for entry in list_layers(holder)))
    }
    kept = [_Kept(layer) for layer in every.values()]
    try:
        with replacing_attributes() as replace:
            for layer in every.values():
                for name, function in _plain_functions(layer):
                    replace(layer, name, function)
            yield
    finally:
        for each in kept:
            each.put_back()


def _plain_functions(layer: Any) -> Iterator[tuple[str, Callable[..., Any]]]:
    """Methods and functions of a layer that are compiled, as they were written."""
    backend = load_backend()
    names = dict.fromkeys(name for kind in reversed(type(layer).__mro__) for name in vars(kind))
    for name in names:
        kind = next(kind for kind in type(layer).__mro__ if name in vars(kind))
        function = backend.plain_function(vars(kind)[name])
        if function is not None:
            yield name, types.MethodType(function, layer)
    for name, value in list(vars(layer).items()):
        function = backend.plain_function(value)
        if function is not None:
            yield name, function


class _Kept:
    """The attributes of one layer as they are now."""

    def __init__(self, layer: Any) -> None:
        self._attributes = vars(layer)
        self._values = {
            name: value for name, value in self._attributes.items() if not _is_of_keras(name, value)
        }
        self._contents = [
            (value, _copy(value))
            for value in self._values.values()
            if isinstance(value, (list, dict, set)) and not any(map(_is_tracked, _items(value)))
        ]

    def put_back(self) -> None:
        for name in [
            *self._values,
            *(name for name in self._attributes if name not in self._values),
        ]:
            before, now = self._values.get(name, _ABSENT), self._attributes.get(name, _ABSENT)
            if now is before or _is_of_keras(name, now):
                continue
            if before is _ABSENT:
                del self._attributes[name]
            else:
                self._attributes[name] = before
        for value, contents in self._contents:
            _refill(value, contents)


@functools.cache
def _names_of_keras() -> frozenset[str]:
    """Attributes that every layer has, and every model: Keras' own records of it."""
    return frozenset({*vars(keras.layers.Layer(name="any")), *vars(keras.Model(name="any"))})


def _is_of_keras(name: str, value: Any) -> bool:
    return name in _names_of_keras() or _is_tracked(value)


def _is_tracked(value: Any) -> bool:
    return isinstance(value, (keras.layers.Layer, keras.Variable, keras.random.SeedGenerator))


def _items(value: _Container) -> list[Any]:
    return list(value.values()) if isinstance(value, dict) else list(value)


def _copy(value: _Container) -> _Container:
    if isinstance(value, dict):
        return dict(value)
    return list(value) if isinstance(value, list) else set(value)


def _refill(value: _Container, contents: _Container) -> None:
    """Puts contents back, past what Keras does when its own kinds of lists are written to."""
    items, before = _items(value), _items(contents)
    same_keys = not isinstance(value, dict) or list(value) == list(contents)
    if same_keys and len(items) == len(before) and all(map(_is_same, items, before)):
        return
    if any(map(_is_tracked, items)):
        return
    if isinstance(value, list):
        list.__setitem__(value, slice(None), contents)
    elif isinstance(value, dict):
        dict.clear(value)
        dict.update(value, contents)
    else:
        set.clear(value)
        set.update(value, contents)


def _is_same(one: Any, other: Any) -> bool:
    return one is other
