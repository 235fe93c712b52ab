"""`NNViz`: everything that fits the model and the budget, with one callback."""

from __future__ import annotations

import os
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

from tb_nnviz.analysis.activation_tiles import VIEW as ACTIVATIONS
from tb_nnviz.analysis.activation_tiles import ActivationOptions
from tb_nnviz.analysis.attribution_options import AttributionOptions
from tb_nnviz.analysis.attribution_tiles import VIEW as ATTRIBUTIONS
from tb_nnviz.analysis.confusion_matrix import DEFAULT_MAX_SAMPLES, ConfusionOptions
from tb_nnviz.analysis.confusion_matrix import VIEW as CONFUSION
from tb_nnviz.analysis.model_graph import VIEW as GRAPH
from tb_nnviz.analysis.template_choice import VIEW as TEMPLATES
from tb_nnviz.analysis.template_tiles import TemplateOptions
from tb_nnviz.analysis.top_samples import VIEW as TOP_SAMPLES
from tb_nnviz.analysis.top_samples import TopSampleOptions
from tb_nnviz.analysis.weight_histograms import VIEW as HISTOGRAMS
from tb_nnviz.analysis.weight_tiles import VIEW as WEIGHTS
from tb_nnviz.analysis.weight_tiles import WeightTileOptions
from tb_nnviz.callbacks.activation_view import ActivationsView
from tb_nnviz.callbacks.attribution_view import AttributionsView
from tb_nnviz.callbacks.confusion_view import ConfusionView, MistakesPanel
from tb_nnviz.callbacks.graph_view import GraphView
from tb_nnviz.callbacks.logging_callback import LoggingCallback
from tb_nnviz.callbacks.sample_arguments import check_sample_arguments, check_validation_data
from tb_nnviz.callbacks.samples_view import SamplesView
from tb_nnviz.callbacks.session_settings import OnError
from tb_nnviz.callbacks.template_view import TemplatesView
from tb_nnviz.callbacks.top_samples_view import TopSamplesView
from tb_nnviz.callbacks.validation_source import ValidationSource
from tb_nnviz.callbacks.views import View
from tb_nnviz.callbacks.weight_views import WeightHistogramsView, WeightTilesView
from tb_nnviz.model.class_labels import check_class_names
from tb_nnviz.model.layers import check_layer_patterns
from tb_nnviz.writing.log_writer import DEFAULT_BUDGET_BYTES

# What explaining samples may take of a step, about; the callbacks of single views take what they
# need.
_MAX_SECONDS = 5.0
# Samples that excite a unit: fewer than `TopSamples` shows, for there is much else.
_TOP_SAMPLES = TopSampleOptions(top_k=4, max_units=32, max_side=32, max_layers=8)


@dataclass(frozen=True)
class _Wishes:
    """What the views are made of.

    Attributes:
        layers: names or globs, or None.
        class_names: names of the classes, or None.
        source: of the validation samples; None where there are none.
    """

    layers: tuple[str, ...] | None
    class_names: tuple[str, ...] | None
    source: ValidationSource | None

    @property
    def confusion(self) -> ConfusionOptions:
        """How predictions are counted."""
        return ConfusionOptions(class_names=self.class_names, max_seconds=_MAX_SECONDS)


def _make_confusion(wishes: _Wishes) -> View | None:
    return None if wishes.source is None else ConfusionView(wishes.source, wishes.confusion)


def _make_top_samples(wishes: _Wishes) -> View | None:
    if wishes.source is None:
        return None
    options = replace(_TOP_SAMPLES, max_seconds=_MAX_SECONDS)
    return TopSamplesView(wishes.source, wishes.layers, options)


# Every view in the order in which it is logged; one that needs samples, or validation data, is left
# out without them.
_VIEWS: Mapping[str, Callable[[_Wishes], View | None]] = {
    WEIGHTS: lambda wishes: WeightTilesView(wishes.layers, WeightTileOptions()),
    HISTOGRAMS: lambda wishes: WeightHistogramsView(wishes.layers),
    TEMPLATES: lambda wishes: TemplatesView(wishes.layers, TemplateOptions()),
    GRAPH: lambda _: GraphView(),
    ACTIVATIONS: lambda wishes: ActivationsView(wishes.layers, ActivationOptions()),
    ATTRIBUTIONS: lambda _: AttributionsView(AttributionOptions(max_seconds=_MAX_SECONDS)),
    CONFUSION: _make_confusion,
    TOP_SAMPLES: _make_top_samples,
}


class NNViz(LoggingCallback):
    """Logs what is inside a model for the NN VIZ tab of TensorBoard.

    Before the first step it says what it logs and at what cost. Training is bit-identical
    with and without it.

    Args:
        log_dir: directory of the run; events go to ``<log_dir>/nnviz``.
        validation_data: ``(x, y)``, or a dataset, as for `model.fit`. Samples are chosen of it,
            as many of each class as can be, for views of what the model does to them. From its
            shapes a model is built that has no weights before training (a subclassed model, a
            Sequential without Input), so that they can be shown too. Datasets are read in order,
            twice a fit: at most 2,048 samples far to choose, and 10,000 samples or 512 MB, which
            are held until the fit ends, for confusions and for the samples that excite units.
        samples: how many samples to choose, 16 by default; ``"mistakes"`` for the 16 worst ones
            of the model as it is at train begin; or data to be used instead, x alone or
            ``(x, y)``: all of it up to 64 samples, else 64 of them.
        class_names: names of the classes, by their index.
        layers: names or globs of layers; None for all.
        views: which views to log, of ``"weights"``, ``"histograms"``, ``"templates"``,
            ``"graph"``, ``"activations"``, ``"attributions"``, ``"confusion"`` and
            ``"top_samples"``; None for all. Activations and attributions need samples, the last
            two validation data, of which they look at 10,000 samples at most, evenly spaced. As
            many samples have attributions, are predicted, and are ranked, as can be in about five
            seconds a step each.
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
            (`layers`) or the data (`samples`, `class_names`), at train begin.

    Example:
        >>> model.fit(x, y, epochs=10, callbacks=[NNViz("logs/mlp-512")])
    """

    def __init__(
        self,
        log_dir: str | os.PathLike[str],
        *,
        validation_data: Any = None,
        samples: Any = None,
        class_names: Sequence[str] | None = None,
        layers: str | Sequence[str] | None = None,
        views: Sequence[str] | None = None,
        input_shape: Sequence[int] | None = None,
        budget_bytes: int = DEFAULT_BUDGET_BYTES,
        update_freq: str | int = "epoch",
        every: int = 1,
        on_error: OnError = "warn",
    ) -> None:
        patterns = check_layer_patterns(layers)
        given = check_sample_arguments(samples, validation_data)
        names = check_class_names(class_names)
        source = None
        if validation_data is not None:
            source = ValidationSource(check_validation_data(validation_data), DEFAULT_MAX_SAMPLES)
        wishes = _Wishes(patterns, names, source)
        chosen = _make_views(views, wishes, has_samples=given.data is not None)
        for view in chosen:
            if isinstance(view, (TemplatesView, AttributionsView)):
                view.name_classes(names)
        super().__init__(
            log_dir,
            chosen,
            update_freq=update_freq,
            every=every,
            on_error=on_error,
            samples=given.data,
            max_samples=given.max_samples,
            class_names=names,
            input_shape=input_shape,
            budget_bytes=budget_bytes,
            choose_panel=(
                MistakesPanel(source, wishes.confusion, given.max_samples)
                if given.are_mistakes and source is not None
                else None
            ),
        )


def _make_views(names: object, wishes: _Wishes, *, has_samples: bool) -> list[View]:
    """The views that are asked for, after that of the samples where one is of them."""
    made = {name: _VIEWS[name](wishes) for name in _check_views(names)}
    lacking = [name for name, view in made.items() if view is None]
    if lacking and names is not None:
        raise ValueError(
            f"The `views` argument asks for {lacking}, which show what the model does to "
            "validation data, and there is none. Pass validation_data=(x, y) too."
        )
    views = [view for view in made.values() if view is not None]
    without = [view.name for view in views if view.needs_samples and not has_samples]
    if without and names is not None:
        raise ValueError(
            f"The `views` argument asks for {without}, which show what the model does to samples, "
            "and there are none. Pass validation_data=(x, y) or samples=x too."
        )
    kept = [view for view in views if view.name not in without]
    return [SamplesView(), *kept] if any(view.needs_samples for view in kept) else kept


def _check_views(views: object) -> tuple[str, ...]:
    if views is None:
        return tuple(_VIEWS)
    accepted = f"The `views` argument must be None (all) or a list of {sorted(_VIEWS)}"
    if isinstance(views, str) or not isinstance(views, Sequence):
        raise TypeError(f"{accepted}; got {views!r}.")
    names = tuple(views)
    if not all(isinstance(name, str) for name in names):
        raise TypeError(f"{accepted}; got {views!r}.")
    if not names or any(name not in _VIEWS for name in names):
        raise ValueError(f"{accepted}; got {views!r}.")
    return tuple(dict.fromkeys(names))
