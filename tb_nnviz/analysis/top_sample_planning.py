"""Which samples, layers and units a training's top samples are of; planned once.

For what is done at each step see `tb_nnviz.analysis.top_samples`.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np

from tb_nnviz.analysis.activation_choice import choose_activations
from tb_nnviz.analysis.sample_timing import afford_samples
from tb_nnviz.analysis.sample_views import SampleViews
from tb_nnviz.analysis.top_samples import VIEW, TopSampleOptions, TopSamplesPlan
from tb_nnviz.model.layers import LayerEntry, list_layers, select_layers
from tb_nnviz.model.peak_activations import PeakActivations, PeakCall
from tb_nnviz.model.predictions import MAX_BATCH_SIZE
from tb_nnviz.model.probe_inputs import read_inputs
from tb_nnviz.model.reading_fields import ReadingFields, find_reading_fields
from tb_nnviz.model.selection import CapturedCall
from tb_nnviz.model.unit_layers import has_units
from tb_nnviz.model.validation_set import ValidationSet
from tb_nnviz.records import Notice


def plan_top_samples(
    model: Any,
    samples: ValidationSet,
    layers: Sequence[str] | None,
    options: TopSampleOptions,
) -> TopSamplesPlan:
    """The plan to log the samples that excite units most.

    Args:
        model: a built model.
        samples: that are looked at.
        layers: names or globs; None for all layers with weights that make units of their own.
        options: limits.

    Raises:
        ValueError: a name matches no layer, the samples have no pictures, or the model does not
            accept them.
    """
    views = SampleViews(model, samples)
    if views.obstacle:
        raise ValueError(f"The samples have no pictures here: {views.obstacle}.")
    chosen = select_layers(list_layers(model), layers)
    left_out: list[Notice] = []

    def choose(calls: Sequence[CapturedCall]) -> Sequence[CapturedCall]:
        if layers is not None:
            return calls
        shown, _ = choose_activations(calls)
        with_units = [call for call in shown if has_units(call.entry.layer)]
        kept = _spread(with_units, options.max_layers)
        left_out[:] = _notice_spread(len(kept), len(with_units))
        return kept

    # As many as are computed at once, for that is the number that the model is traced for.
    inputs = read_inputs(samples.take(np.arange(min(MAX_BATCH_SIZE, samples.num_samples))))
    peaks = PeakActivations(model, inputs, chosen, choose, max_units=options.max_units)
    if options.max_seconds is not None:
        samples = samples.thinned(
            afford_samples(
                samples.num_samples,
                inputs.num_samples,
                lambda: peaks.run(inputs),
                options.max_seconds,
            )
        )
        views = SampleViews(model, samples)
    return TopSamplesPlan(
        samples=samples,
        peaks=peaks,
        layers=tuple((peak, _find_fields(model, peak, views)) for peak in peaks.calls),
        views=views,
        options=options,
        notices=(*left_out, *_notices(peaks, chosen, layers)),
        notes=(*_describe_samples(samples), *views.notes),
        digest=samples.compute_digest(),
    )


def _spread(calls: Sequence[CapturedCall], most: int | None) -> Sequence[CapturedCall]:
    """So many of the calls, evenly spread, the first and the last one among them."""
    if most is None or len(calls) <= most:
        return calls
    places = np.linspace(0, len(calls) - 1, most).round().astype(int)
    return [calls[place] for place in places]


def _notice_spread(num_shown: int, num_layers: int) -> tuple[Notice, ...]:
    if num_shown == num_layers:
        return ()
    message = (
        f"Samples that excite units are shown of {num_shown} of {num_layers} layers, evenly "
        "spread. TopSamples(log_dir, validation_data, layers=…) shows others."
    )
    return (Notice(VIEW, "", message),)


def _find_fields(model: Any, peak: PeakCall, views: SampleViews) -> ReadingFields:
    return find_reading_fields(
        model,
        peak.call.entry,
        peak.sizes,
        input_place=views.input_place,
        input_shape=views.input_shape,
        axes=views.picture_axes,
    )


def _notices(
    peaks: PeakActivations, chosen: Sequence[LayerEntry], layers: Sequence[str] | None
) -> tuple[Notice, ...]:
    if not peaks.calls:
        what = "this model" if layers is None else f"layers={list(layers)!r}"
        return (Notice(VIEW, "", f"There are no units to show samples for in {what}."),)
    if layers is None:
        return ()
    shown = {peak.call.entry.path for peak in peaks.calls}
    lacking = [entry.path for entry in chosen if entry.path not in shown]
    return tuple(
        Notice(VIEW, path, peaks.skipped.get(path, "Its output has no units that can be ranked."))
        for path in lacking
    )


def _describe_samples(samples: ValidationSet) -> tuple[str, ...]:
    num = samples.num_samples
    if samples.num_available is None:
        return (f"of the first {num:,} samples of the dataset",)
    if num < samples.num_available:
        return (f"of {num:,} of {samples.num_available:,} samples, evenly spaced",)
    return (f"of {num:,} samples",)
