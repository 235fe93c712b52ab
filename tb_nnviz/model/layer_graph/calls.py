"""What one model calls, however that was found out.

Knows calls and what they take of one another; knows neither paths nor models inside models.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

Shape = tuple[int | None, ...]


@dataclass(frozen=True)
class Given:
    """What something is called with.

    Attributes:
        args: positional arguments, with symbolic tensors in the place of tensors.
        kwargs: named ones, likewise.
    """

    args: tuple[Any, ...] = ()
    kwargs: Mapping[str, Any] | None = None


@dataclass(frozen=True, eq=False)
class Value:
    """One of the outputs of a call.

    Attributes:
        operation: what was called.
        call: how many calls of it come before.
        output: which of its outputs, from 0.
    """

    operation: Any
    call: int
    output: int


@dataclass(frozen=True, eq=False)
class Call:
    """One call of a layer, or of an operation that is no layer.

    Attributes:
        operation: what is called.
        number: how many calls of it come before.
        takes: outputs of other calls that it is given, in the order of its arguments.
        takes_input: whether it is, or is given, an input of the model.
        output_shapes: None for an axis of any length.
        given: all that it is given; None where that is not known.
    """

    operation: Any
    number: int
    takes: tuple[Value, ...]
    takes_input: bool
    output_shapes: tuple[Shape, ...]
    given: Given | None


@dataclass(frozen=True, eq=False)
class Calls:
    """All that one model calls.

    Attributes:
        calls: each after those that it depends on.
        operations: what is called, in the order in which a model lists it.
        outputs: what gives the model's outputs.
        has_names: whether operations that are no layers have names in the model.
        notes: what a reader must know, as clauses.
    """

    calls: tuple[Call, ...] = ()
    operations: tuple[Any, ...] = ()
    outputs: tuple[Any, ...] = ()
    has_names: bool = False
    notes: tuple[str, ...] = ()

    @property
    def inputs(self) -> tuple[Any, ...]:
        """What takes the model's inputs."""
        return unique(call.operation for call in self.calls if call.takes_input)


def unique(operations: Any) -> tuple[Any, ...]:
    """The same objects in the same order, each once."""
    return tuple({id(one): one for one in operations}.values())
