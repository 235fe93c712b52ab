"""What goes with an attribution as its proof: figures of each sample, over one baseline or several.

With several baselines the map is the mean over them, and so are F(x') and the path. Knows integrals
and arrays; knows no model.
"""

from __future__ import annotations

import math
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, Literal, get_args

import numpy as np
from numpy.typing import NDArray

from tb_nnviz.model.path_inputs import ModelPaths
from tb_nnviz.numerics.path_integral import (
    PATH_ALPHAS,
    SMALL_DIFFERENCE,
    Float64Array,
    PathIntegral,
    ratio_of_error,
)

Flag = Literal["small_difference", "cap_reached", "no_gradient", "not_finite"]
FLAGS: tuple[Flag, ...] = get_args(Flag)

# For each input of a model an array of its shape; None where it has no path.
Maps = list[NDArray[Any] | None]


@dataclass(frozen=True)
class SampleFigures:
    """Figures of one sample; errors are shares, sums and outputs are in the unit of F.

    Attributes:
        attribution_sum: of all its attributions.
        output_at_input: F(x).
        output_at_baseline: F(x').
        completeness_error: see `tb_nnviz.numerics.path_integral.PathErrors`.
        refinement_error: likewise.
        num_evaluations: gradients, over all baselines.
        converged: whether both errors are within the tolerance.
        flags: what to beware of.
    """

    attribution_sum: float
    output_at_input: float
    output_at_baseline: float
    completeness_error: float
    refinement_error: float
    num_evaluations: int
    converged: bool
    flags: tuple[Flag, ...]

    @property
    def convergence_delta(self) -> float:
        """Sum of the attributions less F(x) - F(x')."""
        return self.attribution_sum - (self.output_at_input - self.output_at_baseline)


@dataclass(frozen=True, eq=False)
class SampleAttribution:
    """The attributions of one sample.

    Attributes:
        sample: its index.
        attributions: for each input of the model its shape; None where it has no path.
        spread: likewise, the standard deviation over baselines; None with one baseline.
        integrands: likewise ``(alphas, *shape)`` (x - x') dF/dx.
        path_outputs: ``(17,)`` F along the path.
        figures: the proof.
    """

    sample: int
    attributions: Maps
    spread: Maps | None
    integrands: Maps
    path_outputs: Float64Array
    figures: SampleFigures


def describe_without_path(output_at_input: float, output_at_baseline: float) -> SampleFigures:
    """The figures of a sample none of whose inputs has a path.

    Args:
        output_at_input: F(x).
        output_at_baseline: F(x').
    """
    difference = output_at_input - output_at_baseline
    flags: tuple[Flag, ...] = ("no_gradient",)
    return SampleFigures(
        attribution_sum=0.0,
        output_at_input=output_at_input,
        output_at_baseline=output_at_baseline,
        completeness_error=ratio_of_error(abs(difference), abs(difference)),
        refinement_error=math.nan,
        num_evaluations=0,
        converged=False,
        flags=flags if difference else ("small_difference", *flags),
    )


class AttributionCollector:
    """Joins the integrals of a sample from all baselines.

    Args:
        num_baselines: how many there are.
        alphas: where the integrand is wanted, of `tb_nnviz.numerics.path_integral.PATH_ALPHAS`.
        tolerance: of both errors.
        max_evaluations: of one path.
        take: is given each sample once it is done with.
    """

    def __init__(
        self,
        num_baselines: int,
        alphas: tuple[float, ...],
        *,
        tolerance: float,
        max_evaluations: int,
        take: Callable[[SampleAttribution], None],
    ) -> None:
        self._num_baselines = num_baselines
        self._alphas = alphas
        self._tolerance = tolerance
        self._max_evaluations = max_evaluations
        self._take = take
        self._running: dict[int, _Running] = {}

    def add(self, sample: int, path: PathIntegral, paths: ModelPaths) -> None:
        """Takes what is to be kept of an integral.

        Args:
            sample: index.
            path: the integral from one of the baselines.
            paths: that it is of.
        """
        running = self._running.setdefault(sample, _Running(sample))
        running.add(path, paths, self._alphas)
        running.flags |= self._flags_of(path, moves=paths.moves(sample))
        if running.count == self._num_baselines:
            del self._running[sample]
            self._take(running.finish(self._tolerance))

    def _flags_of(self, path: PathIntegral, *, moves: bool) -> set[Flag]:
        if not path.is_finite:
            return {"not_finite"}
        if not path.has_gradient:
            return {"no_gradient"} if moves else set()
        is_within = path.errors.are_within(self._tolerance)
        is_capped = path.num_evaluations >= self._max_evaluations and not is_within
        return {"cap_reached"} if is_capped else set()


class _Running:
    """Means over the baselines that are done, and squared deviations from them (Welford 1962)."""

    def __init__(self, sample: int) -> None:
        self.count = 0
        self.flags: set[Flag] = set()
        self._sample = sample
        self._means: Maps = []
        self._squares: Maps = []
        self._integrands: Maps = []
        self._path_outputs = np.zeros(len(PATH_ALPHAS))
        self._attribution_sum = self._error = 0.0
        self._output_at_input = self._output_at_baseline = 0.0
        self._num_evaluations = 0

    def add(self, path: PathIntegral, paths: ModelPaths, alphas: tuple[float, ...]) -> None:
        maps = paths.split_cells(path.attributions)
        integrands: Maps = [None] * len(maps)
        if alphas:
            integrands = paths.split_cells(np.stack([path.integrand_at(one) for one in alphas]))
        self.count += 1
        share = 1 / self.count
        with np.errstate(invalid="ignore", over="ignore"):
            if self.count == 1:
                self._means, self._integrands = maps, integrands
                self._squares = [None] * len(maps)
            else:
                away = _combine(maps, self._means, 1, -1)
                self._means = _combine(self._means, away, 1, share)
                left = _combine(maps, self._means, 1, -1)
                products = [
                    None if one is None or other is None else one * other
                    for one, other in zip(away, left, strict=True)
                ]
                self._squares = _combine(self._squares, products, 1, 1)
                self._integrands = _combine(self._integrands, integrands, 1 - share, share)
            self._path_outputs += share * (path.path_outputs - self._path_outputs)
            self._attribution_sum += share * (path.errors.attribution_sum - self._attribution_sum)
            # The error of the mean is at most the mean of the errors.
            self._error += share * (path.errors.refinement * path.norm - self._error)
            self._output_at_baseline += share * (path.output_at_baseline - self._output_at_baseline)
        self._output_at_input = path.output_at_input
        self._num_evaluations += path.num_evaluations

    def finish(self, tolerance: float) -> SampleAttribution:
        spread: Maps | None = None
        if self.count > 1:
            spread = [None if one is None else np.sqrt(one / self.count) for one in self._squares]
        return SampleAttribution(
            self._sample,
            self._means,
            spread,
            self._integrands,
            self._path_outputs,
            self._figures(tolerance),
        )

    def _figures(self, tolerance: float) -> SampleFigures:
        maps = [one for one in self._means if one is not None]
        norm = math.sqrt(sum(float(np.vdot(one, one)) for one in maps))
        smallest = SMALL_DIFFERENCE * sum(float(np.abs(one).sum()) for one in maps)
        difference = self._output_at_input - self._output_at_baseline
        completeness = ratio_of_error(
            abs(self._attribution_sum - difference), max(abs(difference), smallest)
        )
        refinement = ratio_of_error(self._error, norm)
        flags = set(self.flags)
        is_within = completeness <= tolerance and refinement <= tolerance
        if abs(difference) < smallest or difference == 0:
            flags.add("small_difference")
        return SampleFigures(
            self._attribution_sum,
            self._output_at_input,
            self._output_at_baseline,
            completeness,
            refinement,
            self._num_evaluations,
            # Where there is no gradient, nothing is known of how F gets from one end to the other.
            converged=is_within and "no_gradient" not in flags,
            flags=tuple(one for one in FLAGS if one in flags),
        )


def _combine(one: Maps, other: Maps, factor: float, other_factor: float) -> Maps:
    """Weighted sums, in which what is missing counts as zeros."""
    combined: Maps = []
    for first, second in zip(one, other, strict=True):
        if first is None or second is None:
            combined.append(
                first * factor
                if first is not None
                else second * other_factor
                if second is not None
                else None
            )
        else:
            combined.append(first * factor + second * other_factor)
    return combined
