"""`WeightTiles`: every weight as tiles, before training and on a schedule."""

from __future__ import annotations

import os
from collections.abc import Sequence
from typing import get_args

from tb_nnviz.analysis.weight_tiles import WeightTileOptions
from tb_nnviz.callbacks.logging_callback import LoggingCallback
from tb_nnviz.callbacks.session_settings import OnError
from tb_nnviz.callbacks.weight_views import WeightTilesView
from tb_nnviz.model.layers import check_layer_patterns
from tb_nnviz.records import Precision
from tb_nnviz.records.arguments import check_option, check_positive_int
from tb_nnviz.records.tile_array import DEFAULT_MAX_TILE_SIDE, DEFAULT_MAX_TILES


class WeightTiles(LoggingCallback):
    """Logs the weights of a model as tiles for the NN VIZ tab of TensorBoard.

    Kernels of Dense layers on pictures are one tile ``(height, width)`` for each unit; of
    convolutions one for each filter and in_channel; others are one matrix; biases and other
    vectors are strips. Every variable is logged, or a notice says why not. Values are logged,
    not pictures. Training is bit-identical with and without it.

    Args:
        log_dir: directory of the run; events go to ``<log_dir>/nnviz``.
        layers: names or globs of layers (``"conv*"``, ``["dense", "encoder/*"]``); None for
            all. A nested model stands for all its layers.
        max_tiles: how many tiles of a kernel are logged; filters are kept before in_channels.
            Where in_channels are cut, the norms over all of them are logged too.
        max_tile_side: longer sides are averaged over whole blocks of cells; matrices beyond
            ``max_tiles``.
        precision: ``"uint16"`` (error of at most 1/130,000 of a tile's range), ``"uint8"``
            (1/500) or ``"float32"`` (exact). Vectors and tiles of fewer than 64 cells are always
            exact.
        update_freq: ``"epoch"``, or a number of train batches. Before training and, if the
            weights have changed since, at its end, they are logged in any case.
        every: log each n-th of those.
        on_error: ``"warn"`` (say a failure during training once and switch the view off) or
            ``"raise"``.

    Raises:
        TypeError, ValueError: an argument does not fit, at construction or, where the model
            decides (`layers`), at train begin.

    Example:
        >>> model.fit(x, y, epochs=10, callbacks=[WeightTiles("logs/mlp", layers="dense*")])
    """

    def __init__(
        self,
        log_dir: str | os.PathLike[str],
        *,
        layers: str | Sequence[str] | None = None,
        max_tiles: int = DEFAULT_MAX_TILES,
        max_tile_side: int = DEFAULT_MAX_TILE_SIDE,
        precision: Precision = "uint16",
        update_freq: str | int = "epoch",
        every: int = 1,
        on_error: OnError = "warn",
    ) -> None:
        check_option("precision", precision, get_args(Precision))
        options = WeightTileOptions(
            max_tiles=check_positive_int("max_tiles", max_tiles),
            max_tile_side=check_positive_int("max_tile_side", max_tile_side),
            precision=precision,
        )
        super().__init__(
            log_dir,
            [WeightTilesView(check_layer_patterns(layers), options)],
            update_freq=update_freq,
            every=every,
            on_error=on_error,
        )
