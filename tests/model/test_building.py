from __future__ import annotations

from typing import Any

import keras
import numpy as np
import pytest
from keras import layers

from tb_nnviz.model.building import build_model, check_sample, is_built, take_first_sample

X = np.arange(24, dtype=np.float32).reshape(4, 6)
Y = np.arange(4)


class Subclassed(keras.Model):
    def __init__(self) -> None:
        super().__init__()
        self.dropout = layers.Dropout(0.5)
        self.hidden = layers.Dense(5)
        self.head = layers.Dense(2)

    def call(self, inputs: Any, *, training: bool = False) -> Any:
        return self.head(self.hidden(self.dropout(inputs, training=training)))


class Batches(keras.utils.PyDataset):
    def __len__(self) -> int:
        return 2

    def __getitem__(self, index: int) -> Any:
        return X[2 * index :][:2], Y[2 * index :][:2]


def late_sequential() -> Any:
    return keras.Sequential([layers.Dense(5), layers.Dropout(0.5), layers.Dense(2)])


@pytest.mark.parametrize(
    "data",
    [
        X,
        (X, Y),
        (X, Y, np.ones(4)),
        keras.ops.convert_to_tensor(X),
        Batches(),
    ],
    ids=["array", "x and y", "with weights", "tensor", "PyDataset"],
)
def test_the_first_sample_has_a_batch_axis_of_one(data: Any) -> None:
    sample = take_first_sample(data)
    assert isinstance(sample, np.ndarray)
    np.testing.assert_array_equal(sample, X[:1])


@pytest.mark.parametrize("with_labels", [True, False])
def test_the_first_sample_of_a_tf_dataset_is_taken(with_labels: bool) -> None:
    import tensorflow as tf

    data = tf.data.Dataset.from_tensor_slices((X, Y) if with_labels else X).batch(2)
    np.testing.assert_array_equal(take_first_sample(data), X[:1])


def test_lists_and_dicts_are_kept_as_such() -> None:
    listed = take_first_sample([X, X + 1])
    assert [array.tolist() for array in listed] == [X[:1].tolist(), (X[:1] + 1).tolist()]
    named = take_first_sample(({"a": X, "b": X + 1}, Y))
    assert {name: array.tolist() for name, array in named.items()} == {
        "a": X[:1].tolist(),
        "b": (X[:1] + 1).tolist(),
    }


@pytest.mark.parametrize("data", [None, 3, "samples", iter([X]), [[1.0, 2.0]], {"a": None}])
def test_data_of_another_type_is_refused(data: Any) -> None:
    with pytest.raises(TypeError, match="Samples must be an array, a list or dict of arrays"):
        take_first_sample(data)


@pytest.mark.parametrize(
    "data", [np.zeros((0, 6)), np.float32(1).reshape(()), (np.zeros((0, 6)), Y)]
)
def test_data_without_a_sample_is_refused(data: Any) -> None:
    with pytest.raises(ValueError, match="at least one sample"):
        take_first_sample(data)


def test_an_empty_tf_dataset_is_refused() -> None:
    import tensorflow as tf

    with pytest.raises(ValueError, match="dataset given for samples or validation_data is empty"):
        take_first_sample(tf.data.Dataset.from_tensor_slices(X[:0]).batch(2))


def sequential(*shape: int) -> Any:
    return keras.Sequential([layers.Input(shape), layers.Flatten(), layers.Dense(2)])


@pytest.mark.parametrize(
    ("model_shape", "sample_shape"),
    [((6,), (6,)), ((5, 4), (5, 4)), ((5, 4, 1), (5, 4)), ((6,), (6, 1))],
)
def test_a_sample_keras_accepts_is_accepted(
    model_shape: tuple[int, ...], sample_shape: tuple[int, ...]
) -> None:
    model, sample = sequential(*model_shape), np.zeros((1, *sample_shape), np.float32)
    model(sample)
    check_sample(model, sample)


@pytest.mark.parametrize("sample_shape", [(7,), (5, 4), (6, 2), ()])
def test_a_sample_of_another_shape_is_refused_with_both_shapes(
    sample_shape: tuple[int, ...],
) -> None:
    with pytest.raises(ValueError, match=r"do not fit the model: got .*; the model accepts \(6,\)"):
        check_sample(sequential(6), np.zeros((1, *sample_shape), np.float32))


def two_inputs(*, as_dict: bool) -> Any:
    one, other = layers.Input((6,), name="one"), layers.Input((3,), name="other")
    outputs = layers.Concatenate()([one, other])
    return keras.Model({"one": one, "other": other} if as_dict else [one, other], outputs)


ONE, OTHER = np.zeros((1, 6), np.float32), np.zeros((1, 3), np.float32)


@pytest.mark.parametrize("as_dict", [True, False])
@pytest.mark.parametrize(
    "sample", [[ONE, OTHER], {"one": ONE, "other": OTHER}, {"other": OTHER, "one": ONE}]
)
def test_a_sample_for_each_input_is_accepted_by_place_or_name(
    as_dict: bool,
    sample: Any,
) -> None:
    check_sample(two_inputs(as_dict=as_dict), sample)


@pytest.mark.parametrize(
    "sample",
    [ONE, [ONE], [OTHER, ONE], [ONE, OTHER, ONE], {"one": ONE}, {"one": OTHER, "other": ONE}],
)
def test_samples_that_do_not_go_with_the_inputs_are_refused(sample: Any) -> None:
    with pytest.raises(ValueError, match=r"the model accepts \(6,\), \(3,\)"):
        check_sample(two_inputs(as_dict=False), sample)


# Keras warns, and goes on.
@pytest.mark.filterwarnings("ignore:The structure of `inputs` doesn't match:UserWarning")
def test_a_dict_with_more_than_the_model_uses_is_accepted_where_keras_does() -> None:
    model = two_inputs(as_dict=True)
    sample = {"one": ONE, "other": OTHER, "unused": ONE}
    model(sample)
    check_sample(model, sample)


# Keras warns, and goes on.
@pytest.mark.filterwarnings("ignore:When providing `inputs` as a dict:UserWarning")
def test_a_dict_with_the_models_keys_is_accepted_though_the_tensors_are_named_otherwise() -> None:
    one, other = layers.Input((6,)), layers.Input((3,))
    model = keras.Model({"one": one, "other": other}, layers.Concatenate()([one, other]))
    sample = {"one": ONE, "other": OTHER}
    model(sample)
    check_sample(model, sample)


def test_a_model_without_known_inputs_accepts_every_sample() -> None:
    check_sample(Subclassed(), np.zeros((1, 99), np.float32))


@pytest.mark.parametrize("make", [Subclassed, late_sequential])
def test_a_model_is_built_from_a_sample_or_a_shape(make: Any) -> None:
    from_sample, from_shape = make(), make()
    assert not is_built(from_sample)
    assert build_model(from_sample, X[:1], None)
    assert build_model(from_shape, None, (6,))
    for model in (from_sample, from_shape):
        assert is_built(model)
        assert [tuple(v.shape) for v in model.trainable_variables] == [(6, 5), (5,), (5, 2), (2,)]
        assert model(X).shape == (4, 2)


def test_without_sample_and_shape_nothing_is_built() -> None:
    model = late_sequential()
    assert build_model(model, None, None) is False
    assert not is_built(model)


def test_a_built_model_is_left_alone() -> None:
    model = sequential(6)
    before = [variable.numpy() for variable in model.variables]
    assert build_model(model, np.zeros((1, 99)), None)
    for variable, value in zip(model.variables, before, strict=True):
        np.testing.assert_array_equal(variable.numpy(), value)


@pytest.mark.parametrize("make", [Subclassed, late_sequential])
def test_building_early_draws_the_same_weights_states_and_names_as_training_would(
    make: Any,
) -> None:
    def fit(*, build_early: bool) -> tuple[list[Any], list[float], str]:
        keras.utils.clear_session()
        keras.utils.set_random_seed(1)
        model = make()
        model.compile("sgd", "mse")
        if build_early:
            assert build_model(model, X[:1], None)
        history = model.fit(X, np.zeros((4, 2)), epochs=2, batch_size=2, verbose=0)
        weights = [keras.ops.convert_to_numpy(variable) for variable in model.variables]
        return weights, history.history["loss"], layers.Dense(1).name

    bare, losses, name = fit(build_early=False)
    early, early_losses, early_name = fit(build_early=True)
    assert early_losses == losses
    assert early_name == name
    assert len(early) == len(bare)
    for found, expected in zip(early, bare, strict=True):
        np.testing.assert_array_equal(found, expected)


def test_a_model_that_cannot_be_called_on_the_sample_is_said_with_its_shape() -> None:
    class Failing(Subclassed):
        def call(self, inputs: Any, *, training: bool = False) -> Any:
            raise RuntimeError("needs a picture")

    with pytest.raises(ValueError, match=r"(?s)got shape \(6,\).*Keras says: .*needs a picture"):
        build_model(Failing(), X[:1], None)


def test_a_subclassed_model_is_built_from_a_dict() -> None:
    class Named(keras.Model):
        def __init__(self) -> None:
            super().__init__()
            self.dense = layers.Dense(2)

        def call(self, inputs: Any) -> Any:
            return self.dense(inputs["a"] + inputs["b"])

    model = Named()
    assert build_model(model, {"a": X[:1], "b": X[:1]}, None)
    assert tuple(model.dense.kernel.shape) == (6, 2)


# Keras warns of the layer it cannot build, and goes on.
@pytest.mark.filterwarnings("ignore:`build\\(\\)` was called on layer:UserWarning")
def test_a_layer_that_a_subclassed_model_never_calls_does_not_keep_it_unbuilt() -> None:
    class WithUnused(Subclassed):
        def __init__(self) -> None:
            super().__init__()
            self.unused = layers.Dense(3)

    assert build_model(WithUnused(), X[:1], None)


def test_a_model_without_weights_in_its_layers_is_built_once_it_was_called() -> None:
    class OwnWeights(keras.Model):
        def build(self, input_shape: Any) -> None:
            self.scale = self.add_weight(shape=(), name="scale")
            self.built = True

        def call(self, inputs: Any) -> Any:
            return inputs * self.scale

    model = OwnWeights()
    assert not is_built(model)
    assert build_model(model, X[:1], None)


@pytest.mark.filterwarnings("ignore:When providing `inputs` as a dict:UserWarning")
def test_a_dict_that_lacks_one_of_the_models_keys_is_refused() -> None:
    one, other = layers.Input((6,)), layers.Input((3,))
    model = keras.Model({"one": one, "other": other}, layers.Concatenate()([one, other]))
    with pytest.raises(ValueError, match=r"got samples of shape \(6,\), \(3,\); the model"):
        check_sample(model, {"one": ONE, "another": OTHER})
    with pytest.raises(ValueError, match="do not fit the model"):
        check_sample(model, {"one": OTHER, "other": ONE})
