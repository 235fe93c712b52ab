"""Where tiles lie, in pixels. Knows counts and sizes; must not know values or colours."""

from __future__ import annotations

import math
from dataclasses import dataclass

# How much more than the side that is asked for is near enough.
_TOLERANCE = 1.06
# A cell larger than this says no more; one of a few large tiles less still.
_LARGEST_CELL = 64
_LARGEST_TILE = 320

# Wider than high, as screens and slides are.
_ASPECT = 1.2
_COST_OF_EMPTY_PLACES = 5.0
_GAIN_OF_FULL_ROWS = 0.4

_GAP_PIXELS = (3, 10)
_BLOCK_GAPS = 3

# Strips longer than this are broken into lines.
_LONG_STRIP = 64


@dataclass(frozen=True)
class GridLayout:
    """A grid of tiles; all but counts and cells in pixels.

    Attributes:
        tiles: how many.
        columns: tiles in a row of a block.
        rows: rows of tiles in all blocks together.
        blocks: stacks of whole rows that stand side by side.
        block_rows: rows in every block but the last, which may have fewer.
        tile_cells: ``(height, width)`` of a tile in cells, as painted.
        cell: side of a cell.
        gap: between the tiles of a row.
        row_gap: between rows.
        block_gap: between blocks.
    """

    tiles: int
    columns: int
    rows: int
    blocks: int
    block_rows: int
    tile_cells: tuple[int, int]
    cell: int
    gap: int
    row_gap: int
    block_gap: int

    @property
    def tile_width(self) -> int:
        """Width of a tile."""
        return self.tile_cells[1] * self.cell

    @property
    def tile_height(self) -> int:
        """Height of a tile."""
        return self.tile_cells[0] * self.cell

    @property
    def block_width(self) -> int:
        """Width of a block."""
        return self.columns * (self.tile_width + self.gap) - self.gap

    @property
    def width(self) -> int:
        """Width of the grid."""
        return self.blocks * (self.block_width + self.block_gap) - self.block_gap

    @property
    def height(self) -> int:
        """Height of the grid."""
        return self.block_rows * (self.tile_height + self.row_gap) - self.row_gap

    def place(self, tile: int) -> tuple[int, int]:
        """Left and top of a tile."""
        row, column = divmod(tile, self.columns)
        block, row_in_block = divmod(row, self.block_rows)
        left = block * (self.block_width + self.block_gap) + column * (self.tile_width + self.gap)
        return left, row_in_block * (self.tile_height + self.row_gap)


@dataclass(frozen=True)
class GridWishes:
    """What is asked of a layout.

    Attributes:
        cell: side of a cell in pixels; None for what fills the picture.
        columns: columns of tiles in all blocks together; None for a balanced grid.
        below_rows: pixels to keep free below rows, for labels.
        beside_blocks: pixels to keep free to the left of each block, for labels.
        side: of a grid whose cells may have any size, about how many pixels its longer side has.
    """

    cell: int | None = None
    columns: int | None = None
    below_rows: int = 0
    beside_blocks: int = 0
    side: int = 1000


def lay_out(
    tiles: int, row_length: int | None, tile_cells: tuple[int, int], wishes: GridWishes
) -> GridLayout:
    """The layout of tiles.

    Args:
        tiles: how many, at least 1.
        row_length: tiles in a row; None where rows may be of any length.
        tile_cells: ``(height, width)`` in cells, each at least 1.
        wishes: what is asked for.
    """
    folded = _fold_strip(tile_cells, tiles)
    columns, blocks = _choose_columns(tiles, row_length, folded, wishes.columns)
    if wishes.cell is not None:
        return _at(tiles, columns, blocks, folded, wishes.cell, wishes)
    most = _LARGEST_TILE // max(folded) if tiles > 1 else _LARGEST_CELL
    largest = max(1, min(_LARGEST_CELL, most))
    for cell in range(largest, 1, -1):
        layout = _at(tiles, columns, blocks, folded, cell, wishes)
        width = layout.width + wishes.beside_blocks
        if max(width, layout.height) <= _TOLERANCE * wishes.side:
            return layout
    return _at(tiles, columns, blocks, folded, 1, wishes)


def _fold_strip(tile_cells: tuple[int, int], tiles: int) -> tuple[int, int]:
    """A long vector that stands alone, in lines; anything else as it is."""
    height, width = tile_cells
    if height != 1 or tiles > 1 or width <= _LONG_STRIP:
        return tile_cells
    # Lines that are all full leave no ragged end.
    line = next((length for length in range(_LONG_STRIP, 31, -1) if width % length == 0), 64)
    return math.ceil(width / line), line


def _choose_columns(
    tiles: int, row_length: int | None, tile_cells: tuple[int, int], wished: int | None
) -> tuple[int, int]:
    """Tiles in a row of a block, and blocks."""
    height, width = (length + 1 for length in tile_cells)
    if row_length is None:
        if wished is not None:
            return min(tiles, wished), 1
        return _most_balanced(tiles, width, height), 1
    rows = math.ceil(tiles / row_length)
    if wished is not None:
        blocks = min(rows, max(1, wished // row_length))
    else:
        blocks = _most_balanced(rows, width * row_length + _BLOCK_GAPS, height)
    block_rows = math.ceil(rows / blocks)
    # Rounding up may have filled fewer blocks: 9 rows in 4 blocks of 3 leave one empty.
    return row_length, math.ceil(rows / block_rows)


def _most_balanced(items: int, width: int, height: int) -> int:
    """How many items of this size in a row make a full grid a little wider than high."""

    def cost(columns: int) -> float:
        rows = math.ceil(items / columns)
        empty = 1 - items / (columns * rows)
        gain = 0.0 if empty else _GAIN_OF_FULL_ROWS
        aspect = columns * width / (rows * height)
        return abs(math.log(aspect / _ASPECT)) + _COST_OF_EMPTY_PLACES * empty - gain

    return min(range(1, items + 1), key=cost)


def _at(
    tiles: int,
    columns: int,
    blocks: int,
    tile_cells: tuple[int, int],
    cell: int,
    wishes: GridWishes,
) -> GridLayout:
    least, most = _GAP_PIXELS
    # One cell between kernels, two between digits, three at most: as on the screen.
    cells = max(1, min(3, round(max(tile_cells) / 14)))
    gap = max(least, min(most, cells * cell))
    rows = math.ceil(tiles / columns)
    return GridLayout(
        tiles=tiles,
        columns=columns,
        rows=rows,
        blocks=blocks,
        block_rows=math.ceil(rows / blocks),
        tile_cells=tile_cells,
        cell=cell,
        gap=gap,
        row_gap=max(gap, wishes.below_rows),
        block_gap=max(_BLOCK_GAPS * gap, wishes.beside_blocks),
    )
