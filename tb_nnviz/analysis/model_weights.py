"""Which weights of a model there are to log: shared by all analyses of weights.

Every variable is in the plan or in a notice that says why it is not.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from tb_nnviz.analysis.layer_notices import notice_layers
from tb_nnviz.model.input_pictures import map_nested_inputs
from tb_nnviz.model.layers import (
    LayerEntry,
    list_layers,
    own_random_states,
    own_variables,
    select_layers,
    whole_model,
)
from tb_nnviz.model.weight_families import has_weights_when_built
from tb_nnviz.model.weights import Weight, find_weights
from tb_nnviz.records import Notice, Source

# The view that notices about weights stand under: one, however many views show weights.
NOTICE_VIEW = "weights"


@dataclass(frozen=True)
class PlannedWeight:
    """A weight that is logged.

    Attributes:
        key: ``<canonical path of the layer>/<role>``; the role alone where the model itself
            holds the weight.
        weight: its layout, and how to read it.
        source: where it comes from.
    """

    key: str
    weight: Weight
    source: Source


def plan_weights(
    model: Any, layers: Sequence[str] | None
) -> tuple[tuple[PlannedWeight, ...], tuple[Notice, ...]]:
    """Every weight of a built model, in the order of its layers.

    Args:
        model: any Keras model that is built.
        layers: names or globs; None for all.

    Returns:
        The weights, each once however many layers share it, and notices about what cannot be
        shown: states of random generators, variables that hold no real numbers, layers without
        weights since nothing ever called them.

    Raises:
        ValueError: a name matches no layer.
    """
    entries = list_layers(model)
    chosen = select_layers(entries, layers)
    if layers is None:
        chosen = [*chosen, whole_model(model, entries)]
    outer_inputs = map_nested_inputs(model)
    planned: list[PlannedWeight] = []
    unreadable: list[Notice] = []
    seen: set[int] = set()
    for entry in chosen:
        for weight in find_weights(entry, outer_inputs):
            if id(weight.variable) in seen:
                continue
            seen.add(id(weight.variable))
            if weight.obstacle is None:
                planned.append(_plan(entry, weight))
            else:
                message = f"The weight {weight.role} is not shown: {weight.obstacle}."
                unreadable.append(Notice(NOTICE_VIEW, entry.path, message))
    notices = [*unreadable, *_notice_random_states(chosen), *_notice_unbuilt(chosen)]
    if not planned:
        what = "this model" if layers is None else f"layers={list(layers)!r}"
        notices.append(Notice(NOTICE_VIEW, "", f"There are no weights in {what}."))
    return tuple(planned), tuple(notices)


def _plan(entry: LayerEntry, weight: Weight) -> PlannedWeight:
    return PlannedWeight(
        key=f"{entry.path}/{weight.role}" if entry.path else weight.role,
        weight=weight,
        source=Source(
            variable_path=weight.path,
            layer_path=entry.path or None,
            layer_index=entry.index,
            layer_type=entry.layer_type,
            role=weight.role,
            variable_shape=weight.shape,
        ),
    )


def _notice_random_states(entries: Sequence[LayerEntry]) -> list[Notice]:
    """One notice for all of them, so that a deep network does not bury the others."""
    holders = [entry for entry in entries if own_random_states(entry.layer)]
    message = "States of random generators are not shown, since they say nothing of what is learnt"
    return [notice_layers(NOTICE_VIEW, message, holders)] if holders else []


def _notice_unbuilt(entries: Sequence[LayerEntry]) -> list[Notice]:
    unbuilt = [
        entry
        for entry in entries
        if not entry.layer.built
        and not own_variables(entry.layer)
        and has_weights_when_built(entry.layer)
    ]
    message = "Layers that the model never called have no weights to show"
    return [notice_layers(NOTICE_VIEW, message, unbuilt)] if unbuilt else []
