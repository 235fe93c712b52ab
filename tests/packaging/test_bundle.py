"""The frontend's bundle is one file, and small."""

from __future__ import annotations

import gzip
import json
from pathlib import Path

PROJECT = Path(__file__).parents[2]
STATIC = PROJECT / "tb_nnviz" / "plugin" / "static"
MAX_COMPRESSED_BYTES = 120 * 1024


def test_the_bundle_is_one_module_of_at_most_120_kb_compressed() -> None:
    scripts = [path.name for path in STATIC.rglob("*.js")]
    assert scripts == ["index.js"]
    compressed = gzip.compress((STATIC / "index.js").read_bytes(), 9)
    assert 0 < len(compressed) <= MAX_COMPRESSED_BYTES


def test_the_bundle_names_no_other_host() -> None:
    text = (STATIC / "index.js").read_text(encoding="utf-8")
    # Namespaces of SVG and XHTML and the like are names, which nothing is asked from.
    hosts = {part.split("/", 1)[0] for part in text.split("http://")[1:]}
    assert hosts <= {"www.w3.org"}
    assert "https://" not in text


def test_no_script_of_the_frontend_calls_npm_which_an_isolated_build_does_not_find() -> None:
    package = json.loads((PROJECT / "plugin_frontend" / "package.json").read_text("utf-8"))
    assert {"build", "check", "test"} <= package["scripts"].keys()
    assert [name for name, script in package["scripts"].items() if "npm" in script] == []
