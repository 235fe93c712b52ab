"""Records of a tag as named NumPy arrays, and these as an NPZ file.

Knows records; must not know where files lie.
"""

from __future__ import annotations

import zipfile
from collections.abc import Sequence
from typing import Any, BinaryIO

import numpy as np
from numpy.typing import NDArray

from tb_nnviz.export.options import Show
from tb_nnviz.export.tag_records import LoggedTag, ShownTiles
from tb_nnviz.numerics.bins import common_exponent, rebin
from tb_nnviz.numerics.tile_statistics import NONFINITE_COUNTS
from tb_nnviz.records import Histogram, Moment, TileArray
from tb_nnviz.records.histogram import HISTOGRAM_STATISTICS

Arrays = dict[str, NDArray[Any]]


def tile_arrays(logged: LoggedTag, shown: Sequence[ShownTiles], show: Show = "value") -> Arrays:
    """Values of tiles, what their axes are, and statistics of every tile.

    Args:
        logged: where they come from.
        shown: at least one step.
        show: what they are of the logged values.

    Returns:
        ``values`` float32, with a leading axis ``step`` where there are several steps;
        ``axes``, their names; ``labels_<axis>``; ``addresses_<axis>``, of samples;
        ``statistics_<name>`` over the grid axes, NaN where a step has none; ``show`` and, of
        changes, ``reference_run`` and ``reference_step (step,)``, what each is taken from. Steps
        of different shapes, labels or samples have arrays of their own instead, whose names end
        in ``_step_<number>``.
    """
    records = [each.record for each in shown]
    last = records[-1]
    arrays = {
        **_described(logged, [each.step for each in shown], [each.moment for each in records]),
        "show": np.array(show),
        **_references(logged, shown),
        "meaning": np.array(last.meaning),
        "omitted": np.array(last.omitted, np.str_),
        "notes": np.array(last.notes, np.str_),
    }
    names = list(dict.fromkeys(name for record in records for name in record.statistics))
    if not all(_are_alike(record, last) for record in records):
        for each in shown:
            suffix = f"_step_{each.step}"
            arrays[f"values{suffix}"] = each.record.values
            for name, array in _named_positions(each.record).items():
                arrays[f"{name}{suffix}"] = array
            for name, numbers in each.record.statistics.items():
                arrays[f"statistics_{name}{suffix}"] = numbers
        return {**arrays, "axes": np.array(last.axes)}
    arrays |= _named_positions(last)
    if len(records) == 1:
        statistics = {f"statistics_{name}": last.statistics[name] for name in names}
        return {**arrays, "values": last.values, "axes": np.array(last.axes), **statistics}
    arrays["values"] = np.stack([record.values for record in records])
    arrays["axes"] = np.array(["step", *last.axes])
    for name in names:
        # A count that is not stored is zero.
        absent = np.full(last.grid_shape, 0.0 if name in NONFINITE_COUNTS else np.nan)
        arrays[f"statistics_{name}"] = np.stack(
            [record.statistics.get(name, absent) for record in records]
        )
    return arrays


def _references(logged: LoggedTag, shown: Sequence[ShownTiles]) -> Arrays:
    """The record that each change is taken from; none of values."""
    steps = [each.since_step for each in shown if each.since_step is not None]
    if not steps:
        return {}
    return {
        "reference_run": np.array([logged.run] * len(steps)),
        "reference_step": np.array(steps, np.int64),
    }


def _are_alike(one: TileArray, other: TileArray) -> bool:
    return (one.values.shape, one.labels, one.addresses) == (
        other.values.shape,
        other.labels,
        other.addresses,
    )


def _named_positions(record: TileArray) -> Arrays:
    """What says which tile is which."""
    return {
        f"{kind}_{axis}": np.array(texts, np.str_)
        for kind, by_axis in (("labels", record.labels), ("addresses", record.addresses))
        for axis, texts in by_axis.items()
    }


def histogram_arrays(logged: LoggedTag, histograms: Sequence[tuple[int, Histogram]]) -> Arrays:
    """Counts of values in bins that all steps share, and statistics of each step.

    Args:
        logged: where they come from.
        histograms: step and record, at least one.

    Returns:
        ``edges (n + 1,)``, ``counts (step, n)`` or, of one step, ``(n,)``, and
        ``statistics_<name> (step,)``. Bins are joined exactly, as on the screen.
    """
    records = [record for _, record in histograms]
    steps = [step for step, _ in histograms]
    described = _described(logged, steps, [record.moment for record in records])
    arrays = {**described, "show": np.array("value")}
    exponent = common_exponent([record.binning for record in records])
    joined = [rebin(record.binning, exponent) for record in records]
    filled = [binning for binning in joined if len(binning.counts)]
    first = min((binning.first for binning in filled), default=0)
    end = max((binning.first + len(binning.counts) for binning in filled), default=0)
    counts = np.zeros((len(joined), end - first), np.int64)
    for row, binning in zip(counts, joined, strict=True):
        if len(binning.counts):
            start = binning.first - first
            row[start : start + len(binning.counts)] = binning.counts
    with np.errstate(over="ignore"):
        edges = np.ldexp(np.arange(first, end + 1, dtype=np.float64), exponent)
    return {
        **arrays,
        "edges": edges if filled else np.zeros(0),
        "counts": counts[0] if len(records) == 1 else counts,
        **{
            f"statistics_{name}": np.array([getattr(record, name) for record in records])
            for name in HISTOGRAM_STATISTICS
        },
    }


def write_npz(file: BinaryIO, arrays: Arrays) -> None:
    """Writes arrays as `numpy.savez_compressed` does, whatever their names, and none by pickle."""
    with zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, array in arrays.items():
            with archive.open(f"{name}.npy", "w", force_zip64=True) as entry:
                np.lib.format.write_array(entry, array, allow_pickle=False)


def _described(logged: LoggedTag, steps: Sequence[int], moments: Sequence[Moment | None]) -> Arrays:
    """Where records come from and when they were taken."""
    known = [moment or Moment(step) for moment, step in zip(moments, steps, strict=True)]
    return {
        "run": np.array(logged.run),
        "tag": np.array(logged.tag),
        "kind": np.array(logged.kind),
        "steps": np.array(steps, np.int64),
        "epochs": np.array([np.nan if m.epoch is None else m.epoch for m in known], np.float64),
        "wall_times": np.array([moment.wall_time for moment in known], np.float64),
        "phases": np.array([moment.phase for moment in known]),
    }
