"""Reading the panel from what the user gave: arrays are indexed, datasets read in order, once.

A dataset that shuffles is left where it is, see `tb_nnviz.model.dataset_copy`; random generators
that the user's own code draws from are put back, see `tb_nnviz.model.user_random_states`.
"""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray

from tb_nnviz.model.chosen_samples import BY_CLASS, EVENLY, ChosenSamples, describe_choice
from tb_nnviz.model.class_labels import (
    are_values,
    check_enough_names,
    count_classes,
    describe_target,
    read_classes,
)
from tb_nnviz.model.sample_arrays import (
    as_numpy,
    map_arrays,
    named_targets,
    split,
    standardized,
    take,
)
from tb_nnviz.model.sample_choice import choose_balanced, choose_evenly
from tb_nnviz.model.sample_panel import SamplePanel, compute_digest, named_inputs
from tb_nnviz.model.sample_stream import choose_from_dataset, is_dataset
from tb_nnviz.model.user_random_states import random_states_kept

# Targets are looked at in blocks, so that large ones are never held whole.
_BLOCK = 2048


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
    with random_states_kept(data):
        if is_dataset(data[0] if isinstance(data, tuple) else data):
            chosen = choose_from_dataset(data, limit, class_names)
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
        output=chosen.output,
        has_values=chosen.classes is None
        and chosen.targets is not None
        and are_values(as_numpy(chosen.targets)),
    )


def _choose_from_arrays(
    data: Any, limit: int, class_names: tuple[str, ...] | None
) -> ChosenSamples:
    inputs, targets = split(data)
    lengths = {len(array) for _, array in named_inputs(inputs)}
    outputs = named_targets(targets)
    lengths.update(len(array) for _, array in outputs)
    if len(lengths) != 1:
        raise ValueError(
            "Samples must have arrays of one length, and targets of the same; got lengths "
            f"{sorted(lengths)}."
        )
    num_samples = lengths.pop()
    by_class = ((name, array, _classes_of(array, class_names)) for name, array in outputs)
    found = next((one for one in by_class if one[2] is not None), None)
    name, array, classes = found or (*(outputs or [("", None)])[0], None)
    if classes is None:
        indices, how = choose_evenly(num_samples, limit), EVENLY
    else:
        indices, how = choose_balanced(classes, limit), BY_CLASS
    return ChosenSamples(
        inputs=map_arrays(inputs, lambda one: standardized(take(one, indices))),
        targets=None if array is None else take(array, indices),
        classes=None if classes is None else classes[indices],
        output=name,
        notes=describe_choice(len(indices), num_samples, how),
    )


def _classes_of(array: Any, class_names: tuple[str, ...] | None) -> NDArray[np.int64] | None:
    found = []
    for start in range(0, len(array), _BLOCK):
        block = as_numpy(array[start : start + _BLOCK])
        classes = read_classes(block, class_names)
        if classes is None:
            return None
        check_enough_names(classes, count_classes(block, None), class_names)
        found.append(classes)
    return np.concatenate(found)
