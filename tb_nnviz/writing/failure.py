"""How a log that fails is said: once in the tab, once in the terminal, once as an error.

Knows nothing of files.
"""

from __future__ import annotations

import logging
import warnings
from dataclasses import dataclass

from tb_nnviz.records.error_text import in_one_line

_logger = logging.getLogger("tb_nnviz")


@dataclass
class Failure:
    """Why a writer's records are skipped, and where that was said already.

    Attributes:
        error: the first one.
        is_raised: `flush` or `close` has raised it.
        is_noticed: a notice was left.
        is_warned: a warning was given.
    """

    error: Exception
    is_raised: bool = False
    is_noticed: bool = False
    is_warned: bool = False

    @property
    def cause(self) -> str:
        """The error in words."""
        return describe_error(self.error)


def describe_error(error: Exception) -> str:
    """What an error is, in one line."""
    return f"{type(error).__name__}: {in_one_line(error)}"


def warn(message: str, *, stacklevel: int) -> None:
    """Warns, and never raises.

    Args:
        message: what is the matter.
        stacklevel: 2 for the caller, as `warnings.warn` counts when called by it.
    """
    try:
        warnings.warn(f"nnviz: {message}", RuntimeWarning, stacklevel=stacklevel + 1)
    except RuntimeWarning:
        # Warnings are turned into errors: a log line must do.
        _logger.warning("nnviz: %s", message)
