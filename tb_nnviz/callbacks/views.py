"""What a callback asks of each of its views, and the view of weight tiles.

A view plans once the model is built; at each step it copies what it needs on the training
thread and leaves the rest to be built on another.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable
from dataclasses import replace
from typing import Any, Protocol

import numpy as np
from numpy.typing import NDArray

from tb_nnviz.analysis.weight_tiles import (
    VIEW as WEIGHTS,
)
from tb_nnviz.analysis.weight_tiles import (
    WeightTileOptions,
    WeightTilesPlan,
    plan_weight_tiles,
)
from tb_nnviz.model.layers import check_layers
from tb_nnviz.records import Notice, Record

BuildRecords = Callable[[], Iterable[tuple[str, Record]]]


class View(Protocol):
    """One kind of record a callback logs."""

    @property
    def name(self) -> str:
        """How the view is called in tags and notices."""

    @property
    def max_tiles(self) -> int:
        """Tiles a tag, as asked for."""

    def check(self, model: Any) -> None:
        """Raises `ValueError` if an argument does not fit the model, built or not."""

    def plan(self, model: Any) -> tuple[Notice, ...]:
        """Reads what is to be logged from a built model; returns what is not shown."""

    def drop_tags(self, tags: Collection[str]) -> None:
        """Leaves tags out that somebody else logs."""

    def estimate_bytes(self, max_tiles: int) -> int:
        """About the bytes of one step."""

    def limit_tiles(self, max_tiles: int) -> None:
        """Logs at most so many tiles a tag from now on."""

    def tags(self) -> tuple[str, ...]:
        """The tags that are logged."""

    def collect(self) -> BuildRecords:
        """Copies what a step logs; the result makes records of the copies."""

    def has_changed(self) -> bool:
        """Whether the model is no longer as it was at the last `collect`."""

    def reset(self) -> None:
        """Lets go of the model and of what was copied from it."""


class WeightTilesView:
    """Kernels as tiles.

    Args:
        layers: names or globs, or None.
        options: limits.
    """

    name = WEIGHTS

    def __init__(self, layers: tuple[str, ...] | None, options: WeightTileOptions) -> None:
        self._layers = layers
        self._options = self._options_in_use = options
        self._plan = WeightTilesPlan((), ())
        self._last_copies: list[NDArray[Any]] = []

    @property
    def max_tiles(self) -> int:
        """Tiles a tag, as asked for."""
        return self._options.max_tiles

    def check(self, model: Any) -> None:
        """See `View.check`."""
        check_layers(model, self._layers)

    def drop_tags(self, tags: Collection[str]) -> None:
        """See `View.drop_tags`."""
        self._plan = self._plan.without(tags)

    def plan(self, model: Any) -> tuple[Notice, ...]:
        """See `View.plan`."""
        self.reset()
        self._plan = plan_weight_tiles(model, self._layers)
        return self._plan.notices

    def estimate_bytes(self, max_tiles: int) -> int:
        """See `View.estimate_bytes`."""
        return self._plan.estimate_bytes(replace(self._options, max_tiles=max_tiles))

    def limit_tiles(self, max_tiles: int) -> None:
        """See `View.limit_tiles`."""
        self._options_in_use = replace(self._options, max_tiles=max_tiles)

    def tags(self) -> tuple[str, ...]:
        """See `View.tags`."""
        return self._plan.tags

    def collect(self) -> BuildRecords:
        """See `View.collect`."""
        copies = self._last_copies = self._plan.copy_kernels()
        plan, options = self._plan, self._options_in_use
        return lambda: plan.build_records(copies, options)

    def has_changed(self) -> bool:
        """See `View.has_changed`; also True before the first `collect`."""
        if not self._last_copies:
            return bool(self._plan.kernels)
        # Bit for bit, so that a NaN equals itself.
        return any(
            not np.array_equal(now.view(np.uint8), last.view(np.uint8))
            for now, last in zip(self._plan.copy_kernels(), self._last_copies, strict=True)
        )

    def reset(self) -> None:
        """See `View.reset`."""
        self._options_in_use = self._options
        self._plan = WeightTilesPlan((), ())
        self._last_copies = []
