"""A confusion made of labels and outputs."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from collections.abc import Set as AbstractSet
from typing import Any

import numpy as np
from numpy.typing import ArrayLike, NDArray

from tb_nnviz.numerics.confusion import (
    rank_by_confidence,
    rank_samples_in_cells,
    sum_in_cells,
)
from tb_nnviz.records.arguments import (
    check_notes,
    check_real_numbers,
    check_share,
    check_source,
    check_text,
)
from tb_nnviz.records.class_predictions import (
    DEFAULT_THRESHOLD,
    ClassPredictions,
    read_class_predictions,
)
from tb_nnviz.records.confusion import Cell, CellSample, Confusion, Mistake
from tb_nnviz.records.confusion_codec import confusion_shape
from tb_nnviz.records.source import Source

DEFAULT_TOP_K = 8
MAX_MISTAKES = 64
_MOST_CLASSES = 10_000


def build_confusion(
    y_true: ArrayLike,
    y_pred: ArrayLike,
    *,
    class_names: Sequence[str] | None = None,
    sample_weight: ArrayLike | None = None,
    threshold: float = DEFAULT_THRESHOLD,
    from_logits: bool | None = None,
    top_k: int = DEFAULT_TOP_K,
    indices: NDArray[np.int64] | None = None,
    num_available: int | None = None,
    notes: Sequence[str] = (),
    source: Source | None = None,
) -> Confusion:
    """The confusion of labels and outputs.

    Args:
        y_true: labels, as `tb_nnviz.records.class_predictions.read_class_predictions` reads them.
        y_pred: outputs, likewise.
        class_names: a name for each class, or label; their indices where there are none. Of more
            names the first ones are taken, which a note says.
        sample_weight: ``(sample,)``, or None.
        threshold: what the probability of class 1 of two, or of a label, must exceed, from 0 to 1;
            refused for more classes, of which the greatest output decides.
        from_logits: whether the outputs are logits; None to tell by their values.
        top_k: how many samples are kept of each cell, from 0.
        indices: ``(sample,)`` int64, place of each in the data; their own where there are none.
        num_available: of how many the samples were chosen; None where not known.
        notes: sentences to show with it.
        source: where the predictions come from.

    Raises:
        TypeError, ValueError: an argument does not fit.
    """
    if not isinstance(from_logits, (bool, np.bool_, type(None))):
        raise TypeError(
            f"The `from_logits` argument must be True, False or None; got {from_logits!r}."
        )
    if class_names is not None:
        class_names = _check_texts(class_names)
    threshold = check_share("threshold", threshold)
    read = read_class_predictions(
        np.asarray(y_true),
        np.asarray(y_pred),
        threshold=threshold,
        from_logits=None if from_logits is None else bool(from_logits),
        num_classes=None if class_names is None else len(class_names),
    )
    names = _check_names(class_names, read.num_classes)
    num_samples = len(read.true)
    places = np.arange(num_samples) if indices is None else indices
    weights = None if sample_weight is None else _check_weights(sample_weight, num_samples)

    shape = confusion_shape(read.task, read.num_classes)
    rows, cells = _cells_of(read, shape)
    confidences = read.confidence[read.is_decided]
    ranked = rank_samples_in_cells(cells, confidences, top_k)
    counts = np.zeros(np.prod(shape), np.int64)
    counts[ranked.cells] = ranked.counts
    is_wrong = (read.true != read.predicted)[read.is_decided]
    worst = rank_by_confidence(is_wrong, confidences, MAX_MISTAKES)
    return Confusion(
        counts=counts.reshape(shape),
        class_names=names,
        task=read.task,
        cell_samples=_list_samples(
            ranked.cells,
            ranked.sizes,
            shape,
            places[rows[ranked.positions]],
            confidences[ranked.positions],
        ),
        mistakes=tuple(
            Mistake(
                int(places[rows[place]]), _unravel(cells[place], shape), float(confidences[place])
            )
            for place in worst
        ),
        weighted_counts=None
        if weights is None
        else _sum_weights(cells, weights[rows], ranked.cells, shape),
        threshold=read.threshold,
        top_k=top_k,
        num_samples=num_samples,
        num_available=num_available,
        num_undecided=int((~read.is_decided).sum()),
        notes=(
            *check_notes(notes),
            *read.notes,
            *describe_cut_names(class_names, read.num_classes),
        ),
        source=check_source(source or Source()),
    )


def _cells_of(
    read: ClassPredictions, shape: tuple[int, ...]
) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
    """The row and the cell of every decided sample, or pair of sample and label."""
    if read.task != "multi_label":
        cells = read.true * shape[1] + read.predicted
        return np.flatnonzero(read.is_decided), cells[read.is_decided]
    every = 4 * np.arange(shape[0]) + 2 * read.true + read.predicted
    return np.nonzero(read.is_decided)[0].astype(np.int64), every[read.is_decided]


def _list_samples(
    cells: NDArray[np.int64],
    sizes: NDArray[np.int64],
    shape: tuple[int, ...],
    indices: NDArray[np.int64],
    confidences: NDArray[np.float64],
) -> dict[Cell, tuple[CellSample, ...]]:
    samples = [
        CellSample(index, confidence)
        for index, confidence in zip(indices.tolist(), confidences.tolist(), strict=True)
    ]
    ends = np.cumsum(sizes).tolist()
    return {
        _unravel(cell, shape): tuple(samples[end - size : end])
        for cell, size, end in zip(cells, sizes.tolist(), ends, strict=True)
        if size
    }


def _sum_weights(
    cells: NDArray[np.int64],
    weights: NDArray[np.float64],
    found: NDArray[np.int64],
    shape: tuple[int, ...],
) -> NDArray[np.float64]:
    sums = np.zeros(np.prod(shape))
    sums[found] = sum_in_cells(cells, weights, found)
    return sums.reshape(shape)


def _check_names(class_names: Sequence[str] | None, count: int) -> tuple[str, ...]:
    if count > _MOST_CLASSES:
        raise ValueError(
            f"A confusion can have {_MOST_CLASSES:,} classes at most; got {count:,}. Group them."
        )
    if class_names is None:
        return tuple(str(index) for index in range(count))
    if len(class_names) < count:
        raise ValueError(
            f"The `class_names` argument must name every class; got {len(class_names)} names for "
            f"{count} classes."
        )
    return tuple(class_names[:count])


def describe_cut_names(class_names: Sequence[str] | None, count: int) -> tuple[str, ...]:
    """A note where there are more names than classes, of which the first are taken."""
    if class_names is None or len(class_names) <= count:
        return ()
    return (f"class_names has {len(class_names)} names for {count} classes: the first are taken",)


def _check_texts(class_names: object) -> tuple[str, ...]:
    # Neither the keys of a dict nor the members of a set say which index they are for.
    is_one = isinstance(class_names, (str, bytes, Mapping, AbstractSet))
    if is_one or not isinstance(class_names, Iterable):
        raise TypeError(
            "The `class_names` argument must be a list of names, one for each class in the order "
            f"of their indices, such as ['cat', 'dog']; got {class_names!r}."
        )
    return tuple(check_text("class_names", str(name)) for name in class_names)


def _check_weights(sample_weight: ArrayLike, num_samples: int) -> NDArray[np.float64]:
    weights = check_real_numbers("sample_weight", np.asarray(sample_weight)).astype(np.float64)
    if weights.shape == (num_samples, 1):
        weights = weights[:, 0]
    if weights.shape != (num_samples,) or not np.isfinite(weights).all():
        raise ValueError(
            "The `sample_weight` argument must have one finite number a sample; got shape "
            f"{weights.shape} for {num_samples} samples."
        )
    return weights


def _unravel(cell: Any, shape: tuple[int, ...]) -> Cell:
    return tuple(int(index) for index in np.unravel_index(int(cell), shape))
