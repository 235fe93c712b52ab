"""Finds the run log of a directory: one for all who log there in this process."""

from __future__ import annotations

import os
import weakref
from pathlib import Path

from tb_nnviz.records.run_names import RUN_DIRECTORY
from tb_nnviz.writing.run_log import RunLog

_open_logs: weakref.WeakValueDictionary[str, RunLog] = weakref.WeakValueDictionary()


def open_run_log(log_dir: str | os.PathLike[str]) -> RunLog:
    """The run log of a directory: the same object for all who hold it in this process.

    A forked child gets one of its own, and so does everybody after the log was deleted.

    Args:
        log_dir: what the user gave; events go to ``<log_dir>/nnviz``.

    Raises:
        OSError: an earlier log there cannot be read.
    """
    directory = Path(log_dir).resolve() / RUN_DIRECTORY
    key = str(directory)
    log = _open_logs.get(key)
    if log is None or not log.is_current():
        log = _open_logs[key] = RunLog(directory)
    return log


def open_writable_run_log(log_dir: str | os.PathLike[str]) -> RunLog:
    """The run log of a directory, its file open, held for the caller, who has to release it.

    Args:
        log_dir: as for `open_run_log`.

    Raises:
        ValueError: the directory cannot be written.
    """
    try:
        log = open_run_log(log_dir)
        log.open_file()
    except OSError as error:
        raise ValueError(
            f"The `log_dir` argument names a directory that cannot be written: got "
            f"{os.fspath(log_dir)!r} ({error}). Pass one that exists or can be made."
        ) from error
    return log.hold()
