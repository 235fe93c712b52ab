"""Starts a real tensorboard on a log. Knows the plugin's index, by which data is waited for."""

from __future__ import annotations

import contextlib
import json
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Iterator
from pathlib import Path

_SECONDS_TO_START = 180.0


@contextlib.contextmanager
def run_tensorboard(logdir: str | Path, *flags: str) -> Iterator[str]:
    """Runs ``tensorboard`` on a log until the context is left; gives its front page's URL."""
    with socket.socket() as probe:
        probe.bind(("localhost", 0))
        port = probe.getsockname()[1]
    command = [sys.executable, "-m", "tensorboard.main", "--logdir", str(logdir)]
    prefix = next((f.split("=", 1)[1] for f in flags if f.startswith("--path_prefix=")), "")
    url = f"http://localhost:{port}{prefix}/"
    with subprocess.Popen(
        [*command, "--port", str(port), "--reload_interval=1", *flags],
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    ) as process:
        try:
            _wait_for_data(url, has_data=any(Path(logdir).rglob("*tfevents*")))
            yield url
        finally:
            # Its data server ends with it; ending in good order takes a second.
            process.kill()


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
