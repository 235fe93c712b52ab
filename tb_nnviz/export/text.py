"""Text in a picture: measured, broken into lines, drawn.

The font that Pillow brings has English letters, digits and a few signs. What the captions
need besides (true minus, ×, arrows, ∞, …) is drawn from the lines of `signs` in the same weight, so
that pictures look the same on every machine. Knows fonts; must not know what is written.
"""

from __future__ import annotations

import functools
import os
import unicodedata
from dataclasses import dataclass

from PIL import Image, ImageDraw, ImageFont

from tb_nnviz.export.signs import SIGNS

Font = ImageFont.FreeTypeFont | ImageFont.ImageFont
Colour = tuple[int, int, int]

_STROKE_WEIGHT = 0.085
_SUPERSAMPLING = 4
_REPLACEMENT = "?"
_ELLIPSIS = "…"
# A space at which no line is broken.
NO_BREAK = "\u00a0"


@dataclass(frozen=True)
class TextFace:
    """A font at one size.

    Attributes:
        font: what Pillow loaded.
        size: of the letters, in pixels.
        line_height: from one line to the next, in pixels.
    """

    font: Font
    size: int
    line_height: int

    def width(self, text: str) -> int:
        """Of one line, in pixels."""
        return round(sum(self._advance(piece) for piece in self._pieces(text)))

    def lacks(self, text: str) -> str:
        """The characters that are drawn as question marks."""
        return "".join(dict.fromkeys(c for c in text if self._spell(c) == _REPLACEMENT != c))

    def shorten(self, text: str, width: int) -> str:
        """The text, or as much of it as fits, with an ellipsis."""
        if self.width(text) <= width:
            return text
        while text and self.width(text + _ELLIPSIS) > width:
            text = text[:-1]
        return text.rstrip() + _ELLIPSIS

    def wrap(self, text: str, width: int) -> list[str]:
        """Lines no wider than so many pixels; [] for no text.

        Broken at spaces but those of `NO_BREAK`, or anywhere in a word that is too long.
        """
        lines: list[str] = []
        for word in filter(None, text.split(" ")):
            joined = f"{lines[-1]} {word}" if lines else word
            if lines and self.width(joined) <= width:
                lines[-1] = joined
                continue
            lines.append("")
            for character in word:
                if lines[-1] and self.width(lines[-1] + character) > width:
                    lines.append("")
                lines[-1] += character
        return lines

    def draw(
        self, image: Image.Image, left: float, baseline: float, text: str, fill: Colour
    ) -> None:
        """Writes one line; `baseline` is where letters stand."""
        pen = ImageDraw.Draw(image)
        for piece in self._pieces(text):
            if self._is_drawn(piece):
                self._draw_strokes(image, left, baseline, piece, fill)
            else:
                pen.text((left, baseline), piece, font=self.font, fill=fill, anchor="ls")
            left += self._advance(piece)

    def _pieces(self, text: str) -> list[str]:
        """Runs of characters of the font, and signs that are drawn from strokes one by one."""
        pieces: list[str] = []
        for character in text:
            spelled = character if self._is_drawn(character) else self._spell(character)
            if pieces and not self._is_drawn(pieces[-1]) and not self._is_drawn(spelled):
                pieces[-1] += spelled
            else:
                pieces.append(spelled)
        return pieces

    def _is_drawn(self, piece: str) -> bool:
        return piece in SIGNS and not _has(self.font, piece)

    def _spell(self, character: str) -> str:
        """A character by what the font has: itself, without its accents, or a question mark."""
        if character.isspace():
            return " "
        if self._is_drawn(character) or _has(self.font, character):
            return character
        plain = "".join(
            c for c in unicodedata.normalize("NFKD", character) if not unicodedata.combining(c)
        )
        return plain if plain and all(_has(self.font, c) for c in plain) else _REPLACEMENT

    def _advance(self, piece: str) -> float:
        if self._is_drawn(piece):
            half, _ = self._plus
            return SIGNS[piece].advance * half
        return float(self.font.getlength(piece))

    @property
    def _plus(self) -> tuple[float, float]:
        """Of the plus sign: half its width, and its middle above the baseline."""
        left, top, right, bottom = self.font.getbbox("+", anchor="ls")
        return (right - left) / 2, -(top + bottom) / 2

    def _draw_strokes(
        self, image: Image.Image, left: float, baseline: float, sign: str, fill: Colour
    ) -> None:
        half, middle = self._plus
        lines, advance = SIGNS[sign].lines, SIGNS[sign].advance
        side = _SUPERSAMPLING * 3 * self.size
        mask = Image.new("L", (side, side))
        pen = ImageDraw.Draw(mask)
        weight = max(_SUPERSAMPLING, round(_STROKE_WEIGHT * self.size * _SUPERSAMPLING))
        origin_x = self.size + left % 1 + advance * half / 2
        origin_y = 2 * self.size - middle
        for line in lines:
            points = [
                ((origin_x + x * half) * _SUPERSAMPLING, (origin_y + y * half) * _SUPERSAMPLING)
                for x, y in line
            ]
            pen.line(points, fill=255, width=weight, joint="curve")
        shrunk = mask.resize((3 * self.size, 3 * self.size), Image.Resampling.BOX)
        corner = (int(left) - self.size, round(baseline) - 2 * self.size)
        image.paste(fill, (*corner, corner[0] + 3 * self.size, corner[1] + 3 * self.size), shrunk)


def load_face(size: int, path: str | os.PathLike[str] | None = None) -> TextFace:
    """The font of a file, or Pillow's own, at a size in pixels.

    Raises:
        ValueError: the file is no font.
    """
    return TextFace(
        _load_font(size, None if path is None else os.fspath(path)), size, round(1.4 * size)
    )


@functools.cache
def _load_font(size: int, path: str | None) -> Font:
    if path is None:
        return ImageFont.load_default(size=size)
    try:
        return ImageFont.truetype(path, size)
    except OSError as error:
        raise ValueError(
            f"The `font` option must be a TrueType or OpenType file; {path!r} cannot be read as "
            f"one ({error})."
        ) from error


@functools.cache
def _has(font: Font, character: str) -> bool:
    """Whether the font has the character: else it draws the box that stands for a missing one."""
    drawn, missing = font.getmask(character), font.getmask("\uffff")
    return drawn.size != missing.size or bytes(drawn) != bytes(missing)
