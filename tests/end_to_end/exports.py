"""Exports from the screen as the tests see them: the dialog, and what is in the files."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray
from PIL import Image, ImageSequence
from playwright.sync_api import Locator, expect

from tests.end_to_end.tab import Tab

Picture = NDArray[np.uint8]


def open_dialog(tab: Tab, tag: str) -> Locator:
    """Opens the dialog for the panel of a tag, by its button."""
    tab.panel(tag).locator("[data-testid='export']").click()
    dialog = tab.by_id("export-dialog")
    expect(tab.by_id("export-name")).to_be_visible()
    return dialog


def choose(tab: Tab, **choices: str) -> None:
    """Presses the buttons of the dialog: ``choose(tab, format="gif", steps="all")``."""
    for name, value in choices.items():
        tab.press(f"export-{name}", value)


def save(tab: Tab, directory: Path) -> Path:
    """Exports as is chosen; the file, under the name that the browser is told."""
    with tab.page.expect_download(timeout=60_000) as download:
        tab.by_id("export-start").click()
    path = directory / download.value.suggested_filename
    download.value.save_as(path)
    expect(tab.by_id("export-saved")).to_contain_text(path.name)
    return path


def close_dialog(tab: Tab) -> None:
    """Closes it as the keyboard does."""
    tab.page.keyboard.press("Escape")
    expect(tab.by_id("export-dialog")).to_be_hidden()


def export(tab: Tab, directory: Path, tag: str, **choices: str) -> Path:
    """Opens the dialog of a panel, exports, and closes it again."""
    open_dialog(tab, tag)
    choose(tab, **{"scope": "panel", **choices})
    path = save(tab, directory)
    close_dialog(tab)
    return path


def read_picture(path: Path) -> Picture:
    """``(height, width, 3)`` of a PNG."""
    with Image.open(path) as image:
        assert image.format == "PNG"
        return np.array(image.convert("RGB"))


def read_frames(path: Path) -> tuple[list[Picture], list[int]]:
    """Every frame of a GIF, and how many milliseconds each stays."""
    with Image.open(path) as image:
        assert image.format == "GIF"
        assert image.info["loop"] == 0
        frames = [
            (np.array(frame.convert("RGB")), int(frame.info["duration"]))
            for frame in ImageSequence.Iterator(image)
        ]
    return [frame for frame, _ in frames], [duration for _, duration in frames]


def find_tiles(picture: Picture, tiles: Picture) -> list[tuple[int, int, int]]:
    """Where tiles are drawn, each cell as a square: ``(top, left, side)``, the same side for all.

    Args:
        picture: exported.
        tiles: ``(tiles, height, width, 4)`` as painted on the screen; several colours each.
    """
    codes = _codes(picture)
    for side in range(64, 0, -1):
        if _find(codes, _codes(_enlarged(tiles[0], side))) is None:
            continue
        found = [_find(codes, _codes(_enlarged(tile, side))) for tile in tiles]
        places = [place for place in found if place is not None]
        assert len(places) == len(tiles)
        return [(*place, side) for place in places]
    raise AssertionError("the tiles are not in the picture")


def _codes(picture: Picture) -> NDArray[np.int64]:
    """One number for each colour."""
    codes: NDArray[np.int64] = picture[..., :3].astype(np.int64) @ np.array([65536, 256, 1])
    return codes


def _enlarged(tile: Picture, side: int) -> Picture:
    large: Picture = tile[..., :3].repeat(side, axis=0).repeat(side, axis=1)
    return large


def _find(picture: NDArray[np.int64], pattern: NDArray[np.int64]) -> tuple[int, int] | None:
    height, width = pattern.shape
    if height > picture.shape[0] or width > picture.shape[1]:
        return None
    rows, columns = picture.shape[0] - height + 1, picture.shape[1] - width + 1
    matches = np.ones((rows, columns), bool)
    # A few cells first: hardly any place has all of them.
    places = [(0, 0), (height - 1, width - 1), (0, width - 1), (height - 1, 0)]
    for row, column in [*places, (height // 2, width // 2)]:
        matches &= picture[row : row + rows, column : column + columns] == pattern[row, column]
    for top, left in np.argwhere(matches):
        if np.array_equal(picture[top : top + height, left : left + width], pattern):
            return int(top), int(left)
    return None


def read_csv(path: Path) -> dict[str, NDArray[Any]]:
    """The columns of a CSV file without quoted fields, as texts."""
    header, *lines = path.read_text(encoding="utf-8").splitlines()
    assert not re.search('"', header)
    columns = np.array([line.split(",") for line in lines], np.str_).T
    return dict(zip(header.split(","), columns, strict=True))
