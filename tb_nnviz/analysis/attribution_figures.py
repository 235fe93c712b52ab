"""What goes with an attribution as its proof: figures of each sample, over one baseline or several.

With several baselines the map is the mean over them, and so are F(x') and the path. Knows integrals
and arrays; knows no model.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Literal, get_args

import numpy as np
from numpy.typing import NDArray

from tb_nnviz.model.path_inputs import ModelPaths
from tb_nnviz.numerics.path_errors import ratio_of_error
from tb_nnviz.numerics.path_integral import Float64Array, PathIntegral

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
        completeness_error: see `tb_nnviz.numerics.path_errors.PathErrors`.
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


def describe_integral(
    sample: int,
    path: PathIntegral,
    paths: Sequence[ModelPaths],
    *,
    alphas: Sequence[float] = (),
    tolerance: float,
    max_evaluations: int,
) -> SampleAttribution:
    """What is kept of an integral.

    Args:
        sample: index.
        path: the integral.
        paths: from each of the baselines.
        alphas: where the integrand is wanted, of `tb_nnviz.numerics.path_integral.PATH_ALPHAS`.
        tolerance: of both errors.
        max_evaluations: of one path.
    """
    first = paths[0]
    maps = first.split_cells(path.attributions)
    integrands: Maps = [None] * len(maps)
    if alphas:
        integrands = first.split_cells(np.stack([path.integrand_at(one) for one in alphas]))
    spread = first.split_cells(path.by_baseline.std(axis=0)) if len(paths) > 1 else None
    errors = path.errors
    is_within = errors.are_within(tolerance)
    flags: set[Flag] = set()
    if errors.is_small_difference:
        flags.add("small_difference")
    if not path.is_finite:
        flags.add("not_finite")
    elif not path.has_gradient:
        # A sample that is its own baseline has no path, and nothing to say of gradients.
        flags.update({"no_gradient"} if any(one.moves(sample) for one in paths) else ())
    elif path.num_nodes >= max_evaluations and not is_within:
        flags.add("cap_reached")
    figures = SampleFigures(
        errors.attribution_sum,
        path.output_at_input,
        path.output_at_baseline,
        errors.completeness,
        errors.refinement,
        path.num_evaluations,
        # Where there is no gradient, nothing is known of how F gets from one end to the other.
        converged=is_within and "no_gradient" not in flags,
        flags=tuple(one for one in FLAGS if one in flags),
    )
    return SampleAttribution(sample, maps, spread, integrands, path.path_outputs, figures)
