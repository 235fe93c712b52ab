"""Trying gradients along paths: how long they take, and whether they are what they seem to be."""

from __future__ import annotations

import time
from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from tb_nnviz.analysis.path_attributions import ExplainedSamples, PathAttributions
from tb_nnviz.model.error_text import first_words
from tb_nnviz.model.path_inputs import ModelPaths

_FEW_ROWS = 2
_MANY_ROWS = 32
# A place on a path that takes longer is that of a large model.
_LONG_SECONDS = 0.02


def measure_node(
    attributions: PathAttributions, paths: Sequence[ModelPaths], targets: NDArray[np.intp]
) -> float:
    """Seconds that one place on the paths of a sample takes, of many computed at once.

    Args:
        attributions: of a model.
        paths: from all baselines.
        targets: ``(samples,)`` class of each.
    """
    evaluate, max_rows = attributions.evaluation(paths, targets)

    def measure(num_rows: int) -> float:
        samples = np.arange(num_rows) % attributions.inputs.num_samples
        alphas = np.linspace(0, 1, num_rows)
        evaluate(samples, alphas)  # the first run takes longest
        started = time.perf_counter()
        evaluate(samples, alphas)
        return (time.perf_counter() - started) / num_rows

    # Of a large model few rows tell enough, and take less time and memory.
    of_few = measure(min(_FEW_ROWS, max_rows))
    return of_few if of_few > _LONG_SECONDS else measure(max_rows)


def keeps_samples(
    attributions: PathAttributions, paths: Sequence[ModelPaths], explained: ExplainedSamples
) -> bool:
    """Whether F(x') is not the model's output at the baseline.

    So it is where an input goes to an `Embedding` and elsewhere too, such as to a mask.

    Args:
        attributions: of a model.
        paths: from all baselines.
        explained: what is explained of each sample.
    """
    if not any(part.key is not None for one in paths for part in one.parts):
        return False
    samples = np.arange(attributions.inputs.num_samples)
    evaluate, max_rows = attributions.evaluation(paths, explained.targets)
    starts = np.mean(
        [attributions.baseline_outputs(place, explained.targets) for place in range(len(paths))],
        axis=0,
    )
    for first in range(0, len(samples), max_rows):
        rows = samples[first : first + max_rows]
        found, _ = evaluate(rows, np.zeros(len(rows)))
        if not np.allclose(found, starts[rows], rtol=1e-3, atol=1e-4, equal_nan=True):
            return True
    return False


def check_function(
    attributions: PathAttributions, paths: Sequence[ModelPaths], explained: ExplainedSamples
) -> None:
    """Raises `ValueError` if a function as target does not treat each sample by itself.

    Args:
        attributions: of a model.
        paths: from all baselines.
        explained: what it gives for all samples together.
    """
    if not paths[0].parts:
        return
    order = np.arange(attributions.inputs.num_samples)[::-1][:_MANY_ROWS]
    order = order[1:] if len(order) > 1 else np.repeat(order, 2)[:_MANY_ROWS]
    evaluate, max_rows = attributions.evaluation(paths[:1], explained.targets)
    order = order[:max_rows]
    accepted = "A function as `targets` must give for each sample what it alone decides"
    try:
        found, _ = evaluate(order, np.ones(len(order)))
    except Exception as error:
        raise ValueError(
            f"{accepted}, and take batches of any length; it fails on another batch "
            f"({first_words(error)}). Labels of the samples go into it as indices: pass them "
            "as `targets` themselves."
        ) from error
    if not np.allclose(found, explained.outputs[order], rtol=1e-3, atol=1e-4, equal_nan=True):
        raise ValueError(
            f"{accepted}; in another batch it gives other values for the same samples."
        )
