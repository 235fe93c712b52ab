"""The command ``tb-nnviz export``: its arguments, and what it prints of the result."""

from __future__ import annotations

import argparse
import sys
from typing import Any, get_args

from tb_nnviz.export import ExportedFile, FileFormat, PictureOptions, export_tag
from tb_nnviz.export.options import Colours, Scale, Show, Theme

_EPILOG = """examples:
  tb-nnviz export logs --tag weights/dense/kernel --output kernel.png
  tb-nnviz export logs --run mlp-512 --tag weights/dense/kernel --format gif --theme dark
  tb-nnviz export logs --tag weights/conv2d/kernel --where in_channel=0 --output filters.png
  tb-nnviz export logs --tag histograms/dense/kernel --step all --output histograms.npz"""


def add_export_command(commands: Any) -> None:
    """Adds the command to the subparsers of ``tb-nnviz``."""
    export = commands.add_parser(
        "export",
        help="write what is logged to a PNG, an animated GIF or an NPZ file",
        description="Writes what is logged under a tag to a file. Pictures have the colours, the "
        "scale and the legend of the tab.",
        epilog=_EPILOG,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    export.add_argument("logdir", help="what is given to tensorboard --logdir")
    export.add_argument("--tag", required=True, help="what to export; `inspect` lists the tags")
    export.add_argument("--run", help="its name as on screen (default: the only one)")
    export.add_argument(
        "--step",
        type=_parse_step,
        metavar="N|all|first|last",
        help="a step that is logged (default: all in a GIF, last otherwise)",
    )
    export.add_argument(
        "--format",
        choices=get_args(FileFormat),
        dest="file_format",
        help="of the file (default: what the name of the output ends in)",
    )
    export.add_argument(
        "--output", metavar="FILE", help="replaced if it is there (default: RUN_TAG_step_N.FORMAT)"
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


def _parse_step(text: str) -> int | str:
    if text in ("all", "first", "last"):
        return text
    try:
        return int(text)
    except ValueError:
        raise argparse.ArgumentTypeError(
            f"must be a number, all, first or last; got {text!r}"
        ) from None


def _parse_position(text: str) -> tuple[str, str]:
    axis, separator, position = text.partition("=")
    if not (axis and separator and position):
        raise argparse.ArgumentTypeError(f"must be like in_channel=0; got {text!r}")
    return axis, position


def _run_export(options: argparse.Namespace) -> int:
    exported = export_tag(
        options.logdir,
        options.output,
        tag=options.tag,
        run=options.run,
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


def _describe(exported: ExportedFile) -> str:
    """Such as "weights/dense/kernel of mlp-512, step 8, 1,016×600 pixels"."""
    steps = exported.steps
    which = f"step {steps[0]}" if len(steps) == 1 else f"{len(steps):,} steps"
    size = "" if exported.size is None else ", {:,}×{:,} pixels".format(*exported.size)
    return f"{exported.tag} of {exported.run}, {which}{size}"
