"""The panel of samples in a training: what is logged of it, and what is refused before."""

from __future__ import annotations

import contextlib
import copy
import io
import pickle
import re
import warnings
from collections.abc import Callable
from pathlib import Path
from typing import Any

import keras
import numpy as np
import pytest

from tb_nnviz import ActivationChannels, LogReader, NNViz, TileArray
from tb_nnviz.analysis.activation_tiles import ActivationTilesPlan
from tests.callbacks.test_steps import fit, notices, read_tiles
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


def without_views(*names: str) -> list[str]:
    return [name for name in ("weights", "histograms", "activations") if name not in names]


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
            lambda: ActivationChannels("x", np.zeros(3), max_tile_side=2.5),
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
    assert raised.value.__cause__ is not None
    for now, then in zip(model.variables, states, strict=True):
        np.testing.assert_array_equal(keras.ops.convert_to_numpy(now), then)
    assert len(model.hidden._inbound_nodes) == num_nodes
    fit(model, digits, NNViz(tmp_path / "run", samples=digits[0][:4]), epochs=1)
    assert "activations/hidden" in LogReader(tmp_path).tags("run")


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


def test_the_last_step_is_logged_where_activations_alone_are_and_weights_have_changed(
    digits: Digits, make_mlp: MakeMlp, tmp_path: Path
) -> None:
    callback = ActivationChannels(tmp_path / "run", digits[0][:4], update_freq=3)
    # 4 batches an epoch: 3 and 6 of 8 are logged, and the end.
    fit(make_mlp(), digits, callback)
    assert LogReader(tmp_path).steps("run", "activations/dense") == [0, 3, 6, 8]


def test_the_last_step_is_not_logged_where_nothing_has_changed(
    digits: Digits, make_mlp: MakeMlp, tmp_path: Path
) -> None:
    callback = ActivationChannels(tmp_path / "run", digits[0][:4], update_freq=3)
    model = make_mlp(16, keras.optimizers.SGD(0.0))
    fit(model, digits, callback)
    assert LogReader(tmp_path).steps("run", "activations/dense") == [0, 3, 6]


def test_weights_that_are_put_back_are_logged_again(
    digits: Digits, make_mlp: MakeMlp, tmp_path: Path
) -> None:
    stop = keras.callbacks.EarlyStopping(
        "loss", mode="max", patience=1, restore_best_weights=True, start_from_epoch=0
    )
    callback = ActivationChannels(tmp_path / "run", digits[0][:4])
    fit(make_mlp(), digits, callback, stop, epochs=5)
    steps = LogReader(tmp_path).steps("run", "activations/dense_1")
    last = read_tiles(tmp_path, "run", steps[-1], "activations/dense_1")
    assert last.moment is not None
    assert last.moment.phase == "restored"
    best = read_tiles(tmp_path, "run", 1, "activations/dense_1")
    np.testing.assert_array_equal(last.values, best.values)


def test_a_budget_cuts_channels_and_never_samples(digits: Digits, tmp_path: Path) -> None:
    images, labels = digits
    data = (images[:200], labels[:200])
    # 16 samples of 32 channels of 12x12 in one byte are 74 KB a tag and step.
    for run, budget in (("whole", 50_000_000), ("tight", 550_000), ("least", 200_000)):
        callback = NNViz(
            tmp_path / run, validation_data=data, views=["activations"], budget_bytes=budget
        )
        fit(make_conv_net(), digits, callback, epochs=9)
        size = sum(path.stat().st_size for path in (tmp_path / run / "nnviz").iterdir())
        assert size <= budget
    shapes = {
        run: read_tiles(tmp_path, run, 9, "activations/convolution").values.shape
        for run in ("whole", "tight", "least")
    }
    assert shapes["whole"] == (16, 32, 12, 12)
    assert shapes["tight"][0] == shapes["least"][0] == 16
    assert 4 <= shapes["tight"][1] < 32
    assert shapes["least"][1] == 4
    assert read_tiles(tmp_path, "least", 0, "samples").values.shape == (16, 28, 28)
    record = read_tiles(tmp_path, "least", 0, "activations/convolution")
    assert "4 of 32 channels" in record.omitted
    assert any("To stay within budget_bytes" in one.message for one in notices(tmp_path, "least"))


def test_samples_are_announced_with_the_whole_and_not_with_each_step(
    digits: Digits, make_mlp: MakeMlp, tmp_path: Path
) -> None:
    output = io.StringIO()
    callback = NNViz(tmp_path / "run", samples=digits[0][:64], views=["activations"])
    with contextlib.redirect_stdout(output):
        fit(make_mlp(), digits, callback, epochs=4, verbose=2)
    (said,) = [line for line in output.getvalue().splitlines() if line.startswith("nnviz: ")]
    found = re.search(r"about (\S+) KB and \S+ s a step, (\S+) KB in 5 steps", said)
    assert found is not None, said
    per_step, total = float(found[1]), float(found[2])
    # 64 pictures of 784 bytes, with their statistics and a header.
    assert total - 5 * per_step == pytest.approx(64 * (784 + 36) / 1000 + 1.5, rel=0.05)


def test_a_probe_that_fails_switches_off_its_view_alone(
    digits: Digits, make_mlp: MakeMlp, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    whole, num_runs = ActivationTilesPlan.collect, 0

    def fail_later(self: Any) -> Any:
        nonlocal num_runs
        num_runs += 1
        # Once to warm up, then before training and after the first epoch.
        if num_runs > 3:
            raise MemoryError("no room for activations")
        return whole(self)

    monkeypatch.setattr(ActivationTilesPlan, "collect", fail_later)
    with warnings.catch_warnings(record=True) as caught:
        warnings.simplefilter("always")
        callback = NNViz(tmp_path / "run", samples=digits[0][:4])
        history = fit(make_mlp(), digits, callback, epochs=4)
    assert len(history.history["loss"]) == 4
    (said,) = [str(one.message) for one in caught if "nnviz" in str(one.message)]
    assert "view 'activations' is switched off" in said
    assert "no room for activations" in said
    reader = LogReader(tmp_path)
    assert reader.steps("run", "activations/dense") == [0, 1]
    assert reader.steps("run", "weights/dense/kernel") == [0, 1, 2, 3, 4]
    assert any("no room for activations" in one.message for one in notices(tmp_path, "run"))


def test_a_probe_that_fails_raises_where_that_was_asked_for(
    digits: Digits, make_mlp: MakeMlp, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fail(self: Any) -> Any:
        raise MemoryError("no room for activations")

    monkeypatch.setattr(ActivationTilesPlan, "collect", fail)
    callback = ActivationChannels(tmp_path / "run", digits[0][:4], on_error="raise")
    with pytest.raises(MemoryError, match="no room for activations"):
        fit(make_mlp(), digits, callback)


@pytest.mark.parametrize("make", [copy.deepcopy, lambda one: pickle.loads(pickle.dumps(one))])  # noqa: S301
def test_a_copy_has_the_samples_and_nothing_of_the_model(
    make: Callable[[Any], Any], digits: Digits, make_mlp: MakeMlp, tmp_path: Path
) -> None:
    images, labels = digits
    callback = ActivationChannels(tmp_path / "run", (images[:4], labels[:4]))
    size = len(pickle.dumps(callback))
    for _ in range(2):
        again = make(callback)
        again._settings = callback._settings.__class__(
            **{**vars(callback._settings), "log_dir": str(tmp_path / f"run-{id(again)}")}
        )
        fit(make_mlp(128), digits, again, epochs=1)
        assert "samples" in LogReader(tmp_path).tags(f"run-{id(again)}")
        fit(make_mlp(128), digits, callback, epochs=1)
        # A model with its weights would be 400 KB and more.
        assert len(pickle.dumps(callback)) < size + 1_000


def test_after_an_interrupted_fit_a_copy_holds_neither_model_nor_panel(
    digits: Digits, make_mlp: MakeMlp, tmp_path: Path
) -> None:
    class Interrupt(keras.callbacks.Callback):
        def on_epoch_end(self, epoch: int, logs: Any = None) -> None:
            raise KeyboardInterrupt

    callback = ActivationChannels(tmp_path / "run", digits[0][:4])
    size = len(pickle.dumps(callback))
    with pytest.raises(KeyboardInterrupt):
        fit(make_mlp(128), digits, callback, Interrupt())
    assert len(pickle.dumps(callback)) < size + 1_000
    assert all(not view.tags() for view in copy.deepcopy(callback)._views)


def test_every_input_of_a_model_has_its_samples(tmp_path: Path) -> None:
    pictures, sequences = keras.Input((8, 8, 3), name="picture"), keras.Input((12, 5), name="sound")
    text = keras.Input((6,), name="length")
    joined = layers.Concatenate()(
        [layers.Flatten()(pictures), layers.LSTM(4)(sequences), layers.Dense(3)(text)]
    )
    model = keras.Model([pictures, sequences, text], layers.Dense(2, "softmax")(joined))
    model.compile("sgd", "sparse_categorical_crossentropy")
    generator = np.random.default_rng(0)
    inputs = {
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


def test_samples_that_are_text_are_said_and_what_is_made_of_them_is_shown(tmp_path: Path) -> None:
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
    assert isinstance(reader.read("run", "activations/dense", 0), TileArray)
    assert any("hold text" in notice.message for notice in notices(tmp_path, "run"))
