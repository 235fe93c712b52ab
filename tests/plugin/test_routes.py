"""The plugin over real event files, in both of TensorBoard's loaders."""

from __future__ import annotations

import json
import logging
import struct
from collections.abc import Callable, Iterator
from importlib.metadata import version
from pathlib import Path
from typing import Any, Literal

import numpy as np
import pytest
from tensorboard.backend import application
from tensorboard.plugins import base_plugin

from tb_nnviz import Histogram, LogReader, LogWriter, NNViz, TileArray
from tb_nnviz.event_files import events
from tb_nnviz.plugin.arguments import RequestError, parse_run
from tb_nnviz.plugin.nnviz_plugin import NNVizPlugin
from tb_nnviz.records import Source, decode_record
from tests.conftest import Digits
from tests.tensorboard_loaders import LOADERS, PluginClient, open_tensorboard

FIRST_LAYER = "weights/dense/kernel"


@pytest.fixture(scope="module", params=LOADERS)
def client(request: pytest.FixtureRequest, two_runs: Path) -> Iterator[PluginClient]:
    with open_tensorboard(two_runs, request.param) as opened:
        yield opened


def split_batch(data: bytes) -> list[tuple[int, list[bytes]]]:
    """Status and blobs of each item of a batch, read by the description in http_api.md."""
    assert data[:4] == b"NNVZ"
    version, count = struct.unpack_from("<II", data, 4)
    assert version == 1
    position, table = 12, []
    for _ in range(count):
        status, num_blobs = struct.unpack_from("<II", data, position)
        table.append((status, struct.unpack_from(f"<{num_blobs}I", data, position + 8)))
        position += 8 + 4 * num_blobs
    items = []
    position += -position % 8
    for status, lengths in table:
        blobs = []
        for length in lengths:
            blobs.append(data[position : position + length])
            position += length + (-length % 8)
        items.append((status, blobs))
    assert position == len(data)
    return items


def item(run: str, tag: str, step: object) -> tuple[str, str]:
    return ("item", json.dumps([run, tag, step]))


def client_of_provider(data_provider: Any) -> PluginClient:
    """The plugin over a data provider, without its loader."""
    plugin = NNVizPlugin(base_plugin.TBContext(data_provider=data_provider, logdir="x"))
    return PluginClient(application.TensorBoardWSGI([plugin]))


def test_index_lists_both_runs_with_the_same_tags_and_every_step(client: PluginClient) -> None:
    runs = client.index()
    assert list(runs) == ["mlp-100", "mlp-400"]
    tags = {name: [tag["tag"] for tag in run["tags"]] for name, run in runs.items()}
    assert tags["mlp-100"] == tags["mlp-400"]
    # In the order of the network; a layer's tags by name, and last what is of no single layer.
    expected = [
        tag
        for layer in ("dense", "dense_1")
        for tag in (
            f"histograms/{layer}/bias",
            f"histograms/{layer}/kernel",
            f"templates/{layer}",
            f"templates/{layer}/offset",
            f"weights/{layer}/bias",
            f"weights/{layer}/kernel",
        )
    ]
    # The hidden layer feeds the scores.
    expected.insert(expected.index("templates/dense/offset"), "templates/dense/class_weights")
    assert tags["mlp-100"] == [*expected, "graph"]
    for name, run in runs.items():
        assert run["run"] == f"{name}/nnviz"
        # The graph is logged once.
        logged = sorted((series["steps"], series["logged"]) for series in run["series"])
        assert logged == [([0], 1), ([0, 1, 2, 3], 4)]
        assert run["notices"] == run["skipped"] == []


def test_a_tag_says_where_its_values_come_from(client: PluginClient) -> None:
    tags = client.index()["mlp-400"]["tags"]
    source = next(tag["source"] for tag in tags if tag["tag"] == FIRST_LAYER)
    assert source["layer_type"] == "Dense"
    assert source["layer_path"] == "dense"
    assert source["variable_shape"] == [784, 40]


def test_timeline_says_when_each_step_was_taken(client: PluginClient) -> None:
    moments = client.get_json("timeline", [("run", "mlp-100/nnviz")])["moments"]
    assert [moment["step"] for moment in moments] == [0, 1, 2, 3]
    assert [moment["epoch"] for moment in moments] == [0.0, 1.0, 2.0, 3.0]
    assert [moment["phase"] for moment in moments] == ["before", "during", "during", "during"]
    # 100 images in batches of 32 are 4 batches an epoch.
    assert [moment["batch"] for moment in moments] == [0, 4, 8, 12]


def test_records_are_those_of_log_reader(client: PluginClient, two_runs: Path) -> None:
    asked = [("mlp-100", FIRST_LAYER, 3), ("mlp-400", FIRST_LAYER, 0)]
    arguments = [item(f"{run}/nnviz", tag, step) for run, tag, step in asked]
    paint = split_batch(client.get("records", arguments).get_data())
    fine = split_batch(client.get("records", [*arguments, ("parts", "fine")]).get_data())
    reader = LogReader(two_runs)
    for (run, tag, step), (status, painted), (_, exact) in zip(asked, paint, fine, strict=True):
        assert status == 200
        # Header, statistics, high; header, low.
        served = decode_record([*painted, exact[1]])
        logged = reader.read(run, tag, step)
        assert isinstance(served, TileArray)
        assert isinstance(logged, TileArray)
        np.testing.assert_array_equal(served.values, logged.values)
        assert served.moment == logged.moment


@pytest.mark.parametrize("loader", LOADERS)
def test_histograms_are_served_whole_with_what_is_needed_to_paint(
    tmp_path: Path, loader: str
) -> None:
    tag, tiles_tag = "histograms/hidden", "weights/hidden"
    random = np.random.default_rng(9)
    with LogWriter(tmp_path / "run") as writer:
        for step in range(3):
            values = random.normal(size=(2, 9, 9))
            values[0, 0, :step] = np.nan
            writer.histogram(tag, values, step=step, source=Source(layer_index=0))
            writer.tiles(tiles_tag, values, axes=("unit", "height", "width"), step=step)
    arguments = [item("run/nnviz", tag, 2), item("run/nnviz", tiles_tag, 2)]
    with open_tensorboard(tmp_path, loader) as client:
        run = client.index()["run"]
        assert [(found["tag"], found["kind"], found["view"]) for found in run["tags"]] == [
            (tag, "histogram", "histograms"),
            (tiles_tag, "tiles", "weights"),
        ]
        assert run["tags"][0]["source"] == {"layer_index": 0}
        assert [(series["steps"], series["logged"]) for series in run["series"]] == [([0, 1, 2], 3)]
        moments = client.get_json("timeline", [("run", "run/nnviz")])["moments"]
        assert [moment["step"] for moment in moments] == [0, 1, 2]
        paint = split_batch(client.get("records", arguments).get_data())
        fine = split_batch(client.get("records", [*arguments, ("parts", "fine")]).get_data())
    assert [status for status, _ in (*paint, *fine)] == [200] * 4
    served, logged = decode_record(paint[0][1]), LogReader(tmp_path).read("run", tag, 2)
    assert isinstance(served, Histogram)
    assert isinstance(logged, Histogram)
    np.testing.assert_array_equal(served.counts, logged.counts)
    assert (served.exponent, served.first) == (logged.exponent, logged.first)
    assert (served.nan_count, served.mean, served.update_ratio, served.moment) == (
        2,
        logged.mean,
        logged.update_ratio,
        logged.moment,
    )
    # No low bytes: the header alone.
    assert len(fine[0][1]) == 1


def test_one_unknown_item_does_not_spoil_the_others(client: PluginClient) -> None:
    arguments = [
        item("mlp-100/nnviz", FIRST_LAYER, 99),
        item("mlp-100/nnviz", FIRST_LAYER, 1),
    ]
    items = split_batch(client.get("records", arguments).get_data())
    assert [status for status, _ in items] == [404, 200]
    assert "index" in json.loads(items[0][1][0])["message"]


@pytest.mark.parametrize(
    ("route", "arguments", "code", "argument"),
    [
        ("timeline", [], 400, "run"),
        ("timeline", [("run", "")], 400, "run"),
        ("timeline", [("run", "a"), ("run", "b")], 400, "run"),
        ("timeline", [("run", "mlp-9/nnviz")], 404, "run"),
        ("records", [], 400, "item"),
        ("records", [("item", "mlp")], 400, "item"),
        ("records", [("item", '["mlp-100/nnviz", "x"]')], 400, "item"),
        ("records", [item("mlp-100/nnviz", FIRST_LAYER, "0")], 400, "item"),
        ("records", [item("mlp-100/nnviz", FIRST_LAYER, True)], 400, "item"),
        ("records", [item("mlp-100/nnviz", FIRST_LAYER, -1)], 400, "item"),
        ("records", [item("mlp-100/nnviz", FIRST_LAYER, 2**70)], 400, "item"),
        ("records", [("item", "[" * 100_000)], 400, "item"),
        ("records", [("item", '["\\ud800", "x", 0]')], 400, "item"),
        ("records", [("item", '["mlp-100/nnviz", "\\udfff", 0]')], 400, "item"),
        ("records", [item("één", "\U0001f600", 0)], 404, "run"),
        ("records", [item("mlp-100/nnviz", FIRST_LAYER, 0)] * 129, 400, "item"),
        ("records", [item("a", "b", 0), ("parts", "all")], 400, "parts"),
        ("records", [item("mlp-9/nnviz", FIRST_LAYER, 0)], 404, "run"),
        ("records", [item("mlp-100/nnviz", "weights/no", 0)], 404, "tag"),
        ("records", [item("mlp-100/nnviz", FIRST_LAYER, 99)], 404, "step"),
        ("static/nothing.js", [], 404, "path"),
        ("static/../nnviz_plugin.py", [], 404, "path"),
        ("static/%2e%2e/nnviz_plugin.py", [], 404, "path"),
        ("static//etc/passwd", [], 404, "path"),
    ],
)
def test_a_bad_request_is_answered_with_the_argument_and_what_is_accepted(
    client: PluginClient, route: str, arguments: list[tuple[str, str]], code: int, argument: str
) -> None:
    response = client.get(route, arguments)
    assert response.status_code == code
    error = json.loads(response.get_data())["error"]
    assert error["code"] == code
    assert error["argument"] == argument
    assert error["message"]
    assert "value" in error


def test_a_run_with_half_of_a_surrogate_pair_is_refused() -> None:
    with pytest.raises(RequestError, match="give `run` once") as raised:
        parse_run(["run-\ud800"])
    assert (raised.value.code, raised.value.argument) == (400, "run")


def test_an_error_that_names_text_utf8_cannot_hold_is_answered_as_json(
    caplog: pytest.LogCaptureFixture,
) -> None:
    # What is logged would be part of the test's report, which cannot hold it either.
    caplog.set_level(logging.CRITICAL, "tb_nnviz")
    # A name of a run that the file system has and UTF-8 has not.
    name = "run-\udcff"

    class NamingProvider:
        def list_blob_sequences(self, *args: object, **kwargs: object) -> None:
            raise RuntimeError(name)

        read_blob_sequences = list_blob_sequences

    response = client_of_provider(NamingProvider()).get("index")
    assert response.status_code == 503
    assert name in json.loads(response.get_data())["error"]["message"]


@pytest.mark.parametrize("method", ["POST", "PUT", "DELETE", "PATCH"])
def test_only_get_and_head_are_answered(client: PluginClient, method: str) -> None:
    response = client.request(method, "index")
    assert response.status_code == 405
    assert response.headers["Allow"] == "GET, HEAD"


def test_head_has_the_headers_of_get_and_no_body(client: PluginClient) -> None:
    response = client.request("HEAD", "index")
    assert response.status_code == 200
    assert response.get_data() == b""


@pytest.mark.parametrize("loader", LOADERS)
def test_sixty_steps_are_all_there_without_a_flag_and_sampled_ones_are_counted(
    loader: str, tmp_path: Path
) -> None:
    # 60 steps of 400 KB: by default TensorBoard would keep ten, and not the first.
    random = np.random.default_rng(0)
    values = random.normal(size=(256, 28, 28)).astype(np.float32)
    with LogWriter(tmp_path / "long") as writer:
        for step in range(60):
            values[step, 0, 0] = step
            writer.tiles("weights/x", values, axes=("unit", "height", "width"), step=step)
    event_file = next((tmp_path / "long" / "nnviz").iterdir())
    assert event_file.stat().st_size > 60 * 400_000
    with open_tensorboard(tmp_path, loader) as client:
        assert client.steps("long", "weights/x") == list(range(60))
        for first in (0, 30):
            arguments = [item("long/nnviz", "weights/x", step) for step in range(first, first + 30)]
            items = split_batch(client.get("records", arguments).get_data())
            assert [status for status, _ in items] == [200] * 30
    with open_tensorboard(tmp_path, loader, "--samples_per_plugin=nnviz=10") as client:
        series = client.index()["long"]["series"][0]
        assert len(series["steps"]) == 10
        assert series["steps"][-1] == 59
        assert series["logged"] == 60


@pytest.mark.parametrize("loader", LOADERS)
def test_corrupt_and_newer_records_are_named_and_the_rest_is_shown(
    loader: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    values = np.arange(3 * 8 * 8, dtype=np.float32).reshape(3, 8, 8)
    axes = ("unit", "height", "width")
    original = events.BlobEvent

    def spoiled(**fields: Any) -> events.BlobEvent:
        header, *payloads = fields["blobs"]
        if fields["tag"] == "weights/corrupt" and fields["step"] == 1:
            payloads[-2] = bytes([payloads[-2][0] ^ 1]) + payloads[-2][1:]
        if fields["tag"] == "weights/newer":
            fields["content"] = fields["content"].replace(b'"version":1', b'"version":2')
            header = header.replace(b'"version":1', b'"version":2')
        return original(**{**fields, "blobs": (header, *payloads)})

    monkeypatch.setattr("tb_nnviz.writing.run_log.BlobEvent", spoiled)
    with LogWriter(tmp_path / "run") as writer:
        for step in range(2):
            for name in ("good", "corrupt", "newer"):
                writer.tiles(f"weights/{name}", values + step, axes=axes, step=step)
    with open_tensorboard(tmp_path, loader) as client:
        run = client.index()["run"]
        assert [tag["tag"] for tag in run["tags"]] == ["weights/corrupt", "weights/good"]
        assert [skipped["tag"] for skipped in run["skipped"]] == ["weights/newer"]
        assert "newer tb_nnviz" in run["skipped"][0]["reason"]
        arguments = [
            item("run/nnviz", f"weights/{name}", step)
            for name, step in (("good", 1), ("corrupt", 0), ("corrupt", 1))
        ]
        items = split_batch(client.get("records", arguments).get_data())
        assert [status for status, _ in items] == [200, 200, 422]
        assert "checksum" in json.loads(items[2][1][0])["message"]


@pytest.mark.parametrize("loader", LOADERS)
def test_a_tag_and_a_record_with_half_of_a_surrogate_pair_are_named_and_the_rest_is_shown(
    loader: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    values = np.arange(3 * 8 * 8, dtype=np.float32).reshape(3, 8, 8)
    original = events.BlobEvent

    def spoiled(**fields: Any) -> events.BlobEvent:
        header, *payloads = fields["blobs"]
        if fields["tag"] == "weights/metadata":
            fields["content"] = fields["content"].replace(b'"dense"', b'"\\ud800"')
        if fields["tag"] == "weights/header" and fields["step"] == 1:
            header = header.replace(b'"a note"', b'"\\udfff"')
        return original(**{**fields, "blobs": (header, *payloads)})

    monkeypatch.setattr("tb_nnviz.writing.run_log.BlobEvent", spoiled)
    with LogWriter(tmp_path / "run") as writer:
        for step in range(2):
            for name in ("good", "header", "metadata"):
                writer.tiles(
                    f"weights/{name}",
                    values + step,
                    axes=("unit", "height", "width"),
                    step=step,
                    notes=["a note"],
                    source=Source(layer_path="dense"),
                )
    with open_tensorboard(tmp_path, loader) as client:
        run = client.index()["run"]
        assert [tag["tag"] for tag in run["tags"]] == ["weights/good", "weights/header"]
        assert [skipped["tag"] for skipped in run["skipped"]] == ["weights/metadata"]
        assert "'source' of the metadata has half of a surrogate" in run["skipped"][0]["reason"]
        arguments = [item("run/nnviz", f"weights/{name}", 1) for name in ("good", "header")]
        items = split_batch(client.get("records", arguments).get_data())
        assert [status for status, _ in items] == [200, 422]
        assert "'notes' of the header" in json.loads(items[1][1][0])["message"]


@pytest.mark.parametrize("precision", ["float32", "uint16", "uint8"])
def test_parts_statistics_of_tiles_are_their_numbers_alone(
    precision: Literal["float32", "uint16", "uint8"], tmp_path: Path
) -> None:
    values = np.random.default_rng(3).normal(size=(3, 64, 64)).astype(np.float32)
    with LogWriter(tmp_path / "run") as writer:
        axes = ("unit", "height", "width")
        writer.tiles("weights/x", values, axes=axes, step=0, precision=precision)
        writer.histogram("histograms/x", values, step=0)
    with open_tensorboard(tmp_path, "python") as client:
        arguments = [item("run/nnviz", f"{view}/x", 0) for view in ("weights", "histograms")]
        painted = split_batch(client.get("records", arguments).get_data())
        statistics = split_batch(
            client.get("records", [*arguments, ("parts", "statistics")]).get_data()
        )
    # Header, statistics, values.
    assert statistics[0] == (200, painted[0][1][:2])
    assert statistics[1] == (200, painted[1][1][:2])
    (header, rows) = statistics[0][1]
    names = json.loads(header)["statistics"]
    found = np.frombuffer(rows, np.float64).reshape(len(names), 3)[names.index("max")]
    np.testing.assert_array_equal(found, values.max(axis=(1, 2)).astype(np.float64))


@pytest.mark.parametrize("precision", ["float32", "uint8"])
def test_parts_fine_of_a_record_without_fine_blobs_gives_its_header_alone(
    precision: Literal["float32", "uint8"], tmp_path: Path
) -> None:
    values = np.arange(3 * 8 * 8, dtype=np.float32).reshape(3, 8, 8)
    axes = ("unit", "height", "width")
    with LogWriter(tmp_path / "run") as writer:
        writer.tiles("weights/x", values, axes=axes, step=0, precision=precision)
    with open_tensorboard(tmp_path, "python") as client:
        arguments = [item("run/nnviz", "weights/x", 0)]
        ((_, (header, *painted)),) = split_batch(client.get("records", arguments).get_data())
        fine = split_batch(client.get("records", [*arguments, ("parts", "fine")]).get_data())
    assert fine == [(200, [header])]
    assert decode_record([header, *painted]) is not None


@pytest.mark.parametrize("loader", LOADERS)
def test_timelines_epoch_and_batch_restart_with_each_fit_and_its_step_goes_on(
    loader: str, tmp_path: Path, digits: Digits, make_mlp: Callable[..., Any]
) -> None:
    images, labels = (part[:64] for part in digits)
    model = make_mlp()
    for _ in range(2):
        model.fit(
            images, labels, epochs=1, batch_size=32, verbose=0, callbacks=[NNViz(tmp_path / "run")]
        )
    with open_tensorboard(tmp_path, loader) as client:
        moments = client.get_json("timeline", [("run", "run/nnviz")])["moments"]
    assert [moment["step"] for moment in moments] == list(range(len(moments)))
    assert [(moment["fit"], moment["epoch"], moment["batch"]) for moment in moments] == [
        (1, 0.0, 0),
        (1, 1.0, 2),
        (2, 0.0, 0),
        (2, 1.0, 2),
    ]


@pytest.mark.parametrize("loader", LOADERS)
def test_an_empty_log_has_an_empty_index(loader: str, tmp_path: Path) -> None:
    with open_tensorboard(tmp_path, loader) as client:
        index = client.get_json("index")
    assert (index["version"], index["runs"]) == (1, [])


@pytest.mark.parametrize("loader", LOADERS)
def test_an_index_names_the_log_and_the_version_of_what_reads_it(
    loader: str, tmp_path: Path
) -> None:
    (tmp_path / "my logs").mkdir()
    with open_tensorboard(tmp_path / "my logs", loader) as client:
        index = client.get_json("index")
    assert index["log"] == "my logs"
    assert index["tb_nnviz"] == version("tb-nnviz")


def test_a_provider_that_fails_is_reported_as_json() -> None:
    class BrokenProvider:
        def list_blob_sequences(self, *args: object, **kwargs: object) -> None:
            raise RuntimeError("out of service")

        read_blob_sequences = list_blob_sequences

    response = client_of_provider(BrokenProvider()).get("index")
    assert response.status_code == 503
    assert "RuntimeError: out of service" in json.loads(response.get_data())["error"]["message"]
