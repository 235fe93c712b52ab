"""`WeightTemplates`: what each unit looks for in the input, before training and on a schedule."""

from __future__ import annotations

import os
from collections.abc import Sequence
from typing import Any

from tb_nnviz.analysis.template_tiles import DEFAULT_MAX_UNITS, TemplateOptions
from tb_nnviz.callbacks.logging_callback import LoggingCallback
from tb_nnviz.callbacks.sample_arguments import check_samples_given
from tb_nnviz.callbacks.session_settings import OnError
from tb_nnviz.callbacks.template_view import TemplatesView
from tb_nnviz.model.class_labels import check_class_names
from tb_nnviz.model.layers import check_layer_patterns
from tb_nnviz.records.arguments import check_positive_int
from tb_nnviz.records.tile_array import DEFAULT_MAX_TILE_SIDE


class WeightTemplates(LoggingCallback):
    """Logs composed templates of units for the NN VIZ tab of TensorBoard.

    The template of a unit is the input it looks for, as a picture of the input's shape: of a chain
    of Dense layers the unit's column of the product of their matrices; of other graphs the unit's
    row of the Jacobian with activations replaced by the identity and max pooling by average
    pooling. Notes say ``"exact"`` or what was replaced. Where the composition ends, as at
    attention or a recurrence, a notice names the operation. Training is bit-identical with and
    without it.

    Args:
        log_dir: directory of the run; events go to ``<log_dir>/nnviz``.
        layers: names or globs of layers (``"conv*"``, ``["dense", "encoder/*"]``). None for the
            layers that give the scores, Dense layers, and convolutions as far as a step stays
            affordable, which notices say.
        max_units: how many units of a layer are logged, the first ones.
        max_tile_side: longer sides are averaged over whole blocks of cells.
        gate: ``"samples"`` for the mean Jacobian of the network as it is over the samples: of the
            unit's own class where it gives scores and the samples have labels.
        samples: for the gate: x, ``(x, y)`` or a dataset; at most 64 of them, as many of each
            class as can be.
        class_names: names of the classes, by their index, to label the units that give the scores
            with; where samples are given with classes, None labels them by index.
        update_freq: ``"epoch"``, or a number of train batches. Before training and, if the
            weights have changed since, at its end, they are logged in any case.
        every: log each n-th of those.
        on_error: ``"warn"`` (say a failure during training once and switch the view off) or
            ``"raise"``.

    Raises:
        TypeError, ValueError: an argument does not fit, at construction or, where the model or
            the data decides (`layers`, `samples`), at train begin.

    Example:
        >>> model.fit(x, y, epochs=10, callbacks=[WeightTemplates("logs/mlp", layers="dense*")])
    """

    def __init__(
        self,
        log_dir: str | os.PathLike[str],
        *,
        layers: str | Sequence[str] | None = None,
        max_units: int = DEFAULT_MAX_UNITS,
        max_tile_side: int = DEFAULT_MAX_TILE_SIDE,
        gate: str | None = None,
        samples: Any = None,
        class_names: Sequence[str] | None = None,
        update_freq: str | int = "epoch",
        every: int = 1,
        on_error: OnError = "warn",
    ) -> None:
        if gate not in (None, "samples"):
            raise ValueError(f"The `gate` argument must be None or 'samples'; got {gate!r}.")
        if gate is not None:
            check_samples_given(samples)
        elif samples is not None:
            raise ValueError(
                "The `samples` argument is used with gate='samples' only; templates composed of "
                "the weights depend on no samples."
            )
        options = TemplateOptions(
            max_units=check_positive_int("max_units", max_units),
            max_tile_side=check_positive_int("max_tile_side", max_tile_side),
            is_gated=gate is not None,
            is_bounded=layers is None,
        )
        view = TemplatesView(check_layer_patterns(layers), options)
        names = check_class_names(class_names)
        view.name_classes(names)
        super().__init__(
            log_dir,
            [view],
            update_freq=update_freq,
            every=every,
            on_error=on_error,
            samples=samples,
            class_names=names,
        )
