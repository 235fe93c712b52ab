"""Many records in one binary answer; see `http_api.md`. Pure."""

from __future__ import annotations

import json
import struct
from collections.abc import Iterable, Iterator

from tb_nnviz.plugin.record_batches import RecordAnswer

MAGIC = b"NNVZ"
VERSION = 1
_ALIGNMENT = 8


def encode_batch(answers: list[RecordAnswer]) -> bytes:
    """The answers, in order.

    Blobs begin at multiples of 8 bytes, so that a reader can look at their numbers in place.
    """
    words = [VERSION, len(answers)]
    blobs: list[bytes] = []
    for answer in answers:
        contents = answer.blobs or (json.dumps({"message": answer.message}).encode(),)
        words += [answer.status, len(contents), *(len(blob) for blob in contents)]
        blobs += contents
    table = MAGIC + struct.pack(f"<{len(words)}I", *words)
    return b"".join(_aligned([table, *blobs]))


def _aligned(pieces: Iterable[bytes]) -> Iterator[bytes]:
    for piece in pieces:
        yield piece
        yield bytes(-len(piece) % _ALIGNMENT)
