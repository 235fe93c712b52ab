"""Labels and outputs in every form that Keras knows make the confusion they should."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from numpy.typing import NDArray
from sklearn.metrics import confusion_matrix, multilabel_confusion_matrix

from tb_nnviz.records.confusion_building import build_confusion
from tb_nnviz.records.sample_pictures import (
    ArrayPictures,
    PictureBook,
    PictureLimits,
    rank_for_pictures,
)


def random_case(seed: int, num_samples: int, num_classes: int) -> tuple[Any, NDArray[np.float64]]:
    random = np.random.default_rng(seed)
    # Rounded, so that ties are frequent.
    probabilities = np.round(random.dirichlet(np.ones(num_classes), num_samples), 1) + 1e-9
    probabilities /= probabilities.sum(axis=1, keepdims=True)
    return random.integers(0, num_classes, num_samples), probabilities


@settings(deadline=None, max_examples=60)
@given(
    seed=st.integers(0, 2**32 - 1),
    num_samples=st.integers(0, 80),
    num_classes=st.integers(2, 12),
    weighted=st.booleans(),
)
def test_counts_equal_those_of_scikit_learn(
    seed: int, num_samples: int, num_classes: int, weighted: bool
) -> None:
    labels, probabilities = random_case(seed, num_samples, num_classes)
    weights = np.random.default_rng(seed).uniform(0, 2, num_samples) if weighted else None
    record = build_confusion(labels, probabilities, sample_weight=weights)
    if num_samples:
        predicted = probabilities.argmax(axis=1)
        classes = np.arange(num_classes)
        expected = confusion_matrix(labels, predicted, labels=classes)
        np.testing.assert_array_equal(record.counts, expected)
        if weighted:
            expected = confusion_matrix(labels, predicted, labels=classes, sample_weight=weights)
            assert record.weighted_counts is not None
            np.testing.assert_allclose(record.weighted_counts, expected, rtol=1e-12)
    assert record.counts.sum() == num_samples
    assert (record.weighted_counts is not None) == weighted


@settings(deadline=None, max_examples=60)
@given(
    seed=st.integers(0, 2**32 - 1),
    num_samples=st.integers(1, 60),
    num_classes=st.integers(2, 5),
    top_k=st.integers(0, 9),
)
def test_the_samples_of_a_cell_are_those_of_a_brute_force_sort_with_ties_by_index(
    seed: int, num_samples: int, num_classes: int, top_k: int
) -> None:
    labels, probabilities = random_case(seed, num_samples, num_classes)
    record = build_confusion(labels, probabilities, top_k=top_k)
    predicted, confidence = probabilities.argmax(axis=1), probabilities.max(axis=1)
    expected = {}
    for true in range(num_classes):
        for guess in range(num_classes):
            members = [
                index
                for index in range(num_samples)
                if labels[index] == true and predicted[index] == guess
            ]
            members.sort(key=lambda index: (-confidence[index], index))
            if members and top_k:
                expected[true, guess] = members[:top_k]
    listed = {
        cell: [sample.index for sample in samples] for cell, samples in record.cell_samples.items()
    }
    assert listed == expected
    wrong = [index for index in range(num_samples) if labels[index] != predicted[index]]
    wrong.sort(key=lambda index: (-confidence[index], index))
    assert [mistake.index for mistake in record.mistakes] == wrong[:64]
    for mistake in record.mistakes:
        assert mistake.cell == (labels[mistake.index], predicted[mistake.index])
        assert mistake.confidence == confidence[mistake.index]


LABELS = np.array([0, 2, 1, 2])
PROBABILITIES = np.array([[0.7, 0.2, 0.1], [0.1, 0.3, 0.6], [0.5, 0.4, 0.1], [0.2, 0.2, 0.6]])
COUNTS = [[1, 0, 0], [1, 0, 0], [0, 0, 2]]


@pytest.mark.parametrize(
    "labels",
    [
        LABELS,
        LABELS[:, None],
        LABELS.astype(np.float32),
        LABELS.astype(np.uint8),
        np.eye(3)[LABELS],
        np.eye(3, dtype=bool)[LABELS],
        # Labels as label smoothing makes them.
        np.eye(3)[LABELS] * 0.9 + 0.1 / 3,
    ],
    ids=["sparse", "column", "floats", "bytes", "one-hot", "booleans", "smoothed"],
)
def test_labels_in_any_form_make_the_same_counts(labels: NDArray[Any]) -> None:
    assert build_confusion(labels, PROBABILITIES).counts.tolist() == COUNTS


@pytest.mark.parametrize("dtype", [np.float16, np.float32, np.float64])
def test_logits_are_told_by_their_values_and_give_the_confidences_of_their_softmax(
    dtype: Any,
) -> None:
    record = build_confusion(LABELS, np.log(PROBABILITIES).astype(dtype) * 2)
    assert record.counts.tolist() == COUNTS
    # softmax(2 log p) = p² / Σ p²: 0.49 / 0.54.
    assert record.cell_samples[0, 0][0].confidence == pytest.approx(0.49 / 0.54, rel=2e-3)
    assert "softmax of outputs that are no probabilities" in record.notes[0]


@pytest.mark.parametrize("dtype", [np.float16, np.float32])
def test_probabilities_are_told_in_any_precision(dtype: Any) -> None:
    record = build_confusion(LABELS, PROBABILITIES.astype(dtype))
    assert record.notes == ()
    assert record.cell_samples[0, 0][0].confidence == pytest.approx(0.7, rel=1e-3)


def test_logits_beyond_all_bounds_have_a_confidence_of_one() -> None:
    outputs = np.array([[np.inf, 0.0], [1e5, -1e5], [-np.inf, 0.0]])
    record = build_confusion([0, 0, 1], outputs, from_logits=True)
    assert record.counts.tolist() == [[2, 0], [0, 1]]
    confidences = [one.confidence for cell in record.cell_samples.values() for one in cell]
    assert confidences == [1, 1, 1]


def test_one_output_tells_two_classes_apart_by_the_threshold() -> None:
    outputs = np.array([0.9, 0.5, 0.2, 0.6])
    record = build_confusion([1, 1, 0, 0], outputs[:, None])
    # 0.5 does not exceed 0.5.
    assert record.task == "binary"
    assert record.counts.tolist() == [[1, 1], [1, 1]]
    assert record.cell_samples[1, 0][0].confidence == 0.5
    assert record.cell_samples[0, 0][0].confidence == 0.8
    assert build_confusion([1, 1, 0, 0], outputs, threshold=0.1).counts.tolist() == [[0, 2], [0, 2]]


@pytest.mark.parametrize("threshold", [0, 0.1, 0.5, 0.7, 1])
def test_two_outputs_are_the_second_class_where_its_probability_exceeds_the_threshold(
    threshold: float,
) -> None:
    labels, probabilities = random_case(1, 200, 2)
    record = build_confusion(labels, probabilities, threshold=threshold, top_k=200)
    above = probabilities[:, 1] > threshold
    np.testing.assert_array_equal(record.counts, confusion_matrix(labels, above, labels=[0, 1]))
    assert (record.task, record.threshold) == (
        "multi_class",
        None if threshold == 0.5 else threshold,
    )
    for (_, predicted), samples in record.cell_samples.items():
        indices = [one.index for one in samples]
        confidences = [one.confidence for one in samples]
        np.testing.assert_allclose(confidences, probabilities[indices, predicted])
    logits = build_confusion(labels, np.log(probabilities), threshold=threshold, from_logits=True)
    np.testing.assert_array_equal(logits.counts, record.counts)


def test_of_more_names_than_classes_the_first_are_taken_and_it_is_said() -> None:
    record = build_confusion([0, 1], np.eye(2), class_names=["ant", "bee", "fly"])
    assert record.class_names == ("ant", "bee")
    assert record.notes == ("class_names has 3 names for 2 classes: the first are taken",)
    assert build_confusion([0, 1], np.eye(2), class_names=["ant", "bee"]).notes == ()


def test_two_equal_outputs_are_the_first_class() -> None:
    record = build_confusion([0, 1], np.full((2, 2), 0.5))
    assert record.counts.tolist() == [[1, 0], [1, 0]]


@pytest.mark.parametrize(
    ("outputs", "what"),
    [(np.eye(3), "3 classes, of which the greatest output decides"), ([0, 1, 2], "classes")],
    ids=["several outputs", "predicted classes"],
)
def test_a_threshold_is_refused_where_nothing_is_compared_with_it(outputs: Any, what: str) -> None:
    with pytest.raises(ValueError, match=f"`threshold` argument is for two.*got 0.3 for .*{what}"):
        build_confusion([0, 1, 2], outputs, threshold=0.3)
    assert build_confusion([0, 1, 2], outputs, threshold=0.5).threshold is None


def test_one_logit_is_told_by_its_values_or_as_is_said() -> None:
    assert build_confusion([1, 0], [3.0, -3.0]).counts.tolist() == [[1, 0], [0, 1]]
    # All logits of a fresh network may lie between 0 and 1.
    assert build_confusion([1], [0.1], from_logits=True).counts.tolist() == [[0, 0], [0, 1]]
    assert build_confusion([1], [0.1], from_logits=False).counts.tolist() == [[0, 0], [1, 0]]


def test_several_labels_have_a_matrix_each_as_scikit_learn_has_them() -> None:
    random = np.random.default_rng(3)
    labels = random.integers(0, 2, (40, 5))
    probabilities = random.uniform(size=(40, 5))
    record = build_confusion(labels, probabilities, class_names=list("abcde"))
    assert record.task == "multi_label"
    expected = multilabel_confusion_matrix(labels, probabilities > 0.5)
    np.testing.assert_array_equal(record.counts, expected)
    best = max(
        (index for index in range(40) if not labels[index, 3] and probabilities[index, 3] > 0.5),
        key=lambda index: probabilities[index, 3],
    )
    assert record.cell_samples[3, 0, 1][0].index == best
    assert record.cell_samples[3, 0, 1][0].confidence == probabilities[best, 3]


def test_samples_with_nan_among_their_outputs_are_counted_apart() -> None:
    outputs = PROBABILITIES.copy()
    outputs[1, 0] = np.nan
    record = build_confusion(LABELS, outputs, sample_weight=[1.0, 10.0, 1.0, 2.0])
    assert record.counts.tolist() == [[1, 0, 0], [1, 0, 0], [0, 0, 1]]
    assert (record.num_samples, record.num_undecided) == (4, 1)
    assert record.weighted_counts is not None
    assert record.weighted_counts.sum() == 4
    assert 1 not in record.named_samples()


def test_predicted_classes_alone_have_no_confidence() -> None:
    record = build_confusion([0, 1, 1], np.array([0, 1, 0]), class_names=["a", "b", "c"])
    assert record.counts.tolist() == [[1, 0, 0], [1, 1, 0], [0, 0, 0]]
    assert np.isnan(record.mistakes[0].confidence)


def test_what_is_no_logit_has_confidences_from_zero_to_one() -> None:
    # One output that is trained to be near 0 or 1 may be beyond them.
    record = build_confusion([1, 0, 1], [1.2, -0.3, 0.2], from_logits=False)
    assert record.counts.tolist() == [[1, 0], [1, 1]]
    assert [record.cell_samples[cell][0].confidence for cell in ((0, 0), (1, 1))] == [1, 1]
    # Sigmoids of several classes are taken as they are, what is no share of 1 by its softmax.
    record = build_confusion([0, 1], [[0.9, 0.8], [0.1, 0.2]], from_logits=False)
    assert record.cell_samples[0, 0][0].confidence == 0.9
    assert record.notes == ()
    record = build_confusion([0], [[30.0, 20.0]], from_logits=False)
    assert record.cell_samples[0, 0][0].confidence == pytest.approx(1, abs=1e-4)
    assert "softmax of outputs that are no probabilities" in record.notes[0]


def test_indices_are_those_of_the_data() -> None:
    record = build_confusion(
        [0, 1], np.eye(2), indices=np.array([40, 7]), num_available=60, top_k=1
    )
    assert record.named_samples() == (7, 40)
    assert (record.num_samples, record.num_available) == (2, 60)


@pytest.mark.parametrize(
    ("y_true", "y_pred", "message"),
    [
        ([0, 1], np.ones((3, 2)), "the same samples; got 2 and 3"),
        ([0, 2], np.eye(2), r"classes from 0 to 1.*got 2"),
        ([0, -1], np.eye(2), "whole numbers from 0; got -1"),
        ([0, 0.5], np.eye(2), "whole numbers from 0; got 0.5"),
        ([0, np.nan], np.eye(2), "whole numbers from 0; got nan"),
        ([0, 2], [0.1, 0.2], r"classes from 0 to 1.*got 2"),
        (np.eye(3), np.ones((3, 2)), "as many columns"),
        ([[2, 0], [1, 1]], np.eye(2), "several labels; got values from 0 to 2"),
        ([0, 1], np.ones((2, 2, 2)), "one row, a sample"),
        ([0, 1], np.array([0, -1]), "`y_pred` argument must hold classes from 0"),
    ],
)
def test_what_does_not_fit_is_named(y_true: Any, y_pred: Any, message: str) -> None:
    with pytest.raises(ValueError, match=message):
        build_confusion(y_true, y_pred)


def test_too_few_names_and_odd_weights_are_named() -> None:
    with pytest.raises(ValueError, match="got 1 names for 2 classes"):
        build_confusion([0], np.eye(2)[:1], class_names=["a"])
    with pytest.raises(ValueError, match="one finite number a sample"):
        build_confusion([0], np.eye(2)[:1], sample_weight=[1, 2])
    with pytest.raises(TypeError, match="`sample_weight` argument must hold real numbers"):
        build_confusion([0], np.eye(2)[:1], sample_weight=["heavy"])
    with pytest.raises(TypeError, match="real numbers"):
        build_confusion(["cat"], np.eye(2)[:1])


@pytest.mark.parametrize(
    ("options", "error", "message"),
    [
        ({"threshold": 5}, ValueError, "`threshold` argument must be from 0 to 1; got 5"),
        ({"threshold": float("nan")}, ValueError, "from 0 to 1; got nan"),
        ({"threshold": "a"}, TypeError, "`threshold` argument must be a number"),
        ({"from_logits": "yes"}, TypeError, "must be True, False or None; got 'yes'"),
        ({"class_names": "ab"}, TypeError, "must be a list of names.*got 'ab'"),
        ({"class_names": {0: "a", 1: "b"}}, TypeError, "must be a list of names"),
        ({"class_names": {"a", "b"}}, TypeError, "must be a list of names"),
        ({"class_names": ["a", "\ud800"]}, ValueError, "text that UTF-8 can hold"),
    ],
)
def test_options_that_could_not_be_written_are_refused(
    options: Any, error: type[Exception], message: str
) -> None:
    with pytest.raises(error, match=message):
        build_confusion([0, 1], np.eye(2), **options)


def test_pictures_are_made_once_and_only_of_what_is_new() -> None:
    samples = np.random.default_rng(1).uniform(size=(6, 8, 8))
    samples[5] = samples[0]
    source = ArrayPictures(samples, ("sample", "height", "width"))
    book = PictureBook(PictureLimits.of((8, 8), ("height", "width"), 6))
    first, build = book.illustrate(build_confusion([0, 0, 1], np.eye(2)[[0, 1, 1]]), source)
    assert build is not None
    pictures = build()
    assert set(pictures.addresses["sample"]) == set(first.addresses.values())
    assert sorted(pictures.labels["sample"]) == ["0", "1", "2"]
    place = pictures.labels["sample"].index("2")
    np.testing.assert_allclose(pictures.values[place], samples[2], atol=1 / 400)

    # Samples 0 to 2 have their pictures, 5 is the same as 0, 3 is new.
    again = build_confusion(
        [0, 0, 1, 1, 0], np.eye(2)[[0, 1, 1, 0, 0]], indices=np.array([0, 1, 2, 3, 5])
    )
    second, build = book.illustrate(again, source)
    assert build is not None
    assert build().labels["sample"] == ("3",)
    assert second.addresses[5] == second.addresses[0]
    assert book.illustrate(again, source)[1] is None


def test_where_pictures_are_too_many_the_worst_mistakes_come_first_and_it_is_said() -> None:
    samples = np.random.default_rng(1).uniform(size=(9, 8, 8))
    labels = np.array([0, 0, 0, 0, 0, 1, 1, 1, 1])
    outputs = np.linspace(0.1, 0.9, 9)
    record = build_confusion(labels, outputs)
    order = rank_for_pictures(record)
    assert sorted(order) == list(range(9))
    assert order[: len(record.mistakes)] == [mistake.index for mistake in record.mistakes]
    book = PictureBook(PictureLimits(side=64, per_step=2, in_all=3, bytes_per_picture=100))
    source = ArrayPictures(samples, ("sample", "height", "width"))
    illustrated, build = book.illustrate(record, source)
    assert build is not None
    assert build().labels["sample"] == tuple(str(index) for index in order[:2])
    assert "pictures of 7 samples are left out: 2 a step and 3 in all" in illustrated.notes[-1]
    _, build = book.illustrate(record, source)
    assert build is not None
    assert build().labels["sample"] == (str(order[2]),)
    assert book.illustrate(record, source)[1] is None


@pytest.mark.parametrize(("wanted", "side"), [(864, 64), (1500, 48), (4000, 32), (10_000, 32)])
def test_pictures_are_smaller_where_they_are_many(wanted: int, side: int) -> None:
    # A gray picture takes a byte a cell: 864 of 64² take 3.5 of 4 MB, 1,500 of 48² 3.5.
    limits = PictureLimits.of((224, 224), ("height", "width"), wanted)
    assert limits.side == side
    assert limits.per_step * limits.bytes_per_picture <= 4_000_000
