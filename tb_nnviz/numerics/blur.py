"""Blurring pictures by a Gaussian. Pure."""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray


def blur_pictures(pictures: NDArray[Any], sigma: float) -> NDArray[np.float64]:
    """Each picture convolved with a Gaussian, weighted anew where that is cut by the border.

    So a constant picture stays what it is.

    Args:
        pictures: ``(pictures, height, width, …)``; further axes are blurred each by itself.
        sigma: standard deviation of the Gaussian, in cells, above 0.

    Returns:
        Of the same shape.
    """
    rows, columns = (_weights(length, sigma) for length in pictures.shape[1:3])
    blurred: NDArray[np.float64] = np.einsum(
        "hi,wj,nij...->nhw...", rows, columns, pictures.astype(np.float64), optimize=True
    )
    return blurred


def _weights(length: int, sigma: float) -> NDArray[np.float64]:
    """``(to, from)`` weights that sum to 1 for each place."""
    places = np.arange(length)
    weights = np.exp(-((places[:, None] - places[None, :]) ** 2) / (2 * sigma**2))
    normalised: NDArray[np.float64] = weights / weights.sum(axis=1, keepdims=True)
    return normalised
