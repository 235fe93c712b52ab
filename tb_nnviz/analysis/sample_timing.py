"""How many samples can be afforded: a model that takes long for each is asked about fewer."""

from __future__ import annotations

import time
from collections.abc import Callable

# Numbers that are chosen from, so that two runs on one machine have the same samples.
_STEPS = (10_000, 5_000, 2_500, 1_250, 640, 320, 160, 64)


def afford_samples(
    num_samples: int, batch_size: int, run_batch: Callable[[], object], max_seconds: float
) -> int:
    """How many samples can be computed in a time, at least 64 where there are so many.

    Args:
        num_samples: how many there are.
        batch_size: how many `run_batch` computes.
        run_batch: computes a batch; it is run twice, for the first time may compile.
        max_seconds: the time.
    """
    run_batch()
    started = time.perf_counter()
    run_batch()
    affordable = max_seconds * batch_size / max(1e-9, time.perf_counter() - started)
    if affordable >= num_samples:
        return num_samples
    fewer = next((step for step in _STEPS if step <= affordable), _STEPS[-1])
    return min(num_samples, fewer)
