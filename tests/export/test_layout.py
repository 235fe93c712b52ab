"""Where tiles lie in a picture."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tb_nnviz.export.arrangement import (
    arrange,
    choose_positions,
    describe_positions,
    take_positions,
)
from tb_nnviz.export.layout import GridWishes, lay_out
from tb_nnviz.records import TileArray, build_tile_array


@pytest.mark.parametrize(
    ("tiles", "columns", "rows"),
    [(1, 1, 1), (10, 5, 2), (16, 4, 4), (64, 8, 8), (128, 16, 8), (512, 32, 16)],
)
def test_tiles_stand_in_full_rows_of_a_balanced_grid(tiles: int, columns: int, rows: int) -> None:
    layout = lay_out(tiles, None, (28, 28), GridWishes())
    assert (layout.columns, layout.rows, layout.blocks) == (columns, rows, 1)


def test_64_digits_fill_about_a_thousand_pixels() -> None:
    layout = lay_out(64, None, (28, 28), GridWishes())
    assert layout.cell == 4
    assert 950 <= layout.width == layout.height <= 1060


def test_short_rows_stand_in_blocks_side_by_side() -> None:
    layout = lay_out(96, 3, (3, 3), GridWishes())
    assert (layout.columns, layout.rows, layout.blocks, layout.block_rows) == (3, 32, 4, 8)
    # Tile 24 begins row 8, the first of the second block.
    assert layout.place(24) == (layout.block_width + layout.block_gap, 0)


def test_columns_that_are_asked_for_are_taken() -> None:
    assert lay_out(64, None, (5, 5), GridWishes(columns=16)).columns == 16
    assert lay_out(96, 3, (5, 5), GridWishes(columns=6)).blocks == 2


def test_a_long_vector_is_broken_into_full_lines() -> None:
    layout = lay_out(1, None, (1, 512), GridWishes())
    assert layout.tile_cells == (8, 64)


@settings(deadline=None)
@given(
    tiles=st.integers(1, 40),
    row_length=st.none() | st.integers(1, 9),
    height=st.integers(1, 30),
    width=st.integers(1, 30),
    cell=st.none() | st.integers(1, 9),
    columns=st.none() | st.integers(1, 20),
)
def test_tiles_never_overlap_and_lie_within_the_grid(
    tiles: int,
    row_length: int | None,
    height: int,
    width: int,
    cell: int | None,
    columns: int | None,
) -> None:
    count = tiles if row_length is None else tiles * row_length
    wishes = GridWishes(cell=cell, columns=columns)
    layout = lay_out(count, row_length, (height, width), wishes)
    covered = np.zeros((layout.height + 1, layout.width + 1), np.int64)
    for tile in range(count):
        left, top = layout.place(tile)
        covered[top : top + layout.tile_height, left : left + layout.tile_width] += 1
    assert covered.max() == 1
    assert covered.sum() == count * layout.tile_height * layout.tile_width


def feature_maps(samples: int = 2, channels: int = 20) -> TileArray:
    values = np.arange(samples * channels * 4, dtype=np.float32)
    return build_tile_array(
        values.reshape(samples, channels, 2, 2),
        ("sample", "channel", "height", "width"),
        labels={"sample": [f"label {sample}" for sample in range(samples)]},
    )


def test_samples_with_many_tiles_are_shown_one_at_a_time() -> None:
    record = feature_maps()
    positions = choose_positions(record, {}, is_picture=True)
    assert positions == {"sample": 0}
    assert describe_positions(record, positions) == "sample 0 (label 0)"
    assert choose_positions(record, {}, is_picture=False) == {}
    assert choose_positions(feature_maps(channels=16), {}, is_picture=True) == {}


def test_a_position_is_an_index_or_a_label() -> None:
    record = feature_maps()
    for given_position in (1, "1", "label 1"):
        positions = choose_positions(record, {"sample": given_position}, is_picture=True)
        assert positions == {"sample": 1}
    taken = take_positions(record, positions)
    np.testing.assert_array_equal(taken.values, record.values[1])
    assert (taken.axes, taken.labels) == (("channel", "height", "width"), {})


@pytest.mark.parametrize(
    ("where", "message"),
    [
        ({"unit": 0}, "no grid axis 'unit'.*the axes are sample, channel, height, width"),
        ({"height": 0}, "no grid axis 'height'"),
        ({"sample": 2}, "positions 0 to 1, or one of the labels label 0, label 1; got 2"),
        ({"channel": -1}, "positions 0 to 19; got -1"),
        ({"channel": "x"}, "positions 0 to 19; got 'x'"),
    ],
)
def test_positions_that_are_not_there_are_refused(where: dict[str, int], message: str) -> None:
    with pytest.raises(ValueError, match=message):
        choose_positions(feature_maps(), where, is_picture=True)


def test_the_last_axis_runs_along_the_rows_and_labels_stand_beside_and_below() -> None:
    arrangement = arrange(feature_maps(2, 3))
    assert (arrangement.tiles, arrangement.row_length) == (6, 3)
    assert arrangement.row_labels == ("label 0", "label 1")
    assert arrangement.tile_labels is None
    lone = arrange(take_positions(feature_maps(2, 3), {"channel": 0}))
    assert (lone.row_length, lone.row_labels, lone.tile_labels) == (
        None,
        None,
        ("label 0", "label 1"),
    )


def test_units_and_ranks_of_samples_that_excite_them_are_numbered_as_on_the_screen() -> None:
    values = np.zeros((3, 2, 4, 4), np.float32)
    record = build_tile_array(values, ("channel", "rank", "height", "width"), meaning="image")
    arrangement = arrange(record)
    assert arrangement.row_labels == ("channel 0", "channel 1", "channel 2")
    assert arrangement.tile_labels == ("rank 1", "rank 2")
    # Other axes without labels have none in the tab either.
    kernels = build_tile_array(values, ("filter", "in_channel", "height", "width"))
    assert arrange(kernels).row_labels is None
