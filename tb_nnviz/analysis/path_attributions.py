"""Attributions of samples by integrating gradients from baselines: joins model and numerics.

Compiled once for some samples, then run with the weights as they are.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from tb_nnviz.analysis.attribution_figures import (
    Maps,
    SampleAttribution,
    describe_integral,
    describe_without_path,
)
from tb_nnviz.analysis.attribution_targets import Targets, resolve_targets
from tb_nnviz.analysis.baselines import Baseline, make_baseline
from tb_nnviz.model.explained_output import ExplainedOutput, OutputChoice
from tb_nnviz.model.input_names import name_given_inputs
from tb_nnviz.model.path_inputs import ModelPaths, PathFinder, name_arrays
from tb_nnviz.model.probe_inputs import ProbeInputs
from tb_nnviz.model.sample_inputs import have_channels_first
from tb_nnviz.model.score_gradients import ModelScores, ScoreGradients, Scores
from tb_nnviz.numerics.path_integral import PATH_ALPHAS, Float64Array
from tb_nnviz.numerics.path_integration import Evaluate, PathRule, integrate_paths


@dataclass(frozen=True, eq=False)
class ExplainedSamples:
    """What is explained of each sample.

    Attributes:
        scores: of the model at the samples.
        targets: ``(samples,)`` class of each; 0 where a function is explained.
    """

    scores: Scores
    targets: NDArray[np.intp]

    @property
    def outputs(self) -> Float64Array:
        """``(samples,)`` F(x)."""
        values: Float64Array = self.scores.explained[np.arange(len(self.targets)), self.targets]
        return values


class PathAttributions:
    """Gradients along the paths from baselines to some samples.

    Args:
        model: a built model.
        inputs: the samples.
        baselines: at least one.
        choice: what is explained.
        batch_size: gradients that are computed at once.

    Attributes:
        names: of the inputs.
        given_names: likewise, in the order in which they were given.
        inputs: the samples, as the model takes them.
        baselines: where the paths begin.
        baseline_inputs: for each of them, its values.

    Raises:
        ValueError: the model does not accept the samples, has no such output, or a baseline does
            not fit.
    """

    def __init__(
        self,
        model: Any,
        inputs: ProbeInputs,
        baselines: Sequence[Baseline],
        choice: OutputChoice,
        *,
        batch_size: int = 32,
    ) -> None:
        self._model = model
        self._choice = choice
        self._batch_size = batch_size
        self.names = name_arrays(model, inputs)
        self.given_names = name_given_inputs(model, inputs.structure)
        self.baselines = tuple(baselines)
        self._finder = PathFinder(model, inputs, batch_size=batch_size)
        self.inputs = self._finder.inputs
        indices = self._finder.places_of_indices
        channels_first = have_channels_first(model)
        self.baseline_inputs = tuple(
            make_baseline(
                one, self.inputs, self.names, indices=indices, channels_first=channels_first
            )
            for one in baselines
        )
        self._scores = ModelScores(model, self.inputs, choice, batch_size=batch_size)
        self._compiled: dict[object, ScoreGradients] = {}

    @property
    def output(self) -> ExplainedOutput:
        """The scores by which classes are told."""
        return self._scores.output

    @property
    def chosen(self) -> ExplainedOutput:
        """What is explained."""
        return self._scores.chosen

    def explain(self, targets: Targets) -> ExplainedSamples:
        """What is explained of each sample, with the weights as they are.

        Args:
            targets: see `resolve_targets`.
        """
        scores = self._scores.run(self.inputs)
        num_samples = self.inputs.num_samples
        return ExplainedSamples(
            scores, resolve_targets(targets, scores, self.chosen, num_samples=num_samples)
        )

    def find_paths(self) -> tuple[ModelPaths, ...]:
        """The paths from each of the baselines, with the weights as they are."""
        return self._finder.find(self.baseline_inputs)

    def integrate(
        self,
        paths: Sequence[ModelPaths],
        explained: ExplainedSamples,
        *,
        tolerance: float,
        max_evaluations: int,
        alphas: Sequence[float] = (),
        num_samples: int | None = None,
    ) -> Iterator[SampleAttribution]:
        """The attributions of each sample, the mean over all baselines, as soon as it is done.

        Args:
            paths: as `find_paths` gave them.
            explained: what is explained of each sample.
            tolerance: of both errors, as a share.
            max_evaluations: gradients of a path at most.
            alphas: where the integrand is wanted, of `PATH_ALPHAS`.
            num_samples: how many samples, the first ones; None for all.
        """
        count = self.inputs.num_samples if num_samples is None else num_samples
        if not any(one.parts for one in paths):
            yield from self._without_paths(explained, count)
            return
        evaluate, max_rows = self.evaluation(paths, explained.targets)
        done = integrate_paths(
            evaluate,
            num_samples=count,
            num_cells=paths[0].num_cells,
            rule=PathRule(tolerance, max_evaluations, max_rows),
            num_baselines=len(paths),
        )
        for sample, path in done:
            yield describe_integral(
                sample,
                path,
                paths,
                alphas=alphas,
                tolerance=tolerance,
                max_evaluations=max_evaluations,
            )

    def gradients_at(
        self,
        paths: ModelPaths,
        targets: NDArray[np.intp],
        alphas: Sequence[float],
        *,
        times_difference: bool,
    ) -> dict[int, NDArray[np.float32]]:
        """By place of an input ``(samples, alphas, …)`` its gradients at places on the paths.

        Args:
            paths: from one baseline.
            targets: ``(samples,)`` class of each.
            alphas: from 0 to 1.
            times_difference: the integrand instead, of the inputs' shapes.
        """
        if not paths.parts:
            return {}
        gradients = self.gradients_of(paths)
        num_samples = self.inputs.num_samples
        samples = np.repeat(np.arange(num_samples), len(alphas))
        places = np.tile(np.asarray(alphas, np.float64), num_samples)
        whole: dict[int, NDArray[np.float32]] = {}
        for start in range(0, len(samples), gradients.max_rows):
            rows = slice(start, start + gradients.max_rows)
            points = paths.points(samples[rows], places[rows])
            _, found = gradients.at(points, samples[rows], targets[samples[rows]])
            by_place = (
                paths.split_cells(paths.integrands(samples[rows], found))
                if times_difference
                else paths.by_place(found, points)
            )
            for place, of_rows in enumerate(by_place):
                if of_rows is not None:
                    if place not in whole:
                        whole[place] = np.zeros((len(samples), *of_rows.shape[1:]), np.float32)
                    whole[place][rows] = of_rows
        shape = (num_samples, len(alphas))
        return {place: rows.reshape(*shape, *rows.shape[1:]) for place, rows in whole.items()}

    def gradients_of(self, paths: ModelPaths) -> ScoreGradients:
        """The compiled gradients along such paths."""
        found = self._compiled.get(paths.structure)
        if found is None:
            found = self._compiled[paths.structure] = ScoreGradients(
                self._model, paths, self._choice, self.chosen, max_rows=self._batch_size
            )
        return found

    def baseline_outputs(self, place: int, targets: NDArray[np.intp]) -> Float64Array:
        """``(samples,)`` F(x'), which is the model's output there.

        Args:
            place: of the baseline.
            targets: ``(samples,)`` class of each.
        """
        scores = self._scores.run(self._finder.as_taken(self.baseline_inputs[place]))
        values: Float64Array = scores.explained[np.arange(len(targets)), targets]
        return values

    def _without_paths(
        self, explained: ExplainedSamples, num_samples: int
    ) -> Iterator[SampleAttribution]:
        """What there is to say of samples where no input has a path: zeros, flagged as such.

        Args:
            explained: what is explained of each sample.
            num_samples: how many of them.
        """
        places = range(len(self.baselines))
        starts = np.mean(
            [self.baseline_outputs(place, explained.targets) for place in places], axis=0
        )
        arrays = self.inputs.arrays
        for sample in range(num_samples):
            maps: Maps = [
                np.zeros(array.shape[1:]) if array.dtype.kind in "biuf" else None
                for array in arrays
            ]
            figures = describe_without_path(float(explained.outputs[sample]), float(starts[sample]))
            path_outputs = np.full(len(PATH_ALPHAS), np.nan)
            yield SampleAttribution(sample, maps, None, [None] * len(arrays), path_outputs, figures)

    def evaluation(
        self, paths: Sequence[ModelPaths], targets: NDArray[np.intp]
    ) -> tuple[Evaluate, int]:
        """The function that `integrate_paths` asks, and with how many rows at most."""
        compiled = [self.gradients_of(one) if one.parts else None for one in paths]

        def at(
            of_baseline: ModelPaths,
            gradients: ScoreGradients | None,
            samples: NDArray[np.intp],
            alphas: Float64Array,
        ) -> tuple[Float64Array, NDArray[np.float32]]:
            if gradients is None:  # all samples are this baseline, so that F is that of the samples
                return scores[samples], of_baseline.integrands(samples, [])
            points = of_baseline.points(samples, alphas)
            outputs, found = gradients.at(points, samples, targets[samples])
            return outputs, of_baseline.integrands(samples, found)

        def evaluate(
            samples: NDArray[np.intp], alphas: Float64Array
        ) -> tuple[Float64Array, NDArray[np.float32]]:
            found = [
                at(one, gradients, samples, alphas)
                for one, gradients in zip(paths, compiled, strict=True)
            ]
            if len(found) == 1:
                return found[0]
            outputs, integrands = zip(*found, strict=True)
            return np.mean(outputs, axis=0), np.concatenate(integrands, axis=1)

        scores = np.zeros(0)
        if None in compiled:
            scores = self.explain(targets.astype(np.int64)).outputs
        return evaluate, max(each.max_rows for each in compiled if each is not None)
