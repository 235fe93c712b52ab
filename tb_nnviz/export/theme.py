"""Colours of the page that a picture is for, as on the screen's cards."""

from __future__ import annotations

from dataclasses import dataclass

from tb_nnviz.export.colours import Rgb
from tb_nnviz.export.options import Theme


@dataclass(frozen=True)
class ThemeColours:
    """Colours of the page: behind everything, of titles, of other words, and round tiles."""

    page: Rgb
    ink: Rgb
    secondary: Rgb
    outline: Rgb


THEMES: dict[Theme, ThemeColours] = {
    "light": ThemeColours((255, 255, 255), (31, 35, 40), (95, 102, 114), (196, 201, 209)),
    "dark": ThemeColours((42, 44, 48), (232, 234, 237), (176, 181, 189), (90, 95, 104)),
}
