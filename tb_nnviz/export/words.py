"""What is written round a picture, in the words of the screen. Knows records, not pixels."""

from __future__ import annotations

from decimal import ROUND_HALF_UP, Context, Decimal

import numpy as np

from tb_nnviz.export.options import Show
from tb_nnviz.export.ranges import ValueRange
from tb_nnviz.export.tag_records import name_some
from tb_nnviz.export.text import NO_BREAK
from tb_nnviz.records import Moment, TileArray

_DIGITS = Context(prec=3, rounding=ROUND_HALF_UP)
_PLAIN_FROM, _PLAIN_TO = Decimal("1e-4"), Decimal("1e7")
_PHASES = {"before": "before training", "during": "", "restored": "restored weights"}


def format_ends(values: ValueRange) -> tuple[str, str]:
    """Ends of a scale in three digits: "0", "1"; "−0.2", "+0.2"."""
    if values.lowest < 0:
        return _format_signed(values.lowest), _format_signed(values.highest)
    return _format_size(values.lowest), _format_size(values.highest)


def _format_signed(value: float) -> str:
    text = _format_size(abs(value))
    return "0" if text == "0" else ("−" if value < 0 else "+") + text


def _format_size(size: float) -> str:
    number = _DIGITS.create_decimal(Decimal(size)).normalize()
    if not number:
        return "0"
    if _PLAIN_FROM <= number < _PLAIN_TO:
        return f"{number:f}"
    digits = "".join(str(digit) for digit in number.as_tuple().digits)
    fraction = f".{digits[1:]}" if len(digits) > 1 else ""
    return f"{digits[0]}{fraction}e{number.adjusted()}".replace("-", "−")


def format_count(number: int, noun: str) -> str:
    """Such as "1 step" and "1,200 steps"."""
    return f"{number:,} {noun}{'' if number == 1 else 's'}"


def describe_moment(moment: Moment | None) -> str:
    """Such as "epoch 8" and "step 40"; empty where the record has none."""
    if moment is None:
        return ""
    if moment.epoch is None:
        return f"step {moment.step}"
    epoch = f"epoch {round(moment.epoch, 2):g}"
    return epoch if moment.epoch == moment.step else f"{epoch} · step {moment.step}"


def describe_shown(record: TileArray, show: Show, since: Moment | None, *others: str) -> str:
    """The line of facts: when, what of the values, which tiles.

    Args:
        record: what is shown.
        show: values or a change.
        since: of a change, the moment of the record compared with.
        others: further facts; empty ones are left out.
    """
    moment = record.moment
    phase = "" if moment is None else _PHASES[moment.phase]
    change = "" if show == "value" else f"change since {describe_moment(since)}"
    facts = [describe_moment(moment), phase, change, *_facts(record), *others]
    # A line is broken between facts, not within one.
    return " · ".join(fact.replace(" ", NO_BREAK) for fact in facts if fact)


def _facts(record: TileArray) -> list[str]:
    height_axis = record.axes.index("height")
    height, width = record.values.shape[height_axis : height_axis + 2]
    tiles = int(np.prod(record.grid_shape))
    layer = [record.source.layer_type] if record.source.layer_type else []
    if tiles != 1:
        return [*layer, f"{tiles:,} tiles of {height}×{width}"]
    if height == 1:
        return [*layer, format_count(width, "value")]
    rows, columns = record.represents.get("height"), record.represents.get("width")
    along = [f"{_plural(rows)} ↓ {_plural(columns)} →"] if rows and columns else []
    return [*layer, f"{height}×{width}", *along]


def _plural(noun: str) -> str:
    word = noun.replace("_", " ")
    if word.endswith(("s", "x", "ch")):
        return f"{word}es"
    return f"{word[:-1]}ies" if word.endswith("y") else f"{word}s"


def _labels_within(record: TileArray) -> list[str]:
    """The labels of rows and columns within a tile, beside which there is no room for them."""
    words = {"height": "rows from the top", "width": "columns from the left"}
    return [
        f"{where}: {name_some(record.labels[axis])}"
        for axis, where in words.items()
        if record.labels.get(axis)
    ]


def describe_remarks(record: TileArray) -> str:
    """What is left out and what must be known, in one line; empty where there is nothing."""
    remarks = [*_labels_within(record), *record.omitted, *record.notes]
    return " · ".join(remark.replace("in_channel", "input channel") for remark in remarks)
