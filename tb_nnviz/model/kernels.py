"""Kernels and embeddings that Keras computes from several variables: with LoRA, or of codes.

Asks Keras' own code only: what a user's layer calls its kernel may draw random numbers or
raise when it is asked for. Knows no layouts.
"""

from __future__ import annotations

import inspect
from collections.abc import Callable
from functools import partial
from typing import Any

import keras
from keras import layers

from tb_nnviz.model.layers import quantization_mode

_COMPUTED_NAMES = {"kernel", "embeddings"}
_COMPUTING = (
    layers.Conv1D,
    layers.Conv2D,
    layers.Conv3D,
    layers.Dense,
    layers.EinsumDense,
    layers.Embedding,
)
# Names of weights that quantization replaces by codes, and what they are the codes of.
_QUANTIZED = {
    "kernel": "a quantized kernel",
    "embeddings": "quantized embeddings",
    "reverse_embeddings": "quantized embeddings",
}
_LORA_NOTE = "with the product of its LoRA matrices added, as the layer uses it"
_NO_LORA_NOTE = "without the product of its LoRA matrices"


def find_reader(layer: Any, variable: Any) -> Callable[[], Any]:
    """Gives what stands for a variable, anew at each call.

    Args:
        layer: a built layer.
        variable: one of its variables, the first of its name.

    Returns:
        With LoRA the kernel that the layer uses; of a quantized layer the codes, unpacked where
        Keras packs them, without LoRA, whose product has another scale; else the variable.
    """
    ask = _own_property(layer, variable.name)
    if ask is None or not (_has_lora(layer) or quantization_mode(layer) is not None):
        return lambda: variable
    without_lora = _WithoutLora(layer)
    asked = without_lora if _are_codes(ask(without_lora)) else layer
    value = ask(asked)
    if value is None or value is variable:
        return lambda: variable
    return partial(ask, asked)


def describe_computed(layer: Any, variable: Any, value: Any) -> tuple[str, ...]:
    """Notes on values that are computed, or codes; () where the variable says all.

    Args:
        layer: a built layer.
        variable: one of its variables.
        value: what `find_reader` reads for it.
    """
    of_what = _QUANTIZED.get(variable.name)
    if of_what is None or not isinstance(layer, _COMPUTING):
        return ()
    if not _are_codes(value):
        return (_LORA_NOTE,) if value is not variable and _has_lora(layer) else ()
    dtype = keras.backend.standardize_dtype(value.dtype)
    if value is variable and quantization_mode(layer) == "int4":
        return (f"{dtype} values, each of two 4-bit codes of {of_what}, before scaling",)
    codes = f"{dtype} codes of {of_what}, before scaling"
    is_adapted = variable.name in _COMPUTED_NAMES and _has_lora(layer)
    return (codes, _NO_LORA_NOTE) if is_adapted else (codes,)


class _WithoutLora:
    """A layer as it would be without LoRA; the layer itself is left as it is."""

    lora_enabled = False

    def __init__(self, layer: Any) -> None:
        self._layer = layer

    def __getattr__(self, name: str) -> Any:
        return getattr(self._layer, name)


def _own_property(layer: Any, name: str) -> Callable[[Any], Any] | None:
    """How Keras computes what a layer calls so; None where the layer's class does it itself."""
    if name not in _COMPUTED_NAMES:
        return None
    found = inspect.getattr_static(type(layer), name, None)
    is_own = any(found is inspect.getattr_static(base, name, None) for base in _COMPUTING)
    return found.fget if is_own and isinstance(found, property) else None


def _has_lora(layer: Any) -> bool:
    return bool(getattr(layer, "lora_enabled", False))


def _are_codes(value: Any) -> bool:
    dtype = getattr(value, "dtype", None)
    is_known = dtype is not None
    return is_known and keras.backend.standardize_dtype(dtype).startswith(("int", "uint"))
