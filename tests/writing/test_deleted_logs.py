from __future__ import annotations

import gc
import shutil
from pathlib import Path

import numpy as np
import pytest

from tb_nnviz.event_files.directory import list_event_files
from tb_nnviz.log_reader import LogReader
from tb_nnviz.records import Record, TileArray, build_tile_array
from tb_nnviz.writing import LogWriter, RunLog, StepJob, open_run_log, open_writable_run_log

AXES = ("height", "width")


def record_at(step: int) -> Record:
    return build_tile_array(np.full((2, 2), float(step)), AXES, precision="float32")


def log_step(log: RunLog, step: int) -> int:
    errors: list[Exception] = []
    job = StepJob(("a",), lambda: [("a", record_at(step))], errors.append)
    given = log.log_step(job, natural_step=step)
    log.flush()
    assert errors == []
    return given


def logged(log_dir: Path) -> dict[int, tuple[int | None, bool]]:
    """Of each step: its ordinal, and whether it has a change since an earlier one."""
    reader = LogReader(log_dir)
    assert reader.skipped(log_dir.name) == []
    found = {}
    for step in reader.steps(log_dir.name, "a"):
        record = reader.read(log_dir.name, "a", step)
        assert isinstance(record, TileArray)
        found[step] = (record.ordinal, "change_since_previous" in record.statistics)
    return found


@pytest.mark.parametrize("is_replaced", [False, True])
def test_a_log_deleted_while_it_is_held_begins_anew_with_the_next_opening(
    tmp_path: Path, is_replaced: bool
) -> None:
    log_dir = tmp_path / "run"
    old = open_writable_run_log(log_dir)  # as a callback does that a traceback keeps alive
    for step in range(3):
        log_step(old, step)
    (path,) = list_event_files(log_dir / "nnviz")
    shutil.rmtree(log_dir)
    if is_replaced:  # another process writes a file of the same name
        path.parent.mkdir(parents=True)
        path.write_bytes(b"")
    new = open_writable_run_log(log_dir)
    assert new is not old
    assert open_run_log(log_dir) is new
    assert [log_step(new, step) for step in range(3)] == [0, 1, 2]
    old.release()
    assert open_run_log(log_dir) is new
    new.release()
    assert logged(log_dir) == {0: (1, False), 1: (2, True), 2: (3, True)}


def test_a_log_deleted_after_its_last_release_begins_anew_too(tmp_path: Path) -> None:
    log_dir = tmp_path / "run"
    old = open_writable_run_log(log_dir)
    log_step(old, 5)
    old.release()
    assert open_run_log(log_dir) is old
    shutil.rmtree(log_dir)
    new = open_writable_run_log(log_dir)
    assert new.last_step is None
    assert log_step(new, 0) == 0
    new.release()
    assert logged(log_dir) == {0: (1, False)}


def test_a_log_deleted_during_a_training_goes_on_in_a_new_file(tmp_path: Path) -> None:
    log_dir = tmp_path / "run"
    with LogWriter(log_dir) as writer:
        writer.tiles("a", np.zeros((2, 2)), axes=AXES, step=0)
    log = open_writable_run_log(log_dir)  # knows the start from an earlier file only
    for step in range(1, 4):
        log_step(log, step)
    shutil.rmtree(log_dir)
    for step in range(4, 7):
        assert log_step(log, step) == step
    (path,) = list_event_files(log_dir / "nnviz")
    assert log.bytes_written == path.stat().st_size
    log.release()
    assert logged(log_dir) == {4: (1, False), 5: (2, True), 6: (3, True)}


def test_earlier_files_that_are_deleted_leave_no_change_to_show_and_raise_nothing(
    tmp_path: Path,
) -> None:
    with LogWriter(tmp_path) as writer:
        writer.tiles("a", np.zeros((2, 2)), axes=AXES, step=0)
    (earlier,) = list_event_files(tmp_path / "nnviz")
    log = open_writable_run_log(tmp_path)
    earlier.unlink()
    log_step(log, 1)
    log.release()
    assert [has_change for _, has_change in logged(tmp_path).values()] == [False]


def test_a_log_whose_files_are_there_is_the_same_for_all(tmp_path: Path) -> None:
    log = open_run_log(tmp_path)
    assert open_run_log(tmp_path) is log
    log.hold().open_file()
    assert open_run_log(tmp_path) is log
    log.release()
    assert open_run_log(tmp_path) is log
    del log
    gc.collect()
    assert open_run_log(tmp_path).last_step is None
