"""`ConfusionMatrix`: which classes are taken for which, before training and on."""

from __future__ import annotations

import os
from collections.abc import Sequence
from typing import Any

from tb_nnviz.analysis.confusion_matrix import DEFAULT_MAX_SAMPLES, ConfusionOptions
from tb_nnviz.callbacks.confusion_view import ConfusionView
from tb_nnviz.callbacks.logging_callback import LoggingCallback
from tb_nnviz.callbacks.sample_arguments import check_validation_data
from tb_nnviz.callbacks.session_settings import OnError
from tb_nnviz.callbacks.validation_source import ValidationSource
from tb_nnviz.model.class_labels import check_class_names
from tb_nnviz.records.arguments import check_positive_int, check_share
from tb_nnviz.records.class_predictions import DEFAULT_THRESHOLD
from tb_nnviz.records.confusion_building import DEFAULT_TOP_K


class ConfusionMatrix(LoggingCallback):
    """Logs which classes a model takes for which, for the NN VIZ tab of TensorBoard.

    At each step the validation samples are predicted and counted by true and predicted class. For
    every pair of classes the most confident samples are named, and the most confident of all
    mistakes; each sample that is named has its picture in the log once a fit, as far as pictures
    take no more than 4 MB a step and 40 MB in all. Training is bit-identical with and without it.

    Args:
        log_dir: directory of the run; events go to ``<log_dir>/nnviz``.
        validation_data: ``(x, y)`` or ``(x, y, sample_weight)``, or a dataset of such. Labels are
            classes from 0, one-hot rows, or rows of 0 and 1 where a sample has several. Sample
            weights make weighted counts beside the others. Datasets are read in order, once a
            fit.
        class_names: names of the classes, by their index.
        top_k: how many samples are named of every pair of classes.
        max_samples: how many samples are predicted at most: of arrays with more they are evenly
            spaced, of datasets the first ones (or fewer, beyond 512 MB), which the tab says.
        threshold: what the probability of class 1 of two, or of a label, must exceed. Of two
            outputs the greater one decides at 0.5; of more there is no other threshold.
        output_name: which output of a model with several, by name or place; None for the first
            whose targets are classes. With a name its tag is ``confusion/<output_name>``.
        update_freq: ``"epoch"``, or a number of train batches. Before training and, if the
            weights have changed since, at its end, it is logged in any case.
        every: log each n-th of those.
        on_error: ``"warn"`` (say a failure during training once and switch the view off) or
            ``"raise"``.

    Raises:
        TypeError, ValueError: an argument does not fit, at construction or, where the model or
            the data decides, at train begin.

    Example:
        >>> confusion = ConfusionMatrix("logs/conv", (x_val, y_val), class_names=names)
        >>> model.fit(x, y, callbacks=[confusion])
    """

    def __init__(
        self,
        log_dir: str | os.PathLike[str],
        validation_data: Any,
        *,
        class_names: Sequence[str] | None = None,
        top_k: int = DEFAULT_TOP_K,
        max_samples: int = DEFAULT_MAX_SAMPLES,
        threshold: float = DEFAULT_THRESHOLD,
        output_name: str | int | None = None,
        update_freq: str | int = "epoch",
        every: int = 1,
        on_error: OnError = "warn",
    ) -> None:
        data = check_validation_data(validation_data)
        names = check_class_names(class_names)
        options = ConfusionOptions(
            class_names=names,
            top_k=check_positive_int("top_k", top_k),
            threshold=check_share("threshold", threshold),
            output_name=check_output_name(output_name),
        )
        source = ValidationSource(data, check_positive_int("max_samples", max_samples))
        super().__init__(
            log_dir,
            [ConfusionView(source, options)],
            update_freq=update_freq,
            every=every,
            on_error=on_error,
            samples=data,
            class_names=names,
        )


def check_output_name(output_name: object) -> str | int | None:
    """The argument `output_name`; raises `TypeError` where it is none."""
    if isinstance(output_name, bool) or not isinstance(output_name, (str, int, type(None))):
        raise TypeError(
            "The `output_name` argument must be the name of an output, its place, or None for the "
            f"first; got {output_name!r}."
        )
    return output_name
