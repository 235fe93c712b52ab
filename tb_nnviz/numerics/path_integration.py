"""Integrates the gradients of many samples at once, within bounds of memory.

Each sample is refined by itself, so that its result depends neither on the others nor on how many
rows are computed at a time. Knows gradients as a function of samples and places on their paths.
"""

from __future__ import annotations

import itertools
from collections.abc import Callable, Iterator
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from tb_nnviz.numerics.path_integral import PATH_ALPHAS, Float64Array, PathIntegral
from tb_nnviz.numerics.row_store import RowStore

DEFAULT_MAX_BYTES = 256_000_000

# Indices of samples and alphas, one of each a row → ``(rows,)`` F there, the mean over baselines,
# and ``(rows, baselines * cells)`` (x - x') dF/dx.
Evaluate = Callable[[NDArray[np.intp], Float64Array], tuple[Float64Array, NDArray[np.float32]]]

_BYTES_PER_VALUE = 4
# What a sample holds beside its integrands, in rows of float32: their sum in float64.
_ROWS_BESIDE = 2


@dataclass(frozen=True)
class PathRule:
    """How far paths are refined.

    Attributes:
        tolerance: of both errors, see `PathErrors`.
        max_nodes: places on the paths of a sample at most, at least 17.
        rows_per_call: gradients that are computed at once.
        max_bytes: of the integrands that are kept until their samples have converged. One sample
            is always let through.
    """

    tolerance: float
    max_nodes: int
    rows_per_call: int
    max_bytes: int = DEFAULT_MAX_BYTES

    def is_done(self, path: PathIntegral) -> bool:
        """Whether more gradients would be of no use, or are not allowed."""
        return (
            not path.is_finite
            or not path.has_gradient
            or path.errors.are_within(self.tolerance)
            or path.num_nodes >= self.max_nodes
            or not len(path.next_alphas(self.max_nodes))
        )


def integrate_paths(
    evaluate: Evaluate, *, num_samples: int, num_cells: int, rule: PathRule, num_baselines: int = 1
) -> Iterator[tuple[int, PathIntegral]]:
    """The integrals of all samples, each as soon as it is done with.

    What is wanted of an integral is to be taken out of it before the next one is asked for, which
    may take the memory of its integrand.

    Args:
        evaluate: see `Evaluate`; called with at most ``rule.rows_per_call`` rows.
        num_samples: how many there are.
        num_cells: of the integrand.
        rule: how far to go.
        num_baselines: how many paths lead to each sample.

    Yields:
        Index of the sample, and its integral, in the order in which they are done.
    """
    waiting = list(range(num_samples))[::-1]
    active: dict[int, PathIntegral] = {}
    rows_allowed = rule.max_bytes // (_BYTES_PER_VALUE * max(1, num_cells * num_baselines))
    most = min(max(rows_allowed, rule.max_nodes), num_samples * rule.max_nodes)
    store = RowStore(most, num_baselines * num_cells)
    while waiting or active:
        for sample in _let_in(waiting, active, rows_allowed, rule):
            active[sample] = PathIntegral(num_cells, store, num_baselines)
        _evaluate_round(evaluate, _plan_round(active, rows_allowed, rule), active, rule)
        for sample, path in list(active.items()):
            if _is_done(path, rule):
                del active[sample]
                yield sample, path
                path.let_go()


def _let_in(
    waiting: list[int], active: dict[int, PathIntegral], rows_allowed: int, rule: PathRule
) -> list[int]:
    """As many samples as there is memory for, at least one; they wait no longer."""
    chosen = [waiting.pop()] if waiting and not active else []
    room = _room(active, rows_allowed, rule)
    needed = len(PATH_ALPHAS) + _ROWS_BESIDE
    while waiting and room >= needed:
        chosen.append(waiting.pop())
        room -= needed
    return chosen


def _is_done(path: PathIntegral, rule: PathRule) -> bool:
    """Whether an integral is done, with the attributions that are handed out."""
    if path.num_nodes == 0 or not rule.is_done(path):
        return False
    path.correct()
    return rule.is_done(path)


def _plan_round(
    active: dict[int, PathIntegral], rows_allowed: int, rule: PathRule
) -> list[tuple[int, Float64Array]]:
    """Where gradients of which samples are computed next; some may have to wait for memory.

    The oldest sample never waits: the others leave room for all that it may come to hold.
    """
    planned: list[tuple[int, Float64Array]] = []
    room = _room(active, rows_allowed, rule)
    for place, (sample, path) in enumerate(active.items()):
        alphas = path.next_alphas(rule.max_nodes)
        if place == 0:
            planned.append((sample, alphas))
        elif len(alphas) <= room:
            planned.append((sample, alphas))
            room -= len(alphas)
    return planned


def _room(active: dict[int, PathIntegral], rows_allowed: int, rule: PathRule) -> int:
    """Rows that may be added, if the oldest sample is to have all that it may come to hold."""
    held = sum(path.num_nodes + _ROWS_BESIDE for path in list(active.values())[1:])
    return rows_allowed - held - rule.max_nodes - _ROWS_BESIDE


def _evaluate_round(
    evaluate: Evaluate,
    planned: list[tuple[int, Float64Array]],
    active: dict[int, PathIntegral],
    rule: PathRule,
) -> None:
    samples = np.repeat([sample for sample, _ in planned], [len(each) for _, each in planned])
    alphas = np.concatenate([each for _, each in planned])
    for start in range(0, len(samples), rule.rows_per_call):
        rows = slice(start, start + rule.rows_per_call)
        outputs, integrands = evaluate(samples[rows], alphas[rows])
        of_call = samples[rows]
        ends = [0, *(np.flatnonzero(np.diff(of_call)) + 1).tolist(), len(of_call)]
        for first, last in itertools.pairwise(ends):
            path = active[int(of_call[first])]
            path.give(alphas[rows][first:last], outputs[first:last], integrands[first:last])
    for sample, _ in planned:
        active[sample].settle()
