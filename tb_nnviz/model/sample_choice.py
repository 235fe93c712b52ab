"""Which samples of a source make the panel: by one rule, whatever holds the samples.

Each choice is offered the samples in the order of the source, one pass, and holds no more than
a small multiple of what it chooses. Knows indices and classes only. Pure.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray


class BalancedChoice:
    """The earliest samples of each class, with counts as equal as can be.

    Args:
        limit: how many samples to choose, at least 1.
    """

    def __init__(self, limit: int) -> None:
        self._limit = limit
        self._by_class: dict[int, list[int]] = {}
        self._num_kept = 0
        self._largest_count = 0

    def offer(self, index: int, class_index: int) -> None:
        """Shows the next sample of the source.

        A sample is kept while there is room, and later in place of the last one of the largest
        class where that makes the counts more equal.
        """
        members = self._by_class.setdefault(class_index, [])
        if self._num_kept < self._limit:
            members.append(index)
            self._num_kept += 1
            self._largest_count = max(self._largest_count, len(members))
        elif len(members) + 1 < self._largest_count:
            largest = max(self._by_class.values(), key=lambda kept: (len(kept), kept[-1:]))
            largest.pop()
            members.append(index)
            self._largest_count = max(map(len, self._by_class.values()))

    def is_settled(self, num_classes: int | None) -> bool:
        """Whether no further sample can change the choice, with so many classes in all."""
        if self._num_kept < self._limit:
            return False
        counts = [len(kept) for kept in self._by_class.values()]
        has_all = num_classes is not None and sum(map(bool, counts)) >= num_classes
        return max(counts) == 1 or (has_all and max(counts) - min(counts) <= 1)

    def kept(self) -> list[int]:
        """Indices that may be among the chosen ones."""
        return [index for members in self._by_class.values() for index in members]

    def chosen(self) -> list[int]:
        """Indices by class, and in the order of the source within a class."""
        return [index for _, members in sorted(self._by_class.items()) for index in members]


class EvenChoice:
    """Samples spread evenly over a source whose length nobody knows.

    Args:
        limit: how many samples to choose, at least 1.
    """

    def __init__(self, limit: int) -> None:
        self._limit = limit
        self._stride = 1
        self._kept: list[int] = []

    def offer(self, index: int) -> None:
        """Shows the next sample of the source: each n-th is kept, n doubling as it goes on."""
        if index % self._stride:
            return
        self._kept.append(index)
        if len(self._kept) > 2 * self._limit:
            self._stride *= 2
            self._kept = self._kept[::2]

    def kept(self) -> list[int]:
        """Indices that may be among the chosen ones."""
        return self._kept

    def chosen(self) -> list[int]:
        """Indices in the order of the source."""
        if len(self._kept) <= self._limit:
            return list(self._kept)
        places = np.linspace(0, len(self._kept) - 1, self._limit).round().astype(int)
        return [self._kept[place] for place in places]


def choose_balanced(classes: NDArray[np.int64], limit: int) -> list[int]:
    """What a `BalancedChoice` makes of a source whose classes are all known."""
    choice = BalancedChoice(limit)
    # No class has more members than there are places, and they are its first ones.
    order = np.argsort(classes, kind="stable")
    starts = np.searchsorted(classes[order], classes[order])
    first = np.sort(order[np.arange(len(order)) - starts < limit])
    for index in first:
        choice.offer(int(index), int(classes[index]))
    return choice.chosen()


def choose_evenly(num_samples: int, limit: int) -> list[int]:
    """What an `EvenChoice` makes of a source of known length."""
    choice = EvenChoice(limit)
    for index in range(num_samples):
        choice.offer(index)
    return choice.chosen()
