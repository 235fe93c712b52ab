"""`NNViz`: everything that fits the model and the budget, with one callback."""

from __future__ import annotations

import os
from collections.abc import Callable, Mapping, Sequence
from typing import Any

from tb_nnviz.analysis.weight_histograms import VIEW as HISTOGRAMS
from tb_nnviz.analysis.weight_tiles import VIEW as WEIGHTS
from tb_nnviz.analysis.weight_tiles import WeightTileOptions
from tb_nnviz.callbacks.logging_callback import LoggingCallback
from tb_nnviz.callbacks.session_settings import OnError
from tb_nnviz.callbacks.views import View
from tb_nnviz.callbacks.weight_views import WeightHistogramsView, WeightTilesView
from tb_nnviz.model.layers import check_layer_patterns
from tb_nnviz.writing.log_writer import DEFAULT_BUDGET_BYTES

_VIEWS: Mapping[str, Callable[[tuple[str, ...] | None], View]] = {
    WEIGHTS: lambda layers: WeightTilesView(layers, WeightTileOptions()),
    HISTOGRAMS: WeightHistogramsView,
}


class NNViz(LoggingCallback):
    """Logs what is inside a model for the NN VIZ tab of TensorBoard.

    Before the first step it says what it logs and at what cost. Training is bit-identical
    with and without it.

    Args:
        log_dir: directory of the run; events go to ``<log_dir>/nnviz``.
        validation_data: ``(x, y)``, or a finite dataset, as for `model.fit`. From its shapes a
            model is built that has no weights before training (a subclassed model, a Sequential
            without Input), so that they can be shown too.
        samples: x alone, used in its stead where given.
        layers: names or globs of layers; None for all.
        views: which views to log, of ``"weights"`` and ``"histograms"``; None for all.
        input_shape: shape of one sample without the batch axis, to build a model from where
            there is no sample.
        budget_bytes: how large the run's log may become. Where the estimate exceeds it,
            tiles of each tag are capped first, then steps are thinned evenly; first and last
            are always kept. The tab says what was done.
        update_freq: ``"epoch"``, or a number of train batches.
        every: log each n-th of those.
        on_error: ``"warn"`` (say a failure during training once and switch the view off) or
            ``"raise"``.

    Raises:
        TypeError, ValueError: an argument does not fit, at construction or, where the model
            decides (`layers`, `samples`), at train begin.

    Example:
        >>> model.fit(x, y, epochs=10, callbacks=[NNViz("logs/mlp-512")])
    """

    def __init__(
        self,
        log_dir: str | os.PathLike[str],
        *,
        validation_data: Any = None,
        samples: Any = None,
        layers: str | Sequence[str] | None = None,
        views: Sequence[str] | None = None,
        input_shape: Sequence[int] | None = None,
        budget_bytes: int = DEFAULT_BUDGET_BYTES,
        update_freq: str | int = "epoch",
        every: int = 1,
        on_error: OnError = "warn",
    ) -> None:
        patterns = check_layer_patterns(layers)
        if isinstance(validation_data, list) and len(validation_data) in (2, 3):
            validation_data = tuple(validation_data)  # as model.fit reads it
        super().__init__(
            log_dir,
            [_VIEWS[name](patterns) for name in _check_views(views)],
            update_freq=update_freq,
            every=every,
            on_error=on_error,
            samples=validation_data if samples is None else samples,
            input_shape=input_shape,
            budget_bytes=budget_bytes,
        )


def _check_views(views: object) -> tuple[str, ...]:
    if views is None:
        return tuple(_VIEWS)
    accepted = f"The `views` argument must be None (all) or a list of {sorted(_VIEWS)}"
    if isinstance(views, str) or not isinstance(views, Sequence):
        raise TypeError(f"{accepted}; got {views!r}.")
    names = tuple(views)
    if not names or any(name not in _VIEWS for name in names):
        raise ValueError(f"{accepted}; got {views!r}.")
    return tuple(dict.fromkeys(names))
