"""Templates and offsets of some units of a layer: their numbers, by whichever way there is.

Joins the linear function with the weights, or with samples where the network's own Jacobian is
averaged over them.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from tb_nnviz.analysis.model_weights import PlannedWeight
from tb_nnviz.analysis.real_numbers import as_real_numbers
from tb_nnviz.model.linear.units import InputSpec, LinearUnits
from tb_nnviz.model.sample_panel import SamplePanel
from tb_nnviz.model.variables import WeightValues, copy_values

WeightCopies = Mapping[tuple[int, str], NDArray[Any]]


@dataclass(frozen=True)
class TemplateValues:
    """Numbers of some units.

    Attributes:
        templates: for each input ``(unit, *shape of its window)``.
        offsets: ``(unit,)``.
    """

    templates: tuple[NDArray[Any], ...]
    offsets: NDArray[Any]


@dataclass(frozen=True, eq=False)
class SampleGate:
    """Samples that the network's own Jacobian is averaged over.

    Attributes:
        panel: the samples.
        inputs: their arrays, in the order of the model's inputs.
        by_class: whether each unit has the samples of its own class.
    """

    panel: SamplePanel
    inputs: Sequence[NDArray[Any]]
    by_class: bool

    def samples_of(self, unit: int) -> NDArray[np.int64]:
        """Indices of the samples of a unit."""
        classes = self.panel.classes
        if not self.by_class or classes is None:
            return np.arange(self.panel.num_samples)
        return np.flatnonzero(classes == unit)

    def describe(self, units: Sequence[int]) -> str:
        """A note on what was averaged."""
        if not self.by_class:
            return f"mean Jacobian over {_count(self.panel.num_samples)}"
        counts = sorted({len(self.samples_of(unit)) for unit in units})
        if counts == [1]:
            return "mean Jacobian over the one sample of each class"
        span = str(counts[0]) if len(counts) == 1 else f"{counts[0]} to {counts[-1]}"
        return f"mean Jacobian over the {span} samples of each class"


def choose_gate(
    units: LinearUnits,
    panel: SamplePanel,
    inputs: Sequence[NDArray[Any]],
    *,
    has_classes: bool,
) -> SampleGate:
    """Which samples each unit has: those of its class where all are known, else all.

    Args:
        units: of a layer.
        panel: the samples.
        inputs: their arrays, in the order of the model's inputs.
        has_classes: whether the units score the output that the samples' classes are of.
    """
    classes, names = panel.classes, panel.class_names
    if classes is None or not has_classes or units.num_units == 1:
        return SampleGate(panel, inputs, by_class=False)
    fits = classes.max(initial=0) < units.num_units
    return SampleGate(
        panel, inputs, by_class=bool(fits and (names is None or len(names) == units.num_units))
    )


def copy_weights(
    needed: Iterable[tuple[Any, int | None, str]],
    planned: Sequence[PlannedWeight],
    values: WeightValues,
) -> WeightCopies:
    """Copies of weights in dtypes of NumPy's own, by identity of the layer and name.

    Args:
        needed: for each weight its layer, the layer's place in the order of the model, and its
            name.
        planned: those that all views share copies of.
        values: the copies of this step.
    """
    by_place = {(weight.source.layer_index, weight.source.role): weight for weight in planned}
    copies: dict[tuple[int, str], NDArray[Any]] = {}
    for layer, place, role in needed:
        weight = by_place.get((place, role))
        copied = (
            copy_values(getattr(layer, role))
            if weight is None
            else values.values_of(weight.key, weight.weight.read)
        )
        copies[id(layer), role] = as_real_numbers(copied)
    return copies


def compose_chain(
    units: LinearUnits, copies: WeightCopies, chosen: Sequence[int]
) -> TemplateValues:
    """By products of matrices, in float64; needs copies of the weights only.

    Args:
        units: that have a chain.
        copies: values of the weights, by identity of the layer and name.
        chosen: indices of units.
    """
    if units.chain is None:
        raise ValueError("The units have no chain of matrices.")
    templates, offsets = units.chain.compose(copies, chosen)
    return TemplateValues((templates,), offsets)


def differentiate(units: LinearUnits, chosen: Sequence[int]) -> TemplateValues:
    """By vector-Jacobian products of the model's current weights.

    Args:
        units: of a layer.
        chosen: indices of units.
    """
    gradients, offsets = units.jacobian.at_zero(chosen)
    return TemplateValues(_crop(gradients, units.inputs), offsets)


def differentiate_at_samples(
    units: LinearUnits, gate: SampleGate, chosen: Sequence[int]
) -> TemplateValues:
    """The mean Jacobian over samples, and the mean of what it leaves over: z − J·x.

    Args:
        units: of a layer of the network as it is.
        gate: the samples of each unit; a unit without any has zeros.
        chosen: indices of units.
    """
    used = [_as_input(np.asarray(gate.inputs[spec.place]), spec) for spec in units.inputs]
    pairs = [(row, sample) for row, unit in enumerate(chosen) for sample in gate.samples_of(unit)]
    sums = [np.zeros((len(chosen), *spec.shape)) for spec in units.inputs]
    offsets, counts = np.zeros(len(chosen)), np.zeros(len(chosen))
    step = max(1, units.jacobian.max_batch)
    for start in range(0, len(pairs), step):
        part = pairs[start : start + step]
        rows = np.array([row for row, _ in part])
        samples = np.array([sample for _, sample in part])
        inputs = [array[samples] for array in used]
        values, gradients = units.jacobian.at(inputs, [chosen[row] for row in rows])
        explained = sum(
            np.einsum("ij,ij->i", _flat(gradient), _flat(given))
            for gradient, given in zip(gradients, inputs, strict=True)
        )
        for total, gradient in zip(sums, gradients, strict=True):
            np.add.at(total, rows, gradient)
        np.add.at(offsets, rows, values.astype(np.float64) - explained)
        np.add.at(counts, rows, 1)
    divisor = np.maximum(counts, 1)
    means = [total / divisor.reshape(-1, *[1] * (total.ndim - 1)) for total in sums]
    return TemplateValues(_crop(means, units.inputs), offsets / divisor)


def _crop(arrays: Sequence[NDArray[Any]], specs: Sequence[InputSpec]) -> tuple[NDArray[Any], ...]:
    """Copies where something is cut, so that the rest is let go of."""
    return tuple(
        array if spec.window is None else array[(slice(None), *spec.window)].copy()
        for array, spec in zip(arrays, specs, strict=True)
    )


def _as_input(array: NDArray[Any], spec: InputSpec) -> NDArray[Any]:
    """Samples in the shape of an input, to which Keras adds a last axis of 1 where it lacks."""
    return array.reshape(len(array), *spec.shape).astype(np.float32, copy=False)


def _flat(array: NDArray[Any]) -> NDArray[np.float64]:
    return array.reshape(len(array), -1).astype(np.float64)


def _count(number: int) -> str:
    return "1 sample" if number == 1 else f"{number} samples"
