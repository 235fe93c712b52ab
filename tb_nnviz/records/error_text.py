"""What an error says, in one line for a message of our own. Knows no record, and no framework."""

from __future__ import annotations

import re

_COLOUR = re.compile(r"\x1b\[[\d;]*m")
# Keras puts the layers that an error went through before it, and what they were given after it.
_BEFORE_CAUSE = re.compile(r"(?:Exception|Error) encountered(?: when calling [^\n]*\n|:)")
_AFTER_CAUSE = "Arguments received by"


def in_one_line(error: BaseException) -> str:
    """The cause that an error names, without colours, line breaks and Keras' list of arguments.

    Args:
        error: whatever was raised.
    """
    text = _COLOUR.sub("", str(error)).split(_AFTER_CAUSE, 1)[0]
    cause = _BEFORE_CAUSE.split(text)[-1]
    return " ".join((cause if cause.strip() else text).split())
