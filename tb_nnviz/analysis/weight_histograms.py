"""Weight histograms: the distribution of every weight of a model, as records.

Planned once a training on the weights that are to be logged; then each step makes records
of copies, which may happen on another thread.
"""

from __future__ import annotations

import math
from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass, replace
from typing import Any

from numpy.typing import NDArray

from tb_nnviz.analysis.model_weights import PlannedWeight
from tb_nnviz.analysis.real_numbers import as_real_numbers
from tb_nnviz.records.histogram import Histogram, build_histogram, estimate_histogram_bytes

VIEW = "histograms"


@dataclass(frozen=True)
class WeightHistogramsPlan:
    """What of a model is logged as histograms.

    Attributes:
        weights: in the order of the model.
    """

    weights: tuple[PlannedWeight, ...] = ()

    @property
    def tags(self) -> tuple[str, ...]:
        """The tags that are logged."""
        return tuple(_tag(weight) for weight in self.weights)

    def without(self, tags: Collection[str]) -> WeightHistogramsPlan:
        """The plan without some of its tags."""
        kept = tuple(weight for weight in self.weights if _tag(weight) not in tags)
        return replace(self, weights=kept)

    def estimate_bytes(self) -> int:
        """About the size of the records of one step."""
        return sum(
            estimate_histogram_bytes(math.prod(planned.weight.shape)) for planned in self.weights
        )

    def build_records(
        self, copies: Sequence[NDArray[Any]], previous: Sequence[NDArray[Any] | None]
    ) -> Iterator[tuple[str, Histogram]]:
        """Tag and record of each weight.

        Args:
            copies: the values of ``weights``, in the same order.
            previous: their values at the last logged step, or None where there is none.
        """
        for weight, values, before in zip(self.weights, copies, previous, strict=True):
            record = build_histogram(
                as_real_numbers(values),
                previous=None if before is None else as_real_numbers(before),
                notes=weight.weight.notes,
                source=weight.source,
            )
            yield _tag(weight), replace(record, dtype=str(values.dtype))


def _tag(weight: PlannedWeight) -> str:
    return f"{VIEW}/{weight.key}"
