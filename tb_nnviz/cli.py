"""The command ``tb-nnviz``: parses arguments and prints; the work is done elsewhere."""

from __future__ import annotations

import argparse
import os
import sys
from collections.abc import Sequence
from pathlib import Path

from tb_nnviz.cli_export import add_export_command
from tb_nnviz.log_reader import LogReader
from tb_nnviz.records import (
    Confusion,
    Graph,
    Histogram,
    Notice,
    Record,
    RecordError,
    TileArray,
)


def main(arguments: Sequence[str] | None = None) -> int:
    """Runs the command.

    Args:
        arguments: of the command line; those of the process if None.

    Returns:
        The exit code: 0, 1 where a log holds what cannot be read, 2 for a wrong argument or
        a file that the system does not let be read or written.
    """
    options = _make_parser().parse_args(arguments)
    try:
        exit_code: int = options.run_command(options)
    except BrokenPipeError:
        # The reader, such as `head`, has enough.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return 0
    except (ValueError, ModuleNotFoundError, OSError) as error:
        print(f"tb-nnviz {options.command}: {error}", file=sys.stderr)
        return 2
    return exit_code


def _make_parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog="tb-nnviz", description="See inside Keras models while they train, in TensorBoard."
    )
    commands = parser.add_subparsers(dest="command", required=True)

    demo = commands.add_parser(
        "demo", help="train four small networks on embedded digits and open TensorBoard"
    )
    demo.add_argument("--logdir", help="a new or empty directory (default: logs/demo)")
    demo.add_argument("--port", type=int, help="of TensorBoard (default: free one from 6006)")
    demo.add_argument("--no-serve", action="store_true", help="stop after logging")
    demo.set_defaults(run_command=_run_demo)

    inspect = commands.add_parser("inspect", help="list what is logged")
    inspect.add_argument("logdir", help="what is given to tensorboard --logdir")
    inspect.set_defaults(run_command=_run_inspect)

    add_export_command(commands)
    return parser


def _run_demo(options: argparse.Namespace) -> int:
    if options.port is not None and not 0 < options.port < 2**16:
        raise ValueError(f"--port must be 1 to 65535; got {options.port}.")
    os.environ.setdefault("TF_CPP_MIN_LOG_LEVEL", "3")
    try:
        from tb_nnviz import demo  # noqa: PLC0415 - loads Keras, which `inspect` does without
    except ModuleNotFoundError as error:
        raise ModuleNotFoundError(
            f"The demo trains with Keras, which needs a backend, and {error.name!r} is missing. "
            "Run `pip install 'tb-nnviz[tensorflow]'`."
        ) from error
    logdir = demo.choose_logdir(options.logdir)
    demo.train_demo(logdir)
    print(f"\nLogged to {logdir}. See what is there with: tb-nnviz inspect {logdir}")
    if options.no_serve:
        return 0
    return demo.serve(logdir, options.port)


def _run_inspect(options: argparse.Namespace) -> int:
    reader = LogReader(Path(options.logdir))
    runs = reader.runs()
    if not runs:
        print(f"No runs of nnviz below {options.logdir}.")
    is_whole = True
    for run in runs:
        print(run)
        for tag in reader.tags(run):
            is_whole &= _print_tag(reader, run, tag)
        for sentence in reader.skipped(run):
            is_whole = False
            print(f"  skipped: {sentence}")
    return 0 if is_whole else 1


def _print_tag(reader: LogReader, run: str, tag: str) -> bool:
    """Prints what a tag holds; returns whether each of its records can be read."""
    steps: list[int] = []
    problems: list[RecordError] = []
    last: Record | None = None
    for step, record in reader.read_each(run, tag):
        steps.append(step)
        if isinstance(record, RecordError):
            problems.append(record)
        elif isinstance(record, Notice):
            where = f"{record.view} {record.layer}".strip()
            print(f"  notice ({where}, step {record.step}): {record.message}")
        else:
            last = record
    if last is not None:
        print(f"  {tag}  {_describe(last)}  {_describe_steps(steps)}")
    for problem in problems:
        print(f"  {tag}  cannot be read: {problem}")
    return not problems


def _describe(record: Record) -> str:
    if isinstance(record, TileArray):
        return _describe_tiles(record)
    if isinstance(record, Histogram):
        return _describe_histogram(record)
    if isinstance(record, Confusion):
        classes = {"multi_label": "label"}.get(record.task, "class")
        return (
            f"confusion of {_count(record.num_samples, 'sample')} in "
            f"{_count(len(record.class_names), classes)}, accuracy {record.accuracy:.1%}"
        )
    if isinstance(record, Graph):
        nodes, edges = _count(len(record.nodes), "node"), _count(len(record.edges), "edge")
        return f"graph of {nodes} and {edges}"
    return ""


def _describe_tiles(record: TileArray) -> str:
    shape = "×".join(str(size) for size in record.values.shape)
    left_out = "".join(f", {words}" for words in record.omitted)
    return f"{shape} ({', '.join(record.axes)}){left_out}"


def _describe_histogram(record: Histogram) -> str:
    counts = {"NaN": record.nan_count, "+inf": record.posinf_count, "-inf": record.neginf_count}
    nonfinite = "".join(f", {count:,} {name}" for name, count in counts.items() if count)
    values, bins = _count(record.count, "value"), _count(len(record.counts), "bin")
    return f"histogram of {values} in {bins}{nonfinite}"


def _count(number: int, noun: str) -> str:
    plural = f"{noun}es" if noun.endswith("s") else f"{noun}s"
    return f"{number:,} {noun if number == 1 else plural}"


def _describe_steps(steps: Sequence[int]) -> str:
    if list(steps) == list(range(steps[0], steps[-1] + 1)):
        listed = f"{steps[0]}…{steps[-1]}" if len(steps) > 1 else f"{steps[0]}"
    else:
        listed = ", ".join(str(step) for step in steps)
    return f"{_count(len(steps), 'step')}: {listed}"
