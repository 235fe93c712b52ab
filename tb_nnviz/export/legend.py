"""The scale of a picture: the colours with numbers and zero, and the signs of special cells.

Knows colours and words; must not compute ranges.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field

import numpy as np
from numpy.typing import NDArray
from PIL import Image, ImageDraw

from tb_nnviz.export.colours import Colouring, ColourTables, Rgb
from tb_nnviz.export.painting import ENTRIES
from tb_nnviz.export.ranges import ValueRange
from tb_nnviz.export.text import TextFace
from tb_nnviz.export.words import format_ends

BAR_WIDTH, BAR_HEIGHT = 160, 14
SWATCH = 18
# Below the bar stands the 0 of its mark.
HEIGHT = 40
# The middle of the bar and of the texts, from the top.
_MIDDLE = 12
_ITEM_GAP = 18
_WORD_GAP = 8
_ZERO_MARK = 4


@dataclass(frozen=True)
class LegendColours:
    """Colours of what is not data: words, lines round the colours, and dead channels."""

    word: Rgb
    line: Rgb
    dead: Rgb


@dataclass(frozen=True)
class Legend:
    """What a legend says.

    Attributes:
        colouring: which colours.
        common: the range of all tiles; None where each has its own.
        note: what the range spans, where that is not all tiles of the picture.
        specials: which of `NAN`, `POSINF`, `NEGINF`, `UNRESOLVED` and `DEAD` occur.
        room: pixels to keep free for each number, so that the bar of an animation stands still;
            at least what the number takes.
    """

    colouring: Colouring
    common: ValueRange | None
    note: str = ""
    specials: frozenset[str] = field(default_factory=frozenset)
    room: int = 0


NAN, POSINF, NEGINF, UNRESOLVED, DEAD = "NaN", "+∞", "−∞", "change below precision", "dead"
_SIGNS = {NAN: "×", POSINF: "+", NEGINF: "−"}

_Draw = Callable[[Image.Image, int, int], None]


def legend_width(legend: Legend, face: TextFace, tables: ColourTables, look: LegendColours) -> int:
    """Width of a legend in pixels."""
    items = _items(legend, face, tables, look)
    return sum(width for width, _ in items) + _ITEM_GAP * (len(items) - 1)


def draw_legend(
    image: Image.Image,
    place: tuple[int, int],
    legend: Legend,
    face: TextFace,
    tables: ColourTables,
    look: LegendColours,
) -> None:
    """Draws a legend with its upper left corner at a place; it is `HEIGHT` high."""
    left, top = place
    for width, draw in _items(legend, face, tables, look):
        draw(image, left, top)
        left += width + _ITEM_GAP


def _items(
    legend: Legend, face: TextFace, tables: ColourTables, look: LegendColours
) -> list[tuple[int, _Draw]]:
    """Width of each item and what draws it, in the order of the screen."""
    backgrounds = {
        UNRESOLVED: tables.unresolved_of(legend.colouring),
        DEAD: look.dead,
        NAN: tables.nan,
        POSINF: tables.posinf,
        NEGINF: tables.neginf,
    }
    swatches = [
        _swatch(word, colour, face, look)
        for word, colour in backgrounds.items()
        if word in legend.specials
    ]
    words = [legend.note, "R, G, B each" if legend.colouring.table is None else ""]
    notes = [_word(word, face, look) for word in words if word]
    return [*swatches, *notes, _scale(legend, face, tables, look)]


def _baseline(top: int, face: TextFace) -> float:
    return top + _MIDDLE + 0.36 * face.size


def _word(word: str, face: TextFace, look: LegendColours) -> tuple[int, _Draw]:
    def draw(image: Image.Image, left: int, top: int) -> None:
        face.draw(image, left, _baseline(top, face), word, look.word)

    return face.width(word), draw


def _swatch(word: str, colour: Rgb, face: TextFace, look: LegendColours) -> tuple[int, _Draw]:
    def draw(image: Image.Image, left: int, top: int) -> None:
        upper = top + _MIDDLE - SWATCH // 2
        ImageDraw.Draw(image).rectangle(
            (left, upper, left + SWATCH - 1, upper + SWATCH - 1), fill=colour, outline=look.line
        )
        if word == DEAD:
            cross_out(image, (left, upper, left + SWATCH, upper + SWATCH), look.word)
        draw_sign(image, left, upper, SWATCH, _SIGNS.get(word, ""))
        face.draw(image, left + SWATCH + _WORD_GAP, _baseline(top, face), word, look.word)

    return SWATCH + _WORD_GAP + face.width(word), draw


def cross_out(image: Image.Image, box: tuple[int, int, int, int], colour: Rgb) -> None:
    """Draws a diagonal, a little inside of a box of left, top, right and bottom."""
    left, top, right, bottom = box
    ImageDraw.Draw(image).line((left + 1, bottom - 2, right - 2, top + 1), fill=colour)


def draw_sign(image: Image.Image, left: int, top: int, cell: int, sign: str) -> None:
    """Draws ×, + or − in black on a cell of so many pixels."""
    pen = ImageDraw.Draw(image)
    weight = max(1, round(cell / 8))
    middle_x, middle_y, reach = left + (cell - 1) / 2, top + (cell - 1) / 2, cell * 0.28
    steps = {"×": ((1, 1), (1, -1)), "+": ((1, 0), (0, 1)), "−": ((1, 0),)}.get(sign, ())
    for x, y in steps:
        ends = (
            middle_x - x * reach,
            middle_y - y * reach,
            middle_x + x * reach,
            middle_y + y * reach,
        )
        pen.line(ends, fill=(0, 0, 0), width=weight)


def _scale(
    legend: Legend, face: TextFace, tables: ColourTables, look: LegendColours
) -> tuple[int, _Draw]:
    ends = _ends(legend)
    room = max(legend.room, widest_end(legend, face))
    zero = _place_of_zero(legend)

    def draw(image: Image.Image, left: int, top: int) -> None:
        base = _baseline(top, face)
        face.draw(image, left + room - face.width(ends[0]), base, ends[0], look.word)
        bar_left, bar_top = left + room + _WORD_GAP, top + _MIDDLE - BAR_HEIGHT // 2
        image.paste(Image.fromarray(_bar(legend.colouring, tables)), (bar_left, bar_top))
        pen = ImageDraw.Draw(image)
        right, bottom = bar_left + BAR_WIDTH, bar_top + BAR_HEIGHT
        pen.rectangle((bar_left - 1, bar_top - 1, right, bottom), outline=look.line)
        face.draw(image, right + _WORD_GAP, base, ends[1], look.word)
        if zero is not None:
            x = bar_left + round(zero * (BAR_WIDTH - 1))
            pen.line((x, bar_top - _ZERO_MARK, x, bottom + _ZERO_MARK - 1), fill=look.word)
            below = bottom + _ZERO_MARK + 0.85 * face.size
            face.draw(image, x - face.width("0") / 2, below, "0", look.word)

    return 2 * room + 2 * _WORD_GAP + BAR_WIDTH, draw


def widest_end(legend: Legend, face: TextFace) -> int:
    """Pixels that the wider of the two numbers takes."""
    return max(face.width(end) for end in _ends(legend))


def _ends(legend: Legend) -> tuple[str, str]:
    if legend.common is not None:
        return format_ends(legend.common)
    return ("−max", "+max") if legend.colouring.is_symmetric else ("min", "max")


def _place_of_zero(legend: Legend) -> float | None:
    if legend.common is None:
        return 0.5 if legend.colouring.is_symmetric else None
    lowest, highest = legend.common.lowest, legend.common.highest
    return -lowest / (highest - lowest) if lowest < 0 < highest else None


def _bar(colouring: Colouring, tables: ColourTables) -> NDArray[np.uint8]:
    entries = (np.arange(BAR_WIDTH) * ENTRIES // BAR_WIDTH).astype(np.uint8)
    if colouring.table is not None:
        return np.broadcast_to(
            tables.tables[colouring.table][entries], (BAR_HEIGHT, BAR_WIDTH, 3)
        ).copy()
    # Red, green and blue one below the other, each where the others stand at rest.
    bar = np.full((BAR_HEIGHT, BAR_WIDTH, 3), 128 if colouring.is_symmetric else 0, np.uint8)
    for channel, rows in enumerate(np.array_split(np.arange(BAR_HEIGHT), 3)):
        bar[rows, :, channel] = entries
    return bar
