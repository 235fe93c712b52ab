"""What a callback asks of each of its views.

A view plans once the model is built; at each step it takes copies of the weights, or runs the
model on the panel of samples, on the training thread, and leaves the rest to be built on another.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Sequence
from typing import Any, Protocol

from tb_nnviz.analysis.model_weights import PlannedWeight
from tb_nnviz.model.sample_panel import SamplePanel
from tb_nnviz.model.variables import WeightValues
from tb_nnviz.records import Notice, Record

BuildRecords = Callable[[], Iterable[tuple[str, Record]]]


class View(Protocol):
    """One kind of record a callback logs."""

    @property
    def name(self) -> str:
        """How the view is called in tags and notices."""

    @property
    def max_tiles(self) -> int:
        """Tiles a tag, as asked for; 1 where there are none to cut."""

    @property
    def needs_samples(self) -> bool:
        """Whether it cannot do without a panel of samples."""

    @property
    def is_logged_once(self) -> bool:
        """Whether it is logged at the first step of a fit and at no other."""

    @property
    def content_key(self) -> str | None:
        """What its tags hold, once planned, if another callback may log the very same."""

    def check(self, model: Any, panel: SamplePanel | None) -> None:
        """Raises `ValueError` if an argument does not fit the model, built or not."""

    def plan(self, model: Any, panel: SamplePanel | None) -> tuple[Notice, ...]:
        """Reads what is to be logged from a built model; returns what is not shown."""

    def drop_tags(self, tags: Collection[str]) -> None:
        """Leaves tags out that somebody else logs."""

    def estimate_bytes(self, max_tiles: int) -> int:
        """About the bytes of one step."""

    def limit_tiles(self, max_tiles: int) -> None:
        """Logs at most so many tiles a tag from now on."""

    def warm_up(self) -> None:
        """Does what the first step alone would have to, so that its time tells that of others."""

    def tags(self) -> tuple[str, ...]:
        """The tags that are logged."""

    def weights(self) -> Sequence[PlannedWeight]:
        """The weights that what it logs depends on: where none has changed, nothing has."""

    def collect(self, values: WeightValues, previous: WeightValues | None) -> BuildRecords:
        """Copies what a step logs; the result makes records of the copies.

        Args:
            values: of this step, shared by all views, so that each weight is copied once.
            previous: of the last logged step; None at the first.
        """

    def reset(self) -> None:
        """Lets go of the model and the samples."""
