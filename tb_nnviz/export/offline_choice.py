"""Which records of a log a file that opens without a server holds.

Knows names and steps; reads no record.
"""

from __future__ import annotations

import bisect
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Literal

from tb_nnviz.event_files.directory import IndexedRecord
from tb_nnviz.export.kept_records import Log
from tb_nnviz.export.tag_records import name_some
from tb_nnviz.records import NOTICES_TAG, RecordError, TagMetadata
from tb_nnviz.records.sample_pictures import SUFFIX

# One step, a range with both ends, or a word.
Steps = int | tuple[int, int] | Literal["all", "first", "last"]
KeptTags = dict[str, dict[str, list[IndexedRecord]]]

# Views of samples, beside whose values these are shown.
_VIEWS_OF_SAMPLES = frozenset({"activations", "attributions", "confusion"})
_CLASS_WEIGHTS = "/class_weights"


@dataclass(frozen=True)
class OfflineChoice:
    """What is to be in the file.

    Attributes:
        runs: names on screen; none for all.
        views: such as ``weights``; none for all.
        tags: such as ``weights/dense/kernel``; none for all of the views.
        step: which steps; the first one is always there, because changes are since it.
    """

    runs: tuple[str, ...] = ()
    views: tuple[str, ...] = ()
    tags: tuple[str, ...] = ()
    step: Steps = "all"


def choose_records(log: Log, names: Mapping[str, str], choice: OfflineChoice) -> KeptTags:
    """Run → tag → records, of TensorBoard's names of the runs.

    Args:
        log: all that is logged.
        names: on screen, of each run.
        choice: what is to be kept.

    Raises:
        ValueError: a run, view, tag or step is not in the log.
    """
    _check("run", choice.runs, names.values())
    runs = [run for run in log.records if not choice.runs or names[run] in choice.runs]
    shown = {
        run: {
            tag: view for tag, content in log.contents[run].items() if (view := _view_of(content))
        }
        for run in runs
    }
    _check("view", choice.views, {view for views in shown.values() for view in views.values()})
    _check("tag", choice.tags, {tag for views in shown.values() for tag in views})
    _check_step(choice.step, [log.records[run][tag] for run in runs for tag in shown[run]])
    kept: KeptTags = {}
    for run in runs:
        tags = _choose_tags(shown[run], choice)
        if not tags:
            continue
        kept[run] = {
            tag: _choose_steps(tag, records, choice.step)
            for tag, records in log.records[run].items()
            if tag in tags or tag == NOTICES_TAG
        }
    if not kept:
        raise ValueError("No run has these views and tags together: there is nothing to export.")
    return kept


def is_whole_series(tag: str) -> bool:
    """Whether a tag is kept with all of its steps, whichever are chosen.

    A picture of a sample is logged once, at the step that first needs it; so is a notice.
    """
    return tag == NOTICES_TAG or (tag.startswith("confusion/") and tag.endswith(f"/{SUFFIX}"))


def _view_of(content: bytes) -> str | None:
    """The view of a tag; None of notices, and of what this version cannot read."""
    try:
        metadata = TagMetadata.from_bytes(content)
    except RecordError:
        return None
    return None if metadata.kind == "notice" else metadata.view


def _choose_tags(views: Mapping[str, str], choice: OfflineChoice) -> set[str]:
    """The chosen tags of a run, and with them what is shown beside them."""
    chosen = {
        tag
        for tag, view in views.items()
        if (not choice.views or view in choice.views) and (not choice.tags or tag in choice.tags)
    }
    has_samples = any(views[tag] in _VIEWS_OF_SAMPLES for tag in chosen)
    beside = {
        tag
        for tag, view in views.items()
        if (has_samples and view == "samples")
        or any(tag in (f"{each}/{SUFFIX}", f"{each}{_CLASS_WEIGHTS}") for each in chosen)
    }
    return chosen | beside


def _choose_steps(tag: str, records: Sequence[IndexedRecord], step: Steps) -> list[IndexedRecord]:
    if step == "all" or is_whole_series(tag):
        return list(records)
    if step in ("first", "last"):
        indices = {0, 0 if step == "first" else len(records) - 1}
    else:
        low, high = step if isinstance(step, tuple) else (step, step)
        steps = [record.step for record in records]
        # A tag without a record at the first of them shows its nearest earlier one.
        first = max(0, bisect.bisect_right(steps, low) - 1)
        indices = {0, *range(first, bisect.bisect_right(steps, high))}
    return [records[index] for index in sorted(indices)]


def _check(what: str, wanted: Iterable[str], found: Iterable[str]) -> None:
    names = sorted(set(found))
    for each in wanted:
        if each not in names:
            raise ValueError(f"There is no {what} {each!r} here; there are {name_some(names)}.")


def _check_step(step: Steps, logged: Sequence[Sequence[IndexedRecord]]) -> None:
    steps = sorted({record.step for records in logged for record in records})
    fits: Callable[[int], bool]
    if isinstance(step, tuple):
        low, high = step
        if low > high:
            raise ValueError(
                f"A range must be first:last, such as {high}:{low}; got {low}:{high}, whose first "
                "step comes after its last."
            )
        fits = lambda each: low <= each <= high  # noqa: E731
    elif isinstance(step, int):
        fits = lambda each: each == step  # noqa: E731
    else:
        return
    if not any(fits(each) for each in steps):
        which = f"steps {step[0]}:{step[1]}" if isinstance(step, tuple) else f"step {step}"
        raise ValueError(f"No record is logged at {which}; there are {name_some(steps)}.")
