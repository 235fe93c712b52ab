"""Event messages: one tag, one step, a sequence of blobs.

Messages are TensorBoard's own protocol buffers. Step and tag stand at their beginning,
so a log is indexed from a few hundred bytes of each record.
"""

from __future__ import annotations

from dataclasses import dataclass

from google.protobuf.message import DecodeError
from tensorboard.compat.proto import event_pb2, summary_pb2, tensor_pb2, tensor_shape_pb2, types_pb2

WRITER_NAME = "tb_nnviz"
FILE_VERSION = "brain.Event:2"

# Enough of a record to hold wall time, step, and a tag of up to about 4,000 bytes.
PEEK_SIZE = 4096

# Field numbers of tensorboard.Event, and protocol-buffer wire types.
_STEP, _SUMMARY = 2, 5
_VARINT, _BYTES = 0, 2
_FIXED_SIZES = {1: 8, 5: 4}


class EventError(ValueError):
    """Bytes that are no event of ours."""


@dataclass(frozen=True)
class BlobEvent:
    """One tag at one step, as stored.

    Attributes:
        tag: the tag.
        step: its step.
        wall_time: seconds since the Unix epoch.
        blobs: the blob sequence.
        plugin_name: who the data is for.
        content: what the plugin stored once for the tag.
    """

    tag: str
    step: int
    wall_time: float
    blobs: tuple[bytes, ...]
    plugin_name: str
    content: bytes


def encode_first_event(wall_time: float) -> bytes:
    """The event that every file begins with."""
    event = event_pb2.Event(
        wall_time=wall_time,
        file_version=FILE_VERSION,
        source_metadata=event_pb2.SourceMetadata(writer=WRITER_NAME),
    )
    data: bytes = event.SerializeToString()
    return data


def is_our_first_event(data: bytes) -> bool:
    """Whether a file that begins with this event was written by tb_nnviz."""
    try:
        event = event_pb2.Event.FromString(data)
    except DecodeError:
        return False
    return bool(event.source_metadata.writer == WRITER_NAME)


def encode_blob_event(event: BlobEvent) -> bytes:
    """The message of a blob event."""
    metadata = summary_pb2.SummaryMetadata(
        data_class=summary_pb2.DATA_CLASS_BLOB_SEQUENCE,
        plugin_data=summary_pb2.SummaryMetadata.PluginData(
            plugin_name=event.plugin_name, content=event.content
        ),
    )
    # Anything but rank 1 is refused by TensorBoard's data server.
    shape = tensor_shape_pb2.TensorShapeProto(
        dim=[tensor_shape_pb2.TensorShapeProto.Dim(size=len(event.blobs))]
    )
    tensor = tensor_pb2.TensorProto(
        dtype=types_pb2.DT_STRING, tensor_shape=shape, string_val=event.blobs
    )
    value = summary_pb2.Summary.Value(tag=event.tag, metadata=metadata, tensor=tensor)
    message = event_pb2.Event(
        wall_time=event.wall_time, step=event.step, summary=summary_pb2.Summary(value=[value])
    )
    data: bytes = message.SerializeToString()
    return data


def decode_blob_event(data: bytes) -> BlobEvent:
    """The blob event in a message; raises `EventError` if it is none."""
    try:
        event = event_pb2.Event.FromString(data)
    except DecodeError as error:
        raise EventError("corrupt: not an event message") from error
    if len(event.summary.value) != 1:
        raise EventError("the event does not hold one value")
    value = event.summary.value[0]
    return BlobEvent(
        tag=value.tag,
        step=event.step,
        wall_time=event.wall_time,
        blobs=tuple(value.tensor.string_val),
        plugin_name=value.metadata.plugin_data.plugin_name,
        content=value.metadata.plugin_data.content,
    )


def peek_step_and_tag(prefix: bytes) -> tuple[int, str] | None:
    """Step and tag from the first bytes of a message, without parsing its tensor.

    Args:
        prefix: the first `PEEK_SIZE` bytes of the message, or all of it.

    Returns:
        ``(step, tag)``, or None where the message holds no summary with a tag.

    Raises:
        EventError: the bytes are no protocol-buffer message.
    """
    step = 0
    position = 0
    try:
        while position < len(prefix):
            key, position = _read_varint(prefix, position)
            field, wire_type = key >> 3, key & 7
            if wire_type == _VARINT:
                value, position = _read_varint(prefix, position)
                step = _signed(value) if field == _STEP else step
            elif wire_type == _BYTES:
                length, position = _read_varint(prefix, position)
                if field == _SUMMARY:
                    return step, _tag_of_summary(prefix, position)
                position += length
            elif wire_type in _FIXED_SIZES:
                position += _FIXED_SIZES[wire_type]
            else:
                raise EventError(f"corrupt: unknown wire type {wire_type}")
    except (IndexError, UnicodeDecodeError) as error:
        raise EventError("corrupt: not an event message") from error
    return None


def _tag_of_summary(message: bytes, position: int) -> str:
    """The tag of the summary's first value: the first field of its first field."""
    for _ in range(2):
        key, position = _read_varint(message, position)
        if key != (1 << 3 | _BYTES):
            raise EventError("the summary does not begin with a tag")
        length, position = _read_varint(message, position)
    if position + length > len(message):
        raise EventError("the tag is too long")
    return message[position : position + length].decode()


def _signed(value: int) -> int:
    """The int64 that a varint stands for: protocol buffers write -1 as 2^64 - 1."""
    value &= (1 << 64) - 1
    return value - (1 << 64) if value >> 63 else value


def _read_varint(message: bytes, position: int) -> tuple[int, int]:
    value = shift = 0
    while True:
        byte = message[position]
        position += 1
        value |= (byte & 0x7F) << shift
        shift += 7
        if byte < 0x80:  # noqa: PLR2004 - the continuation bit
            return value, position
