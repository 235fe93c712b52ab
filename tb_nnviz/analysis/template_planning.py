"""Which templates of a model are logged, and with which notes and labels: once a training.

Chooses layers and compiles what they need; computes no templates and makes no records.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from tb_nnviz.analysis.class_name_choice import choose_names
from tb_nnviz.analysis.model_weights import plan_weights
from tb_nnviz.analysis.template_choice import VIEW, ChosenUnits, choose_units, notice_refused
from tb_nnviz.analysis.template_labels import label_units, scores_classes_of
from tb_nnviz.analysis.template_tiles import PlannedTemplates, TemplateOptions, TemplateTilesPlan
from tb_nnviz.analysis.template_values import SampleGate, choose_gate
from tb_nnviz.model.error_text import first_words
from tb_nnviz.model.input_names import arrange_inputs
from tb_nnviz.model.linear.units import LinearUnits, variables_of
from tb_nnviz.model.linearization import find_candidates, refuse_not_linear
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
        panel: samples, which gated templates need; their shape tells a subclassed model's, and
            their targets whether scores are of classes.
        class_names: names of the classes, by their index; None for those that the panel's targets
            say.

    Raises:
        ValueError: a name matches no layer.
    """
    candidates = find_candidates(
        model,
        layers,
        replace=not options.is_gated,
        input_shape=None if panel is None else panel.input_shape,
    )
    gated = panel if options.is_gated else None
    inputs = () if gated is None else arrange_inputs(model, gated.inputs)

    def gate_of(units: LinearUnits) -> SampleGate | None:
        if gated is None:
            return None
        has_classes = scores_classes_of(units, gated, model)
        return choose_gate(units, gated, inputs, has_classes=has_classes)

    def products(units: LinearUnits) -> int:
        gate = gate_of(units)
        if gate is None:
            return 1
        return max(len(gate.samples_of(unit)) for unit in range(units.num_units)) or 1

    chosen, notices = choose_units(
        candidates, options.max_units, products, is_bounded=options.is_bounded
    )
    by_units = {id(one.units): one for one in candidates}
    refused = refuse_not_linear(
        [by_units[id(one.units)] for one in chosen],
        None if panel is None or panel.input_shape is None else panel.inputs,
    )
    left = {one.key for one in refused}
    chosen = tuple(one for one in chosen if one.units.key not in left)
    planned, failed = [], notice_refused(refused)
    for one in chosen:
        obstacle = _prepare(one, gated)
        if obstacle:
            failed.append(Notice(VIEW, one.units.key, f"No templates: {obstacle}."))
        else:
            is_other = panel is not None and not scores_classes_of(one.units, panel, model)
            names, cut = choose_names(
                class_names, one.units.num_units, num_outputs=one.units.num_outputs
            )
            labels = () if is_other else label_units(one.units, names, panel)
            planned.append(_plan(one, gate_of(one.units), labels, cut if labels else ()))
    renamed = {pair for one in planned for pair in one.renamed_inputs}
    said = [*notices, *failed, *(_say_renamed(*pair) for pair in sorted(renamed))]
    if not planned and not said:
        what = "this model" if layers is None else f"layers={list(layers)!r}"
        said.append(Notice(VIEW, "", f"There are no templates to show of {what}."))
    needed = {id(variable) for one in planned for variable in variables_of(one.units)}
    weights = plan_weights(model, None)[0] if planned else ()
    return TemplateTilesPlan(
        planned=tuple(planned),
        weights=tuple(weight for weight in weights if id(weight.weight.variable) in needed),
        options=options,
        max_tiles=options.max_units,
        notices=tuple(said),
    )


def _say_renamed(name: str, tag: str) -> Notice:
    return Notice(
        VIEW,
        "",
        f"Templates on the input {name!r} are logged as {tag!r}: {name!r} are the offsets.",
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
    one: ChosenUnits, gate: SampleGate | None, labels: tuple[str, ...], cut: tuple[str, ...]
) -> PlannedTemplates:
    notes = one.units.notes
    if gate is not None:
        notes = (gate.describe(range(one.count)), *notes[1:])
    return PlannedTemplates(one.units, one.count, labels, gate, (*notes, *cut))
