"""Appends records to one new event file, flushed record by record.

Knows files and framing; nothing of threads or of what is recorded.
"""

from __future__ import annotations

import os
import time
from pathlib import Path

from tb_nnviz.event_files.directory import new_event_file_name
from tb_nnviz.event_files.events import BlobEvent, encode_blob_event, encode_first_event
from tb_nnviz.event_files.framing import frame


class EventFileWriter:
    """A new event file in a directory, which is made if it is not there.

    Every record is on its way to disk when `write` returns; nothing is buffered here, so
    a killed process loses at most the record under way.

    Args:
        directory: where the file is to lie.

    Raises:
        OSError: the directory or the file cannot be made.
    """

    def __init__(self, directory: Path) -> None:
        directory.mkdir(parents=True, exist_ok=True)
        self.path = directory / new_event_file_name(directory)
        self._descriptor = os.open(self.path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o644)
        self.size = 0
        try:
            self._append(frame(encode_first_event(time.time())))
        except OSError:
            # Else a disk that stays full would get one more empty file at every step.
            self.close()
            self.path.unlink(missing_ok=True)
            raise

    def write(self, event: BlobEvent) -> None:
        """Appends one event; on an error the file is left as it was before."""
        self._append(frame(encode_blob_event(event)))

    def is_in_place(self) -> bool:
        """Whether the path still leads to this file: not if it was deleted or replaced."""
        try:
            found = os.stat(self.path)  # noqa: PTH116 - beside os.fstat
        except (FileNotFoundError, NotADirectoryError):
            return False
        return os.path.samestat(found, os.fstat(self._descriptor))

    def close(self) -> None:
        """Closes the file; a second call does nothing."""
        if self._descriptor >= 0:
            os.close(self._descriptor)
            self._descriptor = -1

    def _append(self, data: bytes) -> None:
        remaining = memoryview(data)
        try:
            while remaining:
                remaining = remaining[os.write(self._descriptor, remaining) :]
        except OSError:
            # A torn record in the middle would hide everything behind it from TensorBoard.
            os.ftruncate(self._descriptor, self.size)
            os.lseek(self._descriptor, self.size, os.SEEK_SET)
            raise
        self.size += len(data)
