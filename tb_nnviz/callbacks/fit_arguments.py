"""What `model.fit` was called with, which Keras tells no callback: found among the callers."""

from __future__ import annotations

import inspect
from typing import Any

# From a callback's on_train_begin to fit there are the list and some wrappers of Keras.
_MAX_FRAMES = 32


def find_training_data(model: object) -> Any:
    """The data that the fit under way trains on.

    Args:
        model: the model that is fitted.

    Returns:
        ``x`` of the call; None where it cannot be found, as in a loop of the user's own.
    """
    frame = inspect.currentframe()
    for _ in range(_MAX_FRAMES):
        if frame is None:
            return None
        found = frame.f_locals
        if frame.f_code.co_name == "fit" and found.get("self") is model and "x" in found:
            return found["x"]
        frame = frame.f_back
    return None
