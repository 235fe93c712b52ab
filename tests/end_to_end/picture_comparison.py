"""Compares screenshots with stored ones, and stores them small.

Pictures are compared by the mean colours of blocks of 8x8 pixels. Antialiasing and hinting differ
from machine to machine by the edges of letters, which a block's mean hardly feels; a control that
has moved, a panel of another height or tiles in other colours change every block that they cover.
"""

from __future__ import annotations

import io
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray
from PIL import Image

BLOCK = 8
# A block of text that has moved by half a letter changes by up to about 25 of 255; hinting moves
# it by less than 16.
BLOCK_DIFFERENCE = 16
MAX_BYTES = 150_000

Pixels = NDArray[np.uint8]


@dataclass(frozen=True)
class Comparison:
    """How far two pictures are apart.

    Attributes:
        share: of the blocks whose mean colours differ by more than ``BLOCK_DIFFERENCE`` in some
            channel; 1 where the sizes differ.
        box: left, top, right, bottom in pixels of where they do; None where none does.
    """

    share: float
    box: tuple[int, int, int, int] | None


def compare_pictures(shown: Pixels, stored: Pixels) -> Comparison:
    """Compares two pictures ``(height, width, 3)``."""
    if shown.shape != stored.shape:
        return Comparison(1.0, (0, 0, shown.shape[1], shown.shape[0]))
    differences = np.abs(_block_means(shown) - _block_means(stored)).max(axis=-1)
    differs = differences > BLOCK_DIFFERENCE
    if not differs.any():
        return Comparison(0.0, None)
    rows, columns = (np.flatnonzero(differs.any(axis=axis)) * BLOCK for axis in (1, 0))
    box = (int(columns[0]), int(rows[0]), int(columns[-1]) + BLOCK, int(rows[-1]) + BLOCK)
    return Comparison(float(differs.mean()), box)


def _block_means(pixels: Pixels) -> NDArray[np.float64]:
    height, width = (length // BLOCK * BLOCK for length in pixels.shape[:2])
    blocks = pixels[:height, :width].reshape(height // BLOCK, BLOCK, width // BLOCK, BLOCK, 3)
    means: NDArray[np.float64] = blocks.mean(axis=(1, 3))
    return means


def decode_png(data: bytes) -> Pixels:
    """The pixels of a PNG."""
    return np.array(Image.open(io.BytesIO(data)).convert("RGB"))


def encode_small_png(pixels: Pixels) -> bytes:
    """A PNG with a palette of 256 colours, or without one where that is smaller."""
    image = Image.fromarray(pixels)
    # Colours are off by at most 12 of 255, also those of small things such as the dot of a run,
    # which a median cut would paint like something larger; blocks by less than BLOCK_DIFFERENCE.
    with_palette = image.quantize(
        256, Image.Quantize.MAXCOVERAGE, kmeans=1, dither=Image.Dither.NONE
    )
    return min((_png(image), _png(with_palette)), key=len)


def _png(image: Image.Image) -> bytes:
    file = io.BytesIO()
    image.save(file, "PNG", optimize=True)
    return file.getvalue()


def read_picture(path: Path) -> Pixels:
    """The pixels of a stored picture."""
    return decode_png(path.read_bytes())
