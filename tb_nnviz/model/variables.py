"""Values of Keras variables as arrays that nobody else can change."""

from __future__ import annotations

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


def is_chief(model: Any) -> bool:
    """Whether this process is the one to log, among the workers of a distributed training."""
    strategy = getattr(model, "distribute_strategy", None)
    extended = getattr(strategy, "extended", None)
    return bool(getattr(extended, "should_save_summary", True))
