"""The layers of a model, through nested models and wrappers, and choosing among them."""

from __future__ import annotations

import difflib
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from fnmatch import fnmatchcase
from typing import Any

import keras

from tb_nnviz.model.paths import canonical_names


@dataclass(frozen=True)
class LayerEntry:
    """One layer in its place.

    Attributes:
        layer: the Keras layer.
        path: canonical path, such as ``encoder/conv2d_1``.
        keras_path: the same with Keras' own names.
        index: place in the order of the model, from 0.
        parent: the model or layer that holds it.
    """

    layer: Any
    path: str
    keras_path: str
    index: int
    parent: Any

    @property
    def layer_type(self) -> str:
        """Class name of the layer."""
        return type(self.layer).__name__


def list_layers(model: Any) -> list[LayerEntry]:
    """Every layer of a model once, depth first in the order of the model.

    A layer used in several places stands where it comes first. The model itself, whose
    name is left out of the paths, is not in the list.
    """
    entries: list[LayerEntry] = []
    _collect(model, "", "", {id(model)}, entries)
    return entries


def whole_model(model: Any, entries: Sequence[LayerEntry]) -> LayerEntry:
    """The model itself as an entry after all its layers, for weights it holds beside them."""
    return LayerEntry(model, "", "", len(entries), None)


def select_layers(
    entries: Sequence[LayerEntry], patterns: Sequence[str] | None
) -> list[LayerEntry]:
    """The layers that patterns name, in the order of the model.

    Args:
        entries: all layers.
        patterns: canonical paths, Keras' own names, or globs of either (``conv*``,
            ``encoder/*``). What is the canonical path of one layer names that one, even where
            Keras calls another so. A nested model stands for all its layers. None selects
            everything.

    Raises:
        ValueError: a pattern matches no layer.
    """
    if patterns is None:
        return list(entries)
    named = named_layers(entries, patterns)
    return [entry for entry in entries if any(_holds(one, entry) for one in named)]


def named_layers(entries: Sequence[LayerEntry], patterns: Sequence[str]) -> list[LayerEntry]:
    """The layers that patterns name themselves, not those that such a layer holds.

    Args:
        entries: all layers.
        patterns: see `select_layers`.

    Raises:
        ValueError: a pattern matches no layer.
    """
    named: set[int] = set()
    for pattern in patterns:
        exact = [entry for entry in entries if entry.path == pattern]
        matches = exact or [entry for entry in entries if _matches(entry, pattern)]
        if not matches:
            raise ValueError(_unknown_layer(pattern, entries))
        # A glob such as ``encoder*`` matches a nested model and, as well, all that it holds.
        held = {
            id(one)
            for match in matches
            for one in matches
            if one is not match
            if _holds(match, one)
        }
        named.update(match.index for match in matches if id(match) not in held)
    return [entry for entry in entries if entry.index in named]


def check_layers(model: Any, patterns: Sequence[str] | None) -> None:
    """Raises `ValueError` if a pattern matches no layer of a model.

    The layers of a subclassed model that is not built may not be there yet, and say nothing.
    """
    if bool(model.built) or isinstance(model, keras.Sequential):
        entries = list_layers(model)
        if entries:
            select_layers(entries, patterns)


def check_layer_patterns(layers: object) -> tuple[str, ...] | None:
    """The `layers` argument as a tuple of patterns, or None for all layers."""
    if layers is None:
        return None
    if isinstance(layers, str):
        return (layers,)
    # The keys of a dict may be names, but not what its values are for.
    if isinstance(layers, Mapping):
        raise TypeError(_layers_argument(layers))
    if not isinstance(layers, Iterable) or not (patterns := tuple(layers)):
        raise TypeError(_layers_argument(layers))
    if not all(isinstance(pattern, str) and pattern for pattern in patterns):
        raise TypeError(_layers_argument(layers))
    return patterns


def own_variables(layer: Any) -> list[Any]:
    """The variables of a layer itself: not its sublayers', no state of random generators."""
    return [variable for variable in _own_variables(layer) if not _is_random_state(variable)]


def own_random_states(layer: Any) -> list[Any]:
    """The states of the random generators that a layer itself has, such as a Dropout's."""
    return [variable for variable in _own_variables(layer) if _is_random_state(variable)]


def quantization_mode(layer: Any) -> str | None:
    """How a layer is quantized, such as ``int8``; None where it is not."""
    # Early versions of Keras have it in the policy alone.
    policy = getattr(layer, "dtype_policy", None)
    for holder in (layer, policy):
        mode = getattr(holder, "quantization_mode", None)
        if mode is not None:
            return str(mode)
    return None


def _own_variables(layer: Any) -> list[Any]:
    inner = {id(variable) for child in _children(layer) for variable in child.variables}
    return [variable for variable in layer.variables if id(variable) not in inner]


def _is_random_state(variable: Any) -> bool:
    return bool(variable.path.endswith("seed_generator_state"))


def _collect(
    holder: Any, path: str, keras_path: str, seen: set[int], entries: list[LayerEntry]
) -> None:
    children = [child for child in _children(holder) if id(child) not in seen]
    names = canonical_names(
        [child.name for child in children], [type(child).__name__ for child in children]
    )
    for child, name in zip(children, names, strict=True):
        if id(child) in seen:
            continue
        seen.add(id(child))
        child_path = f"{path}{name}"
        child_keras_path = f"{keras_path}{child.name}"
        entries.append(LayerEntry(child, child_path, child_keras_path, len(entries), holder))
        _collect(child, f"{child_path}/", f"{child_keras_path}/", seen, entries)


def _children(holder: Any) -> list[Any]:
    if isinstance(holder, keras.Model):
        return list(holder.layers)
    # Wrappers and custom layers: Keras tracks the layers they hold, under a private name.
    tracked = getattr(holder, "_layers", None) or []
    children = [child for child in tracked if isinstance(child, keras.layers.Layer)]
    if isinstance(holder, keras.layers.Bidirectional):
        # Early versions of Keras keep the layer it was made of beside the two copies they use.
        template = getattr(holder, "layer", None)
        used = (holder.forward_layer, holder.backward_layer)
        children = [child for child in children if child is not template or child in used]
    return children


def _holds(holder: LayerEntry, entry: LayerEntry) -> bool:
    """Whether a layer is another one, or in it."""
    return entry is holder or entry.path.startswith(holder.path + "/")


def _matches(entry: LayerEntry, pattern: str) -> bool:
    names = (entry.layer.name, entry.path, entry.keras_path)
    return any(name == pattern or fnmatchcase(name, pattern) for name in names)


def _unknown_layer(pattern: str, entries: Sequence[LayerEntry]) -> str:
    paths = [entry.path for entry in entries]
    close = difflib.get_close_matches(pattern, paths, n=3)
    hint = f" Did you mean {' or '.join(repr(path) for path in close)}?" if close else ""
    shown = ", ".join(paths[:20]) + (f", … ({len(paths)} in all)" if len(paths) > 20 else "")  # noqa: PLR2004
    return (
        f"The `layers` argument names {pattern!r}, which matches no layer.{hint} "
        f"The layers are: {shown or 'none'}."
    )


def _layers_argument(layers: object) -> str:
    return (
        "The `layers` argument must be None (all layers), a name or glob such as 'conv*', or a "
        f"list of them; got {layers!r}."
    )
