"""When a callback logs. Pure: numbers of epochs and batches in, yes or no out."""

from __future__ import annotations

from dataclasses import dataclass

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

    def num_steps(self, epochs: int | None, batches_per_epoch: int | None) -> int | None:
        """Steps logged in a fit, that before training and the last included.

        Args:
            epochs: of the fit, or None where not known.
            batches_per_epoch: or None where not known.

        Returns:
            The number, or None where it cannot be told.
        """
        if epochs is None:
            return None
        if not isinstance(self.update_freq, int):
            return 1 + -(-epochs // self.every)
        if batches_per_epoch is None:
            return None
        return 1 + -(-epochs * batches_per_epoch // (self.update_freq * self.every))


def check_schedule(update_freq: object, every: object) -> Schedule:
    """The schedule of two arguments of a callback.

    Raises:
        TypeError, ValueError: an argument does not fit.
    """
    is_number = isinstance(update_freq, int) and not isinstance(update_freq, bool)
    if not isinstance(update_freq, (str, int)) or isinstance(update_freq, bool):
        raise TypeError(_update_freq_message(update_freq))
    if (is_number and int(update_freq) < 1) or (not is_number and update_freq != EPOCH):
        raise ValueError(_update_freq_message(update_freq))
    if isinstance(every, bool) or not isinstance(every, int):
        raise TypeError(f"The `every` argument must be an integer; got {every!r}.")
    if every < 1:
        raise ValueError(f"The `every` argument must be 1 or more; got {every!r}.")
    return Schedule(update_freq, every)


def _update_freq_message(update_freq: object) -> str:
    return (
        "The `update_freq` argument must be 'epoch' or a number of train batches from 1; got "
        f"{update_freq!r}."
    )
