"""Pictures of samples are small at once, and as large whatever their number."""

from __future__ import annotations

import tracemalloc

import numpy as np
import pytest
from numpy.typing import NDArray

from tb_nnviz.records.addresses import address_samples
from tb_nnviz.records.sample_pictures import ArrayPictures, LaidOut, shrink_pictures


class Strips:
    """Samples that are no pictures but rows of numbers."""

    def __init__(self, samples: NDArray[np.float32]) -> None:
        self._samples = samples

    def lay_out(self, indices: NDArray[np.int64]) -> LaidOut:
        axes = ("sample", "height", "width")
        return LaidOut(self._samples[indices, None, :], axes, {"width": "input"}, "signed")

    def address(self, indices: NDArray[np.int64]) -> tuple[str, ...]:
        return address_samples([self._samples[indices]])


@pytest.mark.parametrize("num_samples", [1, 47, 48, 49, 100, 130])
def test_rows_are_as_long_whatever_the_number_of_samples(num_samples: int) -> None:
    samples = np.random.default_rng(1).normal(size=(130, 60)).astype(np.float32)
    record = shrink_pictures(Strips(samples), np.arange(num_samples), 48)
    assert record.values.shape == (num_samples, 1, 30)
    assert record.full_shape == (num_samples, 1, 60)
    assert record.omitted == ("1×60 shown at 1×30",)
    np.testing.assert_allclose(
        record.values[:, 0], samples[:num_samples].reshape(-1, 30, 2).mean(axis=2), atol=1e-6
    )


def test_pictures_stay_in_order_and_own_their_memory() -> None:
    samples = np.random.default_rng(1).uniform(size=(90, 4, 4)).astype(np.float32)
    indices = np.arange(90)[::-1].copy()
    record = shrink_pictures(ArrayPictures(samples, ("sample", "height", "width")), indices, 32)
    np.testing.assert_array_equal(record.values, samples[::-1])
    assert not np.shares_memory(record.values, samples)


def test_large_pictures_take_little_more_memory_than_what_is_left_of_them() -> None:
    # As float32 all of them take 92 MB, and what they are averaged by twice as much again.
    samples = np.zeros((200, 340, 340), np.uint8)
    source = ArrayPictures(samples, ("sample", "height", "width"))
    tracemalloc.start()
    try:
        record = shrink_pictures(source, np.arange(200), 32)
        kept, peak = tracemalloc.get_traced_memory()
    finally:
        tracemalloc.stop()
    assert record.values.shape == (200, 31, 31)
    assert kept < 2_000_000
    assert peak < 60_000_000


def test_addresses_of_large_samples_take_no_copy_of_them_all() -> None:
    samples = np.zeros((100, 100_000), np.uint8)
    tracemalloc.start()
    try:
        address_samples([samples])
        _, peak = tracemalloc.get_traced_memory()
    finally:
        tracemalloc.stop()
    # As float64, one sample takes 0.8 MB, all of them 80.
    assert peak < 4_000_000
