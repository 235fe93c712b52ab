"""Attributions of a panel of samples: planned once a training, computed and recorded at each step.

Gradients are computed on the thread that trains; records are made of what is kept of them on
another one.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from tb_nnviz.analysis.attribution_figures import (
    Maps,
    SampleAttribution,
    SampleFigures,
)
from tb_nnviz.analysis.attribution_options import AttributionOptions
from tb_nnviz.analysis.attribution_records import (
    AttributionLabels,
    ComputedAttributions,
    build_attribution_records,
    estimate_rows_bytes,
    has_scores,
)
from tb_nnviz.analysis.attribution_targets import Targets
from tb_nnviz.analysis.map_layout import VIEW, MapLayout
from tb_nnviz.analysis.path_attributions import ExplainedSamples, PathAttributions
from tb_nnviz.analysis.path_trials import measure_node
from tb_nnviz.numerics.path_integral import PATH_ALPHAS
from tb_nnviz.records import Notice, TileArray

__all__ = ["VIEW", "AttributionTilesPlan"]


@dataclass(frozen=True, eq=False)
class AttributionTilesPlan:
    """What of a panel is explained.

    Attributes:
        attributions: compiled for the panel.
        options: what is asked for.
        targets: which class of each sample, now that labels are known.
        layouts: of the inputs that have a path.
        labels: of the samples and classes, and what is said beside them.
        num_samples: how many samples are explained, the first ones.
        notices: what is not shown, and why.
        left_out: tags that somebody else logs.
    """

    attributions: PathAttributions
    options: AttributionOptions
    targets: Targets
    layouts: tuple[MapLayout, ...]
    labels: AttributionLabels
    num_samples: int
    notices: tuple[Notice, ...] = ()
    left_out: frozenset[str] = frozenset()

    @property
    def tags(self) -> tuple[str, ...]:
        """The tags that are logged."""
        if not self.layouts or not self.num_samples:
            return ()
        maps = [one.tag("integrated_gradients") for one in self.layouts]
        if self.options.alphas:
            maps += [one.tag("interior_gradients") for one in self.layouts]
        if len(self.options.baselines) > 1:
            maps += [one.tag("spread") for one in self.layouts]
        rows = [f"{VIEW}/path_outputs"]
        if has_scores(self.attributions.output.num_classes):
            rows.append(f"{VIEW}/scores")
        return tuple(tag for tag in (*maps, *rows) if tag not in self.left_out)

    def without(self, tags: Collection[str]) -> AttributionTilesPlan:
        """The plan without some of its tags: then without all, which are read together."""
        lost = set(self.tags) if set(tags).intersection(self.tags) else set()
        return replace(self, left_out=self.left_out.union(lost))

    def with_max_alphas(self, max_alphas: int) -> AttributionTilesPlan:
        """The plan with the integrand at fewer places, evenly chosen, the last among them."""
        alphas = _thin(self.options.alphas, max_alphas)
        return replace(self, options=replace(self.options, alphas=alphas))

    def estimate_bytes(self, max_alphas: int) -> int:
        """About the size of the records of one step with the integrand at so many places."""
        tags = self.with_max_alphas(max_alphas).tags
        if not tags:
            return 0
        num_alphas = len(_thin(self.options.alphas, max_alphas))
        total = estimate_rows_bytes(self.num_samples, self.attributions.output.num_classes)
        for one in self.layouts:
            map_bytes = one.estimate_bytes((self.num_samples,))
            total += map_bytes * (one.tag("integrated_gradients") in tags)
            total += map_bytes * (one.tag("spread") in tags)
            if one.tag("interior_gradients") in tags:
                total += one.estimate_bytes((self.num_samples, num_alphas))
        return total

    def warm_up(self) -> None:
        """Does what the first step alone would have to: compiling."""
        if self.tags:
            paths = self.attributions.find_paths()
            if any(one.parts for one in paths):
                targets = self.attributions.explain(self.targets).targets
                measure_node(self.attributions, paths, targets)

    def collect(self) -> ComputedAttributions | None:
        """Explains the samples with the weights as they are; None where no tag is logged."""
        if not self.tags:
            return None
        options, count = self.options, self.num_samples
        explained = self.attributions.explain(self.targets)
        gathered = _Gathered(self.layouts, count)
        paths = self.attributions.find_paths()
        done = self.attributions.integrate(
            paths,
            explained,
            tolerance=options.tolerance,
            max_evaluations=options.max_evaluations,
            alphas=options.alphas,
            num_samples=count,
        )
        for one in done:
            gathered.take(one)
        computed = _compute(gathered, explained, self.attributions, count)
        if self.labels.has_classes:
            return computed
        return replace(computed, predictions=np.full(count, np.nan))

    def build_records(self, computed: ComputedAttributions) -> Iterator[tuple[str, TileArray]]:
        """Tag and record of each tag, made one after the other as they are asked for.

        Args:
            computed: as `collect` gave it.
        """
        tags = set(self.tags)
        records = build_attribution_records(
            computed, self.layouts, self.labels, self.options.alphas
        )
        return ((tag, record) for tag, record in records if tag in tags)


class _Gathered:
    """What is kept of the samples of one step, as they are done."""

    def __init__(self, layouts: Sequence[MapLayout], num_samples: int) -> None:
        self._layouts = layouts
        self._num_samples = num_samples
        self.maps: dict[int, NDArray[np.float32]] = {}
        self.spread: dict[int, NDArray[np.float32]] = {}
        self.integrands: dict[int, NDArray[np.float32]] = {}
        self.path_outputs = np.full((num_samples, len(PATH_ALPHAS)), np.nan)
        self.figures: list[SampleFigures | None] = [None] * num_samples

    def take(self, one: SampleAttribution) -> None:
        for layout in self._layouts:
            self._keep(self.maps, layout, one.sample, one.attributions, is_one=True)
            self._keep(self.spread, layout, one.sample, one.spread or (), is_one=True)
            self._keep(self.integrands, layout, one.sample, one.integrands, is_one=False)
        self.path_outputs[one.sample] = one.path_outputs
        self.figures[one.sample] = one.figures

    def _keep(
        self,
        wholes: dict[int, NDArray[np.float32]],
        layout: MapLayout,
        sample: int,
        maps: Maps | tuple[()],
        *,
        is_one: bool,
    ) -> None:
        values = maps[layout.place] if maps else None
        if values is None:
            return
        reduced = layout.reduce(values[None] if is_one else values)
        own = reduced[0] if is_one else reduced
        if layout.place not in wholes:
            wholes[layout.place] = np.zeros((self._num_samples, *own.shape), np.float32)
        wholes[layout.place][sample] = own


def _compute(
    gathered: _Gathered,
    explained: ExplainedSamples,
    attributions: PathAttributions,
    count: int,
) -> ComputedAttributions:
    scores, output = explained.scores, attributions.output
    unknown = np.full(count, np.nan)
    # A regression has one value and no classes.
    is_function = attributions.chosen.num_classes == 1
    targets = explained.targets[:count]
    probabilities = scores.probabilities
    has_probability = probabilities is not None and not is_function
    return ComputedAttributions(
        maps=gathered.maps,
        spread=gathered.spread,
        integrands=gathered.integrands,
        path_outputs=gathered.path_outputs,
        figures=[one for one in gathered.figures if one is not None],
        targets=unknown if is_function else targets.astype(np.float64),
        predictions=scores.predictions[:count].astype(np.float64)
        if output.num_classes > 1
        else unknown,
        target_probabilities=probabilities[np.arange(count), targets]
        if probabilities is not None and has_probability
        else unknown,
        scores=(scores.values if probabilities is None else probabilities)[:count],
        are_probabilities=probabilities is not None,
    )


def _thin(alphas: Sequence[float], count: int) -> tuple[float, ...]:
    """So many of some places, evenly chosen, the last among them."""
    if count >= len(alphas):
        return tuple(alphas)
    chosen = np.linspace(len(alphas) - 1, 0, count).round().astype(int)
    return tuple(alphas[place] for place in sorted(set(chosen.tolist())))
