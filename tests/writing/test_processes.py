from __future__ import annotations

import os
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


@pytest.mark.skipif(not hasattr(os, "fork"), reason="there is no fork here")
def test_a_forked_child_is_told_to_make_its_own_writer_and_can(tmp_path: Path) -> None:
    program = """
        import os
        import warnings
        from tb_nnviz.records import Notice
        from tb_nnviz.writing import open_run_log
        warnings.simplefilter("ignore", DeprecationWarning)  # fork beside a thread: what is tested
        log(0)
        writer.flush()
        held = open_run_log(sys.argv[1])
        def says_so(call):
            try:
                call()
            except RuntimeError as error:
                words = "belongs to process", "make a new LogWriter in the child"
                return all(word in str(error) for word in words)
            return False
        child = os.fork()
        if not child:
            calls = [
                *(lambda step=step: log(step) for step in (1, 2, 3)),
                lambda: held.log_notice(Notice("a", "", "text", 0), print),
                held.open_file, held.flush, held.release, writer.flush, writer.close,
            ]
            wrong = [number for number, call in enumerate(calls) if not says_so(call)]
            if wrong:
                print(wrong, flush=True)
                os._exit(1)
            writer.close()
            new = open_run_log(sys.argv[1])
            if new is held or open_run_log(sys.argv[1]) is not new:
                os._exit(2)
            writer = LogWriter(sys.argv[1])
            for step in (1, 2, 3):
                log(step)
            writer.close()
            os._exit(0)
        code = os.waitstatus_to_exitcode(os.waitpid(child, 0)[1])
        assert open_run_log(sys.argv[1]) is held
        log(4)
        writer.close()
        sys.exit(code)
    """
    finished = subprocess.run(
        command(program, tmp_path), capture_output=True, text=True, check=False, timeout=60
    )
    assert finished.returncode == 0, finished.stdout + finished.stderr
    assert_steps_are_readable(tmp_path, [0, 1, 2, 3, 4])
