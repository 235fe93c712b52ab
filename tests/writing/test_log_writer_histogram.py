"""`LogWriter.histogram`: what is logged, compared with what, and what a mistake does."""

from __future__ import annotations

import math
import threading
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from tb_nnviz.event_files.directory import list_event_files
from tb_nnviz.log_reader import LogReader
from tb_nnviz.records import Histogram, Notice, Source, TileArray, build_histogram
from tb_nnviz.writing import LogWriter, open_run_log

TAG = "histograms/hidden"


def read(log_dir: Path, step: int, tag: str = TAG) -> Histogram:
    record = LogReader(log_dir).read(log_dir.name, tag, step)
    assert isinstance(record, Histogram)
    return record


def steps(log_dir: Path, tag: str = TAG) -> list[int]:
    return LogReader(log_dir).steps(log_dir.name, tag)


@pytest.mark.parametrize(
    "values",
    [
        np.random.default_rng(0).normal(0, 0.05, (64, 32)).astype(np.float32),
        np.zeros(10, np.float16),
        np.array([np.nan, np.inf, -np.inf, 1.0]),
        np.array([5e-324, -5e-324, np.finfo(float).max]),
        np.full(3, np.nan, np.float32),
        np.zeros((0, 4)),
        np.arange(5),
        3.0,
    ],
    ids=["normal", "zeros", "nonfinite", "extremes", "all-nan", "empty", "integers", "scalar"],
)
def test_what_was_logged_is_read_back(tmp_path: Path, values: Any) -> None:
    source = Source(layer_path="hidden", role="kernel")
    with LogWriter(tmp_path) as writer:
        assert writer.histogram(TAG, values, step=7, notes=["a note"], source=source) == 7
    record, expected = read(tmp_path, 7), build_histogram(values, notes=["a note"], source=source)
    np.testing.assert_array_equal(record.counts, expected.counts)
    for name in ("exponent", "first", "count", "notes", "source", "dtype", "nan_count"):
        assert getattr(record, name) == getattr(expected, name), name
    for name in ("mean", "std", "min", "max", "l2_norm", "zero_fraction", "update_ratio"):
        # The same sums of the same numbers: to the last bit, NaN included.
        np.testing.assert_array_equal(getattr(record, name), getattr(expected, name))
    assert record.ordinal == 1
    assert record.moment is not None
    assert (record.moment.step, record.moment.epoch, record.moment.fit) == (7, None, 0)


def test_the_update_ratio_is_since_the_tags_last_values(tmp_path: Path) -> None:
    values = np.array([3.0, 4.0])
    with LogWriter(tmp_path) as writer:
        for step in range(4):
            writer.histogram(TAG, values, step=step)
            writer.histogram("histograms/other", -values, step=step)
            # Changed in place, as weights are: the writer has its own copy.
            values *= [2, 2, 1, 0][step]
    # 2w - w is half of 2w; nothing changed between the last two.
    for tag in (TAG, "histograms/other"):
        ratios = [read(tmp_path, step, tag).update_ratio for step in range(4)]
        assert math.isnan(ratios[0])
        assert ratios[1:] == [0.5, 0.5, 0.0]


def test_values_of_another_shape_are_compared_with_nothing_and_it_is_said(tmp_path: Path) -> None:
    with LogWriter(tmp_path) as writer:
        for step, size in enumerate((3, 4, 4)):
            writer.histogram(TAG, np.full(size, step + 1.0), step=step, notes=["mine"])
    second, third = read(tmp_path, 1), read(tmp_path, 2)
    assert math.isnan(second.update_ratio)
    assert second.notes == ("mine", "no change is known: the values before had shape (3,)")
    # |3 - 2| / |3|
    assert third.update_ratio == pytest.approx(1 / 3)
    assert third.notes == ("mine",)


def test_a_closed_writer_has_let_go_of_the_values(tmp_path: Path) -> None:
    writer = LogWriter(tmp_path)
    writer.histogram(TAG, np.ones(3), step=0)
    writer.close()
    assert not writer._tags.last_values
    with writer:
        writer.histogram(TAG, np.full(3, 2.0), step=1)
    assert math.isnan(read(tmp_path, 1).update_ratio)
    assert read(tmp_path, 1).ordinal == 2


def test_values_are_copied_at_the_call_and_counted_in_the_background(tmp_path: Path) -> None:
    values = np.ones(100)
    release = threading.Event()
    with LogWriter(tmp_path) as writer:
        log = open_run_log(tmp_path).hold()
        log._queue.submit(0, lambda: wait_for(release))  # keeps the background busy
        writer.histogram(TAG, values, step=0)
        values[:] = -1
        release.set()
        log.release()
    assert (read(tmp_path, 0).min, read(tmp_path, 0).max) == (1, 1)


def wait_for(event: threading.Event) -> None:
    assert event.wait(60)


def test_tiles_and_histograms_of_one_step_share_it_and_do_not_mix(tmp_path: Path) -> None:
    with LogWriter(tmp_path) as writer:
        for step in range(3):
            values = np.full((2, 9, 9), step)
            writer.tiles("weights/a", values, axes=("unit", "height", "width"), step=step)
            writer.histogram("histograms/a", values, step=step)
    for step in range(3):
        assert read(tmp_path, step, "histograms/a").max == step
        tiles = LogReader(tmp_path).read(tmp_path.name, "weights/a", step)
        assert isinstance(tiles, TileArray)
        assert ("change_since_previous" in tiles.statistics) == (step > 0)
    assert steps(tmp_path, "histograms/a") == steps(tmp_path, "weights/a") == [0, 1, 2]


def test_histograms_go_on_behind_those_of_an_earlier_writer(tmp_path: Path) -> None:
    for _ in range(2):
        with LogWriter(tmp_path) as writer:
            writer.histogram(TAG, [1.0, 2.0], step=0)
            writer.histogram(TAG, [1.0, 3.0], step=1)
    assert steps(tmp_path) == [0, 1, 2, 3]
    assert [read(tmp_path, step).ordinal for step in range(4)] == [1, 2, 3, 4]
    # The second writer has not seen the first one's values.
    assert [math.isnan(read(tmp_path, step).update_ratio) for step in range(4)] == [
        True,
        False,
        True,
        False,
    ]


def test_a_tag_holds_records_of_one_kind(tmp_path: Path) -> None:
    tile = np.zeros((9, 9))
    with LogWriter(tmp_path) as writer:
        writer.tiles("a", tile, axes=("height", "width"), step=0)
        writer.histogram("b", tile, step=0)
        with pytest.raises(ValueError, match=r"'a' for a record of kind 'histogram'.* 'tiles' und"):
            writer.histogram("a", tile, step=1)
        with pytest.raises(ValueError, match=r"'b' for a record of kind 'tiles'.* 'histogram' und"):
            writer.tiles("b", tile, axes=("height", "width"), step=1)
    assert LogReader(tmp_path).tags(tmp_path.name) == {"a": "tiles", "b": "histogram"}
    assert steps(tmp_path, "a") == steps(tmp_path, "b") == [0]


def test_a_tag_keeps_its_kind_for_later_writers_too(tmp_path: Path) -> None:
    with LogWriter(tmp_path) as writer:
        writer.histogram("a", np.zeros(9), step=0)
    later = LogWriter(tmp_path)
    later.tiles("a", np.zeros((9, 9)), axes=("height", "width"), step=1)
    with pytest.raises(ValueError, match="records of one kind"):
        later.close()
    assert steps(tmp_path, "a") == [0]


@pytest.mark.parametrize(
    ("changes", "message"),
    [
        ({"tag": 3}, "`tag` argument must be a string"),
        ({"tag": "notices"}, "other than 'notices'"),
        ({"step": 1.0}, "`step` argument must be an integer; got 1.0"),
        ({"step": -1}, "`step` argument must be 0 or more; got -1"),
        ({"values": np.zeros(3, complex)}, "`values` argument must hold real numbers"),
        ({"values": ["a"]}, "`values` argument must hold real numbers"),
        ({"values": [[1], [1, 2]]}, "`values` argument must be an array"),
        ({"values": np.ma.masked_equal([1, 2], 1)}, "`values` argument must not be a masked"),
        ({"notes": "a note"}, "`notes` argument must be a sequence"),
        ({"source": Source(role="\ud800")}, "`source` argument must be text"),
    ],
)
def test_a_wrong_argument_raises_at_the_call_and_logs_nothing(
    tmp_path: Path, changes: dict[str, Any], message: str
) -> None:
    arguments: dict[str, Any] = {"tag": TAG, "values": np.zeros(3), "step": 0}
    with LogWriter(tmp_path) as writer, pytest.raises((TypeError, ValueError), match=message):
        writer.histogram(**{**arguments, **changes})
    assert list_event_files(tmp_path / "nnviz") == []


def test_beyond_the_budget_it_warns_once_says_so_in_the_log_and_raises_nothing(
    tmp_path: Path,
) -> None:
    with LogWriter(tmp_path, budget_bytes=1500) as writer:
        for step in range(10):
            writer.histogram(TAG, np.arange(2000.0), step=step)
            writer.flush()
            if sum(path.stat().st_size for path in list_event_files(tmp_path / "nnviz")) >= 1500:
                break
        with pytest.warns(RuntimeWarning, match="reached its budget of 1,500 bytes") as warned:
            assert writer.histogram(TAG, np.arange(2000.0) * 3, step=step + 1) == step + 1
        assert warned[0].filename == __file__
        # What was not logged is not what later values are compared with.
        assert writer._tags.last_values[TAG].max() == 1999
        # A further warning would be an error.
        writer.histogram(TAG, np.ones(3), step=step + 2)
    assert steps(tmp_path) == list(range(step + 1))
    notice = LogReader(tmp_path).read(tmp_path.name, "notices", 0)
    assert isinstance(notice, Notice)
    assert notice.view == "histograms"


def test_a_histogram_that_cannot_be_made_is_raised_by_flush_and_ends_no_loop(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def refuse(*arguments: Any, **options: Any) -> None:
        raise MemoryError("no room")

    monkeypatch.setattr("tb_nnviz.writing.log_writer.build_histogram", refuse)
    writer = LogWriter(tmp_path)
    assert writer.histogram(TAG, np.ones(3), step=0) == 0
    with pytest.raises(MemoryError, match="no room"):
        writer.flush()
    with pytest.warns(RuntimeWarning, match="no room"):
        writer.histogram(TAG, np.ones(3), step=1)
    writer.close()
