"""One notice about several layers, so that a deep network does not bury the other notices."""

from __future__ import annotations

from collections.abc import Sequence

from tb_nnviz.model.layers import LayerEntry
from tb_nnviz.records import Notice

_MAX_NAMED = 5


def notice_layers(view: str, message: str, entries: Sequence[LayerEntry]) -> Notice:
    """A notice about some layers, of which it names the first ones.

    Args:
        view: the view it stands under.
        message: what holds for all of them, without a full stop.
        entries: the layers, at least one.
    """
    named = ", ".join(entry.path or entry.layer_type for entry in entries[:_MAX_NAMED])
    more = len(entries) - _MAX_NAMED
    names = f"{named} and {more} more" if more > 0 else named
    return Notice(view, entries[0].path if len(entries) == 1 else "", f"{message} ({names}).")
