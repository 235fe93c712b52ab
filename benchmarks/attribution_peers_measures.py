"""What is told of a set of attribution maps: formulas only, of arrays."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

Float64 = NDArray[np.float64]


def map_errors(maps: Float64, truth: Float64) -> Float64:
    """‖A − T‖₂ / ‖T‖₂ of each sample.

    Args:
        maps: ``(sample, …)``.
        truth: likewise.
    """
    difference = (maps - truth).reshape(len(maps), -1)
    errors: Float64 = np.linalg.norm(difference, axis=1) / np.linalg.norm(
        truth.reshape(len(truth), -1), axis=1
    )
    return errors


def completeness_errors(maps: Float64, output_changes: Float64) -> Float64:
    """|Σ A − (F(x) − F(x′))| / |F(x) − F(x′)| of each sample.

    Args:
        maps: ``(sample, …)``.
        output_changes: F(x) − F(x′) of each sample.
    """
    sums = maps.reshape(len(maps), -1).sum(axis=1)
    errors: Float64 = np.abs(sums - output_changes) / np.abs(output_changes)
    return errors


def median_and_p95(errors: Float64) -> str:
    """Both as shares in percent, for a cell of a table."""
    return f"{np.median(errors):.2%} | {np.percentile(errors, 95):.2%}"


def share_bounded(told: Float64, true: Float64) -> str:
    """In how many samples the error that was told is no less than the true one."""
    return f"{int((told >= true).sum())} of {len(true)}"
