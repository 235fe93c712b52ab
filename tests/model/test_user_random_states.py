"""Random generators that user code draws from are where they were, wherever it keeps them."""

from __future__ import annotations

import random
from collections.abc import Callable, Iterator
from types import SimpleNamespace
from typing import Any

import keras
import numpy as np
import pytest

from tb_nnviz.model.sample_reading import read_panel

MODULE_GENERATOR = np.random.default_rng(3)


class Batches(keras.utils.PyDataset):
    """Draws each batch; where from is said by what it is given."""

    def __init__(self, holder: Any, draw: Callable[[Any], Any]) -> None:
        super().__init__()
        self.holder = holder
        self.draw = draw

    def __len__(self) -> int:
        return 3

    def __getitem__(self, index: int) -> Any:
        return np.full((2, 3), self.draw(self.holder), np.float32)


class DrawsFromModule(keras.utils.PyDataset):
    def __len__(self) -> int:
        return 3

    def __getitem__(self, index: int) -> Any:
        return MODULE_GENERATOR.normal(size=(2, 3))


def closing_over(generator: Any) -> Callable[[Any], Any]:
    return lambda _: generator.normal()


def drawn_in(dataset: Any) -> list[Any]:
    return [dataset[index].tolist() for index in range(3)]


SOURCES: dict[str, Callable[[], Any]] = {
    "an attribute": lambda: Batches(np.random.default_rng(1), lambda one: one.normal()),
    "a dict of lists": lambda: Batches(
        {"rng": [np.random.default_rng(1)]}, lambda one: one["rng"][0].normal()
    ),
    "an object": lambda: Batches(
        SimpleNamespace(rng=np.random.RandomState(1)), lambda one: one.rng.normal()
    ),
    "of Python": lambda: Batches(random.Random(1), lambda one: one.random()),
    "of Keras": lambda: Batches(
        keras.random.SeedGenerator(1),
        lambda one: float(keras.random.normal((), seed=one)),
    ),
    "a closure": lambda: Batches(None, closing_over(np.random.default_rng(1))),
    "a module": DrawsFromModule,
}


@pytest.mark.parametrize("make", SOURCES.values(), ids=list(SOURCES))
def test_generators_of_a_pydataset_are_put_back(make: Callable[[], Any]) -> None:
    dataset = make()
    panel = read_panel(dataset, limit=16, class_names=None)
    first = drawn_in(dataset)
    np.testing.assert_allclose(panel.inputs.reshape(3, 2, 3), first, rtol=1e-6)
    assert drawn_in(dataset) != first, "nothing is drawn: nothing was shown"


@pytest.mark.parametrize("way", ["from_generator", "numpy_function", "py_function"])
def test_generators_of_a_function_in_a_tf_dataset_are_put_back(way: str) -> None:
    import tensorflow as tf

    generator = np.random.default_rng(1)

    def generate() -> Iterator[Any]:
        for _ in range(4):
            yield generator.normal()

    def draw(value: Any) -> Any:
        return np.float64(value) + generator.normal()

    def mapped(value: Any) -> Any:
        call = tf.numpy_function if way == "numpy_function" else tf.py_function
        return tf.ensure_shape(call(draw, [value], tf.float64), ())

    if way == "from_generator":
        dataset = tf.data.Dataset.from_generator(
            generate, output_signature=tf.TensorSpec((), tf.float64)
        )
    else:
        dataset = tf.data.Dataset.from_tensor_slices(np.zeros(4)).map(mapped)
    before = generator.bit_generator.state
    panel = read_panel(dataset.batch(2), limit=16, class_names=None)
    assert generator.bit_generator.state == before
    np.testing.assert_allclose(panel.inputs, [float(one) for one in dataset], rtol=1e-6)
    assert generator.bit_generator.state != before, "nothing is drawn: nothing was shown"
