"""The panel of samples as records: pictures, volumes, sequences, vectors, as the model sees them.

Logged once a fit, so that what is logged of them at each step has its pictures beside it.
"""

from __future__ import annotations

import math
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from typing import Any

from numpy.typing import NDArray

from tb_nnviz.analysis.input_layout import InputLayout, find_input_layout, find_layout_obstacle
from tb_nnviz.analysis.real_numbers import as_real_numbers
from tb_nnviz.model.sample_panel import SamplePanel, address_inputs, named_inputs
from tb_nnviz.records import Notice, Precision, Source, TileArray, build_tile_array
from tb_nnviz.records.tile_array import estimate_record_bytes

VIEW = "samples"
# Channels of what is neither gray nor in colour.
_MAX_CHANNELS = 64
# Pictures are logged once, so they may be larger than what is logged at each step.
_MAX_SIDES = (256, 128, 64)
_AFFORDABLE_BYTES = 4_000_000
_MAX_VECTOR_VALUES = 65_536
_MAX_SEQUENCE = 512


@dataclass(frozen=True)
class _Arrangement:
    """How one input is laid out as tiles."""

    values: NDArray[Any]
    layout: InputLayout
    precision: Precision
    max_tiles: int


@dataclass(frozen=True)
class SampleTilesPlan:
    """What of a panel is shown.

    Attributes:
        panel: the samples; None where there are none.
        inputs: by tag, the name of an input and how it is laid out.
        notices: what is not shown, and why.
    """

    panel: SamplePanel | None = None
    inputs: tuple[tuple[str, str, _Arrangement], ...] = ()
    notices: tuple[Notice, ...] = ()

    @property
    def tags(self) -> tuple[str, ...]:
        """The tags that are logged."""
        return tuple(tag for tag, _, _ in self.inputs)

    def estimate_bytes(self) -> int:
        """About the size of all records."""
        return sum(_bytes_of(one, _side_of(one)) for _, _, one in self.inputs)

    def build_records(self) -> Iterator[tuple[str, TileArray]]:
        """Tag and record of each input."""
        panel = self.panel
        if panel is None:
            return
        addresses = address_inputs(panel.inputs)
        for tag, name, one in self.inputs:
            labels = {} if panel.labels is None else {"sample": panel.labels}
            record = build_tile_array(
                as_real_numbers(one.values),
                one.layout.axes,
                labels=labels,
                represents=one.layout.represents,
                meaning=one.layout.meaning,
                precision=one.precision,
                max_tiles=one.max_tiles,
                max_tile_side=_side_of(one),
                notes=panel.notes,
                source=Source(role=name or VIEW, samples_digest=panel.digest),
            )
            num_shown = dict(zip(record.axes, record.values.shape, strict=True))["sample"]
            yield tag, replace(record, addresses={"sample": addresses[:num_shown]})


def plan_sample_tiles(
    panel: SamplePanel,
    names: Sequence[str],
    *,
    sequences: Sequence[bool] = (),
    channels_first: bool = False,
) -> SampleTilesPlan:
    """How the samples are shown.

    Args:
        panel: the samples.
        names: of the inputs, in their order, as the model calls them.
        sequences: for each input, whether a sample with two axes is a sequence ``(step,
            channel)`` to the model rather than a gray picture.
        channels_first: whether channels come before height and width.

    Returns:
        The plan; inputs that are text, or have more axes than a volume, are in its notices.
    """
    arrays = [array for _, array in named_inputs(panel.inputs)]
    inputs, notices = [], []
    flags = sequences or [False] * len(arrays)
    for name, array, is_sequence in zip(names, arrays, flags, strict=True):
        shown_name = name if len(arrays) > 1 else ""
        obstacle = find_layout_obstacle(array)
        if obstacle:
            what = f"The input {name!r} of the samples is" if shown_name else "The samples are"
            notices.append(Notice(VIEW, "", f"{what} not shown: {obstacle}."))
            continue
        tag = f"{VIEW}/{shown_name}" if shown_name else VIEW
        layout = find_input_layout(
            array.shape[1:], is_sequence=is_sequence, channels_first=channels_first
        )
        inputs.append((tag, shown_name, _arrange(array, layout)))
    return SampleTilesPlan(panel, tuple(inputs), tuple(notices))


def _arrange(array: NDArray[Any], layout: InputLayout) -> _Arrangement:
    values = layout.lay_out(array)
    num_samples = len(array)
    if layout.is_strip:
        is_long = values.shape[-1] > _MAX_VECTOR_VALUES
        num_tiles = min(max(num_samples, values.shape[-1]), _MAX_VECTOR_VALUES)
        return _Arrangement(values, layout, "uint8" if is_long else "float32", num_tiles)
    if layout.represents:
        return _Arrangement(values, layout, "uint8", max(num_samples, _MAX_SEQUENCE))
    num_tiles = math.prod(values.shape[: layout.axes.index("height")])
    if layout.axes[1:3] == ("channel", "height"):
        num_tiles = num_samples * min(values.shape[1], _MAX_CHANNELS)
    return _Arrangement(values, layout, "uint8", num_tiles)


def _side_of(one: _Arrangement) -> int:
    """How large tiles may be: by the shape alone, so that it is the same in every run."""
    if one.layout.represents:
        return _MAX_SIDES[-1] if "height" in one.layout.represents else _MAX_VECTOR_VALUES
    return next(
        (side for side in _MAX_SIDES if _bytes_of(one, side) <= _AFFORDABLE_BYTES), _MAX_SIDES[-1]
    )


def _bytes_of(one: _Arrangement, side: int) -> int:
    return estimate_record_bytes(
        one.values.shape,
        one.layout.axes,
        is_picture=not one.layout.represents,
        precision=one.precision,
        max_tiles=one.max_tiles,
        max_tile_side=side,
    )
