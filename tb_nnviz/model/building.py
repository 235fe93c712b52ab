"""Building a model one step before training would.

A subclassed model, or a Sequential without Input, has no weights until it first sees
data. It is built symbolically from the shape of a sample, as Keras builds models itself:
no layer computes anything, so no state of the model or of a random generator moves, and
the initial weights are those that training would have drawn.
"""

from __future__ import annotations

from typing import Any

import keras

from tb_nnviz.model.backends import call_plainly
from tb_nnviz.model.backends.isolation import keep_tensor_names
from tb_nnviz.model.error_text import first_words
from tb_nnviz.model.interception import replacing_attributes
from tb_nnviz.model.sample_arrays import map_arrays
from tb_nnviz.model.sample_panel import named_inputs


def build_model(model: Any, samples: Any | None) -> str | None:
    """Builds a model that is not built yet, if there is something to build it from.

    Args:
        model: any model.
        samples: as `tb_nnviz.model.samples.describe_samples` gives them, or None.

    Returns:
        None where the model is built now, else why it is not.
    """
    if is_built(model):
        return None
    if samples is None:
        return "there are no samples to build it from"
    try:
        with call_plainly():
            if isinstance(model, keras.Sequential):
                model.build(_only_shape(samples))
            else:
                _call_symbolically(model, samples)
    except Exception as error:  # noqa: BLE001 - training builds it, or says better what is wrong
        return f"it could not be built from the samples ({first_words(error)})"
    return None if is_built(model) else "it has no weights even when built"


def check_is_model(model: object) -> None:
    """Raises `TypeError` unless an argument is a Keras model."""
    if not isinstance(model, keras.Model):
        raise TypeError(
            "The `model` argument must be a Keras model (keras.Model, Sequential, or of a class of "
            f"your own); got {type(model).__name__}."
        )


def is_built(model: Any) -> bool:
    """Whether a model has its weights.

    A layer that a built model never calls has none. A model that joins others, as a GAN joins
    generator and discriminator, may never be called itself: its layers say it.
    """
    layers_are_built = bool(model.layers) and all(layer.built for layer in model.layers)
    return layers_are_built or (bool(model.built) and bool(model.weights))


def _call_symbolically(model: Any, samples: Any) -> None:
    """Calls a model as training would, so that Keras builds it, and finds out its output shapes.

    The latter training would not do, so that what is counted on the way must not count.
    """
    compute_output_spec = model.compute_output_spec

    def compute_unseen(*args: Any, **kwargs: Any) -> Any:
        with keep_tensor_names():
            return compute_output_spec(*args, **kwargs)

    with keep_tensor_names():
        inputs = map_arrays(samples, lambda spec: keras.KerasTensor(spec.shape, dtype=spec.dtype))
    with replacing_attributes() as replace:
        replace(model, "compute_output_spec", compute_unseen)
        model(inputs, training=False)


def _only_shape(samples: Any) -> tuple[int | None, ...]:
    """The shape of the one input that a Sequential has."""
    specs = [spec for _, spec in named_inputs(samples)]
    if len(specs) != 1:
        raise ValueError(f"a Sequential model has one input, and the samples have {len(specs)}")
    shape: tuple[int | None, ...] = specs[0].shape
    return shape
