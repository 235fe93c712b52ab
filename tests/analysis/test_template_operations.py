"""What is linear in one tensor and keeps samples apart is kept; what is not is refused by name."""

from __future__ import annotations

from typing import Any

import keras
import numpy as np
import pytest
from keras import layers, ops

from tb_nnviz import weight_templates
from tb_nnviz.model.linearization import NotLinearError
from tests.model.linear_models import explained, functional, randomize

MATRIX = np.random.default_rng(1).normal(size=(6, 5)).astype(np.float32)
WEIGHTS = np.array([1, 2, 3, 4], np.float32)

KEPT: dict[str, Any] = {
    "matmul": lambda x: ops.matmul(x, MATRIX),
    "dot": lambda x: ops.dot(x, MATRIX),
    "einsum": lambda x: ops.einsum("bij,jk->bik", x, MATRIX),
    "einsum, constant first": lambda x: ops.einsum("jk,bij->bki", MATRIX, x),
    "einsum, any axes": lambda x: ops.einsum("...j,jk->...k", x, MATRIX),
    "tensordot": lambda x: ops.tensordot(x, MATRIX, axes=1),
    "tensordot, named axes": lambda x: ops.tensordot(x, MATRIX, axes=[[2], [0]]),
    "split": lambda x: ops.subtract(*ops.split(x, 2, axis=-1)),
    "average": lambda x: ops.average(x, axis=1),
    "average, weighted": lambda x: ops.average(x, axis=1, weights=WEIGHTS),
    "new axis": lambda x: x[:, None, 1:],
    "new axis from the end": lambda x: x[..., None, ::2],
}
REFUSED: dict[str, tuple[Any, str]] = {
    "two tensors": (lambda x: ops.matmul(x, ops.transpose(x, (0, 2, 1))), "one another"),
    "constant from the left": (lambda x: ops.matmul(MATRIX[:4, :4], x), "keep the axis of samples"),
    "einsum of two": (lambda x: ops.einsum("bij,bij->bi", x, x), "one another"),
    "einsum over samples": (lambda x: ops.einsum("bij,jk->ik", x, MATRIX), "keep the axis"),
    "tensordot over samples": (
        lambda x: ops.tensordot(x, MATRIX, axes=[[0], [0]]),
        "keep the axis of samples",
    ),
    "split samples": (lambda x: ops.add(*ops.split(x, 2, axis=0)), "keep the axis of samples"),
    "average of samples": (lambda x: x + ops.average(x), "keep the axis of samples"),
    "weights that are tensors": (
        lambda x: ops.average(x, axis=1, weights=x),
        "one another",
    ),
    "one sample": (lambda x: x[0, ...], "keep the axis of samples"),
    "joined samples": (lambda x: layers.Concatenate(axis=-3)([x, x]), "it joins samples"),
    "joined vectors of samples": (
        lambda x: layers.Concatenate(axis=-2)([layers.Flatten()(x)] * 2),
        r"'concatenate' \(Concatenate\): it joins samples",
    ),
    "wrapper": (layers.TimeDistributed(layers.Dense(2)), r"\(TimeDistributed\)"),
}


@pytest.mark.parametrize("name", KEPT)
def test_an_operation_that_is_linear_in_one_tensor_is_kept(name: str) -> None:
    model = randomize(functional((4, 6), KEPT[name], layers.Flatten(), layers.Dense(3))())
    x = np.random.default_rng(0).normal(size=(5, 4, 6)).astype(np.float32)
    result = weight_templates(model)
    assert result.exact
    outputs = model.predict(x, verbose=0)
    assert np.abs(explained(result, x) - outputs).max() <= 1e-5 * np.abs(outputs).max()


@pytest.mark.parametrize("name", REFUSED)
def test_an_operation_that_is_not_or_mixes_samples_is_refused(name: str) -> None:
    step, words = REFUSED[name]
    model = functional((4, 6), step, layers.Flatten())()
    with pytest.raises(NotLinearError, match=words):
        weight_templates(model)


def test_a_layer_that_is_called_with_a_second_tensor_is_refused() -> None:
    steps, mask = layers.Input((5, 3)), layers.Input((5,))
    pooled = layers.GlobalAveragePooling1D()(steps, mask=mask)
    softened = layers.Softmax()(steps, mask=layers.Reshape((5, 1))(mask))
    for tensor, name in ((pooled, "global_average_pooling1d"), (softened, "softmax")):
        model = keras.Model([steps, mask], layers.Dense(2)(tensor))
        with pytest.raises(NotLinearError, match=f"'{name}'.*called with a second tensor"):
            weight_templates(model)
    merged = layers.Average()([layers.Flatten()(steps), layers.Dense(15)(mask)])
    assert weight_templates(keras.Model([steps, mask], layers.Dense(2)(merged))).exact


def test_what_is_no_keras_model_says_what_is_accepted() -> None:
    for given, named in (("m", "'m'"), (layers.Dense(2), "'Dense'"), (None, "'NoneType'")):
        with pytest.raises(TypeError, match=f"must be a Keras model.*got {named}"):
            weight_templates(given)


def test_samples_in_a_dict_of_any_order_reach_the_inputs_of_their_names() -> None:
    left, right = layers.Input((4,), name="zeta"), layers.Input((4,), name="alpha")
    joined = layers.Concatenate()([layers.Dense(5, "relu")(left), layers.Dense(2)(right)])
    model = randomize(keras.Model([left, right], layers.Dense(3)(joined)))
    x, y = np.random.default_rng(0).normal(size=(2, 3, 4)).astype(np.float32)
    wanted = weight_templates(model, gate="samples", samples=[x, y])
    for samples in ({"zeta": x, "alpha": y}, {"alpha": y, "zeta": x}):
        found = weight_templates(model, gate="samples", samples=samples)
        for name in ("zeta", "alpha"):
            assert np.array_equal(found.templates[name], wanted.templates[name])


def test_only_units_of_the_output_that_the_classes_are_of_have_samples_of_their_class() -> None:
    inputs = layers.Input((6,))
    hidden = layers.Dense(8, "relu")(inputs)
    heads = [layers.Dense(n, "softmax", name=name)(hidden) for name, n in (("a", 5), ("b", 10))]
    model = randomize(keras.Model(inputs, heads))
    x = np.random.default_rng(0).normal(size=(50, 6)).astype(np.float32)
    first, second = np.arange(50) % 5, np.arange(50) % 10
    for targets in ({"a": first, "b": second}, [first, second]):
        by_class = weight_templates(model, "a", gate="samples", samples=(x, targets))
        of_all = weight_templates(model, "b", gate="samples", samples=(x, targets))
        assert by_class.notes[0] == "mean Jacobian over the 10 samples of each class"
        assert of_all.notes[0] == "mean Jacobian over 50 samples"
