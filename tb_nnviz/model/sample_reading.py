"""Reading the panel from what the user gave: arrays are indexed, datasets read in order, once.

A dataset is read at most `MAX_READ` samples far; one that shuffles is left where it is. And Python's and NumPy's
global random states are where they were, whatever the user's own code draws.
"""

from __future__ import annotations

import random
from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any

import keras
import numpy as np
from numpy.typing import NDArray

from tb_nnviz.model.class_labels import (
    check_enough_names,
    count_classes,
    describe_target,
    read_classes,
)
from tb_nnviz.model.dataset_ancestry import moves_with
from tb_nnviz.model.dataset_copy import copy_without_reshuffling
from tb_nnviz.model.sample_choice import (
    BalancedChoice,
    EvenChoice,
    choose_balanced,
    choose_evenly,
)
from tb_nnviz.model.sample_panel import SamplePanel, compute_digest, named_inputs

MAX_READ = 2048
# Targets are looked at in blocks, so that large ones are never held whole.
_BLOCK = 2048
_BY_CLASS = ", as many of each class as can be"
_EVENLY = ", evenly spaced"


@dataclass(frozen=True)
class _Chosen:
    """Samples in the order of the panel."""

    inputs: Any
    targets: NDArray[Any] | None
    classes: NDArray[np.int64] | None
    output: str
    notes: tuple[str, ...]


def read_panel(data: Any, *, limit: int, class_names: tuple[str, ...] | None) -> SamplePanel:
    """The panel of a source of samples.

    Where the targets say classes it has the earliest samples of each, with counts as equal as can
    be, sorted by class; else samples spread evenly over what was read.

    Args:
        data: as `tb_nnviz.model.samples.describe_samples` accepts it.
        limit: how many samples at most.
        class_names: names of the classes, or None.

    Raises:
        TypeError: the data cannot be read as arrays.
        ValueError: there is no sample, lengths differ, or there are fewer names than classes.
    """
    with _random_states_kept():
        if is_dataset(data[0] if isinstance(data, tuple) else data):
            chosen = _choose_from_stream(_batches(data), limit, class_names)
        else:
            chosen = _choose_from_arrays(data, limit, class_names)
    labels = None
    if chosen.targets is not None:
        classes = [None] * len(chosen.targets) if chosen.classes is None else chosen.classes
        labels = tuple(
            describe_target(target, None if index is None else int(index), class_names)
            for target, index in zip(chosen.targets, classes, strict=True)
        )
    notes = chosen.notes
    if chosen.output and labels is not None:
        notes = (*notes, f"labels are those of output {chosen.output!r}")
    return SamplePanel(
        inputs=chosen.inputs,
        labels=labels,
        classes=chosen.classes,
        class_names=class_names,
        digest=compute_digest(chosen.inputs),
        notes=notes,
    )


def is_dataset(data: Any) -> bool:
    """Whether data is a dataset that yields batches: a PyDataset or a ``tf.data.Dataset``."""
    return isinstance(data, keras.utils.PyDataset) or hasattr(data, "element_spec")


def _choose_from_arrays(data: Any, limit: int, class_names: tuple[str, ...] | None) -> _Chosen:
    inputs, targets = _split(data)
    lengths = {len(array) for _, array in named_inputs(inputs)}
    outputs = _named_targets(targets)
    lengths.update(len(array) for _, array in outputs)
    if len(lengths) != 1:
        raise ValueError(
            "Samples must have arrays of one length, and targets of the same; got lengths "
            f"{sorted(lengths)}."
        )
    num_samples = lengths.pop()
    for name, array in outputs:
        classes = _classes_of(array, class_names)
        if classes is not None:
            indices = choose_balanced(classes, limit)
            return _Chosen(
                _map_arrays(inputs, lambda one: _standardized(_take(one, indices))),  # noqa: B023
                _take(array, indices),
                classes[indices],
                name,
                _describe_choice(len(indices), num_samples, _BY_CLASS),
            )
    indices = choose_evenly(num_samples, limit)
    name, array = outputs[0] if outputs else ("", None)
    return _Chosen(
        _map_arrays(inputs, lambda one: _standardized(_take(one, indices))),
        None if array is None else _take(array, indices),
        None,
        name,
        _describe_choice(len(indices), num_samples, _EVENLY),
    )


def _describe_choice(
    num_chosen: int, num_samples: int, how: str, first: str = ""
) -> tuple[str, ...]:
    if num_chosen == num_samples and not first:
        return ()
    return (f"{num_chosen} of {first}{num_samples:,} samples{how}",)


def _classes_of(array: Any, class_names: tuple[str, ...] | None) -> NDArray[np.int64] | None:
    found = []
    for start in range(0, len(array), _BLOCK):
        block = _as_numpy(array[start : start + _BLOCK])
        classes = read_classes(block)
        if classes is None:
            return None
        check_enough_names(classes, count_classes(block, None), class_names)
        found.append(classes)
    return np.concatenate(found)


class _OutputChoice:
    """The choice by the classes of one output, as long as its targets say classes."""

    def __init__(self, limit: int, class_names: tuple[str, ...] | None) -> None:
        self._limit = limit
        self._class_names = class_names
        self._choice = BalancedChoice(limit)
        self.num_classes: int | None = None
        self.says_classes = True

    def offer(self, start: int, targets: NDArray[Any]) -> None:
        classes = read_classes(targets) if self.says_classes else None
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


def _choose_from_stream(
    batches: Iterable[tuple[Any, Any]], limit: int, class_names: tuple[str, ...] | None
) -> _Chosen:
    evenly = EvenChoice(limit)
    by_output: dict[str, _OutputChoice] = {}
    # What some choice may still keep: index of the sample -> its inputs and its targets.
    store: dict[int, tuple[list[NDArray[Any]], list[NDArray[Any]]]] = {}
    structure: Any = None
    num_read, was_stopped = 0, False
    for inputs, targets in batches:
        structure = inputs if structure is None else structure
        arrays = [_as_numpy(array) for _, array in named_inputs(inputs)]
        outputs = [(name, _as_numpy(array)) for name, array in _named_targets(targets)]
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
                    [array[place].copy() for array in arrays],
                    [values[place].copy() for _, values in outputs],
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
        _standardized(_stack([inputs[place] for inputs, _ in rows]))
        for place in range(len(rows[0][0]))
    )
    chosen_targets = None
    if shown is not None:
        chosen_targets = _stack([targets[names.index(shown)] for _, targets in rows])
    how = _EVENLY if output is None else _BY_CLASS
    notes = _describe_choice(
        len(indices), num_read, how, "the first " if num_read >= MAX_READ else ""
    )
    return _Chosen(
        _map_arrays(structure, lambda _: next(stacked)),
        chosen_targets,
        None if output is None or chosen_targets is None else read_classes(chosen_targets),
        shown or "",
        (f"{len(indices)} samples{how}",) if was_stopped else notes,
    )


def _batches(data: Any) -> Iterator[tuple[Any, Any]]:
    """Batches of a dataset in its own order, as inputs and targets."""
    dataset = data[0] if isinstance(data, tuple) else data
    if isinstance(dataset, keras.utils.PyDataset):
        for batch in _pydataset_batches(dataset):
            yield _split(tuple(batch) if isinstance(batch, list) else batch)
        return
    # One that shuffles would otherwise go on to its next order.
    for batch in copy_without_reshuffling(dataset) if moves_with(dataset, dataset) else dataset:
        yield _split(batch)


def _pydataset_batches(dataset: Any) -> Iterator[Any]:
    try:
        num_batches = dataset.num_batches
    except AttributeError:  # early versions of Keras
        num_batches = len(dataset)
    index = 0
    while num_batches is None or index < num_batches:
        yield dataset[index]
        index += 1


def _split(data: Any) -> tuple[Any, Any]:
    if not isinstance(data, tuple):
        return data, None
    return data[0], data[1] if len(data) > 1 else None


def _named_targets(targets: Any) -> list[tuple[str, Any]]:
    """The targets of each output by name; "" where there is one."""
    if targets is None:
        return []
    if isinstance(targets, (list, tuple)) and not any(hasattr(one, "shape") for one in targets):
        targets = np.asarray(targets)
    pairs = named_inputs(targets)
    return [("", pairs[0][1])] if len(pairs) == 1 else pairs


def _map_arrays(structure: Any, function: Any) -> Any:
    if isinstance(structure, Mapping):
        return {name: function(array) for name, array in structure.items()}
    if isinstance(structure, (list, tuple)):
        return [function(array) for array in structure]
    return function(structure)


def _take(array: Any, indices: list[int]) -> NDArray[Any]:
    """A copy of some rows of anything that can be sliced."""
    if isinstance(array, np.ndarray):
        return np.asarray(array[indices])
    return _stack([_as_numpy(array[index : index + 1])[0] for index in indices])


def _stack(rows: list[NDArray[Any]]) -> NDArray[Any]:
    shapes = {row.shape for row in rows}
    if len(shapes) > 1:
        raise ValueError(
            f"Samples must have one shape, for they are shown as one batch; got {sorted(shapes)}. "
            "Pad or resize them, or pass samples of one shape as `samples`."
        )
    return np.stack(rows)


def _as_numpy(array: Any) -> NDArray[Any]:
    if hasattr(array, "toarray"):  # sparse matrices of SciPy
        array = array.toarray()
    try:
        if keras.ops.is_tensor(array) and "string" not in str(getattr(array, "dtype", "")):
            return np.asarray(keras.ops.convert_to_numpy(array))
        return np.asarray(array)
    except Exception as error:
        raise TypeError(
            f"Samples must be arrays that NumPy can read; got {type(array).__name__}, which it "
            f"cannot ({error}). Pass NumPy arrays as `samples`."
        ) from error


def _standardized(array: NDArray[Any]) -> NDArray[Any]:
    """As model.fit hands arrays on: floating-point numbers in Keras' own precision."""
    is_float = array.dtype.kind == "f" or array.dtype.name == "bfloat16"
    return array.astype(keras.config.floatx(), copy=False) if is_float else array


@contextmanager
def _random_states_kept() -> Iterator[None]:
    python_state, numpy_state = random.getstate(), np.random.get_state()  # noqa: NPY002
    try:
        yield
    finally:
        random.setstate(python_state)
        np.random.set_state(numpy_state)  # noqa: NPY002
