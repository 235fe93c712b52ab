from __future__ import annotations

import math

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from numpy.typing import NDArray

from tb_nnviz.numerics.tile_limits import (
    average_over_blocks,
    averaging_factors,
    kept_grid_shape,
    limit_shape,
)


@pytest.mark.parametrize(
    ("grid_shape", "max_tiles", "kept"),
    [
        ((), 1, ()),
        ((10,), 512, (10,)),
        ((1000,), 512, (512,)),
        # 64 filters fit, and leave 512 // 64 = 8 in_channels to each.
        ((64, 32), 512, (64, 8)),
        # 512 // 3 = 170 for the second axis: 510 tiles, as a further one would be 513.
        ((3, 1000), 512, (3, 170)),
        # Filters first: all places are theirs, and each later axis keeps one.
        ((600, 4, 5), 512, (512, 1, 1)),
        # 10 // 2 = 5 >= 3, then 5 // 3 = 1.
        ((2, 3, 9), 10, (2, 3, 1)),
        ((0, 7), 5, (0, 5)),
        ((4, 4), 1, (1, 1)),
    ],
)
def test_earlier_axes_are_kept_first(
    grid_shape: tuple[int, ...], max_tiles: int, kept: tuple[int, ...]
) -> None:
    assert kept_grid_shape(grid_shape, max_tiles) == kept


@settings(deadline=None)
@given(
    grid_shape=st.lists(st.integers(0, 700), max_size=4).map(tuple), max_tiles=st.integers(1, 600)
)
def test_no_more_tiles_are_kept_than_allowed_and_none_that_are_not_there(
    grid_shape: tuple[int, ...], max_tiles: int
) -> None:
    kept = kept_grid_shape(grid_shape, max_tiles)
    assert len(kept) == len(grid_shape)
    assert math.prod(kept) <= max_tiles
    for have, keep in zip(grid_shape, kept, strict=True):
        assert min(have, 1) <= keep <= have


@settings(deadline=None)
@given(
    grid_shape=st.lists(st.integers(1, 700), max_size=4).map(tuple), max_tiles=st.integers(1, 600)
)
def test_everything_is_kept_where_it_fits(grid_shape: tuple[int, ...], max_tiles: int) -> None:
    fits = math.prod(grid_shape) <= max_tiles
    assert (kept_grid_shape(grid_shape, max_tiles) == grid_shape) == fits


def test_a_picture_of_224_is_shown_at_56() -> None:
    assert averaging_factors(224, 224, 64, keep_aspect=True) == (4, 4)
    limited = limit_shape((10, 224, 224), 1, max_tiles=512, max_tile_side=64, is_picture=True)
    assert limited.shape == (10, 56, 56)


@pytest.mark.parametrize(
    ("size", "keep_aspect", "factors"),
    [
        ((100, 10), True, (2, 2)),
        ((100, 10), False, (2, 1)),
        ((10, 130), False, (1, 3)),
        ((64, 64), True, (1, 1)),
        ((65, 64), True, (2, 2)),
        ((0, 0), True, (1, 1)),
    ],
)
def test_pictures_keep_their_aspect_and_matrices_do_not(
    size: tuple[int, int],
    keep_aspect: bool,
    factors: tuple[int, int],
) -> None:
    assert averaging_factors(*size, 64, keep_aspect=keep_aspect) == factors


@settings(deadline=None)
@given(
    height=st.integers(0, 900),
    width=st.integers(0, 900),
    max_side=st.integers(1, 100),
    keep_aspect=st.booleans(),
)
def test_no_side_is_longer_than_allowed_and_no_factor_larger_than_needed(
    height: int,
    width: int,
    max_side: int,
    keep_aspect: bool,
) -> None:
    factors = averaging_factors(height, width, max_side, keep_aspect=keep_aspect)
    assert all(math.ceil(n / f) <= max_side for n, f in zip((height, width), factors, strict=True))
    one_less = [(n, f - 1) for n, f in zip((height, width), factors, strict=True) if f > 1]
    if keep_aspect and one_less:
        one_less = [max(one_less)]
    assert all(math.ceil(n / f) > max_side for n, f in one_less)


def test_a_matrix_may_be_as_wide_as_there_may_be_tiles() -> None:
    limited = limit_shape((600, 300), 0, max_tiles=512, max_tile_side=64, is_picture=False)
    # 600 rows do not fit into 512: two become one; 300 columns do.
    assert (limited.row_factor, limited.column_factor) == (2, 1)
    assert limited.shape == (300, 300)


def block_means(values: NDArray[np.float32], rows: int, columns: int) -> NDArray[np.float64]:
    """Block means of ``(n, height, width)``, written out."""
    height, width = values.shape[1:]
    exact = values.astype(np.float64)
    return np.array(
        [
            [
                [tile[y : y + rows, x : x + columns].mean() for x in range(0, width, columns)]
                for y in range(0, height, rows)
            ]
            for tile in exact
        ]
    )


@settings(deadline=None, max_examples=40)
@given(
    seed=st.integers(0, 2**32 - 1),
    height=st.integers(1, 13),
    width=st.integers(1, 13),
    rows=st.integers(1, 5),
    columns=st.integers(1, 5),
)
def test_averages_are_means_of_blocks_with_the_last_one_over_its_own_cells(
    seed: int, height: int, width: int, rows: int, columns: int
) -> None:
    values = np.random.default_rng(seed).normal(size=(2, height, width)).astype(np.float32)
    found = average_over_blocks(values, rows, columns, 1)
    assert found.dtype == np.float32
    # Relative: one rounding to float32 (6e-8). Absolute: a mean near 0 of numbers near 1
    # comes from float64 sums (1e-15).
    np.testing.assert_allclose(found, block_means(values, rows, columns), rtol=1e-7, atol=1e-14)


def test_the_color_axis_is_left_alone() -> None:
    values = np.random.default_rng(2).normal(size=(2, 7, 5, 3)).astype(np.float32)
    found = average_over_blocks(values, 2, 3, 1)
    assert found.shape == (2, 4, 2, 3)
    for color in range(3):
        np.testing.assert_array_equal(
            found[..., color],
            average_over_blocks(np.ascontiguousarray(values[..., color]), 2, 3, 1),
        )


@pytest.mark.parametrize("special", [np.nan, np.inf, -np.inf])
def test_a_special_value_does_not_spread_beyond_its_block(special: float) -> None:
    values = np.ones((1, 8, 8), np.float32)
    values[0, 3, 5] = special
    found = average_over_blocks(values, 2, 2, 1)
    expected = np.ones((1, 4, 4), np.float32)
    expected[0, 1, 2] = special
    np.testing.assert_array_equal(found, expected)


def test_opposite_infinities_in_a_block_are_nan_without_a_warning() -> None:
    values = np.array([[[np.inf, -np.inf, 1.0, 1.0]]], np.float32)
    np.testing.assert_array_equal(average_over_blocks(values, 1, 2, 1), [[[np.nan, 1.0]]])


def test_a_mean_of_the_largest_float32_does_not_overflow() -> None:
    largest = np.finfo(np.float32).max
    found = average_over_blocks(np.full((1, 4, 4), largest, np.float32), 2, 2, 1)
    np.testing.assert_array_equal(found, np.full((1, 2, 2), largest))


@pytest.mark.parametrize("shape", [(0, 5, 5), (2, 0, 5), (2, 5, 0), (2, 0, 0)])
def test_empty_arrays_are_averaged_to_empty_ones(shape: tuple[int, ...]) -> None:
    found = average_over_blocks(np.zeros(shape, np.float32), 2, 2, 1)
    assert found.shape == (shape[0], math.ceil(shape[1] / 2), math.ceil(shape[2] / 2))


def test_factors_of_one_give_the_values_themselves() -> None:
    values = np.zeros((1, 4, 4), np.float32)
    assert average_over_blocks(values, 1, 1, 1) is values
