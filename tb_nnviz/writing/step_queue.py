"""Work handed from the training thread to one background thread, a step at a time.

The queue holds the jobs of one step while another is under way; a caller that comes
with a further step waits, and the wait is counted. Knows nothing of what the jobs do.
"""

from __future__ import annotations

import threading
import time
from collections import deque
from collections.abc import Callable


class StepQueue:
    """Runs jobs in order on a thread of its own, which starts with the first job.

    Attributes:
        num_waits: how often a caller had to wait.
        seconds_waited: how long in all.
    """

    def __init__(self) -> None:
        self.num_waits = 0
        self.seconds_waited = 0.0
        self._changed = threading.Condition()
        self._pending: deque[tuple[int, Callable[[], None]]] = deque()
        self._is_busy = False
        self._thread: threading.Thread | None = None
        self._stop = threading.Event()

    def submit(self, step: int, job: Callable[[], None]) -> None:
        """Queues a job; waits while jobs of another step are queued.

        Args:
            step: jobs of one step are queued together.
            job: must not raise.

        Raises:
            RuntimeError: no thread can be started; the job is not queued.
        """
        with self._changed:
            if self._pending and self._pending[0][0] != step:
                started = time.perf_counter()
                self._changed.wait_for(lambda: not self._pending or self._pending[0][0] == step)
                self.num_waits += 1
                self.seconds_waited += time.perf_counter() - started
            # First the thread: a job that nobody will run would make all later calls hang.
            if self._thread is None:
                self._start_thread()
            self._pending.append((step, job))
            self._changed.notify_all()

    def drain(self) -> None:
        """Returns when every job that was submitted has run."""
        with self._changed:
            self._changed.wait_for(lambda: not self._pending and not self._is_busy)

    def close(self) -> None:
        """Runs what is queued, then ends the thread; a later job starts a new one."""
        with self._changed:
            thread, self._thread = self._thread, None
            self._stop.set()
            self._changed.notify_all()
        if thread is not None and thread is not threading.current_thread():
            thread.join()

    def _start_thread(self) -> None:
        stop = threading.Event()
        # A daemon does not keep the process alive; `close` at exit empties the queue.
        thread = threading.Thread(target=self._run, args=(stop,), name="nnviz-log", daemon=True)
        thread.start()
        self._thread, self._stop = thread, stop

    def _run(self, stop: threading.Event) -> None:
        while True:
            with self._changed:
                self._changed.wait_for(lambda: self._pending or stop.is_set())
                if not self._pending:
                    return
                _, job = self._pending.popleft()
                self._is_busy = True
                self._changed.notify_all()
            job()
            # A job holds the arrays of its step: let go of them before waiting for the next.
            del job
            with self._changed:
                self._is_busy = False
                self._changed.notify_all()
