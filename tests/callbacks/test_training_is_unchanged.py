"""Training is bit-identical with and without our callbacks.

Each case first asserts that two bare runs are identical; then that a logged run equals
them: final weights, optimizer state, metric history, states of seed generators, draws of
the global generators, and the automatic name of the next layer.
"""

from __future__ import annotations

import hashlib
import random
from collections.abc import Callable
from pathlib import Path
from typing import Any

import keras
import numpy as np
import pytest

from tb_nnviz import (
    ActivationChannels,
    ConfusionMatrix,
    IntegratedGradients,
    LogReader,
    ModelGraph,
    NNViz,
    TopSamples,
    WeightTiles,
)
from tests.conftest import Digits

layers = keras.layers


def make_mlp() -> Any:
    return keras.Sequential(
        [
            keras.Input((28, 28)),
            layers.Flatten(),
            layers.Dense(12, "relu"),
            layers.Dense(10, "softmax"),
        ]
    )


def make_conv_net() -> Any:
    return keras.Sequential(
        [
            keras.Input((28, 28, 1)),
            layers.RandomFlip(),
            layers.Conv2D(4, 3, strides=2),
            layers.BatchNormalization(),
            layers.ReLU(),
            layers.Dropout(0.5),
            layers.GaussianNoise(0.1),
            layers.Flatten(),
            layers.Dense(10, "softmax"),
        ]
    )


def make_nested() -> Any:
    inner_inputs = keras.Input((28, 28, 1))
    inner_outputs = layers.SeparableConv2D(4, 3, strides=2, activation="relu")(inner_inputs)
    inner = keras.Model(inner_inputs, inner_outputs)
    inputs = keras.Input((28, 28, 1))
    hidden = layers.Dropout(0.3)(inner(inputs))
    outputs = layers.Dense(10, "softmax")(layers.Flatten()(hidden))
    return keras.Model(inputs, outputs)


class Subclassed(keras.Model):
    def __init__(self) -> None:
        super().__init__()
        self.flatten = layers.Flatten()
        self.hidden = layers.Dense(12, "relu")
        self.dropout = layers.Dropout(0.4)
        self.outputs_layer = layers.Dense(10, "softmax")

    def call(self, inputs: Any, training: bool = False) -> Any:
        hidden = self.hidden(self.flatten(inputs))
        return self.outputs_layer(self.dropout(hidden, training=training))


class Sampling(keras.Model):
    """Draws and counts in its call, as a variational autoencoder does."""

    def __init__(self) -> None:
        super().__init__()
        self.flatten = layers.Flatten()
        self.hidden = layers.Dense(12)
        self.classes = layers.Dense(10, "softmax")
        self.seed_generator = keras.random.SeedGenerator(5)
        self.calls = self.add_weight(shape=(), initializer="zeros", trainable=False, name="calls")

    def call(self, inputs: Any) -> Any:
        self.calls.assign(self.calls + 1)
        hidden = self.hidden(self.flatten(inputs))
        noise = keras.random.normal(keras.ops.shape(hidden), seed=self.seed_generator)
        return self.classes(hidden + noise)


class Stateful(keras.Model):
    """Needs its batch size when it is built, so it can only be built by training."""

    def __init__(self) -> None:
        super().__init__()
        self.recurrent = layers.LSTM(4, stateful=True)
        self.classes = layers.Dense(10, "softmax")

    def call(self, inputs: Any) -> Any:
        return self.classes(self.recurrent(inputs))


class NoisyDense(keras.layers.Dense):
    """Draws noise for its kernel whenever the kernel is asked for, as DropConnect does."""

    def __init__(self, *arguments: Any, **options: Any) -> None:
        super().__init__(*arguments, **options)
        self.noise = keras.random.SeedGenerator(7)

    @property
    def kernel(self) -> Any:
        drawn = keras.random.normal(self._kernel.shape, seed=self.noise)
        return self._kernel + 0.1 * drawn


class NoisyAtInference(keras.layers.Layer):
    """Draws whenever it is called, from a generator that it makes on its own."""

    def __init__(self) -> None:
        super().__init__()
        self.generator = keras.random.SeedGenerator(11)

    def call(self, inputs: Any) -> Any:
        return inputs + 0.1 * keras.random.normal(keras.ops.shape(inputs), seed=self.generator)


class DrawsGlobally(keras.layers.Layer):
    """Draws from the generator that Keras has for all."""

    def call(self, inputs: Any) -> Any:
        return inputs + 0.1 * keras.random.normal(keras.ops.shape(inputs))


def make_noisy_at_inference() -> Any:
    return keras.Sequential(
        [
            keras.Input((28, 28)),
            layers.Flatten(),
            layers.Dense(12, "relu"),
            NoisyAtInference(),
            DrawsGlobally(),
            layers.BatchNormalization(),
            layers.Dense(10, "softmax"),
        ]
    )


def make_recurrent() -> Any:
    return keras.Sequential(
        [
            keras.Input((28, 28)),
            layers.Bidirectional(layers.LSTM(5, dropout=0.3, recurrent_dropout=0.2)),
            layers.Dense(10, "softmax"),
        ]
    )


def make_drop_connect() -> Any:
    return keras.Sequential([keras.Input((28, 28)), layers.Flatten(), NoisyDense(10, "softmax")])


def make_sequential_without_input() -> Any:
    return keras.Sequential([layers.Flatten(), layers.Dense(12), layers.Dense(10, "softmax")])


def fingerprint(
    make_model: Callable[[], Any], digits: Digits, callbacks: list[Any]
) -> dict[str, object]:
    """Everything of a training that must not change."""
    keras.utils.clear_session()
    keras.utils.set_random_seed(3)
    images, labels = digits
    model = make_model()
    model.compile("adam", "sparse_categorical_crossentropy", metrics=["accuracy"])
    history = model.fit(
        images[:96],
        labels[:96],
        validation_data=(images[96:128], labels[96:128]),
        epochs=2,
        batch_size=16,
        verbose=0,
        callbacks=callbacks,
    )

    def digest(variables: list[Any]) -> str:
        values = [keras.ops.convert_to_numpy(variable).tobytes() for variable in variables]
        return hashlib.sha256(b"".join(values)).hexdigest()

    return {
        "weights and seed generators": digest(model.variables),
        "number of variables": len(model.variables),
        "optimizer": digest(model.optimizer.variables),
        "history": history.history,
        "next names": [
            layers.Dense(1).name,
            layers.Flatten().name,
            keras.Sequential().name,
            keras.KerasTensor((1,)).name,
            keras.Input((1,)).name,
            make_model().name,
        ],
        "next draws": (
            random.random(),
            float(np.random.random()),  # noqa: NPY002 - the user's global generator
            keras.ops.convert_to_numpy(keras.random.normal((2,))).tolist(),
        ),
    }


def assert_samples_are_logged(logdir: Path, runs: tuple[str, ...]) -> None:
    """Or the test would show that nothing changes where nothing is done."""
    for run in runs:
        tags = LogReader(logdir).tags(run)
        assert "samples" in tags
        assert any(tag.startswith("activations/") for tag in tags)
        assert "attributions/integrated_gradients" in tags
        assert "confusion" in tags
        assert any(tag.startswith("top_samples/") for tag in tags)
    for run in (*runs, "graph"):
        assert "graph" in LogReader(logdir).tags(run) or run == "alone"


@pytest.mark.parametrize(
    "make_model",
    [
        make_mlp,
        make_conv_net,
        make_nested,
        Subclassed,
        Sampling,
        Stateful,
        make_drop_connect,
        make_sequential_without_input,
        make_noisy_at_inference,
        make_recurrent,
    ],
)
def test_a_logged_training_equals_a_bare_one(
    make_model: Callable[[], Any], digits: Digits, tmp_path: Path
) -> None:
    bare = fingerprint(make_model, digits, [])
    assert fingerprint(make_model, digits, []) == bare, "two bare runs differ: nothing to compare"

    images, labels = digits
    validation_data = (images[96:128], labels[96:128])
    if make_model in (make_conv_net, make_nested):
        validation_data = (images[96:128, :, :, None], labels[96:128])
    logged = fingerprint(
        make_model,
        digits,
        [
            NNViz(tmp_path / "by_epoch", validation_data=validation_data),
            NNViz(tmp_path / "by_batch", update_freq=2),
            NNViz(
                tmp_path / "by_number", validation_data=validation_data, samples=3, update_freq=3
            ),
            WeightTiles(tmp_path / "by_epoch", layers="*", precision="float32"),
            ModelGraph(tmp_path / "graph"),
            ConfusionMatrix(tmp_path / "alone", validation_data, max_samples=20, update_freq=4),
            TopSamples(tmp_path / "alone", validation_data, max_units=3, update_freq=4),
            ActivationChannels(tmp_path / "alone", validation_data[0][:5], update_freq=4),
            IntegratedGradients(
                tmp_path / "alone",
                validation_data[0][:5],
                baselines=["zero", "uniform"],
                output="probability",
                update_freq=4,
            ),
        ],
    )
    assert logged == bare
    # The stateful model takes no other number of samples than it was trained with, 16.
    runs = ("by_epoch",) if make_model is Stateful else ("by_epoch", "by_number", "alone")
    assert_samples_are_logged(tmp_path, runs)


class Augmented(keras.utils.PyDataset):
    """Adds noise from a generator of its own, or one that it shares."""

    def __init__(self, x: Any, y: Any, generator: np.random.Generator) -> None:
        super().__init__()
        self.x, self.y = x, y
        self.generator = generator

    def __len__(self) -> int:
        return len(self.x) // 8

    def __getitem__(self, index: int) -> Any:
        x, y = self.x[8 * index :][:8], self.y[8 * index :][:8]
        return x + self.generator.normal(size=x.shape).astype(np.float32), y


def make_pipelines(way: str, digits: Digits, directory: Path) -> tuple[Any, Any]:
    """What to train on and what to validate with; each drawing anew whenever it is read."""
    import tensorflow as tf

    images, labels = digits
    trained_on = tf.data.Dataset.from_tensor_slices((images[:64], labels[:64])).batch(8)
    others = images[64:256], labels[64:256]
    generator = np.random.default_rng(4)
    if way == "PyDataset":
        return trained_on, Augmented(*others, generator)
    if way == "PyDatasets that share a generator":
        return Augmented(images[:64], labels[:64], generator), Augmented(*others, generator)
    if way == "from_generator":

        def generate() -> Any:
            for index in generator.permutation(192)[:32]:
                yield others[0][index], others[1][index]

        signature = (tf.TensorSpec((28, 28)), tf.TensorSpec((), tf.int64))
        dataset = tf.data.Dataset.from_generator(generate, output_signature=signature)
        return trained_on, dataset.batch(8)
    # Each time it is read it gives other samples, so that one time more would be seen.
    dataset = tf.data.Dataset.from_tensor_slices(others).shuffle(192)
    if way == "cached":
        dataset = dataset.cache()
    elif way == "cached in a file":
        dataset = dataset.cache(str(directory / "cache"))
    return trained_on, dataset.take(32).batch(8)


@pytest.mark.filterwarnings("ignore:Your input ran out of data")
@pytest.mark.parametrize(
    "way",
    [
        "shuffled",
        "cached",
        "cached in a file",
        "PyDataset",
        "PyDatasets that share a generator",
        "from_generator",
    ],
)
def test_a_shuffled_dataset_to_validate_with_is_not_moved(
    way: str, digits: Digits, tmp_path: Path
) -> None:
    def train(name: str, *, is_logged: bool) -> dict[str, object]:
        keras.utils.clear_session()
        keras.utils.set_random_seed(3)
        directory = tmp_path / name
        directory.mkdir()
        trained_on, dataset = make_pipelines(way, digits, directory)
        model = make_mlp()
        model.compile("adam", "sparse_categorical_crossentropy")
        callbacks = [NNViz(tmp_path / "run", validation_data=dataset)] if is_logged else []
        history = model.fit(
            trained_on,
            validation_data=dataset,
            epochs=3,
            shuffle=False,
            verbose=0,
            callbacks=callbacks,
        )
        return {
            "history": history.history,
            "weights": [variable.numpy().tolist() for variable in model.variables],
        }

    bare = train("bare", is_logged=False)
    assert train("bare again", is_logged=False) == bare
    assert train("logged", is_logged=True) == bare
    assert "samples" in LogReader(tmp_path).tags("run")
