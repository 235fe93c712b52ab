"""Validation data is read once, evenly, and never more of it than is allowed."""

from __future__ import annotations

from typing import Any

import keras
import numpy as np
import pytest

import tb_nnviz.model.validation_set as module
from tb_nnviz.model.sample_panel import address_inputs
from tb_nnviz.model.validation_set import read_validation_set, space_evenly


def test_places_are_evenly_spaced_distinct_and_begin_with_the_first() -> None:
    for num_samples in range(1, 40):
        for num_chosen in range(1, num_samples + 1):
            places = space_evenly(num_samples, num_chosen)
            steps = np.diff(places)
            assert places[0] == 0
            assert places[-1] < num_samples
            assert len(steps) == 0 or (steps.min() >= 1 and steps.max() - steps.min() <= 1)


def test_blocks_give_all_samples_in_order_as_keras_hands_them_on() -> None:
    x = np.arange(20.0).reshape(10, 2)
    samples = read_validation_set((x, np.arange(10)), max_samples=100)
    blocks = list(samples.blocks(4))
    assert [len(block) for block in blocks] == [4, 4, 2]
    np.testing.assert_array_equal(np.concatenate(blocks), x)
    assert blocks[0].dtype == np.float32


def test_several_inputs_targets_and_weights_keep_their_names() -> None:
    inputs = {"a": np.zeros((6, 2)), "b": [np.ones((6, 1)), np.ones((6, 3), int)]}
    targets = {"one": np.arange(6), "two": np.eye(6)}
    samples = read_validation_set((inputs, targets, np.arange(6.0)), max_samples=3)
    taken = samples.take(np.array([0, 2]))
    assert taken["b"][1].shape == (2, 3)
    assert samples.indices.tolist() == [0, 2, 4]
    assert samples.targets["one"].tolist() == [0, 2, 4]
    assert samples.weights[""].tolist() == [0, 2, 4]
    assert samples.num_available == 6


def test_tensors_lists_and_sliceable_things_are_read() -> None:
    import tensorflow as tf

    class Slices:
        """Like an array in a file: slices only."""

        shape = (5, 2)

        def __len__(self) -> int:
            return 5

        def __getitem__(self, key: Any) -> Any:
            assert isinstance(key, slice)
            return np.arange(10).reshape(5, 2)[key]

    for x in (tf.constant(np.arange(10).reshape(5, 2)), Slices()):
        samples = read_validation_set((x, [0, 1, 0, 1, 0]), max_samples=3)
        assert samples.take(np.arange(3)).tolist() == [[0, 1], [2, 3], [6, 7]]
        assert samples.targets[""].tolist() == [0, 1, 1]


def test_of_a_dataset_no_more_bytes_are_held_than_allowed(monkeypatch: pytest.MonkeyPatch) -> None:
    import tensorflow as tf

    slices = tf.data.Dataset.from_tensor_slices((np.zeros((60, 10), np.float32), np.arange(60)))
    monkeypatch.setattr(module, "MAX_HELD_BYTES", 1000)
    # A batch of 10 samples of 10 float32 is 400 bytes: a third one would be beyond.
    samples = read_validation_set(slices.batch(10), max_samples=50)
    assert samples.num_samples == 20
    assert samples.num_available is None
    assert samples.targets[""].tolist() == list(range(20))


def test_a_dataset_that_is_read_whole_says_how_many_samples_there_are() -> None:
    import tensorflow as tf

    slices = tf.data.Dataset.from_tensor_slices((np.zeros((25, 2)), np.arange(25)))
    assert read_validation_set(slices.batch(10), max_samples=25).num_available == 25
    assert read_validation_set(slices.batch(10), max_samples=24).num_available is None


def test_thinned_samples_are_evenly_spaced_ones_of_the_set() -> None:
    x = np.arange(30.0)[:, None]
    samples = read_validation_set((x, np.arange(30), np.arange(30.0)), max_samples=15).thinned(5)
    assert samples.indices.tolist() == [0, 6, 12, 18, 24]
    assert samples.take(np.arange(5))[:, 0].tolist() == [0, 6, 12, 18, 24]
    assert samples.targets[""].tolist() == [0, 6, 12, 18, 24]
    assert samples.thinned(9) is samples


def test_the_digest_tells_other_inputs_targets_and_choices_apart() -> None:
    x = np.random.default_rng(1).normal(size=(40, 3))
    y = np.arange(40) % 3

    def digest(x: Any = x, y: Any = y, max_samples: int = 40) -> str:
        return read_validation_set((x, y), max_samples=max_samples).compute_digest()

    assert digest() == digest()
    changed = x.copy()
    changed[7, 1] += 1
    assert len({digest(), digest(x=changed), digest(y=(y + 1) % 3), digest(max_samples=20)}) == 4


@pytest.mark.parametrize(
    ("data", "message"),
    [
        ((np.zeros((3, 2)), np.zeros(4)), r"lengths \[3, 4\]"),
        ((np.zeros((0, 2)), np.zeros(0)), r"lengths \[0\]"),
        ((np.zeros((3, 2)), np.zeros(3), np.zeros(2)), r"lengths \[2, 3\]"),
    ],
)
def test_lengths_that_differ_are_named(data: Any, message: str) -> None:
    with pytest.raises(ValueError, match=message):
        read_validation_set(data, max_samples=5)


def test_an_empty_dataset_is_named() -> None:
    import tensorflow as tf

    slices = tf.data.Dataset.from_tensor_slices((np.zeros((0, 2)), np.zeros(0)))
    with pytest.raises(ValueError, match="empty dataset"):
        read_validation_set(slices.batch(2), max_samples=5)


def test_a_dataset_that_fills_the_same_arrays_again_is_read_right() -> None:
    class SameArrays(keras.utils.PyDataset):
        """Hands out two arrays of its own, with other numbers in them each time."""

        def __init__(self) -> None:
            super().__init__()
            self._x, self._y = np.zeros((2, 3), np.float32), np.zeros(2, int)

        def __len__(self) -> int:
            return 3

        def __getitem__(self, index: int) -> Any:
            self._x[:], self._y[:] = index, index
            return self._x, self._y

    samples = read_validation_set(SameArrays(), max_samples=5)
    assert samples.take(np.arange(5))[:, 0].tolist() == [0, 0, 1, 1, 2]
    assert samples.targets[""].tolist() == [0, 0, 1, 1, 2]


def test_of_large_samples_few_are_looked_at_together(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(module, "_BYTES_AT_ONCE", 300 * 40)
    samples = read_validation_set(np.zeros((1000, 10), np.float32), max_samples=1000)
    # Whole batches of 128, and never less than one.
    assert [len(block) for block in samples.blocks(2048)] == [256, 256, 256, 232]
    monkeypatch.setattr(module, "_BYTES_AT_ONCE", 10)
    assert [len(block) for block in samples.blocks(300)] == [128] * 7 + [104]
    assert [len(block) for block in samples.blocks(500)][:1] == [128]


def test_addresses_are_those_of_the_inputs_however_few_are_looked_at_together(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    x = np.random.default_rng(2).normal(size=(9, 4))
    samples = read_validation_set((x, np.arange(9)), max_samples=9)
    places = np.array([3, 0, 8, 5, 1])
    monkeypatch.setattr(module, "_BYTES_AT_ONCE", 2 * 16)
    assert samples.addresses(places) == list(address_inputs(samples.take(places)))
