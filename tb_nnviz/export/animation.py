"""Pictures to an animated GIF that loops for ever.

All frames share one palette, so that what stays the same keeps its colour. Knows pixels; must
not know records.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import BinaryIO

import numpy as np
from numpy.typing import NDArray
from PIL import Image

from tb_nnviz.export.colours import Rgb

PALETTE_SIZE = 256
# Of these, so many are free for what is no table of colours.
_PICTURE_COLOURS = 224
# Shades of a text between page and ink.
_SHADES = 10
_HOLD_LAST = 5
_GIF_UNIT_MILLISECONDS = 10
_UNKNOWN = -1


class SharedPalette:
    """The 256 colours of an animation, and frames in them.

    Args:
        page: background, which letters fade into.
        inks: colours of texts.
        others: colours that must be exact: of outlines, signs and the like.
        data: ``(n, 3)`` uint8 colours of the cells, in the order of the table; as many of
            them, evenly chosen, as there is room for.
    """

    def __init__(
        self, page: Rgb, inks: Sequence[Rgb], others: Sequence[Rgb], data: NDArray[np.uint8]
    ) -> None:
        fades = [
            np.linspace(page, ink, _SHADES, endpoint=False)[1:].round().astype(np.uint8)
            for ink in inks
        ]
        pinned = np.array([page, *inks, *others], np.uint8).reshape(-1, 3)
        fixed = np.concatenate([pinned, *fades])
        room = PALETTE_SIZE - len(fixed)
        chosen = np.linspace(0, len(data) - 1, min(room, len(data))).round().astype(int)
        self.colours = np.concatenate([fixed, data[chosen]])
        # The nearest palette entry of every colour that has been met.
        self._nearest = np.full(1 << 24, _UNKNOWN, np.int16)

    def apply(self, image: Image.Image) -> Image.Image:
        """An RGB image in the nearest colours of the palette."""
        pixels = np.asarray(image, np.uint32)
        packed = pixels[..., 0] << 16 | pixels[..., 1] << 8 | pixels[..., 2]
        new = np.unique(packed[self._nearest[packed] == _UNKNOWN])
        for block in np.array_split(new, 1 + len(new) // 4096):
            rgb = np.stack([block >> 16, block >> 8 & 255, block & 255], axis=1).astype(np.int32)
            distances = ((rgb[:, None] - self.colours[None].astype(np.int32)) ** 2).sum(axis=2)
            self._nearest[block] = distances.argmin(axis=1)
        frame = Image.fromarray(self._nearest[packed].astype(np.uint8))
        frame.putpalette(self.colours.tobytes())
        return frame


def representative_colours(pixels: Iterable[NDArray[np.uint8]]) -> NDArray[np.uint8]:
    """``(n, 3)`` colours, at most 224, that stand for all of the pixels, each ``(n, 3)``."""
    samples = np.concatenate([block[:: max(1, len(block) // 4096)] for block in pixels])
    image = Image.fromarray(samples[None])
    reduced = image.quantize(_PICTURE_COLOURS, Image.Quantize.MAXCOVERAGE, kmeans=1)
    return np.array(reduced.getpalette("RGB"), np.uint8).reshape(-1, 3)


def write_gif(
    file: BinaryIO, images: Iterable[Image.Image], palette: SharedPalette, milliseconds: int
) -> None:
    """Writes an animation.

    Args:
        file: to write to.
        images: RGB, of one size, at least one.
        palette: their colours.
        milliseconds: how long each is shown; the last one stays five times as long.
    """
    frames = [palette.apply(image) for image in images]
    duration = max(1, round(milliseconds / _GIF_UNIT_MILLISECONDS)) * _GIF_UNIT_MILLISECONDS
    durations = [duration] * (len(frames) - 1) + [_HOLD_LAST * duration]
    frames[0].save(
        file,
        format="GIF",
        save_all=True,
        append_images=frames[1:],
        duration=durations,
        loop=0,
        optimize=False,
    )
