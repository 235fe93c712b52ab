"""When is logged, and how much: pure functions."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tb_nnviz.callbacks.announcement import announce_cost
from tb_nnviz.callbacks.budget import MIN_TILES, plan_budget
from tb_nnviz.callbacks.schedule import Schedule


def test_epochs_are_logged_each_nth_time() -> None:
    schedule = Schedule(every=3)
    assert [epoch for epoch in range(1, 10) if schedule.logs_epoch(epoch)] == [3, 6, 9]
    assert not Schedule(update_freq=5).logs_epoch(3)


def test_batches_are_logged_when_a_multiple_is_reached_or_passed() -> None:
    schedule = Schedule(update_freq=10, every=2)
    assert [n for n in range(1, 61) if schedule.logs_batch(n - 1, n)] == [20, 40, 60]
    # Several batches in one execution step over the multiple.
    assert schedule.logs_batch(16, 24)
    assert not schedule.logs_batch(20, 28)
    assert not Schedule().logs_batch(9, 10)


@given(
    st.integers(1, 30),
    st.integers(1, 20),
    st.integers(1, 5),
    st.one_of(st.just("epoch"), st.integers(1, 40)),
)
def test_the_number_of_steps_is_what_a_fit_logs(
    epochs: int, batches: int, every: int, update_freq: str | int
) -> None:
    schedule = Schedule(update_freq, every)
    logged = 1  # before training
    last_is_logged = False
    for epoch in range(1, epochs + 1):
        for batch in range(1, batches + 1):
            seen = (epoch - 1) * batches + batch
            last_is_logged = schedule.logs_batch(seen - 1, seen)
            logged += last_is_logged
        if schedule.is_by_epoch:
            last_is_logged = schedule.logs_epoch(epoch)
            logged += last_is_logged
    assert schedule.num_steps(epochs, batches) == logged + (not last_is_logged)


def test_the_number_of_steps_is_unknown_where_batches_are() -> None:
    assert Schedule(update_freq=5).num_steps(3, None) is None
    assert Schedule().num_steps(3, None) == 4
    assert Schedule().num_steps(None, None) is None


@given(
    bytes_per_tile=st.integers(1, 10_000),
    max_tiles=st.integers(1, 2000),
    num_steps=st.integers(2, 1000),
    budget=st.integers(1, 10**9),
    in_log=st.integers(0, 10**9),
)
def test_a_run_fits_its_budget_or_keeps_two_steps_of_few_tiles(
    bytes_per_tile: int, max_tiles: int, num_steps: int, budget: int, in_log: int
) -> None:
    plan = plan_budget(
        lambda tiles: tiles * bytes_per_tile,
        max_tiles=max_tiles,
        num_steps=num_steps,
        budget_bytes=budget,
        bytes_in_log=in_log,
    )
    assert plan.num_steps is not None
    assert 2 <= plan.num_steps <= num_steps
    is_smallest = plan.num_steps == 2 and plan.max_tiles <= max(MIN_TILES, 0)
    fits = in_log + plan.num_steps * plan.bytes_per_step <= budget
    assert fits or is_smallest or in_log > 0
    if max_tiles * bytes_per_tile * num_steps + in_log <= budget:
        assert (plan.max_tiles, plan.keep_every) == (max_tiles, 1)
        assert plan.describe_cuts(max_tiles) == ""


def test_a_cut_that_would_take_more_bytes_is_not_made() -> None:
    # Norms over cut in_channels may take more than the tiles that are left out.
    plan = plan_budget(
        lambda tiles: 900 if tiles >= 128 else 1_000,
        max_tiles=512,
        num_steps=4,
        budget_bytes=2_000,
        bytes_in_log=0,
    )
    assert (plan.max_tiles, plan.bytes_per_step, plan.num_steps) == (512, 900, 2)


def test_tiles_are_cut_before_steps_are_thinned() -> None:
    # 512 tiles of 100 bytes in 10 steps are 512 KB; 128 tiles fit into 150 KB, 256 do not.
    plan = plan_budget(
        lambda tiles: tiles * 100,
        max_tiles=512,
        num_steps=10,
        budget_bytes=150_000,
        bytes_in_log=0,
    )
    assert (plan.max_tiles, plan.keep_every) == (128, 1)
    # 64 tiles in 10 steps are 64 KB: in 20 KB there is room for 3 steps, each fifth of nine.
    plan = plan_budget(
        lambda tiles: tiles * 100, max_tiles=512, num_steps=10, budget_bytes=20_000, bytes_in_log=0
    )
    assert (plan.max_tiles, plan.keep_every, plan.num_steps) == (64, 5, 3)
    assert plan.describe_cuts(512) == (
        "each tag has at most 64 tiles and one scheduled step in 5 is logged, and the last"
    )


@pytest.mark.parametrize(
    ("num_steps", "sentence"),
    [
        (
            21,
            (
                "nnviz: logging weights (3 tags): about 1.3 MB and 0.2 s a step, "
                "27.3 MB in 21 steps, to logs/x"
            ),
        ),
        (None, "nnviz: logging weights (3 tags): about 1.3 MB and 0.2 s a step, to logs/x"),
    ],
)
def test_the_announcement_says_bytes_and_seconds(num_steps: int | None, sentence: str) -> None:
    assert (
        announce_cost(
            {"weights": 3},
            bytes_per_step=1_300_000,
            seconds_per_step=0.2,
            num_steps=num_steps,
            directory="logs/x",
        )
        == sentence
    )


def test_the_announcement_leaves_out_views_that_log_nothing() -> None:
    said = announce_cost(
        {"weights": 0, "histograms": 1},
        bytes_per_step=1000,
        seconds_per_step=0.2,
        num_steps=None,
        directory="logs/x",
    )
    assert said == "nnviz: logging histograms (1 tag): about 1 KB and 0.2 s a step, to logs/x"


def test_the_announcement_says_what_is_logged_once_apart_from_each_step() -> None:
    said = announce_cost(
        {"samples": 1, "activations": 3},
        bytes_per_step=1_000,
        bytes_once=5_000,
        seconds_per_step=0.2,
        seconds_once=21.3,
        num_steps=4,
        directory="logs/x",
    )
    assert said == (
        "nnviz: logging samples (1 tag), activations (3 tags): about 1 KB and 0.2 s a step, "
        "9 KB in 4 steps, to logs/x; preparing took 21 s, once"
    )


@given(
    bytes_per_tile=st.integers(1, 10_000),
    num_steps=st.integers(2, 100),
    budget=st.integers(10**6, 10**8),
    bytes_once=st.integers(0, 10**6),
)
def test_what_is_logged_once_has_its_room_in_the_budget(
    bytes_per_tile: int, num_steps: int, budget: int, bytes_once: int
) -> None:
    plan = plan_budget(
        lambda tiles: tiles * bytes_per_tile,
        max_tiles=1024,
        num_steps=num_steps,
        budget_bytes=budget,
        bytes_in_log=0,
        bytes_once=bytes_once,
    )
    assert plan.num_steps is not None
    is_smallest = plan.num_steps == 2 and plan.max_tiles == MIN_TILES
    assert is_smallest or bytes_once + plan.num_steps * plan.bytes_per_step <= budget
