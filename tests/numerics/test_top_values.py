"""The greatest values of columns are those of a brute-force sort."""

from __future__ import annotations

import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st

from tb_nnviz.numerics.top_values import rank_columns


@settings(deadline=None)
@given(
    seed=st.integers(0, 2**32 - 1),
    rows=st.integers(1, 40),
    columns=st.integers(0, 5),
    top_k=st.integers(1, 12),
)
def test_rows_are_those_of_a_sort_with_ties_by_row_and_nan_last(
    seed: int, rows: int, columns: int, top_k: int
) -> None:
    random = np.random.default_rng(seed)
    # Few different values, so that ties are frequent, and some that are not finite.
    values = random.choice([0.0, 1.0, -2.0, np.nan, np.inf, -np.inf, 0.5], (rows, columns))
    found = rank_columns(values.astype(np.float32), top_k)
    assert found.shape == (columns, min(top_k, rows))
    for column in range(columns):

        def key(row: int, column: int = column) -> tuple[bool, float, int]:
            value = float(values[row, column])
            return np.isnan(value), 0.0 if np.isnan(value) else -value, row

        expected = sorted(range(rows), key=key)[:top_k]
        assert found[column].tolist() == expected
