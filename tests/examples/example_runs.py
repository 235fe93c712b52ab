"""Runs an example as a reader would, and reads what it has logged."""

from __future__ import annotations

import os
import resource
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from tb_nnviz import LogReader, TileArray
from tests.conftest import MakeOnce

EXAMPLES = Path(__file__).parents[2] / "examples"
QUICK_SECONDS = 60

#: Writes pictures to learn from into a folder; their file.
WriteData = Callable[[Path], Path]


def run_example(name: str, *arguments: str | Path) -> subprocess.CompletedProcess[str]:
    """What the script `name` has printed; warnings of ours or that we cause end it."""
    return subprocess.run(
        [sys.executable, str(EXAMPLES / f"{name}.py"), *map(str, arguments)],
        capture_output=True,
        text=True,
        check=False,
        env={**os.environ, "PYTHONWARNINGS": "error,ignore::DeprecationWarning"},
    )


def run_quickly(name: str, logdir: Path, *arguments: str | Path) -> str:
    """What the script has printed with ``--quick``, in less than a minute.

    Time of processors is measured, which other processes of a busy machine do not lengthen.
    """
    start = processor_seconds()
    completed = run_example(name, "--quick", "--logdir", logdir, *arguments)
    assert completed.returncode == 0, completed.stderr
    assert processor_seconds() - start < QUICK_SECONDS
    return completed.stdout


def run_once(
    make_once: MakeOnce, name: str, write_data: WriteData | None = None
) -> tuple[Path, str]:
    """The log of `run_quickly`, and what was printed: of one run for all test files.

    Args:
        write_data: the same in all of them; None for the example's own data.
    """

    def make(logdir: Path) -> str:
        data = () if write_data is None else ("--data", write_data(logdir.parent))
        return run_quickly(name, logdir, *data)

    return make_once(name, make)


def processor_seconds() -> float:
    """Of all processes that were started here and have ended."""
    used = resource.getrusage(resource.RUSAGE_CHILDREN)
    return used.ru_utime + used.ru_stime


def read_tiles(logdir: Path, run: str, tag: str, step: int) -> TileArray:
    """The tiles of a tag at a step."""
    record = LogReader(logdir).read(run, tag, step)
    assert isinstance(record, TileArray)
    return record


def read_values(logdir: Path, run: str, tag: str, step: int) -> NDArray[np.float64]:
    """Their values."""
    return read_tiles(logdir, run, tag, step).values.astype(np.float64)


def read_kernel(logdir: Path, run: str, layer: str, step: int) -> NDArray[np.float64]:
    """The kernel ``(input, unit)`` of a Dense layer, whether it was logged as pictures or not."""
    record = read_tiles(logdir, run, f"weights/{layer}/kernel", step)
    values = record.values.astype(np.float64)
    return values.reshape(len(values), -1).T if record.axes[0] == "unit" else values
