from __future__ import annotations

import os
import time
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from tensorboard.backend.event_processing import event_file_loader
from tensorboard.compat.proto import event_pb2, summary_pb2
from tensorboard.summary.writer import event_file_writer as tensorboards

from tb_nnviz.event_files.directory import (
    EventDirectory,
    list_event_files,
    new_event_file_name,
    read_event,
)
from tb_nnviz.event_files.events import BlobEvent, encode_blob_event
from tb_nnviz.event_files.framing import HEADER_SIZE, FramingError, frame
from tb_nnviz.writing.event_file_writer import EventFileWriter


def blob_event(
    step: int, tag: str = "weights/a", blobs: tuple[bytes, ...] = (b"1", b"")
) -> BlobEvent:
    return BlobEvent(tag, step, 1.75e9 + step, blobs, "nnviz", b"content")


def write_log(directory: Path, events: list[BlobEvent]) -> Path:
    writer = EventFileWriter(directory)
    for event in events:
        writer.write(event)
    writer.close()
    return writer.path


def indexed(directory: EventDirectory) -> list[tuple[int, str]]:
    directory.refresh()
    return [(record.step, record.tag) for record in directory.records]


def test_tensorboards_loader_reads_what_was_written(tmp_path: Path) -> None:
    written = [
        blob_event(0, blobs=(b"header", b"\x00\xff" * 500)),
        blob_event(0, tag="weights/één", blobs=()),
        blob_event(2**40, blobs=(b"",)),
    ]
    path = write_log(tmp_path, written)
    first, *events = event_file_loader.EventFileLoader(os.fspath(path)).Load()
    assert first.file_version == "brain.Event:2"
    assert [event.step for event in events] == [0, 0, 2**40]
    assert [event.wall_time for event in events] == [event.wall_time for event in written]
    for event, expected in zip(events, written, strict=True):
        (value,) = event.summary.value
        assert value.tag == expected.tag
        assert tuple(value.tensor.string_val) == expected.blobs
        assert [dim.size for dim in value.tensor.tensor_shape.dim] == [len(expected.blobs)]
        assert value.metadata.data_class == summary_pb2.DATA_CLASS_BLOB_SEQUENCE
        assert value.metadata.plugin_data.plugin_name == "nnviz"
        assert value.metadata.plugin_data.content == b"content"


def test_events_are_indexed_in_order_and_read_back(tmp_path: Path) -> None:
    written = [blob_event(0), blob_event(0, "weights/b"), blob_event(5)]
    write_log(tmp_path, written)
    directory = EventDirectory(tmp_path)
    assert indexed(directory) == [(event.step, event.tag) for event in written]
    assert [read_event(record) for record in directory.records] == written
    assert directory.problems == []
    assert directory.size_in_bytes() == sum(path.stat().st_size for path in tmp_path.iterdir())


def test_a_directory_that_does_not_exist_is_empty(tmp_path: Path) -> None:
    directory = EventDirectory(tmp_path / "nowhere")
    assert indexed(directory) == []
    assert directory.size_in_bytes() == 0


def test_a_refresh_finds_what_was_added_and_nothing_twice(tmp_path: Path) -> None:
    directory = EventDirectory(tmp_path)
    writer = EventFileWriter(tmp_path)
    assert indexed(directory) == []
    for step in range(3):
        writer.write(blob_event(step))
        assert indexed(directory) == [(index, "weights/a") for index in range(step + 1)]
        assert len(indexed(directory)) == step + 1
    writer.close()


def test_a_torn_record_is_picked_up_when_it_is_complete(tmp_path: Path) -> None:
    path = write_log(tmp_path, [blob_event(1)])
    whole = path.read_bytes() + frame(encode_blob_event(blob_event(2)))
    directory = EventDirectory(tmp_path)
    start = path.stat().st_size
    for size in range(start, len(whole)):
        path.write_bytes(whole[:size])
        assert indexed(directory) == [(1, "weights/a")]
    path.write_bytes(whole)
    assert indexed(directory) == [(1, "weights/a"), (2, "weights/a")]
    assert directory.problems == []
    assert read_event(directory.records[1]) == blob_event(2)


def test_a_file_of_which_only_a_part_of_the_first_event_is_there_is_waited_for(
    tmp_path: Path,
) -> None:
    path = write_log(tmp_path, [blob_event(1)])
    whole = path.read_bytes()
    directory = EventDirectory(tmp_path)
    for size in (0, 3, HEADER_SIZE + 2):
        path.write_bytes(whole[:size])
        assert indexed(directory) == []
    path.write_bytes(whole)
    assert indexed(directory) == [(1, "weights/a")]
    assert directory.problems == []


def test_corrupt_data_of_one_record_leaves_the_others_readable(tmp_path: Path) -> None:
    path = write_log(tmp_path, [blob_event(step, blobs=(b"x" * 200,)) for step in range(3)])
    directory = EventDirectory(tmp_path)
    assert len(indexed(directory)) == 3
    log = bytearray(path.read_bytes())
    log[directory.records[1].span.end - 20] ^= 1
    path.write_bytes(log)
    fresh = EventDirectory(tmp_path)
    assert [step for step, _ in indexed(fresh)] == [0, 1, 2]
    with pytest.raises(FramingError, match="is corrupt"):
        read_event(fresh.records[1])
    assert [read_event(fresh.records[index]).step for index in (0, 2)] == [0, 2]


def test_a_record_that_is_no_event_is_a_problem_and_the_others_are_indexed(tmp_path: Path) -> None:
    path = write_log(tmp_path, [blob_event(1)])
    with path.open("ab") as file:
        file.write(frame(b"\xff\xff not an event") + frame(encode_blob_event(blob_event(2))))
    directory = EventDirectory(tmp_path)
    assert indexed(directory) == [(1, "weights/a"), (2, "weights/a")]
    (problem,) = directory.problems
    assert str(path) in problem
    assert "is skipped" in problem


def test_a_corrupt_length_is_a_problem_said_once(tmp_path: Path) -> None:
    path = write_log(tmp_path, [blob_event(step) for step in range(3)])
    directory = EventDirectory(tmp_path)
    assert len(indexed(directory)) == 3
    log = bytearray(path.read_bytes())
    log[directory.records[1].span.offset - HEADER_SIZE] ^= 1
    path.write_bytes(log)
    fresh = EventDirectory(tmp_path)
    for _ in range(2):
        assert indexed(fresh) == [(0, "weights/a")]
        (problem,) = fresh.problems
        assert str(path) in problem
        assert "nothing behind it can be read" in problem


def test_tensorboards_own_event_files_are_ignored(tmp_path: Path) -> None:
    writer = tensorboards.EventFileWriter(os.fspath(tmp_path))
    event = event_pb2.Event(step=3, wall_time=1.0)
    event.summary.value.add(tag="loss", simple_value=0.5)
    writer.add_event(event)
    writer.close()
    assert len(list_event_files(tmp_path)) == 1
    write_log(tmp_path, [blob_event(1)])
    directory = EventDirectory(tmp_path)
    assert indexed(directory) == [(1, "weights/a")]
    assert directory.problems == []


def test_other_files_are_no_event_files(tmp_path: Path) -> None:
    (tmp_path / "notes.txt").write_text("notes")
    assert list_event_files(tmp_path) == []
    assert list_event_files(tmp_path / "notes.txt") == []


@settings(deadline=None, max_examples=50)
@given(
    timestamps=st.lists(st.integers(0, 9_999_999_990), max_size=4),
    suffix=st.sampled_from([".host.1.0", ".host.123.nnviz", ".host.1.0.v2", ".host.profile-empty"]),
    clock=st.integers(0, 9_999_999_990),
)
def test_a_new_file_comes_last_by_name_whatever_the_clock_says(
    timestamps: list[int], suffix: str, clock: int
) -> None:
    with pytest.MonkeyPatch.context() as patch, _temporary_directory() as directory:
        patch.setattr(time, "time", lambda: float(clock))
        for timestamp in timestamps:
            (directory / f"events.out.tfevents.{timestamp:010d}{suffix}").touch()
        for _ in range(3):
            name = new_event_file_name(directory)
            assert not (directory / name).exists()
            (directory / name).touch()
            assert max(path.name for path in directory.iterdir()) == name
            assert list_event_files(directory)[-1].name == name


def _temporary_directory() -> Any:
    from contextlib import contextmanager
    from tempfile import TemporaryDirectory

    @contextmanager
    def make() -> Any:
        with TemporaryDirectory() as path:
            yield Path(path)

    return make()


def test_a_new_file_has_a_name_tensorboard_takes_for_an_event_file(tmp_path: Path) -> None:
    from tensorboard.backend.event_processing import io_wrapper

    assert io_wrapper.IsTensorFlowEventsFile(new_event_file_name(tmp_path))


def test_a_deleted_file_is_forgotten_and_said_to_be(tmp_path: Path) -> None:
    path = write_log(tmp_path, [blob_event(1)])
    with path.open("ab") as file:
        file.write(frame(b"\xff\xff not an event"))
    write_log(tmp_path, [blob_event(2)])
    directory = EventDirectory(tmp_path)
    assert directory.refresh() is False
    assert directory.refresh() is False
    assert len(directory.problems) == 1
    path.unlink()
    assert directory.refresh() is True
    assert indexed(directory) == [(2, "weights/a")]
    assert directory.problems == []
    assert directory.refresh() is False


@pytest.mark.parametrize("num_events", [1, 2, 3])
def test_another_file_of_the_same_name_and_inode_is_indexed_anew(
    tmp_path: Path, num_events: int
) -> None:
    path = write_log(tmp_path, [blob_event(1), blob_event(2)])
    directory = EventDirectory(tmp_path)
    assert indexed(directory) == [(1, "weights/a"), (2, "weights/a")]
    other = write_log(tmp_path / "other", [blob_event(7, "weights/b")] * num_events)
    path.write_bytes(other.read_bytes())  # leaves the inode as it is
    assert directory.refresh() is True
    assert indexed(directory) == [(7, "weights/b")] * num_events


def test_a_torn_record_that_its_writer_takes_back_forgets_nothing(tmp_path: Path) -> None:
    path = write_log(tmp_path, [blob_event(1)])
    directory = EventDirectory(tmp_path)
    whole = path.read_bytes()
    path.write_bytes(whole + frame(encode_blob_event(blob_event(2)))[:-5])
    directory.refresh()
    path.write_bytes(whole)
    assert directory.refresh() is False
    assert indexed(directory) == [(1, "weights/a")]
