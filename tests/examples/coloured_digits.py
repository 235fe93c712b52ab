"""Files of pictures in colour to learn from without a network."""

from __future__ import annotations

from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from example_data import colour_digits, load_digits


def write_coloured_digits(path: Path, count: int) -> Path:
    """Digits of 32×32 in one colour on another, as a file for ``--data``, with names n0 to n9."""
    digits, _ = load_digits()
    coloured = colour_digits(digits.first(count))
    names = [f"n{digit}" for digit in range(10)]
    np.savez(path, x=(coloured.x * 255).astype(np.uint8), y=coloured.y, names=names)
    return path


def write_320_coloured_digits(folder: Path) -> Path:
    """So many as are learnt from quickly."""
    return write_coloured_digits(folder / "digits.npz", 320)


def tint_digits() -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """400 digits of 32×32, each in the colour of its class; the colours of the classes."""
    digits = load_digits()[0].first(400)
    colours = np.random.default_rng(0).uniform(size=(10, 3))
    ink = np.pad(digits.x, ((0, 0), (2, 2), (2, 2)))[..., np.newaxis]
    return (0.1 + 0.9 * ink) * colours[digits.y][:, np.newaxis, np.newaxis], colours


def write_tinted_digits(folder: Path) -> Path:
    """Those digits as a file for ``--data``, with names."""
    x, _ = tint_digits()
    y = load_digits()[0].first(len(x)).y
    names = [f"digit {digit}" for digit in range(10)]
    np.savez(folder / "tinted.npz", x=(255 * x).astype(np.uint8), y=y, names=names)
    return folder / "tinted.npz"
