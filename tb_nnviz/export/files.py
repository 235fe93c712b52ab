"""Files that are there whole or not at all."""

from __future__ import annotations

import contextlib
import os
from collections.abc import Iterator
from pathlib import Path
from typing import BinaryIO


@contextlib.contextmanager
def replace_file(path: Path) -> Iterator[BinaryIO]:
    """A file to write that takes its name when it is finished.

    What had the name before stays until then, and stays where the writing fails. Missing
    directories are made.

    Raises:
        OSError: the system does not let it be written.
    """
    if path.is_dir():
        raise IsADirectoryError(f"The output must be a file; {str(path)!r} is a directory.")
    path.parent.mkdir(parents=True, exist_ok=True)
    partial = path.with_name(f".{path.name}.{os.getpid()}.partial")
    try:
        with partial.open("wb") as file:
            yield file
        partial.replace(path)
    finally:
        partial.unlink(missing_ok=True)
