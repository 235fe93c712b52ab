"""The cause of an error of Keras or its backend, short enough for a message of our own."""

from __future__ import annotations

from tb_nnviz.records.error_text import in_one_line

_MAX_CHARACTERS = 300


def first_words(error: Exception) -> str:
    """The cause among what Keras says, without its colours and its list of arguments.

    Args:
        error: what Keras raised.
    """
    return in_one_line(error)[:_MAX_CHARACTERS]
