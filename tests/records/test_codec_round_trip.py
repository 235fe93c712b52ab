from __future__ import annotations

import json
from typing import Any

import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from jsonschema import Draft202012Validator

import tb_nnviz.records
from tb_nnviz.event_files.events import BlobEvent, encode_blob_event
from tb_nnviz.records import (
    Moment,
    Notice,
    Record,
    Source,
    TileArray,
    build_tile_array,
    decode_record,
    describe_tag,
    encode_record,
)
from tb_nnviz.records.tile_array import estimate_record_bytes, with_statistics

FLOAT32_MAX = float(np.finfo(np.float32).max)
STEPS_OF = {"uint16": 65_023, "uint8": 252}


def load_schema() -> Any:
    from importlib.resources import files

    return json.loads((files(tb_nnviz.records) / "record_schema.json").read_text("utf-8"))


SCHEMA = Draft202012Validator(load_schema())

texts = st.text(max_size=6)
names = st.text(min_size=1, max_size=6).filter(
    lambda name: name not in {"height", "width", "color"}
)
moments = st.builds(
    Moment,
    step=st.integers(0, 2**53),
    epoch=st.none() | st.floats(0, 1e6),
    batch=st.none() | st.integers(0, 10**9),
    fit=st.integers(0, 1000),
    phase=st.sampled_from(["before", "during", "restored"]),
    wall_time=st.floats(0, 4e9),
)
sources = st.builds(
    Source,
    variable_path=st.none() | texts,
    layer_path=st.none() | texts,
    layer_index=st.none() | st.integers(0, 1000),
    layer_type=st.none() | texts,
    role=st.none() | texts,
    variable_shape=st.none() | st.lists(st.integers(0, 9), max_size=4).map(tuple),
    samples_digest=st.none() | st.text(),
)


@st.composite
def tile_arrays(draw: st.DrawFn) -> TileArray:
    grid = draw(st.lists(st.tuples(names, st.integers(0, 4)), max_size=2, unique_by=lambda a: a[0]))
    has_color = draw(st.booleans())
    axes = [*(name for name, _ in grid), "height", "width", *(["color"] if has_color else [])]
    side = st.integers(0, 12)
    shape = [*(size for _, size in grid), draw(side), draw(side), *([3] if has_color else [])]
    random = np.random.default_rng(draw(st.integers(0, 2**32 - 1)))
    scale = draw(st.sampled_from([0.0, 1e-44, 1e-3, 1.0, 1e38]))
    # 1e38 times a normal deviate may exceed float32.
    values = np.clip(random.normal(0, 1, shape) * scale, -FLOAT32_MAX, FLOAT32_MAX)
    for special in draw(st.lists(st.sampled_from([np.nan, np.inf, -np.inf]), max_size=3)):
        values.reshape(-1)[random.integers(0, max(1, values.size), 2 if values.size else 0)] = (
            special
        )
    labelled = [name for name, _ in grid if draw(st.booleans())]
    return build_tile_array(
        values.astype(draw(st.sampled_from([np.float32, np.float64]))),
        axes,
        labels={
            name: draw(st.lists(texts, min_size=size, max_size=size))
            for name, size in grid
            if name in labelled
        },
        represents=draw(
            st.sampled_from([{}, {"height": "input", "width": "unit"}, {"width": "position"}])
        ),
        meaning=draw(st.sampled_from(["signed", "non_negative", "image"])),
        precision=draw(st.sampled_from(["uint16", "uint8", "float32"])),
        max_tiles=draw(st.sampled_from([2, 512])),
        max_tile_side=draw(st.sampled_from([5, 64])),
        notes=draw(st.lists(texts, max_size=2)),
        source=draw(sources),
    )


def assert_valid_header(blobs: list[bytes]) -> None:
    SCHEMA.validate(json.loads(blobs[0]))


def assert_same_but_for_quantization(found: TileArray, given_record: TileArray) -> None:
    for name in (
        "axes",
        "meaning",
        "precision",
        "dtype",
        "full_shape",
        "omitted",
        "notes",
        "source",
    ):
        assert getattr(found, name) == getattr(given_record, name), name
    assert dict(found.labels) == dict(given_record.labels)
    present = {axis: what for axis, what in given_record.represents.items() if axis in found.axes}
    assert dict(found.represents) == present
    assert found.values.dtype == np.float32
    assert found.values.shape == given_record.values.shape
    expected = with_statistics(given_record, None, None).statistics
    assert list(found.statistics) == list(expected)
    for name, numbers in expected.items():
        np.testing.assert_array_equal(found.statistics[name], numbers)
    if found.precision == "float32":
        np.testing.assert_array_equal(found.values, given_record.values)
        return
    for tile, back in zip(given_record.tiles(), found.tiles(), strict=True):
        finite = np.isfinite(tile)
        np.testing.assert_array_equal(back[~finite], tile[~finite])
        if finite.any():
            exact = tile[finite].astype(np.float64)
            span, largest = np.ptp(exact), np.abs(exact).max()
            # Half a quantization step; half a unit in the last place of the largest float32
            # (1.2e-7 / 2 of it, or half the least denormal, 1.4e-45 / 2).
            bound = span / (2 * STEPS_OF[found.precision]) + 6e-8 * largest + 0.71e-45
            assert np.abs(back[finite].astype(np.float64) - exact).max() <= bound


@settings(deadline=None, max_examples=150, suppress_health_check=[HealthCheck.too_slow])
@given(record=tile_arrays(), moment=moments, ordinal=st.integers(1, 10**6))
def test_a_tile_array_comes_back(record: TileArray, moment: Moment, ordinal: int) -> None:
    blobs = encode_record(record, moment, ordinal)
    assert_valid_header(blobs)
    found = decode_record(blobs)
    assert isinstance(found, TileArray)
    assert found.moment == moment
    assert found.ordinal == ordinal
    assert_same_but_for_quantization(found, record)


@settings(deadline=None)
@given(
    notice=st.builds(Notice, texts, texts, texts, st.integers(0, 2**53)),
    moment=moments,
    ordinal=st.integers(1, 10**6),
)
def test_a_notice_comes_back(notice: Notice, moment: Moment, ordinal: int) -> None:
    blobs = encode_record(notice, moment, ordinal)
    assert_valid_header(blobs)
    assert decode_record(blobs) == notice


def test_a_decoded_record_encodes_to_the_same_bytes_where_values_are_exact() -> None:
    record = build_tile_array(
        np.random.default_rng(3).normal(size=(4, 9, 9)).astype(np.float32),
        ("unit", "height", "width"),
        precision="float32",
    )
    blobs = encode_record(record, Moment(1), 1)
    assert encode_record(decode_record(blobs), Moment(1), 1) == blobs


def test_changes_since_start_and_previous_are_stored_exactly() -> None:
    random = np.random.default_rng(4)
    first, second, third = (
        build_tile_array(random.normal(size=(3, 9, 9)), ("unit", "height", "width")) for _ in "123"
    )
    record = with_statistics(third, first, second)
    found = decode_record(encode_record(record, Moment(2), 3))
    assert isinstance(found, TileArray)
    for name, reference in (("change_since_start", first), ("change_since_previous", second)):
        difference = third.values.astype(np.float64) - reference.values
        # float64 sums in another order: 81 additions of positive numbers, 1e-16 each.
        np.testing.assert_allclose(
            found.statistics[name], np.sqrt((difference**2).sum(axis=(1, 2))), rtol=1e-13
        )


def test_no_change_is_computed_against_another_shape() -> None:
    start = build_tile_array(np.zeros((2, 9, 9)), ("unit", "height", "width"))
    later = build_tile_array(np.zeros((3, 9, 9)), ("unit", "height", "width"))
    assert "change_since_start" not in with_statistics(later, start, start).statistics


def blob_of(record: Record, name: str) -> dict[str, Any]:
    header = json.loads(encode_record(record, Moment(0), 1)[0])
    return next(blob for blob in header["blobs"] if blob["name"] == name)


def test_noise_is_stored_as_it_is_and_zeros_are_compressed() -> None:
    noise = np.random.default_rng(5).integers(0, 2**16, (8, 32, 32))
    axes = ("unit", "height", "width")
    assert blob_of(build_tile_array(noise, axes), "low")["compression"] == "none"
    zeros = blob_of(build_tile_array(np.zeros((8, 32, 32)), axes), "high")
    assert zeros["compression"] == "gzip"
    # 8 * 32 * 32 = 8,192 equal bytes: deflate needs about a thousandth of them.
    assert zeros["size"] < 100


def test_a_compressed_blob_is_smaller_by_more_than_five_percent_or_not_compressed() -> None:
    random = np.random.default_rng(6)
    seen = set()
    for share in np.linspace(0, 1, 41):
        values = np.where(random.random((4, 40, 40)) < share, 0, random.normal(size=(4, 40, 40)))
        record = build_tile_array(values, ("unit", "height", "width"), precision="float32")
        blob = blob_of(record, "values")
        seen.add(blob["compression"])
        raw = 4 * 4 * 40 * 40
        assert blob["size"] < 0.95 * raw if blob["compression"] == "gzip" else blob["size"] == raw
    assert seen == {"none", "gzip"}


def encode_event(record: TileArray) -> bytes:
    """What the log holds of the second record of a kernel of a model."""
    return encode_blob_event(
        BlobEvent(
            tag="weights/conv2d/kernel",
            step=12,
            wall_time=1.75e9,
            blobs=tuple(encode_record(record, Moment(12, 3.5, 40, 1, "during", 1.75e9), 2)),
            plugin_name="nnviz",
            content=describe_tag("weights/conv2d/kernel", record).to_bytes(),
        )
    )


def assert_estimate_is_within_a_quarter(
    shape: tuple[int, ...], *, precision: Any, is_picture: bool
) -> None:
    limits = {"max_tiles": 100, "max_tile_side": 32}
    axes = ("filter", "in_channel", "height", "width")[-len(shape) :]
    random = np.random.default_rng(7)
    first, later = (
        build_tile_array(
            random.normal(size=shape).astype(np.float32),
            axes,
            represents={} if is_picture else {"height": "input", "width": "unit"},
            precision=precision,
            max_tiles=100,
            max_tile_side=32,
            source=Source(
                "functional_1/conv2d_3/kernel", "conv2d_1", 3, "Conv2D", "kernel", (3, 3, 8, 64)
            ),
        )
        for _ in range(2)
    )
    actual = len(encode_event(with_statistics(later, first, first)))
    estimate = estimate_record_bytes(
        shape, axes, is_picture=is_picture, precision=precision, **limits
    )
    # Header and metadata are of 1,100 to 1,600 bytes, by the lengths of names and texts.
    assert abs(estimate - actual) <= 0.25 * actual + 250


@settings(deadline=None, max_examples=30)
@given(
    # The statistics of a tile of one or two cells repeat one another, and are compressed.
    shape=st.builds(
        lambda grid, tile: (*grid, *tile),
        st.lists(st.integers(1, 80), max_size=2),
        st.tuples(st.integers(3, 80), st.integers(3, 80)),
    ),
    precision=st.sampled_from(["uint16", "uint8", "float32"]),
    is_picture=st.booleans(),
)
def test_the_estimated_size_is_within_a_quarter_of_the_encoded_one(
    shape: tuple[int, ...], precision: Any, *, is_picture: bool
) -> None:
    assert_estimate_is_within_a_quarter(shape, precision=precision, is_picture=is_picture)


@pytest.mark.parametrize("shape", [(64, 8, 3, 3), (16, 3, 5, 5), (100, 28, 28), (96, 10)])
def test_the_estimated_size_of_common_kernels_is_within_a_quarter(shape: tuple[int, ...]) -> None:
    assert_estimate_is_within_a_quarter(shape, precision="uint16", is_picture=len(shape) > 2)


def test_the_estimated_size_of_many_small_kernels_allows_for_compressed_statistics() -> None:
    axes = ("filter", "height", "width")
    random = np.random.default_rng(7)
    first, later = (build_tile_array(random.normal(size=(512, 3, 3)), axes) for _ in range(2))
    actual = len(encode_event(with_statistics(later, first, first)))
    estimate = estimate_record_bytes(
        (512, 3, 3), axes, is_picture=True, precision="uint16", max_tiles=512, max_tile_side=64
    )
    # Uncompressed, the statistics alone would make it 26 % too high.
    assert abs(estimate - actual) <= 0.12 * actual


@pytest.mark.parametrize("precision", ["uint16", "uint8"])
def test_tiles_of_few_cells_are_stored_exactly(precision: Any) -> None:
    axes = ("unit", "height", "width")
    assert build_tile_array(np.zeros((2, 9, 7)), axes, precision=precision).precision == "float32"
    assert build_tile_array(np.zeros((2, 8, 8)), axes, precision=precision).precision == precision
