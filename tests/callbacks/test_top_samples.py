"""`TopSamples`: the samples are those that excite each unit most, and the places are right."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import keras
import numpy as np
import pytest

from tb_nnviz import LogReader, NNViz, TileArray, TopSamples, layer_activations
from tb_nnviz.model.probe_inputs import ProbeInputs
from tb_nnviz.records import Notice
from tests.conftest import Digits

layers = keras.layers

LAID_OVER = (
    "places are where the feature map lies over the picture: what a place reads is not known"
)


def read_last(logdir: Path, tag: str) -> TileArray:
    reader = LogReader(logdir)
    record = reader.read("run", tag, reader.steps("run", tag)[-1])
    assert isinstance(record, TileArray)
    return record


def fit(model: Any, digits: Digits, callback: Any) -> None:
    images, labels = digits
    x = images[:96]
    if model.inputs and len(model.inputs[0].shape) == 4:
        x = x[..., None]
    model.fit(x, labels[:96], epochs=1, verbose=0, callbacks=[callback])


def test_samples_of_dense_units_are_those_of_a_brute_force_sort(
    digits: Digits, make_mlp: Callable[..., Any], tmp_path: Path
) -> None:
    images, _ = digits
    model = make_mlp(20)
    fit(model, digits, TopSamples(tmp_path / "run", images[:400], top_k=5, max_units=12))
    activations = layer_activations(model, images[:400])
    for layer, num_units in (("dense", 12), ("dense_1", 10)):
        record = read_last(tmp_path, f"top_samples/{layer}")
        assert record.axes == ("unit", "rank", "height", "width")
        assert record.values.shape == (num_units, 5, 28, 28)
        values = activations[layer]
        for unit in range(num_units):
            best = np.argsort(-values[:, unit], kind="stable")[:5]
            np.testing.assert_array_equal(record.statistics["sample_index"][unit], best)
            np.testing.assert_allclose(
                record.statistics["activation"][unit], values[best, unit], rtol=1e-5, atol=1e-6
            )
            np.testing.assert_allclose(record.values[unit], images[best], atol=1 / 400)
        assert np.isnan(record.statistics["place_top"]).all()
        assert "change_since_start" not in record.statistics
    assert read_last(tmp_path, "top_samples/dense").omitted == ("12 of 20 units",)
    assert read_last(tmp_path, "top_samples/dense").notes == ("of 400 samples",)


def make_conv_net() -> Any:
    model = keras.Sequential(
        [
            keras.Input((28, 28, 1)),
            layers.Conv2D(6, 5, activation="relu", name="first"),
            layers.MaxPooling2D(2),
            layers.Conv2D(4, 3, padding="same", strides=2, activation="relu", name="second"),
            layers.Flatten(),
            layers.Dense(10, "softmax"),
        ]
    )
    model.compile("adam", "sparse_categorical_crossentropy")
    return model


def test_the_place_of_a_channel_is_the_receptive_field_of_its_greatest_activation(
    digits: Digits, tmp_path: Path
) -> None:
    images = digits[0][:150, :, :, None]
    model = make_conv_net()
    fit(model, digits, TopSamples(tmp_path / "run", images, layers=["first", "second"], top_k=3))
    activations = layer_activations(model, images)
    # A place (row, column) of `first` reads rows row … row + 4. One of `second`, which is "same"
    # with stride 2 over 12 places, pads (5·2 + 3 − 12) // 2 = 0 before and so reads pooled rows
    # 2·row … 2·row + 2, within the 12 that there are; pooled row p reads rows 2p … 2p + 5.
    spans_of: dict[str, Callable[[int], list[int]]] = {
        "first": lambda place: [place, place + 5],
        "second": lambda place: [4 * place, 2 * min(2 * place + 2, 11) + 6],
    }
    for layer, span_of in spans_of.items():
        record = read_last(tmp_path, f"top_samples/{layer}")
        values = activations[layer]
        peaks = values.max(axis=(1, 2))
        assert record.axes[:2] == ("channel", "rank")
        for channel in range(values.shape[3]):
            best = np.argsort(-peaks[:, channel], kind="stable")[:3]
            np.testing.assert_array_equal(record.statistics["sample_index"][channel], best)
            for rank, sample in enumerate(best):
                place = np.unravel_index(values[sample, :, :, channel].argmax(), values.shape[1:3])
                spans = [
                    [record.statistics[f"place_{name}"][channel, rank] * 28 for name in names]
                    for names in (("top", "bottom"), ("left", "right"))
                ]
                expected = [span_of(int(one)) for one in place]
                np.testing.assert_allclose(spans, expected)
        assert record.notes == ("of 150 samples",)


def test_samples_without_the_axis_of_channels_have_the_same_places(
    digits: Digits, tmp_path: Path
) -> None:
    for name, images in (("with", digits[0][:40, :, :, None]), ("without", digits[0][:40])):
        model = make_conv_net()
        model.set_weights(
            [np.cos(np.arange(one.size)).reshape(one.shape) for one in model.get_weights()]
        )
        model.fit(
            images,
            digits[1][:40],
            verbose=0,
            callbacks=[TopSamples(tmp_path / name, images, layers="first", update_freq=100)],
        )
    reader = LogReader(tmp_path)
    records = [reader.read(name, "top_samples/first", 0) for name in ("with", "without")]
    for statistic in ("sample_index", "place_top", "place_right"):
        one, other = (
            record.statistics[statistic] for record in records if isinstance(record, TileArray)
        )
        np.testing.assert_array_equal(one, other)


def test_a_changed_pixel_outside_the_place_leaves_the_activation_as_it_is(
    digits: Digits, tmp_path: Path
) -> None:
    images = digits[0][:60, :, :, None]
    model = make_conv_net()
    fit(model, digits, TopSamples(tmp_path / "run", images, layers="second", top_k=1))
    record = read_last(tmp_path, "top_samples/second")
    maps = layer_activations(model, images)["second"]
    for channel in range(4):
        found = {name: record.statistics[name][channel, 0] for name in record.statistics}
        sample = int(found["sample_index"])
        rows = slice(round(found["place_top"] * 28), round(found["place_bottom"] * 28))
        columns = slice(round(found["place_left"] * 28), round(found["place_right"] * 28))
        noise = np.random.default_rng(channel).uniform(size=(1, 28, 28, 1)).astype(np.float32)
        noise[0, rows, columns] = images[sample, rows, columns]
        place = np.unravel_index(maps[sample, :, :, channel].argmax(), maps.shape[1:3])
        changed = layer_activations(model, noise)["second"][0, :, :, channel]
        assert changed[place] == pytest.approx(found["activation"], rel=1e-4, abs=1e-6)


class Branching(keras.Model):
    """Without a graph: what a place reads is told by where it lies."""

    def __init__(self) -> None:
        super().__init__()
        self.convolution = layers.Conv2D(3, 3, strides=2)
        self.classes = layers.Dense(10, "softmax")

    def call(self, inputs: Any) -> Any:
        maps = self.convolution(inputs)
        return self.classes(keras.ops.mean(maps, axis=(1, 2)))


def test_where_the_way_is_not_known_the_place_is_where_it_lies_on_the_picture(
    digits: Digits, tmp_path: Path
) -> None:
    images = digits[0][:40, :, :, None]
    model = Branching()
    model.compile("adam", "sparse_categorical_crossentropy")
    callback = TopSamples(tmp_path / "run", (images, digits[1][:40]), top_k=2)
    model.fit(images, digits[1][:40], epochs=1, verbose=0, callbacks=[callback])
    record = read_last(tmp_path, "top_samples/conv2d")
    maps = layer_activations(model, images)["conv2d"]
    sample = int(record.statistics["sample_index"][0, 0])
    row, column = np.unravel_index(maps[sample, :, :, 0].argmax(), (13, 13))
    spans = [record.statistics[f"place_{name}"][0, 0] for name in ("top", "bottom", "left")]
    np.testing.assert_allclose(spans, [row / 13, (row + 1) / 13, column / 13])
    assert record.notes == ("of 40 samples", LAID_OVER)
    # A unit of a Dense layer has no place, so there is nothing to say of it.
    assert read_last(tmp_path, "top_samples/dense").notes == ("of 40 samples",)


def test_behind_an_embedding_it_is_said_that_places_are_not_known(tmp_path: Path) -> None:
    model = keras.Sequential(
        [
            keras.Input((12,), dtype="int32"),
            layers.Embedding(20, 4),
            layers.Conv1D(3, 3),
            layers.GlobalMaxPooling1D(),
            layers.Dense(1),
        ]
    )
    model.compile("sgd", "mse")
    words = np.random.default_rng(0).integers(0, 20, (16, 12)).astype(np.int32)
    callback = TopSamples(tmp_path / "run", words)
    model.fit(words, np.zeros(16), verbose=0, callbacks=[callback])
    assert LAID_OVER in read_last(tmp_path, "top_samples/conv1d").notes


def test_colours_sequences_and_large_pictures_are_shown_within_the_limits(tmp_path: Path) -> None:
    random = np.random.default_rng(1)
    images = random.uniform(size=(12, 96, 96, 3)).astype(np.float32)
    model = keras.Sequential(
        [
            keras.Input((96, 96, 3)),
            layers.Conv2D(2, 3),
            layers.GlobalAveragePooling2D(),
            layers.Dense(2),
        ]
    )
    model.compile("sgd", "mse")
    callback = TopSamples(tmp_path / "run", images, top_k=20)
    model.fit(images, np.zeros((12, 2)), verbose=0, callbacks=[callback])
    record = read_last(tmp_path, "top_samples/conv2d")
    # 96 is averaged over blocks of 2; there are 12 samples, so no more than 12 ranks.
    assert record.values.shape == (2, 12, 48, 48, 3)
    assert record.omitted == ("96×96 shown at 48×48",)
    sample = int(record.statistics["sample_index"][1, 0])
    blocks = images[sample].reshape(48, 2, 48, 2, 3).mean(axis=(1, 3))
    np.testing.assert_allclose(record.values[1, 0], blocks, atol=1 / 400)


def test_layers_without_units_of_their_own_are_left_out_unless_named(
    digits: Digits, tmp_path: Path
) -> None:
    images, labels = digits
    model = keras.Sequential(
        [
            keras.Input((28, 28)),
            layers.Flatten(),
            layers.Dense(8),
            layers.BatchNormalization(),
            layers.ReLU(),
            layers.Dense(10, "softmax"),
        ]
    )
    model.compile("adam", "sparse_categorical_crossentropy")
    model.fit(
        images[:64],
        labels[:64],
        verbose=0,
        callbacks=[
            TopSamples(tmp_path / "run", images[:50]),
            TopSamples(tmp_path / "run", images[:50], layers="re_lu"),
        ],
    )
    tags = LogReader(tmp_path).tags("run")
    assert {tag for tag in tags if tag.startswith("top_samples/")} == {
        "top_samples/dense",
        "top_samples/dense_1",
        "top_samples/re_lu",
    }


def test_mistakes_in_arguments_raise(
    digits: Digits, make_mlp: Callable[..., Any], tmp_path: Path
) -> None:
    images, _ = digits
    with pytest.raises(TypeError, match="validation_data"):
        TopSamples(tmp_path / "run", None)
    with pytest.raises(ValueError, match="`max_units` argument must be 1 or more"):
        TopSamples(tmp_path / "run", images[:9], max_units=0)
    with pytest.raises(ValueError, match="conv"):
        fit(make_mlp(), digits, TopSamples(tmp_path / "run", images[:9], layers="conv9"))
    with pytest.raises(ValueError, match="do not fit the model"):
        fit(make_mlp(), digits, TopSamples(tmp_path / "run", images[:9, :5]))


def test_nnviz_logs_fewer_units_and_ranks(
    digits: Digits, make_mlp: Callable[..., Any], tmp_path: Path
) -> None:
    images, labels = digits
    callback = NNViz(tmp_path / "run", validation_data=(images[:100], labels[:100]))
    fit(make_mlp(40), digits, callback)
    assert read_last(tmp_path, "top_samples/dense").values.shape == (32, 4, 28, 28)


def test_text_has_no_pictures_and_nnviz_says_so(tmp_path: Path) -> None:
    vocabulary = ["good", "bad"]
    model = keras.Sequential(
        [
            keras.Input((1,), dtype="string"),
            layers.TextVectorization(vocabulary=vocabulary, output_sequence_length=3),
            layers.Embedding(4, 2),
            layers.Flatten(),
            layers.Dense(1, "sigmoid"),
        ]
    )
    model.compile("adam", "binary_crossentropy")
    x = np.array([["good"], ["bad bad"]] * 8)
    y = np.array([1, 0] * 8)

    import tensorflow as tf

    dataset = tf.data.Dataset.from_tensor_slices((x, y)).batch(4)
    callback = NNViz(tmp_path / "run", validation_data=(x, y))
    model.fit(dataset, shuffle=False, verbose=0, callbacks=[callback])
    reader = LogReader(tmp_path)
    said = [record for _, record in reader.read_each("run", "notices")]
    messages = [
        one.message for one in said if isinstance(one, Notice) and one.view == "top_samples"
    ]
    assert len(messages) == 1
    assert "have no pictures" in messages[0]
    assert messages[0].count("excite") == 1
    assert "confusion" in reader.tags("run")
    assert "confusion/samples" not in reader.tags("run")


def test_small_samples_are_computed_a_hundred_at_once(
    digits: Digits,
    make_mlp: Callable[..., Any],
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    sizes: list[int] = []
    batches = ProbeInputs.batches

    def note(inputs: ProbeInputs, batch_size: int) -> Any:
        # The first sample alone is computed where there is nothing but to compile.
        if inputs.num_samples > 1:
            sizes.append(batch_size)
        return batches(inputs, batch_size)

    monkeypatch.setattr(ProbeInputs, "batches", note)
    data = digits[0][:300], digits[1][:300]
    views = ["confusion", "top_samples"]
    fit(make_mlp(), digits, NNViz(tmp_path / "run", validation_data=data, views=views))
    assert len(sizes) >= 4
    assert set(sizes) == {128}


def test_nnviz_shows_a_few_layers_of_a_deep_model_evenly_spread_and_says_so(
    digits: Digits, tmp_path: Path
) -> None:
    images, labels = digits
    hidden = [layers.Dense(9, "relu", name=f"hidden_{index}") for index in range(12)]
    model = keras.Sequential(
        [keras.Input((28, 28)), layers.Flatten(), *hidden, layers.Dense(10, "softmax", name="last")]
    )
    model.compile("adam", "sparse_categorical_crossentropy")
    data = images[:60], labels[:60]
    fit(model, digits, NNViz(tmp_path / "run", validation_data=data, views=["top_samples"]))
    reader = LogReader(tmp_path)
    shown = [tag for tag in reader.tags("run") if tag.startswith("top_samples/")]
    # Places 0 to 12, seven steps of 12 / 7 apart.
    numbers = [0, 2, 3, 5, 7, 9, 10]
    assert shown == [f"top_samples/hidden_{number}" for number in numbers] + ["top_samples/last"]
    said = [record for _, record in reader.read_each("run", "notices")]
    assert any(
        isinstance(one, Notice) and "shown of 8 of 13 layers, evenly spread" in one.message
        for one in said
    )
