"""Receptive fields from shapes hold all that a unit can see, and no more where that is known."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import keras
import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from keras import layers

from tb_nnviz.model.linear.graph import read_graph
from tb_nnviz.model.linear.jacobian import make_jacobian
from tb_nnviz.model.linear.path import trace_units
from tb_nnviz.model.linear.receptive_field import find_receptive_fields
from tests.model.linear_models import functional

EXACT: dict[str, Callable[[], Any]] = {
    "valid": lambda: layers.Conv2D(2, 3),
    "same": lambda: layers.Conv2D(2, 4, padding="same"),
    "strided": lambda: layers.Conv2D(2, 3, strides=2, padding="same"),
    "dilated": lambda: layers.Conv2D(2, 2, dilation_rate=2),
    "oblong": lambda: layers.Conv2D(2, (1, 4), strides=(2, 1), padding="same"),
    "depthwise": lambda: layers.DepthwiseConv2D(3),
    "separable": lambda: layers.SeparableConv2D(2, 3, padding="same"),
    "average": lambda: layers.AveragePooling2D(2),
    "maximum": lambda: layers.MaxPooling2D(3, 2, padding="same"),
    "padding": lambda: layers.ZeroPadding2D(((1, 2), (0, 1))),
    "cropping": lambda: layers.Cropping2D(((1, 0), (0, 1))),
    "nearest": lambda: layers.UpSampling2D(2),
    "normalized": layers.BatchNormalization,
    "dense": lambda: layers.Dense(3),
}
WIDER: dict[str, Callable[[], Any]] = {
    "bilinear": lambda: layers.UpSampling2D(2, interpolation="bilinear"),
    "transposed": lambda: layers.Conv2DTranspose(2, 3, strides=2),
    "transposed, same": lambda: layers.Conv2DTranspose(2, 4, strides=2, padding="same"),
}


def make_positive(model: Any) -> Any:
    """Weights that never cancel one another, so that whatever is seen shows."""
    rng = np.random.default_rng(0)
    for variable in model.variables:
        variable.assign(rng.uniform(0.5, 1, size=tuple(variable.shape)))
    return model


def fields_and_support(model: Any) -> tuple[list[slice], list[slice]]:
    """What the rule says, and where the Jacobian of positive weights is not zero."""
    graph = read_graph(make_positive(model))
    assert graph is not None
    path = trace_units(graph, graph.steps[-1])
    (gradients,), _ = make_jacobian(path, model.variables).at_zero(range(path.num_units))
    seen = [np.flatnonzero(gradients.any(axis=(0, *others))) for others in ((2, 3), (1, 3))]
    support = [slice(int(one[0]), int(one[-1]) + 1) for one in seen if len(one)]
    return list(find_receptive_fields(path)[0][:2]), support


@settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(st.lists(st.sampled_from(sorted(EXACT)), min_size=1, max_size=4), st.integers(13, 17))
def test_the_field_of_any_stack_is_where_its_jacobian_is_not_zero(
    names: list[str], height: int
) -> None:
    try:
        model = functional((height, 16, 2), *(EXACT[name]() for name in names))()
    except ValueError:  # windows beyond the picture, which Keras refuses
        return
    field, support = fields_and_support(model)
    gaps = {"strided", "oblong", "cropping", "dilated", "padding", "nearest"}
    assert len(support) in (0, 2)  # a centre in the padding sees nothing
    for said, seen in zip(field, support, strict=False):
        assert said.start <= seen.start
        assert said.stop >= seen.stop
        # Strides beyond a window, and rows that are repeated, may leave the edges of a field out.
        if not gaps & set(names):
            assert said == seen


@pytest.mark.parametrize("name", WIDER)
def test_the_field_holds_all_that_is_seen_where_the_rule_allows_for_more(name: str) -> None:
    for steps in ([WIDER[name]()], [layers.Conv2D(2, 3), WIDER[name](), layers.Conv2D(2, 2)]):
        field, support = fields_and_support(functional((9, 12, 2), *steps)())
        for said, seen, size in zip(field, support, (9, 12), strict=True):
            assert said.start <= seen.start
            assert said.stop >= seen.stop
            assert said.stop - said.start < size


def test_branches_are_joined_and_what_has_no_rule_sees_everything() -> None:
    inputs = layers.Input((11, 11, 1))
    left, right = (
        layers.Conv2D(2, 3, padding="same")(inputs),
        layers.Conv2D(2, 5, padding="same")(inputs),
    )
    joined = layers.Concatenate()([layers.Add()([left, right]), inputs])
    field, support = fields_and_support(keras.Model(inputs, layers.Conv2D(1, 1)(joined)))
    assert field == support == [slice(3, 8), slice(3, 8)]
    shuffled = layers.Permute((2, 1, 3))(inputs)
    field, _ = fields_and_support(keras.Model(inputs, layers.Conv2D(1, 1)(shuffled)))
    assert field == [slice(0, 11), slice(0, 11)]
