"""When in a training a record was taken. Knows nothing of what is recorded."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, Literal, get_args

from tb_nnviz.records.errors import RecordError
from tb_nnviz.records.fields import optional_number, require

Phase = Literal["before", "during", "restored"]


@dataclass(frozen=True)
class Moment:
    """A place in the log and in the training.

    Attributes:
        step: order in the log; strictly increasing over repeated fits and processes.
        epoch: epochs completed, with a fraction inside an epoch; None where not known.
        batch: train batches seen in this fit; None where not known.
        fit: 1 for the first fit in this log; 0 where there is none.
        phase: ``before`` training, ``during`` it, or ``restored`` (weights put back at
            the end, as by ``EarlyStopping(restore_best_weights=True)``).
        wall_time: seconds since the Unix epoch.
    """

    step: int
    epoch: float | None = None
    batch: int | None = None
    fit: int = 0
    phase: Phase = "during"
    wall_time: float = 0.0

    def to_json(self) -> dict[str, Any]:
        """The moment as it stands in a header."""
        return {
            "step": self.step,
            "epoch": self.epoch,
            "batch": self.batch,
            "fit": self.fit,
            "phase": self.phase,
            "wall_time": self.wall_time,
        }

    @classmethod
    def from_json(cls, value: dict[str, Any]) -> Moment:
        """The moment of a header; raises `RecordError` naming the field that is wrong."""
        phase = require(value, "phase", str)
        if phase not in get_args(Phase):
            raise RecordError(f"field 'phase' is {phase!r}, not one of {get_args(Phase)}")
        batch = optional_number(value, "batch")
        return cls(
            step=require(value, "step", int),
            epoch=optional_number(value, "epoch"),
            batch=None if batch is None else int(batch),
            fit=require(value, "fit", int),
            phase=phase,
            wall_time=float(require(value, "wall_time", (int, float))),
        )
