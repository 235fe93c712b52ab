"""Which operations are linear, which the identity or an average stands in for, which end it.

Decides by the tables, and by the arguments of a layer or call; knows no graph and runs nothing.
What is in no table is refused: a user's own layer may do anything.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any, Literal

import keras
from keras import layers

from tb_nnviz.model.layers import quantization_mode
from tb_nnviz.model.linear.keras_operations import keeps_samples_first, treat_function_call
from tb_nnviz.model.linear.operation_tables import (
    AVERAGED_FUNCTIONS,
    AVERAGED_LAYERS,
    CUSTOM,
    IDENTITY_LAYERS,
    LINEAR_LAYERS,
    REFUSED_LAYERS,
    REPLACED_FUNCTIONS,
    REPLACED_LAYERS,
)

Kind = Literal["run", "pass", "replace", "average", "refuse"]

# These take several tensors, in all of which they are linear.
_MERGING_LAYERS = ("Add", "Average", "Concatenate", "Subtract")
_FRAMEWORKS = ("keras", "tensorflow", "jax", "torch")


@dataclass(frozen=True)
class Treatment:
    """What is done with an operation in a linearised network.

    Attributes:
        kind: ``run`` it; ``pass`` its input on, as it does at inference itself; ``replace`` it by
            the identity; ``average`` in the place of its maximum; or ``refuse`` it.
        replaced: what notes call that which the identity stands in for: the operation, or its
            fused activation; "" where there is none.
        reason: why it is refused.
    """

    kind: Kind
    replaced: str = ""
    reason: str = ""


def treat(operation: Any, node: Any) -> Treatment:
    """What is done with a call in a functional graph.

    Args:
        operation: a layer, or an operation of `keras.ops`.
        node: the call: Keras' node, whose arguments decide for functions; None for layers that
            are called outside a graph.
    """
    if isinstance(operation, layers.Layer):
        return treat_layer(operation, taken=() if node is None else node.input_tensors)
    if not type(operation).__module__.startswith("keras."):
        return Treatment("refuse", reason=CUSTOM)
    replaced = name_replaced_function(operation)
    if replaced is not None:
        return Treatment("replace", replaced)
    if type(operation).__name__ in AVERAGED_FUNCTIONS:
        return Treatment("average")
    kind, reason = treat_function_call(operation, node)
    return Treatment(kind, reason=reason)


def name_replaced_function(operation: Any) -> str | None:
    """What notes call an operation of `keras.ops` that the identity stands in for; else None."""
    if not type(operation).__module__.startswith("keras."):
        return None
    return REPLACED_FUNCTIONS.get(_plain(type(operation).__name__))


def treat_layer(
    layer: Any, *, without_activation: bool = False, taken: Sequence[Any] = ()
) -> Treatment:
    """What is done with a layer; see `Treatment`.

    Args:
        layer: any layer.
        without_activation: whether the activation it fuses is left aside.
        taken: what it is called with, of which tensors count; () where that is not known.
    """
    name = _own_name(layer)
    if name is None:
        return Treatment("refuse", reason=f"a layer of one's own; {CUSTOM}")
    tensors = [one for one in taken if keras.ops.is_tensor(one) or _is_symbolic(one)]
    treatment = _treat_by_name(layer, name, without_activation=without_activation)
    if treatment.kind != "refuse" and name not in _MERGING_LAYERS and len(tensors) > 1:
        return Treatment("refuse", reason="it is called with a second tensor, such as a mask")
    if name == "Concatenate" and tensors and layer.axis % len(tensors[0].shape) == 0:
        return Treatment("refuse", reason="it joins samples")
    return treatment


def _treat_by_name(layer: Any, name: str, *, without_activation: bool) -> Treatment:
    if name == "Activation":
        return _treat_activation(layer.activation, "replace")
    if name in LINEAR_LAYERS:
        return _treat_linear(layer, name, without_activation=without_activation)
    if name in IDENTITY_LAYERS:
        return Treatment("pass")
    if name in REPLACED_LAYERS:
        return Treatment("replace", REPLACED_LAYERS[name])
    kind: Kind = "average" if name in AVERAGED_LAYERS else "refuse"
    return Treatment(kind, reason=REFUSED_LAYERS.get(name, "not known to be linear"))


def is_known_to_end(layer: Any) -> bool:
    """Whether a layer is one of Keras' own that are known not to be linear."""
    return _own_name(layer) in REFUSED_LAYERS


def _treat_linear(layer: Any, name: str, *, without_activation: bool) -> Treatment:
    if quantization_mode(layer) is not None:
        return Treatment("refuse", reason="a quantized layer rounds its input")
    if name == "Concatenate" and layer.axis == 0:
        return Treatment("refuse", reason="it joins samples")
    if name == "EinsumDense" and not keeps_samples_first(layer.equation):
        return Treatment("refuse", reason="it does not keep the axis of samples first")
    if without_activation:
        return Treatment("run")
    return _treat_activation(getattr(layer, "activation", None), "run")


def has_activation(layer: Any) -> bool:
    """Whether a layer fuses an activation that is not the identity."""
    return not _is_linear(getattr(layer, "activation", None))


def name_activation(activation: Any) -> str | None:
    """What notes call an activation function; None for one that is not known."""
    if isinstance(activation, layers.Layer):
        treatment = treat_layer(activation)
        return treatment.replaced if treatment.kind == "replace" else None
    module = getattr(activation, "__module__", None) or ""
    if module.partition(".")[0] not in _FRAMEWORKS:
        return None
    return REPLACED_FUNCTIONS.get(_plain(getattr(activation, "__name__", "")))


def describe_replaced(names: Iterable[str]) -> str:
    """A note such as "ignores 2 ReLU, 1 tanh"; "" for no names.

    Args:
        names: what is replaced, in the order of the path.
    """
    counts: dict[str, int] = {}
    for name in names:
        counts[name] = counts.get(name, 0) + 1
    if not counts:
        return ""
    return "ignores " + ", ".join(f"{count} {name}" for name, count in counts.items())


def _treat_activation(activation: Any, kind: Kind) -> Treatment:
    if _is_linear(activation):
        return Treatment("pass" if kind == "replace" else kind)
    replaced = name_activation(activation)
    if replaced is None:
        called = getattr(activation, "__name__", type(activation).__name__)
        return Treatment("refuse", reason=f"its activation {called!r} is not known")
    return Treatment(kind, replaced)


def _is_symbolic(value: Any) -> bool:
    return isinstance(value, keras.KerasTensor)


def _is_linear(activation: Any) -> bool:
    return activation is None or activation is keras.activations.linear


def _own_name(layer: Any) -> str | None:
    """The name of a layer's class in `keras.layers`; None for a class of somebody else."""
    name = type(layer).__name__
    return name if getattr(layers, name, None) is type(layer) else None


def _plain(name: str) -> str:
    return name.replace("_", "").lower()
