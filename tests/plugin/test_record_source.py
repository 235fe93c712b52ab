"""Reading through a data provider: many blobs wait at once, and one failure is one record's."""

from __future__ import annotations

import threading
from collections.abc import Callable
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
from tb_nnviz.records.tile_array import Precision

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
        self.num_listings = 0
        self.keys_read: list[str] = []

    def list_blob_sequences(self, *args: object, **kwargs: object) -> dict[str, Any]:
        self._barrier.wait()
        return {RUN: {tag: SimpleNamespace(plugin_content=b"") for tag in self._series}}

    def read_blob_sequences(self, *args: object, **kwargs: object) -> dict[str, Any]:
        self.num_listings += 1
        return {RUN: self._series}

    def read_blob(self, context: object, *, blob_key: str) -> bytes:
        self._barrier.wait()
        self.keys_read.append(blob_key)
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


def test_headers_and_payloads_of_a_batch_of_tiles_are_read_at_once(logdir: Path) -> None:
    # One that waited for headers first would wait at the barrier for ever: 18 blobs come together.
    provider = Provider(logdir, num_together=3 * NUM_STEPS)
    answers = Queries(RecordSource(provider), str(logdir)).records(None, "", items(), "paint")
    assert [answer.status for answer in answers] == [200] * NUM_STEPS
    assert {len(answer.blobs) for answer in answers} == {3}


def test_what_a_header_lists_beyond_the_likely_blobs_is_read_after_it(logdir: Path) -> None:
    provider = Provider(logdir)
    queries = Queries(RecordSource(provider), str(logdir))
    answers = queries.records(None, "", [RecordItem(RUN, "weights/a", 1)], "fine")
    assert [(answer.status, len(answer.blobs)) for answer in answers] == [(200, 2)]
    assert provider.keys_read == ["weights/a 1 0", "weights/a 1 3"]


def test_what_a_header_that_was_read_before_lists_is_read_at_once_with_it(logdir: Path) -> None:
    provider = Provider(logdir)
    queries = Queries(RecordSource(provider), str(logdir))
    queries.records(None, "", items(), "paint")
    vars(provider).update(vars(Provider(logdir, num_together=2 * NUM_STEPS)))
    answers = queries.records(None, "", items(), "fine")
    assert [(answer.status, len(answer.blobs)) for answer in answers] == [(200, 2)] * NUM_STEPS


def test_where_records_are_is_asked_for_once(logdir: Path) -> None:
    provider = Provider(logdir)
    queries = Queries(RecordSource(provider), str(logdir))
    for item in items():
        queries.records(None, "", [item], "paint")
    assert provider.num_listings == 1


def test_the_records_that_an_index_has_listed_are_not_listed_again(logdir: Path) -> None:
    provider = Provider(logdir)
    source = RecordSource(provider)
    source.read_everything(None, "")
    Queries(source, str(logdir)).records(None, "", items(), "paint")
    assert provider.num_listings == 1


# What is logged in place of what `eyes` logs; payloads that are equal have equal checksums.
OTHERS: dict[str, Callable[[LogWriter, int, Precision], object]] = {
    "another size": lambda writer, step, _: writer.tiles(
        "weights/a", np.ones((5, 5)) * step, axes=("height", "width"), step=step
    ),
    "equal payloads": lambda writer, step, precision: eyes(writer, step, precision, "another"),
    "more blobs": lambda writer, step, _: writer.confusion(
        "weights/a", [0, 1], np.eye(2), samples=np.ones((2, 3, 4)) * step, step=step
    ),
}


def eyes(writer: LogWriter, step: int, precision: Precision, *notes: str) -> None:
    axes = ("height", "width")
    values = np.eye(9) * step
    writer.tiles("weights/a", values, axes=axes, step=step, precision=precision, notes=notes)


@pytest.mark.parametrize("num_steps", [NUM_STEPS, NUM_STEPS - 1])
@pytest.mark.parametrize("part", ["paint", "fine", "statistics"])
@pytest.mark.parametrize("precision", ["uint16", "float32"])  # of which the last has nothing fine
@pytest.mark.parametrize("other", OTHERS)
def test_a_log_that_was_replaced_is_answered_as_it_is_now(
    other: str, precision: Precision, part: str, num_steps: int, tmp_path: Path
) -> None:
    with LogWriter(tmp_path / "before" / "run") as writer:
        for step in range(NUM_STEPS):
            eyes(writer, step, precision)
    provider = Provider(tmp_path / "before")
    queries = Queries(RecordSource(provider), "")
    before = queries.records(None, "", items(), part)
    with LogWriter(tmp_path / "now" / "run") as writer:
        for step in range(num_steps):
            OTHERS[other](writer, step, precision)
    # Of the same keys, as the data server makes them of run, tag, step and index.
    vars(provider).update(vars(Provider(tmp_path / "now")))
    after = queries.records(None, "", items(), part)
    num_gone = NUM_STEPS - num_steps
    assert [answer.status for answer in after] == [200] * num_steps + [404] * num_gone
    fresh = Queries(RecordSource(Provider(tmp_path / "now")), "").records(None, "", items(), part)
    assert [answer.blobs for answer in after] == [answer.blobs for answer in fresh]
    assert [answer.blobs for answer in after] != [answer.blobs for answer in before]


def test_a_log_that_is_put_back_after_another_was_read_in_its_place_has_its_own_moments(
    tmp_path: Path,
) -> None:
    for name in ("first", "other"):
        with LogWriter(tmp_path / name / "run") as writer:
            eyes(writer, 0, "uint16", name)
            writer.histogram("histograms/a", np.eye(9), step=0)
    provider = Provider(tmp_path / "first")
    queries = Queries(RecordSource(provider), "")
    first = queries.timeline(None, "", RUN)
    for tag in ("histograms/a", "weights/a"):
        vars(provider).update(vars(Provider(tmp_path / "other")))
        queries.records(None, "", [RecordItem(RUN, tag, 0)], "paint")
    vars(provider).update(vars(Provider(tmp_path / "first")))
    assert queries.timeline(None, "", RUN) == first


def test_a_step_that_is_new_is_found(logdir: Path, tmp_path: Path) -> None:
    with LogWriter(tmp_path / "run") as writer:
        writer.tiles("weights/a", np.eye(9), axes=("height", "width"), step=0)
    provider = Provider(tmp_path)
    queries = Queries(RecordSource(provider), "")
    queries.records(None, "", items()[:1], "paint")
    vars(provider).update(vars(Provider(logdir)))
    answers = queries.records(None, "", items()[1:], "paint")
    assert [answer.status for answer in answers] == [200] * (NUM_STEPS - 1)


def test_an_index_lists_and_reads_at_once(logdir: Path) -> None:
    class Together(Provider):
        def read_blob_sequences(self, *args: object, **kwargs: object) -> dict[str, Any]:
            self._barrier.wait()
            return super().read_blob_sequences()

    contents, series = RecordSource(Together(logdir, num_together=2)).read_everything(None, "")
    assert list(contents) == list(series) == [RUN]


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
    (record, *_) = source.read_series(None, "", RUN)["weights/a"]
    assert source.read_header(None, record) is source.read_header(None, record)
    with pytest.raises(RecordError, match="blob 9 is missing"):
        source.read_blob(None, record, 9)
