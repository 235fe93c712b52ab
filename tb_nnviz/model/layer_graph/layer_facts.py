"""What is shown of a layer beside its place: parameters, whether they are trained, types.

Knows layers one by one; knows no graph.
"""

from __future__ import annotations

import math
from collections.abc import Collection, Iterable
from dataclasses import dataclass
from typing import Any

import keras

from tb_nnviz.model.interception import fused_activation
from tb_nnviz.model.layer_graph.categories import find_category
from tb_nnviz.model.layers import list_layers
from tb_nnviz.records.graph import Category, Trainable


@dataclass(frozen=True)
class LayerFacts:
    """A layer, or an operation that is none.

    Attributes:
        layer_type: class name.
        category: what kind of layer it is.
        num_parameters: numbers in all its weights, each weight once, those of inner layers too.
        num_trainable: how many of them a training changes by gradients.
        trainable: whether ``all``, ``some`` or ``none`` of what can be trained is; None without
            weights. Statistics that no training changes by gradients do not count.
        dtype: that it computes in; None for an operation.
        activation: name of a fused activation that is not the identity.
    """

    layer_type: str
    category: Category
    num_parameters: int = 0
    num_trainable: int = 0
    trainable: Trainable | None = None
    dtype: str | None = None
    activation: str | None = None


def describe_layer(operation: Any, trained: Collection[int]) -> LayerFacts:
    """What there is to say of a layer.

    Args:
        operation: a layer, or an operation that is none.
        trained: the variables, by identity, that a training of the whole model changes.
    """
    name, category = type(operation).__name__, find_category(operation)
    if not isinstance(operation, keras.layers.Layer):
        return LayerFacts(name, category)
    weights = {id(one): one for one in operation.weights}
    return LayerFacts(
        layer_type=name,
        category=category,
        num_parameters=_count_numbers(weights.values()),
        num_trainable=_count_numbers(one for key, one in weights.items() if key in trained),
        trainable=_how_trained(operation, trained) if weights else None,
        dtype=_text(getattr(operation, "compute_dtype", None)),
        activation=_name_activation(operation),
    )


def _count_numbers(variables: Iterable[Any]) -> int:
    return sum(math.prod(one.shape) for one in variables)


def _how_trained(layer: Any, trained: Collection[int]) -> Trainable:
    holders = [layer, *(entry.layer for entry in list_layers(layer))]
    # Keras keeps apart what was made to be trained, frozen or not, under a private name.
    able = {
        id(variable)
        for holder in holders
        for variable in getattr(holder, "_trainable_variables", ())
    }
    num_trained = len(able.intersection(trained))
    if not num_trained:
        return "none"
    return "all" if num_trained == len(able) else "some"


def _name_activation(layer: Any) -> str | None:
    activation = fused_activation(layer)
    if activation is None or activation is keras.activations.linear:
        return None
    return _text(getattr(activation, "__name__", type(activation).__name__))


def _text(value: Any) -> str | None:
    return None if value is None else str(value)
