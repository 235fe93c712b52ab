"""Values of Keras variables as arrays that nobody else can change."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import keras
import numpy as np
from numpy.typing import NDArray


def copy_values(variable: Any) -> NDArray[Any]:
    """A copy of a variable's values that owns its memory, in the variable's dtype.

    Under JAX and PyTorch a conversion may alias a live buffer, which training overwrites.
    """
    values = np.asarray(keras.ops.convert_to_numpy(variable))
    return values if values.flags.owndata else values.copy()


class WeightValues:
    """The values of weights at one moment, each copied once however many views ask for it.

    Lives for one step, on the thread that trains. Its arrays own their memory and nobody can
    write to them, so that views may keep them and other threads read them.
    """

    def __init__(self) -> None:
        self._copies: dict[str, NDArray[Any]] = {}

    def values_of(self, key: str, read: Callable[[], Any]) -> NDArray[Any]:
        """The values of a weight, the same array at each call.

        Args:
            key: what names the weight in the model.
            read: gives the variable or tensor, if it has not been copied yet.
        """
        found = self._copies.get(key)
        if found is None:
            found = self._copies[key] = copy_values(read())
            found.setflags(write=False)
        return found

    def get(self, key: str) -> NDArray[Any] | None:
        """The values of a weight that was copied; None for any other."""
        return self._copies.get(key)


def are_identical(values: NDArray[Any], others: NDArray[Any]) -> bool:
    """Whether two arrays hold the same bits, so that a NaN equals itself."""
    if values.shape != others.shape or values.dtype != others.dtype:
        return False
    return np.array_equal(values.reshape(-1).view(np.uint8), others.reshape(-1).view(np.uint8))


def is_chief(model: Any) -> bool:
    """Whether this process is the one to log, among the workers of a distributed training."""
    strategy = getattr(model, "distribute_strategy", None)
    extended = getattr(strategy, "extended", None)
    return bool(getattr(extended, "should_save_summary", True))
