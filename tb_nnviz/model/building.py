"""Building a model one step before training would.

A subclassed model, or a Sequential without Input, has no weights until it first sees
data. It is built symbolically from the shape of a sample, as Keras builds models itself:
no layer computes anything, so no state of the model or of a random generator moves, and
the initial weights are those that training would have drawn.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any

import keras

from tb_nnviz.model.backends.isolation import keep_tensor_names
from tb_nnviz.model.interception import replacing_attributes

_MAX_WORDS = 300


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
        if isinstance(model, keras.Sequential):
            model.build(_only_shape(samples))
        else:
            _call_symbolically(model, samples)
    except Exception as error:  # noqa: BLE001 - training builds it, or says better what is wrong
        return f"it could not be built from the samples ({first_words(error)})"
    return None if is_built(model) else "it has no weights even when built"


def is_built(model: Any) -> bool:
    """Whether a model has its weights.

    A layer that a built model never calls has none. A model that joins others, as a GAN joins
    generator and discriminator, may never be called itself: its layers say it.
    """
    layers_are_built = bool(model.layers) and all(layer.built for layer in model.layers)
    return layers_are_built or (bool(model.built) and bool(model.weights))


def first_words(error: Exception) -> str:
    """The cause among what Keras says, without its colours and its list of arguments.

    Args:
        error: what Keras raised.
    """
    text = re.sub(r"\x1b\[\d+m", "", str(error)).split("Arguments received", 1)[0]
    for beginning in ("Exception encountered:", "Error encountered:"):
        text = text.rpartition(beginning)[2] or text
    return " ".join(text.split())[:_MAX_WORDS]


def _call_symbolically(model: Any, samples: Any) -> None:
    """Calls a model as training would, so that Keras builds it, and finds out its output shapes.

    The latter training would not do, so that what is counted on the way must not count.
    """
    compute_output_spec = model.compute_output_spec

    def compute_unseen(*args: Any, **kwargs: Any) -> Any:
        with keep_tensor_names():
            return compute_output_spec(*args, **kwargs)

    with keep_tensor_names():
        inputs = _symbolic(samples)
    with replacing_attributes() as replace:
        replace(model, "compute_output_spec", compute_unseen)
        model(inputs, training=False)


def _symbolic(samples: Any) -> Any:
    if isinstance(samples, Mapping):
        return {name: _symbolic(spec) for name, spec in samples.items()}
    if isinstance(samples, list):
        return [_symbolic(spec) for spec in samples]
    return keras.KerasTensor(samples.shape, dtype=samples.dtype)


def _only_shape(samples: Any) -> tuple[int | None, ...]:
    """The shape of the one input that a Sequential has."""
    specs = list(samples.values()) if isinstance(samples, Mapping) else samples
    specs = specs if isinstance(specs, list) else [specs]
    if len(specs) != 1:
        raise ValueError(f"a Sequential model has one input, and the samples have {len(specs)}")
    shape: tuple[int | None, ...] = specs[0].shape
    return shape
