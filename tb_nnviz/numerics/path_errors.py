"""What is known of the error of an integral along a path. Pure."""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

Float64Array = NDArray[np.float64]

# Measured error of the trapezoid rule on ReLU networks ÷ estimate without a factor: at most 1.5 for
# 98 % of samples.
_SAFETY = 1.5
# Of the L1 norm of the attributions: where F changes by less, what completeness is compared with.
_SMALL_DIFFERENCE = 0.01


@dataclass(frozen=True)
class PathErrors:
    """What is known of the error of an integral, all in shares (0.02 is 2 %).

    Attributes:
        attribution_sum: sum of the attributions, in the unit of F.
        output_difference: F(x) - F(x').
        completeness: ``|attribution_sum - output_difference| / s``, s the greater of
            ``|output_difference|`` and 0.01 times the L1 norm of the attributions; 0 where all of
            them are 0.
        refinement: estimated L2 error of the attributions ÷ their L2 norm: 1.5 times the root of
            the sum over panels of ``max(h² ‖Δ‖² / 12, c²)``, h the panel's width, Δ the change of
            the integrand over it, c its part of the completeness error times the L2 norm ÷ s.
        is_small_difference: whether ``|output_difference|`` is below 0.01 times the L1 norm, or 0.
    """

    attribution_sum: float
    output_difference: float
    completeness: float
    refinement: float
    is_small_difference: bool

    def are_within(self, tolerance: float) -> bool:
        """Whether both errors are; never where one is not finite."""
        return self.completeness <= tolerance and self.refinement <= tolerance


@dataclass(frozen=True, eq=False)
class JudgedPath:
    """What is known of the error of some nodes.

    Attributes:
        errors: of the whole.
        squared_errors: ``(panels,)`` what each panel contributes, without the factor.
    """

    errors: PathErrors
    squared_errors: Float64Array


def judge_path(
    alphas: Float64Array,
    outputs: Float64Array,
    sums: Float64Array,
    squared_jumps: Float64Array,
    attributions: Float64Array,
    weights: Float64Array | None = None,
) -> JudgedPath:
    """The errors of an integral.

    Args:
        alphas: ``(nodes,)`` increasing.
        outputs: ``(nodes,)`` F there.
        sums: ``(nodes,)`` of the integrand there, over its cells.
        squared_jumps: ``(panels,)`` squared L2 norm of the integrand's change over each panel.
        attributions: ``(cells,)``.
        weights: ``(nodes,)`` that they were made with; None for the trapezoid rule's.
    """
    with np.errstate(over="ignore", invalid="ignore"):
        norm = math.sqrt(float(attributions @ attributions))
        smallest = _SMALL_DIFFERENCE * float(np.abs(attributions).sum())
        difference = float(outputs[-1] - outputs[0])
        scale = max(abs(difference), smallest)
        widths = alphas[1:] - alphas[:-1]
        trapezoids = widths / 2 * (sums[1:] + sums[:-1])
        residuals = trapezoids - (outputs[1:] - outputs[:-1])
        shares = residuals * (norm / scale) if scale else np.zeros(len(widths))
        squared_errors = np.maximum(widths**2 * squared_jumps / 12, shares**2)
        attribution_sum = float(trapezoids.sum() if weights is None else weights @ sums)
        errors = PathErrors(
            attribution_sum,
            difference,
            ratio_of_error(abs(attribution_sum - difference), scale),
            ratio_of_error(_SAFETY * math.sqrt(float(squared_errors.sum())), norm),
            is_small_difference=abs(difference) < smallest or difference == 0,
        )
    return JudgedPath(errors, squared_errors)


def ratio_of_error(error: float, size: float) -> float:
    """An error as a share of a size; 0 where there is neither, infinite without a size."""
    if error == 0:
        return 0.0
    return error / size if size else math.inf
