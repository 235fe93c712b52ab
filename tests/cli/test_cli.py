"""The command ``tb-nnviz``, and the demo's choice of directory."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from tb_nnviz import LogWriter
from tb_nnviz.cli import main
from tb_nnviz.event_files.events import BlobEvent
from tb_nnviz.records import (
    PLUGIN_NAME,
    Moment,
    Notice,
    describe_tag,
    encode_record,
)
from tb_nnviz.writing.event_file_writer import EventFileWriter


def test_inspect_lists_runs_tags_shapes_and_steps(
    two_runs: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["inspect", str(two_runs)]) == 0
    # How many bins there are is up to the training.
    lines = re.sub(r"in [0-9]+ bins", "in bins", capsys.readouterr().out).splitlines()
    run = [
        "  graph  graph of 4 nodes and 3 edges  1 step: 0",
        "  histograms/dense/bias  histogram of 40 values in bins  4 steps: 0…3",
        "  histograms/dense/kernel  histogram of 31,360 values in bins  4 steps: 0…3",
        "  histograms/dense_1/bias  histogram of 10 values in bins  4 steps: 0…3",
        "  histograms/dense_1/kernel  histogram of 400 values in bins  4 steps: 0…3",
        "  templates/dense  40×28×28 (unit, height, width)  4 steps: 0…3",
        "  templates/dense/class_weights  40×10×1 (unit, height, width)  4 steps: 0…3",
        "  templates/dense/offset  1×40 (height, width)  4 steps: 0…3",
        "  templates/dense_1  10×28×28 (unit, height, width)  4 steps: 0…3",
        "  templates/dense_1/offset  1×10 (height, width)  4 steps: 0…3",
        "  weights/dense/bias  1×40 (height, width)  4 steps: 0…3",
        "  weights/dense/kernel  40×28×28 (unit, height, width)  4 steps: 0…3",
        "  weights/dense_1/bias  1×10 (height, width)  4 steps: 0…3",
        "  weights/dense_1/kernel  40×10 (height, width)  4 steps: 0…3",
    ]
    assert [lines[0], sorted(lines[1:15])] == ["mlp-100", run]
    assert [lines[15], sorted(lines[16:])] == ["mlp-400", run]


def test_inspect_shows_notices_and_what_was_left_out(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    values = np.zeros((9, 70, 70))
    with LogWriter(tmp_path / "run") as writer:
        for step in (0, 5, 7):
            writer.tiles(
                "weights/x", values, axes=("unit", "height", "width"), step=step, max_tiles=4
            )
    with LogWriter(tmp_path / "run", budget_bytes=1) as writer, pytest.warns(RuntimeWarning):
        writer.tiles("weights/x", values, axes=("unit", "height", "width"), step=8)
    assert main(["inspect", str(tmp_path)]) == 0
    output = capsys.readouterr().out
    assert "4×35×35 (unit, height, width), 4 of 9 units, 70×70 shown at 35×35" in output
    assert "3 steps: 0, 5, 7" in output
    assert "notice (weights, step 8): The log has reached its budget" in output


def test_inspect_says_how_many_values_a_histogram_counts(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    with LogWriter(tmp_path / "run") as writer:
        for step in range(3):
            # 0 to 1999 in bins 4 wide: 500 of them; bins of 2 would be 1,000.
            writer.histogram("histograms/x", np.arange(2000), step=step)
        writer.histogram("histograms/y", [1.0, np.nan, np.nan, -np.inf], step=3)
        writer.histogram("histograms/z", [np.inf], step=3)
    assert main(["inspect", str(tmp_path)]) == 0
    assert capsys.readouterr().out.splitlines() == [
        "run",
        "  histograms/x  histogram of 2,000 values in 500 bins  3 steps: 0…2",
        "  histograms/y  histogram of 4 values in 1 bin, 2 NaN, 1 -inf  1 step: 3",
        "  histograms/z  histogram of 1 value in 0 bins, 1 +inf  1 step: 3",
    ]


def test_inspect_names_what_cannot_be_read_and_says_so_in_its_exit_code(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    with LogWriter(tmp_path / "run") as writer:
        writer.tiles("weights/x", np.ones((2, 9, 9)), axes=("unit", "height", "width"), step=0)
    (file,) = (tmp_path / "run" / "nnviz").iterdir()
    data = bytearray(file.read_bytes())
    data[-20] ^= 1
    file.write_bytes(data)
    assert main(["inspect", str(tmp_path)]) == 1
    assert "corrupt" in capsys.readouterr().out


def spoil_payloads(monkeypatch: pytest.MonkeyPatch, tag: str, steps: set[int]) -> None:
    """Has the writer store other bytes than it describes, in whole events."""

    def spoiled(**fields: Any) -> BlobEvent:
        blobs = fields["blobs"]
        if fields["tag"] == tag and fields["step"] in steps:
            blobs = (*blobs[:-1], bytes([blobs[-1][0] ^ 1]) + blobs[-1][1:])
        return BlobEvent(**{**fields, "blobs": blobs})

    monkeypatch.setattr("tb_nnviz.writing.run_log.BlobEvent", spoiled)


def test_inspect_reads_every_record_and_names_each_corrupt_step(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    spoil_payloads(monkeypatch, "weights/x", {0, 2})
    with LogWriter(tmp_path / "run") as writer:
        for step in range(4):
            for tag in ("weights/x", "weights/y"):
                writer.tiles(tag, np.ones((9, 9)), axes=("height", "width"), step=step)
    assert main(["inspect", str(tmp_path)]) == 1
    run, x, first, second, y = capsys.readouterr().out.splitlines()
    assert run == "run"
    assert x == "  weights/x  9×9 (height, width)  4 steps: 0…3"
    for line, step in ((first, 0), (second, 2)):
        assert line.startswith("  weights/x  cannot be read: Run 'run', tag 'weights/x', step ")
        assert f"step {step} in " in line
    assert y == "  weights/y  9×9 (height, width)  4 steps: 0…3"


def test_inspect_names_a_corrupt_notice_and_shows_the_others(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    directory = tmp_path / "run" / "nnviz"
    directory.mkdir(parents=True)
    writer = EventFileWriter(directory)
    for step, message in enumerate(("first", "\\ud800", "third")):
        notice = Notice("weights", "lstm", message, step)
        header = encode_record(notice, Moment(step), step + 1)[0].replace(rb"\\", b"\\")
        content = describe_tag("notices", notice).to_bytes()
        writer.write(BlobEvent("notices", step, 0.0, (header,), PLUGIN_NAME, content))
    writer.close()
    assert main(["inspect", str(tmp_path)]) == 1
    output = capsys.readouterr().out
    assert "notice (weights lstm, step 0): first" in output
    assert "notice (weights lstm, step 2): third" in output
    assert "notices  cannot be read: Run 'run', tag 'notices', step 1 in " in output


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (["inspect", "/no/such/directory"], "must be a directory that exists"),
        (["demo", "--port", "99999"], "--port must be 1 to 65535; got 99999"),
    ],
)
def test_a_wrong_argument_ends_with_a_sentence_and_code_2(
    arguments: list[str], words: str, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(arguments) == 2
    error = capsys.readouterr().err
    assert words in error
    assert "Traceback" not in error


@pytest.mark.parametrize(
    ("path", "words"),
    [
        ("file", "--logdir must be a directory; got the file"),
        ("file/below", "Not a directory"),
    ],
)
def test_a_demo_that_cannot_log_there_ends_with_a_sentence_before_any_training(
    path: str,
    words: str,
    tmp_path: Path,
    capsys: pytest.CaptureFixture[str],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr("tb_nnviz.demo.load_digits", pytest.fail)
    (tmp_path / "file").touch()
    assert main(["demo", "--no-serve", "--logdir", str(tmp_path / path)]) == 2
    error = capsys.readouterr().err
    assert words in error
    assert str(tmp_path / "file") in error
    assert "Traceback" not in error


def test_a_log_that_may_not_be_read_ends_with_a_sentence_and_code_2(
    two_runs: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    def refuse(reader: object) -> None:
        raise PermissionError(13, "Permission denied", str(two_runs))

    monkeypatch.setattr("tb_nnviz.cli.LogReader.runs", refuse)
    assert main(["inspect", str(two_runs)]) == 2
    assert f"Permission denied: '{two_runs}'" in capsys.readouterr().err


def test_the_demo_never_mixes_its_runs_with_others(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    from tb_nnviz.demo import choose_logdir

    monkeypatch.chdir(tmp_path)
    assert choose_logdir(None) == Path("logs/demo")
    Path("logs/demo").mkdir(parents=True)
    assert choose_logdir(None) == Path("logs/demo-2")
    assert choose_logdir("logs/demo") == Path("logs/demo")  # it is empty
    Path("logs/demo/file").touch()
    assert main(["demo", "--no-serve", "--logdir", "logs/demo"]) == 2
    assert "new or empty directory" in capsys.readouterr().err
