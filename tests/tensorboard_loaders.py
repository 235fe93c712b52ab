"""TensorBoard's application with our plugin, over a log, in either of its loaders.

Configured as the command line configures it, so that the plugin's loader has its say.
"""

from __future__ import annotations

import contextlib
import json
import subprocess
import tempfile
import time
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any
from unittest.mock import patch
from urllib.parse import urlencode

from tensorboard import default, program
from tensorboard.backend import application
from werkzeug.test import Client, TestResponse

from tb_nnviz.log_reader import LogReader

LOADERS = ("python", "rust")
_PREFIX = "/data/plugin/nnviz/"
_SECONDS_TO_LOAD = 20.0


class PluginClient:
    """Requests to the plugin, without a socket."""

    def __init__(self, app: Any) -> None:
        self._client = Client(app)

    def get(self, route: str, arguments: Sequence[tuple[str, str]] = ()) -> TestResponse:
        """GET of a route of the plugin."""
        return self._client.get(f"{_PREFIX}{route}?{urlencode(arguments)}")

    def get_json(self, route: str, arguments: Sequence[tuple[str, str]] = ()) -> Any:
        """The JSON that a route answers with status 200."""
        response = self.get(route, arguments)
        assert response.status_code == 200, response.get_data(as_text=True)
        return json.loads(response.get_data())

    def request(self, method: str, route: str) -> TestResponse:
        """Any other request."""
        return self._client.open(f"{_PREFIX}{route}", method=method)

    def index(self) -> dict[str, Any]:
        """By name of run, what index says of it."""
        return {run["name"]: run for run in self.get_json("index")["runs"]}

    def steps(self, run: str, tag: str) -> list[int]:
        """Steps of a tag as TensorBoard serves them."""
        described = self.index()[run]
        series = next(item["series"] for item in described["tags"] if item["tag"] == tag)
        steps: list[int] = described["series"][series]["steps"]
        return steps


@contextlib.contextmanager
def open_tensorboard(logdir: Path, loader: str, *flags: str) -> Iterator[PluginClient]:
    """TensorBoard on a log, all of it loaded.

    Args:
        logdir: the log.
        loader: one of `LOADERS`.
        flags: more flags of the command line.
    """
    fast = "true" if loader == "rust" else "false"
    tensorboard = program.TensorBoard(plugins=default.get_plugins())
    tensorboard.configure(
        [
            "tensorboard",
            f"--logdir={logdir}",
            f"--load_fast={fast}",
            "--reload_interval=0",
            "--reload_task=blocking",
            *flags,
        ]
    )
    with contextlib.ExitStack() as ended_at_exit:
        with _remember_what_is_started(ended_at_exit):
            ingester = tensorboard._make_data_ingester()
            ingester.start()
        app = application.TensorBoardWSGIApp(
            tensorboard.flags,
            tensorboard.plugin_loaders,
            ingester.data_provider,
            tensorboard.assets_zip_provider,
            getattr(ingester, "deprecated_multiplexer", None),
        )
        client = PluginClient(app)
        _wait_until_loaded(client, logdir)
        yield client


@contextlib.contextmanager
def _remember_what_is_started(ended_at_exit: contextlib.ExitStack) -> Iterator[None]:
    """Has the data server's process and directory ended, which TensorBoard forgets."""
    popen, temporary_directory = subprocess.Popen, tempfile.TemporaryDirectory

    def start(*arguments: Any, **options: Any) -> Any:
        process = popen(*arguments, **options)
        # Closes its standard input, upon which it ends.
        ended_at_exit.callback(process.communicate)
        return process

    def make_directory(*arguments: Any, **options: Any) -> Any:
        directory = temporary_directory(*arguments, **options)
        ended_at_exit.callback(directory.cleanup)
        return directory

    with (
        patch.object(subprocess, "Popen", start),
        patch.object(tempfile, "TemporaryDirectory", make_directory),
    ):
        yield


def _wait_until_loaded(client: PluginClient, logdir: Path) -> None:
    """The data server loads in the background: wait for the last step of every tag."""
    reader = LogReader(logdir)
    wanted = {
        (run, tag): reader.steps(run, tag)[-1]
        for run in reader.runs()
        for tag, kind in reader.tags(run).items()
        if kind != "notice"
    }
    deadline = time.monotonic() + _SECONDS_TO_LOAD
    while time.monotonic() < deadline:
        found = {
            (name, tag["tag"]): run["series"][tag["series"]]["steps"][-1]
            for name, run in client.index().items()
            for tag in run["tags"]
        }
        if all(found.get(key, -1) >= step for key, step in wanted.items()):
            return
        time.sleep(0.1)
    raise TimeoutError(f"TensorBoard has not loaded {wanted} within {_SECONDS_TO_LOAD} s")
