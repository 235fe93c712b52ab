"""Which attributions of a panel are logged: arguments checked against a model, once a training."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from typing import Any

import numpy as np

from tb_nnviz.analysis.attribution_options import AttributionOptions
from tb_nnviz.analysis.attribution_records import AttributionLabels, has_scores
from tb_nnviz.analysis.attribution_targets import LABEL, PREDICTION, Targets, is_label
from tb_nnviz.analysis.attribution_tiles import AttributionTilesPlan
from tb_nnviz.analysis.attribution_words import describe_obstacles
from tb_nnviz.analysis.class_name_choice import choose_names
from tb_nnviz.analysis.explained_model import describe_attributions
from tb_nnviz.analysis.input_layout import find_input_layout, find_layout_obstacle
from tb_nnviz.analysis.map_layout import VIEW, MapLayout
from tb_nnviz.analysis.path_attributions import PathAttributions
from tb_nnviz.analysis.path_trials import check_function, measure_node
from tb_nnviz.model.class_labels import describe_class
from tb_nnviz.model.path_inputs import ModelPaths
from tb_nnviz.model.probe_inputs import read_inputs
from tb_nnviz.model.sample_inputs import are_sequences, have_channels_first
from tb_nnviz.model.sample_panel import SamplePanel
from tb_nnviz.records import Notice

# With fewer places on their paths most samples would not converge: rather fewer samples.
_FEWEST_NODES = 33
_MAX_BATCH = 32
_BATCH_BYTES = 4_000_000


def check_attributions(model: Any, panel: SamplePanel, options: AttributionOptions) -> None:
    """Raises `TypeError` or `ValueError` for what does not fit a built model and its samples.

    Args:
        model: that is to be trained.
        panel: the samples.
        options: what is asked for.
    """
    _check_order(panel, options)
    attributions = _make_attributions(model, panel, options)
    paths = attributions.find_paths()
    if not is_label(options.targets):
        explained = attributions.explain(options.targets)
        if options.choice.function is not None:
            check_function(attributions, paths, explained)


def plan_attributions(
    model: Any,
    panel: SamplePanel,
    options: AttributionOptions,
    class_names: Sequence[str] | None = None,
) -> AttributionTilesPlan:
    """The plan to explain a panel of samples; the model is compiled here.

    Args:
        model: a built model.
        panel: the samples.
        options: what is asked for.
        class_names: names of the classes by index, or None.

    Raises:
        TypeError, ValueError: an option does not fit the model or the samples.
    """
    attributions = _make_attributions(model, panel, options)
    chosen = attributions.chosen
    if options.max_seconds is not None and len(chosen.shape) > 1:
        shape = "×".join(str(length) for length in chosen.shape)
        raise ValueError(
            f"the output has {shape} values a sample, which are no scores of classes. The callback "
            "IntegratedGradients explains a function of them (targets=lambda output: "
            "output[:, 5, 5, 0]), or a value by its index"
        )
    has_classes = _has_classes(panel, attributions)
    targets, notices = _choose_targets(panel, options, attributions)
    paths = attributions.find_paths()
    layouts, obstacles = _lay_out(model, panel, attributions, paths[0], options)
    notices += [Notice(VIEW, "", f"{text[0].upper()}{text[1:]}.") for text in obstacles]
    if not layouts:
        notices.append(Notice(VIEW, "", "There are no attributions to show of this model."))
    count = panel.num_samples
    if layouts and options.max_seconds is not None:
        count, cap, too_slow = _affordable(attributions, paths, targets, options)
        options = replace(options, max_evaluations=cap)
        notices += [Notice(VIEW, "", text) for text in too_slow]
    num_classes = attributions.output.num_classes
    if layouts and not has_scores(num_classes):
        message = (
            f"The scores of {num_classes:,} classes are not logged; classes are told by index."
        )
        notices.append(Notice(VIEW, "", message))
    names, cut = choose_names(class_names, num_classes, num_outputs=attributions.output.num_outputs)
    labels = AttributionLabels(
        # Labels of another output are not to be read beside what this one predicts.
        samples=() if panel.labels is None or not chosen.is_of_labels else panel.labels,
        num_samples=panel.num_samples,
        classes=_name_classes(attributions, names),
        digest=panel.digest,
        notes=(
            *_describe(model, attributions, paths, targets, options, has_classes=has_classes),
            *cut,
        ),
        has_classes=has_classes,
    )
    return AttributionTilesPlan(
        attributions, options, targets, tuple(layouts), labels, count, tuple(notices)
    )


def _check_order(panel: SamplePanel, options: AttributionOptions) -> None:
    """Raises if an argument has an entry for each sample, and the panel another order of them."""
    per_sample = ["baselines" for one in options.baselines if one.is_per_sample(panel.inputs)]
    if isinstance(options.targets, np.ndarray):
        per_sample.insert(0, "targets")
    if per_sample and (panel.labels is not None or panel.notes):
        raise ValueError(
            f"The `{per_sample[0]}` argument has an entry for each sample, but samples with labels "
            "are sorted by class, and of more than 64 some are chosen. Pass samples=x alone, at "
            f"most 64 of them, in the order of `{per_sample[0]}`."
        )


def _make_attributions(
    model: Any, panel: SamplePanel, options: AttributionOptions
) -> PathAttributions:
    inputs = read_inputs(panel.inputs)
    # Batches of large samples are small, so that a model needs no more memory than in training.
    sample_bytes = sum(array[:1].nbytes for array in inputs.arrays)
    batch_size = max(1, min(_MAX_BATCH, _BATCH_BYTES // max(1, sample_bytes)))
    choice = replace(options.choice, label_output=panel.output)
    return PathAttributions(model, inputs, options.baselines, choice, batch_size=batch_size)


def _choose_targets(
    panel: SamplePanel, options: AttributionOptions, attributions: PathAttributions
) -> tuple[Targets, list[Notice]]:
    """The targets with labels as indices; the prediction, and a notice, where they say none."""
    if not is_label(options.targets):
        return options.targets, []
    chosen = attributions.chosen
    classes = panel.classes
    if chosen.num_classes == 1:
        return PREDICTION, []  # a regression: there is one value to explain
    if not _has_classes(panel, attributions):
        message = (
            f"Of {chosen.num_classes} output values that are no classes the greatest is explained "
            "of each sample; targets= chooses another."
        )
        return PREDICTION, [Notice(VIEW, "", message)]
    if classes is None:
        why = "the samples have no labels" + (" that name a class" if panel.labels else "")
    elif not chosen.is_of_labels:
        why = "the labels are of another output (output_name= names the one to explain)"
    elif classes.max(initial=-1) >= chosen.num_classes:
        why = f"the labels go up to {classes.max()}, and the output has {chosen.num_classes} values"
    else:
        return classes, []
    message = f"The predicted class is explained instead of the label: {why}."
    return PREDICTION, [Notice(VIEW, "", message)]


def _has_classes(panel: SamplePanel, attributions: PathAttributions) -> bool:
    """False where several values without softmax or sigmoid have targets that are values, too."""
    output = attributions.output
    is_regression = panel.has_values and output.is_of_labels and output.activation is None
    return not (is_regression and output.num_classes > 1)


def _lay_out(
    model: Any,
    panel: SamplePanel,
    attributions: PathAttributions,
    paths: ModelPaths,
    options: AttributionOptions,
) -> tuple[list[MapLayout], list[str]]:
    """How maps of each input are laid out, and why some have none."""
    flags = dict(
        zip(
            attributions.given_names,
            are_sequences(model, panel.inputs),
            strict=True,
        )
    )
    channels_first = have_channels_first(model)
    layouts, obstacles = [], list(describe_obstacles(paths.obstacles, attributions.names))
    is_one = len(attributions.names) == 1
    for place in paths.moving:
        name, array = attributions.names[place], paths.inputs.arrays[place]
        obstacle = find_layout_obstacle(array)
        if obstacle:
            obstacles.append(f"attributions of the input {name!r} are not shown: {obstacle}")
            continue
        layout = find_input_layout(
            array.shape[1:], is_sequence=flags.get(name, False), channels_first=channels_first
        )
        layouts.append(MapLayout("" if is_one else name, place, layout, options.max_tile_side))
    return layouts, obstacles


def _affordable(
    attributions: PathAttributions,
    paths: Sequence[ModelPaths],
    targets: Targets,
    options: AttributionOptions,
) -> tuple[int, int, list[str]]:
    """How many samples can be explained, with how many gradients each, and what to say of it."""
    count, allowed = attributions.inputs.num_samples, options.max_seconds
    if allowed is None:
        return count, options.max_evaluations, []
    classes = attributions.explain(targets).targets
    of_node = measure_node(attributions, paths, classes)
    nodes = allowed / max(of_node, 1e-9) / count
    if nodes >= options.max_evaluations:
        return count, options.max_evaluations, []
    cap = max(_FEWEST_NODES, int(nodes))
    explained = count if nodes >= _FEWEST_NODES else int(allowed / (of_node * cap))
    if not explained:
        message = (
            f"Attributions are not shown: they would take about {of_node * cap:.2g} s for each "
            f"sample at each step; a step may take {allowed:g} s. The callback "
            "IntegratedGradients logs them all the same."
        )
        return 0, cap, [message]
    samples = (
        f"The first {explained} of {count} samples are" if explained < count else "Samples are"
    )
    message = (
        f"{samples} explained with at most {cap} gradients each, to keep to {allowed:g} s a step. "
        "The callback IntegratedGradients explains all of them as far as it is asked to."
    )
    return explained, cap, [message]


def _name_classes(
    attributions: PathAttributions, class_names: Sequence[str] | None
) -> tuple[str, ...]:
    num_classes = attributions.output.num_classes
    if not has_scores(num_classes):
        return ()
    has_names = class_names is not None and len(class_names) == num_classes
    return tuple(
        describe_class(index, class_names if has_names else None) for index in range(num_classes)
    )


def _describe(
    model: Any,
    attributions: PathAttributions,
    paths: Sequence[ModelPaths],
    targets: Targets,
    options: AttributionOptions,
    *,
    has_classes: bool,
) -> tuple[str, ...]:
    are_labels = is_label(options.targets) and isinstance(targets, np.ndarray)
    said = describe_attributions(
        model,
        attributions,
        paths,
        LABEL if are_labels else targets,
        options.choice,
        attributions.explain(targets),
        has_classes=has_classes,
    )
    return (*said, f"tolerance {100 * options.tolerance:g} %")
