"""Which samples make the panel: pure rules over indices and classes."""

from __future__ import annotations

from collections import Counter

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from tb_nnviz.model.sample_choice import (
    BalancedChoice,
    EvenChoice,
    choose_balanced,
    choose_evenly,
)

CLASSES = st.lists(st.integers(0, 5), min_size=1, max_size=120)
LIMITS = st.integers(1, 12)


@given(CLASSES, LIMITS)
def test_counts_of_classes_are_as_equal_as_can_be(classes: list[int], limit: int) -> None:
    chosen = choose_balanced(np.array(classes), limit)
    assert len(chosen) == len(set(chosen)) == min(limit, len(classes))
    counts = Counter(classes[index] for index in chosen)
    for one, available in Counter(classes).items():
        # A class with fewer samples than another has shown all it has.
        is_exhausted = counts[one] == available
        assert is_exhausted or counts[one] >= max(counts.values()) - 1


@given(CLASSES, LIMITS)
def test_the_earliest_of_each_class_are_chosen_and_sorted_by_class(
    classes: list[int], limit: int
) -> None:
    chosen = choose_balanced(np.array(classes), limit)
    assert chosen == sorted(chosen, key=lambda index: (classes[index], index))
    for one in set(classes):
        of_class = [index for index, other in enumerate(classes) if other == one]
        mine = [index for index in chosen if classes[index] == one]
        assert mine == of_class[: len(mine)]


@given(CLASSES, LIMITS)
def test_a_stream_gives_the_same_choice_as_a_whole_array(classes: list[int], limit: int) -> None:
    choice = BalancedChoice(limit)
    settled: list[int] | None = None
    for index, one in enumerate(classes):
        choice.offer(index, one)
        assert len(choice.kept()) <= limit
        if settled is None and choice.is_settled(6):
            settled = choice.chosen()
    assert choice.chosen() == choose_balanced(np.array(classes), limit)
    assert settled in (None, choice.chosen()), "what is settled changed after all"


def test_a_choice_is_settled_once_each_of_all_classes_has_its_share() -> None:
    choice = BalancedChoice(4)
    for index, one in enumerate([0, 0, 0, 1]):
        choice.offer(index, one)
    # Three and one: a second of class 1 would still replace a third of class 0.
    assert not choice.is_settled(2)
    choice.offer(4, 1)
    assert choice.chosen() == [0, 1, 3, 4]
    assert choice.is_settled(2)
    assert not choice.is_settled(3)
    assert not choice.is_settled(None)


@given(st.integers(1, 3000), st.integers(1, 64))
def test_samples_without_a_class_are_spread_over_the_whole_source(
    num_samples: int, limit: int
) -> None:
    choice = EvenChoice(limit)
    for index in range(num_samples):
        choice.offer(index)
        assert len(choice.kept()) <= 2 * limit
    chosen = choice.chosen()
    assert chosen == choose_evenly(num_samples, limit)
    assert len(chosen) == len(set(chosen)) == min(limit, num_samples)
    assert chosen == sorted(chosen)
    assert chosen[0] == 0
    if limit > 1 and num_samples > 1:
        # What is kept ends at most two strides before the end, and gaps are at most 2 to 1.
        gaps = np.diff([*chosen, num_samples])
        assert gaps.max() <= 2 * num_samples / limit + 2
