from __future__ import annotations

from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra import numpy as hnp
from numpy.typing import NDArray

from tb_nnviz.numerics.quantization import (
    CELLS_PER_BLOCK,
    UINT8,
    UINT16,
    CodeArray,
    CodeBook,
    dequantize,
    quantize,
)
from tb_nnviz.numerics.tile_statistics import compute_tile_statistics

FLOAT32_MAX = float(np.finfo(np.float32).max)
# The promise of the format: the error is at most the range over this.
PROMISED = {UINT16: 130_000, UINT8: 500}

code_books = st.sampled_from([UINT16, UINT8])
any_float32 = st.floats(width=32)
finite_float32 = st.floats(width=32, allow_nan=False, allow_infinity=False)
shapes = st.tuples(st.integers(0, 4), st.integers(0, 12))
any_tiles = shapes.flatmap(lambda shape: hnp.arrays(np.float32, shape, elements=any_float32))
finite_tiles = shapes.flatmap(lambda shape: hnp.arrays(np.float32, shape, elements=finite_float32))


def limits_of(values: NDArray[np.float32]) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    statistics = compute_tile_statistics(values)
    return statistics["min"], statistics["max"]


def encode(values: NDArray[np.float32], code_book: CodeBook) -> CodeArray:
    return quantize(values, *limits_of(values), code_book)


def round_trip(values: NDArray[np.float32], code_book: CodeBook) -> NDArray[np.float32]:
    return dequantize(encode(values, code_book), *limits_of(values), code_book)


def float32_ulp(values: NDArray[np.float32]) -> NDArray[np.float64]:
    """Unit in the last place of each value; 2**-149 for denormals."""
    exponents = np.frexp(np.abs(values.astype(np.float64)))[1]
    ulps: NDArray[np.float64] = np.ldexp(1.0, np.maximum(exponents - 24, -149))
    return ulps


def assert_within_promise(values: NDArray[np.float32], code_book: CodeBook) -> None:
    restored = round_trip(values, code_book)
    assert restored.dtype == np.float32
    assert restored.shape == values.shape
    for tile, back in zip(values, restored, strict=True):
        finite = np.isfinite(tile)
        np.testing.assert_array_equal(back[~finite], tile[~finite])
        if not finite.any():
            continue
        exact, found = tile[finite].astype(np.float64), back[finite].astype(np.float64)
        # Half a unit of float32 for the final rounding; four roundings of float64 on numbers
        # no larger than the range or the largest magnitude.
        span = exact.max() - exact.min()
        float64_noise = 4 * np.finfo(np.float64).eps * max(np.abs(exact).max(), span)
        bound = span / PROMISED[code_book] + float32_ulp(back[finite]) / 2 + float64_noise
        assert (np.abs(found - exact) <= bound).all()


@settings(deadline=None)
@given(values=any_tiles, code_book=code_books)
def test_the_error_stays_within_the_promise_for_any_tile(
    values: NDArray[np.float32], code_book: CodeBook
) -> None:
    assert_within_promise(values, code_book)


@settings(deadline=None, max_examples=50)
@given(
    seed=st.integers(0, 2**32 - 1),
    scale=st.sampled_from([1e-45, 1e-38, 1e-3, 1.0, 1e20, 1e38]),
    offset=st.sampled_from([0.0, 1e-40, 1.0, -1e6, 3e38]),
    code_book=code_books,
)
def test_the_error_stays_within_the_promise_at_every_scale(
    seed: int, scale: float, offset: float, code_book: CodeBook
) -> None:
    random = np.random.default_rng(seed)
    exact = random.normal(0, 1, (3, 500)) * scale + offset
    assert_within_promise(np.clip(exact, -FLOAT32_MAX, FLOAT32_MAX).astype(np.float32), code_book)


@pytest.mark.parametrize("code_book", [UINT16, UINT8])
def test_a_range_that_overflows_float32_is_kept(code_book: CodeBook) -> None:
    values = np.array([[-FLOAT32_MAX, FLOAT32_MAX, 0.0, 1.0]], np.float32)
    restored = round_trip(values, code_book)
    assert np.isfinite(restored).all()
    assert_within_promise(values, code_book)


@pytest.mark.parametrize("special", [np.nan, np.inf, -np.inf])
@pytest.mark.parametrize("code_book", [UINT16, UINT8])
def test_a_special_value_beside_the_largest_float32_gives_no_warning(
    code_book: CodeBook, special: float
) -> None:
    # The codes of special values lie beyond that of the maximum: taken for values they
    # would overflow float32.
    values = np.array([[-FLOAT32_MAX, FLOAT32_MAX, special, 0.0]], np.float32)
    np.testing.assert_array_equal(round_trip(values, code_book)[0, :3], values[0, :3])


@pytest.mark.parametrize("code_book", [UINT16, UINT8])
@pytest.mark.parametrize("constant", [0.0, -0.0, 0.1, -1e-45, FLOAT32_MAX, 1e-38])
def test_a_constant_tile_comes_back_exactly(code_book: CodeBook, constant: float) -> None:
    values = np.full((2, 70), constant, np.float32)
    np.testing.assert_array_equal(round_trip(values, code_book), values)


@pytest.mark.parametrize("code_book", [UINT16, UINT8])
def test_a_range_of_one_denormal_comes_back_exactly(code_book: CodeBook) -> None:
    tiny = np.nextafter(np.float32(0), np.float32(1))
    values = np.array([[0.0, tiny, -tiny, 0.0]], np.float32)
    np.testing.assert_array_equal(round_trip(values, code_book), values)


@pytest.mark.parametrize("code_book", [UINT16, UINT8])
@pytest.mark.parametrize("special", [np.nan, np.inf, -np.inf])
def test_a_tile_without_finite_values_comes_back_as_it_was(
    code_book: CodeBook, special: float
) -> None:
    values = np.full((1, 5), special, np.float32)
    np.testing.assert_array_equal(round_trip(values, code_book), values)


@settings(deadline=None)
@given(values=any_tiles, code_book=code_books)
def test_special_values_come_back_as_such_and_nothing_else_becomes_one(
    values: NDArray[np.float32], code_book: CodeBook
) -> None:
    restored = round_trip(values, code_book)
    for kind in (np.isnan, np.isposinf, np.isneginf):
        np.testing.assert_array_equal(kind(restored), kind(values))


@settings(deadline=None)
@given(values=any_tiles)
def test_the_high_byte_alone_tells_finite_from_nan_from_infinite(
    values: NDArray[np.float32],
) -> None:
    high = encode(values, UINT16) >> 8
    # 254 * 256 finite codes have high bytes 0..253 (see UINT16).
    np.testing.assert_array_equal(high < 254, np.isfinite(values))
    np.testing.assert_array_equal(high == 254, np.isnan(values))
    np.testing.assert_array_equal(high == 255, np.isinf(values))


@settings(deadline=None)
@given(values=finite_tiles, code_book=code_books)
def test_codes_and_values_keep_the_order(values: NDArray[np.float32], code_book: CodeBook) -> None:
    ascending = np.sort(values, axis=1)
    codes = encode(ascending, code_book).astype(np.int64)
    assert (np.diff(codes, axis=1) >= 0).all()
    assert (np.diff(round_trip(ascending, code_book).astype(np.float64), axis=1) >= 0).all()


@settings(deadline=None)
@given(values=finite_tiles, code_book=code_books)
def test_a_tiles_least_and_greatest_value_have_the_outermost_codes(
    values: NDArray[np.float32], code_book: CodeBook
) -> None:
    codes = encode(values, code_book)
    for tile, tile_codes in zip(values, codes, strict=True):
        if tile.size and tile.min() < tile.max():
            assert set(tile_codes[tile == tile.min()].tolist()) == {0}
            assert set(tile_codes[tile == tile.max()].tolist()) == {code_book.last_level}


@pytest.mark.parametrize("shape", [(0, 5), (3, 0), (0, 0)])
@pytest.mark.parametrize("code_book", [UINT16, UINT8])
def test_no_tiles_and_no_cells_are_no_error(code_book: CodeBook, shape: tuple[int, int]) -> None:
    assert round_trip(np.zeros(shape, np.float32), code_book).shape == shape


def test_tiles_do_not_depend_on_the_block_they_are_in() -> None:
    # Three tiles of two blocks' cells together: they are quantized in more than one block.
    cells = CELLS_PER_BLOCK // 2 + 1
    values = np.random.default_rng(0).normal(size=(3, cells)).astype(np.float32)
    values[1, 7] = np.nan
    together: NDArray[Any] = encode(values, UINT16)
    apart = [encode(values[index : index + 1], UINT16)[0] for index in range(3)]
    np.testing.assert_array_equal(together, np.stack(apart))
