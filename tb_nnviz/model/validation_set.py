"""Many samples with their targets: what a training is validated with, or a part of it.

Arrays are indexed where they are; of datasets what is read is held in memory, up to a number of
bytes. Knows what users give; knows no model.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace
from typing import Any

import keras
import numpy as np
from numpy.typing import NDArray

from tb_nnviz.model.sample_arrays import as_numpy, map_arrays, named_targets, split, standardized
from tb_nnviz.model.sample_panel import address_inputs, named_inputs
from tb_nnviz.model.sample_stream import is_dataset, read_batches
from tb_nnviz.model.user_random_states import random_states_kept

# Of a dataset, whose samples must be held to be looked at again at each step.
MAX_HELD_BYTES = 1 << 29
# Of samples that are looked at together: a block may be a copy of them in another precision.
_BYTES_AT_ONCE = 1 << 27
_WEIGHT = 2
# Samples whose values are in the digest, beside all targets, at most so many and so large in all:
# hashing a whole set takes seconds.
_DIGEST_SAMPLES = 512
_DIGEST_BYTES = 1 << 25
# The largest batch of a prediction; smaller blocks would be filled up to it.
_SMALLEST_BLOCK = 128


@dataclass(frozen=True, eq=False)
class ValidationSet:
    """Samples that a model is asked about at each step.

    Attributes:
        inputs: an array, or a list, tuple or dict of arrays, of all samples that are held.
        rows: ``(sample,)`` int64, the row of each sample in the inputs.
        indices: ``(sample,)`` int64, its place in what the user gave.
        targets: by output ("" where there is one), one row a sample.
        weights: by output likewise, one number a sample.
        num_available: of how many the samples are; None where there may be more.
    """

    inputs: Any
    rows: NDArray[np.int64]
    indices: NDArray[np.int64]
    targets: Mapping[str, NDArray[Any]] = field(default_factory=dict)
    weights: Mapping[str, NDArray[Any]] = field(default_factory=dict)
    num_available: int | None = None

    @property
    def num_samples(self) -> int:
        """How many there are."""
        return len(self.rows)

    def take(self, places: NDArray[np.int64]) -> Any:
        """The inputs of some samples, as Keras hands them to a model.

        Args:
            places: of the samples in this set, from 0.
        """
        rows = self.rows[places]
        return map_arrays(self.inputs, lambda array: standardized(_rows(array, rows)))

    def blocks(self, size: int) -> Iterator[Any]:
        """The inputs of all samples in order, ``size`` at a time, or fewer where they are large.

        Args:
            size: how many at a time at most.
        """
        fitting = _BYTES_AT_ONCE // max(1, self._bytes_per_sample())
        size = min(size, max(1, fitting // _SMALLEST_BLOCK) * _SMALLEST_BLOCK)
        for start in range(0, self.num_samples, size):
            yield self.take(np.arange(start, min(start + size, self.num_samples)))

    def addresses(self, places: NDArray[np.int64]) -> list[str]:
        """The address of the inputs of some samples, see `tb_nnviz.records.addresses`.

        Args:
            places: of the samples in this set, from 0.
        """
        size = max(1, _BYTES_AT_ONCE // max(1, self._bytes_per_sample()))
        found: list[str] = []
        for start in range(0, len(places), size):
            found += address_inputs(self.take(places[start : start + size]))
        return found

    def _bytes_per_sample(self) -> int:
        return sum(array.nbytes for _, array in named_inputs(self.take(np.arange(1))))

    def thinned(self, num_samples: int) -> ValidationSet:
        """So many of the samples, evenly spaced; all where there are no more."""
        if num_samples >= self.num_samples:
            return self
        kept = space_evenly(self.num_samples, num_samples)
        return replace(
            self,
            rows=self.rows[kept],
            indices=self.indices[kept],
            targets={name: array[kept] for name, array in self.targets.items()},
            weights={name: array[kept] for name, array in self.weights.items()},
        )

    def compute_digest(self) -> str:
        """Equal for equal sets only, in 16 hexadecimal digits.

        It is of all targets and places, and of the values of up to 512 evenly spaced samples,
        fewer where these have more than 32 MB.
        """
        digest = hashlib.blake2b(self.indices.tobytes(), digest_size=8)
        for name, array in sorted(self.targets.items()):
            digest.update(repr((name, array.shape)).encode())
            digest.update(np.ascontiguousarray(array).tobytes())
        fitting = max(1, _DIGEST_BYTES // max(1, self._bytes_per_sample()))
        places = space_evenly(self.num_samples, min(self.num_samples, _DIGEST_SAMPLES, fitting))
        digest.update("".join(self.addresses(places)).encode())
        return digest.hexdigest()


def space_evenly(num_samples: int, num_chosen: int) -> NDArray[np.int64]:
    """``(num_chosen,)`` places from 0 to ``num_samples`` − 1, evenly spaced, the first one 0."""
    return np.arange(num_chosen, dtype=np.int64) * num_samples // max(1, num_chosen)


def read_validation_set(data: Any, *, max_samples: int) -> ValidationSet:
    """The validation set in what the user gave.

    Of arrays with more samples they are evenly spaced. Datasets are read in order, up to
    ``max_samples`` samples or `MAX_HELD_BYTES`.

    Args:
        data: as `tb_nnviz.model.samples.describe_samples` accepts it.
        max_samples: how many samples at most.

    Raises:
        TypeError: the data cannot be read as arrays.
        ValueError: there is no sample, or lengths differ.
    """
    with random_states_kept(data):
        if is_dataset(data[0] if isinstance(data, tuple) else data):
            return _read_dataset(data, max_samples)
        return _read_arrays(data, max_samples)


def _read_arrays(data: Any, max_samples: int) -> ValidationSet:
    inputs, targets = split(data)
    given = data[_WEIGHT] if isinstance(data, tuple) and len(data) > _WEIGHT else None
    inputs = map_arrays(inputs, _indexable)
    outputs, weights = dict(named_targets(targets)), dict(named_targets(given))
    arrays = [array for _, array in named_inputs(inputs)]
    lengths = {len(array) for array in (*arrays, *outputs.values(), *weights.values())}
    if len(lengths) != 1 or lengths == {0}:
        raise ValueError(
            "validation_data must have arrays of one length, with at least one sample; got lengths "
            f"{sorted(lengths)}."
        )
    num_samples = lengths.pop()
    rows = space_evenly(num_samples, min(num_samples, max_samples))
    return ValidationSet(
        inputs,
        rows,
        rows,
        {name: _rows(_indexable(array), rows) for name, array in outputs.items()},
        {name: _rows(_indexable(array), rows) for name, array in weights.items()},
        num_samples,
    )


def _read_dataset(data: Any, max_samples: int) -> ValidationSet:
    structure: Any = None
    held: list[_HeldRows] = []
    targets: dict[str, list[NDArray[Any]]] = {}
    weights: dict[str, list[NDArray[Any]]] = {}
    num_read = num_bytes = 0
    is_whole = True
    for batch in read_batches(data):
        inputs, given = split(batch)
        structure = inputs if structure is None else structure
        arrays = [standardized(as_numpy(array)) for _, array in named_inputs(inputs)]
        size = len(arrays[0])
        room = max_samples - num_read
        if num_bytes and num_bytes + sum(array.nbytes for array in arrays) > MAX_HELD_BYTES:
            room = 0
        if size > room:
            is_whole, size = False, room
        if not size:
            break
        held = held or [_HeldRows(array, max_samples) for array in arrays]
        for rows, array in zip(held, arrays, strict=True):
            rows.append(array[:size])
        num_read += size
        num_bytes += sum(array[:size].nbytes for array in arrays)
        of_weights = batch[_WEIGHT] if isinstance(batch, tuple) and len(batch) > _WEIGHT else None
        for found, store in ((given, targets), (of_weights, weights)):
            for name, array in named_targets(found):
                store.setdefault(name, []).append(np.array(as_numpy(array)[:size]))
        if not is_whole:
            break
    if not num_read:
        raise ValueError("validation_data must hold at least one sample; got an empty dataset.")
    joined = iter([rows.all() for rows in held])
    places = np.arange(num_read, dtype=np.int64)
    return ValidationSet(
        map_arrays(structure, lambda _: next(joined)),
        places,
        places,
        {name: _concatenate(several) for name, several in targets.items()},
        {name: _concatenate(several) for name, several in weights.items()},
        num_read if is_whole else None,
    )


class _HeldRows:
    """Samples of one input, copied batch by batch into an array that is there from the start.

    Memory that was never written to is not taken, so that the samples are held once.

    Args:
        first: a batch, for its shape and dtype.
        max_samples: how many rows there may be.
    """

    def __init__(self, first: NDArray[Any], max_samples: int) -> None:
        per_sample = max(1, first[:1].nbytes)
        capacity = min(max_samples, max(len(first), MAX_HELD_BYTES // per_sample))
        self._array = np.empty((capacity, *first.shape[1:]), first.dtype)
        self._length = 0

    def append(self, rows: NDArray[Any]) -> None:
        """Copies a batch; raises `ValueError` where its samples have another shape."""
        if rows.shape[1:] != self._array.shape[1:]:
            raise ValueError(
                "Samples of validation_data must have one shape; got "
                f"{sorted({rows.shape[1:], self._array.shape[1:]})}. Pad or resize them."
            )
        end = self._length + len(rows)
        self._array[self._length : end] = rows
        self._length = end

    def all(self) -> NDArray[Any]:
        """What was copied."""
        return self._array[: self._length]


def _concatenate(parts: Any) -> NDArray[Any]:
    shapes = {part.shape[1:] for part in parts}
    if len(shapes) > 1:
        raise ValueError(
            f"Targets of validation_data must have one shape; got {sorted(shapes)}. Pad them."
        )
    return np.concatenate(parts)


def _indexable(array: Any) -> Any:
    """The array as it is where it is NumPy's or lies in a file; else as one of NumPy's."""
    is_held = keras.ops.is_tensor(array) or hasattr(array, "toarray")
    return as_numpy(array) if is_held or not hasattr(array, "shape") else array


def _rows(array: Any, rows: NDArray[np.int64]) -> NDArray[Any]:
    if not len(rows):
        return as_numpy(array[:0])
    first, last = int(rows[0]), int(rows[-1])
    if last - first + 1 == len(rows) and (np.diff(rows) == 1).all():
        return as_numpy(array[first : last + 1])
    if isinstance(array, np.ndarray):
        return array[rows]
    return np.stack([as_numpy(array[int(row) : int(row) + 1])[0] for row in rows])
