"""What can be wrong with a stored record."""

from __future__ import annotations


class RecordError(ValueError):
    """A stored record that cannot be read: corrupt, or not one of ours."""


class NewerRecordError(RecordError):
    """A record written by a newer tb_nnviz than this one."""
