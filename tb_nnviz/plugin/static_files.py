"""The files of the screen's bundle, by name. No path is ever taken from a request."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

BUNDLE = "index.js"
_CONTENT_TYPES = {
    ".css": "text/css",
    ".js": "text/javascript",
    ".json": "application/json",
    ".svg": "image/svg+xml",
    ".woff2": "font/woff2",
}
_NO_BUNDLE = """export function render() {
  document.body.textContent =
    "The screen of tb_nnviz was not built with this installation: " +
    "run `pip install --force-reinstall tb-nnviz`, or `make build` in a checkout.";
}
"""


@dataclass(frozen=True)
class StaticFile:
    """Content and its type."""

    content: bytes
    content_type: str


def read_static_file(directory: Path, name: str) -> StaticFile | None:
    """The file of that name, or None.

    Args:
        directory: where the bundle lies.
        name: compared with the names of the files that are there; never made into a path.
    """
    for path in sorted(directory.rglob("*")) if directory.is_dir() else []:
        content_type = _CONTENT_TYPES.get(path.suffix)
        if content_type and path.is_file() and path.relative_to(directory).as_posix() == name:
            return StaticFile(path.read_bytes(), content_type)
    if name == BUNDLE:
        return StaticFile(_NO_BUNDLE.encode(), _CONTENT_TYPES[".js"])
    return None
