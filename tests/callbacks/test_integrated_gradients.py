"""Attributions in a training: what is logged of which samples, with which proof."""

from __future__ import annotations

import copy
import pickle
from collections.abc import Callable
from pathlib import Path
from typing import Any

import keras
import numpy as np
import pytest
from keras import layers, ops
from numpy.typing import NDArray

from tb_nnviz import IntegratedGradients, LogReader, NNViz, TileArray, integrated_gradients
from tb_nnviz.analysis import attribution_planning
from tests.analysis import attribution_models as models
from tests.callbacks.test_real_models import mini_xception, onet
from tests.callbacks.test_steps import notices
from tests.conftest import Digits

MAP, INTERIOR = "attributions/integrated_gradients", "attributions/interior_gradients"
PATH, SCORES = "attributions/path_outputs", "attributions/scores"
SPREAD, BASELINES = "attributions/spread", "attributions/baselines"
RNG = np.random.default_rng(0)


def read(logdir: Path, tag: str, step: int | None = None, run: str = "run") -> TileArray:
    """A record; of the last step by default."""
    reader = LogReader(logdir)
    record = reader.read(run, tag, reader.steps(run, tag)[-1] if step is None else step)
    assert isinstance(record, TileArray)
    return record


def fit(model: Any, x: Any, y: Any, *callbacks: Any, epochs: int = 1) -> Any:
    """A short training, with whatever loss fits."""
    if not model.compiled:
        model.compile("sgd", loss_of(model, y))
    return model.fit(x, y, epochs=epochs, batch_size=8, verbose=0, callbacks=list(callbacks))


def loss_of(model: Any, y: Any) -> Any:
    if isinstance(y, (list, tuple)):
        return ["mse"] * len(y)
    is_class = np.asarray(y).dtype.kind in "iu" and model.output_shape[-1] > 1
    return "sparse_categorical_crossentropy" if is_class else "mse"


def conv_net() -> Any:
    keras.utils.set_random_seed(1)
    model = keras.Sequential(
        [
            keras.Input((28, 28, 1)),
            layers.Conv2D(4, 5, strides=2, activation="relu"),
            layers.Flatten(),
            layers.Dense(10, "softmax"),
        ]
    )
    model.compile("adam", "sparse_categorical_crossentropy")
    return model


@pytest.fixture(scope="module")
def trained(tmp_path_factory: pytest.TempPathFactory, digits: Digits) -> tuple[Path, Any]:
    """A log of two epochs, and the model as it was after them."""
    images, labels = digits
    logdir = tmp_path_factory.mktemp("attributions")
    callback = IntegratedGradients(
        logdir / "run",
        (images[500:512], labels[500:512]),
        class_names=[f"digit {index}" for index in range(10)],
    )
    model = conv_net()
    fit(model, images[:200, ..., None], labels[:200], callback, epochs=2)
    return logdir, model


def in_order_of_panel(digits: Digits) -> tuple[NDArray[Any], NDArray[Any]]:
    """The samples of `trained` as the panel sorts them: by class, in their order within one."""
    images, labels = digits[0][500:512], digits[1][500:512]
    order = np.argsort(labels, kind="stable")
    return images[order, ..., None], labels[order].astype(int)


def test_maps_and_their_proof_are_those_of_the_public_function(
    trained: tuple[Path, Any], digits: Digits
) -> None:
    logdir, model = trained
    images, labels = in_order_of_panel(digits)
    expected = integrated_gradients(
        model, images, targets=labels, tolerance=0.05, max_evaluations=129
    )
    record = read(logdir, MAP)
    assert record.axes == ("sample", "height", "width")
    span = np.ptp(expected.attributions, axis=(1, 2, 3), keepdims=True)[..., 0]
    # 16 bits over each tile's range, and float32 gradients in batches of another composition.
    error = np.abs(record.values - expected.attributions[..., 0])
    assert (error <= span / 130_000 + 1e-6).all()
    statistics = record.statistics
    for name, array in {
        "completeness_error": expected.completeness_error,
        "refinement_error": expected.refinement_error,
        "output_at_input": expected.output_at_inputs,
        "output_at_baseline": expected.output_at_baselines,
        "num_evaluations": expected.num_evaluations,
        "converged": expected.converged,
        "target": labels,
    }.items():
        np.testing.assert_allclose(statistics[name], array, rtol=1e-5, atol=1e-5, err_msg=name)
    np.testing.assert_allclose(
        statistics["attribution_sum"]
        - (statistics["output_at_input"] - statistics["output_at_baseline"]),
        expected.convergence_delta,
        atol=1e-5,
    )
    probabilities = model.predict(images, verbose=0)
    np.testing.assert_allclose(
        statistics["probability"], probabilities[np.arange(12), labels], atol=1e-5
    )
    np.testing.assert_array_equal(statistics["prediction"], probabilities.argmax(axis=1))
    np.testing.assert_allclose(
        read(logdir, PATH).values[:, 0], expected.path_outputs, rtol=1e-5, atol=1e-5
    )
    np.testing.assert_allclose(read(logdir, SCORES).values[:, 0], probabilities, atol=1e-5)


def test_every_step_has_them_from_before_training_on(trained: tuple[Path, Any]) -> None:
    logdir, _ = trained
    reader = LogReader(logdir)
    for tag in (MAP, INTERIOR, PATH, SCORES):
        assert reader.steps("run", tag) == [0, 1, 2]
    assert "change_since_start" in read(logdir, MAP).statistics


def test_records_say_what_is_explained_of_which_samples(trained: tuple[Path, Any]) -> None:
    logdir, _ = trained
    record = read(logdir, MAP)
    assert record.notes == ("logit of the label", "baseline zero", "tolerance 5 %")
    assert record.labels["sample"] == read(logdir, "samples", 0).labels["sample"]
    assert record.source.samples_digest == read(logdir, "samples", 0).source.samples_digest
    assert read(logdir, SCORES).labels["width"][3] == "digit 3"
    assert read(logdir, PATH).labels["width"][:3] == ("0", "0.0625", "0.125")


def test_the_integrand_is_logged_at_the_asked_places_and_averages_to_the_map(
    trained: tuple[Path, Any],
) -> None:
    logdir, _ = trained
    record = read(logdir, INTERIOR)
    assert record.axes == ("sample", "alpha", "height", "width")
    assert record.labels["alpha"] == ("0.0625", "0.125", "0.25", "0.5", "0.75", "1")
    maps = read(logdir, MAP).values
    # Trapezoids between the logged places, and the first as it is: a coarse integral.
    alphas = np.array([0, *map(float, record.labels["alpha"])])
    rows = np.concatenate([record.values[:, :1], record.values], axis=1)
    rough = np.trapezoid(rows, alphas, axis=1)
    # Where seven places stand for the path, a tenth of a kink between them is missed at most.
    assert np.linalg.norm(rough - maps) < 0.2 * np.linalg.norm(maps)


def test_labels_that_name_no_class_leave_the_prediction_to_be_explained(
    digits: Digits, tmp_path: Path
) -> None:
    images, labels = digits
    callback = IntegratedGradients(tmp_path / "run", images[500:504])
    fit(conv_net(), images[:64, ..., None], labels[:64], callback)
    record = read(tmp_path, MAP)
    np.testing.assert_array_equal(record.statistics["target"], record.statistics["prediction"])
    assert record.notes[0] == "logit of the predicted class"
    (notice,) = notices(tmp_path, "run")
    assert "The predicted class is explained instead of the label: the samples have no labels" in (
        notice.message
    )


def test_several_baselines_are_shown_once_with_their_spread_at_each_step(
    digits: Digits, tmp_path: Path
) -> None:
    images, labels = digits
    callback = IntegratedGradients(
        tmp_path / "run",
        (images[500:504], labels[500:504]),
        baselines=["zero", "blur", "mean"],
        output="probability",
    )
    fit(conv_net(), images[:64, ..., None], labels[:64], callback)
    reader = LogReader(tmp_path)
    assert reader.steps("run", SPREAD) == [0, 1]
    assert reader.steps("run", BASELINES) == [0]
    spread, baselines = read(tmp_path, SPREAD), read(tmp_path, BASELINES)
    assert spread.meaning == "non_negative"
    assert (spread.values >= 0).all()
    assert baselines.values.shape == (2, 4, 28, 28)
    assert baselines.labels["baseline"] == ("blur", "mean")
    mean = read(tmp_path, "samples", 0).values.mean(axis=0)
    np.testing.assert_allclose(baselines.values[1, 2], mean, atol=0.01)
    assert read(tmp_path, MAP).notes[:2] == (
        "probability of the label",
        "mean over baselines zero, blur, mean",
    )


def test_one_baseline_for_all_samples_is_shown_as_one_picture(
    digits: Digits, tmp_path: Path
) -> None:
    images, labels = digits
    callback = IntegratedGradients(
        tmp_path / "run", (images[500:504], labels[500:504]), baselines=images[0], alphas=()
    )
    fit(conv_net(), images[:64, ..., None], labels[:64], callback)
    assert read(tmp_path, BASELINES).values.shape == (1, 1, 28, 28)
    assert INTERIOR not in LogReader(tmp_path).tags("run")


def test_large_pictures_are_averaged_and_said_so(tmp_path: Path) -> None:
    keras.utils.set_random_seed(2)
    model = keras.Sequential(
        [
            keras.Input((96, 130, 3)),
            layers.Conv2D(2, 8, strides=8, activation="elu"),
            layers.Flatten(),
            layers.Dense(3, "softmax"),
        ]
    )
    x, y = RNG.random((16, 96, 130, 3)).astype(np.float32), RNG.integers(0, 3, 16)
    callback = IntegratedGradients(tmp_path / "run", x[:3], targets=[0, 1, 2], tolerance=0.01)
    fit(model, x, y, callback)
    record = read(tmp_path, MAP)
    assert record.values.shape == (3, 32, 44, 3)
    assert record.omitted == ("96×130 shown at 32×44",)
    whole = integrated_gradients(model, x[:3], targets=[0, 1, 2], tolerance=0.01)
    expected = whole.attributions[:, :96, :129].reshape(3, 32, 3, 43, 3, 3).mean(axis=(2, 4))
    np.testing.assert_allclose(
        record.values[:, :, :43], expected, atol=np.ptp(expected) / 30_000 + 1e-6
    )
    assert read(tmp_path, INTERIOR).values.shape == (3, 6, 32, 44, 3)


MODELS: dict[str, tuple[Callable[[], Any], Callable[[], Any], Callable[[], Any]]] = {
    "two inputs": (
        models.two_inputs,
        lambda: {"picture": RNG.random((16, 6, 6, 1)), "abacus": RNG.normal(size=(16, 4))},
        lambda: RNG.integers(0, 2, 16),
    ),
    "three outputs": (
        models.three_outputs,
        lambda: RNG.normal(size=(16, 6)),
        lambda: [RNG.random((16, 3)), RNG.random((16, 4)), RNG.random((16, 1))],
    ),
    "subclassed": (
        models.transformer,
        lambda: RNG.integers(1, 30, (16, 9)).astype(np.int32),
        lambda: RNG.integers(0, 4, 16),
    ),
    "embedding": (
        models.tokens,
        lambda: RNG.integers(1, 30, (16, 9)).astype(np.int32),
        lambda: RNG.integers(0, 3, 16),
    ),
    "mixed float16": (
        models.half_precision,
        lambda: RNG.random((16, 6, 6, 1)),
        lambda: RNG.integers(0, 3, 16),
    ),
    # Of other people: separable convolutions with BatchNormalization, and PReLU with three outputs.
    "mini Xception": (
        mini_xception,
        lambda: RNG.random((16, 64, 64, 1)),
        lambda: RNG.integers(0, 7, 16),
    ),
    "face detector": (
        onet,
        lambda: RNG.random((16, 48, 48, 3)),
        lambda: [RNG.random((16, 4)), RNG.random((16, 10)), RNG.random((16, 2))],
    ),
    "bytes": (
        models.bytes_rescaled,
        lambda: RNG.integers(0, 256, (16, 6, 6, 1)).astype(np.uint8),
        lambda: RNG.integers(0, 3, 16),
    ),
}


@pytest.mark.parametrize("kind", MODELS)
def test_models_of_many_kinds_are_explained_in_a_fit(kind: str, tmp_path: Path) -> None:
    make_model, make_inputs, make_targets = MODELS[kind]
    model, x, y = make_model(), make_inputs(), make_targets()
    loss = "sparse_categorical_crossentropy" if not isinstance(y, list) else ["mse"] * len(y)
    model.compile("adam", loss)
    data = (x, y)
    fit(model, x, y, IntegratedGradients(tmp_path / "run", data, on_error="raise"))
    tags = [tag for tag in LogReader(tmp_path).tags("run") if tag.startswith(MAP)]
    assert len(tags) == (2 if kind == "two inputs" else 1)
    for tag in tags:
        record = read(tmp_path, tag)
        assert record.values.shape[0] == 16
        assert record.statistics["converged"].mean() >= 0.9
        assert np.isfinite(record.values).all()
    # Of several inputs the figures are over all.
    sums = [read(tmp_path, tag).values.reshape(16, -1).sum(axis=1) for tag in tags]
    np.testing.assert_allclose(
        np.sum(sums, axis=0), read(tmp_path, tags[0]).statistics["attribution_sum"], atol=2e-3
    )


@pytest.mark.filterwarnings("ignore:Gradients do not exist for variables")
def test_what_has_no_gradient_or_is_not_finite_is_flagged_and_training_goes_on(
    tmp_path: Path,
) -> None:
    argmax = models.through_argmax()
    x, y = RNG.normal(size=(16, 4)).astype(np.float32), RNG.normal(size=(16, 3))
    history = fit(argmax, x, y, IntegratedGradients(tmp_path / "argmax", x[:4], on_error="raise"))
    assert len(history.history["loss"]) == 1
    no_gradient = read(tmp_path, MAP, run="argmax").statistics
    assert (no_gradient["flags"].astype(int) & 4 == 4).all()
    assert not no_gradient["converged"].any()

    broken = models.linear()
    broken.layers[-1].set_weights([np.full((6, 3), np.nan), np.zeros(3)])
    x6 = RNG.normal(size=(16, 6)).astype(np.float32)
    fit(broken, x6, RNG.integers(0, 3, 16), IntegratedGradients(tmp_path / "nan", x6[:4]))
    assert (read(tmp_path, MAP, run="nan").statistics["flags"] == 8).all()


def test_text_alone_has_no_attributions_and_a_notice_says_why(tmp_path: Path) -> None:
    words = layers.StringLookup(vocabulary=["a", "b"])
    text = keras.Input((3,), dtype="string")
    model = keras.Model(text, layers.Dense(2)(ops.cast(words(text), "float32")))
    x = np.array([["a", "b", "a"]] * 8, dtype=object)
    fit(
        model,
        keras.ops.convert_to_tensor(x),
        RNG.normal(size=(8, 2)),
        IntegratedGradients(tmp_path / "run", keras.ops.convert_to_tensor(x), on_error="raise"),
    )
    messages = " ".join(one.message for one in notices(tmp_path, "run"))
    assert "it holds text, which no gradient passes" in messages
    assert "There are no attributions to show of this model" in messages


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        ({"targets": 10}, "indices from 0 to 9"),
        ({"targets": [1, 2]}, "one index for each of 4 samples"),
        ({"targets": lambda scores: scores}, "one value a sample"),
        ({"baselines": np.zeros((5, 5))}, r"must hold numbers of shape \(28, 28\)"),
        ({"output_name": "boxes"}, "`output_name` argument must be the name of an output"),
    ],
)
def test_what_does_not_fit_the_model_raises_before_training(
    arguments: dict[str, Any], words: str, digits: Digits, tmp_path: Path
) -> None:
    images, labels = digits
    model = conv_net()
    before = [weight.copy() for weight in model.get_weights()]
    callback = IntegratedGradients(tmp_path / "run", images[500:504], **arguments)
    with pytest.raises(ValueError, match=words):
        fit(model, images[:64, ..., None], labels[:64], callback)
    for weight, kept in zip(model.get_weights(), before, strict=True):
        np.testing.assert_array_equal(weight, kept)


@pytest.mark.parametrize("name", ["targets", "baselines"])
def test_arguments_in_the_order_of_samples_that_the_panel_has_in_another_are_refused(
    name: str, digits: Digits, tmp_path: Path
) -> None:
    images, labels = digits
    for data, count in (((images[500:504], labels[500:504]), 4), (images[500:600], 100)):
        given: dict[str, Any] = {
            name: np.zeros(count, int) if name == "targets" else images[:count]
        }
        callback = IntegratedGradients(tmp_path / "run", data, **given)
        with pytest.raises(ValueError, match=f"`{name}` argument has an entry for each sample"):
            fit(conv_net(), images[:64, ..., None], labels[:64], callback)


def test_a_baseline_for_each_sample_is_the_samples_own(digits: Digits, tmp_path: Path) -> None:
    images, labels = digits
    samples = images[500:504]
    callback = IntegratedGradients(tmp_path / "run", samples, baselines=samples)
    fit(conv_net(), images[:64, ..., None], labels[:64], callback)
    assert not read(tmp_path, MAP).values.any()


def test_nnviz_says_why_an_output_is_not_explained_and_goes_on(tmp_path: Path) -> None:
    model = keras.Sequential([keras.Input((40, 40, 1)), layers.Conv2D(2, 3, padding="same")])
    x = RNG.random((16, 40, 40, 1)).astype(np.float32)
    model.compile("sgd", "mse")
    callback = NNViz(tmp_path / "run", validation_data=(x, np.zeros((16, 40, 40, 2))))
    fit(model, x, np.zeros((16, 40, 40, 2)), callback)
    assert "activations/conv2d" in LogReader(tmp_path).tags("run")
    assert MAP not in LogReader(tmp_path).tags("run")
    messages = " ".join(one.message for one in notices(tmp_path, "run"))
    assert "Attributions are not shown: the output has 40×40×2 values a sample" in messages


@pytest.mark.parametrize(
    ("arguments", "error", "words"),
    [
        ({"samples": None}, TypeError, "`samples` argument must be"),
        ({"targets": "truth"}, ValueError, "or 'label'; got 'truth'"),
        ({"baselines": "black"}, ValueError, "`baselines` argument must be"),
        ({"output": "score"}, ValueError, "`output` argument must be one of"),
        ({"tolerance": 5}, ValueError, "a share between 0 and 1"),
        ({"max_evaluations": 10}, ValueError, "must be 17 or more"),
        ({"alphas": (0.3,)}, ValueError, r"multiples of 1/16.*got \[0\.3\]"),
        ({"alphas": (2.0,)}, ValueError, "a number from 0 to 1"),
        ({"on_error": "ignore"}, ValueError, "`on_error` argument must be one of"),
    ],
)
def test_a_mistake_in_an_argument_raises_in_the_constructor(
    arguments: dict[str, Any], error: type[Exception], words: str, tmp_path: Path
) -> None:
    with pytest.raises(error, match=words):
        IntegratedGradients(tmp_path / "run", **{"samples": np.zeros((4, 2)), **arguments})


def test_nnviz_keeps_to_the_time_of_a_step_by_fewer_gradients_and_then_fewer_samples(
    digits: Digits, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    images, labels = digits
    data = (images[500:600], labels[500:600])
    # Of 5 s, 16 samples may take 5 / 16 / 0.005 = 62 gradients each; at 0.03 s, 33 for 5 of them.
    seconds = {"fewer gradients": 0.005, "fewer samples": 0.03, "none": 1.0}
    for run, each in seconds.items():
        monkeypatch.setattr(attribution_planning, "measure_node", lambda *_, each=each: each)
        callback = NNViz(tmp_path / run, validation_data=data, views=["attributions"])
        fit(conv_net(), images[:64, ..., None], labels[:64], callback)
    said = {run: " ".join(one.message for one in notices(tmp_path, run)) for run in seconds}
    assert read(tmp_path, MAP, run="fewer gradients").values.shape == (16, 28, 28)
    assert "Samples are explained with at most 62 gradients each" in said["fewer gradients"]
    record = read(tmp_path, MAP, run="fewer samples")
    assert record.values.shape == (5, 28, 28)
    assert record.omitted == ("5 of 16 samples",)
    assert (record.statistics["num_evaluations"] <= 33).all()
    assert read(tmp_path, SCORES, run="fewer samples").values.shape == (5, 1, 10)
    assert "The first 5 of 16 samples are explained with at most 33" in said["fewer samples"]
    assert "Attributions are not shown: they would take about 33 s" in said["none"]
    assert MAP not in LogReader(tmp_path).tags("none")


def test_a_regression_is_explained_by_its_value_and_nothing_is_said_of_classes(
    tmp_path: Path,
) -> None:
    keras.utils.set_random_seed(3)
    model = keras.Sequential([keras.Input((6,)), layers.Dense(4, "tanh"), layers.Dense(1)])
    x, y = RNG.normal(size=(16, 6)).astype(np.float32), RNG.normal(size=(16, 1))
    fit(model, x, y, IntegratedGradients(tmp_path / "run", (x, y)))
    record = read(tmp_path, MAP)
    assert record.notes[0] == "output"
    assert np.isnan(record.statistics["target"]).all()
    assert np.isnan(record.statistics["prediction"]).all()
    np.testing.assert_allclose(
        record.statistics["output_at_input"], model.predict(x, verbose=0)[:, 0], atol=1e-5
    )
    assert notices(tmp_path, "run") == []


def test_of_several_values_one_is_explained_and_none_is_called_a_class(tmp_path: Path) -> None:
    keras.utils.set_random_seed(3)
    model = keras.Sequential([keras.Input((6,)), layers.Dense(4, "tanh"), layers.Dense(3)])
    x, y = RNG.normal(size=(16, 6)).astype(np.float32), RNG.normal(size=(16, 3))
    model.compile("sgd", "mse")
    fit(model, x, y, IntegratedGradients(tmp_path / "run", (x, y)))
    fit(model, x, y, IntegratedGradients(tmp_path / "one", (x, y), targets=2))
    record = read(tmp_path, MAP)
    assert np.isnan(record.statistics["prediction"]).all()
    assert record.statistics["target"].shape == (16,)
    assert set(record.statistics["target"]) <= {0, 1, 2}
    assert record.notes[0] == "output with the greatest value"
    assert "class" not in " ".join(record.notes)
    (notice,) = notices(tmp_path, "run")
    assert notice.message == (
        "Of 3 output values that are no classes the greatest is explained of each sample; "
        "targets= chooses another."
    )
    one = read(tmp_path, MAP, run="one")
    assert one.notes[0] == "output 2"
    assert notices(tmp_path, "one") == []
    np.testing.assert_array_equal(one.statistics["target"], 2)


def test_several_labels_of_a_sample_leave_its_prediction(tmp_path: Path) -> None:
    keras.utils.set_random_seed(3)
    model = keras.Sequential([keras.Input((6,)), layers.Dense(3)])
    x, y = RNG.normal(size=(16, 6)).astype(np.float32), RNG.integers(0, 2, (16, 3))
    y[0] = 1
    model.compile("sgd", keras.losses.BinaryCrossentropy(from_logits=True))
    fit(model, x, y, IntegratedGradients(tmp_path / "run", (x, y)))
    assert not np.isnan(read(tmp_path, MAP).statistics["prediction"]).any()


def test_two_callbacks_on_one_log_do_not_mix_their_explanations(
    digits: Digits, tmp_path: Path
) -> None:
    images, labels = digits
    data = (images[500:520], labels[500:520])
    several = IntegratedGradients(tmp_path / "run", data, baselines=["zero", "blur"])
    every = NNViz(tmp_path / "run", validation_data=data, views=["attributions"])
    fit(conv_net(), images[:64, ..., None], labels[:64], every, several)
    tags = LogReader(tmp_path).tags("run")
    assert MAP in tags
    assert not {SPREAD, BASELINES} & set(tags)


def test_labels_of_another_output_do_not_stand_beside_what_this_one_predicts(
    tmp_path: Path,
) -> None:
    model = models.three_outputs()
    x = RNG.normal(size=(16, 6)).astype(np.float32)
    y = {"kind": RNG.integers(0, 3, 16), "box": RNG.random((16, 4)), "smiles": RNG.random((16, 1))}
    model.compile("sgd", {"kind": "sparse_categorical_crossentropy", "box": "mse", "smiles": "mse"})
    fit(model, x, y, IntegratedGradients(tmp_path / "run", (x, y), output_name="smiles"))
    record = read(tmp_path, MAP)
    assert "sample" not in record.labels
    assert record.notes[0] == "logit of the predicted class in 'smiles'"
    own = IntegratedGradients(tmp_path / "own", (x, y))
    fit(model, x, y, own)
    assert read(tmp_path, MAP, run="own").notes[0] == "logit of the label in 'kind'"


def test_text_in_a_dataset_trains_and_a_notice_says_why_nothing_is_explained(
    tmp_path: Path,
) -> None:
    import tensorflow as tf

    words = layers.StringLookup(vocabulary=["a", "b"])
    text = keras.Input((3,), dtype="string")
    model = keras.Model(text, layers.Dense(2)(ops.cast(words(text), "float32")))
    model.compile("sgd", "mse")
    x = tf.constant([["a", "b", "a"]] * 8)
    trained_on = tf.data.Dataset.from_tensor_slices((x, np.zeros((8, 2)))).batch(4)
    validation = tf.data.Dataset.from_tensor_slices((x, np.zeros((8, 2)))).batch(4)
    for run, data in (("dataset", validation), ("tensor", (x, np.zeros((8, 2))))):
        model.fit(
            trained_on,
            shuffle=False,
            verbose=0,
            callbacks=[NNViz(tmp_path / run, validation_data=data)],
        )
        messages = " ".join(one.message for one in notices(tmp_path, run))
        assert "it holds text, which no gradient passes" in messages


def test_a_budget_leaves_places_on_the_path_out_and_never_samples(
    digits: Digits, tmp_path: Path
) -> None:
    images, labels = digits
    data = (images[500:600], labels[500:600])
    # A step of 16 maps and 6 integrands each in 16 bits is some 180 KB.
    callback = NNViz(
        tmp_path / "run", validation_data=data, views=["attributions"], budget_bytes=300_000
    )
    fit(conv_net(), images[:64, ..., None], labels[:64], callback)
    record = read(tmp_path, INTERIOR)
    assert record.labels["alpha"] == ("0.0625", "0.25", "0.5", "1")
    assert read(tmp_path, MAP).values.shape == (16, 28, 28)
    assert any("To stay within budget_bytes" in one.message for one in notices(tmp_path, "run"))


def test_copies_and_pickles_have_the_arguments_and_nothing_of_a_fit(
    digits: Digits, tmp_path: Path
) -> None:
    images, labels = digits
    callback = IntegratedGradients(tmp_path / "run", images[500:504], baselines=["zero", "mean"])
    fit(conv_net(), images[:64, ..., None], labels[:64], callback)
    pickled = pickle.loads(pickle.dumps(callback))  # noqa: S301 - of our own making
    for number, other in enumerate((copy.deepcopy(callback), pickled)):
        other._settings = type(other._settings)(
            **{**vars(other._settings), "log_dir": str(tmp_path / f"copy {number}")}
        )
        fit(conv_net(), images[:64, ..., None], labels[:64], other)
        assert LogReader(tmp_path).steps(f"copy {number}", SPREAD) == [0, 1]
