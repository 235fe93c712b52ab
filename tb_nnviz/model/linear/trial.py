"""Whether functions of a model without a graph are linear: tried on numbers, since none can tell.

Inputs of sizes from 0.1 to 1,000, of both signs, of one and with an offset, and samples where
there are some, each beside two others. It shows what is not linear; it proves nothing.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray

from tb_nnviz.model.backends import TensorSpec, load_backend

# |F(x) + F(y) − F(x + y) − F(0)| may be so much of the largest |F(x) − F(0)|: rounding of float32
# over sums of thousands, far below what an activation makes of inputs of all sizes.
ADDITIVITY_TOLERANCE = 1e-3
# Of the largest |F(x)|, in which F(0) may be far larger than what x adds to it.
_ROUNDING = 1e-5
MAX_SAMPLES = 4
_ROWS = 4
_SEED = 0


def find_not_linear(
    function: Callable[[Any], Sequence[Any]],
    spec: TensorSpec,
    variables: Sequence[Any],
    samples: NDArray[Any] | None = None,
) -> list[bool]:
    """For each output of a function, whether it is not linear, or mixes the samples of a batch.

    All are compiled at once.

    Args:
        function: from one tensor to tensors, samples first.
        spec: of the input, without the batch axis.
        variables: what it reads.
        samples: that the model was made for, or None; the first few are used.
    """
    shape = tuple(int(size or 0) for size in spec.shape)
    batch = TensorSpec((_ROWS, *shape), spec.dtype)
    run = load_backend().compile(lambda tensors: list(function(tensors[0])), [batch], variables)
    inputs = [*_make_inputs(shape), *_take_samples(samples, shape)]
    # Each input is second in one batch and first in the next, beside others.
    batches = [
        [np.asarray(values, np.float64) for values in run([_batch(first, second)])]
        for first, second in zip(inputs, [*inputs[1:], inputs[0]], strict=True)
    ]
    return [not _adds_up([batch[place] for batch in batches]) for place in range(len(batches[0]))]


def _make_inputs(shape: tuple[int, ...]) -> list[NDArray[np.float32]]:
    rng = np.random.default_rng(_SEED)
    normal = [rng.normal(size=shape).astype(np.float32) for _ in range(7)]
    return [
        np.float32(0.1) * normal[0],
        np.abs(normal[1]),
        np.float32(10) * normal[2],
        np.float32(-100) * np.abs(normal[3]),
        np.float32(1000) * normal[4],
        np.float32(1000) * np.abs(normal[5]),
        np.float32(100) + np.float32(10) * normal[6],
        np.full(shape, -1000, np.float32),
    ]


def _take_samples(
    samples: NDArray[Any] | None, shape: tuple[int, ...]
) -> list[NDArray[np.float32]]:
    if samples is None or samples.dtype.kind not in "biuf" or samples[0].size != np.prod(shape):
        return []
    return [one.reshape(shape).astype(np.float32) for one in samples[:MAX_SAMPLES]]


def _batch(first: NDArray[np.float32], second: NDArray[np.float32]) -> NDArray[np.float32]:
    return np.stack([first, second, first + second, np.zeros_like(first)])


def _adds_up(batches: Sequence[NDArray[np.float64]]) -> bool:
    """Of the values of one output in all batches."""
    zero = batches[0][3]
    before = batches[-1]
    for values in batches:
        added = values - zero
        slack = _ROUNDING * np.abs(values).max(initial=0)
        error = np.abs(added[0] + added[1] - added[2]).max(initial=0)
        moved = np.abs(values[0] - before[1]).max(initial=0)
        shifted = np.abs(added[3]).max(initial=0)
        size, own = np.abs(added).max(initial=0), np.abs(added[0]).max(initial=0)
        # Comparisons that NaN fails.
        if not (
            error <= ADDITIVITY_TOLERANCE * size + slack
            and moved <= ADDITIVITY_TOLERANCE * own + slack
            and shifted <= slack
        ):
            return False
        before = values
    return True
