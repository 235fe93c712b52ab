"""What TensorBoard keeps once a tag: `plugin_data.content`, versioned JSON.

TensorBoard takes it from the first event of a tag alone, so only what never changes in a
tag is in it.
"""

from __future__ import annotations

import json
from dataclasses import dataclass, field

from tb_nnviz.records.codec import KINDS, Record
from tb_nnviz.records.confusion import Confusion
from tb_nnviz.records.errors import RecordError
from tb_nnviz.records.fields import FORMAT_NAME, FORMAT_VERSION, parse_object, require
from tb_nnviz.records.graph import Graph
from tb_nnviz.records.histogram import Histogram
from tb_nnviz.records.notice import Notice
from tb_nnviz.records.source import Source
from tb_nnviz.records.tile_array import TileArray

PLUGIN_NAME = "nnviz"
NOTICES_TAG = "notices"

_KINDS: dict[type[Record], str] = {
    TileArray: "tiles",
    Histogram: "histogram",
    Confusion: "confusion",
    Graph: "graph",
    Notice: "notice",
}


@dataclass(frozen=True)
class TagMetadata:
    """Kind of a tag's records, the view that shows them, and where they come from."""

    kind: str
    view: str
    source: Source = field(default_factory=Source)

    def to_bytes(self) -> bytes:
        """The content to store."""
        fields = {
            "format": FORMAT_NAME,
            "version": FORMAT_VERSION,
            "kind": self.kind,
            "view": self.view,
            "source": self.source.to_json(),
        }
        return json.dumps(fields, ensure_ascii=False, separators=(",", ":")).encode()

    @classmethod
    def from_bytes(cls, content: bytes) -> TagMetadata:
        """The metadata in stored content.

        Raises:
            NewerRecordError: a newer tb_nnviz wrote it.
            RecordError: it is corrupt or of a kind this one does not know.
        """
        fields = parse_object(content, "metadata")
        kind = require(fields, "kind", str)
        if kind not in KINDS:
            raise RecordError(f"unknown kind of record {kind!r}")
        return cls(
            kind=kind,
            view=require(fields, "view", str),
            source=Source.from_json(require(fields, "source", dict)),
        )


def describe_tag(tag: str, record: Record) -> TagMetadata:
    """The metadata of a tag from its first record; the view is the tag's first part."""
    if isinstance(record, Notice):
        return TagMetadata("notice", "notices")
    return TagMetadata(_KINDS[type(record)], tag.split("/", maxsplit=1)[0], record.source)
