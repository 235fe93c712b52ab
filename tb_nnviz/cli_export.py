"""The command ``tb-nnviz export``: its arguments, and what it prints of the result."""

from __future__ import annotations

import argparse
import sys
from pathlib import Path
from typing import Any, get_args

from tb_nnviz.export import (
    ExportedFile,
    ExportedPage,
    FileFormat,
    PictureOptions,
    export_html,
    export_tag,
)
from tb_nnviz.export.options import Colours, Scale, Show, Theme

_EPILOG = """examples:
  tb-nnviz export logs --tag weights/dense/kernel --output kernel.png
  tb-nnviz export logs --run mlp-512 --tag weights/dense/kernel --format gif --theme dark
  tb-nnviz export logs --tag weights/conv2d/kernel --where in_channel=0 --output filters.png
  tb-nnviz export logs --tag histograms/dense/kernel --step all --output histograms.npz
  tb-nnviz export logs --output everything.html
  tb-nnviz export logs --view weights --step 4:8 --show change-since-start --output weights.html"""

_HTML = "html"


def add_export_command(commands: Any) -> None:
    """Adds the command to the subparsers of ``tb-nnviz``."""
    export = commands.add_parser(
        "export",
        help="write what is logged to a PNG, an animated GIF, an NPZ or an HTML file",
        description="Writes what is logged under a tag to a file. Pictures have the colours, the "
        "scale and the legend of the tab. An HTML file is the tab itself, with the whole log or "
        "part of it: it opens from disk, without TensorBoard.",
        epilog=_EPILOG,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    export.add_argument("logdir", help="what is given to tensorboard --logdir")
    export.add_argument(
        "--tag",
        action="append",
        default=[],
        help="what to export; `inspect` lists the tags. In HTML all by default, or several",
    )
    export.add_argument(
        "--run",
        action="append",
        default=[],
        help="its name as on screen (default: the only one). In HTML all by default, or several",
    )
    export.add_argument(
        "--view",
        action="append",
        default=[],
        help="of an HTML file, such as weights; may be given several times (default: all)",
    )
    export.add_argument(
        "--step",
        type=_parse_step,
        metavar="N|all|first|last",
        help="a step that is logged (default: all in a GIF and in HTML, last otherwise); N:M in "
        "HTML",
    )
    export.add_argument(
        "--format",
        choices=(*get_args(FileFormat), _HTML),
        dest="file_format",
        help="of the file (default: what the name of the output ends in)",
    )
    export.add_argument(
        "-o",
        "--output",
        metavar="FILE",
        help="replaced if it is there (default: RUN_TAG_step_N.FORMAT, or LOGDIR.html)",
    )
    export.add_argument(
        "--where",
        action="append",
        default=[],
        type=_parse_position,
        metavar="AXIS=POSITION",
        help="only the tiles at this index or label of a grid axis, such as in_channel=0; "
        "may be given for several axes",
    )
    _add_picture_options(export.add_argument_group("how a picture looks"))
    export.set_defaults(run_command=_run_export)


def _add_picture_options(group: Any) -> None:
    group.add_argument(
        "--show",
        choices=get_args(Show),
        default="value",
        help="values or their change; of an NPZ too (default: value)",
    )
    group.add_argument(
        "--scale",
        choices=get_args(Scale),
        help="what a range of colours spans: each tile, all tiles of a step, or those of all steps "
        "(default: fixed in a GIF, per-run otherwise)",
    )
    group.add_argument(
        "--colours",
        choices=get_args(Colours),
        default="auto",
        help="default: auto, which follows the meaning of the values",
    )
    group.add_argument("--theme", choices=get_args(Theme), default="light", help="default: light")
    group.add_argument(
        "--cell-size",
        type=int,
        metavar="PIXELS",
        help="side of a cell (default: what makes the grid about 1,000 pixels large, 800 in a GIF)",
    )
    group.add_argument("--columns", type=int, metavar="N", help="columns of tiles")
    group.add_argument(
        "--frame-milliseconds",
        type=int,
        default=PictureOptions.frame_milliseconds,
        metavar="N",
        help="how long a GIF shows each step; the last one stays five times as long (default: "
        f"{PictureOptions.frame_milliseconds})",
    )
    group.add_argument(
        "--font",
        metavar="FILE",
        help="a TrueType or OpenType file, for labels in other letters than those of English",
    )


def _parse_step(text: str) -> int | tuple[int, int] | str:
    if text in ("all", "first", "last"):
        return text
    first, separator, last = text.partition(":")
    try:
        return (int(first), int(last)) if separator else int(text)
    except ValueError:
        raise argparse.ArgumentTypeError(
            f"must be a number, all, first or last, in HTML N:M too; got {text!r}"
        ) from None


def _parse_position(text: str) -> tuple[str, str]:
    axis, separator, position = text.partition("=")
    if not (axis and separator and position):
        raise argparse.ArgumentTypeError(f"must be like in_channel=0; got {text!r}")
    return axis, position


def _run_export(options: argparse.Namespace) -> int:
    if _choose_format(options) == _HTML:
        return _run_export_html(options)
    first_and_last = options.step if isinstance(options.step, tuple) else ()
    if first_and_last:
        raise ValueError(
            f"A range of steps, as {':'.join(map(str, first_and_last))}, is for HTML files. Pass "
            "one step, or all in a GIF or NPZ."
        )
    if options.view:
        raise ValueError("--view is for HTML files. Say by --tag what a PNG, GIF or NPZ is of.")
    if not options.tag:
        raise ValueError("What is to be exported must be said, by --tag.")
    for name, given in (("--tag", options.tag), ("--run", options.run)):
        if len(given) > 1:
            raise ValueError(
                f"A PNG, GIF or NPZ has one {name}; got {', '.join(given)}. HTML may have several."
            )
    exported = export_tag(
        options.logdir,
        options.output,
        tag=options.tag[-1],
        run=options.run[-1] if options.run else None,
        step=options.step,
        file_format=options.file_format,
        where=dict(options.where),
        options=PictureOptions(
            show=options.show,
            scale=options.scale,
            colours=options.colours,
            theme=options.theme,
            cell_size=options.cell_size,
            columns=options.columns,
            frame_milliseconds=options.frame_milliseconds,
            font=options.font,
        ),
        has_progress=True,
    )
    for sentence in (*exported.problems, *exported.remarks):
        print(f"tb-nnviz export: {sentence}", file=sys.stderr)
    if exported.path is None:
        print("tb-nnviz export: nothing is written: no step can be read.", file=sys.stderr)
    else:
        print(f"Wrote {exported.path}: {_describe(exported)}")
    return 1 if exported.problems else 0


def _choose_format(options: argparse.Namespace) -> str:
    accepted = (*get_args(FileFormat), _HTML)
    suffix = Path(options.output or "").suffix.lstrip(".").lower()
    if options.file_format is None and suffix not in accepted:
        raise ValueError(
            f"The format must be given by --format, as {', '.join(accepted[:-1])} or {_HTML}, or "
            "the name of --output must end in one of these; got "
            f"{'no output' if options.output is None else repr(options.output)}."
        )
    chosen: str = options.file_format or suffix
    # Of the others the export itself says so.
    if chosen == _HTML and suffix in accepted and suffix != _HTML:
        raise ValueError(
            f"The format and the name of the output must agree; got {chosen!r} and "
            f"{options.output!r}. Leave out the format, or change the name."
        )
    return chosen


def _run_export_html(options: argparse.Namespace) -> int:
    of_pictures = {
        "--where": bool(options.where),
        "--cell-size": options.cell_size is not None,
        "--frame-milliseconds": options.frame_milliseconds != PictureOptions.frame_milliseconds,
        "--font": options.font is not None,
    }
    given = [name for name, is_given in of_pictures.items() if is_given]
    if given:
        raise ValueError(f"An HTML file has no {given[0]}: the tab in it has its own settings.")
    shown = {
        "show": options.show,
        "scale": options.scale,
        "colours": options.colours.replace("-", "_"),
        "columns": options.columns,
    }
    exported = export_html(
        options.logdir,
        options.output,
        runs=tuple(options.run),
        views=tuple(options.view),
        tags=tuple(options.tag),
        step="all" if options.step is None else options.step,
        theme=options.theme,
        link={key: str(value) for key, value in shown.items() if value is not None},
        has_progress=True,
    )
    for sentence in exported.problems:
        print(f"tb-nnviz export: {sentence}", file=sys.stderr)
    print(f"Wrote {exported.path}: {_describe_page(exported)}")
    return 1 if exported.problems else 0


def _describe_page(exported: ExportedPage) -> str:
    """Such as "2 runs, 14 tags, 9 steps, 4.5 MB"."""
    counts = ((len(exported.runs), "run"), (exported.num_tags, "tag"), (exported.num_steps, "step"))
    named = [f"{count:,} {noun}{'' if count == 1 else 's'}" for count, noun in counts]
    return ", ".join([*named, f"{exported.size_in_bytes / 1e6:.1f} MB"])


def _describe(exported: ExportedFile) -> str:
    """Such as "weights/dense/kernel of mlp-512, step 8, 1,016×600 pixels"."""
    steps = exported.steps
    which = f"step {steps[0]}" if len(steps) == 1 else f"{len(steps):,} steps"
    size = "" if exported.size is None else ", {:,}×{:,} pixels".format(*exported.size)
    return f"{exported.tag} of {exported.run}, {which}{size}"
