"""Reading through a data provider: many blobs wait at once, and one failure is one record's."""

from __future__ import annotations

import threading
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import numpy as np
import pytest

from tb_nnviz import LogWriter, RecordError
from tb_nnviz.event_files.directory import EventDirectory, read_event
from tb_nnviz.plugin.arguments import RecordItem
from tb_nnviz.plugin.queries import Queries
from tb_nnviz.plugin.record_source import RecordSource

RUN = "run/nnviz"
NUM_STEPS = 6


class Provider:
    """The blobs of a log, each read only when ``num_together`` readers wait; or never."""

    def __init__(
        self, logdir: Path, num_together: int = 1, broken: frozenset[str] = frozenset()
    ) -> None:
        index = EventDirectory(logdir / "run" / "nnviz")
        index.refresh()
        self._blobs: dict[str, bytes] = {}
        self._series: dict[str, list[Any]] = {}
        for record in index.records:
            event = read_event(record)
            keys = []
            for place, blob in enumerate(event.blobs):
                keys.append(f"{record.tag} {record.step} {place}")
                self._blobs[keys[-1]] = blob
            datum = SimpleNamespace(
                step=event.step,
                wall_time=event.wall_time,
                values=[SimpleNamespace(blob_key=key) for key in keys],
            )
            self._series.setdefault(record.tag, []).append(datum)
        self._barrier = threading.Barrier(num_together, timeout=10)
        self._broken = broken

    def read_blob_sequences(self, *args: object, **kwargs: object) -> dict[str, Any]:
        return {RUN: self._series}

    def read_blob(self, context: object, *, blob_key: str) -> bytes:
        self._barrier.wait()
        if blob_key in self._broken:
            raise ConnectionResetError("the data server went away")  # no error TensorBoard defines
        return self._blobs[blob_key]


@pytest.fixture(scope="module")
def logdir(tmp_path_factory: pytest.TempPathFactory) -> Path:
    directory = tmp_path_factory.mktemp("log")
    with LogWriter(directory / "run") as writer:
        for step in range(NUM_STEPS):
            writer.tiles("weights/a", np.eye(9) * step, axes=("height", "width"), step=step)
    return directory


def items() -> list[RecordItem]:
    return [RecordItem(RUN, "weights/a", step) for step in range(NUM_STEPS)]


def test_the_headers_of_a_batch_are_read_at_once_and_then_its_payloads(logdir: Path) -> None:
    # One that reads after another would wait at the barrier for ever: 6 headers, then 12 blobs.
    queries = Queries(RecordSource(Provider(logdir, num_together=NUM_STEPS)), str(logdir))
    answers = queries.records(None, "", items(), "paint")
    assert [answer.status for answer in answers] == [200] * NUM_STEPS
    assert {len(answer.blobs) for answer in answers} == {3}


def test_the_moments_of_a_timeline_are_read_at_once(logdir: Path) -> None:
    queries = Queries(RecordSource(Provider(logdir, num_together=NUM_STEPS)), str(logdir))
    moments = queries.timeline(None, "", RUN)["moments"]
    assert [moment["step"] for moment in moments] == list(range(NUM_STEPS))


@pytest.mark.parametrize("place", [0, 1, 2])
def test_a_blob_that_the_provider_cannot_give_is_its_records_failure_alone(
    place: int, logdir: Path
) -> None:
    provider = Provider(logdir, broken=frozenset({f"weights/a 3 {place}"}))
    answers = Queries(RecordSource(provider), str(logdir)).records(None, "", items(), "paint")
    assert [answer.status for answer in answers] == [200, 200, 200, 422, 200, 200]
    assert "the data server went away" in answers[3].message


def test_a_step_whose_header_cannot_be_read_is_left_out_of_the_timeline(logdir: Path) -> None:
    provider = Provider(logdir, broken=frozenset({"weights/a 3 0"}))
    moments = Queries(RecordSource(provider), str(logdir)).timeline(None, "", RUN)["moments"]
    assert [moment["step"] for moment in moments] == [0, 1, 2, 4, 5]


def test_a_header_is_read_once(logdir: Path) -> None:
    source = RecordSource(Provider(logdir))
    (record, *_) = source.read_series(None, "")[RUN]["weights/a"]
    assert source.read_header(None, record) is source.read_header(None, record)
    with pytest.raises(RecordError, match="blob 9 is missing"):
        source.read_blob(None, record, 9)
