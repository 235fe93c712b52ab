"""The straight paths from baselines to samples, as tensors that a model can be given.

A path goes along the inputs that hold floats, and along what layers make of the others (see
`float_entries`); inputs that cannot move, such as text, stay as they are in the samples. Knows
arrays and which input they are of; knows no gradients.
"""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from itertools import count
from typing import Any

import keras
import numpy as np
from numpy.typing import NDArray

from tb_nnviz.model.float_entries import CallKey, FloatEntries, FloatEntry, has_embedding
from tb_nnviz.model.input_names import input_tensors, name_given_inputs, name_inputs
from tb_nnviz.model.probe_inputs import ProbeInputs
from tb_nnviz.model.sample_arrays import map_arrays

_NUMBERS = "biuf"
_MATRIX = 2


@dataclass(frozen=True, eq=False)
class PathPart:
    """One tensor that the path goes along.

    Attributes:
        place: which input its attributions are of.
        key: the call that makes it of the input; None where it is the input.
        layer_type: class name of the layer that does; "" where it is the input.
        ends: ``(samples, …)`` its values for the samples.
        starts: likewise for the baselines.
    """

    place: int
    key: CallKey | None
    layer_type: str
    ends: NDArray[Any]
    starts: NDArray[Any]

    @cached_property
    def differences(self) -> NDArray[np.float32]:
        """``(samples, …)`` x - x'."""
        with np.errstate(invalid="ignore", over="ignore"):
            return np.asarray(self.ends - self.starts, np.float32)


@dataclass(frozen=True, eq=False)
class ModelPaths:
    """The paths of all samples.

    Attributes:
        inputs: the samples; those that hold floats where the model takes them as such.
        parts: what the paths go along.
        moving: places of the inputs that have attributions.
        obstacles: place of another input → why it has none.
    """

    inputs: ProbeInputs
    parts: tuple[PathPart, ...]
    moving: tuple[int, ...]
    obstacles: Mapping[int, str] = field(default_factory=dict)

    @property
    def structure(self) -> tuple[tuple[int, CallKey | None], ...]:
        """What a function that was compiled for these paths is good for."""
        return tuple((part.place, part.key) for part in self.parts)

    @property
    def fixed(self) -> tuple[int, ...]:
        """Places of the inputs that are given to the model as they are in the samples."""
        replaced = {part.place for part in self.parts if part.key is None}
        return tuple(place for place in range(len(self.inputs.arrays)) if place not in replaced)

    @property
    def num_cells(self) -> int:
        """Values of the integrand of one sample: one for each value of the inputs with a path."""
        return sum(self._cells_of(place) for place in self.moving)

    def moves(self, sample: int) -> bool:
        """Whether a sample differs from its baseline."""
        return any(bool(part.differences[sample].any()) for part in self.parts)

    def points(self, samples: NDArray[np.intp], alphas: NDArray[np.float64]) -> list[NDArray[Any]]:
        """``(rows, …)`` of each part, x' + alpha (x - x'): exactly x' and x at both ends."""
        points = []
        for part in self.parts:
            rows = part.ends[samples]
            weights = alphas.astype(rows.dtype).reshape(-1, *[1] * (rows.ndim - 1))
            with np.errstate(invalid="ignore", over="ignore"):
                rows *= weights
                starts = part.starts[samples]
                if starts.any():
                    rows += starts * (1 - weights)
            points.append(rows)
        return points

    def integrands(
        self, samples: NDArray[np.intp], gradients: Sequence[NDArray[Any] | None]
    ) -> NDArray[np.float32]:
        """``(rows, cells)`` (x - x') dF/dx, in memory of its own.

        What a layer makes of one value of an input, such as the vector of a token, is summed.

        Args:
            samples: ``(rows,)`` index of the sample of each row.
            gradients: for each part ``(rows, …)``; None for zeros.
        """
        num_rows = len(samples)
        by_place: dict[int, NDArray[np.float32]] = {}
        for part, gradient in zip(self.parts, gradients, strict=True):
            if gradient is None:
                continue
            factors = part.differences[samples]
            with np.errstate(invalid="ignore", over="ignore"):
                factors *= gradient
            several = factors.reshape(num_rows, self._cells_of(part.place), -1)
            product = several[..., 0] if several.shape[-1] == 1 else several.sum(axis=-1)
            before = by_place.get(part.place)
            by_place[part.place] = product if before is None else before + product
        found = [
            by_place[place]
            if place in by_place
            else np.zeros((num_rows, self._cells_of(place)), np.float32)
            for place in self.moving
        ]
        return found[0] if len(found) == 1 else np.concatenate(found, axis=1)

    def by_place(
        self, gradients: Sequence[NDArray[Any] | None], points: Sequence[NDArray[Any]]
    ) -> list[NDArray[Any] | None]:
        """``(rows, …)`` gradients of each input; None where it has no path.

        What several calls make of one input is summed.

        Args:
            gradients: for each part; None for zeros.
            points: for each part, where they are.
        """
        found: list[NDArray[Any] | None] = [None] * len(self.inputs.arrays)
        for part, gradient, point in zip(self.parts, gradients, points, strict=True):
            own = np.zeros(point.shape, np.float32) if gradient is None else gradient
            before = found[part.place]
            found[part.place] = own if before is None else before + own
        return found

    def split_cells(self, cells: NDArray[Any]) -> list[NDArray[Any] | None]:
        """``(…, cells)`` as one array ``(…, *shape)`` for each input; None where it has no path."""
        found: list[NDArray[Any] | None] = [None] * len(self.inputs.arrays)
        start = 0
        for place in self.moving:
            shape = self.inputs.arrays[place].shape[1:]
            end = start + math.prod(shape)
            found[place] = cells[..., start:end].reshape((*cells.shape[:-1], *shape))
            start = end
        return found

    def _cells_of(self, place: int) -> int:
        return math.prod(self.inputs.arrays[place].shape[1:])


class PathFinder:
    """Which tensors the paths from baselines to some samples go along.

    Args:
        model: a built model.
        inputs: the samples.
        batch_size: how many are computed at once.

    Attributes:
        inputs: the samples, as the model takes them.

    Raises:
        ValueError: the model does not accept the samples.
    """

    def __init__(self, model: Any, inputs: ProbeInputs, *, batch_size: int = 32) -> None:
        self._model = model
        self._given = inputs
        self.inputs = as_taken(model, inputs)
        self._entries = FloatEntries(model, self.inputs, batch_size=batch_size)

    @property
    def places_of_indices(self) -> frozenset[int]:
        """Places of the inputs whose whole numbers an `Embedding` may look up."""
        if not has_embedding(self._model):
            return frozenset()
        return frozenset(
            place
            for place, array in enumerate(self._given.arrays)
            # Bytes of pictures are no indices.
            if array.dtype.kind in "biu" and not (array.dtype == np.uint8 and array.ndim > _MATRIX)
        )

    def as_taken(self, baselines: ProbeInputs) -> ProbeInputs:
        """Baselines as the model takes them."""
        return as_taken(self._model, baselines)

    def find(self, baselines: Sequence[ProbeInputs]) -> tuple[ModelPaths, ...]:
        """The paths from each of some baselines, with what layers make of the inputs now.

        Args:
            baselines: each of as many as there are samples.
        """
        taken = [self.as_taken(one) for one in baselines]
        entries = [self._entries.read(self.inputs, one) for one in taken]
        of_layers = {one.place for found in entries for one in found}
        moving, obstacles = [], {}
        for place, array in enumerate(self.inputs.arrays):
            if place in of_layers or array.dtype.kind == "f":
                moving.append(place)
            else:
                obstacles[place] = _describe_obstacle(array)
        return tuple(
            ModelPaths(
                self.inputs,
                (*_parts_of_layers(found), *self._parts_of_inputs(start, of_layers)),
                tuple(moving),
                obstacles,
            )
            for start, found in zip(taken, entries, strict=True)
        )

    def _parts_of_inputs(self, start: ProbeInputs, of_layers: set[int]) -> list[PathPart]:
        return [
            PathPart(place, None, "", array, start.arrays[place])
            for place, array in enumerate(self.inputs.arrays)
            if array.dtype.kind == "f" and place not in of_layers
        ]


def _parts_of_layers(entries: Sequence[FloatEntry]) -> list[PathPart]:
    return [
        PathPart(one.place, one.key, one.layer_type, one.outputs, one.baseline_outputs)
        for one in entries
    ]


def as_taken(model: Any, inputs: ProbeInputs) -> ProbeInputs:
    """The inputs with whole numbers as floats, where the model takes them so or does not say.

    Args:
        model: a built model.
        inputs: the samples, or baselines.
    """
    takes_whole = places_of_whole_numbers(model, inputs)
    arrays = tuple(
        array.astype(keras.config.floatx())
        if array.dtype.kind in "biu" and place not in takes_whole
        else array
        for place, array in enumerate(inputs.arrays)
    )
    return ProbeInputs(arrays, inputs.structure)


def places_of_whole_numbers(model: Any, inputs: ProbeInputs) -> set[int]:
    """Places of the inputs that the model says it takes as whole numbers.

    Args:
        model: any model.
        inputs: the samples.
    """
    tensors = dict(zip(name_inputs(model), input_tensors(model), strict=True))
    names = name_arrays(model, inputs)
    declared = [tensors.get(name) for name in names]
    return {
        place
        for place, tensor in enumerate(declared)
        if tensor is not None and "float" not in keras.backend.standardize_dtype(tensor.dtype)
    }


def name_arrays(model: Any, inputs: ProbeInputs) -> tuple[str, ...]:
    """A name for each of the flat arrays, as `name_given_inputs` gives them.

    Args:
        model: any model.
        inputs: the samples.
    """
    counter = count()
    # Flattening may bring the members of a dict into another order.
    places = keras.tree.flatten(map_arrays(inputs.structure, lambda _: next(counter)))
    names = name_given_inputs(model, inputs.structure)
    return tuple(names[place] for place in places)


def _describe_obstacle(array: NDArray[Any]) -> str:
    if array.dtype.kind not in _NUMBERS:
        return "it holds text, which no gradient passes"
    return (
        "it holds whole numbers, and no Embedding, Rescaling or Normalization makes floats of "
        "them for all of whose values attributions could stand"
    )
