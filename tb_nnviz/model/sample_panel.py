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

from tb_nnviz.records.addresses import address_samples

_DIGEST_CHARACTERS = 16


@dataclass(frozen=True, eq=False)
class SamplePanel:
    """Samples as a model takes them, and what is known of each.

    Attributes:
        inputs: an array, or a list, tuple or dict of arrays, which may be nested; the first axis
            is over samples.
        labels: a short text for each sample; None where there were no targets.
        classes: class index of each sample, where the targets say one.
        class_names: names of all classes by their index, where the user gave them.
        digest: of the inputs; equal for equal inputs only.
        notes: sentences to show with whatever is logged of them.
        output: name of the model's output that the targets are of; "" where there is one.
        has_values: whether the targets are numbers that say no class, as those of a regression.
    """

    inputs: Any
    labels: tuple[str, ...] | None
    classes: NDArray[np.int64] | None
    class_names: tuple[str, ...] | None
    digest: str
    notes: tuple[str, ...]
    output: str = ""
    has_values: bool = False

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
    """The single arrays of inputs with their names.

    Args:
        inputs: an array, or a list, tuple or dict of arrays or of further such.

    Returns:
        Keys of a dict, places in a list or tuple, joined by "/" where they are nested; "" for
        an array alone.
    """
    if isinstance(inputs, Mapping):
        members = [(str(name), member) for name, member in inputs.items()]
    elif isinstance(inputs, (list, tuple)):
        members = [(str(place), member) for place, member in enumerate(inputs)]
    else:
        return [("", inputs)]
    return [
        (f"{name}/{inner}" if inner else name, array)
        for name, member in members
        for inner, array in named_inputs(member)
    ]


def compute_digest(inputs: Any) -> str:
    """A digest of names, shapes and values, in 16 hexadecimal digits.

    It is of the values as a model takes them: equal numbers are the same in any dtype, and with
    or without last axes of length 1, which Keras adds and drops.

    Args:
        inputs: an array, or a list, tuple or dict of arrays. A single one has no name, so that it
            is the same however it is wrapped; dicts are the same in any order of their keys.
    """
    arrays = named_inputs(inputs)
    if len(arrays) == 1:
        arrays = [("", arrays[0][1])]
    digest = hashlib.sha256()
    for name, array in sorted(arrays, key=lambda pair: pair[0]):
        digest.update(repr((name, _shape_of(array), _kind_of(array))).encode())
        digest.update(_bytes_of(array))
    return digest.hexdigest()[:_DIGEST_CHARACTERS]


def address_inputs(inputs: Any) -> tuple[str, ...]:
    """The address of each sample: a text that is the same for equal samples only.

    Args:
        inputs: as for `compute_digest`.
    """
    arrays = sorted(named_inputs(inputs), key=lambda pair: pair[0])
    return address_samples([array for _, array in arrays])


def _shape_of(array: NDArray[Any]) -> tuple[int, ...]:
    shape = array.shape
    while len(shape) > 1 and shape[-1] == 1:
        shape = shape[:-1]
    return shape


def _kind_of(array: NDArray[Any]) -> str:
    return "text" if array.dtype.kind in "OSU" else "numbers"


def _bytes_of(array: NDArray[Any]) -> bytes:
    if array.dtype.kind in "OSU":
        texts = [
            value if isinstance(value, bytes) else str(value).encode(errors="replace")
            for value in array.reshape(-1).tolist()
        ]
        return b"".join(len(text).to_bytes(8, "little") + text for text in texts)
    # Exact for what models compute with, and for indices of an embedding; 0 makes -0 and 0 one.
    wide = array.astype("<c16" if array.dtype.kind == "c" else "<f8") + 0
    return np.ascontiguousarray(wide).tobytes()
