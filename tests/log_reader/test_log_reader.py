from __future__ import annotations

import json
import os
import shutil
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from tensorboard.compat.proto import event_pb2
from tensorboard.summary.writer import event_file_writer as tensorboards

from tb_nnviz.event_files.directory import EventDirectory, read_event
from tb_nnviz.event_files.events import BlobEvent
from tb_nnviz.log_reader import LogReader
from tb_nnviz.records import Histogram, NewerRecordError, Notice, RecordError, TileArray
from tb_nnviz.writing import LogWriter
from tb_nnviz.writing.event_file_writer import EventFileWriter


def log(log_dir: Path, *steps: int, tag: str = "weights/a") -> None:
    with LogWriter(log_dir) as writer:
        for step in steps:
            writer.tiles(tag, np.full((2, 9, 9), step), axes=("unit", "height", "width"), step=step)


def written_event(log_dir: Path) -> BlobEvent:
    """The first event of a log, to write variations of."""
    directory = EventDirectory(log_dir / "nnviz")
    directory.refresh()
    return read_event(directory.records[0])


def append(log_dir: Path, event: BlobEvent) -> None:
    writer = EventFileWriter(log_dir / "nnviz")
    writer.write(event)
    writer.close()


def newer(data: bytes) -> bytes:
    return json.dumps({**json.loads(data), "version": 2}).encode()


def corrupt_record(log_dir: Path, index: int) -> None:
    directory = EventDirectory(log_dir / "nnviz")
    directory.refresh()
    record = directory.records[index]
    data = bytearray(record.path.read_bytes())
    data[record.span.end - 20] ^= 1
    record.path.write_bytes(data)


@pytest.mark.parametrize("name", ["nowhere", "file"])
def test_a_directory_that_does_not_exist_is_a_value_error(tmp_path: Path, name: str) -> None:
    (tmp_path / "file").touch()
    with pytest.raises(ValueError, match=rf"must be a directory that exists; got '.*{name}'"):
        LogReader(tmp_path / name)


def test_an_empty_directory_has_no_runs(tmp_path: Path) -> None:
    assert LogReader(tmp_path).runs() == []


def test_runs_are_named_as_their_log_dirs(tmp_path: Path) -> None:
    for name in ("mlp", "sweep/one", "sweep/two"):
        log(tmp_path / name, 0)
    assert LogReader(tmp_path).runs() == ["mlp", "sweep/one", "sweep/two"]
    assert LogReader(tmp_path / "sweep").runs() == ["one", "two"]
    assert LogReader(tmp_path / "mlp").runs() == ["mlp"]
    assert LogReader(tmp_path / "mlp" / "nnviz").runs() == ["mlp"]


def test_a_relative_log_directory_is_named_too(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    log(tmp_path / "mlp", 0)
    monkeypatch.chdir(tmp_path / "mlp")
    assert LogReader(".").runs() == ["mlp"]


def test_directories_with_nothing_of_ours_are_no_runs(tmp_path: Path) -> None:
    log(tmp_path / "mlp", 0)
    writer = tensorboards.EventFileWriter(os.fspath(tmp_path / "mlp" / "train"))
    writer.add_event(event_pb2.Event(step=1))
    writer.close()
    reader = LogReader(tmp_path)
    assert reader.runs() == ["mlp"]
    assert reader.skipped("mlp") == []


def test_tags_steps_and_records_are_those_logged(tmp_path: Path) -> None:
    log(tmp_path / "mlp", 0, 3, tag="weights/b")
    log(tmp_path / "mlp", 5, tag="activations/a")
    reader = LogReader(tmp_path)
    assert reader.tags("mlp") == {"weights/b": "tiles", "activations/a": "tiles"}
    assert list(reader.tags("mlp")) == ["weights/b", "activations/a"]
    assert reader.steps("mlp", "weights/b") == [0, 3]
    assert reader.steps("mlp", "activations/a") == [5]
    record = reader.read("mlp", "weights/b", 3)
    assert isinstance(record, TileArray)
    assert (record.values == 3).all()
    assert record.moment is not None
    assert record.moment.step == 3


def test_a_histogram_is_read_as_such_beside_tiles(tmp_path: Path) -> None:
    log(tmp_path / "mlp", 0)
    values = np.array([0.5, -1.0, np.nan])
    with LogWriter(tmp_path / "mlp") as writer:
        writer.histogram("histograms/a", values, step=0)
        writer.histogram("histograms/a", values * 2, step=1)
    reader = LogReader(tmp_path)
    assert reader.tags("mlp") == {"weights/a": "tiles", "histograms/a": "histogram"}
    # The step after that of the first writer's tiles.
    assert reader.steps("mlp", "histograms/a") == [1, 2]
    record = reader.read("mlp", "histograms/a", 2)
    assert isinstance(record, Histogram)
    assert (record.min, record.max, record.nan_count, record.ordinal) == (-2, 1, 1, 2)
    # |(1, -2) - (0.5, -1)| / |(1, -2)|
    assert record.update_ratio == pytest.approx(0.5)
    assert record.moment is not None
    assert record.moment.step == 2


def test_a_notice_is_a_tag_of_its_own_kind(tmp_path: Path) -> None:
    log(tmp_path / "mlp", 0)
    with LogWriter(tmp_path / "mlp", budget_bytes=1) as writer, pytest.warns(RuntimeWarning):
        writer.tiles("weights/a", np.zeros((2, 2)), axes=("height", "width"), step=1)
    reader = LogReader(tmp_path)
    assert reader.tags("mlp") == {"weights/a": "tiles", "notices": "notice"}
    assert isinstance(reader.read("mlp", "notices", 0), Notice)


def test_a_reader_sees_what_is_written_after_it_was_made(tmp_path: Path) -> None:
    reader = LogReader(tmp_path)
    assert reader.runs() == []
    with LogWriter(tmp_path / "mlp") as writer:
        for step in range(4):
            writer.tiles("weights/a", np.full((9, 9), step), axes=("height", "width"), step=step)
            writer.flush()
            assert reader.runs() == ["mlp"]
            assert reader.steps("mlp", "weights/a") == list(range(step + 1))
            record = reader.read("mlp", "weights/a", step)
            assert isinstance(record, TileArray)
            assert (record.values == step).all()
    log(tmp_path / "cnn", 0)
    assert reader.runs() == ["cnn", "mlp"]


def test_what_is_not_there_is_said_with_what_is(tmp_path: Path) -> None:
    log(tmp_path / "mlp", 0, 3)
    reader = LogReader(tmp_path)
    for call in (reader.tags, reader.skipped):
        with pytest.raises(ValueError, match=r"no run 'cnn' below .*; there are \['mlp'\]"):
            call("cnn")
    with pytest.raises(ValueError, match=r"'mlp' has no tag 'x'; it has \['weights/a'\]"):
        reader.steps("mlp", "x")
    with pytest.raises(ValueError, match=r"'x'; it has \['weights/a'\]"):
        reader.read("mlp", "x", 0)
    with pytest.raises(
        ValueError, match=r"'weights/a' of run 'mlp' has no step 1; it has \[0, 3\]"
    ):
        reader.read("mlp", "weights/a", 1)


def test_a_tag_of_a_newer_version_is_skipped_and_said(tmp_path: Path) -> None:
    log(tmp_path / "mlp", 0)
    event = written_event(tmp_path / "mlp")
    append(
        tmp_path / "mlp",
        BlobEvent(
            "weights/new", 1, 1.0, (newer(event.blobs[0]),), event.plugin_name, newer(event.content)
        ),
    )
    reader = LogReader(tmp_path)
    assert reader.tags("mlp") == {"weights/a": "tiles"}
    (reason,) = reader.skipped("mlp")
    assert reason.startswith("weights/new: written by a newer tb_nnviz")
    with pytest.raises(NewerRecordError, match=r"tag 'weights/new', step 1 .* newer tb_nnviz"):
        reader.read("mlp", "weights/new", 1)
    assert isinstance(reader.read("mlp", "weights/a", 0), TileArray)


def test_a_corrupt_record_is_named_and_the_others_are_readable(tmp_path: Path) -> None:
    log(tmp_path / "mlp", 0, 1, 2)
    corrupt_record(tmp_path / "mlp", 1)
    reader = LogReader(tmp_path)
    assert reader.steps("mlp", "weights/a") == [0, 1, 2]
    with pytest.raises(RecordError, match=r"'mlp', tag 'weights/a', step 1 in .*tfevents.*corrupt"):
        reader.read("mlp", "weights/a", 1)
    assert isinstance(reader.read("mlp", "weights/a", 0), TileArray)
    assert isinstance(reader.read("mlp", "weights/a", 2), TileArray)


def test_a_tag_whose_first_record_is_corrupt_is_known_from_the_next(tmp_path: Path) -> None:
    log(tmp_path / "mlp", 0, 1)
    corrupt_record(tmp_path / "mlp", 0)
    assert LogReader(tmp_path).tags("mlp") == {"weights/a": "tiles"}


def test_a_tag_that_was_unreadable_is_readable_once_an_intact_record_is_there(
    tmp_path: Path,
) -> None:
    log(tmp_path / "mlp", 0)
    corrupt_record(tmp_path / "mlp", 0)
    reader = LogReader(tmp_path)
    assert reader.tags("mlp") == {}
    (reason,) = reader.skipped("mlp")
    assert "corrupt" in reason
    log(tmp_path / "mlp", 1)
    assert reader.tags("mlp") == {"weights/a": "tiles"}
    assert reader.skipped("mlp") == []


def test_a_corrupt_length_is_said_and_what_is_before_it_is_readable(tmp_path: Path) -> None:
    log(tmp_path / "mlp", 0, 1)
    directory = EventDirectory(tmp_path / "mlp" / "nnviz")
    directory.refresh()
    record = directory.records[1]
    data = bytearray(record.path.read_bytes())
    data[record.span.offset - 12] ^= 1
    record.path.write_bytes(data)
    reader = LogReader(tmp_path)
    assert reader.steps("mlp", "weights/a") == [0]
    (problem,) = reader.skipped("mlp")
    assert "nothing behind it can be read" in problem


@pytest.mark.parametrize(
    "changes",
    [
        {"plugin_name": "other"},
        {"content": b"not json"},
        {"content": b'{"format":"nnviz","version":1,"kind":"hologram","view":"h","source":{}}'},
    ],
)
def test_a_tag_that_cannot_be_understood_is_skipped_and_said(
    tmp_path: Path, changes: dict[str, Any]
) -> None:
    log(tmp_path / "mlp", 0)
    event = written_event(tmp_path / "mlp")
    fields = {"plugin_name": event.plugin_name, "content": event.content, **changes}
    append(tmp_path / "mlp", BlobEvent("weights/odd", 0, 1.0, event.blobs, **fields))
    reader = LogReader(tmp_path)
    assert reader.tags("mlp") == {"weights/a": "tiles"}
    (reason,) = reader.skipped("mlp")
    assert reason.startswith("weights/odd: ")
    assert len(reason) > len("weights/odd: ")


def test_a_run_that_was_deleted_is_no_run_and_stops_nothing(tmp_path: Path) -> None:
    log(tmp_path / "mlp", 0)
    log(tmp_path / "cnn", 0)
    reader = LogReader(tmp_path)
    assert reader.runs() == ["cnn", "mlp"]
    shutil.rmtree(tmp_path / "mlp")
    assert reader.runs() == ["cnn"]


def test_a_run_that_was_deleted_and_logged_anew_shows_the_new_log(tmp_path: Path) -> None:
    log(tmp_path / "mlp", 0, 1)
    reader = LogReader(tmp_path)
    assert reader.steps("mlp", "weights/a") == [0, 1]
    shutil.rmtree(tmp_path / "mlp")
    log(tmp_path / "mlp", 7)
    assert reader.steps("mlp", "weights/a") == [7]


def test_metadata_stays_with_its_run_when_another_run_takes_its_name(tmp_path: Path) -> None:
    log(tmp_path / "mlp", 0)
    reader = LogReader(tmp_path)
    assert reader.tags("mlp") == {"weights/a": "tiles"}
    # A log right in <log_dir>: both would be called "mlp", so each gets its full name.
    event = written_event(tmp_path / "mlp")
    writer = EventFileWriter(tmp_path / "mlp")
    writer.write(BlobEvent("weights/a", 0, 1.0, event.blobs, "nnviz", newer(event.content)))
    writer.close()
    assert reader.runs() == ["mlp", "mlp/nnviz"]
    assert reader.tags("mlp") == {}
    assert reader.tags("mlp/nnviz") == {"weights/a": "tiles"}


def test_metadata_goes_with_the_log_that_was_deleted(tmp_path: Path) -> None:
    log(tmp_path / "mlp", 0)
    event = written_event(tmp_path / "mlp")
    reader = LogReader(tmp_path)
    assert reader.tags("mlp") == {"weights/a": "tiles"}
    shutil.rmtree(tmp_path / "mlp")
    log(tmp_path / "mlp", 0, tag="weights/b")
    append(
        tmp_path / "mlp",
        BlobEvent("weights/a", 0, 1.0, event.blobs, event.plugin_name, newer(event.content)),
    )
    assert reader.tags("mlp") == {"weights/b": "tiles"}
    (reason,) = reader.skipped("mlp")
    assert "newer tb_nnviz" in reason
