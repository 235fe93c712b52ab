"""How a picture is to look, in the words of the screen. Knows no records."""

from __future__ import annotations

import os
from dataclasses import dataclass
from pathlib import Path
from typing import Literal, get_args

Show = Literal["value", "change-since-start", "change-since-previous"]
Scale = Literal["per-tile", "per-run", "fixed"]
Colours = Literal["auto", "gray", "viridis", "red-blue"]
Theme = Literal["light", "dark"]

# Browsers play anything faster at a tenth of a second.
MIN_FRAME_MILLISECONDS = 20
MAX_CELL_SIZE = 256
MAX_COLUMNS = 512


@dataclass(frozen=True)
class PictureOptions:
    """How tiles are shown.

    Attributes:
        show: the values, or their change since the first or the previous record of the tag.
        scale: what one range of colours spans: a tile, all tiles of a step, or those of all
            steps that are logged, so that these compare; None for ``"fixed"`` in an animation and
            ``"per-run"`` otherwise. Where zero is in the middle it stays there.
        colours: ``"auto"`` follows the meaning of the values: red and blue for signed ones,
            viridis for non-negative ones, gray for images. Tiles with a color axis are
            pictures, and changes are red and blue, whatever is chosen.
        theme: the page that the picture is for.
        cell_size: width and height of a cell in pixels; None for what makes the longer side of
            the grid about 1,000 pixels, or 800 in an animation.
        columns: columns of tiles; None for what makes the grid about as high as it is wide.
        frame_milliseconds: how long each step of an animation is shown, rounded to a hundredth
            of a second; the last one stays five times as long.
        font: a TrueType or OpenType file for the texts; None for the font that Pillow brings,
            which has the letters of English only.

    Raises:
        ValueError: an option is none of the accepted ones.
    """

    show: Show = "value"
    scale: Scale | None = None
    colours: Colours = "auto"
    theme: Theme = "light"
    cell_size: int | None = None
    columns: int | None = None
    frame_milliseconds: int = 400
    font: str | os.PathLike[str] | None = None

    def __post_init__(self) -> None:
        _check_one_of("show", self.show, get_args(Show))
        if self.scale is not None:
            _check_one_of("scale", self.scale, get_args(Scale))
        _check_one_of("colours", self.colours, get_args(Colours))
        _check_one_of("theme", self.theme, get_args(Theme))
        _check_whole("cell_size", self.cell_size, 1, MAX_CELL_SIZE)
        _check_whole("columns", self.columns, 1, MAX_COLUMNS)
        _check_whole("frame_milliseconds", self.frame_milliseconds, MIN_FRAME_MILLISECONDS, 60_000)
        if self.font is not None and not Path(self.font).is_file():
            raise ValueError(
                "The `font` option must be a font file, such as DejaVuSans.ttf; there is none at "
                f"{str(self.font)!r}."
            )


def _check_one_of(name: str, value: object, accepted: tuple[str, ...]) -> None:
    if value not in accepted:
        raise ValueError(
            f"The `{name}` option must be one of {', '.join(accepted)}; got {value!r}."
        )


def _check_whole(name: str, value: object, least: int, most: int) -> None:
    if value is None:
        return
    if not isinstance(value, int) or isinstance(value, bool) or not least <= value <= most:
        raise ValueError(
            f"The `{name}` option must be a whole number from {least} to {most:,}; got {value!r}."
        )
