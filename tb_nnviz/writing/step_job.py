"""What callers hand to a run log: tags, and how their records are made."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass

from tb_nnviz.records import Record


@dataclass(frozen=True)
class StepJob:
    """What is to be logged at one moment of training.

    Attributes:
        tags: the tags it will log.
        build: makes the records, on the background thread: pairs of tag and record.
        failed: called there with the error if building or writing fails.
    """

    tags: tuple[str, ...]
    build: Callable[[], Iterable[tuple[str, Record]]]
    failed: Callable[[Exception], None]
