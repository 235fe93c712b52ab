"""Attributions of a panel of samples as records: maps, integrands, paths and scores.

Knows arrays over samples and how they are laid out; knows no model.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from tb_nnviz.analysis.attribution_figures import FLAGS, SampleFigures
from tb_nnviz.analysis.map_layout import VIEW, MapLayout
from tb_nnviz.numerics.path_integral import PATH_ALPHAS, Float64Array
from tb_nnviz.records import Source, TileArray, build_tile_array
from tb_nnviz.records.omissions import describe_omitted
from tb_nnviz.records.tile_array import estimate_record_bytes

# Of a model with more classes indices stand for names.
MAX_SCORES = 1000


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
        has_classes: whether the values of the output are those of classes.
    """

    samples: tuple[str, ...]
    num_samples: int
    classes: tuple[str, ...]
    digest: str
    notes: tuple[str, ...]
    has_classes: bool = True


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
