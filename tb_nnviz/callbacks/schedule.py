"""When a callback logs. Pure: numbers of epochs and batches in, yes or no out."""

from __future__ import annotations

from dataclasses import dataclass
from numbers import Integral

from tb_nnviz.records.arguments import check_positive_int

EPOCH = "epoch"


@dataclass(frozen=True)
class Schedule:
    """Which epochs or batches are logged.

    Attributes:
        update_freq: ``"epoch"``, or a number of train batches.
        every: each n-th of those is logged.
    """

    update_freq: str | int = EPOCH
    every: int = 1

    @property
    def is_by_epoch(self) -> bool:
        """Whether epochs are counted, not batches."""
        return self.update_freq == EPOCH

    def logs_epoch(self, epochs_completed: int) -> bool:
        """Whether to log when so many epochs are completed."""
        return self.is_by_epoch and epochs_completed % self.every == 0

    def logs_batch(self, seen_before: int, seen: int) -> bool:
        """Whether to log when the batches seen go from one number to another."""
        if not isinstance(self.update_freq, int):
            return False
        period = self.update_freq * self.every
        return seen // period > seen_before // period

    def thinned(self, factor: int) -> Schedule:
        """The schedule that keeps each ``factor``-th logged step."""
        return Schedule(self.update_freq, self.every * factor)

    def num_steps(
        self, epochs: int | None, batches_per_epoch: int | None, initial_epoch: int = 0
    ) -> int | None:
        """Steps logged in a fit, that before training and the last included.

        Args:
            epochs: the epoch at which the fit ends, or None where not known.
            batches_per_epoch: or None where not known.
            initial_epoch: epochs completed before the fit.

        Returns:
            The number, or None where it cannot be told.
        """
        if epochs is None:
            return None
        if not isinstance(self.update_freq, int):
            scheduled = epochs // self.every - initial_epoch // self.every
            is_last_scheduled = epochs % self.every == 0 or epochs <= initial_epoch
            return 1 + scheduled + (not is_last_scheduled)
        if batches_per_epoch is None:
            return None
        batches = max(0, epochs - initial_epoch) * batches_per_epoch
        return 1 + -(-batches // (self.update_freq * self.every))


def check_schedule(update_freq: object, every: object) -> Schedule:
    """The schedule of two arguments of a callback.

    Raises:
        TypeError, ValueError: an argument does not fit.
    """
    checked_every = check_positive_int("every", every)
    if isinstance(update_freq, str):
        if update_freq != EPOCH:
            raise ValueError(_update_freq_message(update_freq))
        return Schedule(EPOCH, checked_every)
    if isinstance(update_freq, bool) or not isinstance(update_freq, Integral):
        raise TypeError(_update_freq_message(update_freq))
    if int(update_freq) < 1:
        raise ValueError(_update_freq_message(update_freq))
    return Schedule(int(update_freq), checked_every)


def _update_freq_message(update_freq: object) -> str:
    return (
        "The `update_freq` argument must be 'epoch' or a number of train batches from 1; got "
        f"{update_freq!r}."
    )
