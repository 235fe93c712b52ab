"""The samples that were chosen of a source, before they are described."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

BY_CLASS = ", as many of each class as can be"
EVENLY = ", evenly spaced"


@dataclass(frozen=True)
class ChosenSamples:
    """Samples in the order of the panel.

    Attributes:
        inputs: an array, or a list or dict of arrays.
        targets: of the output that labels them; None where there are none.
        classes: class index of each, where the targets say one.
        output: name of that output; "" where there is one.
        notes: what was chosen of how much.
    """

    inputs: Any
    targets: NDArray[Any] | None
    classes: NDArray[np.int64] | None
    output: str
    notes: tuple[str, ...]


def describe_choice(
    num_chosen: int, num_samples: int, how: str, first: str = ""
) -> tuple[str, ...]:
    """A note on how many samples were chosen; none where that is all of them.

    Args:
        num_chosen: how many.
        num_samples: of how many.
        how: `BY_CLASS` or `EVENLY`.
        first: "the first " where there may be more that were not looked at.
    """
    if num_chosen == num_samples and not first:
        return ()
    return (f"{num_chosen} of {first}{num_samples:,} samples{how}",)
