"""One tile in a picture: its cells, the line round it, and the signs of special cells.

Knows pixels; must not know what the tiles are of.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray
from PIL import Image, ImageDraw

from tb_nnviz.export.colours import Rgb
from tb_nnviz.export.layout import GridLayout
from tb_nnviz.export.legend import cross_out, draw_sign
from tb_nnviz.export.painting import PaintedTiles
from tb_nnviz.export.theme import ThemeColours

# Smaller cells are told apart by colour alone: a sign would be a blot, a diagonal a dot.
_SIGNED_CELL = 5
_CROSSED_CELL = 3


def draw_tile(
    image: Image.Image,
    place: tuple[int, int],
    layout: GridLayout,
    painted: PaintedTiles,
    tile: int,
    look: ThemeColours,
) -> None:
    """Draws a tile.

    Args:
        image: to draw on.
        place: left and top of the tile in it.
        layout: how large tiles and cells are.
        painted: the tiles.
        tile: which.
        look: colours of the page.
    """
    left, top = place
    cells = _fold(painted.colours[tile], layout.tile_cells, look.page)
    pixels = cells.repeat(layout.cell, axis=0).repeat(layout.cell, axis=1)
    image.paste(Image.fromarray(pixels), place)
    ImageDraw.Draw(image).rectangle(
        (left - 1, top - 1, left + layout.tile_width, top + layout.tile_height),
        outline=look.outline,
    )
    if painted.dead is not None:
        _cross_out_dead(image, place, layout, painted.dead[tile], look.secondary)
    if layout.cell < _SIGNED_CELL:
        return
    for sign, mask in (("×", painted.nan), ("+", painted.posinf), ("−", painted.neginf)):
        for x, y in _corners(place, layout, mask[tile]):
            draw_sign(image, x, y, layout.cell, sign)


def _cross_out_dead(
    image: Image.Image,
    place: tuple[int, int],
    layout: GridLayout,
    dead: NDArray[np.bool_],
    colour: Rgb,
) -> None:
    """A diagonal across a dead tile, or across each of its dead cells."""
    if dead.all():
        left, top = place
        box = (left, top, left + layout.tile_width, top + layout.tile_height)
        cross_out(image, box, colour)
    elif layout.cell >= _CROSSED_CELL:
        for x, y in _corners(place, layout, dead):
            cross_out(image, (x, y, x + layout.cell, y + layout.cell), colour)


def _corners(
    place: tuple[int, int], layout: GridLayout, mask: NDArray[np.bool_]
) -> list[tuple[int, int]]:
    """Left and top of the cells of a tile that are marked."""
    (left, top), length = place, layout.tile_cells[1]
    return [
        (left + index % length * layout.cell, top + index // length * layout.cell)
        for index in np.flatnonzero(mask).tolist()
    ]


def _fold(cells: NDArray[np.uint8], shape: tuple[int, int], background: Rgb) -> NDArray[np.uint8]:
    """The cells of a tile in lines of another length; what is left of the last is background."""
    if cells.shape[:2] == shape:
        return cells
    folded = np.empty((shape[0] * shape[1], 3), np.uint8)
    folded[:] = background
    flat = cells.reshape(-1, 3)
    folded[: len(flat)] = flat
    return folded.reshape(*shape, 3)
