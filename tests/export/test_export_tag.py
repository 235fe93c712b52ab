"""What is chosen, what is refused, and files that are whole or not there."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from tb_nnviz import LogWriter
from tb_nnviz.export import PictureOptions, export_tag
from tests.export.logs import TILE_AXES, spoil_payloads, write_units


@pytest.fixture(scope="module")
def logs(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Runs ``one`` and ``two``, with tiles at steps 0, 5, 10; ``one`` with a histogram too."""
    logdir = tmp_path_factory.mktemp("export") / "logs"
    for run in ("one", "two"):
        write_units(logdir / run)
    with LogWriter(logdir / "one") as writer:
        writer.histogram("histograms/hidden", [1.0, 2.0], step=11)
        writer.tiles("weights/none", np.zeros((0, 9, 9)), axes=TILE_AXES, step=12)
    return logdir


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        ({"run": None}, "by --run: there are one, two"),
        ({"run": "three"}, "no run 'three' below .*; there are one, two"),
        ({"tag": "weights/hiden"}, "no tag 'weights/hiden' .* there are weights/hidden"),
        ({"tag": "x"}, "there are histograms/hidden, weights/hidden, weights/none"),
        ({"step": 4}, "got 4. Tag 'weights/hidden' of run 'one' has the steps 0, 5, 10"),
        ({"step": "all"}, "A PNG holds one step. .* export all of them as GIF or NPZ"),
        ({"where": {"filter": 0}}, "no grid axis 'filter'"),
        ({"tag": "weights/none"}, "holds no tiles at step 12"),
        (
            {"tag": "histograms/hidden"},
            "kind 'histogram'; PNG files are made of tiles. A histogram can be exported as NPZ",
        ),
        ({"tag": "histograms/hidden"}, "Tags with tiles: weights/hidden, weights/none"),
        ({"file_format": "jpg"}, "The format must be png, gif or npz; got 'jpg'"),
        ({"file_format": "gif"}, "must agree; got 'gif' and"),
    ],
)
def test_what_is_not_there_is_refused_and_what_is_there_is_named(
    logs: Path, tmp_path: Path, arguments: dict[str, Any], message: str
) -> None:
    given: dict[str, Any] = {"run": "one", "tag": "weights/hidden", **arguments}
    with pytest.raises(ValueError, match=message):
        export_tag(logs, tmp_path / "x.png", **given)
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize(
    ("options", "message"),
    [
        ({"show": "delta"}, "`show` option must be one of value, change-since-start"),
        ({"scale": "shared"}, "`scale` option must be one of per-tile, per-run, fixed; got"),
        ({"colours": "jet"}, "`colours` option must be one of auto, gray, viridis, red-blue"),
        ({"theme": "sepia"}, "`theme` option must be one of light, dark; got 'sepia'"),
        ({"cell_size": 0}, "`cell_size` option must be a whole number from 1 to 256; got 0"),
        ({"columns": True}, "`columns` option must be a whole number from 1 to 512; got True"),
        ({"frame_milliseconds": 5}, "whole number from 20 to 60,000; got 5"),
        ({"font": "no-such-font.ttf"}, "there is none at 'no-such-font.ttf'"),
    ],
)
def test_options_that_mean_nothing_are_refused(options: dict[str, Any], message: str) -> None:
    with pytest.raises(ValueError, match=message):
        PictureOptions(**options)


def test_a_file_that_is_no_font_is_refused(logs: Path, tmp_path: Path) -> None:
    (tmp_path / "font.ttf").write_text("not a font")
    options = PictureOptions(font=tmp_path / "font.ttf")
    with pytest.raises(ValueError, match="cannot be read as one"):
        export_tag(logs, tmp_path / "x.png", run="one", tag="weights/hidden", options=options)


def test_a_log_without_runs_and_an_output_without_format_are_refused(
    logs: Path, tmp_path: Path
) -> None:
    with pytest.raises(ValueError, match="No runs of nnviz are logged below"):
        export_tag(tmp_path, tmp_path / "x.png", tag="weights/hidden")
    with pytest.raises(ValueError, match=r"got '.*picture'\."):
        export_tag(logs, tmp_path / "picture", run="one", tag="weights/hidden")
    with pytest.raises(ValueError, match="got no output"):
        export_tag(logs, run="one", tag="weights/hidden")


@pytest.mark.parametrize(
    ("changes", "message"),
    [
        ({"logdir": "nowhere"}, "nowhere"),
        ({"run": "three"}, "no run 'three'"),
        ({"tag": "weights/hiden"}, "no tag 'weights/hiden'"),
    ],
)
def test_what_is_not_logged_is_said_before_the_lack_of_a_format(
    logs: Path, changes: dict[str, str], message: str
) -> None:
    given = {"logdir": str(logs), "run": "one", "tag": "weights/hidden", **changes}
    with pytest.raises(ValueError, match=message) as raised:
        export_tag(**given)  # type: ignore[arg-type]
    assert "format" not in str(raised.value)


def test_a_file_without_a_name_is_named_after_what_is_in_it(
    logs: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    for step, file_format in ((5, "png"), (None, "gif"), (None, "npz")):
        export_tag(logs, run="one", tag="weights/hidden", step=step, file_format=file_format)  # type: ignore[arg-type]
    assert sorted(path.name for path in tmp_path.iterdir()) == [
        "one_weights_hidden.gif",
        "one_weights_hidden_step_10.npz",
        "one_weights_hidden_step_5.png",
    ]


def test_a_failed_export_leaves_the_file_that_was_there_and_no_part_of_its_own(
    logs: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    output = tmp_path / "deep" / "x.png"
    export_tag(logs, output, run="one", tag="weights/hidden")
    before = output.read_bytes()

    def fail(*_: object) -> None:
        raise OSError("disk full")

    monkeypatch.setattr("tb_nnviz.export.picture.PicturePlan.draw", fail)
    with pytest.raises(OSError, match="disk full"):
        export_tag(logs, output, run="two", tag="weights/hidden")
    assert [path.name for path in output.parent.iterdir()] == ["x.png"]
    assert output.read_bytes() == before


def test_an_export_replaces_the_file_of_before(logs: Path, tmp_path: Path) -> None:
    output = tmp_path / "x.png"
    output.write_text("of before")
    export_tag(logs, output, run="one", tag="weights/hidden")
    assert output.read_bytes().startswith(b"\x89PNG")


def test_a_directory_is_no_output(logs: Path, tmp_path: Path) -> None:
    with pytest.raises(IsADirectoryError, match="must be a file"):
        export_tag(logs, tmp_path, run="one", tag="weights/hidden", file_format="png")


def test_corrupt_steps_are_left_out_and_named(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    spoil_payloads(monkeypatch, {5})
    write_units(tmp_path / "logs" / "run", steps=4)
    for name in ("x.gif", "x.npz"):
        exported = export_tag(tmp_path / "logs", tmp_path / name, tag="weights/hidden", step="all")
        assert exported.steps == (0, 10, 15)
        (problem,) = exported.problems
        assert problem.startswith("Step 5 is left out: Run 'run', tag 'weights/hidden', step 5")


def test_a_change_needs_both_of_its_records(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    spoil_payloads(monkeypatch, {5})
    write_units(tmp_path / "logs" / "run", steps=4)
    options = PictureOptions(show="change-since-previous")
    exported = export_tag(
        tmp_path / "logs", tmp_path / "x.gif", tag="weights/hidden", options=options
    )
    assert exported.steps == (0, 15)
    assert [problem.split(": ")[0] for problem in exported.problems] == [
        "Step 5 is left out",
        "Step 10 is left out with step 5, which it is compared with",
    ]


def test_nothing_is_written_where_no_step_can_be_read(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    spoil_payloads(monkeypatch, {0, 5, 10})
    write_units(tmp_path / "logs" / "run")
    for name in ("x.png", "x.gif", "x.npz"):
        exported = export_tag(tmp_path / "logs", tmp_path / name, tag="weights/hidden")
        assert exported.path is None
        assert exported.problems
        assert not (tmp_path / name).exists()


def test_tiles_that_change_their_shape_are_not_animated(tmp_path: Path) -> None:
    with LogWriter(tmp_path / "logs" / "run") as writer:
        for step in range(2):
            values = np.ones((2, 9 + step, 9))
            writer.tiles("weights/x", values, axes=TILE_AXES, step=step)
    with pytest.raises(ValueError, match="9×9 at step 0, 10×9 at step 1"):
        export_tag(tmp_path / "logs", tmp_path / "x.gif", tag="weights/x")
    exported = export_tag(tmp_path / "logs", tmp_path / "x.png", tag="weights/x", step=1)
    assert exported.steps == (1,)


def test_an_export_loads_no_deep_learning_framework(logs: Path, tmp_path: Path) -> None:
    program = (
        "import sys; from tb_nnviz.export import export_tag;"
        f"export_tag({str(logs)!r}, {str(tmp_path / 'x.gif')!r}, run='one', tag='weights/hidden');"
        "loaded = {'keras', 'tensorflow', 'jax', 'torch'} & set(sys.modules);"
        "sys.exit(f'{loaded} loaded' if loaded else 0)"
    )
    completed = subprocess.run(
        [sys.executable, "-c", program], capture_output=True, text=True, check=False
    )
    assert completed.returncode == 0, completed.stderr
    assert (tmp_path / "x.gif").exists()
