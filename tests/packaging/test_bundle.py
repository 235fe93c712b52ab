"""The frontend's bundle: what is loaded first is one file, and small."""

from __future__ import annotations

import gzip
import json
import re
from pathlib import Path

PROJECT = Path(__file__).parents[2]
STATIC = PROJECT / "tb_nnviz" / "plugin" / "static"
MAX_COMPRESSED_BYTES = 120 * 1024


def test_what_is_loaded_before_a_view_is_chosen_is_one_module_of_at_most_120_kb() -> None:
    first = STATIC / "index.js"
    assert imports_of(first) == []
    assert 0 < len(gzip.compress(first.read_bytes(), 9)) <= MAX_COMPRESSED_BYTES


def test_the_modules_of_views_that_are_loaded_later_need_the_first_one_and_one_another_alone() -> (
    None
):
    later = [path for path in STATIC.rglob("*.js") if path.name != "index.js"]
    assert "graph_module.js" in {path.name for path in later}
    for path in later:
        assert path.parent == STATIC / "chunks"
        imported = [(path.parent / name).resolve() for name in imports_of(path)]
        assert set(imported) <= {STATIC / "index.js", *later}
        assert STATIC / "index.js" in imported


def imports_of(path: Path) -> list[str]:
    """The addresses of the modules that one needs before it runs, not those it asks for later."""
    return re.findall(r"""\bfrom\s*["'`]([^"'`]+\.js)["'`]""", path.read_text(encoding="utf-8"))


def test_the_bundle_names_no_other_host() -> None:
    for path in STATIC.rglob("*.js"):
        text = path.read_text(encoding="utf-8")
        # Namespaces of SVG and XHTML and the like are names, which nothing is asked from.
        hosts = {part.split("/", 1)[0] for part in text.split("http://")[1:]}
        assert hosts <= {"www.w3.org"}
        assert "https://" not in text


def test_no_script_of_the_frontend_calls_npm_which_an_isolated_build_does_not_find() -> None:
    package = json.loads((PROJECT / "plugin_frontend" / "package.json").read_text("utf-8"))
    assert {"build", "check", "test"} <= package["scripts"].keys()
    assert [name for name, script in package["scripts"].items() if "npm" in script] == []
