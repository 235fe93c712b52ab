"""`LogWriter.confusion` in real event files, read back."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np
import pytest

from tb_nnviz import LogReader, LogWriter
from tb_nnviz.records import Confusion, TileArray

LABELS = np.array([0, 1, 1, 0, 1])


def outputs_of(step: int) -> np.ndarray[Any, Any]:
    return np.random.default_rng(step).dirichlet(np.ones(2), len(LABELS))


def test_confusions_are_read_back_and_each_sample_has_one_picture(tmp_path: Path) -> None:
    samples = np.random.default_rng(9).uniform(size=(5, 8, 8, 1))
    with LogWriter(tmp_path / "run") as writer:
        for step in range(3):
            logged = writer.confusion(
                "confusion",
                LABELS,
                outputs_of(step),
                step=step,
                class_names=["cat", "dog"],
                samples=samples,
                top_k=1,
            )
            assert logged == step
    reader = LogReader(tmp_path)
    assert reader.tags("run") == {"confusion": "confusion", "confusion/samples": "tiles"}
    assert reader.steps("run", "confusion") == [0, 1, 2]
    pictured: dict[str, np.ndarray[Any, Any]] = {}
    for _, pictures in reader.read_each("run", "confusion/samples"):
        assert isinstance(pictures, TileArray)
        assert "change_since_start" not in pictures.statistics
        for address, picture in zip(pictures.addresses["sample"], pictures.values, strict=True):
            assert address not in pictured
            pictured[address] = picture
    for step in range(3):
        record = reader.read("run", "confusion", step)
        assert isinstance(record, Confusion)
        assert record.class_names == ("cat", "dog")
        assert record.counts.sum() == 5
        for index in record.named_samples():
            picture = pictured[record.addresses[index]]
            np.testing.assert_allclose(picture, samples[index, :, :, 0], atol=1 / 400)


def test_colour_pictures_and_none_at_all(tmp_path: Path) -> None:
    with LogWriter(tmp_path / "run") as writer:
        writer.confusion(
            "confusion/a", LABELS, outputs_of(0), step=0, samples=np.ones((5, 8, 8, 3))
        )
        writer.confusion("confusion/b", LABELS, outputs_of(0), step=0)
    reader = LogReader(tmp_path)
    pictures = reader.read("run", "confusion/a/samples", 0)
    assert isinstance(pictures, TileArray)
    assert pictures.axes == ("sample", "height", "width", "color")
    # All five samples are the same: one picture.
    assert pictures.values.shape == (1, 8, 8, 3)
    assert "confusion/b/samples" not in reader.tags("run")


@pytest.mark.parametrize(
    ("changes", "message"),
    [
        ({"samples": np.ones((4, 8, 8))}, "with 5 samples; got"),
        ({"samples": np.ones((5, 8))}, r"must have shape \(sample, height, width\)"),
        ({"samples": np.ones((5, 8, 8, 2))}, "width, 1 or 3"),
        ({"top_k": 0}, "`top_k` argument must be 1 or more"),
        ({"class_names": ["a"]}, "got 1 names for 2 classes"),
        ({"y_true": [0, 1]}, "same samples; got 2 and 5"),
    ],
)
def test_mistakes_in_arguments_raise_at_the_call(
    tmp_path: Path, changes: dict[str, Any], message: str
) -> None:
    arguments = {"y_true": LABELS, "y_pred": outputs_of(0), "step": 0, **changes}
    with LogWriter(tmp_path / "run") as writer, pytest.raises(ValueError, match=message):
        writer.confusion("confusion", **arguments)
    assert LogReader(tmp_path).runs() == []


def test_a_tag_of_another_kind_is_refused(tmp_path: Path) -> None:
    with LogWriter(tmp_path / "run") as writer:
        writer.confusion("confusion", LABELS, outputs_of(0), step=0)
        with pytest.raises(ValueError, match="has logged 'confusion' under it"):
            writer.histogram("confusion", [1.0], step=1)


def test_the_tag_of_the_pictures_is_refused_where_it_holds_something_else(tmp_path: Path) -> None:
    samples = np.zeros((5, 8, 8))
    with LogWriter(tmp_path / "run") as writer:
        writer.histogram("a/samples", [1.0], step=0)
        with pytest.raises(ValueError, match=r"got 'a/samples' for a record of kind 'pictures'"):
            writer.confusion("a", LABELS, outputs_of(0), step=1, samples=samples)
        writer.confusion("b", LABELS, outputs_of(0), step=1, samples=samples)
        with pytest.raises(ValueError, match="has logged 'pictures' under it"):
            writer.tiles("b/samples", samples, axes=("sample", "height", "width"), step=2)
        with pytest.raises(ValueError, match="1 to 1024 bytes of text"):
            writer.confusion("c" * 1020, LABELS, outputs_of(0), step=1, samples=samples)


@pytest.mark.parametrize("name", ["y_true", "y_pred", "sample_weight"])
def test_masked_arrays_are_refused(tmp_path: Path, name: str) -> None:
    arguments: dict[str, Any] = {
        "y_true": LABELS,
        "y_pred": outputs_of(0),
        "sample_weight": np.ones(5),
    }
    arguments[name] = np.ma.masked_less(arguments[name], 1)
    with (
        LogWriter(tmp_path / "run") as writer,
        pytest.raises(TypeError, match=f"`{name}` argument must not be a masked array"),
    ):
        writer.confusion("confusion", step=0, **arguments)
