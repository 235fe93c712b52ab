"""One picture: caption, legend, tiles with their labels, remarks.

Every frame of an animation has the same plan, so that nothing moves but the values. Knows
pixels; must not know logs or files.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

from PIL import Image

from tb_nnviz.export.arrangement import Arrangement
from tb_nnviz.export.colours import ColourTables, Rgb
from tb_nnviz.export.labelled_grid import draw_labels, lay_out_labelled
from tb_nnviz.export.layout import GridLayout
from tb_nnviz.export.legend import (
    HEIGHT as LEGEND_HEIGHT,
)
from tb_nnviz.export.legend import (
    Legend,
    LegendColours,
    draw_legend,
    legend_width,
    widest_end,
)
from tb_nnviz.export.options import PictureOptions
from tb_nnviz.export.painting import PaintedTiles
from tb_nnviz.export.text import TextFace, load_face
from tb_nnviz.export.theme import THEMES, ThemeColours
from tb_nnviz.export.tile_drawing import draw_tile

_MARGIN = 28
_LEAST_WIDTH = 560
_TITLE_SIZE, _TEXT_SIZE, _LABEL_SIZE = 22, 16, 14
_BETWEEN_PARTS = 18
_LEGEND_DISTANCE = 40


@dataclass(frozen=True)
class Caption:
    """What is written: a title that all frames share, facts of this one, and remarks."""

    title: str
    facts: str
    remarks: str


@dataclass(frozen=True)
class Frame:
    """What one picture shows, besides its cells."""

    caption: Caption
    legend: Legend
    arrangement: Arrangement
    tile_cells: tuple[int, int]


@dataclass(frozen=True)
class _Faces:
    title: TextFace
    text: TextFace
    label: TextFace


class PicturePlan:
    """Where everything goes in each of several frames.

    Args:
        frames: what will be drawn, at least one frame.
        options: how it is to look.
        tables: the colours of the screen.
        side: about how many pixels the longer side of the tiles' grid has, unless the options
            say how large a cell is.
    """

    def __init__(
        self, frames: Sequence[Frame], options: PictureOptions, tables: ColourTables, side: int
    ) -> None:
        self._tables = tables
        self._look = THEMES[options.theme]
        self._legend_look = LegendColours(
            self._look.secondary, self._look.outline, tables.dead[options.theme]
        )
        self._faces = _Faces(
            *(load_face(size, options.font) for size in (_TITLE_SIZE, _TEXT_SIZE, _LABEL_SIZE))
        )
        largest = max(frames, key=lambda frame: frame.arrangement.tiles)
        self._grid = lay_out_labelled(
            largest.arrangement, largest.tile_cells, options, side, self._faces.label
        )
        self._width = max(_LEAST_WIDTH, self._grid.gutter + self.layout.width)
        self._room_of_ends = max(widest_end(frame.legend, self._faces.text) for frame in frames)
        self._legend_width = max(self._width_of(frame.legend) for frame in frames)
        self._width = max(self._width, self._legend_width)
        title_width = self._faces.title.width(frames[0].caption.title)
        self._is_legend_beside = title_width + _LEGEND_DISTANCE + self._legend_width <= self._width
        self._title = self._faces.title.wrap(frames[0].caption.title, self._width)
        fact_lines = max(len(self._facts(frame)) for frame in frames)
        remark_lines = max(len(self._remarks(frame)) for frame in frames)

        text = self._faces.text.line_height
        self._facts_top = _MARGIN + len(self._title) * self._faces.title.line_height
        below_facts = self._facts_top + fact_lines * text
        self._legend_top = _MARGIN + 2 if self._is_legend_beside else below_facts + 8
        below_legend = self._legend_top + LEGEND_HEIGHT
        self._grid_top = max(below_facts, below_legend) + _BETWEEN_PARTS - 4
        bottom = self._grid_top + self.layout.height + self._grid.footer
        self._remarks_top = bottom + _BETWEEN_PARTS
        if remark_lines:
            bottom = self._remarks_top + remark_lines * self._faces.label.line_height
        self.size = (self._width + 2 * _MARGIN, bottom + _MARGIN)
        self.lacking = self._lacking(frames)

    @property
    def layout(self) -> GridLayout:
        """Of the tiles; of the frame with the most of them, where frames differ."""
        return self._grid.layout

    @property
    def theme(self) -> ThemeColours:
        """Colours of the page."""
        return self._look

    def grid_origin(self) -> tuple[int, int]:
        """Left and top of the first tile, in pixels."""
        return _MARGIN + self._grid.gutter, self._grid_top

    def draw(self, frame: Frame, painted: PaintedTiles) -> Image.Image:
        """The picture of one frame.

        Args:
            frame: one of those planned for.
            painted: its tiles.
        """
        image = Image.new("RGB", self.size, self._look.page)
        self._draw_lines(image, self._title, _MARGIN, self._faces.title, self._look.ink)
        self._draw_lines(
            image, self._facts(frame), self._facts_top, self._faces.text, self._look.secondary
        )
        remarks = self._remarks(frame)
        self._draw_lines(image, remarks, self._remarks_top, self._faces.label, self._look.secondary)
        legend = replace(frame.legend, room=self._room_of_ends)
        right = self._width if self._is_legend_beside else self._width_of(legend)
        place = (_MARGIN + right - self._width_of(legend), self._legend_top)
        draw_legend(image, place, legend, self._faces.text, self._tables, self._legend_look)
        left, top = self.grid_origin()
        for tile in range(frame.arrangement.tiles):
            x, y = self.layout.place(tile)
            draw_tile(image, (left + x, top + y), self.layout, painted, tile, self._look)
        draw_labels(
            image,
            (left, top),
            self._grid,
            frame.arrangement,
            self._faces.label,
            self._look.secondary,
        )
        return image

    def _facts(self, frame: Frame) -> list[str]:
        room = self._width
        if self._is_legend_beside:
            room -= self._legend_width + _LEGEND_DISTANCE
        return self._faces.text.wrap(frame.caption.facts, room)

    def _remarks(self, frame: Frame) -> list[str]:
        return self._faces.label.wrap(frame.caption.remarks, self._width)

    def _width_of(self, legend: Legend) -> int:
        legend = replace(legend, room=self._room_of_ends)
        return legend_width(legend, self._faces.text, self._tables, self._legend_look)

    def _lacking(self, frames: Sequence[Frame]) -> str:
        """Characters that the font does not have."""
        texts = [
            text
            for frame in frames
            for text in (
                frame.caption.title,
                frame.caption.facts,
                frame.caption.remarks,
                *(frame.arrangement.row_labels or ()),
                *(frame.arrangement.tile_labels or ()),
            )
        ]
        return self._faces.text.lacks("".join(texts))

    def _draw_lines(
        self, image: Image.Image, lines: Sequence[str], top: int, face: TextFace, colour: Rgb
    ) -> None:
        for number, line in enumerate(lines):
            face.draw(image, _MARGIN, top + face.size + number * face.line_height, line, colour)
