"""When in a training a record was taken. Knows nothing of what is recorded."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, Literal, get_args

from tb_nnviz.records.fields import (
    optional_count,
    optional_number,
    require_count,
    require_number,
    require_one_of,
)

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
        return cls(
            step=require_count(value, "step"),
            epoch=optional_number(value, "epoch"),
            batch=optional_count(value, "batch"),
            fit=require_count(value, "fit"),
            phase=require_one_of(value, "phase", get_args(Phase)),
            wall_time=require_number(value, "wall_time"),
        )
