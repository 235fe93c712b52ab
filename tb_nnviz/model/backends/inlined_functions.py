"""A `tf.function` that a model calls is traced with the model, as the Python function that it is.

On its own it would keep what it traced, with all that stands between the model and its layers
meanwhile, and would compute that in the user's training from then on; and what it computes could
not leave the graph that it makes.
"""

from __future__ import annotations

import functools
import threading
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import contextmanager, nullcontext
from typing import Any

import numpy as np
import tensorflow as tf

_FUNCTION = type(tf.function(lambda: None))
_lock = threading.Lock()
_scopes_by_thread: Counter[int] = Counter()


@contextmanager
def inline_functions() -> Iterator[None]:
    """Within this scope and thread, a `tf.function` is called as its Python function.

    Its Python statements are still rewritten (AutoGraph), unless it was made without. One that
    is compiled by XLA is compiled apart. Other threads call theirs as ever.
    """
    thread = threading.get_ident()
    with _lock:
        if not _scopes_by_thread.total():
            _Patch.put()
        _scopes_by_thread[thread] += 1
    try:
        yield
    finally:
        with _lock:
            _scopes_by_thread[thread] -= 1
            if not _scopes_by_thread.total():
                _scopes_by_thread.clear()
                _Patch.remove()


class _Patch:
    """What stands before the call of every `tf.function`, from the first scope to the last."""

    original: Callable[..., Any] = _FUNCTION.__call__

    @classmethod
    def put(cls) -> None:
        original = cls.original = _FUNCTION.__call__

        @functools.wraps(original)
        def call(function: Any, *args: Any, **kwargs: Any) -> Any:
            if not _scopes_by_thread[threading.get_ident()] or tf.executing_eagerly():
                return original(function, *args, **kwargs)
            args, kwargs = tf.nest.map_structure(_as_tensor, (args, kwargs))
            plain = _python_function(function)
            if getattr(function, "_jit_compile", None):
                # Keras does so what TensorFlow cannot do without XLA, such as grouped convolutions.
                return original(
                    tf.function(plain, jit_compile=True, autograph=False), *args, **kwargs
                )
            return tf.nest.map_structure(_as_tensor, plain(*args, **kwargs))

        _FUNCTION.__call__ = call

    @classmethod
    def remove(cls) -> None:
        _FUNCTION.__call__ = cls.original


def _as_tensor(value: Any) -> Any:
    """Arrays become tensors on the way into and out of a `tf.function`."""
    return tf.convert_to_tensor(value) if isinstance(value, (np.ndarray, np.generic)) else value


def _python_function(function: Any) -> Callable[..., Any]:
    """The Python function of a `tf.function`, with its statements rewritten as that does."""
    python_function: Callable[..., Any] = function.python_function
    if not getattr(function, "_autograph", True):
        return python_function
    autograph = tf.__internal__.autograph
    statuses = type(autograph.control_status_ctx().status)
    enabled, unspecified = _Rewriting(statuses.ENABLED), _Rewriting(statuses.UNSPECIFIED)
    rewritten = autograph.tf_convert(python_function, enabled, user_requested=True)

    def call(*args: Any, **kwargs: Any) -> Any:
        return rewritten(*args, **kwargs)

    # Our own trace has switched rewriting off for all that is called within it.
    result: Callable[..., Any] = autograph.tf_convert(call, unspecified, convert_by_default=False)
    return result


class _Rewriting(nullcontext[None]):
    """Whether statements are rewritten, as TensorFlow is told it."""

    def __init__(self, status: Any) -> None:
        super().__init__()
        self.status = status
