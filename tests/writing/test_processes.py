from __future__ import annotations

import subprocess
import sys
import textwrap
from pathlib import Path

import pytest

from tb_nnviz.log_reader import LogReader
from tb_nnviz.records import TileArray

PROLOGUE = """
import sys
import numpy as np
from tb_nnviz import LogWriter
writer = LogWriter(sys.argv[1])
def log(step):
    writer.tiles("a", np.full((4, 16, 16), step), axes=("unit", "height", "width"), step=step)
"""


def command(program: str, *arguments: object) -> list[str]:
    text = PROLOGUE + textwrap.dedent(program)
    return [sys.executable, "-c", text, *map(str, arguments)]


def assert_steps_are_readable(log_dir: Path, steps: list[int]) -> None:
    reader = LogReader(log_dir)
    assert reader.skipped(log_dir.name) == []
    for step in steps:
        record = reader.read(log_dir.name, "a", step)
        assert isinstance(record, TileArray)
        assert (record.values == step).all()


def test_what_was_flushed_before_a_kill_is_readable(tmp_path: Path) -> None:
    program = """
        step = 0
        while True:
            log(step)
            writer.flush()
            print(step, flush=True)
            step += 1
    """
    process = subprocess.Popen(command(program, tmp_path), stdout=subprocess.PIPE, text=True)
    assert process.stdout is not None
    for _ in range(40):
        assert process.stdout.readline()
    process.kill()
    flushed = 40 + len(process.stdout.read().splitlines())
    process.wait()
    process.stdout.close()
    assert_steps_are_readable(tmp_path, list(range(flushed)))
    # The step under way may or may not have come to the file.
    assert len(LogReader(tmp_path).steps(tmp_path.name, "a")) in {flushed, flushed + 1}


@pytest.mark.parametrize(
    ("end", "code"),
    [
        ("", 0),
        ("sys.exit(3)", 3),
        ("raise RuntimeError('training failed')", 1),
        ("writer = None", 0),
    ],
)
def test_a_process_that_ends_without_close_has_written_everything(
    tmp_path: Path, end: str, code: int
) -> None:
    program = f"""
        for step in range(6):
            log(step)
        {end}
    """
    finished = subprocess.run(
        command(program, tmp_path), capture_output=True, text=True, check=False, timeout=60
    )
    assert finished.returncode == code
    if not code:
        assert finished.stderr == ""
    assert_steps_are_readable(tmp_path, list(range(6)))


def test_writer_reader_and_plugin_loader_load_no_framework(tmp_path: Path) -> None:
    program = """
        for step in range(2):
            log(step)
        writer.close()
        from tb_nnviz import LogReader
        reader = LogReader(sys.argv[1])
        (run,) = reader.runs()
        assert reader.read(run, "a", 1).ordinal == 2
        from types import SimpleNamespace
        from tensorboard.plugins import base_plugin
        from tb_nnviz.plugin_loader import NNVizLoader
        loader = NNVizLoader()
        flags = SimpleNamespace(samples_per_plugin={})
        loader.fix_flags(flags)
        assert flags.samples_per_plugin == {"nnviz": 0}, flags
        plugin = loader.load(base_plugin.TBContext(logdir=sys.argv[1]))
        assert plugin.plugin_name == "nnviz", plugin
        assert plugin.get_plugin_apps()
        frameworks = {"keras", "tensorflow", "jax", "torch"} & set(sys.modules)
        assert not frameworks, frameworks
    """
    finished = subprocess.run(
        command(program, tmp_path / "run"), capture_output=True, text=True, check=False, timeout=60
    )
    assert finished.returncode == 0, finished.stderr
