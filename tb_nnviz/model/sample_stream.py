"""Choosing the panel from a dataset: batches in its own order, once, at most `MAX_READ` samples.

Holds no more samples at a time than some choice may still keep.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import keras
import numpy as np
from numpy.typing import NDArray

from tb_nnviz.model.chosen_samples import BY_CLASS, EVENLY, ChosenSamples, describe_choice
from tb_nnviz.model.class_labels import check_enough_names, count_classes, read_classes
from tb_nnviz.model.dataset_ancestry import keeps_order_of_first_reader, moves_with
from tb_nnviz.model.dataset_copy import copy_without_reshuffling
from tb_nnviz.model.sample_arrays import (
    as_numpy,
    map_arrays,
    named_targets,
    split,
    stack,
    standardized,
)
from tb_nnviz.model.sample_choice import BalancedChoice, EvenChoice
from tb_nnviz.model.sample_panel import named_inputs

MAX_READ = 2048


def is_dataset(data: Any) -> bool:
    """Whether data is a dataset that yields batches: a PyDataset or a ``tf.data.Dataset``."""
    return isinstance(data, keras.utils.PyDataset) or hasattr(data, "element_spec")


def choose_from_dataset(
    data: Any, limit: int, class_names: tuple[str, ...] | None
) -> ChosenSamples:
    """The panel of a dataset.

    Args:
        data: a PyDataset or a ``tf.data.Dataset``, alone or first in a tuple.
        limit: how many samples at most.
        class_names: names of the classes, or None.

    Raises:
        ValueError: there is no sample, samples differ in shape, names are too few, or reading the
            dataset would change what it yields next.
    """
    evenly = EvenChoice(limit)
    by_output: dict[str, _OutputChoice] = {}
    # What some choice may still keep: index of the sample -> its inputs and its targets.
    store: dict[int, tuple[list[NDArray[Any]], list[NDArray[Any]]]] = {}
    structure: Any = None
    num_read, was_stopped = 0, False
    for batch in read_batches(data):
        inputs, targets = split(batch)
        structure = inputs if structure is None else structure
        arrays = [as_numpy(array) for _, array in named_inputs(inputs)]
        outputs = [(name, as_numpy(array)) for name, array in named_targets(targets)]
        size = min(MAX_READ - num_read, len(arrays[0]))
        for place in range(size):
            evenly.offer(num_read + place)
        for name, values in outputs:
            choice = by_output.setdefault(name, _OutputChoice(limit, class_names))
            choice.offer(num_read, values[:size])
        kept = set(evenly.kept()).union(*(choice.kept() for choice in by_output.values()))
        store = {index: rows for index, rows in store.items() if index in kept}
        for place in range(size):
            if num_read + place in kept:
                store[num_read + place] = (
                    # Copies, also of text, which is no array on its own.
                    [np.array(array[place]) for array in arrays],
                    [np.array(values[place]) for _, values in outputs],
                )
        num_read += size
        leading = next((choice for choice in by_output.values() if choice.says_classes), None)
        was_stopped = leading is not None and leading.is_settled()
        if was_stopped or num_read >= MAX_READ:
            break
    if not num_read:
        raise ValueError("Samples must hold at least one sample; got an empty dataset.")
    names = list(by_output)
    output = next((name for name in names if by_output[name].says_classes), None)
    indices = evenly.chosen() if output is None else by_output[output].chosen()
    shown = names[0] if output is None and names else output
    rows = [store[index] for index in indices]
    stacked = iter(
        standardized(stack([inputs[place] for inputs, _ in rows]))
        for place in range(len(rows[0][0]))
    )
    chosen_targets = None
    if shown is not None:
        chosen_targets = stack([targets[names.index(shown)] for _, targets in rows])
    how = EVENLY if output is None else BY_CLASS
    notes = describe_choice(
        len(indices), num_read, how, "the first " if num_read >= MAX_READ else ""
    )
    return ChosenSamples(
        map_arrays(structure, lambda _: next(stacked)),
        chosen_targets,
        None
        if output is None or chosen_targets is None
        else read_classes(chosen_targets, class_names),
        shown or "",
        (f"{len(indices)} samples{how}",) if was_stopped else notes,
    )


class _OutputChoice:
    """The choice by the classes of one output, as long as its targets say classes."""

    def __init__(self, limit: int, class_names: tuple[str, ...] | None) -> None:
        self._limit = limit
        self._class_names = class_names
        self._choice = BalancedChoice(limit)
        self.num_classes: int | None = None
        self.says_classes = True

    def offer(self, start: int, targets: NDArray[Any]) -> None:
        classes = read_classes(targets, self._class_names) if self.says_classes else None
        if classes is None:
            self.says_classes = False
            return
        self.num_classes = count_classes(targets, self._class_names)
        check_enough_names(classes, count_classes(targets, None), self._class_names)
        for place, class_index in enumerate(classes):
            self._choice.offer(start + place, int(class_index))

    def is_settled(self) -> bool:
        return self.says_classes and self._choice.is_settled(self.num_classes)

    def kept(self) -> list[int]:
        return self._choice.kept() if self.says_classes else []

    def chosen(self) -> list[int]:
        return self._choice.chosen()


def read_batches(data: Any) -> Iterator[Any]:
    """Batches of a dataset in its own order: inputs, or a tuple of inputs, targets and weights.

    Args:
        data: a PyDataset or a ``tf.data.Dataset``, alone or first in a tuple.

    Raises:
        ValueError: reading the dataset would change what it yields next.
    """
    dataset = data[0] if isinstance(data, tuple) else data
    if isinstance(dataset, keras.utils.PyDataset):
        for batch in _pydataset_batches(dataset):
            yield tuple(batch) if isinstance(batch, list) else batch
        return
    yield from _readable(dataset)


def _readable(dataset: Any) -> Any:
    """A dataset that gives the same elements, and whose reading moves nothing of the given one."""
    cause = moves_with(dataset, dataset)
    if cause is None and not keeps_order_of_first_reader(dataset):
        return dataset
    copy = copy_without_reshuffling(dataset)
    if copy is not None:
        return copy
    if cause in (None, "function"):
        # The generators that functions draw from are put back; a cache of what is always the same
        # may be filled by anybody.
        return dataset
    raise ValueError(
        "The samples (or validation_data) are a dataset that shuffles or draws anew each time it "
        "is read, and that TensorFlow cannot copy, so that reading samples of it would change what "
        "a training validates with. Pass arrays instead, such as a batch of the dataset that you "
        "have read, or shuffle with reshuffle_each_iteration=False."
    )


def _pydataset_batches(dataset: Any) -> Iterator[Any]:
    try:
        num_batches = dataset.num_batches
    except AttributeError:  # early versions of Keras
        num_batches = len(dataset)
    index = 0
    while num_batches is None or index < num_batches:
        yield dataset[index]
        index += 1
