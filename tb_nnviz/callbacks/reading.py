"""Whether samples may be read without changing the training."""

from __future__ import annotations

from typing import Any

from tb_nnviz.callbacks.fit_arguments import find_training_data
from tb_nnviz.model.dataset_ancestry import Cause, moves_with, reads_from

# Why samples and training data must not have that in common; and how to mend it.
_COMMON_ORIGINS: dict[Cause, str] = {
    "shuffle": "come from one shuffle, which has another order each time that either is read, so "
    "that reading samples would change the order of training",
    "draw": "come from one dataset that draws random numbers each time that either is read, so "
    "that reading samples might change those of training",
    "function": "run one Python function (of from_generator, numpy_function or py_function), "
    "whose state, if it has any, would go on by reading samples",
}
_ARRAYS = "or pass arrays, such as a batch of the dataset that you have read."
_WAYS_OUT: dict[Cause, str] = {
    "shuffle": "Split the data before it is shuffled and batched (or shuffle with "
    f"reshuffle_each_iteration=False and split after that), {_ARRAYS}",
    "draw": f"Split the data before the random map, {_ARRAYS}",
    "function": f"Make the dataset twice, so that each part has a function of its own, {_ARRAYS}",
}


def check_may_read(model: Any, data: Any) -> None:
    """Raises `ValueError` where reading samples would change the training.

    Args:
        model: that is being trained.
        data: of the samples, as a callback was given it.
    """
    source = data[0] if isinstance(data, tuple) else data
    trained_on = find_training_data(model)
    if reads_from(source, trained_on):
        raise ValueError(
            f"The samples (or validation_data) are the dataset that the model is trained on, or a "
            f"part of it, which is left for the training alone to read. {_WAYS_OUT['shuffle']}"
        )
    cause = moves_with(source, trained_on)
    if cause is not None:
        raise ValueError(
            f"The samples (or validation_data) and the dataset that the model is trained on "
            f"{_COMMON_ORIGINS[cause]}. {_WAYS_OUT[cause]}"
        )
