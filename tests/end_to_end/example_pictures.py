"""What the examples log, as their pictures show it: trained for long where these are to be kept."""

from __future__ import annotations

import os
from pathlib import Path

import numpy as np

from tests.conftest import MakeOnce
from tests.end_to_end.picture_comparison import decode_png, encode_small_png
from tests.end_to_end.tab import Tab
from tests.examples.example_runs import WriteData, run_example, run_once

#: Where ``make example-pictures`` wants them.
KEPT = os.environ.get("NNVIZ_EXAMPLE_PICTURES")
WIDTH = 1280
_MAX_BYTES = 250_000


def log_example(name: str, make_once: MakeOnce, write_data: WriteData | None = None) -> Path:
    """The log of an example, run once: quickly unless its pictures are kept."""
    if not KEPT:
        return run_once(make_once, name, write_data)[0]

    def run_long(folder: Path) -> str:
        data = () if write_data is None else ("--data", write_data(folder.parent))
        completed = run_example(name, "--logdir", folder / name, *data)
        assert completed.returncode == 0, completed.stderr
        return completed.stdout

    return make_once(f"{name}-long", run_long)[0] / name


def keep_picture(tab: Tab, name: str, temporary: Path) -> None:
    """Stores the page as ``<name>.png``, in a temporary place unless pictures are kept."""
    tab.wait_until_quiet()
    tab.page.mouse.move(0, 0)
    tab.page.wait_for_timeout(300)
    pixels = decode_png(tab.page.screenshot(animations="disabled"))
    assert pixels.shape[1] == WIDTH
    assert len(np.unique(pixels.reshape(-1, 3), axis=0)) > 200
    png = encode_small_png(pixels)
    assert len(png) < _MAX_BYTES
    (Path(KEPT or temporary) / f"{name}.png").write_bytes(png)
