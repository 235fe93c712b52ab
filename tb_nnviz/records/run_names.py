"""How a run is called on screen.

Our events lie in ``<log_dir>/nnviz``; the screen and `LogReader` call that run
``<log_dir>``.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from pathlib import PurePath

RUN_DIRECTORY = "nnviz"


def display_names(runs: Iterable[str], logdir: str) -> dict[str, str]:
    """The name on screen of each of TensorBoard's run names.

    Args:
        runs: TensorBoard's names: paths relative to ``logdir``, "." for ``logdir`` itself.
        logdir: the directory TensorBoard was started at; used where nothing else is left.

    Returns:
        run → name. The trailing ``nnviz`` is dropped unless what is left is, or could be,
        the name of another run.
    """
    short = {run: _short_name(run, logdir) for run in runs}
    claims = Counter(name for run in short for name in {run, short[run]})
    return {run: name if claims[name] == 1 else run for run, name in short.items()}


def _short_name(run: str, logdir: str) -> str:
    parts = PurePath(run).parts
    if parts[-1:] == (RUN_DIRECTORY,):
        parts = parts[:-1]
    if parts:
        return "/".join(parts)
    directory = PurePath(logdir)
    if run == "." and directory.name == RUN_DIRECTORY:
        directory = directory.parent
    return directory.name or run
