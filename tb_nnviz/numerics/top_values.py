"""The greatest values of each column, in order."""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray


def rank_columns(values: NDArray[Any], top_k: int) -> NDArray[np.int64]:
    """Rows of the greatest values of each column, the greatest first.

    Ties are in the order of the rows; NaN is less than any number.

    Args:
        values: ``(row, column)``.
        top_k: how many rows are given, from 1; all where there are no more.

    Returns:
        ``(column, min(top_k, rows))`` int64.
    """
    num_rows, num_columns = values.shape
    kept = min(top_k, num_rows)
    # float64, so that the negative of the least integer is one too. NaN and -inf have one key.
    is_nan = np.isnan(values)
    keys = np.where(is_nan, np.inf, -values.astype(np.float64))
    found = np.empty((num_columns, kept), np.int64)
    for column in range(num_columns):
        key = np.ascontiguousarray(keys[:, column])
        # All that may be among the first: no fewer than are kept, all ties included.
        rows = np.flatnonzero(key <= np.partition(key, kept - 1)[kept - 1])
        found[column] = rows[np.lexsort((is_nan[rows, column], key[rows]))][:kept]
    return found
