"""Records of weights: values in their places, limits, norms of what is cut."""

from __future__ import annotations

from typing import Any

import keras
import ml_dtypes
import numpy as np
import pytest
from keras import layers
from numpy.typing import NDArray

from tb_nnviz.analysis.model_weights import plan_weights
from tb_nnviz.analysis.weight_histograms import WeightHistogramsPlan
from tb_nnviz.analysis.weight_tiles import (
    MAX_VECTOR_VALUES,
    WeightTileOptions,
    WeightTilesPlan,
    plan_weight_tiles,
)
from tb_nnviz.model.variables import copy_values
from tb_nnviz.records import Moment, TileArray, encode_record
from tb_nnviz.records.tile_array import with_statistics
from tests.analysis.models import MODELS

EXACT = WeightTileOptions(max_tiles=10_000, max_tile_side=10_000, precision="float32")


def plan_of(model: Any, layer_names: Any = None) -> WeightTilesPlan:
    return plan_weight_tiles(plan_weights(model, layer_names)[0])


def copies_of(plan: WeightTilesPlan) -> list[NDArray[Any]]:
    return [copy_values(planned.weight.read()) for planned in plan.weights]


def records_of(plan: WeightTilesPlan, options: WeightTileOptions) -> dict[str, TileArray]:
    records = list(plan.build_records(copies_of(plan), options))
    assert [tag for tag, _ in records] == list(plan.tags(options))
    return dict(records)


def alone(layer: Any, *input_shape: int) -> Any:
    return keras.Sequential([layers.Input(input_shape), layer])


@pytest.mark.parametrize("name", MODELS)
def test_without_limits_records_hold_every_value_of_every_weight_once(name: str) -> None:
    plan = plan_of(MODELS[name]())
    records = records_of(plan, EXACT)
    assert len(records) == len(plan.weights)
    for planned, values in zip(plan.weights, copies_of(plan), strict=True):
        record = records[f"weights/{planned.key}"]
        assert record.omitted == ()
        assert record.source == planned.source
        np.testing.assert_array_equal(np.sort(record.values, axis=None), np.sort(values, axis=None))


def test_values_of_a_record_stand_where_the_layout_says() -> None:
    model = MODELS["convolutional"]()
    kernel = copy_values(model.layers[0].kernel)
    tiles = records_of(plan_of(model), EXACT)["weights/conv2d/kernel"].values
    for index, channel, row, column in np.ndindex(6, 3, 3, 3):
        assert tiles[index, channel, row, column] == kernel[row, column, channel, index]
    bias = records_of(plan_of(model), EXACT)["weights/conv2d/bias"]
    np.testing.assert_array_equal(bias.values[0], copy_values(model.layers[0].bias))


def test_gates_are_labelled_in_the_record() -> None:
    records = records_of(plan_of(MODELS["video"]()), WeightTileOptions())
    kernel = records["weights/conv_lstm2d/conv_lstm_cell/kernel"]
    assert kernel.labels == {"gate": ("input", "forget", "cell", "output")}


def test_vectors_are_kept_whole_and_exact_whatever_the_limits() -> None:
    tiny = WeightTileOptions(max_tiles=1, max_tile_side=4, precision="uint8")
    for name in MODELS:
        plan = plan_of(MODELS[name]())
        records = records_of(plan, tiny)
        for planned, values in zip(plan.weights, copies_of(plan), strict=True):
            record = records[f"weights/{planned.key}"]
            if planned.weight.layout.is_vector:
                assert (record.precision, record.omitted) == ("float32", ())
                assert record.values.size == values.size
    vector = records_of(plan_of(alone(layers.BatchNormalization(), 3000)), tiny)
    assert vector["weights/batch_normalization/gamma"].values.shape == (1, 3000)
    assert vector["weights/batch_normalization/gamma"].precision == "float32"


def test_a_vector_beyond_the_limit_of_vectors_is_averaged_and_says_so() -> None:
    length = MAX_VECTOR_VALUES + 2
    model = alone(layers.BatchNormalization(center=False, scale=False), length)
    records = records_of(plan_of(model), WeightTileOptions())
    record = records["weights/batch_normalization/moving_variance"]
    assert record.values.shape == (1, length // 2)
    assert record.omitted == (f"1×{length} shown at 1×{length // 2}",)


def test_norms_are_logged_where_in_channels_are_cut() -> None:
    model = alone(layers.Conv2D(6, (3, 2)), 8, 8, 5)
    plan = plan_of(model)
    options = WeightTileOptions(max_tiles=12)
    records = records_of(plan, options)
    cut = records["weights/conv2d/kernel"]
    assert cut.omitted == ("2 of 5 in_channels",)
    norms = records["weights/conv2d/kernel/l2_norm"]
    assert norms.axes == ("filter", "height", "width")
    assert norms.meaning == "non_negative"
    assert norms.notes == ("L2 norm over all 5 in_channels of each filter",)
    assert norms.source == cut.source
    kernel = copy_values(model.layers[0].kernel).astype(np.float64)
    expected = np.sqrt((kernel**2).sum(axis=2)).transpose(2, 0, 1)
    np.testing.assert_allclose(norms.values, expected, rtol=1e-7)
    # 6 filters of 5 in_channels are 30 tiles.
    assert "weights/conv2d/kernel/l2_norm" not in plan.tags(WeightTileOptions(max_tiles=30))
    assert "weights/conv2d/kernel/l2_norm" in plan.tags(WeightTileOptions(max_tiles=29))


@pytest.mark.parametrize(
    ("make", "input_shape", "summed", "outputs"),
    [
        (lambda: layers.Conv1D(6, 3), (8, 5), 1, "filter"),
        (lambda: layers.Conv3D(6, (3, 2, 2)), (8, 8, 8, 5), 3, "filter"),
        (lambda: layers.Conv2DTranspose(6, 3), (8, 8, 5), 3, "filter"),
    ],
)
def test_norms_of_other_convolutions_are_over_in_channels(
    make: Any, input_shape: tuple[int, ...], summed: int, outputs: str
) -> None:
    layer = make()
    plan = plan_of(alone(layer, *input_shape))
    # 6 filters of 5 in_channels are more; 6 filters of at most 3 slices in depth are not.
    records = records_of(plan, WeightTileOptions(max_tiles=18))
    (norms,) = (record for tag, record in records.items() if tag.endswith("/l2_norm"))
    assert norms.axes[0] == outputs
    kernel = copy_values(layer.kernel).astype(np.float64)
    expected = np.sqrt((kernel**2).sum(axis=summed))
    moved = np.moveaxis(expected, -1, 0).reshape(norms.values.shape)
    np.testing.assert_allclose(norms.values, moved, rtol=1e-6)


def test_norms_of_a_dense_layer_on_feature_maps_are_over_its_in_channels() -> None:
    dense = layers.Dense(4)
    model = keras.Sequential(
        [layers.Input((6, 5, 2)), layers.Conv2D(7, 3), layers.Flatten(), dense]
    )
    records = records_of(plan_of(model), WeightTileOptions(max_tiles=8))
    norms = records["weights/dense/kernel/l2_norm"]
    assert norms.axes == ("unit", "height", "width")
    assert norms.notes == ("L2 norm over all 7 in_channels of each unit",)
    # Feature maps of 4×3 places and 7 channels, flattened in this order.
    kernel = copy_values(dense.kernel).astype(np.float64).reshape(4, 3, 7, 4)
    expected = np.sqrt((kernel**2).sum(axis=2)).transpose(2, 0, 1)
    np.testing.assert_allclose(norms.values, expected, rtol=1e-7)


def test_norms_are_of_the_filters_that_are_kept_and_count_the_others() -> None:
    model = alone(layers.Conv2D(9, 3), 8, 8, 5)
    records = records_of(plan_of(model), WeightTileOptions(max_tiles=4))
    norms = records["weights/conv2d/kernel/l2_norm"]
    assert norms.values.shape == (4, 3, 3)
    assert norms.full_shape == (9, 3, 3)
    assert norms.omitted == ("4 of 9 filters",)
    assert records["weights/conv2d/kernel"].omitted == ("4 of 9 filters", "1 of 5 in_channels")


def test_norms_of_a_conv_lstm_are_of_each_gate_and_filter() -> None:
    model = MODELS["video"]()
    records = records_of(plan_of(model), WeightTileOptions(max_tiles=16))
    tag = "weights/conv_lstm2d/conv_lstm_cell/kernel/l2_norm"
    norms = records[tag]
    assert norms.axes == ("gate", "filter", "height", "width")
    assert norms.labels == {"gate": ("input", "forget", "cell", "output")}
    kernel = copy_values(model.layers[0].cell.kernel).astype(np.float64)
    squares = (kernel**2).reshape(3, 3, 2, 4, 4).sum(axis=2)
    np.testing.assert_allclose(norms.values, np.sqrt(squares).transpose(2, 3, 0, 1), rtol=1e-6)


def test_depthwise_kernels_and_matrices_have_no_norms() -> None:
    model = keras.Sequential(
        [layers.Input((8, 8, 5)), layers.DepthwiseConv2D(3), layers.Conv2D(7, 1)]
    )
    assert not [
        tag for tag in plan_of(model).tags(WeightTileOptions(max_tiles=1)) if "l2_norm" in tag
    ]


def test_tags_that_somebody_else_logs_are_left_out_with_what_they_need() -> None:
    options = WeightTileOptions(max_tiles=12)
    plan = plan_of(alone(layers.Conv2D(6, (3, 2)), 8, 8, 5))
    kernel, norms, bias = plan.tags(options)
    assert plan.without([bias]).tags(options) == (kernel, norms)
    assert len(plan.without([bias]).weights) == 1
    assert set(records_of(plan.without([norms]), options)) == {kernel, bias}
    assert plan.without([norms]).estimate_bytes(options) < plan.estimate_bytes(options)
    # Norms complete a kernel that is cut: who logs that kernel decides on them.
    assert plan.without([kernel]).tags(options) == (bias,)
    nothing = plan.without([bias]).without([kernel])
    assert (nothing.tags(options), nothing.weights) == ((), ())
    assert nothing.estimate_bytes(options) == 0


@pytest.mark.parametrize("name", MODELS)
@pytest.mark.parametrize("max_tiles", [4, 512])
def test_the_estimate_is_near_what_records_come_to(name: str, max_tiles: int) -> None:
    options = WeightTileOptions(max_tiles=max_tiles)
    plan = plan_of(MODELS[name]())
    written = 0
    for record in records_of(plan, options).values():
        blobs = encode_record(with_statistics(record, record, record), Moment(1), 1)
        written += sum(map(len, blobs))
    estimate = plan.estimate_bytes(options)
    # The header's size is a guess, on the safe side.
    assert 0.5 * estimate < written < 1.1 * estimate


@pytest.mark.parametrize("dtype", ["float16", "bfloat16", "float64", "int32", "bool"])
def test_values_of_every_dtype_are_logged_as_they_are(dtype: str) -> None:
    class Holder(keras.layers.Layer):
        def build(self, input_shape: Any) -> None:
            self.held = keras.Variable(
                np.array([[0, 1, 1], [1, 0, 1]]), dtype=dtype, trainable=False, name="held"
            )
            self.built = True

        def call(self, inputs: Any) -> Any:
            return inputs

    record = records_of(plan_of(alone(Holder(name="holder"), 4)), WeightTileOptions())
    held = record["weights/holder/held"]
    assert held.dtype == dtype
    assert held.values.tolist() == [[0, 1, 1], [1, 0, 1]]
    assert held.notes == ((f"{dtype} values",) if dtype in {"int32", "bool"} else ())


@pytest.mark.parametrize("dtype", ["float8_e4m3fn", "float8_e5m2", "int4", "uint4"])
def test_numbers_of_few_bits_become_float32_and_keep_the_name_of_their_dtype(dtype: str) -> None:
    model = alone(layers.Dense(3, use_bias=False), 4)
    planned, _ = plan_weights(model, None)
    small = np.arange(12).reshape(4, 3).clip(0, 7).astype(getattr(ml_dtypes, dtype))
    numbers = small.astype(np.float32)
    ((_, tiles),) = plan_weight_tiles(planned).build_records([small], WeightTileOptions())
    assert (tiles.dtype, tiles.notes) == (dtype, ())
    np.testing.assert_array_equal(tiles.values, numbers)
    ((_, histogram),) = WeightHistogramsPlan(planned).build_records([small], [small])
    assert (histogram.dtype, histogram.count, histogram.max) == (dtype, 12, 7.0)
    assert histogram.mean == pytest.approx(numbers.mean())
    assert histogram.update_ratio == 0


def test_notes_on_values_are_in_tiles_and_histograms_and_those_on_places_in_tiles_only() -> None:
    layer = layers.Conv2D(4, 3, groups=2, use_bias=False)
    model = alone(layer, 8, 8, 4)
    layer.enable_lora(2)
    planned, _ = plan_weights(model, ["conv2d"])
    (kernel,) = (index for index, one in enumerate(planned) if one.weight.role == "kernel")
    copies = [copy_values(one.weight.read()) for one in planned]
    tiles = dict(plan_weight_tiles(planned).build_records(copies, WeightTileOptions()))
    histograms = WeightHistogramsPlan(planned).build_records(copies, [None] * len(planned))
    lora_note = "with the product of its LoRA matrices added, as the layer uses it"
    groups_note = "in_channels are those of one of 2 groups"
    assert tiles["weights/conv2d/kernel"].notes == (groups_note, lora_note)
    assert list(histograms)[kernel][1].notes == (lora_note,)


def test_variances_are_coloured_from_zero() -> None:
    records = records_of(plan_of(alone(layers.BatchNormalization(), 4)), WeightTileOptions())
    meanings = {tag.rpartition("/")[2]: record.meaning for tag, record in records.items()}
    assert meanings == {
        "gamma": "signed",
        "beta": "signed",
        "moving_mean": "signed",
        "moving_variance": "non_negative",
    }


def test_weights_without_values_are_logged() -> None:
    class Empty(keras.layers.Layer):
        def build(self, input_shape: Any) -> None:
            for number, shape in enumerate([(0,), (0, 700), (3, 0), (0, 3, 4), (2, 0, 4)]):
                self.add_weight(shape=shape, name=f"w{number}", initializer="zeros")
            self.built = True

        def call(self, inputs: Any) -> Any:
            return inputs

    records = records_of(
        plan_of(alone(Empty(name="empty"), 4)), WeightTileOptions(max_tiles=2, max_tile_side=2)
    )
    assert len(records) == 5
    assert all(record.values.size == 0 for record in records.values())
