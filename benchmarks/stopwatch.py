"""A callback that times another one. Knows Keras' hooks, not what is timed."""

from __future__ import annotations

import time
from typing import Any

import keras


class Stopwatch(keras.callbacks.Callback):
    """Times the hooks of another callback, and the epochs with them."""

    def __init__(self, timed: keras.callbacks.Callback | None) -> None:
        super().__init__()
        self.timed = timed
        self.seconds_held: list[float] = []
        self.seconds_of_epochs: list[float] = []

    def set_model(self, model: Any) -> None:
        """Hands the model on."""
        super().set_model(model)
        self._hand_on("set_model", model)

    def set_params(self, params: Any) -> None:
        """Hands the parameters on."""
        super().set_params(params)
        self._hand_on("set_params", params)

    def on_train_begin(self, logs: Any = None) -> None:
        """Hands on."""
        self._hand_on("on_train_begin", logs)

    def on_epoch_begin(self, epoch: int, logs: Any = None) -> None:
        """Hands on; begins the clock of the epoch."""
        self._epoch_began = time.perf_counter()
        self._hand_on("on_epoch_begin", epoch, logs)

    def on_train_batch_begin(self, batch: int, logs: Any = None) -> None:
        """Hands on."""
        self._hand_on("on_train_batch_begin", batch, logs)

    def on_train_batch_end(self, batch: int, logs: Any = None) -> None:
        """Hands on."""
        self._hand_on("on_train_batch_end", batch, logs)

    def on_epoch_end(self, epoch: int, logs: Any = None) -> None:
        """Hands on, and times it."""
        began = time.perf_counter()
        self._hand_on("on_epoch_end", epoch, logs)
        ended = time.perf_counter()
        self.seconds_held.append(ended - began)
        self.seconds_of_epochs.append(ended - self._epoch_began)

    def on_train_end(self, logs: Any = None) -> None:
        """Hands on."""
        self._hand_on("on_train_end", logs)

    def _hand_on(self, hook: str, *arguments: Any) -> None:
        if self.timed is not None:
            getattr(self.timed, hook)(*arguments)
