"""The greatest activation of every unit for each of many samples, and where it was.

Reduced within the compiled function, so that little leaves it. Knows no samples but as arrays.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

import keras
import numpy as np
from numpy.typing import NDArray

from tb_nnviz.model.activation_layouts import ModelHabits, find_activation_layout, find_habits
from tb_nnviz.model.capture import Capture
from tb_nnviz.model.layers import LayerEntry, list_layers
from tb_nnviz.model.predictions import choose_batch_size
from tb_nnviz.model.probe_inputs import ProbeInputs
from tb_nnviz.model.reduction import as_float32
from tb_nnviz.model.selection import CapturedCall

_VECTOR = 2


@dataclass(frozen=True)
class PeakCall:
    """A layer's output of which peaks are taken.

    Attributes:
        call: the captured tensor.
        unit_axis: which axis of it counts units.
        num_units: how many there are.
        sizes: lengths of the other axes but that over samples; () where units have no places.
    """

    call: CapturedCall
    unit_axis: int
    num_units: int
    sizes: tuple[int, ...]


@dataclass(frozen=True, eq=False)
class Peaks:
    """The peaks of one layer.

    Attributes:
        values: ``(sample, unit)`` float32, the greatest activation.
        places: ``(sample, unit)`` int, the first place where it is, row by row over the sizes.
    """

    values: NDArray[np.float32]
    places: NDArray[np.int64]


class PeakActivations:
    """Runs a model for the peaks of its layers.

    Args:
        model: a built model.
        inputs: of the shape and type of the samples; no more are computed at once than these.
        layers: which layers.
        choose: which of the captured tensors are of interest.
        max_units: the first so many units of each are kept.

    Attributes:
        calls: those that peaks are taken of, in the order of the model.
        skipped: layer path → why its output cannot be had.

    Raises:
        ValueError: the model does not accept the inputs.
    """

    def __init__(
        self,
        model: Any,
        inputs: ProbeInputs,
        layers: Sequence[LayerEntry],
        choose: Callable[[Sequence[CapturedCall]], Sequence[CapturedCall]],
        *,
        max_units: int,
    ) -> None:
        habits = find_habits(list_layers(model))
        found: dict[str, PeakCall] = {}

        def choose_with_units(calls: Sequence[CapturedCall]) -> list[CapturedCall]:
            found.clear()
            for call in choose(calls):
                peak = _find_units(call, habits)
                if peak is not None:
                    found[call.key] = peak
            return [peak.call for peak in found.values()]

        self._capture = Capture(
            model,
            inputs,
            layers=layers,
            batch_size=choose_batch_size(inputs),
            pre_activations=False,
            choose=choose_with_units,
            reduce=lambda call, tensor: _reduce(found[call.key], tensor, max_units),
        )
        self.calls = tuple(found[call.key] for call in self._capture.calls)
        self.skipped = dict(self._capture.skipped)

    def run(self, inputs: ProbeInputs) -> list[Peaks]:
        """The peaks of each of `calls`, for samples like those it was traced for."""
        arrays = self._capture.run(inputs)
        pairs = zip(arrays[::2], arrays[1::2], strict=True)
        return [Peaks(values, places.astype(np.int64)) for values, places in pairs]


def _find_units(call: CapturedCall, habits: ModelHabits) -> PeakCall | None:
    lengths = [length for length in call.shape[1:] if length is not None]
    if len(lengths) < len(call.shape) - 1 or not math.prod(lengths) or not lengths:
        return None
    if call.dtype.startswith("complex"):
        return None
    axis = len(lengths)
    if len(call.shape) > _VECTOR:
        layout = find_activation_layout(call.entry, len(call.shape), habits)
        if layout is not None and layout.channel is not None:
            axis = layout.channel
    sizes = tuple(length for place, length in enumerate(lengths, start=1) if place != axis)
    return PeakCall(call, axis, lengths[axis - 1], sizes)


def _reduce(peak: PeakCall, tensor: Any, max_units: int) -> tuple[Any, Any]:
    others = [axis for axis in range(1, len(tensor.shape)) if axis != peak.unit_axis]
    last = keras.ops.transpose(as_float32(tensor), (0, *others, peak.unit_axis))
    kept = last[..., : min(max_units, peak.num_units)]
    flat = keras.ops.reshape(kept, (int(tensor.shape[0]), -1, int(kept.shape[-1])))
    return keras.ops.max(flat, axis=1), keras.ops.cast(keras.ops.argmax(flat, axis=1), "int32")
