"""Whole-number codes for the finite values of each tile, and back.

Knows arrays of shape ``(tiles, cells)`` and nothing of files or models. A tile's
finite range [min, max] is divided evenly over the finite codes; NaN, +inf and -inf
have codes of their own. The high byte of a 16-bit code alone tells a finite value
from NaN and from an infinity, so that a picture can be painted from half the bytes.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

Float64Array = NDArray[np.float64]
CodeArray = NDArray[np.unsignedinteger[Any]]

# Cells converted to float64 at a time: 512 KiB, which stays in a core's cache.
CELLS_PER_BLOCK = 1 << 16


@dataclass(frozen=True)
class CodeBook:
    """How values of one precision are written as unsigned integers.

    Attributes:
        dtype: dtype of the codes.
        last_level: the code of a tile's maximum; its minimum has code 0.
        nan: code of NaN.
        posinf: code of +inf.
        neginf: code of -inf.
    """

    dtype: type[np.uint8 | np.uint16]
    last_level: int
    nan: int
    posinf: int
    neginf: int


# 0xFE in the high byte is NaN, 0xFF an infinity: 254 * 256 finite codes are left, and
# the error of at most range / (2 * 65023) stays below range / 130,000.
UINT16 = CodeBook(np.uint16, 254 * 256 - 1, 0xFE00, 0xFFFF, 0xFF00)
# 253 finite codes: the error of at most range / (2 * 252) stays below range / 500.
UINT8 = CodeBook(np.uint8, 252, 253, 254, 255)


def quantize(
    values: NDArray[np.float32],
    minima: Float64Array,
    maxima: Float64Array,
    code_book: CodeBook,
) -> CodeArray:
    """Codes of values, tile by tile.

    Args:
        values: ``(tiles, cells)``.
        minima: ``(tiles,)`` least finite value of each tile; NaN where there is none.
        maxima: ``(tiles,)`` greatest finite value of each tile; likewise.
        code_book: which codes.

    Returns:
        ``(tiles, cells)`` codes; the value is
        ``min + code / last_level * (max - min)``, see `dequantize`.
    """
    codes = np.empty(values.shape, dtype=code_book.dtype)
    spans = maxima - minima
    # The least positive span of float32 values, 1.4e-45, still has a finite scale.
    with np.errstate(divide="ignore", invalid="ignore"):
        scales = np.where(spans > 0, code_book.last_level / spans, 0.0)
    offsets = np.where(np.isnan(minima), 0.0, minima)
    for block in blocks_of_tiles(values.shape):
        exact = values[block].astype(np.float64)
        finite = np.isfinite(exact)
        all_finite = bool(finite.all())
        if not all_finite:
            raw = exact
            exact = np.where(finite, exact, offsets[block, None])
        exact -= offsets[block, None]
        exact *= scales[block, None]
        np.rint(exact, out=exact)
        block_codes = exact.astype(code_book.dtype)
        if not all_finite:
            block_codes[np.isnan(raw)] = code_book.nan
            block_codes[np.isposinf(raw)] = code_book.posinf
            block_codes[np.isneginf(raw)] = code_book.neginf
        codes[block] = block_codes
    return codes


def dequantize(
    codes: CodeArray,
    minima: Float64Array,
    maxima: Float64Array,
    code_book: CodeBook,
) -> NDArray[np.float32]:
    """Values of codes: ``min + code / last_level * (max - min)`` in float64, then float32.

    Args:
        codes: ``(tiles, cells)``.
        minima: ``(tiles,)``.
        maxima: ``(tiles,)``.
        code_book: which codes.

    Returns:
        ``(tiles, cells)`` float32. A finite value differs from the one that was
        quantized by at most ``(max - min) / (2 * last_level)`` and the rounding to
        float32 (half a unit in its last place).
    """
    values = np.empty(codes.shape, dtype=np.float32)
    for block in blocks_of_tiles(codes.shape):
        # Codes of special values lie beyond the last level: as values they could overflow.
        exact = np.minimum(codes[block], code_book.last_level).astype(np.float64)
        exact /= code_book.last_level
        exact *= (maxima - minima)[block, None]
        exact += minima[block, None]
        values[block] = exact
    values[codes == code_book.nan] = np.nan
    values[codes == code_book.posinf] = np.inf
    values[codes == code_book.neginf] = -np.inf
    return values


def blocks_of_tiles(shape: tuple[int, ...]) -> list[slice]:
    """Slices over the first axis of ``(tiles, cells)``, each a cache's worth of cells."""
    tiles, cells = shape
    tiles_per_block = max(1, CELLS_PER_BLOCK // max(1, cells))
    return [slice(start, start + tiles_per_block) for start in range(0, tiles, tiles_per_block)]
