"""Templates in the log: what `weight_templates` says of the model at that step, and its notes."""

from __future__ import annotations

import copy
import pickle
from pathlib import Path
from typing import Any

import keras
import numpy as np
import pytest
from keras import layers

import tb_nnviz.analysis.template_choice as choice
from tb_nnviz import LogReader, NNViz, TileArray, WeightTemplates, weight_templates
from tests.callbacks.test_steps import notices
from tests.model.linear_models import functional

NAMES = ["zero", "one", "two"]
# A uint16 value is off by at most 1/130,000 of its tile's range; float32 adds as much again.
QUANTIZATION = 2 / 130_000


def fit(model: Any, *callbacks: Any, epochs: int = 2, samples: int = 24, **arguments: Any) -> Any:
    rng = np.random.default_rng(0)
    shapes = [tuple(one.shape)[1:] for one in model.inputs]
    x = [rng.normal(size=(samples, *shape)).astype(np.float32) for shape in shapes]
    y = rng.integers(0, model.outputs[0].shape[-1], size=samples)
    model.compile("adam", "sparse_categorical_crossentropy")
    return model.fit(
        x if len(x) > 1 else x[0],
        y,
        epochs=epochs,
        batch_size=8,
        verbose=0,
        callbacks=list(callbacks),
        **arguments,
    )


def read(logdir: Path, tag: str, step: int = 2) -> TileArray:
    record = LogReader(logdir).read("run", tag, step)
    assert isinstance(record, TileArray)
    return record


@pytest.mark.filterwarnings("error::RuntimeWarning")
def test_templates_beyond_float32_are_infinite_and_nothing_is_printed_of_it(
    tmp_path: Path,
) -> None:
    head = layers.Dense(3, "softmax", name="scores")
    model = functional((4, 4), layers.Flatten(), layers.Dense(5), head)()
    model.set_weights([np.full(one.shape, 1e25, np.float32) for one in model.get_weights()])
    before = WeightTemplates(tmp_path / "run", on_error="raise")
    fit(model, before, epochs=1)
    for tag in ("templates/scores", "templates/scores/offset"):
        assert np.isposinf(read(tmp_path, tag, step=0).values).all()


def convolutional(channels: int = 3) -> Any:
    return functional(
        (12, 12, channels),
        layers.Conv2D(4, 3, activation="relu"),
        layers.BatchNormalization(),
        layers.MaxPooling2D(),
        layers.Flatten(),
        layers.Dropout(0.5),
        layers.Dense(6, "relu"),
        layers.Dense(3, "softmax"),
    )()


def assert_logged(record: TileArray, templates: Any) -> None:
    height = record.axes.index("height")
    values = record.tiles()
    wanted = np.asarray(templates).reshape(values.shape)
    spans = np.ptp(wanted, axis=1, keepdims=True)
    assert height >= 1
    assert (np.abs(values - wanted) <= QUANTIZATION * spans + 1e-7).all()


def test_every_step_holds_the_templates_of_its_weights(tmp_path: Path) -> None:
    model = convolutional()
    first = weight_templates(model)
    fit(model, WeightTemplates(tmp_path / "run", class_names=NAMES))
    last = weight_templates(model)
    reader = LogReader(tmp_path)
    assert list(reader.tags("run")) == [
        "templates/dense_1",
        "templates/dense_1/offset",
        "templates/dense",
        "templates/dense/offset",
        "templates/conv2d",
        "templates/conv2d/offset",
        "templates/dense/class_weights",
    ]
    assert reader.steps("run", "templates/dense_1") == [0, 1, 2]
    for step, result in ((0, first), (2, last)):
        record = read(tmp_path, "templates/dense_1", step)
        assert record.axes == ("unit", "height", "width", "color")
        assert_logged(record, result.templates)
        offsets = read(tmp_path, "templates/dense_1/offset", step)
        assert np.allclose(offsets.values[0], result.offsets, rtol=1e-5, atol=1e-7)
    record = read(tmp_path, "templates/dense_1")
    assert record.labels == {"unit": ("zero", "one", "two")}
    assert record.meaning == "signed"
    assert record.precision == "uint16"
    assert record.notes == (
        "ignores 2 ReLU",
        "max pooling is replaced by average pooling",
        "before softmax",
    )
    assert record.source.layer_path == "dense_1"
    assert record.source.layer_type == "Dense"
    assert record.source.layer_index == 7
    assert record.source.role == "template"
    offsets = read(tmp_path, "templates/dense_1/offset")
    assert offsets.represents == {"width": "unit"}
    assert offsets.labels == {"width": ("zero", "one", "two")}
    assert offsets.precision == "float32"
    assert offsets.source.role == "offset"


def test_hidden_units_have_no_class_names_and_convolutions_their_receptive_field(
    tmp_path: Path,
) -> None:
    model = convolutional()
    fit(model, WeightTemplates(tmp_path / "run", class_names=NAMES))
    assert read(tmp_path, "templates/dense").labels == {}
    record = read(tmp_path, "templates/conv2d")
    assert record.axes == ("unit", "height", "width", "color")
    assert record.values.shape == (4, 3, 3, 3)
    field = "of the central position (5, 5), cropped to its receptive field 3×3 from (5, 5)"
    assert record.notes == ("exact", "before ReLU", field)


LAYOUTS: list[tuple[tuple[int, ...], Any, tuple[str, ...], tuple[int, ...], dict[str, str]]] = [
    ((9,), None, ("unit", "height", "width"), (3, 1, 9), {"width": "input"}),
    ((8, 9), None, ("unit", "height", "width"), (3, 8, 9), {}),
    ((8, 9, 1), None, ("unit", "height", "width"), (3, 8, 9), {}),
    ((8, 9, 3), None, ("unit", "height", "width", "color"), (3, 8, 9, 3), {}),
    ((8, 9, 2), None, ("unit", "channel", "height", "width"), (3, 2, 8, 9), {}),
    (
        (8, 4),
        layers.ZeroPadding1D,
        ("unit", "height", "width"),
        (3, 8, 4),
        {"height": "step", "width": "channel"},
    ),
    ((4, 8, 9, 1), None, ("unit", "depth", "height", "width"), (3, 4, 8, 9), {}),
    ((4, 8, 9, 2), None, ("unit", "channel", "depth", "height", "width"), (3, 2, 4, 8, 9), {}),
    ((2, 2, 4, 8, 9), None, ("unit", "axis_1", "axis_2", "axis_3", "height", "width"), (), {}),
]


@pytest.mark.parametrize(("shape", "first", "axes", "laid_out", "represents"), LAYOUTS)
def test_a_template_is_laid_out_as_its_input_is(
    shape: tuple[int, ...],
    first: Any,
    axes: tuple[str, ...],
    laid_out: tuple[int, ...],
    represents: dict[str, str],
    tmp_path: Path,
) -> None:
    steps = [] if first is None else [first()]
    model = functional(shape, *steps, layers.Flatten(), layers.Dense(3, "softmax"))()
    fit(model, WeightTemplates(tmp_path / "run"), epochs=1)
    record = read(tmp_path, "templates/dense", 1)
    assert record.axes == axes
    assert record.values.shape == (laid_out or (3, *shape))
    assert dict(record.represents) == (represents or record.represents)
    assert record.notes == ("exact", "before softmax")


def test_a_picture_with_channels_first_is_laid_out_as_one(tmp_path: Path) -> None:
    model = functional(
        (3, 8, 9), layers.Flatten(data_format="channels_first"), layers.Dense(3, "softmax")
    )()
    fit(model, WeightTemplates(tmp_path / "run"), epochs=1)
    record = read(tmp_path, "templates/dense", 1)
    assert record.axes == ("unit", "height", "width", "color")
    assert record.values.shape == (3, 8, 9, 3)
    wanted = np.moveaxis(weight_templates(model).templates, 1, -1)
    assert_logged(record, wanted)


def test_two_inputs_have_a_tag_each(tmp_path: Path) -> None:
    left, right = layers.Input((4,), name="left"), layers.Input((8, 8), name="right")
    both = layers.Concatenate()([left, layers.Flatten()(right)])
    model = keras.Model([left, right], layers.Dense(3, "softmax")(both))
    fit(model, WeightTemplates(tmp_path / "run"), epochs=1)
    found = weight_templates(model)
    assert isinstance(found.templates, dict)
    for name in ("left", "right"):
        assert_logged(read(tmp_path, f"templates/dense/{name}", 1), found.templates[name])


def test_units_beyond_the_limit_are_said_to_be_left_out(tmp_path: Path) -> None:
    fit(convolutional(), WeightTemplates(tmp_path / "run", layers="dense*", max_units=2), epochs=1)
    record = read(tmp_path, "templates/dense", 1)
    assert record.values.shape[0] == 2
    assert record.full_shape[0] == 6
    assert record.omitted == ("2 of 6 units",)
    offsets = read(tmp_path, "templates/dense/offset", 1)
    assert offsets.values.shape == (1, 2)
    assert offsets.omitted == ("2 of 6 units",)


def test_large_pictures_are_averaged_and_long_vectors_are_not(tmp_path: Path) -> None:
    picture = functional((64, 48), layers.Flatten(), layers.Dense(3, "softmax"))()
    fit(picture, WeightTemplates(tmp_path / "a" / "run", max_tile_side=16), epochs=1)
    record = read(tmp_path / "a", "templates/dense", 1)
    assert record.values.shape == (3, 16, 12)
    assert record.omitted == ("64×48 shown at 16×12",)
    vector = functional((900,), layers.Dense(3, "softmax"))()
    fit(vector, WeightTemplates(tmp_path / "b" / "run", max_tile_side=16), epochs=1)
    assert read(tmp_path / "b", "templates/dense", 1).values.shape == (3, 1, 900)


def test_the_gate_logs_mean_jacobians_and_which_samples_they_are_of(tmp_path: Path) -> None:
    model = convolutional()
    rng = np.random.default_rng(3)
    x, y = rng.normal(size=(6, 12, 12, 3)).astype(np.float32), np.array([0, 0, 1, 1, 2, 2])
    fit(
        model,
        WeightTemplates(tmp_path / "run", layers="dense_1", gate="samples", samples=(x, y)),
    )
    record = read(tmp_path, "templates/dense_1")
    result = weight_templates(model, gate="samples", samples=(x, y))
    assert_logged(record, result.templates)
    note = "mean Jacobian over the 2 samples of each class"
    assert record.notes == result.notes == (note, "before softmax")
    assert record.source.samples_digest


def test_layers_that_are_never_reached_are_in_one_notice_for_each_cause(tmp_path: Path) -> None:
    recurrent = functional(
        (5, 4), layers.LSTM(4), layers.Dense(4), layers.Dense(4), layers.Dense(3, "softmax")
    )()
    fit(recurrent, WeightTemplates(tmp_path / "run"), epochs=1)
    said = [notice.message for notice in notices(tmp_path, "run")]
    assert said == [
        (
            "No templates of dense_2, dense, dense_1: the composition ends at layer 'lstm' (LSTM): "
            "a recurrence is not linear."
        ),
    ]


@pytest.mark.filterwarnings("ignore:The model does not have any trainable weights")
def test_a_model_without_weights_has_no_templates_and_says_so(tmp_path: Path) -> None:
    fit(functional((4, 3), layers.Flatten())(), WeightTemplates(tmp_path / "run"), epochs=1)
    assert [notice.message for notice in notices(tmp_path, "run")] == [
        "There are no templates to show of this model."
    ]


def test_a_step_that_would_cost_too_much_has_fewer_units_and_says_so(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    model = functional((8, 8, 2), layers.Conv2D(40, 3), layers.GlobalAveragePooling2D())()
    fit(model, WeightTemplates(tmp_path / "a" / "run"), epochs=1)
    assert read(tmp_path / "a", "templates/conv2d", 1).omitted == ()
    # A unit takes 2·(40·3·3·2·6·6) of the convolution and 2·40 of the mean: 51,920.
    monkeypatch.setattr(choice, "MAX_MULTIPLICATIONS", 20 * 51_920)
    fit(model, WeightTemplates(tmp_path / "b" / "run"), epochs=1)
    record = read(tmp_path / "b", "templates/global_average_pooling2d", 1)
    assert record.omitted == ("20 of 40 units",)
    said = [notice.message for notice in notices(tmp_path / "b", "run")]
    assert said[0].startswith("Templates of some units only: global_average_pooling2d (20 of 40")
    assert said[1].startswith("No templates of conv2d, to stay within")
    fit(model, WeightTemplates(tmp_path / "c" / "run", layers="conv2d"), epochs=1)
    assert read(tmp_path / "c", "templates/conv2d", 1).omitted == ()
    everything = NNViz(tmp_path / "d" / "run", layers="conv2d", views=["templates"])
    fit(model, everything, epochs=1)
    assert read(tmp_path / "d", "templates/conv2d", 1).omitted == ("20 of 40 units",)


def test_an_operation_without_a_gradient_spares_the_other_layers(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    from tb_nnviz.model.linear.jacobian import UnitJacobian

    real = UnitJacobian.prepare

    def fail(self: Any, num_rows: int) -> int:
        if num_rows == 6:
            raise LookupError("gradient registry has no entry for: Strange")
        return real(self, num_rows)

    monkeypatch.setattr(UnitJacobian, "prepare", fail)
    fit(convolutional(), WeightTemplates(tmp_path / "run"), epochs=1)
    assert "templates/dense" not in LogReader(tmp_path).tags("run")
    assert "templates/dense_1" in LogReader(tmp_path).tags("run")
    [notice] = notices(tmp_path, "run")
    assert notice.layer == "dense"
    assert "gradients cannot be computed (gradient registry" in notice.message


def test_nnviz_logs_templates_with_a_directory_alone(tmp_path: Path) -> None:
    fit(convolutional(), NNViz(tmp_path / "run", class_names=NAMES), epochs=1)
    assert read(tmp_path, "templates/dense_1", 1).labels == {"unit": tuple(NAMES)}
    only = tmp_path / "only"
    fit(convolutional(), NNViz(only / "run", views=["templates"]), epochs=1)
    assert {tag.partition("/")[0] for tag in LogReader(only).tags("run")} == {"templates"}


def test_restored_weights_are_logged_again(tmp_path: Path) -> None:
    stopping = keras.callbacks.EarlyStopping(
        "loss", mode="max", patience=0, restore_best_weights=True
    )
    model = convolutional()
    fit(model, WeightTemplates(tmp_path / "run"), stopping, epochs=4)
    steps = LogReader(tmp_path).steps("run", "templates/dense_1")
    record = read(tmp_path, "templates/dense_1", steps[-1])
    assert record.moment is not None
    assert record.moment.phase == "restored"
    assert_logged(record, weight_templates(model).templates)


def test_training_is_bit_identical_and_so_is_the_next_name(tmp_path: Path) -> None:
    def train(*callbacks: Any) -> tuple[list[Any], Any, Any, str]:
        keras.backend.clear_session()
        keras.utils.set_random_seed(1)
        model = convolutional()
        history = fit(model, *callbacks)
        values = [keras.ops.convert_to_numpy(one).copy() for one in model.variables]
        return values, history.history, np.random.random(), layers.Dense(1).name  # noqa: NPY002

    bare, again = train(), train()
    x = np.random.default_rng(0).normal(size=(4, 12, 12, 3)).astype(np.float32)
    logged = train(
        WeightTemplates(tmp_path / "a"), WeightTemplates(tmp_path / "b", gate="samples", samples=x)
    )
    for other in (again, logged):
        assert bare[1:] == other[1:]
        assert all(np.array_equal(a, b) for a, b in zip(bare[0], other[0], strict=True))


def test_it_can_be_copied_and_pickled(tmp_path: Path) -> None:
    callback = WeightTemplates(tmp_path / "run", class_names=NAMES)
    fit(convolutional(), callback, epochs=1)
    for made in (copy.deepcopy(callback), pickle.loads(pickle.dumps(callback))):  # noqa: S301
        fit(convolutional(), made, epochs=1)


@pytest.mark.parametrize(
    ("arguments", "error", "words"),
    [
        ({"gate": "class"}, ValueError, "None or 'samples'; got 'class'"),
        ({"gate": "samples"}, TypeError, "`samples` argument must be"),
        ({"max_units": 0}, ValueError, "max_units"),
        ({"max_tile_side": 1.5}, TypeError, "max_tile_side"),
        ({"layers": []}, TypeError, "`layers` argument"),
        ({"class_names": "abc"}, TypeError, "`class_names` argument"),
        ({"samples": np.zeros((2, 3))}, ValueError, "with gate='samples' only"),
    ],
)
def test_mistakes_raise_in_the_constructor(
    arguments: dict[str, Any], error: type[Exception], words: str, tmp_path: Path
) -> None:
    with pytest.raises(error, match=words):
        WeightTemplates(tmp_path, **arguments)


def test_a_layer_that_does_not_exist_raises_before_training(tmp_path: Path) -> None:
    with pytest.raises(ValueError, match="matches no layer"):
        fit(convolutional(), WeightTemplates(tmp_path, layers="dens"))


def test_an_input_called_offset_loses_no_record_and_a_notice_says_its_tag(tmp_path: Path) -> None:
    inputs = [layers.Input((3,), name=name) for name in ("x", "offset")]
    model = keras.Model(inputs, layers.Dense(3, "softmax")(layers.Concatenate()(inputs)))
    fit(model, WeightTemplates(tmp_path / "run"))
    kernel = keras.ops.convert_to_numpy(model.layers[-1].kernel)
    assert_logged(read(tmp_path, "templates/dense/x"), kernel[:3].T)
    assert_logged(read(tmp_path, "templates/dense/offset_input"), kernel[3:].T)
    assert read(tmp_path, "templates/dense/offset").source.role == "offset"
    assert [
        "input 'offset' are logged as 'offset_input'" in notice.message
        for notice in notices(tmp_path, "run")
    ] == [True]


def test_only_units_of_the_output_that_the_samples_classes_are_of_are_labelled(
    tmp_path: Path,
) -> None:
    inputs = layers.Input((6,))
    heads = [layers.Dense(3, "softmax", name=name)(inputs) for name in ("first", "second")]
    model = keras.Model(inputs, heads)
    model.compile("adam", ["sparse_categorical_crossentropy"] * 2)
    x = np.random.default_rng(0).normal(size=(12, 6)).astype(np.float32)
    y = np.arange(12) % 3
    callback = NNViz(
        tmp_path / "run",
        validation_data=(x, {"first": np.linspace(0, 5, 12), "second": y}),
        class_names=NAMES,
    )
    model.fit(x, [y, y], epochs=1, verbose=0, callbacks=[callback])
    assert read(tmp_path, "templates/first", 1).labels == {}
    assert read(tmp_path, "templates/second", 1).labels == {"unit": tuple(NAMES)}
