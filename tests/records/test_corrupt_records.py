from __future__ import annotations

import json
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from numpy.typing import NDArray

from tb_nnviz.records import (
    CellSample,
    Confusion,
    Graph,
    GraphEdge,
    GraphNode,
    Histogram,
    Mistake,
    Moment,
    NewerRecordError,
    Notice,
    Record,
    RecordError,
    TileArray,
    build_histogram,
    build_tile_array,
    decode_record,
    encode_record,
)
from tb_nnviz.records.payload import pack_blob

MOMENT = Moment(step=12, epoch=2.5, batch=40, fit=1, wall_time=1.75e9)


def example_records() -> dict[str, Record]:
    random = np.random.default_rng(8)
    return {
        "uint16": build_tile_array(random.normal(size=(12, 9, 8)), ("unit", "height", "width")),
        "uint8_color": build_tile_array(
            random.normal(size=(2, 8, 8, 3)),
            ("unit", "height", "width", "color"),
            precision="uint8",
            labels={"unit": ["zero", "één"]},
            notes=["a note"],
        ),
        "float32": build_tile_array(
            random.normal(size=(4, 5)),
            ("height", "width"),
            represents={"height": "input", "width": "unit"},
        ),
        "gzip": build_tile_array(np.zeros((2, 16, 16)), ("unit", "height", "width")),
        "histogram": build_histogram(random.normal(size=30), notes=["a note"]),
        "confusion": Confusion(
            counts=np.array([[3, 1], [0, 2]]),
            class_names=("no", "yes"),
            task="binary",
            cell_samples={(0, 1): (CellSample(4, 0.75),), (1, 1): (CellSample(2, 0.5),)},
            mistakes=(Mistake(4, (0, 1), 0.75),),
            weighted_counts=np.array([[3.0, 0.5], [0, 2]]),
            threshold=0.5,
            top_k=1,
            num_samples=6,
            addresses={2: "00112233445566ff", 4: "ffeeddccbbaa9988"},
        ),
        "graph": Graph(
            (
                GraphNode("a", "a", "InputLayer", "input", ((None, 3),)),
                GraphNode("b", "b", "Dense", "dense"),
            ),
            (GraphEdge("a", "b"),),
            ("a",),
            ("b",),
        ),
        "notice": Notice("weights", "lstm", "not shown", 3),
    }


BLOBS = {name: encode_record(record, MOMENT, 4) for name, record in example_records().items()}
with_payloads = st.sampled_from(sorted(name for name in BLOBS if len(BLOBS[name]) > 1))


def with_header(name: str, **changes: Any) -> list[bytes]:
    header = {**json.loads(BLOBS[name][0]), **changes}
    header = {key: value for key, value in header.items() if value is not ...}
    return [json.dumps(header).encode(), *BLOBS[name][1:]]


@settings(deadline=None, max_examples=200)
@given(name=with_payloads, flip=st.integers(1, 255), data=st.data())
def test_any_changed_byte_of_a_payload_is_found(name: str, flip: int, data: st.DataObject) -> None:
    blobs = list(BLOBS[name])
    index = data.draw(st.integers(1, len(blobs) - 1))
    changed = bytearray(blobs[index])
    changed[data.draw(st.integers(0, len(changed) - 1))] ^= flip
    blobs[index] = bytes(changed)
    with pytest.raises(RecordError, match="checksum of blob"):
        decode_record(blobs)


@pytest.mark.parametrize("name", sorted(BLOBS))
def test_a_changed_byte_of_the_header_is_found_or_gives_a_record(name: str) -> None:
    header, *payloads = BLOBS[name]
    surprises = []
    for position, byte in enumerate(header):
        # Each single bit, and the characters that mean most to JSON and to numbers.
        for other in {*(byte ^ 1 << bit for bit in range(8)), *b'-09eE."{}[],: \x00\xff'} - {byte}:
            changed = header[:position] + bytes([other]) + header[position + 1 :]
            try:
                decode_record([changed, *payloads])
            except RecordError:
                pass
            except Exception as error:  # noqa: BLE001 - that there is none is the claim
                surprises.append((changed[max(0, position - 20) : position + 20], repr(error)))
    assert surprises == []


@settings(deadline=None, max_examples=60)
@given(name=with_payloads, data=st.data())
def test_a_truncated_blob_is_found(name: str, data: st.DataObject) -> None:
    blobs = list(BLOBS[name])
    index = data.draw(st.integers(0, len(blobs) - 1))
    blobs[index] = blobs[index][: data.draw(st.integers(0, len(blobs[index]) - 1))]
    with pytest.raises(RecordError, match=r"checksum of blob|not JSON"):
        decode_record(blobs)


@settings(deadline=None)
@given(data=st.binary(max_size=60))
def test_arbitrary_bytes_are_a_record_error(data: bytes) -> None:
    with pytest.raises(RecordError):
        decode_record([data])


def test_a_missing_blob_and_one_too_many_are_found() -> None:
    with pytest.raises(RecordError, match="2 payload blobs where the header lists 3"):
        decode_record(BLOBS["uint16"][:-1])
    with pytest.raises(RecordError, match="4 payload blobs where the header lists 3"):
        decode_record([*BLOBS["uint16"], b""])
    with pytest.raises(RecordError, match="empty"):
        decode_record([])


@pytest.mark.parametrize("blob", ["statistics", "high", "low"])
def test_a_blob_the_header_does_not_list_is_named(blob: str) -> None:
    descriptions = json.loads(BLOBS["uint16"][0])["blobs"]
    index = [description["name"] for description in descriptions].index(blob)
    blobs = with_header("uint16", blobs=descriptions[:index] + descriptions[index + 1 :])
    del blobs[index + 1]
    with pytest.raises(RecordError, match=f"'{blob}' is missing"):
        decode_record(blobs)


@pytest.mark.parametrize(
    "data", [b"", b"\xff\xfe", b"nnviz", b"[]", b"3", b"null", b"{}", b'{"format":"other"}']
)
def test_a_header_that_is_none_is_said_to_be_none(data: bytes) -> None:
    with pytest.raises(RecordError, match="the header is not"):
        decode_record([data])


def test_a_deeply_nested_header_is_a_record_error() -> None:
    with pytest.raises(RecordError):
        decode_record([b"[" * 200_000])


WRONG_FIELDS: list[tuple[str, Any]] = [
    ("version", "1"),
    ("version", True),
    ("version", ...),
    ("kind", "pictures"),
    ("kind", 3),
    ("kind", ...),
    ("moment", None),
    ("moment", []),
    ("ordinal", "4"),
    ("ordinal", 1.5),
    ("ordinal", 0),
    ("ordinal", ...),
    ("blobs", ...),
    ("blobs", {}),
    ("blobs", [1, 2, 3]),
    ("axes", ...),
    ("axes", "unit"),
    ("axes", [1, 2, 3]),
    ("axes", []),
    ("meaning", "pretty"),
    ("meaning", []),
    ("precision", "uint32"),
    ("precision", None),
    ("dtype", 4),
    ("statistics", "min"),
    ("statistics", [1]),
    ("statistics", ["min", "max", "mean", "min"]),
    ("omitted", [None]),
    ("notes", "a note"),
    ("source", []),
    ("source", {"unknown": 1}),
    ("source", {"variable_shape": 4}),
    ("source", {"variable_shape": [2.5]}),
    ("source", {"layer_index": -1}),
    ("source", {"layer_path": 7}),
    ("source", {"variable_shape": [float("inf")]}),
]


@pytest.mark.parametrize(("field", "value"), WRONG_FIELDS)
def test_a_field_of_the_wrong_type_is_named(field: str, value: Any) -> None:
    with pytest.raises(RecordError, match=field.removesuffix("s")):
        decode_record(with_header("uint16", **{field: value}))


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("step", "1"),
        ("step", None),
        ("step", 1.5),
        ("step", -1),
        ("fit", None),
        ("phase", "after"),
        ("phase", 1),
        ("epoch", "2"),
        pytest.param("epoch", 10**400, id="epoch-too-large"),
        ("batch", []),
        ("batch", 2.5),
        ("epoch", float("inf")),
        ("wall_time", float("nan")),
        ("batch", float("inf")),
        ("batch", float("nan")),
        ("wall_time", None),
        pytest.param("wall_time", 10**400, id="wall_time-too-large"),
    ],
)
def test_a_wrong_field_of_the_moment_is_named(field: str, value: Any) -> None:
    moment = {**MOMENT.to_json(), field: value}
    with pytest.raises(RecordError, match=field):
        decode_record(with_header("uint16", moment=moment))


@pytest.mark.parametrize(
    ("name", "field", "value"),
    [
        ("notice", "message", "\ud800"),
        ("notice", "layer", "a\udfff"),
        ("uint16", "notes", ["a note", "\ud800"]),
        ("uint16", "source", {"layer_path": "\ud800"}),
        ("uint16", "dtype", "\udfff"),
    ],
)
def test_half_of_a_surrogate_pair_is_named_and_its_field(name: str, field: str, value: Any) -> None:
    with pytest.raises(RecordError, match=f"'{field}' of the header has half of a surrogate"):
        decode_record(with_header(name, **{field: value}))


def test_a_whole_surrogate_pair_is_read_as_its_character() -> None:
    header = with_header("notice", message="\U0001f600")[0]
    assert rb"\ud83d\ude00" in header
    notice = decode_record([header])
    assert isinstance(notice, Notice)
    assert notice.message == "\U0001f600"


def axis(name: Any, size: Any, **others: Any) -> dict[str, Any]:
    return {"name": name, "size": size, "full_size": size, **others}


@pytest.mark.parametrize(
    "axes",
    [
        [axis("unit", 12), axis("rows", 9), axis("width", 8)],
        [axis("unit", 12), axis("rows", 3), axis("width", 8), axis("color", 3)],
        [axis("height", 12), axis("height", 9), axis("width", 8)],
        [axis("unit", 12), axis("height", 9), axis("height", 1), axis("color", 8)],
        [axis("unit", -12), axis("height", 9), axis("width", 8)],
        [axis("unit", -12), axis("height", -9), axis("width", 8)],
        [axis("unit", 12), axis("height", 9), axis("width", 9)],
        [axis("unit", 12), axis("height", 9), axis("width", 10**15)],
        [axis("unit", 12), axis("height", 10**30), axis("width", 8)],
        [axis("unit", "12"), axis("height", 9), axis("width", 8)],
        [axis(7, 12), axis("height", 9), axis("width", 8)],
        [axis("unit", 12, labels="abc"), axis("height", 9), axis("width", 8)],
        [axis("unit", 12, labels=["one"]), axis("height", 9), axis("width", 8)],
        [axis("unit", 12, represents=1), axis("height", 9), axis("width", 8)],
        [axis("unit", 12), None, axis("width", 8)],
    ],
)
def test_axes_that_cannot_be_are_a_record_error(axes: list[Any]) -> None:
    with pytest.raises(RecordError):
        decode_record(with_header("uint16", axes=axes))


@pytest.mark.parametrize(
    "changes",
    [
        {"name": "other"},
        {"part": "both"},
        {"dtype": "int8"},
        {"compression": "zstd"},
        {"shape": [12, 9]},
        {"shape": [12, 9, "8"]},
        {"shape": [-12, 9, -8]},
        {"shape": 864},
        {"size": "864"},
        {"size": 863},
        {"crc32": None},
        {"compression": "gzip"},
        {"dtype": "float32"},
    ],
)
def test_a_blob_that_is_not_as_described_is_a_record_error(changes: dict[str, Any]) -> None:
    descriptions = json.loads(BLOBS["uint16"][0])["blobs"]
    assert descriptions[1]["name"] == "high"
    descriptions[1].update(changes)
    with pytest.raises(RecordError, match=r"blob|size|crc32|shape"):
        decode_record(with_header("uint16", blobs=descriptions))


@pytest.mark.parametrize("size", [10**15, 10**30])
@pytest.mark.parametrize("place", [0, 1])
def test_an_array_without_cells_but_with_endless_axes_is_a_record_error(
    place: int, size: int
) -> None:
    blobs = encode_record(
        build_tile_array(np.zeros((0, 0, 9, 8)), ("unit", "in_channel", "height", "width")),
        MOMENT,
        4,
    )
    header = json.loads(blobs[0])
    header["axes"][place + 1]["size"] = header["axes"][-1]["size"] = size
    for description in header["blobs"]:
        if description["name"] != "statistics":
            description["shape"] = [axis["size"] for axis in header["axes"]]
    with pytest.raises(RecordError):
        decode_record([json.dumps(header).encode(), *blobs[1:]])


def test_an_empty_blob_of_another_dtype_is_a_record_error() -> None:
    blobs = encode_record(
        build_tile_array(np.zeros((0, 9, 8)), ("unit", "height", "width")), MOMENT, 4
    )
    header = json.loads(blobs[0])
    header["blobs"][1]["dtype"] = "float64"
    with pytest.raises(RecordError, match=r"blob 'high' is float64 .* asks for uint8"):
        decode_record([json.dumps(header).encode(), *blobs[1:]])


def test_statistics_without_a_tiles_range_are_a_record_error() -> None:
    names = ["nan_count", "max", "mean", "l2_norm"]
    with pytest.raises(RecordError, match="min"):
        decode_record(with_header("uint16", statistics=names))


@pytest.mark.parametrize("name", sorted(BLOBS))
def test_a_newer_version_is_said_to_be_newer(name: str) -> None:
    with pytest.raises(NewerRecordError, match=r"newer tb_nnviz \(record version 2;.*update"):
        decode_record(with_header(name, version=2, kind="something new", blobs=None))


def test_the_unchanged_examples_decode() -> None:
    for name, blobs in BLOBS.items():
        record = decode_record(blobs)
        kinds: dict[str, type[Record]] = {
            "notice": Notice,
            "histogram": Histogram,
            "confusion": Confusion,
            "graph": Graph,
        }
        kind = kinds.get(name, TileArray)
        assert isinstance(record, kind)
        assert decode_record(with_header(name)) is not None


def with_payload(name: str, blob: str, array: NDArray[Any]) -> list[bytes]:
    """The blobs of a record in which one payload is another, with a checksum that fits."""
    descriptions = json.loads(BLOBS[name][0])["blobs"]
    index = [description["name"] for description in descriptions].index(blob)
    described, stored = pack_blob(descriptions[index]["name"], "paint", array)
    descriptions[index] = described.to_json()
    blobs = with_header(name, blobs=descriptions)
    blobs[index + 1] = stored
    return blobs


@pytest.mark.parametrize(
    ("blob", "array"),
    [
        ("cells", np.array([0, 3, 1], np.uint32)),
        ("cells", np.array([0, 1, 4], np.uint32)),
        ("cells", np.array([0, 1], np.uint32)),
        ("counts", np.array([3.0, 0.0, 2.0])),
        ("counts", np.array([3.0, 1.5, 2.0])),
        ("counts", np.array([3.0, np.nan, 2.0])),
        ("sizes", np.array([0, 2, 0], np.uint32)),
        ("sizes", np.array([1, 1, 1], np.uint32)),
        ("indices", np.array([4], np.uint32)),
        ("confidences", np.array([0.75, 0.5], np.float64)),
        ("mistakes", np.array([[4, 4]], np.uint32)),
        ("mistakes", np.array([4], np.uint32)),
        ("weights", np.array([3.0, 0.5])),
        ("addresses", np.zeros((2, 7), np.uint8)),
        ("samples", np.array([4], np.uint32)),
    ],
)
def test_a_confusion_that_cannot_be_is_a_record_error(blob: str, array: NDArray[Any]) -> None:
    with pytest.raises(RecordError, match="corrupt"):
        decode_record(with_payload("confusion", blob, array))


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("task", "ranking"),
        ("class_names", [1, 2]),
        ("class_names", ["x"] * 10_001),
        ("threshold", "0.5"),
        ("top_k", None),
        ("num_samples", -1),
        ("num_available", 2.5),
        ("num_undecided", ...),
        ("notes", "a note"),
    ],
)
def test_a_wrong_field_of_a_confusion_is_named(field: str, value: Any) -> None:
    with pytest.raises(RecordError, match=field):
        decode_record(with_header("confusion", **{field: value}))


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("nodes", ...),
        ("nodes", [3]),
        ("nodes", [{"path": "a"}]),
        ("edges", [3]),
        ("edges", [{"source": "a", "target": "b", "source_call": -1}]),
        ("inputs", ["z"]),
        ("outputs", [3]),
    ],
)
def test_a_wrong_field_of_a_graph_is_named(field: str, value: Any) -> None:
    with pytest.raises(RecordError, match=field.removesuffix("s")):
        decode_record(with_header("graph", **{field: value}))


def test_an_edge_to_what_is_no_node_is_named() -> None:
    edges = json.loads(BLOBS["graph"][0])["edges"]
    with pytest.raises(RecordError, match="'edges' names 'z', which is no node"):
        decode_record(with_header("graph", edges=[{**edges[0], "target": "z"}]))


def test_two_nodes_of_one_path_are_a_record_error() -> None:
    nodes = json.loads(BLOBS["graph"][0])["nodes"]
    with pytest.raises(RecordError, match="two nodes of one path"):
        decode_record(with_header("graph", nodes=[*nodes, nodes[0]]))


@pytest.mark.parametrize(
    "change",
    [
        {"category": "pretty"},
        {"trainable": "maybe"},
        {"output_shapes": [3]},
        {"output_shapes": [[-1]]},
        {"num_parameters": None},
        {"parent": 4},
        {"inputs": "a"},
    ],
)
def test_a_node_that_cannot_be_is_a_record_error(change: dict[str, Any]) -> None:
    nodes = json.loads(BLOBS["graph"][0])["nodes"]
    with pytest.raises(RecordError, match="'nodes' is malformed"):
        decode_record(with_header("graph", nodes=[{**nodes[0], **change}, nodes[1]]))
