"""Which templates of a model are logged, and with which notes and labels: once a training.

Chooses layers and compiles what they need; computes no templates and makes no records.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from tb_nnviz.analysis.model_weights import plan_weights
from tb_nnviz.analysis.template_choice import VIEW, ChosenUnits, choose_units
from tb_nnviz.analysis.template_tiles import PlannedTemplates, TemplateOptions, TemplateTilesPlan
from tb_nnviz.analysis.template_values import choose_gate
from tb_nnviz.model.building import first_words
from tb_nnviz.model.linear.units import LinearUnits, variables_of
from tb_nnviz.model.linearization import find_candidates
from tb_nnviz.model.sample_panel import SamplePanel
from tb_nnviz.records import Notice


def plan_templates(
    model: Any,
    layers: Sequence[str] | None,
    options: TemplateOptions,
    panel: SamplePanel | None = None,
    class_names: Sequence[str] | None = None,
) -> TemplateTilesPlan:
    """Which templates of a built model are logged.

    Args:
        model: any built model.
        layers: names or globs; None for those that give scores, Dense layers, and convolutions as
            far as a step stays affordable.
        options: limits.
        panel: samples, which gated templates need, and whose shape tells a subclassed model's.
        class_names: names of the classes, by their index.

    Raises:
        ValueError: a name matches no layer.
    """
    candidates = find_candidates(
        model, layers, replace=not options.is_gated, input_shape=_shape_of(panel)
    )
    gated = panel if options.is_gated else None

    def products(units: LinearUnits) -> int:
        if gated is None:
            return 1
        gate = choose_gate(units, gated)
        return max(len(gate.samples_of(unit)) for unit in range(units.num_units)) or 1

    chosen, notices = choose_units(
        candidates, options.max_units, products, is_bounded=options.is_bounded
    )
    planned, failed = [], []
    for one in chosen:
        obstacle = _prepare(one, gated)
        if obstacle:
            failed.append(Notice(VIEW, one.units.key, f"No templates: {obstacle}."))
        else:
            planned.append(_plan(one, gated, class_names))
    said = [*notices, *failed]
    if not planned and not said:
        said.append(Notice(VIEW, "", "There are no templates to show of this model."))
    needed = {id(variable) for one in planned for variable in variables_of(one.units)}
    weights = plan_weights(model, None)[0] if planned else ()
    return TemplateTilesPlan(
        planned=tuple(planned),
        weights=tuple(weight for weight in weights if id(weight.weight.variable) in needed),
        options=options,
        max_tiles=options.max_units,
        notices=tuple(said),
    )


def _prepare(one: ChosenUnits, panel: SamplePanel | None) -> str:
    """Compiles what a layer needs; returns why that cannot be done, or ""."""
    if one.units.chain is not None and panel is None:
        return ""
    try:
        one.units.jacobian.prepare(max(one.count, panel.num_samples if panel else 0))
    except Exception as error:  # noqa: BLE001 - an operation without a gradient spares the others
        return f"its gradients cannot be computed ({first_words(error)})"
    return ""


def _plan(
    one: ChosenUnits, panel: SamplePanel | None, class_names: Sequence[str] | None
) -> PlannedTemplates:
    units = one.units
    gate = None if panel is None else choose_gate(units, panel)
    notes = units.notes
    if gate is not None:
        notes = (gate.describe(range(one.count)), *notes[1:])
    return PlannedTemplates(units, one.count, _labels(units, class_names), gate, notes)


def _labels(units: LinearUnits, class_names: Sequence[str] | None) -> tuple[str, ...]:
    """Class names of units that give the scores; of two classes one unit says the second."""
    if class_names is None or not units.gives_scores:
        return ()
    if len(class_names) == units.num_units:
        return tuple(class_names)
    is_binary = units.num_units == 1 and len(class_names) == 2  # noqa: PLR2004 - two classes
    return (class_names[1],) if is_binary else ()


def _shape_of(panel: SamplePanel | None) -> tuple[int, ...] | None:
    shape = None if panel is None else getattr(panel.inputs, "shape", None)
    return None if shape is None else tuple(shape[1:])
