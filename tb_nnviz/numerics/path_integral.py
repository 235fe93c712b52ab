"""The integral of one sample's gradients along a straight path, refined where it is least known.

The attribution of cell i is the integral over alpha in [0, 1] of the integrand
(x_i - x'_i) dF/dx_i at x' + alpha (x - x') (Sundararajan et al. 2017, arXiv 1703.01365). Here it is
a sum over nodes that only grow: 17 even ones, then midpoints of the panels that contribute most to
the error, so that no gradient is thrown away. It is judged as the trapezoid rule's, and corrected
for curvature when it is done. From several baselines the mean over them is integrated. Knows
integrands as arrays; knows no model, and not who else is integrated.
"""

from __future__ import annotations

import math
from bisect import bisect_left

import numpy as np
from numpy.typing import NDArray

from tb_nnviz.numerics.path_errors import JudgedPath, PathErrors, judge_path
from tb_nnviz.numerics.path_weights import compute_path_weights, compute_trapezoid_weights
from tb_nnviz.numerics.row_store import RowStore

Float64Array = NDArray[np.float64]

# The nodes of the first round, ends included.
PATH_ALPHAS: Float64Array = np.arange(17) / 16
PATH_ALPHAS.flags.writeable = False

# A round adds an eighth as many nodes as there are, but at least two. With a quarter and four, a
# tenth more gradients were computed before it was seen that they were not needed.
_LEAST_REFINEMENT = 2
_REFINED_SHARE = 8
# Narrower panels are not halved: points on both sides would be the same in float32.
_LEAST_WIDTH = 2.0**-20
# Sums of squares in float32 below this may have lost terms, and above one over it be infinite.
_LEAST_SQUARE = 1e-24
# Cells of several nodes that are looked at together, so that temporaries stay small.
_CELLS_AT_ONCE = 1 << 20


class PathIntegral:
    """One sample's nodes, in order, with what F and the integrand are there.

    Args:
        num_cells: of the integrand.
        store: keeps the integrand, in rows of ``num_baselines * num_cells``.
        num_baselines: how many paths lead to the sample; F and the integrand are means over them.
    """

    def __init__(self, num_cells: int, store: RowStore, num_baselines: int = 1) -> None:
        self._num_baselines = num_baselines
        self._store = store
        self._alphas: list[float] = []
        self._outputs: list[float] = []
        self._places: list[int] = []
        self._integrand_sums: list[float] = []
        self._squared_jumps: list[float] = []
        self._total = np.zeros(num_baselines * num_cells)
        self._corrected: Float64Array | None = None
        self._weights: Float64Array | None = None
        self._judged: JudgedPath | None = None
        self._arrived: list[tuple[Float64Array, Float64Array, list[int]]] = []

    @property
    def num_nodes(self) -> int:
        """At how many places it knows the integrand."""
        return len(self._alphas)

    @property
    def num_evaluations(self) -> int:
        """How many gradients it was given."""
        return self._num_baselines * len(self._alphas)

    @property
    def attributions(self) -> Float64Array:
        """``(cells,)``."""
        if self._num_baselines == 1:
            only: Float64Array = self.by_baseline[0]
            return only
        mean: Float64Array = self.by_baseline.mean(axis=0)
        return mean

    @property
    def by_baseline(self) -> Float64Array:
        """``(baselines, cells)``."""
        total = self._total if self._corrected is None else self._corrected
        return total.reshape(self._num_baselines, -1)

    @property
    def output_at_baseline(self) -> float:
        """F(x')."""
        return self._outputs[0]

    @property
    def output_at_input(self) -> float:
        """F(x)."""
        return self._outputs[-1]

    @property
    def path_outputs(self) -> Float64Array:
        """``(17,)`` F at `PATH_ALPHAS`."""
        return np.array([self._outputs[self._place(alpha)] for alpha in PATH_ALPHAS])

    @property
    def has_gradient(self) -> bool:
        """Whether any cell of the integrand is other than 0 at any node."""
        return any(self._squared_jumps) or bool(self._total.any())

    @property
    def is_finite(self) -> bool:
        """Whether neither F nor an integrand was NaN or infinite."""
        return all(map(math.isfinite, self._outputs)) and all(
            map(math.isfinite, self._integrand_sums)
        )

    @property
    def errors(self) -> PathErrors:
        """What is known of the error now."""
        return self._judge().errors

    def integrand_at(self, alpha: float) -> NDArray[np.float32]:
        """``(cells,)`` (x - x') dF/dx at a node.

        Args:
            alpha: of `PATH_ALPHAS`, or any other node.
        """
        row = self._store.take([self._places[self._place(alpha)]])
        mean: NDArray[np.float32] = self._mean(row)[0]
        return mean

    def next_alphas(self, max_nodes: int) -> Float64Array:
        """Where gradients are wanted next: midpoints of the panels that are least known.

        Args:
            max_nodes: how many there may be in all.

        Returns:
            Increasing; at first `PATH_ALPHAS`, whatever the limit.
        """
        if not self._alphas:
            return PATH_ALPHAS
        nodes = len(self._alphas)
        wanted = max(_LEAST_REFINEMENT, nodes // _REFINED_SHARE)
        count = max(0, min(wanted, nodes - 1, max_nodes - nodes))
        worst = np.argsort(-self._judge().squared_errors, kind="stable")
        worst = worst[np.diff(self._alphas)[worst] > _LEAST_WIDTH][:count]
        return np.array(
            [(self._alphas[panel] + self._alphas[panel + 1]) / 2 for panel in sorted(worst)]
        )

    def give(
        self, alphas: Float64Array, outputs: Float64Array, integrands: NDArray[np.float32]
    ) -> None:
        """Takes some of what `next_alphas` asked for; `settle` makes use of it.

        Args:
            alphas: ``(nodes,)`` increasing, and beyond those given since the last `settle`.
            outputs: ``(nodes,)`` F there.
            integrands: ``(nodes, baselines * cells)`` (x - x') dF/dx there.
        """
        self._arrived.append((alphas, outputs, self._store.keep(integrands)))

    def let_go(self) -> None:
        """Gives the rows of the integrand back; only `integrand_at` asks for them."""
        self._store.release(self._places)
        self._places = []

    def settle(self) -> None:
        """Takes into account all that was given."""
        with np.errstate(invalid="ignore", over="ignore"):
            for alphas, outputs, places in self._arrived:
                if self._alphas and alphas[0] < self._alphas[-1]:
                    self._refine(alphas, outputs, places)
                else:
                    self._append(alphas, outputs, places)
        self._arrived = []
        self._corrected = self._weights = self._judged = None

    def correct(self) -> None:
        """Brings the attributions from the trapezoid rule to `compute_path_weights`.

        That looks at all rows once more, so it is for an integral that is done.
        """
        if self._corrected is not None:
            return
        weights, corrections = _FIRST_WEIGHTS
        if len(self._alphas) > len(PATH_ALPHAS):
            weights, corrections = _weights_and_corrections(np.array(self._alphas))
        corrected = self._total.copy()
        used = np.flatnonzero(corrections)
        with np.errstate(invalid="ignore", over="ignore"):
            for chosen in self._in_pieces(len(used)):
                rows = self._store.take([self._places[node] for node in used[chosen]])
                corrected += np.einsum("n,nc->c", corrections[used[chosen]], rows)
        self._corrected, self._weights, self._judged = corrected, weights, None

    def _append(self, alphas: Float64Array, outputs: Float64Array, places: list[int]) -> None:
        """Adds nodes beyond the last one, as in the first round."""
        last = len(self._places[-1:])
        rows = [*self._places[-1:], *places]
        weights = compute_trapezoid_weights(np.array([*self._alphas[-1:], *alphas]))
        # With the row before, to which the first one is compared.
        for chosen in self._in_pieces(len(rows)):
            start = max(0, chosen.start - 1)
            values = self._store.take(rows[start : chosen.stop])
            own = values[chosen.start - start :]
            self._total += np.einsum("n,nc->c", weights[chosen], own)
            is_new = own if chosen.start >= last else own[last:]
            self._integrand_sums += self._sums(is_new)
            self._squared_jumps += self._squared_norms(values[1:] - values[:-1])
        self._alphas += alphas.tolist()
        self._outputs += outputs.tolist()
        self._places += places

    def _refine(self, alphas: Float64Array, outputs: Float64Array, places: list[int]) -> None:
        """Adds midpoints of panels, no two of one panel."""
        panels = [bisect_left(self._alphas, alpha) - 1 for alpha in alphas]
        sums: list[float] = []
        jumps: list[tuple[float, float]] = []
        for chosen in self._in_pieces(len(panels)):
            middle = self._store.take(places[chosen])
            sums += self._sums(middle)
            of_panels = panels[chosen]
            before = middle - self._store.take([self._places[panel] for panel in of_panels])
            after = self._store.take([self._places[panel + 1] for panel in of_panels]) - middle
            jumps += zip(self._squared_norms(before), self._squared_norms(after), strict=True)
            widths = [self._alphas[panel + 1] - self._alphas[panel] for panel in of_panels]
            # h/2 m + h/4 (l + r) instead of h/2 (l + r), which is h/4 (2m - l - r) more.
            before -= after
            self._total += np.einsum("n,nc->c", np.array(widths) / 4, before)
        for place in reversed(range(len(panels))):  # later nodes first: earlier places stay
            panel = panels[place]
            self._alphas.insert(panel + 1, float(alphas[place]))
            self._outputs.insert(panel + 1, float(outputs[place]))
            self._places.insert(panel + 1, places[place])
            self._integrand_sums.insert(panel + 1, sums[place])
            self._squared_jumps[panel : panel + 1] = jumps[place]

    def _judge(self) -> JudgedPath:
        """What is known of the error, once for all nodes that there are."""
        if self._judged is None:
            self._judged = judge_path(
                np.array(self._alphas),
                np.array(self._outputs),
                np.array(self._integrand_sums),
                np.array(self._squared_jumps),
                self.attributions,
                self._weights,
            )
        return self._judged

    def _in_pieces(self, count: int) -> list[slice]:
        size = max(1, _CELLS_AT_ONCE // max(1, len(self._total)))
        return [slice(start, min(start + size, count)) for start in range(0, count, size)]

    def _mean(self, rows: NDArray[np.float32]) -> NDArray[np.float32]:
        """``(nodes, cells)`` of ``(nodes, baselines * cells)``."""
        if self._num_baselines == 1:
            return rows
        shape = (len(rows), self._num_baselines, len(self._total) // self._num_baselines)
        means: NDArray[np.float32] = rows.reshape(shape).mean(axis=1)
        return means

    def _sums(self, rows: NDArray[np.float32]) -> list[float]:
        """Of the mean over baselines, over its cells, in float64."""
        sums: list[float] = (rows.sum(axis=1, dtype=np.float64) / self._num_baselines).tolist()
        return sums

    def _squared_norms(self, rows: NDArray[np.float32]) -> list[float]:
        """In float32, which is fast, and exact enough to judge errors by, where squares fit it."""
        means = self._mean(rows)
        squared = np.einsum("nc,nc->n", means, means)
        if not np.all((squared > _LEAST_SQUARE) & (squared < 1 / _LEAST_SQUARE)):
            squared = np.einsum("nc,nc->n", means, means, dtype=np.float64)
        found: list[float] = squared.tolist()
        return found

    def _place(self, alpha: float) -> int:
        place = bisect_left(self._alphas, alpha)
        if place == len(self._alphas) or self._alphas[place] != alpha:
            raise ValueError(
                f"There is no node at alpha {alpha}; there are {len(self._alphas)}, at multiples "
                f"of 1/{len(PATH_ALPHAS) - 1} and between some of them."
            )
        return place


def _weights_and_corrections(alphas: Float64Array) -> tuple[Float64Array, Float64Array]:
    """The weights of nodes, and what they are beyond those of the trapezoid rule."""
    weights = compute_path_weights(alphas)
    return weights, weights - compute_trapezoid_weights(alphas)


# Of most samples, once.
_FIRST_WEIGHTS = _weights_and_corrections(PATH_ALPHAS)
