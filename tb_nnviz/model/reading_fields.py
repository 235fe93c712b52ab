"""Which part of the model's input one place of a layer's output reads.

Where the way to the layer is known, its receptive field; else the part of the input that the place
is over, as if the output were laid on the input.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

from tb_nnviz.model.layers import LayerEntry
from tb_nnviz.model.linear.graph import read_graph
from tb_nnviz.model.linear.named_calls import named_step
from tb_nnviz.model.linear.path import UnitPath, trace_units
from tb_nnviz.model.linear.receptive_field import find_receptive_fields

# First and last + 1 along an axis, as shares of its length.
Span = tuple[float, float]


@dataclass(frozen=True, eq=False)
class ReadingFields:
    """The fields of one layer.

    Attributes:
        path: to the layer's units; None where it is not known.
        sizes: lengths of the axes of its output that count places.
        place: of the input, among those that the path knows.
        input_shape: of the input, without the axis over samples.
        axes: which axes of the input the spans are of.
    """

    path: UnitPath | None
    sizes: tuple[int, ...]
    place: int
    input_shape: tuple[int, ...]
    axes: tuple[int, ...]
    _known: dict[tuple[int, ...], tuple[Span, ...]] = field(default_factory=dict)

    @property
    def are_known(self) -> bool:
        """Whether they are receptive fields, rather than where the output lies over the input."""
        return self.path is not None

    def at(self, position: tuple[int, ...]) -> tuple[Span, ...]:
        """What the units at a position read: a span for each of the axes.

        Args:
            position: an index for each of the sizes.
        """
        if position not in self._known:
            self._known[position] = self._find(position)
        return self._known[position]

    def _find(self, position: tuple[int, ...]) -> tuple[Span, ...]:
        if self.path is None:
            return _lay_over(position, self.sizes, len(self.axes))
        found = find_receptive_fields(self.path, position)[self.place]
        return tuple(
            (found[axis].start / self.input_shape[axis], found[axis].stop / self.input_shape[axis])
            for axis in self.axes
        )


def find_reading_fields(
    model: Any,
    entry: LayerEntry,
    sizes: Sequence[int],
    *,
    input_place: int,
    input_shape: tuple[int, ...],
    axes: tuple[int, ...],
) -> ReadingFields:
    """The fields of a layer.

    Args:
        model: a built model.
        entry: the layer.
        sizes: lengths of the axes of its output that count places.
        input_place: which of the model's inputs is looked at.
        input_shape: of it, without the axis over samples.
        axes: which of its axes are of interest, such as those of height and width.
    """
    path = _find_path(model, entry, tuple(sizes), input_place, input_shape)
    place = 0 if path is None else path.inputs.index(input_place)
    return ReadingFields(path, tuple(sizes), place, input_shape, axes)


def _find_path(
    model: Any,
    entry: LayerEntry,
    sizes: tuple[int, ...],
    input_place: int,
    input_shape: tuple[int, ...],
) -> UnitPath | None:
    try:
        graph = read_graph(model)
        path = None if graph is None else trace_units(graph, named_step(model, graph, entry.path))
    except Exception:  # noqa: BLE001 - there is another way, which is good enough
        return None
    if path is None or input_place not in path.inputs:
        return None
    places = tuple(size for axis, size in enumerate(path.shape) if axis not in (0, path.unit_axis))
    shape = path.input_shapes[path.inputs.index(input_place)]
    return path if places == sizes and _without_ones(shape) == _without_ones(input_shape) else None


def _without_ones(shape: tuple[int, ...]) -> tuple[int, ...]:
    """A shape without last axes of length 1, which Keras adds to samples and drops."""
    while shape and shape[-1] == 1:
        shape = shape[:-1]
    return shape


def _lay_over(position: tuple[int, ...], sizes: tuple[int, ...], num_axes: int) -> tuple[Span, ...]:
    spans = [
        (place / size, (place + 1) / size) for place, size in zip(position, sizes, strict=True)
    ]
    # Of a volume over a picture, the last axes; of a sequence over one, its steps are the rows.
    kept = spans[max(0, len(spans) - num_axes) :]
    return (*kept, *[(0.0, 1.0)] * (num_axes - len(kept)))
