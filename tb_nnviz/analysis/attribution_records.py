"""Attributions of a panel of samples as records: maps, integrands, paths and scores.

Knows arrays over samples and how they are laid out; knows no model.
"""

from __future__ import annotations

import math
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any, Literal

import numpy as np
from numpy.typing import NDArray

from tb_nnviz.analysis.attribution_figures import FLAGS, SampleFigures
from tb_nnviz.analysis.input_layout import InputLayout
from tb_nnviz.numerics.path_integral import PATH_ALPHAS, Float64Array
from tb_nnviz.numerics.tile_limits import average_over_blocks, averaging_factors
from tb_nnviz.records import Meaning, Source, TileArray, build_tile_array
from tb_nnviz.records.omissions import describe_omitted
from tb_nnviz.records.tile_array import estimate_record_bytes

VIEW = "attributions"

Role = Literal["integrated_gradients", "interior_gradients", "spread", "baselines"]

_MAX_CHANNELS = 64
_MAX_STRIP = 4096
# Of a model with more classes indices stand for names.
MAX_SCORES = 1000


@dataclass(frozen=True, eq=False)
class MapLayout:
    """How maps of one input are logged.

    Attributes:
        name: of the input; "" where there is one.
        place: of the input.
        layout: of its axes.
        max_tile_side: longer sides are averaged.
    """

    name: str
    place: int
    layout: InputLayout
    max_tile_side: int

    def tag(self, role: Role) -> str:
        """The tag of a kind of map."""
        return f"{VIEW}/{role}/{self.name}" if self.name else f"{VIEW}/{role}"

    def reduce(self, maps: NDArray[Any]) -> NDArray[np.float32]:
        """``(maps, *shape)`` laid out, and averaged down to what is logged of pictures."""
        laid_out = self.layout.lay_out(np.asarray(maps, np.float32))
        if self.layout.represents:
            return laid_out
        height_axis = self.layout.axes.index("height")
        return average_over_blocks(laid_out, *self._factors(), height_axis)

    def build(
        self,
        values: NDArray[np.float32],
        leading: Mapping[str, Sequence[str]],
        *,
        meaning: Meaning = "signed",
        num_samples: int | None = None,
        **fields: Any,
    ) -> TileArray:
        """A record of maps that were reduced.

        Args:
            values: ``(sample, …)``, or with further axes before those of a map.
            leading: names of the axes before those of a map, with their labels, () for none.
            meaning: of the values.
            num_samples: how many samples there are; None for as many as are in ``values``.
            fields: others of `build_tile_array`.
        """
        axes = (*leading, *self.layout.axes[1:])
        record = build_tile_array(
            values,
            axes,
            labels={name: tuple(labels) for name, labels in leading.items() if labels},
            represents=self.layout.represents,
            meaning=meaning,
            precision="uint16",
            max_tiles=self._max_tiles(values.shape[: len(leading)]),
            max_tile_side=self.max_tile_side,
            **fields,
        )
        full = list(record.full_shape)
        if not self.layout.represents:  # the maps were averaged before
            full[len(leading) :] = self._shape()
        if num_samples is not None:
            full[list(leading).index("sample")] = num_samples
        full_shape = tuple(full)
        return replace(
            record,
            full_shape=full_shape,
            omitted=describe_omitted(axes, full_shape, record.values.shape),
        )

    def estimate_bytes(self, leading: Sequence[int]) -> int:
        """About the size of a record of maps.

        Args:
            leading: lengths of the axes before those of a map.
        """
        return estimate_record_bytes(
            (*leading, *self._shape()),
            tuple(f"axis {place}" for place in range(len(leading))) + self.layout.axes[1:],
            is_picture=not self.layout.represents,
            precision="uint16",
            max_tiles=self._max_tiles(leading),
            max_tile_side=self.max_tile_side,
        )

    def _shape(self) -> tuple[int, ...]:
        """Of one map, laid out."""
        nothing = np.broadcast_to(np.float32(0), (1, *self.layout.shape))
        return self.layout.lay_out(nothing).shape[1:]

    def _factors(self) -> tuple[int, int]:
        place = self.layout.axes.index("height") - 1
        height, width = self._shape()[place : place + 2]
        return averaging_factors(height, width, self.max_tile_side, keep_aspect=True)

    def _max_tiles(self, leading: Sequence[int]) -> int:
        axes, shape = self.layout.axes, self.layout.shape
        if self.layout.represents:
            return max(math.prod(leading), min(max(shape, default=1), _MAX_STRIP))
        depth = shape[1 if self.layout.channels_first else 0] if "depth" in axes else 1
        channels = _MAX_CHANNELS if "channel" in axes else 1
        return max(1, math.prod(leading)) * channels * depth


@dataclass(frozen=True, eq=False)
class ComputedAttributions:
    """What a step has computed; arrays are over the samples explained.

    Attributes:
        maps: by place of an input, reduced maps ``(sample, …)``.
        spread: likewise; empty with one baseline.
        integrands: likewise ``(sample, alpha, …)``; empty without alphas.
        path_outputs: ``(sample, 17)``.
        figures: of each sample.
        targets: class of each; NaN where a function is explained.
        predictions: class of each; NaN where there are no classes.
        target_probabilities: NaN where the model gives none.
        scores: ``(sample, class)`` probabilities, or scores where there are none.
        are_probabilities: which of the two.
    """

    maps: Mapping[int, NDArray[np.float32]]
    spread: Mapping[int, NDArray[np.float32]]
    integrands: Mapping[int, NDArray[np.float32]]
    path_outputs: Float64Array
    figures: Sequence[SampleFigures]
    targets: Float64Array
    predictions: Float64Array
    target_probabilities: Float64Array
    scores: Float64Array
    are_probabilities: bool

    def statistics(self) -> dict[str, Float64Array]:
        """By name, ``(sample,)`` what a map's record carries as its proof."""
        figures = self.figures
        return {
            "target": self.targets,
            "prediction": self.predictions,
            "probability": self.target_probabilities,
            "output_at_input": np.array([one.output_at_input for one in figures]),
            "output_at_baseline": np.array([one.output_at_baseline for one in figures]),
            "attribution_sum": np.array([one.attribution_sum for one in figures]),
            "completeness_error": np.array([one.completeness_error for one in figures]),
            "refinement_error": np.array([one.refinement_error for one in figures]),
            "num_evaluations": np.array([float(one.num_evaluations) for one in figures]),
            "converged": np.array([float(one.converged) for one in figures]),
            "flags": np.array([float(_code_of(one)) for one in figures]),
        }


@dataclass(frozen=True, eq=False)
class AttributionLabels:
    """What goes with the records of every step.

    Attributes:
        samples: labels of the samples; () for none.
        num_samples: how many there are, of which the first ones are explained.
        classes: names of the classes.
        digest: of the samples.
        notes: what is explained, and what is not.
    """

    samples: tuple[str, ...]
    num_samples: int
    classes: tuple[str, ...]
    digest: str
    notes: tuple[str, ...]


def build_attribution_records(
    computed: ComputedAttributions,
    layouts: Sequence[MapLayout],
    labels: AttributionLabels,
    alphas: Sequence[float],
) -> Iterator[tuple[str, TileArray]]:
    """Tag and record of everything that a step logs.

    Args:
        computed: by the model.
        layouts: of the inputs that have a path.
        labels: of the samples and classes.
        alphas: of the integrands.
    """
    count = len(computed.figures)
    samples = labels.samples[:count]
    proof = computed.statistics()
    for one in layouts:
        record = one.build(
            computed.maps[one.place],
            {"sample": samples},
            num_samples=labels.num_samples,
            notes=labels.notes,
            source=_source(labels, "integrated_gradients"),
        )
        grid = record.grid_shape
        spread_out = {
            name: np.broadcast_to(numbers.reshape(count, *[1] * (len(grid) - 1)), grid)
            for name, numbers in proof.items()
        }
        yield one.tag("integrated_gradients"), replace(record, statistics=spread_out)
    for one in layouts:
        if one.place in computed.integrands:
            yield (
                one.tag("interior_gradients"),
                one.build(
                    computed.integrands[one.place],
                    {"sample": samples, "alpha": [f"{alpha:g}" for alpha in alphas]},
                    num_samples=labels.num_samples,
                    notes=("times x − x′: the mean over α is the attribution",),
                    source=_source(labels, "interior_gradients"),
                ),
            )
        if one.place in computed.spread:
            yield (
                one.tag("spread"),
                one.build(
                    computed.spread[one.place],
                    {"sample": samples},
                    meaning="non_negative",
                    num_samples=labels.num_samples,
                    source=_source(labels, "spread"),
                ),
            )
    yield (
        f"{VIEW}/path_outputs",
        _build_rows(computed.path_outputs, "alpha", [f"{one:g}" for one in PATH_ALPHAS], labels),
    )
    if has_scores(computed.scores.shape[1]):
        record = _build_rows(computed.scores, "class", labels.classes, labels, role="scores")
        yield (
            f"{VIEW}/scores",
            replace(record, meaning="non_negative") if computed.are_probabilities else record,
        )


def has_scores(num_classes: int) -> bool:
    """Whether the scores of so many classes are logged."""
    return 0 < num_classes <= MAX_SCORES


def estimate_rows_bytes(num_samples: int, num_classes: int) -> int:
    """About the size of the records of paths and scores."""
    total = 0
    for length in (len(PATH_ALPHAS), num_classes if has_scores(num_classes) else 0):
        if length:
            total += estimate_record_bytes(
                (num_samples, 1, length),
                ("sample", "height", "width"),
                is_picture=False,
                precision="float32",
                max_tiles=max(num_samples, length),
                max_tile_side=length,
            )
    return total


def _build_rows(
    rows: Float64Array,
    represents: str,
    names: Sequence[str],
    labels: AttributionLabels,
    *,
    role: str = "path_outputs",
) -> TileArray:
    count, length = rows.shape
    samples = labels.samples[:count]
    record = build_tile_array(
        rows.reshape(count, 1, length),
        ("sample", "height", "width"),
        labels={"width": tuple(names), **({"sample": samples} if samples else {})},
        represents={"width": represents},
        precision="float32",
        max_tiles=max(count, length),
        source=_source(labels, role),
    )
    full_shape = (labels.num_samples, 1, length)
    omitted = describe_omitted(record.axes, full_shape, record.values.shape)
    return replace(record, full_shape=full_shape, omitted=omitted)


def _source(labels: AttributionLabels, role: str) -> Source:
    return Source(role=role, samples_digest=labels.digest)


def _code_of(figures: SampleFigures) -> int:
    """The flags as the sum of powers of two, in the order of `FLAGS`."""
    return sum(1 << place for place, flag in enumerate(FLAGS) if flag in figures.flags)
