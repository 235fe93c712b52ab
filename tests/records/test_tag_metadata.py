from __future__ import annotations

import json
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tb_nnviz.records import (
    NewerRecordError,
    Notice,
    RecordError,
    Source,
    TagMetadata,
    build_tile_array,
    describe_tag,
)

texts = st.text(max_size=8)
sources = st.builds(
    Source,
    variable_path=st.none() | texts,
    layer_index=st.none() | st.integers(0, 99),
    variable_shape=st.none() | st.lists(st.integers(0, 9), max_size=4).map(tuple),
    samples_digest=st.none() | st.text(),
)


kinds = st.sampled_from(["tiles", "histogram", "notice"])


@settings(deadline=None)
@given(metadata=st.builds(TagMetadata, kinds, texts, sources))
def test_metadata_comes_back(metadata: TagMetadata) -> None:
    assert TagMetadata.from_bytes(metadata.to_bytes()) == metadata


def changed(**changes: Any) -> bytes:
    fields = {**json.loads(TagMetadata("tiles", "weights").to_bytes()), **changes}
    return json.dumps(fields).encode()


@pytest.mark.parametrize(
    ("content", "problem"),
    [
        (b"", "metadata is not JSON"),
        (b"\xff", "metadata is not JSON"),
        (b"[]", "metadata is not that of an nnviz record"),
        (changed(format="other"), "metadata is not that of an nnviz record"),
        (changed(version=None), "'version'"),
        (changed(kind="hologram"), "unknown kind of record 'hologram'"),
        (changed(kind=None), "'kind'"),
        (changed(view=7), "'view'"),
        (changed(source=None), "'source'"),
        (changed(source={"where": "?"}), "'source'"),
        (changed(view="\ud800"), "'view' of the metadata has half of a surrogate"),
        (changed(source={"layer_path": "\udfff"}), "'source' of the metadata has half of"),
        (changed(**{"\ud800": 1}), "half of a surrogate"),
        (changed(view="v").replace(b'"v"', b'"\xed\xa0\x80"'), "metadata is not JSON"),
    ],
)
def test_corrupt_content_is_named(content: bytes, problem: str) -> None:
    with pytest.raises(RecordError, match=problem):
        TagMetadata.from_bytes(content)


@settings(deadline=None)
@given(content=st.binary(max_size=80))
def test_arbitrary_content_is_a_record_error(content: bytes) -> None:
    with pytest.raises(RecordError):
        TagMetadata.from_bytes(content)


def test_newer_content_is_said_to_be_newer() -> None:
    with pytest.raises(NewerRecordError, match="record version 9"):
        TagMetadata.from_bytes(changed(version=9, kind="something new"))


def test_a_tags_view_is_its_first_part() -> None:
    source = Source(layer_path="dense")
    record = build_tile_array(np.zeros((2, 2)), ("height", "width"), source=source)
    assert describe_tag("weights/a/b", record) == TagMetadata("tiles", "weights", source)
    assert describe_tag("notices", Notice("weights", "", "…")) == TagMetadata("notice", "notices")
