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
    names = name_some([entry.path or entry.layer_type for entry in entries])
    return Notice(view, entries[0].path if len(entries) == 1 else "", f"{message} ({names}).")


def name_some(names: Sequence[str]) -> str:
    """The first of some names, and how many more there are."""
    more = len(names) - _MAX_NAMED
    named = ", ".join(names[:_MAX_NAMED])
    return f"{named} and {more} more" if more > 0 else named
