"""The arguments that all functions of attributions take, checked, and what they make together."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from tb_nnviz.analysis.attribution_targets import Targets, check_targets
from tb_nnviz.analysis.attribution_words import (
    describe_baselines,
    describe_entries,
    describe_explained,
)
from tb_nnviz.analysis.baselines import check_baselines
from tb_nnviz.analysis.path_attributions import ExplainedSamples, PathAttributions
from tb_nnviz.analysis.path_trials import keeps_samples
from tb_nnviz.model.building import build_model, check_is_model
from tb_nnviz.model.explained_output import OUTPUTS, OutputChoice
from tb_nnviz.model.input_names import input_tensors
from tb_nnviz.model.path_inputs import ModelPaths
from tb_nnviz.model.precision import computes_in_fewer_bits
from tb_nnviz.model.probe_inputs import ProbeInputs, read_inputs
from tb_nnviz.model.samples import check_samples, describe_samples
from tb_nnviz.records.arguments import check_option, check_positive_int

_KEPT = "F(x′) is not the model's output there: what else it makes of indices stays the sample's"


@dataclass(frozen=True, eq=False)
class ExplainedModel:
    """A model, samples, and what of its output is explained.

    Attributes:
        inputs: the samples.
        targets: checked.
        choice: which output.
        paths: compiled for the samples.
    """

    inputs: ProbeInputs
    targets: Targets
    choice: OutputChoice
    paths: PathAttributions


def explain_model(
    model: Any,
    inputs: Any,
    *,
    targets: Any,
    baselines: Any,
    output: Any,
    output_name: Any,
    batch_size: Any,
) -> ExplainedModel:
    """Checks arguments and compiles the model; for their meaning see `integrated_gradients`.

    Raises:
        TypeError, ValueError: an argument does not fit.
    """
    checked = check_targets(targets)
    several = check_baselines(baselines)
    choice = check_output(output, output_name, checked)
    size = check_positive_int("batch_size", batch_size)
    check_is_model(model)
    samples = read_inputs(inputs)
    _check_no_targets(model, inputs)
    specs = describe_samples((samples.pack(list(samples.arrays)),))
    check_samples(model, specs)
    obstacle = build_model(model, specs)
    if obstacle is not None:
        raise ValueError(
            f"The model {model.name!r} must be built before it can be explained, and {obstacle}."
        )
    paths = PathAttributions(model, samples, several, choice, batch_size=size)
    return ExplainedModel(samples, checked, choice, paths)


def check_output(output: Any, output_name: Any, targets: Targets) -> OutputChoice:
    """The arguments `output` and `output_name` with the targets.

    Raises:
        TypeError, ValueError: one does not fit.
    """
    check_option("output", output, OUTPUTS)
    if isinstance(output_name, bool) or not isinstance(output_name, (str, int, type(None))):
        raise TypeError(
            "The `output_name` argument must be the name of an output, its place, or None for the "
            f"first; got {output_name!r}."
        )
    return OutputChoice(output, output_name, targets if callable(targets) else None)


def _check_no_targets(model: Any, inputs: Any) -> None:
    """Raises if a tuple is given to a model that cannot take it for its inputs."""
    known = input_tensors(model)
    if isinstance(inputs, tuple) and known and len(inputs) != len(known):
        raise TypeError(
            f"The `inputs` argument must hold {len(known)} inputs of the model {model.name!r}; got "
            f"a tuple of {len(inputs)}. A tuple means (x, y) elsewhere: pass x alone, and y as "
            "`targets`."
        )


def describe_attributions(
    model: Any,
    attributions: PathAttributions,
    paths: Sequence[ModelPaths],
    targets: Targets,
    choice: OutputChoice,
    explained: ExplainedSamples,
    *,
    has_classes: bool = True,
) -> tuple[str, ...]:
    """What is explained and how, in short phrases.

    Args:
        model: that is explained.
        attributions: of it.
        paths: from all baselines.
        targets: as they were asked for.
        choice: likewise.
        explained: what is explained of each sample.
        has_classes: whether the values of the output are those of classes.
    """
    chosen = attributions.chosen
    entries = {
        attributions.names[part.place]: part.layer_type
        for part in paths[0].parts
        if part.key is not None
    }
    return (
        *describe_explained(
            targets,
            chosen,
            choice,
            output_name=chosen.name if chosen.num_outputs > 1 else "",
            has_classes=has_classes,
        ),
        describe_baselines(attributions.baselines),
        *describe_entries(entries, attributions.names),
        *((_KEPT,) if keeps_samples(attributions, paths, explained) else ()),
        *(("computed in float32",) if computes_in_fewer_bits(model) else ()),
    )
