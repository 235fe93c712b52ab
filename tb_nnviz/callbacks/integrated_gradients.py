"""`IntegratedGradients`: why samples get their scores, before training and on."""

from __future__ import annotations

import os
from collections.abc import Sequence
from typing import Any

from tb_nnviz.analysis.attribution_options import (
    DEFAULT_ALPHAS,
    DEFAULT_MAX_EVALUATIONS,
    DEFAULT_TOLERANCE,
    check_attribution_options,
)
from tb_nnviz.callbacks.attribution_view import AttributionsView, BaselinesView
from tb_nnviz.callbacks.logging_callback import LoggingCallback
from tb_nnviz.callbacks.sample_arguments import check_samples_given
from tb_nnviz.callbacks.samples_view import SamplesView
from tb_nnviz.callbacks.session_settings import OnError
from tb_nnviz.model.class_labels import check_class_names


class IntegratedGradients(LoggingCallback):
    """Logs the integrated gradients of some samples for the NN VIZ tab of TensorBoard.

    For each sample: how much each value of the input adds to what is explained, refined until
    both the sum and the map are known to the tolerance, with the figures that prove it; the
    integrand at some places of the path (interior gradients, times x − x′), the model's output
    along it, and its scores. Training is bit-identical with and without it.

    Args:
        log_dir: directory of the run; events go to ``<log_dir>/nnviz``.
        samples: x alone (an array, a list or dict of arrays, a dataset), or ``(x, y)``, whose
            targets give the samples their labels. Up to 64 samples are all logged; of more, 64 are
            chosen, as many of each class as can be. Datasets are read in order, once a fit, at
            most 2,048 samples far.
        targets: which class of each sample is explained: ``"label"``, ``"prediction"``, an index,
            a list of indices (with x alone, at most 64 samples), or a function of the model's
            output that gives one value a sample, made of `keras.ops`. Without labels the
            prediction is explained, which a notice says.
        baselines: where paths begin, as for `tb_nnviz.integrated_gradients`.
        output: ``"logits"`` or ``"probability"``.
        tolerance: of both errors, as a share.
        max_evaluations: gradients at most for a sample and baseline, at least 17.
        alphas: where on the path the integrand is logged: multiples of 1/16, where the gradients
            are known already; () for nowhere.
        output_name: which output of a model with several, by name or place; None for that of the
            labels, else the first.
        class_names: names of the classes, by their index.
        update_freq: ``"epoch"``, or a number of train batches. Before training and, if the
            weights have changed since, at its end, they are logged in any case.
        every: log each n-th of those.
        on_error: ``"warn"`` (say a failure during training once and switch the view off) or
            ``"raise"``.

    Raises:
        TypeError, ValueError: an argument does not fit, at construction or, where the model or
            the data decides (`targets`, `baselines`, `samples`), at train begin.

    Example:
        >>> why = IntegratedGradients("logs/conv", (x_val[:16], y_val[:16]))
        >>> model.fit(x, y, callbacks=[why])
    """

    def __init__(  # noqa: PLR0913 - keyword-only options
        self,
        log_dir: str | os.PathLike[str],
        samples: Any,
        *,
        targets: Any = "label",
        baselines: Any = "zero",
        output: str = "logits",
        tolerance: float = DEFAULT_TOLERANCE,
        max_evaluations: int = DEFAULT_MAX_EVALUATIONS,
        alphas: Sequence[float] = DEFAULT_ALPHAS,
        output_name: str | int | None = None,
        class_names: Sequence[str] | None = None,
        update_freq: str | int = "epoch",
        every: int = 1,
        on_error: OnError = "warn",
    ) -> None:
        check_samples_given(samples)
        options = check_attribution_options(
            targets=targets,
            baselines=baselines,
            output=output,
            output_name=output_name,
            tolerance=tolerance,
            max_evaluations=max_evaluations,
            alphas=alphas,
        )
        view = AttributionsView(options)
        view.name_classes(check_class_names(class_names))
        super().__init__(
            log_dir,
            [SamplesView(), view, BaselinesView(view)],
            update_freq=update_freq,
            every=every,
            on_error=on_error,
            samples=samples,
            class_names=class_names,
        )
