"""`integrated_gradients`: how much each value of an input adds to the model's output."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from numbers import Real
from typing import Any

import numpy as np
from numpy.typing import NDArray
from tqdm.auto import tqdm

from tb_nnviz.analysis.attribution_figures import (
    Flag,
    Maps,
    SampleAttribution,
    SampleFigures,
)
from tb_nnviz.analysis.attribution_words import describe_obstacles
from tb_nnviz.analysis.explained_model import describe_attributions, explain_model
from tb_nnviz.analysis.path_attributions import PathAttributions
from tb_nnviz.analysis.path_trials import check_function
from tb_nnviz.numerics.path_integral import PATH_ALPHAS, Float64Array
from tb_nnviz.records.arguments import check_positive_int

# Bars appear for what takes longer than this.
_SECONDS_WITHOUT_BAR = 2.0


@dataclass(frozen=True, eq=False)
class IntegratedGradientsResult:
    """Attributions with what is known of their error; all arrays have one entry a sample.

    Attributes:
        attributions: float32 of the inputs' shape: how much each value adds to F(x) - F(x'). A
            list, tuple or dict where the inputs are; None for an input that no path goes along,
            such as text.
        convergence_delta: sum of the attributions less F(x) - F(x'), in the unit of F.
        completeness_error: its size ÷ ``max(|F(x) - F(x')|, 0.01 * sum of |attributions|)``.
        refinement_error: estimated L2 error of the attributions ÷ their L2 norm.
        num_evaluations: gradients that were computed.
        converged: whether both errors are within the tolerance.
        flags: what to beware of: ``small_difference`` (F(x) and F(x') are nearly equal),
            ``cap_reached`` (more evaluations were not allowed), ``no_gradient`` (all gradients are
            exactly 0), ``not_finite`` (NaN or infinity was met).
        targets: the class explained; 0 where a function is.
        output_at_inputs: F(x).
        output_at_baselines: F(x'); the mean over baselines.
        path_alphas: ``(17,)`` 0, 1/16, …, 1.
        path_outputs: ``(samples, 17)`` F along the path.
        spread: like `attributions`, the standard deviation over baselines; None with one.
        notes: what is explained, and what is not.
    """

    attributions: Any
    convergence_delta: Float64Array
    completeness_error: Float64Array
    refinement_error: Float64Array
    num_evaluations: NDArray[np.int64]
    converged: NDArray[np.bool_]
    flags: tuple[tuple[Flag, ...], ...]
    targets: NDArray[np.intp]
    output_at_inputs: Float64Array
    output_at_baselines: Float64Array
    path_alphas: Float64Array
    path_outputs: Float64Array
    spread: Any
    notes: tuple[str, ...]


def integrated_gradients(
    model: Any,
    inputs: Any,
    *,
    targets: Any = None,
    baselines: Any = "zero",
    output: str = "logits",
    tolerance: float = 0.02,
    max_evaluations: int = 257,
    batch_size: int = 32,
    output_name: str | int | None = None,
    progress: bool | None = None,
) -> IntegratedGradientsResult:
    """Integrated gradients (Sundararajan et al. 2017, arXiv 1703.01365), with their error.

    Attribution i is ``(x_i - x'_i)`` times the integral over alpha from 0 to 1 of dF/dx_i at
    ``x' + alpha (x - x')``, so that they sum to ``F(x) - F(x')``. The integral is refined for each
    sample until both its completeness and its map are known to the tolerance; nothing is rescaled
    to make the sum right. The model runs as in `Model.predict`, and in float32; nothing of it
    changes. Gradients that are kept until a sample has converged take at most 256 MB (or those of
    one sample), beside the results and what the model takes for one batch.

    Args:
        model: any Keras model. One that is not built yet is built from the inputs.
        inputs: an array, or a list, tuple or dict of arrays, as the model takes them; the first
            axis is over samples. Token indices are explained at the output of their `Embedding`,
            summed over the vector of each token.
        targets: which class of each sample: None for the predicted one, an index, a list of
            indices, or a function of the model's output (or outputs), made of `keras.ops`, that
            gives one value a sample. A single sigmoid unit has the classes 0 and 1.
        baselines: x', in the space of the inputs: ``"zero"``, a number, ``"mean"`` of the samples,
            ``"blur"`` (the picture through a Gaussian of an eighth of its longer side),
            ``"uniform"`` (noise between the least and the greatest value of the samples, the same
            each time), an array of the shape of one sample or of all, or a list of several, whose
            maps are averaged. For several inputs arrays come as a tuple or dict.
        output: ``"logits"`` for the scores before a final softmax or sigmoid, where the model has
            one, or ``"probability"``.
        tolerance: of both errors, as a share: 0.02 is 2 %.
        max_evaluations: gradients at most for a sample and baseline, at least 17.
        batch_size: gradients that are computed at once.
        output_name: which output of a model with several, by name or place; None for the first.
        progress: whether a bar shows how far it is; None for one in a terminal or notebook where
            it takes more than two seconds.

    Returns:
        The attributions with what is known of their error.

    Raises:
        TypeError: an argument has another type.
        ValueError: an argument does not fit the model or the samples.

    Example:
        >>> result = integrated_gradients(model, images[:16], targets=labels[:16])
        >>> result.attributions.shape, result.refinement_error.max()
        ((16, 28, 28), 0.0173)
    """
    check_tolerance(tolerance)
    check_max_evaluations(max_evaluations)
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
    num_samples = paths.inputs.num_samples
    of_samples = paths.explain(explained.targets)
    book = _ResultBook(paths, num_samples)
    found = paths.find_paths()
    if explained.choice.function is not None:
        check_function(paths, found, of_samples)
    done = paths.integrate(found, of_samples, tolerance=tolerance, max_evaluations=max_evaluations)
    for one in _with_bar(done, num_samples, progress=progress):
        book.take(one)
    notes = (
        *describe_attributions(
            model, paths, found, explained.targets, explained.choice, of_samples
        ),
        *describe_obstacles(found[0].obstacles, paths.names),
    )
    return book.result(of_samples.targets, notes, has_spread=len(found) > 1)


def check_tolerance(tolerance: object) -> float:
    """The tolerance; raises unless it is a share above 0."""
    if isinstance(tolerance, bool) or not isinstance(tolerance, Real):
        raise TypeError(f"The `tolerance` argument must be a number; got {tolerance!r}.")
    if not 0 < float(tolerance) < 1:
        raise ValueError(
            f"The `tolerance` argument must be a share between 0 and 1, such as 0.02; got "
            f"{tolerance!r}."
        )
    return float(tolerance)


def check_max_evaluations(max_evaluations: object) -> int:
    """The number; raises unless it is a whole one from 17."""
    number = check_positive_int("max_evaluations", max_evaluations)
    if number < len(PATH_ALPHAS):
        raise ValueError(
            f"The `max_evaluations` argument must be {len(PATH_ALPHAS)} or more, which is what "
            f"the path begins with; got {number}."
        )
    return number


class _ResultBook:
    """Arrays over samples, filled as samples are done."""

    def __init__(self, paths: PathAttributions, num_samples: int) -> None:
        self._inputs = paths.inputs
        self._attributions: list[NDArray[np.float32] | None] = [None] * len(paths.inputs.arrays)
        self._spread: list[NDArray[np.float32] | None] = list(self._attributions)
        self._path_outputs = np.full((num_samples, len(PATH_ALPHAS)), np.nan)
        self._figures: list[SampleFigures | None] = [None] * num_samples

    def take(self, one: SampleAttribution) -> None:
        self._keep(self._attributions, one.sample, one.attributions)
        if one.spread is not None:
            self._keep(self._spread, one.sample, one.spread)
        self._path_outputs[one.sample] = one.path_outputs
        self._figures[one.sample] = one.figures

    def result(
        self, targets: NDArray[np.intp], notes: Sequence[str], *, has_spread: bool
    ) -> IntegratedGradientsResult:
        figures = [one for one in self._figures if one is not None]
        return IntegratedGradientsResult(
            attributions=self._inputs.pack(self._attributions),
            convergence_delta=np.array([one.convergence_delta for one in figures]),
            completeness_error=np.array([one.completeness_error for one in figures]),
            refinement_error=np.array([one.refinement_error for one in figures]),
            num_evaluations=np.array([one.num_evaluations for one in figures]),
            converged=np.array([one.converged for one in figures]),
            flags=tuple(one.flags for one in figures),
            targets=targets,
            output_at_inputs=np.array([one.output_at_input for one in figures]),
            output_at_baselines=np.array([one.output_at_baseline for one in figures]),
            path_alphas=PATH_ALPHAS,
            path_outputs=self._path_outputs,
            spread=self._inputs.pack(self._spread) if has_spread else None,
            notes=tuple(notes),
        )

    def _keep(self, wholes: list[NDArray[np.float32] | None], sample: int, maps: Maps) -> None:
        for place, one in enumerate(maps):
            if one is None:
                continue
            whole = wholes[place]
            if whole is None:
                whole = wholes[place] = np.zeros(self._inputs.arrays[place].shape, np.float32)
            whole[sample] = one


def _with_bar(
    done: Iterable[SampleAttribution], total: int, *, progress: bool | None
) -> Iterable[SampleAttribution]:
    bar: Iterable[SampleAttribution] = tqdm(
        done,
        total=total,
        desc="integrated gradients",
        unit="sample",
        delay=0 if progress else _SECONDS_WITHOUT_BAR,
        # tqdm takes None for: only where somebody looks on.
        disable=None if progress is None else not progress,
    )
    return bar
