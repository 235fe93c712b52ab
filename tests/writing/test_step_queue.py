from __future__ import annotations

import threading
import time

import pytest

from tb_nnviz.writing.step_queue import StepQueue

# Nothing here takes long: a wait this long means that it would never end.
FOREVER = 30.0


class Gate:
    """A job that says when it has begun and goes on when it is let."""

    def __init__(self) -> None:
        self.begun = threading.Event()
        self.opened = threading.Event()

    def __call__(self) -> None:
        self.begun.set()
        assert self.opened.wait(FOREVER)


def wait_for_a_waiting_caller(queue: StepQueue, caller: threading.Thread) -> None:
    """Returns when the caller waits; the background thread must be in a job."""
    while not getattr(queue._changed, "_waiters"):  # noqa: B009 - typeshed does not have it
        assert caller.is_alive(), "the caller did not wait"
        time.sleep(0.001)


def begin(queue: StepQueue, step: int) -> Gate:
    gate = Gate()
    queue.submit(step, gate)
    assert gate.begun.wait(FOREVER)
    return gate


def test_jobs_run_in_order_on_one_other_thread() -> None:
    queue = StepQueue()
    ran: list[tuple[int, int]] = []
    for step in range(20):
        queue.submit(step, lambda step=step: ran.append((step, threading.get_ident())))  # type: ignore[misc]
    queue.drain()
    assert [step for step, _ in ran] == list(range(20))
    threads = {thread for _, thread in ran}
    assert len(threads) == 1
    assert threading.get_ident() not in threads
    queue.close()


def test_one_step_is_held_while_another_is_under_way() -> None:
    queue = StepQueue()
    gate = begin(queue, 0)
    ran: list[str] = []
    for name in "abc":
        # Jobs of one step do not wait for one another.
        queue.submit(1, lambda name=name: ran.append(name))  # type: ignore[misc]
    assert ran == []
    assert queue.num_waits == 0
    gate.opened.set()
    queue.drain()
    assert ran == ["a", "b", "c"]
    queue.close()


def test_a_further_step_is_accepted_once_the_held_one_is_under_way() -> None:
    queue = StepQueue()
    gate = begin(queue, 0)
    held = Gate()
    queue.submit(1, held)
    ran = threading.Event()
    returned = threading.Event()

    def submit_further_step() -> None:
        queue.submit(2, ran.set)
        returned.set()

    caller = threading.Thread(target=submit_further_step)
    caller.start()
    gate.opened.set()
    # The queue is free for step 2 only when step 1 is under way; until then its caller waits.
    assert held.begun.wait(FOREVER)
    assert returned.wait(FOREVER)
    assert not ran.is_set()
    held.opened.set()
    caller.join(FOREVER)
    queue.drain()
    assert ran.is_set()
    queue.close()


def test_the_caller_of_a_further_step_does_not_return_before_there_is_room() -> None:
    queue = StepQueue()
    gate = begin(queue, 0)
    order: list[str] = []
    queue.submit(1, lambda: order.append("step 1 runs"))

    def submit_further_step() -> None:
        queue.submit(2, lambda: order.append("step 2 runs"))

    caller = threading.Thread(target=submit_further_step)
    caller.start()
    wait_for_a_waiting_caller(queue, caller)
    gate.opened.set()
    caller.join(FOREVER)
    queue.drain()
    assert order == ["step 1 runs", "step 2 runs"]
    assert queue.num_waits == 1
    assert queue.seconds_waited > 0
    queue.close()


def test_close_runs_what_is_queued_and_ends_the_thread() -> None:
    queue = StepQueue()
    gate = begin(queue, 0)
    ran: list[int] = []
    queue.submit(1, lambda: ran.append(1))
    thread = queue._thread
    assert thread is not None
    gate.opened.set()
    queue.close()
    assert ran == [1]
    assert not thread.is_alive()
    queue.close()


def test_a_closed_queue_starts_again_with_the_next_job() -> None:
    queue = StepQueue()
    ran: list[int] = []
    for step in range(3):
        queue.submit(step, lambda step=step: ran.append(step))  # type: ignore[misc]
        queue.close()
    assert ran == [0, 1, 2]


def test_a_queue_without_jobs_has_no_thread_and_drains_at_once() -> None:
    queue = StepQueue()
    queue.drain()
    queue.close()
    assert queue._thread is None


def test_a_job_that_ran_is_let_go() -> None:
    import gc
    import weakref

    class Payload:
        pass

    queue = StepQueue()
    payload = Payload()
    alive = weakref.ref(payload)
    queue.submit(0, lambda payload=payload: None)  # type: ignore[misc]
    del payload
    queue.drain()
    gc.collect()
    assert alive() is None
    queue.close()


def test_a_thread_that_cannot_be_started_is_an_error_and_nothing_hangs_later() -> None:
    def refuse(thread: threading.Thread) -> None:
        raise RuntimeError("can't start new thread")

    queue = StepQueue()
    ran: list[int] = []
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(threading.Thread, "start", refuse)
        for step in range(3):
            with pytest.raises(RuntimeError, match="can't start"):
                queue.submit(step, lambda: ran.append(-1))
            queue.drain()
            queue.close()
    # There are threads again: what failed is not run late, what follows is.
    for step in range(3, 6):
        queue.submit(step, lambda step=step: ran.append(step))  # type: ignore[misc]
    queue.close()
    assert ran == [3, 4, 5]
