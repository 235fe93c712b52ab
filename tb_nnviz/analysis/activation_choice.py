"""Which layers' outputs are worth a place on the screen, and notices about the others.

What is left out of its own accord shows nothing that another layer does not show; layers that
the user names are always shown where they can be.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from tb_nnviz.analysis.layer_notices import notice_layers
from tb_nnviz.model.activation_layouts import passes_values_on
from tb_nnviz.model.layers import LayerEntry
from tb_nnviz.model.selection import CapturedCall
from tb_nnviz.records import Notice

VIEW = "activations"


def choose_activations(
    calls: Sequence[CapturedCall],
) -> tuple[tuple[CapturedCall, ...], tuple[Notice, ...]]:
    """The captured tensors that show something of their own, and which are shown by others."""
    shown = [call for call in calls if not passes_values_on(call.entry.layer)]
    notices = []
    # An activation that is a layer itself, as in `Dense(8, LeakyReLU())`.
    fused = {id(call.activation) for call in shown}
    activations = [call for call in shown if id(call.entry.layer) in fused]
    if activations:
        shown = [call for call in shown if call not in activations]
        message = "Activations that another layer has fused are shown by that one"
        notices.append(notice_layers(VIEW, message, _entries(activations)))
    containing = [call for call in shown if _is_shown_within(call, shown)]
    if containing:
        shown = [call for call in shown if call not in containing]
        message = "Layers whose output is that of their last inner layer are shown by that one"
        notices.append(notice_layers(VIEW, message, _entries(containing)))
    return tuple(shown), tuple(notices)


def notice_passing(entries: Sequence[LayerEntry]) -> tuple[Notice, ...]:
    """A notice about the layers that `choose_activations` takes for showing nothing of their own.

    Args:
        entries: all that were looked at.
    """
    passing = [entry for entry in entries if passes_values_on(entry.layer)]
    message = "Layers that only pass their input on are not shown, unless `layers` names them"
    return (notice_layers(VIEW, message, passing),) if passing else ()


def notice_skipped(skipped: Mapping[str, str], entries: Sequence[LayerEntry]) -> tuple[Notice, ...]:
    """A notice for each reason why outputs cannot be had, with the layers it holds for.

    Args:
        skipped: layer path → reason.
        entries: the layers of which to say it.
    """
    return notice_reasons(
        [(entry, skipped[entry.path]) for entry in entries if entry.path in skipped]
    )


def notice_reasons(reasons: Sequence[tuple[LayerEntry, str]]) -> tuple[Notice, ...]:
    """A notice for each reason, with the layers it holds for, each once."""
    by_reason: dict[str, dict[str, LayerEntry]] = {}
    for entry, reason in reasons:
        by_reason.setdefault(reason, {})[entry.path] = entry
    return tuple(
        notice_layers(VIEW, f"Not shown, since {reason}", list(layers.values()))
        for reason, layers in by_reason.items()
    )


def _is_shown_within(call: CapturedCall, calls: Sequence[CapturedCall]) -> bool:
    """Whether a layer within this call's layer gave the same tensor."""
    tensor, within = call.same_as or call.key, call.entry.path + "/"
    return any(
        tensor in (other.key, other.same_as)
        and other.role == call.role
        and other.entry.path.startswith(within)
        for other in calls
    )


def _entries(calls: Sequence[CapturedCall]) -> list[LayerEntry]:
    unique: dict[Any, LayerEntry] = {call.entry.path: call.entry for call in calls}
    return list(unique.values())
