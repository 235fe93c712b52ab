"""The record of which classes are taken for which, with the samples that show it.

Knows what the record holds. Knows neither models nor files.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Literal

import numpy as np
from numpy.typing import NDArray

from tb_nnviz.records.moment import Moment
from tb_nnviz.records.source import Source

Task = Literal["multi_class", "binary", "multi_label"]
Cell = tuple[int, ...]


@dataclass(frozen=True)
class CellSample:
    """A sample of a cell.

    Attributes:
        index: of the sample in the data.
        confidence: probability of what was predicted, in [0, 1]; NaN where none was given.
    """

    index: int
    confidence: float


@dataclass(frozen=True)
class Mistake:
    """A sample in a cell off the diagonal.

    Attributes:
        index: of the sample in the data.
        cell: indices into the counts: true and predicted class, after the label where there are
            several.
        confidence: as of `CellSample`.
    """

    index: int
    cell: Cell
    confidence: float


@dataclass(frozen=True, eq=False)
class Confusion:
    """Counts of samples by true and predicted class.

    Attributes:
        counts: ``(true, predicted)`` int64; with several labels a sample
            ``(label, true, predicted)``, where true and predicted are 0 (has not) or 1 (has it).
        class_names: of the classes; of the labels, where there are several a sample.
        task: ``multi_class``, ``binary`` or ``multi_label``.
        cell_samples: of each cell that has samples, the most confident first, at most ``top_k``;
            ties are in the order of the samples.
        mistakes: the most confident of all wrong ones, likewise.
        weighted_counts: sums of the sample weights, in the shape of the counts; None where no
            weights were given.
        threshold: what a probability must exceed for class 1; None where the greatest
            output decides.
        top_k: how many samples are kept of each cell.
        num_samples: how many were predicted.
        num_available: of how many they were chosen; None where not known.
        num_undecided: how many have outputs with NaN, and are in no cell. With several labels,
            pairs of sample and label.
        addresses: of the samples that are named, the address of the picture in the tag of
            pictures, 16 hexadecimal digits; equal for equal samples only. Empty where there are
            no pictures.
        notes: what a reader must know.
        source: where the predictions come from; its digest is that of all samples.
        moment: when it was taken; set on records that were read from a log.
        ordinal: 1 for the first record of its tag; set likewise.
    """

    counts: NDArray[np.int64]
    class_names: tuple[str, ...]
    task: Task = "multi_class"
    cell_samples: Mapping[Cell, tuple[CellSample, ...]] = field(default_factory=dict)
    mistakes: tuple[Mistake, ...] = ()
    weighted_counts: NDArray[np.float64] | None = None
    threshold: float | None = None
    top_k: int = 0
    num_samples: int = 0
    num_available: int | None = None
    num_undecided: int = 0
    addresses: Mapping[int, str] = field(default_factory=dict)
    notes: tuple[str, ...] = ()
    source: Source = field(default_factory=Source)
    moment: Moment | None = None
    ordinal: int | None = None

    @property
    def accuracy(self) -> float:
        """Share of the counted samples on the diagonal; NaN where there is none."""
        total = int(self.counts.sum())
        right = int(np.trace(self.counts, axis1=-2, axis2=-1).sum())
        return right / total if total else float("nan")

    def named_samples(self) -> tuple[int, ...]:
        """Indices of all samples in cells and mistakes, ascending."""
        listed = {sample.index for samples in self.cell_samples.values() for sample in samples}
        return tuple(sorted(listed | {mistake.index for mistake in self.mistakes}))
