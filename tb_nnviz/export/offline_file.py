"""A log, or part of it, as one HTML file: the tab itself, which opens without TensorBoard.

Joins what is chosen, what the plugin would answer of it, and the page; see `offline_choice`,
`kept_records` and `offline_page`.
"""

from __future__ import annotations

import json
import os
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from importlib.metadata import version
from pathlib import Path
from typing import Any, Literal, TypeVar

from tqdm import tqdm

from tb_nnviz.event_files.directory import IndexedRecord
from tb_nnviz.export.files import replace_file
from tb_nnviz.export.kept_records import KeptRecords, Log, read_log
from tb_nnviz.export.layer_parameters import cut_layer_parameters
from tb_nnviz.export.offline_choice import (
    KeptTags,
    OfflineChoice,
    Steps,
    choose_records,
    is_whole_series,
)
from tb_nnviz.export.offline_items import OfflineItem, look_through
from tb_nnviz.export.offline_page import end_of_page, record_part, start_of_page
from tb_nnviz.export.tag_records import name_some
from tb_nnviz.plugin.queries import Queries
from tb_nnviz.plugin.record_source import RecordSource
from tb_nnviz.records.run_names import display_names

_T = TypeVar("_T")

# Where the build of the screen puts it.
OFFLINE_SCRIPT = Path(__file__).parents[1] / "plugin" / "static" / "offline.js"


@dataclass(frozen=True)
class ExportedPage:
    """What was written.

    Attributes:
        path: the file.
        runs: names of the runs in it.
        num_tags: how many tags it holds, whichever runs have them.
        num_steps: how many steps.
        size_in_bytes: of the file.
        problems: a sentence for everything that cannot be read.
    """

    path: Path
    runs: tuple[str, ...]
    num_tags: int
    num_steps: int
    size_in_bytes: int
    problems: tuple[str, ...]


def export_html(
    logdir: str | os.PathLike[str],
    output: str | os.PathLike[str] | None = None,
    *,
    runs: tuple[str, ...] = (),
    views: tuple[str, ...] = (),
    tags: tuple[str, ...] = (),
    step: Steps = "all",
    theme: Literal["light", "dark"] = "light",
    link: Mapping[str, str] | None = None,
    has_progress: bool = False,
) -> ExportedPage:
    """Writes the tab with what is logged into one file that opens from disk, in any browser.

    Records are in it as they are stored. Nothing is asked for when it is opened: neither
    TensorBoard, nor Python, nor a network. A file of that name is replaced, once the new one is
    complete.

    Args:
        logdir: what is given to ``tensorboard --logdir``.
        output: the file; None for one named after the log, here.
        runs: names on screen; none for all.
        views: such as ``"weights"``; none for all.
        tags: such as ``"weights/dense/kernel"``; none for all of the views. What is shown beside
            them, such as the samples of activations, comes with them.
        step: one that is logged, a range with both ends, ``"first"``, ``"last"`` or ``"all"``.
            The first step of each tag is always in the file, because changes are since it.
        theme: ``"light"`` or ``"dark"``; whoever opens the file can choose the other.
        link: keys of a link without ``p.nnviz.``, such as ``{"show": "change-since-start"}``:
            what the file opens at.
        has_progress: whether to show a progress bar on stderr.

    Returns:
        What was written, and what could not be read.

    Raises:
        ValueError: an argument does not fit, or the log has no such run, view, tag or step.
        OSError: the file cannot be written, or the screen was not built.

    Example:
        >>> export_html("logs", "for_a_colleague.html", views=("weights",), step="last")
    """
    directory = Path(logdir)
    if not directory.is_dir():
        raise ValueError(f"The `logdir` argument must be a directory; got {str(logdir)!r}.")
    script = _read_script()
    log = read_log(directory)
    if not log.records:
        raise ValueError(f"No runs of nnviz are logged below {str(logdir)!r}.")
    root = directory.resolve()
    names = display_names(log.records, str(root))
    choice = OfflineChoice(tuple(runs), tuple(views), tuple(tags), step)
    kept = choose_records(log, names, choice)
    problems = list(log.problems)
    found = [
        (run, record) for run, tags in kept.items() for each in tags.values() for record in each
    ]
    progress = _progress_bar if has_progress else _no_progress
    items = list(look_through(progress(found, "reading"), names, problems))
    contents = {
        **_answers(log, names, items, str(root)),
        "records": [item.to_json() for item in items],
        "link": {"view": views[0] if views else "weights", **(link or {})},
        "theme": theme,
        "about": _about(root.name, [names[run] for run in kept], items),
        "remarks": _remarks(log, kept),
    }
    path = Path(output) if output is not None else Path(f"{root.name or 'log'}.html")
    title = f"NN VIZ · {root.name} · {name_some([names[run] for run in kept])}"
    with replace_file(path) as file:
        file.write(start_of_page(title, json.dumps(contents, separators=(",", ":"))))
        for index, item in enumerate(progress(items, "writing")):
            file.write(record_part(index, item.read()))
        file.write(end_of_page(script))
        size = file.tell()
    return ExportedPage(
        path,
        tuple(names[run] for run in kept),
        len({item.record.tag for item in items}),
        len(_steps_of(items)),
        size,
        tuple(problems),
    )


def _read_script() -> str:
    try:
        return OFFLINE_SCRIPT.read_text(encoding="utf-8")
    except FileNotFoundError:
        raise FileNotFoundError(
            "The screen of tb_nnviz was not built with this installation: run `pip install "
            "--force-reinstall tb-nnviz`, or `make build` in a checkout."
        ) from None


def _answers(
    log: Log, names: Mapping[str, str], items: Sequence[OfflineItem], logdir: str
) -> dict[str, Any]:
    """What the routes `index` and `timeline` would answer, were nothing else logged."""
    records: dict[str, dict[str, list[tuple[IndexedRecord, float]]]] = {}
    for item in items:
        of_tag = records.setdefault(item.run, {}).setdefault(item.record.tag, [])
        of_tag.append((item.record, item.wall_time))
    contents = {
        run: {tag: log.contents[run][tag] for tag in by_tag} for run, by_tag in records.items()
    }
    queries = Queries(RecordSource(KeptRecords(contents, records)), logdir)
    index = queries.index(None, "")
    for run in index["runs"]:
        run["name"] = names[run["run"]]
        # What is left out is said in words; TensorBoard has not sampled it.
        for series in run["series"]:
            series["logged"] = len(series["steps"])
        cut = cut_layer_parameters(log.contents[run["run"]], records[run["run"]])
        if cut:
            run["layer_parameters"] = cut
    timelines = {run: queries.timeline(None, "", run) for run in records}
    return {"index": index, "timelines": timelines}


def _about(log: str, runs: Sequence[str], items: Sequence[OfflineItem]) -> list[str]:
    """What the file is of, when it was made and by what: as the screen's own export says it."""
    steps = sorted(_steps_of(items))
    span = f"step {steps[0]}" if len(steps) == 1 else f"steps {steps[0]} to {steps[-1]}"
    now = datetime.now().astimezone().strftime("%Y-%m-%d %H:%M")
    return [
        *([log] if log else []),
        name_some(runs),
        *([span] if steps else []),
        f"exported {now} with tb_nnviz {version('tb-nnviz')}",
    ]


def _remarks(log: Log, kept: KeptTags) -> list[str]:
    """What of the log is not in the file, as shares."""
    kept_tags = {(run, tag) for run, tags in kept.items() for tag in tags}
    all_tags = {(run, tag) for run in kept for tag in log.records[run]}
    kept_steps, all_steps = (
        {
            record.step
            for run, tag in kept_tags
            if not is_whole_series(tag)
            for record in source[run][tag]
        }
        for source in (kept, log.records)
    )
    shares = (
        ("run", len(kept), len(log.records)),
        ("tag", len(kept_tags), len(all_tags)),
        ("step", len(kept_steps), len(all_steps)),
    )
    return [f"{count} of {_count(of, noun)}" for noun, count, of in shares if count < of]


def _count(number: int, noun: str) -> str:
    return f"{number:,} {noun}{'' if number == 1 else 's'}"


def _steps_of(items: Iterable[OfflineItem]) -> set[int]:
    return {item.record.step for item in items if not is_whole_series(item.record.tag)}


def _progress_bar(items: Sequence[_T], doing: str) -> Iterable[_T]:
    # None: no bar where stderr is no terminal.
    return tqdm(items, desc=doing, unit="record", disable=None, leave=False)


def _no_progress(items: Sequence[_T], doing: str) -> Iterable[_T]:  # noqa: ARG001
    return items
