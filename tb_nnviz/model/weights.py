"""The weights that a layer itself has: their names, layouts, and how to read them.

Finds every variable of a layer but the states of random generators; decides on no layout
(`tb_nnviz.model.weight_families` does) and copies no values.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

import keras
from keras import layers

from tb_nnviz.model.kernels import describe_computed, find_reader
from tb_nnviz.model.layers import LayerEntry, own_variables
from tb_nnviz.model.layouts import WeightLayout
from tb_nnviz.model.layouts.layout import layout_by_shape
from tb_nnviz.model.paths import canonical_names
from tb_nnviz.model.plain_weights import WeightPlace
from tb_nnviz.model.weight_families import choose_layout

_REAL_NUMBERS = ("float", "bfloat", "int", "uint", "bool")
_NON_NEGATIVE = {"moving_variance", "variance"}
_MEASURING = (layers.BatchNormalization, layers.Normalization)


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
        notes: what a reader must know of the values, wherever they stand.
        is_non_negative: whether it is a variance, which never is below zero.
    """

    role: str
    path: str
    shape: tuple[int, ...]
    dtype: str
    layout: WeightLayout
    read: Callable[[], Any]
    variable: Any
    obstacle: str | None = None
    notes: tuple[str, ...] = ()
    is_non_negative: bool = False


def find_weights(entry: LayerEntry, outer_inputs: Mapping[int, Any]) -> list[Weight]:
    """Every variable of a layer itself, but for the states of random generators.

    With LoRA the kernel is what the layer uses, which Keras computes from several variables; these
    are found beside it. A weight that cannot be described has an obstacle, and spares the others.

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
    layer = entry.layer
    try:
        read = find_reader(layer, variable) if may_compute else lambda: variable
        value = read()
        shape = tuple(value.shape)
        dtype = keras.backend.standardize_dtype(value.dtype)
        obstacle = _find_obstacle(shape, dtype)
        if obstacle is not None:
            return _unreadable(variable, role, obstacle)
        place = WeightPlace(layer, entry.parent, variable.name, shape, outer_inputs)
        return Weight(
            role=role,
            path=variable.path,
            shape=shape,
            dtype=dtype,
            layout=choose_layout(place),
            read=read,
            variable=variable,
            notes=describe_computed(layer, variable, value) or _describe_dtype(dtype),
            is_non_negative=variable.name in _NON_NEGATIVE and isinstance(layer, _MEASURING),
        )
    except Exception as error:  # noqa: BLE001 - a layer of the user's own may break with anything
        return _unreadable(variable, role, f"it cannot be read ({type(error).__name__}: {error})")


def _unreadable(variable: Any, role: str, obstacle: str) -> Weight:
    layout = layout_by_shape(())
    return Weight(role, variable.path, (), "", layout, lambda: variable, variable, obstacle)


def _describe_dtype(dtype: str) -> tuple[str, ...]:
    return (f"{dtype} values",) if dtype.startswith(("int", "uint", "bool")) else ()


def _find_obstacle(shape: tuple[Any, ...], dtype: str) -> str | None:
    if not dtype.startswith(_REAL_NUMBERS):
        return f"it holds {dtype} values, which are no real numbers"
    if any(length is None for length in shape):
        return f"its shape {shape} varies"
    return None
