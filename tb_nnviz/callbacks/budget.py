"""Keeping a run within its bytes: first fewer tiles a tag, then fewer steps. Pure."""

from __future__ import annotations

import math
from collections.abc import Callable
from dataclasses import dataclass

# Below this many tiles a grid says little; steps are thinned instead.
MIN_TILES = 64


@dataclass(frozen=True)
class BudgetPlan:
    """What a run logs so as to keep to its budget.

    Attributes:
        max_tiles: tiles a tag.
        keep_every: each n-th scheduled step is logged.
        bytes_per_step: about, at ``max_tiles``.
        num_steps: steps logged, or None where not known beforehand.
    """

    max_tiles: int
    keep_every: int
    bytes_per_step: int
    num_steps: int | None

    def describe_cuts(self, max_tiles_asked: int) -> str:
        """What is left out, in words; "" where nothing is."""
        cuts = []
        if self.max_tiles < max_tiles_asked:
            cuts.append(f"each tag has at most {self.max_tiles} tiles")
        if self.keep_every > 1:
            cuts.append(f"one scheduled step in {self.keep_every} is logged, and the last")
        return " and ".join(cuts)


def plan_budget(
    estimate_bytes: Callable[[int], int],
    *,
    max_tiles: int,
    num_steps: int | None,
    budget_bytes: int | None,
    bytes_in_log: int,
    bytes_once: int = 0,
) -> BudgetPlan:
    """Fewest cuts that keep a run within its budget.

    Args:
        estimate_bytes: ``max_tiles`` → bytes of a step.
        max_tiles: what was asked for.
        num_steps: steps scheduled, or None where not known.
        budget_bytes: bytes the run's log may have; None for no limit.
        bytes_in_log: bytes it has already. They thin the schedule but do not cut tiles, so
            that a tag keeps its shape over repeated fits.
        bytes_once: bytes of what the fit logs at its first step alone.

    Returns:
        The plan. Two steps, the first and the last, are always kept.
    """
    if budget_bytes is None:
        return BudgetPlan(max_tiles, 1, estimate_bytes(max_tiles), num_steps)
    tiles = max_tiles
    for_steps = budget_bytes - bytes_once
    while tiles > MIN_TILES and estimate_bytes(tiles) * (num_steps or 2) > for_steps:
        tiles = max(MIN_TILES, tiles // 2)
    if estimate_bytes(tiles) >= estimate_bytes(max_tiles):
        tiles = max_tiles  # no tag has more, or norms over what is cut would take more
    bytes_per_step = max(1, estimate_bytes(tiles))
    if num_steps is None:
        return BudgetPlan(tiles, 1, bytes_per_step, None)
    affordable = max(2, (for_steps - bytes_in_log) // bytes_per_step)
    keep_every = max(1, math.ceil((num_steps - 1) / (affordable - 1)))
    kept = 1 + math.ceil((num_steps - 1) / keep_every)
    return BudgetPlan(tiles, keep_every, bytes_per_step, kept)
