"""Addresses of samples: short texts that are the same for equal samples only.

What is shown of a sample in one record is found by them in another.
"""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray

ADDRESS_BYTES = 8


def address_samples(arrays: Sequence[NDArray[Any]]) -> tuple[str, ...]:
    """The address of each sample, 16 hexadecimal digits.

    It is of the values: equal numbers are the same in any dtype, and with or without last axes
    of length 1.

    Args:
        arrays: one or more, the first axis of each over the samples.
    """
    shapes = repr([_without_ones(array.shape[1:]) for array in arrays]).encode()
    addresses = []
    for index in range(len(arrays[0])):
        digest = hashlib.blake2b(shapes, digest_size=ADDRESS_BYTES)
        # One by one, for what is comparable may take eight times the memory of what was given.
        for array in arrays:
            digest.update(_bytes_of(_comparable(np.asarray(array[index]))))
        addresses.append(digest.hexdigest())
    return tuple(addresses)


def _comparable(array: NDArray[Any]) -> NDArray[Any]:
    if array.dtype.kind in "OSU":
        return array
    # Exact for what models compute with, and for indices; adding 0 makes -0 and 0 one.
    return array.astype("<c16" if array.dtype.kind == "c" else "<f8") + 0


def _bytes_of(values: NDArray[Any]) -> bytes:
    if values.dtype.kind not in "OSU":
        return np.ascontiguousarray(values).tobytes()
    texts = [
        text if isinstance(text, bytes) else str(text).encode(errors="replace")
        for text in values.reshape(-1).tolist()
    ]
    return b"".join(len(text).to_bytes(8, "little") + text for text in texts)


def _without_ones(shape: tuple[int, ...]) -> tuple[int, ...]:
    while shape and shape[-1] == 1:
        shape = shape[:-1]
    return shape
