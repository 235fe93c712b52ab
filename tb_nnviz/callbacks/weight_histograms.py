"""`WeightHistograms`: the distribution of every weight, before training and on a schedule."""

from __future__ import annotations

import os
from collections.abc import Sequence

from tb_nnviz.callbacks.logging_callback import LoggingCallback
from tb_nnviz.callbacks.session_settings import OnError
from tb_nnviz.callbacks.weight_views import WeightHistogramsView
from tb_nnviz.model.layers import check_layer_patterns


class WeightHistograms(LoggingCallback):
    """Logs a histogram of every weight for the NN VIZ tab of TensorBoard.

    Bins are linear, 256 to 512 over the range of the values, their width a power of two and
    their edges whole multiples of it: histograms of any steps, layers and runs are laid over one
    another exactly. With them go count, mean, standard deviation, extremes, L2 norm, share of
    zeros, counts of NaN and infinities, and the update ratio ‖ΔW‖/‖W‖ since the record before.
    Training is bit-identical with and without it.

    Args:
        log_dir: directory of the run; events go to ``<log_dir>/nnviz``.
        layers: names or globs of layers (``"conv*"``, ``["dense", "encoder/*"]``); None for
            all. A nested model stands for all its layers.
        update_freq: ``"epoch"``, or a number of train batches. Before training and, if the
            weights have changed since, at its end, they are logged in any case.
        every: log each n-th of those.
        on_error: ``"warn"`` (say a failure during training once and switch the view off) or
            ``"raise"``.

    Raises:
        TypeError, ValueError: an argument does not fit, at construction or, where the model
            decides (`layers`), at train begin.

    Example:
        >>> model.fit(x, y, epochs=10, callbacks=[WeightHistograms("logs/mlp")])
    """

    def __init__(
        self,
        log_dir: str | os.PathLike[str],
        *,
        layers: str | Sequence[str] | None = None,
        update_freq: str | int = "epoch",
        every: int = 1,
        on_error: OnError = "warn",
    ) -> None:
        super().__init__(
            log_dir,
            [WeightHistogramsView(check_layer_patterns(layers))],
            update_freq=update_freq,
            every=every,
            on_error=on_error,
        )
