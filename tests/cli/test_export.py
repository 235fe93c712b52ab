"""The command ``tb-nnviz export``."""

from __future__ import annotations

import re
from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from tb_nnviz import LogWriter
from tb_nnviz.cli import main
from tests.export.logs import spoil_payloads, write_units


def test_export_writes_the_file_and_says_what_is_in_it(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    write_units(tmp_path / "logs" / "mlp")
    output = tmp_path / "hidden.gif"
    arguments = ["export", str(tmp_path / "logs"), "--tag", "weights/hidden"]
    assert main([*arguments, "--output", str(output), "--theme", "dark"]) == 0
    pattern = r"Wrote .*hidden\.gif: weights/hidden of mlp, 3 steps, ([\d,]+)×([\d,]+) pixels\n"
    match = re.fullmatch(pattern, capsys.readouterr().out)
    assert match is not None
    with Image.open(output) as image:
        assert image.size == tuple(int(side.replace(",", "")) for side in match.groups())
        assert image.n_frames == 3  # type: ignore[attr-defined]


def test_every_option_reaches_the_picture(tmp_path: Path) -> None:
    with LogWriter(tmp_path / "logs" / "run") as writer:
        values = np.random.default_rng(0).normal(0, 1, (8, 3, 5, 5))
        axes = ("filter", "in_channel", "height", "width")
        for step in range(2):
            writer.tiles("weights/conv", values + step, axes=axes, step=step)
    arguments = ["export", str(tmp_path / "logs"), "--run", "run", "--tag", "weights/conv"]
    pictures = set()
    for options in (
        "",
        "--step 0",
        "--step first --scale fixed",
        "--where in_channel=1",
        "--show change-since-start",
        "--scale per-tile",
        "--colours viridis",
        "--theme dark",
        "--cell-size 7",
        "--columns 12",
    ):
        output = tmp_path / "x.png"
        assert main([*arguments, "--format", "png", "--output", str(output), *options.split()]) == 0
        pictures.add(output.read_bytes())
    assert len(pictures) == 10


@pytest.mark.parametrize(
    ("options", "words"),
    [
        (["--step", "later"], "must be a number, all, first or last, in HTML N:M too; got 'later'"),
        (["--step", "0:5"], "A range of steps, as 0:5, is for HTML files. Pass one step, or all"),
        (["--view", "weights"], "--view is for HTML files. Say by --tag what a PNG, GIF or NPZ"),
        (["--where", "unit"], "must be like in_channel=0; got 'unit'"),
        (["--format", "jpg"], "invalid choice: 'jpg'"),
        (["--step", "7"], "has the steps 0, 5, 10"),
        (
            ["--tag", "weights/x"],
            "has no tag 'weights/x' that can be read: near it there are weights/",
        ),
        (["--tag", "a", "--tag", "b"], "A PNG, GIF or NPZ has one --tag; got a, b. HTML may have"),
        (["--run", "a", "--run", "b"], "A PNG, GIF or NPZ has one --run; got a, b. HTML may have"),
        (["--format", "html"], "must agree; got 'html' and"),
        (["--cell-size", "0"], "`cell_size` option must be a whole number from 1 to 256; got 0"),
    ],
)
def test_wrong_arguments_end_in_code_2_and_one_line_that_says_why(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], options: list[str], words: str
) -> None:
    write_units(tmp_path / "logs" / "mlp")
    tag = [] if "--tag" in options else ["--tag", "weights/hidden"]
    output = ["--output", str(tmp_path / "x.png")]
    try:
        code: object = main(["export", str(tmp_path / "logs"), *tag, *output, *options])
    except SystemExit as exit_of_argparse:
        code = exit_of_argparse.code
    error = capsys.readouterr().err
    assert code == 2
    assert words in error.splitlines()[-1]
    assert "Traceback" not in error
    assert not (tmp_path / "x.png").exists()


def test_a_corrupt_step_is_named_and_ends_in_code_1(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    spoil_payloads(monkeypatch, {5})
    write_units(tmp_path / "logs" / "mlp")
    arguments = ["export", str(tmp_path / "logs"), "--tag", "weights/hidden"]
    assert main([*arguments, "--output", str(tmp_path / "x.gif")]) == 1
    captured = capsys.readouterr()
    assert "2 steps" in captured.out
    assert captured.err.startswith("tb-nnviz export: Step 5 is left out: ")
    assert main([*arguments, "--step", "5", "--output", str(tmp_path / "y.png")]) == 1
    assert "nothing is written: no step can be read" in capsys.readouterr().err
    assert not (tmp_path / "y.png").exists()


@pytest.mark.parametrize(
    ("options", "words"),
    [
        ([], "by --format, as png, gif, npz or html, or the name of --output must end in one of"),
        (["--output", "x.jpeg"], "must end in one of these; got 'x.jpeg'"),
        (["--format", "html", "--step", "5:2"], "got 5:2, whose first step comes after its last"),
        (["--format", "html", "--step", "6:9"], "No record is logged at steps 6:9; there are 0, 5"),
    ],
)
def test_formats_and_ranges_that_are_none_are_refused_with_what_is_accepted(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], options: list[str], words: str
) -> None:
    write_units(tmp_path / "logs" / "mlp")
    assert main(["export", str(tmp_path / "logs"), "--tag", "weights/hidden", *options]) == 2
    assert words in capsys.readouterr().err.splitlines()[-1]


def test_a_kind_that_a_format_has_no_place_for_is_named_with_what_has(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    with LogWriter(tmp_path / "run") as writer:
        writer.confusion("confusion", [0, 1], [1, 1], class_names=("cat", "dog"), step=0)
    arguments = ["export", str(tmp_path), "--tag", "confusion", "--format"]
    for file_format in ("png", "npz"):
        assert main([*arguments, file_format]) == 2
        expected = "A confusion can be exported as HTML; from the tab as PNG, GIF, NPZ, CSV too."
        assert expected in capsys.readouterr().err
