"""The weights that a layer itself has: their names, layouts, and how to read them.

Finds every variable of a layer but the states of random generators; decides on no layout
(`tb_nnviz.model.weight_families` does) and copies no values.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from functools import partial
from typing import Any

import keras
from keras import layers

from tb_nnviz.model.layers import LayerEntry, own_variables
from tb_nnviz.model.layouts import WeightLayout
from tb_nnviz.model.layouts.layout import layout_by_shape
from tb_nnviz.model.paths import canonical_names
from tb_nnviz.model.weight_families import WeightPlace, choose_layout

# What these call their kernel may be computed from several variables when it is asked for.
_COMPUTED_NAMES = {"kernel", "embeddings"}
_COMPUTING = (
    layers.Conv1D,
    layers.Conv2D,
    layers.Conv3D,
    layers.Dense,
    layers.EinsumDense,
    layers.Embedding,
)
_REAL_NUMBERS = ("float", "bfloat", "int", "uint", "bool")
_LORA_NOTE = "with the product of its LoRA matrices added, as the layer uses it"


@dataclass(frozen=True)
class Weight:
    """A variable of a layer and its layout.

    Attributes:
        role: its name, unique within its layer and the same whenever such a layer is built.
        path: Keras' own path of it.
        shape: its shape there.
        dtype: name of its dtype.
        layout: how it is laid out.
        read: gives the variable, or the tensor that stands for it, anew at each call.
        variable: the variable itself, by which layers that share it can be told.
        obstacle: why its values cannot be shown, or None.
    """

    role: str
    path: str
    shape: tuple[int, ...]
    dtype: str
    layout: WeightLayout
    read: Callable[[], Any]
    variable: Any
    obstacle: str | None = None


def find_weights(entry: LayerEntry, outer_inputs: Mapping[int, Any]) -> list[Weight]:
    """Every variable of a layer itself, but for the states of random generators.

    With LoRA or 4-bit quantization the kernel is what the layer uses, which Keras computes from
    several variables; these are found beside it.

    Args:
        entry: any layer; one that the model never calls is not built and has none.
        outer_inputs: see `tb_nnviz.model.input_pictures.map_nested_inputs`.
    """
    variables = own_variables(entry.layer)
    roles = canonical_names(
        [variable.name for variable in variables],
        [type(variable).__name__ for variable in variables],
    )
    weights = []
    seen_names: set[str] = set()
    for variable, role in zip(variables, roles, strict=True):
        is_first = variable.name not in seen_names
        seen_names.add(variable.name)
        weights.append(_describe(entry, variable, role, outer_inputs, may_compute=is_first))
    return weights


def _describe(
    entry: LayerEntry,
    variable: Any,
    role: str,
    outer_inputs: Mapping[int, Any],
    *,
    may_compute: bool,
) -> Weight:
    read = _reader(entry.layer, variable, may_compute=may_compute)
    value = read()
    shape = tuple(value.shape)
    dtype = keras.backend.standardize_dtype(value.dtype)
    obstacle = _find_obstacle(shape, dtype)
    if obstacle is None:
        layout = choose_layout(
            WeightPlace(entry.layer, entry.parent, variable.name, shape, outer_inputs)
        )
    else:
        layout = layout_by_shape(())
    notes = _notes_on_values(entry.layer, variable, value, dtype)
    layout = replace(layout, notes=(*layout.notes, *notes))
    return Weight(role, variable.path, shape, dtype, layout, read, variable, obstacle)


def _reader(layer: Any, variable: Any, *, may_compute: bool) -> Callable[[], Any]:
    if may_compute and variable.name in _COMPUTED_NAMES and isinstance(layer, _COMPUTING):
        used = getattr(layer, variable.name, None)
        if used is not None and used is not variable and hasattr(used, "shape"):
            return partial(getattr, layer, variable.name)
    return lambda: variable


def _notes_on_values(layer: Any, variable: Any, value: Any, dtype: str) -> tuple[str, ...]:
    """What a reader must know of the values beside their places."""
    if value is not variable and getattr(layer, "lora_enabled", False):
        return (_LORA_NOTE,)
    if not dtype.startswith(("int", "uint", "bool")):
        return ()
    if variable.name in _COMPUTED_NAMES and isinstance(layer, _COMPUTING):
        return (f"{dtype} codes of a quantized kernel, before scaling",)
    return (f"{dtype} values",)


def _find_obstacle(shape: tuple[Any, ...], dtype: str) -> str | None:
    if not dtype.startswith(_REAL_NUMBERS):
        return f"it holds {dtype} values, which are no real numbers"
    if any(length is None for length in shape):
        return f"its shape {shape} varies"
    return None
