from __future__ import annotations

import json
import threading
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from numpy.typing import NDArray

from tb_nnviz.event_files.directory import list_event_files
from tb_nnviz.log_reader import LogReader
from tb_nnviz.records import Notice, Source, TileArray
from tb_nnviz.writing import LogWriter, open_run_log, open_writable_run_log

AXES = ("unit", "height", "width")


def some_tiles(seed: int = 0) -> NDArray[np.float32]:
    return np.random.default_rng(seed).normal(0, 0.1, (4, 9, 9)).astype(np.float32)


def read_tiles(log_dir: Path, tag: str, step: int) -> TileArray:
    record = LogReader(log_dir).read(log_dir.name, tag, step)
    assert isinstance(record, TileArray)
    return record


def event_files(log_dir: Path) -> list[Path]:
    return list_event_files(log_dir / "nnviz")


def test_what_was_logged_is_read_back(tmp_path: Path) -> None:
    values = some_tiles()
    source = Source(layer_path="hidden", variable_shape=(81, 4))
    with LogWriter(tmp_path) as writer:
        step = writer.tiles(
            "weights/hidden",
            values,
            axes=AXES,
            step=7,
            labels={"unit": ["a", "b", "c", "d"]},
            precision="float32",
            notes=["a note"],
            source=source,
        )
    assert step == 7
    record = read_tiles(tmp_path, "weights/hidden", 7)
    np.testing.assert_array_equal(record.values, values)
    assert record.axes == AXES
    assert record.labels == {"unit": ("a", "b", "c", "d")}
    assert record.notes == ("a note",)
    assert record.source == source
    assert record.ordinal == 1
    assert record.moment is not None
    assert record.moment.step == 7


def test_nothing_is_opened_before_the_first_record(tmp_path: Path) -> None:
    with LogWriter(tmp_path / "run"):
        pass
    assert list(tmp_path.iterdir()) == []


@settings(deadline=None, max_examples=15)
@given(
    calls=st.lists(
        st.tuples(st.sampled_from(["weights/a", "weights/b", "reopen"]), st.integers(0, 6)),
        min_size=1,
        max_size=14,
    )
)
def test_steps_of_a_tag_strictly_increase_whatever_is_passed(calls: list[tuple[str, int]]) -> None:
    from tempfile import TemporaryDirectory

    with TemporaryDirectory() as directory:
        log_dir = Path(directory)
        writer = LogWriter(log_dir)
        expected: dict[str, list[int]] = {}
        for tag, step in calls:
            if tag == "reopen":
                writer.close()
                writer = LogWriter(log_dir)
                continue
            given_step = writer.tiles(tag, np.zeros((2, 2)), axes=("height", "width"), step=step)
            assert given_step >= step
            expected.setdefault(tag, []).append(given_step)
        writer.close()
        reader = LogReader(log_dir)
        for tag, steps in expected.items():
            assert steps == sorted(set(steps))
            assert reader.steps(log_dir.name, tag) == steps
            # Ordinals count the records of a tag over all its files.
            records = [reader.read(log_dir.name, tag, step) for step in steps]
            ordinals = [record.ordinal for record in records if isinstance(record, TileArray)]
            assert ordinals == list(range(1, len(steps) + 1))


def test_steps_go_on_behind_those_of_an_earlier_writer(tmp_path: Path) -> None:
    steps = []
    for _ in range(2):
        with LogWriter(tmp_path) as writer:
            steps += [writer.tiles("a", np.zeros((2, 2)), axes=AXES[1:], step=s) for s in (0, 1, 5)]
    # max(step, last + 1): 0 → 6, 1 → 7, 5 → 8.
    assert steps == [0, 1, 5, 6, 7, 8]
    assert len(event_files(tmp_path)) == 2


def test_several_tags_at_one_step_share_it(tmp_path: Path) -> None:
    with LogWriter(tmp_path) as writer:
        steps = [
            writer.tiles(tag, np.zeros((2, 2)), axes=AXES[1:], step=natural)
            for natural in (3, 3, 2)
            for tag in ("a", "b", "c")
        ]
    # The second three have tags that step 3 has already; so have the third, and 2 < 4.
    assert steps == [3, 3, 3, 4, 4, 4, 5, 5, 5]


@pytest.mark.parametrize("integer", [np.int64, np.int32, np.uint8])
def test_a_step_may_be_a_numpy_integer(tmp_path: Path, integer: Any) -> None:
    with LogWriter(tmp_path) as writer:
        steps = [
            writer.tiles("a", np.zeros((2, 2)), axes=AXES[1:], step=integer(step))
            for step in range(3)
        ]
    assert LogReader(tmp_path).steps(tmp_path.name, "a") == steps == [0, 1, 2]


@pytest.mark.parametrize("precision", ["uint16", "uint8", "float32"])
def test_changes_are_those_of_the_values_also_over_a_reopened_writer(
    tmp_path: Path, precision: Any
) -> None:
    logged = [some_tiles(seed) for seed in range(4)]
    for part in (logged[:2], logged[2:]):
        with LogWriter(tmp_path) as writer:
            for values in part:
                writer.tiles("a", values, axes=AXES, step=0, precision=precision)
    levels = {"uint16": 65_023, "uint8": 252, "float32": np.inf}[precision]
    for step, values in enumerate(logged):
        statistics = read_tiles(tmp_path, "a", step).statistics
        assert ("change_since_start" in statistics) == (step > 0)
        if not step:
            continue
        for name, reference in (
            ("change_since_start", logged[0]),
            ("change_since_previous", logged[step - 1]),
        ):
            exact = np.linalg.norm((values.astype(float) - reference).reshape(4, -1), axis=1)
            # A reopened writer knows the earlier values to half a quantization step, in each
            # of 81 cells: the norm differs by at most 9 of these. 1e-6: float32 rounding.
            span = np.ptp(reference.reshape(4, -1), axis=1)
            bound = 9 * span / (2 * levels) + 1e-6 * exact
            assert (np.abs(statistics[name] - exact) <= bound).all()


def assert_set(event: threading.Event) -> None:
    assert event.wait(60)


def test_values_are_copied_at_the_call(tmp_path: Path) -> None:
    values = some_tiles()
    before = values.copy()
    release = threading.Event()
    with LogWriter(tmp_path) as writer:
        log = open_run_log(tmp_path).hold()
        log._queue.submit(0, lambda: assert_set(release))  # keeps the background busy
        writer.tiles("a", values, axes=AXES, step=0, precision="float32")
        values[:] = -1
        release.set()
        log.release()
    np.testing.assert_array_equal(read_tiles(tmp_path, "a", 0).values, before)


def test_two_writers_on_one_directory_share_one_file(tmp_path: Path) -> None:
    with LogWriter(tmp_path) as one, LogWriter(tmp_path / "x" / "..") as other:
        one.tiles("a", some_tiles(), axes=AXES, step=0)
        other.tiles("b", some_tiles(), axes=AXES, step=0)
        one.close()
        other.tiles("b", some_tiles(), axes=AXES, step=1)
    assert len(event_files(tmp_path)) == 1
    assert LogReader(tmp_path).steps(tmp_path.name, "b") == [0, 1]


def test_a_closed_writer_closes_twice_and_can_log_again(tmp_path: Path) -> None:
    writer = LogWriter(tmp_path)
    for step in range(2):
        writer.tiles("a", some_tiles(), axes=AXES, step=step)
        writer.close()
        writer.close()
    assert LogReader(tmp_path).steps(tmp_path.name, "a") == [0, 1]


def test_what_was_flushed_can_be_read_while_the_writer_is_open(tmp_path: Path) -> None:
    with LogWriter(tmp_path) as writer:
        for step in range(3):
            writer.tiles("a", some_tiles(step), axes=AXES, step=step)
            writer.flush()
            assert read_tiles(tmp_path, "a", step).ordinal == step + 1


@pytest.mark.parametrize("log_dir", [None, 3, "", b""])
def test_a_log_dir_must_be_a_path(log_dir: Any) -> None:
    with pytest.raises(TypeError, match="`log_dir` argument must be a path"):
        LogWriter(log_dir)


@pytest.mark.parametrize(
    "log_dir",
    ["gs://bucket/run", "s3://bucket", "hdfs://host/run", "GS://b", Path("gs://bucket/run")],
)
def test_a_log_dir_on_another_machine_is_a_value_error_that_says_what_to_do(log_dir: Any) -> None:
    with pytest.raises(ValueError, match=r"directory on this machine.* got '.*Mount the bucket"):
        LogWriter(log_dir)


@pytest.mark.parametrize(
    "log_dir", ["logs/run", "a:b", "C:\\logs", "C://logs", "logs/gs://x", "/a"]
)
def test_a_log_dir_on_this_machine_may_hold_colons(log_dir: str) -> None:
    LogWriter(log_dir)


@pytest.mark.parametrize("budget", [0, -1, 1.5, "1", True])
def test_a_budget_must_be_a_positive_integer(tmp_path: Path, budget: Any) -> None:
    with pytest.raises((TypeError, ValueError), match="`budget_bytes` argument must be"):
        LogWriter(tmp_path, budget_bytes=budget)


@pytest.mark.parametrize(
    ("changes", "message"),
    [
        ({"tag": 3}, "`tag` argument must be a string"),
        ({"tag": ""}, "`tag` argument must be 1 to 1024 bytes"),
        ({"tag": "é" * 513}, "`tag` argument must be 1 to 1024 bytes"),
        ({"tag": "notices"}, "other than 'notices'"),
        ({"step": 1.0}, "`step` argument must be an integer; got 1.0"),
        ({"step": True}, "`step` argument must be an integer; got True"),
        ({"tag": "\ud800"}, "`tag` argument must be text"),
        ({"step": -1}, "`step` argument must be 0 or more; got -1"),
        ({"axes": ("height",)}, "`axes` argument"),
        ({"array": np.zeros((9, 9), complex)}, "`array` argument must hold real numbers"),
        ({"labels": {"height": ["a"]}}, "`labels` argument"),
        ({"meaning": "pretty"}, "`meaning` argument"),
        ({"precision": 16}, "`precision` argument"),
        ({"max_tiles": 0}, "max_tiles"),
        ({"max_tile_side": 0}, "max_tile_side"),
    ],
)
def test_a_wrong_argument_raises_at_the_call_and_logs_nothing(
    tmp_path: Path, changes: dict[str, Any], message: str
) -> None:
    arguments: dict[str, Any] = {
        "tag": "a",
        "array": np.zeros((9, 9)),
        "axes": ("height", "width"),
        "step": 0,
    }
    with LogWriter(tmp_path) as writer, pytest.raises((TypeError, ValueError), match=message):
        writer.tiles(**{**arguments, **changes})
    assert event_files(tmp_path) == []


def test_a_label_that_is_no_valid_text_raises_at_the_call_or_is_written(tmp_path: Path) -> None:
    # A lone surrogate cannot be written as UTF-8: the mistake must not surface a step later.
    with LogWriter(tmp_path) as writer:
        try:
            writer.tiles("a", np.zeros((1, 2, 2)), axes=AXES, step=0, labels={"unit": ["\ud800"]})
        except ValueError:
            return
        writer.flush()


def test_beyond_the_budget_it_warns_once_says_so_in_the_log_and_raises_nothing(
    tmp_path: Path,
) -> None:
    with LogWriter(tmp_path, budget_bytes=5000) as writer:
        logged = 0
        while logged < 100:
            writer.tiles("weights/a", some_tiles(), axes=AXES, step=logged)
            writer.flush()
            logged += 1
            if sum(path.stat().st_size for path in event_files(tmp_path)) >= 5000:
                break
        with pytest.warns(RuntimeWarning, match="reached its budget of 5,000 bytes") as warned:
            writer.tiles("weights/a", some_tiles(), axes=AXES, step=logged)
        assert warned[0].filename == __file__
        # A further warning would be an error.
        writer.tiles("weights/a", some_tiles(), axes=AXES, step=logged + 1)
    reader = LogReader(tmp_path)
    assert reader.steps(tmp_path.name, "weights/a") == list(range(logged))
    notice = reader.read(tmp_path.name, "notices", 0)
    assert isinstance(notice, Notice)
    assert notice.view == "weights"
    assert notice.step == logged
    assert "budget_bytes" in notice.message


def test_the_budget_counts_what_an_earlier_writer_left(tmp_path: Path) -> None:
    with LogWriter(tmp_path) as writer:
        writer.tiles("a", some_tiles(), axes=AXES, step=0)
    with LogWriter(tmp_path, budget_bytes=100) as writer, pytest.warns(RuntimeWarning, match="100"):
        writer.tiles("a", some_tiles(), axes=AXES, step=1)
    assert LogReader(tmp_path).steps(tmp_path.name, "a") == [0]


def test_a_directory_that_cannot_be_made_is_a_value_error_at_the_first_record(
    tmp_path: Path,
) -> None:
    (tmp_path / "file").write_text("not a directory")
    writer = LogWriter(tmp_path / "file" / "run")
    for _ in range(2):
        with pytest.raises(ValueError, match=r"`log_dir` .* cannot be written: got '.*file.run'"):
            writer.tiles("a", some_tiles(), axes=AXES, step=0)
    writer.flush()
    writer.close()


def test_a_log_opened_to_be_written_has_its_file_and_is_held(tmp_path: Path) -> None:
    log = open_writable_run_log(tmp_path)
    assert open_writable_run_log(tmp_path) is log
    assert len(event_files(tmp_path)) == 1
    log.release()
    assert log.is_current()
    assert log._files
    log.release()
    assert not log._files


def test_a_corrupt_first_record_is_not_replaced_as_the_start(tmp_path: Path) -> None:
    with LogWriter(tmp_path) as writer:
        writer.tiles("a", some_tiles(0), axes=AXES, step=0)
    (path,) = event_files(tmp_path)
    log = bytearray(path.read_bytes())
    log[-20] ^= 1
    path.write_bytes(log)
    with LogWriter(tmp_path) as writer:
        for seed in (1, 2):
            writer.tiles("a", some_tiles(seed), axes=AXES, step=seed)
    # Nobody knows the values at the start: a change since then would be one since another.
    for step in (1, 2):
        assert "change_since_start" not in read_tiles(tmp_path, "a", step).statistics


def test_the_header_says_what_a_writer_by_hand_knows_of_the_moment(tmp_path: Path) -> None:
    from tb_nnviz.event_files.directory import EventDirectory, read_event

    with LogWriter(tmp_path) as writer:
        writer.tiles("a", some_tiles(), axes=AXES, step=4)
    directory = EventDirectory(tmp_path / "nnviz")
    directory.refresh()
    event = read_event(directory.records[0])
    moment = json.loads(event.blobs[0])["moment"]
    assert (moment["step"], moment["epoch"], moment["batch"], moment["fit"]) == (4, None, None, 0)
    assert moment["wall_time"] == event.wall_time


def test_a_thread_that_cannot_be_started_warns_once_and_is_raised_by_close(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def refuse(thread: threading.Thread) -> None:
        raise RuntimeError("can't start new thread")

    writer = LogWriter(tmp_path)
    monkeypatch.setattr(threading.Thread, "start", refuse)
    with pytest.warns(RuntimeWarning, match="can't start new thread") as warned:  # noqa: PT031 - which call warns is open
        for step in range(3):
            assert writer.tiles("a", some_tiles(), axes=AXES, step=step) == step
    assert len(warned) == 1
    with pytest.raises(RuntimeError, match="can't start new thread"):
        writer.close()
    monkeypatch.undo()
    with writer:
        writer.tiles("a", some_tiles(), axes=AXES, step=7)
    assert LogReader(tmp_path).steps(tmp_path.name, "a") == [7]


def test_beyond_the_budget_nothing_is_raised_where_warnings_are_errors(
    tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    with LogWriter(tmp_path, budget_bytes=1) as writer:
        # Here warnings are errors: see pyproject.toml.
        writer.tiles("a", some_tiles(), axes=AXES, step=0)
    assert "budget of 1 bytes" in caplog.text


def test_a_run_log_knows_fits_by_their_key_and_who_logs_what(tmp_path: Path) -> None:
    class Owner:
        pass

    log = open_run_log(tmp_path)
    interrupted, one, other = Owner(), Owner(), Owner()
    assert log.begin_fit(interrupted, fit_key={}) == 1
    assert log.claim_tags(interrupted, ("a",)) == ()
    key: dict[str, int] = {}
    assert [log.begin_fit(one, fit_key=key), log.begin_fit(other, fit_key=key)] == [2, 2]
    assert log.claim_tags(one, ("a", "b")) == ()
    assert log.claim_tags(other, ("b", "c")) == ("b",)
    log.end_fit(one)
    log.end_fit(other)
