"""Confusions and graphs come back from blobs as they were, and mean what they say."""

from __future__ import annotations

import math

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tb_nnviz.records import (
    CellSample,
    Confusion,
    Graph,
    GraphEdge,
    GraphNode,
    Mistake,
    Moment,
    Source,
    decode_record,
    describe_tag,
    encode_record,
)
from tb_nnviz.records.confusion import Task

MOMENT = Moment(step=12, epoch=2.5, batch=40, fit=1, wall_time=1.75e9)


@st.composite
def confusions(draw: st.DrawFn) -> Confusion:
    task: Task = draw(st.sampled_from(["multi_class", "binary", "multi_label"]))
    num_names = 2 if task == "binary" else draw(st.integers(1, 5))
    shape = (num_names, 2, 2) if task == "multi_label" else (num_names, num_names)
    size = math.prod(shape)
    counts = np.array(draw(st.lists(st.integers(0, 4), min_size=size, max_size=size)))
    counts = counts.reshape(shape).astype(np.int64)
    confidence = st.floats(0, 1, width=32)
    cell_samples = {
        tuple(int(index) for index in cell): tuple(
            CellSample(draw(st.integers(0, 2**32 - 1)), draw(confidence))
            for _ in range(draw(st.integers(1, int(counts[tuple(cell)]))))
        )
        for cell in np.argwhere(counts)
        if draw(st.booleans())
    }
    mistakes = tuple(
        Mistake(sample.index, cell, sample.confidence)
        for cell, samples in cell_samples.items()
        if cell[-1] != cell[-2]
        for sample in samples
    )
    confusion = Confusion(
        counts=counts,
        class_names=tuple(draw(st.text("aé二", max_size=3)) for _ in range(num_names)),
        task=task,
        cell_samples=cell_samples,
        mistakes=mistakes,
        weighted_counts=counts * 0.5 if draw(st.booleans()) else None,
        threshold=None if task == "multi_class" else 0.5,
        top_k=4,
        num_samples=int(counts.sum()),
        num_available=draw(st.none() | st.integers(0, 9)),
        num_undecided=draw(st.integers(0, 9)),
        notes=("a note",),
        source=Source(layer_path="dense", samples_digest="ff"),
    )
    named = confusion.named_samples()
    addresses = {index: f"{index:016x}" for index in named} if draw(st.booleans()) else {}
    return Confusion(**{**vars(confusion), "addresses": addresses})


@settings(deadline=None)
@given(confusions())
def test_a_confusion_comes_back_as_it_was(record: Confusion) -> None:
    decoded = decode_record(encode_record(record, MOMENT, 4))
    assert isinstance(decoded, Confusion)
    found, expected = dict(vars(decoded)), dict(vars(record))
    np.testing.assert_array_equal(found.pop("counts"), expected.pop("counts"))
    np.testing.assert_array_equal(found.pop("weighted_counts"), expected.pop("weighted_counts"))
    assert found == {**expected, "moment": MOMENT, "ordinal": 4}


def test_a_confidence_that_is_not_known_comes_back_as_nan() -> None:
    record = Confusion(
        np.array([[1, 0], [0, 0]]), ("a", "b"), cell_samples={(0, 0): (CellSample(3, math.nan),)}
    )
    decoded = decode_record(encode_record(record, MOMENT, 1))
    assert isinstance(decoded, Confusion)
    assert math.isnan(decoded.cell_samples[0, 0][0].confidence)


def test_a_thousand_classes_take_no_more_than_their_samples() -> None:
    # 1,000 samples in as many cells: 4 + 8 + 4 bytes a cell and 8 a sample, not 8 MB of counts.
    counts = np.zeros((1000, 1000), np.int64)
    cells = [(index, (7 * index) % 1000) for index in range(1000)]
    counts[tuple(zip(*cells, strict=True))] = 1
    samples: dict[tuple[int, ...], tuple[CellSample, ...]] = {
        cell: (CellSample(place, 0.5),) for place, cell in enumerate(cells)
    }
    record = Confusion(counts, tuple(map(str, range(1000))), cell_samples=samples)
    assert sum(map(len, encode_record(record, MOMENT, 1))) < 40_000


def test_accuracy_is_the_share_on_the_diagonal() -> None:
    assert Confusion(np.array([[3, 1], [0, 4]]), ("a", "b")).accuracy == 7 / 8
    labels = np.array([[[3, 1], [0, 4]], [[0, 2], [2, 4]]])
    assert Confusion(labels, ("a", "b"), task="multi_label").accuracy == 11 / 16
    assert math.isnan(Confusion(np.zeros((2, 2), np.int64), ("a", "b")).accuracy)


def test_named_samples_are_those_of_cells_and_mistakes_once_each() -> None:
    record = Confusion(
        np.array([[2, 1], [0, 0]]),
        ("a", "b"),
        cell_samples={(0, 0): (CellSample(9, 0.5), CellSample(2, 0.5))},
        mistakes=(Mistake(9, (0, 1), 0.5), Mistake(4, (0, 1), 0.5)),
    )
    assert record.named_samples() == (2, 4, 9)


def test_a_graph_comes_back_as_it_was() -> None:
    record = Graph(
        nodes=(
            GraphNode("a", "a_1", "InputLayer", "input", ((None, 3), (4,)), dtype="float32"),
            GraphNode("m", "m", "Functional", "model", inputs=("m/b",), outputs=("m/b",)),
            GraphNode(
                "m/b", "b", "Dense", "dense", (), 12, 10, "some", "float16", "relu", 2, "m", 3
            ),
        ),
        edges=(GraphEdge("a", "m", 0, 1, 1), GraphEdge("m", "m")),
        inputs=("a",),
        outputs=("m",),
        notes=("a note",),
        source=Source(layer_type="Functional"),
    )
    decoded = decode_record(encode_record(record, MOMENT, 4))
    assert decoded == Graph(**{**vars(record), "moment": MOMENT, "ordinal": 4})
    assert decoded.node("m/b").trainable == "some"
    with pytest.raises(ValueError, match="no node 'z'; it has"):
        decoded.node("z")


def test_tags_are_described_by_the_kind_of_their_records() -> None:
    confusion = Confusion(np.zeros((2, 2), np.int64), ("a", "b"), source=Source(layer_path="out"))
    assert describe_tag("confusion/out", confusion).kind == "confusion"
    assert describe_tag("confusion/out", confusion).view == "confusion"
    assert describe_tag("confusion/out", confusion).source.layer_path == "out"
    assert describe_tag("graph", Graph(())).kind == "graph"
