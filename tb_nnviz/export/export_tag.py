"""The one function that exports: chooses the tag, the steps and the format, and writes the file."""

from __future__ import annotations

import os
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Literal, get_args

from tqdm import tqdm

from tb_nnviz.export.arrays import Arrays, histogram_arrays, tile_arrays, write_npz
from tb_nnviz.export.files import replace_file
from tb_nnviz.export.options import PictureOptions
from tb_nnviz.export.pictures import PicturesOfTag, Progress
from tb_nnviz.export.selection import select_tiles
from tb_nnviz.export.tag_records import (
    LoggedTag,
    ShownTiles,
    TilesOfTag,
    find_tag,
    name_some,
)
from tb_nnviz.records import Histogram, RecordError

FileFormat = Literal["png", "gif", "npz"]

# Of the grid of tiles, in pixels. Noise is what a GIF packs worst, so that it should not be large.
_SIDES = {"png": 1000, "gif": 800}


@dataclass(frozen=True)
class ExportedFile:
    """What was written.

    Attributes:
        path: the file; None where not one of the steps could be read.
        file_format: png, gif or npz.
        run: name of the run.
        tag: name of the tag.
        steps: the steps that are in it.
        size: width and height of a picture in pixels; None of arrays.
        problems: a sentence for each step that is corrupt in the log and was left out.
        remarks: sentences about the file that are no problems of the log.
    """

    path: Path | None
    file_format: FileFormat
    run: str
    tag: str
    steps: tuple[int, ...]
    size: tuple[int, int] | None
    problems: tuple[str, ...]
    remarks: tuple[str, ...] = ()


def export_tag(
    logdir: str | os.PathLike[str],
    output: str | os.PathLike[str] | None = None,
    *,
    tag: str,
    run: str | None = None,
    step: int | Literal["first", "last", "all"] | None = None,
    file_format: FileFormat | None = None,
    where: Mapping[str, int | str] | None = None,
    options: PictureOptions | None = None,
    has_progress: bool = False,
) -> ExportedFile:
    """Writes what is logged under a tag to a file: a picture, an animation or arrays.

    Pictures have the colours, the scale and the legend of the tab. A file of that name is
    replaced, once the new one is complete. Neither Keras nor a backend is loaded.

    Args:
        logdir: what is given to ``tensorboard --logdir``.
        output: the file; None for one named after run, tag and step, here.
        tag: such as ``"weights/dense/kernel"``: of kind tiles, or for NPZ histogram as well.
        run: name of the run as on screen; None for the only one.
        step: one that is logged, ``"first"``, ``"last"`` or ``"all"``; None for all in a GIF and
            the last one otherwise. A PNG holds one step.
        file_format: ``"png"``, ``"gif"`` or ``"npz"``; None for what the name of the file ends in.
        where: grid axis → index or label, such as ``{"in_channel": 0}``: only these tiles.
        options: how a picture is to look; ``show`` is heeded in arrays too.
        has_progress: whether to show a progress bar on stderr where there are several steps.

    Returns:
        What was written, and which steps could not be read.

    Raises:
        ValueError: an argument does not fit, or the log has no such run, tag, step or position.
        OSError: the file cannot be written, or the colour tables were not built.

    Example:
        >>> export_tag(
        ...     "logs", "hidden.gif", tag="weights/dense/kernel", run="mlp-512",
        ...     options=PictureOptions(show="change-since-start", theme="dark"),
        ... )
    """
    # What is not in the log is said first: without it no format would help.
    logged = find_tag(logdir, run, tag)
    chosen_format = _choose_format(output, file_format)
    chosen_step = step if step is not None else "all" if chosen_format == "gif" else "last"
    if chosen_format == "png" and chosen_step == "all":
        raise ValueError(
            "A PNG holds one step. Pass a step, first or last, or export all of them as GIF or NPZ."
        )
    look = options or PictureOptions()
    if look.scale is None:
        look = replace(look, scale="fixed" if chosen_format == "gif" else "per-run")
    _check_kind(logged, chosen_format)
    steps = logged.choose_steps(chosen_step)
    path = Path(output) if output is not None else _default_name(logged, steps, look, chosen_format)
    export = _Export(
        logged, steps, look, where or {}, _progress_bar if has_progress else _no_progress
    )
    return (
        export.write_arrays(path)
        if chosen_format == "npz"
        else export.write_picture(path, chosen_format)
    )


@dataclass(frozen=True)
class _Export:
    """An export whose arguments are checked."""

    logged: LoggedTag
    steps: tuple[int, ...]
    options: PictureOptions
    where: Mapping[str, int | str]
    progress: Progress

    def write_picture(self, path: Path, file_format: Literal["png", "gif"]) -> ExportedFile:
        pictures = PicturesOfTag(self.logged, self.steps, self.options, self.where, self.progress)
        if not pictures.steps:
            return self._result(None, file_format, (), pictures.problems)
        plan = pictures.plan(_SIDES[file_format])
        write = pictures.write_png if file_format == "png" else pictures.write_gif
        with replace_file(path) as file:
            write(file, plan)
        lacking = f"The font lacks {' '.join(plan.lacking)}, drawn as ?: pass one that has them."
        remarks = [lacking] if plan.lacking else []
        return self._result(
            path, file_format, pictures.steps, pictures.problems, remarks, plan.size
        )

    def write_arrays(self, path: Path) -> ExportedFile:
        if self.logged.kind == "tiles":
            arrays, steps, problems = self._read_tiles()
        else:
            arrays, steps, problems = self._read_histograms()
        if not steps:
            return self._result(None, "npz", (), problems)
        with replace_file(path) as file:
            write_npz(file, arrays)
        return self._result(path, "npz", steps, problems)

    def _read_tiles(self) -> tuple[Arrays, tuple[int, ...], list[str]]:
        tiles = TilesOfTag(self.logged, self.options.show)
        shown: list[ShownTiles] = []
        for step in self.progress(self.steps, "reading"):
            found = tiles.read(step)
            if found is not None:
                shown.append(select_tiles(found, self.where, is_picture=False).shown)
        arrays = tile_arrays(self.logged, shown, self.options.show) if shown else {}
        return arrays, tuple(each.step for each in shown), tiles.problems

    def _read_histograms(self) -> tuple[Arrays, tuple[int, ...], list[str]]:
        if self.where or self.options.show != "value":
            raise ValueError(
                f"Tag {self.logged.tag!r} holds histograms, which have no axes and whose changes "
                "are not defined: leave out `where` and `show`."
            )
        histograms: list[tuple[int, Histogram]] = []
        problems: list[str] = []
        for step in self.progress(self.steps, "reading"):
            record = self.logged.read(step)
            if isinstance(record, Histogram):
                histograms.append((step, record))
            else:
                reason = record if isinstance(record, RecordError) else "it is no histogram"
                problems.append(f"Step {step} is left out: {reason}")
        arrays = histogram_arrays(self.logged, histograms) if histograms else {}
        return arrays, tuple(step for step, _ in histograms), problems

    def _result(
        self,
        path: Path | None,
        file_format: FileFormat,
        steps: tuple[int, ...],
        problems: Sequence[str],
        remarks: Sequence[str] = (),
        size: tuple[int, int] | None = None,
    ) -> ExportedFile:
        return ExportedFile(
            path,
            file_format,
            self.logged.run,
            self.logged.tag,
            steps,
            size,
            tuple(problems),
            tuple(remarks),
        )


def _choose_format(
    output: str | os.PathLike[str] | None, file_format: FileFormat | None
) -> FileFormat:
    accepted: dict[str, FileFormat] = {name: name for name in get_args(FileFormat)}
    suffix = "" if output is None else Path(output).suffix.lstrip(".").lower()
    if file_format is None and suffix in accepted:
        return accepted[suffix]
    if file_format is None:
        raise ValueError(
            "The format must be given, as png, gif or npz, or the name of the output must end in "
            f"one of these; got {'no output' if output is None else repr(str(output))}."
        )
    if file_format not in accepted:
        raise ValueError(f"The format must be png, gif or npz; got {file_format!r}.")
    if suffix in accepted and suffix != file_format:
        raise ValueError(
            f"The format and the name of the output must agree; got {file_format!r} and "
            f"{str(output)!r}. Leave out the format, or change the name."
        )
    return file_format


# What else has a place for records that are no tiles.
_OTHER_FORMATS = {
    "histogram": " A histogram can be exported as NPZ or HTML; from the tab as PNG, GIF, CSV too.",
    "confusion": " A confusion can be exported as HTML; from the tab as PNG, GIF, NPZ, CSV too.",
    "graph": " A graph can be exported as HTML; from the tab as PNG too.",
}


def _check_kind(logged: LoggedTag, file_format: FileFormat) -> None:
    if logged.kind == "tiles" or (logged.kind == "histogram" and file_format == "npz"):
        return
    hint = _OTHER_FORMATS.get(logged.kind, "")
    tiles = name_some(logged.tags_of_kind("tiles")) or "none"
    kinds = "tiles or histograms" if file_format == "npz" else "tiles"
    raise ValueError(
        f"Tag {logged.tag!r} holds records of kind {logged.kind!r}; {file_format.upper()} files "
        f"are made of {kinds}.{hint} Tags with tiles: {tiles}."
    )


def _default_name(
    logged: LoggedTag, steps: tuple[int, ...], options: PictureOptions, file_format: FileFormat
) -> Path:
    """Of several steps, all of the tag, the name says none."""
    changes = [] if options.show == "value" else [options.show.replace("-", "_")]
    step = [f"step {steps[0]}"] if len(steps) == 1 else []
    words = [logged.run, logged.tag, *changes, *step]
    safe = "_".join("".join(c if c.isalnum() or c in "-." else "_" for c in word) for word in words)
    return Path(f"{safe.lstrip('.')}.{file_format}")


def _progress_bar(steps: Sequence[int], doing: str) -> Iterable[int]:
    # None: no bar where stderr is no terminal.
    return tqdm(steps, desc=doing, unit="step", disable=len(steps) == 1 or None, leave=False)


def _no_progress(steps: Sequence[int], doing: str) -> Iterable[int]:  # noqa: ARG001
    return steps
