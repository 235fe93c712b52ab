"""`ConfusionMatrix` and the confusion of `NNViz`, in the logs of real trainings."""

from __future__ import annotations

import copy
import pickle
from collections.abc import Callable
from pathlib import Path
from typing import Any

import keras
import numpy as np
import pytest
from numpy.typing import NDArray
from sklearn.metrics import confusion_matrix, multilabel_confusion_matrix

from tb_nnviz import Confusion, ConfusionMatrix, LogReader, NNViz, TileArray
from tb_nnviz.records import Notice
from tests.conftest import Digits

layers = keras.layers


def read_confusion(logdir: Path, tag: str = "confusion", step: int | None = None) -> Confusion:
    reader = LogReader(logdir)
    record = reader.read("run", tag, reader.steps("run", tag)[-1] if step is None else step)
    assert isinstance(record, Confusion)
    return record


def read_pictures(logdir: Path, tag: str = "confusion/samples") -> dict[str, NDArray[Any]]:
    """Picture by address; each is in the log once."""
    pictures: dict[str, NDArray[Any]] = {}
    for _, record in LogReader(logdir).read_each("run", tag):
        assert isinstance(record, TileArray)
        for address, picture in zip(record.addresses["sample"], record.values, strict=True):
            assert address not in pictures
            pictures[address] = picture
    return pictures


def fit(model: Any, digits: Digits, callback: Any, *, labels: Any = None, epochs: int = 2) -> None:
    images, classes = digits
    labels = classes[:200] if labels is None else labels[:200]
    model.fit(images[:200], labels, epochs=epochs, verbose=0, callbacks=[callback])


def test_counts_are_those_of_scikit_learn_and_samples_those_of_a_sort_at_the_last_step(
    digits: Digits, make_mlp: Callable[..., Any], tmp_path: Path
) -> None:
    images, labels = digits
    model = make_mlp()
    fit(model, digits, ConfusionMatrix(tmp_path / "run", (images[:700], labels[:700]), top_k=3))
    assert LogReader(tmp_path).steps("run", "confusion") == [0, 1, 2]
    record = read_confusion(tmp_path)

    probabilities = model.predict(images[:700], verbose=0)
    predicted, confidence = probabilities.argmax(axis=1), probabilities.max(axis=1)
    np.testing.assert_array_equal(record.counts, confusion_matrix(labels[:700], predicted))
    for true in range(10):
        for guess in range(10):
            members = np.flatnonzero((labels[:700] == true) & (predicted == guess))
            best = members[np.argsort(-confidence[members], kind="stable")][:3]
            found = record.cell_samples.get((true, guess), ())
            assert [one.index for one in found] == best.tolist()
            np.testing.assert_allclose(
                [one.confidence for one in found], confidence[best], rtol=1e-5
            )
    assert (record.num_samples, record.num_available) == (700, 700)

    pictures = read_pictures(tmp_path)
    for step in (0, 1, 2):
        at_step = read_confusion(tmp_path, step=step)
        assert set(at_step.addresses) == set(at_step.named_samples())
        for index, address in at_step.addresses.items():
            np.testing.assert_allclose(pictures[address], images[index], atol=1 / 400)


def test_more_samples_than_the_limit_are_evenly_spaced_and_it_is_said(
    digits: Digits, make_mlp: Callable[..., Any], tmp_path: Path
) -> None:
    images, labels = digits
    model = make_mlp()
    callback = ConfusionMatrix(tmp_path / "run", (images[:900], labels[:900]), max_samples=200)
    fit(model, digits, callback)
    record = read_confusion(tmp_path)
    chosen = np.arange(200) * 900 // 200
    predicted = model.predict(images[chosen], verbose=0).argmax(axis=1)
    np.testing.assert_array_equal(
        record.counts, confusion_matrix(labels[chosen], predicted, labels=range(10))
    )
    assert (record.num_samples, record.num_available) == (200, 900)
    assert set(record.named_samples()) <= set(chosen.tolist())


def binary_case(digits: Digits) -> tuple[Any, Any, list[Any]]:
    return digits[1] % 2, "binary_crossentropy", [layers.Dense(1, "sigmoid")]


def near_labels_case(digits: Digits) -> tuple[Any, Any, list[Any]]:
    # Outputs are about 0 and 1, some of them beyond: they are compared with the threshold anyway.
    return (digits[1] % 2).astype(np.float32), "mse", [layers.Dense(1)]


def one_hot_case(digits: Digits) -> tuple[Any, Any, list[Any]]:
    one_hot = np.eye(10, dtype=np.float32)[digits[1]]
    return one_hot, "categorical_crossentropy", [layers.Dense(10, "softmax")]


def logits_case(digits: Digits) -> tuple[Any, Any, list[Any]]:
    loss = keras.losses.SparseCategoricalCrossentropy(from_logits=True)
    return digits[1][:, None], loss, [layers.Dense(10)]


def binary_logits_case(digits: Digits) -> tuple[Any, Any, list[Any]]:
    loss = keras.losses.BinaryCrossentropy(from_logits=True)
    # All zeros before training: neither probabilities nor not, by their values.
    return digits[1] % 2, loss, [layers.Dense(1, kernel_initializer="zeros")]


def softmax_layer_case(digits: Digits) -> tuple[Any, Any, list[Any]]:
    return digits[1], "sparse_categorical_crossentropy", [layers.Dense(10), layers.Softmax()]


@pytest.mark.parametrize(
    "case",
    [
        binary_case,
        near_labels_case,
        one_hot_case,
        logits_case,
        binary_logits_case,
        softmax_layer_case,
    ],
)
def test_labels_and_outputs_in_the_forms_of_keras_are_counted_as_scikit_learn_counts(
    case: Callable[[Digits], tuple[Any, Any, list[Any]]], digits: Digits, tmp_path: Path
) -> None:
    labels, loss, head = case(digits)
    model = keras.Sequential([keras.Input((28, 28)), layers.Flatten(), *head])
    model.compile("adam", loss)
    callback = ConfusionMatrix(tmp_path / "run", (digits[0][:300], labels[:300]))
    fit(model, digits, callback, labels=labels)
    outputs = model.predict(digits[0][:300], verbose=0)
    is_binary = outputs.shape[1] == 1
    threshold = 0.0 if case is binary_logits_case else 0.5
    predicted = outputs[:, 0] > threshold if is_binary else outputs.argmax(axis=1)
    classes = labels.argmax(axis=1) if labels.ndim == 2 and labels.shape[1] > 1 else labels
    true = np.asarray(classes).reshape(-1)[:300]
    record = read_confusion(tmp_path)
    assert record.task == ("binary" if is_binary else "multi_class")
    names = range(2 if is_binary else 10)
    np.testing.assert_array_equal(record.counts, confusion_matrix(true, predicted, labels=names))
    confidences = [one.confidence for cell in record.cell_samples.values() for one in cell]
    assert all((0.5 if is_binary else 0.1) <= confidence <= 1 for confidence in confidences)
    if case is binary_logits_case:
        start = read_confusion(tmp_path, step=0)
        assert start.counts[:, 1].sum() == 0
        assert {one.confidence for cell in start.cell_samples.values() for one in cell} == {0.5}


def test_a_softmax_of_two_is_compared_with_the_threshold(digits: Digits, tmp_path: Path) -> None:
    images, labels = digits[0][:300], digits[1] % 2
    model = keras.Sequential([keras.Input((28, 28)), layers.Flatten(), layers.Dense(2, "softmax")])
    model.compile("adam", "sparse_categorical_crossentropy")
    callback = ConfusionMatrix(tmp_path / "run", (images, labels[:300]), threshold=0.9)
    fit(model, digits, callback, labels=labels)
    record = read_confusion(tmp_path)
    probabilities = model.predict(images, verbose=0)
    expected = confusion_matrix(labels[:300], probabilities[:, 1] > 0.9)
    assert (expected != confusion_matrix(labels[:300], probabilities.argmax(axis=1))).any()
    np.testing.assert_array_equal(record.counts, expected)
    assert (record.task, record.threshold) == ("multi_class", 0.9)


def test_several_labels_a_sample_have_a_matrix_each(digits: Digits, tmp_path: Path) -> None:
    images, classes = digits
    labels = np.stack([classes % 2, classes > 4, classes == 7], axis=1).astype(np.float32)
    model = keras.Sequential([keras.Input((28, 28)), layers.Flatten(), layers.Dense(3, "sigmoid")])
    model.compile("adam", "binary_crossentropy")
    callback = ConfusionMatrix(
        tmp_path / "run",
        (images[:300], labels[:300]),
        class_names=["odd", "large", "seven"],
        threshold=0.4,
    )
    fit(model, digits, callback, labels=labels)
    record = read_confusion(tmp_path)
    predicted = model.predict(images[:300], verbose=0) > 0.4
    np.testing.assert_array_equal(
        record.counts, multilabel_confusion_matrix(labels[:300], predicted)
    )
    assert (record.task, record.class_names) == ("multi_label", ("odd", "large", "seven"))
    assert record.threshold == 0.4


def test_sample_weights_make_weighted_counts_beside_the_others(
    digits: Digits, make_mlp: Callable[..., Any], tmp_path: Path
) -> None:
    images, labels = digits
    weights = np.random.default_rng(2).uniform(0, 3, 250)
    model = make_mlp()
    fit(model, digits, ConfusionMatrix(tmp_path / "run", (images[:250], labels[:250], weights)))
    record = read_confusion(tmp_path)
    predicted = model.predict(images[:250], verbose=0).argmax(axis=1)
    expected = confusion_matrix(labels[:250], predicted, labels=range(10), sample_weight=weights)
    assert record.weighted_counts is not None
    np.testing.assert_allclose(record.weighted_counts, expected, rtol=1e-9)
    assert record.counts.sum() == 250


class Batches(keras.utils.PyDataset):
    def __init__(self, images: Any, labels: Any) -> None:
        super().__init__()
        self.images, self.labels = images, labels

    def __len__(self) -> int:
        return 10

    def __getitem__(self, index: int) -> Any:
        chosen = slice(30 * index, 30 * index + 30)
        return self.images[chosen], self.labels[chosen], np.full(30, 2.0)


@pytest.mark.parametrize("way", ["tf.data", "PyDataset"])
def test_of_datasets_the_first_samples_are_counted_and_it_is_said(
    way: str, digits: Digits, make_mlp: Callable[..., Any], tmp_path: Path
) -> None:
    import tensorflow as tf

    images, labels = digits
    data: Any = Batches(images, labels)
    if way == "tf.data":
        weights = np.full(300, 2.0)
        slices = tf.data.Dataset.from_tensor_slices((images[:300], labels[:300], weights))
        data = slices.batch(30)
    model = make_mlp()
    fit(model, digits, ConfusionMatrix(tmp_path / "run", data, max_samples=100))
    record = read_confusion(tmp_path)
    predicted = model.predict(images[:100], verbose=0).argmax(axis=1)
    np.testing.assert_array_equal(
        record.counts, confusion_matrix(labels[:100], predicted, labels=range(10))
    )
    assert record.num_available is None
    assert "the first 100 samples of the dataset" in record.notes
    assert record.weighted_counts is not None
    np.testing.assert_array_equal(record.weighted_counts, 2 * record.counts)


def make_two_headed() -> Any:
    inputs = keras.Input((28, 28), name="picture")
    hidden = layers.Dense(12, "relu")(layers.Flatten()(inputs))
    size = layers.Dense(1, name="size")(hidden)
    digit = layers.Dense(10, "softmax", name="digit")(hidden)
    parity = layers.Dense(1, "sigmoid", name="parity")(hidden)
    model = keras.Model(inputs, {"size": size, "digit": digit, "parity": parity})
    losses = {"digit": "sparse_categorical_crossentropy", "parity": "binary_crossentropy"}
    model.compile("adam", {"size": "mse", **losses})
    return model


def test_of_several_outputs_the_first_with_classes_is_counted_or_the_one_that_is_named(
    digits: Digits, tmp_path: Path
) -> None:
    images, labels = digits
    targets = {
        "size": images.mean(axis=(1, 2)),
        "digit": labels,
        "parity": (labels % 2).astype(np.float32),
    }
    validation = images[:200], {name: array[:200] for name, array in targets.items()}
    model = make_two_headed()
    model.fit(
        *validation,
        epochs=1,
        verbose=0,
        callbacks=[
            ConfusionMatrix(tmp_path / "run", validation),
            ConfusionMatrix(tmp_path / "run", validation, output_name="parity"),
        ],
    )
    outputs = model.predict(images[:200], verbose=0)
    digit = read_confusion(tmp_path)
    np.testing.assert_array_equal(
        digit.counts,
        confusion_matrix(labels[:200], outputs["digit"].argmax(axis=1), labels=range(10)),
    )
    assert "of output 'digit', one of 3" in digit.notes
    parity = read_confusion(tmp_path, "confusion/parity")
    np.testing.assert_array_equal(
        parity.counts, confusion_matrix(labels[:200] % 2, outputs["parity"][:, 0] > 0.5)
    )
    assert read_pictures(tmp_path, "confusion/parity/samples")


@pytest.mark.parametrize(
    ("data", "options", "message"),
    [
        (lambda x, y: x, {}, "needs the labels"),
        (lambda x, y: (x, x.mean(axis=(1, 2))), {}, "needs targets that are classes"),
        (lambda x, y: (x, y + 5), {}, r"classes from 0 to 9.*got 14"),
        (lambda x, y: (x[:, :20], y), {}, "do not fit the model"),
        (lambda x, y: (x, y[:30]), {}, "arrays of one length"),
        (lambda x, y: (x, np.eye(12)[y]), {}, "as many columns"),
        (lambda x, y: (x, y), {"class_names": ["a"]}, "1 names for 10 classes"),
        (lambda x, y: (x, y), {"output_name": "nothing"}, "`output_name` argument must"),
        (lambda x, y: (x, y, np.ones(50) * np.nan), {}, "one finite number a sample"),
        (lambda x, y: (x, y), {"threshold": 0.3}, r"got 0.3 for 10 classes"),
        (lambda x, y: (x, y - 9), {}, "classes .whole numbers from 0.*got -9 among them"),
    ],
    ids=[
        "no labels",
        "regression",
        "class out of range",
        "shape",
        "lengths",
        "columns",
        "names",
        "output",
        "weights",
        "threshold",
        "negative",
    ],
)
def test_mistakes_in_the_data_raise_before_training(
    data: Any,
    options: dict[str, Any],
    message: str,
    digits: Digits,
    make_mlp: Callable[..., Any],
    tmp_path: Path,
) -> None:
    given = data(digits[0][:50], digits[1][:50].astype(np.int64))
    model = make_mlp()
    before = model.get_weights()
    with pytest.raises(ValueError, match=message) as raised:
        fit(model, digits, ConfusionMatrix(tmp_path / "run", given, **options))
    assert "y_true" not in str(raised.value)
    assert "y_pred" not in str(raised.value)
    for one, other in zip(before, model.get_weights(), strict=True):
        np.testing.assert_array_equal(one, other)


@pytest.mark.parametrize(
    ("options", "error"),
    [
        ({"validation_data": None}, TypeError),
        ({"validation_data": 3}, TypeError),
        ({"validation_data": (1, 2, 3, 4)}, ValueError),
        ({"top_k": 0}, ValueError),
        ({"top_k": 1.5}, TypeError),
        ({"max_samples": -1}, ValueError),
        ({"threshold": 1.5}, ValueError),
        ({"threshold": "half"}, TypeError),
        ({"output_name": 1.5}, TypeError),
        ({"class_names": "ab"}, TypeError),
        ({"on_error": "ignore"}, ValueError),
    ],
)
def test_mistakes_in_arguments_raise_in_the_constructor(
    options: dict[str, Any], error: type[Exception], tmp_path: Path
) -> None:
    arguments = {"validation_data": (np.zeros((3, 2)), np.zeros(3, int)), **options}
    with pytest.raises(error, match=r"argument must|must be"):
        ConfusionMatrix(tmp_path / "run", **arguments)


def test_a_callback_can_be_copied_and_pickled_before_and_after_a_training(
    digits: Digits, make_mlp: Callable[..., Any], tmp_path: Path
) -> None:
    callback = ConfusionMatrix(tmp_path / "run", (digits[0][:40], digits[1][:40]))
    for one in (copy.deepcopy(callback), pickle.loads(pickle.dumps(callback))):  # noqa: S301
        fit(make_mlp(), digits, one, epochs=1)
    assert len(LogReader(tmp_path).steps("run", "confusion")) == 4
    pickle.dumps(callback)


def test_a_second_training_logs_its_pictures_anew(
    digits: Digits, make_mlp: Callable[..., Any], tmp_path: Path
) -> None:
    callback = ConfusionMatrix(tmp_path / "run", (digits[0][:40], digits[1][:40]))
    model = make_mlp()
    fit(model, digits, callback, epochs=1)
    fit(model, digits, callback, epochs=1)
    assert LogReader(tmp_path).steps("run", "confusion") == [0, 1, 2, 3]


def test_samples_with_nan_among_the_outputs_are_counted_apart(
    digits: Digits, make_mlp: Callable[..., Any], tmp_path: Path
) -> None:
    images = digits[0][:60].copy()
    images[7] = np.nan
    fit(make_mlp(), digits, ConfusionMatrix(tmp_path / "run", (images, digits[1][:60])), epochs=1)
    record = read_confusion(tmp_path)
    assert (record.num_undecided, record.counts.sum()) == (1, 59)


class Picky(keras.Model):
    """A subclassed model that is not built before training."""

    def __init__(self) -> None:
        super().__init__()
        self.flatten = layers.Flatten()
        self.classes = layers.Dense(10)

    def call(self, inputs: Any) -> Any:
        return keras.ops.softmax(self.classes(self.flatten(inputs)))


def test_a_subclassed_model_is_built_from_the_samples_and_counted_from_the_start(
    digits: Digits, tmp_path: Path
) -> None:
    model = Picky()
    model.compile("adam", "sparse_categorical_crossentropy")
    fit(model, digits, ConfusionMatrix(tmp_path / "run", (digits[0][:90], digits[1][:90])))
    assert LogReader(tmp_path).steps("run", "confusion") == [0, 1, 2]
    predicted = model.predict(digits[0][:90], verbose=0).argmax(axis=1)
    np.testing.assert_array_equal(
        read_confusion(tmp_path).counts,
        confusion_matrix(digits[1][:90], predicted, labels=range(10)),
    )


def test_nnviz_logs_a_confusion_too_with_one_panel_and_one_address_a_sample(
    digits: Digits, make_mlp: Callable[..., Any], tmp_path: Path
) -> None:
    images, labels = digits
    names = [f"digit {index}" for index in range(10)]
    callback = NNViz(
        tmp_path / "run", validation_data=(images[:200], labels[:200]), class_names=names
    )
    fit(make_mlp(), digits, callback, epochs=1)
    record = read_confusion(tmp_path)
    assert record.class_names == tuple(names)
    panel = LogReader(tmp_path).read("run", "samples", 0)
    assert isinstance(panel, TileArray)
    # All 200 samples of a fresh network are named but for a few, and so are those of the panel.
    common = set(panel.addresses["sample"]) & set(record.addresses.values())
    pictures = read_pictures(tmp_path)
    assert common
    for place, address in enumerate(panel.addresses["sample"]):
        if address in pictures:
            np.testing.assert_array_equal(pictures[address], panel.values[place])


def test_nnviz_says_why_there_is_no_confusion_of_a_regression(
    digits: Digits, tmp_path: Path
) -> None:
    images, _ = digits
    targets = images.mean(axis=(1, 2))
    model = keras.Sequential([keras.Input((28, 28)), layers.Flatten(), layers.Dense(1)])
    model.compile("adam", "mse")
    callback = NNViz(tmp_path / "run", validation_data=(images[:50], targets[:50]))
    fit(model, digits, callback, labels=targets, epochs=1)
    reader = LogReader(tmp_path)
    assert "confusion" not in reader.tags("run")
    said = [record for _, record in reader.read_each("run", "notices")]
    assert any(
        isinstance(one, Notice)
        and one.view == "confusion"
        and "needs targets that are classes" in one.message
        for one in said
    )


def test_views_that_need_validation_data_are_refused_without(tmp_path: Path) -> None:
    for name in ("confusion", "top_samples"):
        with pytest.raises(ValueError, match="validation data, and there is none"):
            NNViz(tmp_path / "run", views=[name])


def test_the_panel_of_mistakes_is_that_of_the_first_record(
    digits: Digits, make_mlp: Callable[..., Any], tmp_path: Path
) -> None:
    images, labels = digits
    model = make_mlp()
    model.fit(images[:1000], labels[:1000], epochs=3, verbose=0)
    validation = images[1000:1500], labels[1000:1500]
    callback = NNViz(tmp_path / "run", validation_data=validation, samples="mistakes")
    probabilities = model.predict(validation[0], verbose=0)
    fit(model, digits, callback, epochs=1)

    predicted, confidence = probabilities.argmax(axis=1), probabilities.max(axis=1)
    wrong = np.flatnonzero(predicted != validation[1])
    worst = wrong[np.argsort(-confidence[wrong], kind="stable")][:16]
    expected = worst[np.argsort(validation[1][worst], kind="stable")]
    panel = LogReader(tmp_path).read("run", "samples", 0)
    assert isinstance(panel, TileArray)
    np.testing.assert_allclose(panel.values, validation[0][expected], atol=1 / 400)
    assert panel.labels["sample"] == tuple(str(one) for one in validation[1][expected])
    assert "16 worst mistakes on 500 samples" in panel.notes[0]
    first = read_confusion(tmp_path, step=0)
    assert {first.addresses[mistake.index] for mistake in first.mistakes[:16]} == set(
        panel.addresses["sample"]
    )


def test_where_there_are_no_mistakes_or_no_weights_the_usual_panel_says_so(
    digits: Digits, make_mlp: Callable[..., Any], tmp_path: Path
) -> None:
    images, _ = digits
    model = make_mlp()
    right = model.predict(images[:50], verbose=0).argmax(axis=1)
    callback = NNViz(tmp_path / "run", validation_data=(images[:50], right), samples="mistakes")
    fit(model, digits, callback, epochs=1)
    panel = LogReader(tmp_path).read("run", "samples", 0)
    assert isinstance(panel, TileArray)
    assert any("not the worst mistakes (there is none among 50" in note for note in panel.notes)
    with pytest.raises(ValueError, match="worst mistakes on validation_data; got none"):
        NNViz(tmp_path / "other", samples="mistakes")


def test_nnviz_predicts_no_more_samples_than_there_is_time_for(
    digits: Digits,
    make_mlp: Callable[..., Any],
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr("tb_nnviz.callbacks.nnviz._MAX_SECONDS", 1e-9)
    validation = digits[0][:200], digits[1][:200]
    views = ["confusion", "top_samples"]
    fit(make_mlp(), digits, NNViz(tmp_path / "run", validation_data=validation, views=views))
    record = read_confusion(tmp_path)
    assert (record.num_samples, record.num_available) == (64, 200)
    top = LogReader(tmp_path).read("run", "top_samples/dense", 0)
    assert isinstance(top, TileArray)
    assert top.notes == ("of 64 of 200 samples, evenly spaced",)
