"""Pictures of the samples that confusions name, each logged once.

A sample's picture is found by its address, in whatever record of the tag it is.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any, Protocol

import numpy as np
from numpy.typing import NDArray

from tb_nnviz.records.addresses import address_samples
from tb_nnviz.records.confusion import Confusion
from tb_nnviz.records.source import Source
from tb_nnviz.records.tile_array import Meaning, TileArray, build_tile_array, estimate_record_bytes

SUFFIX = "samples"
# Sides of pictures: the first with which those of one step stay within a few megabytes.
_SIDES = (64, 48, 32)
_AFFORDABLE_BYTES = 4_000_000
_MAX_PICTURE_BYTES = 40_000_000
_BYTES_PER_ADDRESS = 20


@dataclass(frozen=True, eq=False)
class LaidOut:
    """Samples as pictures.

    Attributes:
        values: one axis for each of ``axes``, of which the first is ``sample``.
        axes: names.
        represents: what rows and columns are where they are no places in a picture.
        meaning: of the values.
    """

    values: NDArray[Any]
    axes: tuple[str, ...]
    represents: Mapping[str, str] = field(default_factory=dict)
    meaning: Meaning = "image"


@dataclass(frozen=True)
class PictureLimits:
    """How large the pictures of a run are, and how many there may be.

    Attributes:
        side: longer sides are averaged down to it.
        per_step: pictures at most a step.
        in_all: pictures at most a run.
        bytes_per_picture: about the size of each in the log.
    """

    side: int
    per_step: int
    in_all: int
    bytes_per_picture: int

    @classmethod
    def of(cls, shape: Sequence[int], axes: Sequence[str], wanted: int) -> PictureLimits:
        """The limits for pictures of a shape.

        Args:
            shape: of one sample, laid out.
            axes: names of its axes, after ``sample``.
            wanted: how many pictures a step may ask for at most.
        """
        sizes = {side: _bytes_of(tuple(shape), tuple(axes), side) for side in _SIDES}
        side = next(
            (side for side in _SIDES if wanted * sizes[side] <= _AFFORDABLE_BYTES), _SIDES[-1]
        )
        size = sizes[side]
        per_step = max(1, min(wanted, _AFFORDABLE_BYTES // size))
        return cls(side, per_step, max(1, _MAX_PICTURE_BYTES // size), size)


class PictureSource(Protocol):
    """Samples of which pictures can be had, by their index in the data."""

    def lay_out(self, indices: NDArray[np.int64]) -> LaidOut:
        """Some of them as pictures."""

    def address(self, indices: NDArray[np.int64]) -> Sequence[str]:
        """The addresses of some of them."""


@dataclass(frozen=True, eq=False)
class ArrayPictures:
    """Pictures in an array.

    Attributes:
        samples: the first axis is over samples.
        axes: a name for each axis.
    """

    samples: NDArray[Any]
    axes: tuple[str, ...]

    def lay_out(self, indices: NDArray[np.int64]) -> LaidOut:
        """See `PictureSource`."""
        return LaidOut(self.samples[indices], self.axes)

    def address(self, indices: NDArray[np.int64]) -> Sequence[str]:
        """See `PictureSource`."""
        return address_samples([self.samples[indices]])


class PictureBook:
    """Which pictures a log has, and which of those that a confusion names it lacks.

    Args:
        limits: of the pictures.
    """

    def __init__(self, limits: PictureLimits) -> None:
        self._limits = limits
        self._logged: set[str] = set()

    def illustrate(
        self, confusion: Confusion, source: PictureSource
    ) -> tuple[Confusion, Callable[[], TileArray] | None]:
        """The confusion with addresses, and what makes the record of the pictures that are new.

        The pictures are copied here; the record can be taken on another thread. None where there
        are no new ones.

        Args:
            confusion: that names the samples.
            source: of the samples.
        """
        named = confusion.named_samples()
        found = source.address(np.array(named, np.int64)) if named else ()
        addresses = dict(zip(named, found, strict=True))
        new: dict[str, int] = {}
        for index in rank_for_pictures(confusion):
            if addresses[index] not in self._logged:
                new.setdefault(addresses[index], index)
        room = min(self._limits.per_step, self._limits.in_all - len(self._logged))
        kept = dict(list(new.items())[: max(0, room)])
        notes = confusion.notes
        if len(kept) < len(new):
            left_out = (
                f"pictures of {len(new) - len(kept):,} samples are left out: "
                f"{self._limits.per_step:,} a step and {self._limits.in_all:,} in all are kept"
            )
            notes = (*notes, left_out)
        self._logged.update(kept)
        return replace(confusion, addresses=addresses, notes=notes), self._picture_record(
            kept, source
        )

    def _picture_record(
        self, chosen: Mapping[str, int], source: PictureSource
    ) -> Callable[[], TileArray] | None:
        if not chosen:
            return None
        indices = np.array(list(chosen.values()), np.int64)
        record = replace(
            shrink_pictures(source, indices, self._limits.side),
            labels={"sample": tuple(str(index) for index in indices)},
            addresses={"sample": tuple(chosen)},
            source=Source(role=SUFFIX),
        )
        return lambda: record


def shrink_pictures(source: PictureSource, indices: NDArray[np.int64], max_side: int) -> TileArray:
    """Pictures of some samples within a limit of sides, in memory of their own.

    Few are laid out at a time, for large ones may take a hundred times the memory of what is left
    of them. How large each becomes depends on its shape alone, not on how many there are.

    Args:
        source: of the samples.
        indices: of at least one sample.
        max_side: longer sides are averaged down to it.
    """
    parts = []
    # The sides of what is no picture may be as long as there are tiles: no more than the limit.
    for start in range(0, len(indices), max_side):
        pictures = source.lay_out(indices[start : start + max_side])
        parts.append(
            build_tile_array(
                pictures.values,
                pictures.axes,
                represents=pictures.represents,
                meaning=pictures.meaning,
                precision="uint8",
                max_tiles=math.prod(pictures.values.shape[: pictures.axes.index("height")]),
                max_tile_side=max_side,
            )
        )
    first = parts[0]
    return replace(
        first,
        values=np.concatenate([part.values for part in parts]),
        full_shape=(len(indices), *first.full_shape[1:]),
        notes=tuple(dict.fromkeys(note for part in parts for note in part.notes)),
    )


def rank_for_pictures(confusion: Confusion) -> list[int]:
    """The samples of a confusion in the order in which they deserve a picture, each once.

    The worst mistakes come first, then the first of every cell, then the second, and so on; of
    cells those with more samples before those with fewer.
    """
    by_size = sorted(
        confusion.cell_samples.items(), key=lambda item: -int(confusion.counts[item[0]])
    )
    ranks = max((len(samples) for _, samples in by_size), default=0)
    order = [mistake.index for mistake in confusion.mistakes]
    for rank in range(ranks):
        order += [samples[rank].index for _, samples in by_size if rank < len(samples)]
    return list(dict.fromkeys(order))


def _bytes_of(shape: tuple[int, ...], axes: tuple[str, ...], side: int) -> int:
    several = 100
    size = estimate_record_bytes(
        (several, *shape),
        ("sample", *axes),
        is_picture=True,
        precision="uint8",
        max_tiles=several * max(1, math.prod(shape)),
        max_tile_side=side,
    )
    return size // several + _BYTES_PER_ADDRESS
