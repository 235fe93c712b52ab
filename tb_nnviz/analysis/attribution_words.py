"""What an attribution explains, in the words that go with it. Knows no values."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import numpy as np

from tb_nnviz.analysis.attribution_targets import LABEL, PREDICTION, Targets
from tb_nnviz.analysis.baselines import Baseline
from tb_nnviz.model.explained_output import ExplainedOutput, OutputChoice

_KINDS = {"logits": "logit", "probability": "probability", "output": "output"}


def describe_explained(
    targets: Targets,
    chosen: ExplainedOutput,
    choice: OutputChoice,
    *,
    output_name: str = "",
    has_classes: bool = True,
) -> tuple[str, ...]:
    """What F is, in short phrases.

    Args:
        targets: as they were asked for.
        chosen: what was found to explain.
        choice: what was asked for.
        output_name: of the model's output, where it has several.
        has_classes: whether the values of the output are those of classes.
    """
    of_which = _of_which(targets, chosen, has_classes=has_classes)
    what = f"{_KINDS.get(chosen.kind, 'function of the output')}{of_which}"
    phrases = [f"{what} in {output_name!r}" if output_name else what]
    if choice.function is None and chosen.kind == "output" and chosen.num_classes > 1:
        phrases.append("no softmax or sigmoid makes it")
    if len(chosen.shape) > 1:
        shape = "×".join(str(length) for length in chosen.shape)
        phrases.append(f"not per class: an index counts the {shape} values of the output")
    return tuple(phrases)


def describe_baselines(baselines: Sequence[Baseline]) -> str:
    """Which baselines, in a phrase."""
    names = ", ".join(one.label for one in baselines)
    return f"baseline {names}" if len(baselines) == 1 else f"mean over baselines {names}"


def describe_obstacles(obstacles: Mapping[int, str], names: Sequence[str]) -> tuple[str, ...]:
    """Why inputs have no attributions, a sentence for each.

    Args:
        obstacles: place of an input → why.
        names: of the inputs.
    """
    return tuple(
        f"the input {names[place]!r} is left as it is: {why}" for place, why in obstacles.items()
    )


def describe_entries(layers: Mapping[str, str], names: Sequence[str]) -> tuple[str, ...]:
    """What stands for inputs that cannot move by a little, in phrases.

    Args:
        layers: name of an input → type of the layer at whose output it is explained.
        names: of all inputs.
    """
    return tuple(
        f"at the output of {layer}" if len(names) == 1 else f"{name!r} at the output of {layer}"
        for name, layer in layers.items()
    )


def _of_which(targets: Targets, chosen: ExplainedOutput, *, has_classes: bool) -> str:
    if chosen.kind == "function" or chosen.num_classes == 1:
        return ""
    if not has_classes and not isinstance(targets, np.ndarray):
        return " with the greatest value" if isinstance(targets, str) else f" {targets}"
    if isinstance(targets, str):
        return {LABEL: " of the label", PREDICTION: " of the predicted class"}[targets]
    if isinstance(targets, np.ndarray):
        return " of a class for each sample"
    return f" of class {targets}"
