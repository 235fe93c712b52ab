"""What is refused of samples and their arguments, before any time is spent."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import keras
import numpy as np
import pytest

from tb_nnviz import ActivationChannels, LogReader, NNViz, layer_activations
from tests.callbacks.small_models import make_conv_net
from tests.callbacks.test_steps import fit, notices, read_tiles
from tests.conftest import Digits

layers = keras.layers
MakeMlp = Callable[..., Any]
X = np.zeros((3, 2))
NAMES = [f"digit {index}" for index in range(10)]


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
        (
            lambda: NNViz("x", samples="mistake", validation_data=X),
            TypeError,
            r"`samples`.*a number from 1 to 64, or 'mistakes'; got 'mistake'",
        ),
        (lambda: NNViz("x", class_names="cat"), TypeError, r"`class_names`.*got 'cat'"),
        (lambda: NNViz("x", class_names=[]), ValueError, r"`class_names`"),
        (lambda: NNViz("x", class_names={"a": 1}), TypeError, r"`class_names`.*got {'a': 1}"),  # type: ignore[arg-type]
        (lambda: NNViz("x", layers={"dense": 1}), TypeError, r"`layers`.*got {'dense': 1}"),  # type: ignore[arg-type]
        (lambda: NNViz("x", views=[["a"]]), TypeError, r"`views`.*got \[\['a'\]\]"),  # type: ignore[list-item]
        (lambda: NNViz("x", samples=()), ValueError, r"`samples`.*a tuple of 0"),
        (lambda: NNViz("x", validation_data=()), ValueError, r"`validation_data`.*a tuple of 0"),
        (lambda: NNViz("x", samples=[]), ValueError, r"`samples`.*an empty list"),
        (lambda: NNViz("x", samples=(X, 3)), TypeError, r"`samples`.*got int for y"),
        (lambda: NNViz("x", samples=(None, X)), TypeError, r"`samples`.*got NoneType for x"),
        (lambda: NNViz("x", validation_data=5), TypeError, r"`validation_data`.*got 5"),
        (
            lambda: NNViz("x", samples=(X, X, X, X)),
            ValueError,
            r"`samples`.*\(x, y, sample_weight\); got a tuple of 4.*\(\(x1, x2\), y\)",
        ),
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
        ({"samples": {"x": np.zeros((4, 28, 28))}}, ValueError, r"inputs \['x'\]; .*asks for \["),
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


def refused(model: Any, callback: Any, x: Any, words: str, tmp_path: Path) -> None:
    weights = model.get_weights()
    with pytest.raises(ValueError, match=words):
        model.fit(x, epochs=1, shuffle=False, verbose=0, callbacks=[callback])
    for now, then in zip(model.get_weights(), weights, strict=True):
        np.testing.assert_array_equal(now, then)
    assert not (tmp_path / "run").exists()


def test_rows_of_several_lengths_are_refused_with_a_way_to_fill_them_up(
    digits: Digits, tmp_path: Path
) -> None:
    import tensorflow as tf

    ragged = tf.RaggedTensor.from_row_lengths(np.ones(6, np.float32), [2, 1, 3])
    with pytest.raises(TypeError, match=r"RaggedTensor.*to_tensor\(\)"):
        fit(make_conv_net(), digits, ActivationChannels(tmp_path / "run", ragged))


def test_names_of_classes_are_read_once() -> None:
    callback = NNViz("x", class_names=iter(["cat", "dog"]))  # type: ignore[arg-type]
    assert callback._settings.class_names == ("cat", "dog")


def test_looking_into_what_is_no_model_is_refused() -> None:
    with pytest.raises(TypeError, match=r"`model`.*Keras model.*NoneType"):
        layer_activations(None, X)
    with pytest.raises(TypeError, match=r"a tuple of 2.*pass x alone"):
        layer_activations(make_conv_net(), (np.zeros((4, 28, 28)), np.zeros(4)))


class Adversarial(keras.Model):
    """Two networks with a train step of their own, and no call."""

    def __init__(self) -> None:
        super().__init__()
        self.critic = keras.Sequential(
            [keras.Input((28, 28)), layers.Flatten(), layers.Dense(10, "softmax")]
        )

    def train_step(self, data: Any) -> dict[str, Any]:
        return {"loss": keras.ops.sum(self.critic(data[0]))}


class OnlyTrained(Subclassed):
    def call(self, inputs: Any, training: bool = False) -> Any:
        if not training:
            raise RuntimeError("only for training")
        return super().call(inputs, training=training)


@pytest.mark.parametrize(
    ("make", "is_built"), [(Adversarial, True), (OnlyTrained, True), (OnlyTrained, False)]
)
def test_weights_are_logged_of_a_model_that_cannot_be_called_at_inference(
    make: Any, is_built: bool, digits: Digits, tmp_path: Path
) -> None:
    model = make()
    model.compile("sgd", "sparse_categorical_crossentropy")
    if is_built and make is OnlyTrained:
        model(digits[0][:4], training=True)
    data = digits[0][:64], digits[1][:64]
    fit(model, digits, NNViz(tmp_path / "run", validation_data=data, on_error="raise"), epochs=1)
    tags = LogReader(tmp_path).tags("run")
    assert any(tag.startswith("weights/") for tag in tags)
    assert not any(tag.startswith("activations/") for tag in tags)
    said = [notice.message for notice in notices(tmp_path, "run")]
    assert any(message.startswith("Activations are not shown: ") for message in said)
    # Who has given samples is not told to give some.
    assert not any("Pass validation_data" in message for message in said)
    assert is_built or any("call it once before" in message for message in said)


class TakesTuple(keras.Model):
    def __init__(self) -> None:
        super().__init__()
        self.flatten = layers.Flatten()
        self.hidden = layers.Dense(10, "softmax", name="hidden")

    def call(self, inputs: Any) -> Any:
        assert isinstance(inputs, tuple), type(inputs)
        return self.hidden(self.flatten(inputs[0] + inputs[1]))


def test_a_model_that_takes_a_tuple_is_given_one(digits: Digits, tmp_path: Path) -> None:
    images, labels = digits
    model = TakesTuple()
    model.compile("sgd", "sparse_categorical_crossentropy")
    data = ((images[:32], images[32:64]), labels[:32])
    model.fit(*data, verbose=0, callbacks=[NNViz(tmp_path / "run", validation_data=data)])
    assert "activations/hidden" in LogReader(tmp_path).tags("run")
    assert LogReader(tmp_path).steps("run", "activations/hidden") == [0, 1]
    found = layer_activations(model, data[0], layers="hidden")["hidden"]
    np.testing.assert_allclose(found, model.predict(data[0], verbose=0), rtol=1e-5)


WORDS_OF_TRAPS = {
    "the same": "are the dataset that the model is trained on.*or pass arrays",
    "a part of it": "are the dataset that the model is trained on, or a part of it",
    "split after shuffling": "come from one shuffle.*before it is shuffled",
    "split after a Python function": "run one Python function.*Make the dataset twice",
    "PyDataset": "are the dataset that the model is trained on",
}


@pytest.mark.parametrize("trap", list(WORDS_OF_TRAPS))
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
    elif trap == "split after a Python function":
        signature = (tf.TensorSpec((28, 28)), tf.TensorSpec((), tf.int64))
        generated = tf.data.Dataset.from_generator(
            lambda: zip(images[:64], labels[:64], strict=True), output_signature=signature
        )
        x, samples = generated.skip(16).batch(8), generated.take(16).batch(8)
    else:

        class Batches(keras.utils.PyDataset):
            def __len__(self) -> int:
                return 2

            def __getitem__(self, index: int) -> Any:
                return images[:8], labels[:8]

        x = samples = Batches()
    refused(
        make_mlp(),
        NNViz(tmp_path / "run", validation_data=samples),
        x,
        WORDS_OF_TRAPS[trap],
        tmp_path,
    )


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
