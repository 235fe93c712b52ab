"""Rows of one length in one piece of memory, which is taken only as far as rows are kept in it.

Thousands of arrays that come and go would leave holes between them, and take more than they hold.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence

import numpy as np
from numpy.typing import NDArray


class RowStore:
    """Keeps rows, and hands out copies of them.

    Args:
        num_rows: how many at most at a time.
        num_cells: of a row.
    """

    def __init__(self, num_rows: int, num_cells: int) -> None:
        # Not written to yet, so that the system gives no memory for it yet.
        self._rows = np.empty((num_rows, num_cells), np.float32)
        self._free: list[int] = []
        self._num_used = 0

    def keep(self, rows: NDArray[np.float32]) -> list[int]:
        """Copies rows into the store, and gives their places."""
        places = [self._free.pop() if self._free else self._next() for _ in range(len(rows))]
        self._rows[places] = rows
        return places

    def take(self, places: Sequence[int]) -> NDArray[np.float32]:
        """``(rows, cells)`` a copy of rows."""
        found: NDArray[np.float32] = self._rows[places]
        return found

    def release(self, places: Iterable[int]) -> None:
        """Lets rows go."""
        self._free += places

    def _next(self) -> int:
        if self._num_used == len(self._rows):
            raise MemoryError(f"The store of {self._num_used} rows is full.")
        self._num_used += 1
        return self._num_used - 1
