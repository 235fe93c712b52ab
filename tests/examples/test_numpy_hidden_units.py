"""The example with a network of plain NumPy shows what its text claims."""

from __future__ import annotations

import os
import subprocess
import sys
import time
from pathlib import Path

import numpy as np
import pytest
from numpy.typing import NDArray
from PIL import Image

from tb_nnviz import LogReader, TileArray

EXAMPLE = Path(__file__).parents[2] / "examples" / "numpy_hidden_units.py"
RUN, HIDDEN = "numpy_hidden_units", "weights/hidden"
QUICK_SECONDS = 60
OUTLINE = (196, 201, 209)


def run_example(*arguments: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, str(EXAMPLE), *arguments],
        capture_output=True,
        text=True,
        check=False,
        env={**os.environ, "PYTHONWARNINGS": "error"},
    )


@pytest.fixture(scope="module")
def logdir(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Where the example has logged."""
    return tmp_path_factory.mktemp("examples") / RUN


@pytest.fixture(scope="module")
def output(logdir: Path) -> str:
    """What the example prints when it is run quickly."""
    start = time.monotonic()
    completed = run_example("--quick", "--logdir", str(logdir))
    assert completed.returncode == 0, completed.stderr
    assert time.monotonic() - start < QUICK_SECONDS
    return completed.stdout


@pytest.fixture(scope="module")
def units(logdir: Path, output: str) -> list[NDArray[np.float32]]:
    """The hidden units' weights at every logged step, each ``(unit, height, width)``."""
    records = [record for _, record in LogReader(logdir).read_each(RUN, HIDDEN)]
    return [record.values for record in records if isinstance(record, TileArray)]


def correlate_neighbours(tile: NDArray[np.float32]) -> float:
    """Pearson's correlation over all pairs of pixels side by side or one below the other."""
    pairs = ((tile[:, :-1], tile[:, 1:]), (tile[:-1], tile[1:]))
    first, second = (np.concatenate([pair[side].ravel() for pair in pairs]) for side in (0, 1))
    return float(np.corrcoef(first, second)[0, 1])


def test_the_units_are_64_pictures_at_20_steps_or_more(units: list[NDArray[np.float32]]) -> None:
    assert len(units) >= 20
    assert {values.shape for values in units} == {(64, 28, 28)}


def test_neighbouring_weights_have_nothing_in_common_before_training(
    units: list[NDArray[np.float32]],
) -> None:
    # 1,512 pairs of independent numbers correlate by about 1/√1512 = 0.026.
    correlations = [correlate_neighbours(tile) for tile in units[0]]
    assert np.median(np.abs(correlations)) < 0.05
    assert np.max(np.abs(correlations)) < 0.15


def test_what_training_has_changed_is_smooth_in_nearly_every_unit(
    units: list[NDArray[np.float32]],
) -> None:
    correlations = np.array([correlate_neighbours(tile) for tile in units[-1] - units[0]])
    assert (correlations > 0.5).mean() >= 0.95
    assert np.median(correlations) > 0.7


def test_the_network_has_learned_the_digits(output: str) -> None:
    last = [line for line in output.splitlines() if line.startswith("epoch ")][-1]
    assert float(last.split(": ")[1].split("%")[0]) > 85


def test_the_output_weights_and_both_histograms_are_logged_at_the_same_steps(
    logdir: Path, units: list[NDArray[np.float32]]
) -> None:
    reader = LogReader(logdir)
    assert set(reader.tags(RUN)) == {
        HIDDEN,
        "weights/output",
        "histograms/hidden",
        "histograms/output",
    }
    for tag in reader.tags(RUN):
        assert len(reader.steps(RUN, tag)) == len(units)
        assert reader.steps(RUN, tag) == reader.steps(RUN, HIDDEN)
    output_weights = reader.read(RUN, "weights/output", 0)
    assert isinstance(output_weights, TileArray)
    assert output_weights.values.shape == (10, 8, 8)


@pytest.mark.parametrize("name", ["before", "after", "change"])
@pytest.mark.usefixtures("output")
def test_the_pictures_show_an_8_by_8_grid_of_outlined_units(logdir: Path, name: str) -> None:
    with Image.open(logdir / f"hidden_units_{name}.png") as image:
        pixels = np.asarray(image)
    is_line = (pixels == OUTLINE).all(axis=-1)
    # A line on either side of each tile; cells of that colour never fill a line.
    assert (is_line.mean(axis=1) > 0.8).sum() == 16
    assert (is_line.mean(axis=0) > 0.8).sum() == 16


def test_the_animation_has_a_frame_for_every_logged_step_and_no_two_are_alike(
    logdir: Path, units: list[NDArray[np.float32]]
) -> None:
    frames = set()
    with Image.open(logdir / "hidden_units.gif") as image:
        assert image.info["loop"] == 0
        for number in range(image.n_frames):  # type: ignore[attr-defined]
            image.seek(number)
            # Without the caption, which tells the step.
            frames.add(image.convert("RGB").crop((0, 110, *image.size)).tobytes())
        assert len(frames) == image.n_frames == len(units)  # type: ignore[attr-defined]


def test_the_commands_that_are_printed_write_the_same_pictures(
    logdir: Path, output: str, tmp_path: Path
) -> None:
    commands = [line.split() for line in output.splitlines() if "tb-nnviz export" in line]
    assert len(commands) == 4
    for command in commands:
        written = Path(command[-1])
        assert written.parent == logdir
        again = tmp_path / written.name
        completed = subprocess.run(
            [sys.executable, "-m", "tb_nnviz", *command[1:-1], str(again)],
            capture_output=True,
            text=True,
            check=False,
        )
        assert completed.returncode == 0, completed.stderr
        assert again.read_bytes() == written.read_bytes()


def test_other_images_are_trained_on_in_gray(tmp_path: Path) -> None:
    random = np.random.default_rng(0)
    labels = random.integers(0, 4, (300, 1))
    images = random.integers(0, 256, (300, 12, 10, 3), np.uint8)
    np.savez(tmp_path / "data.npz", x=images, y=labels)
    arguments = ("--quick", "--data", str(tmp_path / "data.npz"))
    completed = run_example(*arguments, "--logdir", str(tmp_path / RUN))
    assert completed.returncode == 0, completed.stderr
    reader = LogReader(tmp_path / RUN)
    record = reader.read(RUN, HIDDEN, 0)
    assert isinstance(record, TileArray)
    assert record.values.shape == (64, 12, 10)


@pytest.mark.usefixtures("output")
def test_an_earlier_log_is_not_continued(logdir: Path) -> None:
    completed = run_example("--logdir", str(logdir))
    assert completed.returncode == 2
    assert "must be new or empty" in completed.stderr


def test_the_example_needs_no_keras() -> None:
    program = (
        "import sys; sys.argv = ['x', '--help']; import runpy\n"
        f"try: runpy.run_path({str(EXAMPLE)!r}, run_name='__main__')\n"
        "except SystemExit: pass\n"
        "sys.exit('keras' in sys.modules)"
    )
    completed = subprocess.run([sys.executable, "-c", program], capture_output=True, check=False)
    assert completed.returncode == 0, completed.stderr
