"""Which attributions of a panel are logged: arguments checked against a model, once a training."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from typing import Any

import numpy as np

from tb_nnviz.analysis.attribution_options import AttributionOptions
from tb_nnviz.analysis.attribution_records import AttributionLabels
from tb_nnviz.analysis.attribution_targets import LABEL, PREDICTION, Targets, is_label
from tb_nnviz.analysis.attribution_tiles import AttributionTilesPlan
from tb_nnviz.analysis.attribution_words import describe_obstacles
from tb_nnviz.analysis.explained_model import describe_attributions
from tb_nnviz.analysis.input_layout import find_input_layout, find_layout_obstacle
from tb_nnviz.analysis.map_layout import VIEW, MapLayout
from tb_nnviz.analysis.path_attributions import PathAttributions
from tb_nnviz.model.class_labels import describe_class
from tb_nnviz.model.output_names import find_output
from tb_nnviz.model.path_inputs import ModelPaths
from tb_nnviz.model.probe_inputs import read_inputs
from tb_nnviz.model.sample_inputs import are_sequences, have_channels_first
from tb_nnviz.model.sample_panel import SamplePanel
from tb_nnviz.records import Notice

# Places on the paths of a sample, about, for what a step will take.
_EXPECTED_NODES = 32


def check_attributions(model: Any, panel: SamplePanel, options: AttributionOptions) -> None:
    """Raises `TypeError` or `ValueError` for what does not fit a built model and its samples.

    Args:
        model: that is to be trained.
        panel: the samples.
        options: what is asked for.
    """
    if isinstance(options.targets, np.ndarray) and panel.labels is not None:
        raise ValueError(
            "The `targets` argument has an index for each sample, but samples with labels are "
            "sorted by class. Pass samples=x alone, at most 64 of them, in the order of `targets`."
        )
    attributions = _make_attributions(model, panel, options)
    if not is_label(options.targets):
        attributions.explain(options.targets)


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
    targets, notices = _choose_targets(model, panel, options, attributions)
    paths = attributions.find_paths()
    layouts, obstacles = _lay_out(model, panel, attributions, paths[0], options)
    notices += [Notice(VIEW, "", f"{text[0].upper()}{text[1:]}.") for text in obstacles]
    if not layouts:
        notices.append(Notice(VIEW, "", "There are no attributions to show of this model."))
    count = panel.num_samples
    if layouts and options.max_seconds is not None:
        count, too_slow = _affordable(attributions, paths, targets, options)
        notices += [Notice(VIEW, "", text) for text in too_slow]
    labels = AttributionLabels(
        samples=() if panel.labels is None else panel.labels,
        num_samples=panel.num_samples,
        classes=_name_classes(attributions, class_names),
        digest=panel.digest,
        notes=_describe(model, attributions, paths[0], targets, options),
    )
    return AttributionTilesPlan(
        attributions, options, targets, tuple(layouts), labels, count, tuple(notices)
    )


def _make_attributions(
    model: Any, panel: SamplePanel, options: AttributionOptions
) -> PathAttributions:
    choice = options.choice
    if choice.name is None and is_label(options.targets) and panel.classes is not None:
        # Labels say which output they are of.
        choice = replace(choice, name=find_output(model, panel.output) if panel.output else None)
    return PathAttributions(model, read_inputs(panel.inputs), options.baselines, choice)


def _choose_targets(
    model: Any, panel: SamplePanel, options: AttributionOptions, attributions: PathAttributions
) -> tuple[Targets, list[Notice]]:
    """The targets with labels as indices; the prediction, and a notice, where they say none."""
    if not is_label(options.targets):
        return options.targets, []
    chosen = attributions.chosen
    classes = panel.classes
    if classes is None:
        why = "the samples have no labels" + (" that name a class" if panel.labels else "")
    elif chosen.num_outputs > 1 and find_output(model, panel.output) != chosen.place:
        why = "the labels are of another output"
    elif classes.max(initial=-1) >= chosen.num_classes:
        why = f"the labels go up to {classes.max()}, and the output has {chosen.num_classes} values"
    else:
        return classes, []
    message = f"The predicted class is explained instead of the label: {why}."
    return PREDICTION, [Notice(VIEW, "", message)]


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
) -> tuple[int, list[str]]:
    """How many samples can be explained within the time a step may take, and what to say."""
    count, allowed = attributions.inputs.num_samples, options.max_seconds
    if allowed is None:
        return count, []
    classes = attributions.explain(targets).targets
    per_sample = attributions.measure_node(paths, classes) * _EXPECTED_NODES
    affordable = min(count, int(allowed / per_sample)) if per_sample else count
    if affordable == count:
        return count, []
    needed = f"{per_sample:.2g} s for each sample at each step; a step may take {allowed:g} s"
    if not affordable:
        message = (
            f"Attributions are not shown: they would take about {needed}. The callback "
            "IntegratedGradients logs them all the same."
        )
    else:
        message = (
            f"The first {affordable} of {count} samples are explained: it takes about {needed}. "
            "The callback IntegratedGradients explains all of them."
        )
    return affordable, [message]


def _name_classes(
    attributions: PathAttributions, class_names: Sequence[str] | None
) -> tuple[str, ...]:
    num_classes = attributions.output.num_classes
    has_names = class_names is not None and len(class_names) == num_classes
    return tuple(
        describe_class(index, class_names if has_names else None) for index in range(num_classes)
    )


def _describe(
    model: Any,
    attributions: PathAttributions,
    paths: ModelPaths,
    targets: Targets,
    options: AttributionOptions,
) -> tuple[str, ...]:
    are_labels = is_label(options.targets) and isinstance(targets, np.ndarray)
    said = describe_attributions(
        model, attributions, paths, LABEL if are_labels else targets, options.choice
    )
    return (*said, f"tolerance {100 * options.tolerance:g} %")
