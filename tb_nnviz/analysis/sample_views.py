"""Pictures of the samples of a validation set, as the model sees them, by their index."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray

from tb_nnviz.analysis.input_layout import InputLayout, find_input_layout, find_layout_obstacle
from tb_nnviz.analysis.real_numbers import as_real_numbers
from tb_nnviz.model.input_names import name_given_inputs, name_inputs
from tb_nnviz.model.sample_inputs import are_sequences, have_channels_first
from tb_nnviz.model.sample_panel import named_inputs
from tb_nnviz.model.validation_set import ValidationSet
from tb_nnviz.records import Meaning
from tb_nnviz.records.sample_pictures import LaidOut

_GRAY = 2


class SampleViews:
    """What of each sample is shown: its first input that can be a picture.

    Args:
        model: a built model.
        samples: of it.

    Attributes:
        axes: of the pictures; ``sample`` is the first.
        shape: of one picture.
        represents: what rows and columns of the pictures are where they are no places.
        meaning: of the values.
        input_place: which of the model's inputs is shown.
        input_shape: of it, without the axis over samples.
        obstacle: why there are no pictures, in words; "" where there are.
        notes: what of a sample is not in its picture.
    """

    def __init__(self, model: Any, samples: ValidationSet) -> None:
        self._samples = samples
        self._places = {int(index): place for place, index in enumerate(samples.indices)}
        self._addresses: dict[int, str] = {}
        self.obstacle = ""
        self.notes: tuple[str, ...] = ()
        self.axes: tuple[str, ...] = ()
        self.shape: tuple[int, ...] = ()
        self.represents: Mapping[str, str] = {}
        self.meaning: Meaning = "image"
        self.input_place = 0
        self.input_shape: tuple[int, ...] = ()
        first = samples.take(np.arange(1))
        arrays = [array for _, array in named_inputs(first)]
        sequences = are_sequences(model, first)
        obstacles = [find_layout_obstacle(array) for array in arrays]
        if all(obstacles):
            self.obstacle = obstacles[0]
            return
        self._input = obstacles.index("")
        self._layout: InputLayout = find_input_layout(
            arrays[self._input].shape[1:],
            is_sequence=sequences[self._input],
            channels_first=have_channels_first(model),
        )
        laid_out = self.lay_out(samples.indices[:1])
        self.axes, self.shape = laid_out.axes, laid_out.values.shape[1:]
        self.represents, self.meaning = laid_out.represents, laid_out.meaning
        self.input_shape = self._layout.shape
        own, name = name_inputs(model), name_given_inputs(model, first)[self._input]
        self.input_place = own.index(name) if name in own else self._input
        self.notes = self._describe(len(arrays))

    @property
    def picture_axes(self) -> tuple[int, ...]:
        """Which axes of the input are height and width; of a vector its only one, the width."""
        rank = len(self.input_shape)
        if rank <= 1:
            return tuple(range(rank))
        last = rank if self._layout.channels_first or rank == _GRAY else rank - 1
        return (last - 2, last - 1)

    def lay_out(self, indices: NDArray[np.int64]) -> LaidOut:
        """Some samples as pictures; channels that are no colours, and slices, are averaged.

        Args:
            indices: of the samples in the data.
        """
        layout = self._layout
        _, array = named_inputs(self._samples.take(self._places_of(indices)))[self._input]
        values = as_real_numbers(layout.lay_out(array))
        axes = layout.axes
        for name in ("depth", "channel"):
            if name in axes:
                values = values.mean(axis=axes.index(name), dtype=np.float32)
                axes = tuple(axis for axis in axes if axis != name)
        return LaidOut(values, axes, layout.represents, layout.meaning)

    def address(self, indices: NDArray[np.int64]) -> Sequence[str]:
        """The addresses of some samples.

        Args:
            indices: of the samples in the data.
        """
        unknown = [int(index) for index in indices if int(index) not in self._addresses]
        if unknown:
            found = self._samples.addresses(self._places_of(unknown))
            self._addresses.update(zip(unknown, found, strict=True))
        return [self._addresses[int(index)] for index in indices]

    def _places_of(self, indices: Iterable[int]) -> NDArray[np.int64]:
        return np.array([self._places[int(index)] for index in indices], np.int64)

    def _describe(self, num_inputs: int) -> tuple[str, ...]:
        notes = []
        if num_inputs > 1:
            notes.append(f"pictures are of one of {num_inputs} inputs")
        averaged = [name for name in ("channel", "depth") if name in self._layout.axes]
        if averaged:
            names = {"channel": "channels", "depth": "slices"}
            words = " and ".join(names[name] for name in averaged)
            notes.append(f"pictures are the mean over {words}")
        return tuple(notes)
