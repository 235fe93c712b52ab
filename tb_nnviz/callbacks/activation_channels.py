"""`ActivationChannels`: what each layer responds to some samples, before training and on."""

from __future__ import annotations

import os
from collections.abc import Sequence
from typing import Any

from tb_nnviz.analysis.activation_tiles import ActivationOptions
from tb_nnviz.callbacks.activation_view import ActivationsView
from tb_nnviz.callbacks.logging_callback import LoggingCallback
from tb_nnviz.callbacks.sample_arguments import check_samples_given
from tb_nnviz.callbacks.samples_view import SamplesView
from tb_nnviz.callbacks.session_settings import OnError
from tb_nnviz.model.layers import check_layer_patterns
from tb_nnviz.records.arguments import check_positive_int
from tb_nnviz.records.tile_array import DEFAULT_MAX_TILE_SIDE

DEFAULT_MAX_CHANNELS = 64


class ActivationChannels(LoggingCallback):
    """Logs the outputs of layers for some samples for the NN VIZ tab of TensorBoard.

    Feature maps are one tile ``(height, width)`` for each sample and channel; outputs of Dense
    layers are strips, sequences one matrix ``(step, channel)`` a sample. Where a layer applies an
    activation of its own, what it applies it to is logged too, as ``…/pre_activation``. With them
    goes the share of zeros, and once a fit the samples themselves. Training is bit-identical with
    and without it: layers run as at inference, and nothing of the model's state is kept.

    Args:
        log_dir: directory of the run; events go to ``<log_dir>/nnviz``.
        samples: x alone (an array, a list or dict of arrays, a dataset), or ``(x, y)``, whose
            targets give the samples their labels. Up to 64 samples are all logged; of more, 64 are
            chosen, as many of each class as can be. Datasets are read in order, once a fit, at
            most 2,048 samples far.
        layers: names or globs of layers (``"conv*"``, ``["dense", "encoder/*"]``); None for
            all. A nested model stands for all its layers.
        max_channels: how many channels of a layer are logged, the first ones.
        max_tile_side: longer sides are averaged over whole blocks of cells.
        class_names: names of the classes, by their index.
        update_freq: ``"epoch"``, or a number of train batches. Before training and, if the
            weights have changed since, at its end, they are logged in any case.
        every: log each n-th of those.
        on_error: ``"warn"`` (say a failure during training once and switch the view off) or
            ``"raise"``.

    Raises:
        TypeError, ValueError: an argument does not fit, at construction or, where the model or
            the data decides (`layers`, `samples`, `class_names`), at train begin.

    Example:
        >>> model.fit(x, y, callbacks=[ActivationChannels("logs/conv", x_val[:16], layers="conv*")])
    """

    def __init__(
        self,
        log_dir: str | os.PathLike[str],
        samples: Any,
        *,
        layers: str | Sequence[str] | None = None,
        max_channels: int = DEFAULT_MAX_CHANNELS,
        max_tile_side: int = DEFAULT_MAX_TILE_SIDE,
        class_names: Sequence[str] | None = None,
        update_freq: str | int = "epoch",
        every: int = 1,
        on_error: OnError = "warn",
    ) -> None:
        check_samples_given(samples)
        options = ActivationOptions(
            max_channels=check_positive_int("max_channels", max_channels),
            max_tile_side=check_positive_int("max_tile_side", max_tile_side),
        )
        super().__init__(
            log_dir,
            [SamplesView(), ActivationsView(check_layer_patterns(layers), options)],
            update_freq=update_freq,
            every=every,
            on_error=on_error,
            samples=samples,
            class_names=class_names,
        )
