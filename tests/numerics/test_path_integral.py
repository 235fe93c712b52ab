"""Integrals along paths, against closed forms and exact integrals.

Integrands are computed in float32, as a model gives them, and summed in float64: a relative error
of some 1e-7 is float32's own (2**-24 = 6e-8 a value, and sums of many average it).
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from itertools import pairwise
from typing import Any

import numpy as np
import pytest
from numpy.typing import NDArray

from tb_nnviz.numerics.path_integral import PATH_ALPHAS, PathIntegral
from tb_nnviz.numerics.path_integration import PathRule, integrate_paths
from tb_nnviz.numerics.row_store import RowStore

Float32 = NDArray[np.float32]
Float64 = NDArray[np.float64]
# Points ``(rows, cells)`` → F ``(rows,)`` and its gradients ``(rows, cells)``.
Function = Callable[[Float64], tuple[Float64, Float64]]

EXACT = 1e-6


def integrate_each(
    function: Function,
    inputs: Float64,
    baselines: Float64 | None = None,
    *,
    tolerance: float = 0.02,
    max_nodes: int = 257,
    rows_per_call: int = 32,
    max_bytes: int = 256_000_000,
) -> Iterator[tuple[int, PathIntegral]]:
    """The integrals of F from baselines to inputs, as they are done."""
    starts = np.zeros_like(inputs) if baselines is None else baselines
    differences = inputs - starts

    def evaluate(samples: NDArray[np.intp], alphas: Float64) -> tuple[Float64, Float32]:
        assert len(samples) <= rows_per_call
        outputs, gradients = function(starts[samples] + alphas[:, None] * differences[samples])
        return outputs, (gradients * differences[samples]).astype(np.float32)

    return integrate_paths(
        evaluate,
        num_samples=len(inputs),
        num_cells=inputs.shape[1],
        rule=PathRule(tolerance, max_nodes, rows_per_call, max_bytes),
    )


def integrate(
    function: Function, inputs: Float64, *rest: Any, **options: Any
) -> list[PathIntegral]:
    """Likewise, in the order of the samples."""
    found = dict(integrate_each(function, inputs, *rest, **options))
    assert sorted(found) == list(range(len(inputs)))
    return [found[sample] for sample in range(len(inputs))]


class ReluNetwork:
    """x → w₂·relu(W₁x + b₁), whose integral along a path is exact between its breakpoints."""

    def __init__(self, num_cells: int, num_hidden: int, seed: int) -> None:
        rng = np.random.default_rng(seed)
        self.first = rng.normal(0, 1 / np.sqrt(num_cells), (num_cells, num_hidden))
        self.bias = rng.normal(0, 0.3, num_hidden)
        self.second = rng.normal(0, 1, num_hidden)

    def __call__(self, points: Float64) -> tuple[Float64, Float64]:
        hidden = points @ self.first + self.bias
        return np.maximum(hidden, 0) @ self.second, ((hidden > 0) * self.second) @ self.first.T

    def attributions(self, start: Float64, end: Float64) -> Float64:
        """Exact: the gradient is constant between places where a hidden unit begins or ends."""
        at_start = start @ self.first + self.bias
        slope = (end - start) @ self.first
        with np.errstate(divide="ignore"):
            crossings = -at_start / slope
        ends = np.unique([0, 1, *crossings[(crossings > 0) & (crossings < 1)]])
        mean = np.zeros_like(start)
        for left, right in pairwise(ends):
            middle = start + (left + right) / 2 * (end - start)
            mean += (right - left) * self(middle[None])[1][0]
        return mean * (end - start)


def smooth(points: Float64) -> tuple[Float64, Float64]:
    """F = exp(Σ x / 4): all gradients are F / 4."""
    outputs = np.exp(points.sum(axis=1) / 4)
    return outputs, np.repeat(outputs[:, None] / 4, points.shape[1], axis=1)


def test_linear_functions_are_attributed_exactly() -> None:
    rng = np.random.default_rng(0)
    weights, inputs = rng.normal(size=40), rng.normal(size=(6, 40))
    paths = integrate(lambda x: (x @ weights + 3, np.tile(weights, (len(x), 1))), inputs)
    for path, x in zip(paths, inputs, strict=True):
        np.testing.assert_allclose(path.attributions, x * weights, atol=EXACT)
        assert path.num_evaluations == len(PATH_ALPHAS)
        assert path.errors.refinement < EXACT
        assert path.errors.completeness < EXACT


def test_squares_have_their_closed_form() -> None:
    # ∫₀¹ 2αx² dα = x²; the integrand is linear in α, for which the rule is exact.
    inputs = np.array([[1.0, -2.0, 0.5]])
    (path,) = integrate(lambda x: ((x**2).sum(axis=1), 2 * x), inputs)
    np.testing.assert_allclose(path.attributions, [1, 4, 0.25], atol=EXACT)


def test_products_have_their_closed_form() -> None:
    # F = x₀x₁: both get ∫₀¹ αx₀x₁ dα = x₀x₁ / 2.
    inputs = np.array([[3.0, -2.0], [0.5, 4.0]])
    paths = integrate(lambda x: (x[:, 0] * x[:, 1], x[:, ::-1]), inputs)
    np.testing.assert_allclose(
        [path.attributions for path in paths], [[-3, -3], [1, 1]], atol=EXACT
    )


def test_a_nonzero_baseline_has_its_closed_form() -> None:
    # F = x₀x₁ from (1, 1) to (3, 2): x₀ gets 2·∫(1 + α) dα = 3, x₁ gets 1·∫(1 + 2α) dα = 2.
    (path,) = integrate(
        lambda x: (x[:, 0] * x[:, 1], x[:, ::-1]), np.array([[3.0, 2.0]]), np.array([[1.0, 1.0]])
    )
    np.testing.assert_allclose(path.attributions, [3, 2], atol=EXACT)
    assert (path.output_at_baseline, path.output_at_input) == (1, 6)


def test_swapping_input_and_baseline_negates() -> None:
    network = ReluNetwork(20, 40, seed=1)
    rng = np.random.default_rng(2)
    ends, starts = rng.normal(size=(2, 5, 20))
    there, back = integrate(network, ends, starts), integrate(network, starts, ends)
    for one, other in zip(there, back, strict=True):
        # Nodes are refined at mirrored places, so that the rule is the same sum in another order.
        np.testing.assert_allclose(one.attributions, -other.attributions, atol=EXACT)


def test_an_unused_input_gets_zero() -> None:
    network = ReluNetwork(20, 40, seed=1)
    network.first[7] = 0
    for path in integrate(network, np.random.default_rng(3).normal(size=(4, 20))):
        assert path.attributions[7] == 0


@pytest.mark.parametrize("seed", range(3))
@pytest.mark.parametrize("tolerance", [0.05, 0.01])
def test_the_error_told_bounds_the_exact_one_of_a_small_relu_network(
    seed: int, tolerance: float
) -> None:
    network = ReluNetwork(30, 64, seed)
    inputs, starts = np.random.default_rng(10 + seed).normal(size=(2, 40, 30))
    bounded = []
    for path, x, start in zip(
        integrate(network, inputs, starts, tolerance=tolerance), inputs, starts, strict=True
    ):
        exact = network.attributions(start, x)
        error = np.linalg.norm(path.attributions - exact) / np.linalg.norm(exact)
        if path.errors.are_within(tolerance):
            bounded.append(error <= path.errors.refinement)
            # What is told is of the map's own norm, and bounds 95 % of samples; none is far off.
            assert error <= 1.5 * tolerance
    assert len(bounded) >= 36
    assert np.mean(bounded) >= 0.95


def test_more_evaluations_come_closer_to_the_exact_integral_of_a_relu_network() -> None:
    network = ReluNetwork(30, 64, seed=5)
    x, start = np.random.default_rng(6).normal(size=(2, 30))
    exact = network.attributions(start, x)
    errors = []
    for most in (17, 65, 257):
        (path,) = integrate(network, x[None], start[None], tolerance=1e-9, max_nodes=most)
        assert path.num_evaluations == most
        errors.append(np.linalg.norm(path.attributions - exact) / np.linalg.norm(exact))
    # Nodes gather where units begin and end, so the error falls faster than one over their number.
    assert errors[1] < errors[0] / 3
    assert errors[2] < errors[1] / 3


@pytest.mark.parametrize("rows_per_call", [1, 5, 17, 1000])
def test_how_many_rows_are_computed_at_once_changes_nothing(rows_per_call: int) -> None:
    network = ReluNetwork(30, 64, seed=5)
    inputs = np.random.default_rng(7).normal(size=(9, 30))
    expected = integrate(network, inputs, tolerance=0.005)
    found = integrate(network, inputs, tolerance=0.005, rows_per_call=rows_per_call)
    for one, other in zip(found, expected, strict=True):
        assert one.num_evaluations == other.num_evaluations
        np.testing.assert_allclose(one.attributions, other.attributions, rtol=0, atol=EXACT)


def test_memory_for_one_sample_only_changes_nothing() -> None:
    network = ReluNetwork(30, 64, seed=5)
    inputs = np.random.default_rng(7).normal(size=(9, 30))
    expected = integrate(network, inputs, tolerance=0.005)
    found = integrate(network, inputs, tolerance=0.005, max_bytes=1)
    for one, other in zip(found, expected, strict=True):
        np.testing.assert_allclose(one.attributions, other.attributions, rtol=0, atol=EXACT)


@pytest.mark.parametrize("max_nodes", [257 + 17 + 3 * 2, 600, 1000])
def test_gradients_in_flight_stay_within_their_bytes(max_nodes: int) -> None:
    num_cells, rows = 64, 8
    max_bytes = 4 * num_cells * max_nodes
    network = ReluNetwork(num_cells, 64, seed=5)
    inputs = np.random.default_rng(7).normal(size=(40, num_cells))
    held: dict[int, int] = {}
    peak = 0

    def evaluate(samples: NDArray[np.intp], alphas: Float64) -> tuple[Float64, Float32]:
        nonlocal peak
        for sample in samples.tolist():
            held[sample] = held.get(sample, 0) + 1
        peak = max(peak, sum(held.values()))
        outputs, gradients = network(alphas[:, None] * inputs[samples])
        return outputs, (gradients * inputs[samples]).astype(np.float32)

    # Nothing converges, so that every sample comes to hold all that it may.
    rule = PathRule(1e-9, 257, rows, max_bytes)
    for sample, path in integrate_paths(evaluate, num_samples=40, num_cells=num_cells, rule=rule):
        assert path.num_evaluations == 257
        del held[sample]
    assert 257 < peak <= max_nodes


def test_smooth_functions_take_few_gradients_and_are_more_exact_than_told() -> None:
    inputs = np.random.default_rng(8).uniform(0, 0.5, size=(6, 16))
    for path, x in zip(integrate(smooth, inputs), inputs, strict=True):
        # All cells share ∫₀¹ exp(αs/4)/4 dα = (exp(s/4) − 1)/s, s = Σx.
        exact = x * (np.exp(x.sum() / 4) - 1) / x.sum()
        error = np.linalg.norm(path.attributions - exact) / np.linalg.norm(exact)
        assert path.num_evaluations <= 40
        assert path.errors.refinement <= 0.02
        # Judged as the trapezoid rule's, which is of one degree less.
        assert error < path.errors.refinement / 4


def test_a_step_that_no_gradient_shows_is_told_by_the_sum() -> None:
    def with_step(points: Float64) -> tuple[Float64, Float64]:
        outputs, gradients = points.sum(axis=1), np.ones_like(points)
        return outputs + 2.0 * (outputs > 0.3), gradients

    (path,) = integrate(with_step, np.full((1, 4), 0.25), max_nodes=65)
    # The gradients see 1 of a change of 3: two thirds are missing.
    assert path.errors.completeness == pytest.approx(2 / 3, abs=1e-6)
    assert path.num_evaluations == 65


def test_a_function_without_gradient_is_left_after_the_first_nodes() -> None:
    (path,) = integrate(
        lambda x: ((x.sum(axis=1) > 1).astype(np.float64), np.zeros_like(x)), np.full((1, 4), 1.0)
    )
    assert path.num_evaluations == len(PATH_ALPHAS)
    assert not path.has_gradient
    assert path.errors.completeness == 1


def test_nothing_that_changes_is_nothing_to_be_wrong_about() -> None:
    (path,) = integrate(lambda x: (np.full(len(x), 5.0), np.zeros_like(x)), np.ones((1, 4)))
    assert (path.errors.completeness, path.errors.refinement) == (0, 0)
    assert path.errors.is_small_difference


def test_an_output_that_hardly_changes_is_flagged_and_still_integrated() -> None:
    # F = x₀² − x₁², equal at both ends: attributions are 1 and −1, and sum to 0.
    sign = np.array([1.0, -1.0])
    (path,) = integrate(lambda x: ((sign * x**2).sum(axis=1), 2 * sign * x), np.ones((1, 2)))
    np.testing.assert_allclose(path.attributions, [1, -1], atol=EXACT)
    assert path.errors.is_small_difference
    assert path.errors.are_within(0.02)


@pytest.mark.parametrize("bad", [np.nan, np.inf])
@pytest.mark.parametrize("what", ["output", "gradient"])
def test_values_that_are_not_finite_end_the_refinement_and_never_converge(
    bad: float, what: str
) -> None:
    def broken(points: Float64) -> tuple[Float64, Float64]:
        outputs, gradients = points.sum(axis=1), np.ones_like(points)
        if what == "output":
            outputs = np.where(outputs > 2, bad, outputs)
        else:
            gradients[outputs > 2, 0] = bad
        return outputs, gradients

    (path,) = integrate(broken, np.ones((1, 4)))
    assert path.num_evaluations == len(PATH_ALPHAS)
    assert not path.is_finite
    assert not path.errors.are_within(0.5)


def test_integrands_and_outputs_are_known_at_the_even_nodes() -> None:
    inputs = np.array([[1.0, -2.0, 0.5]])
    done = integrate_each(
        lambda x: ((x**3).sum(axis=1), 3 * x**2), inputs, tolerance=1e-4, max_nodes=129
    )
    for _, path in done:
        assert path.num_nodes > len(PATH_ALPHAS)
        np.testing.assert_allclose(
            path.path_outputs, PATH_ALPHAS**3 * (inputs**3).sum(), rtol=EXACT, atol=EXACT
        )
        for alpha in PATH_ALPHAS:
            np.testing.assert_allclose(
                path.integrand_at(alpha), 3 * alpha**2 * inputs[0] ** 3, rtol=EXACT, atol=EXACT
            )
        with pytest.raises(ValueError, match=r"no node at alpha 0\.3; .* at multiples of 1/16"):
            path.integrand_at(0.3)


@pytest.mark.parametrize("size", [1e-30, 1e-12, 1e12, 1e30])
def test_the_size_of_the_function_does_not_matter_to_its_relative_errors(size: float) -> None:
    network = ReluNetwork(20, 40, seed=1)
    inputs = np.random.default_rng(3).normal(size=(4, 20))

    def scaled(points: Float64) -> tuple[Float64, Float64]:
        outputs, gradients = network(points)
        return size * outputs, size * gradients

    for one, other in zip(integrate(network, inputs), integrate(scaled, inputs), strict=True):
        assert one.num_nodes == other.num_nodes
        # Judged by sums of squares in float32, or in float64 where these do not fit in it.
        assert other.errors.refinement == pytest.approx(one.errors.refinement, rel=1e-4)
        np.testing.assert_allclose(other.attributions, size * one.attributions, rtol=1e-5)


def test_the_mean_over_baselines_is_integrated_and_judged() -> None:
    network = ReluNetwork(20, 40, seed=1)
    rng = np.random.default_rng(4)
    inputs, starts = rng.normal(size=(3, 20)), rng.normal(size=(2, 3, 20))

    def evaluate(samples: NDArray[np.intp], alphas: Float64) -> tuple[Float64, Float32]:
        outputs, integrands = [], []
        for start in starts:
            away = inputs[samples] - start[samples]
            of_baseline, gradients = network(start[samples] + alphas[:, None] * away)
            outputs.append(of_baseline)
            integrands.append(gradients * away)
        return np.mean(outputs, axis=0), np.concatenate(integrands, axis=1).astype(np.float32)

    done = integrate_paths(
        evaluate, num_samples=3, num_cells=20, rule=PathRule(0.01, 257, 32), num_baselines=2
    )
    for sample, path in done:
        exact = np.stack([network.attributions(start[sample], inputs[sample]) for start in starts])
        mean = exact.mean(axis=0)
        away = np.linalg.norm(path.attributions - mean) / np.linalg.norm(mean)
        assert away <= path.errors.refinement <= 0.01
        assert path.num_evaluations == 2 * path.num_nodes
        np.testing.assert_allclose(path.by_baseline, exact, atol=0.05 * np.abs(exact).max())
        np.testing.assert_allclose(path.attributions, path.by_baseline.mean(axis=0), rtol=1e-12)


@pytest.mark.parametrize("num_baselines", [1, 3])
def test_pieces_of_one_row_give_what_whole_pieces_do(
    num_baselines: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    network = ReluNetwork(20, 40, seed=1)
    inputs = np.random.default_rng(4).normal(size=(3, 20))

    def evaluate(samples: NDArray[np.intp], alphas: Float64) -> tuple[Float64, Float32]:
        outputs, gradients = network(alphas[:, None] * inputs[samples])
        return outputs, np.tile(gradients * inputs[samples], num_baselines).astype(np.float32)

    def run() -> list[Float64]:
        rule = PathRule(0.01, 257, 32)
        done = integrate_paths(
            evaluate, num_samples=3, num_cells=20, rule=rule, num_baselines=num_baselines
        )
        return [path.attributions for _, path in sorted(done, key=lambda pair: pair[0])]

    whole = run()
    monkeypatch.setattr("tb_nnviz.numerics.path_integral._CELLS_AT_ONCE", 1)
    np.testing.assert_allclose(run(), whole, rtol=0, atol=EXACT)


def test_a_jump_is_not_halved_until_its_ends_are_one() -> None:
    def with_jump(points: Float64) -> tuple[Float64, Float64]:
        outputs = points.sum(axis=1)
        return outputs + 2.0 * (outputs > 0.3), np.ones_like(points) * (1 + (outputs > 0.3))[
            :, None
        ]

    (path,) = integrate(with_jump, np.full((1, 4), 0.25), max_nodes=5000)
    assert path.num_nodes == 5000
    assert np.isfinite(path.attributions).all()


def test_a_store_gives_rows_back_and_refuses_more_than_it_has_room_for() -> None:
    store = RowStore(3, 2)
    first = store.keep(np.array([[1, 2], [3, 4]], np.float32))
    store.release(first[:1])
    again = store.keep(np.array([[5, 6], [7, 8]], np.float32))
    np.testing.assert_array_equal(store.take([*first[1:], *again]), [[3, 4], [5, 6], [7, 8]])
    with pytest.raises(MemoryError, match="store of 3 rows is full"):
        store.keep(np.zeros((1, 2), np.float32))
