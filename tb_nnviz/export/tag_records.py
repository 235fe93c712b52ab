"""What is to be exported of a log: a run, a tag, its steps, and the records of these.

Knows `LogReader` and kinds of records. Must not know what becomes of them.
"""

from __future__ import annotations

import difflib
import os
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from tb_nnviz.export.changes import compute_change
from tb_nnviz.export.dead_channels import DeadChannels, find_dead_channels
from tb_nnviz.export.options import Show
from tb_nnviz.log_reader import LogReader
from tb_nnviz.records import Moment, Record, RecordError, TileArray
from tb_nnviz.records.sample_pictures import SUFFIX

_MOST_NAMES = 20


@dataclass(frozen=True)
class LoggedTag:
    """A tag of a run.

    Attributes:
        reader: of the log.
        run: its name on screen.
        tag: its name.
        kind: of its records.
        steps: all that are logged, in order.
    """

    reader: LogReader
    run: str
    tag: str
    kind: str
    steps: tuple[int, ...]

    def read(self, step: int) -> Record | RecordError:
        """The record of a step, or why it cannot be read."""
        try:
            return self.reader.read(self.run, self.tag, step)
        except RecordError as error:
            return error

    def choose_steps(self, step: int | str) -> tuple[int, ...]:
        """The steps that are meant by a number, ``"first"``, ``"last"`` or ``"all"``.

        Raises:
            ValueError: the step is not logged.
        """
        if step == "all":
            return self.steps
        if step in ("first", "last"):
            return self.steps[:1] if step == "first" else self.steps[-1:]
        if step not in self.steps:
            raise ValueError(
                f"The step must be first, last, all or one that is logged; got {step!r}. Tag "
                f"{self.tag!r} of run {self.run!r} has the steps {name_some(self.steps)}."
            )
        return (int(step),)

    @property
    def has_pictures_of_confusion(self) -> bool:
        """Whether its records are pictures of samples, each at the first step that names it."""
        parent, separator, end = self.tag.rpartition("/")
        is_below = bool(separator) and end == SUFFIX
        return is_below and self.reader.tags(self.run).get(parent) == "confusion"

    def tags_of_kind(self, kind: str) -> list[str]:
        """Other tags of the run."""
        return [tag for tag, found in self.reader.tags(self.run).items() if found == kind]


def find_tag(logdir: str | os.PathLike[str], run: str | None, tag: str) -> LoggedTag:
    """A tag in a log.

    Args:
        logdir: what is given to ``tensorboard --logdir``.
        run: name on screen; None for the only one.
        tag: such as ``"weights/dense/kernel"``.

    Raises:
        ValueError: there is no such directory, run or tag, or there are several runs and
            none is chosen.
    """
    reader = LogReader(logdir)
    runs = reader.runs()
    if not runs:
        raise ValueError(f"No runs of nnviz are logged below {str(logdir)!r}.")
    if run is None and len(runs) > 1:
        raise ValueError(
            f"Which run is to be exported must be said, by --run: there are {name_some(runs)}."
        )
    chosen = runs[0] if run is None else run
    if chosen not in runs:
        raise ValueError(
            f"There is no run {chosen!r} below {str(logdir)!r}; there are {name_some(runs)}."
        )
    kinds = reader.tags(chosen)
    if tag not in kinds:
        # Of a tag that is there and cannot be read, the reason is what helps.
        reasons = [text for text in reader.skipped(chosen) if text.startswith(f"{tag}: ")]
        near = difflib.get_close_matches(tag, kinds, n=5)
        others = (
            f"near it there are {name_some(near)}"
            if near
            else f"there are {name_some(sorted(kinds))}"
        )
        raise ValueError(
            f"Run {chosen!r} has no tag {tag!r} that can be read: "
            + ("; ".join(reasons) or f"{others}.")
        )
    return LoggedTag(reader, chosen, tag, kinds[tag], tuple(reader.steps(chosen, tag)))


def name_some(names: Sequence[object]) -> str:
    """The names, in a line that stays readable where there are many."""
    shown = ", ".join(str(name) for name in names[:_MOST_NAMES])
    left = len(names) - _MOST_NAMES
    return f"{shown} and {left} more" if left > 0 else shown


@dataclass(frozen=True)
class ShownTiles:
    """What is shown of a tag at a step.

    Attributes:
        step: in the log.
        record: values, or a change.
        is_unresolved: ``(tiles, height, width)`` cells whose change is below precision; None
            where there are none.
        since: of a change, the moment of the record compared with.
        since_step: of a change, the step of that record.
        dead: of activations, the channels that do not respond; None where there are none.
    """

    step: int
    record: TileArray
    is_unresolved: NDArray[np.bool_] | None = None
    since: Moment | None = None
    since_step: int | None = None
    dead: DeadChannels | None = None


class TilesOfTag:
    """The values or changes of a tag of kind tiles, read step by step.

    A step that cannot be read is left out, and `problems` says so once.

    Args:
        logged: the tag.
        show: what is wanted of it.
    """

    def __init__(self, logged: LoggedTag, show: Show) -> None:
        self._logged = logged
        self._show = show
        self._problems: dict[int, str] = {}
        # Records are large, and a change needs two: the one before is likely to be asked for next.
        self._kept: dict[int, TileArray | RecordError] = {}

    @property
    def problems(self) -> list[str]:
        """A sentence for each step that was left out."""
        return [self._problems[step] for step in sorted(self._problems)]

    def read(self, step: int) -> ShownTiles | None:
        """What is shown at a logged step; None where it cannot be read.

        Raises:
            ValueError: the records that are compared have tiles of other shapes.
        """
        reference_step = self._reference_step(step)
        for needed in dict.fromkeys((step, reference_step)):
            record = self._read(needed, (step, reference_step))
            if isinstance(record, RecordError):
                beside = "" if needed == step else f" with step {needed}, which it is compared with"
                self._problems[step] = f"Step {step} is left out{beside}: {record}"
                return None
        shown, reference = self._kept[step], self._kept[reference_step]
        if isinstance(shown, RecordError) or isinstance(reference, RecordError):
            return None
        if self._show == "value":
            is_activation = self._logged.tag.startswith("activations/")
            return ShownTiles(
                step, shown, dead=find_dead_channels(shown) if is_activation else None
            )
        change, is_unresolved = compute_change(shown, reference)
        return ShownTiles(step, change, is_unresolved, reference.moment, reference_step)

    def _reference_step(self, step: int) -> int:
        """The step compared with; the first record of a tag is its own reference."""
        steps = self._logged.steps
        if self._show == "change-since-start":
            return steps[0]
        if self._show == "change-since-previous":
            return steps[max(0, steps.index(step) - 1)]
        return step

    def _read(self, step: int, needed: tuple[int, int]) -> TileArray | RecordError:
        self._kept = {kept: self._kept[kept] for kept in self._kept if kept in needed}
        if step not in self._kept:
            record = self._logged.read(step)
            if not isinstance(record, TileArray | RecordError):
                record = RecordError(f"it is no tiles but a {type(record).__name__}")
            self._kept[step] = record
        return self._kept[step]
