"""Which numbers of a model's outputs are explained: a score or probability for each class.

Used within a function that is being traced. Knows the recorded scores of one call of a model; knows
no arrays and no gradients.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any, Literal

import keras

from tb_nnviz.model.output_names import find_named_output, name_output
from tb_nnviz.model.recording import Recording
from tb_nnviz.model.reduction import as_float32

Output = Literal["logits", "probability"]
OUTPUTS = ("logits", "probability")


@dataclass(frozen=True)
class OutputChoice:
    """What the user asks to have explained.

    Attributes:
        output: ``logits`` or ``probability``.
        name: of the model's output, or its place; None for the first.
        function: of the model's output or outputs, to one value a sample; None for a class.
        label_output: what the targets of the samples call the output that they are of; the output
            that is explained where no name is given and the model has several.
    """

    output: Output = "logits"
    name: str | int | None = None
    function: Callable[[Any], Any] | None = None
    label_output: str = ""


@dataclass(frozen=True)
class ExplainedOutput:
    """What is explained, as it was found in a model.

    Attributes:
        kind: ``logits``, ``probability``, or ``output`` where the model gives neither; ``function``
            for one of the user's.
        activation: ``softmax`` or ``sigmoid``, which makes probabilities of the scores; or None.
        shape: of the values of one sample.
        num_outputs: how many outputs the model has.
        place: which of them it is, from 0.
        name: what the model calls it.
        is_of_labels: whether the targets of the samples are of it; True where there is one output.
    """

    kind: Literal["logits", "probability", "output", "function"]
    activation: str | None
    shape: tuple[int, ...]
    num_outputs: int
    place: int
    name: str = ""
    is_of_labels: bool = True

    @property
    def num_values(self) -> int:
        """Values of one sample."""
        return math.prod(self.shape)

    @property
    def is_two_sided(self) -> bool:
        """Whether one value stands for two classes, as that of a single sigmoid unit does."""
        return self.activation == "sigmoid" and self.num_values == 1 and self.kind != "function"

    @property
    def num_classes(self) -> int:
        """How many targets there are to choose from."""
        return 2 if self.is_two_sided else self.num_values


@dataclass(frozen=True)
class ReadScores:
    """Tensors of one call of a model.

    Attributes:
        explained: ``(rows, values)`` what is explained.
        scores: ``(rows, values)`` what the classes are told by: the logits, else the output.
        probabilities: ``(rows, values)`` what softmax or sigmoid makes of them; None without.
        output: what they are.
        chosen: what is explained.
    """

    explained: Any
    scores: Any
    probabilities: Any
    output: ExplainedOutput
    chosen: ExplainedOutput


def read_scores(model: Any, recording: Recording, outputs: Any, choice: OutputChoice) -> ReadScores:
    """The scores of one call of a model, flat.

    Args:
        model: that was called.
        recording: of the call.
        outputs: what it gave.
        choice: what is asked for.

    Raises:
        ValueError: there is no such output, or it has no fixed number of values a sample.
    """
    flat = keras.tree.flatten(outputs)
    if not flat or not all(keras.ops.is_tensor(output) for output in flat):
        raise ValueError("The model gives no tensors of which one could be explained.")
    found = [recording.logits_of(output) for output in flat]
    keys = _flat_keys(outputs)
    of_labels = _place_of(model, choice.label_output, keys)
    place = _find_place(model, choice.name, keys, of_labels)
    logits = found[place]
    shape = _shape_of(logits.tensor, place)
    scores = ExplainedOutput(
        "output" if logits.activation is None else "logits",
        logits.activation,
        shape,
        len(flat),
        place,
        keys[place] or name_output(model, place),
        len(flat) == 1 or of_labels == place,
    )
    flat_scores = _flatten(logits.tensor, shape)
    has_probabilities = logits.activation is not None
    probabilities = _flatten(flat[place], shape) if has_probabilities else None
    explained, chosen = flat_scores, scores
    if choice.function is not None:
        given = [
            one.tensor if choice.output == "logits" else output
            for one, output in zip(found, flat, strict=True)
        ]
        explained = _one_a_sample(choice.function(keras.tree.pack_sequence_as(outputs, given)))
        chosen = replace(scores, kind="function", shape=())
    elif choice.output == "probability" and has_probabilities:
        explained, chosen = probabilities, replace(scores, kind="probability")
    return ReadScores(explained, flat_scores, probabilities, scores, chosen)


def _flat_keys(outputs: Any) -> list[str]:
    """The keys of outputs that come in dicts, joined by "/"; "" for others, in flat order."""

    def name(structure: Any, prefix: str) -> Any:
        if isinstance(structure, Mapping):
            return {
                key: name(member, f"{prefix}/{key}" if prefix else str(key))
                for key, member in structure.items()
            }
        if isinstance(structure, (list, tuple)):
            return [name(member, prefix) for member in structure]
        return prefix

    keys: list[str] = keras.tree.flatten(name(outputs, ""))
    return keys


def _place_of(model: Any, name: str, keys: Sequence[str]) -> int | None:
    """The output of a name; None where there is none of it, or where that cannot be told."""
    if name in keys:
        return keys.index(name)
    place = find_named_output(model, name)
    if place is None and name.isascii() and name.isdigit():
        place = int(name)
    return place if place is not None and place < len(keys) else None


def _find_place(
    model: Any, name: str | int | None, keys: Sequence[str], of_labels: int | None
) -> int:
    place: int | None = name if isinstance(name, int) else None
    if name is None:
        place = of_labels or 0
    elif isinstance(name, str):
        place = _place_of(model, name, keys)
    if place is None or not 0 <= place < len(keys):
        raise ValueError(
            "The `output_name` argument must be the name of an output of the model, or its place, "
            f"from 0 to {len(keys) - 1}; got {name!r}."
        )
    return place


def _shape_of(tensor: Any, place: int) -> tuple[int, ...]:
    shape = tuple(tensor.shape)
    lengths = [length for length in shape[1:] if length is not None]
    if not shape or len(lengths) < len(shape) - 1 or 0 in lengths:
        raise ValueError(
            f"Output {place} of the model, of shape {shape}, has no fixed number of values a "
            "sample, of which one could be explained."
        )
    return tuple(int(length) for length in lengths)


def _flatten(tensor: Any, shape: tuple[int, ...]) -> Any:
    return as_float32(keras.ops.reshape(tensor, (-1, math.prod(shape))))


def _one_a_sample(values: Any) -> Any:
    if not keras.ops.is_tensor(values):
        raise TypeError(
            "A function as `targets` must give a tensor with one value a sample; got "
            f"{type(values).__name__}. Use operations of keras.ops, or indices."
        )
    shape = tuple(values.shape)
    if len(shape) == 0 or math.prod(length or 1 for length in shape[1:]) != 1:
        raise ValueError(
            "A function as `targets` must give one value a sample, of shape (samples,); got "
            f"{shape}. Take one value of each, such as `lambda outputs: outputs[:, 3]`."
        )
    return as_float32(keras.ops.reshape(values, (-1, 1)))
