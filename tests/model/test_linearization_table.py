"""Every layer of Keras is listed: as linear, doing nothing, replaced, averaged, or refused."""

from __future__ import annotations

from typing import Any

import keras
import numpy as np
import pytest
from keras import layers

from tb_nnviz.model.linear.operation_tables import (
    AVERAGED_LAYERS,
    IDENTITY_LAYERS,
    LINEAR_LAYERS,
    REFUSED_LAYERS,
    REPLACED_LAYERS,
)
from tb_nnviz.model.linear.operations import describe_replaced, treat_layer
from tests.model.linear_models import functional

TABLES = (LINEAR_LAYERS, IDENTITY_LAYERS, REPLACED_LAYERS, AVERAGED_LAYERS, REFUSED_LAYERS)
# Its function decides.
BY_FUNCTION = {"Activation"}
PICTURE = (8, 8, 3)
ARGUMENTS: dict[str, tuple[Any, ...]] = {
    "AlphaDropout": (0.5,),
    "Dropout": (0.5,),
    "GaussianDropout": (0.5,),
    "GaussianNoise": (0.5,),
    "RandomBrightness": (0.5,),
    "RandomColorDegeneration": (0.5,),
    "RandomContrast": (0.5,),
    "RandomHue": (0.5,),
    "RandomPosterization": (4,),
    "RandomRotation": (0.5,),
    "RandomSaturation": (0.5,),
    "RandomSharpness": (0.5,),
    "RandomTranslation": (0.5, 0.5),
    "RandomZoom": (0.5,),
    "SpatialDropout1D": (0.5,),
    "SpatialDropout2D": (0.5,),
    "SpatialDropout3D": (0.5,),
}
SHAPES = {"SpatialDropout1D": (8, 3), "SpatialDropout3D": (4, 4, 4, 3)}


def test_every_layer_of_keras_is_in_one_table() -> None:
    names = {
        one.__name__
        for name in dir(layers)
        if isinstance(one := getattr(layers, name), type) and issubclass(one, layers.Layer)
    }
    listed = [name for table in TABLES for name in table]
    assert len(listed) == len(set(listed))
    assert names - set(listed) == BY_FUNCTION


@pytest.mark.parametrize("name", [name for name in IDENTITY_LAYERS if hasattr(layers, name)])
def test_a_layer_that_is_said_to_do_nothing_does_nothing_at_inference(name: str) -> None:
    if name == "InputLayer":
        return
    shape = SHAPES.get(name, PICTURE)
    layer = getattr(layers, name)(*ARGUMENTS.get(name, ()))
    values = np.random.default_rng(0).uniform(0, 255, size=(2, *shape)).astype(np.float32)
    assert np.array_equal(np.asarray(layer(values, training=False)), values)


@pytest.mark.parametrize("name", [name for name in REPLACED_LAYERS if hasattr(layers, name)])
def test_a_layer_that_the_identity_stands_in_for_keeps_its_shape(name: str) -> None:
    model = functional((4, 3), getattr(layers, name)())()
    assert tuple(model.output_shape) == (None, 4, 3)
    assert treat_layer(model.layers[-1]).kind == "replace"


@pytest.mark.parametrize("name", [name for name in AVERAGED_LAYERS if hasattr(layers, name)])
def test_a_layer_that_an_average_stands_in_for_has_one_of_its_own_kind(name: str) -> None:
    assert hasattr(layers, name.replace("Max", "Average"))


def test_what_is_unknown_is_refused() -> None:
    class Novel(keras.layers.Layer):
        pass

    class Dense(layers.Dense):
        """As a user may call a layer of their own."""

    for layer in (Novel(), Dense(3), layers.Lambda(lambda x: x), layers.Activation("glu")):
        treatment = treat_layer(layer)
        assert treatment.kind == "refuse"
        assert treatment.reason
    quantized = functional((4,), layers.Dense(3))().layers[-1]
    quantized.quantize("int8")
    assert treat_layer(quantized).reason == "a quantized layer rounds its input"


def test_names_are_counted_in_their_order() -> None:
    assert describe_replaced(["ReLU", "tanh", "ReLU"]) == "ignores 2 ReLU, 1 tanh"
    assert describe_replaced([]) == ""
