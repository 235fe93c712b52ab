"""Which layers of a model have templates: the units of each, or why it has none.

Joins the graph, the paths in it and models without one; computes nothing.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any

import keras

from tb_nnviz.model.building import first_words, is_built
from tb_nnviz.model.layers import LayerEntry, list_layers, named_layers, select_layers
from tb_nnviz.model.linear.graph import Graph, Step, find_functional, read_graph
from tb_nnviz.model.linear.path import (
    NotLinearError,
    activation_after,
    explain,
    find_output_steps,
    trace_units,
)
from tb_nnviz.model.linear.units import LinearUnits, units_of_path, variables_of
from tb_nnviz.model.linear.without_graph import units_by_running

__all__ = [
    "Candidate",
    "LinearUnits",
    "NotLinearError",
    "explain",
    "find_candidates",
    "find_units",
]

_DENSE = ("Dense", "EinsumDense")
_CONVOLUTIONS = tuple(
    f"{name}{rank}D{transpose}"
    for name in ("Conv", "DepthwiseConv", "SeparableConv")
    for rank in (1, 2, 3)
    for transpose in ("", "Transpose")
)


@dataclass(frozen=True, eq=False)
class Candidate:
    """A layer that may have templates.

    Attributes:
        key: canonical path of the layer, with ``#2`` for its second call.
        units: its units; None where there is no template.
        cause: why not, in words that follow "the composition".
        is_secondary: whether it comes after Dense layers and those that give scores.
    """

    key: str
    units: LinearUnits | None
    cause: str = ""
    is_secondary: bool = False


def find_units(
    model: Any,
    layer: str | None = None,
    *,
    replace: bool = True,
    input_shape: tuple[int, ...] | None = None,
) -> LinearUnits:
    """The units of one layer.

    Args:
        model: any built model.
        layer: name or canonical path, with ``#2`` for its second call; None for what gives the
            model's scores.
        replace: False for the network as it is, but for the units' own activation.
        input_shape: of one sample, for a subclassed model that does not know it.

    Raises:
        ValueError: the model is not built, has several outputs, or no such layer.
        NotLinearError: there is no template.
    """
    if not is_built(model):
        raise ValueError(
            "The `model` has no weights yet, so that there is nothing to compose. Add an Input to "
            "it, call model.build, or call it on a sample."
        )
    graph = read_graph(model)
    if graph is None:
        entry = None if layer is None else _one_layer(model, layer)
        return units_by_running(model, entry, input_shape, replace=replace)
    if layer is None:
        steps = find_output_steps(graph)
        if len(steps) != 1:
            names = ", ".join(repr(step.key) for step in steps) or "none"
            raise ValueError(
                f"The `layer` argument must name a layer, for the model's scores come from "
                f"{len(steps)}: {names}."
            )
        return _units_of_step(graph, steps[0], model, replace=replace)
    return _units_of_step(graph, _named_step(model, graph, layer), model, replace=replace)


def find_candidates(
    model: Any,
    layers: Sequence[str] | None,
    *,
    replace: bool = True,
    input_shape: tuple[int, ...] | None = None,
) -> list[Candidate]:
    """The layers that templates are wanted for.

    Args:
        model: any built model.
        layers: names or globs; None for layers that give scores, Dense layers, and then
            convolutions, in this order. Of a nested model that is named, such layers too.
        replace: see `find_units`.
        input_shape: see `find_units`.

    Raises:
        ValueError: a name matches no layer.
    """
    entries = list_layers(model)
    graph = read_graph(model)
    chosen = _choose(entries, layers)
    if graph is None:
        return _candidates_by_running(model, chosen, layers, input_shape, replace=replace)
    outputs = find_output_steps(graph)
    held = set() if layers is None else {id(e.layer) for e in select_layers(entries, layers)}
    wanted = [step for step in outputs if layers is None or id(step.operation) in held]
    steps_by_layer: dict[int, list[Step]] = {}
    for step in graph.steps:
        steps_by_layer.setdefault(id(step.operation), []).append(step)
    found = [
        candidate
        for candidate in (_candidate(graph, step, model, replace=replace) for step in wanted)
        # What depends on no weights never changes and says nothing of what is learnt.
        if layers is not None or candidate.units is None or variables_of(candidate.units)
    ]
    for entry in chosen:
        steps = steps_by_layer.get(id(entry.layer), [])
        found += [
            _candidate(graph, step, model, replace=replace) for step in steps if step not in wanted
        ]
        if not steps:
            found.append(Candidate(entry.path, None, _why_not_called(entry, entries)))
    return _in_order(found)


def _candidate(graph: Graph, step: Step, model: Any, *, replace: bool) -> Candidate:
    is_secondary = step.operation_type not in _DENSE and step not in find_output_steps(graph)
    try:
        units = _units_of_step(graph, step, model, replace=replace)
    except Exception as error:  # noqa: BLE001 - a layer that breaks spares the others
        return Candidate(step.key, None, _cause_of(error), is_secondary)
    return Candidate(step.key, units, "", is_secondary)


def _units_of_step(graph: Graph, step: Step, model: Any, *, replace: bool = True) -> LinearUnits:
    path = trace_units(graph, step, replace=replace)
    return units_of_path(
        path,
        model.variables,
        gives_scores=step in find_output_steps(graph),
        after=activation_after(graph, step),
    )


def _candidates_by_running(
    model: Any,
    chosen: Sequence[LayerEntry],
    layers: Sequence[str] | None,
    input_shape: tuple[int, ...] | None,
    *,
    replace: bool,
) -> list[Candidate]:
    targets: list[LayerEntry | None] = [*([None] if layers is None else []), *chosen]
    found: list[Candidate] = []
    for target in targets:
        key = target.path if target else type(model).__name__
        try:
            units = units_by_running(model, target, input_shape, replace=replace)
        except Exception as error:  # noqa: BLE001 - a layer that breaks spares the others
            found.append(Candidate(key, None, _cause_of(error)))
            continue
        if any(one.key == units.key for one in found):
            continue
        is_secondary = units.layer_type not in _DENSE and not units.gives_scores
        found.append(Candidate(units.key, units, "", is_secondary))
    return _in_order(found)


def _cause_of(error: Exception) -> str:
    if isinstance(error, NotLinearError):
        return error.cause
    return f"the way to it cannot be run ({first_words(error)})"


def _in_order(candidates: Iterable[Candidate]) -> list[Candidate]:
    return sorted(candidates, key=lambda one: one.is_secondary)


def _choose(entries: Sequence[LayerEntry], patterns: Sequence[str] | None) -> list[LayerEntry]:
    """Layers that patterns name, and the usual ones of those that they hold, or of the model."""
    named = [] if patterns is None else named_layers(entries, patterns)
    indices = {
        entry.index
        for entry in named
        if not isinstance(entry.layer, keras.layers.InputLayer)
        and find_functional(entry.layer) is None
    }
    return [
        entry
        for entry in select_layers(entries, patterns)
        if entry.index in indices or entry.layer_type in (*_DENSE, *_CONVOLUTIONS)
    ]


def _why_not_called(entry: LayerEntry, entries: Sequence[LayerEntry]) -> str:
    if find_functional(entry.layer) is not None:
        return f"layer {entry.path!r} is a model of its own: name one of its layers"
    holder = next((one for one in entries if one.layer is entry.parent), None)
    if holder is None or find_functional(holder.layer) is not None:
        return "the model does not call it"
    return f"it is inside layer {holder.path!r} ({holder.layer_type}), which is not looked into"


def _one_layer(model: Any, layer: str) -> LayerEntry:
    return select_layers(list_layers(model), [layer])[0]


def _named_step(model: Any, graph: Graph, layer: str) -> Step:
    name, _, call = layer.partition("#")
    found = [step for step in graph.steps if step.path == name]
    if not found:
        entries = list_layers(model)
        entry = select_layers(entries, [name])[0]
        found = [step for step in graph.steps if step.operation is entry.layer]
        if not found:
            raise NotLinearError(entry.path, _why_not_called(entry, entries))
    place = int(call) - 1 if call.isdigit() else 0
    if not 0 <= place < len(found):
        raise ValueError(
            f"The `layer` argument asks for call {call} of layer {name!r}; the model calls it "
            f"{len(found)} times."
        )
    return found[place]
