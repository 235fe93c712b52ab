"""How each library is asked for integrated gradients: at its defaults, or at a number of steps.

Knows the libraries that are compared, calls them as their users do, and corrects nothing in
them. What a library compiles for itself it compiles once for a problem, in the first call.
"""

from __future__ import annotations

import importlib
from collections.abc import Callable
from dataclasses import dataclass
from functools import partial
from typing import Any

import numpy as np
import tensorflow as tf
from numpy.typing import NDArray

from benchmarks.attribution_peers_problems import Problem, compile_gradients
from tb_nnviz import integrated_gradients

Float64 = NDArray[np.float64]

TOLERANCE = 0.02


@dataclass(frozen=True)
class Explanation:
    """What a library answers.

    Attributes:
        attributions: in the shape of the samples.
        num_evaluations: gradients evaluated, of each sample.
        told_errors: the relative error of each map, as estimated by the library itself.
        converged: which maps the library calls good enough.
    """

    attributions: Float64
    num_evaluations: Float64
    told_errors: Float64 | None = None
    converged: NDArray[np.bool_] | None = None


Explain = Callable[[], Explanation]


@dataclass(frozen=True)
class Method:
    """A library at some settings.

    Attributes:
        package: the distribution, whose version is printed.
        settings: as printed.
        prepare: what explains a problem.
        lacks_difference: whether its maps are mean gradients, without × (x − x′).
    """

    package: str
    settings: str
    prepare: Callable[[Problem], Explain]
    lacks_difference: bool = False


def our_methods() -> list[Method]:
    """tb_nnviz with a tolerance of 2 %, at its defaults and in large batches."""
    given = f"tolerance={TOLERANCE}"
    return [
        Method("tb_nnviz", given, partial(_prepare_ours, batch_size=None)),
        Method("tb_nnviz", f"{given}, large batches", partial(_prepare_ours, batch_size=1024)),
    ]


def peer_methods(num_steps: int) -> list[Method]:
    """The others; imports them, which is not what is timed.

    Args:
        num_steps: what they are given beside their defaults; then in the largest batches that
            they form, which is their fastest.
    """
    for name in ("saliency.core", "xplique.attributions", "tf_explain.core.integrated_gradients"):
        importlib.import_module(name)
    given = f"{num_steps} steps, large batches"
    return [
        Method("saliency", "defaults: 25 steps", partial(_prepare_saliency, num_steps=None)),
        Method("saliency", given, partial(_prepare_saliency, num_steps=num_steps)),
        Method("xplique", "defaults: 50 steps", partial(_prepare_xplique, num_steps=None)),
        Method("xplique", given, partial(_prepare_xplique, num_steps=num_steps)),
        Method(
            "tf-explain",
            "defaults: 10 steps",
            partial(_prepare_tf_explain, num_steps=10),
            lacks_difference=True,
        ),
        Method(
            "tf-explain",
            f"{num_steps} steps",
            partial(_prepare_tf_explain, num_steps=num_steps),
            lacks_difference=True,
        ),
    ]


def _prepare_ours(problem: Problem, batch_size: int | None) -> Explain:
    given: dict[str, Any] = {} if batch_size is None else {"batch_size": batch_size}

    def explain() -> Explanation:
        result = integrated_gradients(
            problem.model,
            problem.images,
            targets=problem.targets,
            output=problem.output,
            tolerance=TOLERANCE,
            **given,
        )
        return Explanation(
            np.asarray(result.attributions, np.float64),
            np.asarray(result.num_evaluations, np.float64),
            np.asarray(result.refinement_error, np.float64),
            np.asarray(result.converged, np.bool_),
        )

    return explain


def _prepare_saliency(problem: Problem, num_steps: int | None) -> Explain:
    import saliency.core as saliency

    explainer = saliency.IntegratedGradients()
    run = compile_gradients(problem.explained)
    given = {} if num_steps is None else {"x_steps": num_steps, "batch_size": num_steps}

    # Its users write this function; it is compiled here, which is their fastest.
    def call_model(points: Any, call_model_args: Any, expected_keys: Any) -> dict[str, Any]:  # noqa: ARG001
        chosen = tf.one_hot(tf.fill([len(points)], call_model_args), 10)
        gradients = run(tf.constant(points, tf.float32), chosen)[1]
        return {saliency.INPUT_OUTPUT_GRADIENTS: gradients.numpy()}

    def explain() -> Explanation:
        maps = [
            explainer.GetMask(image, call_model, call_model_args=int(target), **given)
            for image, target in zip(problem.images, problem.targets, strict=True)
        ]
        return _at_fixed_steps(np.stack(maps), num_steps or 25)

    return explain


def _prepare_xplique(problem: Problem, num_steps: int | None) -> Explain:
    from xplique.attributions import IntegratedGradients

    # It takes as many samples at once as whole paths fit into its batch.
    given = {} if num_steps is None else {"steps": num_steps, "batch_size": 32 * num_steps}
    explainer = IntegratedGradients(problem.explained, **given)
    targets = np.eye(10, dtype=np.float32)[problem.targets]

    def explain() -> Explanation:
        maps = explainer.explain(problem.images, targets)
        return _at_fixed_steps(maps.numpy(), num_steps or 50)

    return explain


def _prepare_tf_explain(problem: Problem, num_steps: int) -> Explain:
    from tf_explain.core.integrated_gradients import IntegratedGradients

    # Its `explain` goes on to |…|, to 8 bits and to one grid of pictures, which no error could be
    # told of; these are its own two steps before. It takes one class a call.
    def explain() -> Explanation:
        maps = np.empty(problem.images.shape)
        for target in np.unique(problem.targets):
            chosen = problem.targets == target
            paths = IntegratedGradients.generate_interpolations(problem.images[chosen], num_steps)
            maps[chosen] = IntegratedGradients.get_integrated_gradients(
                paths, problem.explained, int(target), num_steps
            )
        return _at_fixed_steps(maps, num_steps)

    return explain


def _at_fixed_steps(maps: NDArray[Any], num_steps: int) -> Explanation:
    return Explanation(maps.astype(np.float64), np.full(len(maps), float(num_steps)))
