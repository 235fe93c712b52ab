"""Which layers of a model have templates: the units of each, or why it has none.

Joins the graph, the paths in it and models without one; computes nothing.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from functools import partial
from typing import Any

import keras

from tb_nnviz.model.building import is_built
from tb_nnviz.model.error_text import first_words
from tb_nnviz.model.layers import LayerEntry, list_layers, named_layers, select_layers
from tb_nnviz.model.linear.graph import Graph, Step, find_functional, read_graph
from tb_nnviz.model.linear.named_calls import (
    check_model,
    named_step,
    no_such_call,
    one_layer,
    split_call,
    why_not_called,
)
from tb_nnviz.model.linear.path import (
    NotLinearError,
    activation_after,
    explain,
    find_output_steps,
    trace_units,
)
from tb_nnviz.model.linear.units import LinearUnits, units_of_path, variables_of
from tb_nnviz.model.linear.without_graph import RunningModel

__all__ = [
    "Candidate",
    "LinearUnits",
    "NotLinearError",
    "check_model",
    "explain",
    "find_candidates",
    "find_units",
    "refuse_not_linear",
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
        return _find_by_running(model, layer, input_shape, replace=replace)
    if layer is None:
        steps = list(find_output_steps(graph))
        if len(steps) != 1:
            names = ", ".join(repr(step.key) for step in steps) or "none"
            raise ValueError(
                f"The `layer` argument must name a layer, for the model's scores come from "
                f"{len(steps)}: {names}."
            )
        return _units_of_step(graph, steps[0], model, replace=replace)
    return _units_of_step(graph, named_step(model, graph, layer), model, replace=replace)


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
            found.append(Candidate(entry.path, None, why_not_called(entry, entries)))
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
        outputs=find_output_steps(graph).get(step, ()),
        after=activation_after(graph, step),
    )


def refuse_not_linear(candidates: Sequence[Candidate], samples: Any = None) -> list[Candidate]:
    """Those of some candidates that are not linear, as candidates without units.

    Only a model without a graph needs a trial; one is made for all of its candidates at once.

    Args:
        candidates: with units, as `find_candidates` gives them for one model.
        samples: an array of the model's input, or None.
    """
    tried = [one for one in candidates if one.units is not None and one.units.model is not None]
    units = [one.units for one in tried if one.units is not None]
    if not units or units[0].model is None:
        return []
    errors = units[0].model.refuse_not_linear(units, samples)
    return [
        Candidate(one.key, None, error.cause, one.is_secondary)
        for one, error in zip(tried, errors, strict=True)
        if error is not None
    ]


def _find_by_running(
    model: Any, layer: str | None, input_shape: tuple[int, ...] | None, *, replace: bool
) -> LinearUnits:
    running = RunningModel(model, input_shape, replace=replace)
    if layer is None:
        units = running.units_of_output()
    else:
        name, number = split_call(layer)
        entry = one_layer(model, name)
        count = running.count_calls(entry.layer)
        if number >= max(1, count) and running.end is None:
            raise ValueError(no_such_call(number, name, count))
        units = running.units_of_layer(entry.layer, number)
    (error,) = running.refuse_not_linear([units])
    if error is not None:
        raise error
    return units


def _candidates_by_running(
    model: Any,
    chosen: Sequence[LayerEntry],
    layers: Sequence[str] | None,
    input_shape: tuple[int, ...] | None,
    *,
    replace: bool,
) -> list[Candidate]:
    try:
        running = RunningModel(model, input_shape, replace=replace)
    except Exception as error:  # noqa: BLE001 - a model that breaks is told, not raised
        return [Candidate(type(model).__name__, None, _cause_of(error))]
    wanted: list[tuple[str, Callable[[], LinearUnits]]] = []
    if layers is None:
        wanted.append((type(model).__name__, running.units_of_output))
    for entry in chosen:
        for number in range(max(1, running.count_calls(entry.layer))):
            key = f"{entry.path}#{number + 1}" if number else entry.path
            wanted.append((key, partial(running.units_of_layer, entry.layer, number)))
    found: list[Candidate] = []
    for key, make in wanted:
        try:
            units = make()
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
