"""The panel of samples in a training: what is logged of it, and how often."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import keras
import numpy as np
import pytest

from tb_nnviz import ActivationChannels, LogReader, NNViz
from tests.callbacks.test_steps import fit, notices, read_tiles
from tests.conftest import Digits

layers = keras.layers
MakeMlp = Callable[..., Any]
NAMES = [f"digit {index}" for index in range(10)]


def test_samples_are_logged_once_a_fit_with_what_is_known_of_them(
    digits: Digits, make_mlp: MakeMlp, tmp_path: Path
) -> None:
    images, labels = digits
    data = (images[100:400], labels[100:400])
    model = make_mlp()
    callback = NNViz(tmp_path / "run", validation_data=data, class_names=NAMES)
    fit(model, digits, callback)
    fit(model, digits, callback)
    # Steps 0 to 2 of the first fit, 3 (before) to 5 of the second.
    assert LogReader(tmp_path).steps("run", "samples") == [0, 3]
    samples = read_tiles(tmp_path, "run", 0, "samples")
    assert samples.values.shape == (16, 28, 28)
    assert samples.meaning == "image"
    assert samples.notes == ("16 of 300 samples, as many of each class as can be",)
    shown = samples.labels["sample"]
    assert sorted(set(shown)) == sorted(NAMES)
    activations = read_tiles(tmp_path, "run", 2, "activations/dense")
    assert activations.labels["sample"] == shown
    assert activations.source.samples_digest == samples.source.samples_digest is not None
    again = read_tiles(tmp_path, "run", 3, "samples")
    assert again.source == samples.source
    # What is on screen is what the model is given, to half a step of 254 codes.
    first = images[100:400][labels[100:400] == 0][0]
    np.testing.assert_allclose(samples.values[0], first, atol=1 / 500)


@pytest.mark.parametrize(
    ("options", "num_samples", "notes"),
    [
        ({"samples": 5}, 5, ("5 of 300 samples, as many of each class as can be",)),
        ({"samples": np.int64(3)}, 3, ("3 of 300 samples, as many of each class as can be",)),
    ],
)
def test_a_number_of_samples_is_taken_of_the_validation_data(
    options: dict[str, Any],
    num_samples: int,
    notes: tuple[str, ...],
    digits: Digits,
    make_mlp: MakeMlp,
    tmp_path: Path,
) -> None:
    images, labels = digits
    callback = NNViz(
        tmp_path / "run",
        validation_data=(images[:300], labels[:300]),
        views=["activations"],
        **options,
    )
    fit(make_mlp(), digits, callback, epochs=1)
    samples = read_tiles(tmp_path, "run", 0, "samples")
    assert len(samples.values) == num_samples
    assert samples.notes == notes


def test_samples_of_ones_own_are_all_logged_up_to_a_limit_which_is_said(
    digits: Digits, make_mlp: MakeMlp, tmp_path: Path
) -> None:
    images, labels = digits
    for run, size in (("few", 40), ("many", 1000)):
        callback = ActivationChannels(tmp_path / run, (images[:size], labels[:size]))
        fit(make_mlp(), digits, callback, epochs=1)
    few = read_tiles(tmp_path, "few", 0, "samples")
    assert len(few.values) == 40
    assert few.notes == ()
    many = read_tiles(tmp_path, "many", 0, "samples")
    assert len(many.values) == 64
    assert many.notes == ("64 of 1,000 samples, as many of each class as can be",)


def test_samples_alone_have_no_labels_and_take_the_place_of_validation_data(
    digits: Digits, make_mlp: MakeMlp, tmp_path: Path
) -> None:
    images, labels = digits
    callback = NNViz(
        tmp_path / "run", validation_data=(images[:300], labels[:300]), samples=images[300:307]
    )
    fit(make_mlp(), digits, callback, epochs=1)
    samples = read_tiles(tmp_path, "run", 0, "samples")
    np.testing.assert_allclose(samples.values, images[300:307], atol=1 / 500)
    assert samples.labels == {}


def test_without_a_view_that_needs_samples_none_are_read_or_logged(
    digits: Digits, make_mlp: MakeMlp, tmp_path: Path
) -> None:
    class Unread(keras.utils.PyDataset):
        def __len__(self) -> int:
            return 2

        def __getitem__(self, index: int) -> Any:
            raise AssertionError("the samples were read")

    callback = NNViz(tmp_path / "run", samples=Unread(), views=["weights", "histograms"])
    fit(make_mlp(), digits, callback, epochs=1)
    assert "samples" not in LogReader(tmp_path).tags("run")


def test_two_callbacks_with_the_same_samples_share_them_and_say_nothing(
    digits: Digits, make_mlp: MakeMlp, tmp_path: Path
) -> None:
    images, labels = digits
    data = (images[:12], labels[:12])
    fit(
        make_mlp(),
        digits,
        NNViz(tmp_path / "run", samples=data, views=["weights", "activations"], layers="dense"),
        ActivationChannels(tmp_path / "run", data, layers="dense_1"),
    )
    reader = LogReader(tmp_path)
    assert reader.steps("run", "samples") == [0]
    assert reader.steps("run", "activations/dense") == [0, 1, 2]
    assert reader.steps("run", "activations/dense_1") == [0, 1, 2]
    assert notices(tmp_path, "run") == []


def test_two_callbacks_with_other_samples_are_told_apart(
    digits: Digits, make_mlp: MakeMlp, tmp_path: Path
) -> None:
    images, _ = digits
    fit(
        make_mlp(),
        digits,
        ActivationChannels(tmp_path / "run", images[:4], layers="dense"),
        ActivationChannels(tmp_path / "run", images[4:8], layers="dense_1"),
    )
    (notice,) = notices(tmp_path, "run")
    assert "Another callback on this directory logs samples" in notice.message
    one = read_tiles(tmp_path, "run", 0, "activations/dense").source.samples_digest
    other = read_tiles(tmp_path, "run", 0, "activations/dense_1").source.samples_digest
    assert one != other
    assert read_tiles(tmp_path, "run", 0, "samples").source.samples_digest == one


def test_every_input_of_a_model_has_its_samples(tmp_path: Path) -> None:
    pictures, sequences = keras.Input((8, 8, 3), name="picture"), keras.Input((12, 5), name="sound")
    text = keras.Input((6,), name="length")
    joined = layers.Concatenate()(
        [layers.Flatten()(pictures), layers.LSTM(4)(sequences), layers.Dense(3)(text)]
    )
    model = keras.Model([pictures, sequences, text], layers.Dense(2, "softmax")(joined))
    model.compile("sgd", "sparse_categorical_crossentropy")
    generator = np.random.default_rng(0)
    inputs: dict[str, Any] = {
        "picture": generator.integers(0, 255, (16, 8, 8, 3)).astype(np.uint8),
        "sound": generator.random((16, 12, 5), np.float32),
        "length": generator.random((16, 6), np.float32),
    }
    labels = np.arange(16) % 2
    callback = NNViz(tmp_path / "run", validation_data=(inputs, labels), on_error="raise")
    model.fit(inputs, labels, verbose=0, callbacks=[callback])
    found = {
        tag: read_tiles(tmp_path, "run", 0, tag)
        for tag in LogReader(tmp_path).tags("run")
        if tag.startswith("samples")
    }
    assert list(found) == ["samples/picture", "samples/sound", "samples/length"]
    picture = found["samples/picture"]
    assert picture.axes == ("sample", "height", "width", "color")
    # Sorted by class: the even samples come first.
    np.testing.assert_allclose(picture.values[:8], inputs["picture"][::2], atol=255 / 500)
    assert found["samples/sound"].represents == {"height": "step", "width": "channel"}
    assert found["samples/length"].represents == {"width": "input"}
    assert len({record.source.samples_digest for record in found.values()}) == 1


def test_samples_that_are_text_are_said_and_end_no_training(tmp_path: Path) -> None:
    vectorize = layers.TextVectorization(max_tokens=20, output_sequence_length=5)
    texts = np.array(["a cat", "a dog", "an owl", "the cat"])
    vectorize.adapt(texts)
    inputs = keras.Input((), dtype="string")
    outputs = layers.Dense(2)(layers.Flatten()(layers.Embedding(20, 3)(vectorize(inputs))))
    model = keras.Model(inputs, outputs)
    model.compile("sgd", "mse")
    callback = NNViz(tmp_path / "run", samples=texts, views=["activations"])
    import tensorflow as tf

    dataset = tf.data.Dataset.from_tensor_slices((texts, np.zeros((4, 2), np.float32))).batch(2)
    model.fit(dataset, shuffle=False, verbose=0, callbacks=[callback])
    reader = LogReader(tmp_path)
    assert "samples" not in reader.tags("run")
    assert any("hold text" in notice.message for notice in notices(tmp_path, "run"))
