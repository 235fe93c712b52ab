"""How maps of one input of a model are logged: their tags, axes and limits.

Knows shapes and arrays; knows nothing of how maps come about.
"""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any, Literal

import numpy as np
from numpy.typing import NDArray

from tb_nnviz.analysis.input_layout import InputLayout
from tb_nnviz.numerics.tile_limits import average_over_blocks, averaging_factors
from tb_nnviz.records import Meaning, TileArray, build_tile_array
from tb_nnviz.records.omissions import describe_omitted
from tb_nnviz.records.tile_array import estimate_record_bytes

VIEW = "attributions"

Role = Literal["integrated_gradients", "interior_gradients", "spread", "baselines"]

_MAX_CHANNELS = 64
_MAX_STRIP = 4096


@dataclass(frozen=True, eq=False)
class MapLayout:
    """How maps of one input are logged.

    Attributes:
        name: of the input; "" where there is one.
        place: of the input.
        layout: of its axes.
        max_tile_side: longer sides are averaged.
    """

    name: str
    place: int
    layout: InputLayout
    max_tile_side: int

    def tag(self, role: Role) -> str:
        """The tag of a kind of map."""
        return f"{VIEW}/{role}/{self.name}" if self.name else f"{VIEW}/{role}"

    def reduce(self, maps: NDArray[Any]) -> NDArray[np.float32]:
        """``(maps, *shape)`` laid out, and averaged down to what is logged of pictures."""
        laid_out = self.layout.lay_out(np.asarray(maps, np.float32))
        if self.layout.represents:
            return laid_out
        height_axis = self.layout.axes.index("height")
        return average_over_blocks(laid_out, *self._factors(), height_axis)

    def build(
        self,
        values: NDArray[np.float32],
        leading: Mapping[str, Sequence[str]],
        *,
        meaning: Meaning = "signed",
        num_samples: int | None = None,
        **fields: Any,
    ) -> TileArray:
        """A record of maps that were reduced.

        Args:
            values: ``(sample, …)``, or with further axes before those of a map.
            leading: names of the axes before those of a map, with their labels, () for none.
            meaning: of the values.
            num_samples: how many samples there are; None for as many as are in ``values``.
            fields: others of `build_tile_array`.
        """
        axes = (*leading, *self.layout.axes[1:])
        record = build_tile_array(
            values,
            axes,
            labels={name: tuple(labels) for name, labels in leading.items() if labels},
            represents=self.layout.represents,
            meaning=meaning,
            precision="uint16",
            max_tiles=self._max_tiles(values.shape[: len(leading)]),
            max_tile_side=self.max_tile_side,
            **fields,
        )
        full = list(record.full_shape)
        if not self.layout.represents:  # the maps were averaged before
            full[len(leading) :] = self._shape()
        if num_samples is not None:
            full[list(leading).index("sample")] = num_samples
        full_shape = tuple(full)
        return replace(
            record,
            full_shape=full_shape,
            omitted=describe_omitted(axes, full_shape, record.values.shape),
        )

    def estimate_bytes(self, leading: Sequence[int]) -> int:
        """About the size of a record of maps.

        Args:
            leading: lengths of the axes before those of a map.
        """
        return estimate_record_bytes(
            (*leading, *self._shape()),
            tuple(f"axis {place}" for place in range(len(leading))) + self.layout.axes[1:],
            is_picture=not self.layout.represents,
            precision="uint16",
            max_tiles=self._max_tiles(leading),
            max_tile_side=self.max_tile_side,
        )

    def _shape(self) -> tuple[int, ...]:
        """Of one map, laid out."""
        nothing = np.broadcast_to(np.float32(0), (1, *self.layout.shape))
        return self.layout.lay_out(nothing).shape[1:]

    def _factors(self) -> tuple[int, int]:
        place = self.layout.axes.index("height") - 1
        height, width = self._shape()[place : place + 2]
        return averaging_factors(height, width, self.max_tile_side, keep_aspect=True)

    def _max_tiles(self, leading: Sequence[int]) -> int:
        axes, shape = self.layout.axes, self.layout.shape
        if self.layout.represents:
            return max(math.prod(leading), min(max(shape, default=1), _MAX_STRIP))
        depth = shape[1 if self.layout.channels_first else 0] if "depth" in axes else 1
        channels = _MAX_CHANNELS if "channel" in axes else 1
        return max(1, math.prod(leading)) * channels * depth
