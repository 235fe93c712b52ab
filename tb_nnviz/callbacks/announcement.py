"""The sentence that says what will be logged and at what cost."""

from __future__ import annotations

import contextlib
from collections.abc import Mapping

# Shorter than this, nobody asks what a training waits for.
_LONG_SECONDS = 3.0


def announce_cost(
    tags_by_view: Mapping[str, int],
    *,
    bytes_per_step: int,
    bytes_once: int = 0,
    seconds_per_step: float,
    seconds_once: float = 0.0,
    num_steps: int | None,
    directory: str,
    cuts: str = "",
) -> str:
    """What a fit will log.

    Args:
        tags_by_view: number of tags of each view; one that has none is not named.
        bytes_per_step: of all views together that are logged at each step; 0 where none is.
        bytes_once: of what is logged at the first step alone.
        seconds_per_step: time to copy, encode and write a step, as measured on the first.
        seconds_once: time it took to prepare, from train begin on; said where it is long.
        num_steps: steps to come, the first included; None where not known.
        directory: where the log lies.
        cuts: what is left out to stay within the budget, in words.
    """
    if not any(tags_by_view.values()):
        return "nnviz: there is nothing to log: see the notices in the tab NN VIZ"
    views = ", ".join(
        f"{view} ({count} tag{'' if count == 1 else 's'})"
        for view, count in tags_by_view.items()
        if count
    )
    if not bytes_per_step:
        return f"nnviz: logging {views}, once: {_bytes(bytes_once)}, to {directory}"
    total = ""
    if num_steps is not None:
        total = f", {_bytes(bytes_per_step * num_steps + bytes_once)} in {num_steps} steps"
    said = (
        f"nnviz: logging {views}: about {_bytes(bytes_per_step)} and "
        f"{seconds_per_step:.2g} s a step{total}, to {directory}"
    )
    if seconds_once >= _LONG_SECONDS:
        said = f"{said}; preparing took {seconds_once:.0f} s, once"
    return f"{said}; to stay within the budget, {cuts}" if cuts else said


def announce(message: str) -> None:
    """Prints beside Keras' own progress; an output that cannot take it is no reason to fail."""
    # A closed output is an OSError or a ValueError, as is one that cannot encode the path.
    with contextlib.suppress(OSError, ValueError):
        print(message, flush=True)  # noqa: T201


def _bytes(count: int) -> str:
    for unit, size in (("GB", 1e9), ("MB", 1e6), ("KB", 1e3)):
        if count >= size:
            return f"{count / size:.3g} {unit}"
    return f"{count} bytes"
