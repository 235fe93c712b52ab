"""`Histogram`: made of arrays, to blobs and back, and refused where it is corrupt."""

from __future__ import annotations

import json
import math
from dataclasses import fields, replace
from importlib.resources import files
from typing import Any

import ml_dtypes
import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from jsonschema import Draft202012Validator
from numpy.typing import NDArray

import tb_nnviz.records
from tb_nnviz.event_files.events import BlobEvent, encode_blob_event
from tb_nnviz.numerics.bins import common_exponent, rebin
from tb_nnviz.records import (
    Histogram,
    Moment,
    NewerRecordError,
    RecordError,
    Source,
    build_histogram,
    decode_record,
    describe_tag,
    encode_record,
)
from tb_nnviz.records.histogram import estimate_histogram_bytes
from tests.numerics.real_arrays import count_directly, finite_values, real_arrays

SCHEMA = Draft202012Validator(
    json.loads((files(tb_nnviz.records) / "record_schema.json").read_text("utf-8"))
)
MOMENT = Moment(step=12, epoch=2.5, batch=40, fit=1, wall_time=1.75e9)
KERNEL_SOURCE = Source(
    "functional_1/conv2d_3/kernel", "conv2d_1", 3, "Conv2D", "kernel", (3, 3, 8, 64)
)


def assert_same(found: Histogram, expected: Histogram) -> None:
    """All fields but moment and ordinal; NaN is NaN, and -0 is not 0."""
    for name in (field.name for field in fields(Histogram)):
        one, other = getattr(found, name), getattr(expected, name)
        if name in {"moment", "ordinal"}:
            continue
        if name == "counts":
            assert one.dtype == other.dtype == np.int64
            np.testing.assert_array_equal(one, other)
        else:
            assert (type(one), repr(one)) == (type(other), repr(other)), name


def round_trip(record: Histogram) -> Histogram:
    found = decode_record(encode_record(record, MOMENT, 4))
    assert isinstance(found, Histogram)
    return found


@settings(deadline=None, max_examples=150, suppress_health_check=[HealthCheck.too_slow])
@given(values=real_arrays(), has_previous=st.booleans(), notes=st.lists(st.text(max_size=6)))
def test_a_histogram_comes_back(
    values: NDArray[Any],
    has_previous: bool,
    notes: list[str],
) -> None:
    previous = np.ones(values.shape) if has_previous else None
    record = build_histogram(values, previous=previous, notes=notes, source=KERNEL_SOURCE)
    blobs = encode_record(record, MOMENT, 4)
    SCHEMA.validate(json.loads(blobs[0]))
    found = decode_record(blobs)
    assert isinstance(found, Histogram)
    assert_same(found, record)
    assert (found.moment, found.ordinal) == (MOMENT, 4)
    assert encode_record(found, MOMENT, 4) == blobs
    assert found.dtype == str(values.dtype)
    assert found.notes == tuple(notes)
    assert int(found.counts.sum()) == len(finite_values(values))


@settings(deadline=None, max_examples=100, suppress_health_check=[HealthCheck.too_slow])
@given(values=real_arrays(), others=real_arrays())
def test_records_that_were_read_rebin_exactly_onto_one_another(
    values: NDArray[Any], others: NDArray[Any]
) -> None:
    records = [round_trip(build_histogram(array)) for array in (values, others)]
    exponent = common_exponent(record.binning for record in records)
    for record, array in zip(records, (values, others), strict=True):
        found = rebin(record.binning, exponent)
        counts = {found.first + i: n for i, n in enumerate(found.counts.tolist()) if n}
        assert counts == count_directly(finite_values(array), exponent)


@pytest.mark.parametrize("dtype", ["float16", "float32", "float64", "int8", "uint16", "int64"])
def test_a_dtype_does_not_change_what_its_values_are(dtype: str) -> None:
    values = np.arange(100).astype(dtype)
    expected = build_histogram(np.arange(100.0))
    assert_same(replace(build_histogram(values), dtype="float64"), expected)


def test_bfloat16_and_bool_are_numbers_too() -> None:
    values = np.array([0.5, -1.25, 3.0])
    found = build_histogram(values.astype(ml_dtypes.bfloat16))
    assert found.dtype == "bfloat16"
    assert_same(replace(found, dtype="float64"), build_histogram(values))
    # The share of False is 1/4; the mean that of True.
    truths = build_histogram(np.array([True, False, True, True]))
    assert (truths.zero_fraction, truths.mean, truths.dtype) == (0.25, 0.75, "bool")


def test_a_lone_number_and_a_list_are_arrays() -> None:
    assert build_histogram(3.0).count == 1
    assert build_histogram([[1, 2], [3, 4]]).mean == 2.5


@pytest.mark.skipif(np.dtype(np.longdouble).itemsize <= 8, reason="longdouble is float64 here")
def test_values_of_more_digits_than_float64_are_rounded_and_it_is_said() -> None:
    found = build_histogram(np.array([1, 2], np.longdouble))
    assert found.notes == ("values are rounded to float64",)
    assert build_histogram(np.array([1.0, 2.0])).notes == ()


def test_edges_belong_to_the_counts() -> None:
    record = build_histogram(np.random.default_rng(0).normal(size=500))
    assert len(record.edges) == len(record.counts) + 1
    np.testing.assert_array_equal(np.diff(record.edges), 2.0**record.exponent)
    assert record.edges[0] <= record.min < record.edges[1]
    assert record.edges[-2] <= record.max < record.edges[-1]


def test_an_update_ratio_is_there_only_with_earlier_values() -> None:
    assert math.isnan(build_histogram([3.0, 4.0]).update_ratio)
    assert build_histogram([3.0, 4.0], previous=[3.0, 3.0]).update_ratio == pytest.approx(0.2)


@pytest.mark.parametrize(
    ("changes", "error", "message"),
    [
        ({"values": [1j]}, TypeError, "`values` argument must hold real numbers; got dtype compl"),
        ({"values": ["a"]}, TypeError, "`values` argument must hold real numbers"),
        ({"values": [None]}, TypeError, "`values` argument must hold real numbers; got dtype obj"),
        ({"previous": ["a", "b"]}, TypeError, "`previous` argument must hold real numbers"),
        ({"previous": [1.0]}, ValueError, r"`previous` .* got \(1,\) for values of shape \(2,\)"),
        ({"notes": "a note"}, TypeError, "`notes` argument must be a sequence of sentences"),
        ({"notes": ["\ud800"]}, ValueError, "`notes` argument must be text that UTF-8 can hold"),
        ({"source": Source(role="\ud800")}, ValueError, "`source` argument must be text"),
    ],
)
def test_a_wrong_argument_is_named(
    changes: dict[str, Any], error: type[Exception], message: str
) -> None:
    with pytest.raises(error, match=message):
        build_histogram(**{"values": [1.0, 2.0], **changes})


def test_a_tags_kind_is_that_of_its_records() -> None:
    metadata = describe_tag("histograms/a/b", build_histogram([1.0], source=KERNEL_SOURCE))
    assert (metadata.kind, metadata.view) == ("histogram", "histograms")
    assert metadata.source == KERNEL_SOURCE


@pytest.mark.parametrize("size", [10, 100, 20_000, 500_000])
def test_the_estimated_size_is_within_a_seventh_of_that_of_common_weights(size: int) -> None:
    random = np.random.default_rng(1)
    for values in (
        random.normal(size=size),
        random.uniform(-1, 1, size),
        random.laplace(size=size),
    ):
        record = build_histogram(
            values.astype(np.float32), previous=values * 0.99, source=KERNEL_SOURCE
        )
        event = BlobEvent(
            tag="histograms/conv2d/kernel",
            step=12,
            wall_time=1.75e9,
            blobs=tuple(encode_record(record, MOMENT, 2)),
            plugin_name="nnviz",
            content=describe_tag("histograms/conv2d/kernel", record).to_bytes(),
        )
        actual = len(encode_blob_event(event))
        assert abs(estimate_histogram_bytes(size) - actual) < actual / 7


RECORD = build_histogram(
    np.array([1.0, 2.5, -3.0, np.nan, np.inf, 0.0]),
    previous=np.zeros(6),
    notes=["a note"],
    source=KERNEL_SOURCE,
)
BLOBS = encode_record(RECORD, MOMENT, 4)


def with_header(**changes: Any) -> list[bytes]:
    header = {**json.loads(BLOBS[0]), **changes}
    return [json.dumps({k: v for k, v in header.items() if v is not ...}).encode(), *BLOBS[1:]]


def with_payloads(**changes: Any) -> list[bytes]:
    """The record with other numbers in its payloads, their checksums right."""
    from tb_nnviz.records.codec import blob_descriptions
    from tb_nnviz.records.payload import pack_blob, unpack_blob

    header = json.loads(BLOBS[0])
    described, stored = [], []
    for description, blob in zip(blob_descriptions(header), BLOBS[1:], strict=True):
        array = np.array(unpack_blob(description, blob))
        if description.name in changes:
            array = changes[description.name](array)
        packed, data = pack_blob(description.name, description.part, array)
        described.append(packed.to_json())
        stored.append(data)
    return [json.dumps({**header, "blobs": described}).encode(), *stored]


def replaced(place: int, number: float) -> Any:
    def replace_one(array: NDArray[Any]) -> NDArray[Any]:
        array[place] = number
        return array

    return replace_one


def test_the_unchanged_record_decodes() -> None:
    for blobs in (BLOBS, with_header(), with_payloads()):
        found = decode_record(blobs)
        assert isinstance(found, Histogram)
        assert_same(found, RECORD)


STATISTICS = json.loads(BLOBS[0])["statistics"]


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("exponent", ...),
        ("exponent", "1"),
        ("exponent", 1.5),
        ("exponent", True),
        ("exponent", -1075),
        ("exponent", 1024),
        ("first", ...),
        ("first", None),
        ("first", 0.5),
        ("first", 2**53),
        ("first", -(2**53) - 1),
        ("statistics", STATISTICS[:-1]),
        ("statistics", [*STATISTICS[:-1], "mean"]),
        ("statistics", [*STATISTICS[:-1], "median"]),
        ("statistics", [*STATISTICS, "mean"]),
        ("statistics", "mean"),
        ("statistics", ...),
        ("dtype", 4),
        ("dtype", ...),
        ("notes", "a note"),
        ("notes", [1]),
        ("source", []),
        ("source", {"unknown": 1}),
        ("source", ...),
        ("blobs", ...),
        ("ordinal", 0),
        ("moment", {}),
        ("kind", "hologram"),
    ],
)
def test_a_wrong_field_is_named_and_the_schema_refuses_it_too(field: str, value: Any) -> None:
    blobs = with_header(**{field: value})
    with pytest.raises(RecordError, match=field if field != "moment" else "step"):
        decode_record(blobs)
    # The sum of `first` and the number of bins is beyond JSON Schema.
    assert not SCHEMA.is_valid(json.loads(blobs[0])) or (field, value) == ("first", 2**53)


def test_statistics_may_come_in_any_order() -> None:
    header = with_header(statistics=STATISTICS[::-1])[0]
    blobs = with_payloads(statistics=lambda row: row[::-1])
    merged = {**json.loads(blobs[0]), "statistics": json.loads(header)["statistics"]}
    found = decode_record([json.dumps(merged).encode(), *blobs[1:]])
    assert isinstance(found, Histogram)
    assert_same(found, RECORD)


@pytest.mark.parametrize(
    ("changes", "problem"),
    [
        ({"counts": replaced(0, 2)}, "counts sum to 5 where 4 values are finite"),
        ({"counts": replaced(0, -1)}, "'counts' holds what is no whole number"),
        ({"counts": replaced(0, 0.5)}, "'counts' holds what is no whole number"),
        ({"counts": replaced(0, math.nan)}, "'counts' holds what is no whole number"),
        ({"counts": replaced(0, math.inf)}, "'counts' holds what is no whole number"),
        ({"counts": replaced(0, 2.0**54)}, "'counts' holds what is no whole number"),
        ({"counts": lambda _: np.zeros(513)}, "513 bins, more than 512"),
        ({"counts": lambda a: a.astype(np.float32)}, "'counts' is float32"),
        ({"counts": lambda a: a.reshape(1, -1)}, "'counts' is float64 of shape"),
        ({"statistics": replaced(0, math.nan)}, "'count' holds what is no whole number"),
        ({"statistics": replaced(0, 7)}, "counts sum to 4 where 5 values are finite"),
        ({"statistics": replaced(7, -1)}, "'nan_count' holds what is no whole number"),
        ({"statistics": lambda a: a[:-1]}, r"'statistics' is float64 of shape \(10,\)"),
    ],
)
def test_numbers_that_cannot_be_are_a_corrupt_record(changes: dict[str, Any], problem: str) -> None:
    with pytest.raises(RecordError, match=problem):
        decode_record(with_payloads(**changes))


@settings(deadline=None, max_examples=100)
@given(index=st.integers(1, len(BLOBS) - 1), flip=st.integers(1, 255), data=st.data())
def test_any_changed_byte_of_a_payload_is_found(index: int, flip: int, data: st.DataObject) -> None:
    changed = bytearray(BLOBS[index])
    changed[data.draw(st.integers(0, len(changed) - 1))] ^= flip
    with pytest.raises(RecordError, match="checksum of blob"):
        decode_record([*BLOBS[:index], bytes(changed), *BLOBS[index + 1 :]])


def test_a_missing_blob_is_named() -> None:
    described = json.loads(BLOBS[0])["blobs"]
    for place, name in enumerate(("statistics", "counts")):
        blobs = with_header(blobs=[*described[:place], *described[place + 1 :]])
        del blobs[place + 1]
        # Without counts there are 0 of them, where 4 values are finite.
        with pytest.raises(RecordError, match=f"'{name}' is missing"):
            decode_record(blobs)


def test_a_newer_version_is_said_to_be_newer() -> None:
    with pytest.raises(NewerRecordError, match=r"newer tb_nnviz \(record version 2"):
        decode_record(with_header(version=2, exponent="something new"))


def test_the_header_holds_no_number_that_json_has_not() -> None:
    record = build_histogram(np.array([np.nan, np.inf]), previous=np.zeros(2))
    assert math.isnan(record.mean)
    header = encode_record(record, MOMENT, 1)[0]
    assert b"NaN" not in header
    assert b"Infinity" not in header
