"""A model without a graph has templates where it adds up for all that is tried, and never "exact".

What is tried says how far the claim goes: inputs of sizes from 0.1 to 1,000, and samples.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import keras
import numpy as np
import pytest
from keras import layers, ops

from tb_nnviz import weight_templates
from tb_nnviz.analysis.template_choice import choose_units
from tb_nnviz.analysis.template_planning import plan_templates
from tb_nnviz.analysis.template_tiles import TemplateOptions
from tb_nnviz.model import backends
from tb_nnviz.model.linear.without_graph import TRIED_NOTE
from tb_nnviz.model.linearization import NotLinearError, find_candidates
from tb_nnviz.model.sample_reading import read_panel
from tests.model.linear_models import explained, randomize

FEATURES = 8


class Own(keras.Model):
    """Two Dense layers with code of its own between or around them."""

    def __init__(self, code: Callable[[Any, Any, Any], Any]) -> None:
        super().__init__()
        self.first = layers.Dense(6)
        self.second = layers.Dense(3)
        self.code = code

    def call(self, inputs: Any) -> Any:
        return self.code(inputs, self.first, self.second)


def built(code: Callable[[Any, Any, Any], Any]) -> Any:
    model = Own(code)
    model.first.build((None, FEATURES))
    model.second.build((None, 6))
    model(np.zeros((1, FEATURES), np.float32))
    return randomize(model)


NOT_LINEAR: dict[str, Callable[[Any, Any, Any], Any]] = {
    "sigmoid of small values": lambda x, a, b: b(ops.sigmoid(a(x / 255.0))),
    "GELU of small values": lambda x, a, b: b(ops.gelu(a(x / 255.0))),
    "softmax of small values": lambda x, a, b: ops.softmax(b(a(x / 255.0))),
    "a bend far below zero": lambda x, a, b: b(a(ops.relu(x + 200.0) - 200.0)),
    "a limit far off": lambda x, a, b: b(a(ops.clip(x, -1000.0, 1000.0))),
    "a choice by the mean of a batch": lambda x, a, b: b(
        ops.where(ops.mean(x) > 100.0, a(x), -a(x))
    ),
    "a choice by each sample": lambda x, a, b: b(
        ops.where(ops.mean(x, axis=-1, keepdims=True) > 100.0, a(x), -a(x))
    ),
    "the mean of a batch": lambda x, a, b: b(a(x - ops.mean(x, axis=0, keepdims=True))),
    "a large offset hides it": lambda x, a, b: b(a(x) + ops.relu(x[:, :6])) + 100.0,
}


@pytest.mark.parametrize("name", NOT_LINEAR)
def test_code_that_bends_at_any_usual_size_of_inputs_is_refused(name: str) -> None:
    with pytest.raises(NotLinearError, match="Own, a subclassed model, is not linear by trial"):
        weight_templates(built(NOT_LINEAR[name]))


def test_a_trial_is_never_called_exact() -> None:
    model = built(lambda x, a, b: b(a(x / 255.0 - 0.5)) * 2.0 + 1000.0)
    x = np.random.default_rng(0).uniform(0, 255, size=(5, FEATURES)).astype(np.float32)
    result = weight_templates(model)
    assert result.notes == (TRIED_NOTE,)
    assert not result.exact
    assert np.allclose(explained(result, x), ops.convert_to_numpy(model(x)), atol=1e-2)


def test_samples_of_the_panel_are_tried_too() -> None:
    # A bend that random inputs of up to some thousands do not reach.
    model = built(lambda x, a, b: b(a(x + ops.relu(-x - 1e5))))
    far = np.full((4, FEATURES), -2e5, np.float32)
    kept = plan_templates(
        model, None, TemplateOptions(), read_panel(far / 1e5, limit=4, class_names=None)
    )
    refused = plan_templates(
        model, None, TemplateOptions(), read_panel(far, limit=4, class_names=None)
    )
    assert "templates/dense_1" in kept.tags
    assert refused.planned == ()
    assert ["is not linear by trial" in notice.message for notice in refused.notices] == [True]


def deep(num_layers: int) -> Any:
    chain = [layers.Conv2D(4, 3, padding="same", activation="relu") for _ in range(num_layers)]

    class Deep(keras.Model):
        def __init__(self) -> None:
            super().__init__()
            self.chain = chain
            self.pool = layers.GlobalAveragePooling2D()
            self.scores = layers.Dense(3, "softmax")

        def call(self, inputs: Any) -> Any:
            for layer in self.chain:
                inputs = layer(inputs)
            return self.scores(self.pool(inputs))

    model = Deep()
    model(np.zeros((1, 6, 6, 2), np.float32))
    return model


def test_all_layers_of_a_model_are_found_by_running_it_once_and_tried_in_one_go(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    traced: list[Any] = []
    model = deep(12)
    backend = backends.load_backend()
    original = backend.compile

    def compile_and_count(_self: Any, function: Any, specs: Any, variables: Any) -> Any:
        traced.append(function)
        return original(function, specs, variables)

    monkeypatch.setattr(type(backend), "compile", compile_and_count)
    candidates = find_candidates(model, None, input_shape=(6, 6, 2))
    assert len(candidates) == 13
    assert all(one.units is not None for one in candidates)
    assert len(traced) == 1
    plan_templates(
        model,
        None,
        TemplateOptions(),
        read_panel(np.zeros((2, 6, 6, 2)), limit=2, class_names=None),
    )
    assert len(traced) == 3


def test_what_is_traced_is_bounded_and_what_is_left_out_is_said() -> None:
    candidates = find_candidates(deep(30), None, input_shape=(6, 6, 2))
    # The scores come free; then 1 + 2 + … + 19 operations are 190, and 20 more were too many.
    chosen, notices = choose_units(candidates, 512, lambda _: 1, is_bounded=True)
    assert len(chosen) == 1 + 19
    assert ["200 operations" in notice.message for notice in notices] == [True]
    every, said = choose_units(candidates, 512, lambda _: 1, is_bounded=False)
    assert (len(every), said) == (31, ())


def test_a_layer_within_a_branch_leaves_the_others_their_templates() -> None:
    def code(x: Any, first: Any, second: Any) -> Any:
        hidden = first(x)
        return ops.cond(ops.sum(hidden) > 0, lambda: second(hidden), lambda: -second(hidden))

    by_key = {one.key: one for one in find_candidates(built(code), None, input_shape=(FEATURES,))}
    assert by_key["dense"].units is not None
    assert by_key["dense_1"].units is None
    assert by_key["dense_1"].cause == (
        "it is called within a branch or loop, which is not looked into"
    )


def test_a_second_call_and_the_own_activation_are_told_apart() -> None:
    class Twice(keras.Model):
        def __init__(self) -> None:
            super().__init__()
            self.dense = layers.Dense(FEATURES, "tanh")

        def call(self, inputs: Any) -> Any:
            return self.dense(self.dense(inputs))

    model = Twice()
    model(np.zeros((1, FEATURES), np.float32))
    randomize(model)
    kernel = ops.convert_to_numpy(model.dense.kernel)
    once, twice = weight_templates(model, "dense"), weight_templates(model)
    assert np.allclose(once.templates, kernel.T, atol=1e-5)
    assert np.allclose(twice.templates, (kernel @ kernel).T, atol=1e-4)
    assert once.notes == (TRIED_NOTE, "before tanh")
    assert (twice.layer, twice.notes) == ("dense#2", ("ignores 1 tanh", TRIED_NOTE, "before tanh"))
    with pytest.raises(ValueError, match="calls it 2 times"):
        weight_templates(model, "dense#3")


def test_the_gate_leaves_the_own_activation_of_a_subclassed_model_aside() -> None:
    model = built(lambda x, a, b: b(a(x)))
    model.second.activation = keras.activations.softmax
    x = np.random.default_rng(0).normal(size=(4, FEATURES)).astype(np.float32)
    gated = weight_templates(model, gate="samples", samples=x)
    assert gated.notes == ("mean Jacobian over 4 samples", "before softmax")
    assert np.allclose(gated.templates, weight_templates(model).templates, atol=1e-5)
