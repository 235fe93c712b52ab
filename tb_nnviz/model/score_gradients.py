"""The scores of a model, and their gradients along paths, compiled once.

Models that compute in float16 or bfloat16 are run in float32 here: their gradients are mostly
rounding. Knows paths as arrays; knows neither which targets are asked for, nor integrals.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import keras
import numpy as np
from numpy.typing import NDArray

from tb_nnviz.model.backends import TensorSpec, load_backend
from tb_nnviz.model.batch_size import find_fixed_batch_size
from tb_nnviz.model.explained_output import (
    ExplainedOutput,
    OutputChoice,
    ReadScores,
    read_scores,
)
from tb_nnviz.model.float_entries import replacing_entries
from tb_nnviz.model.path_inputs import ModelPaths
from tb_nnviz.model.precision import computing_in_float32
from tb_nnviz.model.probe_inputs import ProbeInputs, call_model
from tb_nnviz.model.recording import record

Float64Array = NDArray[np.float64]


@dataclass(frozen=True, eq=False)
class Scores:
    """What a model gives for some samples.

    Attributes:
        values: ``(samples, classes)`` scores by which classes are told: the logits, else the
            output as it is.
        probabilities: ``(samples, classes)``; None where the model gives none.
        explained: ``(samples, classes)`` what is explained of each class; ``(samples, 1)`` of a
            function.
    """

    values: Float64Array
    probabilities: Float64Array | None
    explained: Float64Array

    @property
    def predictions(self) -> NDArray[np.intp]:
        """``(samples,)`` the class with the highest score."""
        best: NDArray[np.intp] = self.values.argmax(axis=1)
        return best


class ModelScores:
    """What a model gives for samples, traced once.

    Args:
        model: a built model.
        inputs: of the shape and type of the samples.
        choice: what is to be explained.
        batch_size: samples that are computed at once.

    Attributes:
        output: the scores that classes are told by.
        chosen: what is explained.

    Raises:
        ValueError: the model does not accept the samples, or has no such output.
    """

    output: ExplainedOutput
    chosen: ExplainedOutput

    def __init__(
        self, model: Any, inputs: ProbeInputs, choice: OutputChoice, *, batch_size: int = 32
    ) -> None:
        self._batch_size = find_fixed_batch_size(model) or min(batch_size, inputs.num_samples)
        backend = load_backend()

        def function(tensors: list[Any]) -> list[Any]:
            with (
                record(model, (), backend, tensors[0]) as recording,
                computing_in_float32([model]),
            ):
                outputs = call_model(model, inputs, tensors)
                read = read_scores(model, recording, outputs, choice)
            self.output, self.chosen = read.output, read.chosen
            found = [read.scores, read.explained, read.probabilities]
            return [tensor for tensor in found if tensor is not None]

        self._compiled = backend.compile(function, inputs.specs(self._batch_size), model.variables)

    def run(self, inputs: ProbeInputs) -> Scores:
        """The scores of samples like those it was traced for."""
        parts = []
        for chosen, batch in inputs.batches(self._batch_size):
            rows = chosen.stop - chosen.start
            parts.append([array[:rows].astype(np.float64) for array in self._compiled(batch)])
        values, explained, *others = (np.concatenate(each) for each in zip(*parts, strict=True))
        return Scores(
            _on_both_sides(values, self.output),
            _on_both_sides(others[0], self.output, total=1) if others else None,
            _on_both_sides(
                explained, self.chosen, total=1 if self.chosen.kind == "probability" else 0
            ),
        )


class ScoreGradients:
    """What is explained, and its gradients, at points of paths.

    Args:
        model: a built model.
        paths: the points' kinds and shapes; the values of inputs that do not move.
        choice: what is asked for.
        chosen: what `ModelScores` has found to explain.
        max_rows: points that are computed at once.

    Attributes:
        max_rows: likewise; the only number that the model takes, where there is one.
    """

    def __init__(
        self,
        model: Any,
        paths: ModelPaths,
        choice: OutputChoice,
        chosen: ExplainedOutput,
        *,
        max_rows: int = 32,
    ) -> None:
        self._chosen = chosen
        fixed_rows = find_fixed_batch_size(model)
        self._is_fixed = fixed_rows is not None
        self.max_rows = fixed_rows or max_rows
        self._fixed = [paths.inputs.arrays[place] for place in paths.fixed]
        backend = load_backend()

        def function(tensors: list[Any]) -> Any:
            *given, places = tensors
            values = _read(model, paths, choice, given).explained
            return keras.ops.take_along_axis(values, places, axis=1)

        arrays = [*(part.ends for part in paths.parts), *self._fixed]
        specs = [
            TensorSpec((fixed_rows, *array.shape[1:]), spec.dtype)
            for array, spec in zip(
                arrays, ProbeInputs(tuple(arrays), arrays).specs(self.max_rows), strict=True
            )
        ]
        specs.append(TensorSpec((fixed_rows, 1), "int32"))
        self._compiled = backend.compile_vjp(function, specs, model.variables)

    def at(
        self,
        points: list[NDArray[Any]],
        samples: NDArray[np.intp],
        targets: NDArray[np.intp],
    ) -> tuple[Float64Array, list[NDArray[Any] | None]]:
        """What is explained, and its gradients, at some points.

        Args:
            points: ``(rows, …)`` of each part of the paths, at most `max_rows`.
            samples: ``(rows,)`` index of the sample of each.
            targets: ``(rows,)`` class of each; 0 for a function.

        Returns:
            ``(rows,)``, and for each part ``(rows, …)``; None where nothing depends on it.
        """
        num_rows = len(samples)
        length = self._padded_length(num_rows)
        inputs = [*points, *(array[samples] for array in self._fixed)]
        places, signs = self._places(targets)
        inputs.append(places[:, None].astype(np.int32))
        # One value a row leaves the compiled function, however many there are.
        output, gradients = self._compiled(
            [_pad(array, length) for array in inputs],
            _pad(signs[:, None].astype(np.float32), length),
        )
        values: Float64Array = signs * output[:num_rows, 0].astype(np.float64)
        if self._chosen.kind == "probability":
            values += signs < 0  # of class 0, which has 1 - p
        found = gradients[: len(points)]
        return values, [None if each is None else each[:num_rows] for each in found]

    def _places(self, targets: NDArray[np.intp]) -> tuple[NDArray[np.intp], Float64Array]:
        """Which value stands for each target, and 1, or -1 for its negative."""
        if not self._chosen.is_two_sided:
            return targets, np.ones(len(targets))
        return np.zeros_like(targets), np.where(targets == 0, -1.0, 1.0)

    def _padded_length(self, num_rows: int) -> int:
        """Powers of two, so that a backend which compiles for each length does so seldom."""
        if self._is_fixed:
            return self.max_rows
        return min(self.max_rows, 1 << (num_rows - 1).bit_length())


def _read(model: Any, paths: ModelPaths, choice: OutputChoice, tensors: list[Any]) -> ReadScores:
    backend = load_backend()
    moving, fixed = tensors[: len(paths.parts)], tensors[len(paths.parts) :]
    given = dict(zip(paths.fixed, fixed, strict=True))
    replaced = {}
    for part, tensor in zip(paths.parts, moving, strict=True):
        if part.key is None:
            given[part.place] = tensor
        else:
            replaced[part.key] = tensor
    with (
        record(model, (), backend, tensors[0]) as recording,
        computing_in_float32([model]),
        replacing_entries(model, replaced, backend, tensors[0]),
    ):
        outputs = call_model(model, paths.inputs, [given[place] for place in range(len(given))])
        return read_scores(model, recording, outputs, choice)


def _pad(rows: NDArray[Any], length: int) -> NDArray[Any]:
    missing = length - len(rows)
    return np.concatenate([rows, np.repeat(rows[-1:], missing, axis=0)]) if missing else rows


def _on_both_sides(
    values: Float64Array, output: ExplainedOutput, *, total: int = 0
) -> Float64Array:
    """The value of a single sigmoid unit as those of both classes, which sum to ``total``."""
    return np.concatenate([total - values, values], axis=1) if output.is_two_sided else values
