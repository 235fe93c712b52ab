"""The samples that excite each unit most, as records.

Planned once a training; then each step runs the model on all samples and keeps, of each unit, the
greatest activation and where it was, on the thread that trains. Records are made on another one.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterator
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from tb_nnviz.analysis.sample_views import SampleViews
from tb_nnviz.model.peak_activations import PeakActivations, PeakCall, Peaks
from tb_nnviz.model.probe_inputs import read_inputs
from tb_nnviz.model.reading_fields import ReadingFields
from tb_nnviz.model.validation_set import ValidationSet
from tb_nnviz.numerics.top_values import rank_columns
from tb_nnviz.records import Notice, Source, TileArray, build_tile_array
from tb_nnviz.records.sample_pictures import shrink_pictures
from tb_nnviz.records.tile_array import estimate_record_bytes

VIEW = "top_samples"
DEFAULT_TOP_K = 8
DEFAULT_MAX_UNITS = 64
DEFAULT_MAX_SAMPLES = 10_000
# A picture is shown for every unit and rank, so it is smaller than one that is logged once.
MAX_SIDE = 48
_BLOCK = 1024
_LAID_OVER = (
    "places are where the feature map lies over the picture: what a place reads is not known"
)


@dataclass(frozen=True)
class TopSampleOptions:
    """What is kept.

    Attributes:
        top_k: samples of each unit.
        max_units: units of each layer.
        max_side: longer sides of pictures are averaged down to it.
        max_layers: how many layers, where none are named; None for all.
        max_seconds: how long the samples of a step may take, about; None for as long as needed.
    """

    top_k: int = DEFAULT_TOP_K
    max_units: int = DEFAULT_MAX_UNITS
    max_side: int = MAX_SIDE
    max_layers: int | None = None
    max_seconds: float | None = None


@dataclass(frozen=True, eq=False)
class RankedLayer:
    """What a step keeps of one layer.

    Attributes:
        samples: ``(unit, rank)`` int64, place of the sample in the validation set.
        values: ``(unit, rank)`` its activation.
        places: ``(unit, rank)`` int64, where it is greatest.
    """

    samples: NDArray[np.int64]
    values: NDArray[np.float64]
    places: NDArray[np.int64]


@dataclass(frozen=True, eq=False)
class TopSamplesPlan:
    """What of a model is logged.

    Attributes:
        samples: that the model is run on.
        peaks: runs it.
        layers: those that are logged, with what their places read.
        views: pictures of the samples.
        options: limits.
        notices: what is not shown, and why.
        notes: sentences to show.
        digest: of the samples.
    """

    samples: ValidationSet
    peaks: PeakActivations
    layers: tuple[tuple[PeakCall, ReadingFields], ...]
    views: SampleViews
    options: TopSampleOptions
    notices: tuple[Notice, ...]
    notes: tuple[str, ...]
    digest: str

    @property
    def tags(self) -> tuple[str, ...]:
        """The tags that are logged."""
        return tuple(_tag_of(peak) for peak, _ in self.layers)

    def without(self, tags: Collection[str]) -> TopSamplesPlan:
        """The plan without some of its tags."""
        return replace(
            self, layers=tuple(one for one in self.layers if _tag_of(one[0]) not in tags)
        )

    def with_max_units(self, max_units: int) -> TopSamplesPlan:
        """The plan with another limit of units, no greater than that it was traced with."""
        return replace(self, options=replace(self.options, max_units=max_units))

    def estimate_bytes(self, max_units: int) -> int:
        """About the size of the records of one step with such a limit of units."""
        total = 0
        for peak, _ in self.layers:
            grid = (min(max_units, peak.num_units), self._num_ranks)
            total += estimate_record_bytes(
                (*grid, *self.views.shape),
                ("unit", "rank", *self.views.axes[1:]),
                is_picture=True,
                precision="uint8",
                max_tiles=max(1, grid[0] * grid[1]),
                max_tile_side=self.options.max_side,
            )
        return total

    def warm_up(self) -> None:
        """Compiles what the first step would have to."""
        self.peaks.run(read_inputs(self.samples.take(np.arange(1))))

    def collect(self) -> Callable[[], Iterator[tuple[str, TileArray]]]:
        """Runs the model on the samples; what makes the records of that, on another thread."""
        ranked = self._rank()
        named = np.unique(np.concatenate([one.samples.reshape(-1) for one in ranked.values()]))
        pictures = shrink_pictures(
            self.views, self.samples.indices[named], self.options.max_side
        ).values

        def build() -> Iterator[tuple[str, TileArray]]:
            for peak, fields in self.layers:
                one = ranked[peak.call.key]
                shown = pictures[np.searchsorted(named, one.samples)]
                yield _tag_of(peak), self._build_record(peak, fields, one, shown)

        return build

    @property
    def _num_ranks(self) -> int:
        return min(self.options.top_k, self.samples.num_samples)

    def _rank(self) -> dict[str, RankedLayer]:
        parts: list[list[Peaks]] = [
            self.peaks.run(read_inputs(block)) for block in self.samples.blocks(_BLOCK)
        ]
        wanted = {peak.call.key for peak, _ in self.layers}
        found = {}
        for peak, several in zip(self.peaks.calls, zip(*parts, strict=True), strict=True):
            if peak.call.key not in wanted:
                continue
            values = np.concatenate([one.values for one in several])[:, : self.options.max_units]
            places = np.concatenate([one.places for one in several])[:, : self.options.max_units]
            rows = rank_columns(values, self.options.top_k)
            units = np.arange(values.shape[1])[:, None]
            found[peak.call.key] = RankedLayer(
                rows, values[rows, units].astype(np.float64), places[rows, units]
            )
        return found

    def _build_record(
        self,
        peak: PeakCall,
        fields: ReadingFields,
        ranked: RankedLayer,
        pictures: NDArray[np.float32],
    ) -> TileArray:
        unit = "channel" if peak.sizes else "unit"
        is_laid_over = bool(peak.sizes) and not fields.are_known
        record = build_tile_array(
            pictures,
            (unit, "rank", *self.views.axes[1:]),
            represents=self.views.represents,
            meaning=self.views.meaning,
            precision="uint8",
            max_tiles=max(1, pictures.shape[0] * pictures.shape[1]),
            max_tile_side=self.options.max_side,
            notes=(*self.notes, _LAID_OVER) if is_laid_over else self.notes,
            source=_source_of(peak, self.digest),
        )
        num_shown = len(pictures)
        cut = (f"{num_shown} of {peak.num_units} {unit}s",) if num_shown < peak.num_units else ()
        full = (peak.num_units, pictures.shape[1], *self.views.shape)
        return replace(
            record,
            dtype=peak.call.dtype,
            full_shape=full,
            omitted=(*cut, *_describe_sides(record, self.views)),
            statistics={
                "activation": ranked.values,
                "sample_index": self.samples.indices[ranked.samples].astype(np.float64),
                **_place_statistics(peak, fields, ranked.places),
            },
        )


def _describe_sides(record: TileArray, views: SampleViews) -> tuple[str, ...]:
    shown = record.values.shape[2:4]
    full = views.shape[:2]
    if shown == full:
        return ()
    return (f"{full[0]}×{full[1]} shown at {shown[0]}×{shown[1]}",)


def _place_statistics(
    peak: PeakCall, fields: ReadingFields, places: NDArray[np.int64]
) -> dict[str, NDArray[np.float64]]:
    names = ("place_top", "place_bottom", "place_left", "place_right")
    table = np.full((*places.shape, 4), np.nan)
    if peak.sizes:
        for where, place in np.ndenumerate(places):
            position = tuple(int(one) for one in np.unravel_index(int(place), peak.sizes))
            spans = fields.at(position)
            # Of a vector, which is one row, there are columns alone.
            rows = spans if len(spans) > 1 else ((0.0, 1.0), *spans)
            table[where] = [share for span in rows for share in span]
    return {name: table[..., column] for column, name in enumerate(names)}


def _tag_of(peak: PeakCall) -> str:
    return f"{VIEW}/{peak.call.key}"


def _source_of(peak: PeakCall, digest: str) -> Source:
    entry = peak.call.entry
    return Source(
        layer_path=entry.path,
        layer_index=entry.index,
        layer_type=entry.layer_type,
        role="output",
        samples_digest=digest,
    )
