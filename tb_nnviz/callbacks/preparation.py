"""What can be done and checked before training: samples, building the model, arguments."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from typing import Any

import keras

from tb_nnviz.callbacks.reading import check_may_read
from tb_nnviz.callbacks.session_settings import SessionSettings
from tb_nnviz.callbacks.views import View
from tb_nnviz.model.acceptance import check_accepted
from tb_nnviz.model.building import build_model, is_built
from tb_nnviz.model.sample_panel import SamplePanel
from tb_nnviz.model.sample_reading import read_panel
from tb_nnviz.model.samples import SampleSpec, check_samples, describe_samples


def prepare_model(
    model: Any, settings: SessionSettings, views: Sequence[View]
) -> tuple[SamplePanel | None, str | None]:
    """Reads the panel, builds a model if need and means be, and checks arguments against it.

    Args:
        model: that is to be trained.
        settings: of the callback.
        views: of the callback.

    Returns:
        The panel, where a view needs one; and why the model is not built, if it is not.

    Raises:
        TypeError, ValueError: samples or layers do not fit the model, or reading the samples
            would change the training.
    """
    panel, specs = None, None
    if settings.samples is not None:
        needs_panel = any(view.needs_samples for view in views)
        specs = describe_samples(settings.samples, may_read=not needs_panel and not is_built(model))
        if specs is not None:
            check_samples(model, specs)
        if needs_panel:
            panel = _read_panel(model, settings)
            specs = describe_samples((panel.inputs,))
            check_samples(model, specs)
    elif settings.input_shape is not None:
        specs = SampleSpec((None, *settings.input_shape), keras.config.floatx())
        check_samples(model, specs)
    why_unbuilt = build_model(model, specs)
    if panel is not None and why_unbuilt is None:
        check_accepted(model, panel.inputs)
    if panel is not None and settings.choose_panel is not None:
        panel = _choose_panel(model, panel, settings, why_unbuilt)
    for view in views:
        view.check(model, panel)
    return panel, why_unbuilt


def how_to_build_early(settings: SessionSettings) -> str:
    """How a model can have weights before training, where no samples have helped."""
    if settings.samples is None and settings.input_shape is None:
        return "Pass validation_data or input_shape to NNViz, or add an Input to the model."
    return "Add an Input to the model, or call it once before model.fit."


def _choose_panel(
    model: Any, panel: SamplePanel, settings: SessionSettings, why_unbuilt: str | None
) -> SamplePanel:
    """The panel that depends on what the model makes of the samples, or the given one."""
    if settings.choose_panel is None:
        return panel
    chosen, why_same = panel, f"the model has no weights yet: {why_unbuilt}"
    if why_unbuilt is None:
        chosen, why_same = settings.choose_panel(model, panel)
    if not why_same:
        return chosen
    return replace(chosen, notes=(*chosen.notes, f"not the worst mistakes ({why_same})"))


def _read_panel(model: Any, settings: SessionSettings) -> SamplePanel:
    data = settings.samples
    check_may_read(model, data)
    return read_panel(data, limit=settings.max_samples, class_names=settings.class_names)
