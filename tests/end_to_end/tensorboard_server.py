"""Starts a real tensorboard on a log. Knows the plugin's index, by which data is waited for.

Each is a process of its own, forked off one that has imported TensorBoard and TensorFlow: that
takes nine tenths of the time to start.
"""

from __future__ import annotations

import contextlib
import json
import multiprocessing
import os
import socket
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Iterator
from pathlib import Path

_SECONDS_TO_START = 180.0
_fork_server = multiprocessing.get_context("forkserver")
_fork_server.set_forkserver_preload(["tensorboard.main", "tensorflow"])


@contextlib.contextmanager
def run_tensorboard(logdir: str | Path, *flags: str) -> Iterator[str]:
    """Runs ``tensorboard`` on a log until the context is left; gives its front page's URL."""
    with socket.socket() as probe:
        probe.bind(("localhost", 0))
        port = probe.getsockname()[1]
    prefix = next((f.split("=", 1)[1] for f in flags if f.startswith("--path_prefix=")), "")
    url = f"http://localhost:{port}{prefix}/"
    given = ("--logdir", str(logdir), "--port", str(port), "--reload_interval=1", *flags)
    process = _fork_server.Process(target=_run, args=given, daemon=True)
    process.start()
    try:
        _wait_for_data(url, has_data=any(Path(logdir).rglob("*tfevents*")))
        yield url
    finally:
        # Its data server ends with it; ending in good order takes a second.
        process.kill()
        process.join()


def _run(*arguments: str) -> None:
    """The command ``tensorboard``, silent."""
    from tensorboard.main import run_main

    nowhere = os.open(os.devnull, os.O_WRONLY)
    for stream in (sys.stdout, sys.stderr):
        os.dup2(nowhere, stream.fileno())
    sys.argv = ["tensorboard", *arguments]
    run_main()


def _wait_for_data(url: str, *, has_data: bool) -> None:
    deadline = time.monotonic() + _SECONDS_TO_START
    while time.monotonic() < deadline:
        with (
            contextlib.suppress(urllib.error.URLError, ConnectionError),
            urllib.request.urlopen(f"{url}data/plugin/nnviz/index") as answer,
        ):
            if json.load(answer)["runs"] or not has_data:
                return
        time.sleep(0.2)
    raise TimeoutError(f"tensorboard has no data at {url} after {_SECONDS_TO_START} s")
