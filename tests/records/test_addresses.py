"""Addresses are the same for equal samples, in any dtype and shape that means the same."""

from __future__ import annotations

import numpy as np
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays
from numpy.typing import NDArray

from tb_nnviz.records.addresses import address_samples


@given(arrays(np.float32, (5, 3), elements=st.floats(-2, 2, width=32)))
def test_samples_have_one_address_exactly_where_they_are_equal(values: NDArray[np.float32]) -> None:
    addresses = address_samples([values])
    for one in range(5):
        for other in range(5):
            is_equal = bool((values[one] == values[other]).all())
            assert (addresses[one] == addresses[other]) == is_equal


def test_dtype_and_last_axes_of_length_one_make_no_difference() -> None:
    values = np.arange(12).reshape(2, 2, 3)
    addresses = address_samples([values])
    assert addresses == address_samples([values.astype(np.float32)])
    assert addresses == address_samples([values.astype(np.uint8)[..., None]])
    assert address_samples([-0.0 * values]) == address_samples([0 * values])
    assert all(len(address) == 16 for address in addresses)


def test_shapes_parts_and_texts_are_told_apart() -> None:
    values = np.arange(12.0)[None]
    found = {
        address_samples([values])[0],
        address_samples([values.reshape(1, 3, 4)])[0],
        address_samples([values.reshape(1, 4, 3)])[0],
        address_samples([values[:, :5], values[:, 5:]])[0],
        address_samples([values[:, :6], values[:, 6:]])[0],
        address_samples([np.array([["ab", "c"]])])[0],
        address_samples([np.array([["a", "bc"]])])[0],
    }
    assert len(found) == 7
