"""Weights of Keras layers that are a matrix or a strip, by name and rank.

Knows the names that Keras gives them. Knows no layer.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from tb_nnviz.model.layouts import WeightLayout
from tb_nnviz.model.layouts.layout import is_flat, layout_matrix, layout_strip


@dataclass(frozen=True)
class WeightPlace:
    """What decides about a layout.

    Attributes:
        layer: the Keras layer that has the weight.
        parent: the model or layer that holds this layer.
        name: of the weight in the layer, as Keras gives it.
        shape: of the weight.
        outer_inputs: see `tb_nnviz.model.input_pictures.map_nested_inputs`.
    """

    layer: Any
    parent: Any
    name: str
    shape: tuple[int, ...]
    outer_inputs: Mapping[int, Any]

    @property
    def key(self) -> tuple[str, int]:
        """Name and rank, by which families tell their weights apart."""
        return self.name, len(self.shape)


# Weights that are a matrix or a strip: what rows and columns, or places in the strip, are.
Plain = Mapping[tuple[str, int], tuple[str, ...]]
DENSE: Plain = {
    ("bias", 1): ("unit",),
    ("lora_kernel_a", 2): ("input", "rank"),
    ("lora_kernel_b", 2): ("rank", "unit"),
    # Of 8-bit kernels one for each unit, of 4-bit kernels one for each group of inputs too.
    ("kernel_scale", 1): ("unit",),
    ("kernel_scale", 2): ("group", "unit"),
    ("kernel_zero", 2): ("group", "unit"),
    ("g_idx", 1): ("input",),
}
_OF_GROUPS = ("_scale", "_zero")
FILTERS: Plain = {("bias", 1): ("filter",), ("lora_kernel_b", 2): ("rank", "filter")}
CHANNELS: Plain = {("bias", 1): ("channel",)}
EMBEDDING: Plain = {
    ("embeddings", 2): ("token", "unit"),
    ("reverse_embeddings", 2): ("unit", "token"),
    ("lora_embeddings_a", 2): ("token", "rank"),
    ("lora_embeddings_b", 2): ("rank", "unit"),
    ("embeddings_scale", 1): ("token",),
    ("embeddings_scale", 2): ("token", "group"),
    ("embeddings_zero", 2): ("token", "group"),
    ("reverse_embeddings_scale", 1): ("token",),
    ("reverse_embeddings_scale", 2): ("group", "token"),
    ("reverse_embeddings_zero", 2): ("group", "token"),
    ("g_idx", 1): ("unit",),
}


def layout_plain(place: WeightPlace, known: Plain) -> WeightLayout | None:
    """The layout of a weight that a table knows by name and rank; None of another."""
    match known.get(place.key):
        case (rows, columns) if place.name.endswith(_OF_GROUPS) and is_flat(place.shape):
            # A single group is none: the others are a vector, which is kept whole.
            return layout_strip(place.shape, columns if rows == "group" else rows)
        case (rows, columns):
            return layout_matrix(place.shape, rows, columns)
        case (outputs,):
            return layout_strip(place.shape, outputs)
    return None
