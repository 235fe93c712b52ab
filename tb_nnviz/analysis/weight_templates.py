"""`weight_templates`: what each unit of a layer looks for in the model's input."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from numbers import Integral
from typing import Any

import numpy as np
from numpy.typing import NDArray

from tb_nnviz.analysis.template_labels import scores_classes_of
from tb_nnviz.analysis.template_values import (
    TemplateValues,
    choose_gate,
    compose_chain,
    differentiate,
    differentiate_at_samples,
)
from tb_nnviz.model.input_names import arrange_inputs
from tb_nnviz.model.linear.affine_chain import read_values
from tb_nnviz.model.linearization import LinearUnits, NotLinearError, check_model, find_units
from tb_nnviz.model.sample_panel import SamplePanel
from tb_nnviz.model.sample_reading import read_panel
from tb_nnviz.model.samples import check_samples, describe_samples

GATES = (None, "samples")
# Samples beyond say no more of a mean; the panel's rule chooses among them.
MAX_GATE_SAMPLES = 1024


@dataclass(frozen=True, eq=False)
class WeightTemplateResult:
    """Templates of units of one layer.

    A unit's value before its own activation is ``(x * template).sum() + offset`` for a network
    that is linear up to it; for others it is what the notes say.

    Attributes:
        templates: ``(units, *input_shape)``, float32 or float64; of a layer with many positions,
            such as a convolution, what the unit at the central one looks at. A dict of such by
            input name where the units depend on several inputs.
        offsets: ``(units,)``.
        exact: whether nothing was replaced on the way from the input.
        notes: ``"exact"``, or what was replaced, such as ``"ignores 2 ReLU"``; and what the units
            are, such as ``"before softmax"``.
        layer: canonical path of the layer.
        units: indices of the units, in the order of the templates.
        window: which part of the input, without the batch axis, the templates cover; None for
            all of it. By input name where there are several.
    """

    templates: Any
    offsets: NDArray[Any]
    exact: bool
    notes: tuple[str, ...]
    layer: str
    units: tuple[int, ...]
    window: Any = None


def weight_templates(
    model: Any,
    layer: str | None = None,
    *,
    units: Sequence[int] | None = None,
    gate: str | None = None,
    samples: Any = None,
) -> WeightTemplateResult:
    """The template of each unit of a layer: the input it looks for, in the input's shape.

    For a chain of Dense layers it is the unit's column of the product of their matrices, in
    float64. For other graphs it is the row of the network's Jacobian, with activations replaced by
    the identity and max pooling by average pooling, which is exact, and independent of the input,
    where nothing was replaced. The unit's own activation is not part of it.

    Args:
        model: any built Keras model.
        layer: canonical path or name of a layer, with ``#2`` for its second call; None for the
            one that gives the model's scores.
        units: indices, from the end where negative; None for all.
        gate: None, or ``"samples"`` for the mean Jacobian of the network as it is over samples: of
            the unit's own class where it gives scores and the samples have labels, else over all.
        samples: for the gate: x, ``(x, y)``, a dataset, or a `SamplePanel`. Up to 1,024 are used.

    Raises:
        TypeError, ValueError: the layer or a unit does not exist, the model is not built or has
            several outputs, or the gate and the samples do not fit.
        NotLinearError: a `ValueError` that names the operation at which the composition ends.

    Example:
        >>> result = weight_templates(model)
        >>> result.templates.shape, result.notes
        ((10, 28, 28), ('ignores 2 ReLU', 'before softmax'))
    """
    check_model(model)
    _check_gate(gate, samples)
    if layer is not None and not isinstance(layer, str):
        raise TypeError(f"The `layer` argument must be the name of a layer or None; got {layer!r}.")
    if gate is None:
        found = find_units(model, layer)
        chosen = _check_units(units, found)
        values = (
            differentiate(found, chosen)
            if found.chain is None
            else compose_chain(found, read_values(found.chain), chosen)
        )
        return _result(found, chosen, values)
    panel = _read_samples(model, samples)
    found = find_units(model, layer, replace=False, input_shape=panel.input_shape)
    chosen = _check_units(units, found)
    has_classes = scores_classes_of(found, panel, model)
    gated = choose_gate(found, panel, arrange_inputs(model, panel.inputs), has_classes=has_classes)
    _check_gated_units(gated.by_class, [len(gated.samples_of(unit)) for unit in chosen], chosen)
    values = differentiate_at_samples(found, gated, chosen)
    notes = (gated.describe(chosen), *found.notes[1:])
    return _result(replace(found, is_exact=False, notes=notes), chosen, values)


def _result(
    found: LinearUnits, chosen: Sequence[int], values: TemplateValues
) -> WeightTemplateResult:
    names = [spec.name for spec in found.inputs]
    windows = [spec.window for spec in found.inputs]
    is_one = len(names) == 1
    return WeightTemplateResult(
        templates=values.templates[0]
        if is_one
        else dict(zip(names, values.templates, strict=True)),
        offsets=values.offsets,
        exact=found.is_exact,
        notes=found.notes,
        layer=found.key,
        units=tuple(chosen),
        window=windows[0] if is_one else dict(zip(names, windows, strict=True)),
    )


def _check_gate(gate: object, samples: object) -> None:
    if gate not in GATES:
        raise ValueError(f"The `gate` argument must be None or 'samples'; got {gate!r}.")
    if gate is not None and samples is None:
        raise ValueError(
            "The `gate` argument asks for the mean Jacobian over samples; pass samples=x, or "
            "samples=(x, y), too."
        )
    if gate is None and samples is not None:
        raise ValueError(
            "The `samples` argument is used with gate='samples' only; templates composed of the "
            "weights depend on no samples."
        )
    if samples is None or isinstance(samples, SamplePanel):
        return
    if isinstance(samples, (tuple, list, Mapping)) and not samples:
        raise ValueError(
            f"The `samples` argument must hold at least one array, such as x or (x, y); got "
            f"{samples!r}."
        )
    describe_samples(samples, may_read=False)


def _check_units(units: Sequence[int] | None, found: LinearUnits) -> list[int]:
    if units is None:
        return list(range(found.num_units))
    if isinstance(units, (str, bytes)) or not hasattr(units, "__iter__"):
        raise TypeError(f"The `units` argument must be a list of indices or None; got {units!r}.")
    chosen = list(units)
    if not all(isinstance(unit, (Integral, np.integer)) for unit in chosen):
        raise TypeError(f"The `units` argument must be a list of indices or None; got {units!r}.")
    wrong = [unit for unit in chosen if not -found.num_units <= unit < found.num_units]
    if wrong or not chosen:
        raise ValueError(
            f"The `units` argument must name units of layer {found.key!r}, which has "
            f"{found.num_units} (0 to {found.num_units - 1}); got {list(map(int, chosen))}."
        )
    return [int(unit) % found.num_units for unit in chosen]


def _check_gated_units(by_class: bool, counts: Sequence[int], chosen: Sequence[int]) -> None:  # noqa: FBT001
    without = [unit for unit, count in zip(chosen, counts, strict=True) if not count]
    if by_class and without:
        raise ValueError(
            f"The `samples` have none of the classes {without}. Pass samples of every class, or "
            f"choose units by `units`."
        )


def _read_samples(model: Any, samples: Any) -> SamplePanel:
    if isinstance(samples, SamplePanel):
        panel = samples
    else:
        panel = read_panel(samples, limit=MAX_GATE_SAMPLES, class_names=None)
    check_samples(model, describe_samples((panel.inputs,)))
    return panel


__all__ = ["NotLinearError", "WeightTemplateResult", "weight_templates"]
