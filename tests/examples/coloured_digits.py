"""A file of pictures in colour to learn from without a network."""

from __future__ import annotations

from pathlib import Path

import numpy as np

from example_data import colour_digits, load_digits


def write_coloured_digits(path: Path, count: int) -> Path:
    """Digits of 32×32 in one colour on another, as a file for ``--data``, with names n0 to n9."""
    digits, _ = load_digits()
    coloured = colour_digits(digits.first(count))
    names = [f"n{digit}" for digit in range(10)]
    np.savez(path, x=(coloured.x * 255).astype(np.uint8), y=coloured.y, names=names)
    return path
