"""The command ``tb-nnviz``, and the demo's choice of directory."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from tb_nnviz import LogWriter
from tb_nnviz.cli import main


def test_inspect_lists_runs_tags_shapes_and_steps(
    two_runs: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["inspect", str(two_runs)]) == 0
    assert capsys.readouterr().out.splitlines() == [
        "mlp-100",
        "  weights/dense/kernel  40×28×28 (unit, height, width)  4 steps: 0…3",
        "  weights/dense_1/kernel  40×10 (height, width)  4 steps: 0…3",
        "mlp-400",
        "  weights/dense/kernel  40×28×28 (unit, height, width)  4 steps: 0…3",
        "  weights/dense_1/kernel  40×10 (height, width)  4 steps: 0…3",
    ]


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
