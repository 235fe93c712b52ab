"""Acting after all other callbacks at the end of training.

`EarlyStopping(restore_best_weights=True)` puts weights back in its own ``on_train_end``,
so a callback that stands before it in the list would log the wrong ones. Keras gives a
callback no handle on the list it is in; the list is found among the callers. A callback
appended while Keras goes through the list is called last.
"""

from __future__ import annotations

import inspect
from collections.abc import Callable, Sequence

import keras

# Keras calls a callback directly from its list; leave room for wrappers.
_MAX_FRAMES = 8


class _CallOnce(keras.callbacks.Callback):
    def __init__(self, action: Callable[[], None]) -> None:
        super().__init__()
        self._action: Callable[[], None] | None = action

    def on_train_end(self, logs: object = None) -> None:  # noqa: ARG002 - Keras' signature
        action, self._action = self._action, None
        if action is not None:
            action()


def call_after_other_callbacks(
    callback: object, action: Callable[[Sequence[object]], None]
) -> None:
    """Calls ``action`` when all callbacks of the fit have had their ``on_train_end``.

    To be called from ``callback.on_train_end``. Where the list that the callback is in cannot
    be found (called by hand in a custom loop), ``action`` is called at once.

    Args:
        callback: the caller.
        action: called with the callbacks of the fit, () where they are not known.
    """
    callback_list = _find_callback_list(callback)
    if callback_list is None:
        action(())
    else:
        callback_list.append(_CallOnce(lambda: action(callback_list)))


def restores_weights(callbacks: Sequence[object]) -> bool:
    """Whether one of the callbacks puts back the weights of an earlier epoch at the end."""
    return any(
        getattr(callback, "restore_best_weights", False)
        and getattr(callback, "best_weights", None) is not None
        for callback in callbacks
    )


def _find_callback_list(callback: object) -> list[object] | None:
    frame = inspect.currentframe()
    for _ in range(_MAX_FRAMES):
        if frame is None:
            return None
        caller = frame.f_locals.get("self")
        if isinstance(caller, keras.callbacks.CallbackList) and callback in caller.callbacks:
            found: list[object] = caller.callbacks
            return found
        frame = frame.f_back
    return None
