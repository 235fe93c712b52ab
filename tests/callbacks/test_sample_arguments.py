"""What is refused of samples and their arguments, before any time is spent."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import keras
import numpy as np
import pytest

from tb_nnviz import ActivationChannels, LogReader, NNViz
from tests.callbacks.test_steps import fit, read_tiles
from tests.conftest import Digits

layers = keras.layers
MakeMlp = Callable[..., Any]
NAMES = [f"digit {index}" for index in range(10)]


def make_conv_net() -> Any:
    model = keras.Sequential(
        [
            keras.Input((28, 28)),
            layers.Reshape((28, 28, 1)),
            layers.Conv2D(32, 5, strides=2, activation="relu", name="convolution"),
            layers.Flatten(),
            layers.Dense(10, "softmax"),
        ]
    )
    model.compile("sgd", "sparse_categorical_crossentropy")
    return model


@pytest.mark.parametrize(
    ("make", "error", "words"),
    [
        (
            lambda: NNViz("x", views=["activations"]),
            ValueError,
            r"\['activations'\].*Pass validation_data=\(x, y\) or samples=x",
        ),
        (lambda: NNViz("x", samples=4), ValueError, r"`samples`.*got 4.*validation_data"),
        (
            lambda: NNViz("x", samples=65, validation_data=np.zeros(3)),
            ValueError,
            r"from 1 to 64; got 65",
        ),
        (
            lambda: NNViz("x", samples=0, validation_data=np.zeros(3)),
            ValueError,
            r"from 1 to 64; got 0",
        ),
        (lambda: NNViz("x", class_names="cat"), TypeError, r"`class_names`.*got 'cat'"),
        (lambda: NNViz("x", class_names=[]), ValueError, r"`class_names`"),
        (lambda: ActivationChannels("x", None), TypeError, r"`samples`.*an array.*got None"),
        (lambda: ActivationChannels("x", 16), TypeError, r"`samples`.*an array.*got 16"),
        (
            lambda: ActivationChannels("x", np.zeros(3), max_channels=0),
            ValueError,
            r"`max_channels`.*got 0",
        ),
        (
            lambda: ActivationChannels("x", np.zeros(3), max_tile_side="wide"),  # type: ignore[arg-type]
            TypeError,
            r"`max_tile_side`",
        ),
    ],
)
def test_a_wrong_argument_raises_at_construction_and_says_what_to_pass(
    make: Callable[[], object], error: type[Exception], words: str
) -> None:
    with pytest.raises(error, match=words):
        make()


@pytest.mark.parametrize(
    ("arguments", "error", "words"),
    [
        ({"samples": np.zeros((4, 27, 28))}, ValueError, r"\(27, 28\).*accepts \(28, 28\)"),
        ({"samples": (np.zeros((4, 28, 28)), np.zeros(3))}, ValueError, "of one length"),
        ({"samples": iter([1])}, TypeError, "Samples must be an array.*iterator"),
        ({"layers": "convolutoin"}, ValueError, "matches no layer. Did you mean 'convolution'"),
        (
            {"samples": (np.zeros((4, 28, 28)), np.arange(4)), "class_names": ["cat"]},
            ValueError,
            r"1 names \['cat'\] for at least 4 classes",
        ),
    ],
)
def test_what_does_not_fit_the_model_raises_before_training(
    arguments: dict[str, Any], error: type[Exception], words: str, digits: Digits, tmp_path: Path
) -> None:
    model = make_conv_net()
    weights = model.get_weights()
    callback = ActivationChannels(
        tmp_path / "run", **{"samples": np.zeros((4, 28, 28)), **arguments}
    )
    with pytest.raises(error, match=words):
        fit(model, digits, callback)
    for now, then in zip(model.get_weights(), weights, strict=True):
        np.testing.assert_array_equal(now, then)
    assert not (tmp_path / "run").exists()


class Subclassed(keras.Model):
    def __init__(self) -> None:
        super().__init__()
        self.hidden = layers.Dense(6, "relu")
        self.dropout = layers.Dropout(0.5)
        self.classes = layers.Dense(10, "softmax")

    def call(self, inputs: Any, training: bool = False) -> Any:
        flat = keras.ops.reshape(inputs, (-1, 784))
        return self.classes(self.dropout(self.hidden(flat), training=training))


def test_a_subclassed_model_is_asked_whether_it_takes_the_samples(
    digits: Digits, tmp_path: Path
) -> None:
    model = Subclassed()
    model.compile("sgd", "sparse_categorical_crossentropy")
    fit(model, digits, epochs=1)
    states = [keras.ops.convert_to_numpy(one).copy() for one in model.variables]
    num_nodes = len(model.hidden._inbound_nodes)
    with pytest.raises(
        ValueError, match=r"samples of shape \(27, 3\).*built for \(28, 28\)"
    ) as raised:
        fit(model, digits, NNViz(tmp_path / "run", samples=np.zeros((4, 27, 3))))
    assert "evenly divisible" in str(raised.value)
    for now, then in zip(model.variables, states, strict=True):
        np.testing.assert_array_equal(keras.ops.convert_to_numpy(now), then)
    assert len(model.hidden._inbound_nodes) == num_nodes
    fit(model, digits, NNViz(tmp_path / "run", samples=digits[0][:4]), epochs=1)
    assert "activations/dense" in LogReader(tmp_path).tags("run")


def refused(model: Any, callback: Any, x: Any, tmp_path: Path) -> None:
    weights = model.get_weights()
    with pytest.raises(ValueError, match=r"dataset that the model is trained on.*Split the data"):
        model.fit(x, epochs=1, shuffle=False, verbose=0, callbacks=[callback])
    for now, then in zip(model.get_weights(), weights, strict=True):
        np.testing.assert_array_equal(now, then)
    assert not (tmp_path / "run").exists()


@pytest.mark.parametrize("trap", ["the same", "a part of it", "split after shuffling", "PyDataset"])
def test_samples_that_come_from_the_training_pipeline_are_refused(
    trap: str, digits: Digits, make_mlp: MakeMlp, tmp_path: Path
) -> None:
    import tensorflow as tf

    images, labels = digits
    base = tf.data.Dataset.from_tensor_slices((images[:64], labels[:64]))
    if trap == "the same":
        x = samples = base.batch(8)
    elif trap == "a part of it":
        x = base.batch(8)
        samples = x.take(2)
    elif trap == "split after shuffling":
        shuffled = base.shuffle(64)
        x, samples = shuffled.skip(16).batch(8), shuffled.take(16).batch(8)
    else:

        class Batches(keras.utils.PyDataset):
            def __len__(self) -> int:
                return 2

            def __getitem__(self, index: int) -> Any:
                return images[:8], labels[:8]

        x = samples = Batches()
    refused(make_mlp(), NNViz(tmp_path / "run", validation_data=samples), x, tmp_path)


@pytest.mark.parametrize("way", ["before shuffling", "shuffled once", "arrays", "another"])
def test_samples_beside_the_training_pipeline_are_accepted(
    way: str, digits: Digits, make_mlp: MakeMlp, tmp_path: Path
) -> None:
    import tensorflow as tf

    images, labels = digits
    base = tf.data.Dataset.from_tensor_slices((images[:64], labels[:64]))
    x, samples = base.skip(16).shuffle(48).batch(8), base.take(16).batch(8)
    if way == "shuffled once":
        once = base.shuffle(64, reshuffle_each_iteration=False)
        x, samples = once.skip(16).batch(8), once.take(16).batch(8)
    elif way == "arrays":
        samples = (images[:16], labels[:16])
    elif way == "another":
        samples = (
            tf.data.Dataset.from_tensor_slices((images[:64], labels[:64])).shuffle(64).batch(8)
        )
    callback = NNViz(tmp_path / "run", validation_data=samples)
    make_mlp().fit(x, epochs=1, shuffle=False, verbose=0, callbacks=[callback])
    assert len(read_tiles(tmp_path, "run", 0, "samples").values) == 16
