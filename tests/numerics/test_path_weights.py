"""Weights of uneven nodes: what they sum to, and which polynomials they integrate."""

from __future__ import annotations

from fractions import Fraction
from itertools import pairwise

import hypothesis
import numpy as np
import pytest
from hypothesis import strategies as st
from numpy.typing import NDArray

from tb_nnviz.numerics.path_weights import compute_path_weights, compute_trapezoid_weights

Float64 = NDArray[np.float64]


@st.composite
def uneven_nodes(draw: st.DrawFn) -> Float64:
    """Dyadic places from 0 to 1 of any distances."""
    inner = draw(st.lists(st.integers(1, 1023), min_size=0, max_size=40, unique=True))
    return np.array([0, *sorted(inner), 1024]) / 1024


@st.composite
def bisected_nodes(draw: st.DrawFn) -> Float64:
    """17 even nodes, and halves of some panels, no panel more than twice as wide as the next."""
    nodes = [Fraction(place, 16) for place in range(17)]
    for choice in draw(st.lists(st.integers(0, 1000), max_size=30)):
        widths = [right - left for left, right in pairwise(nodes)]
        panel = choice % len(widths)
        beside = widths[max(0, panel - 1) : panel + 2]
        if max(beside) <= widths[panel]:
            nodes.insert(panel + 1, (nodes[panel] + nodes[panel + 1]) / 2)
    return np.array([float(node) for node in nodes])


def integrate(weights: Float64, alphas: Float64, degree: int) -> float:
    total = sum(
        Fraction(float(weight)) * Fraction(float(alpha)) ** degree
        for weight, alpha in zip(weights, alphas, strict=True)
    )
    return float(total - Fraction(1, degree + 1))


@hypothesis.given(st.one_of(uneven_nodes(), bisected_nodes()))
def test_weights_sum_to_one_on_any_nodes(alphas: Float64) -> None:
    # Trapezoids of dyadic nodes are exact. What is corrected takes some roundings of 2**-53 of a
    # weight below 1 at each of at most 47 nodes.
    assert integrate(compute_trapezoid_weights(alphas), alphas, 0) == 0
    assert integrate(compute_path_weights(alphas), alphas, 0) == pytest.approx(0, abs=1e-14)


@hypothesis.given(st.one_of(uneven_nodes(), bisected_nodes()))
def test_polynomials_of_first_degree_are_integrated_on_any_nodes(alphas: Float64) -> None:
    assert integrate(compute_trapezoid_weights(alphas), alphas, 1) == 0
    assert integrate(compute_path_weights(alphas), alphas, 1) == pytest.approx(0, abs=1e-14)


@pytest.mark.parametrize("num_nodes", [3, 5, 17, 33])
def test_polynomials_of_second_degree_are_integrated_on_even_nodes(num_nodes: int) -> None:
    alphas = np.linspace(0, 1, num_nodes)
    assert compute_path_weights(alphas) @ alphas**2 == pytest.approx(1 / 3, abs=1e-14)


@hypothesis.given(bisected_nodes())
def test_polynomials_of_second_degree_are_closer_than_the_trapezoid_rule_has_them(
    alphas: Float64,
) -> None:
    corrected = integrate(compute_path_weights(alphas), alphas, 2)
    assert -1e-14 <= corrected < integrate(compute_trapezoid_weights(alphas), alphas, 2)


def test_even_nodes_have_the_weights_of_gregorys_rule_of_second_order() -> None:
    # Gregory (1670): h · (3/8, 7/6, 23/24, 1, …, 1, 23/24, 7/6, 3/8).
    weights = 16 * compute_path_weights(np.arange(17) / 16)
    expected = np.ones(17)
    expected[:3] = expected[:-4:-1] = 3 / 8, 7 / 6, 23 / 24
    np.testing.assert_allclose(weights, expected, rtol=1e-13)


def test_the_trapezoid_rule_misses_the_second_degree_by_a_sixth_of_the_width_squared() -> None:
    weights = compute_trapezoid_weights(np.arange(17) / 16)
    assert integrate(weights, np.arange(17) / 16, 2) == pytest.approx((1 / 16) ** 2 / 6)


@hypothesis.given(uneven_nodes())
def test_every_weight_is_positive_so_that_no_error_of_a_value_is_blown_up(alphas: Float64) -> None:
    assert (compute_path_weights(alphas) > 0).all()


def test_two_nodes_have_the_trapezoid_rule() -> None:
    assert compute_path_weights(np.array([0.0, 1.0])).tolist() == [0.5, 0.5]
