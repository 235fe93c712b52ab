"""Running layers in float32 that compute in float16 or bfloat16, whose rounding hides small values.

Only for as long as a scope lasts, and on the layers themselves; no weight changes.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from typing import Any

import keras

from tb_nnviz.model.interception import replacing_attributes
from tb_nnviz.model.layers import list_layers

NARROW_FLOATS = ("float16", "bfloat16", "float8_e4m3fn", "float8_e5m2")


@contextmanager
def computing_in_float32(operations: Iterable[Any]) -> Iterator[None]:
    """Layers whose policy is to compute in fewer bits compute in float32 within the scope.

    Args:
        operations: layers, with all that they hold, of which those with such a policy are changed;
            what is no layer is passed over.
    """
    policy = keras.DTypePolicy("float32")
    with replacing_attributes() as replace:
        for operation in operations:
            if not isinstance(operation, keras.layers.Layer):
                continue
            for layer in (operation, *(entry.layer for entry in list_layers(operation))):
                if layer.compute_dtype in NARROW_FLOATS:
                    # Early versions of Keras keep it where others have a property.
                    kept = "dtype_policy" if "dtype_policy" in vars(layer) else "_dtype_policy"
                    replace(layer, kept, policy)
        yield


def widen_dtype(dtype: str) -> str:
    """The dtype; ``float32`` in the place of one of fewer bits."""
    return "float32" if dtype in NARROW_FLOATS else dtype


def computes_in_fewer_bits(model: Any) -> bool:
    """Whether any layer of a model has a policy to compute in fewer bits than float32.

    Args:
        model: any built model.
    """
    layers = (model, *(entry.layer for entry in list_layers(model)))
    return any(layer.compute_dtype in NARROW_FLOATS for layer in layers)
