"""What a session is told: once by the callback's arguments, and at each step by the fit."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, Literal

from tb_nnviz.callbacks.schedule import Schedule
from tb_nnviz.model.sample_panel import SamplePanel
from tb_nnviz.records import Phase

OnError = Literal["warn", "raise"]

# How many samples a panel may have; beyond, each would be too small to see.
MAX_SAMPLES = 64


@dataclass(frozen=True)
class SessionSettings:
    """What a callback was told, checked.

    Attributes:
        log_dir: directory of the run.
        schedule: when to log.
        on_error: ``warn`` or ``raise``.
        samples: data of the panel, and to build a late-built model from, or None.
        max_samples: how many of them the panel has at most.
        class_names: names of the classes of the samples, or None.
        input_shape: shape of one sample, or None.
        budget_bytes: bytes of the run's log, or None for no limit.
        choose_panel: makes another panel of the built model and the one that was read; gives it,
            and why it is the same, in words, where it is.
    """

    log_dir: str
    schedule: Schedule
    on_error: OnError
    samples: Any = None
    max_samples: int = MAX_SAMPLES
    class_names: tuple[str, ...] | None = None
    input_shape: tuple[int, ...] | None = None
    budget_bytes: int | None = None
    choose_panel: Callable[[Any, SamplePanel], tuple[SamplePanel, str]] | None = None


@dataclass(frozen=True)
class Progress:
    """How far a fit has come.

    Attributes:
        epoch: epochs completed, with a fraction; None where not known.
        batch: train batches seen in this fit; None where not counted.
        natural_step: what the step would be in a fresh log.
        phase: see `tb_nnviz.records.Moment`.
    """

    epoch: float | None
    batch: int | None
    natural_step: int
    phase: Phase

    def is_at(self, other: Progress) -> bool:
        """Whether training has not gone on between the two."""
        return (self.epoch, self.batch) == (other.epoch, other.batch)
