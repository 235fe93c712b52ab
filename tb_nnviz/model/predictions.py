"""What a model gives for many samples: probabilities where it has them, compiled once.

The model computes in its own precision, as it does when it is validated. Knows samples as arrays;
knows no labels.
"""

from __future__ import annotations

import math
from typing import Any

import numpy as np
from numpy.typing import NDArray

from tb_nnviz.model.backends import load_backend
from tb_nnviz.model.batch_size import find_fixed_batch_size
from tb_nnviz.model.explained_output import ExplainedOutput, OutputChoice, read_scores
from tb_nnviz.model.probe_inputs import ProbeInputs, call_model
from tb_nnviz.model.recording import record

# A batch has about so many numbers of its inputs: small samples cost less in larger batches.
_VALUES_PER_BATCH = 1 << 19
MAX_BATCH_SIZE = 128
_MIN_BATCH_SIZE = 32


class Predictions:
    """One output of a model, traced once.

    Args:
        model: a built model.
        inputs: of the shape and type of the samples.
        choice: which output.

    Attributes:
        output: what it is.
        batch_size: samples that are computed at once.

    Raises:
        ValueError: the model does not accept the samples, or has no such output.
    """

    output: ExplainedOutput

    def __init__(self, model: Any, inputs: ProbeInputs, choice: OutputChoice) -> None:
        self.batch_size = find_fixed_batch_size(model) or choose_batch_size(inputs)
        backend = load_backend()

        def function(tensors: list[Any]) -> list[Any]:
            with record(model, (), backend, tensors[0]) as recording:
                outputs = call_model(model, inputs, tensors)
                read = read_scores(model, recording, outputs, choice)
            self.output = read.output
            return [read.scores if read.probabilities is None else read.probabilities]

        self._compiled = backend.compile(function, inputs.specs(self.batch_size), model.variables)

    def run(self, inputs: ProbeInputs) -> NDArray[np.float32]:
        """``(sample, value)`` what the output is for samples like those it was traced for."""
        result = np.empty((inputs.num_samples, self.output.num_values), np.float32)
        for chosen, batch in inputs.batches(self.batch_size):
            (view,) = self._compiled.view(batch)
            result[chosen] = view[: chosen.stop - chosen.start]
        return result


def choose_batch_size(inputs: ProbeInputs) -> int:
    """How many samples are computed at once."""
    values = sum(math.prod(array.shape[1:]) for array in inputs.arrays)
    return max(_MIN_BATCH_SIZE, min(MAX_BATCH_SIZE, _VALUES_PER_BATCH // max(1, values)))
