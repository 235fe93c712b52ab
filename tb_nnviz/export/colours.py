"""Which colours show which values: the screen's own tables, which its build wrote.

Knows names of tables and their entries. Must not know where cells go.
"""

from __future__ import annotations

import functools
import json
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import get_args

import numpy as np
from numpy.typing import NDArray

from tb_nnviz.export.options import Colours, Theme
from tb_nnviz.records import Meaning

Rgb = tuple[int, int, int]

# Where the build of the screen puts them.
COLOUR_TABLES_FILE = Path(__file__).parents[1] / "plugin" / "static" / "colour_tables.json"

_VERSION = 1


@dataclass(frozen=True)
class Colouring:
    """How an array is coloured.

    Attributes:
        table: the name of a table; None for tiles that are colour pictures already.
        is_symmetric: whether the range of the colours is about zero.
    """

    table: str | None
    is_symmetric: bool


@dataclass(frozen=True)
class ColourTables:
    """The colours of the screen.

    Attributes:
        tables: by name, ``(256, 3)`` uint8 from the low end of the range to the high end.
        nan: of cells that hold NaN, in every theme.
        posinf: likewise +inf.
        neginf: likewise -inf.
        unresolved: by theme, of changes that are below the precision of the records.
        dead: by theme, of channels that do not respond.
    """

    tables: Mapping[str, NDArray[np.uint8]]
    nan: Rgb
    posinf: Rgb
    neginf: Rgb
    unresolved: Mapping[str, Rgb]
    dead: Mapping[Theme, Rgb]

    def unresolved_of(self, colouring: Colouring) -> Rgb:
        """The colour of a change that is below precision, among those of the colouring."""
        return self.unresolved["dark" if colouring.table == "red_blue_dark" else "light"]


@functools.cache
def load_colour_tables(file: Path = COLOUR_TABLES_FILE) -> ColourTables:
    """The colours that the screen uses.

    Raises:
        FileNotFoundError: the screen was not built with this installation.
        ValueError: it was built by another version.
    """
    if not file.is_file():
        raise FileNotFoundError(
            f"The colour tables of the screen are missing ({file}). Run "
            "`pip install --force-reinstall tb-nnviz`, or `make build` in a checkout."
        )
    stored = json.loads(file.read_text(encoding="utf-8"))
    if stored.get("version") != _VERSION:
        raise ValueError(
            f"The colour tables in {file} must be of version {_VERSION}; got "
            f"{stored.get('version')!r}. Run `make build` in the checkout, or install again."
        )
    glyphs = stored["glyphs"]
    return ColourTables(
        tables={name: np.array(rows, np.uint8) for name, rows in stored["tables"].items()},
        nan=_rgb(glyphs["nan"]),
        posinf=_rgb(glyphs["posinf"]),
        neginf=_rgb(glyphs["neginf"]),
        unresolved={theme: _rgb(colour) for theme, colour in stored["unresolved"].items()},
        dead={theme: _rgb(stored["dead"][theme]) for theme in get_args(Theme)},
    )


def choose_colouring(
    choice: Colours, meaning: Meaning, theme: Theme, *, has_color: bool, is_change: bool
) -> Colouring:
    """The colouring of an array, by the rules of the screen.

    Args:
        choice: what was asked for.
        meaning: what the values mean; ``auto`` follows it.
        theme: of the page.
        has_color: whether the tiles have a color axis; then they are pictures whatever was
            asked for, and zero of signed ones is mid-gray.
        is_change: whether the values are changes: their sign and their zero are what is looked
            for, so these are always red and blue.
    """
    if has_color:
        return Colouring(None, is_change or meaning == "signed")
    by_meaning: dict[str, str] = {"signed": "red-blue", "non_negative": "viridis", "image": "gray"}
    named = "red-blue" if is_change else by_meaning[meaning] if choice == "auto" else choice
    if named == "red-blue":
        return Colouring(f"red_blue_{theme}", is_symmetric=True)
    return Colouring(named, is_symmetric=False)


def _rgb(values: list[int]) -> Rgb:
    red, green, blue = values
    return red, green, blue
