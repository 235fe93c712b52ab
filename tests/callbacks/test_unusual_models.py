"""One layer that is out of the ordinary takes no view with it; notices say what is not shown."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import keras
import numpy as np
import pytest
from keras import layers

from tb_nnviz import LogReader, NNViz, WeightTemplates, layer_activations
from tb_nnviz.analysis import activation_probe
from tb_nnviz.model.reduction import share_of_zeros
from tests.callbacks.test_steps import notices, read_tiles
from tests.conftest import Digits

TEXTS = np.array(["a cat sat", "a dog", "an owl on a tree", "the cat", "no", "the dog on the mat"])


def text_model(length: int | None) -> Any:
    vectorize = layers.TextVectorization(max_tokens=20, output_sequence_length=length)
    vectorize.adapt(TEXTS)
    inputs = keras.Input((), dtype="string")
    embedded = layers.Embedding(20, 5)(vectorize(inputs))
    convolved = layers.Conv1D(6, 2, padding="same", activation="relu")(embedded)
    pooled = layers.GlobalAveragePooling1D()(convolved)
    model = keras.Model(inputs, layers.Dense(3, "softmax")(pooled))
    model.compile("sgd", "sparse_categorical_crossentropy")
    return model


def fit_text(model: Any, *callbacks: Any) -> None:
    import tensorflow as tf

    targets = np.arange(len(TEXTS)) % 3
    dataset = tf.data.Dataset.from_tensor_slices((TEXTS, targets)).batch(3)
    model.fit(dataset, shuffle=False, verbose=0, callbacks=list(callbacks))


def tags(logdir: Path, view: str) -> list[str]:
    return [tag for tag in LogReader(logdir).tags("run") if tag.startswith(f"{view}/")]


def messages(logdir: Path, view: str) -> str:
    return "\n".join(one.message for one in notices(logdir, "run") if one.view == view)


@pytest.mark.parametrize("length", [4, None])
def test_a_model_of_text_shows_every_layer_whose_shape_is_known(
    tmp_path: Path, length: int | None
) -> None:
    model = text_model(length)
    callback = NNViz(tmp_path / "run", samples=TEXTS, on_error="raise")
    fit_text(model, callback)
    whole = ["activations/global_average_pooling1d", "activations/dense"]
    whole.insert(1, "activations/dense/pre_activation")
    of_steps = [
        "activations/embedding",
        "activations/conv1d/pre_activation",
        "activations/conv1d",
    ]
    found = tags(tmp_path, "activations")
    said = messages(tmp_path, "activations")
    assert "computed" not in said if length else "known only once it is computed" in said
    if length is None:
        assert "embedding" in said
        assert found == whole
    else:
        assert set(of_steps + whole) <= set(found)
        record = read_tiles(tmp_path, "run", 1, "activations/embedding")
        assert record.values.shape == (len(TEXTS), 4, 5)
    record = read_tiles(tmp_path, "run", 1, "activations/dense")
    np.testing.assert_allclose(
        record.values[:, 0],
        keras.ops.convert_to_numpy(model(keras.ops.convert_to_tensor(TEXTS))),
        rtol=1e-5,
        atol=1e-6,
    )


def test_activations_of_text_are_those_of_the_model_itself_and_of_batches_of_equal_length() -> None:
    model = text_model(None)
    found = layer_activations(model, TEXTS)
    longest = max(len(text.split()) for text in TEXTS)
    assert found["embedding"].shape == (len(TEXTS), longest, 5)
    with pytest.raises(ValueError, match=r"another shape for each batch .* batch_size=6"):
        layer_activations(model, TEXTS, batch_size=2)


class Choosing(layers.Layer):
    """Gives the samples whose sum is positive only: its first axis is no longer over samples."""

    def call(self, inputs: Any) -> Any:
        import tensorflow as tf

        return tf.boolean_mask(inputs, keras.ops.sum(inputs, axis=1) > 0)


class Opaque(layers.Layer):
    """Computes in NumPy, so that TensorFlow does not know of how many axes the result is."""

    def call(self, inputs: Any) -> Any:
        import tensorflow as tf

        return tf.numpy_function(lambda values: values, [inputs], tf.float32)


class Unusual(keras.Model):
    def __init__(self) -> None:
        super().__init__()
        self.hidden, self.last = layers.Dense(4), layers.Dense(2)
        self.choosing, self.inner, self.opaque = Choosing(), layers.Dense(3), Opaque()

    def call(self, inputs: Any) -> Any:
        hidden = self.hidden(inputs)
        chosen = self.inner(self.choosing(hidden))
        self.opaque(hidden)
        return self.last(hidden) + keras.ops.mean(chosen)


def test_layers_without_an_axis_over_samples_or_of_unknown_rank_are_said_and_spare_the_others(
    tmp_path: Path,
) -> None:
    model = Unusual()
    x = np.random.default_rng(0).normal(size=(8, 5)).astype(np.float32)
    model(x)
    model.compile("sgd", "mse")
    callback = NNViz(tmp_path / "run", samples=x, on_error="raise")
    model.fit(x, np.zeros((8, 2)), verbose=0, callbacks=[callback])
    assert tags(tmp_path, "activations") == ["activations/dense", "activations/dense_1"]
    said = messages(tmp_path, "activations")
    assert "no axis over samples" in said
    assert "choosing" in said
    assert "how many axes its output has is known only once it is computed (opaque)" in said
    assert "templates" not in messages(tmp_path, "timeline")


def test_a_tensor_that_cannot_be_reduced_spares_the_others(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fail_on_sequences(tensor: Any, axes: Any) -> Any:
        if len(tensor.shape) == 3:
            raise TypeError("no such operation for this type")
        return share_of_zeros(tensor, axes)

    monkeypatch.setattr(activation_probe, "share_of_zeros", fail_on_sequences)
    model = keras.Sequential(
        [keras.Input((6, 5)), layers.Conv1D(3, 2), layers.Flatten(), layers.Dense(2)]
    )
    model.compile("sgd", "mse")
    callback = NNViz(tmp_path / "run", samples=np.ones((8, 6, 5)), on_error="raise")
    model.fit(np.ones((8, 6, 5)), np.zeros((8, 2)), verbose=0, callbacks=[callback])
    assert tags(tmp_path, "activations") == ["activations/dense"]
    said = messages(tmp_path, "activations")
    assert "cannot be brought out (no such operation for this type) (conv1d)" in said


class Stateful(keras.Model):
    """Says nowhere but in its states how many samples it takes."""

    def __init__(self) -> None:
        super().__init__()
        self.recurrent = layers.Bidirectional(layers.LSTM(4, stateful=True))
        self.last = layers.Dense(2)

    def call(self, inputs: Any) -> Any:
        return self.last(self.recurrent(inputs))


def make_stateful() -> Any:
    model = Stateful()
    model(np.zeros((4, 6, 5), np.float32))
    return model


def make_stateful_sequential() -> Any:
    return keras.Sequential(
        [
            keras.Input(batch_shape=(4, 6, 5)),
            layers.GRU(3, stateful=True, return_sequences=True),
            layers.SimpleRNN(3, stateful=True),
            layers.Dense(2),
        ]
    )


def make_of_fixed_batch_size() -> Any:
    inputs = keras.Input(batch_shape=(4, 6, 5))
    hidden = layers.Dense(3)(keras.ops.reshape(inputs, (4, 30)))
    return keras.Model(inputs, layers.Dense(2)(hidden))


@pytest.mark.parametrize(
    ("make", "reason"),
    [
        (make_stateful, "a recurrence is not linear"),
        (make_stateful_sequential, "a recurrence is not linear"),
        (make_of_fixed_batch_size, ""),
    ],
)
@pytest.mark.parametrize("num_samples", [4, 7])
def test_a_model_of_one_batch_size_shows_activations_and_says_why_it_has_no_templates(
    tmp_path: Path, make: Any, reason: str, num_samples: int
) -> None:
    model = make()
    model.compile("sgd", "mse")
    x = np.random.default_rng(0).normal(size=(8, 6, 5)).astype(np.float32)
    callback = NNViz(tmp_path / "run", samples=x[:num_samples], on_error="raise")
    gated = WeightTemplates(
        tmp_path / "gated", gate="samples", samples=x[:num_samples], on_error="raise"
    )
    model.fit(x, np.zeros((8, 2)), batch_size=4, verbose=0, callbacks=[callback, gated])
    found = tags(tmp_path, "activations")
    assert "activations/dense" in found
    assert read_tiles(tmp_path, "run", 1, "activations/dense").values.shape[0] == num_samples
    if reason:
        assert tags(tmp_path, "templates") == []
        assert reason in messages(tmp_path, "templates")
    else:
        record = read_tiles(tmp_path, "run", 1, "templates/dense_1")
        assert record.values.shape == (2, 6, 5)


def test_scores_of_classes_are_labelled_by_index_where_nobody_names_the_classes(
    tmp_path: Path, digits: Digits, make_mlp: Callable[..., Any]
) -> None:
    images, labels = digits
    data = images[:64], labels[:64]
    for run, names in (("run", None), ("named", list("abcdefghij"))):
        callback = NNViz(tmp_path / run, validation_data=data, class_names=names)
        make_mlp().fit(*data, verbose=0, callbacks=[callback])
    indices = tuple("0123456789")
    record = read_tiles(tmp_path, "run", 1, "templates/dense_1")
    assert record.labels == {"unit": indices}
    offsets = read_tiles(tmp_path, "run", 1, "templates/dense_1/offset")
    assert offsets.labels == {"width": indices}
    # As the samples' own labels are written.
    samples = read_tiles(tmp_path, "run", 0, "samples")
    assert set(samples.labels["sample"]) == set(indices)
    assert read_tiles(tmp_path, "run", 1, "templates/dense").labels == {}
    named = read_tiles(tmp_path, "named", 1, "templates/dense_1")
    assert named.labels == {"unit": tuple("abcdefghij")}


@pytest.mark.parametrize(
    ("head", "targets", "labels"),
    [
        (layers.Dense(3, "softmax"), np.arange(8) % 3, ("0", "1", "2")),
        (layers.Dense(3), np.eye(3)[np.arange(8) % 3], ("0", "1", "2")),
        (layers.Dense(1, "sigmoid"), np.arange(8) % 2, ("1",)),
        (layers.Dense(1, "sigmoid"), np.arange(8.0) / 8, None),
        (layers.Dense(1), np.arange(8) % 2, None),  # may be a number that happens to be 0 or 1
        (layers.Dense(1), np.arange(8), None),
        (layers.Dense(3), np.random.default_rng(0).normal(size=(8, 3)), None),
        (layers.Dense(3), np.arange(8), None),  # more classes than units
        (layers.Dense(3), None, None),
    ],
)
def test_only_scores_of_classes_have_labels(
    tmp_path: Path, head: Any, targets: Any, labels: tuple[str, ...] | None
) -> None:
    model = keras.Sequential([keras.Input((4,)), layers.Dense(5), head])
    model.compile("sgd", "mse")
    x = np.random.default_rng(0).normal(size=(8, 4)).astype(np.float32)
    samples = x if targets is None else (x, targets)
    callback = NNViz(tmp_path / "run", samples=samples, on_error="raise")
    y = np.zeros((8, head.units))
    model.fit(x, y, verbose=0, callbacks=[callback])
    found = read_tiles(tmp_path, "run", 0, "templates/dense_1").labels
    assert found == ({} if labels is None else {"unit": labels})


def test_of_several_outputs_only_that_whose_targets_say_classes_is_labelled(tmp_path: Path) -> None:
    inputs = keras.Input((4,))
    model = keras.Model(
        inputs,
        {
            "digit": layers.Dense(3, "softmax", name="digit")(inputs),
            "place": layers.Dense(3, name="place")(inputs),
        },
    )
    model.compile("sgd", {"digit": "sparse_categorical_crossentropy", "place": "mse"})
    x = np.ones((6, 4), np.float32)
    y = {"digit": np.arange(6) % 3, "place": np.zeros((6, 3))}
    callback = NNViz(tmp_path / "run", validation_data=(x, y), on_error="raise")
    model.fit(x, y, verbose=0, callbacks=[callback])
    digit = read_tiles(tmp_path, "run", 0, "templates/digit")
    assert digit.labels == {"unit": ("0", "1", "2")}
    assert read_tiles(tmp_path, "run", 0, "templates/place").labels == {}


@pytest.mark.parametrize(
    ("names", "expected"),
    [
        (["encoder"], {"encoder/conv2d", "encoder/conv2d_1"}),
        (["encoder*"], {"encoder/conv2d", "encoder/conv2d_1"}),
        (["head"], {"head/dense"}),
        (["encoder/dropout"], {"encoder/dropout"}),
    ],
)
def test_of_a_nested_model_the_layers_that_have_templates_by_themselves_are_shown(
    tmp_path: Path, names: list[str], expected: set[str]
) -> None:
    encoder = keras.Sequential(
        [
            keras.Input((8, 8, 1)),
            layers.Conv2D(3, 3),
            layers.ReLU(),
            layers.Conv2D(2, 3),
            layers.Dropout(0.5),
            layers.Flatten(),
        ],
        name="encoder",
    )
    head = keras.Sequential([keras.Input((32,)), layers.Dense(3), layers.Softmax()], name="head")
    inputs = keras.Input((8, 8, 1))
    model = keras.Model(inputs, head(encoder(inputs)))
    model.compile("sgd", "mse")
    callback = NNViz(tmp_path / "run", layers=names, views=["templates"], on_error="raise")
    model.fit(np.ones((4, 8, 8, 1)), np.zeros((4, 3)), verbose=0, callbacks=[callback])
    found = {
        tag.removeprefix("templates/").removesuffix("/offset")
        for tag in tags(tmp_path, "templates")
    }
    assert found == expected
