"""Records of activations: axes, limits, shares of zeros and notices, against NumPy."""

from __future__ import annotations

from typing import Any

import keras
import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from keras import layers
from numpy.typing import NDArray

from tb_nnviz import TileArray
from tb_nnviz.analysis.activation_tiles import (
    ActivationOptions,
    ActivationTilesPlan,
    plan_activations,
)
from tb_nnviz.analysis.layer_activations import layer_activations
from tb_nnviz.model.layers import list_layers
from tb_nnviz.model.reduction import average_blocks, keep_leading, share_of_zeros
from tb_nnviz.model.sample_panel import SamplePanel
from tb_nnviz.numerics.tile_limits import average_over_blocks
from tests.analysis.models import MODELS

CONTAINING = "Layers whose output is that of their last inner layer are shown by that one"
PASSING = "Layers that only pass their input on are not shown, unless `layers` names them"
WHOLE = ActivationOptions(max_channels=4096, max_tile_side=4096)


def make_panel(inputs: Any, labels: tuple[str, ...] | None = None) -> SamplePanel:
    return SamplePanel(inputs, labels, None, None, "digest", ("a note",))


def read_records(plan: ActivationTilesPlan) -> dict[str, TileArray]:
    records = dict(plan.build_records(plan.collect()))
    assert tuple(records) == plan.tags
    return records


def noise(*shape: int) -> NDArray[np.float32]:
    return np.random.default_rng(0).normal(size=shape).astype(np.float32)


def maps_model() -> Any:
    inputs = layers.Input((12, 10, 3))
    maps = layers.Conv2D(6, 3, activation="relu")(inputs)
    flat = layers.Dropout(0.5)(layers.Flatten()(layers.MaxPooling2D()(maps)))
    return keras.Model(inputs, layers.Dense(70, "softmax")(flat))


def assert_within_uint8(record: TileArray, values: NDArray[Any]) -> None:
    """Half a step of the 253 codes over a tile's range, and the rounding of float32."""
    tiles = values.reshape(record.tiles().shape)
    spread = tiles.max(axis=1) - tiles.min(axis=1)
    bound = spread / 500 + 1e-5 * (1 + np.abs(tiles).max(axis=1))
    assert (np.abs(record.tiles() - tiles).max(axis=1) <= bound).all()


def test_maps_and_vectors_are_whole_where_the_limits_allow_it() -> None:
    model, images = maps_model(), noise(5, 12, 10, 3)
    labels = ("7", "2", "1", "0", "4")
    plan = plan_activations(model, make_panel(images, labels), None, WHOLE)
    records = read_records(plan)
    exact = layer_activations(model, images, pre_activations=True)
    assert list(records) == [
        "activations/conv2d/pre_activation",
        "activations/conv2d",
        "activations/max_pooling2d",
        "activations/dense/pre_activation",
        "activations/dense",
    ]
    for tag, record in records.items():
        values = exact[tag.removeprefix("activations/")]
        if values.ndim == 4:
            values = values.transpose(0, 3, 1, 2)
            assert record.axes == ("sample", "channel", "height", "width")
            assert record.represents == {}
        else:
            values = values[:, None, :]
            assert record.axes == ("sample", "height", "width")
            assert record.represents == {"width": "unit"}
            assert record.precision == "float32"
        assert record.full_shape == values.shape
        assert record.omitted == ()
        np.testing.assert_allclose(record.values, values, rtol=1e-4, atol=1e-5)
        height = record.axes.index("height")
        zeros = (values == 0).mean(axis=tuple(range(height, values.ndim)))
        np.testing.assert_allclose(record.statistics["zero_fraction"], zeros, atol=1e-6)
        assert record.labels == {"sample": labels}
        assert record.notes == ()  # what is to be known of the samples is said with them
        assert record.source.samples_digest == "digest"
        is_before = tag.endswith("/pre_activation")
        assert record.source.role == ("pre_activation" if is_before else "output")
    assert records["activations/conv2d"].source.layer_path == "conv2d"
    assert records["activations/conv2d"].source.layer_type == "Conv2D"
    assert records["activations/conv2d"].precision == "uint8"
    meanings = [record.meaning for record in records.values()]
    assert meanings == ["signed", "non_negative", "non_negative", "signed", "non_negative"]


def test_channels_are_cut_and_cells_averaged_as_the_numerics_do_it() -> None:
    model, images = maps_model(), noise(5, 12, 10, 3)
    plan = plan_activations(model, make_panel(images), ["conv2d"], ActivationOptions(4, 4))
    record = read_records(plan)["activations/conv2d"]
    exact = layer_activations(model, images)["conv2d"].transpose(0, 3, 1, 2)
    # 10×8 at a side of at most 4: three rows and three columns become one.
    averaged = average_over_blocks(exact[:, :4], 3, 3, 2)
    np.testing.assert_allclose(record.values, averaged, rtol=1e-5, atol=1e-6)
    assert record.omitted == ("4 of 6 channels", "10×8 shown at 4×3")
    assert record.full_shape == (5, 6, 10, 8)
    # Counted before averaging.
    zeros = (exact[:, :4] == 0).mean(axis=(2, 3))
    np.testing.assert_allclose(record.statistics["zero_fraction"], zeros, atol=1e-6)
    assert record.labels == {}


def test_a_dead_channel_has_only_zeros_in_every_sample() -> None:
    model = maps_model()
    kernel, bias = model.layers[1].get_weights()
    kernel[..., 2], bias[2] = 0, -1
    model.layers[1].set_weights([kernel, bias])
    plan = plan_activations(model, make_panel(noise(5, 12, 10, 3)), None, ActivationOptions())
    zeros = read_records(plan)["activations/conv2d"].statistics["zero_fraction"]
    assert (zeros == 1).all(axis=0).tolist() == [False, False, True, False, False, False]


def test_fewer_channels_or_tags_are_logged_where_the_plan_is_limited() -> None:
    model, images = maps_model(), noise(5, 12, 10, 3)
    plan = plan_activations(model, make_panel(images), None, ActivationOptions())
    fewer = plan.with_max_channels(2).without(["activations/max_pooling2d"])
    assert [tag for tag in plan.tags if tag not in fewer.tags] == ["activations/max_pooling2d"]
    all_records, records = read_records(plan), read_records(fewer)
    for tag, record in records.items():
        if "conv2d" in tag:
            assert record.values.shape[:2] == (5, 2)
            np.testing.assert_array_equal(record.values, all_records[tag].values[:, :2])
        else:
            np.testing.assert_array_equal(record.values, all_records[tag].values)
    assert fewer.estimate_bytes(2) < plan.estimate_bytes(2) < plan.estimate_bytes(64)
    assert plan.without(plan.tags).collect() == []


def test_the_weights_of_the_moment_are_those_that_count() -> None:
    model, images = maps_model(), noise(5, 12, 10, 3)
    plan = plan_activations(model, make_panel(images), ["dense"], ActivationOptions())
    before = read_records(plan)["activations/dense"]
    model.layers[-1].set_weights([np.zeros((120, 70)), np.zeros(70)])
    after = read_records(plan)["activations/dense"]
    assert np.ptp(before.values) > 0
    np.testing.assert_allclose(after.values, 1 / 70, rtol=1e-6)


def test_records_do_not_change_with_what_is_collected_after() -> None:
    model, images = maps_model(), noise(5, 12, 10, 3)
    plan = plan_activations(model, make_panel(images), None, ActivationOptions())
    arrays = plan.collect()
    copies = [array.copy() for array in arrays]
    model.layers[1].set_weights([array + 1 for array in model.layers[1].get_weights()])
    plan.collect()
    for array, copy in zip(arrays, copies, strict=True):
        assert array.flags.owndata
        np.testing.assert_array_equal(array, copy)


@pytest.mark.parametrize(
    ("layer", "shape", "axes", "represents", "full_shape"),
    [
        (layers.Conv1D(4, 3), (9, 2), "s h w", {"height": "step", "width": "channel"}, (7, 4)),
        (layers.Conv3D(4, 2), (5, 6, 7, 1), "s channel depth h w", {}, (4, 4, 5, 6)),
        (
            layers.ConvLSTM2D(4, 3, return_sequences=True),
            (3, 6, 7, 2),
            "s channel step h w",
            {},
            (4, 3, 4, 5),
        ),
        (layers.ConvLSTM2D(4, 3), (3, 6, 7, 2), "s channel h w", {}, (4, 4, 5)),
        (
            layers.ConvLSTM1D(4, 3, return_sequences=True),
            (3, 6, 2),
            "s channel h w",
            {"height": "step", "width": "position"},
            (4, 3, 4),
        ),
        (
            layers.TimeDistributed(layers.Conv2D(4, 3)),
            (3, 6, 7, 2),
            "s channel step h w",
            {},
            (4, 3, 4, 5),
        ),
        (layers.Dense(4), (6, 7, 2), "s channel h w", {}, (4, 6, 7)),
        (
            layers.ZeroPadding2D(1, data_format="channels_first"),
            (2, 5, 6),
            "s channel h w",
            {},
            (2, 7, 8),
        ),
        (layers.Lambda(lambda values: values[:, 0]), (3,), "s h w", {"width": "unit"}, (1, 1)),
    ],
)
def test_axes_are_named_for_what_they_are(
    layer: Any,
    shape: tuple[int, ...],
    axes: str,
    represents: dict[str, str],
    full_shape: tuple[int, ...],
) -> None:
    model = keras.Sequential([layers.Input(shape), layer])
    samples = noise(3, *shape)
    plan = plan_activations(model, make_panel(samples), None, ActivationOptions())
    (record,) = read_records(plan).values()
    names = axes.split()
    for short, name in (("s", "sample"), ("h", "height"), ("w", "width")):
        names = [name if each == short else each for each in names]
    assert record.axes == tuple(names)
    assert record.represents == represents
    assert record.full_shape == (3, *full_shape)
    (exact,) = layer_activations(model, samples, layers=model.layers[0].name).values()
    np.testing.assert_allclose(np.sort(record.values, None), np.sort(exact, None), atol=1e-5)


def test_attention_is_shown_by_head_with_its_queries_and_keys() -> None:
    model = MODELS["transformer"]()
    tokens = np.random.default_rng(0).integers(0, 20, (3, 9))
    plan = plan_activations(model, make_panel(tokens), None, ActivationOptions())
    records = read_records(plan)
    scores = records["activations/multi_head_attention/softmax"]
    assert scores.axes == ("sample", "head", "height", "width")
    assert scores.represents == {"height": "query", "width": "key"}
    assert scores.meaning == "non_negative"
    np.testing.assert_allclose(scores.values.sum(axis=-1), 1, atol=0.02)  # nine cells of uint8
    query = records["activations/multi_head_attention/query"]
    exact = layer_activations(model, tokens)["multi_head_attention/query"]
    np.testing.assert_allclose(query.values, exact.transpose(0, 2, 1, 3), atol=1e-5)
    messages = [notice.message for notice in plan.notices]
    assert messages == [
        f"{CONTAINING} (multi_head_attention).",
        f"{PASSING} (input_layer, multi_head_attention/dropout, dropout).",
    ]


def test_depth_slices_are_kept_before_channels() -> None:
    model = keras.Sequential([layers.Input((5, 6, 7, 1)), layers.Conv3D(4, 2)])
    samples = noise(3, 5, 6, 7, 1)
    plan = plan_activations(model, make_panel(samples), None, ActivationOptions(max_channels=9))
    (record,) = read_records(plan).values()
    # Nine tiles a sample: all four slices, of two channels.
    assert record.values.shape == (3, 2, 4, 5, 6)
    assert record.omitted == ("2 of 4 channels",)


def test_of_a_sequence_the_first_channels_are_kept_and_steps_averaged() -> None:
    model = keras.Sequential([layers.Input((9, 2)), layers.Conv1D(6, 1)])
    samples = noise(3, 9, 2)
    plan = plan_activations(model, make_panel(samples), None, ActivationOptions(4, 5))
    (record,) = read_records(plan).values()
    exact = layer_activations(model, samples)["conv1d"]
    np.testing.assert_allclose(
        record.values, average_over_blocks(exact[..., :4], 2, 1, 1), atol=1e-5
    )
    assert record.omitted == ("4 of 6 channels", "9×4 shown at 5×4")


def test_what_is_not_shown_of_itself_is_shown_where_it_is_named() -> None:
    model, images = maps_model(), noise(2, 12, 10, 3)
    plan = plan_activations(model, make_panel(images), ["flatten", "dropout"], WHOLE)
    assert plan.tags == ("activations/flatten", "activations/dropout")
    assert plan.notices == ()


def test_layers_in_loops_share_one_notice() -> None:
    model = MODELS["recurrent"]()
    plan = plan_activations(model, make_panel(noise(2, 7, 4)), None, ActivationOptions())
    (notice,) = plan.notices
    assert notice.view == "activations"
    assert notice.message.startswith("Not shown, since it is called for each step of another layer")
    assert notice.message.endswith(
        "gru/gru_cell, rnn/stacked_rnn_cells, rnn/stacked_rnn_cells/lstm_cell and 3 more)."
    )


def test_what_makes_no_tiles_has_a_notice_with_its_layer() -> None:
    model = keras.Sequential([layers.Input((4,)), layers.Reshape((1, 2, 1, 2, 1)), layers.ReLU()])
    plan = plan_activations(model, make_panel(noise(2, 4)), None, ActivationOptions())
    assert plan.tags == ()
    assert [(notice.layer, notice.message) for notice in plan.notices] == [
        ("re_lu", "Not shown, since the output has 5 axes, which make no tiles (re_lu)."),
        ("reshape", f"{PASSING} (reshape)."),
        ("", "There are no activations to show of this model."),
    ]


def test_samples_the_model_does_not_accept_and_unknown_layers_are_refused() -> None:
    model = maps_model()
    with pytest.raises(ValueError, match="does not accept the inputs"):
        plan_activations(model, make_panel(noise(2, 4, 4, 3)), None, ActivationOptions())
    with pytest.raises(ValueError, match="matches no layer"):
        plan_activations(model, make_panel(noise(2, 12, 10, 3)), ["konv"], ActivationOptions())


@pytest.mark.parametrize(
    ("layer", "meaning"),
    [
        (layers.Dense(3, "relu"), "non_negative"),
        (layers.Dense(3, "softplus"), "non_negative"),
        (layers.Dense(3, "elu"), "signed"),
        (layers.Dense(3, layers.ReLU()), "non_negative"),
        (layers.Dense(3, layers.LeakyReLU()), "signed"),
        (layers.ReLU(), "non_negative"),
        (layers.ReLU(negative_slope=0.1), "signed"),
        (layers.Activation("sigmoid"), "non_negative"),
        (layers.Activation("tanh"), "signed"),
        (layers.Softmax(), "non_negative"),
        (layers.LSTM(3), "signed"),
    ],
)
def test_values_count_as_non_negative_only_where_the_layer_guarantees_it(
    layer: Any, meaning: str
) -> None:
    shape = (4, 2) if isinstance(layer, layers.LSTM) else (4,)
    model = keras.Sequential([layers.Input(shape), layer])
    plan = plan_activations(model, make_panel(noise(2, *shape)), None, ActivationOptions())
    records = read_records(plan)
    path = layer.name.rstrip("_0123456789")
    assert records[f"activations/{path}"].meaning == meaning
    assert set(records) <= {f"activations/{path}", f"activations/{path}/pre_activation"}


class Shifting(layers.MaxPooling2D):
    def call(self, inputs: Any) -> Any:
        return super().call(inputs) - 1


class Pooled(keras.Model):
    """Subclassed: only its calls tell what gives what to what."""

    def __init__(self) -> None:
        super().__init__()
        self.maps = layers.Conv2D(2, 3)
        self.pool = layers.MaxPooling2D()

    def call(self, inputs: Any) -> Any:
        return self.pool(keras.ops.relu(self.maps(inputs)))


def after(*steps: Any) -> Any:
    return keras.Sequential([layers.Input((8, 8, 2)), *steps])


def joined(join: Any, *activations: str) -> Any:
    inputs = layers.Input((8, 8, 2))
    parts = [layers.Conv2D(2, 3, activation=each)(inputs) for each in activations]
    return keras.Model(inputs, join(parts))


RELU = ("relu", "relu")
BESIDE = ("relu", "tanh")


@pytest.mark.parametrize(
    ("make", "meaning"),
    [
        (lambda: after(layers.Conv2D(2, 3), layers.MaxPooling2D()), "signed"),
        (lambda: after(layers.Conv2D(2, 3, activation="tanh"), layers.MaxPooling2D()), "signed"),
        (lambda: after(layers.ReLU(), layers.AveragePooling2D(2)), "non_negative"),
        (lambda: after(layers.ReLU(), layers.GlobalMaxPooling2D()), "non_negative"),
        (lambda: after(layers.ReLU(), layers.Dropout(0.5), layers.Flatten()), "non_negative"),
        (lambda: after(layers.ReLU(), after(layers.MaxPooling2D())), "non_negative"),
        (lambda: after(layers.ReLU(), layers.UpSampling2D()), "non_negative"),
        (lambda: after(layers.ReLU(), layers.UpSampling2D(interpolation="bicubic")), "signed"),
        (lambda: after(layers.ReLU(), layers.Conv2D(2, 3), layers.MaxPooling2D()), "signed"),
        (lambda: after(layers.ReLU(), layers.BatchNormalization()), "signed"),
        (lambda: after(layers.ReLU(), Shifting()), "signed"),
        (lambda: joined(layers.Add(), *RELU), "non_negative"),
        (lambda: joined(layers.Concatenate(), *RELU), "non_negative"),
        (lambda: joined(layers.Add(), *BESIDE), "signed"),
        (lambda: joined(layers.Subtract(), *RELU), "signed"),
    ],
)
def test_what_only_hands_on_values_that_are_never_negative_is_never_negative(
    make: Any, meaning: str
) -> None:
    model = make()
    last = list_layers(model)[-1].path
    # Also where the layer is looked at alone.
    for chosen in (["*"], [last]):
        plan = plan_activations(model, make_panel(noise(3, 8, 8, 2)), chosen, WHOLE)
        records = read_records(plan)
        record = records[f"activations/{last}"]
        assert record.meaning == meaning
        assert meaning == "signed" or record.values.min() >= 0


def test_a_function_between_layers_counts_as_well() -> None:
    model, images = Pooled(), noise(3, 8, 8, 2)
    model(images)
    records = read_records(plan_activations(model, make_panel(images), None, WHOLE))
    meanings = {tag: record.meaning for tag, record in records.items()}
    assert meanings == {
        "activations/conv2d": "signed",
        "activations/max_pooling2d": "non_negative",
    }


@settings(max_examples=40, deadline=None)
@given(
    shape=st.tuples(*[st.integers(1, 9)] * 4),
    factors=st.tuples(st.integers(1, 5), st.integers(1, 5)),
    kept=st.integers(1, 9),
    special=st.sampled_from([0.0, np.nan, np.inf, -np.inf]),
)
def test_reducing_a_tensor_equals_reducing_an_array(
    shape: tuple[int, ...], factors: tuple[int, int], kept: int, special: float
) -> None:
    values = noise(*shape)
    values.reshape(-1)[:: max(1, values.size // 3)] = special
    tensor = keras.ops.convert_to_tensor(values)
    leading = keep_leading(tensor, (*shape[:3], kept))
    reduced = average_blocks(leading, (1, *factors, 1))
    cut = values[..., :kept]
    expected = average_over_blocks(cut, *factors, 1)
    np.testing.assert_allclose(keras.ops.convert_to_numpy(reduced), expected, rtol=1e-5, atol=1e-6)
    zeros = keras.ops.convert_to_numpy(share_of_zeros(leading, (1, 2)))
    np.testing.assert_allclose(zeros, (cut == 0).mean(axis=(1, 2)), atol=1e-6)
