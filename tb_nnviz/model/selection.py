"""Which of the tensors that layers computed can be brought out as arrays, under which keys.

Used within a function that is being traced. Knows shapes and types; knows no values.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Literal

import keras

from tb_nnviz.model.layers import LayerEntry
from tb_nnviz.model.recording import RecordedCall, Recording

Role = Literal["output", "pre_activation"]


@dataclass(frozen=True)
class CapturedCall:
    """A tensor that a call of a layer computed.

    Attributes:
        entry: the layer.
        key: ``<layer path>``, then ``#2`` for the second call, ``:0``, ``:1``, … where the
            layer has several outputs, ``/pre_activation`` for that.
        role: ``output`` or ``pre_activation``.
        shape: with the batch's axis first; None for a length that only running tells.
        dtype: the dtype the layer computed in; float16 and the like are brought out as float32.
        activation: the function that made the output, if it is the last thing the layer does.
        same_as: key of the tensor captured before that this one is, unchanged; None if none.
        is_non_negative: whether the layers guarantee that it is never negative.
    """

    entry: LayerEntry
    key: str
    role: Role
    shape: tuple[int | None, ...]
    dtype: str
    activation: Any = None
    same_as: str | None = None
    is_non_negative: bool = False


class Selection:
    """The recorded tensors that can be brought out.

    Args:
        batch_size: length of the axis over samples.
        num_rows: key → length of the first axis, where it had to be found out by running.
        pre: whether pre-activations are of interest.

    Attributes:
        calls: what can be brought out.
        tensors: by the keys of the calls.
        unsized: those of them whose first axis has a length that only running tells.
    """

    def __init__(self, batch_size: int, num_rows: Mapping[str, int], *, pre: bool) -> None:
        self.calls: list[CapturedCall] = []
        self.tensors: dict[str, Any] = {}
        self.unsized: dict[str, Any] = {}
        self._batch_size = batch_size
        self._num_rows = num_rows
        self._pre = pre
        self._keys: dict[int, str] = {}
        self._obstacles: dict[str, list[str]] = {}

    def add(self, call: RecordedCall) -> None:
        """Adds the outputs of a call and, before them, its pre-activation."""
        name = call.entry.path if call.number == 1 else f"{call.entry.path}#{call.number}"
        if self._pre and call.pre_activation is not None:
            key = f"{name}/pre_activation"
            self._add_tensor(call, key, "pre_activation", call.pre_activation)
        is_single = len(call.outputs) == 1
        for place, output in enumerate(call.outputs):
            key = name if is_single else f"{name}:{place}"
            non_negative = call.non_negative[place]
            self._add_tensor(call, key, "output", output, is_non_negative=non_negative)

    def explain_skipped(
        self, chosen: Sequence[LayerEntry], hidden: dict[str, str], recording: Recording
    ) -> dict[str, str]:
        """Layer path → why its outputs, or some, are not there."""
        reasons = {}
        captured = {call.entry.path for call in self.calls}
        for entry in chosen:
            path = entry.path
            if path in hidden:
                reasons[path] = hidden[path]
            elif path in recording.num_unreachable:
                reasons[path] = (
                    "its values cannot leave the loop or the inner function it is called in"
                )
            elif path in self._obstacles:
                reasons[path] = self._obstacles[path][0]
            elif path not in captured:
                reasons[path] = "the model never calls it"
        return reasons

    def _add_tensor(
        self,
        call: RecordedCall,
        key: str,
        role: Role,
        tensor: Any,
        *,
        is_non_negative: bool = False,
    ) -> None:
        obstacle = self._find_obstacle(tensor, key)
        if obstacle is not None:
            self._obstacles.setdefault(call.entry.path, []).append(obstacle)
            return
        activation = call.activation if role == "output" else None
        same_as = self._keys.setdefault(id(tensor), key)
        shape, _ = describe_tensor(tensor)
        if shape[0] is None and key not in self._num_rows:
            self.unsized[key] = tensor
        elif shape[0] is None and None not in shape[1:]:
            tensor = keras.ops.reshape(tensor, (self._batch_size, *shape[1:]))
        shape, dtype = describe_tensor(tensor)
        self.tensors[key] = tensor
        self.calls.append(
            CapturedCall(
                call.entry,
                key,
                role,
                shape,
                dtype,
                activation,
                None if same_as == key else same_as,
                is_non_negative,
            )
        )

    def _find_obstacle(self, tensor: Any, key: str) -> str | None:
        if tensor is None:
            return "it returns something that is no dense tensor"
        try:
            shape, dtype = describe_tensor(tensor)
        except ValueError:  # TensorFlow, of a function that it cannot look into
            return "how many axes its output has is known only once it is computed"
        if dtype == "string":
            return "its output is text"
        if shape and shape[0] is None:
            shape = (self._num_rows.get(key, self._batch_size), *shape[1:])
        if not shape or shape[0] != self._batch_size:
            return f"its output of shape {shape} has no axis over samples"
        return None


def describe_tensor(tensor: Any) -> tuple[tuple[int | None, ...], str]:
    """Shape, with None for what only running tells, and name of the dtype."""
    return tuple(tensor.shape), keras.backend.standardize_dtype(tensor.dtype)
