"""Weights with which values at uneven places make an integral over them. Pure."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

Float64Array = NDArray[np.float64]


def compute_trapezoid_weights(alphas: Float64Array) -> Float64Array:
    """Weights of the trapezoid rule, exact to the first degree; they sum to last - first.

    Args:
        alphas: ``(nodes,)`` increasing, at least two.
    """
    widths = np.diff(alphas)
    weights = np.zeros(len(alphas))
    weights[:-1] += widths / 2
    weights[1:] += widths / 2
    return weights


def compute_path_weights(alphas: Float64Array) -> Float64Array:
    """The trapezoid rule, corrected for curvature wherever neighbouring panels are equally wide.

    A panel's integral is the trapezoid less ``h³ / 12`` times the second derivative, which is told
    by the slopes on both sides of a node: half by each end of the panel, all by one at the ends of
    the path. On even nodes it is Gregory's rule, exact to the second degree: only the weights near
    the ends differ, so that jumps, which a curvature knows nothing of, are integrated as before.
    Where panels of two widths meet nothing is corrected, since there a jump would not cancel.

    Args:
        alphas: ``(nodes,)`` increasing, at least two.

    Returns:
        ``(nodes,)``; they sum to last - first.
    """
    weights = compute_trapezoid_weights(alphas)
    widths = np.diff(alphas)
    before, behind = widths[:-1], widths[1:]  # of each inner node
    shares = np.full(len(widths), 0.5)
    shares[[0, -1]] = 1
    # The factor of the slope behind a node less that before it: h³/12 · 1/h of two panels.
    factors = np.where(before == behind, (shares[:-1] + shares[1:]) * before**2 / 12, 0)
    weights[2:] -= factors / behind
    weights[1:-1] += factors / behind + factors / before
    weights[:-2] -= factors / before
    return weights
