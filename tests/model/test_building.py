from __future__ import annotations

import random
from typing import Any

import keras
import numpy as np
import pytest
from keras import layers

from tb_nnviz.model.building import build_model, is_built
from tb_nnviz.model.samples import SampleSpec, check_samples, describe_samples

X = np.arange(24, dtype=np.float32).reshape(4, 6)
Y = np.arange(4)
SPEC = SampleSpec((None, 6), "float32")


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
def test_samples_are_described_by_shape_and_type(data: Any) -> None:
    assert describe_samples(data) == SampleSpec((None, 6), "float32")


@pytest.mark.parametrize("with_labels", [True, False])
def test_a_tf_dataset_is_described_without_being_read(with_labels: bool) -> None:
    import tensorflow as tf

    def refuse() -> Any:
        raise AssertionError("the dataset was read")
        yield

    spec = tf.TensorSpec((None, 6), tf.float32)
    labels = tf.TensorSpec((None,), tf.int64)
    data = tf.data.Dataset.from_generator(
        refuse, output_signature=(spec, labels) if with_labels else spec
    )
    assert describe_samples(data) == SampleSpec((None, 6), "float32")


def test_lists_and_dicts_are_described_as_such() -> None:
    one, other = SampleSpec((None, 6), "float32"), SampleSpec((None,), "int64")
    assert describe_samples([X, Y]) == [one, other]
    assert describe_samples(({"a": X, "b": Y}, Y)) == {"a": one, "b": other}
    # As model.fit does with Python's own floats.
    assert describe_samples(X.astype("float64")) == one


def test_reading_a_pydataset_leaves_the_random_generators_where_they_were() -> None:
    class Drawing(Batches):
        def __getitem__(self, index: int) -> Any:
            random.random()
            np.random.random()  # noqa: NPY002
            return super().__getitem__(index)

    before = random.getstate(), str(np.random.get_state())  # noqa: NPY002
    assert describe_samples(Drawing()) == SampleSpec((None, 6), "float32")
    assert (random.getstate(), str(np.random.get_state())) == before  # noqa: NPY002
    assert describe_samples(Drawing(), may_read=False) is None


@pytest.mark.parametrize("data", [None, 3, "samples", iter([X]), [[1.0, 2.0]], {"a": None}])
def test_data_of_another_type_is_refused(data: Any) -> None:
    with pytest.raises(TypeError, match="Samples must be an array, a list or dict of arrays"):
        describe_samples(data)


@pytest.mark.parametrize(
    "data", [np.zeros((0, 6)), np.float32(1).reshape(()), (np.zeros((0, 6)), Y)]
)
def test_data_without_a_sample_is_refused(data: Any) -> None:
    with pytest.raises(ValueError, match="at least one sample"):
        describe_samples(data)


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
    check_samples(model, sample)


@pytest.mark.parametrize("sample_shape", [(7,), (5, 4), (6, 2), ()])
def test_a_sample_of_another_shape_is_refused_with_both_shapes(
    sample_shape: tuple[int, ...],
) -> None:
    with pytest.raises(ValueError, match=r"do not fit the model: got .*; the model accepts \(6,\)"):
        check_samples(sequential(6), np.zeros((1, *sample_shape), np.float32))


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
    check_samples(two_inputs(as_dict=as_dict), sample)


@pytest.mark.parametrize(
    "sample",
    [ONE, [ONE], [OTHER, ONE], [ONE, OTHER, ONE], {"one": ONE}, {"one": OTHER, "other": ONE}],
)
def test_samples_that_do_not_go_with_the_inputs_are_refused(sample: Any) -> None:
    with pytest.raises(ValueError, match=r"accepts \(6,\), \(3,\)|asks for \['one', 'other'\]"):
        check_samples(two_inputs(as_dict=False), sample)


# Keras warns, and goes on.
@pytest.mark.filterwarnings("ignore:The structure of `inputs` doesn't match:UserWarning")
def test_a_dict_with_more_than_the_model_uses_is_accepted_where_keras_does() -> None:
    model = two_inputs(as_dict=True)
    sample = {"one": ONE, "other": OTHER, "unused": ONE}
    model(sample)
    check_samples(model, sample)


# Keras warns, and goes on.
@pytest.mark.filterwarnings("ignore:When providing `inputs` as a dict:UserWarning")
def test_a_dict_with_the_models_keys_is_accepted_though_the_tensors_are_named_otherwise() -> None:
    one, other = layers.Input((6,)), layers.Input((3,))
    model = keras.Model({"one": one, "other": other}, layers.Concatenate()([one, other]))
    sample = {"one": ONE, "other": OTHER}
    model(sample)
    check_samples(model, sample)


def test_a_model_without_known_inputs_accepts_every_sample() -> None:
    check_samples(Subclassed(), np.zeros((1, 99), np.float32))


@pytest.mark.parametrize("make", [Subclassed, late_sequential])
def test_a_model_is_built_from_the_shape_of_its_samples(make: Any) -> None:
    from_array, from_list = make(), make()
    assert not is_built(from_array)
    assert build_model(from_array, SPEC) is None
    assert build_model(from_list, [SPEC] if make is late_sequential else SPEC) is None
    for model in (from_array, from_list):
        assert is_built(model)
        assert [tuple(v.shape) for v in model.trainable_variables] == [(6, 5), (5,), (5, 2), (2,)]
        assert model(X).shape == (4, 2)


def test_without_samples_nothing_is_built() -> None:
    model = late_sequential()
    assert build_model(model, None) == "there are no samples to build it from"
    assert not is_built(model)


def test_a_built_model_is_left_alone() -> None:
    model = sequential(6)
    before = [variable.numpy() for variable in model.variables]
    assert build_model(model, SampleSpec((None, 99), "float32")) is None
    for variable, value in zip(model.variables, before, strict=True):
        np.testing.assert_array_equal(variable.numpy(), value)


@pytest.mark.parametrize("make", [Subclassed, late_sequential])
def test_building_early_draws_the_same_weights_states_and_names_as_training_would(
    make: Any,
) -> None:
    def fit(*, build_early: bool) -> tuple[list[Any], list[float], list[str]]:
        keras.utils.clear_session()
        keras.utils.set_random_seed(1)
        model = make()
        model.compile("sgd", "mse")
        if build_early:
            assert build_model(model, SPEC) is None
        history = model.fit(X, np.zeros((4, 2)), epochs=2, batch_size=2, verbose=0)
        weights = [keras.ops.convert_to_numpy(variable) for variable in model.variables]
        names = [layers.Dense(1).name, keras.Input((1,)).name, keras.KerasTensor((1,)).name]
        names += [keras.Sequential().name, make().name]
        return weights, history.history["loss"], names

    bare, losses, names = fit(build_early=False)
    early, early_losses, early_names = fit(build_early=True)
    assert early_losses == losses
    assert early_names == names
    assert len(early) == len(bare)
    for found, expected in zip(early, bare, strict=True):
        np.testing.assert_array_equal(found, expected)


def test_why_a_model_could_not_be_built_is_said_and_nothing_is_raised() -> None:
    class Failing(Subclassed):
        def call(self, inputs: Any, *, training: bool = False) -> Any:
            raise RuntimeError("needs a picture")

    why = build_model(Failing(), SPEC)
    assert why is not None
    assert "needs a picture" in why
    assert "\x1b" not in why
    two = build_model(late_sequential(), [SPEC, SPEC])
    assert two is not None
    assert "has one input, and the samples have 2" in two


def test_a_model_that_joins_built_models_is_built_without_being_called() -> None:
    class Joined(keras.Model):
        def __init__(self) -> None:
            super().__init__()
            self.generator, self.discriminator = sequential(6), sequential(5)

    assert is_built(Joined())
    assert build_model(Joined(), None) is None


def test_building_moves_no_state_of_the_model() -> None:
    class Sampling(keras.Model):
        def __init__(self) -> None:
            super().__init__()
            self.dense = layers.Dense(2)
            self.seed = keras.random.SeedGenerator(1)
            self.calls = self.add_weight(shape=(), initializer="zeros", name="calls")

        def call(self, inputs: Any) -> Any:
            self.calls.assign(self.calls + 1)
            noise = keras.random.normal(keras.ops.shape(inputs), seed=self.seed)
            return self.dense(inputs + noise)

    model = Sampling()
    seed = keras.ops.convert_to_numpy(model.seed.state).tolist()
    assert build_model(model, SPEC) is None
    assert keras.ops.convert_to_numpy(model.seed.state).tolist() == seed
    assert keras.ops.convert_to_numpy(model.calls) == 0


def test_a_subclassed_model_is_built_from_a_dict() -> None:
    class Named(keras.Model):
        def __init__(self) -> None:
            super().__init__()
            self.dense = layers.Dense(2)

        def call(self, inputs: Any) -> Any:
            return self.dense(inputs["a"] + inputs["b"])

    model = Named()
    assert build_model(model, {"a": SPEC, "b": SPEC}) is None
    assert tuple(model.dense.kernel.shape) == (6, 2)


# Keras warns of the layer it cannot build, and goes on.
@pytest.mark.filterwarnings("ignore:`build\\(\\)` was called on layer:UserWarning")
def test_a_layer_that_a_subclassed_model_never_calls_does_not_keep_it_unbuilt() -> None:
    class WithUnused(Subclassed):
        def __init__(self) -> None:
            super().__init__()
            self.unused = layers.Dense(3)

    assert build_model(WithUnused(), SPEC) is None


def test_a_model_without_weights_in_its_layers_is_built_once_it_was_called() -> None:
    class OwnWeights(keras.Model):
        def build(self, input_shape: Any) -> None:
            self.scale = self.add_weight(shape=(), name="scale")
            self.built = True

        def call(self, inputs: Any) -> Any:
            return inputs * self.scale

    model = OwnWeights()
    assert not is_built(model)
    assert build_model(model, SPEC) is None


@pytest.mark.filterwarnings("ignore:When providing `inputs` as a dict:UserWarning")
def test_a_dict_that_lacks_one_of_the_models_keys_is_refused() -> None:
    one, other = layers.Input((6,)), layers.Input((3,))
    model = keras.Model({"one": one, "other": other}, layers.Concatenate()([one, other]))
    with pytest.raises(ValueError, match=r"\['one', 'another'\]; .*asks for \['one', 'other'\]"):
        check_samples(model, {"one": ONE, "another": OTHER})
    with pytest.raises(ValueError, match="do not fit the model"):
        check_samples(model, {"one": OTHER, "other": ONE})
