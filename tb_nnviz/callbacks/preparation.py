"""What can be done and checked before training: building the model, checking arguments."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

import keras

from tb_nnviz.callbacks.session_settings import SessionSettings
from tb_nnviz.callbacks.views import View
from tb_nnviz.model.building import build_model, is_built
from tb_nnviz.model.samples import SampleSpec, check_samples, describe_samples


def prepare_model(model: Any, settings: SessionSettings, views: Iterable[View]) -> str | None:
    """Builds a model if need and means be, and checks the arguments that depend on it.

    Args:
        model: that is to be trained.
        settings: of the callback.
        views: of the callback.

    Returns:
        Why the model is not built, if it is not.

    Raises:
        TypeError, ValueError: samples or layers do not fit the model.
    """
    samples = None
    if settings.samples is not None:
        samples = describe_samples(settings.samples, may_read=not is_built(model))
    elif settings.input_shape is not None:
        samples = SampleSpec((None, *settings.input_shape), keras.config.floatx())
    if samples is not None:
        check_samples(model, samples)
    why_unbuilt = build_model(model, samples)
    for view in views:
        view.check(model)
    return why_unbuilt
