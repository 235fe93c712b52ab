"""A model that takes long is asked about fewer samples, of a few fixed numbers."""

from __future__ import annotations

import time
from collections.abc import Callable

import pytest

from tb_nnviz.analysis.sample_timing import afford_samples


@pytest.fixture
def clock(monkeypatch: pytest.MonkeyPatch) -> Callable[[float], Callable[[], None]]:
    """Makes a batch that takes so many seconds of a clock that runs in the batch alone."""
    now = [0.0]
    monkeypatch.setattr(time, "perf_counter", lambda: now[0])

    def make_batch(seconds: float) -> Callable[[], None]:
        def run() -> None:
            now[0] += seconds

        return run

    return make_batch


@pytest.mark.parametrize(
    ("num_samples", "seconds", "expected"),
    [
        (10_000, 0.01, 10_000),  # 100 samples in 10 ms: 50,000 in 5 s
        (60_000, 0.01, 10_000),  # not all, so the first number below 50,000
        (10_000, 0.06, 5_000),  # 8,333
        (10_000, 1.0, 320),  # 500
        (10_000, 100.0, 64),  # 5, but fewer than 64 say nothing
        (30, 100.0, 30),
    ],
)
def test_the_number_is_the_greatest_of_a_few_that_can_be_afforded(
    num_samples: int,
    seconds: float,
    expected: int,
    clock: Callable[[float], Callable[[], None]],
) -> None:
    assert afford_samples(num_samples, 100, clock(seconds), 5.0) == expected


def test_the_first_run_which_may_compile_is_not_timed(
    clock: Callable[[float], Callable[[], None]],
) -> None:
    runs = iter([clock(1000.0), clock(0.01)])

    def run_next() -> None:
        next(runs)()

    assert afford_samples(10_000, 100, run_next, 5.0) == 10_000
