"""Which step a record gets: its order in the log. Pure bookkeeping, no files."""

from __future__ import annotations

from collections.abc import Collection, Hashable


class StepCounter:
    """Hands out steps that strictly increase in every tag, over fits and processes.

    Several views that log at the same moment of training share a step.

    Args:
        last_step: the last step of an earlier log in the same directory, or None.
    """

    def __init__(self, last_step: int | None) -> None:
        self.last_step = last_step
        self._moment: Hashable = None
        self._tags_at_last_step: set[str] = set()

    def step_for(self, natural_step: int, moment: Hashable, tags: Collection[str]) -> int:
        """The step for records of the given tags.

        Args:
            natural_step: epochs completed or train batches seen.
            moment: equal for records that belong to the same step.
            tags: what is to be logged.

        Returns:
            The last step again, where it was of the same moment and has none of the tags
            yet; else ``max(natural_step, last step + 1)``.
        """
        is_same_moment = moment == self._moment and self._tags_at_last_step.isdisjoint(tags)
        if self.last_step is None or not is_same_moment:
            self.last_step = (
                natural_step if self.last_step is None else max(natural_step, self.last_step + 1)
            )
            self._moment = moment
            self._tags_at_last_step = set()
        self._tags_at_last_step.update(tags)
        return self.last_step
