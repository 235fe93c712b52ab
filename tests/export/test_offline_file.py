"""A log as one HTML file: what it holds is what the routes answer of it."""

from __future__ import annotations

import base64
import json
import re
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from tb_nnviz import LogWriter
from tb_nnviz.cli import main
from tb_nnviz.event_files.events import BlobEvent
from tb_nnviz.export import export_html
from tb_nnviz.records import build_tile_array
from tests.end_to_end import confusion_logs
from tests.end_to_end.run_writer import source, written_run
from tests.export.logs import TILE_AXES, spoil_payloads, write_units
from tests.fixtures.make_offline_page import PAGE, make_page
from tests.plugin.test_routes import item, split_batch
from tests.tensorboard_loaders import open_tensorboard


def contents_of(path: Path) -> dict[str, Any]:
    """The JSON in a file."""
    found = re.search(r'id="nnviz-contents">(.*?)</script>', path.read_text("utf-8"))
    assert found is not None
    contents: dict[str, Any] = json.loads(found[1])
    return contents


def blobs_of(path: Path, part: str) -> dict[tuple[str, str, int], list[bytes]]:
    """Of each record in a file, the blobs that the server would answer with."""
    text = path.read_text("utf-8")
    blobs = {}
    for index, record in enumerate(contents_of(path)["records"]):
        found = re.search(rf'id="nnviz-record-{index}">(.*?)</script>', text)
        assert found is not None
        data, pieces = base64.b64decode(found[1]), []
        for length in (*record["paint"], *record["fine"]):
            pieces.append(data[:length])
            data = data[length:]
        assert data == b""
        paint, fine = pieces[: len(record["paint"])], pieces[len(record["paint"]) :]
        key = (record["run"], record["tag"], record["step"])
        blobs[key] = paint if part == "paint" else [paint[0], *fine]
    return blobs


def steps_of(path: Path) -> dict[str, list[int]]:
    """Steps by tag, of a file with one run."""
    (run,) = contents_of(path)["index"]["runs"]
    return {tag["tag"]: run["series"][tag["series"]]["steps"] for tag in run["tags"]}


def test_a_file_holds_what_the_routes_answer(two_runs: Path, tmp_path: Path) -> None:
    path = tmp_path / "all.html"
    exported = export_html(two_runs, path)
    assert exported.problems == ()
    assert exported.size_in_bytes == path.stat().st_size
    contents = contents_of(path)
    with open_tensorboard(two_runs, "python") as client:
        assert contents["index"] == client.get_json("index")
        for run in contents["index"]["runs"]:
            answer = client.get_json("timeline", [("run", run["run"])])
            assert contents["timelines"][run["run"]] == answer
        for part in ("paint", "fine"):
            held = blobs_of(path, part)
            keys = list(held)
            logged = {
                (run["run"], tag["tag"], step)
                for run in contents["index"]["runs"]
                for tag in run["tags"]
                for step in run["series"][tag["series"]]["steps"]
            }
            assert logged == {key for key in keys if key[1] != "notices"}
            for start in range(0, len(keys), 100):
                some = keys[start : start + 100]
                arguments = [*(item(*key) for key in some), ("parts", part)]
                answers = split_batch(client.get("records", arguments).get_data())
                for key, (status, blobs) in zip(some, answers, strict=True):
                    assert status == 200
                    assert held[key] == blobs
    assert contents["remarks"] == []
    assert contents["about"][:3] == [two_runs.name, "mlp-100, mlp-400", "steps 0 to 3"]


def test_the_page_is_the_one_that_the_screen_makes() -> None:
    assert make_page() == PAGE.read_bytes()


def write_views(log_dir: Path) -> None:
    """Weights at steps 0, 2, 4, 6; activations at 0, 3, 6; samples, pictures and class weights."""
    values = np.random.default_rng(0).normal(size=(4, 3, 3))
    with LogWriter(log_dir) as writer:
        for step in range(7):
            steps = {
                "weights/dense/kernel": step % 2 == 0,
                "activations/dense": step % 3 == 0,
                "samples": step == 0,
                "templates/dense": step % 2 == 0,
                "templates/dense/class_weights": step % 2 == 0,
            }
            for tag, is_logged in steps.items():
                if is_logged:
                    writer.tiles(tag, values + step, axes=TILE_AXES, step=step)


@pytest.mark.parametrize(
    ("step", "weights", "activations"),
    [
        ("all", [0, 2, 4, 6], [0, 3, 6]),
        ("first", [0], [0]),
        ("last", [0, 6], [0, 6]),
        (4, [0, 4], [0, 3]),
        ((3, 5), [0, 2, 4], [0, 3]),
    ],
)
def test_every_tag_has_what_it_shows_at_the_chosen_steps_and_the_first(
    tmp_path: Path, step: Any, weights: list[int], activations: list[int]
) -> None:
    write_views(tmp_path / "logs" / "run")
    path = tmp_path / "some.html"
    export_html(tmp_path / "logs", path, views=("weights", "activations"), step=step)
    # With activations come the samples that they are of.
    assert steps_of(path) == {
        "activations/dense": activations,
        "samples": [0],
        "weights/dense/kernel": weights,
    }
    assert contents_of(path)["link"] == {"view": "weights"}


def test_a_tag_comes_with_what_is_shown_below_it_and_the_file_says_what_is_left_out(
    tmp_path: Path,
) -> None:
    for run in ("a", "b"):
        write_views(tmp_path / "logs" / run)
    path = tmp_path / "some.html"
    exported = export_html(
        tmp_path / "logs", path, runs=("a",), tags=("templates/dense",), step=2, theme="dark"
    )
    assert (exported.runs, exported.num_tags, exported.num_steps) == (("a",), 2, 2)
    assert list(steps_of(path)) == ["templates/dense", "templates/dense/class_weights"]
    contents = contents_of(path)
    assert contents["remarks"] == ["1 of 2 runs", "2 of 5 tags", "2 of 4 steps"]
    assert contents["theme"] == "dark"


def test_pictures_of_samples_that_come_with_all_of_theirs_are_no_steps_of_the_file(
    tmp_path: Path,
) -> None:
    confusion_logs.write_confusion(tmp_path / "logs")
    path = tmp_path / "one.html"
    export_html(tmp_path / "logs", path, runs=("second",), views=("confusion",), step=1)
    steps = steps_of(path)
    assert steps["confusion"] == [0, 1]
    assert set(steps["confusion/samples"]) - {0, 1}
    assert contents_of(path)["remarks"] == ["1 of 2 runs", "2 of 3 steps"]


def test_a_corrupt_record_is_in_the_file_as_an_error_and_named(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    spoil_payloads(monkeypatch, {5})
    write_units(tmp_path / "logs" / "mlp")
    path = tmp_path / "x.html"
    assert main(["export", str(tmp_path / "logs"), "-o", str(path)]) == 1
    captured = capsys.readouterr()
    assert re.search(
        r"weights/hidden at step 5 cannot be read: corrupt: the checksum", captured.err
    )
    assert re.fullmatch(r"Wrote .*x\.html: 1 run, 1 tag, 3 steps, [\d.]+ MB\n", captured.out)
    statuses = [record["status"] for record in contents_of(path)["records"]]
    assert statuses == [200, 422, 200]
    ((message,),) = [blobs for (_, _, step), blobs in blobs_of(path, "paint").items() if step == 5]
    assert "checksum" in json.loads(message)["message"]


def test_a_record_without_its_payload_is_named(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def cut(**fields: Any) -> BlobEvent:
        return BlobEvent(**{**fields, "blobs": fields["blobs"][:1]})

    monkeypatch.setattr("tb_nnviz.writing.run_log.BlobEvent", cut)
    write_units(tmp_path / "logs" / "mlp", steps=1)
    exported = export_html(tmp_path / "logs", tmp_path / "x.html")
    assert exported.problems == (
        "mlp: weights/hidden at step 0 cannot be read: corrupt: blob 1 is missing",
    )


@pytest.mark.parametrize(
    ("options", "words"),
    [
        (["--run", "cnn"], "There is no run 'cnn' here; there are mlp."),
        (["--view", "graph"], "There is no view 'graph' here; there are weights."),
        (["--tag", "weights/x"], "There is no tag 'weights/x' here; there are weights/hidden."),
        (["--step", "7"], "No record is logged at step 7; there are 0, 5, 10."),
        (["--step", "1:4"], "No record is logged at steps 1:4; there are 0, 5, 10"),
        (["--where", "unit=1"], "An HTML file has no --where"),
        (["--cell-size", "4"], "An HTML file has no --cell-size"),
        (["--frame-milliseconds", "90"], "An HTML file has no --frame-milliseconds"),
    ],
)
def test_wrong_arguments_end_in_code_2_and_leave_the_file_as_it_was(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], options: list[str], words: str
) -> None:
    write_units(tmp_path / "logs" / "mlp")
    path = tmp_path / "x.html"
    path.write_text("before")
    assert main(["export", str(tmp_path / "logs"), "--output", str(path), *options]) == 2
    assert words in capsys.readouterr().err
    assert path.read_text() == "before"


@pytest.mark.parametrize("options", [["--view", "weights"], ["--step", "0:5"]])
def test_what_is_for_html_is_refused_for_pictures(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], options: list[str]
) -> None:
    write_units(tmp_path / "logs" / "mlp")
    arguments = ["export", str(tmp_path / "logs"), "--tag", "weights/hidden", "--format", "png"]
    assert main([*arguments, *options]) == 2
    assert "for HTML files" in capsys.readouterr().err
    assert main(["export", str(tmp_path / "logs"), "--format", "png"]) == 2
    assert "must be said, by --tag" in capsys.readouterr().err


def test_how_the_file_opens_is_said_as_for_pictures(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    write_units(tmp_path / "my log" / "mlp")
    monkeypatch.chdir(tmp_path)
    options = ["--show", "change-since-start", "--colours", "red-blue", "--scale", "fixed"]
    assert main(["export", "my log", "--format", "html", *options]) == 0
    assert contents_of(tmp_path / "my log.html")["link"] == {
        "view": "weights",
        "show": "change-since-start",
        "scale": "fixed",
        "colours": "red_blue",
    }


def test_a_log_without_runs_and_a_screen_that_was_not_built_are_told(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    with pytest.raises(ValueError, match="No runs of nnviz are logged below"):
        export_html(tmp_path, tmp_path / "x.html")
    with pytest.raises(ValueError, match="must be a directory"):
        export_html(tmp_path / "none", tmp_path / "x.html")
    monkeypatch.setattr("tb_nnviz.export.offline_file.OFFLINE_SCRIPT", tmp_path / "offline.js")
    with pytest.raises(FileNotFoundError, match="was not built with this installation"):
        export_html(tmp_path, tmp_path / "x.html")


def test_layers_of_which_a_variable_is_left_out_say_how_many_parameters_they_have(
    tmp_path: Path,
) -> None:
    with written_run(tmp_path / "logs" / "run") as writer:
        records = {
            f"weights/{layer}/{role}": build_tile_array(
                np.ones((1, 1)),
                ("height", "width"),
                source=source(("Dense", 0, layer), role, shape),
            )
            for layer in ("a", "b")
            for role, shape in (("kernel", (4, 3)), ("bias", (3,)))
        }
        writer.at_epoch(records, 0)

    def exported(*tags: str) -> Any:
        export_html(tmp_path / "logs", tmp_path / "x.html", tags=tags)
        (run,) = contents_of(tmp_path / "x.html")["index"]["runs"]
        return run.get("layer_parameters")

    assert exported("weights/a/kernel") == {"a": 15, "b": 15}
    assert exported("weights/a/kernel", "weights/b/kernel", "weights/b/bias") == {"a": 15}
    assert exported() is None
