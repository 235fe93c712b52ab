"""What targets say of samples."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

from tb_nnviz.model.class_labels import (
    check_class_names,
    check_enough_names,
    describe_target,
    read_classes,
)


@pytest.mark.parametrize(
    "targets",
    [
        np.array([2, 0, 1]),
        np.array([2, 0, 1], np.uint8),
        np.array([[2], [0], [1]]),
        np.array([2.0, 0.0, 1.0], np.float32),
        np.eye(3)[[2, 0, 1]],
        np.eye(3, dtype=np.float32)[[2, 0, 1]],
        np.eye(3, dtype=bool)[[2, 0, 1]],
    ],
    ids=[
        "integers",
        "bytes",
        "a column",
        "whole floats",
        "one-hot",
        "one-hot float32",
        "one-hot booleans",
    ],
)
def test_classes_are_read_from_what_losses_for_classes_accept(targets: Any) -> None:
    classes = read_classes(targets)
    assert classes is not None
    assert classes.dtype == np.int64
    assert classes.tolist() == [2, 0, 1]


@pytest.mark.parametrize("targets", [[0.0, 1.0, 1.0], [[0.0], [1.0], [1.0]], [False, True, True]])
def test_a_binary_target_is_a_class(targets: Any) -> None:
    classes = read_classes(np.array(targets))
    assert classes is not None
    assert classes.tolist() == [0, 1, 1]


@pytest.mark.parametrize(
    "targets",
    [
        np.array([0.0, 1.0, 0.5]),
        np.array([1.0, 2.0, 3.5]),
        np.array([1.0, 2.0, 100.0]),
        np.array([-1.0, 2.0]),
        np.array([np.inf, 2.0]),
        np.array([-1, 1, 1]),
        np.array([[1, 1, 0], [0, 1, 0]]),
        np.array([[0, 0, 0], [0, 1, 0]]),
        np.array([[0.2, 0.8], [1.0, 0.0]]),
        np.array([[np.nan, 1.0], [1.0, 0.0]]),
        np.zeros((2, 3, 3), int),
        np.array(["cat", "dog"]),
        np.array([b"cat", None], object),
    ],
)
def test_other_targets_say_no_class(targets: Any) -> None:
    assert read_classes(targets) is None


@pytest.mark.parametrize(
    ("target", "class_index", "names", "text"),
    [
        (7, 7, None, "7"),
        (1, 1, ("cat", "dog"), "dog"),
        (np.array([0.0, 1.0]), 1, ("cat", "dog"), "dog"),
        (np.float32(0.25), None, None, "0.25"),
        (np.array([1.5, -2.0]), None, None, "1.5, −2"),
        (np.array([1e-05, -2e-05]), None, None, "1e−05, −2e−05"),
        (np.array([-3]), None, None, "−3"),
        (np.arange(19), None, None, "0, 1, 2, … (19 values)"),
        (np.array([1, 0, 1]), None, ("cat", "dog", "owl"), "cat, owl"),
        (np.array([0, 0, 0]), None, ("cat", "dog", "owl"), "none"),
        (np.zeros((28, 28)), None, None, "values of shape 28×28"),
        (b"caf\xc3\xa9", None, None, "café"),
        ("dog", None, None, "dog"),
    ],
)
def test_a_sample_gets_a_short_text(
    target: Any, class_index: int | None, names: tuple[str, ...] | None, text: str
) -> None:
    assert describe_target(target, class_index, names) == text


def test_whole_floats_of_as_many_classes_as_are_named_are_classes() -> None:
    targets = np.array([0.0, 120.0])
    assert read_classes(targets) is None
    classes = read_classes(targets, [str(index) for index in range(121)])
    assert classes is not None
    assert classes.tolist() == [0, 120]


def test_a_long_name_is_cut() -> None:
    text = describe_target(0, 0, ["n" * 500])
    assert len(text) == 60
    assert text.endswith("…")


@pytest.mark.parametrize("names", ["cat", 3, ["cat", 1], {"cat": 1, 2: 3}, {"cat": 1}, {"cat"}])
def test_class_names_that_are_no_list_of_strings_are_refused(names: Any) -> None:
    with pytest.raises(TypeError, match=r"`class_names`.*list of strings"):
        check_class_names(names)


def test_class_names_may_not_be_empty_and_may_be_an_array() -> None:
    with pytest.raises(ValueError, match="`class_names`"):
        check_class_names([])
    assert check_class_names(np.array(["cat", "dog"])) == ("cat", "dog")
    assert check_class_names(None) is None


def test_too_few_class_names_are_refused() -> None:
    check_enough_names(np.array([0, 1]), None, ("cat", "dog"))
    with pytest.raises(ValueError, match=r"2 names \['cat', 'dog'\] for at least 3 classes"):
        check_enough_names(np.array([0, 2]), None, ("cat", "dog"))
    with pytest.raises(ValueError, match="at least 10 classes"):
        check_enough_names(np.array([0, 1]), 10, ("cat", "dog"))
