"""Which datasets cannot be read without changing what another one yields."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import keras
import numpy as np
import pytest
import tensorflow as tf

from tb_nnviz.model.dataset_ancestry import moves_with, reads_from


def add_one(value: Any) -> Any:
    return value + 1


def add_noise(value: Any) -> Any:
    return value + tf.random.uniform((), maxval=3, dtype=tf.int64)


def count() -> Iterator[int]:
    yield from range(5)


def look_up(value: Any) -> Any:
    return WORDS(tf.strings.as_string(value))


WORDS: Any = keras.layers.StringLookup(vocabulary=["1", "2"])


def numbers() -> Any:
    return tf.data.Dataset.range(20)


def generated() -> Any:
    return tf.data.Dataset.from_generator(count, output_signature=tf.TensorSpec((), tf.int64))


MOVING: dict[str, Any] = {
    "shuffled": lambda: numbers().shuffle(20),
    "shuffled, then mapped": lambda: numbers().shuffle(20, seed=1).map(add_one).cache(),
    "drawn in a map": lambda: numbers().map(add_noise),
    "generated": generated,
    "random": lambda: tf.data.Dataset.random(seed=1),
}
STILL = {
    "plain": numbers,
    "mapped": lambda: numbers().map(add_one),
    "looked up in a table": lambda: numbers().map(look_up),
    "shuffled once and for all": lambda: numbers().shuffle(20, reshuffle_each_iteration=False),
}


@pytest.mark.parametrize("make", MOVING.values(), ids=list(MOVING))
def test_parts_of_a_dataset_that_draws_anew_move_together(make: Any) -> None:
    dataset = make()
    assert moves_with(dataset.take(5).batch(2), dataset.skip(5).batch(2).prefetch(1))
    assert moves_with(dataset, dataset)
    assert not moves_with(make(), make())


@pytest.mark.parametrize("make", STILL.values(), ids=list(STILL))
def test_parts_of_a_dataset_that_stays_as_it_is_do_not_move_together(make: Any) -> None:
    dataset = make()
    assert not moves_with(dataset.take(5).batch(2), dataset.skip(5).shuffle(3).batch(2))


@pytest.mark.parametrize(
    ("name", "cause"),
    [
        ("shuffled", "shuffle"),
        ("drawn in a map", "draw"),
        ("generated", "function"),
    ],
)
def test_what_parts_of_a_dataset_have_in_common_is_told_apart(name: str, cause: str) -> None:
    dataset = MOVING[name]()
    assert moves_with(dataset.take(5), dataset.skip(5)) == cause


def test_a_dataset_reads_from_what_it_is_made_of() -> None:
    dataset = numbers()
    other = tf.data.Dataset.zip((numbers(), dataset.map(add_one)))
    assert reads_from(dataset, dataset)
    assert reads_from(other.batch(2), dataset)
    assert not reads_from(dataset, other)
    assert not reads_from(numbers(), dataset)


def test_a_pydataset_reads_from_itself_alone() -> None:
    class Batches(keras.utils.PyDataset):
        pass

    one, other = Batches(), Batches()
    assert reads_from(one, one)
    assert not reads_from(one, other)


@pytest.mark.parametrize("data", [np.zeros((4, 3)), [np.zeros(3)], None])
def test_arrays_never_read_from_anything(data: Any) -> None:
    assert not reads_from(data, data)
    assert not moves_with(data, numbers().shuffle(3))
    assert not moves_with(numbers().shuffle(3), data)
