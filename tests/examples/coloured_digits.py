"""Pictures in colour to learn from without a network: digits, each in colours of its own."""

from __future__ import annotations

from pathlib import Path

import numpy as np

from example_data import load_digits


def write_coloured_digits(path: Path, count: int) -> Path:
    """Digits of 32×32 in one colour on another, as a file for ``--data``, with names n0 to n9."""
    digits, _ = load_digits()
    random = np.random.default_rng(0)
    # A dark ground and a bright digit, so that one can read it.
    ground = random.uniform(0, 0.4, (count, 1, 1, 3))
    ink = random.uniform(0.5, 1, (count, 1, 1, 3))
    strength = np.pad(digits.x[:count], ((0, 0), (2, 2), (2, 2)))[..., np.newaxis]
    x = ((1 - strength) * ground + strength * ink) * 255
    names = [f"n{digit}" for digit in range(10)]
    np.savez(path, x=x.astype(np.uint8), y=digits.y[:count], names=names)
    return path
