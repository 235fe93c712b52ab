"""`TopSamples`: the samples that excite units most, before training and on."""

from __future__ import annotations

import os
from collections.abc import Sequence
from typing import Any

from tb_nnviz.analysis.top_samples import (
    DEFAULT_MAX_SAMPLES,
    DEFAULT_MAX_UNITS,
    DEFAULT_TOP_K,
    TopSampleOptions,
)
from tb_nnviz.callbacks.logging_callback import LoggingCallback
from tb_nnviz.callbacks.sample_arguments import check_validation_data
from tb_nnviz.callbacks.session_settings import OnError
from tb_nnviz.callbacks.top_samples_view import TopSamplesView
from tb_nnviz.callbacks.validation_source import ValidationSource
from tb_nnviz.model.layers import check_layer_patterns
from tb_nnviz.records.arguments import check_positive_int


class TopSamples(LoggingCallback):
    """Logs the samples that excite each unit most, for the NN VIZ tab of TensorBoard.

    For a unit that has one activation a sample it is that; for a channel of feature maps, or of a
    sequence, the greatest over all places, and the part of the picture that this place reads is
    outlined. Training is bit-identical with and without it.

    Args:
        log_dir: directory of the run; events go to ``<log_dir>/nnviz``.
        validation_data: x, ``(x, y)``, or a dataset; targets are not used. Datasets are read in
            order, once a fit.
        layers: names or globs of layers; None for all with weights that make units of their own
            (no normalization, no embedding).
        top_k: how many samples are shown of each unit.
        max_samples: how many samples are looked at at most: of arrays with more they are evenly
            spaced, of datasets the first ones (or fewer, beyond 512 MB), which the tab says.
        max_units: how many units of a layer are shown, the first ones.
        update_freq: ``"epoch"``, or a number of train batches. Before training and, if the
            weights have changed since, at its end, they are logged in any case.
        every: log each n-th of those.
        on_error: ``"warn"`` (say a failure during training once and switch the view off) or
            ``"raise"``.

    Raises:
        TypeError, ValueError: an argument does not fit, at construction or, where the model or
            the data decides, at train begin.

    Example:
        >>> model.fit(x, y, callbacks=[TopSamples("logs/conv", x_val, layers="conv2d*")])
    """

    def __init__(
        self,
        log_dir: str | os.PathLike[str],
        validation_data: Any,
        *,
        layers: str | Sequence[str] | None = None,
        top_k: int = DEFAULT_TOP_K,
        max_samples: int = DEFAULT_MAX_SAMPLES,
        max_units: int = DEFAULT_MAX_UNITS,
        update_freq: str | int = "epoch",
        every: int = 1,
        on_error: OnError = "warn",
    ) -> None:
        data = check_validation_data(validation_data)
        options = TopSampleOptions(
            check_positive_int("top_k", top_k), check_positive_int("max_units", max_units)
        )
        source = ValidationSource(data, check_positive_int("max_samples", max_samples))
        super().__init__(
            log_dir,
            [TopSamplesView(source, check_layer_patterns(layers), options)],
            update_freq=update_freq,
            every=every,
            on_error=on_error,
            samples=data,
        )
