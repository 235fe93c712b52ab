from __future__ import annotations

import errno
import os
import warnings
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from tb_nnviz.event_files.directory import EventDirectory, list_event_files, read_event
from tb_nnviz.event_files.events import BlobEvent
from tb_nnviz.log_reader import LogReader
from tb_nnviz.records import Notice
from tb_nnviz.writing import LogWriter
from tb_nnviz.writing.event_file_writer import EventFileWriter
from tb_nnviz.writing.open_logs import open_run_log

AXES = ("unit", "height", "width")


class FullDisk:
    """The `os` module with room for a number of bytes only."""

    def __init__(self, room: int) -> None:
        self.room = room

    def write(self, descriptor: int, data: Any) -> int:
        if not self.room:
            raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))
        # As a real disk does: what fits is written, the next call fails.
        written = os.write(descriptor, bytes(data)[: self.room])
        self.room -= written
        return written

    def __getattr__(self, name: str) -> Any:
        return getattr(os, name)


def fill_disk(patch: pytest.MonkeyPatch, room: int) -> FullDisk:
    disk = FullDisk(room)
    patch.setattr("tb_nnviz.writing.event_file_writer.os", disk)
    return disk


def event(step: int) -> BlobEvent:
    return BlobEvent("a", step, 1.0, (bytes(100),), "nnviz", b"")


def test_a_record_that_does_not_fit_leaves_the_file_as_it_was(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    writer = EventFileWriter(tmp_path)
    writer.write(event(0))
    intact = writer.path.read_bytes()
    assert writer.size == len(intact)
    record_size = len(intact)
    for room in range(0, record_size // 2, 7):
        disk = fill_disk(monkeypatch, room)
        with pytest.raises(OSError, match="No space left"):
            writer.write(event(1))
        assert writer.path.read_bytes() == intact
        assert writer.size == len(intact)
    disk.room = 10**6
    writer.write(event(2))
    writer.close()
    directory = EventDirectory(tmp_path)
    directory.refresh()
    assert [read_event(record) for record in directory.records] == [event(0), event(2)]


def test_a_file_that_cannot_be_begun_is_an_error_and_closed(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    fill_disk(monkeypatch, 5)
    with pytest.raises(OSError, match="No space left"):
        EventFileWriter(tmp_path)
    directory = EventDirectory(tmp_path)
    directory.refresh()
    assert directory.records == []
    assert directory.problems == []


def test_a_full_disk_is_said_and_what_was_written_before_is_readable(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    values = np.random.default_rng(0).normal(size=(4, 16, 16))
    # One record is of 4 * 16 * 16 * 2 = 2,048 bytes and up to 2,000 of header: two to four fit.
    disk = fill_disk(monkeypatch, 9000)
    writer = LogWriter(tmp_path)
    written = 0
    with pytest.raises(OSError, match="No space left"):  # noqa: PT012 - which call is open
        for step in range(10):
            writer.tiles("a", values, axes=AXES, step=step)
            writer.flush()
            written += 1
    assert 2 <= written <= 4
    reader = LogReader(tmp_path)
    assert reader.steps(tmp_path.name, "a") == list(range(written))
    assert reader.skipped(tmp_path.name) == []
    # There is room again: this writer skips what follows, the next one goes on.
    disk.room = 10**6
    with pytest.warns(RuntimeWarning, match="No space left"):
        assert writer.tiles("a", values, axes=AXES, step=10) == 10
    writer.close()
    with LogWriter(tmp_path) as writer:
        step = writer.tiles("a", values, axes=AXES, step=11)
    assert reader.steps(tmp_path.name, "a") == [*range(written), step]
    assert getattr(reader.read(tmp_path.name, "a", step), "ordinal", None) == written + 1


def test_a_write_that_fails_warns_once_skips_what_follows_and_is_raised_by_close(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    values = np.zeros((4, 16, 16))
    writer = LogWriter(tmp_path)
    writer.tiles("a", values, axes=AXES, step=0)
    writer.flush()
    disk = fill_disk(monkeypatch, 1000)
    writer.tiles("a", values, axes=AXES, step=1)
    open_run_log(tmp_path).flush()  # which raises nothing, unlike the writer's
    disk.room = 10**6  # for the notice
    with pytest.warns(RuntimeWarning, match=r"No space left.* 'a' at step 2 and") as warned:
        writer.tiles("a", values, axes=AXES, step=2)
    assert [warning.filename for warning in warned] == [__file__]
    # A further warning would be an error.
    assert writer.tiles("a", values, axes=AXES, step=3) == 3
    with pytest.raises(OSError, match="No space left"):
        writer.close()
    writer.close()
    reader = LogReader(tmp_path)
    assert reader.steps(tmp_path.name, "a") == [0]
    notice = reader.read(tmp_path.name, "notices", 0)
    assert isinstance(notice, Notice)
    assert "No space left" in notice.message


def test_a_write_that_fails_raises_nothing_where_warnings_are_errors(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    writer = LogWriter(tmp_path)
    writer.tiles("a", np.zeros((2, 2)), axes=AXES[1:], step=0)
    writer.flush()
    fill_disk(monkeypatch, 0)
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        for step in range(1, 6):
            writer.tiles("a", np.zeros((2, 2)), axes=AXES[1:], step=step)
            open_run_log(tmp_path).flush()
    assert [record.levelname for record in caplog.records] == ["WARNING"]
    assert "No space left" in caplog.text
    with pytest.raises(OSError, match="No space left"):
        writer.flush()
    writer.close()


def test_a_log_that_fails_does_not_replace_the_exception_under_way(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def train() -> None:
        with LogWriter(tmp_path) as writer:
            writer.tiles("a", np.zeros((2, 2)), axes=AXES[1:], step=0)
            writer.flush()
            fill_disk(monkeypatch, 0)
            writer.tiles("a", np.zeros((2, 2)), axes=AXES[1:], step=1)
            raise KeyError("the user's own")

    with pytest.warns(RuntimeWarning, match="No space left") as warned, pytest.raises(KeyError):
        train()
    assert [warning.filename for warning in warned] == [__file__]


def test_a_log_that_fails_is_raised_at_the_end_of_the_with_block(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def train() -> None:
        with LogWriter(tmp_path) as writer:
            writer.tiles("a", np.zeros((2, 2)), axes=AXES[1:], step=0)
            writer.flush()
            fill_disk(monkeypatch, 0)
            writer.tiles("a", np.zeros((2, 2)), axes=AXES[1:], step=1)

    with pytest.raises(OSError, match="No space left"):
        train()


def test_a_disk_that_stays_full_does_not_get_a_new_file_at_each_step(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    fill_disk(monkeypatch, 0)
    writer = LogWriter(tmp_path)
    for step in range(3):
        with pytest.raises(ValueError, match="No space left"):
            writer.tiles("a", np.zeros((2, 2)), axes=AXES[1:], step=step)
    writer.close()
    assert len(list_event_files(tmp_path / "nnviz")) <= 1
