"""Weight tiles: which kernels of a model are shown, and their values as records.

Planned once a training, when the model is built; then each step copies the kernels and
makes records of the copies, which may happen on another thread.
"""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass, replace
from typing import Any

from numpy.typing import NDArray

from tb_nnviz.model.input_pictures import map_nested_inputs
from tb_nnviz.model.kernels import KernelLayout, find_kernels
from tb_nnviz.model.layers import LayerEntry, list_layers, own_variables, select_layers
from tb_nnviz.model.variables import copy_values
from tb_nnviz.records import Notice, Precision, Source, TileArray, build_tile_array
from tb_nnviz.records.tile_array import (
    DEFAULT_MAX_TILE_SIDE,
    DEFAULT_MAX_TILES,
    estimate_record_bytes,
)

VIEW = "weights"
_WHAT_IS_SHOWN = (
    "tiles are made of the kernels of Dense, Conv1D, Conv2D, Conv3D, depthwise and separable "
    "layers."
)
_MAX_NAMED = 5


@dataclass(frozen=True)
class WeightTileOptions:
    """Limits of what is logged; see `tb_nnviz.records.build_tile_array`."""

    max_tiles: int = DEFAULT_MAX_TILES
    max_tile_side: int = DEFAULT_MAX_TILE_SIDE
    precision: Precision = "uint16"


@dataclass(frozen=True)
class PlannedKernel:
    """One kernel that is shown.

    Attributes:
        tag: ``weights/<canonical path>``.
        layer: the Keras layer.
        role: name of the kernel in it, which is read anew at each step: with LoRA a kernel is a
            tensor that Keras computes when it is asked for.
        layout: how it is laid out.
        source: where it comes from.
    """

    tag: str
    layer: Any
    role: str
    layout: KernelLayout
    source: Source


@dataclass(frozen=True)
class WeightTilesPlan:
    """What of a model is shown as weight tiles.

    Attributes:
        kernels: in the order of the model.
        notices: about layers whose weights are not shown.
    """

    kernels: tuple[PlannedKernel, ...]
    notices: tuple[Notice, ...]

    @property
    def tags(self) -> tuple[str, ...]:
        """The tags that are logged."""
        return tuple(kernel.tag for kernel in self.kernels)

    def copy_kernels(self) -> list[NDArray[Any]]:
        """Copies of all kernels, which own their memory."""
        return [copy_values(getattr(kernel.layer, kernel.role)) for kernel in self.kernels]

    def without(self, tags: Collection[str]) -> WeightTilesPlan:
        """The plan without some of its tags."""
        kept = tuple(kernel for kernel in self.kernels if kernel.tag not in tags)
        return replace(self, kernels=kept)

    def build_records(
        self, copies: Sequence[NDArray[Any]], options: WeightTileOptions
    ) -> list[tuple[str, TileArray]]:
        """Tag and record of each kernel.

        Args:
            copies: as `copy_kernels` gave them.
            options: limits.
        """
        return [
            (kernel.tag, build_weight_record(kernel, copy, options))
            for kernel, copy in zip(self.kernels, copies, strict=True)
        ]

    def estimate_bytes(self, options: WeightTileOptions) -> int:
        """About the size of the records of one step."""
        return sum(
            estimate_record_bytes(
                kernel.layout.shape,
                kernel.layout.axes,
                is_picture=not kernel.layout.represents,
                precision=options.precision,
                max_tiles=options.max_tiles,
                max_tile_side=options.max_tile_side,
            )
            for kernel in self.kernels
        )


def plan_weight_tiles(model: Any, layers: Sequence[str] | None) -> WeightTilesPlan:
    """Finds the kernels of a built model that are to be shown.

    Args:
        model: any Keras model that is built.
        layers: names or globs; None for all.

    Raises:
        ValueError: a name matches no layer.
    """
    entries = list_layers(model)
    outer_inputs = map_nested_inputs(model)
    kernels: list[PlannedKernel] = []
    not_shown: dict[str, list[LayerEntry]] = {}
    for entry in select_layers(entries, layers):
        found = find_kernels(entry, outer_inputs)
        kernels += [
            PlannedKernel(
                tag=f"{VIEW}/{entry.path}/{kernel.role}",
                layer=entry.layer,
                role=kernel.role,
                layout=kernel.layout,
                source=Source(
                    variable_path=kernel.path,
                    layer_path=entry.path,
                    layer_index=entry.index,
                    layer_type=entry.layer_type,
                    role=kernel.role,
                    variable_shape=kernel.shape,
                ),
            )
            for kernel in found
        ]
        if not found and own_variables(entry.layer):
            not_shown.setdefault(entry.layer_type, []).append(entry)
    notices = tuple(_notice_not_shown(entries) for entries in not_shown.values())
    if not kernels:
        chosen = "this model" if layers is None else f"layers={list(layers)!r}"
        notices = (
            *notices,
            Notice(VIEW, "", f"There are no kernels in {chosen}: {_WHAT_IS_SHOWN}"),
        )
    return WeightTilesPlan(tuple(kernels), notices)


def build_weight_record(
    kernel: PlannedKernel, values: NDArray[Any], options: WeightTileOptions
) -> TileArray:
    """The record of a kernel's values.

    Args:
        kernel: which kernel.
        values: its values, in the shape of the variable.
        options: limits.
    """
    notes = kernel.layout.notes
    if values.dtype.kind in "iu":
        notes = (*notes, f"{values.dtype} codes of a quantized kernel, before scaling")
    return build_tile_array(
        kernel.layout.apply(values),
        kernel.layout.axes,
        represents=kernel.layout.represents,
        meaning="signed",
        precision=options.precision,
        max_tiles=options.max_tiles,
        max_tile_side=options.max_tile_side,
        notes=notes,
        source=kernel.source,
    )


def _notice_not_shown(entries: Sequence[LayerEntry]) -> Notice:
    """One notice for all layers of a type, so that a deep network does not bury the others."""
    first = entries[0]
    shapes = ", ".join(
        f"{variable.name} {tuple(variable.shape)}" for variable in own_variables(first.layer)
    )
    if len(entries) == 1:
        what = f"The weights of this {first.layer_type} are not shown ({shapes})"
        return Notice(VIEW, first.path, f"{what}: {_WHAT_IS_SHOWN}")
    named = ", ".join(entry.path for entry in entries[:_MAX_NAMED])
    more = len(entries) - _MAX_NAMED
    names = f"{named} and {more} more" if more > 0 else named
    what = f"The weights of {len(entries)} {first.layer_type} layers are not shown ({names})"
    return Notice(VIEW, "", f"{what}: {_WHAT_IS_SHOWN}")
