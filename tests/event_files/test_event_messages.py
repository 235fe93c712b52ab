from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from tensorboard.compat.proto import event_pb2, summary_pb2

from tb_nnviz.event_files.events import (
    PEEK_SIZE,
    BlobEvent,
    EventError,
    decode_blob_event,
    encode_blob_event,
    encode_first_event,
    is_our_first_event,
    peek_step_and_tag,
)

# What a log writer accepts: 1 to 1,024 bytes of text.
tags = st.text(min_size=1, max_size=250)
steps = st.integers(0, 2**63 - 1) | st.sampled_from([0, 1, 127, 128, 2**40])
blob_events = st.builds(
    BlobEvent,
    tag=tags,
    step=steps,
    wall_time=st.floats(allow_nan=False),
    blobs=st.lists(st.binary(max_size=30), max_size=3).map(tuple),
    plugin_name=st.sampled_from(["nnviz", "images"]),
    content=st.binary(max_size=30),
)


@settings(deadline=None)
@given(event=blob_events)
def test_an_event_comes_back(event: BlobEvent) -> None:
    assert decode_blob_event(encode_blob_event(event)) == event


@settings(deadline=None)
@given(event=blob_events)
def test_a_peek_sees_what_a_full_parse_sees(event: BlobEvent) -> None:
    data = encode_blob_event(event)
    assert peek_step_and_tag(data) == (event.step, event.tag)


def test_a_peek_needs_only_the_first_bytes_of_a_large_event() -> None:
    tag = "weights/" + "é" * 508
    assert len(tag.encode()) == 1024
    event = BlobEvent(tag, 2**40, 1.75e9, (b"x" * 100_000,), "nnviz", b"content")
    data = encode_blob_event(event)
    assert peek_step_and_tag(data[:PEEK_SIZE]) == (2**40, tag)


@settings(deadline=None)
@given(step=st.integers(-(2**63), -1))
def test_a_peek_sees_negative_steps_as_a_full_parse_does(step: int) -> None:
    data = encode_blob_event(BlobEvent("tag", step, 1.0, (), "nnviz", b""))
    assert decode_blob_event(data).step == step
    assert peek_step_and_tag(data) == (step, "tag")


@pytest.mark.parametrize(
    "event",
    [
        event_pb2.Event(wall_time=1.0, step=3),
        event_pb2.Event(file_version="brain.Event:2"),
        event_pb2.Event(graph_def=b"graph"),
    ],
)
def test_a_peek_at_an_event_without_summary_is_none(event: event_pb2.Event) -> None:
    assert peek_step_and_tag(event.SerializeToString()) is None


def test_a_peek_goes_past_other_fields_before_the_summary() -> None:
    message = event_pb2.Event(wall_time=1.0, step=3)
    value = summary_pb2.Summary.Value(tag="loss", simple_value=1.0)
    message.summary.value.append(value)
    # Field 15 does not exist: a varint, eight bytes, four bytes and a string of it.
    unknown = b"\x78\x05" + b"\x79" + b"x" * 8 + b"\x7d" + b"x" * 4 + b"\x7a\x03abc"
    assert peek_step_and_tag(unknown + message.SerializeToString()) == (3, "loss")


@settings(deadline=None, max_examples=300)
@given(data=st.binary(max_size=60))
def test_arbitrary_bytes_raise_nothing_but_an_event_error(data: bytes) -> None:
    for parse in (peek_step_and_tag, decode_blob_event):
        try:
            parse(data)
        except EventError as error:
            assert str(error)  # noqa: PT017 - other errors are what must not come
    assert is_our_first_event(data) is False


@settings(deadline=None, max_examples=200)
@given(event=blob_events, flip=st.integers(1, 255), data=st.data())
def test_a_changed_byte_raises_nothing_but_an_event_error(
    event: BlobEvent, flip: int, data: st.DataObject
) -> None:
    changed = bytearray(encode_blob_event(event))
    changed[data.draw(st.integers(0, len(changed) - 1))] ^= flip
    for parse in (peek_step_and_tag, decode_blob_event):
        try:
            parse(bytes(changed))
        except EventError as error:
            assert str(error)  # noqa: PT017 - other errors are what must not come


def test_our_first_event_is_known_and_says_tensorboards_version() -> None:
    data = encode_first_event(1.5)
    assert is_our_first_event(data)
    event = event_pb2.Event.FromString(data)
    assert event.file_version == "brain.Event:2"
    assert event.wall_time == 1.5


def test_other_first_events_are_not_ours() -> None:
    other = event_pb2.Event(file_version="brain.Event:2")
    assert not is_our_first_event(other.SerializeToString())
    other.source_metadata.writer = "tensorboard.summary.writer.event_file_writer"
    assert not is_our_first_event(other.SerializeToString())
    assert not is_our_first_event(b"")


@pytest.mark.parametrize("number", [0, 2])
def test_an_event_with_other_than_one_value_is_refused(number: int) -> None:
    event = event_pb2.Event(step=1)
    event.summary.value.extend(
        summary_pb2.Summary.Value(tag=f"tag{index}") for index in range(number)
    )
    with pytest.raises(EventError, match="does not hold one value"):
        decode_blob_event(event.SerializeToString())
