"""The frontend's bundle is one file, and small."""

from __future__ import annotations

import gzip
from pathlib import Path

STATIC = Path(__file__).parents[2] / "tb_nnviz" / "plugin" / "static"
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
