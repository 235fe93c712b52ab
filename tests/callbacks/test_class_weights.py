"""What each class makes of each hidden unit, logged beside the templates of the hidden layer."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

import keras
import numpy as np
import pytest
from keras import layers, ops

from tb_nnviz import Confusion, LogReader, NNViz, TileArray, WeightTemplates
from tb_nnviz.analysis.class_weights import plan_class_weights
from tb_nnviz.analysis.template_planning import plan_templates
from tb_nnviz.analysis.template_tiles import TemplateOptions
from tb_nnviz.model.variables import WeightValues
from tb_nnviz.records import encode_record
from tests.callbacks.test_steps import notices
from tests.model.linear_models import functional, randomize

NAMES = ["zero", "one", "two"]
FEATURES = 8


def fit(model: Any, *callbacks: Any, epochs: int = 2) -> None:
    rng = np.random.default_rng(0)
    x = rng.normal(size=(24, *model.inputs[0].shape[1:])).astype(np.float32)
    units = model.outputs[0].shape[-1]
    y = rng.integers(0, max(2, units), size=24)
    loss = "binary_crossentropy" if units == 1 else "sparse_categorical_crossentropy"
    model.compile("adam", loss)
    model.fit(x, y, epochs=epochs, batch_size=8, verbose=0, callbacks=list(callbacks))


def read(logdir: Path, tag: str, step: int = 2) -> TileArray:
    record = LogReader(logdir).read("run", tag, step)
    assert isinstance(record, TileArray)
    return record


def mlp(*between: Any, num_classes: int = 3, activation: str | None = "softmax") -> Any:
    return functional(
        (FEATURES,),
        layers.Dense(5, name="hidden"),
        *between,
        layers.Dense(num_classes, activation, name="scores"),
    )()


def logged_weights(
    model: Any, names: Sequence[str] | None = None, **options: Any
) -> dict[str, TileArray]:
    """The records of a model as it is, by their tags."""
    templates = plan_templates(model, None, TemplateOptions(**options), None, names)
    plan = plan_class_weights(model, templates, None, names)
    return dict(plan.build_records(plan.collect(WeightValues())))


def test_every_step_holds_the_kernel_of_that_step(tmp_path: Path) -> None:
    model = mlp(layers.ReLU(), layers.Dropout(0.3))
    kernel = model.get_layer("scores").kernel
    first = ops.convert_to_numpy(kernel)
    fit(model, WeightTemplates(tmp_path / "run", class_names=NAMES))
    tag = "templates/hidden/class_weights"
    steps = [read(tmp_path, tag, step) for step in LogReader(tmp_path).steps("run", tag)]
    assert len(steps) == 3
    assert (steps[0].values[:, :, 0] == first).all()
    assert (steps[-1].values[:, :, 0] == ops.convert_to_numpy(kernel)).all()
    assert (steps[0].values != steps[-1].values).any()


def test_the_record_says_what_its_axes_are_and_where_it_comes_from(tmp_path: Path) -> None:
    model = mlp(layers.ReLU())
    fit(model, WeightTemplates(tmp_path / "run", class_names=NAMES))
    record = read(tmp_path, "templates/hidden/class_weights")
    assert record.axes == ("unit", "height", "width")
    assert record.values.shape == (5, 3, 1)
    assert record.represents == {"height": "class"}
    assert record.labels == {"height": tuple(NAMES)}
    assert (record.meaning, record.precision) == ("signed", "float32")
    assert record.source.layer_path == "hidden"
    assert record.source.layer_type == "Dense"
    assert record.source.layer_index == read(tmp_path, "templates/hidden").source.layer_index
    assert record.source.variable_path == model.get_layer("scores").kernel.path
    assert record.omitted == record.notes == ()


def test_units_are_those_of_the_templates(tmp_path: Path) -> None:
    model = mlp(layers.ReLU())
    fit(model, WeightTemplates(tmp_path / "run", max_units=4))
    templates = read(tmp_path, "templates/hidden")
    record = read(tmp_path, "templates/hidden/class_weights")
    assert templates.grid_shape == record.grid_shape == (4,)
    assert record.full_shape == (5, 3, 1)
    assert record.omitted == templates.omitted == ("4 of 5 units",)
    kernel = ops.convert_to_numpy(model.get_layer("scores").kernel)
    assert (record.values[:, :, 0] == kernel[:4]).all()


def test_a_budget_cuts_templates_and_weights_alike(tmp_path: Path) -> None:
    model = functional((FEATURES,), layers.Dense(200, "relu"), layers.Dense(3, "softmax"))()
    fit(model, NNViz(tmp_path / "run", views=["templates"], budget_bytes=40_000))
    templates = read(tmp_path, "templates/dense", 0)
    record = read(tmp_path, "templates/dense/class_weights", 0)
    assert templates.grid_shape == record.grid_shape == (64,)
    assert record.full_shape == (200, 3, 1)


def test_more_classes_than_units_are_all_there() -> None:
    model = functional((FEATURES,), layers.Dense(5, "relu"), layers.Dense(900))()
    (record,) = logged_weights(model, max_units=4).values()
    assert record.values.shape == (4, 900, 1)
    kernel = ops.convert_to_numpy(model.layers[-1].kernel)
    assert (record.values[:, :, 0] == kernel[:4]).all()


def test_very_many_classes_are_left_out_and_said() -> None:
    model = functional((FEATURES,), layers.Dense(5, "relu"), layers.Dense(1001))()
    plan = plan_class_weights(model, plan_templates(model, None, TemplateOptions()))
    assert plan.tags == ()
    (notice,) = plan.notices
    assert (notice.view, notice.layer) == ("templates", "dense")
    assert "1,001 classes" in notice.message


def test_of_more_names_than_classes_every_view_takes_the_first_and_says_so(tmp_path: Path) -> None:
    rng = np.random.default_rng(0)
    data = rng.normal(size=(24, FEATURES)).astype(np.float32), rng.integers(0, 3, size=24)
    callback = NNViz(tmp_path / "run", validation_data=data, class_names=[*NAMES, "three"])
    fit(mlp(layers.ReLU()), callback)
    note = "class_names has 4 names for 3 classes: the first are taken"
    for tag, axis, told in (
        ("templates/scores", "unit", "templates/scores"),
        ("templates/hidden/class_weights", "height", "templates/hidden/class_weights"),
        ("attributions/scores", "width", "attributions/integrated_gradients"),
    ):
        assert read(tmp_path, tag).labels[axis] == tuple(NAMES)
        assert note in read(tmp_path, told).notes
    confusion = LogReader(tmp_path).read("run", "confusion", 2)
    assert isinstance(confusion, Confusion)
    assert confusion.class_names == tuple(NAMES)
    assert note in confusion.notes


def test_names_of_another_output_are_not_cut_to_fit() -> None:
    inputs = keras.Input((FEATURES,))
    hidden = layers.Dense(5, name="hidden")(inputs)
    outputs = [layers.Dense(count, name=f"of_{count}")(hidden) for count in (3, 2)]
    model = keras.Model(inputs, outputs)
    templates = plan_templates(model, None, TemplateOptions(), None, NAMES)
    labels = {one.units.key: one.labels for one in templates.planned}
    assert labels["of_3"] == tuple(NAMES)
    assert labels["of_2"] == ()


def test_a_probability_of_two_classes_has_one_bar_for_the_second(tmp_path: Path) -> None:
    model = mlp(layers.Activation("tanh"), num_classes=1, activation="sigmoid")
    fit(model, WeightTemplates(tmp_path / "run", class_names=["cat", "dog"]))
    record = read(tmp_path, "templates/hidden/class_weights")
    assert record.values.shape == (5, 1, 1)
    assert record.labels == {"height": ("dog",)}


def test_signs_are_those_of_the_kernel() -> None:
    model = mlp(layers.ReLU())
    kernel = np.where(np.arange(15).reshape(5, 3) % 2, -1.5, 0.25)
    model.get_layer("scores").kernel.assign(kernel)
    (record,) = logged_weights(model).values()
    assert record.values[:, :, 0].tolist() == kernel.tolist()
    assert record.labels == {}


def test_what_is_not_finite_stays_where_it_is() -> None:
    model = mlp(layers.BatchNormalization())
    kernel = np.ones((5, 3))
    kernel[1, 2], kernel[3, 0] = np.nan, np.inf
    model.get_layer("scores").kernel.assign(kernel)
    (record,) = logged_weights(model).values()
    assert np.isnan(record.values).sum() == 1
    assert np.isnan(record.values[1, 2, 0])
    assert np.isinf(record.values[3, 0, 0])


def nested_head() -> Any:
    """The hidden layer in one model inside the model, the scores in another."""
    body = keras.Sequential(
        [layers.Input((FEATURES,)), layers.Dense(5, name="hidden"), layers.ReLU()], name="body"
    )
    head_inputs = layers.Input((5,))
    head = keras.Model(head_inputs, layers.Dense(3, name="scores")(head_inputs), name="head")
    inputs = layers.Input((FEATURES,))
    return keras.Model(inputs, layers.Softmax()(head(ops.relu(body(inputs)))))


def sequential() -> Any:
    return keras.Sequential(
        [
            layers.Input((FEATURES,)),
            layers.Dense(5, "relu", name="hidden"),
            layers.GaussianNoise(0.1),
            layers.Flatten(),
            layers.Dense(3, name="scores"),
            layers.Activation("softmax"),
        ]
    )


class Subclassed(keras.Model):
    def __init__(self) -> None:
        super().__init__()
        self.body = keras.Sequential([layers.Dense(5, name="hidden")], name="body")
        self.dropout = layers.Dropout(0.1)
        self.scores = layers.Dense(3, name="scores")

    def call(self, inputs: Any, training: bool = False) -> Any:
        hidden = self.dropout(ops.relu(self.body(inputs)), training=training)
        return ops.softmax(self.scores(hidden))


def subclassed() -> Any:
    model = Subclassed()
    model(np.zeros((1, FEATURES), np.float32))
    return model


def convolutional() -> Any:
    return functional(
        (8, 8, 3),
        layers.Conv2D(4, 3, activation="relu"),
        layers.GlobalAveragePooling2D(),
        layers.Dense(5, "relu", name="hidden"),
        layers.Dropout(0.5),
        layers.Dense(3, "softmax", name="scores"),
    )()


@pytest.mark.parametrize(
    ("make", "path"),
    [
        (nested_head, "body/hidden"),
        (sequential, "hidden"),
        (subclassed, "body/hidden"),
        (convolutional, "hidden"),
    ],
)
def test_models_of_every_kind_have_it(make: Callable[[], Any], path: str) -> None:
    model = randomize(make())
    ((tag, record),) = logged_weights(model, NAMES).items()
    assert tag == f"templates/{path}/class_weights"
    (kernel,) = [one for one in model.variables if one.path.endswith("scores/kernel")]
    assert (record.values[:, :, 0] == ops.convert_to_numpy(kernel)).all()
    assert record.labels == {"height": tuple(NAMES)}


def test_what_scales_the_units_is_folded_into_the_weights() -> None:
    model = randomize(mlp(layers.BatchNormalization(name="norm"), layers.ReLU()))
    (record,) = logged_weights(model).values()
    norm, kernel = model.get_layer("norm"), model.get_layer("scores").kernel
    scale = norm.gamma / ops.sqrt(norm.moving_variance + norm.epsilon)
    expected = ops.convert_to_numpy(scale)[:, None] * ops.convert_to_numpy(kernel)
    np.testing.assert_allclose(record.values[:, :, 0], expected, rtol=1e-6)
    assert record.notes == ("the kernel of scores, with what norm does to a unit",)


def branching() -> Any:
    inputs = layers.Input((FEATURES,))
    hidden = layers.Dense(5, "relu")(inputs)
    return keras.Model(inputs, layers.Dense(3)(layers.Concatenate()([hidden, inputs])))


def residual() -> Any:
    inputs = layers.Input((FEATURES,))
    hidden = layers.Dense(FEATURES, "relu")(inputs)
    return keras.Model(inputs, layers.Dense(3)(hidden + inputs))


def shared() -> Any:
    """Its hidden layer is called twice, and not all calls lead to the scores alone."""
    inputs = layers.Input((FEATURES,))
    hidden = layers.Dense(FEATURES)
    return keras.Model(inputs, layers.Dense(3)(hidden(hidden(inputs))))


@pytest.mark.parametrize(
    "make",
    [
        functional((FEATURES,), layers.Dense(3, "softmax")),
        functional((6, 6, 1), layers.Conv2D(4, 3), layers.Flatten(), layers.Dense(3)),
        functional((FEATURES,), layers.Dense(5), layers.LayerNormalization(), layers.Dense(3)),
        functional((4, 2), layers.Dense(5), layers.Flatten(), layers.Dense(3)),
        branching,
        residual,
        shared,
    ],
)
def test_models_without_a_hidden_layer_right_before_the_scores_have_none(
    make: Callable[[], Any],
) -> None:
    assert logged_weights(make()) == {}


def test_code_that_is_not_followed_says_nothing_of_what_feeds_the_scores() -> None:
    class OfTensorFlow(Subclassed):
        def call(self, inputs: Any, training: bool = False) -> Any:
            import tensorflow as tf

            hidden = self.body(inputs)
            return self.scores(tf.reverse(hidden, [-1]))

    model = OfTensorFlow()
    model(np.zeros((1, FEATURES), np.float32))
    assert logged_weights(model) == {}


def test_layers_whose_templates_are_not_logged_have_none(tmp_path: Path) -> None:
    fit(mlp(layers.ReLU()), WeightTemplates(tmp_path / "run", layers="scores"))
    assert not any("class_weights" in tag for tag in LogReader(tmp_path).tags("run"))


def test_several_outputs_of_one_hidden_layer_are_told_apart() -> None:
    inputs = layers.Input((FEATURES,))
    hidden = layers.Dense(5, "relu", name="hidden")(inputs)
    kind, size = layers.Dense(3, name="kind")(hidden), layers.Dense(2, name="size")(hidden)
    model = keras.Model(inputs, [kind, size])
    ((tag, record),) = logged_weights(model).items()
    assert tag == "templates/hidden/class_weights"
    assert record.values.shape == (5, 3, 1)
    assert record.notes == ("weights of the output kind",)


def test_a_graph_that_cannot_be_read_costs_no_templates(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fail(*_: Any) -> Any:
        raise RuntimeError("no such graph")

    monkeypatch.setattr("tb_nnviz.analysis.class_weights.find_score_layers", fail)
    fit(mlp(layers.ReLU()), WeightTemplates(tmp_path / "run", on_error="raise"))
    tags = LogReader(tmp_path).tags("run")
    assert "templates/hidden" in tags
    assert "templates/hidden/class_weights" not in tags
    (notice,) = notices(tmp_path, "run")
    assert notice.message == ("The weights of classes onto units are not shown: no such graph.")


def test_the_estimate_is_about_what_is_written(tmp_path: Path) -> None:
    model = functional((FEATURES,), layers.Dense(64, "relu"), layers.Dense(10, "softmax"))()
    plan = plan_class_weights(model, plan_templates(model, None, TemplateOptions()))
    alone = functional((FEATURES,), layers.Dense(64, "relu"), layers.Dense(10, "softmax"))()
    fit(alone, WeightTemplates(tmp_path / "run", layers="dense"), epochs=4)
    record = read(tmp_path, "templates/dense/class_weights")
    assert record.moment is not None
    written = sum(map(len, encode_record(record, record.moment, 1)))
    assert 0.5 < plan.estimate_bytes(512) / written < 2
