"""The validation data of a callback, read once a fit and shared by its views."""

from __future__ import annotations

from typing import Any

from tb_nnviz.callbacks.reading import check_may_read
from tb_nnviz.model.validation_set import ValidationSet, read_validation_set


class ValidationSource:
    """Data that is read at train begin.

    Args:
        data: as the user gave it.
        max_samples: how many samples are read at most.
    """

    def __init__(self, data: Any, max_samples: int) -> None:
        self.data = data
        self.max_samples = max_samples
        self._read: ValidationSet | None = None

    def __getstate__(self) -> dict[str, Any]:
        """Without what was read."""
        return {**self.__dict__, "_read": None}

    def read(self, model: Any) -> ValidationSet:
        """The samples; the first call of a fit reads them.

        Args:
            model: that is being trained.

        Raises:
            TypeError, ValueError: they cannot be read, or reading them would change the training.
        """
        if self._read is None:
            check_may_read(model, self.data)
            self._read = read_validation_set(self.data, max_samples=self.max_samples)
        return self._read

    def reset(self) -> None:
        """Lets go of the samples."""
        self._read = None
