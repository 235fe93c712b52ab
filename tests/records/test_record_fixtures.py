from __future__ import annotations

import base64
import gzip
import importlib.util
import json
from importlib.resources import files
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from jsonschema import Draft202012Validator

import tb_nnviz.records
from tb_nnviz.records import Confusion, Graph, Histogram, Notice, TileArray, decode_record

FIXTURES = Path(__file__).parent.parent / "fixtures"
STORED = sorted((FIXTURES / "records").glob("*.json"))
SCHEMA = json.loads((files(tb_nnviz.records) / "record_schema.json").read_text("utf-8"))


def load_make_records() -> Any:
    spec = importlib.util.spec_from_file_location("make_records", FIXTURES / "make_records.py")
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def blobs_of(path: Path) -> list[bytes]:
    return [base64.b64decode(blob) for blob in json.loads(path.read_text("utf-8"))["blobs"]]


def test_the_stored_fixtures_are_what_the_code_makes() -> None:
    made = load_make_records().make_fixtures()
    assert {path.name for path in STORED} == set(made)
    for path in STORED:
        assert readable(path.read_text("utf-8")) == readable(made[path.name])


def readable(fixture: str) -> dict[str, Any]:
    """What a fixture says, whatever library has compressed its payloads."""
    content = json.loads(fixture)
    blobs = [base64.b64decode(blob) for blob in content.pop("blobs")]
    header = json.loads(blobs[0])
    for description, blob in zip(header["blobs"], blobs[1:], strict=True):
        raw = gzip.decompress(blob) if description["compression"] == "gzip" else blob
        if description["name"] == "statistics":
            # Sums of float64 depend on their order, which is the machine's choice.
            description["raw"] = [f"{number:.12g}" for number in np.frombuffer(raw, "<f8")]
        else:
            description["raw"] = raw
        description.update(size=0, crc32=0)
    return {"header": header, **content}


def test_the_schema_is_a_schema() -> None:
    Draft202012Validator.check_schema(SCHEMA)


@pytest.mark.parametrize("path", STORED, ids=lambda path: path.stem)
def test_a_stored_header_validates(path: Path) -> None:
    Draft202012Validator(SCHEMA).validate(json.loads(blobs_of(path)[0]))


@pytest.mark.parametrize("path", STORED, ids=lambda path: path.stem)
def test_a_stored_record_decodes_to_the_stored_values(path: Path) -> None:
    stored = json.loads(path.read_text("utf-8"))
    record = decode_record(blobs_of(path))
    if isinstance(record, Notice):
        assert "values" not in stored
        return
    if isinstance(record, Histogram):
        assert record.counts.tolist() == stored["counts"]
        np.testing.assert_array_equal(
            record.edges, np.frombuffer(base64.b64decode(stored["edges"]), "<f8")
        )
        return
    if isinstance(record, Confusion):
        assert record.counts.reshape(-1).tolist() == stored["confusion"]["counts"]
        addresses = {int(key): text for key, text in stored["confusion"]["addresses"].items()}
        assert record.addresses == addresses
        return
    if isinstance(record, Graph):
        assert "values" not in stored
        return
    assert isinstance(record, TileArray)
    values = np.frombuffer(base64.b64decode(stored["values"]), "<f4").reshape(stored["shape"])
    np.testing.assert_array_equal(record.values, values)


@pytest.mark.parametrize(
    "changes",
    [
        {"unknown_field": 1},
        {"version": 2},
        {"ordinal": 0},
        {"kind": "notice"},
        {"meaning": "pretty"},
        {"axes": [{"name": "height", "size": 8, "full_size": 8}]},
        {"statistics": ["median"]},
    ],
)
def test_the_schema_refuses_what_is_not_in_the_format(changes: dict[str, Any]) -> None:
    header = json.loads(blobs_of(FIXTURES / "records" / "uint16.json")[0])
    validator = Draft202012Validator(SCHEMA)
    assert validator.is_valid(header)
    assert not validator.is_valid({**header, **changes})
