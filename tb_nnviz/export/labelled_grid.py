"""A grid of tiles and the labels of its axes: where there is room for them, and how they are drawn.

Knows layouts and texts; must not know values or captions.
"""

from __future__ import annotations

from dataclasses import dataclass

from PIL import Image

from tb_nnviz.export.arrangement import Arrangement
from tb_nnviz.export.colours import Rgb
from tb_nnviz.export.layout import GridLayout, GridWishes, lay_out
from tb_nnviz.export.options import PictureOptions
from tb_nnviz.export.text import TextFace

# A tile narrower than this has no label below it, a row lower than this none beside it.
_LABELLED_TILE, _LABELLED_ROW = 36, 13
_WIDEST_GUTTER = 180
_DISTANCE = 10
_BELOW_TILE = 4
# From the baseline of a text to the middle of its letters, as a share of its size.
_MIDDLE_OF_LETTERS = 0.36


@dataclass(frozen=True)
class LabelledGrid:
    """A layout with room for labels.

    Attributes:
        layout: of the tiles.
        gutter: pixels to the left of every block, for labels of rows; 0 without any.
        footer: pixels below the last row, for labels of tiles or columns; 0 without any.
        is_column: whether what are labels of tiles elsewhere stand beside them.
    """

    layout: GridLayout
    gutter: int
    footer: int
    is_column: bool


def lay_out_labelled(
    arrangement: Arrangement,
    tile_cells: tuple[int, int],
    options: PictureOptions,
    side: int,
    face: TextFace,
) -> LabelledGrid:
    """The layout of tiles with their labels.

    Args:
        arrangement: the tiles and their labels.
        tile_cells: ``(height, width)`` of a tile in cells.
        options: cells and columns that are asked for.
        side: about how many pixels the longer side of the grid has otherwise.
        face: of the labels.
    """
    is_wrapped = arrangement.row_length is None
    below = face.line_height + _BELOW_TILE if arrangement.tile_labels else 0

    def at(row_length: int | None, below_rows: int, gutter: int) -> GridLayout:
        between = gutter + 2 * _DISTANCE if gutter else 0
        wishes = GridWishes(options.cell_size, options.columns, below_rows, between, side)
        return lay_out(arrangement.tiles, row_length, tile_cells, wishes)

    wrapped = at(arrangement.row_length, below if is_wrapped else 0, 0)
    is_column = is_wrapped and wrapped.columns == 1 and arrangement.tiles > 1
    row_length = 1 if is_column else arrangement.row_length
    row_labels = arrangement.tile_labels if is_column else arrangement.row_labels
    longest = max((face.width(text) for text in row_labels or ()), default=0)
    gutter = min(_WIDEST_GUTTER, longest) + _DISTANCE if longest else 0
    below_rows = below if is_wrapped and not is_column else 0
    layout = at(row_length, below_rows, gutter)
    if layout.tile_height < _LABELLED_ROW:
        gutter = 0
    has_footer = (
        arrangement.tile_labels is not None
        and not is_column
        and layout.tile_width >= _LABELLED_TILE
        and (is_wrapped or layout.blocks == 1)
    )
    layout = at(row_length, below_rows if has_footer else 0, gutter)
    return LabelledGrid(layout, gutter, below if has_footer else 0, is_column)


def draw_labels(
    image: Image.Image,
    origin: tuple[int, int],
    grid: LabelledGrid,
    arrangement: Arrangement,
    face: TextFace,
    colour: Rgb,
) -> None:
    """Draws the labels of a grid whose first tile is at the origin."""
    layout = grid.layout
    origin_x, origin_y = origin
    row_labels = arrangement.tile_labels if grid.is_column else arrangement.row_labels
    if grid.gutter and row_labels:
        for row, text in enumerate(row_labels):
            left, top = layout.place(row * layout.columns)
            shown = face.shorten(text, grid.gutter - _DISTANCE)
            right = origin_x + left - _DISTANCE
            middle = origin_y + top + layout.tile_height / 2
            baseline = middle + _MIDDLE_OF_LETTERS * face.size
            face.draw(image, right - face.width(shown), baseline, shown, colour)
    if grid.footer and arrangement.tile_labels:
        # Labels of columns stand below the last row.
        is_wrapped = arrangement.row_length is None
        first = 0 if is_wrapped else (layout.rows - 1) * layout.columns
        for place, text in enumerate(arrangement.tile_labels):
            left, top = layout.place(first + place)
            shown = face.shorten(text, layout.tile_width)
            x = origin_x + left + (layout.tile_width - face.width(shown)) / 2
            baseline = origin_y + top + layout.tile_height + _BELOW_TILE + face.size
            face.draw(image, x, baseline, shown, colour)
