"""`interior_gradients`: the model's gradients on the way from a baseline to a sample."""

from __future__ import annotations

from collections.abc import Sequence
from numbers import Real
from typing import Any

import numpy as np
from numpy.typing import NDArray

from tb_nnviz.analysis.explained_model import explain_model


def interior_gradients(
    model: Any,
    inputs: Any,
    alphas: float | Sequence[float] | NDArray[Any],
    *,
    targets: Any = None,
    baselines: Any = "zero",
    output: str = "logits",
    batch_size: int = 32,
    output_name: str | int | None = None,
    times_difference: bool = False,
) -> Any:
    """Interior gradients (Sundararajan et al. 2016, arXiv 1611.02639).

    The gradients dF/dx at the points ``x' + alpha (x - x')`` of the path that
    `integrated_gradients` integrates over.

    Args:
        model: any Keras model. One that is not built yet is built from the inputs.
        inputs: as for `integrated_gradients`.
        alphas: places on the path, each from 0 (the baseline) to 1 (the sample).
        targets: as for `integrated_gradients`.
        baselines: likewise; of several, the mean over them is given.
        output: likewise.
        batch_size: gradients that are computed at once.
        output_name: as for `integrated_gradients`.
        times_difference: give ``(x - x') dF/dx``, the integrand of `integrated_gradients`, whose
            mean over alpha is the attribution, instead of dF/dx.

    Returns:
        float32 ``(samples, alphas, *input_shape)``; a list, tuple or dict of such where the inputs
        are; None for an input that no path goes along, such as text. Of token indices, whose
        gradients are vectors, ``(samples, alphas, *input_shape, dimensions)``, unless
        ``times_difference``.

    Raises:
        TypeError: an argument has another type.
        ValueError: an argument does not fit the model or the samples.

    Example:
        >>> interior_gradients(model, images[:16], (0.25, 0.5, 1.0)).shape
        (16, 3, 28, 28)
    """
    places = check_alphas(alphas)
    if not isinstance(times_difference, bool):
        raise TypeError(
            f"The `times_difference` argument must be True or False; got {times_difference!r}."
        )
    explained = explain_model(
        model,
        inputs,
        targets=targets,
        baselines=baselines,
        output=output,
        output_name=output_name,
        batch_size=batch_size,
    )
    paths = explained.paths
    classes = paths.explain(explained.targets).targets
    total: list[NDArray[np.float32] | None] = [None] * len(paths.inputs.arrays)
    found = paths.find_paths()
    for of_baseline in found:
        for place, whole in paths.gradients_at(
            of_baseline, classes, places, times_difference=times_difference
        ).items():
            before = total[place]
            share = whole / np.float32(len(found))
            total[place] = share if before is None else before + share
    return paths.inputs.pack(total)


def check_alphas(alphas: Any) -> tuple[float, ...]:
    """Places on a path as a tuple; raises unless they are numbers from 0 to 1."""
    given = [alphas] if isinstance(alphas, Real) else alphas
    accepted = "The `alphas` argument must be a number from 0 to 1, or a list of such"
    if isinstance(given, (str, bytes)) or not hasattr(given, "__iter__"):
        raise TypeError(f"{accepted}; got {alphas!r}.")
    places = list(given)
    if not all(isinstance(one, (Real, np.number)) and not isinstance(one, bool) for one in places):
        raise TypeError(f"{accepted}; got {alphas!r}.")
    if not places or not all(0 <= float(one) <= 1 for one in places):
        raise ValueError(f"{accepted}; got {[float(one) for one in places]}.")
    return tuple(float(one) for one in places)
