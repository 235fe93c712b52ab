"""Compiled functions and gradients of models, one small module for each of Keras' backends.

The only place with code of TensorFlow, JAX or PyTorch. Which module is loaded is decided when a
function is compiled, by its name, so that nothing that imports the model room depends on any.
"""

from __future__ import annotations

import importlib
from contextlib import AbstractContextManager, nullcontext

import keras

from tb_nnviz.model.backends.backend import Backend, Compiled, CompiledVjp, TensorSpec

SUPPORTED = ("tensorflow", "jax", "torch")

__all__ = ["Backend", "Compiled", "CompiledVjp", "TensorSpec", "call_plainly", "load_backend"]


def load_backend() -> Backend:
    """The backend that Keras runs on.

    Raises:
        ValueError: models cannot be looked into on it.
    """
    name = keras.backend.backend()
    if name not in SUPPORTED:
        raise ValueError(
            f"Models on the Keras backend {name!r} cannot be looked into; the backends "
            f"{', '.join(SUPPORTED)} can. Choose one with the environment variable KERAS_BACKEND."
        )
    backend: Backend = importlib.import_module(f"{__name__}.{name}").BACKEND
    return backend


def call_plainly() -> AbstractContextManager[None]:
    """`Backend.call_plainly`; nothing on a backend whose models cannot be looked into."""
    is_supported = keras.backend.backend() in SUPPORTED
    return load_backend().call_plainly() if is_supported else nullcontext()
