"""The panel: the few samples that a training's activations and the like are logged for.

Chosen once at train begin and the same at every step, so that steps and runs can be compared.
"""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

_DIGEST_CHARACTERS = 16


@dataclass(frozen=True, eq=False)
class SamplePanel:
    """Samples as a model takes them, and what is known of each.

    Attributes:
        inputs: an array, or a list or dict of arrays; the first axis is over samples.
        labels: a short text for each sample; None where there were no targets.
        classes: class index of each sample, where the targets say one.
        class_names: names of all classes by their index, where the user gave them.
        digest: of the inputs; equal for equal inputs only.
        notes: sentences to show with whatever is logged of them.
    """

    inputs: Any
    labels: tuple[str, ...] | None
    classes: NDArray[np.int64] | None
    class_names: tuple[str, ...] | None
    digest: str
    notes: tuple[str, ...]

    @property
    def num_samples(self) -> int:
        """How many there are."""
        _, first = named_inputs(self.inputs)[0]
        return len(first)

    @property
    def input_shape(self) -> tuple[int, ...] | None:
        """Shape of one sample; None where the inputs are a list or dict."""
        shape = getattr(self.inputs, "shape", None)
        return None if shape is None else tuple(shape[1:])


def named_inputs(inputs: Any) -> list[tuple[str, Any]]:
    """The single arrays of inputs with their names: keys of a dict, places in a list, ""."""
    if isinstance(inputs, Mapping):
        return [(str(name), array) for name, array in inputs.items()]
    if isinstance(inputs, (list, tuple)):
        return [(str(place), array) for place, array in enumerate(inputs)]
    return [("", inputs)]


def compute_digest(inputs: Any) -> str:
    """A digest of names, shapes, dtypes and values, in 16 hexadecimal digits.

    Args:
        inputs: an array, or a list or dict of arrays. A single one has no name, so that it is the
            same however it is wrapped; dicts are the same in any order of their keys.
    """
    arrays = named_inputs(inputs)
    if len(arrays) == 1:
        arrays = [("", arrays[0][1])]
    digest = hashlib.sha256()
    for name, array in sorted(arrays, key=lambda pair: pair[0]):
        digest.update(repr((name, array.shape, _kind_of(array))).encode())
        digest.update(_bytes_of(array))
    return digest.hexdigest()[:_DIGEST_CHARACTERS]


def _kind_of(array: NDArray[Any]) -> str:
    return "text" if array.dtype.kind in "OSU" else array.dtype.name


def _bytes_of(array: NDArray[Any]) -> bytes:
    if array.dtype.kind in "OSU":
        texts = [
            value if isinstance(value, bytes) else str(value).encode(errors="replace")
            for value in array.reshape(-1).tolist()
        ]
        return b"".join(len(text).to_bytes(8, "little") + text for text in texts)
    if array.dtype.byteorder == ">":
        array = array.astype(array.dtype.newbyteorder("<"))
    return np.ascontiguousarray(array).tobytes()
