"""Finding a layer's weights in a model, and laying them out."""

from __future__ import annotations

from typing import Any

import keras
import numpy as np
from keras import layers
from numpy.typing import NDArray

from tb_nnviz.model.input_pictures import map_nested_inputs
from tb_nnviz.model.layers import list_layers
from tb_nnviz.model.variables import copy_values
from tb_nnviz.model.weights import Weight, find_weights

Array = NDArray[np.float32]


def whole_numbers(seed: int, shape: tuple[int, ...]) -> Array:
    """Numbers of which float32 holds all sums made here exactly, whatever their order."""
    return np.random.default_rng(seed).integers(-4, 5, shape).astype(np.float32)


def weights_of(model: Any, layer: Any) -> dict[str, Weight]:
    """The weights of a layer of a model by their role."""
    (entry,) = (entry for entry in list_layers(model) if entry.layer is layer)
    return {weight.role: weight for weight in find_weights(entry, map_nested_inputs(model))}


def tiles_of(model: Any, layer: Any, role: str = "kernel") -> tuple[Weight, Array]:
    """A weight and its values laid out."""
    weight = weights_of(model, layer)[role]
    tiles = weight.layout.apply(copy_values(weight.read()))
    assert tiles.shape == weight.layout.shape
    assert len(weight.layout.axes) == tiles.ndim
    return weight, tiles


def numbered(model: Any) -> Any:
    """The model with each weight's values numbered from 0 in the order of its memory."""
    for variable in model.variables:
        if not variable.path.endswith("seed_generator_state"):
            size = int(np.prod(variable.shape))
            variable.assign(np.arange(size).reshape(variable.shape))
    return model


def built(layer: Any, *input_shape: int) -> Any:
    """A model of one layer, whose kernels hold whole numbers."""
    model = keras.Sequential([layers.Input(input_shape), layer])
    set_whole_kernels(model)
    return model


def set_whole_kernels(model: Any) -> None:
    """Gives whole numbers to the kernels of a model."""
    for seed, variable in enumerate(model.trainable_variables):
        if variable.name in {"kernel", "depthwise_kernel", "pointwise_kernel"}:
            variable.assign(whole_numbers(seed, tuple(variable.shape)))
