"""Models that are linear from end to end, with weights and statistics that are not trivial."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import keras
import numpy as np
from keras import layers, ops


def randomize(model: Any, seed: int = 0) -> Any:
    """Gives every weight random values; variances are positive."""
    rng = np.random.default_rng(seed)
    for variable in model.variables:
        if variable.path.endswith("seed_generator_state"):
            continue
        values = rng.normal(size=tuple(variable.shape)) / np.sqrt(max(1, len(variable.shape)))
        if "variance" in variable.path:
            values = rng.uniform(0.5, 2, size=values.shape)
        variable.assign(values)
    return model


def functional(shape: tuple[int, ...], *steps: Any) -> Callable[[], Any]:
    def make() -> Any:
        inputs = tensor = layers.Input(shape)
        for step in steps:
            tensor = step()(tensor) if isinstance(step, type) else step(tensor)
        return keras.Model(inputs, tensor)

    return make


def _branches() -> Any:
    inputs = layers.Input((8, 8, 3))
    left = layers.BatchNormalization()(layers.Conv2D(4, 3, padding="same")(inputs))
    right = layers.SeparableConv2D(4, 3, padding="same", depth_multiplier=2)(inputs)
    joined = layers.Concatenate()([layers.Add()([left, right]), layers.Subtract()([left, right])])
    averaged = layers.Average()([joined, layers.Conv2D(8, 1)(inputs)])
    return keras.Model(inputs, layers.Dense(5)(layers.GlobalAveragePooling2D()(averaged)))


def _nested_and_shared() -> Any:
    inner = keras.Sequential(
        [
            layers.Input((None, None, 4)),
            layers.Conv2D(6, 3, strides=2),
            layers.BatchNormalization(),
        ]
    )
    shared = layers.Conv2D(4, 3, padding="same")
    inputs = layers.Input((9, 9, 4))
    outputs = inner(shared(shared(inputs)))
    return keras.Model(inputs, layers.Dense(3)(layers.Flatten()(outputs)))


def _functions() -> Any:
    inputs = layers.Input((6, 4))
    tensor = 2.0 - inputs * 3.0
    tensor = ops.transpose(tensor, (0, 2, 1)) / 4.0
    tensor = ops.concatenate([tensor, -tensor + 1.0], axis=-1)
    tensor = ops.reshape(tensor, (-1, 8, 6))[:, 1:, ::2]
    tensor = ops.stack([tensor, ops.flip(tensor, axis=1)], axis=1)
    tensor = ops.sum(ops.squeeze(tensor[:, :1], axis=1), axis=-1) + ops.mean(tensor, axis=(1, 3))
    return keras.Model(inputs, layers.Dense(3)(tensor))


Conv = layers.Conv2D
LINEAR: dict[str, Callable[[], Any]] = {
    "batch normalization": functional(
        (7, 7, 2), Conv(3, 3), layers.BatchNormalization(), layers.Flatten(), layers.Dense(4)
    ),
    "strides, same": functional((9, 8, 2), Conv(3, 3, strides=2, padding="same"), layers.Flatten),
    "dilation, valid": functional((9, 8, 2), Conv(3, 3, dilation_rate=2), layers.Flatten),
    "dilation, same": functional(
        (9, 8, 2), Conv(3, 3, dilation_rate=2, padding="same"), layers.GlobalAveragePooling2D
    ),
    "average pooling": functional(
        (9, 8, 2), layers.AveragePooling2D(3, 2, padding="same"), Conv(3, 2), layers.Flatten
    ),
    "separable": functional(
        (7, 7, 3), layers.SeparableConv2D(4, 3, depth_multiplier=2, strides=2), layers.Flatten
    ),
    "depthwise": functional((7, 7, 3), layers.DepthwiseConv2D(3, padding="same"), layers.Flatten),
    "transposed": functional(
        (4, 5, 3), layers.Conv2DTranspose(2, 3, strides=2, padding="same"), layers.Flatten
    ),
    "sequences": functional(
        (10, 3),
        layers.ZeroPadding1D(2),
        layers.Conv1D(4, 3, padding="causal"),
        layers.UpSampling1D(2),
        layers.Cropping1D(1),
        layers.AveragePooling1D(2),
        layers.GlobalAveragePooling1D,
    ),
    "volumes": functional(
        (4, 5, 4, 2), layers.Conv3D(3, 2), layers.AveragePooling3D(2), layers.Flatten
    ),
    "shapes": functional(
        (4, 6),
        layers.Permute((2, 1)),
        layers.Reshape((8, 3)),
        layers.Rescaling(0.5, 1.0),
        layers.Flatten(),
        layers.Dense(4),
        layers.Dropout(0.5),
        layers.RepeatVector(2),
        layers.Flatten,
    ),
    "up-sampling": functional(
        (4, 4, 2),
        layers.UpSampling2D(2, interpolation="bilinear"),
        layers.ZeroPadding2D(1),
        layers.Cropping2D(((0, 1), (2, 0))),
        layers.Flatten,
    ),
    "einsum": functional((4, 3), layers.EinsumDense("abc,cd->abd", (4, 5)), layers.Flatten),
    "noise": functional(
        (6,),
        layers.GaussianNoise(1.0),
        layers.Dense(4),
        layers.AlphaDropout(0.5),
        layers.ActivityRegularization(1.0),
    ),
    "branches": _branches,
    "nested and shared": _nested_and_shared,
    "functions": _functions,
}


def explained(result: Any, x: Any) -> Any:
    """The value of each unit that templates and offsets say, ``(sample, unit)``."""
    seen = x if result.window is None else x[(slice(None), *result.window)]
    flat = np.asarray(result.templates, np.float64).reshape(len(result.templates), -1)
    return seen.reshape(len(x), -1).astype(np.float64) @ flat.T + result.offsets
