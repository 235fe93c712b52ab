"""Writes a run as a callback does: several tags at a moment of a training, which nobody trains."""

from __future__ import annotations

import contextlib
from collections.abc import Iterator, Mapping
from pathlib import Path

from tb_nnviz import Source
from tb_nnviz.records import Phase, Record
from tb_nnviz.writing.open_logs import open_writable_run_log
from tb_nnviz.writing.step_job import StepJob

UNIT = ("unit", "height", "width")


class RunWriter:
    """Writes the records of a run at moments of a training, as a callback does.

    Args:
        log_dir: of the run.
    """

    def __init__(self, log_dir: Path) -> None:
        self._log = open_writable_run_log(log_dir)
        self._failures: list[Exception] = []

    def write(
        self,
        records: Mapping[str, Record],
        *,
        step: int,
        epoch: float | None = None,
        batch: int | None = None,
        fit: int = 1,
        phase: Phase = "during",
    ) -> None:
        """Logs records by tag at one moment; see `tb_nnviz.Moment`."""
        job = StepJob(tuple(records), lambda: list(records.items()), self._failures.append)
        self._log.log_step(job, natural_step=step, epoch=epoch, batch=batch, fit=fit, phase=phase)

    def at_epoch(self, records: Mapping[str, Record], epoch: int) -> None:
        """Logs records by tag after an epoch, or before training."""
        self.write(records, step=epoch, epoch=float(epoch), phase="during" if epoch else "before")

    def flush(self) -> None:
        """Returns when all that was logged is on disk."""
        self._log.flush()

    def close(self) -> None:
        """Flushes and lets go of the file."""
        self._log.release()
        if self._failures:
            raise self._failures[0]


@contextlib.contextmanager
def written_run(log_dir: Path) -> Iterator[RunWriter]:
    writer = RunWriter(log_dir)
    yield writer
    writer.close()


def source(layer: tuple[str, int, str], role: str, shape: tuple[int, ...]) -> Source:
    """The source of a variable of a layer, which is given by type, index and path."""
    layer_type, index, path = layer
    return Source(
        variable_path=f"{path}/{role}",
        layer_path=path,
        layer_index=index,
        layer_type=layer_type,
        role=role,
        variable_shape=shape,
    )
