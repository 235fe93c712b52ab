"""Small logs to export, made once a session."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np
import pytest
from numpy.typing import NDArray

from tb_nnviz import LogWriter
from tb_nnviz.event_files.events import BlobEvent

TILE_AXES = ("unit", "height", "width")


def write_units(log_dir: Path, steps: int = 3, units: int = 4) -> NDArray[np.float32]:
    """Logs ``(step, unit, 9, 8)`` values under ``weights/hidden``; larger at every step."""
    random = np.random.default_rng(0)
    values = random.normal(0, 0.1, (steps, units, 9, 8)).astype(np.float32)
    values *= np.arange(1, steps + 1, dtype=np.float32)[:, None, None, None]
    with LogWriter(log_dir) as writer:
        for step, array in enumerate(values):
            writer.tiles("weights/hidden", array, axes=TILE_AXES, step=5 * step)
    return values


def spoil_payloads(monkeypatch: pytest.MonkeyPatch, steps: set[int]) -> None:
    """Has the writer store other bytes than it describes, at some steps."""

    def spoiled(**fields: Any) -> BlobEvent:
        blobs = fields["blobs"]
        if fields["step"] in steps:
            blobs = (*blobs[:-1], bytes([blobs[-1][0] ^ 1]) + blobs[-1][1:])
        return BlobEvent(**{**fields, "blobs": blobs})

    monkeypatch.setattr("tb_nnviz.writing.run_log.BlobEvent", spoiled)
