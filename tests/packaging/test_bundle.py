"""The frontend's bundle: what is loaded first is small, the views' modules follow."""

from __future__ import annotations

import gzip
import json
import re
from pathlib import Path

PROJECT = Path(__file__).parents[2]
STATIC = PROJECT / "tb_nnviz" / "plugin" / "static"
OFFLINE = STATIC / "offline.js"
MAX_COMPRESSED_BYTES = 120 * 1024


def test_what_is_loaded_before_a_view_is_chosen_has_at_most_120_kb_compressed() -> None:
    first = loaded_first()
    assert [path.name for path in first] == ["index.js", "screen.js"]
    compressed = sum(len(gzip.compress(path.read_bytes(), 9)) for path in first)
    assert 0 < compressed <= MAX_COMPRESSED_BYTES


def test_the_module_that_everything_waits_for_is_small_and_asks_for_the_screen() -> None:
    entry = (STATIC / "index.js").read_text(encoding="utf-8")
    assert len(gzip.compress(entry.encode(), 9)) <= 1024
    assert re.search(r"""\bimport\(["'`]\./screen\.js["'`]\)""", entry)


def test_what_is_loaded_later_needs_what_is_loaded_first_and_what_several_share() -> None:
    first = set(loaded_first())
    later = [path for path in STATIC.rglob("*.js") if path not in {*first, OFFLINE}]
    views = ("attribution", "confusion", "export", "graph", "histogram", "layer_bar", "tile")
    asked_for = {*(f"{view}_module.js" for view in views), "export_graph.js"}
    shared = {path for path in later if re.fullmatch(r"shared\d*\.js", path.name)}
    assert {path.name for path in later if path not in shared} == asked_for
    # The picture of a graph is asked for by what draws the others.
    needed = {*first, *shared, STATIC / "chunks" / "export_module.js"}
    for path in later:
        assert path.parent == STATIC / "chunks"
        assert set(imports_of(path)) <= needed
    assert not any(path.name == "export_module.js" for each in shared for path in imports_of(each))


def test_the_script_of_files_on_their_own_is_one_that_imports_nothing() -> None:
    assert imports_of(OFFLINE) == []
    # A script of the page, not a module of its own: nothing is exported, nothing awaited.
    assert OFFLINE.read_text(encoding="utf-8").startswith("(function(")


def loaded_first() -> list[Path]:
    """The module that TensorBoard imports, the screen that it asks for at once, and their needs."""
    found = [STATIC / "index.js", STATIC / "screen.js"]
    for path in found:
        found += [each for each in imports_of(path) if each not in found]
    return found


def imports_of(path: Path) -> list[Path]:
    """The modules that one needs before it runs, not those it asks for later."""
    text = path.read_text(encoding="utf-8")
    addresses = re.findall(r"""\bfrom\s*["'`]([^"'`]+\.js)["'`]""", text)
    return [(path.parent / address).resolve() for address in addresses]


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
