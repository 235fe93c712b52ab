"""Cells to colours: the screen's, which a test of the screen compares with the same file."""

from __future__ import annotations

import base64
import json
from pathlib import Path

import numpy as np
import pytest

from tb_nnviz.export.colours import Colouring, choose_colouring, load_colour_tables
from tb_nnviz.export.painting import paint_tiles
from tb_nnviz.export.ranges import Extremes, ValueRange, range_of, tile_limits
from tb_nnviz.records import TileArray, build_tile_array
from tb_nnviz.records.tile_array import with_statistics
from tests.fixtures.make_paintings import PAINTINGS, make_paintings

TABLES = load_colour_tables()
GRAY = Colouring("gray", is_symmetric=False)
RED_BLUE = Colouring("red_blue_light", is_symmetric=True)


def make_record(values: object, axes: tuple[str, ...] = ("height", "width")) -> TileArray:
    return with_statistics(build_tile_array(np.array(values, np.float32), axes), None, None)


def test_every_stored_record_has_the_colours_that_the_screen_gives_it() -> None:
    stored = json.loads(PAINTINGS.read_text("utf-8"))
    made = make_paintings()
    assert len(stored) == len(made) > 80
    for expected, painting in zip(stored, made, strict=True):
        pixels = (base64.b64decode(each.pop("pixels")) for each in (expected, painting))
        assert expected == painting
        assert next(pixels) == next(pixels), expected


def test_a_symmetric_scale_has_zero_at_the_middle_of_its_table() -> None:
    record = make_record([[-0.5, 0.0, 1.0]])
    limits = tile_limits(record, None, is_symmetric=True)
    painted = paint_tiles(record, limits, RED_BLUE, TABLES)
    table = TABLES.tables["red_blue_light"]
    # The range is [-1, 1]: floor(256 · 0.25) = 64, floor(256 · 0.5) = 128, and the last entry.
    np.testing.assert_array_equal(painted.colours[0, 0], table[[64, 128, 255]])


def test_values_beyond_the_range_have_the_colours_of_its_ends() -> None:
    record = make_record([[-9.0, 0.0, 9.0]])
    limits = tile_limits(record, ValueRange(-1.0, 1.0), is_symmetric=True)
    painted = paint_tiles(record, limits, GRAY, TABLES)
    assert painted.colours[0, 0, :, 0].tolist() == [0, 128, 255]


def test_a_constant_tile_has_the_middle_colour_and_not_an_end() -> None:
    record = make_record([[3.0, 3.0]])
    painted = paint_tiles(record, tile_limits(record, None, is_symmetric=False), GRAY, TABLES)
    assert painted.colours[0, 0].tolist() == [[128, 128, 128]] * 2


def test_what_is_no_finite_number_has_colours_of_its_own() -> None:
    record = make_record([[np.nan, np.inf, -np.inf, 1.0]])
    painted = paint_tiles(record, tile_limits(record, None, is_symmetric=True), RED_BLUE, TABLES)
    colours = [tuple(colour) for colour in painted.colours[0, 0].tolist()]
    assert colours[:3] == [TABLES.nan, TABLES.posinf, TABLES.neginf]
    assert [mask[0, 0].tolist() for mask in (painted.nan, painted.posinf, painted.neginf)] == [
        [True, False, False, False],
        [False, True, False, False],
        [False, False, True, False],
    ]


def test_a_colour_cell_is_what_its_worst_channel_is() -> None:
    cells = [[[[np.inf, np.nan, 0], [0, -np.inf, np.inf], [0, 0, 1]]]]
    record = make_record(cells, ("unit", "height", "width", "color"))
    rgb = Colouring(None, is_symmetric=False)
    painted = paint_tiles(record, tile_limits(record, None, is_symmetric=False), rgb, TABLES)
    colours = [tuple(colour) for colour in painted.colours[0, 0].tolist()]
    assert colours == [TABLES.nan, TABLES.neginf, (0, 0, 255)]


@pytest.mark.parametrize(
    ("extremes", "is_symmetric", "expected"),
    [
        (Extremes(-1.0, 3.0), True, ValueRange(-3.0, 3.0)),
        (Extremes(-1.0, 3.0), False, ValueRange(-1.0, 3.0)),
        (Extremes(np.nan, np.nan), True, ValueRange(0.0, 0.0)),
    ],
)
def test_a_range_is_of_the_finite_extremes(
    extremes: Extremes, is_symmetric: bool, expected: ValueRange
) -> None:
    assert range_of(extremes, is_symmetric=is_symmetric) == expected


def test_auto_colours_follow_the_meaning_and_changes_are_always_red_and_blue() -> None:
    def table(choice: object, meaning: object, *, is_change: bool = False) -> str | None:
        return choose_colouring(
            choice,  # type: ignore[arg-type]
            meaning,  # type: ignore[arg-type]
            "dark",
            has_color=False,
            is_change=is_change,
        ).table

    assert [table("auto", meaning) for meaning in ("signed", "non_negative", "image")] == [
        "red_blue_dark",
        "viridis",
        "gray",
    ]
    assert table("gray", "signed") == "gray"
    assert table("gray", "image", is_change=True) == "red_blue_dark"


def test_tables_that_were_not_built_are_missed_in_words(tmp_path: Path) -> None:
    with pytest.raises(FileNotFoundError, match="make build"):
        load_colour_tables(tmp_path / "colour_tables.json")


def test_tables_of_another_version_are_refused(tmp_path: Path) -> None:
    (tmp_path / "tables.json").write_text('{"version": 2}')
    with pytest.raises(ValueError, match="must be of version 1; got 2"):
        load_colour_tables(tmp_path / "tables.json")
